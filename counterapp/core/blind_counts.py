"""Counting without knowing what should be there: a float, tokens, gifts, carts.

Whoever counts is never told what is expected. A count that does not come to it is counted again by another person; what
still differs then takes a reason and, from an amount on, a signature. Every count stays as it was entered.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping, Set
from dataclasses import dataclass

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from counterapp.core import journal
from counterapp.core.actor import APPROVERS, Actor, Role, Signer
from counterapp.core.base import Base, BigInt, UtcDateTime, partial_index
from counterapp.core.typed import typed_text
from counterapp.errors import BadInput, NotAllowed, Overtaken, Refused
from counterapp.words import N_


class BlindCount(Base):
    """The `nth` count of a `subject` on an `occasion`: `pieces` by what they are, `counted` and `should` in one unit.

    The one that `settles` holds; none that differs by more than `free` does unless two people counted.
    """

    __tablename__ = "blind_counts"
    __table_args__ = (
        UniqueConstraint("subject", "occasion", "nth"),
        partial_index("uq_blind_counts_settled", "subject", "occasion", where="settles", unique=True),
        Index("ix_blind_counts_subject", "subject", "counted_at"),
        CheckConstraint("difference = counted - should", name="difference"),
        CheckConstraint("nth >= 1 AND counted >= 0", name="counts_up"),
        CheckConstraint(
            "NOT settles OR abs(difference) <= free OR (first_by <> counted_by AND reason <> '')",
            name="counted_by_two_people",
        ),
        CheckConstraint("signed_by <> counted_by", name="signed_by_another"),
    )
    __journal__ = True
    __append_only__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    subject: Mapped[str] = mapped_column(String(40))
    occasion: Mapped[str] = mapped_column(String(40))
    nth: Mapped[int]
    pieces: Mapped[dict[str, int]] = mapped_column(JSON)
    counted: Mapped[int] = mapped_column(BigInt)
    should: Mapped[int] = mapped_column(BigInt)
    difference: Mapped[int] = mapped_column(BigInt)
    free: Mapped[int] = mapped_column(BigInt)
    settles: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(400))
    counted_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    counted_on: Mapped[dt.date] = mapped_column(index=True)
    counted_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    first_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


@dataclass(frozen=True, slots=True)
class CountRule:
    """What a difference asks for: up to `free` nothing, then another person's count and a reason, from `signed_from` on
    the signature of one of `signers`; None: never."""

    free: int = 0
    signed_from: int | None = None
    signers: Set[Role] = frozenset(APPROVERS)


class Asks(enum.StrEnum):
    """What a count still needs before it holds."""

    NOTHING = enum.auto()
    SECOND_PERSON = enum.auto()
    REASON = enum.auto()
    SIGNATURE = enum.auto()


@dataclass(frozen=True, slots=True)
class CountResult:
    """What came of a count: what it `asks` for, and the `difference`, which nobody is told before two have counted."""

    asks: Asks
    difference: int | None = None

    @property
    def is_settled(self) -> bool:
        """Whether the count holds."""
        return self.asks is Asks.NOTHING


def enter(
    session: Session, actor: Actor, subject: str, occasion: str, pieces: Mapping[str, int], counted: int, should: int,
    rule: CountRule, reason: str = "", signer: Signer | None = None,
) -> CountResult:  # fmt: skip
    """Keep a count of `subject` on `occasion`; whoever is asked for more enters it again with that.

    Raises BadInput for pieces below zero, Refused where the same person counts again who has to be another, NotAllowed
    for a signature of one's own or of another role, Overtaken where the occasion is settled.
    """
    if any(number < 0 for number in pieces.values()):
        raise BadInput(N_("What is counted is not below zero."))
    before = counts_of(session, subject, occasion)
    if any(one.settles for one in before):
        raise Overtaken(N_("This was counted already."))
    first_by = before[0].counted_by if before else actor.person.person_id
    difference, again = counted - should, bool(before)
    within = abs(difference) <= rule.free
    if again and first_by == actor.person.person_id:
        raise Refused(N_("Another person counts now. Ask somebody to do it."))
    told = next((one for one in before[1:] if one.counted_by == actor.person.person_id), None)
    if told is not None and told.pieces != dict(pieces):
        raise Refused(N_("The difference is known to you. Say why it differs, or let another person count."))
    asks = Asks.NOTHING if within else _asked(difference, rule, again, reason.strip(), signer)
    if signer is not None and not within:
        _require_signer(actor, signer, rule)
        journal.signed_also(session, signer.person_id)
    session.add(
        BlindCount(
            subject=subject, occasion=occasion, nth=len(before) + 1, pieces=dict(pieces), counted=counted,
            should=should, difference=difference, free=rule.free, settles=asks is Asks.NOTHING,
            reason=typed_text(reason, 400), counted_at=actor.now(), counted_on=actor.today(),
            counted_by=actor.person.person_id, first_by=first_by,
            signed_by=signer.person_id if signer is not None and not within else None,
        )
    )  # fmt: skip
    session.flush()
    return CountResult(asks, None if asks is Asks.SECOND_PERSON else difference)


def counts_of(session: Session, subject: str, occasion: str) -> tuple[BlindCount, ...]:
    """Return the counts of a subject on an occasion, in their order."""
    found = select(BlindCount).where(BlindCount.subject == subject, BlindCount.occasion == occasion)
    return tuple(session.scalars(found.order_by(BlindCount.nth)))


def last_settled(session: Session, subject: str) -> BlindCount | None:
    """Return the count of a subject that holds since last, None where there is none."""
    found = select(BlindCount).where(BlindCount.subject == subject, BlindCount.settles)
    return session.scalars(found.order_by(BlindCount.counted_at.desc(), BlindCount.id.desc()).limit(1)).first()


def _asked(difference: int, rule: CountRule, again: bool, reason: str, signer: Signer | None) -> Asks:
    if not again:
        return Asks.SECOND_PERSON
    if not reason:
        return Asks.REASON
    signed = rule.signed_from is not None and abs(difference) >= rule.signed_from
    return Asks.SIGNATURE if signed and signer is None else Asks.NOTHING


def _require_signer(actor: Actor, signer: Signer, rule: CountRule) -> None:
    if signer.role not in rule.signers:
        raise NotAllowed(N_("A duty supervisor or a manager signs a difference. Ask one of them."))
    if signer.person_id == actor.person.person_id:
        raise NotAllowed(N_("Nobody signs a count of their own. Ask another person with the right to sign."))
