"""Tables out, as CSV and XLSX: a spreadsheet opens the Chinese rightly, and nothing in a cell is ever evaluated.

What people typed, or a till wrote, may begin like a formula. The rules are those of OWASP, "CSV Injection"
(https://owasp.org/www-community/attacks/CSV_Injection): a text that begins with one of = + - @, also in full width,
gets an apostrophe before it; control characters, tabs and line breaks among them, become blanks; and as a reader may
take semicolons for separators, what follows one is looked at in the same way. Numbers of ours stay numbers.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from counterapp.core.money import format_fen, format_quantity, format_unit_price

Cell = str | int | Decimal | dt.date | dt.datetime | None

#: Cells of XLSX hold no more (Excel specifications and limits, "Total number of characters that a cell can contain").
_LONGEST: Final = 32_767
_WIDEST: Final = 48
#: Windows, WPS and Office have it; others put their own Chinese typeface in its place. 134 is the charset GB2312.
_FONT: Final[dict[str, Any]] = {"font_name": "宋体", "font_size": 11, "font_charset": 134}
_A4: Final = 9
#: Columns of a spreadsheet that are still read on a sheet of A4 across.
_ACROSS: Final = 190

_BLANK: Final = r"[\s\u200b-\u200d\u2060\ufeff]*"
_BEGINS_FORMULA: Final = re.compile(rf"{_BLANK}[=+\-@＝＋－＠]")
_FORMULAS: Final = re.compile(rf"(^|;)(?={_BEGINS_FORMULA.pattern})")
_TURNS: Final = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its `title`. A row has a cell for each of `heads`; times are the store's own, without a zone."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]


def yuan(fen: int) -> Decimal:
    """Return an amount for a cell: yuan with two decimals."""
    return Decimal(format_fen(fen, sign=False))


def amount_of(thousandths: int) -> Decimal:
    """Return a quantity for a cell: whole pieces, or three decimals of what was weighed."""
    return Decimal(format_quantity(thousandths))


def unit_price(ten_thousandths: int) -> Decimal:
    """Return a unit price for a cell: yuan with two to four decimals."""
    return Decimal(format_unit_price(ten_thousandths))


def as_csv(table: Table) -> bytes:
    """Return `table` as CSV: UTF-8 with the mark that tells spreadsheets so, CRLF, words in quotes, numbers bare."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([_in_csv(head) for head in table.heads])
    writer.writerows([_in_csv(cell) for cell in row] for row in table.rows)
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(*tables: Table) -> bytes:
    """Return `tables`, whose titles differ, as the sheets of an XLSX file, ready to be printed on A4 across."""
    import xlsxwriter

    file = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_format_properties": _FONT,
    }
    with xlsxwriter.Workbook(file, options) as book:
        looks = _Looks(book)
        for table in tables:
            _write_sheet(book.add_worksheet(_sheet_name(table.title)), table, looks)
    return file.getvalue()


def harmless(text: str) -> str:
    """Return `text` as it may stand in a CSV file; see the head of this module."""
    return _FORMULAS.sub(r"\1'", _printable(text))


class _Looks:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        plain = {"valign": "vcenter", "border": 1, "border_color": "#D8DEE5"}
        self._numbers = {
            decimals: book.add_format({**plain, "num_format": wanted})
            for decimals, wanted in ((0, "0"), (2, "#,##0.00"), (3, "0.000"), (4, "0.0000"))
        }
        self.head = book.add_format({**plain, "bold": True, "bg_color": "#EEF1F4", "text_wrap": True})
        # A text that is only looked at stays one; so does one that somebody edits, where it begins like a formula.
        self.text = book.add_format({**plain, "num_format": "@", "text_wrap": True})
        self.quoted = book.add_format({**plain, "num_format": "@", "text_wrap": True, "quote_prefix": True})
        self.day = book.add_format({**plain, "num_format": "yyyy-mm-dd", "align": "center"})
        self.moment = book.add_format({**plain, "num_format": "yyyy-mm-dd hh:mm", "align": "center"})

    def number(self, value: int | Decimal) -> Any:
        exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
        decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        return self._numbers[decimals if decimals in self._numbers else 4]


def _write_sheet(sheet: Any, table: Table, looks: _Looks) -> None:
    sheet.write_row(0, 0, [_printable(head) for head in table.heads], looks.head)
    for number, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            _write_cell(sheet, number, column, cell, looks)
    widths = [_width_of(table, column) for column in range(len(table.heads))]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    across = math.ceil(sum(widths) / _ACROSS)
    sheet.fit_to_pages(across, 0)
    sheet.repeat_rows(0)
    if across > 1:
        sheet.repeat_columns(0, 1)
    title = _printable(table.title).replace("&", "&&")
    sheet.set_header(f"&C&14{title}")
    sheet.set_footer("&R&P / &N")


def _width_of(table: Table, column: int) -> int:
    shown = (_shown(row[column]) for row in table.rows)
    return min(_WIDEST, 3 + max(map(_columns, (table.heads[column], *shown))))


def _write_cell(sheet: Any, row: int, column: int, cell: Cell, looks: _Looks) -> None:
    match cell:
        case None | "":
            sheet.write_blank(row, column, None, looks.text)
        case str():
            text = _printable(cell)
            text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
            sheet.write_string(row, column, text, looks.quoted if _BEGINS_FORMULA.match(text) else looks.text)
        case dt.datetime():
            sheet.write_datetime(row, column, _local(cell), looks.moment)
        case dt.date():
            sheet.write_datetime(row, column, cell, looks.day)
        case _:
            sheet.write_number(row, column, cell, looks.number(cell))


def _in_csv(cell: Cell) -> str | int | Decimal:
    match cell:
        case str():
            return harmless(cell)
        case int() | Decimal():
            return cell
    return _shown(cell)


def _shown(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case dt.datetime():
            return f"{_local(cell):%Y-%m-%d %H:%M}"
        case dt.date():
            return cell.isoformat()
    return str(cell)


def _local(moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is not None:
        raise ValueError("a table's times are the store's own, without a zone")
    return moment


def _printable(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if _is_control(char) else char for char in text)


def _is_control(char: str) -> bool:
    """Return whether `char` cannot be seen and does something, or cannot stand in XML at all."""
    return (
        unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(char) in _TURNS
        or ord(char) & 0xFFFE == 0xFFFE
    )


def _columns(text: str) -> int:
    """Return how many columns of a spreadsheet `text` takes: a hanzi is two wide."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text[:_WIDEST])


def _sheet_name(title: str) -> str:
    """Return a name that a sheet may have: no []:*?/\\ and 31 characters at most."""
    return re.sub(r"[\[\]:*?/\\']", "-", _printable(title))[:31]
