"""Rule books as people read them: in words, marked where they differ, and tried on past cases before they start."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core.actor import CONSOLE, Actor, Signer
from counterapp.core.database import Database
from counterapp.core.store_settings import StoredRuleBook, StoreSettings
from counterapp.desks.returns.rules import load_rule_book
from counterapp.desks.returns.services import drafting, rule_books
from counterapp.desks.returns.services.details import get_return
from counterapp.desks.returns.services.rule_books import BookStatus
from counterapp.desks.returns.services.rule_dry_run import DryRun, dry_run
from counterapp.desks.returns.services.rule_text import Chapter, Clause, Mark, chapters
from counterapp.errors import NotAllowed, NotFound, Refused
from counterapp.return_forms.models import ReturnLine
from counterapp.return_forms.terms import Answer, Effect, Reason
from tests.conftest import PlayedClock
from tests.desks.returns.by_the_book import TEXT
from tests.desks.returns.test_history import Store as Desk
from tests.return_forms.goods import Sold, sell

TODAY = dt.date(2026, 11, 21)
NEW_YEAR = dt.date(2027, 1, 1)
STORE = StoreSettings("一号店", "0101")
SPRING = """
[[holiday]]
bought_from = 2027-01-15
bought_until = 2027-02-05
returns_until = 2027-02-21
"""
NEXT = (
    (TEXT + SPRING)
    .replace("house = 30", "house = 20")
    .replace('id = "hygiene"\neffect = "refuse"', 'id = "hygiene"\neffect = "override"')
)
SOAP = Sold("肥皂", 1000, 500, "hygiene", "", "11032", "6910291098621", "针织部")


@pytest.fixture
def lawgiver(manager: Signer, clock: PlayedClock) -> Actor:
    return Actor(manager, "2", clock)


@pytest.fixture
def desk(database: Database, clerk: Actor, supervisor: Signer) -> Desk:
    return Desk(database, clerk, supervisor)


def put(database: Database, actor: Actor, text: str, day: dt.date) -> int:
    return database.command(actor, "rules.load", lambda s: rule_books.put_in_force(s, actor, text, day))


def by_id(said: tuple[Chapter, ...]) -> dict[str, Clause]:
    return {clause.id: clause for chapter in said for clause in chapter.clauses}


def test_every_rule_is_a_sentence_with_when_it_holds_and_who_may_override() -> None:
    said = by_id(chapters(load_rule_book(TEXT), None, STORE, "en"))
    window = said["window"]
    assert window.sentence == "Bought more than 30 days ago (today is day …)"
    assert window.when == "the goods are not appliances; and more than 30 days after the purchase"
    assert window.remark == (
        "May be overridden, with a reason, by: Customer service manager (up to ¥1000.00) and Store manager"
    )
    assert said["tobacco-alcohol"].when == "the goods are tobacco or alcohol"
    assert said["tobacco-alcohol"].remark == "Nobody may override it."
    assert said["package"].when == "“Package whole?” No or “Accessories complete?” No"
    assert said["statute-fault"].when.endswith(
        "what is asked: Refund and within 7 days of the purchase or what is asked: Exchange and within 15 days of the"
        " purchase"
    )
    assert "The package is not whole, or accessories are missing" in said["statute-fault"].remark
    assert said["used"].when.endswith("no fault stands (none is claimed, or it was looked at and there is none)")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_of_the_carried_book_can_be_said(language: str) -> None:
    book = load_rule_book(TEXT)
    said = by_id(chapters(book, None, STORE, language))
    assert {*(rule.id for rule in book.rules), *(grant.id for grant in book.grants)} <= set(said)
    assert {question.answer.value for question in book.questions} <= set(said)
    assert not any("{" in clause.said for clause in said.values())
    assert all(clause.sentence for clause in said.values())


def test_what_differs_from_the_book_before_is_marked() -> None:
    said = by_id(chapters(load_rule_book(NEXT), load_rule_book(TEXT), STORE, "en"))
    assert said["house"].mark is Mark.CHANGED
    assert "30" in said["house"].before
    assert said["2027-01-15"].mark is Mark.NEW
    assert said["2027-01-15"].sentence == (
        "Bought from 2027-01-15 through 2027-02-05: comes back through 2027-02-21 at least"
    )
    assert (said["hygiene"].mark, said["hygiene"].before) == (Mark.CHANGED, "Refused")
    assert said["window"].before.startswith("Bought more than 30 days ago")
    assert said["used"].mark is Mark.SAME
    back = by_id(chapters(load_rule_book(TEXT), load_rule_book(NEXT), STORE, "en"))
    assert back["2027-01-15"].mark is Mark.GONE


def test_what_was_bought_before_the_spring_festival_comes_back_until_the_fifteenth_day_after() -> None:
    book = load_rule_book(NEXT)
    assert book.days_for(dt.date(2027, 1, 15))["house"] == 37
    assert book.days_for(dt.date(2027, 2, 5))["house"] == 20  # sixteen days would be fewer than the house's own
    assert book.days_for(dt.date(2027, 1, 14))["house"] == 20
    assert book.days_for(dt.date(2027, 1, 15))["av_refund"] == 7


@given(st.dates(dt.date(2027, 1, 1), dt.date(2027, 3, 1)))
@settings(max_examples=40)
def test_a_holiday_never_shortens_what_the_house_gives(bought_on: dt.date) -> None:
    assert load_rule_book(NEXT).days_for(bought_on)["house"] >= 20


def test_the_shelf_tells_which_book_holds_which_did_and_which_will(database: Database, lawgiver: Actor) -> None:
    wrong = put(database, lawgiver, TEXT, NEW_YEAR)
    to_come = put(database, lawgiver, NEXT, NEW_YEAR)
    books = database.read(lambda s: rule_books.list_rule_books(s, TODAY))
    assert [(one.id, one.status) for one in books[:2]] == [
        (to_come, BookStatus.TO_COME), (wrong, BookStatus.REPLACED),
    ]  # fmt: skip
    assert (books[2].status, books[2].last, books[2].loaded_by) == (BookStatus.HOLDS, dt.date(2026, 12, 31), "")
    assert (books[0].last, books[0].loaded_by) == (None, "周敏 5001")
    later = database.read(lambda s: rule_books.list_rule_books(s, NEW_YEAR))
    assert [one.status for one in later] == [BookStatus.HOLDS, BookStatus.REPLACED, BookStatus.PAST]
    assert database.read(lambda s: rule_books.book_on(s, NEW_YEAR)) == to_come
    opened = database.read(lambda s: rule_books.describe_rule_book(s, to_come, TODAY, "en"))
    assert opened.before is not None
    assert opened.before.id == wrong
    with pytest.raises(NotFound):
        database.read(lambda s: rule_books.book_on(s, dt.date(1999, 1, 1)))


def test_no_book_starts_in_the_past_and_only_lawgivers_load_one(
    database: Database, lawgiver: Actor, clerk: Actor
) -> None:
    with pytest.raises(Refused) as met:
        put(database, lawgiver, NEXT, TODAY - dt.timedelta(days=1))
    assert "2026-11-20 is past" in met.value.in_language("en")
    with pytest.raises(NotAllowed):
        put(database, clerk, NEXT, TODAY)
    assert len(database.read(lambda s: rule_books.list_rule_books(s, TODAY))) == 1
    put(database, lawgiver, NEXT, TODAY)


def test_the_command_line_loads_a_book_as_nobody_of_the_staff(database: Database, clock: PlayedClock) -> None:
    put(database, Actor(CONSOLE, "console", clock), NEXT, TODAY)
    assert database.read(lambda s: rule_books.list_rule_books(s, TODAY))[0].loaded_by == ""


def test_a_book_is_tried_on_past_cases_and_changes_none_of_them(
    database: Database, desk: Desk, clerk: Actor, clock: PlayedClock
) -> None:
    numbers = desk.approve(desk.send(desk.sell("1")))
    refused_soap(database, clerk, "2")
    before = database.read(_everything)
    tried = rehearsed(database, NEXT, clock)
    (soap,) = tried.differences
    assert tried.tried == 3
    assert (soap.receipt, soap.line_no, soap.item, soap.number) == ("2", 1, "肥皂", None)
    assert (soap.old, soap.new.effect, soap.amount) == (Effect.REFUSE, Effect.OVERRIDE, 500)
    assert tried.totals() == [(Effect.REFUSE, Effect.OVERRIDE, 1, 500)]
    assert rehearsed(database, TEXT, clock).differences == ()

    short = TEXT.replace("house = 30", "house = 2")
    towel = next(one for one in rehearsed(database, short, clock).differences if one.receipt == "1")
    assert (towel.number, towel.old, towel.new.effect) == (numbers[0], Effect.OK, Effect.OVERRIDE)
    assert database.read(_everything) == before


def test_what_is_too_old_is_not_tried_and_what_was_returned_later_takes_nothing_from_it(
    database: Database, desk: Desk, clock: PlayedClock
) -> None:
    receipt = desk.sell("1")
    desk.approve(desk.send(receipt))
    clock.forward(days=5)
    desk.approve(desk.send(receipt))
    desk.approve(desk.send(receipt))  # nothing of it is left now
    tried = rehearsed(database, TEXT, clock)
    assert (tried.tried, tried.differences) == (3, ())
    assert rehearsed(database, TEXT, clock, days=3).tried == 2


def refused_soap(database: Database, clerk: Actor, number: str) -> None:
    """Send a towel and soap, which nobody may take back: the towel goes on, the soap stays on the record."""
    lines = sell(database, SOAP, Sold(), number=number)
    case = database.command(clerk, "open", lambda s: drafting.open_return(s, clerk, number))
    steps: list[Callable[..., object]] = []
    for line in lines:
        steps.append(lambda s, line=line: drafting.choose_line(s, clerk, case, line, 1000))
        steps.append(lambda s, line=line: drafting.describe(s, clerk, case, line, reason=Reason.QUALITY_FAULT))
    steps.append(lambda s: drafting.describe(s, clerk, case, lines[0], answers={Answer.FAULT_CONFIRMED: False}))
    steps.append(lambda s: drafting.describe(s, clerk, case, lines[1], answers={Answer.FAULT_CONFIRMED: True}))
    steps += [lambda s, line=line: drafting.all_in_order(s, clerk, case, line) for line in lines]
    for step in steps:
        database.command(clerk, "step", step)
    revision = database.read(lambda s: get_return(s, case, clerk.today())).case.revision
    database.command(clerk, "submit", lambda s: drafting.submit(s, clerk, case, revision))


def rehearsed(database: Database, text: str, clock: PlayedClock, days: int = 90) -> DryRun:
    book, today = load_rule_book(text), clock().date()
    return database.read(lambda s: dry_run(s, book, today, days))


def _everything(session: Session) -> list[str]:
    lines = session.scalars(select(ReturnLine).order_by(ReturnLine.id))
    books = session.scalars(select(StoredRuleBook.digest))
    return [*(f"{one.id} {one.effect} {one.refund} {one.findings}" for one in lines), *books]
