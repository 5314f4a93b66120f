"""Counting without knowing what should be there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from counterapp.core import blind_counts
from counterapp.core.actor import Actor, Signer
from counterapp.core.blind_counts import Asks, CountResult, CountRule
from counterapp.core.database import Database
from counterapp.core.journal import JournalEntry
from counterapp.errors import BadInput, NotAllowed, Overtaken, Refused
from tests.conftest import Hire, PlayedClock

FLOAT = CountRule(signed_from=1000)


def enter(
    database: Database, actor: Actor, counted: int, reason: str = "", signer: Signer | None = None,
    rule: CountRule = FLOAT, occasion: str = "26-11-21 open",
) -> CountResult:  # fmt: skip
    def work(session: object) -> CountResult:
        return blind_counts.enter(
            session, actor, "float 1", occasion, {"100": counted // 100}, counted, 50_000, rule, reason, signer  # type: ignore[arg-type]
        )  # fmt: skip

    return database.command(actor, "float.count", work)


@pytest.fixture
def other(clerk: Actor, hire: Hire) -> Actor:
    """Another clerk."""
    return replace(clerk, person=hire("6013"))


def test_what_comes_to_it_holds_at_once(database: Database, clerk: Actor, clock: PlayedClock) -> None:
    assert database.read(lambda s: blind_counts.last_settled(s, "float 1")) is None
    assert enter(database, clerk, 50_000) == CountResult(Asks.NOTHING, 0)
    with pytest.raises(Overtaken):
        enter(database, clerk, 50_000)
    clock.forward(hours=8)
    assert enter(database, clerk, 49_990, rule=CountRule(free=10), occasion="26-11-21 close").is_settled
    last = database.read(lambda s: blind_counts.last_settled(s, "float 1"))
    assert last is not None
    assert (last.counted, last.difference, last.pieces) == (49_990, -10, {"100": 499})


def test_a_difference_takes_a_second_person_a_reason_and_a_signature(
    database: Database, clerk: Actor, other: Actor, supervisor: Signer
) -> None:
    # The first to count is not told by how much it differs.
    assert enter(database, clerk, 48_000) == CountResult(Asks.SECOND_PERSON)
    with pytest.raises(Refused):
        enter(database, clerk, 50_000)
    assert enter(database, other, 48_000) == CountResult(Asks.REASON, -2000)
    assert enter(database, other, 48_000, "找错零") == CountResult(Asks.SIGNATURE, -2000)
    with pytest.raises(NotAllowed):
        enter(database, other, 48_000, "找错零", other.person)
    boss = replace(clerk, person=supervisor)
    with pytest.raises(NotAllowed):
        enter(database, boss, 48_000, "找错零", supervisor)
    assert enter(database, other, 48_000, "找错零", supervisor).is_settled
    counts = database.read(lambda s: blind_counts.counts_of(s, "float 1", "26-11-21 open"))
    assert [(one.nth, one.settles) for one in counts] == [(1, False), (2, False), (3, False), (4, True)]
    assert counts[-1].signed_by == supervisor.person_id and counts[-1].first_by == clerk.person.person_id
    last = database.read(lambda s: s.query(JournalEntry).order_by(JournalEntry.id.desc()).first())
    assert last is not None and last.second_id == supervisor.person_id


def test_a_second_count_that_comes_to_it_holds(database: Database, clerk: Actor, other: Actor) -> None:
    enter(database, clerk, 48_000)
    assert enter(database, other, 50_000) == CountResult(Asks.NOTHING, 0)
    with pytest.raises(BadInput):
        database.command(
            clerk, "count", lambda s: blind_counts.enter(s, clerk, "a", "b", {"1": -1}, 0, 0, FLOAT)
        )  # fmt: skip


def test_of_two_who_count_first_at_once_one_does(database: Database, clerk: Actor, other: Actor) -> None:
    def attempt(actor: Actor) -> bool:
        try:
            return enter(database, actor, 50_000).is_settled
        except Overtaken:
            return False

    people = [replace(who, station=str(number)) for number, who in enumerate((clerk, other, clerk, other))]
    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(attempt, people)) == 1


_ROW = (
    "INSERT INTO blind_counts (subject, occasion, nth, pieces, counted, should, difference, free, settles, reason,"
    " counted_at, counted_on, counted_by, first_by, signed_by)"
    " SELECT subject, 'other', 1, pieces, {counted}, should, {difference}, 0, {settles}, 'x', counted_at, counted_on,"
    " counted_by, first_by, {signed_by} FROM blind_counts"
)


FORBIDDEN = [
    "UPDATE blind_counts SET counted = 1",
    "DELETE FROM blind_counts",
    _ROW.format(counted=49_000, difference=0, settles="true", signed_by="NULL"),
    _ROW.format(counted=49_000, difference=-1000, settles="true", signed_by="NULL"),
    _ROW.format(counted=50_000, difference=0, settles="true", signed_by="counted_by"),
]


def test_the_database_itself_keeps_the_counts(database: Database, clerk: Actor) -> None:
    enter(database, clerk, 50_000)
    for statement in FORBIDDEN:
        with pytest.raises(DBAPIError), database.engine.begin() as connection:
            connection.execute(text(statement))


def test_whoever_heard_the_difference_does_not_count_it_away(
    database: Database, clerk: Actor, other: Actor, hire: Hire, supervisor: Signer
) -> None:
    enter(database, clerk, 48_000)
    assert enter(database, other, 48_000) == CountResult(Asks.REASON, -2000)
    with pytest.raises(Refused, match="差额"):
        enter(database, other, 50_000)
    third = replace(clerk, person=hire("6014"))
    assert enter(database, third, 50_000) == CountResult(Asks.NOTHING, 0)
