"""Figures: each *is* a query of day, value, group and code, so that a figure and the list behind it cannot differ.

Days are stored columns of the store's calendar: no time zone is worked out in SQL. Sums are whole numbers (fen,
minutes, pieces); only what is shown of a share or an average is a fraction.
"""

from __future__ import annotations

import calendar
import datetime as dt
import enum
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, Select, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from counterapp import words
from counterapp.core.actor import Actor
from counterapp.core.base import Base, BigInt, UtcDateTime
from counterapp.core.spreadsheets import Cell, Table, yuan
from counterapp.errors import Overtaken, Refused
from counterapp.words import N_

Rows = Select[*tuple[Any, ...]]
"""A query of four columns: the day, the value (NULL counts for nothing), the group or "", the case's code or ""."""

_DAY: Final = dt.timedelta(days=1)


class Grain(enum.StrEnum):
    """Into what a period is cut; weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Unit(enum.StrEnum):
    """What a figure is: a count or an amount (the sum of its values), the average of minutes, the share of its values
    that are 1 (0 to 1), or the sum for each thousand of what `Figure.per` counts."""

    COUNT = "count"
    FEN = "fen"
    MINUTES = "minutes"
    SHARE = "share"
    PER_MILLE = "per_mille"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days of the store's calendar from `first` to `last`, both included."""

    first: dt.date
    last: dt.date

    def before(self) -> Period:
        """Return the period before: as many whole months before whole months, otherwise as many days."""
        last = self.first - _DAY
        if self.first.day == 1 and (self.last + _DAY).day == 1:
            months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
            month = self.first.year * 12 + self.first.month - 1 - months
            return Period(dt.date(month // 12, month % 12 + 1, 1), last)
        return Period(last - (self.last - self.first), last)

    def parts(self, grain: Grain) -> Iterator[Period]:
        """Yield the days, weeks or months of the period; the first and the last may be cut off."""
        first = self.first
        while first <= self.last:
            match grain:
                case Grain.DAY:
                    end = first
                case Grain.WEEK:
                    end = first + (6 - first.weekday()) * _DAY
                case Grain.MONTH:
                    end = first.replace(day=calendar.monthrange(first.year, first.month)[1])
            yield Period(first, min(end, self.last))
            first = end + _DAY


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a desk. `key` never changes (closed periods are kept by it); `definition` says in a sentence what is
    counted. `rows` is its query for a period, `per` counts by day what a rate stands on (day, number); a figure is
    `good` where it is high, low, or neither."""

    key: str
    title: str
    definition: str
    unit: Unit
    rows: Callable[[Period], Rows]
    per: Callable[[Period], Rows] | None = None
    good: Literal["high", "low", "neither"] = "neither"


class Sum(NamedTuple):
    """The sum of some values, how many they are, and the sum of what a rate stands on."""

    total: int = 0
    entries: int = 0
    per: int = 0

    def plus(self, other: Sum) -> Sum:
        """Return both together."""
        return Sum(self.total + other.total, self.entries + other.entries, self.per + other.per)

    def value(self, unit: Unit) -> float | None:
        """Return what a figure of `unit` shows of it; None where there is nothing to divide by."""
        match unit:
            case Unit.COUNT | Unit.FEN:
                return self.total
            case Unit.PER_MILLE:
                return 1000 * self.total / self.per if self.per else None
        return self.total / self.entries if self.entries else None


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure over a period: the whole, the period before, its parts in order, its groups, the largest first.

    `closed` is the sum as it stood when the period was closed, None where it was not.
    """

    figure: Figure
    period: Period
    whole: Sum
    before: Sum
    parts: tuple[tuple[Period, Sum], ...]
    groups: tuple[tuple[str, Sum], ...]
    closed: Sum | None

    @property
    def value(self) -> float | None:
        """What the figure shows."""
        return self.whole.value(self.figure.unit)

    @property
    def has_changed(self) -> bool:
        """Whether it is another one now than when its period was closed."""
        return self.closed is not None and self.closed != self.whole


class FigureClose(Base):
    """A figure of a period as it stood when that was signed; what changes later is shown beside it."""

    __tablename__ = "figure_closes"
    __table_args__ = (CheckConstraint("first_on <= last_on", name="period"),)
    __journal__ = True
    __append_only__ = True

    figure: Mapped[str] = mapped_column(String(40), primary_key=True)
    first_on: Mapped[dt.date] = mapped_column(primary_key=True)
    last_on: Mapped[dt.date] = mapped_column(primary_key=True)
    total: Mapped[int] = mapped_column(BigInt)
    entries: Mapped[int] = mapped_column(BigInt)
    per: Mapped[int] = mapped_column(BigInt)
    closed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    closed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))


