"""Second signatures: one table for all desks, and no way to sign one's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from counterapp.core import journal
from counterapp.core.actor import Actor, Signer
from counterapp.core.base import Base, BigInt, UtcDateTime
from counterapp.core.cases import Case
from counterapp.errors import NotAllowed
from counterapp.words import N_

APPROVED = "approved"
REFUSED = "refused"


class Approval(Base):
    """What a second person decided of an act on a case, with the ticks they set and the reason they gave.

    `prepared_by` is the case's own (composite foreign key) and differs from `signed_by` (check): the database itself
    refuses an approval of one's own, whatever program writes it.
    """

    __tablename__ = "approvals"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "prepared_by"], ["cases.id", "cases.prepared_by"]),
        UniqueConstraint("id", "case_id", "act", "decision"),
        # For records on which whoever acts must not be whoever signed.
        Index("uq_approvals_signed", "id", "case_id", "act", "decision", "signed_by", unique=True),
        CheckConstraint("prepared_by <> signed_by", name="two_people"),
        CheckConstraint("decision IN ('approved', 'refused')", name="decision"),
        CheckConstraint("decision = 'approved' OR reason <> ''", name="refusal_has_reason"),
    )
    __journal__ = True
    __append_only__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigInt, index=True)
    act: Mapped[str] = mapped_column(String(20))
    decision: Mapped[str] = mapped_column(String(10))
    prepared_by: Mapped[int] = mapped_column(BigInt)
    signed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    role: Mapped[str] = mapped_column(String(20))
    station: Mapped[str] = mapped_column(String(40))
    signed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ticks: Mapped[list[str]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(400), default="")


def sign(
    session: Session,
    actor: Actor,
    case: Case,
    signer: Signer,
    act: str,
    *,
    decision: str,
    ticks: Sequence[str] = (),
    reason: str = "",
) -> Approval:
    """Record what `signer` decided of `act` on `case`. Raises NotAllowed where they prepared it themselves."""
    if signer.person_id == case.prepared_by:
        raise NotAllowed(
            N_("Nobody approves what they prepared themselves. Ask another person with the right to approve.")
        )
    approval = Approval(
        case_id=case.id, act=act, decision=decision, prepared_by=case.prepared_by, signed_by=signer.person_id,
        role=signer.role.value, station=actor.station, signed_at=actor.now(), ticks=list(ticks), reason=reason.strip(),
    )  # fmt: skip
    session.add(approval)
    journal.signed_also(session, signer.person_id)
    return approval
