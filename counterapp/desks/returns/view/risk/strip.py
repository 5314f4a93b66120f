"""The strip beside a case that waits: chips of what concerns it, and the cases behind them on a key.

It blocks nothing and chooses nothing beforehand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QSize, Signal

from counterapp.desks.returns.rules.risk_comparison import Pattern
from counterapp.desks.returns.services.risk import CaseRisk, risk_of_waiting
from counterapp.desks.returns.view.risk.pane import SignalPane
from counterapp.desks.returns.view.risk.recent import recent
from counterapp.desks.returns.view.risk.texts import facts_of_case, row_of, title_of
from counterapp.ui import theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.dialogs import TableDialog, buttons
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.ui.widgets import KeyButton, Kind, LineTable
from counterapp.ui.widgets.chip_strip import ChipStrip, ChipText
from counterapp.words import _
from counterapp.work import Failed, StoreClient

_HEIGHT: Final = 760


def chips_of(risk: CaseRisk, told_elsewhere: Collection[Pattern] = ()) -> list[ChipText]:
    """Return the chips of what concerns a case; what patterns `told_elsewhere` say stands beside it already."""
    signs = [
        ChipText(Meaning.MISSING, partial(title_of, told), "triangle-alert")
        for told in risk.told
        if told.signal.pattern not in told_elsewhere
    ]
    return [*signs, *(ChipText(Meaning.NEUTRAL, fact) for fact in facts_of_case(risk))]


class RiskStrip(ChipStrip):
    """What concerns a case, as chips; the key opens the cases behind them."""

    def __init__(self, width: int) -> None:
        super().__init__(width)
        self.risk = CaseRisk()

    def show_risk(self, risk: CaseRisk, told_elsewhere: Collection[Pattern] = ()) -> None:
        """Show what concerns the case; what patterns `told_elsewhere` say stands beside it, here only the key does."""
        if risk != self.risk:
            self.risk = risk
            self.show_chips(chips_of(risk, told_elsewhere), has_reasons=bool(risk.told))


class RiskDialog(TableDialog):
    """What concerns a case, and the cases behind each. `opens(str)`: the case of this code is to be opened."""

    opens = Signal(str)

    def __init__(
        self, context: ViewContext, client: StoreClient, risk: CaseRisk, today: dt.date, *, may_open: bool
    ) -> None:
        table = LineTable(
            lambda: _("What stands out"), [lambda: _("Here"), lambda: _("Usual")], lambda: _("How unusual")
        )
        super().__init__(lambda: _("What stands out"), "", 900, table, shown=3)
        self._risk, self._today = risk, today
        table.chosen.connect(self._show_current)
        self._pane = SignalPane(context, client)
        self.body.addWidget(self._pane, 1)
        put = None
        if may_open:
            self._pane.opens.connect(self._on_opens)
            put = KeyButton(lambda: _("Open the case"), "Enter", Kind.PRIMARY)
        self.body.addLayout(buttons(self, put, self._pane.open_current))
        self.show_rows([row_of(one) for one in risk.told])
        self._show_current()

    def opened(self) -> None:
        self.table.setFocus()

    def fit(self, room: QSize) -> None:
        """Keep inside a window of this size; the cases behind it take what is left."""
        Dialog.fit(self, room)
        self.setFixedHeight(min(theme.px(_HEIGHT), room.height() - theme.px(32)))

    def press(self, key: str) -> bool:
        if key in {"Up", "Down"} and self._pane.table.hasFocus():
            self._pane.table.step(1 if key == "Down" else -1)
            return True
        return super().press(key)

    def _show_current(self) -> None:
        key = self.table.current_key
        told = next((one for one in self._risk.told if (one.signal.pattern, one.signal.subject) == key), None)
        if told is not None:
            self._pane.show_signal(told, self._today)

    def _on_opens(self, code: str) -> None:
        self.close_dialog()
        self.opens.emit(code)


def read_risk(
    client: StoreClient, owner: QObject, done: Callable[[Mapping[int, CaseRisk]], None], failed: Failed
) -> None:
    """Read what concerns the cases that wait, by their ids, as whoever is signed in may see it. Raises NotAllowed."""
    actor, kept = client.actor, recent(client)
    client.read(owner, lambda session: risk_of_waiting(session, kept.read(session, actor), actor.person), done, failed)
