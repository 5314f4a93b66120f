"""What every act leaves in the journal, and how the entries hang together."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core import cases, journal
from counterapp.core.actor import Actor
from counterapp.core.cases import Case
from counterapp.core.commands import new_key
from counterapp.core.database import Database
from counterapp.core.journal import JournalEntry
from counterapp.desks.returns.services import drafting
from counterapp.errors import Refused
from counterapp.return_forms.models import ReturnCase
from counterapp.words import N_
from tests.conftest import KEYS
from tests.return_forms.goods import Sold, sell


def test_an_act_leaves_who_where_when_what_before_and_after(database: Database, clerk: Actor) -> None:
    case_id = database.command(clerk, "case.open", lambda s: _opened(s, clerk))

    def rename(session: Session) -> None:
        case = session.get_one(Case, case_id)
        case.title = "b"
        cases.touch(case, clerk)

    database.command(clerk, "case.rename", rename)
    opened, renamed = _entries(database)
    assert (opened.act, opened.person_id, opened.chain, opened.at) == (
        "case.open",
        clerk.person.person_id,
        "2",
        clerk.now(),
    )
    assert opened.changes[0]["table"] == "cases"
    assert opened.changes[0]["before"] is None
    (change,) = renamed.changes
    assert (change["before"]["title"], change["after"]["title"]) == ("a", "b")
    assert change["key"] == [case_id]


def test_what_is_rolled_back_leaves_nothing(database: Database, clerk: Actor) -> None:
    def fail(session: Session) -> None:
        cases.open_case(session, clerk, "returns", "RC", "a")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.command(clerk, "case.open", fail)
    assert _entries(database) == []
    assert database.read(lambda s: s.scalars(select(Case)).all()) == []


def test_a_refused_attempt_stands_in_the_journal_and_changed_nothing(database: Database, clerk: Actor) -> None:
    def refuse(session: Session) -> None:
        cases.open_case(session, clerk, "returns", "RC", "a")
        raise Refused(N_("Scan or tick the goods first."))

    with pytest.raises(Refused):
        database.command(clerk, "case.open", refuse)
    (entry,) = _entries(database)
    assert (entry.refused, entry.changes) == ("Scan or tick the goods first.", [])
    assert database.read(lambda s: s.scalars(select(Case)).all()) == []


def test_entries_of_a_station_hang_together_by_a_keyed_hash(database: Database, clerk: Actor) -> None:
    for title in "abc":
        database.command(clerk, "case.open", lambda s, t=title: _opened(s, clerk, t))  # type: ignore[misc]
    before = journal.start_of_chain("2").mac
    for place, entry in enumerate(_entries(database), start=1):
        assert entry.seq == place
        assert entry.mac == journal.mac_of(entry, before, KEYS.journal)
        assert entry.mac != journal.mac_of(entry, before, b"another key")
        before = entry.mac


def test_personal_values_enter_masked_with_a_digest(database: Database, clerk: Actor) -> None:
    sell(database, Sold())
    case_id = database.command(clerk, "return.open", lambda s: drafting.open_return(s, clerk, "0101072611180387"))
    database.command(clerk, "return.phone", lambda s: drafting.set_phone(s, clerk, case_id, "13812345678"))
    change = next(one for one in _entries(database)[-1].changes if one["table"] == ReturnCase.__tablename__)
    assert change["after"]["phone"]["masked"] == "138****5678"
    assert "13812345678" not in str([entry.changes for entry in _entries(database)])


def test_a_command_whose_answer_was_lost_is_not_done_twice(database: Database, clerk: Actor) -> None:
    key = new_key()
    answers = [database.command(clerk, "case.open", lambda s: _opened(s, clerk), key=key) for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(database.read(lambda s: s.scalars(select(Case)).all())) == 1
    assert len(_entries(database)) == 1


def _entries(database: Database) -> list[JournalEntry]:
    found = select(JournalEntry).where(JournalEntry.chain == "2").order_by(JournalEntry.seq)
    return database.read(lambda s: list(s.scalars(found)))


def _opened(session: Session, actor: Actor, title: str = "a") -> int:
    case = cases.open_case(session, actor, "returns", "RC", title)
    session.flush()
    return case.id
