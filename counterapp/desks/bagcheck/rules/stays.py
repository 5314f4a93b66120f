"""How long things stay: nights, and how many lockers are taken in the course of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stay:
    """One deposit: when it began, and when it ended, None while it is in its locker."""

    begin: dt.datetime
    end: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Point:
    """From `at` on, `taken` lockers hold something."""

    at: dt.datetime
    taken: int


def nights(deposited_on: dt.date, today: dt.date) -> int:
    """Return how many nights a deposit has stayed; a clock that was set back makes none of them negative."""
    return max(0, (today - deposited_on).days)


def is_overnight(deposited_on: dt.date, overnight_on: dt.date | None, today: dt.date) -> bool:
    """Whether only a supervisor's signature releases it: a closing record lists it, or its day is over."""
    return overnight_on is not None or deposited_on < today


def occupancy(stays: Iterable[Stay], begin: dt.datetime, end: dt.datetime) -> tuple[Point, ...]:
    """Return the curve of taken lockers as steps, the first at `begin`, the last at `end`.

    Each step holds until the next one; a locker that is left and taken at one moment makes none.
    """
    changes: dict[dt.datetime, int] = {begin: 0, end: 0}
    for stay in stays:
        if stay.begin > end or (stay.end is not None and stay.end <= begin):
            continue
        at = max(stay.begin, begin)
        changes[at] = changes.get(at, 0) + 1
        if stay.end is not None and stay.end <= end:
            changes[stay.end] = changes.get(stay.end, 0) - 1
    points, taken = [], 0
    for at in sorted(changes):
        taken += changes[at]
        if changes[at] or at in {begin, end}:
            points.append(Point(at, taken))
    return tuple(points)
