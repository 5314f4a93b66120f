"""A case's way: who may take which step, what it asks for, what is kept of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from counterapp.core import workflow
from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.cases import Case
from counterapp.core.database import Database
from counterapp.core.journal import JournalEntry
from counterapp.errors import BadInput, NotAllowed, Overtaken, Refused
from tests.conftest import PlayedClock
from tests.core.matters import WAY, open_matter


def step(database: Database, actor: Actor, case: Case, act: str, words: str = "") -> None:
    def work(session: Session) -> None:
        workflow.advance(session, actor, WAY, session.get_one(Case, case.id), act, words)

    database.command(actor, act, work)


def test_a_case_goes_its_way_and_every_step_is_kept(
    database: Database, clerk: Actor, manager: Signer, clock: PlayedClock
) -> None:
    case = open_matter(database, clerk)
    assert (case.state, case.desk, case.revision) == ("received", "matters", 1)
    step(database, clerk, case, "matter.examine", " 看过了 ")
    clock.forward(minutes=5)
    step(database, clerk, case, "matter.do")
    step(database, replace(clerk, person=manager), case, "matter.close")
    steps = database.read(lambda s: workflow.steps_of(s, case.id))
    assert [(one.before, one.after, one.words) for one in steps] == [
        ("received", "examined", "看过了"), ("examined", "done", ""), ("done", "closed", ""),
    ]  # fmt: skip
    assert [one.who for one in steps] == ["王丽 6012", "王丽 6012", "周敏 5001"]
    assert steps[2].role is Role.SERVICE_MANAGER and (steps[1].at - steps[0].at).seconds == 300
    assert database.read(lambda s: s.get_one(Case, case.id).revision) == 4


def test_the_keys_of_a_screen_are_the_moves_of_the_table() -> None:
    assert [move.act for move in WAY.offered("received", Role.CLERK)] == ["matter.examine", "matter.do"]
    assert WAY.offered("done", Role.CLERK) == ()
    assert [move.act for move in WAY.offered("done", Role.STORE_MANAGER)] == ["matter.close"]
    assert WAY.skipped("received", "closed") == ("examined", "done")
    assert WAY.skipped("closed", "received") == ()


def test_a_step_is_refused_with_its_reason(database: Database, clerk: Actor) -> None:
    case = open_matter(database, clerk)
    with pytest.raises(Refused) as met:
        step(database, clerk, case, "matter.do")
    assert met.value.in_language("en") == "This leaves out: Refused. Say why, then go on."
    with pytest.raises(Refused) as silent:
        step(database, clerk, case, "matter.examine", "  ")
    assert silent.value.in_language("en") == "Say in a few words what was done, then go on."
    with pytest.raises(BadInput):
        step(database, clerk, case, "matter.examine", "长" * 1001)
    with pytest.raises(BadInput):
        step(database, clerk, case, "matter.examine", "a\0b")
    step(database, clerk, case, "matter.do", "顾客赶时间")
    with pytest.raises(NotAllowed) as closed:
        step(database, clerk, case, "matter.close")
    assert closed.value.in_language("en") == "Staff accounts are changed by IT."
    with pytest.raises(Overtaken):
        step(database, clerk, case, "matter.examine", "再看")
    assert len(database.read(lambda s: workflow.steps_of(s, case.id))) == 1


def test_of_two_who_take_a_step_at_once_one_does(database: Database, clerk: Actor) -> None:
    case = open_matter(database, clerk)

    def attempt(station: str) -> bool:
        try:
            step(database, replace(clerk, station=station), case, "matter.examine", "看过了")
        except Overtaken:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(attempt, "2345")) == 1
    assert len(database.read(lambda s: workflow.steps_of(s, case.id))) == 1


FORBIDDEN = [
    "UPDATE case_steps SET after = 'x', words = ''",
    "UPDATE case_steps SET words = 'x'",
    "DELETE FROM case_steps",
]


def test_a_step_stays_as_it_was_taken(database: Database, clerk: Actor) -> None:
    case = open_matter(database, clerk)
    step(database, clerk, case, "matter.examine", "电话 13812345678")
    for statement in FORBIDDEN:
        with pytest.raises(DBAPIError), database.engine.begin() as connection:
            connection.execute(text(statement))


def test_the_words_of_a_step_are_erased_and_stand_nowhere_else(database: Database, clerk: Actor) -> None:
    case = open_matter(database, clerk)
    step(database, clerk, case, "matter.examine", "电话 13812345678")
    assert database.command(clerk, "erase", lambda s: workflow.erase_words(s, case.id)) == 1
    assert database.command(clerk, "erase", lambda s: workflow.erase_words(s, case.id)) == 0
    assert database.read(lambda s: workflow.steps_of(s, case.id))[0].words == ""
    entries = database.read(lambda s: [entry.changes for entry in s.query(JournalEntry)])
    assert "12345678" not in str(entries) and "matter.examine" in str(entries)
