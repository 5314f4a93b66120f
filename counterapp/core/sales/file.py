"""The export as a file: which encoding it is in, and its rows with the line each stands on.

Rows are cut as bytes: in UTF-8 and in GB18030 neither a line end, a comma nor a quotation mark is ever a part of
another character, so that one broken character costs one row, and a row can be found again by its place.
"""

from __future__ import annotations

import codecs
import csv
import os
import re
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, NamedTuple

from counterapp.core.sales.columns import find_columns
from counterapp.errors import BadInput
from counterapp.words import N_

#: A receipt with more rows than this is not one.
MOST_ROWS: Final = 5_000

_LONGEST_ROW: Final = 65_536
_JOINED_LINES: Final = 10  # how many more lines a quoted cell may go over
_ENOUGH: Final = 4_096  # characters that settle which encoding it is
_PIECE: Final = 65_536
_HANZI: Final = re.compile("[\u0800-\ufffc\U00010000-\U0010ffff]")
_FOREIGN: Final = re.compile("[\u0100-\u07ff]")
_BUCKETS: Final = 256
_MARKS: Final = (codecs.BOM_UTF8, "\ufeff".encode("gb18030"))  # what some programs begin a file with
_NOTHING: Final = b",\r\n\t "  # what a row holds that says nothing
_EMPTY_STARTS: Final = tuple(_NOTHING[place : place + 1] for place in range(len(_NOTHING)))

_OPEN_QUOTE: Final = N_("A quotation mark in this row is not closed, or stands in the wrong place.")
_TOO_LONG: Final = N_("This row is longer than a row of a receipt can be.")


class Row(NamedTuple):
    """A row of the export: the `line` of the file it begins on, counted from 1; `fault` where it cannot be read."""

    line: int
    cells: list[str]
    fault: str | None = None


@dataclass(slots=True)
class Run:
    """Neighbouring rows of one receipt number; `offset` and `line` are its place in the file.

    `tail` are rows without a number that follow them; `rows` is empty where the file begins with such.
    `last` is for the run that the file ends with.
    """

    number: str
    offset: int
    line: int
    rows: list[Row]
    tail: list[Row]
    last: bool = False


class _Record(NamedTuple):
    offset: int
    line: int
    raw: bytes
    cells: list[str] | None  # only where quotation marks had to be read already
    fault: str | None


