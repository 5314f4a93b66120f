"""How the forms of a case stand: good, used, paid, void or issued anew; and what such a form bears when it prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from counterapp import words
from counterapp.core.claims import RETURNS, LineClaim
from counterapp.core.print_queue import PrintJob
from counterapp.core.staff import Person
from counterapp.return_forms.closure import Closure, closure_of
from counterapp.return_forms.models import REDEEMED, RENEWED, SETTLED, VOID, Redemption, Renewal, ReturnForm, Void
from counterapp.return_forms.printouts.marking import marked
from counterapp.words import N_, Language
from printers.document import Document, Pages, from_json


@dataclass(frozen=True, slots=True)
class VoidDetails:
    """Why a form is void, and who signed that: "王丽 6012"; where one of them was absent, who stood in for them."""

    reason: str
    clerk: str
    signer: str
    clerk_absent: bool
    approver_absent: bool
    parts: tuple[int, ...]
    note: str


@dataclass(frozen=True, slots=True)
class FormStatus:
    """A form of a case: `amount` in fen, how it `ended` (None while it is good), and what is told of it if void."""

    number: int
    code: str
    amount: int
    origin: str
    ended: Closure | None
    void: VoidDetails | None


def form_statuses(session: Session, case_id: int) -> tuple[FormStatus, ...]:
    """Return the forms of a case as they stand, by number."""
    forms = session.scalars(select(ReturnForm).where(ReturnForm.case_id == case_id).order_by(ReturnForm.number)).all()
    return tuple(_status_of(session, form) for form in forms)


def held_by(session: Session, case_id: int) -> dict[int, tuple[int, int]]:
    """Return what a case holds of receipt lines, thousandths and fen by line id; what is void it holds no more."""
    rows = session.execute(
        select(LineClaim.line_id, LineClaim.delta, LineClaim.delta_fen).where(
            LineClaim.case_id == case_id, LineClaim.pool == RETURNS
        )
    )
    held: dict[int, tuple[int, int]] = {}
    for line_id, delta, fen in rows:
        quantity, amount = held.get(line_id, (0, 0))
        held[line_id] = (quantity + delta, amount + fen)
    return {line_id: (quantity, fen) for line_id, (quantity, fen) in held.items() if quantity}


def former_of(session: Session, form: ReturnForm) -> ReturnForm:
    """Return the form that `form` comes from: the expired one, or the one whose rest it is."""
    former = select(Renewal.form_id.label("id")).where(Renewal.next_id == form.id)
    spent = select(Redemption.form_id.label("id")).where(Redemption.rest_form_id == form.id)
    before = former.union(spent).subquery()
    return session.scalars(select(ReturnForm).join(before, before.c.id == ReturnForm.id)).one()


def with_status_mark(session: Session, form: ReturnForm, paper: Language) -> Document:
    """Return the form as it printed; one that has ended says so on each part, so that nobody takes it for good."""
    document = from_json(session.get_one(PrintJob, form.job_id).document)
    how = closure_of(session, form.id)
    if how is None or not isinstance(document, Pages):
        return document
    said = words.language(paper).gettext
    told = [
        said(N_("{what} on {at:%Y-%m-%d %H:%M} at station {station} by {who}")).format(
            what=said(_MARKS[how.how]), at=how.at, station=how.station, who=how.who
        )
    ]
    if how.receipt_no:
        told.append(said(N_("for receipt {receipt}")).format(receipt=how.receipt_no))
    void = _void_of(session, form.id)
    if void is not None:
        told.append(said(N_("signed by {name}")).format(name=void.signer))
        told.append(void.reason)
    # The word is Chinese as the form's labels are.
    mark = words.language("zh").gettext(_MARKS[how.how])
    return marked(document, mark, " · ".join(told), struck=how.how == VOID)


_MARKS: Final = {
    VOID: N_("Void"),
    REDEEMED: N_("Used"),
    SETTLED: N_("Paid out"),
    RENEWED: N_("Issued anew"),
}


def _status_of(session: Session, form: ReturnForm) -> FormStatus:
    how = closure_of(session, form.id)
    void = _void_of(session, form.id) if how is not None and how.how == VOID else None
    return FormStatus(form.number, form.code, form.amount, form.origin, how, void)


def _void_of(session: Session, form_id: int) -> VoidDetails | None:
    clerk, signer = aliased(Person), aliased(Person)
    found = session.execute(
        select(Void, clerk, signer)
        .join(clerk, clerk.id == Void.clerk_by)
        .join(signer, signer.id == Void.signed_by)
        .where(Void.form_id == form_id)
    ).one_or_none()
    if found is None:
        return None
    void, made, signed = found
    return VoidDetails(
        reason=void.reason,
        clerk=made.name_and_number,
        signer=signed.name_and_number,
        clerk_absent=void.clerk_absent,
        approver_absent=void.approver_absent,
        parts=tuple(void.parts),
        note=void.note,
    )
