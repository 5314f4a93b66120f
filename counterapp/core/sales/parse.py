"""From the rows of one receipt to what is stored of it, or to the reason why it is set aside as a whole."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import hashlib
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeVar

from counterapp.core.money import format_fen
from counterapp.core.receipts import Receipt, ReceiptLine
from counterapp.core.sales.columns import CATEGORIES, COLUMNS, FLAGS, NEEDED, RECEIPT_COLUMNS
from counterapp.core.sales.corrections import Sold, apply_corrections
from counterapp.core.sales.file import MOST_ROWS, Row
from counterapp.errors import BadInput
from counterapp.words import N_

_Said = TypeVar("_Said", bound=Hashable)
_Meant = TypeVar("_Meant")

_GOODS: Final = ("item_no", "barcode", "name", "department", "category", "supplier", "flags")
_NUMBERS: Final = ("line_no", "quantity", "unit_price", "discount", "amount")
_MOST_KNOWN: Final = 8192

#: How many decimals are kept: with four of them, nine digits before them fit into 64 bits, and line numbers into 32.
_PLACES: Final = {"line_no": 0, "quantity": 3, "unit_price": 4, "discount": 2, "amount": 2, "receipt_total": 2}
_POSITIVE: Final = frozenset({"line_no", "unit_price"})
_NUMBER: Final = re.compile(r"\s*([+-]?)(?=\.?[0-9])([0-9]{0,9})(?:\.([0-9]*))?\s*")
_RECEIPT_NO: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{0,31}")
_SOLD_AT: Final = re.compile(
    r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})[ T]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?"
)
#: Control characters, what turns the direction of reading, and the mark of a character that could not be read.
_UNREADABLE: Final = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffd]")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was set aside; `str(reason)` is a sentence in the language of the screen."""

    message: str
    values: Mapping[str, object]

    @classmethod
    def of(cls, error: BadInput) -> Reason:
        """Return what `error` says, without where it came from."""
        return cls(error.message, error.values)

    def __str__(self) -> str:
        return str(BadInput(self.message, **self.values))

    def in_language(self, code: str) -> str:
        """Return the sentence in `code` ("zh" or "en")."""
        return BadInput(self.message, **self.values).in_language(code)


class BadRow(Exception):  # noqa: N818 - never leaves the import
    """A receipt cannot be taken in: `reason`, and the `line` of the file where that shows."""

    def __init__(self, line: int, reason: BadInput) -> None:
        super().__init__(line, reason)
        self.line = line
        self.reason = Reason.of(reason)


class Line(NamedTuple):
    """A line as `receipt_lines` keeps it, apart from its keys."""

    line_no: int
    item_no: str
    barcode: str
    name: str
    department: str
    category: str
    supplier: str
    flags: str
    quantity: int
    unit_price: int
    discount: int
    amount: int
    sold: int
    paid: int


