"""The seals of the days: each holds its day as it stood and the seal before it, so that a changed one is found.

A digest is the SHA-256 of canonical JSON (sorted keys, no blanks, UTF-8) of all that the seal says, and of the digest
before it. The content holds the last value of every journal, and a digest of the day's forms and of what became of
them, record by record. The digest stands on the printed closing register, out of reach of whoever changes the data.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, String, cast, select
from sqlalchemy.orm import Session

from counterapp import words
from counterapp.core.approvals import Approval
from counterapp.core.base import Base
from counterapp.core.business_day import CLOSED, DAY_SERIES, DaySeal, ReturnDay
from counterapp.core.journal import JournalEntry
from counterapp.core.numbering import NumberSeries
from counterapp.return_forms.models import (
    FormClosure,
    Redemption,
    Renewal,
    ReturnForm,
    ReturnFormLine,
    ReturnLine,
    Settlement,
    Void,
)
from counterapp.words import N_

_START: Final = "0" * 64
_OF_ENDS: Final = (FormClosure, Redemption, Settlement, Void, Renewal)


@dataclass(frozen=True, slots=True)
class BadSeal:
    """A seal that does not fit: its number, its day (None where it is gone), and what is wrong in English."""

    seq: int
    day: dt.date | None
    wrong: str

    def __str__(self) -> str:
        return self.in_language(words.current())

    def in_language(self, code: str) -> str:
        """Return the sentence in `code` ("zh" or "en")."""
        said = words.language(code).gettext
        named = said(N_("Seal {number} of {day}: {wrong}")) if self.day else said(N_("Seal {number}: {wrong}"))
        return named.format(number=self.seq, day=self.day, wrong=said(self.wrong))


def sealed(session: Session, seal: DaySeal) -> DaySeal:
    """Give `seal` its digest and store it behind the last one; `seq` was taken with `lock_days_exclusive`."""
    seal.digest = _digest(seal, _before(session, seal.seq))
    session.add(seal)
    session.flush()
    return seal


Columns = dict[str, list[str]]
"""The names of columns, by table."""


def columns_now() -> Columns:
    """Return the columns that a seal of today covers: later ones are no part of it."""
    models = (ReturnForm, ReturnFormLine, ReturnLine, Approval, *_OF_ENDS)
    tables = (Base.metadata.tables[model.__tablename__] for model in models)
    return {table.name: [column.name for column in table.c] for table in tables}


def records_of(session: Session, day: dt.date, columns: Columns) -> str:
    """Return the digest of a day's records: its forms with their lines and approvals, and all that ended on it."""
    hashed = hashlib.sha256()
    for line in _records(session, day, columns):
        hashed.update(_canonical(line))
    return hashed.hexdigest()


def verify_seals(session: Session) -> tuple[int, tuple[BadSeal, ...]]:
    """Read all seals; return how many there are and what does not fit, in their order.

    Seals are no more than what the journal tells of them, whose key stands outside the database: verify that as well.
    """
    seals = list(session.scalars(select(DaySeal).order_by(DaySeal.seq)))
    told = _as_journalled(session)
    there = {seal.seq for seal in seals}
    bad = list(_in_a_row(session, seals))
    known = {one.seq for one in bad} | there
    bad += [BadSeal(seq, None, N_("It is missing.")) for seq in told if seq not in known]
    before = _START
    for seal in seals:
        if told.get(seal.seq) != seal.digest:
            bad.append(BadSeal(seal.seq, seal.day, N_("It is not the one that the journal tells of.")))
        if seal.digest != _digest(seal, before):
            bad.append(BadSeal(seal.seq, seal.day, N_("It was changed, or the one before it was.")))
        before = seal.digest
        bad += _heads_that_are_gone(session, seal)
    bad += _days_that_differ(session, {seal.day: seal for seal in seals})
    return len(seals), tuple(sorted(bad, key=lambda one: one.seq))


