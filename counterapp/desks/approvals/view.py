"""The approvals tab: what waits at any station, for those who may sign; a case opens in the returns desk's screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from counterapp.core.actor import Actor, Role, role_name
from counterapp.core.cases import Case, waiting_beside
from counterapp.core.codes import grouped
from counterapp.core.money import format_fen, format_quantity
from counterapp.desks.returns.services.risk import CaseRisk
from counterapp.desks.returns.services.waiting_cases import WaitingCase, waiting_cases
from counterapp.desks.returns.view.desk import ReturnsView
from counterapp.desks.returns.view.empty import Result
from counterapp.desks.returns.view.risk.strip import RiskDialog, RiskStrip, read_risk
from counterapp.desks.returns.view.texts import VerdictText
from counterapp.errors import NotAllowed
from counterapp.hardware.scanner import Scan
from counterapp.return_forms.models import DESK, ReturnLine
from counterapp.return_forms.terms import Kind, Reason, name_of
from counterapp.return_forms.texts import receipt_number
from counterapp.ui import theme
from counterapp.ui.texts import day_words
from counterapp.ui.theme import Meaning
from counterapp.ui.view import View, ViewContext
from counterapp.ui.widgets import BigAmount, Card, EmptyState, KeyButton, LineTable, Row, RowVerdict, Text, VerdictPanel
from counterapp.ui.widgets import Kind as ButtonKind
from counterapp.ui.widgets import Role as TextRole
from counterapp.words import N_, _, _n
from counterapp.work import StoreClient

#: How often the queue is read again while it is looked at, in milliseconds.
EVERY: Final = 5_000
_WIDTH: Final = 412
_GOODS: Final = 8
_DOT: Final = " • "


class ApprovalsView(View):
    """The queue of waiting returns, the longest waiting first; Enter opens one to be signed, and leads back here.

    Below them stand the cases of other desks that wait: Enter opens them at their own desk, as if scanned.
    """

    title = N_("Approvals")
    hint = N_("Choose a case, then press Enter")
    icon = "stamp"
    prefixes = ReturnsView.prefixes

    def __init__(self, context: ViewContext, client: StoreClient) -> None:
        super().__init__(context)
        self._client = client
        self._waiting: tuple[WaitingCase, ...] = ()
        self._beside: tuple[Case, ...] = ()
        self._risks: Mapping[int, CaseRisk] = {}
        self._reading = self._trouble = False
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._queue = self._make_queue()
        self._pages.addWidget(self._queue)
        self._desk = ReturnsView(context, client)
        self._desk.opened.connect(self._on_opened)
        self._desk.cleared.connect(self._on_cleared)
        self._desk.hinted.connect(self._on_hinted)
        self._pages.addWidget(self._desk)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._read)
        client.committed.connect(self._on_committed)

    def take_scan(self, scan: Scan) -> bool:
        return scan.text[:2] in self.prefixes and self._desk.take_scan(scan)

    def activated(self) -> None:
        if self._on_desk:
            self._desk.activated()
            return
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._read()

    def retranslate(self) -> None:
        self._show()

    def keys(self) -> list[tuple[str, str]]:
        if self._on_desk:
            return self._desk.keys()
        return [("↑ ↓", _("Another case")), *super().keys()] if self._waiting or self._beside else super().keys()

    def press(self, key: str) -> bool:
        if self._on_desk:
            return self._desk.press(key)
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
    def _on_desk(self) -> bool:
        return self._pages.currentWidget() is self._desk

    @property
    def _current(self) -> WaitingCase | None:
        key = self._table.current_key
        return next((one for one in self._waiting if one.case.id == key), None)

    @property
    def _current_beside(self) -> Case | None:
        key = self._table.current_key
        return next((case for case in self._beside if case.id == key), None)

    def _make_queue(self) -> QWidget:
        queue = QWidget()
        column = QVBoxLayout(queue)
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
        return queue

    def _make_decision(self) -> Card:
        card = Card()
        card.setFixedWidth(theme.px(_WIDTH))
        self._name = Text("", TextRole.HEADING, elide=True)
        card.body.addWidget(self._name)
        self._matter = Text("", TextRole.LABEL, wrap=True)
        self._matter.setAlignment(Qt.AlignmentFlag.AlignTop)
        card.body.addWidget(self._matter, 1)
        self._risk = RiskStrip(_WIDTH - 2 * 20)
        self._risk.asked.connect(self._on_risk_asked)
        card.body.addWidget(self._risk)
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
            today = self._client.actor.today()
        except NotAllowed:
            return  # signed out; `activated` reads again when somebody is back
        self._reading = True
        self._client.read(
            self,
            lambda session: (waiting_cases(session, today), waiting_beside(session, DESK)),
            self._on_read,
            self._on_not_read,
        )

    def _on_read(self, read: tuple[tuple[WaitingCase, ...], tuple[Case, ...]]) -> None:
        self._reading = self._trouble = False
        self._waiting, self._beside = read
        self._show()

        try:
            read_risk(self._client, self, self._on_risk_read, self._on_not_read)
        except NotAllowed:
            return

    def _on_risk_read(self, risks: Mapping[int, CaseRisk]) -> None:
        if risks != self._risks:
            self._risks = risks
            self._show()

    def _on_risk_asked(self) -> None:
        sheet = RiskDialog(self.context, self._client, self._risk.risk, self._client.actor.today(), may_open=True)
        sheet.opens.connect(self.context.router.route_text)
        self.context.dialogs.open(sheet)

    def _on_not_read(self, error: BaseException) -> None:
        self._reading = False
        if not self._trouble:  # said once, not every few seconds
            self.context.messages.tell(error)
        self._trouble = True

    def _show(self) -> None:
        anything = bool(self._waiting or self._beside)
        for part in (self._list, self._decision):
            part.setVisible(anything)
        self._empty.setVisible(not anything)
        if not self._on_desk:
            self.set_hint(lambda: _(self.hint) if self._waiting or self._beside else "")
        try:
            actor = self._client.actor
        except NotAllowed:
            return
        rows = [_row_of(one, actor, self._risks.get(one.case.id, CaseRisk())) for one in self._waiting] + [
            _row_beside(case, self._title_of(case), actor) for case in self._beside
        ]
        self._table.show_rows(rows)
        if rows and self._table.current_key not in {row.key for row in rows}:
            self._table.choose(rows[0].key)
        self._show_current()

    def _show_current(self) -> None:
        one, other = self._current, self._current_beside
        try:
            actor = self._client.actor
        except NotAllowed:
            return
        self._risk.show_risk(self._risks.get(one.case.id, CaseRisk()) if one is not None else CaseRisk())
        if other is not None:
            self._show_beside(other, actor)
        if one is None:
            return
        case = one.case
        self._name.say(_name_of(one))
        clerk = _("Prepared by {name} {number}").format(name=case.preparer.name, number=case.preparer.number)
        goods = [f"{_goods(line)}{_DOT}{name_of(Reason(str(line.reason)))}" for line in one.lines]
        shown = goods if len(goods) <= _GOODS else [*goods[: _GOODS - 1], "…"]
        receipt = _("Receipt {number}").format(number=receipt_number(one.record.receipt.number))
        self._matter.say("\n".join((f"{clerk}{_DOT}{grouped(case.code)}", receipt, *shown)))
        said = _reach_of(one, actor)
        self._verdict.show_verdict(said.meaning, said.sentence, said.small, said.icon)
        self._amount.show_amount(format_fen(case.amount))
        own = case.prepared_by == actor.person.person_id
        self._primary.say(_("Open the case") if own else _("Open the approval"))

    def _show_beside(self, case: Case, actor: Actor) -> None:
        self._name.say(self._title_of(case))
        clerk = _("Prepared by {name} {number}").format(name=case.preparer.name, number=case.preparer.number)
        self._matter.say(f"{clerk}{_DOT}{grouped(case.code)}")
        said = _reach_beside(case, actor)
        self._verdict.show_verdict(said.meaning, said.sentence, said.small, said.icon)
        self._amount.show_amount(format_fen(case.amount))
        self._primary.say(_("Open it at its desk"))

    def _title_of(self, case: Case) -> str:
        desk_name = self.context.router.desk_name_for(case.code)
        return f"{_(desk_name)} {case.title}" if desk_name is not None else case.title

    def _open(self) -> None:
        if self._current is not None:
            self._desk.open_case(self._current.case.code)
        elif self._current_beside is not None:
            self.context.router.route_text(self._current_beside.code)

    def _on_opened(self) -> None:
        self._result.hide()
        self._pages.setCurrentWidget(self._desk)
        self._desk.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_cleared(self, result: Result | None) -> None:
        """Come back to the queue, with what came of the case in sight."""
        if result is not None:
            self._result.show_verdict(Meaning.ALLOWED, lambda: result.sentence, lambda: result.small)
        self._result.setVisible(result is not None)
        self._pages.setCurrentWidget(self._queue)
        self._show()
        self.activated()

    def _on_hinted(self, hint: object) -> None:
        if self._on_desk:
            self.set_hint(self._desk.words_of_hint)

    def _on_committed(self) -> None:
        if self.isVisible() and not self._on_desk:
            self._read()


def _goods(line: ReturnLine) -> str:
    return f"{name_of(Kind(line.kind))}  {line.line.name} × {format_quantity(line.quantity)}"


def _name_of(one: WaitingCase) -> str:
    first, others = _goods(one.lines[0]), len(one.lines) - 1
    if not others:
        return first
    return _n("{first} and {count} more", "{first} and {count} more", others).format(first=first, count=others)


def _since(at: dt.datetime, actor: Actor) -> str:
    here = at.astimezone(actor.zone)
    time = f"{here:%H:%M}"
    return time if here.date() == actor.today() else f"{day_words(here.date(), actor.today())} {time}"


def _row_of(one: WaitingCase, actor: Actor, risk: CaseRisk) -> Row:
    case, said = one.case, _reach_of(one, actor)
    signs = len(risk.told)
    stands_out = [_n("{count} sign of risk", "{count} signs of risk", signs).format(count=signs)] if signs else []
    return Row(
        key=case.id,
        name=_name_of(one),
        quiet=_DOT.join(
            (
                f"{case.preparer.name} {case.preparer.number}",
                _("Station {station}").format(station=case.station),
                receipt_number(one.record.receipt.number),
                *stands_out,
            )
        ),
        numbers=(_since(case.changed_at, actor), format_fen(case.amount)),
        verdict=RowVerdict(said.meaning, said.sentence, said.icon),
        faded=case.prepared_by == actor.person.person_id,
    )


def _row_beside(case: Case, title: str, actor: Actor) -> Row:
    said = _reach_beside(case, actor)
    who = f"{case.preparer.name} {case.preparer.number}"
    return Row(
        key=case.id,
        name=title,
        quiet=_DOT.join((who, _("Station {station}").format(station=case.station))),
        numbers=(_since(case.changed_at, actor), format_fen(case.amount) if case.amount else ""),
        verdict=RowVerdict(said.meaning, said.sentence, said.icon),
        faded=case.prepared_by == actor.person.person_id,
    )


def _reach_beside(case: Case, actor: Actor) -> VerdictText:
    if case.prepared_by == actor.person.person_id:
        return _own()
    return VerdictText(Meaning.ALLOWED, _("Waits at its desk"), _("Its desk shows what is to be signed."), "stamp")


def _own() -> VerdictText:
    return VerdictText(
        Meaning.NEUTRAL, _("Prepared by you"), _("Nobody approves what they prepared. Another person signs."), "user"
    )


def _reach_of(one: WaitingCase, actor: Actor) -> VerdictText:
    """Return whether whoever is signed in may sign the case, and who may otherwise."""
    person = actor.person
    if one.case.prepared_by == person.person_id:
        return _own()
    if person.role in one.signers and one.overrides:
        return VerdictText(
            Meaning.OVERRIDABLE, _("You may override"), _("A rule of the house speaks against it: write why."), "stamp"
        )
    if person.role in one.signers:
        return VerdictText(Meaning.ALLOWED, _("You may sign"), _("Three ticks and your PIN."), "stamp")
    if not one.signers:
        return VerdictText(Meaning.REFUSED, _("Beyond every limit"), _("Send it back, so that it is made smaller."))
    return VerdictText(
        Meaning.MISSING, _needed(one.signers[0]), _("You may look at it, or send it back with a reason.")
    )


def _needed(role: Role) -> str:
    return _("{role} needed").format(role=role_name(role))