@dataclass(frozen=True, slots=True)
class ParsedReceipt:
    """A receipt as it will be stored: the columns of `receipts`, its lines, and the rows it came from."""

    receipt: dict[str, Any]
    lines: list[Line]
    rows: Sequence[Row]

    @property
    def number(self) -> str:
        """The receipt's number."""
        return str(self.receipt["number"])

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of what the receipt says."""
        return str(self.receipt["fingerprint"])


class ReceiptParser:
    """Reads receipts from rows with columns at `places`; `headings` are the file's own, to name them in reasons."""

    def __init__(self, places: Mapping[str, int], headings: Sequence[str]) -> None:
        self._width = len(headings)
        self._names = {column: headings[place] for column, place in places.items()}
        self._receipt_cells = itemgetter(*(places[column] for column in RECEIPT_COLUMNS))
        self._goods_cells = itemgetter(*(places[column] for column in _GOODS))
        self._number_cells = itemgetter(*(places[column] for column in _NUMBERS))
        self._line_no = places["line_no"]
        self._goods = _Known(self._read_goods)
        self._numbers = {column: _Known(functools.partial(self._read_number, column)) for column in _PLACES}

    def parse(self, rows: Sequence[Row]) -> ParsedReceipt:
        """Return the receipt in `rows`. Raises BadRow."""
        if len(rows) > MOST_ROWS:
            raise BadRow(rows[0].line, BadInput(N_("The receipt has more than {rows} lines."), rows=MOST_ROWS))
        first: dict[str, Any] = {}
        said: tuple[str, ...] = ()
        lines: list[Line] = []
        texts: dict[int, str] = {}
        for row in rows:
            try:
                cells = self._whole(row)
                of_receipt = self._receipt_cells(cells)
                if of_receipt != said:
                    said = of_receipt
                    receipt = self._read_receipt(said)
                    first = first or receipt
                    self._require_same(first, receipt)
                line, text = self._read_line(cells)
                lines.append(line)
                texts[line.line_no] = text
            except BadInput as reason:
                raise BadRow(row.line, reason) from None
        try:
            _require_line_numbers(lines)
            _require_sum(first["total"], lines, self._names["receipt_total"])
            lines.sort(key=itemgetter(0))
            first["fingerprint"] = _fingerprint(_RECEIPT_SAYS % first, [texts[line.line_no] for line in lines])
            return ParsedReceipt(first, _corrected(lines), rows)
        except BadInput as reason:
            raise BadRow(rows[0].line, reason) from None

    def line_numbers(self, rows: Sequence[Row]) -> set[str]:
        """Return the line numbers in `rows` as they are written, of those rows that reach so far."""
        return {row.cells[self._line_no].strip() for row in rows if len(row.cells) > self._line_no}

    def fault_of(self, row: Row) -> Reason:
        """Return what is wrong with a row that names no receipt."""
        try:
            self._whole(row)
        except BadInput as reason:
            return Reason.of(reason)
        return Reason(N_("{column} is empty."), {"column": self._names["receipt_no"]})

    def _whole(self, row: Row) -> list[str]:
        """Return the cells of `row`, which are as many as the headings. Raises BadInput."""
        if row.fault:
            raise BadInput(row.fault)
        found = len(row.cells)
        if found < self._width:
            raise BadInput(
                N_("The row has {found} columns instead of {expected}: it is cut off. Export these receipts again."),
                found=found, expected=self._width,
            )  # fmt: skip
        if found > self._width and any(cell.strip() for cell in row.cells[self._width :]):
            raise BadInput(
                N_("The row has {found} columns instead of {expected}: there is a comma too many."),
                found=found, expected=self._width,
            )  # fmt: skip
        return row.cells

    def _read_receipt(self, cells: tuple[str, ...]) -> dict[str, Any]:
        said = {column: cell.strip() for column, cell in zip(RECEIPT_COLUMNS, cells, strict=True)}
        for column, text in said.items():
            self._check(column, text)
        if not _RECEIPT_NO.fullmatch(said["receipt_no"]):
            raise BadInput(
                N_("{column} “{value}” cannot be a receipt number: letters, digits and - . / _, 32 at most."),
                column=self._names["receipt_no"], value=shown(said["receipt_no"]),
            )  # fmt: skip
        sold_at = self._read_moment(said["sold_at"])
        return {
            "number": said["receipt_no"], "store": said["store"], "till": said["till"], "cashier": said["cashier"],
            "sold_at": sold_at, "sold_on": sold_at.date(), "member_card": said["member_card"],
            "tender": said["tender"], "total": self._numbers["receipt_total"][said["receipt_total"]],
            "invoice_no": said["invoice_no"],
        }  # fmt: skip

    def _read_line(self, cells: list[str]) -> tuple[Line, str]:
        """Return a line, and what it says however the file writes it."""
        line_no, quantity, unit_price, discount, amount = self._number_cells(cells)
        numbers = self._numbers
        sold, paid = numbers["quantity"][quantity], numbers["amount"][amount]
        if sold == 0:
            raise self._wrong(N_("{column} is {value}: nothing was sold."), "quantity", quantity)
        if paid and (paid > 0) != (sold > 0):
            raise self._wrong(
                N_("{column} is {value}, which has another sign than the quantity of its line."), "amount", amount
            )
        item_no, barcode, name, department, category, supplier, flags, goods = self._goods[self._goods_cells(cells)]
        place, price, off = (
            numbers["line_no"][line_no],
            numbers["unit_price"][unit_price],
            numbers["discount"][discount],
        )
        line = Line(
            place, item_no, barcode, name, department, category, supplier, flags, sold, price, off, paid, sold, paid
        )
        return line, f"{place}\x1f{goods}\x1f{sold}\x1f{price}\x1f{off}\x1f{paid}"

    def _read_goods(self, cells: tuple[str, ...]) -> tuple[str, ...]:
        """Return what was sold, cell by cell, and all of it as one text."""
        goods = {column: cell.strip() for column, cell in zip(_GOODS, cells, strict=True)}
        for column, text in goods.items():
            self._check(column, text)
        if goods["category"].lower() not in CATEGORIES:
            raise self._wrong(N_("{column} “{value}” is not known."), "category", goods["category"])
        found = [flag.strip() for flag in goods["flags"].replace("；", ";").split(";")]
        for flag in filter(None, found):
            if flag.lower() not in FLAGS:
                raise self._wrong(N_("{column} “{value}” is not known."), "flags", flag)
        goods["category"] = CATEGORIES[goods["category"].lower()]
        goods["flags"] = ";".join(sorted({FLAGS[flag.lower()] for flag in filter(None, found)}))
        return (*goods.values(), "\x1f".join(goods.values()))

    def _read_number(self, column: str, text: str) -> int:
        """Return a number in the smallest unit of its column, exactly. Raises BadInput."""
        match = _NUMBER.fullmatch(text)
        places = _PLACES[column]
        decimals = (match[3] or "").rstrip("0") if match else ""
        if match is not None and len(decimals) <= places and not (match[1] == "-" and column in _POSITIVE):
            number = int(match[2] + decimals.ljust(places, "0"))
            return -number if match[1] == "-" else number
        if not text.strip() and column not in NEEDED:
            return 0
        self._check(column, text.strip())
        if match is not None and len(decimals) <= places:
            raise self._wrong(N_("{column} is {value}, less than nothing."), column, text)
        raise BadInput(
            N_("{column} “{value}” is not a number with {places} decimals at most."),
            column=self._names[column], value=shown(text), places=places,
        )  # fmt: skip

    def _read_moment(self, text: str) -> dt.datetime:
        match = _SOLD_AT.fullmatch(text)
        if match is not None:
            with contextlib.suppress(ValueError):
                year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
                return dt.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - as the till's clock says
        raise self._wrong(N_("{column} “{value}” is not a date and time."), "sold_at", text)

    def _check(self, column: str, text: str) -> None:
        if not text and column in NEEDED:
            raise BadInput(N_("{column} is empty."), column=self._names[column])
        if len(text) > _LENGTHS.get(column, 40):
            raise BadInput(
                N_("{column} “{value}” is longer than {length} characters."),
                column=self._names[column], value=shown(text), length=_LENGTHS.get(column, 40),
            )  # fmt: skip
        if (not text.isprintable() or "\ufffd" in text) and _UNREADABLE.search(text):
            raise self._wrong(N_("{column} “{value}” holds characters that cannot be read."), column, text)

    def _wrong(self, message: str, column: str, text: str) -> BadInput:
        return BadInput(message, column=self._names[column], value=shown(text))

    def _require_same(self, first: Mapping[str, Any], receipt: Mapping[str, Any]) -> None:
        for column, key in _KEYS.items():
            if first[key] != receipt[key]:
                one, other = first[key], receipt[key]
                if column == "receipt_total":
                    one, other = format_fen(one, sign=False), format_fen(other, sign=False)
                raise BadInput(
                    N_("The rows of this receipt do not agree on {column}: “{one}” and “{other}”."),
                    column=self._names[column], one=one, other=other,
                )  # fmt: skip


