"""The exit auditor at the door: a form is held against the goods that were taken for it, and what was found is kept.

Nothing here tells who the customer is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from counterapp.core.actor import APPROVERS, Actor, Role
from counterapp.core.business_day import booking_day
from counterapp.core.money import format_quantity
from counterapp.core.receipts import FROM_TILL, Receipt
from counterapp.core.staff import Person
from counterapp.desks.exit_check.models import DIFFERS, MATCHES, ExitCheck
from counterapp.errors import BadInput, NotAllowed, Refused
from counterapp.return_forms.closure import Closure, closure_of, find_form
from counterapp.return_forms.models import REDEEMED, RENEWED, SETTLED, Redemption, Renewal, ReturnForm, Settlement
from counterapp.words import N_

#: Who stands at the door, and who looks after what was found there.
EXIT_CHECK_ROLES: Final = frozenset({Role.AUDITOR, *APPROVERS})

#: How a form stands that has not ended.
GOOD: Final = "good"
EXPIRED: Final = "expired"

FOUND: Final = "found"
MISSING: Final = "missing"
LONGEST_NOTE: Final = 400


@dataclass(frozen=True, slots=True)
class PurchasedLine:
    """A line of the new receipt: `quantity` in thousandths, what the till took off again left out."""

    line_no: int
    item_no: str
    barcode: str
    item: str
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True)
class NewReceipt:
    """The receipt of the goods that were taken for a form, `total` in fen.

    `sold_at` is the store's local time, None where the receipt is not in the store's data yet: then `lines` is empty,
    and till and total are what the cashier entered. `shared` are the numbers of other forms that were used for it.
    """

    number: str
    till: str
    total: int
    sold_at: dt.datetime | None
    cashier: str
    lines: tuple[PurchasedLine, ...]
    shared: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """What was found at the door; `at` in the store's time, `items` found or missing by their places on the receipt."""

    at: dt.datetime
    by: str
    station: str
    finding: str
    note: str
    items: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ExitCheckDetails:
    """A form as the auditor sees it; `amount` in fen.

    `state` is how it ended (REDEEMED, SETTLED, VOID, RENEWED), else GOOD or EXPIRED. `paid` is how it was paid out,
    `next_form` the number of the one that took its place. `checks` are all of them, the last one first; `today` is the
    store's day.
    """

    code: str
    number: int
    amount: int
    state: str
    expires_on: dt.date
    end: Closure | None
    receipt: NewReceipt | None
    paid: str
    next_form: int | None
    checks: tuple[Check, ...]
    today: dt.date

    @property
    def may_pass(self) -> bool:
        """Whether goods may leave on it, or nothing at all is carried for it."""
        return self.state in {REDEEMED, SETTLED}

    @property
    def checked_today(self) -> Check | None:
        """The last check of this day, None where it is the first time that the form is shown."""
        return next((check for check in self.checks if check.at.date() == self.today), None)


def get_form(session: Session, actor: Actor, code: str) -> ExitCheckDetails:
    """Return the form that bears `code`, with what was taken for it. Raises NotFound, NotAllowed."""
    _require_role(actor)
    form = find_form(session, code)
    end, today = closure_of(session, form.id), actor.today()
    how = end.how if end is not None else ""
    renewed = select(ReturnForm.number).join(Renewal, Renewal.next_id == ReturnForm.id)
    return ExitCheckDetails(
        code=form.code,
        number=form.number,
        amount=form.amount,
        state=how or (EXPIRED if form.expires_on < today else GOOD),
        expires_on=form.expires_on,
        end=end,
        receipt=_new_receipt(session, form) if how == REDEEMED else None,
        paid=_paid(session, form) if how == SETTLED else "",
        next_form=session.scalar(renewed.where(Renewal.form_id == form.id)) if how == RENEWED else None,
        checks=_checks(session, actor, form.id),
        today=today,
    )


