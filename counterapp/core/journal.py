"""The journal 操作日志: what every act changed, written by the session's flush, chained by a keyed hash.

One entry an act. Entries of one station form a chain: each carries HMAC-SHA256 over its own content and the hash
before it, with a key that stands outside the database, so that a changed, removed or reordered entry is found
(spec/people.md). Personal values stay out of the hash: they enter masked, with a keyed digest.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    event,
    inspect,
    text,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column

from counterapp.core.actor import Actor
from counterapp.core.base import Base, BigInt, UtcDateTime, column_values
from counterapp.core.journal_heads import Head
from counterapp.core.masking import Mask, masked

_INFO: Final = "journal"
_WRITTEN: Final = "journal.written"
_START: Final = "0" * 64

#: The acts of those who tried to sign in and were not let in, and the condition that finds them by their own index.
WRONG_PIN: Final = "staff.wrong_pin"
REFUSED_TRY: Final = "staff.refused_try"
TRIES: Final = f"act IN ('{WRONG_PIN}', '{REFUSED_TRY}')"


class JournalEntry(Base):
    """One act: who (`person_id`, `second_id`), where (`chain`, the station), when, what, and what it changed.

    `changes` is a list of `{"table", "key", "before", "after"}`; `before` is null for a new record.
    """

    __tablename__ = "journal"
    __table_args__ = (
        UniqueConstraint("chain", "seq"),
        CheckConstraint("seq > 0", name="counts_from_one"),
        Index("ix_journal_tries", "at", sqlite_where=text(TRIES), postgresql_where=text(TRIES)),
    )
    __append_only__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    chain: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int] = mapped_column(BigInt)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    act: Mapped[str] = mapped_column(String(40))
    refused: Mapped[str | None] = mapped_column(String(400))
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    mac: Mapped[str] = mapped_column(String(64))


class JournalHead(Base):
    """The last entry of a station's chain; its row is what two writers of one station wait for."""

    __tablename__ = "journal_heads"

    chain: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInt)
    mac: Mapped[str] = mapped_column(String(64))


@dataclass(slots=True)
class _Open:
    """What the running act has changed so far."""

    actor: Actor
    act: str
    second: int | None
    refused: str | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)


def begin(session: Session, actor: Actor, act: str, *, second: int | None = None) -> None:
    """Open the entry of an act; from here on every flush of `session` adds what it changes."""
    session.info[_INFO] = _Open(actor, act, second)


def signed_also(session: Session, second: int) -> None:
    """Name the second signer of the running act."""
    session.info[_INFO].second = second


def refuse(session: Session, reason: str) -> None:
    """Mark the running act as an attempt that was refused for `reason`."""
    session.info[_INFO].refused = reason[:400]


def note(session: Session, **facts: Any) -> None:
    """Add to the running act what no table keeps (JSON values), as a sign-in or a wrong PIN."""
    session.info[_INFO].changes.append({"table": None, "key": None, "before": None, "after": facts})


def write(session: Session, key: bytes) -> None:
    """Write the entry of the running act, last of all, so that the chain's head is held for the shortest time."""
    session.flush()
    running: _Open = session.info.pop(_INFO)
    head = _head(session, running.actor.station)
    entry = JournalEntry(
        chain=head.chain,
        seq=head.seq + 1,
        at=running.actor.now(),
        person_id=running.actor.person.person_id or None,
        second_id=running.second,
        act=running.act,
        refused=running.refused,
        changes=[_without_personal(change, key) for change in running.changes],
        mac="",
    )
    entry.mac = mac_of(entry, head.mac, key)
    session.add(entry)
    head.seq, head.mac = entry.seq, entry.mac
    session.flush()
    session.info[_WRITTEN] = Head(entry.chain, entry.seq, entry.mac)


def written(session: Session) -> Head | None:
    """Return the last value of the chain that `session` wrote to, None where it wrote no entry."""
    head: Head | None = session.info.get(_WRITTEN)
    return head


