"""The approvals tab: what waits at any station, for those who may sign; a case opens at its own desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from counterapp.core.actor import Actor
from counterapp.core.cases import Case, waiting_beside
from counterapp.core.codes import grouped
from counterapp.core.money import format_fen
from counterapp.errors import NotAllowed
from counterapp.hardware.scanner import Scan
from counterapp.ui import theme
from counterapp.ui.texts import day_words
from counterapp.ui.theme import Meaning
from counterapp.ui.view import Outcome, View, ViewContext
from counterapp.ui.waiting import WaitingCases, WaitingItem, prepared_by_you
from counterapp.ui.widgets import (
    DOT,
    BigAmount,
    Card,
    EmptyState,
    KeyButton,
    LineTable,
    Row,
    RowVerdict,
    Text,
    VerdictPanel,
)
from counterapp.ui.widgets import Kind as ButtonKind
from counterapp.ui.widgets import Role as TextRole
from counterapp.ui.widgets.chip_strip import ChipStrip, ChipText
from counterapp.ui.widgets.panels import VerdictText
from counterapp.words import N_, _
from counterapp.work import StoreClient

#: How often the queue is read again while it is looked at, in milliseconds.
EVERY: Final = 5_000
_WIDTH: Final = 412


class ApprovalsView(View):
    """The queue of waiting cases, the longest waiting first. Enter opens one at its desk, to be signed, and what comes
    of it leads back here. Cases of desks without words of their own stand below, and open as if scanned.
    """

    title = N_("Approvals")
    hint = N_("Choose a case, then press Enter")
    icon = "stamp"

    def __init__(self, context: ViewContext, client: StoreClient, sources: Sequence[WaitingCases]) -> None:
        super().__init__(context)
        self._client, self._sources = client, sources
        self._found: tuple[tuple[WaitingCases, Any], ...] = ()
        self._beside: tuple[Case, ...] = ()
        self._warnings: dict[int, Any] = {}
        self._items: tuple[WaitingItem, ...] = ()
        self._reading = self._trouble = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(12))
        self._result = VerdictPanel()
        self._result.hide()
        column.addWidget(self._result)
        line = QHBoxLayout()
        line.setSpacing(theme.px(16))
        column.addLayout(line, 1)
        self._list = Card(1)
        self._list.body.setContentsMargins(1, 1, 1, theme.px(8))
        self._table = LineTable(
            lambda: _("Waits for a signature"),
            [lambda: _("Since"), lambda: _("Amount")],
            lambda: _("Your signature"),
        )
        self._table.chosen.connect(self._show_current)
        self._table.picked.connect(self._open)
        self._list.body.addWidget(self._table)
        line.addWidget(self._list, 1)
        self._decision = self._make_decision()
        line.addWidget(self._decision)
        self._empty = Card()
        self._empty.body.addWidget(
            EmptyState(
                "stamp",
                lambda: _("Nothing waits for a signature"),
                lambda: _("What a clerk sends for approval at any station appears here by itself."),
            ),
            1,
        )
        line.addWidget(self._empty, 1)
        self._list.hide()
        self._decision.hide()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._read)
        client.committed.connect(self._on_committed)

    def take_scan(self, scan: Scan) -> bool:
        if scan.text not in {item.case.code for item in self._items}:
            return False
        self.context.router.lead_to(scan.text)
        return True

    def activated(self) -> None:
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._read()

    def came_back(self, outcome: Outcome | None) -> None:
        if outcome is not None:
            self._result.show_verdict(Meaning.ALLOWED, outcome.sentence, outcome.small)
        self._result.setVisible(outcome is not None)

    def retranslate(self) -> None:
        self._show()

    def keys(self) -> list[tuple[str, str]]:
        return [("↑ ↓", _("Another case")), *super().keys()] if self._items else super().keys()

    def press(self, key: str) -> bool:
        if key in {"Up", "Down"}:
            self._table.step(1 if key == "Down" else -1)
            return True
        return super().press(key)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    @property
    def _current(self) -> WaitingItem | None:
        key = self._table.current_key
        return next((item for item in self._items if item.case.id == key), None)

    def _make_decision(self) -> Card:
        card = Card()
        card.setFixedWidth(theme.px(_WIDTH))
        self._name = Text("", TextRole.HEADING, elide=True)
        card.body.addWidget(self._name)
        self._matter = Text("", TextRole.LABEL, wrap=True)
        self._matter.setAlignment(Qt.AlignmentFlag.AlignTop)
        card.body.addWidget(self._matter, 1)
        self._chips = ChipStrip(_WIDTH - 2 * 20)
        self._shown_chips: Sequence[ChipText] = ()
        self._chips.asked.connect(self._on_reasons_asked)
        card.body.addWidget(self._chips)
        self._verdict = VerdictPanel()
        card.body.addWidget(self._verdict)
        self._amount = BigAmount(lambda: _("Amount"))
        card.body.addWidget(self._amount)
        self._primary = KeyButton("", "Enter", ButtonKind.PRIMARY)
        self._primary.clicked.connect(self._open)
        card.body.addWidget(self._primary)
        return card

    def _read(self) -> None:
        """Read the queue again; what was there a moment ago stays in sight meanwhile."""
        if self._reading:
            return
        try:
            actor = self._client.actor
        except NotAllowed:
            return  # signed out; `activated` reads again when somebody is back
        self._reading = True
        sources = self._sources

        def read(session: Any) -> tuple[tuple[tuple[WaitingCases, Any], ...], tuple[Case, ...]]:
            found = tuple((source, one) for source in sources for one in source.read(session, actor))
            return found, waiting_beside(session, [source.desk for source in sources])

        self._client.read(self, read, self._on_read, self._on_not_read)

    def _on_read(self, read: tuple[tuple[tuple[WaitingCases, Any], ...], tuple[Case, ...]]) -> None:
        self._reading = self._trouble = False
        self._found, self._beside = read
        self._show()
        try:
            actor = self._client.actor
        except NotAllowed:
            return
        sources = self._sources

        def read_warnings(session: Any) -> dict[int, Any]:
            return {case: one for source in sources for case, one in source.read_warnings(session, actor).items()}

        self._client.read(self, read_warnings, self._on_warnings_read, self._on_not_read)

    def _on_warnings_read(self, warnings: dict[int, Any]) -> None:
        if warnings != self._warnings:
            self._warnings = warnings
            self._show()

    def _on_reasons_asked(self) -> None:
        item = self._current
        source = next((source for source, one in self._found if item is not None and one.case.id == item.case.id), None)
        if item is not None and source is not None:
            source.show_reasons(self._warnings[item.case.id])

    def _on_not_read(self, error: BaseException) -> None:
        self._reading = False
        if not self._trouble:  # said once, not every few seconds
            self.context.messages.tell(error)
        self._trouble = True

    def _show(self) -> None:
        anything = bool(self._found or self._beside)
        for part in (self._list, self._decision):
            part.setVisible(anything)
        self._empty.setVisible(not anything)
        self.set_hint(lambda: _(self.hint) if self._items else "")
        try:
            actor = self._client.actor
        except NotAllowed:
            return
        self._items = (
            *(source.item_of(one, self._warnings.get(one.case.id), actor) for source, one in self._found),
            *(self._item_beside(case, actor) for case in self._beside),
        )
        self.set_hint(lambda: _(self.hint) if self._items else "")
        rows = [_row_of(item, actor) for item in self._items]
        self._table.show_rows(rows)
        if rows and self._table.current_key not in {row.key for row in rows}:
            self._table.choose(rows[0].key)
        self._show_current()

    def _show_current(self) -> None:
        item = self._current
        if item is None:
            return
        case = item.case
        self._name.say(item.title)
        clerk = _("Prepared by {name} {number}").format(name=case.preparer.name, number=case.preparer.number)
        self._matter.say("\n".join((f"{clerk}{DOT}{grouped(case.code)}", *item.lines)))
        if item.chips != self._shown_chips:
            self._shown_chips = item.chips
            self._chips.show_chips(item.chips, has_reasons=item.has_reasons)
        self._verdict.show_verdict(item.reach.meaning, item.reach.sentence, item.reach.small, item.reach.icon)
        self._amount.show_amount(format_fen(case.amount))
        self._primary.say(item.button)

    def _item_beside(self, case: Case, actor: Actor) -> WaitingItem:
        """Return the words for a case of a desk that has none of its own for the queue."""
        desk_name = self.context.router.desk_name_for(case.code)
        title = f"{_(desk_name)} {case.title}" if desk_name is not None else case.title
        reach = VerdictText(Meaning.ALLOWED, _("Waits at its desk"), _("Its desk shows what is to be signed."), "stamp")
        own = case.prepared_by == actor.person.person_id
        return WaitingItem(case, title, (), (), prepared_by_you() if own else reach, _("Open it at its desk"))

    def _open(self) -> None:
        item = self._current
        if item is not None:
            self._result.hide()
            self.context.router.lead_to(item.case.code)

    def _on_committed(self) -> None:
        if self.isVisible():
            self._read()


def _since(at: dt.datetime, actor: Actor) -> str:
    here = at.astimezone(actor.zone)
    time = f"{here:%H:%M}"
    return time if here.date() == actor.today() else f"{day_words(here.date(), actor.today())} {time}"


def _row_of(item: WaitingItem, actor: Actor) -> Row:
    case = item.case
    clerk = case.preparer.name_and_number
    return Row(
        key=case.id,
        name=item.title,
        quiet=DOT.join((clerk, _("Station {station}").format(station=case.station), *item.quiet)),
        numbers=(_since(case.changed_at, actor), format_fen(case.amount) if case.amount else ""),
        verdict=RowVerdict(item.reach.meaning, item.reach.sentence, item.reach.icon),
        faded=case.prepared_by == actor.person.person_id,
    )
