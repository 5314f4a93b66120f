"""What is different: the lines that are not there or in another quantity, and a note."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from counterapp.desks.exit_check.services import LONGEST_NOTE, ExitCheckDetails, PurchasedLine
from counterapp.desks.exit_check.view.texts import counted_row
from counterapp.hardware.scanner import Scan
from counterapp.ui import theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import KeyButton, Kind, LineTable, SentenceLine, TextField
from counterapp.words import _

_TITLES, _ROW, _SHOWN = 42, 64, 5


class DifferencesDialog(Dialog):
    """Space says that a line is not there, + and − count it, a scan of the goods counts one less.

    `told(counted, note)`: thousandths by line number where they do not agree; whoever opened it closes it.
    """

    told = Signal(object, str)

    def __init__(self, form: ExitCheckDetails) -> None:
        super().__init__(
            lambda: _("What is different?"), lambda: _("form {number}").format(number=f"{form.number:06}"), 860
        )
        self._lines: tuple[PurchasedLine, ...] = form.receipt.lines if form.receipt is not None else ()
        self._counted: dict[int, int] = {}
        self._seen = _SHOWN
        self._table = LineTable(
            lambda: _("Item"), [lambda: _("On the receipt"), lambda: _("There")], lambda: _("What differs")
        )
        self._table.picked.connect(lambda key: self._turn(int(str(key))))
        if self._lines:
            self.body.addWidget(self._table)
            self.body.addLayout(self._make_keys())
        self._note = TextField(lambda: _("In other words: F4"), LONGEST_NOTE)
        self.body.addWidget(self._note)
        self._sentence = SentenceLine(lambda: _("Mark what is different, or say it in a few words."))
        self.body.addWidget(self._sentence)
        line = QHBoxLayout()
        line.setSpacing(theme.px(12))
        close = KeyButton(lambda: _("Close"), "Esc")
        close.clicked.connect(self.close_dialog)
        keep = KeyButton(lambda: _("Keep the difference"), "Enter", Kind.PRIMARY)
        keep.clicked.connect(self._on_entered)
        line.addWidget(close, 1)
        line.addWidget(keep, 2)
        self.body.addLayout(line)
        self._show()
        self._table.choose(self._lines[0].line_no if self._lines else None)

    def opened(self) -> None:
        if self._lines:
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._note.setFocus()

    def fit(self, room: QSize) -> None:
        """Keep inside a window of this size: a low one sees fewer lines at once."""
        super().fit(room)
        context = self.sizeHint().height() - self._table.height()
        self._seen = max(2, min(_SHOWN, (room.height() - theme.px(_TITLES + 32) - context) // theme.px(_ROW)))
        self._show()

    def take_scan(self, scan: Scan) -> bool:
        line = next((one for one in self._lines if scan.text in {one.barcode, one.item_no}), None)
        if line is None:
            return False
        self._table.choose(line.line_no)
        self._count(-1)
        return True

    def press(self, key: str) -> bool:
        if key in {"Up", "Down"}:
            self._table.step(1 if key == "Down" else -1)
            return True
        if key == "F4":
            self._note.setFocus()
            return True
        return super().press("+" if key == "=" else key)

    def keys(self) -> list[tuple[str, str]]:
        return [("↑ ↓", _("Another line")), *super().keys(), ("F4", _("In other words"))]

    def refuse(self, sentence: LiveText) -> None:
        """Say why it was not taken."""
        self._sentence.say(sentence, Meaning.REFUSED)

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
        return next((one for one in self._lines if one.line_no == self._table.current_key), None)

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
        self._sentence.say_usual()
        self._table.show_rows([counted_row(line, self._counted.get(line.line_no)) for line in self._lines])
        self._table.setFixedHeight(theme.px(_TITLES + _ROW * max(1, min(len(self._lines), self._seen))))

    def _on_entered(self) -> None:
        note = self._note.text().strip()
        if not self._counted and not note:
            self._sentence.say(lambda: _("Mark what is different, or say it in a few words."), Meaning.MISSING)
            return
        self.told.emit(dict(self._counted), note)
