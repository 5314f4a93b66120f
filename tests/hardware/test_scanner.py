"""A scan anywhere is a scan, typing is typing, and neither is ever lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from counterapp.errors import BadInput
from counterapp.hardware.scanner import KeyboardScanner, Scan, checked
from tests.ui.conftest import key_events

NOW = dt.datetime(2026, 11, 21, 6, 32, tzinfo=dt.UTC)
RECEIPT = "0101072611180387"


class Counter:
    """A window with a field and a button, a scanner, and what came of them."""

    def __init__(self, qtbot: QtBot, app: QApplication, **settings: object) -> None:
        self.window = QWidget()
        self.field, self.button = QLineEdit(), QPushButton("take")
        layout = QVBoxLayout(self.window)
        layout.addWidget(self.field)
        layout.addWidget(self.button)
        self.presses: list[bool] = []
        self.button.clicked.connect(lambda: self.presses.append(True))
        self.entered: list[str] = []
        self.field.returnPressed.connect(lambda: self.entered.append(self.field.text()))
        qtbot.addWidget(self.window)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.field.setFocus()
        self.scans: list[Scan] = []
        self.refusals: list[BadInput] = []
        self.scanner = KeyboardScanner(app, clock=lambda: NOW, **settings)  # type: ignore[arg-type]  # settings by name
        self.scanner.scanned.connect(self.scans.append)
        self.scanner.refused.connect(self.refusals.append)
        self.stamp = 1000

    def keys(self, text: str, gap: int) -> None:
        for event in key_events(text, self.stamp, gap):
            self.send(event)
        self.stamp += len(text) * gap

    def send(self, event: QKeyEvent) -> None:
        QCoreApplication.sendEvent(self.window.windowHandle(), event)

    def key(
        self, key: Qt.Key, text: str = "", held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, after: int = 8
    ) -> None:
        self.stamp += after
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, int(key), held, text)
            event.setTimestamp(self.stamp)
            self.send(event)

    @property
    def codes(self) -> list[str]:
        return [scan.text for scan in self.scans]


class MakeCounter:
    def __init__(self, qtbot: QtBot, app: QApplication) -> None:
        self.qtbot, self.app = qtbot, app
        self.made: list[Counter] = []

    def __call__(self, **settings: object) -> Counter:
        self.made.append(Counter(self.qtbot, self.app, **settings))
        return self.made[-1]


@pytest.fixture
def make_counter(qtbot: QtBot, qapp: QApplication) -> Iterator[MakeCounter]:
    make = MakeCounter(qtbot, qapp)
    yield make
    for counter in make.made:
        qapp.removeEventFilter(counter.scanner)


@pytest.fixture
def counter(make_counter: MakeCounter) -> Counter:
    return make_counter()


def test_a_scan_is_taken_whole_and_never_lands_in_the_field_that_has_the_focus(counter: Counter) -> None:
    counter.keys(f"{RECEIPT}\r", gap=8)

    assert counter.scans == [Scan(RECEIPT, NOW, "keyboard")]
    assert counter.field.text() == ""
    assert counter.entered == []


def test_a_scan_never_presses_the_button_that_has_the_focus(counter: Counter) -> None:
    counter.button.setFocus()
    counter.keys("AB CD 12\r", gap=8)

    assert counter.codes == ["AB CD 12"]
    assert counter.presses == []


def test_typing_comes_through_unharmed(counter: Counter, qtbot: QtBot) -> None:
    counter.keys("6012\r", gap=80)

    qtbot.waitUntil(lambda: counter.entered == ["6012"])
    assert counter.scans == []


def test_even_a_very_fast_typist_is_no_scanner(counter: Counter, qtbot: QtBot) -> None:
    counter.keys("31415926\r", gap=31)

    qtbot.waitUntil(lambda: counter.entered == ["31415926"])
    assert counter.scans == []


def test_two_keys_pressed_together_are_typing(counter: Counter, qtbot: QtBot) -> None:
    counter.keys("ab", gap=3)

    qtbot.waitUntil(lambda: counter.field.text() == "ab")
    assert (counter.scans, counter.refusals) == ([], [])


def test_a_single_key_needs_no_second_one_to_come_through(counter: Counter, qtbot: QtBot) -> None:
    counter.keys("7", gap=8)

    qtbot.waitUntil(lambda: counter.field.text() == "7")


def test_typing_right_before_a_scan_stays_typing_and_the_scan_a_scan(counter: Counter) -> None:
    counter.keys("12", gap=90)
    counter.keys(f"{RECEIPT}\r", gap=8)

    assert counter.field.text() == "12"
    assert counter.codes == [RECEIPT]


def test_fifty_scans_without_pause_arrive_whole_and_in_order(counter: Counter) -> None:
    codes = [f"{RECEIPT}{place:02}" for place in range(50)]
    counter.keys("".join(f"{code}\r" for code in codes), gap=8)

    assert counter.codes == codes
    assert counter.field.text() == ""


def test_a_scanner_that_stutters_once_is_still_one_scan(counter: Counter) -> None:
    counter.keys(RECEIPT[:8], gap=10)
    counter.stamp += 45
    counter.keys(f"{RECEIPT[8:]}\r", gap=10)

    assert counter.codes == [RECEIPT]


def test_a_slow_scanner_needs_only_a_longer_gap_in_the_settings(make_counter: MakeCounter, qtbot: QtBot) -> None:
    slow = make_counter(gap_ms=60)
    slow.keys(f"{RECEIPT}\r", gap=50)

    assert slow.codes == [RECEIPT]
    assert slow.field.text() == ""


def test_a_scan_that_stops_in_the_middle_is_said_to_be_cut_off(counter: Counter, qtbot: QtBot) -> None:
    counter.keys(RECEIPT[:9], gap=8)

    qtbot.waitUntil(lambda: len(counter.refusals) == 1)
    assert "cut off" in counter.refusals[0].message
    assert counter.scans == []
    assert counter.field.text() == ""


def test_a_scanner_without_suffix_ends_a_scan_by_falling_silent(make_counter: MakeCounter, qtbot: QtBot) -> None:
    counter = make_counter(suffix="")
    counter.keys(RECEIPT, gap=8)

    qtbot.waitUntil(lambda: counter.codes == [RECEIPT])
    assert counter.field.text() == ""


def test_a_prefix_tells_a_scan_from_the_first_key_and_leaves_typing_without_delay(make_counter: MakeCounter) -> None:
    counter = make_counter(prefix="~", suffix="\t")
    counter.keys("60", gap=80)
    assert counter.field.text() == "60"

    counter.keys("~77\t", gap=8)
    assert counter.codes == ["77"]
    assert counter.field.text() == "60"


def test_the_second_half_of_cr_lf_presses_nothing(counter: Counter, qtbot: QtBot) -> None:
    counter.keys(f"{RECEIPT}\r\r", gap=8)
    counter.keys("9", gap=90)

    qtbot.waitUntil(lambda: counter.field.text() == "9")
    assert counter.codes == [RECEIPT]
    assert counter.entered == []


def test_enter_by_hand_after_a_scan_is_enter(counter: Counter, qtbot: QtBot) -> None:
    counter.keys(f"{RECEIPT}\r", gap=8)
    counter.stamp += 200
    counter.keys("\r", gap=8)

    qtbot.waitUntil(lambda: counter.entered == [""])
    assert counter.codes == [RECEIPT]


def test_a_code_with_a_shortcut_in_it_fires_nothing_and_is_refused(counter: Counter) -> None:
    fired: list[bool] = []
    shortcut = QShortcut(QKeySequence("Ctrl+L"), counter.window)
    shortcut.activated.connect(lambda: fired.append(True))
    counter.keys("0101", gap=8)
    override = QKeyEvent(QEvent.Type.ShortcutOverride, int(Qt.Key.Key_L), Qt.KeyboardModifier.ControlModifier, "\x0c")
    override.setTimestamp(counter.stamp + 8)
    override.ignore()
    QCoreApplication.sendEvent(counter.field, override)
    counter.key(Qt.Key.Key_L, "\x0c", Qt.KeyboardModifier.ControlModifier)
    counter.key(Qt.Key.Key_F4)
    counter.stamp += 8
    counter.keys("0387\r", gap=8)

    assert override.isAccepted(), "Qt would have looked for a shortcut"
    assert fired == []
    assert counter.scans == []
    assert ["characters" in refusal.message for refusal in counter.refusals] == [True]
    assert counter.field.text() == ""


@pytest.mark.parametrize("held", [Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier])
def test_a_letter_with_ctrl_or_alt_is_no_letter_of_a_code(counter: Counter, held: Qt.KeyboardModifier) -> None:
    counter.keys("0101", gap=8)
    counter.key(Qt.Key.Key_K, "k", held, after=0)
    counter.stamp += 8
    counter.keys("0387\r", gap=8)

    assert counter.scans == []
    assert len(counter.refusals) == 1


@pytest.mark.parametrize(("stx", "etx"), [("\x02", "\x03"), ("b", "c")])
def test_stx_and_etx_around_a_code_may_be_set(make_counter: MakeCounter, stx: str, etx: str) -> None:
    """Systems differ in the text they give a letter with Ctrl."""
    counter = make_counter(prefix="\x02", suffix="\x03")
    counter.key(Qt.Key.Key_B, stx, Qt.KeyboardModifier.ControlModifier)
    counter.stamp += 8
    counter.keys("77", gap=8)
    counter.key(Qt.Key.Key_C, etx, Qt.KeyboardModifier.ControlModifier, after=0)

    assert counter.codes == ["77"]


def test_a_shortcut_as_the_first_key_of_a_code_fires_nothing_either(counter: Counter) -> None:
    counter.keys("old", gap=80)
    counter.key(Qt.Key.Key_A, "\x01", Qt.KeyboardModifier.ControlModifier, after=80)
    counter.stamp += 8
    counter.keys("12345\r", gap=8)

    assert counter.scans == []
    assert len(counter.refusals) == 1
    assert counter.field.text() == "old"
    assert not counter.field.hasSelectedText()


def test_a_key_that_is_held_down_repeats_as_it_should(counter: Counter, qtbot: QtBot) -> None:
    counter.keys("1", gap=8)
    for place in range(20):
        event = QKeyEvent(QEvent.Type.KeyPress, int(Qt.Key.Key_1), Qt.KeyboardModifier.NoModifier, "1", True)
        event.setTimestamp(counter.stamp + 25 * place)
        counter.send(event)

    qtbot.waitUntil(lambda: counter.field.text() == "1" * 21)
    assert (counter.scans, counter.refusals) == ([], [])


def test_keys_that_a_program_makes_are_typing(counter: Counter) -> None:
    for char in RECEIPT:
        counter.send(QKeyEvent(QEvent.Type.KeyPress, ord(char), Qt.KeyboardModifier.NoModifier, char))

    assert counter.field.text() == RECEIPT


def test_the_letters_of_a_code_keep_their_case_though_shift_goes_up_and_down(counter: Counter) -> None:
    for char in "RFab12":
        if char.isupper():
            counter.key(Qt.Key.Key_Shift, after=2)
        counter.key(Qt.Key(ord(char.upper())), char, after=4)
    counter.key(Qt.Key.Key_Return, "\r")

    assert counter.codes == ["RFab12"]


def test_a_code_longer_than_any_is_swallowed_and_refused(counter: Counter) -> None:
    counter.keys("9" * 65 + "\r", gap=8)

    assert counter.scans == []
    assert "longer" in counter.refusals[0].message
    assert counter.field.text() == ""


def test_the_longest_code_is_taken(counter: Counter) -> None:
    counter.keys("9" * 64 + "\r", gap=8)

    assert counter.codes == ["9" * 64]


@pytest.mark.parametrize("text", ["", "a\x00b", "退货", "tab\there", "\x7f" * 4, "x" * 65])
def test_what_no_code_can_be_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        checked(text)


def test_a_scan_while_the_program_is_busy_is_not_broken_by_its_own_clock(counter: Counter, qtbot: QtBot) -> None:
    """The keys wait behind the timer that would give them back: it has to let them pass first."""
    counter.keys(RECEIPT[:6], gap=8)
    counter.scanner._arrived -= 1.0  # as after a second in which no event was looked at
    counter.scanner._on_timeout()
    counter.keys(f"{RECEIPT[6:]}\r", gap=8)

    assert counter.codes == [RECEIPT]
    assert counter.refusals == []
