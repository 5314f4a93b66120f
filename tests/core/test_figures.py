"""A figure is the list behind it: sums, parts and groups of one query, on both databases."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Date, Integer, Select, String, create_engine, literal, select, type_coerce, union_all
from sqlalchemy.orm import Session

from counterapp.core import figures
from counterapp.core.actor import Actor
from counterapp.core.database import Database
from counterapp.core.figures import Counted, Figure, Grain, Period, Sum, Unit, behind, count
from counterapp.core.print_queue import PaperRole, PrintJob, enqueue
from counterapp.errors import Overtaken, Refused
from printers.document import Slip
from tests.conftest import PlayedClock

NOVEMBER = Period(dt.date(2026, 11, 1), dt.date(2026, 11, 30))
Entry = tuple[dt.date, int | None, str, str]


def figure_of(entries: list[Entry], unit: Unit = Unit.COUNT, per: list[tuple[dt.date, int]] | None = None) -> Figure:
    """A figure whose rows are these values, as the query of a desk would give them."""

    def rows(period: Period) -> Select[tuple[dt.date, int, str, str]]:
        given = [
            select(
                type_coerce(literal(day, Date), Date), literal(value, Integer), literal(group, String),
                literal(code, String),
            )
            for day, value, group, code in entries
        ]  # fmt: skip
        empty = select(literal(period.first, Date), literal(1, Integer), literal("", String), literal("", String))
        made = union_all(*given, empty.where(literal(1) == 0)).subquery()
        return select(*made.c).where(next(iter(made.c)).between(period.first, period.last))

    def counted(period: Period) -> Select[tuple[dt.date, int]]:
        given = [select(literal(day, Date), literal(number, Integer)) for day, number in per or []]
        made = union_all(*given).subquery()
        return select(*made.c).where(next(iter(made.c)).between(period.first, period.last))

    return Figure("figure", "Complaints", "Complaints received.", unit, rows, counted if per else None)


@pytest.fixture(scope="module")
def memory() -> Iterator[Session]:
    """A database for queries that need no table but that of closed periods."""
    engine = create_engine("sqlite://")
    figures.FigureClose.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


DAYS = st.dates(dt.date(2026, 9, 20), dt.date(2026, 12, 10))
ENTRIES = st.lists(
    st.tuples(DAYS, st.one_of(st.none(), st.integers(0, 10**12)), st.sampled_from("abc"), st.sampled_from("xyz")),
    max_size=8,
)


@settings(max_examples=30, deadline=None)
@given(ENTRIES, DAYS, st.integers(0, 20), st.sampled_from(Grain))
def test_a_figure_equals_the_list_behind_it(
    memory: Session, entries: list[Entry], first: dt.date, days: int, grain: Grain
) -> None:
    period = Period(first, first + dt.timedelta(days))
    figure = figure_of(entries)
    counted, listed = count(memory, figure, period, grain), behind(memory, figure, period)
    assert (counted.whole.total, counted.whole.entries) == (sum(value for _d, _c, value in listed), len(listed))
    assert listed == sorted((d, c, v) for d, v, _g, c in entries if v is not None and first <= d <= period.last)
    assert added(one for _part, one in counted.parts) == counted.whole == added(one for _key, one in counted.groups)
    for part, one in counted.parts:
        assert one.entries == len(behind(memory, figure, part))
    for group, one in counted.groups:
        assert one.entries == len(behind(memory, figure, period, group))
    before = behind(memory, figure, period.before())
    assert (counted.before.entries, counted.before.total) == (len(before), sum(value for _d, _c, value in before))


def added(sums: Iterator[Sum]) -> Sum:
    whole = Sum()
    for one in sums:
        whole = whole.plus(one)
    return whole


@given(DAYS, st.integers(0, 90), st.sampled_from(Grain))
def test_the_parts_of_a_period_are_all_of_its_days_once(first: dt.date, days: int, grain: Grain) -> None:
    period = Period(first, first + dt.timedelta(days))
    parts = list(period.parts(grain))
    assert (parts[0].first, parts[-1].last) == (period.first, period.last)
    assert all(one.last + dt.timedelta(1) == other.first for one, other in itertools.pairwise(parts))
    assert period.before().last == first - dt.timedelta(1)


def test_months_are_held_against_months() -> None:
    assert NOVEMBER.before() == Period(dt.date(2026, 10, 1), dt.date(2026, 10, 31))
    quarter = Period(dt.date(2026, 1, 1), dt.date(2026, 3, 31))
    assert quarter.before() == Period(dt.date(2025, 10, 1), dt.date(2025, 12, 31))
    week = Period(dt.date(2026, 11, 2), dt.date(2026, 11, 8))
    assert week.before() == Period(dt.date(2026, 10, 26), dt.date(2026, 11, 1))
    assert [part.first.day for part in NOVEMBER.parts(Grain.WEEK)] == [1, 2, 9, 16, 23, 30]


@pytest.mark.parametrize(
    ("unit", "value"),
    [(Unit.COUNT, 3), (Unit.FEN, 3), (Unit.MINUTES, 1.5), (Unit.SHARE, 1.5), (Unit.PER_MILLE, 3.0)],
)
def test_a_unit_says_what_is_shown_of_the_sum(memory: Session, unit: Unit, value: float) -> None:
    day = dt.date(2026, 11, 3)
    figure = figure_of([(day, 1, "a", "x"), (day, 2, "b", "y"), (day, None, "b", "z")], unit, [(day, 400), (day, 600)])
    assert count(memory, figure, NOVEMBER, Grain.DAY).value == value
    nothing = count(memory, figure, NOVEMBER.before(), Grain.DAY)
    assert nothing.value == (0 if unit in {Unit.COUNT, Unit.FEN} else None)


def test_figures_of_a_period_are_a_table(memory: Session) -> None:
    day = dt.date(2026, 11, 3)
    made = [figure_of([(day, 7550, "", "x")], unit, [(day, 1000)]) for unit in Unit]
    counted = [count(memory, one, NOVEMBER, Grain.MONTH) for one in made]
    table = figures.table_of(counted, "en")
    assert table.heads == ("From", "To", *["Complaints"] * 5)
    assert table.rows == [
        (NOVEMBER.first, NOVEMBER.last, 7550, Decimal("75.50"), Decimal("7550.00"), Decimal("7550.0000"),
         Decimal("7550.00"))
    ]  # fmt: skip
    assert figures.table_of([], "zh").rows == []


PRINTS = Figure(
    "prints", "Prints", "Papers that were printed.", Unit.COUNT,
    lambda period: select(
        type_coerce(literal(dt.date(2026, 11, 3)), Date), literal(1), PrintJob.paper, PrintJob.key
    ).where(literal(period.first) <= literal(dt.date(2026, 11, 3))),
)  # fmt: skip


def test_a_closed_period_says_when_its_figure_changes(database: Database, clerk: Actor, clock: PlayedClock) -> None:
    def print_one(paper: PaperRole) -> None:
        database.command(clerk, "print", lambda s: enqueue(s, clerk, paper, "", Slip("", ()), None) and None)

    def counted() -> Counted:
        return database.read(lambda s: count(s, PRINTS, NOVEMBER, Grain.WEEK))

    def close() -> None:
        database.command(clerk, "figures.close", lambda s: figures.close(s, clerk, PRINTS, NOVEMBER))

    for paper in (PaperRole.FORM, PaperRole.SLIP, PaperRole.FORM):
        print_one(paper)
    assert (counted().value, counted().groups) == (3, (("form", Sum(2, 2)), ("slip", Sum(1, 1))))
    assert [value for _day, _code, value in database.read(lambda s: behind(s, PRINTS, NOVEMBER, "form"))] == [1, 1]
    with pytest.raises(Refused):
        close()
    clock.forward(days=20)
    close()
    assert (counted().closed, counted().has_changed) == (Sum(3, 3), False)
    print_one(PaperRole.FORM)
    assert (counted().value, counted().closed, counted().has_changed) == (4, Sum(3, 3), True)
    with pytest.raises(Overtaken):
        close()
