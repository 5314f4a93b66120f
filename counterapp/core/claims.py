"""What uses up a receipt line: one ledger, a running balance that the database itself keeps honest.

Each row carries the balance before and after it and refers to the row it follows, so that over-claims, forged
balances and rows out of the middle are refused by keys and checks alone, on SQLite and PostgreSQL, whoever writes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from counterapp.core.actor import Actor
from counterapp.core.base import Base, BigInt, UtcDateTime
from counterapp.core.money import refund_of
from counterapp.core.receipts import ReceiptLine
from counterapp.errors import Overtaken
from counterapp.words import N_

#: What a line can be used up for; each has a balance of its own.
RETURNS: Final = "return"
GIFTS: Final = "gift"
INVOICES: Final = "invoice"
PICK_UPS: Final = "pickup"
POOLS: Final = (RETURNS, GIFTS, INVOICES, PICK_UPS)


class LineClaim(Base):
    """A step of the balance of one line in one `pool`: quantities in thousandths, money in fen.

    `sold` and `paid` are the line's own by a composite foreign key; a void is a negative step.
    """

    __tablename__ = "line_claims"
    __table_args__ = (
        ForeignKeyConstraint(
            ["line_id", "sold", "paid"], [f"receipt_lines.{column}" for column in ("id", "sold", "paid")]
        ),
        ForeignKeyConstraint(
            ["line_id", "pool", "follows", "before", "before_fen"],
            [f"line_claims.{column}" for column in ("line_id", "pool", "seq", "after", "after_fen")],
            name="fk_line_claims_follows",
        ),
        UniqueConstraint("line_id", "pool", "seq", "after", "after_fen"),
        CheckConstraint(
            "(seq = 1 AND follows IS NULL AND before = 0 AND before_fen = 0)"
            " OR (seq > 1 AND follows IS NOT NULL AND follows = seq - 1)",
            name="follows_the_last",
        ),
        CheckConstraint("after = before + delta", name="adds_up"),
        CheckConstraint("after_fen = before_fen + delta_fen", name="money_adds_up"),
        CheckConstraint("after >= 0 AND after <= sold", name="no_more_than_sold"),
        CheckConstraint("after_fen >= 0 AND after_fen <= paid", name="no_more_than_paid"),
        CheckConstraint("after < sold OR after_fen = paid", name="all_back_all_money"),
        CheckConstraint("after > 0 OR after_fen = 0", name="none_back_no_money"),
        CheckConstraint("delta <> 0", name="moves"),
    )  # fmt: skip
    __journal__ = True
    __append_only__ = True

    line_id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    pool: Mapped[str] = mapped_column(String(12), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    follows: Mapped[int | None]
    sold: Mapped[int] = mapped_column(BigInt)
    paid: Mapped[int] = mapped_column(BigInt)
    before: Mapped[int] = mapped_column(BigInt)
    delta: Mapped[int] = mapped_column(BigInt)
    after: Mapped[int] = mapped_column(BigInt)
    before_fen: Mapped[int] = mapped_column(BigInt)
    delta_fen: Mapped[int] = mapped_column(BigInt)
    after_fen: Mapped[int] = mapped_column(BigInt)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    station: Mapped[str] = mapped_column(String(40))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Balance:
    """What a pool has taken of a line: `taken` in thousandths, `fen` given for it, `seq` of the last step."""

    taken: int = 0
    fen: int = 0
    seq: int = 0


def balances(session: Session, line_ids: Sequence[int], pool: str = RETURNS) -> dict[int, Balance]:
    """Return the balance of every line that the pool has ever touched, by line id."""
    steps = session.execute(
        select(LineClaim.line_id, LineClaim.after, LineClaim.after_fen, LineClaim.seq)
        .where(LineClaim.line_id.in_(line_ids), LineClaim.pool == pool)
        .order_by(LineClaim.line_id, LineClaim.seq)
    )
    return {line_id: Balance(after, fen, seq) for line_id, after, fen, seq in steps}  # the last step of a line stays


def claim(
    session: Session,
    actor: Actor,
    line: ReceiptLine,
    quantity: int,
    case_id: int,
    pool: str = RETURNS,
    present: Balance | None = None,
) -> LineClaim:
    """Take `quantity` thousandths of `line` for a case; the money is the line's share, the last piece takes the rest.

    `present` is the line's balance where it was read already. Raises Overtaken where less is left. Of two who race,
    the key lets one win (`Database` turns the other's into Overtaken as well).
    """
    present = present or balances(session, [line.id], pool).get(line.id, Balance())
    after = present.taken + quantity
    if quantity <= 0 or after > line.sold:
        raise Overtaken(N_("{item}: less is left to come back than that. Look at the receipt again."), item=line.name)
    fen = refund_of(paid_fen=line.paid, sold_milli=line.sold, outstanding_fen=present.fen, after_milli=after)
    return _step(session, actor, line, present, quantity, fen, case_id, pool)


def hanging(session: Session, line_ids: Sequence[int]) -> dict[int, dict[str, Balance]]:
    """Return what else hangs on the lines, gifts, invoices and pick-ups: by line id the balance of each such pool."""
    found: dict[int, dict[str, Balance]] = {}
    for pool in POOLS:
        if pool != RETURNS:
            for line_id, balance in balances(session, line_ids, pool).items():
                if balance.taken:
                    found.setdefault(line_id, {})[pool] = balance
    return found


def give_back(
    session: Session, actor: Actor, case_id: int, pool: str = RETURNS, line_ids: Sequence[int] | None = None
) -> None:
    """Undo what a case still holds of any line, or of `line_ids` alone: refused, withdrawn or void."""
    wanted = (
        select(LineClaim.line_id, func.sum(LineClaim.delta), func.sum(LineClaim.delta_fen))
        .where(LineClaim.case_id == case_id, LineClaim.pool == pool)
        .group_by(LineClaim.line_id)
        .having(func.sum(LineClaim.delta) > 0)
        .order_by(LineClaim.line_id)
    )
    if line_ids is not None:
        wanted = wanted.where(LineClaim.line_id.in_(line_ids))
    held = session.execute(wanted).all()
    for line_id, quantity, fen in held:
        line = session.get_one(ReceiptLine, line_id)
        present = balances(session, [line_id], pool)[line_id]
        _step(session, actor, line, present, -int(quantity), -int(fen), case_id, pool)


def _step(
    session: Session, actor: Actor, line: ReceiptLine, present: Balance, delta: int, fen: int, case_id: int, pool: str
) -> LineClaim:
    step = LineClaim(
        line_id=line.id, pool=pool, seq=present.seq + 1, follows=present.seq or None, sold=line.sold, paid=line.paid,
        before=present.taken, delta=delta, after=present.taken + delta,
        before_fen=present.fen, delta_fen=fen, after_fen=present.fen + fen,
        case_id=case_id, station=actor.station, at=actor.now(),
    )  # fmt: skip
    session.add(step)
    return step