def record(
    session: Session, actor: Actor, code: str, finding: str, counted: Mapping[int, int] | None = None, note: str = ""
) -> int:
    """Keep what was found at the door, MATCHES or DIFFERS; return the check's id.

    `counted` are the thousandths that were there, by line number of the new receipt, where they do not agree; what is
    not named was found. Raises BadInput for a difference that is not told and for a line that is not there, Refused for
    goods that would pass on a form that nobody has redeemed, NotFound, NotAllowed.
    """
    _require_role(actor)
    form = find_form(session, code)
    end = closure_of(session, form.id)
    if finding == MATCHES and (end is None or end.how not in {REDEEMED, SETTLED}):
        raise Refused(
            N_("Nothing was taken for form {number}, so that nothing can match. Do not let goods pass on it."),
            number=f"{form.number:06}",
        )
    receipt = _new_receipt(session, form) if end is not None and end.how == REDEEMED else None
    lines = receipt.lines if receipt is not None else ()
    sold = {line.line_no: line.quantity for line in lines}
    counted = counted or {}
    if (finding == MATCHES and counted) or any(no not in sold or there < 0 for no, there in counted.items()):
        raise BadInput(N_("What was marked does not fit the receipt. Scan the form again."))
    different = {no: there for no, there in counted.items() if there != sold[no]}
    told = _told(lines, different, note)
    if finding == DIFFERS and not told:
        raise BadInput(N_("Mark what is different, or say it in a few words."))
    check = ExitCheck(
        form_id=form.id, finding=finding, note=told,
        items={str(line.line_no): MISSING if line.line_no in different else FOUND for line in lines},
        checked_at=actor.now(), booked_on=booking_day(session, actor), checked_by=actor.person.person_id,
        station=actor.station,
    )  # fmt: skip
    session.add(check)
    session.flush()
    return check.id


def _require_role(actor: Actor) -> None:
    if actor.person.role not in EXIT_CHECK_ROLES:
        raise NotAllowed(N_("Forms are checked at the door by the exit auditor. Ask one, or a supervisor."))


def _told(lines: tuple[PurchasedLine, ...], different: Mapping[int, int], note: str) -> str:
    """Return the differences in words of any language ("毛巾 1/2"), and what was written besides."""
    counts = [
        f"{line.item} {format_quantity(different[line.line_no])}/{format_quantity(line.quantity)}"
        for line in lines
        if line.line_no in different
    ]
    text = "; ".join(filter(None, (note.strip(), *counts)))
    return text if len(text) <= LONGEST_NOTE else f"{text[: LONGEST_NOTE - 1]}…"


def _new_receipt(session: Session, form: ReturnForm) -> NewReceipt:
    redeemed = session.scalars(select(Redemption).where(Redemption.form_id == form.id)).one()
    shared = session.scalars(
        select(ReturnForm.number)
        .join(Redemption, Redemption.form_id == ReturnForm.id)
        .where(Redemption.receipt_no == redeemed.receipt_no, ReturnForm.id != form.id)
        .order_by(ReturnForm.number)
    ).all()
    # What a customer brought without a receipt stands there as one, too; nobody buys on it.
    receipt = session.scalars(
        select(Receipt)
        .where(Receipt.number == redeemed.receipt_no, Receipt.source == FROM_TILL)
        .options(selectinload(Receipt.lines))
    ).one_or_none()
    if receipt is None:
        return NewReceipt(redeemed.receipt_no, redeemed.till, redeemed.receipt_fen, None, "", (), tuple(shared))
    lines = tuple(
        PurchasedLine(line.line_no, line.item_no, line.barcode, line.name, line.sold, line.paid)
        for line in receipt.lines
        if line.sold > 0
    )
    return NewReceipt(
        receipt.number, receipt.till, receipt.total, receipt.sold_at, receipt.cashier, lines, tuple(shared)
    )


def _paid(session: Session, form: ReturnForm) -> str:
    return session.scalars(select(Settlement.method).where(Settlement.form_id == form.id)).one()


def _checks(session: Session, actor: Actor, form_id: int) -> tuple[Check, ...]:
    rows = session.execute(
        select(ExitCheck, Person.name, Person.number)
        .join(Person, Person.id == ExitCheck.checked_by)
        .where(ExitCheck.form_id == form_id)
        .order_by(ExitCheck.id.desc())
    )
    return tuple(
        Check(
            check.checked_at.astimezone(actor.zone), f"{name} {number}", check.station, check.finding, check.note,
            check.items,
        )
        for check, name, number in rows
    )  # fmt: skip
