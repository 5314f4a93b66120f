"""When the store is open, as its settings have it in words, and the calendars that come of it.

Weekdays: "mon-fri 09:00-12:30 13:30-22:00, sat-sun 09:00-23:00". A weekday that is not named is closed. Dates of their
own: "2026-02-16 09:00-18:00, 2026-02-17..2026-02-18 closed".
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from typing import Final

from sqlalchemy.orm import Session

from counterapp.core.calendars import DAY, Calendars, Span
from counterapp.core.store_settings import store_settings
from counterapp.core.working_days import working_days

_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOSED: Final = "closed"
_SPAN: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-(?:([01][0-9]|2[0-3]):([0-5][0-9])|24:00)", re.ASCII)
_MOST: Final = 4000
_LONGEST: Final = 366


def store_calendars(session: Session) -> Calendars:
    """Return the store's hours and the state's working days as they are now. Raises Trouble where there is no store."""
    settings, state = store_settings(session), working_days(session)
    return Calendars(
        read_weekdays(settings.hours.weekdays), read_dates(settings.hours.dates), state.rest, state.worked,
        settings.zone_info,
    )  # fmt: skip


def read_weekdays(text: str) -> dict[int, tuple[Span, ...]]:
    """Return the hours of each weekday. Raises ValueError, also for a store that is never open."""
    hours: dict[int, tuple[Span, ...]] = {}
    for days, spans in _groups(text):
        first, _dash, last = days.lower().partition("-")
        one, end = _WEEKDAYS.index(first), _WEEKDAYS.index(last or first)
        for day in range(one, end + 1):
            if day in hours or end < one:
                raise ValueError(days)
            hours[day] = spans
    if not any(hours.values()):
        raise ValueError(text)
    return hours


def read_dates(text: str) -> dict[dt.date, tuple[Span, ...]]:
    """Return the hours of the dates that have their own. Raises ValueError."""
    hours: dict[dt.date, tuple[Span, ...]] = {}
    for days, spans in _groups(text):
        first, _dots, last = days.partition("..")
        one = dt.date.fromisoformat(first)
        number = (dt.date.fromisoformat(last) - one).days if last else 0
        if not 0 <= number < _LONGEST:
            raise ValueError(days)
        for day in (one + DAY * more for more in range(number + 1)):
            if day in hours:
                raise ValueError(days)
            hours[day] = spans
    return hours


def _groups(text: str) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """Give the days of each part of `text` as they are written, and their hours."""
    if len(text) > _MOST:
        raise ValueError(text)
    for group in filter(None, (part.strip() for part in text.replace("，", ",").split(","))):
        days, *written = group.split()
        spans = () if written == [_CLOSED] else tuple(_span(one) for one in written)
        ends = [minute for span in spans for minute in span]
        # Each span has some length and begins after the one before it.
        if not written or any(later <= earlier for earlier, later in itertools.pairwise(ends)):
            raise ValueError(group)
        yield days, spans


def _span(text: str) -> Span:
    read = _SPAN.fullmatch(text)
    if read is None:
        raise ValueError(text)
    opens, past, closes, over = read.groups()
    return Span(int(opens) * 60 + int(past), int(closes) * 60 + int(over) if closes else 24 * 60)
