"""Sales receipts in: the till's export, read row by row and stored receipt by receipt.

The file is read twice: once to count where each receipt stands, and once to take it in. A receipt whose rows stand
together, as the till writes them, is taken in where they end. One that stands in several places (two exports behind
each other, rows of several tills mixed) waits for the last of them: its rows are read again from there, and are one
receipt as far as they differ in their line numbers, another version of it where those begin again. So no receipt is
ever taken in by halves, and little more than a batch of rows is in memory.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from counterapp.core.actor import Clock
from counterapp.core.database import Database
from counterapp.core.sales.file import ExportFile, Row, Run, key_of
from counterapp.core.sales.parse import BadRow, ParsedReceipt, Reason, ReceiptParser, shown
from counterapp.core.sales.store import SetAside, Stored, store_batch
from counterapp.errors import BadInput
from counterapp.words import N_

_BATCH_ROWS: Final = 500

_Batch = Sequence[ParsedReceipt | SetAside]

#: Takes the share of the file that is done, 0 to 1, and how many of its lines have been read.
Progress = Callable[[float, int], None]
#: Lets others write between two batches: a clerk who waits takes the lock in that time.
_breathe: Final = functools.partial(time.sleep, 0.001)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A receipt that was set aside: `line` of `file` to look at, its number ("" where none can be read), and why.

    `str(reason)` is a sentence in the language of the screen.
    """

    file: str
    line: int
    receipt: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of an export: newly stored `receipts` and `lines`, receipts that were there (`unchanged`), the rest.

    `cancelled` where it was broken off: what is stored stays, and the next time goes on from there.
    """

    receipts: int = 0
    lines: int = 0
    unchanged: int = 0
    rejected: tuple[Rejected, ...] = ()
    cancelled: bool = False


def import_sales(
    database: Database,
    path: Path,
    *,
    clock: Clock,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    breathe: Callable[[], object] = _breathe,
) -> ImportReport:
    """Take in the till's export at `path`: UTF-8 or GB18030, English or Chinese headings.

    Each batch of about 500 lines is one transaction, with `breathe` between two. May be repeated, broken off and run
    twice at the same time. Raises BadInput where the file cannot be opened or is no export (then nothing is stored),
    or becomes shorter meanwhile (then what is stored stays).
    """
    done: list[Stored] = []
    kept: set[tuple[str, str]] = set()
    rows = 0
    for batch, share in _read(path):
        if done:
            breathe()
            if cancelled is not None and cancelled():
                return _report(path, done, cancelled=True)
        stored = database.run(functools.partial(store_batch, batch=batch, file=str(path), now=clock(), kept=kept))
        kept |= stored.items
        # The rows are in the database now; the report needs only what it says of them.
        done.append(
            replace(stored, items=frozenset(), set_aside=tuple(replace(bad, rows=()) for bad in stored.set_aside))
        )
        rows += sum(len(one.rows) for one in batch)
        if progress is not None:
            progress(share, rows)
    if progress is not None:
        progress(1.0, rows)
    return _report(path, done)


def _read(path: Path) -> Iterator[tuple[_Batch, float]]:
    """Give what goes into one transaction after another, with the share of the file that is read then."""
    try:
        with path.open("rb") as file:
            export = ExportFile(file, str(path))
            for batch in _batches(_receipts(export)):
                yield batch, min(export.position / export.size, 1.0)
    except OSError as error:
        raise BadInput(N_("{file} cannot be read: {reason}."), file=path, reason=error.strerror or error) from error


def _report(path: Path, done: Sequence[Stored], *, cancelled: bool = False) -> ImportReport:
    aside = sorted((bad for stored in done for bad in stored.set_aside), key=lambda bad: bad.line)
    return ImportReport(
        sum(stored.receipts for stored in done),
        sum(stored.lines for stored in done),
        sum(stored.unchanged for stored in done),
        tuple(Rejected(str(path), bad.line, bad.receipt, bad.reason) for bad in aside),
        cancelled,
    )


def _batches(receipts: Iterable[ParsedReceipt | SetAside]) -> Iterator[_Batch]:
    batch: list[ParsedReceipt | SetAside] = []
    rows = 0
    for parsed in receipts:
        batch.append(parsed)
        rows += len(parsed.rows)
        if rows >= _BATCH_ROWS:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch


def _receipts(export: ExportFile) -> Iterator[ParsedReceipt | SetAside]:
    """Give every receipt of the file once, and every version of one that has several."""
    parser = ReceiptParser(export.places, export.headings)
    scattered = export.scattered()
    waiting: dict[int, list[tuple[int, int]]] = {}
    for run in export.runs():
        key = key_of(run.number)
        if not run.rows or key not in scattered:
            yield from _parsed(parser, run)
            continue
        places = waiting.setdefault(key, [])
        places.append((run.offset, run.line))
        yield from _loose(parser, run.tail)
        if len(places) == scattered[key]:
            yield from _gathered(parser, [export.run_at(*place) for place in waiting.pop(key)])


def _parsed(parser: ReceiptParser, run: Run) -> Iterator[ParsedReceipt | SetAside]:
    """Give the receipt of a run, or why it is set aside, and what stands behind it without a number."""
    parsed = _receipt(parser, run.number, run.rows) if run.rows else None
    if run.last and run.tail and isinstance(parsed, SetAside):
        # The file is cut off inside its last receipt: one thing to tell, not two.
        cut = run.tail[0]
        yield SetAside(cut.line, parsed.receipt, parser.fault_of(cut), (*run.rows, *run.tail))
        return
    if parsed is not None:
        yield parsed
    yield from _loose(parser, run.tail)


def _gathered(parser: ReceiptParser, runs: Sequence[Run]) -> Iterator[ParsedReceipt | SetAside]:
    """Put together what stands in several places: rows go into one receipt until its line numbers begin again."""
    rows: dict[str, list[Row]] = {}
    for run in runs:
        before = rows.get(run.number, [])
        if parser.line_numbers(before) & parser.line_numbers(run.rows):
            yield _receipt(parser, run.number, before)
            before = []
        rows[run.number] = before + run.rows
    for number, those in rows.items():
        yield _receipt(parser, number, those)


def _receipt(parser: ReceiptParser, number: str, rows: Sequence[Row]) -> ParsedReceipt | SetAside:
    try:
        return parser.parse(rows)
    except BadRow as bad:
        return SetAside(bad.line, shown(number), bad.reason, rows)


def _loose(parser: ReceiptParser, rows: Sequence[Row]) -> Iterator[SetAside]:
    """Give rows that stand together and name no receipt."""
    if rows:
        yield SetAside(rows[0].line, "", parser.fault_of(rows[0]), rows)
