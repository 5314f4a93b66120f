"""What the cash office sees: the penalties for lost tokens whose official receipt is still to come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from counterapp.core.actor import Actor
from counterapp.core.cases import Case
from counterapp.core.codes import grouped
from counterapp.core.masking import Mask, masked
from counterapp.core.staff import Person
from counterapp.desks.bagcheck.models import DESK, Deposit, LostToken
from counterapp.desks.bagcheck.rules import Act, require
from counterapp.errors import NotFound, Refused
from counterapp.words import N_


@dataclass(frozen=True, slots=True)
class OpenPenalty:
    """A penalty form that waits for its receipt: `number` and `code` stand on it, `amount_fen` is what was taken.

    `fee` is what the store calls it, `name` the customer's, masked, `clerk` who took the money. `deposit_id` and
    `revision` go back with the receipt's number (`lost_tokens.receive_penalty`). Nothing of what was deposited is here.
    """

    number: int
    code: str
    token: str
    place: str
    amount_fen: int
    fee: str
    name: str
    clerk: str
    charged_at: dt.datetime
    deposit_id: int
    revision: int


def open_penalties(session: Session, actor: Actor) -> tuple[OpenPenalty, ...]:
    """Return the penalties without an official receipt, the oldest first. Raises NotAllowed."""
    require(actor.person.role, Act.RECEIVE)
    waiting = _penalties().where(LostToken.receipt_no.is_(None)).order_by(LostToken.penalty_no)
    return tuple(_open(*row) for row in session.execute(waiting))


def penalty_by_code(session: Session, actor: Actor, code: str) -> OpenPenalty:
    """Return the open penalty of the form with this code.

    Raises NotFound for a paper that is no penalty form, Refused where its receipt is in; NotAllowed.
    """
    require(actor.person.role, Act.RECEIVE)
    found = session.execute(_penalties().where(Case.code == code)).one_or_none()
    if found is None:
        raise NotFound(N_("{code} is on no penalty form. Scan the code of the form."), code=grouped(code))
    lost: LostToken = found[0]
    if lost.receipt_no is not None:
        raise Refused(
            N_("Form No. {number} has its receipt already: {receipt}."), number=lost.penalty_no, receipt=lost.receipt_no
        )
    return _open(*found)


def _penalties() -> Select[LostToken, Case, Deposit, Person]:
    return (
        select(LostToken, Case, Deposit, Person)
        .join(Case, Case.id == LostToken.case_id)
        .join(Deposit, Deposit.lost_id == LostToken.id)
        .join(Person, Person.id == LostToken.charged_by)
        .where(LostToken.penalty_no.is_not(None), Case.desk == DESK)
    )


def _open(lost: LostToken, case: Case, deposit: Deposit, clerk: Person) -> OpenPenalty:
    assert lost.penalty_no is not None  # as asked for
    assert lost.penalty_fen is not None
    assert lost.charged_at is not None
    return OpenPenalty(
        lost.penalty_no, case.code, lost.token, f"{lost.locker} {lost.place}".strip(), lost.penalty_fen, lost.fee,
        masked(lost.name, Mask.NAME), clerk.name_and_number, lost.charged_at, deposit.id, case.revision,
    )  # fmt: skip
