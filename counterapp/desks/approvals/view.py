"""The approvals tab: what waits at any station, for those who may sign; a case opens at its own desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence
from typing import Any, Final

from PySide6.QtCore import Qt

from counterapp.core.actor import Actor
from counterapp.core.cases import Case, waiting_beside
from counterapp.core.codes import grouped
from counterapp.core.money import format_fen
from counterapp.hardware.scanner import Scan
from counterapp.ui import theme
from counterapp.ui.list_detail import ListView, RecordList
from counterapp.ui.polling import Poller
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


#: What waits: the desk it comes from and what that read of it, or a case of a desk without words of its own.
_Found = tuple[tuple[tuple[WaitingCases, Any], ...], tuple[Case, ...]]


class ApprovalsView(ListView[WaitingItem]):
    """The queue of waiting cases, the longest waiting first. Enter opens one at its desk, to be signed, and what comes
    of it leads back here. Cases of desks without words of their own stand below, and open as if scanned.
    """

    title = N_("Approvals")
    hint = N_("Choose a case, then press Enter")
    icon = "stamp"
    arrows = N_("Another case")

    def __init__(self, context: ViewContext, client: StoreClient, sources: Sequence[WaitingCases]) -> None:
        self._sources = sources
        self._read: _Found = ((), ())
        self._warnings: dict[int, Any] = {}
        empty = EmptyState(
            "stamp",
            lambda: _("Nothing waits for a signature"),
            lambda: _("What a clerk sends for approval at any station appears here by itself."),
        )
        records = RecordList(
            lambda: _("Waits for a signature"),
            [lambda: _("Since"), lambda: _("Amount")],
            lambda: _("Your signature"),
            empty,
        )
        records.show_rows(())
        self._decision = self._make_decision()
        self._decision.hide()
        super().__init__(context, client, records, self._decision)
        self._result = VerdictPanel()
        self._result.hide()
        self.column.insertWidget(0, self._result)
        poller = Poller(client, self, self._read_cases, EVERY, tell=context.messages.tell)
        poller.arrived.connect(self._on_read)
        self.read_by(poller)
        # Read once a queue is there, for it may take longer.
        self._warned = Poller(client, self, self._read_warnings, EVERY, tell=context.messages.tell)
        self._warned.arrived.connect(self._on_warnings_read)

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
        self._primary.clicked.connect(self.pick)
        card.body.addWidget(self._primary)
        return card

    def key_of(self, one: WaitingItem) -> Hashable:
        return one.case.id

    def row_of(self, one: WaitingItem) -> Row:
        return _row_of(one, self.store.actor)

    def show_again(self) -> None:
        """Show the queue once more, in the words of whoever is signed in."""
        actor = self.actor
        if actor is None:
            return
        found, beside = self._read
        self.found = (
            *(source.item_of(one, self._warnings.get(one.case.id), actor) for source, one in found),
            *(self._item_beside(case, actor) for case in beside),
        )
        self.set_hint(lambda: _(self.hint) if self.found else "")
        super().show_again()

    def show_details(self, one: WaitingItem | None) -> None:
        self._decision.setVisible(one is not None)
        if one is None:
            return
        case = one.case
        self._name.say(one.title)
        clerk = _("Prepared by {name} {number}").format(name=case.preparer.name, number=case.preparer.number)
        self._matter.say("\n".join((f"{clerk}{DOT}{grouped(case.code)}", *one.lines)))
        if one.chips != self._shown_chips:
            self._shown_chips = one.chips
            self._chips.show_chips(one.chips, has_reasons=one.has_reasons)
        self._verdict.show_verdict(one.reach.meaning, one.reach.sentence, one.reach.small, one.reach.icon)
        self._amount.show_amount(format_fen(case.amount))
        self._primary.say(one.button)

    def pick(self) -> None:
        """Open the case that is chosen at its desk."""
        if self.current is not None:
            self._result.hide()
            self.context.router.lead_to(self.current.case.code)

    def take_scan(self, scan: Scan) -> bool:
        if scan.text not in {item.case.code for item in self.found}:
            return False
        self.context.router.lead_to(scan.text)
        return True

    def came_back(self, outcome: Outcome | None) -> None:
        if outcome is not None:
            self._result.show_verdict(Meaning.ALLOWED, outcome.sentence, outcome.small)
        self._result.setVisible(outcome is not None)

    def keys(self) -> list[tuple[str, str]]:
        return super().keys() if self.found else View.keys(self)

    def _read_cases(self, session: Any, actor: Actor) -> _Found:
        found = tuple((source, one) for source in self._sources for one in source.read(session, actor))
        return found, waiting_beside(session, [source.desk for source in self._sources])

    def _read_warnings(self, session: Any, actor: Actor) -> dict[int, Any]:
        return {case: one for source in self._sources for case, one in source.read_warnings(session, actor).items()}

    def _on_read(self, read: _Found) -> None:
        self._read = read
        self.show_found(())
        self._warned.read()

    def _on_warnings_read(self, warnings: dict[int, Any]) -> None:
        if warnings != self._warnings:
            self._warnings = warnings
            self.show_again()

    def _on_reasons_asked(self) -> None:
        item, (found, _beside) = self.current, self._read
        source = next((source for source, one in found if item is not None and one.case.id == item.case.id), None)
        if item is not None and source is not None:
            source.show_reasons(self._warnings[item.case.id])

    def _item_beside(self, case: Case, actor: Actor) -> WaitingItem:
        """Return the words for a case of a desk that has none of its own for the queue."""
        desk_name = self.context.router.desk_name_for(case.code)
        title = f"{_(desk_name)} {case.title}" if desk_name is not None else case.title
        reach = VerdictText(Meaning.ALLOWED, _("Waits at its desk"), _("Its desk shows what is to be signed."), "stamp")
        own = case.prepared_by == actor.person.person_id
        return WaitingItem(case, title, (), (), prepared_by_you() if own else reach, _("Open it at its desk"))


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
