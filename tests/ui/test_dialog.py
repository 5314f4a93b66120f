"""One sheet at a time: it takes scans and keys first, and gives the focus back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from counterapp.ui.dialog import Dialog
from counterapp.ui.messages import BugDialog
from counterapp.ui.print_preview import Paper, PrintPreview
from counterapp.ui.shortcuts_dialog import ShortcutsDialog
from counterapp.ui.widgets import Chip, KeyButton
from counterapp.ui.window import Window
from tests.ui.conftest import BADGE, scanned
from tests.ui.sample import RECEIPT, ApprovalDialog, SampleView


@pytest.fixture
def view(window: Window) -> SampleView:
    assert isinstance(window.current_view, SampleView)
    return window.current_view


def png(width: int, height: int) -> bytes:
    picture = QPixmap(width, height)
    picture.fill(Qt.GlobalColor.white)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return bytes(data.data())


def test_a_second_sheet_waits_until_the_first_is_closed(window: Window) -> None:
    first, second = Dialog("first"), Dialog("second")
    window.dialogs.open(first)
    window.dialogs.open(second)
    assert window.dialogs.current is first
    assert not second.isVisible()

    window.press("Esc")
    assert window.dialogs.current is second
    assert second.isVisible()
    window.press("Esc")
    assert window.dialogs.current is None
    assert not window.dialogs.isVisible()


def test_an_urgent_sheet_goes_before_the_open_one_which_then_comes_back(window: Window) -> None:
    approval = ApprovalDialog()
    window.dialogs.open(approval)
    window.press("F1")
    keys = window.dialogs.current
    assert isinstance(keys, ShortcutsDialog)
    assert not approval.isVisible()

    window.press("F1")
    assert window.dialogs.current is approval
    assert approval.isVisible()


def test_closing_a_sheet_gives_the_focus_back(window: Window, view: SampleView) -> None:
    view.table.setFocus()
    window.press("Enter")
    assert not view.table.hasFocus()
    window.press("Esc")

    assert view.table.hasFocus()


def test_tab_never_leaves_the_sheet(window: Window) -> None:
    sheet = ApprovalDialog()
    window.dialogs.open(sheet)
    seen = set()
    for _ in range(12):
        focus = QApplication.focusWidget()
        assert focus is not None
        assert sheet.isAncestorOf(focus)
        seen.add(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)

    assert len(seen) == 6, "three ticks, the badge row, two buttons"


def test_back_tab_never_leaves_the_sheet(window: Window) -> None:
    sheet = ApprovalDialog()
    window.dialogs.open(sheet)
    for _ in range(8):
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
        after = QApplication.focusWidget()
        assert after is not None
        assert sheet.isAncestorOf(after)


def test_keys_of_the_view_beneath_do_nothing_while_a_sheet_is_open(window: Window, view: SampleView) -> None:
    window.dialogs.open(ApprovalDialog())
    window.press("F6")
    window.press("2")

    assert view.kind.value == "refund"
    assert view.reason.value == "质量问题"


def test_a_badge_goes_to_the_sheet_that_waits_for_one(window: Window) -> None:
    sheet = ApprovalDialog()
    asked: list[str] = []
    sheet.signature.identified.connect(asked.append)
    window.dialogs.open(sheet)
    window.router.route(scanned(BADGE))

    assert asked == [BADGE]
    assert window.sign_in is None, "nobody was asked to switch users"


def test_a_scan_that_the_sheet_does_not_take_is_refused_aloud_and_goes_nowhere_else(
    window: Window, view: SampleView
) -> None:
    window.dialogs.open(ApprovalDialog())
    window.router.route(scanned(RECEIPT))

    assert RECEIPT in window.banner.text
    assert view.taken == []


class TestSignature:
    @pytest.fixture
    def sheet(self, window: Window) -> ApprovalDialog:
        sheet = ApprovalDialog()
        window.dialogs.open(sheet)
        self.signed: list[tuple[str, str]] = []
        self.returned: list[bool] = []
        sheet.signature.signed.connect(lambda who, pin: self.signed.append((who, pin)))
        sheet.signature.returned.connect(lambda: self.returned.append(True))
        return sheet

    def type(self, text: str) -> None:
        for char in text:
            focus = QApplication.focusWidget()
            assert focus is not None
            QTest.keyClick(focus, Qt.Key.Key_Return if char == "\r" else Qt.Key(ord(char)))

    def test_badge_and_pin_sign(self, window: Window, sheet: ApprovalDialog) -> None:
        window.router.route(scanned(BADGE))
        sheet.signature.greet("李强", "当值主管")
        self.type("271828\r")

        assert self.signed == [(BADGE, "271828")]
        assert not sheet.signature.button.isEnabled(), "it is being looked at"

    def test_number_and_pin_sign_as_well(self, sheet: ApprovalDialog) -> None:
        self.type("5003\r271828\r")

        assert self.signed == [("5003", "271828")]

    def test_a_refusal_keeps_the_person_and_asks_the_pin_again(self, sheet: ApprovalDialog) -> None:
        self.type("5003\r271828\r")
        sheet.signature.refuse("Number and PIN do not belong together. Try again.")
        assert sheet.signature.sentence.startswith("Number and PIN")
        self.type("314159\r")

        assert self.signed == [("5003", "271828"), ("5003", "314159")]

    def test_nothing_is_signed_before_all_is_ready_and_it_says_why(self, sheet: ApprovalDialog) -> None:
        sheet.signature.set_ready(False, "Tick that you saw the receipt.")
        self.type("5003\r271828\r")
        assert self.signed == []
        assert sheet.signature.sentence == "Tick that you saw the receipt."

        sheet.signature.set_ready(True)
        self.type("\r")
        assert self.signed == [("5003", "271828")]

    def test_the_button_says_what_is_missing(self, sheet: ApprovalDialog) -> None:
        usual = sheet.signature.sentence
        sheet.signature.button.click()

        assert self.signed == []
        assert sheet.signature.sentence != usual

    def test_it_is_given_back_by_its_key(self, window: Window, sheet: ApprovalDialog) -> None:
        window.press("F8")

        assert self.returned == [True]


class TestPaper:
    @pytest.fixture
    def sheet(self, window: Window) -> PrintPreview:
        sheet = PrintPreview([Paper(f"part {place}", png(794, 1123)) for place in (1, 2, 3)])
        window.dialogs.open(sheet)
        return sheet

    def test_pages_are_turned_by_key_and_end_at_both_ends(self, window: Window, sheet: PrintPreview) -> None:
        places = []
        for key in ("PgUp", "PgDown", "Right", "PgDown", "Left"):
            window.press(key)
            places.append(sheet.place)

        assert places == [0, 1, 2, 2, 1]
        chip = sheet.findChild(Chip)
        assert chip is not None
        assert "2" in chip.text
        assert "3" in chip.text

    def test_a_page_shows_whole_and_larger_on_request(self, window: Window, sheet: PrintPreview, qtbot: QtBot) -> None:
        area = sheet.findChild(QScrollArea)
        assert area is not None
        whole = area.widget().size()
        assert whole.height() <= window.height()
        assert whole.width() / whole.height() == pytest.approx(794 / 1123, rel=0.01)
        window.press("F4")
        assert area.widget().size().width() > whole.width()
        assert area.widget().size().width() / area.widget().size().height() == pytest.approx(794 / 1123, rel=0.01)
        window.press("F4")
        assert area.widget().size() == whole

    def test_enter_closes_it(self, window: Window, sheet: PrintPreview) -> None:
        window.press("Enter")

        assert window.dialogs.current is None


def test_the_details_of_a_bug_can_be_copied_and_work_goes_on(window: Window, caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ZeroDivisionError("by nobody")
    except ZeroDivisionError as error:
        window.messages.tell(error)
    sheet = window.dialogs.current
    assert isinstance(sheet, BugDialog)
    window.press("F4")
    copied = QGuiApplication.clipboard().text()
    window.press("Enter")

    assert "ZeroDivisionError: by nobody" in copied
    assert "test_dialog.py" in copied, "the traceback"
    assert "ZeroDivisionError: by nobody" in caplog.text
    assert window.dialogs.current is None


def test_every_key_of_here_and_everywhere_is_on_the_sheet_of_keys(window: Window) -> None:
    window.press("F1")
    sheet = window.dialogs.current
    assert isinstance(sheet, ShortcutsDialog)
    shown = {widget.accessibleName() for widget in sheet.findChildren(QWidget)}
    for key in ("F5", "F6", "1", "6", "Y", "N", "Enter", "F1", "F2", "F12", "Ctrl+L", "Ctrl+1", "Ctrl+9"):
        assert key in shown
    assert [button.key for button in sheet.findChildren(KeyButton)] == ["Esc"]
