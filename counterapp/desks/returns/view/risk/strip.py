"""The strip beside a case that waits: chips of what concerns it, and the cases behind them on a key.

It blocks nothing and chooses nothing beforehand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counterapp.desks.returns.rules.risk_comparison import Pattern
from counterapp.desks.returns.services.risk import CaseRisk, risk_of_waiting
from counterapp.desks.returns.view.risk.pane import SignalPane
from counterapp.desks.returns.view.risk.recent import recent
from counterapp.desks.returns.view.risk.texts import facts_of_case, row_of, title_of
from counterapp.ui import theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.ui.widgets import Chip, KeyButton, Kind, LineTable
from counterapp.ui.widgets.text import chip_size
from counterapp.words import _
from counterapp.work import Failed, StoreClient

KEY: Final = "F9"
_TITLES: Final = 42
_ROW: Final = 64
_SHOWN: Final = 3
_HEIGHT: Final = 760


class RiskStrip(QWidget):
    """Chips in as few rows as fit into `width` design pixels; hidden where nothing stands out. `asked()` for why."""

    asked = Signal()

    def __init__(self, width: int) -> None:
        super().__init__()
        self._width = width
        self._risk = CaseRisk()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(6))
        self._button = KeyButton(lambda: _("Why"), KEY, Kind.QUIET)
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.clicked.connect(self.asked)
        self._rows: list[QWidget] = []
        self.hide()

    @property
    def risk(self) -> CaseRisk:
        """What is shown."""
        return self._risk

    def show_risk(self, risk: CaseRisk, told_elsewhere: Collection[Pattern] = ()) -> None:
        """Show what concerns the case; what patterns `told_elsewhere` say stands beside it, here only the key does."""
        if risk == self._risk:
            return
        self._risk = risk
        self._button.setParent(None)
        for row in self._rows:
            row.deleteLater()
        self._rows = []
        chips = [
            Chip(Meaning.MISSING, partial(title_of, told), "triangle-alert")
            for told in risk.told
            if told.signal.pattern not in told_elsewhere
        ]
        chips += [Chip(Meaning.NEUTRAL, fact) for fact in facts_of_case(risk)]
        left = 0
        for chip in chips:
            needed = chip_size(chip.text).width() + theme.px(8)
            if left < needed:
                left = self._add_row()
            layout = self._rows[-1].layout()
            assert layout is not None
            layout.addWidget(chip)
            left -= needed
        if risk.told:
            self._finish(left)
        for row in self._rows:
            line = row.layout()
            assert isinstance(line, QHBoxLayout)
            line.addStretch(1)
        self.setVisible(bool(chips or risk.told))

    def _add_row(self) -> int:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(8))
        self._column.addWidget(row)
        self._rows.append(row)
        return theme.px(self._width)

    def _finish(self, left: int) -> None:
        if not self._rows or left < self._button.sizeHint().width():
            self._add_row()
        layout = self._rows[-1].layout()
        assert layout is not None
        layout.addWidget(self._button)
        self._button.show()


class RiskDialog(Dialog):
    """What concerns a case, and the cases behind each. `opens(str)`: the case of this code is to be opened."""

    opens = Signal(str)

    def __init__(
        self, context: ViewContext, client: StoreClient, risk: CaseRisk, today: dt.date, *, may_open: bool
    ) -> None:
        super().__init__(lambda: _("What stands out"), "", 900)
        self._risk, self._today = risk, today
        self.table = LineTable(
            lambda: _("What stands out"), [lambda: _("Here"), lambda: _("Usual")], lambda: _("How unusual")
        )
        self.table.show_rows([row_of(one) for one in risk.told])
        self.table.setFixedHeight(theme.px(_TITLES + _ROW * min(len(risk.told), _SHOWN)))
        self.table.chosen.connect(self._show_current)
        self.body.addWidget(self.table)
        self._pane = SignalPane(context, client)
        self.body.addWidget(self._pane, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        close = KeyButton(lambda: _("Close"), "Esc", Kind.QUIET)
        close.clicked.connect(self.close_dialog)
        buttons.addWidget(close)
        if may_open:
            self._pane.opens.connect(self._on_opens)
            put = KeyButton(lambda: _("Open the case"), "Enter", Kind.PRIMARY)
            put.clicked.connect(self._pane.open_current)
            buttons.addWidget(put)
        self.body.addLayout(buttons)
        self.table.choose(self.table.rows[0].key)
        self._show_current()

    def opened(self) -> None:
        self.table.setFocus()

    def fit(self, room: QSize) -> None:
        super().fit(room)
        self.setFixedHeight(min(theme.px(_HEIGHT), room.height() - theme.px(32)))

    def press(self, key: str) -> bool:
        if key in {"Up", "Down"}:
            table = self._pane.table if self._pane.table.hasFocus() else self.table
            table.step(1 if key == "Down" else -1)
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
