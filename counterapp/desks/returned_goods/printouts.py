"""The floor sheet: what came back of one department, for its duty supervisor to check and sign, on either paper.

Concession goods stand by supplier behind the store's own, each supplier's with a line for its staff to sign.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from counterapp.core.codes import grouped
from counterapp.core.money import format_quantity
from counterapp.core.store_settings import FormPaper
from counterapp.documents.listing import Column, end_band, heads_band, line_band, row_bands, signature_band
from counterapp.documents.page import FORMATS, Band, IssuedBy, PageBuilder, Titles, paginate
from counterapp.documents.texts import bilingual, chinese, short_day
from counterapp.words import N_, Language
from printers.document import Box, Pages

TITLE: Final = N_("Returned goods for the floor")
_HEAD: Final = 28.0

#: Widths of item number, name, quantity, why, form and remark: the type of 24 pins is larger.
_WEIGHTS: Final[dict[FormPaper, tuple[float, ...]]] = {
    "a4": (25, 47, 16, 46, 18, 28),
    "continuous": (31, 54, 21, 46, 19, 31.6),
}
_HEADS: Final = (
    N_("Item number"), N_("Item name"), N_("Quantity"), N_("Reason and condition"), N_("Form no."), N_("Remark"),
)  # fmt: skip
_QUANTITY: Final = 2
_WRAPPED: Final = (1, 3)
_MOST_LINES: Final[dict[FormPaper, int]] = {"a4": 10, "continuous": 6}


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
    """All that stands on a floor sheet: it is the `seq`th of its department and business day."""

    issued: IssuedBy
    department: str
    day: dt.date
    seq: int
    code: str
    lines: tuple[FloorLine, ...]


def floor_sheet(facts: FloorSheetFacts, language: Language, paper: FormPaper = "a4") -> Pages:
    """Return the sheet on as many pages as it needs, each with head, code and number.

    No row is parted, no supplier's heading stands alone, and signatures stand with the last row they are for. Raises
    ValueError for a sheet without lines.
    """
    if not facts.lines:
        raise ValueError("a floor sheet holds at least one line")
    measure = PageBuilder(replace(FORMATS[paper], head=_HEAD), language)
    about = bilingual(N_("{day} no. {seq}"), language, day=short_day(facts.day), seq=facts.seq)

    def head(page: PageBuilder, titles: Titles, issued: IssuedBy, place: str) -> Box:
        top, left = page.paper.top, page.left
        code = page.barcode(titles.code, 10)
        page.text(code.x, top + 10.4, code.width, 4, grouped(titles.code), 9, align="center")
        width = page.inner - code.width - 4
        page.text(left, top, width, 4.6, issued.store, 10.5)
        page.text(left, top + 4.8, width, 8, chinese(titles.title), 18, bold=True)
        if page.both:
            page.text(left, top + 13, width, 4, titles.title, 9)
        page.text(left, top + 17.6, width, 9, facts.department or chinese(N_("no department")), 22, bold=True)
        page.text(code.x, top + 15.6, code.width, 5, titles.about, 11, bold=True, align="right")
        page.text(code.x, top + 21, code.width, 5, place, 10, align="right")
        return Box(left, page.paper.bottom - 4.8, 50 if page.both else 30, 4.8, 2 * page.paper.hair)

    pages = paginate(_bands(facts, measure, paper), Titles(TITLE, about, facts.code), facts.issued, measure, head)
    title = TITLE if language == "en" else chinese(TITLE)
    return replace(pages, title=f"{title} {short_day(facts.day)} {facts.department} {facts.seq}"[:120])


def _bands(facts: FloorSheetFacts, measure: PageBuilder, paper: FormPaper) -> list[Band]:
    columns = [
        Column(head, weight, "right" if place == _QUANTITY else "left", place in _WRAPPED)
        for place, (head, weight) in enumerate(zip(_HEADS, _WEIGHTS[paper], strict=True))
    ]
    heads = heads_band(columns, measure)
    bands = [heads]
    by_supplier = sorted(facts.lines, key=lambda line: line.supplier)
    for supplier, lines in groupby(by_supplier, key=lambda line: line.supplier):
        headings: tuple[Band, ...] = (heads,)
        if supplier:
            name = measure.said(N_("Concession goods of supplier {supplier}"), supplier=supplier)
            named = line_band(name, measure, bold=True, size=10.5, glued=len(bands) == 1)
            named = replace(named, headings=(heads,))
            headings = (heads, named)
            bands.append(named)
        rows = [_row(line, measure.language) for line in lines]
        bands += row_bands(columns, rows, measure, headings, row=9, most=_MOST_LINES[paper])
        if supplier:
            theirs = ((N_("Signature of the supplier's staff"), supplier), (N_("Day and time"), ""))
            bands.append(signature_band(theirs, measure))
    bands.append(end_band(measure.said(N_("{count} lines, blank from here on"), count=len(facts.lines)), measure))
    signers = (
        (N_("Handed over by the clerk"), facts.issued.clerk),
        (N_("Checked by the duty supervisor"), ""),
        (N_("Day and time"), ""),
    )
    return [*bands, signature_band(signers, measure)]


def _row(line: FloorLine, language: Language) -> tuple[str, ...]:
    kind, reason, *conditions = (bilingual(each, language) for each in line.why)
    why = "，".join((f"{kind}：{reason}", *conditions))
    return line.item_no, line.item, format_quantity(line.quantity_milli), why, f"{line.form_number:06}", ""
