"""Buttons bear their keys, choices tell what was chosen, tables keep their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from counterapp import words
from counterapp.ui import theme
from counterapp.ui.shortcuts import keys_in, press_in
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import (
    BadgeRow,
    Choices,
    CodeField,
    Fact,
    FactsRow,
    Icon,
    KeyButton,
    Kind,
    LineTable,
    Option,
    Question,
    Questions,
    Row,
    RowVerdict,
    Text,
    TextField,
    Tick,
)
from tests.ui.conftest import settle
from tests.ui.sample import lines, said

Show = Callable[..., QWidget]


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Show]:
    """Show widgets in a column, and keep them until the test is over."""
    kept: list[QWidget] = []

    def show(*widgets: QWidget) -> QWidget:
        place = QWidget()
        column = QVBoxLayout(place)
        for widget in widgets:
            column.addWidget(widget)
        place.resize(700, 500)
        qtbot.addWidget(place)
        with qtbot.waitExposed(place):
            place.show()
        kept.append(place)
        return place

    yield show
    kept.clear()


def test_a_key_presses_the_button_that_bears_it_unless_it_is_hidden_or_disabled(show: Show) -> None:
    refund, exchange, hidden = KeyButton("refund", "F5"), KeyButton("exchange", "F6"), KeyButton("void", "F7")
    pressed: list[str] = []
    for button in (refund, exchange, hidden):
        button.clicked.connect(lambda _on=False, button=button: pressed.append(button.text()))
    place = show(refund, exchange, hidden)
    exchange.setEnabled(False)
    hidden.hide()

    assert [press_in(place, key) for key in ("F5", "F6", "F7", "F8")] == [True, False, False, False]
    assert pressed == ["refund"]
    assert keys_in(place) == [("F5", "refund"), ("F6", "exchange")]


def test_enter_and_space_press_the_button_with_the_focus_and_arrows_leave_it_alone(show: Show) -> None:
    button, other = KeyButton("one", "F5"), KeyButton("two")
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    show(button, other)
    button.setFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Down):
        QTest.keyClick(button, key)

    assert len(pressed) == 2
    assert button.hasFocus()


@pytest.mark.parametrize("kind", list(Kind))
def test_every_button_is_high_enough_for_a_finger(kind: Kind) -> None:
    assert KeyButton("take", "F5", kind).sizeHint().height() >= theme.px(40)


def test_one_of_several_is_chosen_by_its_digit_and_only_the_person_is_heard(show: Show) -> None:
    choices = Choices([Option("fault", "faulty"), Option("parts", "parts missing"), Option("wrong", "wrong item")])
    heard: list[object] = []
    choices.chosen.connect(heard.append)
    place = show(choices)

    seen = []
    press_in(place, "2")
    seen.append(choices.value)
    choices.choose("wrong")
    seen.append(choices.value)
    choices.choose(None)
    seen.append(choices.value)

    assert seen == ["parts", "wrong", None]
    assert heard == ["parts"]


def test_choices_take_as_many_columns_as_their_words_leave_room_for(qtbot: QtBot, show: Show) -> None:
    choices = Choices([Option(place, said("买错", "bought the wrong item")) for place in range(6)])
    place = show(choices)
    place.resize(520, 400)

    def rows() -> int:
        return len({button.y() for button in choices.findChildren(KeyButton)})

    qtbot.waitUntil(lambda: rows() == 2)
    words.use("en")
    QApplication.sendEvent(place, QEvent(QEvent.Type.LanguageChange))
    qtbot.waitUntil(lambda: rows() == 3)


def test_the_first_open_question_bears_y_and_n_and_answers_move_them_on(qapp: QApplication, show: Show) -> None:
    questions = Questions("yes", "no")
    heard: list[tuple[str, bool]] = []
    questions.answered.connect(lambda key, answer: heard.append((key, answer)))
    place = show(questions)
    questions.ask([Question("fault", "at fault?"), Question("opened", "opened?"), Question("card", "card?", True)])

    settle(qapp)

    press_in(place, "Y")
    press_in(place, "N")
    assert heard == [("fault", True), ("opened", False)]
    assert questions.answers == {"fault": True, "opened": False, "card": True}
    assert not press_in(place, "Y"), "nothing is open any more"


def test_a_question_that_falls_away_takes_its_answer_with_it(show: Show) -> None:
    questions = Questions("yes", "no")
    show(questions)
    questions.ask([Question("fault", "at fault?", True), Question("card", "card?", False)])
    questions.ask([Question("card", "card?", False)])

    assert questions.answers == {"card": False}


def test_a_tick_is_turned_over_by_space(show: Show) -> None:
    tick = Tick("original receipt seen")
    show(tick)
    tick.setFocus()
    QTest.keyClick(tick, Qt.Key.Key_Space)

    assert tick.isChecked()


def test_the_table_keeps_the_current_row_when_the_rows_change(show: Show) -> None:
    table = LineTable("item", ["bought"], "rule")
    heard: list[object] = []
    table.chosen.connect(heard.append)
    show(table)
    table.show_rows([Row(1, "a"), Row(2, "b"), Row(3, "c")])
    table.choose(2)
    assert heard == []
    table.show_rows([Row(3, "c"), Row(2, "b"), Row(4, "d")])
    assert table.current_key == 2
    table.show_rows([Row(4, "d")])
    assert table.current_key is None
    assert heard == []


def test_arrows_choose_a_row_space_picks_it_and_digits_are_left_to_the_view(show: Show) -> None:
    table = LineTable("item", ["bought"], "rule")
    chosen: list[object] = []
    picked: list[object] = []
    table.chosen.connect(chosen.append)
    table.picked.connect(picked.append)
    place = show(table, KeyButton("faulty", "1", Kind.CHOICE))
    table.show_rows([Row(1, "a"), Row(2, "b")])
    table.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Space, Qt.Key.Key_1):
        QTest.keyClick(table, key)

    assert chosen == [1, 2, 1]
    assert picked == [1]
    assert table.current_key == 1
    assert place.isVisible()


def test_a_press_of_the_mouse_chooses_a_row(qtbot: QtBot, show: Show) -> None:
    table = LineTable("item")
    show(table)
    table.show_rows([Row(1, "a"), Row(2, "b")])
    with qtbot.waitSignal(table.chosen) as heard:
        QTest.mouseClick(
            table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(table.model().index(1, 0)).center()
        )

    assert heard.args == [2]


def test_verdicts_go_below_their_rows_where_the_table_is_narrow(qtbot: QtBot, show: Show) -> None:
    table = LineTable("item", ["bought", "left", "paid"], "rule")
    place = show(table)
    table.show_rows(lines())
    place.resize(1000, 500)
    qtbot.waitUntil(lambda: not table.stacked)
    wide = table.rowHeight(0)
    place.resize(420, 500)
    qtbot.waitUntil(lambda: table.stacked)

    assert table.rowHeight(0) > wide


def test_a_table_says_its_cells_to_whoever_cannot_see_them() -> None:
    table = LineTable("item", ["bought"], "rule")
    table.show_rows([Row(1, "towel", "11551", ("2",), RowVerdict(Meaning.ALLOWED, "refund until 12-05"))])
    model = table.model()

    assert [model.index(0, column).data() for column in range(3)] == ["towel\n11551", "2", "refund until 12-05"]


def test_facts_take_a_second_row_where_one_is_too_narrow(qtbot: QtBot, show: Show) -> None:
    facts = FactsRow()
    place = show(facts)
    facts.show_facts([Fact(f"label {place}", "0101 07 261118 0387") for place in range(5)])
    place.resize(1100, 200)
    qtbot.waitUntil(lambda: len({pair.y() for pair in facts.findChildren(QWidget) if pair.parent() is facts}) == 1)
    place.resize(600, 200)
    qtbot.waitUntil(lambda: len({pair.y() for pair in facts.findChildren(QWidget) if pair.parent() is facts}) == 2)


def test_fields_for_codes_refuse_input_methods_and_fields_for_words_take_them() -> None:
    asked = Qt.InputMethodQuery.ImEnabled

    assert CodeField().inputMethodQuery(asked) is False
    assert TextField().inputMethodQuery(asked) is True


def test_a_text_with_markup_in_it_is_shown_as_it_is(qtbot: QtBot) -> None:
    text = Text("<b>5 < 6</b>")
    qtbot.addWidget(text)

    assert text.textFormat() is Qt.TextFormat.PlainText


def test_a_mistake_in_painting_does_not_take_the_program_down(qtbot: QtBot) -> None:
    icon = Icon("no-such-icon")
    qtbot.addWidget(icon)
    for _ in range(3):
        with pytest.raises(FileNotFoundError):
            icon.grab()

    icon.show_icon("info", "text")
    assert not icon.grab().isNull()


class TestBadgeRow:
    def row(self, show: Show) -> BadgeRow:
        row = BadgeRow()
        show(row)
        row.setFocus()
        self.who: list[str] = []
        self.signed: list[tuple[str, str]] = []
        self.short: list[bool] = []
        row.identified.connect(self.who.append)
        row.entered.connect(lambda who, pin: self.signed.append((who, pin)))
        row.incomplete.connect(lambda: self.short.append(True))
        return row

    def test_number_enter_pin_enter(self, show: Show) -> None:
        row = self.row(show)
        QTest.keyClicks(row, "6012")
        QTest.keyClick(row, Qt.Key.Key_Return)
        QTest.keyClicks(row, "271828")
        assert row.dots == 6
        QTest.keyClick(row, Qt.Key.Key_Enter)

        assert self.who == ["6012"]
        assert self.signed == [("6012", "271828")]

    def test_a_pin_of_five_digits_is_not_given_away(self, show: Show) -> None:
        row = self.row(show)
        row.take_badge("ST000000000171")
        QTest.keyClicks(row, "27182")
        QTest.keyClick(row, Qt.Key.Key_Return)

        assert self.signed == []
        assert self.short == [True]

    def test_a_pin_takes_eight_digits_and_no_letters(self, show: Show) -> None:
        row = self.row(show)
        row.take_badge("ST000000000171")
        QTest.keyClicks(row, "a271828x1828")
        QTest.keyClick(row, Qt.Key.Key_Return)

        assert self.signed == [("ST000000000171", "27182818")]

    def test_backspace_goes_back_through_the_pin_to_the_number(self, show: Show) -> None:
        row = self.row(show)
        QTest.keyClicks(row, "6012\r27")
        QTest.keyClick(row, Qt.Key.Key_Return)
        for _ in range(3):
            QTest.keyClick(row, Qt.Key.Key_Backspace)

        assert not row.asks_pin
        assert row.who == ""

    def test_nothing_is_taken_while_it_is_looked_at(self, show: Show) -> None:
        row = self.row(show)
        row.take_badge("ST000000000171")
        QTest.keyClicks(row, "271828")
        row.set_busy(True)
        QTest.keyClicks(row, "99")
        QTest.keyClick(row, Qt.Key.Key_Backspace)
        QTest.keyClick(row, Qt.Key.Key_Return)

        assert row.dots == 6
        assert self.signed == []

    def test_a_digit_that_no_button_bears_finds_its_way_to_the_row(self, show: Show) -> None:
        row, tick = BadgeRow(), Tick("seen")
        place = show(tick, row)
        tick.setFocus()
        press_in(place, "6")

        assert row.hasFocus()
        assert row.who == "6"
