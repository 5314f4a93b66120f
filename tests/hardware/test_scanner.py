"""A scan anywhere is a scan, typing is typing, and neither is ever lost."""

from __future__ import annotations

import random
import threading
import time

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from counterapp.errors import BadInput
from counterapp.hardware.scanner import Scan, checked
from tests.hardware.counter import NOW, Counter, MakeCounter
from tests.hardware.hostile import Target, hostile_scans
from tests.ui.conftest import key_events

RECEIPT = "0101072611180387"


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


def test_the_rest_of_a_scan_that_was_cut_is_no_scan_of_its_own(counter: Counter, qtbot: QtBot) -> None:
    counter.keys(RECEIPT[:9], gap=8)
    counter.stamp += 100
    counter.keys(f"{RECEIPT[9:]}\r", gap=8)
    assert counter.scans == []
    assert {refusal.message for refusal in counter.refusals} == {"The scan was cut off. Scan again."}

    counter.stamp += 100
    counter.keys("7\r", gap=8)
    assert (counter.scans, counter.entered) == ([], [])

    counter.stamp += 700
    counter.keys(f"{RECEIPT}\r", gap=8)
    assert counter.codes == [RECEIPT]


def test_with_a_prefix_the_rest_of_a_scan_that_was_cut_does_not_land_in_the_field(
    make_counter: MakeCounter, qtbot: QtBot
) -> None:
    counter = make_counter(prefix="~")
    counter.keys("~0101", gap=8)
    qtbot.waitUntil(lambda: len(counter.refusals) == 1)
    counter.stamp += 200
    counter.keys("0387\r", gap=8)
    assert (counter.scans, counter.entered, counter.field.text()) == ([], [], "")

    counter.stamp += 700
    counter.keys("60", gap=80)
    assert counter.field.text() == "60"


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
    counter.stamp += 90
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


def test_fifty_scans_into_a_window_that_is_busy_now_and_then_arrive_whole_and_in_order(
    counter: Counter, qtbot: QtBot
) -> None:
    """A scanner types on whatever the program does: the keys wait behind the timers that would give them back."""
    codes = [f"6924{place:04}" for place in range(50)]
    keys = key_events("".join(f"{code}\r" for code in codes), counter.stamp, 8)
    chance = random.Random(1)

    def type_on() -> None:
        began, first = time.monotonic(), counter.stamp
        for event in keys:
            time.sleep(max(0.0, (event.timestamp() - first) / 1000 - (time.monotonic() - began)))
            QCoreApplication.postEvent(counter.window.windowHandle(), event)

    scanner = threading.Thread(target=type_on)
    busy = QTimer(counter.window)
    busy.timeout.connect(lambda: time.sleep(chance.choice((0.02, 0.05, 0.07, 0.1, 0.15, 0.3))))
    busy.start(30)
    scanner.start()
    qtbot.waitUntil(lambda: not scanner.is_alive() and len(counter.codes) >= 50, timeout=60_000)
    busy.stop()

    assert counter.codes == codes
    assert counter.refusals == []
    assert counter.field.text() == ""


def test_a_hostile_code_that_begins_with_a_shortcut_fires_nothing(counter: Counter, qtbot: QtBot) -> None:
    """The system looks for shortcuts before it tells the window of the key."""
    fired: list[bool] = []
    shortcut = QShortcut(QKeySequence("Ctrl+Q"), counter.window)
    shortcut.activated.connect(lambda: fired.append(True))
    QTest.keyClick(counter.window.windowHandle(), Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(counter.window.windowHandle(), Qt.Key.Key_Return)

    assert fired == []
    assert counter.entered == []
    assert len(counter.refusals) == 1


@pytest.mark.parametrize("key", [Qt.Key.Key_F4, Qt.Key.Key_F1])
def test_two_keys_of_which_one_acts_by_itself_are_a_scan_that_is_refused(counter: Counter, key: Qt.Key) -> None:
    counter.key(key)
    counter.key(Qt.Key.Key_Return, "\r")

    assert len(counter.refusals) == 1
    assert counter.entered == []


def test_a_code_of_two_characters_is_a_scan_when_its_end_follows_as_fast(counter: Counter) -> None:
    counter.keys("77\r", gap=8)

    assert counter.codes == ["77"]
    assert counter.field.text() == ""


def test_one_character_and_enter_struck_together_are_typing(counter: Counter, qtbot: QtBot) -> None:
    counter.keys("7\r", gap=8)

    qtbot.waitUntil(lambda: counter.entered == ["7"])
    assert counter.scans == []


def test_hostile_scans_fire_nothing_and_type_nothing(qtbot: QtBot, qapp: QApplication) -> None:
    target = Target(qapp)
    qtbot.addWidget(target.window)
    try:
        hostile = list(hostile_scans(300, random.Random(7)))
        for scan in hostile:
            target.scan(scan)
        target.settle()
        target.require_unharmed()
        assert target.codes == [scan.code for scan in hostile if scan.code]
    finally:
        target.close()
