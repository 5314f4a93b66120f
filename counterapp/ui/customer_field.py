"""Who the customer is: one line to type into, those who are found below it, masked until somebody asks."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counterapp.core import customers
from counterapp.core.customers import CustomerFound, CustomerKnown
from counterapp.ui import theme
from counterapp.ui.requests import Requests
from counterapp.ui.widgets import KeyButton, Kind, LineTable, Row, TextField
from counterapp.words import _

#: How long after the last key it is searched, in milliseconds.
_REST: Final = 120
_SHOWN: Final = 4


class CustomerField(QWidget):
    """Finds a customer by phone, card, name or initials while they are typed.

    `found(CustomerFound | None)` is the one in hand now, None where nobody fits; `revealed(CustomerKnown)` the same
    unmasked, once the key was pressed: the journal keeps who asked.
    """

    found = Signal(object)
    revealed = Signal(object)

    def __init__(self, requests: Requests, key: str = "F8") -> None:
        super().__init__()
        self._requests = requests
        self._known: dict[int, CustomerFound] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        line = QHBoxLayout()
        self.field = TextField(lambda: _("Phone, card, name or initials"), 40)
        self._reveal = KeyButton(lambda: _("Show whole"), key, Kind.QUIET)
        self._reveal.clicked.connect(self._on_reveal)
        line.addWidget(self.field, 1)
        line.addWidget(self._reveal)
        column.addLayout(line)
        self._table = LineTable(lambda: _("Customer"), [lambda: _("Phone")])
        self._table.setFixedHeight(theme.px(44 + 64 * _SHOWN))
        self._table.chosen.connect(lambda _key: self._tell())
        column.addWidget(self._table)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_REST)
        self._wait.timeout.connect(self.search)
        self.field.textEdited.connect(lambda _text: self._wait.start())
        self.field.installEventFilter(self)
        self.setFocusProxy(self.field)
        self._show("", ())

    @property
    def customer(self) -> CustomerFound | None:
        """The one in hand, None where nobody fits."""
        return self._known.get(int(str(self._table.current_key or 0)))

    def search(self) -> None:
        """Look for what stands in the field."""
        self._wait.stop()
        typed = self.field.text()
        self._requests.read(lambda session, _actor: customers.find(session, typed), partial(self._show, typed))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows, while they are typed in the line, go through those who were found."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._known:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None:
                self._table.step(step)
                return True
        return super().eventFilter(watched, event)

    def _show(self, typed: str, found: tuple[CustomerFound, ...]) -> None:
        if typed != self.field.text():
            return  # more was typed meanwhile
        self._known = {one.id: one for one in found}
        self._table.show_rows([Row(one.id, one.name, one.member_card, (one.phone,)) for one in found])
        self._table.choose(found[0].id if found else None)
        self._table.setVisible(bool(found))
        self._tell()

    def _tell(self) -> None:
        self._reveal.setEnabled(self.customer is not None)
        self.found.emit(self.customer)

    def _on_reveal(self) -> None:
        one = self.customer
        if one is not None:
            self._requests.command(
                "customer.reveal", lambda session, actor: customers.reveal(session, actor, one.id), self._on_revealed
            )

    def _on_revealed(self, known: CustomerKnown | None) -> None:
        if known is not None:
            self.revealed.emit(known)
