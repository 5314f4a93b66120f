"""The form on A4, for lasers: one sheet for each holder."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from counterapp.core.codes import grouped
from counterapp.core.money import capitals, format_fen
from counterapp.documents.page import FORMATS, Cell
from counterapp.documents.texts import chinese, form_number, short_day
from counterapp.return_forms.printouts.facts import COPIES, TITLE, FormFacts, FormLine
from counterapp.return_forms.printouts.sheet import FILLED, HEADINGS, HEADS, FormPage, struck
from counterapp.words import N_, Language
from printers.document import Box, Page, Run

_LOOK: Final = replace(FORMATS["a4"], english_line=3.2, pad=1.8)
_ROW: Final = 11.5

_FIELDS: Final = (60.0, 36.0, 42.0, 42.0)
_COLUMNS: Final = (25.0, 55.0, 17.0, 25.0, 26.0, 32.0)
_SIGNATURES: Final = (45.0, 45.0, 45.0, 45.0)


class A4Sheet(FormPage):
    """One part of the form."""

    lines = 8

    def __init__(self, facts: FormFacts, language: Language, part: int) -> None:
        super().__init__(facts, language, _LOOK)
        self.part, self.holder = COPIES[part]

    def sheet(self) -> Page:
        """Return the sheet."""
        self._head()
        top = self.y
        self._fields()
        self._table()
        self._total()
        self._signatures()
        self.items.append(Box(self.left, top, self.inner, self.y - top, 0.4))
        self._foot()
        return self.page(self._stamp())

    def _head(self) -> None:
        facts, top, below = self.facts, self.y, self.y + self.label_height
        self.label(self.left, top, 56, N_("Form number"))
        self.text(self.left, below, 56, 10.5, form_number(facts.number), 24, bold=True)
        filled = f"{chinese(FILLED)}  {short_day(facts.filled_on)}"
        self.text(self.left, below + 11, 56, 5.5, filled, 11)
        if self.both:
            self.text(self.left, below + 16.5, 56, self.paper.english_line, FILLED, 7)

        middle, width = self.left + 58, 64
        self.text(middle, top, width, 6.4, facts.issued.place, 11, lines=2, align="center")
        self.text(middle, top + 6.5, width, 13, chinese(TITLE), 28, bold=True, align="center")
        if self.both:
            self.text(middle, top + 19, width, 4, TITLE, 8.5, align="center")

        barcode = self.barcode(facts.code, 14, flush=True)
        self.text(barcode.x, top + 14.5, barcode.width, 5, grouped(facts.code), 10.5, align="center")
        if facts.sheets > 1:
            self._neighbours(top + 19.8)
        self.y = top + (33 if self.both else 29.5)

    def _stamp(self) -> Box:
        width = 46.0 if self.both else 26.0
        return Box(self.left + 90 - width / 2, self.paper.top + (24 if self.both else 21), width, 6.4, 0.5)

    def _neighbours(self, y: float) -> None:
        x, width = self.left + 116, self.inner - 116
        self.text(x + 8, y, width - 8, 4.4, self.place_in_case(), 9, align="right")
        self.text(x, y + 4.4, width, 4.4, self.neighbours("zh"), 9, align="right")
        if self.both:
            self.text(x, y + 8.8, width, self.paper.english_line, self.neighbours("en"), 7, align="right")

    def _fields(self) -> None:
        height = self.label_height + 10.5
        for (label, value), (x, width) in zip(self.fields(), self.cells(_FIELDS, height), strict=True):
            self.label(x, self.y + 1.2, width, label)
            self.text(x, self.y + self.label_height + 1.6, width, 7.5, value or "—", 14, 9)
        self.y += height

    def _table(self) -> None:
        height = self.label_height + 4.6
        for head, (x, width) in zip(
            (*HEADS, HEADINGS[self.facts.kind]), self.cells(_COLUMNS, height, divided=False), strict=True
        ):
            self.text(x, self.y + 1.5, width, 6, struck(chinese(head), bold=True), 11, align="center")
            if self.both:
                self.text(x, self.y + 7.3, width, self.paper.english_line, struck(head), 7, 5, align="center")
        top, self.y = self.y, self.y + height
        for row in range(self.lines):
            places = self.cells(_COLUMNS, _ROW, divided=False)
            if row < len(self.facts.lines):
                self._line(self.facts.lines[row], places)
            elif row < self.used:
                self.origin(_ROW, places[1], places[4])
            elif row == self.used:
                x, width = places[1]
                self.text(x, self.y, width, _ROW, self.said(N_("(blank from here on)")), 9, align="center")
            self.y += _ROW
        self.divide(_COLUMNS, top, self.y)

    def _line(self, line: FormLine, places: list[Cell]) -> None:
        item_no, name, *numbers, reason = places
        y, height = self.y + 0.5, _ROW - 1
        self.text(item_no[0], y, item_no[1], height, line.item_no, 12)
        if line.serial:
            serial = chinese(N_("Serial number {serial}")).format(serial=line.serial)
            self.text(name[0], self.y + 6.8, name[1], 4, serial, 9, 5)
            self.text(name[0], y, name[1], height - 4, line.name, 12, lines=2)
        else:
            self.text(name[0], y, name[1], height, line.name, 12, lines=3)
        for (x, width), figure in zip(numbers, self.figures(line), strict=True):
            self.text(x, y, width, height, figure, 12, align="right")
        self.text(reason[0], y, reason[1], height, self.said(line.reason), 12, lines=3)

    def _total(self) -> None:
        height, facts = 16.0, self.facts
        self.label(self.left + self.pad, self.y + (height - self.label_height) / 2, 27, N_("Total in capitals"))
        self.text(self.left + 30, self.y + 1, 94, height - 2, capitals(facts.total_fen), 15, 10, bold=True, lines=2)
        amount = format_fen(facts.total_fen)
        x, width = self.left + 128, 52 - self.pad
        self.text(x, self.y + 1, width, height - 2, amount, 26, 12, bold=True, align="right")
        self.cells((self.inner,), height)
        self.y += height

    def _signatures(self) -> None:
        height = self.label_height + 25
        for (label, name), (x, width) in zip(self.signatures(), self.cells(_SIGNATURES, height), strict=True):
            self.label(x, self.y + 1.2, width, label)
            if name:
                self.text(x, self.y + self.label_height + 1.6, width, 5.5, name, 11)
        self.y += height

    def _foot(self) -> None:
        y = self.y + 2.5
        settled = (Run(self.settled("zh"), True), Run("".join(self.conditions("zh"))))
        self.text(self.left, y, self.inner, 5.5, settled, 10.5)
        y += 6
        if self.both:
            settled = (Run(self.settled("en") + " ", True), Run(" ".join(self.conditions("en"))))
            self.text(self.left, y, self.inner, 4, settled, 7.5)
            y += 5
        self.text(self.left, y, 110, 10, f"{chinese(self.part)}  {chinese(self.holder)}", 19, bold=True)
        self.text(self.left + 112, y + 3, self.inner - 112, 6, self.signed(), 10, align="right")
        if self.both:
            self.text(self.left, y + 10, 110, 4.2, f"{self.part} · {self.holder}", 8.5)
