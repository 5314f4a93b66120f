"""Reading the journal from its first entry to its last, and naming what does not fit."""

from __future__ import annotations

import contextlib
import datetime as dt
import hmac
import json
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Text, cast, func, select, text, type_coerce
from sqlalchemy.orm import Session

from counterapp import words
from counterapp.core.database import Database
from counterapp.core.journal import Content, JournalEntry, JournalHead, hash_of, start_of_chain
from counterapp.core.journal_heads import Head
from counterapp.errors import Refused
from counterapp.words import N_, _n

_BATCH: Final = 1000

_MISSING: Final = N_("Station {station}: entry {number} is missing. The next one there is of {at} ({act}).")
_CHANGED: Final = N_("Station {station}: entry {number} of {at} ({act}) was changed, or does not belong there.")
_CHANGED_FIRST: Final = N_(
    "Station {station}: entry {number} of {at} ({act}) was changed, or keys.json belongs to another store."
)
_NOT_OURS: Final = N_("Station {station}: entry {number} of {at} ({act}) is not the one that this PC wrote.")
_CUT_OFF: Final = N_(
    "Station {station}: entry {number} is missing, and all up to {last}: they were cut off. {count} are left, the last"
    " one of {at} ({act})."
)
_NOT_THE_LAST: Final = N_(
    "Station {station}: entry {number} of {at} ({act}) is the last one, but the database notes another as the last."
)
_NOT_KEPT: Final = N_(
    "Station {station}: nothing outside the database says that entry {number} of {at} ({act}) is the last one, so that"
    " a cut behind it would not show. If you know why (an old backup, say), “counterapp journal keep” notes it."
)

#: Takes the share that is read, 0 to 1.
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class BadEntry:
    """The first entry of a chain that does not fit: `number` of `station`, written `at` (UTC) by `act`.

    Of one that is missing, `at` and `act` are those of the next one that is there, or of the last one before a cut.
    `str` is the sentence in the language of the screen.
    """

    station: str
    number: int
    at: str
    act: str
    fault: str
    more: Mapping[str, int]

    def __str__(self) -> str:
        return (
            words.language(words.current())
            .gettext(self.fault)
            .format(station=self.station, number=self.number, at=self.at, act=self.act, **self.more)
        )


@dataclass(frozen=True, slots=True)
class Chain:
    """The entries of one station: how many there are, and the first bad one. `kept`: its end is known outside."""

    station: str
    entries: int
    kept: bool
    bad: BadEntry | None

    def __str__(self) -> str:
        """What came of it, in the language of the screen."""
        if self.bad is not None:
            return str(self.bad)
        sentence = _n(
            "Station {station}: {count} entry, in order.",
            "Station {station}: {count} entries, in order.",
            self.entries,
        )
        return sentence.format(station=self.station, count=self.entries)


@dataclass(frozen=True, slots=True)
class _Found:
    """An entry as it stands in the database; `content` is None where it is no entry at all."""

    chain: str
    seq: Any
    act: str
    at: Any
    content: Content | None
    mac: Any


