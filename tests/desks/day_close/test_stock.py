"""The stock correction: each returned line exactly once, on both databases, also where two stations meet."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp import words
from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.database import Database
from counterapp.core.files import put_in_place
from counterapp.core.spreadsheets import Table, as_csv
from counterapp.desks.day_close.models import StockFile, StockLine
from counterapp.desks.day_close.services import stock
from counterapp.errors import NotAllowed, NotFound, Overtaken, Refused, Trouble
from tests.conftest import Hire, PlayedClock
from tests.return_forms.booked import Booked

TODAY = dt.date(2026, 11, 21)
TOMORROW = TODAY + dt.timedelta(days=1)
COPY = words.language("zh").gettext("Copy")
FORM = words.language("zh").gettext("Form number")


@pytest.fixture
def desk(database: Database, clerk: Actor, supervisor: Signer) -> Booked:
    return Booked(database, clerk, supervisor)


def make(desk: Booked, day: dt.date = TODAY) -> int:
    return desk.run(lambda session: stock.make_file(session, desk.actor, day))


def fetched(desk: Booked, *numbers: int) -> tuple[list[dict[str, str]], bool]:
    """The rows of the file as the stock system reads them, and whether this was the first time."""
    written: list[Table] = []
    first = desk.run(
        lambda session: stock.fetch(session, desk.actor, numbers, lambda table, _copy: written.append(table))
    )
    return list(csv.DictReader(io.StringIO(as_csv(written[0]).decode("utf-8-sig"), newline=""))), first


def waiting(desk: Booked, day: dt.date = TODAY) -> int:
    return desk.database.read(lambda session: stock.missing_lines(session, day))


def test_a_file_takes_each_line_once_with_what_the_stock_system_needs(desk: Booked) -> None:
    desk.make(1990, 500)
    desk.make(22900, kind="exchange", department="家电部", category="appliance")
    assert waiting(desk) == 3
    assert make(desk) == 1
    assert waiting(desk) == 0
    rows, first = fetched(desk, 1)
    assert first
    assert [(row["货号"], row["数量"], row["金额"], row["类别"], row["部门"]) for row in rows] == [
        ("11551", "1", "19.90", "百货", "百货部"),
        ("11552", "1", "5.00", "百货", "百货部"),
        ("11551", "1", "229.00", "影音家电", "家电部"),
    ]
    assert rows[0]["条码"] == "6924781363335"
    assert rows[0]["单价"] == "19.90"
    assert rows[0]["供应商"] == "S101"
    head, *lines = csv.reader(io.StringIO(as_csv(table_of(desk, 1)).decode("utf-8-sig"), newline=""))
    assert len(head) == len(set(head)) == len(lines[0]) == 18
    assert "fault_confirmed=yes, package_whole=no" in lines[0]


def table_of(desk: Booked, number: int) -> Table:
    written: list[Table] = []
    desk.run(lambda session: stock.fetch(session, desk.actor, [number], lambda table, _copy: written.append(table)))
    return written[0]


def test_a_form_void_before_the_file_is_in_none_and_one_void_after_it_is_reversed_in_the_next(
    desk: Booked, clock: PlayedClock
) -> None:
    before, after = desk.make(1000), desk.make(2000, 300)
    desk.void(before)
    make(desk)
    desk.void(after)
    assert waiting(desk) == 2
    assert make(desk) == 2
    rows, _first = fetched(desk, 1, 2)
    assert [(row["货号"], row["数量"], row["金额"]) for row in rows] == [
        ("11551", "1", "20.00"), ("11552", "1", "3.00"), ("11551", "-1", "-20.00"), ("11552", "-1", "-3.00"),
    ]  # fmt: skip
    with pytest.raises(Refused):
        make(desk)
    clock.forward(days=1)
    with pytest.raises(Refused):
        make(desk, TOMORROW)


def test_a_day_takes_nothing_of_the_next(desk: Booked, clock: PlayedClock) -> None:
    number = desk.make(1000)
    clock.forward(days=1)
    desk.make(2000)
    make(desk)
    desk.void(number)
    assert waiting(desk) == 0
    assert waiting(desk, TOMORROW) == 2
    make(desk, TOMORROW)
    rows, _first = fetched(desk, 2)
    assert sorted(row["金额"] for row in rows) == ["-10.00", "20.00"]


def test_a_file_is_marked_when_it_is_first_written_and_later_ones_are_called_copies(desk: Booked) -> None:
    desk.make(1000)
    make(desk)
    (before,) = desk.database.read(lambda session: stock.files_of(session, TODAY))
    assert (before.lines, before.amount, before.fetched_at, before.made_by) == (1, 1000, None, "王丽")
    rows, first = fetched(desk, 1)
    assert (first, [row[COPY] for row in rows]) == (True, [""])
    (after,) = desk.database.read(lambda session: stock.files_of(session, TODAY))
    assert after.fetched_by == "王丽"
    rows, first = fetched(desk, 1)
    assert not first
    assert [row[COPY] for row in rows] != [""]
    assert desk.database.read(lambda session: stock.files_of(session, TODAY)) == (after,)


def test_what_could_not_be_written_is_not_marked(desk: Booked, tmp_path: Path) -> None:
    desk.make(1000)
    make(desk)
    nowhere = tmp_path / "elsewhere" / "stock.csv"

    def put(table: Table, _copy: bool) -> None:
        put_in_place(nowhere, as_csv(table))

    with pytest.raises(Trouble):
        desk.run(lambda session: stock.fetch(session, desk.actor, [1], put))
    assert desk.database.read(lambda session: len(stock.not_fetched(session, TODAY))) == 1


def test_only_the_counter_makes_a_file_and_one_that_is_not_there_is_named(desk: Booked, hire: Hire) -> None:
    desk.make(1000)
    cashier = Actor(hire("6170", Role.CASHIER), "2", desk.actor.clock)
    with pytest.raises(NotAllowed):
        desk.database.command(cashier, "test", lambda session: stock.make_file(session, cashier, TODAY))
    with pytest.raises(NotFound):
        fetched(desk, 7)


def test_of_two_stations_that_make_a_file_at_once_one_wins(desk: Booked) -> None:
    for _ in range(3):
        desk.make(1000, 500)

    def at(station: str) -> int | None:
        try:
            return make(desk.at(station))
        except (Refused, Overtaken):
            return None

    with ThreadPoolExecutor(6) as stations:
        numbers = list(stations.map(at, "123456"))
    assert sorted(number for number in numbers if number is not None) == [1]
    stored = desk.database.read(lambda session: list(session.scalars(select(StockLine.return_line_id))))
    assert len(stored) == len(set(stored)) == 6
    assert desk.database.read(lambda session: len(list(session.scalars(select(StockFile))))) == 1


STEPS = st.lists(
    st.tuples(st.sampled_from(["make", "make", "void", "file", "next day"]), st.integers(1, 9_999)), max_size=16
)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_whatever_is_returned_made_void_and_exported_the_files_sum_to_what_is_really_back(
    desk: Booked, clock: PlayedClock, steps: list[tuple[str, int]]
) -> None:
    good: dict[int, int] = {}
    void: set[int] = set()
    for what, value in [*steps, ("file", 0)]:
        if what == "make":
            good[desk.make(value, value + 1)] = 2 * value + 1
        elif what == "void" and good:
            number = sorted(good)[value % len(good)]
            desk.void(number)
            void.add(number)
            del good[number]
        elif what == "file" and waiting(desk, desk.actor.today()):
            make(desk, desk.actor.today())
        elif what == "next day":
            clock.forward(days=1)
    assert waiting(desk, desk.actor.today()) == 0
    numbers = desk.database.read(lambda session: list(session.scalars(select(StockFile.number))))
    rows = fetched(desk, *numbers)[0] if numbers else []
    sums: Counter[int] = Counter()
    for row in rows:
        form = int(row[FORM])
        sums[form] += int(Decimal(row["金额"]) * 100)
    assert {form: fen for form, fen in sums.items() if fen and form in good} == good
    assert all(sums[form] == 0 for form in void)
    assert desk.database.read(_lines_twice) == []


def _lines_twice(session: Session) -> list[tuple[int, int]]:
    every = [(line, sign) for line, sign in session.execute(select(StockLine.return_line_id, StockLine.sign))]
    return [key for key, count in Counter(every).items() if count > 1]