def count(session: Session, figure: Figure, period: Period, grain: Grain) -> Counted:
    """Count a figure: one query for the period and one for the period before, twice as many for a rate."""
    days, groups = _summed(session, figure, period)
    earlier, _groups = _summed(session, figure, period.before())
    closed = session.get(FigureClose, (figure.key, period.first, period.last))
    parts = ((part, _within(days, part)) for part in period.parts(grain))
    return Counted(
        figure, period, _within(days, period), _within(earlier, period.before()), tuple(parts),
        tuple(sorted(groups.items(), key=lambda one: (-one[1].total, one[0]))),
        Sum(closed.total, closed.entries, closed.per) if closed is not None else None,
    )  # fmt: skip


def behind(
    session: Session, figure: Figure, period: Period, group: str | None = None
) -> list[tuple[dt.date, str, int]]:
    """Return day, code and value of everything that a figure counts, of one group or all, the oldest first."""
    rows = figure.rows(period).subquery()
    day, value, its_group, code = rows.c
    found = select(day, code, value).where(value.is_not(None)).order_by(day, code)
    if group is not None:
        found = found.where(its_group == group)
    return [(at, str(of), int(worth)) for at, of, worth in session.execute(found)]


def close(session: Session, actor: Actor, figure: Figure, period: Period) -> None:
    """Keep a figure of a period as it stands now. Raises Refused before the period is over, Overtaken where it is
    closed."""
    if period.last >= actor.today():
        raise Refused(N_("This period is not over yet. Close it from the day after it on."))
    if session.get(FigureClose, (figure.key, period.first, period.last)) is not None:
        raise Overtaken(N_("This figure is closed for that period already."))
    whole = _within(_summed(session, figure, period)[0], period)
    session.add(
        FigureClose(
            figure=figure.key, first_on=period.first, last_on=period.last, closed_at=actor.now(),
            closed_by=actor.person.person_id, **whole._asdict(),
        )
    )  # fmt: skip
    session.flush()


def table_of(counted: Sequence[Counted], language: str) -> Table:
    """Return figures over one period as a table for a spreadsheet: a row a part, a column a figure."""
    said = words.language(language).gettext
    heads = (said(N_("From")), said(N_("To")), *(said(one.figure.title) for one in counted))
    parts = [part for part, _sum in counted[0].parts] if counted else []
    rows = [
        (part.first, part.last, *(_cell(one.parts[place][1], one.figure.unit) for one in counted))
        for place, part in enumerate(parts)
    ]
    return Table(said(N_("Figures")), heads, rows)


def _summed(session: Session, figure: Figure, period: Period) -> tuple[dict[dt.date, Sum], dict[str, Sum]]:
    """Return the sums by day and by group."""
    rows = figure.rows(period).subquery()
    day, value, group, _code = rows.c
    sums = select(day, group, func.sum(value), func.count(value)).where(value.is_not(None)).group_by(day, group)
    days: defaultdict[dt.date, Sum] = defaultdict(Sum)
    groups: defaultdict[str, Sum] = defaultdict(Sum)
    for at, its_group, total, entries in session.execute(sums):
        one = Sum(int(total), entries)
        days[at], groups[its_group] = days[at].plus(one), groups[its_group].plus(one)
    if figure.per is not None:
        for at, number in session.execute(figure.per(period)):
            days[at] = days[at].plus(Sum(per=int(number)))
    return days, groups


def _within(days: Mapping[dt.date, Sum], period: Period) -> Sum:
    whole = Sum()
    for place in range((period.last - period.first).days + 1):
        whole = whole.plus(days.get(period.first + place * _DAY, Sum()))
    return whole


def _cell(one: Sum, unit: Unit) -> Cell:
    value = one.value(unit)
    if value is None or unit is Unit.COUNT:
        return one.total if value is not None else None
    return yuan(one.total) if unit is Unit.FEN else Decimal(f"{value:.{4 if unit is Unit.SHARE else 2}f}")
