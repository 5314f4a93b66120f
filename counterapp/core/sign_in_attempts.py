"""Tries to sign in that let nobody in: in the journal, a flood of them as one entry an hour with their number.

A wrong PIN that was looked at is an entry of its own; the waiting times keep these to ten an hour for an account. What
is refused without looking (the account waits or is blocked, nobody has that number) could be repeated without end: the
first one of an hour is journalled at once, those that follow it are counted in one row, and their number stands in the
next entry. What was typed is kept nowhere, for it may be a PIN.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import CheckConstraint, String, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from counterapp.core import journal
from counterapp.core.actor import Actor
from counterapp.core.base import Base, UtcDateTime
from counterapp.core.database import Database
from counterapp.core.journal import REFUSED_TRY, TRIES, WRONG_PIN, JournalEntry

_SPELL: Final = dt.timedelta(hours=1)


class RefusedTries(Base):
    """How many tries were refused of an account, or at a station with nobody's number, after the one journalled last.

    `who` is "staff 12" (its id) or "station 2"; the entry is of `since`.
    """

    __tablename__ = "refused_tries"
    __table_args__ = (CheckConstraint("more >= 0", name="more_counts_up"),)

    who: Mapped[str] = mapped_column(String(60), primary_key=True)
    since: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    more: Mapped[int]


@dataclass(frozen=True, slots=True)
class Tries:
    """Tries that let nobody in, of one account, or with nobody's number at one station (`person_id` is None).

    `wrong` PINs, and tries `refused` without looking; the last one `at` that `station`.
    """

    person_id: int | None
    station: str
    wrong: int
    refused: int
    at: dt.datetime


def wrong_pin(database: Database, actor: Actor, tries: int) -> None:
    """Journal a wrong PIN of the account `actor`, the `tries`-th one in a row."""
    database.command(actor, WRONG_PIN, lambda session: journal.note(session, tries=tries))


def refused(database: Database, actor: Actor, reason: str) -> None:
    """Journal or count a try of `actor` (nobody: person 0) that was refused without looking, for `reason` (English)."""

    def note(session: Session) -> None:
        counted, is_new = _counted(session, actor)
        if not is_new and dt.timedelta(0) <= actor.now() - counted.since < _SPELL:
            counted.more += 1
            return
        _write(database, session, actor, reason, 1 + counted.more)
        counted.since, counted.more = actor.now(), 0

    database.run(note)


def settle(database: Database, session: Session, actor: Actor) -> None:
    """Begin anew for an account that has proved itself; the journal gets the number of tries it has not heard of."""
    counted = session.get(RefusedTries, _who(actor), with_for_update=True)
    if counted is None:
        return
    if counted.more:
        _write(database, session, actor, "counted since the last entry of this kind", counted.more)
    session.delete(counted)


def recent(session: Session, since: dt.datetime) -> list[Tries]:
    """Return the tries of each account, and with nobody's number at each station, from `since` on, the last first."""
    found: dict[tuple[int | None, str], Tries] = {}

    def add(person_id: int | None, station: str, at: dt.datetime, wrong: int, refused: int) -> None:
        key = (person_id, "" if person_id else station)
        before = found.get(key)
        if before is not None:
            wrong, refused = wrong + before.wrong, refused + before.refused
        found[key] = Tries(person_id, station, wrong, refused, at)

    entries = select(JournalEntry).where(text(TRIES), JournalEntry.at >= since).order_by(JournalEntry.at)
    for entry in session.scalars(entries):
        if entry.act == WRONG_PIN:
            add(entry.person_id, entry.chain, entry.at, 1, 0)
        else:
            add(entry.person_id, entry.chain, entry.at, 0, entry.changes[0]["after"]["tries"])
    for counted in session.scalars(select(RefusedTries).where(RefusedTries.since >= since, RefusedTries.more > 0)):
        kind, _space, name = counted.who.partition(" ")
        person_id = int(name) if kind == "staff" else None
        at = found.get((person_id, "" if person_id else name))
        add(person_id, at.station if at else name, at.at if at else counted.since, 0, counted.more)
    return sorted(found.values(), key=lambda tries: tries.at, reverse=True)


def _who(actor: Actor) -> str:
    return f"staff {actor.person.person_id}" if actor.person.person_id else f"station {actor.station}"


def _counted(session: Session, actor: Actor) -> tuple[RefusedTries, bool]:
    """Return the row of `actor`, held, and whether it was made just now."""
    who = _who(actor)
    row = session.get(RefusedTries, who, with_for_update=True, populate_existing=True)
    if row is not None:
        return row, False
    # Two may make one row; the other's is then waited for and taken.
    with contextlib.suppress(IntegrityError), session.begin_nested():
        row = RefusedTries(who=who, since=actor.now(), more=0)
        session.add(row)
        session.flush()
        return row, True
    return session.get_one(RefusedTries, who, with_for_update=True, populate_existing=True), False


def _write(database: Database, session: Session, actor: Actor, reason: str, tries: int) -> None:
    journal.begin(session, actor, REFUSED_TRY)
    journal.refuse(session, reason)
    journal.note(session, tries=tries)
    journal.write(session, database.keys.journal)
