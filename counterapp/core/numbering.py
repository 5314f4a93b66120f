"""Numbers in strict order: taken in the transaction that uses them, so that none is skipped or given twice."""

from __future__ import annotations

from typing import Final

from sqlalchemy import CheckConstraint, String, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from counterapp.core.base import Base, BigInt


class NumberSeries(Base):
    """The last number that a series has given out."""

    __tablename__ = "number_series"
    __table_args__ = (CheckConstraint("last >= 0", name="counts_up"),)
    __never_deleted__ = True

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    last: Mapped[int] = mapped_column(BigInt)


_TABLE: Final = Base.metadata.tables[NumberSeries.__tablename__]


def next_number(session: Session, series: str) -> int:
    """Take the next number of `series` (made by a migration or by `start_series`); others wait until the commit."""
    taken = update(_TABLE).where(_TABLE.c.name == series).values(last=_TABLE.c.last + 1).returning(_TABLE.c.last)
    number: int = session.execute(taken).scalar_one()
    return number


def start_series(session: Session, series: str) -> None:
    """Begin a series at 1, once, when the store is made."""
    session.add(NumberSeries(name=series, last=0))
