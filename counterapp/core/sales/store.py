"""Storing receipts: a batch in one transaction, each receipt whole or not at all, none ever overwritten."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import Table, TextClause, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from counterapp.core.departments import note_departments
from counterapp.core.receipt_search import keep_items
from counterapp.core.receipts import Receipt, ReceiptLine, SetAsideReceipt
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


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a batch: receipts and lines newly stored, receipts that were there, what was set aside.

    `items` are the items (number, name) that were kept for the search.
    """

    receipts: int = 0
    lines: int = 0
    unchanged: int = 0
    set_aside: tuple[SetAside, ...] = ()
    items: frozenset[tuple[str, str]] = frozenset()


_OTHER_CONTENT: Final = Reason(
    N_("This receipt is here already with another content. The first one stays as it is."), {}
)


def store_batch(
    session: Session,
    batch: Sequence[ParsedReceipt | SetAside],
    file: str,
    now: dt.datetime,
    kept: Container[tuple[str, str]] = (),
) -> Stored:
    """Store what is new of `batch`, and keep what is set aside: bad, or stored already with another content.

    `kept` are the items that batches before this one have kept for the search. Whatever another import stores at the
    same time is waited for, and then is there.
    """
    if not _on_sqlite(session):
        # How a foreign key is checked is planned once a connection: in a new store for an empty table, which would then
        # be read from end to end for every line.
        session.execute(text("SET LOCAL enable_seqscan = off"))
    aside = [parsed for parsed in batch if isinstance(parsed, SetAside)]
    good = [parsed for parsed in batch if isinstance(parsed, ParsedReceipt)]
    first: dict[str, ParsedReceipt] = {}
    for parsed in good:
        first.setdefault(parsed.number, parsed)
    added = _insert_receipts(session, first, now) if first else {}
    known = {number: first[number].fingerprint for number in added}
    known |= _fingerprints(session, [number for number in first if number not in added])
    unchanged = 0
    for parsed in good:
        if parsed.number in added and parsed is first[parsed.number]:
            continue
        if known[parsed.number] == parsed.fingerprint:
            unchanged += 1
        else:
            aside.append(SetAside(parsed.rows[0].line, parsed.number, _OTHER_CONTENT, parsed.rows))
    lines = [(key, *line) for number, key in added.items() for line in first[number].lines]
    items: frozenset[tuple[str, str]] = frozenset()
    if lines:
        _insert_lines(session, lines)
        sold = ((line.item_no, line.name) for number in added for line in first[number].lines)
        items = frozenset(item for item in sold if item not in kept)
        keep_items(session, items)
        note_departments(session, {line.department for number in added for line in first[number].lines})
    if aside:
        _keep(session, aside, file, now)
    return Stored(len(added), len(lines), unchanged, tuple(aside), items)


_RECEIPTS: Final = cast(Table, Receipt.__table__)  # its plain INSERT is quicker than the mapped one
_LINES: Final = cast(Table, ReceiptLine.__table__)
_LINE_COLUMNS: Final = ("receipt_id", *Line._fields)


def _fingerprints(session: Session, numbers: Sequence[str]) -> dict[str, str]:
    if not numbers:
        return {}
    known = select(Receipt.number, Receipt.fingerprint)
    if _on_sqlite(session):
        found = session.execute(known.where(Receipt.number.in_(numbers)))
    else:
        found = session.execute(known.where(text("number = ANY(:numbers)")), {"numbers": numbers})
    return {row.number: row.fingerprint for row in found}


def _insert_receipts(session: Session, first: Mapping[str, ParsedReceipt], now: dt.datetime) -> dict[str, int]:
    """Insert the receipts that are not there yet; return their keys by their numbers."""
    # Everybody inserts in the same order, so that of two imports one waits for the other, and never both.
    receipts = [first[number].receipt | {"imported_at": now} for number in sorted(first)]
    if _on_sqlite(session):
        insertion = sqlite.insert(_RECEIPTS).on_conflict_do_nothing(index_elements=["number"])
        added = session.execute(insertion.returning(_RECEIPTS.c.number, _RECEIPTS.c.id), receipts)
    else:
        ending = "ON CONFLICT (number) DO NOTHING RETURNING number, id"
        rows = [tuple(receipt.values()) for receipt in receipts]
        added = session.execute(_from_text(session, _RECEIPTS, list(receipts[0]), ending), _as_text(rows))
    return {row.number: row.id for row in added}


def _insert_lines(session: Session, lines: list[tuple[Any, ...]]) -> None:
    """Insert whole numbers and text, the quickest way that each driver has.

    The usual INSERT would spend several times as long on preparing them.
    """
    if _on_sqlite(session):
        marks = ", ".join("?" * len(_LINE_COLUMNS))
        insertion = f"INSERT INTO receipt_lines ({', '.join(_LINE_COLUMNS)}) VALUES ({marks})"
        session.connection().exec_driver_sql(insertion, lines)
    else:
        session.execute(_from_text(session, _LINES, _LINE_COLUMNS), _as_text(lines))


def _on_sqlite(session: Session) -> bool:
    return session.connection().dialect.name == "sqlite"


def _from_text(session: Session, table: Table, columns: Sequence[str], ending: str = "") -> TextClause:
    """Return the INSERT (PostgreSQL) of rows that come as one text (`_as_text`): one value to send, not thousands."""
    types = [table.c[name].type.compile(session.connection().dialect) for name in columns]
    cells = ", ".join(f"CAST(cells[{place}] AS {type_})" for place, type_ in enumerate(types, 1))
    # OFFSET 0 keeps the planner from cutting each row again for each of its cells.
    rows = (
        "SELECT string_to_array(line, chr(31)) AS cells FROM unnest(string_to_array(:rows, chr(30))) AS line OFFSET 0"
    )
    return text(f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {cells} FROM ({rows}) AS every {ending}")


def _as_text(rows: Sequence[tuple[Any, ...]]) -> dict[str, str]:
    # What separates cells and rows is a control character, which no cell has; days and moments read as in ISO 8601.
    row = "\x1f".join(["%s"] * len(rows[0]))
    return {"rows": "\x1e".join([row % cells for cells in rows])}


def _keep(session: Session, aside: Sequence[SetAside], file: str, now: dt.datetime) -> None:
    """Keep the rows that were set aside, unless the same ones are kept already."""
    values: dict[str, dict[str, Any]] = {}
    for bad in aside:
        rows = [row.cells for row in bad.rows]
        digest = hashlib.sha256(json.dumps([bad.receipt, rows]).encode()).hexdigest()
        values[digest] = {
            "file": file[-400:], "line": bad.line, "receipt": bad.receipt[:64], "reason": str(bad.reason)[:400],
            "rows": rows, "digest": digest, "at": now,
        }  # fmt: skip
    dialect = sqlite if _on_sqlite(session) else postgresql
    insertion = dialect.insert(SetAsideReceipt).on_conflict_do_nothing(index_elements=["digest"])
    session.execute(insertion, [values[digest] for digest in sorted(values)])