class Content(NamedTuple):
    """What the hash of an entry covers besides the hash before it: all of the entry."""

    chain: str
    seq: int
    at: dt.datetime
    person_id: int | None
    second_id: int | None
    act: str
    refused: str | None
    changes: list[dict[str, Any]]


def mac_of(entry: JournalEntry, before: str, key: bytes) -> str:
    """Return the hash of `entry` that follows the entry with the hash `before`, as 64 hexadecimal digits."""
    return hash_of(Content(*(getattr(entry, name) for name in Content._fields)), before, key)


def hash_of(content: Content, before: str, key: bytes) -> str:
    """Return the hash of an entry with this content; see `mac_of`."""
    named = {
        "chain": content.chain,
        "seq": content.seq,
        "at": content.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "person": content.person_id,
        "second": content.second_id,
        "act": content.act,
        "refused": content.refused,
        "changes": content.changes,
        "before": before,
    }
    text = json.dumps(named, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def start_of_chain(chain: str) -> Head:
    """Return what the first entry of `chain` follows: number 0, with a hash of its own."""
    return Head(chain, 0, _START)


def _head(session: Session, chain: str) -> JournalHead:
    head = session.get(JournalHead, chain, with_for_update=True, populate_existing=True)
    if head is not None:
        return head
    # Two may begin one chain; the other's head is then waited for and taken.
    with contextlib.suppress(IntegrityError), session.begin_nested():
        session.add(JournalHead(chain=chain, seq=0, mac=_START))
    return session.get_one(JournalHead, chain, with_for_update=True, populate_existing=True)


def _without_personal(change: dict[str, Any], key: bytes) -> dict[str, Any]:
    return {
        name: {k: v.entry(key) if isinstance(v, _Personal) else v for k, v in part.items()}
        if isinstance(part, dict)
        else part
        for name, part in change.items()
    }


@dataclass(frozen=True, slots=True)
class _Personal:
    """A personal value on its way into the journal."""

    text: str
    kind: Mask

    def entry(self, key: bytes) -> dict[str, str]:
        digest = hmac.new(key, self.text.encode(), hashlib.sha256).hexdigest()
        return {"masked": masked(self.text, self.kind), "digest": digest[:32]}


@event.listens_for(Session, "after_flush")
def _collect(session: Session, _context: UOWTransaction) -> None:
    running: _Open | None = session.info.get(_INFO)
    if running is None:
        return
    for entity in session.new:
        if entity.__journal__:
            running.changes.append(_change(entity, None, column_values(entity)))
    for entity in session.dirty:
        if entity.__journal__:
            before, after = _difference(entity)
            if after:
                running.changes.append(_change(entity, before, after))
    for entity in session.deleted:
        if entity.__journal__:
            running.changes.append(_change(entity, column_values(entity), None))


def _change(entity: Base, before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, Any]:
    state = inspect(entity)
    return {
        "table": entity.__tablename__,
        "key": [_plain(value) for value in state.mapper.primary_key_from_instance(entity)],
        "before": _guarded(entity, before),
        "after": _guarded(entity, after),
    }


def _difference(entity: Base) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    state = inspect(entity)
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        if history.has_changes():
            before[attribute.key] = history.deleted[0] if history.deleted else None
            after[attribute.key] = history.added[0] if history.added else None
    return before, after


def _guarded(entity: Base, values: dict[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    columns = entity.__mapper__.columns
    guarded: dict[str, Any] = {}
    for name, value in values.items():
        info = columns[name].info
        if info.get("secret"):
            guarded[name] = "…"
        elif "personal" in info and value is not None:
            guarded[name] = _Personal(str(value), info["personal"])
        else:
            guarded[name] = _plain(value)
    return guarded


def _plain(value: Any) -> Any:
    """Return `value` as JSON has it, the same on both databases."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, dt.date) else value
