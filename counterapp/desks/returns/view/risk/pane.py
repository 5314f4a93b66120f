"""One signal in words, and the cases behind it, which are read when it is chosen."""

from __future__ import annotations

import datetime as dt
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counterapp.desks.returns.services.risk import CaseBehind, SignalText, cases_behind
from counterapp.desks.returns.view.risk.texts import behind_row, sentence_of, title_of, whom_of
from counterapp.ui import theme
from counterapp.ui.view import ViewContext
from counterapp.ui.widgets import LineTable, Role, Text
from counterapp.words import _, _n
from counterapp.work import StoreClient

_LEAST: Final = 150


class SignalPane(QWidget):
    """Shows a signal. `opens(str)`: the case of this code is to be opened."""

    opens = Signal(str)

    def __init__(self, context: ViewContext, client: StoreClient) -> None:
        super().__init__()
        self._context, self._client = context, client
        self._told: SignalText | None = None
        self._today = dt.date.min
        self._cases: tuple[CaseBehind, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        self._title = Text("", Role.HEADING, wrap=True)
        self._whom = Text("", Role.NAME, elide=True)
        self._sentence = Text("", Role.BODY, wrap=True)
        self._count = Text("", Role.SMALL)
        for text in (self._title, self._whom, self._sentence):
            column.addWidget(text)
        self.table = LineTable(lambda: _("Cases behind it"), [lambda: _("Day"), lambda: _("Amount")])
        self.table.setMinimumHeight(theme.px(_LEAST))
        self.table.picked.connect(self._on_picked)
        column.addWidget(self.table, 1)
        column.addWidget(self._count)

    @property
    def has_cases(self) -> bool:
        """Whether the cases have been read."""
        return bool(self._cases)

    def show_signal(self, told: SignalText, today: dt.date) -> None:
        """Show a signal; its cases come when they are read."""
        self._today = today
        before, self._told = self._told, told
        self._title.say(lambda: title_of(told))
        self._whom.say(lambda: whom_of(told))
        self._sentence.say(lambda: sentence_of(told))
        if before is not None and before.signal.cases == told.signal.cases:
            return
        self._cases = ()
        self._show_cases()
        self._client.read(
            self,
            lambda session: cases_behind(session, told.signal.cases),
            lambda cases: self._on_read(told, cases),
            self._context.messages.tell,
        )

    def speak(self) -> None:
        """Say again what is made of data, in the language of the screen."""
        self._show_cases()

    def work_on(self) -> None:
        """Go into the cases."""
        self.table.setFocus()
        if self._cases and self.table.current_key is None:
            self.table.choose(self._cases[0].code)

    def open_current(self) -> None:
        """Ask for the chosen case to be opened."""
        self._on_picked(self.table.current_key)

    def _on_read(self, told: SignalText, cases: tuple[CaseBehind, ...]) -> None:
        if told is self._told:
            self._cases = cases
            self._show_cases()

    def _show_cases(self) -> None:
        self.table.show_rows([behind_row(case, self._today) for case in self._cases])
        every = len(self._told.signal.cases) if self._told is not None else 0
        shown = len(self._cases)
        said = _n("{count} case", "{count} cases", every).format(count=every)
        newest = _("The newest {shown} of {count} cases").format(shown=shown, count=every)
        self._count.say(newest if 0 < shown < every else said)

    def _on_picked(self, code: object) -> None:
        if isinstance(code, str):
            self.opens.emit(code)
