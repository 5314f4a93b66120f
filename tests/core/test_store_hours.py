"""When the store is open, as IT sets it; the working days that IT loads."""

from __future__ import annotations

import datetime as dt

import pytest

from counterapp.core import working_days
from counterapp.core.actor import Actor
from counterapp.core.calendars import Span
from counterapp.core.database import Database
from counterapp.core.settings_editor import changed, keys_of
from counterapp.core.store_hours import read_dates, read_weekdays, store_calendars
from counterapp.core.store_settings import StoreSettings, change_store_settings, store_settings
from counterapp.core.working_days import carried, load_working_days, read_working_days
from counterapp.errors import BadInput

STORE = StoreSettings("一号店", "0101")


def test_a_new_store_is_open_from_nine_to_ten_at_night() -> None:
    assert read_weekdays(STORE.hours.weekdays) == dict.fromkeys(range(7), (Span(540, 1320),))
    assert keys_of(STORE)["hours.weekdays"] == "mon-sun 09:00-22:00"


def test_hours_are_set_as_several_spans_and_dates_of_their_own() -> None:
    store = changed(STORE, "hours.weekdays", "mon-fri  09:00-12:30 13:30-22:00，sat 00:00-24:00")
    assert store.hours.weekdays == "mon-fri 09:00-12:30 13:30-22:00，sat 00:00-24:00"
    hours = read_weekdays(store.hours.weekdays)
    assert hours[4] == (Span(540, 750), Span(810, 1320))
    assert hours[5] == (Span(0, 1440),)
    assert 6 not in hours
    store = changed(store, "hours.dates", "2026-02-16 09:00-18:00, 2026-02-17..2026-02-18 closed")
    dates = read_dates(store.hours.dates)
    assert dates == {dt.date(2026, 2, 16): (Span(540, 1080),), dt.date(2026, 2, 17): (), dt.date(2026, 2, 18): ()}
    assert changed(store, "hours.dates", "").hours.dates == ""


@pytest.mark.parametrize(
    "text",
    ["", "mon", "mon 9:00-22:00", "mon 22:00-09:00", "mon 09:00-12:00 11:00-22:00", "fri-mon 09:00-22:00",
     "mon-sun closed", "mon-wed 09:00-22:00, tue 09:00-20:00",
     "monday 09:00-22:00", "mon 09:00-25:00", "mon 09:00-24:30"],
)  # fmt: skip
def test_wrong_hours_are_refused_with_what_they_have_to_be(text: str) -> None:
    with pytest.raises(BadInput, match="mon-fri 09:00-22:00"):
        changed(STORE, "hours.weekdays", text)


@pytest.mark.parametrize(
    "text",
    ["2026-02-30 closed", "2026-02-16", "16.2. closed", "2026-02-16 closed, 2026-02-16 09:00-18:00",
     "2026-02-17..2026-02-16 closed", "2026-02-16..2036-02-16 closed", "2026-02-16 closed 09:00-10:00"],
)  # fmt: skip
def test_wrong_dates_are_refused_with_what_they_have_to_be(text: str) -> None:
    with pytest.raises(BadInput, match=r"2026-02-17\.\.2026-02-18 closed"):
        changed(STORE, "hours.dates", text)


def test_the_working_days_of_the_program_know_the_weekends_that_are_swapped() -> None:
    assert carried().years == range(2004, 2027)
    assert dt.date(2026, 10, 1) in carried().rest
    assert {day.weekday() for day in carried().worked} <= {5, 6}


def test_the_store_goes_by_what_was_loaded_last(database: Database, clerk: Actor) -> None:
    plain = database.read(store_calendars)
    assert plain.is_working(dt.date(2026, 10, 10)) and plain.spans(dt.date(2026, 10, 10)) == (Span(540, 1320),)
    assert plain.is_working(dt.date(2027, 10, 1))
    text = '[2026]\nrest = []\nworked = []\n[2027]\nrest = ["10-01..10-07"]\nworked = ["10-09"]\n'
    database.command(clerk, "load", lambda s: load_working_days(s, clerk, text))

    def shorten(session: object) -> None:
        store = changed(store_settings(session), "hours.dates", "2026-10-10 closed")  # type: ignore[arg-type]
        change_store_settings(session, store, clerk, clerk.now())  # type: ignore[arg-type]

    database.command(clerk, "store.change", shorten)
    loaded = database.read(store_calendars)
    assert loaded.spans(dt.date(2026, 10, 10)) == ()
    assert not loaded.is_working(dt.date(2026, 10, 10))
    assert not loaded.is_working(dt.date(2027, 10, 7)) and loaded.is_working(dt.date(2027, 10, 9))


def test_a_program_with_later_years_goes_by_its_own(
    database: Database, clerk: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "[2025]\nrest = []\nworked = []\n"
    database.command(clerk, "load", lambda s: load_working_days(s, clerk, text))
    assert database.read(working_days.working_days) == carried()


@pytest.mark.parametrize(
    "text",
    ["", "[2026", "rest = []", "[2026]\nrest = []", '[2026]\nrest = ["02-30"]\nworked = []',
     '[2026]\nrest = ["01-03..01-01"]\nworked = []', '[2026]\nrest = ["01-01"]\nworked = ["01-01"]',
     "[2025]\nrest = []\nworked = []\n[2027]\nrest = []\nworked = []", '[2026]\nrest = "01-01"\nworked = []',
     "[next]\nrest = []\nworked = []", "[2026]\nrest = [1]\nworked = []"],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_whole(text: str) -> None:
    with pytest.raises(BadInput):
        read_working_days(text)
