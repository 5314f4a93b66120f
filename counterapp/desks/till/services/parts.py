"""Part 2 comes back from the tills: collected one by one, missed by its number, counted over to administration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, TypedDict

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from counterapp.core.actor import APPROVERS, Actor, Signer
from counterapp.core.staff import Person
from counterapp.core.store_settings import store_settings
from counterapp.core.typed import needed_text
from counterapp.desks.till.services.form_acceptance import TILL_ROLES, require_till
from counterapp.errors import NotAllowed, Refused
from counterapp.return_forms.closure import find_form
from counterapp.return_forms.models import (
    REDEEMED,
    RENEWED,
    SETTLED,
    VOID,
    FormClosure,
    PartTwo,
    PartTwoHandover,
    Redemption,
    ReturnForm,
    Settlement,
)
from counterapp.words import N_

_Rows = Select[*tuple[Any, ...]]

#: Where a form was taken, whichever way it ended there.
_till: Final[ColumnElement[str]] = func.coalesce(Redemption.till, Settlement.till)


class Collected(TypedDict):
    """A part 2 that has come back: its form's number and fen, and the till and cashier who took it."""

    number: int
    amount: int
    till: str
    cashier: str


@dataclass(frozen=True, slots=True)
class TakenForm:
    """A form that a till took: its fen, how it ended, when (UTC) and where; `receipt_no` of the goods, if any."""

    number: int
    amount: int
    how: str
    at: dt.datetime
    booked_on: dt.date
    till: str
    cashier_id: int
    cashier: str
    receipt_no: str


@dataclass(frozen=True, slots=True)
class Stack:
    """The part 2s of one cashier at one till: those that lie here and are not counted over yet (`count`, `amount` in
    fen; late ones of earlier days too), those of the day that are missing, and how many of the day are over."""

    till: str
    cashier_id: int
    cashier: str
    count: int
    amount: int
    missing: tuple[TakenForm, ...]
    over: int


def collect_part_two(session: Session, actor: Actor, code: str) -> Collected:
    """Take in the part 2 of the form that bears `code`, once.

    All three parts bear the same barcode, so that a part 3 laid on the stack shows as a second scan. Raises NotFound,
    NotAllowed, Refused for a form that no till took or whose part 2 is here already, Overtaken.
    """
    require_till(actor)
    form = find_form(session, code)
    number = f"{form.number:06}"
    taken = session.execute(_taken_forms().where(FormClosure.form_id == form.id)).one_or_none()
    if taken is None:
        how = session.scalar(select(FormClosure.how).where(FormClosure.form_id == form.id))
        raise Refused(_NOT_TAKEN.get(how or "", _UNUSED), number=number)
    here = session.execute(
        select(PartTwo.collected_at, Person.name, Person.number)
        .join(Person, Person.id == PartTwo.collected_by)
        .where(PartTwo.form_id == form.id)
    ).one_or_none()
    if here is not None:
        at = here.collected_at.astimezone(store_settings(session).zone_info)
        raise Refused(
            N_("Part 2 of form {number} is here already: since {at}, by {who}. Put this paper aside; it is part 3, or"
               " a copy."),
            number=number, at=f"{at:%m-%d %H:%M}", who=f"{here.name} {here.number}",
        )  # fmt: skip
    session.add(
        PartTwo(
            form_id=form.id, how=taken.how, case_id=form.case_id, amount=form.amount, statutory=form.statutory,
            collected_at=actor.now(), collected_by=actor.person.person_id, station=actor.station,
        )
    )  # fmt: skip
    session.flush()
    one = _read(taken)
    return Collected(number=one.number, amount=one.amount, till=one.till, cashier=one.cashier)


def missing_parts(session: Session, day: dt.date) -> tuple[TakenForm, ...]:
    """Return the forms taken on the business day whose part 2 has not come back, by till, cashier and number."""
    missing = _taken_forms().where(FormClosure.booked_on == day, PartTwo.form_id.is_(None))
    return _sorted(_read(row) for row in session.execute(missing))


def stacks(session: Session, day: dt.date) -> tuple[Stack, ...]:
    """Return what lies here and what is missing of the business day, by till and cashier; late ones are counted in."""
    waits = PartTwo.form_id.is_not(None) & PartTwo.handover_id.is_(None)
    wanted = _taken_forms().where(FormClosure.booked_on <= day, waits | (FormClosure.booked_on == day))
    rows = [(_read(row), row.collected_at is not None, row.handover_id is not None) for row in session.execute(wanted)]
    rows.sort(key=lambda row: _place(row[0]))
    found = []
    for (till, _name, cashier_id), group in groupby(rows, key=lambda row: _place(row[0])[:3]):
        of_one = list(group)
        lie = [one for one, collected, over in of_one if collected and not over]
        missing = tuple(one for one, collected, _over in of_one if not collected)
        over = sum(over for _one, _collected, over in of_one)
        found.append(
            Stack(
                till, cashier_id, of_one[0][0].cashier, len(lie), sum(one.amount for one in lie), missing, over
            )
        )  # fmt: skip
    return tuple(found)


