"""What the desk sees of itself: the map of the lockers, today's occupancy, the busiest hours."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from typing import Final

from sqlalchemy import String, cast, func, literal, select, union
from sqlalchemy.orm import Session

from counterapp.core.actor import Actor
from counterapp.core.cases import Case
from counterapp.core.figures import Figure, Period, Rows, Unit
from counterapp.core.store_settings import BagCheckSettings, store_settings
from counterapp.desks.bagcheck.models import Deposit, Locker, LostToken
from counterapp.desks.bagcheck.rules import Act, Point, Size, Stay, is_overnight, occupancy, require
from counterapp.words import N_

#: How far back the busiest hours are counted.
WEEKS: Final = 12


class LockerStatus(enum.StrEnum):
    """How a locker stands on the map."""

    FREE = "free"
    TAKEN = "taken"
    OVERNIGHT = "overnight"
    OUT_OF_USE = "out_of_use"


@dataclass(frozen=True, slots=True)
class LockerOnMap:
    """One locker of the map; `since`, `deposit_id`, `revision` and `state` belong to what is in it, None if nothing.

    `reason` says why it is out of use. What was deposited is not here: nobody looks at it without a token.
    """

    number: str
    size: Size
    place: str
    row: int
    column: int
    status: LockerStatus
    reason: str
    since: dt.datetime | None
    deposit_id: int | None
    revision: int | None
    state: str | None


@dataclass(frozen=True, slots=True)
class BusyHour:
    """Deposits that began in one hour of the store's day on one weekday (0 is Monday), on the average of its days."""

    weekday: int
    hour: int
    deposits: float


def in_force(session: Session) -> BagCheckSettings:
    """Return what holds at bag check now: the store may have changed it since whoever works here signed in."""
    return store_settings(session).bagcheck


def locker_map(session: Session, actor: Actor) -> tuple[LockerOnMap, ...]:
    """Return all lockers in their order, with how they stand now."""
    require(actor.person.role, Act.RECEIVE)
    today = actor.today()
    rows = session.execute(
        select(
            Locker.number, Locker.size, Locker.place, Locker.map_row, Locker.map_column, Locker.out_of_use,
            Deposit.id, Deposit.deposited_at, Deposit.deposited_on, Deposit.overnight_on, Case.revision, Case.state,
        )
        .outerjoin(Deposit, (Deposit.locker_id == Locker.id) & Deposit.ended_at.is_(None))
        .outerjoin(Case, Case.id == Deposit.case_id)
        .where(Locker.laid_out)
        .order_by(Locker.position)
    )  # fmt: skip
    lockers = []
    for number, size, place, row, column, reason, deposit_id, since, on, overnight_on, revision, state in rows:
        if deposit_id is not None:
            status = LockerStatus.OVERNIGHT if is_overnight(on, overnight_on, today) else LockerStatus.TAKEN
        else:
            status = LockerStatus.OUT_OF_USE if reason else LockerStatus.FREE
        lockers.append(
            LockerOnMap(number, Size(size), place, row, column, status, reason, since, deposit_id, revision, state)
        )
    return tuple(lockers)


def todays_curve(session: Session, actor: Actor) -> tuple[Point, ...]:
    """Return how many lockers were taken today, from midnight until now, as steps."""
    require(actor.person.role, Act.SERVE)
    today, now = actor.today(), actor.now()
    columns = (Deposit.id, Deposit.deposited_at, Deposit.ended_at)
    # Each of the three has its own index; one condition with OR would read every deposit there ever was.
    touched = union(
        select(*columns).where(Deposit.deposited_on == today, ~Deposit.voided),
        select(*columns).where(Deposit.ended_on == today, ~Deposit.voided),
        select(*columns).where(Deposit.ended_at.is_(None)),
    )
    stays = session.execute(touched).all()
    midnight = dt.datetime.combine(today, dt.time(), actor.zone)
    return occupancy((Stay(begin, end) for _id, begin, end in stays), midnight, max(now, midnight))


def busy_hours(session: Session, actor: Actor, weeks: int = WEEKS) -> tuple[BusyHour, ...]:
    """Return the deposits by weekday and hour over the last whole `weeks`, today left out; the busiest first."""
    require(actor.person.role, Act.SERVE)
    today = actor.today()
    rows = session.execute(
        select(Deposit.deposited_on, Deposit.deposited_hour, func.count())
        .where(Deposit.deposited_on >= today - dt.timedelta(weeks=weeks), Deposit.deposited_on < today)
        .group_by(Deposit.deposited_on, Deposit.deposited_hour)
    )
    counted: dict[tuple[int, int], int] = {}
    for day, hour, count in rows:
        at = (day.weekday(), hour)
        counted[at] = counted.get(at, 0) + count
    busy = [BusyHour(weekday, hour, count / weeks) for (weekday, hour), count in counted.items()]
    return tuple(sorted(busy, key=lambda one: (-one.deposits, one.weekday, one.hour)))


def _deposits(period: Period) -> Rows:
    hour = func.substr(cast(100 + Deposit.deposited_hour, String), 2)
    rows = select(Deposit.deposited_on, literal(1), hour, Case.code).join(Case, Case.id == Deposit.case_id)
    return rows.where(Deposit.deposited_on.between(period.first, period.last), ~Deposit.voided)


def _lost_tokens(period: Period) -> Rows:
    rows = select(LostToken.reported_on, literal(1), LostToken.piece, func.coalesce(Case.code, ""))
    rows = rows.outerjoin(Case, Case.id == LostToken.case_id).where(LostToken.number.is_not(None))
    return rows.where(LostToken.reported_on.between(period.first, period.last))


FIGURES: Final = (
    Figure(
        "bag_deposits", N_("Deposits at bag check"), N_("Deposits taken in, by the hour, without those made void."),
        Unit.COUNT, _deposits,
    ),
    Figure("lost_tokens", N_("Lost tokens"), N_("Tokens in the lost-token book, by piece."), Unit.COUNT, _lost_tokens,
           good="low"),
)  # fmt: skip
