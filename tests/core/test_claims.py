"""The ledger of what hangs on a receipt line: no over-return, exact money, one winner, whoever writes."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from counterapp.core import cases, claims
from counterapp.core.actor import Actor
from counterapp.core.claims import Balance, LineClaim
from counterapp.core.database import Database
from counterapp.core.receipts import ReceiptLine
from counterapp.errors import CounterError, Overtaken
from tests.return_forms.goods import Sold, sell

_numbers = itertools.count(1)

#: A piece to take (thousandths), or the place of an earlier taking that is undone.
_STEPS = st.lists(st.one_of(st.integers(1, 5000), st.integers(-6, -1)), min_size=1, max_size=14)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sold=st.integers(1, 9000), paid=st.integers(0, 1_000_000), steps=_STEPS)
def test_any_split_with_voids_between_gives_back_exactly_what_was_paid(
    database: Database, clerk: Actor, sold: int, paid: int, steps: list[int]
) -> None:
    (line_id,) = sell(database, Sold(quantity=sold, paid=paid), number=f"0101{next(_numbers):012}")

    def sequence(session: Session) -> None:
        line = session.get_one(ReceiptLine, line_id)
        taken: list[int] = []
        for step in steps:
            balance = claims.balances(session, [line_id]).get(line_id, Balance())
            if step < 0 and taken:
                claims.give_back(session, clerk, taken.pop(step % len(taken)))
            elif 0 < step <= line.sold - balance.taken:
                taken.append(_case(session, clerk))
                claims.claim(session, clerk, line, step, taken[-1])
        rest = line.sold - claims.balances(session, [line_id]).get(line_id, Balance()).taken
        if rest:
            claims.claim(session, clerk, line, rest, _case(session, clerk))
        assert claims.balances(session, [line_id])[line_id].fen == paid
        deltas = session.scalars(select(LineClaim.delta_fen).where(LineClaim.line_id == line_id)).all()
        assert sum(deltas) == paid

    database.run(sequence)


def test_more_than_was_sold_cannot_be_claimed(database: Database, clerk: Actor) -> None:
    (line_id,) = sell(database, Sold(quantity=2000))
    _claim(database, clerk, line_id, 1000)
    with pytest.raises(Overtaken):
        _claim(database, clerk, line_id, 1001)


@pytest.mark.parametrize(
    "forged",
    [
        {"after": 2000, "delta": 1000, "before": 1000, "seq": 2, "follows": 1},
        {"after": 1000, "delta": 1000, "before": 0, "seq": 1, "follows": None},
        {"after": 1000, "delta": 500, "before": 500, "seq": 2, "follows": 1},
        {"after": 1000, "delta": 1000, "before": 0, "seq": 3, "follows": 2},
        {"sold": 9000, "after": 2000, "delta": 1000, "before": 1000, "seq": 2, "follows": 1},
    ],
    ids=["too many", "a second first", "a forged balance", "a gap", "a forged quantity"],
)
def test_the_database_refuses_forged_claims_whoever_writes_them(
    database: Database, clerk: Actor, forged: dict[str, int]
) -> None:
    (line_id,) = sell(database, Sold(quantity=1000, paid=500))
    _claim(database, clerk, line_id, 1000)
    values = {
        "line_id": line_id, "pool": "return", "sold": 1000, "paid": 500, "before_fen": 500, "delta_fen": 0,
        "after_fen": 500, "case": 1, "at": "2026-11-21 00:00:00", **forged,
    }  # fmt: skip
    statement = text(
        "INSERT INTO line_claims (line_id, pool, seq, follows, sold, paid, before, delta, after, before_fen,"
        " delta_fen, after_fen, case_id, station, at) VALUES (:line_id, :pool, :seq, :follows, :sold, :paid, :before,"
        " :delta, :after, :before_fen, :delta_fen, :after_fen, :case, 'x', :at)"
    )
    with pytest.raises(CounterError):
        database.run(lambda session: session.execute(statement, values))


@pytest.mark.parametrize("statement", [delete(LineClaim), update(LineClaim).values(station="x")])
def test_claims_are_neither_changed_nor_taken_out(database: Database, clerk: Actor, statement: object) -> None:
    (line_id,) = sell(database, Sold())
    _claim(database, clerk, line_id, 1000)
    with (
        pytest.raises(Exception, match="keep_line_claims"),
        database.engine.begin() as connection,
    ):
        connection.execute(statement)  # type: ignore[call-overload]


def test_of_many_who_race_for_one_piece_exactly_one_wins(database: Database, clerk: Actor) -> None:
    (line_id,) = sell(database, Sold(quantity=1000))
    start = threading.Barrier(6)

    def race(_who: int) -> bool:
        start.wait()
        try:
            _claim(database, clerk, line_id, 1000)
        except Overtaken:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        won = list(threads.map(race, range(6)))
    assert sum(won) == 1


def _claim(database: Database, actor: Actor, line_id: int, quantity: int) -> None:
    def work(session: Session) -> None:
        claims.claim(session, actor, session.get_one(ReceiptLine, line_id), quantity, _case(session, actor))

    database.run(work)


def _case(session: Session, actor: Actor) -> int:
    case = cases.open_case(session, actor, "returns", "RC", "test")
    session.flush()
    return case.id