def hand_over(
    session: Session,
    actor: Actor,
    signer: Signer,
    day: dt.date,
    till: str,
    received_by: str,
    cashier_id: int | None = None,
) -> int:
    """Count a cashier's stack over to administration; return the handover's id.

    The cashier gives it, and signs either as `actor` or as `signer`; the other one of the two counts it. For an absent
    cashier (`cashier_id`, else the signer) an approver gives it. `received_by` is administration's name. It takes
    whatever has come back of that till and cashier and is not over yet, late ones of earlier days too, and names the
    numbers of the day that are missing. Raises NotAllowed, BadInput, Refused where there is nothing to count over.
    """
    require_till(actor)
    cashier_id = cashier_id or signer.person_id
    gives, counts = (actor.person, signer) if actor.person.person_id == cashier_id else (signer, actor.person)
    if gives.person_id == counts.person_id:
        raise NotAllowed(N_("Whoever hands over and whoever counts are two people. Ask somebody else to sign."))
    if signer.role not in TILL_ROLES or (gives.person_id != cashier_id and gives.role not in APPROVERS):
        raise NotAllowed(N_("The cashier who took these forms signs, or an approver in their place."))
    received_by = needed_text(received_by, _NAME, N_("Write who receives the stack in administration."))
    stack = _joined(select(FormClosure.form_id)).where(
        FormClosure.booked_on <= day, FormClosure.ended_by == cashier_id, _till == till
    )
    # Two who count the same stack over meet here: the second finds nothing left.
    lying = session.scalars(
        select(PartTwo)
        .where(PartTwo.form_id.in_(stack), PartTwo.handover_id.is_(None))
        .order_by(PartTwo.form_id)
        .with_for_update()
    ).all()
    if not lying:
        raise Refused(N_("Nothing of till {till} is left to count over. Scan the stack first."), till=till)
    missing = [one.number for one in missing_parts(session, day) if (one.till, one.cashier_id) == (till, cashier_id)]
    handover = PartTwoHandover(
        booked_on=day, till=till, count=len(lying), amount=sum(one.amount for one in lying), missing=missing,
        given_by=gives.person_id, counted_by=counts.person_id, received_by=received_by,
        signed_at=actor.now(),
    )  # fmt: skip
    session.add(handover)
    session.flush()
    for one in lying:
        one.handover_id = handover.id
    session.flush()
    return handover.id


_NAME: Final = 40
_UNUSED: Final = N_(
    "Form {number} has not been used at any till: it is still money. Put it aside, and find out whose it is."
)
_NOT_TAKEN: Final = {
    VOID: N_("Form {number} is void. Its parts stay with customer service."),
    RENEWED: N_("Form {number} was issued anew. Its parts stay with customer service."),
}


def _joined(wanted: _Rows) -> _Rows:
    """Add what tells where a form was taken to a selection from the ends of forms that a till took."""
    return (
        wanted.outerjoin(Redemption, Redemption.form_id == FormClosure.form_id)
        .outerjoin(Settlement, Settlement.form_id == FormClosure.form_id)
        .where(FormClosure.how.in_([REDEEMED, SETTLED]))
    )


def _taken_forms() -> _Rows:
    columns = select(
        ReturnForm.number, FormClosure.amount, FormClosure.how, FormClosure.ended_at, FormClosure.booked_on,
        _till.label("till"), FormClosure.ended_by, Person.name, Person.number.label("staff_number"),
        Redemption.receipt_no, PartTwo.collected_at, PartTwo.handover_id,
    )  # fmt: skip
    rows = columns.join(ReturnForm, ReturnForm.id == FormClosure.form_id).join(
        Person, Person.id == FormClosure.ended_by
    )
    return _joined(rows.outerjoin(PartTwo, PartTwo.form_id == FormClosure.form_id))


def _read(row: Any) -> TakenForm:
    return TakenForm(
        number=row.number, amount=row.amount, how=row.how, at=row.ended_at, booked_on=row.booked_on, till=row.till,
        cashier_id=row.ended_by, cashier=f"{row.name} {row.staff_number}", receipt_no=row.receipt_no or "",
    )  # fmt: skip


def _place(one: TakenForm) -> tuple[str, str, int, int]:
    return one.till, one.cashier, one.cashier_id, one.number


def _sorted(taken: Iterable[TakenForm]) -> tuple[TakenForm, ...]:
    return tuple(sorted(taken, key=_place))
