"""The window: the door, the desks, the scan line, the router, the message door, and two languages."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from counterapp.errors import BadInput, CounterError, Refused, Trouble
from counterapp.hardware.scanner import KeyboardScanner
from counterapp.ui.bars import ScanLine
from counterapp.ui.messages import BugDialog
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import KeyButton
from counterapp.ui.window import Window
from tests.ui.conftest import BADGE, FORM, MakeWindow, scanned, strike
from tests.ui.sample import RECEIPT, ApprovalDialog, SampleView, desks


def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the focus is."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, held)


def type_in(text: str) -> None:
    for char in text:
        press(Qt.Key.Key_Return if char == "\r" else Qt.Key(ord(char.upper())))


def sample(window: Window) -> SampleView:
    assert isinstance(window.current_view, SampleView)
    return window.current_view


def shown(window: Window) -> set[str]:
    """All words on the screen."""
    labels = {label.text() for label in window.findChildren(QLabel) if label.isVisible()}
    return labels | {button.text() for button in window.findChildren(KeyButton) if button.isVisible()}


class TestDoor:
    @pytest.fixture
    def closed(self, make_window: MakeWindow) -> Window:
        window = make_window(admit=False)
        self.asked: list[tuple[str, str]] = []
        window.sign_in_asked.connect(lambda who, pin: self.asked.append((who, pin)))
        return window

    def test_number_and_pin_are_typed_without_touching_anything_else(self, closed: Window) -> None:
        type_in("6012\r271828\r")

        assert self.asked == [("6012", "271828")]

    def test_a_badge_and_a_pin(self, closed: Window) -> None:
        closed.router.route(scanned(BADGE))
        type_in("271828\r")

        assert self.asked == [(BADGE, "271828")]

    def test_who_is_refused_reads_why_and_may_try_again(self, closed: Window) -> None:
        type_in("6012\r271828\r")
        closed.refuse("Number and PIN do not belong together. Try again.")
        assert "Number and PIN do not belong together. Try again." in shown(closed)
        type_in("314159\r")

        assert self.asked[1:] == [("6012", "314159")]

    def test_a_receipt_opens_nothing_while_nobody_is_signed_in(self, closed: Window) -> None:
        closed.router.route(scanned(RECEIPT))

        assert RECEIPT in closed.banner.text
        assert closed.current_view is None

    def test_esc_begins_again(self, closed: Window) -> None:
        type_in("6012\r27")
        press(Qt.Key.Key_Escape)
        type_in("5003\r271828\r")

        assert self.asked == [("5003", "271828")]

    def test_nothing_behind_the_door_is_built_before_it_opens(self, closed: Window) -> None:
        assert closed.findChildren(SampleView) == []

    def test_a_sheet_over_the_door_has_the_keys(self, closed: Window) -> None:
        sheet = ApprovalDialog()
        closed.dialogs.open(sheet)
        type_in("5003")
        press(Qt.Key.Key_Escape)
        assert closed.dialogs.current is None
        type_in("6012\r271828\r")

        assert self.asked == [("6012", "271828")]

    def test_the_language_can_be_changed_at_the_door(self, closed: Window) -> None:
        press(Qt.Key.Key_F12)

        assert {"Sign in", "中文", "Counter 2"} <= shown(closed)


class TestDesks:
    def test_a_desk_is_built_when_it_is_first_shown_and_kept(self, window: Window) -> None:
        assert len(window.findChildren(SampleView)) == 1
        first = window.current_view
        press(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
        assert window.current_view is not first
        press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)

        assert window.current_view is first
        assert len(window.findChildren(SampleView)) == 2

    def test_only_the_desks_given_can_be_reached(self, window: Window) -> None:
        window.admit("李强", desks()[:1])
        before = window.current_view
        press(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)

        assert window.current_view is before

    def test_locking_and_coming_back_keeps_everything_as_it_was(self, window: Window) -> None:
        view = sample(window)
        view.reason.choose("买错")
        sheet = ApprovalDialog()
        window.dialogs.open(sheet)
        press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        assert window.sign_in is not None
        assert not sheet.isVisible()

        window.admit("王丽", desks())
        assert window.current_view is view
        assert view.reason.value == "买错"
        assert window.dialogs.current is sheet
        assert sheet.isVisible()

    def test_ctrl_l_locks(self, window: Window, qtbot: QtBot) -> None:
        with qtbot.waitSignal(window.locked):
            press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)

        assert window.sign_in is not None

    def test_somebody_else_takes_over_by_badge_and_finds_the_same_view(self, window: Window) -> None:
        view = window.current_view
        asked: list[tuple[str, str]] = []
        window.sign_in_asked.connect(lambda who, pin: asked.append((who, pin)))
        window.router.route(scanned(BADGE))
        assert window.sign_in is not None
        type_in("271828\r")
        assert asked == [(BADGE, "271828")]
        window.admit("赵敏", desks())

        assert window.current_view is view

    def test_a_desk_that_the_next_person_may_not_use_is_not_shown_to_them(self, window: Window) -> None:
        press(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
        window.lock()
        window.admit("周五", desks()[:1])

        assert window.current_desk is not None
        assert window.current_desk.name == desks()[0].name

    def test_what_lies_open_is_not_shown_to_somebody_without_that_desk_and_waits_for_who_has_it(
        self, window: Window
    ) -> None:
        sheet = ApprovalDialog()
        window.dialogs.open(sheet)
        window.lock()
        window.admit("周五", desks()[1:])
        assert window.dialogs.current is None
        assert not sheet.isVisible()

        window.lock()
        window.admit("王丽", desks())
        assert window.current_desk is not None
        assert window.current_desk.name == desks()[0].name
        assert window.dialogs.current is sheet
        assert sheet.isVisible()

    def test_who_has_no_desk_reads_what_to_do(self, window: Window) -> None:
        window.lock()
        window.admit("访客", [])

        assert window.current_view is None
        window.router.route(scanned(RECEIPT))
        assert RECEIPT in window.banner.text


class TestKeys:
    def test_keys_press_what_bears_them_whatever_has_the_focus(self, window: Window) -> None:
        view = sample(window)
        press(Qt.Key.Key_F6)
        press(Qt.Key.Key_3)
        press(Qt.Key.Key_N)

        assert view.kind.value == "exchange"
        assert view.reason.value == "标示不符"
        assert view.questions.answers["card"] is False

    def test_the_number_pad_is_as_good_as_the_row_of_digits(self, window: Window) -> None:
        press(Qt.Key.Key_4, Qt.KeyboardModifier.KeypadModifier)

        assert sample(window).reason.value == "买错"

    def test_enter_presses_the_primary_button(self, window: Window) -> None:
        press(Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)

        assert isinstance(window.dialogs.current, ApprovalDialog)

    def test_f2_lets_a_number_be_typed_and_gives_the_focus_back(self, window: Window) -> None:
        view = sample(window)
        press(Qt.Key.Key_F2)
        type_in(f"{RECEIPT}\r")

        assert view.taken == [RECEIPT]
        assert window.dialogs.current is None, "Enter was for the line alone"
        assert view.table.hasFocus()

    def test_esc_leaves_the_scan_line(self, window: Window) -> None:
        press(Qt.Key.Key_F2)
        type_in("0101")
        press(Qt.Key.Key_Escape)

        assert sample(window).taken == []
        assert sample(window).table.hasFocus()


class TestRouter:
    def test_the_view_that_is_open_takes_what_it_knows(self, window: Window) -> None:
        window.router.route(scanned(RECEIPT))

        assert sample(window).taken == [RECEIPT]

    def test_a_receipt_opens_its_desk_from_any_other(self, window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
        returns = sample(window)
        monkeypatch.setattr(window.show_desk(desks()[3]), "take_scan", lambda scan: False)
        window.router.route(scanned(RECEIPT))

        assert window.current_view is returns
        assert returns.taken == [RECEIPT]

    def test_one_of_our_codes_opens_the_desk_of_its_letters(self, window: Window) -> None:
        window.show_desk(desks()[3])
        window.router.route(scanned(FORM))

        assert window.current_desk is not None
        assert window.current_desk.name == desks()[0].name

    @pytest.mark.parametrize("typed", [FORM.lower(), "RF 0000 0000 01 48", f" {FORM} "])
    def test_one_of_our_codes_may_be_typed_as_it_stands_on_paper(self, window: Window, typed: str) -> None:
        window.show_desk(desks()[3])
        window.router.route_text(typed)

        assert window.current_desk is not None
        assert window.current_desk.name == desks()[0].name

    def test_a_damaged_code_of_ours_is_said_to_be_damaged(self, window: Window) -> None:
        window.router.route(scanned("RF000000000149"))
        damaged = window.banner.text
        window.router.route(scanned("4006381333931"))

        assert "RF 0000 0000 01 49" in damaged
        assert damaged.replace("RF 0000 0000 01 49", "4006381333931") != window.banner.text

    @pytest.mark.parametrize("code", ["4006381333930", "036000291453", "73513530"])
    def test_goods_whose_check_digit_is_wrong_are_said_to_be_read_wrong(self, window: Window, code: str) -> None:
        window.router.route(scanned(code))
        damaged = window.banner.text
        window.router.route(scanned("4006381333931"))

        assert code in damaged
        assert damaged.replace(code, "4006381333931") != window.banner.text

    def test_two_scans_in_one_breath_are_two(self, window: Window) -> None:
        for code in (RECEIPT, RECEIPT):
            window.router.route(scanned(code))

        assert sample(window).taken == [RECEIPT, RECEIPT]

    def test_what_nobody_knows_is_named_as_such(self, window: Window) -> None:
        window.router.route(scanned("4006381333931"))

        assert "4006381333931" in window.banner.text

    def test_a_long_unknown_code_is_cut_short_in_the_sentence(self, window: Window) -> None:
        window.router.route(scanned("x" * 60))

        assert "x" * 24 + "…" in window.banner.text

    def test_words_that_cannot_be_a_code_are_refused_kindly(self, window: Window) -> None:
        window.router.route_text("退货")

        assert window.banner.text != ""

    def test_the_next_scan_takes_the_last_message_away(self, window: Window) -> None:
        window.router.route(scanned("4006381333931"))
        window.router.route(scanned(RECEIPT))

        assert window.banner.text == ""

    def test_a_scan_by_keyboard_reaches_the_desk_whatever_field_has_the_focus(
        self, window: Window, qapp: QApplication
    ) -> None:
        scanner = KeyboardScanner(qapp)
        scanner.scanned.connect(window.router.route)
        press(Qt.Key.Key_F2)
        strike(window, f"{RECEIPT}\r")
        qapp.removeEventFilter(scanner)

        assert sample(window).taken == [RECEIPT]
        assert window.dialogs.current is None


class TestMessages:
    @pytest.fixture
    def hooks(self) -> Iterator[None]:
        before = sys.excepthook, threading.excepthook
        yield
        sys.excepthook, threading.excepthook = before

    def test_an_error_speaks_in_its_own_words(self, window: Window) -> None:
        window.messages.tell(Refused("{item}: too late", item="towel"))
        assert window.banner.text == "towel: too late"

    @pytest.mark.parametrize(
        ("error", "meaning"),
        [
            (Refused("no"), Meaning.REFUSED),
            (BadInput("unreadable"), Meaning.MISSING),
            (Trouble("mute"), Meaning.MISSING),
        ],
    )
    def test_what_can_be_mended_looks_other_than_what_is_refused(
        self, window: Window, error: CounterError, meaning: Meaning
    ) -> None:
        window.messages.tell(error)

        assert window.banner.meaning is meaning

    def test_esc_takes_the_message_away_before_anything_else(self, window: Window) -> None:
        sheet = ApprovalDialog()
        window.dialogs.open(sheet)
        window.messages.say("look here", Meaning.REFUSED)
        press(Qt.Key.Key_Escape)
        assert window.banner.text == ""
        assert window.dialogs.current is sheet
        press(Qt.Key.Key_Escape)
        assert window.dialogs.current is None

    @pytest.mark.parametrize("large", [False, True])
    def test_a_message_does_not_take_the_focus_nor_cover_the_primary_button(
        self, make_window: MakeWindow, large: bool
    ) -> None:
        window = make_window(large=large)
        view = sample(window)
        window.messages.say("x" * 200, Meaning.REFUSED)

        assert view.table.hasFocus()
        button = view.send.rect().translated(view.send.mapTo(window, view.send.rect().topLeft()))
        assert not window.banner.geometry().intersects(button)

    def test_a_bug_in_a_slot_is_logged_and_said_calmly(
        self, window: Window, hooks: None, caplog: pytest.LogCaptureFixture
    ) -> None:
        window.messages.catch_bugs()
        try:
            raise KeyError("nobody thought of this")
        except KeyError as error:
            sys.excepthook(KeyError, error, error.__traceback__)

        assert isinstance(window.dialogs.current, BugDialog)
        assert [record.levelno for record in caplog.records] == [logging.CRITICAL]

    def test_a_bug_in_a_thread_is_said_as_well(
        self, window: Window, hooks: None, qtbot: QtBot, caplog: pytest.LogCaptureFixture
    ) -> None:
        window.messages.catch_bugs()
        thread = threading.Thread(target=lambda: int("nothing"))
        thread.start()
        thread.join()

        qtbot.waitUntil(lambda: isinstance(window.dialogs.current, BugDialog))


class TestLanguage:
    def test_everything_on_the_screen_follows_and_nothing_is_lost(self, window: Window) -> None:
        view = sample(window)
        view.table.choose(2)
        view.reason.choose("买错")
        assert {"退货", "收银", "送主管审批"} <= shown(window)
        press(Qt.Key.Key_F12)

        assert {"Refund", "Till", "Send for approval", "Counter 2", "王丽  Clerk 6012", "F1 Keys"} <= shown(window)
        assert not {"退货", "收银", "送主管审批"} & shown(window)
        assert view.table.current_key == 2
        assert view.reason.value == "买错"
        assert str(view.table.model().index(1, 4).data()).startswith("Exchange only")
        line = window.findChild(ScanLine)
        assert line is not None
        assert line.text == "Ready to scan"

    def test_an_open_sheet_follows_too(self, window: Window) -> None:
        window.dialogs.open(ApprovalDialog())
        press(Qt.Key.Key_F12)

        assert {"Approval", "Reason understood", "Give back"} <= shown(window)