def verify(
    database: Database,
    *,
    outside: bool = True,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[Chain]:
    """Read the whole journal and return its chains, by station, with a batch of entries in memory at a time.

    Found are entries that were changed, removed, put in, put in another order or written under another key, and, by
    the last values that stand `outside` the database, entries cut off at the end. On SQLite every chain is kept
    outside on this PC, on PostgreSQL each station's on its own. Raises Refused where it is `cancelled`, Trouble.
    """
    # The file first: it may lag behind what the database says afterwards, but not the other way round.
    kept = database.heads.read() if outside and database.heads is not None else {}
    all_kept = outside and database.is_sqlite

    def read(session: Session) -> list[Chain]:
        if not database.is_sqlite:
            session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        heads = {head.chain: Head(head.chain, head.seq, head.mac) for head in session.scalars(select(JournalHead))}
        total = session.scalar(select(func.count()).select_from(JournalEntry)) or 0
        names = {*heads, *session.scalars(select(JournalEntry.chain).distinct()), *kept}
        readers = {
            name: _Reader(name, heads.get(name), kept.get(name), database.keys.journal, all_kept=all_kept)
            for name in sorted(names, key=str)
        }
        with contextlib.closing(_entries(session)) as entries:
            for place, found in enumerate(entries, start=1):
                readers[found.chain].take(found)
                if place % _BATCH == 0:
                    if progress is not None:
                        progress(place / total)
                    if cancelled is not None and cancelled():
                        raise Refused(N_("The journal was not read to its end, because it was broken off."))
        return [reader.close() for reader in readers.values()]

    return database.read(read)


def ends(database: Database) -> list[Head]:
    """Return the last value of every chain as the database has it."""
    return database.read(lambda s: [Head(head.chain, head.seq, head.mac) for head in s.scalars(select(JournalHead))])


class _Reader:
    """Follows one chain and remembers the first entry that does not fit."""

    def __init__(self, chain: str, head: Head | None, kept: Head | None, key: bytes, *, all_kept: bool) -> None:
        self._chain, self._head, self._kept, self._key, self._all_kept = chain, head, kept, key, all_kept
        self._entries = 0
        self._mac = start_of_chain(chain).mac
        self._last: _Found | None = None
        self._first_bad: BadEntry | None = None

    def take(self, found: _Found) -> None:
        """Read the next entry."""
        self._entries += 1
        if self._first_bad is None:
            self._first_bad = self._fault(found)
        self._mac, self._last = found.mac, found

    def close(self) -> Chain:
        """Say what became of the chain."""
        return Chain(self._chain, self._entries, self._kept is not None, self._first_bad or self._fault_of_end())

    def _fault(self, found: _Found) -> BadEntry | None:
        number = self._entries
        if found.seq != number:
            return self._bad(_MISSING, number, found)
        if not self._fits(found):
            return self._bad(_CHANGED if number > 1 else _CHANGED_FIRST, number, found)
        if self._kept is not None and self._kept.seq == number and self._kept.mac != found.mac:
            return self._bad(_NOT_OURS, number, found)
        return None

    def _fits(self, found: _Found) -> bool:
        try:
            return found.content is not None and hmac.compare_digest(
                found.mac, hash_of(found.content, self._mac, self._key)
            )
        except TypeError:
            return False

    def _fault_of_end(self) -> BadEntry | None:
        last, count = self._last, self._entries
        known = max(head.seq for head in (self._head, self._kept, start_of_chain(self._chain)) if head is not None)
        if known > count:
            return self._bad(_CUT_OFF, count + 1, last, last=known, count=count)
        if last is None:
            return None
        if self._head is None or (self._head.seq, self._head.mac) != (count, last.mac):
            return self._bad(_NOT_THE_LAST, count, last)
        if self._kept is None and self._all_kept:
            return self._bad(_NOT_KEPT, count, last)
        return None

    def _bad(self, fault: str, number: int, found: _Found | None, **more: int) -> BadEntry:
        at, act = (_shown(found.at), str(found.act)) if found is not None else ("-", "-")
        return BadEntry(self._chain, number, at, act, fault, more)


def _entries(session: Session) -> Generator[_Found]:
    # Moments and changes are taken as they stand, for whoever changed them may have left what cannot be read.
    columns = (
        JournalEntry.chain,
        JournalEntry.seq,
        type_coerce(JournalEntry.at, Text).label("at"),
        JournalEntry.person_id,
        JournalEntry.second_id,
        JournalEntry.act,
        JournalEntry.refused,
        cast(JournalEntry.changes, Text).label("changes"),
        JournalEntry.mac,
    )
    in_order = select(*columns).order_by(JournalEntry.chain, JournalEntry.seq)
    with session.execute(in_order, execution_options={"yield_per": _BATCH}) as rows:
        for row in rows:
            try:
                content = Content(
                    row.chain, row.seq, _moment(row.at), row.person_id, row.second_id, row.act, row.refused,
                    json.loads(row.changes),
                )  # fmt: skip
            except (ValueError, TypeError):
                content = None
            yield _Found(row.chain, row.seq, row.act, row.at, content, row.mac)


def _moment(stored: Any) -> dt.datetime:
    """Return the moment as PostgreSQL's driver gives it, or as SQLite keeps it: UTC, in text."""
    if isinstance(stored, dt.datetime):
        return stored
    moment = dt.datetime.fromisoformat(stored)
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment


def _shown(stored: Any) -> str:
    try:
        return f"{_moment(stored).astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, TypeError):
        return str(stored)
