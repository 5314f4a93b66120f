"""The rule books of the returns desk: which holds when, what they say in words, and putting a new one into force."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from counterapp.core.actor import Actor
from counterapp.core.staff import names_and_numbers
from counterapp.core.store_settings import StoredRuleBook, rule_books, store_settings
from counterapp.desks.returns.rules import RuleBook, Text, load_rule_book
from counterapp.desks.returns.services.rule_evaluation import load_book
from counterapp.desks.returns.services.rule_text import Chapter, chapters
from counterapp.errors import BadInput, NotFound, Refused
from counterapp.return_forms.models import DESK
from counterapp.words import N_


class BookStatus(StrEnum):
    """How a book stands on a day: it holds, it will, it did, or another with the same first day took its place."""

    HOLDS = "holds"
    TO_COME = "to_come"
    PAST = "past"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class RuleBookEntry:
    """A book on the shelf: for what is bought from `starts_on` through `last` (None: until another one starts).

    `name` is None where this program cannot read it; `loaded_by` empty where the program carried it or the command
    line loaded it.
    """

    id: int
    name: Text | None
    starts_on: dt.date
    last: dt.date | None
    status: BookStatus
    loaded_at: dt.datetime
    loaded_by: str


@dataclass(frozen=True, slots=True)
class OpenBook:
    """A book read aloud: its chapters, marked where they differ from the book `before` it."""

    book: RuleBookEntry
    before: RuleBookEntry | None
    chapters: tuple[Chapter, ...]


def list_rule_books(session: Session, today: dt.date) -> tuple[RuleBookEntry, ...]:
    """Return all books of the desk, the one that starts last first."""
    stored = rule_books(session, DESK)
    names = names_and_numbers(session)
    shelved: list[RuleBookEntry] = []
    next_start: dt.date | None = None
    for one in stored:
        # Of several with one first day the one that was loaded last holds; it comes first here.
        replaced = bool(shelved) and shelved[-1].starts_on == one.starts_on
        last = None if next_start is None else next_start - dt.timedelta(days=1)
        if replaced:
            status, last = BookStatus.REPLACED, shelved[-1].last
        elif one.starts_on > today:
            status = BookStatus.TO_COME
        else:
            status = BookStatus.PAST if last is not None and last < today else BookStatus.HOLDS
        by = names.get(one.loaded_by, "") if one.loaded_by is not None else ""
        read = _read(one)
        name = read.name if read is not None else None
        shelved.append(RuleBookEntry(one.id, name, one.starts_on, last, status, one.loaded_at, by))
        next_start = one.starts_on
    return tuple(shelved)


def book_on(session: Session, day: dt.date) -> int:
    """Return the id of the book that holds for what is bought on `day`. Raises NotFound."""
    for one in list_rule_books(session, day):
        if one.status is BookStatus.HOLDS:
            return one.id
    raise NotFound(N_("No rule book holds on {day}. The first one starts later."), day=day)


def describe_rule_book(session: Session, book_id: int, today: dt.date, language: str) -> OpenBook:
    """Return a book in words, in `language`. Raises NotFound, BadInput where this program cannot read it."""
    books = list_rule_books(session, today)
    place = next((place for place, one in enumerate(books) if one.id == book_id), None)
    if place is None:
        raise NotFound(N_("There is no such rule book."))
    book = load_rule_book(session.get_one(StoredRuleBook, book_id).text)
    before = next(iter(books[place + 1 :]), None)
    former = _read(session.get_one(StoredRuleBook, before.id)) if before is not None else None
    said = chapters(book, former, store_settings(session), language)
    return OpenBook(books[place], before if former is not None else None, said)


def put_in_force(session: Session, actor: Actor, text: str, starts_on: dt.date) -> int:
    """Put a book into force for what is bought from `starts_on` on, today or later; return its id.

    What was bought before stays under the rules that it was bought under. Raises Refused for an earlier day, BadInput
    with all mistakes, NotAllowed.
    """
    if starts_on < actor.today():
        raise Refused(
            N_(
                "{day} is past: what was bought then stays under the rules that it was bought under. Choose today or a"
                " later day."
            ),
            day=starts_on,
        )
    return load_book(session, actor, text, starts_on).id


def _read(stored: StoredRuleBook) -> RuleBook | None:
    try:
        return load_rule_book(stored.text)
    except BadInput:  # a newer program has stored it; `judging.unread_books` tells whoever signs in
        return None
