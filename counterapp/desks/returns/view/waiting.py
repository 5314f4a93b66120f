"""How the returns desk shows its waiting cases in the queue of approvals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from counterapp.core.actor import Actor, Role, role_name
from counterapp.core.money import format_quantity
from counterapp.desks.returns.services.risk import CaseRisk, risk_of_waiting
from counterapp.desks.returns.services.waiting_cases import WaitingCase, waiting_cases
from counterapp.desks.returns.view.risk.recent import recent
from counterapp.desks.returns.view.risk.strip import RiskDialog, chips_of
from counterapp.return_forms.models import DESK, ReturnLine
from counterapp.return_forms.terms import Kind, Reason, name_of
from counterapp.return_forms.texts import receipt_number
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.ui.waiting import WaitingItem, prepared_by_you
from counterapp.ui.widgets import DOT
from counterapp.ui.widgets.panels import VerdictText
from counterapp.words import _, _n
from counterapp.work import StoreClient

_GOODS: Final = 8


class WaitingReturns:
    """The returns of all stations that wait, each with what stands out of it."""

    desk = DESK

    def __init__(self, context: ViewContext, client: StoreClient) -> None:
        self._context, self._client = context, client

    def read(self, session: Any, actor: Actor) -> Sequence[WaitingCase]:
        """Return the returns that wait, the longest waiting first."""
        return waiting_cases(session, actor.today())

    def read_warnings(self, session: Any, actor: Actor) -> Mapping[int, CaseRisk]:
        """Return what stands out of them, as whoever is signed in may see it."""
        return risk_of_waiting(session, recent(self._client).read(session, actor), actor.person)

    def item_of(self, found: WaitingCase, warning: CaseRisk | None, actor: Actor) -> WaitingItem:
        """Return the words of one return."""
        case, risk = found.case, warning or CaseRisk()
        goods = [f"{_goods(line)}{DOT}{name_of(Reason(str(line.reason)))}" for line in found.lines]
        shown = goods if len(goods) <= _GOODS else [*goods[: _GOODS - 1], "…"]
        receipt = receipt_number(found.record.receipt.number)
        signs = len(risk.told)
        stands_out = [_n("{count} sign of risk", "{count} signs of risk", signs).format(count=signs)] if signs else []
        own = case.prepared_by == actor.person.person_id
        return WaitingItem(
            case, _title_of(found), (receipt, *stands_out), (_("Receipt {number}").format(number=receipt), *shown),
            _reach_of(found, actor), _("Open the case") if own else _("Open the approval"), chips_of(risk), bool(signs),
        )  # fmt: skip

    def show_reasons(self, warning: CaseRisk) -> None:
        """Show what stands out of a return, with the cases behind it."""
        dialog = RiskDialog(self._context, self._client, warning, self._client.actor.today(), may_open=True)
        dialog.opens.connect(self._context.router.lead_to)
        self._context.dialogs.open(dialog)


def _goods(line: ReturnLine) -> str:
    return f"{name_of(Kind(line.kind))}  {line.line.name} × {format_quantity(line.quantity)}"


def _title_of(one: WaitingCase) -> str:
    first, others = _goods(one.lines[0]), len(one.lines) - 1
    if not others:
        return first
    return _n("{first} and {count} more", "{first} and {count} more", others).format(first=first, count=others)


def _reach_of(one: WaitingCase, actor: Actor) -> VerdictText:
    """Return whether whoever is signed in may sign the case, and who may otherwise."""
    person = actor.person
    if one.case.prepared_by == person.person_id:
        return prepared_by_you()
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
