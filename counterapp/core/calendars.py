"""The two calendars of the house: the store's hours, and the state's working days with their swapped weekends 调休.

Everything here is a pure function of moments with their time zone. Minutes are counted in the store's hours or on the
wall's clock, days in the store's time zone: the day a clock starts is not counted, its last day counts to its end.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from counterapp.core.actor import CHINA

DAY: Final = dt.timedelta(days=1)
MINUTE: Final = dt.timedelta(minutes=1)


class ClockKind(enum.StrEnum):
    """What a clock counts: the first two minutes, the others days."""

    #: Minutes while the store is open.
    STORE = "store"
    #: Minutes, day and night.
    WALL = "wall"
    #: Days, whatever day it is.
    NATURAL = "natural"
    #: Days, whatever day it is; a last day that is a rest day moves to the next working day (民法典 203).
    STATUTE = "statute"
    #: Working days.
    WORKING = "working"

    @property
    def counts_minutes(self) -> bool:
        """Whether its lengths are minutes; days otherwise."""
        return self in {ClockKind.STORE, ClockKind.WALL}


class Span(NamedTuple):
    """A piece of a day in which the store is open, in minutes after midnight, 1440 at most."""

    opens: int
    closes: int


class Wait(NamedTuple):
    """A time in which a clock stands; `end` is None while nobody knows when it goes on."""

    start: dt.datetime
    end: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Calendars:
    """When the store is open and when the state works.

    `usual` has the spans of each weekday (0 is Monday), in their order; `special` those of a date of its own, () where
    the store is closed. `rest` are the state's days off, `worked` the weekend days that are worked for them. Raises
    ValueError for a store that is never open.
    """

    usual: Mapping[int, tuple[Span, ...]]
    special: Mapping[dt.date, tuple[Span, ...]] = field(default_factory=dict)
    rest: frozenset[dt.date] = frozenset()
    worked: frozenset[dt.date] = frozenset()
    zone: ZoneInfo = CHINA

    def __post_init__(self) -> None:
        if not any(self.usual.values()):
            raise ValueError("a store that is never open")

    def open_after(self, start: dt.datetime, minutes: int) -> dt.datetime:
        """Return when the store has been open for `minutes` since `start`; `start` itself for none."""
        left = minutes * MINUTE
        if not left:
            return start
        for opens, closes in self._opened(start):
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
        raise AssertionError("the store opens every week")

    def open_between(self, start: dt.datetime, end: dt.datetime) -> int:
        """Return for how many whole minutes the store is open from `start` to `end`; 0 where `end` comes first."""
        open_for = dt.timedelta()
        for opens, closes in self._opened(start):
            if opens >= end:
                break
            open_for += min(closes, end) - opens
        return open_for // MINUTE

    def closing(self, start: dt.datetime) -> dt.datetime:
        """Return when the store closes for the day that `start` falls on, or the next day it opens at all."""
        first = next(self._opened(start))[1]
        day = self.day_of(first - MINUTE)
        return self._at(day, self.spans(day)[-1].closes)

    def spans(self, day: dt.date) -> tuple[Span, ...]:
        """Return when the store is open on `day`."""
        return self.special.get(day, self.usual.get(day.weekday(), ()))

    def is_working(self, day: dt.date) -> bool:
        """Whether `day` is a working day of the state."""
        return day in self.worked or (day.weekday() < 5 and day not in self.rest)

    def day_of(self, moment: dt.datetime) -> dt.date:
        """Return the day of `moment` in the store's time zone."""
        return moment.astimezone(self.zone).date()

    def begins(self, day: dt.date) -> dt.datetime:
        """Return the first moment of `day`."""
        return self._at(day, 0)

    def ends(self, day: dt.date) -> dt.datetime:
        """Return the last second of `day`."""
        return self._at(day + DAY, 0) - dt.timedelta(seconds=1)

    def due(self, kind: ClockKind, length: int, start: dt.datetime, waits: Sequence[Wait] = ()) -> dt.datetime | None:
        """Return when a clock that began at `start` has run for `length`, None where it stands without an end.

        What it waited lengthens it, whatever came first and however waits overlap; a wait that begins when it has run
        out changes nothing.
        """
        at, left = start, length
        for wait in _merged(waits, start):
            reached = self._after(kind, at, left)
            if reached <= wait.start:
                return reached
            if wait.end is None:
                return None
            left -= self.between(kind, at, wait.start)
            at = wait.end
        return self._after(kind, at, left)

    def ran(self, kind: ClockKind, start: dt.datetime, end: dt.datetime, waits: Sequence[Wait] = ()) -> int:
        """Return for how long a clock has run from `start` to `end`, without what it waited."""
        at, length = start, 0
        for wait in _merged(waits, start):
            if wait.start >= end:
                break
            length += self.between(kind, at, wait.start)
            at = end if wait.end is None else min(wait.end, end)
        return length + self.between(kind, at, end)

    def between(self, kind: ClockKind, start: dt.datetime, end: dt.datetime) -> int:
        """Return how much of `kind` lies between two moments: minutes, or days; 0 where `end` comes first."""
        if kind is ClockKind.STORE:
            return self.open_between(start, end)
        if kind is ClockKind.WALL:
            return max((end - start) // MINUTE, 0)
        first, last = self.day_of(start), self.day_of(end)
        days = max((last - first).days, 0)
        if kind is ClockKind.WORKING:
            return sum(self.is_working(first + DAY * number) for number in range(1, days + 1))
        return days

    def _after(self, kind: ClockKind, start: dt.datetime, length: int) -> dt.datetime:
        if kind is ClockKind.STORE:
            return self.open_after(start, length)
        if kind is ClockKind.WALL:
            return start + length * MINUTE
        day = self.day_of(start)
        if kind is ClockKind.WORKING:
            for _number in range(length):
                day = self._working(day + DAY)
            return self.ends(self._working(day))
        day += DAY * length
        return self.ends(self._working(day) if kind is ClockKind.STATUTE else day)

    def _working(self, day: dt.date) -> dt.date:
        """Return `day`, or the first working day after it."""
        while not self.is_working(day):
            day += DAY
        return day

    def _opened(self, start: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Give the spans in which the store is open from `start` on, in UTC; there is always another one."""
        day = self.day_of(start)
        while True:
            for span in self.spans(day):
                closes = self._at(day, span.closes)
                if closes > start:
                    yield max(self._at(day, span.opens), start.astimezone(dt.UTC)), closes
            day += DAY

    def _at(self, day: dt.date, minutes: int) -> dt.datetime:
        # In UTC, so that differences are those of time and not of clocks that were put forward or back.
        midnight = dt.datetime.combine(day, dt.time(), self.zone)
        return (midnight + minutes * MINUTE).astimezone(dt.UTC)


def _merged(waits: Sequence[Wait], start: dt.datetime) -> list[Wait]:
    """Return `waits` from `start` on, in order, those that touch made one."""
    merged: list[Wait] = []
    for wait in sorted(waits, key=lambda one: one.start):
        begun, end = max(wait.start, start), wait.end
        if end is not None and end <= begun:
            continue
        last = merged[-1] if merged else None
        if last is None or (last.end is not None and last.end < begun):
            merged.append(Wait(begun, end))
        elif last.end is not None:
            merged[-1] = Wait(last.start, None if end is None else max(last.end, end))
    return merged