class ExportFile:
    """An export that is being read. What is appended after opening it is left for the next time."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        """Find out encoding and columns. Raises BadInput where it is no export of the till's."""
        self._file = file
        self._name = name
        self.size = os.fstat(file.fileno()).st_size
        head = file.read(_PIECE)
        if b"\0" in head:
            raise BadInput(N_("{file} is not text. Export it again as CSV, in UTF-8 or GB18030."), file=name)
        self.encoding = encoding_of(file)
        self._heading: tuple[bytes, ...] = ()
        self._passed_over: tuple[bytes, ...] = _EMPTY_STARTS
        self._width = 0
        first = next(self._records(next((len(mark) for mark in _MARKS if head.startswith(mark)), 0), 1), None)
        if first is None:
            raise BadInput(N_("{file} is empty. Export it again."), file=name)
        self.headings = [cell.strip() for cell in first.cells or first.raw.decode(self.encoding, "replace").split(",")]
        self.places = find_columns(self.headings, name)
        self._width = len(self.headings)
        self._number_place = self.places["receipt_no"]
        self._reach = min(self._number_place + 2, self._width)
        self._heading = tuple(mark + first.raw.strip() for mark in (b"", *_MARKS))
        self._passed_over = _EMPTY_STARTS + self._heading
        self._start = file.tell(), first.line + max(1, first.raw.count(b"\n"))

    @property
    def position(self) -> int:
        """Bytes read so far."""
        return self._file.tell()

    def scattered(self) -> dict[int, int]:
        """Return how many runs each receipt has that stands in several places of the file, by `key_of` its number.

        Counting takes eight bytes a receipt: only a small part of the keys are Python objects at a time.
        """
        buckets = [array("Q") for _ in range(_BUCKETS)]
        place, said, last = self._number_place, b"", ""
        for record in self._records(*self._start):
            if record.cells is None:
                cells = record.raw.split(b",", place + 1)
                if len(cells) < self._reach or cells[place] == said:
                    continue
                said = cells[place]
                number = said.decode(self.encoding, "replace").strip()
            else:
                number, said = self._number_in(record.cells), b""
            if number and number != last:
                last = number
                key = key_of(number)
                buckets[key % _BUCKETS].append(key)
        return {key: count for bucket in buckets for key, count in Counter(bucket).items() if count > 1}

    def runs(self) -> Iterator[Run]:
        """Give all rows of the file, run by run."""
        return self._runs(*self._start)

    def run_at(self, offset: int, line: int) -> Run:
        """Return the run at a place that `runs` gave before; may be called while `runs` goes on."""
        place = self._file.tell()
        try:
            return next(self._runs(offset, line))
        finally:
            self._file.seek(place)

    def _runs(self, offset: int, line: int) -> Iterator[Run]:
        run: Run | None = None
        for record in self._records(offset, line):
            cells = record.cells or record.raw.decode(self.encoding, "replace").rstrip("\r\n").split(",")
            row = Row(record.line, cells, record.fault)
            number = self._number_in(cells)
            if run is not None and number and number == run.number:
                # Rows without a number between two rows of one receipt can only be a part of it.
                run.rows += run.tail
                run.tail.clear()
                run.rows.append(row)
                del run.rows[MOST_ROWS + 1 :]
            elif number:
                if run is not None:
                    yield run
                run = Run(number, record.offset, record.line, [row], [])
            else:
                run = run or Run("", record.offset, record.line, [], [])
                run.tail.append(row)
                del run.tail[MOST_ROWS + 1 :]
        if run is not None:
            run.last = True
            yield run

    def _records(self, offset: int, line: int) -> Iterator[_Record]:
        """Give the rows from a place on, but no empty ones and no second heading (two exports behind each other)."""
        self._file.seek(offset)
        while raw := self._line(offset):
            if b'"' in raw or (len(raw) == _LONGEST_ROW and not raw.endswith(b"\n")):
                record = self._odd_record(offset, line, raw)
                offset, line = self._file.tell(), line + max(1, record.raw.count(b"\n"))
            else:
                record = _Record(offset, line, raw, None, None)
                offset, line = offset + len(raw), line + 1
            if raw.startswith(self._passed_over) and (raw.startswith(self._heading) or not raw.strip(_NOTHING)):
                continue
            yield record
        if offset < self.size:
            raise BadInput(
                N_(
                    "{file} became shorter while it was read. Wait until the till has written it, then import it again."
                ),
                file=self._name,
            )

    def _line(self, offset: int) -> bytes:
        left = self.size - offset
        return self._file.readline(left if left < _LONGEST_ROW else _LONGEST_ROW) if left > 0 else b""

    def _odd_record(self, offset: int, line: int, raw: bytes) -> _Record:
        """Return the row that begins with `raw`, which holds quotation marks or is too long."""
        if len(raw) == _LONGEST_ROW and not raw.endswith(b"\n"):
            rest = offset + len(raw)
            while (piece := self._line(rest)) and not piece.endswith(b"\n"):
                rest += len(piece)
            return _Record(offset, line, raw, None, _TOO_LONG)
        whole, end = raw, self._file.tell()
        cells = _quoted(whole.decode(self.encoding, "replace"))
        for _ in range(_JOINED_LINES):
            if cells is not None:
                break
            whole += self._line(offset + len(whole))
            cells = _quoted(whole.decode(self.encoding, "replace"))
        if cells is not None and (whole is raw or len(cells) == self._width):
            return _Record(offset, line, whole, cells, None)
        # A mark that nobody closed must not swallow the rows behind it.
        self._file.seek(end)
        return _Record(offset, line, raw, None, _OPEN_QUOTE)

    def _number_in(self, cells: list[str]) -> str:
        """Return the receipt number of a row; "" where it has none, or where the row ends with it: it may be cut."""
        return cells[self._number_place].strip() if len(cells) >= self._reach else ""


def key_of(number: str) -> int:
    """Return what a receipt number is counted by, 64 bits; two numbers may share one."""
    return hash(number) & 0xFFFF_FFFF_FFFF_FFFF


def encoding_of(file: BinaryIO) -> str:
    """Return "utf-8" or "gb18030", whichever the file is in, broken or cut characters or not.

    GB18030 read as UTF-8 is nearly all broken, and UTF-8 has its hanzi in three bytes: what shows only letters of two
    bytes beyond Latin (Greek, Cyrillic, …) is a handful of GB18030 hanzi that happen to look like UTF-8.
    """
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    hanzi = broken = foreign = 0
    while max(hanzi, broken) < _ENOUGH and (piece := file.read(_PIECE)):
        text = decoder.decode(piece)
        if not text.isascii():
            broken += text.count("\ufffd")
            hanzi += len(_HANZI.findall(text))
            foreign += len(_FOREIGN.findall(text))
    return "utf-8" if hanzi > broken or not (broken or foreign) else "gb18030"


def _quoted(text: str) -> list[str] | None:
    """Return the cells of a row with quotation marks; None where one of them stays open."""
    try:
        return next(csv.reader([text.rstrip("\r\n")], strict=True))
    except csv.Error:
        return None
