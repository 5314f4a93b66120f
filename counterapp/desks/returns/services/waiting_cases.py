"""What waits for a second signature at any station, and what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from counterapp.core.actor import Role
from counterapp.core.approvals import Approval
from counterapp.core.cases import Case
from counterapp.core.staff import Person
from counterapp.core.store_settings import store_settings
from counterapp.desks.returns.services.approval import signers_of
from counterapp.return_forms.models import ACT, APPROVED, REFUSED, WAITING, ReturnCase, ReturnForm, ReturnLine
from counterapp.return_forms.terms import Effect


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """A case that waits, with its case, preparer, receipt and lines, and the roles that may sign it, the least first.

    It waits since its case's `changed_at`: nothing about it changes until it is decided or taken back.
    """

    record: ReturnCase
    signers: tuple[Role, ...]

    @property
    def case(self) -> Case:
        """The case itself: code, who prepared it, where, and for how much."""
        return self.record.case

    @property
    def lines(self) -> list[ReturnLine]:
        """What comes back; lines that were refused for good are left out."""
        return [line for line in self.record.lines if line.effect != Effect.REFUSE]

    @property
    def overrides(self) -> bool:
        """Whether a rule of the house has to be overridden for it."""
        return any(line.effect == Effect.OVERRIDE for line in self.lines)


@dataclass(frozen=True, slots=True)
class Decided:
    """A case that no longer waits: its `state`, by whom, why it was sent back, and the numbers of its forms."""

    case_id: int
    state: str
    receipt: str
    signer: str
    reason: str
    numbers: tuple[int, ...]


def waiting_cases(session: Session, today: dt.date) -> tuple[WaitingCase, ...]:
    """Return the returns of all stations that wait for a second signature, the longest waiting first."""
    records = session.scalars(
        select(ReturnCase)
        .join(ReturnCase.case)
        .join(ReturnCase.receipt)
        .where(Case.state == WAITING)
        .order_by(Case.changed_at, Case.id)
        .options(
            contains_eager(ReturnCase.case).joinedload(Case.preparer, innerjoin=True),
            contains_eager(ReturnCase.receipt),
            selectinload(ReturnCase.lines).joinedload(ReturnLine.line, innerjoin=True),
        )
    ).all()
    if not records:
        return ()
    settings = store_settings(session)
    return tuple(WaitingCase(record, signers_of(record, settings, today)) for record in records)


def decided_among(session: Session, case_ids: Collection[int]) -> tuple[Decided, ...]:
    """Return what became of those of the cases that no longer wait."""
    gone = session.scalars(
        select(Case).where(Case.id.in_(case_ids), Case.state != WAITING).order_by(Case.changed_at, Case.id)
    ).all()
    return tuple(_decided(session, case) for case in gone)


def _decided(session: Session, case: Case) -> Decided:
    signer, reason = "", ""
    if case.state in {APPROVED, REFUSED}:
        signer, reason = session.execute(
            select(Person.name, Approval.reason)
            .join(Approval, Approval.signed_by == Person.id)
            .where(Approval.case_id == case.id, Approval.act == ACT)
            .order_by(Approval.id.desc())
            .limit(1)
        ).one()
    numbers = select(ReturnForm.number).where(ReturnForm.case_id == case.id).order_by(ReturnForm.number)
    return Decided(case.id, case.state, case.title, signer, reason, tuple(session.scalars(numbers)))
