"""Personal data of a whole store, played through its desks: in no stored answer, and nowhere once its time is over."""

from __future__ import annotations

import functools
import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from counterapp.app import erasures, metadata
from counterapp.core import customers, migrate, personal
from counterapp.core.actor import CONSOLE, Actor, Signer
from counterapp.core.base import Base
from counterapp.core.cases import Case
from counterapp.core.commands import DoneCommand, new_key
from counterapp.core.customers import Customer
from counterapp.core.database import Database
from counterapp.core.journal import JournalEntry
from counterapp.core.journal_verify import verify
from counterapp.core.personal import Erased
from counterapp.core.print_queue import PrintJob, repeat
from counterapp.core.settings_editor import changed
from counterapp.core.store_settings import change_store_settings, store_settings
from counterapp.desks.bagcheck.models import LostToken
from counterapp.desks.bagcheck.services import privacy
from counterapp.desks.returns.services import drafting
from counterapp.return_forms.models import ReturnCase, ReturnForm
from tests.conftest import KEYS, PlayedClock
from tests.desks.bagcheck.counter import ZHANG, Counter, lay
from tests.desks.returns.test_walk import Desk
from tests.return_forms.goods import Sold, sell

PHONE, NAME, CARD, OTHER = "13987654321", "欧阳修文", "880005910336", "13700001111"
VALUES = (ZHANG.name, ZHANG.address, ZHANG.phone, PHONE, NAME, CARD, OTHER)


@pytest.fixture
def played(
    database: Database, clerk: Actor, supervisor: Signer, clock: PlayedClock, monkeypatch: pytest.MonkeyPatch
) -> Database:
    """A store whose desks took personal data in, looked at it and printed it, each command as a screen sends it."""
    command = database.command

    def keyed(actor: Actor, act: str, work: Callable[[Session], Any], **how: Any) -> Any:
        key = new_key() if actor.person.person_id else None  # the command line has no keys
        return command(actor, act, work, **{"key": key, **how})

    monkeypatch.setattr(database, "command", keyed)
    bags = Counter(database, clerk)
    lay(bags)
    bags.lose_and_pay(bags.deposit()["deposit"])
    (lost,) = database.read(lambda s: s.scalars(select(LostToken.id)).all())
    assert bags.do(lambda s, actor: privacy.unmask(s, actor, KEYS, lost)).phone == ZHANG.phone
    sell(database, Sold())
    desk = Desk(database, clerk)
    desk.open()
    desk.do(drafting.set_phone, PHONE)
    desk.fault(desk.do(drafting.scan_goods, Sold().barcode))
    desk.submit()
    desk.approve(supervisor)
    again = database.read(lambda s: s.scalars(select(PrintJob).where(PrintJob.case_id == desk.case_id)).one())
    database.command(clerk, "again", lambda s: repeat(s, clerk, s.get_one(PrintJob, again.id)).id)
    one = database.command(clerk, "customer.keep", lambda s: customers.keep(s, clerk, NAME, OTHER, CARD))
    database.command(clerk, "customer.link", lambda s: customers.link(s, clerk, desk.case_id, one))
    assert database.command(clerk, "customer.reveal", lambda s: customers.reveal(s, clerk, one)).name == NAME
    return database


def test_no_stored_answer_holds_a_personal_value(played: Database) -> None:
    done = played.read(lambda s: s.execute(select(DoneCommand.act, DoneCommand.answer)).all())
    answers = json.dumps([answer for _act, answer in done], ensure_ascii=False)
    assert len(done) > 15
    assert [value for value in VALUES if value in answers] == []
    revealed = {act: answer for act, answer in done if act in {"bagcheck.<lambda>", "customer.reveal"}}
    assert revealed == {"bagcheck.<lambda>": None, "customer.reveal": None}
    asked = select(JournalEntry.changes).where(JournalEntry.act == "customer.reveal")
    assert played.read(lambda s: s.scalars(asked).one())[0]["after"] == {"unmasked_customer": 1}
    assert [
        value for value in VALUES if value in str(played.read(lambda s: s.scalars(select(JournalEntry.changes)).all()))
    ] == []


def test_what_is_revealed_is_given_once_under_its_key(played: Database, clerk: Actor) -> None:
    key = new_key()
    work = functools.partial(customers.reveal, actor=clerk, customer_id=1)
    assert played.command(clerk, "customer.reveal", work, key=key).phone == OTHER
    assert played.command(clerk, "customer.reveal", work, key=key) is None


