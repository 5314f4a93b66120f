"""The dialogs that every desk has."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from counterapp import words
from counterapp.ui.dialog import Dialog
from counterapp.ui.dialogs import ReasonDialog, TableDialog, buttons
from counterapp.ui.widgets import KeyButton, Kind, LineTable, Row, Text
from counterapp.ui.window import Window
from tests.ui.conftest import MakeWindow, press, settle
from tests.ui.test_gallery import faults_of


@pytest.fixture
def window(make_window: MakeWindow) -> Window:
    words.use("en")
    return make_window(language="en")


def reason(window: Window, *usual: str) -> tuple[ReasonDialog, list[str]]:
    dialog = ReasonDialog("Why?", ["The cup", "since yesterday"], usual, "Explain it", 40)
    given: list[str] = []
    dialog.given.connect(given.append)
    window.dialogs.open(dialog)
    return dialog, given


def said(place: Dialog) -> list[str]:
    return [text.text() for text in place.findChildren(Text) if text.isVisible()]


def test_a_reason_is_chosen_by_its_digit_and_may_be_written_over(window: Window) -> None:
    dialog, given = reason(window, "Broken", "Lost")
    window.press("2")
    field = dialog.findChild(QLineEdit)
    assert field is not None
    assert field.text() == "Lost"
    window.press("Enter")
    field.setText("  Stolen ")
    window.press("Enter")
    assert given == ["Lost", "Stolen"]
    assert window.dialogs.current is dialog  # whoever asked closes it, once it is taken
    dialog.refuse("Say more.")
    assert "Say more." in said(dialog)
    assert field.text() == "  Stolen "
    window.press("Esc")
    assert window.dialogs.current is None


def test_no_reason_is_no_answer(window: Window) -> None:
    dialog, given = reason(window, "Broken")
    window.press("Enter")
    assert given == []
    assert "Choose a reason or write one first." in said(dialog)
    window.press("F4")
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    assert ("F4", "Other words") in [*dialog.keys()]


def test_without_usual_ones_it_is_written_at_once(window: Window) -> None:
    dialog, given = reason(window)
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    window.press("Enter")
    assert "Write a reason first." in said(dialog)
    assert given == []


class GiftsDialog(TableDialog):
    def __init__(self, rows: int) -> None:
        super().__init__("Gifts", "", 800, LineTable("Gift"), shown=7, empty="No gift.")
        self.done: list[object] = []
        again = KeyButton("Again", "F5")
        give = KeyButton("Give", "Enter", Kind.PRIMARY)
        self.body.addWidget(self.sentence)
        self.body.addLayout(buttons(self, give, lambda: self.done.append(self.table.current_key), again))
        self.show_rows([Row(place, f"gift {place}") for place in range(rows)])


def test_the_arrows_move_in_the_table_and_enter_does_it(window: Window) -> None:
    dialog = GiftsDialog(3)
    window.dialogs.open(dialog)
    for key in ("Down", "Enter", "Down", "Down", "Up", "Enter"):
        window.press(key)
    assert dialog.done == [1, 1]
    dialog.show_rows([Row(1, "gift 1")])
    window.press("Enter")
    assert dialog.done == [1, 1, 1]
    assert dialog.keys()[0][0] == "↑ ↓"
    dialog.refuse("Taken.")
    assert "Taken." in said(dialog)


def test_an_empty_table_says_so(window: Window) -> None:
    dialog = GiftsDialog(0)
    window.dialogs.open(dialog)
    assert not dialog.table.isVisible()
    assert "No gift." in said(dialog)
    dialog.show_rows([Row(1, "gift 1")])
    assert dialog.table.isVisible()
    assert "No gift." not in said(dialog)


@pytest.mark.parametrize("large", [False, True])
def test_a_low_window_shows_fewer_rows_at_once(make_window: MakeWindow, qapp: QApplication, large: bool) -> None:
    window = make_window(language="en", large=large)
    dialog = GiftsDialog(40)
    window.dialogs.open(dialog)
    settle(qapp)
    high = dialog.table.height()
    assert faults_of(dialog) == []
    window.resize(1024, 600)
    settle(qapp)
    assert dialog.table.height() < high
    assert window.rect().contains(dialog.geometry())


def test_a_dialog_to_look_at_has_one_button_at_the_right(window: Window, qapp: QApplication) -> None:
    dialog = Dialog("Figures")
    dialog.body.addLayout(buttons(dialog, close="Back"))
    window.dialogs.open(dialog)
    settle(qapp)
    (button,) = dialog.findChildren(KeyButton)
    assert button.text() == "Back"
    assert button.x() > dialog.width() // 2
    window.press("Esc")
    assert window.dialogs.current is None


def test_the_table_has_the_keys_of_movement_and_leaves_the_rest(window: Window) -> None:
    dialog = GiftsDialog(9)
    window.dialogs.open(dialog)
    picked: list[object] = []
    dialog.table.picked.connect(picked.append)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Return):
        press(key)
    assert picked == [1]
    assert dialog.done == [2]
