"""What buttons are put together to: one of several, and questions of yes or no."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from counterapp.ui import theme
from counterapp.ui.live_text import LiveText
from counterapp.ui.widgets.buttons import KeyButton, Kind
from counterapp.ui.widgets.text import Text


@dataclass(frozen=True, slots=True)
class Option:
    """One of several: its value, its words, its key (digits are given out where it is "")."""

    value: Hashable
    words: LiveText
    key: str = ""


class Choices(QWidget):
    """One of several buttons, in rows of `columns`. `chosen(value)` tells what the person chose."""

    chosen = Signal(object)

    def __init__(self, options: Sequence[Option] = (), columns: int = 3, kind: Kind = Kind.CHOICE) -> None:
        super().__init__()
        self._most_columns = columns
        self._columns = 0
        self._kind = kind
        self._buttons: dict[Hashable, KeyButton] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.px(8))
        self.offer(options)

    @property
    def value(self) -> Hashable | None:
        """The value chosen, None before."""
        return next((value for value, button in self._buttons.items() if button.isChecked()), None)

    def offer(self, options: Sequence[Option]) -> None:
        """Offer other options; nothing is chosen then."""
        for button in self._buttons.values():
            button.hide()
            button.deleteLater()
        self._buttons = {}
        for place, option in enumerate(options):
            key = option.key or (str(place + 1) if self._kind is Kind.CHOICE and place < 9 else "")
            button = KeyButton(option.words, key, self._kind)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _on=False, value=option.value: self._on_clicked(value))
            self._buttons[option.value] = button
        self._columns = 0
        self._arrange()

    def choose(self, value: Hashable | None) -> None:
        """Show `value` as chosen without telling anybody."""
        for known, button in self._buttons.items():
            button.setChecked(known == value)

    def enable(self, value: Hashable, enabled: bool) -> None:
        """Let `value` be chosen, or not."""
        self._buttons[value].setEnabled(enabled)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Arrange again when the words inside have become longer or shorter."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        """Put as many columns side by side as the longest words leave room for."""
        widest = max((button.sizeHint().width() for button in self._buttons.values()), default=1)
        gap = self._grid.spacing()
        columns = max(1, min(self._most_columns, (self.width() + gap) // (widest + gap)))
        if columns == self._columns:
            return
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for place, button in enumerate(self._buttons.values()):
            self._grid.addWidget(button, place // columns, place % columns)

    def _on_clicked(self, value: Hashable) -> None:
        self.choose(value)
        self.chosen.emit(value)


@dataclass(frozen=True, slots=True)
class Question:
    """A question of yes or no, with the answer it has so far."""

    key: str
    words: LiveText
    answer: bool | None = None


class Questions(QWidget):
    """Questions of yes or no. The first open one bears the keys Y and N; `answered(key, answer)` tells.

    `moved_on(row)` names the row that is asked now, so that a column that scrolls can show it.
    """

    answered = Signal(str, bool)
    moved_on = Signal(QWidget)

    def __init__(self, yes: LiveText, no: LiveText) -> None:
        super().__init__()
        self._yes, self._no = yes, no
        self._rows: dict[str, _Row] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(8))

    @property
    def answers(self) -> dict[str, bool]:
        """The questions answered so far."""
        return {key: row.answer for key, row in self._rows.items() if row.answer is not None}

    def ask(self, questions: Sequence[Question]) -> None:
        """Ask these, in this order. A row that stays keeps its place under the finger and its focus."""
        for key in self._rows.keys() - {question.key for question in questions}:
            gone = self._rows.pop(key)
            gone.hide()
            gone.deleteLater()
        for place, question in enumerate(questions):
            row = self._rows.get(question.key)
            if row is None:
                row = self._rows[question.key] = _Row(question.words, self._yes, self._no)
                row.answered.connect(lambda answer, key=question.key: self._on_answered(key, answer))
            row.say(question.words)
            row.set_answer(question.answer)
            self._column.insertWidget(place, row)
            # A layout shows what is new a moment later, and a quick key would find no button yet.
            row.show()
        self._rows = {question.key: self._rows[question.key] for question in questions}
        self._give_keys()

    def set_answer(self, key: str, answer: bool | None) -> None:
        """Show an answer without telling anybody."""
        self._rows[key].set_answer(answer)
        self._give_keys()

    def _on_answered(self, key: str, answer: bool) -> None:
        self._give_keys()
        self.answered.emit(key, answer)

    def _give_keys(self) -> None:
        open_row = next((row for row in self._rows.values() if row.answer is None), None)
        for row in self._rows.values():
            row.set_asked(row is open_row)
        if open_row is not None:
            self.moved_on.emit(open_row)


class _Row(QWidget):
    answered = Signal(bool)

    def __init__(self, words: LiveText, yes: LiveText, no: LiveText) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(10))
        self._words = Text(words, wrap=True)
        line.addWidget(self._words, 1)
        self._buttons = {True: KeyButton(yes, kind=Kind.ANSWER), False: KeyButton(no, kind=Kind.ANSWER)}
        for answer, button in self._buttons.items():
            button.setMinimumWidth(theme.px(64))
            button.clicked.connect(lambda _on=False, answer=answer: self._on_clicked(answer))
            line.addWidget(button)

    @property
    def answer(self) -> bool | None:
        return next((answer for answer, button in self._buttons.items() if button.isChecked()), None)

    def say(self, words: LiveText) -> None:
        self._words.say(words)

    def set_answer(self, answer: bool | None) -> None:
        for known, button in self._buttons.items():
            button.setChecked(known is answer)

    def set_asked(self, asked: bool) -> None:
        self._buttons[True].set_key("Y" if asked else "")
        self._buttons[False].set_key("N" if asked else "")

    def _on_clicked(self, answer: bool) -> None:
        self.set_answer(answer)
        self.answered.emit(answer)
