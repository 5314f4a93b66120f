"""Rule books of the store: mistakes are all named, and the last good book stays in force whatever comes."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.database import Database
from counterapp.core.journal import JournalEntry
from counterapp.core.store_settings import StoredRuleBook, store_rule_book
from counterapp.desks.returns.rules import RuleBook
from counterapp.desks.returns.services import details, drafting, rule_evaluation
from counterapp.errors import BadInput, NotAllowed, Trouble
from counterapp.return_forms.models import DESK
from tests.conftest import Hire, PlayedClock
from tests.desks.returns.by_the_book import TEXT
from tests.return_forms.goods import Sold, sell

RECEIPT = "0101072611180387"
JANUARY, TODAY = dt.date(2026, 1, 1), dt.date(2026, 11, 21)
LATER = TEXT.replace("house = 30", "house = 45").replace('id = "house"', 'id = "longer"')
FROM_THE_FUTURE = f'{LATER}\n[[oracle]]\nsays = "yes"\n'


@pytest.fixture
def lawgiver(manager: Signer, clock: PlayedClock) -> Actor:
    """The customer service manager."""
    return Actor(manager, "2", clock)


def load(database: Database, actor: Actor, text: str, day: dt.date | None = None) -> int:
    return database.command(actor, "rules.load", lambda s: rule_evaluation.load_book(s, actor, text, day).id)


def book(database: Database, bought_on: dt.date) -> RuleBook:
    return database.read(lambda s: rule_evaluation.book_for(s, bought_on))[1]


def test_a_book_holds_for_what_is_bought_from_its_day_on_and_stands_in_the_journal(
    database: Database, lawgiver: Actor
) -> None:
    load(database, lawgiver, LATER, JANUARY)
    assert book(database, JANUARY).days["house"] == 45
    assert book(database, JANUARY - dt.timedelta(days=1)).days["house"] == 30
    entry = database.read(lambda s: s.scalars(select(JournalEntry).where(JournalEntry.act == "rules.load")).one())
    assert entry.changes[0]["after"]["starts_on"] == "2026-01-01"
    assert entry.person_id == lawgiver.person.person_id


def test_of_two_books_for_one_day_the_one_loaded_last_holds(database: Database, lawgiver: Actor) -> None:
    load(database, lawgiver, LATER, JANUARY)
    load(database, lawgiver, LATER.replace("house = 45", "house = 60"), JANUARY)
    assert book(database, TODAY).days["house"] == 60


def test_all_mistakes_are_named_and_the_last_good_book_stays(database: Database, lawgiver: Actor) -> None:
    bad = LATER.replace("house = 45", 'house = "many"').replace('effect = "refuse"', 'effect = "maybe"', 1)
    with pytest.raises(BadInput) as refused:
        load(database, lawgiver, bad, JANUARY)
    said = refused.value.in_language("en")
    assert "house = many" in said
    assert "effect = maybe" in said
    assert book(database, TODAY).days["house"] == 30


@pytest.mark.parametrize("role", [Role.CLERK, Role.SUPERVISOR, Role.CASHIER])
def test_the_rules_are_not_changed_by_whoever_works_with_them(
    database: Database, hire: Hire, clock: PlayedClock, role: Role
) -> None:
    actor = Actor(hire("6013", role), "2", clock)
    with pytest.raises(NotAllowed):
        load(database, actor, LATER, JANUARY)
    assert book(database, TODAY).days["house"] == 30


def test_a_book_that_this_program_cannot_read_stops_nothing_and_is_named(
    database: Database, clerk: Actor, lawgiver: Actor
) -> None:
    load(database, lawgiver, LATER, JANUARY)
    store(database, FROM_THE_FUTURE, dt.date(2026, 6, 1))
    assert book(database, TODAY).days["house"] == 45

    (line,) = sell(database, Sold())
    case = database.command(clerk, "o", lambda s: drafting.open_return(s, clerk, RECEIPT))
    database.command(clerk, "c", lambda s: drafting.choose_line(s, clerk, case, line, 1000))
    assert database.read(lambda s: details.get_return(s, case, clerk.today())).chosen

    (trouble,) = database.read(rule_evaluation.unread_books)
    said = trouble.in_language("en")
    assert "2026-06-01" in said
    assert "oracle" in said


def test_nothing_is_said_any_more_of_a_book_that_was_loaded_again(database: Database, lawgiver: Actor) -> None:
    store(database, FROM_THE_FUTURE, JANUARY)
    load(database, lawgiver, LATER, JANUARY)
    assert database.read(rule_evaluation.unread_books) == []
    assert book(database, TODAY).days["house"] == 45


def test_what_was_bought_before_any_readable_book_is_judged_by_the_oldest_one(
    database: Database, lawgiver: Actor
) -> None:
    store(database, FROM_THE_FUTURE, dt.date(1990, 1, 1))
    assert book(database, dt.date(1995, 1, 1)).days["house"] == 30


def test_without_any_readable_book_it_is_said_what_to_do(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_evaluation, "rule_books_for", lambda *_asked: [])
    with pytest.raises(Trouble) as met:
        database.read(lambda s: rule_evaluation.book_for(s, TODAY))
    assert "No rule book" in met.value.message


def store(database: Database, text: str, day: dt.date) -> StoredRuleBook:
    """Store a book as a newer program does, which reads more."""
    return database.run(lambda s: store_rule_book(s, DESK, day, text, None, dt.datetime(2026, 1, 1, tzinfo=dt.UTC)))
