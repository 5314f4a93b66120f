"""The register of a day: each number once, gaps shown, and the money adds up to the fen, on both databases."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from counterapp.core.actor import Actor, Signer
from counterapp.core.database import Database
from counterapp.core.print_queue import PrintJob, repeat
from counterapp.core.spreadsheets import as_csv, as_xlsx
from counterapp.desks.day_close.printouts.register_facts import Gap, Register, Sum, outcome_words
from counterapp.desks.day_close.services.register import register, tables
from counterapp.return_forms.models import REDEEMED, VOID
from tests.conftest import PlayedClock
from tests.return_forms.booked import Booked

TODAY = dt.date(2026, 11, 21)
TOMORROW = TODAY + dt.timedelta(days=1)


@pytest.fixture
def desk(database: Database, clerk: Actor, supervisor: Signer) -> Booked:
    return Booked(database, clerk, supervisor)


def read(desk: Booked, day: dt.date = TODAY) -> Register:
    return desk.database.read(lambda session: register(session, day))


def test_a_day_has_its_forms_in_number_order_with_who_made_and_who_approved_them(desk: Booked) -> None:
    desk.make(1990, 500)
    desk.make(22900, kind="exchange", settlement="cash")
    found = read(desk)
    assert [(one.number, one.kind, one.amount, one.lines) for one in found.forms] == [
        (1, "refund", 2490, 2),
        (2, "exchange", 22900, 1),
    ]
    first = found.forms[0]
    assert (first.clerk, first.approver) == ("王丽 6012", "李强 5003")
    assert f"{first.made_at:%Y-%m-%d %H:%M}" == "2026-11-21 14:32"
    assert first.outcome is None
    assert (found.numbers, found.made, found.open) == ((1, 2), Sum(2, 25390), Sum(2, 25390))
    assert (found.gaps, found.others, found.parts_missing) == ((), (), ())


def test_what_became_of_each_form_is_told_with_its_money(desk: Booked, clock: PlayedClock) -> None:
    used, with_rest, anew, paid, void = (desk.make(1000) for _ in range(5))
    clock.forward(minutes=30)
    desk.redeem(used)
    desk.redeem(with_rest, 700, rest="forfeited", part_two=False)
    rest_form = desk.redeem(anew, 400, rest="new_form")
    desk.settle(paid)
    desk.void(void, "商品拿错")
    found = read(desk)
    assert rest_form == 6
    told = {one.number: outcome_words(one, "en") for one in found.forms}
    assert told[
        used
    ] == "redeemed 11-21 15:02 at till 07 by 王丽 6012 · receipt 0101 07 261120 0001, ¥10.00 used".replace(
        "0101 07 261120 0001", "0101072611200001"[:4] + " 07 261120 0001"
    )
    assert "rest ¥3.00 forfeited" in told[with_rest]
    assert "part 2 missing" in told[with_rest]
    assert "rest ¥6.00 on a new form No. 000006" in told[anew]
    assert "rest of No. 000003" in told[rest_form]
    assert "paid out in cash" in told[paid]
    assert "王丽 6012 and 李强 5003 · 商品拿错" in told[void]
    assert [one.number for one in found.parts_missing] == [with_rest]
    assert found.made == Sum(6, 5600)
    assert found.ended_as(REDEEMED) == Sum(3, 2100)
    assert (found.rests("forfeited"), found.rests("new_form"), found.rests("paid")) == (
        Sum(1, 300),
        Sum(1, 600),
        Sum(0, 0),
    )
    assert (found.ended_as(VOID), found.open, found.after) == (Sum(1, 1000), Sum(1, 600), Sum(1, 600))


def test_forms_of_another_day_that_end_today_stand_in_a_table_of_their_own(desk: Booked, clock: PlayedClock) -> None:
    number = desk.make(1000)
    clock.forward(days=1)
    desk.make(500)
    desk.redeem(number)
    yesterday, today = read(desk), read(desk, TOMORROW)
    assert (yesterday.open, yesterday.after) == (Sum(1, 1000), Sum(1, 1000))  # as it was when the day was over
    assert yesterday.forms[0].outcome is not None  # and what has become of it since
    assert [one.number for one in today.others] == [number]
    assert (today.before, today.made, today.ended, today.after) == (
        Sum(1, 1000),
        Sum(1, 500),
        Sum(1, 1000),
        Sum(1, 500),
    )


def test_each_missing_number_is_a_gap_of_one_day_also_at_the_end(desk: Booked, clock: PlayedClock) -> None:
    desk.make()
    desk.lose_number()
    desk.make()
    clock.forward(days=1)
    desk.lose_number()
    desk.lose_number()
    desk.make()
    desk.lose_number()
    assert read(desk).gaps == (Gap(2, 2),)
    assert read(desk, TOMORROW).gaps == (Gap(4, 5), Gap(7, 7))


def test_a_form_that_was_taken_out_of_the_data_leaves_a_gap(desk: Booked) -> None:
    for _ in range(3):
        desk.make()

    def tamper(session: Session) -> None:
        off = "DROP TRIGGER keep_return_forms_delete"
        session.execute(text(off if desk.database.is_sqlite else f"{off} ON return_forms"))
        session.execute(text("DELETE FROM return_form_lines WHERE form_id = 2"))
        session.execute(text("DELETE FROM return_forms WHERE id = 2"))

    desk.database.run(tamper)
    assert read(desk).gaps == (Gap(2, 2),)


def test_reprints_are_counted_and_a_form_that_never_came_out_is_named(desk: Booked) -> None:
    printed, lost = desk.make(), desk.make(printed=False)

    def again(session: Session) -> None:
        job = session.get_one(PrintJob, desk.form(session, printed).job_id)
        repeat(session, desk.actor, job)

    desk.run(again)
    desk.run(again)
    first, second = read(desk).forms
    assert (first.copies, first.printed) == (2, True)
    assert (second.number, second.printed) == (lost, False)
    assert "reprinted 2×" in outcome_words(first, "en")


def test_the_register_goes_out_with_every_number_and_every_gap_once(desk: Booked) -> None:
    desk.redeem(desk.make(1000), 400, rest="new_form")
    desk.lose_number()
    desk.void(desk.make(500), "=HYPERLINK(1)")
    entries, sums = tables(read(desk), "en")
    rows = list(csv.DictReader(io.StringIO(as_csv(entries).decode("utf-8-sig"), newline="")))
    assert [(row["Group"], row["Form number"], row["Amount"]) for row in rows] == [
        ("of the day", "1", "10.00"), ("of the day", "2", "6.00"), ("gap", "3", ""), ("of the day", "4", "5.00"),
    ]  # fmt: skip
    assert (rows[0]["Amount used"], rows[0]["Rest"], rows[0]["Next form"]) == ("4.00", "6.00", "2")
    assert rows[3]["Reason of the void"] == "'=HYPERLINK(1)"
    assert all(len(row) == len(entries.heads) for row in entries.rows)
    assert as_xlsx(entries, sums)[:2] == b"PK"
    assert {label for label, *_rest in sums.rows} >= {"Good before", "Good after"}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("make"), st.integers(1, 99_999)),
        st.tuples(st.sampled_from(["redeem", "part", "anew", "paid", "settle", "void"]), st.integers(0, 30)),
        st.tuples(st.just("next day"), st.just(0)),
    ),
    max_size=14,
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_whatever_happens_every_number_is_once_in_a_register_and_money_in_is_money_out(
    desk: Booked, clock: PlayedClock, steps: list[tuple[str, int]]
) -> None:
    # The days of the examples follow each other on one store: what is still good goes on.
    clock.forward(days=1)
    first_day, made = desk.actor.today(), []
    good: list[int] = []
    before = read(desk, first_day).before
    for what, value in [*steps, ("make", 100)]:
        if what == "make":
            good.append(desk.make(value, statutory=False))
            made.append(good[-1])
        elif what == "next day":
            clock.forward(days=1)
        elif good:
            rest = end(desk, good.pop(value % len(good)), what)
            if rest is not None:
                good.append(rest)
                made.append(rest)
    seen: list[int] = []
    day = first_day
    while day <= desk.actor.today():
        found = read(desk, day)
        assert found.before == before
        own = [found.ended_as(how, own=True).fen for how in ("redeemed", "settled", "void", "renewed")]
        assert found.made.fen == sum(own) + found.rests(own=True).fen + found.open.fen
        ended = [found.ended_as(how).fen for how in ("redeemed", "settled", "void", "renewed")]
        assert found.ended.fen == sum(ended) + found.rests().fen
        assert found.gaps == ()
        seen += [one.number for one in found.forms]
        before = found.after
        day += dt.timedelta(days=1)
    assert sorted(seen) == sorted(made)
    assert len(set(seen)) == len(seen)


def end(desk: Booked, number: int, what: str) -> int | None:
    amount = desk.database.read(lambda session: desk.form(session, number).amount)
    match what:
        case "redeem":
            return desk.redeem(number)
        case "part":
            return desk.redeem(number, amount // 2, rest="forfeited")
        case "anew":
            return desk.redeem(number, amount // 3, rest="new_form")
        case "paid":
            return desk.redeem(number, amount // 2, rest="paid")
        case "settle":
            desk.settle(number)
        case _:
            desk.void(number)
    return None
