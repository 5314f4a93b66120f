"""A form comes to the till: what is seen of it, and who may take it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core.actor import APPROVERS, Actor, Role
from counterapp.core.approvals import Approval
from counterapp.core.business_day import latest_day
from counterapp.core.cases import Case
from counterapp.core.print_queue import prints_of
from counterapp.core.receipts import Receipt
from counterapp.core.staff import Person
from counterapp.core.store_settings import TillSettings, store_settings
from counterapp.errors import NotAllowed, Refused
from counterapp.return_forms.closure import closure_of, find_form, refusal_of_closed
from counterapp.return_forms.models import Renewal, ReturnCase, ReturnForm
from counterapp.return_forms.settlement import how_rest_goes, may_become_money
from counterapp.return_forms.terms import Kind
from counterapp.words import N_

#: Those who take forms.
TILL_ROLES: Final = frozenset({Role.CASHIER, *APPROVERS})

GOOD: Final = "good"
EXPIRED: Final = "expired"


@dataclass(frozen=True, slots=True)
class FormAtTill:
    """What the till sees of a form: `amount` in fen, what it came for and who signed it.

    `state` is "good", "expired", or how the form ended; `why` says what speaks against taking it, None where it is
    good. `copies` counts its reprints; `payable`: what is expired, or left over, may become money, by the `rules`.
    """

    number: int
    code: str
    kind: str
    origin: str
    amount: int
    state: str
    why: Refused | None
    expires_on: dt.date
    statutory: bool
    settlement: str
    payable: bool
    rules: TillSettings
    copies: int
    receipt_no: str
    tender: str
    clerk: str
    supervisor: str

    @property
    def may_be_renewed(self) -> bool:
        """Whether it has expired, and is issued anew on a signature."""
        return self.state == EXPIRED and self.statutory

    def rest_goes(self, fen: int) -> str:
        """Return what becomes of `fen` that are left over."""
        return how_rest_goes(self.rules, statutory=self.statutory, payable=self.payable, fen=fen)


def get_form(session: Session, actor: Actor, code: str) -> FormAtTill:
    """Return what the till sees of the form that bears `code`. Raises NotFound for one of another store, NotAllowed."""
    require_till(actor)
    form = find_form(session, code)
    found = session.execute(
        select(Receipt, ReturnCase.entered, Person.name, Person.number)
        .join(ReturnCase, ReturnCase.receipt_id == Receipt.id)
        .join(Case, Case.id == ReturnCase.case_id)
        .join(Person, Person.id == Case.prepared_by)
        .where(ReturnCase.case_id == form.case_id)
    ).one()
    receipt, entered, clerk, clerk_number = found
    signed = session.execute(
        select(Person.name, Person.number)
        .join(Approval, Approval.signed_by == Person.id)
        .where(Approval.id == form.approval_id)
    ).one()
    rules = store_settings(session).till
    state, why = _state(session, form, actor.today())
    return FormAtTill(
        number=form.number,
        code=form.code,
        kind=form.kind,
        origin=form.origin,
        amount=form.amount,
        state=state,
        why=why,
        expires_on=form.expires_on,
        statutory=form.statutory,
        settlement=form.settlement,
        payable=form.kind == Kind.REFUND and may_become_money(session, receipt, entered, rules),
        rules=rules,
        copies=prints_of(session, form.job_id)[-1].copy,
        receipt_no=receipt.number,
        tender=receipt.tender,
        clerk=f"{clerk} {clerk_number}",
        supervisor=f"{signed.name} {signed.number}",
    )


def turn_away(session: Session, actor: Actor, code: str) -> None:
    """Say, and have it journalled as every refused attempt, why a form that was presented is not taken.

    Raises Refused, NotFound; nothing where the form is good.
    """
    why = get_form(session, actor, code).why
    if why is not None:
        raise why


def take_form(session: Session, actor: Actor, code: str, *, expired: bool = False) -> ReturnForm:
    """Return the form, held until the transaction ends, where the actor may take it and it has not ended.

    One that has `expired` is taken only where that is asked for, and what the law gives is in it. Raises NotFound,
    NotAllowed, Refused.
    """
    require_till(actor)
    form = find_form(session, code, held=True)
    state, why = _state(session, form, latest_day(session, actor.today()))
    if why is not None and not (expired and state == EXPIRED and form.statutory):
        raise why
    _require_a_third(session, actor, form)
    return form


def require_till(actor: Actor) -> None:
    """Raise NotAllowed for whoever takes no forms."""
    if actor.person.role not in TILL_ROLES:
        raise NotAllowed(N_("Your role takes no forms. Send the customer to a till."))


def till_of(actor: Actor, till: str = "") -> str:
    """Return how the till is called in the records: what it is given, or the station's name."""
    return (till or actor.station)[:_LONGEST]


def is_expired(form: ReturnForm, today: dt.date) -> bool:
    """Whether the form's last day is over."""
    return form.expires_on < today


def _state(session: Session, form: ReturnForm, today: dt.date) -> tuple[str, Refused | None]:
    already = closure_of(session, form.id)
    if already is not None:
        return already.how, refusal_of_closed(form.number, already)
    if not is_expired(form, today):
        return GOOD, None
    said = _EXPIRED_BY_LAW if form.statutory else _EXPIRED
    return EXPIRED, Refused(said, number=f"{form.number:06}", day=f"{form.expires_on:%Y-%m-%d}")


#: As many characters as the records keep.
_LONGEST: Final = 40
_EXPIRED: Final = N_("Form {number} has expired: it was good until {day}. Do not take it.")
_EXPIRED_BY_LAW: Final = N_(
    "Form {number} has expired: it was good until {day}. The law gives this refund: with a second signature it is"
    " paid, or issued anew."
)


def _require_a_third(session: Session, actor: Actor, form: ReturnForm) -> None:
    """Let nobody take a form that they prepared or approved: it bears three people's signatures."""
    prepared, signed = session.execute(
        select(Approval.prepared_by, Approval.signed_by).where(Approval.id == form.approval_id)
    ).one()
    anew = session.scalar(select(Renewal.signed_by).where(Renewal.next_id == form.id))
    if actor.person.person_id in {prepared, signed, anew}:
        raise NotAllowed(
            N_("Form {number} bears your own signature already. Somebody else takes it at the till."),
            number=f"{form.number:06}",
        )
