"""Storing receipts: a batch in one transaction, each receipt whole or not at all, none ever overwritten."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from sqlalchemy import Table, TextClause, insert, select, text
from sqlalchemy.orm import Session

from counterapp.core.receipts import Receipt, SetAsideReceipt
from counterapp.core.sales.file import Row
from counterapp.core.sales.parse import Line, ParsedReceipt, Reason
from counterapp.words import N_


@dataclass(frozen=True, slots=True)
class SetAside:
    """Rows that are not taken in: the `line` of the file to look at, the `receipt` number as far as there is one."""

    line: int
    receipt: str
    reason: Reason
    rows: Sequence[Row]


@dataclass(slots=True)
class Stored:
    """What became of a batch: receipts and lines newly stored, receipts that were there, what was set aside."""

    receipts: int = 0
    lines: int = 0
    unchanged: int = 0
    set_aside: list[SetAside] = field(default_factory=list)


_OTHER_CONTENT: Final = Reason(
    N_("This receipt is here already with another content. The first one stays as it is."), {}
)


def store_batch(
    session: Session, batch: Sequence[ParsedReceipt], bad: Sequence[SetAside], file: str, now: dt.datetime
) -> Stored:
    """Store what is new of `batch`, and keep `bad` with whatever is stored already with another content."""
    stored = Stored(set_aside=list(bad))
    known = _fingerprints(session, [parsed.receipt["number"] for parsed in batch])
    new: dict[str, ParsedReceipt] = {}
    for parsed in batch:
        number, fingerprint = parsed.receipt["number"], parsed.receipt["fingerprint"]
        if number not in known:
            known[number] = fingerprint
            new[number] = parsed
        elif known[number] == fingerprint:
            stored.unchanged += 1
        else:
            stored.set_aside.append(SetAside(parsed.rows[0].line, number, _OTHER_CONTENT, parsed.rows))
    stored.receipts = len(new)
    stored.lines = _insert(session, new, now)
    _keep(session, stored.set_aside, file, now)
    return stored


def _fingerprints(session: Session, numbers: Sequence[str]) -> dict[str, str]:
    known = select(Receipt.number, Receipt.fingerprint)
    if _on_sqlite(session):
        found = session.execute(known.where(Receipt.number.in_(numbers)))
    else:
        found = session.execute(known.where(text("number = ANY(:numbers)")), {"numbers": list(numbers)})
    return {row.number: row.fingerprint for row in found}


def _insert(session: Session, new: dict[str, ParsedReceipt], now: dt.datetime) -> int:
    """Insert receipts and lines; return how many lines.

    Lines are whole numbers and text only, which each driver takes in its quickest way; the usual INSERT would spend
    several times as long on preparing them.
    """
    if not new:
        return 0
    # Everybody inserts in the same order, so that of two imports one waits for the other, and never both.
    receipts = [new[number].receipt | {"imported_at": now} for number in sorted(new)]
    if _on_sqlite(session):
        added = session.execute(insert(_RECEIPTS).returning(_RECEIPTS.c.number, _RECEIPTS.c.id), receipts)
        lines = _lines(added, new)
        marks = ", ".join("?" * len(_LINE_COLUMNS))
        insertion = f"INSERT INTO receipt_lines ({', '.join(_LINE_COLUMNS)}) VALUES ({marks})"
        session.connection().exec_driver_sql(insertion, lines)
    else:
        added = session.execute(_from_json("receipts", receipts[0], "RETURNING number, id"), _json(receipts))
        lines = _lines(added, new)
        rows = [dict(zip(_LINE_COLUMNS, line, strict=True)) for line in lines]
        session.execute(_from_json("receipt_lines", _LINE_COLUMNS), _json(rows))
    return len(lines)


_RECEIPTS: Final = cast(Table, Receipt.__table__)  # its plain INSERT is quicker than the mapped one
_LINE_COLUMNS: Final = ("receipt_id", *Line._fields)


def _on_sqlite(session: Session) -> bool:
    return session.connection().dialect.name == "sqlite"


def _lines(added: Iterable[Any], new: Mapping[str, ParsedReceipt]) -> list[tuple[Any, ...]]:
    return [(receipt_id, *line) for number, receipt_id in added for line in new[number].lines]


def _from_json(table: str, columns: Iterable[str], ending: str = "") -> TextClause:
    """Return the INSERT (PostgreSQL) of rows that come as one JSON text."""
    names = ", ".join(columns)
    rows = f"json_populate_recordset(CAST(NULL AS {table}), CAST(:rows AS json))"
    return text(f"INSERT INTO {table} ({names}) SELECT {names} FROM {rows} {ending}")


def _json(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    # Moments and days become text as ISO 8601 has them, the way PostgreSQL reads them in any locale.
    return {"rows": json.dumps(rows, ensure_ascii=False, default=str)}


def _keep(session: Session, aside: Sequence[SetAside], file: str, now: dt.datetime) -> None:
    if not aside:
        return
    values: dict[str, dict[str, Any]] = {}
    for bad in aside:
        rows = [row.cells for row in bad.rows]
        digest = hashlib.sha256(json.dumps([bad.receipt, rows]).encode()).hexdigest()
        values[digest] = {
            "file": file[-400:], "line": bad.line, "receipt": bad.receipt[:64], "reason": str(bad.reason)[:400],
            "rows": rows, "digest": digest, "at": now,
        }  # fmt: skip
    kept = session.scalars(select(SetAsideReceipt.digest).where(SetAsideReceipt.digest.in_(values)))
    fresh = values.keys() - set(kept)
    if fresh:
        session.execute(insert(SetAsideReceipt), [values[digest] for digest in sorted(fresh)])
