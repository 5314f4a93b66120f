"""The floor sheet: what came back of one department, for its duty supervisor to check and sign, on either paper.

Concession goods stand by supplier behind the store's own, each supplier's with a line for its staff to sign. Labels
are always Chinese; a store that wants both languages has the English beneath.
"""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, groupby
from typing import Final

from counterapp import words
from counterapp.core.codes import grouped
from counterapp.core.money import format_quantity
from counterapp.return_forms.printouts.facts import Language, short_day
from counterapp.words import N_
from printers.document import Align, Barcode, Box, Item, Page, Pages, Rule, Run, Text

TITLE: Final = N_("Returned goods for the floor")
_MM: Final = 25.4 / 72
_SIZE: Final = 10.0
_LINE: Final = _SIZE * _MM * 1.25
_PAD: Final = 1.6
_LABEL: Final = 4.4
_HEAD: Final = 28.0
_SIGNED: Final = 11.5
_FOOT: Final = 5.0


@dataclass(frozen=True, slots=True)
class FloorLine:
    """One returned line. `why` are English source sentences: refund or exchange, the reason, the goods' condition.

    `supplier` is the supplier's number of concession goods, empty for the store's own.
    """

    item_no: str
    item: str
    quantity_milli: int
    why: tuple[str, ...]
    form_number: int
    supplier: str = ""


@dataclass(frozen=True, slots=True)
class FloorSheetFacts:
    """All that stands on a floor sheet: it is the `seq`th of its department and business day. `made_at` is the store's
    local time."""

    store: str
    counter: str
    department: str
    day: dt.date
    seq: int
    code: str
    lines: tuple[FloorLine, ...]
    clerk: str
    made_at: dt.datetime
    station: str


@dataclass(frozen=True, slots=True)
class _Ground:
    """A paper, and what prints well on it: lengths in millimetres, type sizes in points.

    `columns` are the widths of item number, name, quantity, why, form and remark; `most` the lines a row may take.
    """

    width: float
    height: float
    left: float
    top: float
    bottom: float
    hair: float
    module: float
    smallest: float
    english_line: float
    english_size: float
    columns: tuple[float, ...]
    most: int

    @property
    def inner(self) -> float:
        return sum(self.columns)


_GROUNDS: Final = {
    "a4": _Ground(210, 297, 15, 12, 284, 0.25, 0.25, 6, 3.4, 7, (25, 47, 16, 46, 18, 28), 10),
    # 24 pins through three plies: rules of two dots, bars of three, nothing under 9 points; inside the 80 columns.
    "continuous": _Ground(
        241, 140, 19.2, 6.8, 133.4, 0.28, 3 * 25.4 / 180, 9, 3.8, 9, (31, 54, 21, 46, 19, 31.6), 6
    ),
}  # fmt: skip

