"""The layout's file, the curve of occupancy: values in, values out."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterapp.core.settings_editor import changed, keys_of
from counterapp.core.store_settings import BagCheckSettings, StoreSettings
from counterapp.desks.bagcheck.rules import (
    COLLECTED,
    MOVES,
    STORED,
    VOID,
    BadLayout,
    Size,
    Stay,
    is_overnight,
    nights,
    occupancy,
    read_layout,
)
from counterapp.errors import BadInput
from resources import resource

NINE = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)


def test_the_carried_layout_has_eight_rows_of_twelve() -> None:
    lockers = read_layout(resource("bagcheck/lockers.csv").read_text(encoding="utf-8"))
    assert [one.number for one in lockers] == [str(number) for number in range(1, 97)]
    assert {(one.row, one.column) for one in lockers} == {
        (row, column) for row in range(1, 9) for column in range(1, 13)
    }
    assert {one.size for one in lockers} == set(Size)


def test_a_layout_without_places_goes_twelve_in_a_row_and_speaks_chinese_too() -> None:
    text = "\ufeff编号,大小,位置\n" + "\n".join(f"A-{n},大,东门" for n in range(1, 14)) + "\n\n"
    lockers = read_layout(text)
    assert (lockers[11].row, lockers[11].column) == (1, 12)
    assert (lockers[12].number, lockers[12].size, lockers[12].row, lockers[12].column) == ("A-13", Size.LARGE, 2, 1)


def test_every_mistake_of_a_layout_is_named_with_its_line() -> None:
    rows = ("1,small,A,1,1", "1,small,A,1,2", "2,tiny,A,1,3", "3,large,A,1,1", ",small,A,1,4", "4,small,A,0,x")
    text = "\n".join(("number,size,place,row,column", *rows, "5,small,A,2,1,9", ""))
    with pytest.raises(BadLayout) as met:
        read_layout(text)
    assert [mistake.in_language("en") for mistake in met.value.mistakes] == [
        "Line 3: locker 1 stands on line 2 already.",
        "Line 4: “tiny” is no size. Write small, medium or large.",
        "Line 5: another locker stands at row 1, column 1.",
        "Line 6: “” is no number of a locker (1 to 8 characters).",
        "Line 7: row and column have to be whole numbers from 1 to 99.",
        "Line 8: it has more columns than the first line.",
    ]


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "a,b\n1,2\n", "number,size,row\n1,small,1\n", "number,size\n", "number,number,size\n1,1,small\n"],
)
def test_what_is_no_layout_is_said_to_be_none(text: str) -> None:
    with pytest.raises(BadLayout):
        read_layout(text)


@given(st.text(max_size=200))
def test_no_file_breaks_the_reading(text: str) -> None:
    try:
        lockers = read_layout(text)
    except BadLayout as met:
        assert met.mistakes
    else:
        assert len({one.number for one in lockers}) == len(lockers)


_MINUTES = st.integers(-300, 900)


@given(st.lists(st.tuples(_MINUTES, st.one_of(st.none(), _MINUTES)), max_size=30), st.integers(-310, 910))
def test_the_curve_says_at_every_minute_how_many_are_there(stays: list[tuple[int, int | None]], asked: int) -> None:
    def at(minute: int) -> dt.datetime:
        return NINE + dt.timedelta(minutes=minute)

    real = [Stay(at(begin), None if end is None else at(max(begin, end))) for begin, end in stays]
    end = at(600)
    points = occupancy(real, NINE, end)
    assert (points[0].at, points[-1].at) == (NINE, end)
    moment = min(max(at(asked), NINE), end)
    there = sum(stay.begin <= moment and (stay.end is None or stay.end > moment) for stay in real)
    assert [point.taken for point in points if point.at <= moment][-1] == there


def test_overnight_begins_with_the_closing_or_the_next_day() -> None:
    today = dt.date(2026, 11, 21)
    assert not is_overnight(today, None, today)
    assert is_overnight(today, today, today)
    assert is_overnight(today, None, today + dt.timedelta(days=1))
    assert (nights(today, today + dt.timedelta(days=3)), nights(today, today - dt.timedelta(days=1))) == (3, 0)


def test_from_every_state_the_things_can_come_out_and_no_end_has_a_way_on() -> None:
    for state in MOVES:
        reached, front = {state}, {state}
        while front:
            front = {follows for one in front for follows in MOVES.get(one, frozenset())} - reached
            reached |= front
        assert COLLECTED in reached
    assert not {COLLECTED, VOID} & set(MOVES)
    assert VOID in MOVES[STORED]


def test_settings_of_bag_check_are_shown_and_set_by_name() -> None:
    settings = StoreSettings("一号店", "0101")
    assert keys_of(settings)["bagcheck.penalty_fen"] == "500"
    for key, value in (
        ("penalty_fen", "300"),
        ("tokens", "tags"),
        ("closes", "21:30"),
        ("id_days", "7"),
        ("penalty_name", "工本费"),
    ):
        settings = changed(settings, f"bagcheck.{key}", value)
        assert keys_of(settings)[f"bagcheck.{key}"] == value
    assert settings.bagcheck == BagCheckSettings("tags", 300, "工本费", id_days=7, closes="21:30")
    for key, value in (
        ("penalty_fen", "0"),
        ("tokens", "coins"),
        ("closes", "25:00"),
        ("id_keeping", "all"),
        ("penalty_name", ""),
        ("nothing", "1"),
    ):
        with pytest.raises(BadInput):
            changed(settings, f"bagcheck.{key}", value)
