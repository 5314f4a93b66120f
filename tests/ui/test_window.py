"""The window: signing in, the desks, the scan line, what is said, and two languages."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from counterapp.errors import BadInput, CounterError, Refused, Trouble
from counterapp.ui.bars import ScanLine
from counterapp.ui.messages import BugDialog
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import KeyButton
from counterapp.ui.window import Window
from tests.ui.conftest import BADGE, MakeWindow, press, sample, scanned
from tests.ui.sample import RECEIPT, ApprovalDialog, SampleView, desks


def type_in(text: str) -> None:
    for char in text:
        press(Qt.Key.Key_Return if char == "\r" else Qt.Key(ord(char.upper())))


def shown(window: Window) -> set[str]:
    """All words on the screen."""
    labels = {label.text() for label in window.findChildren(QLabel) if label.isVisible()}
    return labels | {button.text() for button in window.findChildren(KeyButton) if button.isVisible()}


class TestSignIn:
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

    def test_no_desk_is_built_before_somebody_signs_in(self, closed: Window) -> None:
        assert closed.findChildren(SampleView) == []

    def test_a_dialog_over_the_sign_in_screen_has_the_keys(self, closed: Window) -> None:
        dialog = ApprovalDialog()
        closed.dialogs.open(dialog)
        type_in("5003")
        press(Qt.Key.Key_Escape)
        assert closed.dialogs.current is None
        type_in("6012\r271828\r")

        assert self.asked == [("6012", "271828")]

    def test_the_language_can_be_changed_before_anybody_signs_in(self, closed: Window) -> None:
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
        dialog = ApprovalDialog()
        window.dialogs.open(dialog)
        press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        assert window.sign_in is not None
        assert not dialog.isVisible()

        window.admit("王丽", desks())
        assert window.current_view is view
        assert view.reason.value == "买错"
        assert window.dialogs.current is dialog
        assert dialog.isVisible()

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
        dialog = ApprovalDialog()
        window.dialogs.open(dialog)
        window.lock()
        window.admit("周五", desks()[1:])
        assert window.dialogs.current is None
        assert not dialog.isVisible()

        window.lock()
        window.admit("王丽", desks())
        assert window.current_desk is not None
        assert window.current_desk.name == desks()[0].name
        assert window.dialogs.current is dialog
        assert dialog.isVisible()

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
        dialog = ApprovalDialog()
        window.dialogs.open(dialog)
        window.messages.say("look here", Meaning.REFUSED)
        press(Qt.Key.Key_Escape)
        assert window.banner.text == ""
        assert window.dialogs.current is dialog
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

    def test_an_open_dialog_follows_too(self, window: Window) -> None:
        window.dialogs.open(ApprovalDialog())
        press(Qt.Key.Key_F12)

        assert {"Approval", "Reason understood", "Give back"} <= shown(window)
