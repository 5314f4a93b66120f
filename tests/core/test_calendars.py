"""The store's hours and the state's working days: pure arithmetic, tried on many days."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterapp.core.actor import CHINA
from counterapp.core.calendars import Calendars, ClockKind, Span, Wait
from counterapp.core.working_days import carried

LUNCH = (Span(9 * 60, 12 * 60), Span(13 * 60 + 30, 22 * 60))
EVE, NEW_YEAR = dt.date(2026, 2, 16), dt.date(2026, 2, 17)
STORE = Calendars(
    dict.fromkeys(range(6), LUNCH) | {6: (Span(10 * 60, 24 * 60),)},
    {EVE: (Span(9 * 60, 18 * 60),), NEW_YEAR: ()},
    carried().rest,
    carried().worked,
)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=CHINA)


moments = st.integers(0, 2 * 365 * 86_400).map(lambda second: at("2025-01-01") + dt.timedelta(seconds=second))
minutes = st.integers(0, 10_000)
kinds = st.sampled_from(ClockKind)
durations = st.timedeltas(dt.timedelta(), dt.timedelta(days=9))
waits = st.lists(st.tuples(moments, durations).map(lambda pair: Wait(pair[0], pair[0] + pair[1])), max_size=4)


@given(moments, minutes)
def test_after_and_between_are_inverse(start: dt.datetime, length: int) -> None:
    assert STORE.open_between(start, STORE.open_after(start, length)) == length


@given(moments, minutes, minutes)
def test_after_goes_on_from_where_it_came(start: dt.datetime, first: int, then: int) -> None:
    assert STORE.open_after(STORE.open_after(start, first), then) == STORE.open_after(start, first + then)


@given(kinds, st.integers(0, 400), moments, waits)
def test_due_comes_never_before_the_start_and_waits_only_lengthen(
    kind: ClockKind, length: int, start: dt.datetime, waited: list[Wait]
) -> None:
    plain = STORE.due(kind, length, start)
    longer = STORE.due(kind, length, start, waited)
    assert plain is not None and longer is not None
    assert start <= plain <= longer
    assert STORE.due(kind, length + 1, start, waited) >= longer  # type: ignore[operator]  # no wait is open
    assert STORE.due(kind, length, start, [*waited, Wait(longer, None)]) == longer


@given(st.sampled_from([ClockKind.STORE, ClockKind.WALL]), st.integers(1, 400), moments, waits)
def test_a_clock_of_minutes_has_run_its_length_when_it_is_due(
    kind: ClockKind, length: int, start: dt.datetime, waited: list[Wait]
) -> None:
    due = STORE.due(kind, length, start, waited)
    assert due is not None
    # A wait may begin in the middle of a minute, and each of them lose one.
    assert length - len(waited) <= STORE.ran(kind, start, due, waited) <= length


@given(kinds, moments, waits)
def test_a_clock_runs_while_it_does_not_wait(kind: ClockKind, start: dt.datetime, waited: list[Wait]) -> None:
    end = start + dt.timedelta(days=20)
    assert 0 <= STORE.ran(kind, start, end, waited) <= STORE.between(kind, start, end)
    assert STORE.ran(kind, start, end, [Wait(start, None)]) == 0


@given(moments)
def test_the_store_closes_after_whatever_happens_in_it(start: dt.datetime) -> None:
    closing = STORE.closing(start)
    assert closing > start
    assert STORE.open_between(closing - dt.timedelta(minutes=1), closing) == 1
    assert STORE.day_of(closing) == STORE.day_of(STORE.open_after(start, 1)) or closing.astimezone(CHINA).hour == 0


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        ("2026-11-21 09:00", 120, "2026-11-21 11:00"),
        ("2026-11-21 11:30", 60, "2026-11-21 14:00"),
        ("2026-11-21 21:50", 20, "2026-11-22 10:10"),
        ("2026-11-21 23:00", 1, "2026-11-22 10:01"),
        ("2026-02-16 17:00", 120, "2026-02-18 10:00"),
    ],
)
def test_minutes_are_counted_while_the_store_is_open(start: str, length: int, due: str) -> None:
    assert STORE.due(ClockKind.STORE, length, at(start)) == at(due)


@pytest.mark.parametrize(
    ("kind", "length", "start", "last"),
    [
        (ClockKind.NATURAL, 15, "2026-11-21 09:00", "2026-12-06"),
        (ClockKind.NATURAL, 7, "2026-09-27 09:00", "2026-10-04"),
        # The seven days of October are off; the Saturday after them is worked.
        (ClockKind.STATUTE, 7, "2026-09-27 09:00", "2026-10-08"),
        (ClockKind.WORKING, 2, "2026-09-30 23:00", "2026-10-09"),
        (ClockKind.WORKING, 3, "2026-09-30 23:00", "2026-10-10"),
        (ClockKind.WORKING, 10, "2026-11-21 09:00", "2026-12-04"),
    ],
)
def test_days_are_counted_from_the_day_after_to_the_end_of_the_last(
    kind: ClockKind, length: int, start: str, last: str
) -> None:
    due = STORE.due(kind, length, at(start))
    assert due == at(f"{last} 23:59:59")


def test_a_wait_without_an_end_lets_the_clock_stand() -> None:
    start = at("2026-11-21 09:00")
    assert STORE.due(ClockKind.STORE, 60, start, [Wait(at("2026-11-21 09:30"), None)]) is None
    waited = [
        Wait(at("2026-11-21 09:30"), at("2026-11-21 11:45")),
        Wait(at("2026-11-21 10:00"), at("2026-11-21 11:00")),
    ]
    assert STORE.due(ClockKind.STORE, 60, start, waited) == at("2026-11-21 13:45")
    assert STORE.due(ClockKind.NATURAL, 15, start, [Wait(start, at("2026-11-24 08:00"))]) == at("2026-12-09 23:59:59")


def test_clocks_that_are_put_forward_lengthen_no_opening() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    store = Calendars({6: (Span(0, 24 * 60),)}, zone=berlin)
    sunday = dt.datetime(2026, 3, 29, tzinfo=berlin)
    assert store.open_between(sunday, sunday + dt.timedelta(days=1)) == 23 * 60
    assert store.open_after(sunday, 23 * 60) == dt.datetime(2026, 3, 30, tzinfo=berlin)


def test_a_store_that_is_never_open_has_no_calendar() -> None:
    with pytest.raises(ValueError, match="never open"):
        Calendars({0: ()})
