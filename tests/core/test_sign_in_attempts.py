"""Tries that let nobody in: all of them in the journal or counted, and a flood of them no more than a few entries."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from counterapp.core import sign_in_attempts, staff
from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.database import Database
from counterapp.core.journal import REFUSED_TRY, TRIES, JournalEntry
from counterapp.core.journal_verify import verify
from counterapp.core.sign_in_attempts import Tries
from counterapp.core.staff import Person
from counterapp.errors import NotAllowed, Refused
from tests.conftest import KEYS, PIN, Hire, PlayedClock

ALWAYS = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def test_tries_while_an_account_waits_are_one_entry_at_once_and_their_number_in_the_next(
    database: Database, hire: Hire, clock: PlayedClock
) -> None:
    person = hire("6012")
    for _ in range(3):
        refuse(database, clock, "6012", "000001")
    for _ in range(50):
        refuse(database, clock, "6012", PIN)
    assert refused(database) == [(person.person_id, "2", 1)]
    clock.forward(seconds=2)
    staff.prove(database, "6012", PIN, "2", clock)
    assert refused(database) == [(person.person_id, "2", 1), (person.person_id, "2", 49)]
    staff.prove(database, "6012", PIN, "2", clock)
    assert len(refused(database)) == 2


def test_a_flood_of_unknown_numbers_is_one_entry_an_hour_with_their_number(
    database: Database, clock: PlayedClock
) -> None:
    for minute in range(61):
        refuse(database, clock, f"77{minute}", PIN)
        clock.forward(minutes=1)
    assert refused(database) == [(None, "2", 1), (None, "2", 60)]
    assert "770" not in changes(database), "what was typed may be a PIN"


def test_a_clock_set_back_does_not_silence_the_journal(database: Database, clock: PlayedClock) -> None:
    refuse(database, clock, "77", PIN)
    clock.forward(days=-1)
    refuse(database, clock, "77", PIN)
    assert len(refused(database)) == 2


def test_every_station_has_its_own_entry(database: Database, clock: PlayedClock) -> None:
    refuse(database, clock, "77", PIN, "2")
    refuse(database, clock, "77", PIN, "3")
    assert refused(database) == [(None, "2", 1), (None, "3", 1)]


def test_tries_at_the_same_moment_are_all_counted(database: Database, clock: PlayedClock) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _n: refuse(database, clock, "77", PIN), range(24)))
    assert refused(database) == [(None, "2", 1)]
    (found,) = database.read(lambda s: sign_in_attempts.recent(s, ALWAYS))
    assert found.refused == 24
    assert [chain.bad for chain in verify(database, outside=False)] == [None, None]


def test_a_blocked_account_is_told_nothing_and_named_in_the_journal(
    database: Database, hire: Hire, clock: PlayedClock
) -> None:
    lisa, it = hire("6012"), Actor(hire("9002", Role.IT), "2", clock)
    database.command(it, "b", lambda s: staff.set_active(s, it, lisa.person_id, active=False) and None)
    with pytest.raises(NotAllowed) as told:
        staff.prove(database, "6012", PIN, "2", clock)
    assert told.value.message == "Number and PIN do not belong together. Try again."
    assert refused(database) == [(lisa.person_id, "2", 1)]
    assert database.read(lambda s: staff.identify(s, "6012")) is None
    database.command(it, "u", lambda s: staff.set_active(s, it, lisa.person_id, active=True) and None)
    assert staff.prove(database, "6012", PIN, "2", clock) == lisa


def test_nobody_blocks_their_own_account(database: Database, hire: Hire, clock: PlayedClock) -> None:
    it = Actor(hire("9002", Role.IT), "2", clock)
    with pytest.raises(Refused):
        database.command(it, "b", lambda s: staff.set_active(s, it, it.person.person_id, active=False))
    assert staff.prove(database, "9002", PIN, "2", clock) == it.person


def test_a_new_pin_lets_in_at_once_and_stands_in_the_journal_without_itself(
    database: Database, hire: Hire, clock: PlayedClock
) -> None:
    lisa, it = hire("6012"), Actor(hire("9002", Role.IT), "2", clock)
    for _ in range(4):
        refuse(database, clock, "6012", "000001")
    new = staff.hash_pin("161803", KEYS.pepper)
    database.command(it, "staff.pin", lambda s: staff.set_pin(s, lisa.person_id, new) and None)
    assert staff.prove(database, "6012", "161803", "2", clock) == lisa
    assert new not in changes(database)
    refuse(database, clock, "6012", PIN)


def test_recent_tries_are_told_by_account_and_station_the_last_first(
    database: Database, hire: Hire, clock: PlayedClock
) -> None:
    lisa: Signer = hire("6012")
    hire("6013")
    refuse(database, clock, "6013", "000001")
    clock.forward(days=8)
    refuse(database, clock, "77", PIN, "3")
    clock.forward(minutes=1)
    for _ in range(5):
        refuse(database, clock, "6012", "000001")
    found = database.read(lambda s: sign_in_attempts.recent(s, clock() - dt.timedelta(days=7)))
    assert found == [
        Tries(lisa.person_id, "2", 3, 2, clock()),
        Tries(None, "3", 0, 1, clock() - dt.timedelta(minutes=1)),
    ]


def test_recent_tries_are_found_by_their_own_index(database: Database) -> None:
    found = f"SELECT at FROM journal WHERE {TRIES} AND at >= '2026-01-01'"
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "

    def plan() -> str:
        with database.engine.connect() as connection:
            if not database.is_sqlite:
                connection.execute(text("SET enable_seqscan = off"))
            return " ".join(str(part) for row in connection.execute(text(explain + found)) for part in row)

    assert "ix_journal_tries" in plan()


def refuse(database: Database, clock: PlayedClock, number: str, pin: str, station: str = "2") -> None:
    with pytest.raises(NotAllowed):
        staff.prove(database, number, pin, station, clock)


def refused(database: Database) -> list[tuple[int | None, str, int]]:
    """The journal's entries of refused tries: whose, where, how many."""
    entries = select(JournalEntry).where(JournalEntry.act == REFUSED_TRY).order_by(JournalEntry.id)
    return [
        (entry.person_id, entry.chain, entry.changes[0]["after"]["tries"])
        for entry in database.read(lambda s: list(s.scalars(entries)))
    ]


def changes(database: Database) -> str:
    return str(database.read(lambda s: [*s.scalars(select(JournalEntry.changes)), *s.scalars(select(Person.number))]))