_HEADS: Final = (
    N_("Item number"), N_("Item name"), N_("Quantity"), N_("Reason and condition"), N_("Form no."), N_("Remark"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Band:
    """A strip of the sheet. One that is `glued` never begins a page: it stands with what is above it.

    A page that begins under a heading repeats it.
    """

    height: float
    draw: Callable[[_Sheet, float], None]
    glued: bool = False
    heading: _Band | None = None


def floor_sheet(facts: FloorSheetFacts, language: Language, paper: str = "a4") -> Pages:
    """Return the sheet on as many pages as it needs ("a4" or "continuous"), each with head, code and number.

    No row is parted, no supplier's heading stands alone, and signatures stand with the last row they are for. Raises
    ValueError for a sheet without lines.
    """
    if not facts.lines:
        raise ValueError("a floor sheet holds at least one line")
    sheet = _Sheet(facts, language, paper)
    parts = _parted(_bands(sheet), sheet.room)
    pages = tuple(
        _Sheet(facts, language, paper).page(bands, number, len(parts)) for number, bands in enumerate(parts, 1)
    )
    title = words.language(language).gettext(TITLE)
    return Pages(f"{title} {short_day(facts.day)} {facts.department} {facts.seq}"[:120], pages)


def _bands(sheet: _Sheet) -> list[_Band]:
    bands = []
    lines = sorted(sheet.facts.lines, key=lambda line: line.supplier)
    signed = sheet.label_height + _SIGNED
    for supplier, of_supplier in groupby(lines, key=lambda line: line.supplier):
        heading = _Band(_LABEL + 2.6, partial(_Sheet.name_supplier, supplier=supplier)) if supplier else None
        rows = [_Band(sheet.height_of(line), partial(_Sheet.row, line=line), heading=heading) for line in of_supplier]
        if heading is None:
            bands += rows
        else:
            first = replace(rows[0], glued=True)
            bands += [heading, first, *rows[1:]]
            bands.append(_Band(signed, partial(_Sheet.supplier_signs, supplier=supplier), glued=True))
    bands.append(_Band(_LINE + 2, _Sheet.end, glued=True))
    bands.append(_Band(signed, _Sheet.signatures, glued=True))
    return bands


def _parted(bands: Sequence[_Band], room: float) -> list[list[_Band]]:
    """Return the bands of each page. What is glued together goes over to the next page together."""
    pieces: list[list[_Band]] = []
    for band in bands:
        pieces[-1].append(band) if band.glued else pieces.append([band])
    parts: list[list[_Band]] = [[]]
    for piece in pieces:
        if parts[-1] and _height(parts[-1]) + _height(piece) > room:
            heading = piece[0].heading
            parts.append([heading] if heading is not None else [])
        parts[-1] += piece
    return parts


def _height(bands: Sequence[_Band]) -> float:
    return sum(band.height for band in bands)


class _Sheet:
    """One page, built from the top down."""

    def __init__(self, facts: FloorSheetFacts, language: Language, paper: str) -> None:
        self.facts = facts
        self.both = language == "en"
        self.ground = _GROUNDS[paper]
        self.label_height = _LABEL + (self.ground.english_line if self.both else 0)
        self.items: list[Item] = []

    @property
    def room(self) -> float:
        """How many millimetres of bands a page has."""
        return self.ground.bottom - _FOOT - self.ground.top - _HEAD - self._heads_height

    def page(self, bands: Sequence[_Band], number: int, of: int) -> Page:
        """Return page `number` of so many."""
        ground = self.ground
        self._head(number, of)
        top = y = ground.top + _HEAD
        self._heads(y)
        y += self._heads_height
        for band in bands:
            band.draw(self, y)
            y += band.height
            self.items.append(Rule(ground.left, y, ground.left + ground.inner, y, ground.hair))
        self.items.append(Box(ground.left, top, ground.inner, y - top, 2 * ground.hair))
        foot = ground.bottom - _FOOT
        self._text(ground.left + 54, foot, ground.inner - 54, _FOOT, self._where_and_when(), 9, align="right")
        stamp = Box(ground.left, foot + 0.4, 50 if self.both else 30, _FOOT - 0.4, 2 * ground.hair)
        return Page(ground.width, ground.height, tuple(self.items), stamp)

    def height_of(self, line: FloorLine) -> float:
        """Return how high the row of `line` must be for all its words, estimated generously."""
        _number, name, _quantity, why, *_rest = self.ground.columns
        lines = max(_lines(line.item, name), _lines(self._why(line), why))
        return max(9.0, min(lines, self.ground.most) * _LINE + 2.2)

    def row(self, y: float, line: FloorLine) -> None:
        """Put down one returned line."""
        values = (
            line.item_no, line.item, format_quantity(line.quantity_milli), self._why(line), f"{line.form_number:06}",
            "",
        )  # fmt: skip
        height = self.height_of(line)
        for place, (text, (x, width)) in enumerate(zip(values, self._cells(y, height), strict=True)):
            if text:
                lines = 99 if place in {1, 3} else 1
                align: Align = "right" if place == 2 else "left"
                self._text(x, y + 0.4, width, height - 0.8, text, _SIZE, lines=lines, align=align)

    def name_supplier(self, y: float, supplier: str) -> None:
        """Name the supplier of the concession goods beneath."""
        text = self._said(N_("Concession goods of supplier {supplier}"), supplier=supplier)
        self._text(self.ground.left + _PAD, y + 0.6, self.ground.inner - 2 * _PAD, _LABEL + 1.4, text, 10.5, bold=True)

    def supplier_signs(self, y: float, supplier: str) -> None:
        """Leave room for the supplier's staff to sign."""
        self._sign(y, ((N_("Signature of the supplier's staff"), supplier), (N_("Day and time"), "")))

    def end(self, y: float) -> None:
        """Say that nothing follows, and how many lines there were."""
        ground = self.ground
        count = self._said(N_("{count} lines, blank from here on"), count=len(self.facts.lines))
        self._text(ground.left + _PAD, y, ground.inner - 2 * _PAD, _LINE + 2, count, 10, align="center")

    def signatures(self, y: float) -> None:
        """Leave room for those who sign."""
        self._sign(
            y,
            (
                (N_("Handed over by the clerk"), self.facts.clerk),
                (N_("Checked by the duty supervisor"), ""),
                (N_("Day and time"), ""),
            ),
        )

    @property
    def _heads_height(self) -> float:
        return self.label_height + 2

    def _head(self, number: int, of: int) -> None:
        facts, ground = self.facts, self.ground
        code = Barcode(0, ground.top, facts.code, 10, ground.module)
        x = ground.left + ground.inner - code.width
        self.items.append(Barcode(x, ground.top, facts.code, 10, ground.module))
        self._text(x, ground.top + 10.4, code.width, 4, grouped(facts.code), 9, align="center")
        left, width = ground.left, ground.inner - code.width - 4
        self._text(left, ground.top, width, 4.6, " · ".join(filter(None, (facts.store, facts.counter))), 10.5)
        self._text(left, ground.top + 4.8, width, 8, _chinese(TITLE), 18, bold=True)
        if self.both:
            self._text(left, ground.top + 13, width, 4, TITLE, 9)
        day = self._said(N_("{day} no. {seq}"), day=short_day(facts.day), seq=facts.seq)
        page = self._said(N_("Page {number} of {pages}"), number=number, pages=of)
        department = facts.department or _chinese(N_("no department"))
        self._text(left, ground.top + 17.6, width, 9, department, 22, bold=True)
        self._text(x, ground.top + 15.6, code.width, 5, day, 11, bold=True, align="right")
        self._text(x, ground.top + 21, code.width, 5, page, 10, align="right")

    def _heads(self, y: float) -> None:
        ground = self.ground
        cells = self._cells(y, self._heads_height)
        for place, (label, (x, width)) in enumerate(zip(_HEADS, cells, strict=True)):
            align: Align = "right" if place == 2 else "left"
            self._text(x, y + 1, width, _LABEL, _chinese(label), 10, bold=True, align=align)
            if self.both:
                below = y + 1 + _LABEL
                self._text(x, below, width, ground.english_line, label, ground.english_size, align=align)
        bottom = y + self._heads_height
        self.items.append(Rule(ground.left, bottom, ground.left + ground.inner, bottom, ground.hair))

    def _sign(self, y: float, signers: tuple[tuple[str, str], ...]) -> None:
        """Put down label and printed name of everybody who signs, side by side."""
        ground, width = self.ground, self.ground.inner / len(signers)
        for place, (label, name) in enumerate(signers):
            x = ground.left + place * width
            if place:
                self.items.append(Rule(x, y, x, y + self.label_height + _SIGNED, ground.hair))
            self._text(x + _PAD, y + 0.8, width - 2 * _PAD, _LABEL, _chinese(label), 9)
            if self.both:
                english = y + 0.8 + _LABEL
                self._text(x + _PAD, english, width - 2 * _PAD, ground.english_line, label, ground.english_size)
            if name:
                self._text(x + _PAD, y + 0.8 + self.label_height, width - 2 * _PAD, 4.8, name, 10)

    def _cells(self, y: float, height: float) -> list[tuple[float, float]]:
        """Draw the rules between the columns; return left edge and width of what can be written in each."""
        edges = list(accumulate(self.ground.columns, initial=self.ground.left))
        self.items += [Rule(x, y, x, y + height, self.ground.hair) for x in edges[1:-1]]
        return [(x + _PAD, width - 2 * _PAD) for x, width in zip(edges, self.ground.columns, strict=False)]

    def _why(self, line: FloorLine) -> str:
        kind, reason, *conditions = (self._said(each) for each in line.why)
        return "，".join((f"{kind}：{reason}", *conditions))

    def _where_and_when(self) -> str:
        facts = self.facts
        time = f"{facts.made_at:%y-%m-%d %H:%M}"
        return _chinese(N_("{time} · station {station}")).format(time=time, station=facts.station)

    def _said(self, message: str, **values: object) -> str:
        """Return `message` in Chinese, and after it in English where the paper has both."""
        chinese = _chinese(message).format(**values)
        english = message.format(**values)
        return f"{chinese} {english}" if self.both and chinese != english else chinese

    def _text(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        lines: int = 1,
        align: Align = "left",
    ) -> None:
        floor = min(size, self.ground.smallest)
        self.items.append(Text(x, y, width, height, (Run(text, bold),), size, floor, lines, align))


def _chinese(message: str) -> str:
    return words.language("zh").gettext(message)


def _lines(text: str, width: float) -> int:
    """Return in how many lines `text` surely fits a column: reckoned a little broader than it is."""
    room, needed = width - 2 * _PAD, sum(map(_ems, text)) * _SIZE * _MM
    return 1 if needed <= room else math.ceil(needed / room * 1.1)


def _ems(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WFA":
        return 1.0
    if char in "MWmw@%":
        return 0.95
    return 0.6 if char.isalnum() else 0.42
