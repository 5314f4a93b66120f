"""The business day that something counts for: today, or the day after the last one that is closed."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from counterapp.core.actor import Actor
from counterapp.core.base import Base
from counterapp.core.numbering import NumberSeries, next_number

DAY_SERIES: Final = "return_day"


class ReturnDay(Base):
    """A business day that was closed at least once. While it is closed nothing can be booked into it or before it."""

    __tablename__ = "return_days"
    __journal__ = True
    __never_deleted__ = True

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    closed: Mapped[bool]


def booking_day(session: Session, actor: Actor) -> dt.date:
    """Return the business day for what is done now, and keep it open until the transaction ends.

    Once a day is closed, whatever comes later, or with a clock that was set back, counts for the day after it: nobody
    at the counter has to wait, and no number that was signed changes.
    """
    lock_days_shared(session)
    return open_day(session, actor.today())


def lock_days_shared(session: Session) -> None:
    """Let no day be closed or opened again until the transaction ends; others may do the same meanwhile."""
    # Whoever closes a day holds this row alone (see `hold_days`), and so waits for everybody who books into it.
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
