"""How a form ends, once: the one place through which it is redeemed, settled, made void or renewed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core.actor import Actor
from counterapp.core.business_day import booking_day
from counterapp.core.codes import grouped
from counterapp.core.staff import Person
from counterapp.core.store_settings import store_settings
from counterapp.errors import NotFound, Refused
from counterapp.return_forms.models import RENEWED, SETTLED, VOID, FormClosure, Redemption, ReturnForm
from counterapp.words import N_


@dataclass(frozen=True, slots=True)
class Closure:
    """How a form ended: when in the store's time, by whom and at which station; for which receipt where it was used."""

    how: str
    at: dt.datetime
    who: str
    station: str
    receipt_no: str


def find_form(session: Session, code: str, *, held: bool = False) -> ReturnForm:
    """Return the form that bears the barcode `code`; `held` until the transaction ends. Raises NotFound."""
    wanted = select(ReturnForm).where(ReturnForm.code == code)
    form = session.scalars(wanted.with_for_update() if held else wanted).one_or_none()
    if form is None:
        raise NotFound(
            N_("{code} is no form of this store. Do not take it; call the customer service counter."),
            code=grouped(code),
        )
    return form


def closure_of(session: Session, form_id: int) -> Closure | None:
    """Return how the form ended, None while it is good."""
    found = session.execute(
        select(
            FormClosure.how,
            FormClosure.ended_at,
            Person.name,
            Person.number,
            FormClosure.station,
            Redemption.receipt_no,
        )
        .join(Person, Person.id == FormClosure.ended_by)
        .outerjoin(Redemption, Redemption.form_id == FormClosure.form_id)
        .where(FormClosure.form_id == form_id)
    ).one_or_none()
    if found is None:
        return None
    how, at, name, number, station, receipt_no = found
    zone = store_settings(session).zone_info
    return Closure(how, at.astimezone(zone), f"{name} {number}", station, receipt_no or "")


def close_form(session: Session, actor: Actor, form: ReturnForm, how: str) -> FormClosure:
    """End a form, in the business day that is open. Raises Refused where it has ended already, and says how.

    Of two who race the database lets one win; the other's becomes Overtaken.
    """
    already = closure_of(session, form.id)
    if already is not None:
        raise refusal_of_closed(form.number, already)
    end = FormClosure(
        form_id=form.id, how=how, case_id=form.case_id, amount=form.amount, statutory=form.statutory,
        ended_at=actor.now(), booked_on=max(booking_day(session, actor), form.booked_on),
        ended_by=actor.person.person_id,
        station=actor.station,
    )  # fmt: skip
    session.add(end)
    session.flush()  # before whatever refers to it
    return end


def refusal_of_closed(number: int, already: Closure) -> Refused:
    """Return what to say of a form that has ended: when, where and by whom."""
    return Refused(
        _ENDED.get(already.how, _USED),
        number=f"{number:06}", at=f"{already.at:%m-%d %H:%M}", station=already.station, who=already.who,
        receipt=already.receipt_no,
    )  # fmt: skip


_USED: Final = N_(
    "Form {number} was used already: on {at} at station {station} by {who}, for receipt {receipt}. Do not take it."
)
_ENDED: Final = {
    SETTLED: N_("Form {number} was paid out already: on {at} at station {station} by {who}. Do not take it."),
    VOID: N_("Form {number} is void: since {at}, at station {station}, by {who}. Do not take it."),
    RENEWED: N_("Form {number} was issued anew: on {at} at station {station} by {who}. Take only the new one."),
}
