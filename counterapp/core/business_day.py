"""The business day that something counts for: today, or the day after the last one that is closed."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from counterapp.core.actor import Actor
from counterapp.core.base import Base, BigInt, UtcDateTime
from counterapp.core.numbering import NumberSeries, next_number
from counterapp.core.store_settings import store_settings

#: Counts how often a day was closed or opened again. Its row is the lock that whoever books into a day shares, and
#: whoever closes one holds alone.
DAY_SERIES: Final = "return_day"

#: What a seal is for.
CLOSED: Final = "closed"
REOPENED: Final = "reopened"


class ReturnDay(Base):
    """A business day that was closed at least once. While it is closed nothing can be booked into it or before it."""

    __tablename__ = "return_days"
    __journal__ = True
    __never_deleted__ = True

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    closed: Mapped[bool]


class DaySeal(Base):
    """A day was closed, with its register and figures as they stood, or opened again by a manager with a reason.

    `digest` is the SHA-256 of the content and of the seal before it; two people close a day.
    """

    __tablename__ = "day_seals"
    __table_args__ = (
        CheckConstraint("act IN ('closed', 'reopened')", name="act"),
        CheckConstraint("act = 'reopened' OR (signed_by IS NOT NULL AND done_by <> signed_by)", name="two_people"),
        CheckConstraint("act = 'closed' OR reason <> ''", name="reopened_for_a_reason"),
    )
    __journal__ = True
    __append_only__ = True

    seq: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    day: Mapped[dt.date] = mapped_column(ForeignKey("return_days.day"), index=True)
    act: Mapped[str] = mapped_column(String(10))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    station: Mapped[str] = mapped_column(String(40))
    done_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(String(400), default="")
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))


def booking_day(session: Session, actor: Actor) -> dt.date:
    """Return the business day for what is done now, and keep it open until the transaction ends.

    Once a day is closed, whatever comes later, or with a clock that was set back, counts for the day after it: nobody
    at the counter has to wait, and no number that was signed changes.
    """
    lock_days_shared(session)
    return open_day(session, actor.today())


def lock_days_shared(session: Session) -> None:
    """Let no day be closed or opened again until the transaction ends; others may do the same meanwhile."""
    # Whoever closes a day holds this row alone (`lock_days_exclusive`), and so waits for everybody who books into it.
    session.execute(select(NumberSeries.last).where(NumberSeries.name == DAY_SERIES).with_for_update(read=True))


def lock_days_exclusive(session: Session) -> int:
    """Wait for everybody who books into a day, and let nobody do so until the transaction ends.

    Return the number of the seal that is made of it.
    """
    return next_number(session, DAY_SERIES)


def open_day(session: Session, today: dt.date) -> dt.date:
    """Return the business day that stands open on the day `today`."""
    closed = session.scalar(select(func.max(ReturnDay.day)).where(ReturnDay.closed))
    return today if closed is None or closed < today else closed + dt.timedelta(days=1)


def latest_day(session: Session, today: dt.date) -> dt.date:
    """Return the day that it is at least: `today`, or the last closed one where the clock was set back."""
    closed = session.scalar(select(func.max(ReturnDay.day)).where(ReturnDay.closed))
    return max(today, closed) if closed is not None else today


def closed_before(session: Session, day: dt.date) -> dt.datetime | None:
    """Return when a day before `day` was closed last, None where none is."""
    seals = select(func.max(DaySeal.at)).join(ReturnDay, ReturnDay.day == DaySeal.day)
    return session.scalar(seals.where(ReturnDay.closed, ReturnDay.day < day))


def end_of(session: Session, day: dt.date) -> dt.datetime:
    """Return the moment at which `day` is over in the store's own time."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), store_settings(session).zone_info)
