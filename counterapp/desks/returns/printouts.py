"""The three-part return form 退/换货单 on A4: one sheet for each holder, sixteen fields.

Labels are always Chinese, the language the form is valid in; a store that wants both has the English small beneath.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Final, Literal

from counterapp import words
from counterapp.core.codes import grouped
from counterapp.core.money import capitals, format_fen, format_quantity, format_unit_price
from counterapp.words import N_
from printers.document import Align, Barcode, Box, Item, Page, Pages, Rule, Run, Text

Language = Literal["zh", "en"]

LINES_PER_FORM: Final = 8
"""Receipt lines that one form holds; a case with more goes on to the next number."""

AS_CASH: Final = N_("This form counts as cash at the till; no change is given.")
"""How a form is settled that the customer takes to the till."""

COPIES: Final = (
    (N_("Part 1"), N_("Customer service")),
    (N_("Part 2"), N_("Till, then administration")),
    (N_("Part 3"), N_("Customer")),
)
"""Name and holder of each part."""


@dataclass(frozen=True, slots=True)
class FormLine:
    """One receipt line that comes back: thousandths, ten-thousandths of a yuan, fen.

    `reason` is an English source sentence, or words as they were typed.
    """

    item_no: str
    name: str
    quantity_milli: int
    unit_price_1e4: int
    amount_fen: int
    reason: str
    serial: str = ""


@dataclass(frozen=True, slots=True)
class FormFacts:
    """All that stands on a form; the sixteen fields and what belongs to them.

    `member_card` and `phone` may be whole or masked: the form masks them. `clerk` and `supervisor` are printed as
    given ("王丽 6012"); `signed_at` is the store's local time. `settlement` is an English source sentence (`AS_CASH`),
    `valid_days` None where the form is not taken at a till. `copy` is 0 for the first print and counts reprints.
    A case of several forms gives each its `sheet` of `sheets` and the numbers before and after it.
    """

    number: int
    code: str
    kind: Literal["refund", "exchange"]
    filled_on: date
    receipt_no: str
    bought_on: date | None
    member_card: str
    phone: str
    lines: tuple[FormLine, ...]
    total_fen: int
    clerk: str
    supervisor: str
    signed_at: datetime
    store: str
    counter: str
    station: str
    settlement: str = AS_CASH
    valid_days: int | None = 30
    copy: int = 0
    sheet: int = 1
    sheets: int = 1
    previous_number: int | None = None
    next_number: int | None = None


def return_form(facts: FormFacts, language: Language) -> Pages:
    """Return the three parts of the form. Raises ValueError for no lines or more than `LINES_PER_FORM`."""
    if not 1 <= len(facts.lines) <= LINES_PER_FORM:
        raise ValueError(f"a form holds 1 to {LINES_PER_FORM} lines, not {len(facts.lines)}")
    title = f"{words.language(language).gettext(_TITLE)} {_number(facts.number)}"
    pages = [_Sheet(facts, language, copy).page() for copy in range(len(COPIES))]
    return Pages(title, tuple(pages))


def masked(number: str) -> str:
    """Return a card's or phone's number with its middle hidden: "8800 ****5678", "138****5678".

    Eleven digits are a phone's and keep three in front, longer ones are a card's and keep four; of shorter ones only
    the last two stay. What is masked already stays as it is.
    """
    text = re.sub(r"[\s-]", "", number)
    if not text or "*" in text:
        return number
    if len(text) < 11:
        return f"****{text[-2:]}"
    return f"{text[:3]}****{text[-4:]}" if len(text) == 11 else f"{text[:4]} ****{text[-4:]}"


_TITLE: Final = N_("Refund/exchange form")
_FILLED: Final = N_("Date of filling")
# The brackets hold the word that is struck out.
_HEADINGS: Final = {
    "refund": N_("Reason for refund/[exchange]"),
    "exchange": N_("Reason for [refund]/exchange"),
}

# Millimetres on A4.
_LEFT: Final = 15.0
_WIDTH: Final = 180.0
_TOP: Final = 14.0
_PAD: Final = 1.8
_ROW: Final = 11.5
_LABEL: Final = 4.4
_ENGLISH: Final = 3.2

_FIELDS: Final = (60.0, 36.0, 42.0, 42.0)
_COLUMNS: Final = (25.0, 55.0, 17.0, 25.0, 26.0, 32.0)
_SIGNATURES: Final = (45.0, 45.0, 45.0, 45.0)


class _Sheet:
    """One part, built from the top down; `y` is where the next band starts."""

    def __init__(self, facts: FormFacts, language: Language, part: int) -> None:
        self.facts = facts
        self.both = language == "en"
        self.zh = words.language("zh").gettext
        self.part, self.holder = COPIES[part]
        self.items: list[Item] = []
        self.y = _TOP
        self.label_height = _LABEL + (_ENGLISH if self.both else 0)

    def page(self) -> Page:
        self._head()
        top = self.y
        self._fields()
        self._table()
        self._total()
        self._signatures()
        self.items.append(Box(_LEFT, top, _WIDTH, self.y - top, 0.4))
        self._foot()
        return Page(210, 297, tuple(self.items))

    def _head(self) -> None:
        facts, top, below = self.facts, self.y, self.y + self.label_height
        self._label(_LEFT, top, 56, N_("Form number"))
        self._text(_LEFT, below, 56, 10.5, _number(facts.number), 24, bold=True)
        filled = f"{self.zh(_FILLED)}  {_day(facts.filled_on)}"
        self._text(_LEFT, below + 11, 56, 5.5, filled, 11)
        if self.both:
            self._text(_LEFT, below + 16.5, 56, _ENGLISH, _FILLED, 7)

        middle, width = _LEFT + 58, 64
        self._text(middle, top, width, 6.4, f"{facts.store} · {facts.counter}", 11, lines=2, align="center")
        self._text(middle, top + 6.5, width, 13, self.zh(_TITLE), 28, bold=True, align="center")
        if self.both:
            self._text(middle, top + 19, width, 4, _TITLE, 8.5, align="center")
        if facts.copy:
            self._reprint(middle + width / 2, top + (24 if self.both else 21))

        barcode = Barcode(0, top, facts.code, 14)
        # The bars end where the frame does; their quiet zone reaches into the margin.
        barcode = replace(barcode, x=_LEFT + _WIDTH + 12 * barcode.module - barcode.width)
        self.items.append(barcode)
        self._text(barcode.x, top + 14.5, barcode.width, 5, grouped(facts.code), 10.5, align="center")
        if facts.sheets > 1:
            self._neighbours(top + 19.8)
        self.y = top + (33 if self.both else 29.5)

    def _reprint(self, center: float, y: float) -> None:
        text = self._said(N_("Reprint {count}")).format(count=self.facts.copy)
        width, height = (46 if self.both else 26), 6.4
        self.items.append(Box(center - width / 2, y, width, height, 0.5))
        self._text(center - width / 2 + 1, y + 0.6, width - 2, height - 1.2, text, 14, bold=True, align="center")

    def _neighbours(self, y: float) -> None:
        """Say where this form stands among those of its case."""
        facts, x, width = self.facts, _LEFT + 116, _WIDTH - 116
        place = self._said(N_("Form {sheet} of {sheets}")).format(sheet=facts.sheet, sheets=facts.sheets)
        self._text(x + 8, y, width - 8, 4.4, place, 9, align="right")
        links = ((N_("continues {form}"), facts.previous_number), (N_("goes on in {form}"), facts.next_number))
        known = [(message, _number(number)) for message, number in links if number is not None]
        text = " · ".join(self.zh(message).format(form=form) for message, form in known)
        self._text(x, y + 4.4, width, 4.4, text, 9, align="right")
        if self.both:
            text = " · ".join(message.format(form=form) for message, form in known)
            self._text(x, y + 8.8, width, _ENGLISH, text, 7, align="right")

    def _fields(self) -> None:
        facts = self.facts
        fields = (
            (N_("Sales receipt number"), _grouped_receipt(facts.receipt_no)),
            (N_("Date of purchase"), _day(facts.bought_on) if facts.bought_on else ""),
            (N_("Member card number"), masked(facts.member_card)),
            (N_("Customer's phone"), masked(facts.phone)),
        )
        height = self.label_height + 10.5
        for (label, value), (x, width) in zip(fields, self._band(_FIELDS, height), strict=True):
            self._label(x, self.y + 1.2, width, label)
            self._text(x, self.y + self.label_height + 1.6, width, 7.5, value or "—", 14, 9)
        self._divide(_FIELDS, self.y, self.y + height)
        self.y += height

    def _table(self) -> None:
        heads = (N_("Item number"), N_("Item name"), N_("Quantity"), N_("Unit price"), N_("Amount"))
        height = self.label_height + 4.6
        for head, (x, width) in zip((*heads, _HEADINGS[self.facts.kind]), self._band(_COLUMNS, height), strict=True):
            self._add(x, self.y + 1.5, width, 6, _struck(self.zh(head), bold=True), 11, align="center")
            if self.both:
                self._add(x, self.y + 7.3, width, _ENGLISH, _struck(head), 7, 5, align="center")
        top, self.y = self.y, self.y + height
        for row in range(LINES_PER_FORM):
            places = self._band(_COLUMNS, _ROW)
            if row < len(self.facts.lines):
                self._line(self.facts.lines[row], places)
            elif row == len(self.facts.lines):
                x, width = places[1]
                self._text(x, self.y, width, _ROW, self._said(N_("(blank from here on)")), 9, align="center")
            self.y += _ROW
        self._divide(_COLUMNS, top, self.y)

    def _line(self, line: FormLine, places: list[tuple[float, float]]) -> None:
        item_no, name, quantity, price, amount, reason = places
        y, height = self.y + 0.5, _ROW - 1
        self._text(item_no[0], y, item_no[1], height, line.item_no, 12)
        if line.serial:
            serial = self.zh(N_("Serial number {serial}")).format(serial=line.serial)
            self._text(name[0], self.y + 6.8, name[1], 4, serial, 9, 5)
            self._text(name[0], y, name[1], height - 4, line.name, 12, lines=2)
        else:
            self._text(name[0], y, name[1], height, line.name, 12, lines=3)
        figures = (
            (quantity, format_quantity(line.quantity_milli)),
            (price, format_unit_price(line.unit_price_1e4)),
            (amount, format_fen(line.amount_fen, sign=False)),
        )
        for (x, width), figure in figures:
            self._text(x, y, width, height, figure, 12, align="right")
        self._text(reason[0], y, reason[1], height, self._said(line.reason), 12, lines=3)

    def _total(self) -> None:
        height, facts = 16.0, self.facts
        self._label(_LEFT + _PAD, self.y + (height - self.label_height) / 2, 27, N_("Total in capitals"))
        self._text(_LEFT + 30, self.y + 1, 94, height - 2, capitals(facts.total_fen), 15, 10, bold=True, lines=2)
        amount = format_fen(facts.total_fen)
        self._text(_LEFT + 128, self.y + 1, 52 - _PAD, height - 2, amount, 26, 12, bold=True, align="right")
        self.y += height
        self.items.append(Rule(_LEFT, self.y, _LEFT + _WIDTH, self.y))

    def _signatures(self) -> None:
        places = (
            (N_("Customer's signature"), ""),
            (N_("Clerk's signature"), self.facts.clerk),
            (N_("Approving supervisor's signature"), self.facts.supervisor),
            (N_("Cashier's signature"), ""),
        )
        height = self.label_height + 25
        for (label, name), (x, width) in zip(places, self._band(_SIGNATURES, height), strict=True):
            self._label(x, self.y + 1.2, width, label)
            if name:
                self._text(x, self.y + self.label_height + 1.6, width, 5.5, name, 11)
        self._divide(_SIGNATURES, self.y, self.y + height)
        self.y += height

    def _foot(self) -> None:
        facts, y = self.facts, self.y + 2.5
        self._text(_LEFT, y, _WIDTH, 5.5, "".join(self._conditions("zh")), 10.5)
        y += 6
        if self.both:
            self._text(_LEFT, y, _WIDTH, 4, " ".join(self._conditions("en")), 7.5)
            y += 5
        self._text(_LEFT, y, 110, 10, f"{self.zh(self.part)}  {self.zh(self.holder)}", 19, bold=True)
        wanted = N_("Signed {time} · station {station}")
        signed = self.zh(wanted).format(time=f"{facts.signed_at:%y-%m-%d %H:%M}", station=facts.station)
        self._text(_LEFT + 112, y + 3, _WIDTH - 112, 6, signed, 10, align="right")
        if self.both:
            self._text(_LEFT, y + 10, 110, 4.2, f"{self.part} · {self.holder}", 8.5)

    def _conditions(self, language: Language) -> list[str]:
        facts, said = self.facts, words.language(language).gettext
        sentences = [said(facts.settlement)]
        if facts.valid_days is not None:
            until = _day(facts.filled_on + timedelta(days=facts.valid_days))
            wanted = N_("Valid for {days} days, until {until}.")
            sentences.append(said(wanted).format(days=facts.valid_days, until=until))
        sentences.append(said(N_("The till keeps part 2, signed. Void if altered.")))
        return sentences

    def _said(self, message: str) -> str:
        """Return `message` in Chinese, and after it in English where the paper has both."""
        chinese = self.zh(message)
        return f"{chinese} {message}" if self.both and chinese != message else chinese

    def _band(self, widths: tuple[float, ...], height: float) -> list[tuple[float, float]]:
        """Draw the rule under a band of `height` at `y`; return x and width of what can be written in each cell."""
        self.items.append(Rule(_LEFT, self.y + height, _LEFT + _WIDTH, self.y + height))
        edges = accumulate(widths, initial=_LEFT)
        return [(x + _PAD, width - 2 * _PAD) for x, width in zip(edges, widths, strict=False)]

    def _divide(self, widths: tuple[float, ...], top: float, bottom: float) -> None:
        """Draw the rules between the cells of one or more bands."""
        self.items += [Rule(_LEFT + x, top, _LEFT + x, bottom) for x in accumulate(widths[:-1])]

    def _label(self, x: float, y: float, width: float, message: str) -> None:
        self._text(x, y, width, _LABEL, self.zh(message), 9)
        if self.both:
            self._text(x, y + _LABEL, width, _ENGLISH, message, 7)

    def _text(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        text: str,
        size: float,
        floor: float = 6.0,
        *,
        bold: bool = False,
        lines: int = 1,
        align: Align = "left",
    ) -> None:
        self._add(x, y, width, height, (Run(text, bold),), size, floor, lines=lines, align=align)

    def _add(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        runs: tuple[Run, ...],
        size: float,
        floor: float = 6.0,
        *,
        lines: int = 1,
        align: Align = "left",
    ) -> None:
        self.items.append(Text(x, y, width, height, runs, size, floor, lines, align))


def _struck(text: str, *, bold: bool = False) -> tuple[Run, ...]:
    """Return `text` in runs, the word in [brackets] struck out."""
    before, _, rest = text.partition("[")
    inside, _, after = rest.partition("]")
    return tuple(Run(part, bold and part is not inside, part is inside) for part in (before, inside, after) if part)


def _number(number: int) -> str:
    return f"No. {number:06}"


def _day(day: date) -> str:
    return f"{day:%y-%m-%d}"


def _grouped_receipt(number: str) -> str:
    """Return a receipt's number in groups where it is store, till, day and count: "0101 07 261118 0387"."""
    if re.fullmatch(r"[0-9]{16}", number):
        return f"{number[:4]} {number[4:6]} {number[6:12]} {number[12:]}"
    return number
