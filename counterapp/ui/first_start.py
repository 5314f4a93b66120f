"""The first start: one dialog asks for the store and its administrator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit

from counterapp.ui import theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets.buttons import KeyButton, Kind
from counterapp.ui.widgets.fields import CodeField, TextField
from counterapp.ui.widgets.text import Role, SentenceLine, Text
from counterapp.words import _

_Field = TypeVar("_Field", bound=QLineEdit)


@dataclass(frozen=True, slots=True)
class FirstAnswers:
    """What the first start asks: the store's name and code at the till, the administrator's number, name and PIN."""

    store: str
    code: str
    number: str
    name: str
    pin: str


class FirstStart(Dialog):
    """Asks for store and administrator. `answered(FirstAnswers)` on Enter; `refuse` says what is still wrong."""

    answered = Signal(object)

    def __init__(self) -> None:
        super().__init__(lambda: _("A new store"), lambda: _("Once, on the first PC"), width=720)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(20))
        grid.setVerticalSpacing(theme.px(12))
        self._store = _row(grid, lambda: _("Name of the store"), TextField(lambda: _("As it stands on paper"), 40))
        self._code = _row(grid, lambda: _("Code at the till"), CodeField(lambda: _("As 0101"), 8))
        self._number = _row(grid, lambda: _("Administrator's staff number"), CodeField("", 12))
        self._name = _row(grid, lambda: _("Administrator's name"), TextField("", 40))
        self._pin = _row(grid, lambda: _("PIN, 6 to 8 digits"), CodeField("", 8))
        self._again = _row(grid, lambda: _("The same PIN again"), CodeField("", 8))
        for field in (self._pin, self._again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addLayout(grid)
        self._sentence = SentenceLine(
            lambda: _("The administrator then adds the staff and brings in the till's receipts.")
        )
        self.body.addWidget(self._sentence)
        self._make = KeyButton(lambda: _("Make the store"), "Enter", Kind.PRIMARY)
        self._make.clicked.connect(self._on_make)
        self.body.addWidget(self._make)

    def may_close(self) -> bool:
        """Stay: without a store there is nothing to go back to."""
        return False

    def opened(self) -> None:
        """Begin with the store's name."""
        self._store.setFocus()

    def refuse(self, sentence: LiveText) -> None:
        """Say what is still wrong; everything typed stays."""
        self._make.setEnabled(True)
        self._sentence.say(sentence, Meaning.REFUSED)

    def _on_make(self) -> None:
        for field, sentence in (
            (self._store, lambda: _("Type the store's name.")),
            (self._code, lambda: _("Type the store's code, as the till prints it on receipts.")),
            (self._number, lambda: _("Type the administrator's staff number.")),
            (self._pin, lambda: _("Choose a PIN of 6 to 8 digits.")),
        ):
            if not field.text().strip():
                field.setFocus()
                self.refuse(sentence)
                return
        if self._pin.text() != self._again.text():
            self._again.clear()
            self._again.setFocus()
            self.refuse(lambda: _("The two PINs differ. Type the second one again."))
            return
        self._make.setEnabled(False)
        self._sentence.say(lambda: _("The store is being made…"))
        number = self._number.text().strip()
        self.answered.emit(
            FirstAnswers(
                self._store.text().strip(),
                self._code.text().strip(),
                number,
                self._name.text().strip() or number,
                self._pin.text(),
            )
        )


def _row(grid: QGridLayout, label: Callable[[], str], field: _Field) -> _Field:
    row = grid.rowCount()
    grid.addWidget(Text(label, Role.BODY), row, 0)
    field.setFixedHeight(theme.px(44))
    grid.addWidget(field, row, 1)
    grid.setColumnStretch(1, 1)
    return field