def _as_journalled(session: Session) -> dict[int, str]:
    """Return the digest that each seal had when it was made."""
    named = cast(JournalEntry.changes, String).contains(f'"{DaySeal.__tablename__}"')
    found = session.scalars(select(JournalEntry.changes).where(named, JournalEntry.refused.is_(None)))
    return {
        int(change["after"]["seq"]): change["after"]["digest"]
        for changes in found
        for change in changes
        if change["table"] == DaySeal.__tablename__ and change["before"] is None
    }


def _in_a_row(session: Session, seals: list[DaySeal]) -> Iterator[BadSeal]:
    last = session.scalar(select(NumberSeries.last).where(NumberSeries.name == DAY_SERIES)) or 0
    there = {seal.seq for seal in seals}
    for seq in range(1, max([last, *there]) + 1):
        if seq not in there:
            yield BadSeal(seq, None, N_("It is missing."))
        elif seq > last:
            yield BadSeal(seq, None, N_("It was added, for that number was never given out."))


def _heads_that_are_gone(session: Session, seal: DaySeal) -> Iterator[BadSeal]:
    for chain, seq, mac in seal.content.get("heads", ()):
        entry = select(JournalEntry.mac).where(JournalEntry.chain == chain, JournalEntry.seq == seq)
        if session.scalar(entry) != mac:
            yield BadSeal(seal.seq, seal.day, N_("A journal's last value of that day is no longer in the journal."))


def _days_that_differ(session: Session, last_of: dict[dt.date, DaySeal]) -> Iterator[BadSeal]:
    for day in session.scalars(select(ReturnDay).order_by(ReturnDay.day)):
        seal = last_of.get(day.day)
        if seal is None:
            if day.closed:
                yield BadSeal(0, day.day, N_("The day is closed without a seal."))
        elif day.closed != (seal.act == CLOSED):
            yield BadSeal(seal.seq, day.day, N_("The day was closed or opened again without a seal."))
        elif day.closed and seal.content.get("records") != records_of(
            session, day.day, seal.content.get("columns", {})
        ):
            yield BadSeal(seal.seq, day.day, N_("Forms of the day, or what became of them, are not as they were."))


def _before(session: Session, seq: int) -> str:
    last = select(DaySeal.digest).where(DaySeal.seq < seq).order_by(DaySeal.seq.desc()).limit(1)
    return session.scalar(last) or _START


def _digest(seal: DaySeal, before: str) -> str:
    said = {
        "seq": seal.seq, "day": seal.day, "act": seal.act, "at": seal.at, "station": seal.station,
        "done_by": seal.done_by, "signed_by": seal.signed_by, "reason": seal.reason, "content": seal.content,
        "before": before,
    }  # fmt: skip
    return hashlib.sha256(_canonical(said)).hexdigest()


def _records(session: Session, day: dt.date, columns: Columns) -> Iterator[list[Any]]:
    form_ids = select(ReturnForm.id).where(ReturnForm.booked_on == day)
    end_ids = select(FormClosure.form_id).where(FormClosure.booked_on == day)
    line_ids = select(ReturnFormLine.return_line_id).where(ReturnFormLine.form_id.in_(form_ids))
    approval_ids = select(ReturnForm.approval_id).where(ReturnForm.booked_on == day)
    yield from _rows(session, ReturnForm, ReturnForm.booked_on == day, columns)
    yield from _rows(session, ReturnFormLine, ReturnFormLine.form_id.in_(form_ids), columns)
    yield from _rows(session, ReturnLine, ReturnLine.id.in_(line_ids), columns)
    yield from _rows(session, Approval, Approval.id.in_(approval_ids), columns)
    for model in _OF_ENDS:
        yield from _rows(session, model, model.form_id.in_(end_ids), columns)


def _rows(session: Session, model: type[Base], which: ColumnElement[bool], columns: Columns) -> Iterator[list[Any]]:
    table = Base.metadata.tables[model.__tablename__]
    covered = [table.c[name] for name in columns.get(table.name, ()) if name in table.c]
    if not covered:
        return
    for row in session.execute(select(*covered).where(which).order_by(*table.primary_key)):
        yield [table.name, *row]


def _canonical(value: Any) -> bytes:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return text.encode()


def _plain(value: Any) -> str:
    """Return what JSON does not know as both databases give it back."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"a seal holds no {type(value).__name__}")
