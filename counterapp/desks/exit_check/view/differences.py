"""What is different: the lines that are not there or in another quantity, and a note."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from counterapp.desks.exit_check.services import LONGEST_NOTE, ExitCheckDetails, PurchasedLine
from counterapp.desks.exit_check.view.texts import counted_row
from counterapp.hardware.scanner import Scan
from counterapp.ui import theme
from counterapp.ui.dialogs import TableDialog, buttons
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import KeyButton, Kind, LineTable, SentenceLine, TextField
from counterapp.words import _

_SHOWN: Final = 5


class DifferencesDialog(TableDialog):
    """Space says that a line is not there, + and − count it, a scan of the goods counts one less.

    `told(counted, note)`: thousandths by line number where they do not agree; whoever opened it closes it.
    """

    told = Signal(object, str)

    def __init__(self, form: ExitCheckDetails) -> None:
        numbers: list[LiveText] = [lambda: _("On the receipt"), lambda: _("There")]
        table = LineTable(lambda: _("Item"), numbers, lambda: _("What differs"))
        turn = lambda: _("form {number}").format(number=f"{form.number:06}")  # noqa: E731 - said again in another language
        super().__init__(lambda: _("What is different?"), turn, 860, table, shown=_SHOWN)
        # Space in the table turns a line; in the note it is a blank.
        table.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        table.picked.connect(lambda key: self._turn(int(str(key))))
        self._lines: tuple[PurchasedLine, ...] = form.receipt.lines if form.receipt is not None else ()
        self._counted: dict[int, int] = {}
        if self._lines:
            self.body.addLayout(self._make_keys())
        self._note = TextField(lambda: _("In other words: F4"), LONGEST_NOTE)
        self.body.addWidget(self._note)
        self.sentence = SentenceLine(lambda: _("Mark what is different, or say it in a few words."))
        self.body.addWidget(self.sentence)
        keep = KeyButton(lambda: _("Keep the difference"), "Enter", Kind.PRIMARY)
        self.body.addLayout(buttons(self, keep, self._on_entered))
        self._show()

    def opened(self) -> None:
        if self._lines:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._note.setFocus()

    def take_scan(self, scan: Scan) -> bool:
        line = next((one for one in self._lines if scan.text in {one.barcode, one.item_no}), None)
        if line is None:
            return False
        self.table.choose(line.line_no)
        self._count(-1)
        return True

    def press(self, key: str) -> bool:
        if key == "F4":
            self._note.setFocus()
            return True
        return super().press("+" if key == "=" else key)

    def keys(self) -> list[tuple[str, str]]:
        return [*super().keys(), ("F4", _("In other words"))]

    def _make_keys(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        for words, key, by in ((lambda: _("One less"), "-", -1), (lambda: _("One more"), "+", 1)):
            button = KeyButton(words, key, Kind.QUIET)
            button.clicked.connect(lambda _on=False, by=by: self._count(by))
            line.addWidget(button)
        away = KeyButton(lambda: _("Not there"), "Space", Kind.QUIET)
        away.clicked.connect(self._turn_current)
        line.addWidget(away)
        line.addStretch(1)
        return line

    def _current(self) -> PurchasedLine | None:
        return next((one for one in self._lines if one.line_no == self.table.current_key), None)

    def _turn_current(self) -> None:
        line = self._current()
        if line is not None:
            self._turn(line.line_no)

    def _turn(self, line_no: int) -> None:
        """Say that a line is not there, or that it agrees after all."""
        if line_no in self._counted:
            del self._counted[line_no]
        else:
            self._counted[line_no] = 0
        self._show()

    def _count(self, by: int) -> None:
        line = self._current()
        if line is None:
            return
        there = max(0, self._counted.get(line.line_no, line.quantity) + 1000 * by)
        self._counted[line.line_no] = there
        if there == line.quantity:
            del self._counted[line.line_no]
        self._show()

    def _show(self) -> None:
        self.sentence.say_usual()
        self.show_rows([counted_row(line, self._counted.get(line.line_no)) for line in self._lines])

    def _on_entered(self) -> None:
        note = self._note.text().strip()
        if not self._counted and not note:
            self.sentence.say(lambda: _("Mark what is different, or say it in a few words."), Meaning.MISSING)
            return
        self.told.emit(dict(self._counted), note)