def erase(database: Database, clock: PlayedClock) -> Erased:
    erased = Erased()
    for run in personal.erase_due(database, Actor(CONSOLE, "console", clock), erasures()):
        erased = erased.plus(run)
    return erased


def test_after_its_time_no_personal_value_stands_in_any_table_and_figures_stay(
    played: Database, clock: PlayedClock
) -> None:
    assert everything(played, VALUES) == set(VALUES)
    assert erase(played, clock).people == 0
    clock.forward(days=1_096)
    erased = erase(played, clock)
    assert (erased.people, len(erased.print_jobs), erased.more) == (3, 3, False)
    assert everything(played, VALUES) == set()
    assert erase(played, clock) == Erased()

    case, form, jobs = played.read(
        lambda s: (
            s.scalars(select(ReturnCase)).one(),
            s.scalars(select(ReturnForm)).one(),
            s.scalars(select(PrintJob).join(Case, Case.id == PrintJob.case_id).where(Case.desk == "returns")).all(),
        )
    )
    assert (case.phone, form.number, form.amount) == ("", 1, 1990)
    assert len(jobs) == 2
    for job in jobs:
        assert "139****4321" not in job.document
        assert "（已删除）" in job.document
        assert "19.90" in job.document
        assert job.erased_at is not None
    assert played.read(personal.erased_papers) == set(erased.print_jobs)
    assert [chain.bad for chain in verify(played, outside=False)] == [None, None]
    acts = played.read(lambda s: set(s.scalars(select(JournalEntry.act))))
    assert {"bagcheck.erase", "return.erase", "customer.erase"} <= acts


def test_papers_that_were_erased_before_are_marked_by_the_migration(played: Database, clock: PlayedClock) -> None:
    clock.forward(days=800)
    job = played.read(lambda s: s.scalars(select(LostToken.job_id)).one())
    it = Actor(CONSOLE, "2", clock)
    again = played.command(it, "again", lambda s: repeat(s, it, s.get_one(PrintJob, job)).key)
    erased = erase(played, clock).print_jobs
    assert again in erased
    (migration,) = migrate._FOLDER.glob("versions/0009_*.py")
    with played.engine.begin() as connection:
        connection.execute(text("UPDATE print_jobs SET erased_at = NULL"))
        connection.execute(text(runpy.run_path(str(migration))["MARK_ERASED"]))
    assert played.read(personal.erased_papers) == set(erased)
    assert len(erased) == 2


def everything(database: Database, values: tuple[str, ...]) -> set[str]:
    """Return which of `values` stand in any table, and in SQLite's files."""
    rows = database.read(
        lambda s: [json.dumps(list(row), default=str, ensure_ascii=False) for table in metadata().sorted_tables
                   for row in s.execute(select(table))]
    )  # fmt: skip
    found = {value for value in values if any(value in row for row in rows)}
    if database.is_sqlite and database.url.database is not None:
        for file in Path(database.url.database).parent.glob("store.db*"):
            found |= {value for value in values if value.encode() in file.read_bytes()}
    return found


def test_a_store_keeps_phones_of_returns_for_as_long_as_it_sets(played: Database, clock: PlayedClock) -> None:
    clock.forward(days=400)
    assert played.read(lambda s: s.scalars(select(ReturnCase.phone)).one()) == PHONE
    assert erase(played, clock).people == 0
    set_days(played, clock, "personal.form_days", "365")
    assert erase(played, clock).people == 1
    assert played.read(lambda s: s.scalars(select(Customer.name)).one()) == NAME
    set_days(played, clock, "personal.customer_days", "399")
    assert erase(played, clock).people == 1
    set_days(played, clock, "bagcheck.personal_days", "399")
    assert erase(played, clock).people == 1


def set_days(database: Database, clock: PlayedClock, key: str, days: str) -> None:
    def change(session: Session) -> None:
        change_store_settings(session, changed(store_settings(session), key, days), None, clock())

    database.run(change)


def test_a_class_with_personal_columns_is_journalled_or_has_no_words_of_its_own() -> None:
    """What changes in a personal column is told of by the journal, masked; keys of the search are made from those."""
    silent = [
        mapper.class_.__name__
        for mapper in Base.registry.mappers
        if any("personal" in column.info for column in inspect(mapper.class_).columns) and not mapper.class_.__journal__
    ]
    assert silent == ["CustomerKey"]
