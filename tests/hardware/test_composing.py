"""A Chinese input method makes a composition of keys before the program sees any: no scan and no word is lost to it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent, QInputMethodQueryEvent
from pytestqt.qtbot import QtBot

from tests.hardware.counter import Counter, Field, MakeCounter


@pytest.fixture
def field(counter: Counter) -> Field:
    return counter.field


def compose(field: Field, shown: str = "", committed: str = "") -> None:
    event = QInputMethodEvent(shown, [])
    event.setCommitString(committed)
    QCoreApplication.sendEvent(field, event)


def is_on(field: Field) -> bool:
    query = QInputMethodQueryEvent(Qt.InputMethodQuery.ImEnabled)
    QCoreApplication.sendEvent(field, query)
    return bool(query.value(Qt.InputMethodQuery.ImEnabled))


def test_a_scan_in_full_width_characters_is_read_back_and_nothing_lands_in_the_field(
    counter: Counter, field: Field
) -> None:
    for char in "４００６３８１３３３９３１":
        compose(field, committed=char)
    counter.keys("\r", gap=8)

    assert counter.codes == ["4006381333931"]
    assert field.text() == ""


def test_letters_taken_for_pinyin_are_read_back(counter: Counter, field: Field) -> None:
    for shown in ("r", "rf", "r'fa", "r'fa'b"):
        compose(field, shown)
    compose(field, committed="rfab")  # Enter takes them as they are

    assert counter.codes == ["rfab"]
    assert (field.text(), field.shown) == ("", "")


def test_once_it_is_sure_to_be_a_scan_input_methods_are_off_until_it_ends(counter: Counter, field: Field) -> None:
    for shown in ("a", "ab", "abc", "abcd"):
        assert is_on(field)
        compose(field, shown)
    assert not is_on(field)
    counter.keys("123\r", gap=8)

    assert counter.codes == ["abcd123"]
    assert is_on(field)


def test_a_digit_that_chose_a_word_is_lost_so_the_scan_is_refused_and_the_next_one_comes_whole(
    counter: Counter, field: Field
) -> None:
    compose(field, "s")
    compose(field, "st")
    compose(field, committed="舌头")
    counter.keys("0000000171\r", gap=8)

    assert counter.scans == []
    assert ["input method" in refusal.message for refusal in counter.refusals] == [True]
    assert field.text() == ""
    assert not is_on(field)
    counter.stamp += 1000
    counter.keys("ST000000000171\r", gap=8)
    assert counter.codes == ["ST000000000171"]


def test_words_that_are_typed_come_through_unharmed(counter: Counter, field: Field, qtbot: QtBot) -> None:
    for shown in ("t", "tu", "tui", "tui'h", "tui'hu", "tui'huo"):
        compose(field, shown)
        qtbot.waitUntil(lambda: field.shown == shown)  # noqa: B023 - waited for in this turn
    compose(field, committed="退货")

    assert field.text() == "退货"
    assert (counter.scans, counter.refusals) == ([], [])
    assert is_on(field)


def test_a_sentence_that_comes_at_once_is_no_scan(counter: Counter, field: Field) -> None:
    """A voice, a pen, or a phrase out of the input method's own store."""
    compose(field, committed="2026 年 11 月")

    assert field.text() == "2026 年 11 月"


def test_a_half_typed_word_stands_as_it_was_shown_when_a_scan_comes_between(
    counter: Counter, field: Field, qtbot: QtBot
) -> None:
    compose(field, "tui")
    for shown in ("tui4", "tui40", "tui400"):
        compose(field, shown)
    counter.keys("6381333931\r", gap=8)

    assert counter.codes == ["4006381333931"]
    assert (field.text(), field.shown) == ("tui", "")


def test_a_prefix_turns_input_methods_off_before_the_first_character_of_the_code(make_counter: MakeCounter) -> None:
    counter = make_counter(prefix="\x02")
    counter.key(Qt.Key.Key_B, "\x02", Qt.KeyboardModifier.ControlModifier)
    assert not is_on(counter.field)
    counter.stamp += 8
    counter.keys("RF731904825577\r", gap=8)

    assert counter.codes == ["RF731904825577"]
    assert is_on(counter.field)


def test_with_a_prefix_words_are_not_held_back_at_all(make_counter: MakeCounter) -> None:
    counter = make_counter(prefix="~")
    compose(counter.field, "t")
    assert counter.field.shown == "t"