def shown(text: str) -> str:
    """Return `text` as it may stand in a sentence: cut short, and nothing in it that acts on a screen."""
    cut = text if len(text) <= 40 else f"{text[:39]}…"
    return _UNREADABLE.sub("\ufffd", cut)


#: Column -> attribute of `Receipt`.
_KEYS: Final = {column: column for column in RECEIPT_COLUMNS} | {"receipt_no": "number", "receipt_total": "total"}


def _lengths() -> dict[str, int]:
    found: dict[str, int] = {}
    for column in COLUMNS:
        table = Receipt.__table__ if column in RECEIPT_COLUMNS else ReceiptLine.__table__
        length = getattr(table.c[_KEYS.get(column, column)].type, "length", None)
        if length:
            found[column] = length
    return found


_LENGTHS: Final = _lengths()


class _Known(dict[_Said, _Meant]):
    """What cells mean that were read before: a till sells the same goods at the same prices all day."""

    def __init__(self, read: Callable[[_Said], _Meant]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, said: _Said) -> _Meant:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        self[said] = meant = self._read(said)
        return meant


def _require_line_numbers(lines: Sequence[Line]) -> None:
    seen: set[int] = set()
    for line in lines:
        if line.line_no in seen:
            raise BadInput(N_("Line {line_no} stands twice in this receipt."), line_no=line.line_no)
        seen.add(line.line_no)


def _require_sum(total: int, lines: Sequence[Line], column: str) -> None:
    added = sum([line.amount for line in lines])
    if added != total:
        raise BadInput(
            N_("The amounts of the lines add up to {sum}, but {column} is {total}."),
            sum=format_fen(added, sign=False), column=column, total=format_fen(total, sign=False),
        )  # fmt: skip


def _corrected(lines: list[Line]) -> list[Line]:
    """Return `lines` with what is left of each after the till's corrections. Raises BadInput."""
    if all(line.quantity > 0 for line in lines):
        return lines
    left = [Sold(line.line_no, (line.item_no, line.unit_price), line.quantity, line.amount) for line in lines]
    apply_corrections(left)
    return [line._replace(sold=sold.quantity, paid=sold.fen) for line, sold in zip(lines, left, strict=True)]


def _fingerprint(receipt: str, lines: Sequence[str]) -> str:
    """Return the SHA-256 of what a receipt says; no cell holds the characters that separate."""
    return hashlib.sha256("\x1e".join((receipt, *lines)).encode()).hexdigest()


_RECEIPT_SAYS: Final = "\x1f".join(f"%({key})s" for key in _KEYS.values())
