"""A blind count: pieces by denomination or by place, typed one after another. What is expected is never shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QGridLayout

from counterapp.core.money import format_fen
from counterapp.ui import theme
from counterapp.ui.dialogs import AskingDialog
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import CodeField, Role, Text
from counterapp.words import _

#: Pieces of one kind; more are a mistake of the fingers.
_MOST: Final = 99_999
_ROWS: Final = 7


@dataclass(frozen=True, slots=True)
class CountLine:
    """One kind of pieces: its key, its words ("1 yuan", "Entrance A"), and what a piece is worth in fen, 0 for none."""

    key: str
    words: LiveText
    worth: int = 0


class CountDialog(AskingDialog):
    """Asks for the pieces of each of `lines`. `counted(dict)`: pieces by key, every line among them.

    Enter goes to the next empty field, and hands the count in once none is left: what was not looked at is no zero.
    Below stands what was typed so far comes to, where pieces are worth something.
    """

    counted = Signal(dict)

    def __init__(self, title: LiveText, lines: Sequence[CountLine], go_on: LiveText, turn: LiveText = "") -> None:
        super().__init__(title, turn)
        self._lines = lines
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(8))
        rows = -(-len(lines) // -(-len(lines) // _ROWS))  # columns of one height
        self._fields: dict[str, CodeField] = {}
        for place, line in enumerate(lines):
            row, column = place % rows, 2 * (place // rows)
            field = self._fields[line.key] = CodeField(lambda: _("Pieces"), len(str(_MOST)))
            field.setValidator(QIntValidator(0, _MOST, field))
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
            field.textChanged.connect(self._say_total)
            grid.addWidget(Text(line.words, Role.STRONG), row, column)
            grid.addWidget(field, row, column + 1)
        self.body.addLayout(grid)
        self._total = Text("", Role.AMOUNT2)
        self.body.addWidget(self._total, 0, Qt.AlignmentFlag.AlignRight)
        self._total.setVisible(any(line.worth for line in lines))
        self.sentence.say(lambda: _("Count everything and type it; where there is nothing type 0."))
        self.end(go_on, self._on_entered)
        self._say_total()

    def opened(self) -> None:
        next(iter(self._fields.values())).setFocus()

    def press(self, key: str) -> bool:
        if key in {"Up", "Down"}:
            (self.focusNextChild if key == "Down" else self.focusPreviousChild)()
            return True
        return super().press(key)

    def _pieces(self) -> dict[str, int]:
        return {key: int(field.text()) for key, field in self._fields.items() if field.text()}

    def _say_total(self) -> None:
        pieces = self._pieces()
        self._total.say(format_fen(sum(line.worth * pieces.get(line.key, 0) for line in self._lines)))

    def _on_entered(self) -> None:
        empty = next((field for field in self._fields.values() if not field.text()), None)
        if empty is None:
            self.counted.emit(self._pieces())
            return
        if self.focusWidget() is empty:
            self.sentence.say(lambda: _("Count this one too; where there is nothing type 0."), Meaning.MISSING)
        empty.setFocus()
