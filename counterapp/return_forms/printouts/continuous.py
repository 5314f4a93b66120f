"""The form on continuous carbonless paper of 241 × 140 mm, for 24-pin printers: three parts in one impression.

All three plies take the same words, so the foot names the three parts by the colours that such paper is sold in.
"""

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

_LOOK: Final = replace(FORMATS["continuous"], label_line=4.0, pad=1.5)
_COLOURS: Final = (N_("white"), N_("red"), N_("yellow"))

_FIELDS: Final = (62.0, 42.6, 50.0, 48.0)
_COLUMNS: Final = (27.8, 58.8, 19.6, 26.8, 26.6, 43.0)
_SIGNATURES: Final = (45.0, 51.6, 60.0, 46.0)


class ContinuousSheet(FormPage):
    """The form's one page, inside the eight inches that 80 columns are."""

    lines = 4

    def __init__(self, facts: FormFacts, language: Language) -> None:
        super().__init__(facts, language, _LOOK)

    def sheet(self) -> Page:
        """Return the form."""
        self._head()
        top = self.y
        self._fields()
        self._table()
        self._total()
        self._signatures()
        self.frame(top)
        self._foot()
        return self.page(self._stamp())

    def _head(self) -> None:
        facts, top = self.facts, self.y
        self.text(self.left, top, 58, self.paper.label_line, self.said(N_("Form number")), 9)
        self.text(self.left, top + 4.2, 58, 9, form_number(facts.number), 22, bold=True)
        filled = f"{self.said(FILLED)}  {short_day(facts.filled_on)}"
        self.text(self.left, top + 13.6, 60, 4.6, filled, 9.5)

        x, width = self.left + self.inner / 2 - 39, 78.0
        store, rows, title = facts.issued.place, (1 if self.both else 2), (3.8 if self.both else 7.4)
        self.text(x, top, width, 4.0 * rows, store, 11, lines=rows, align="center")
        self.text(x, top + title, width, 9.6, chinese(TITLE), 23, bold=True, align="center")
        if self.both:
            self.text(x, top + 13, width, 4, TITLE, 9, align="center")

        height = 10.0 if self.both else 12.0
        self.barcode(facts.code, height, flush=True)
        x, width = self.left + 141, self.inner - 141
        self.text(x, top + height + 0.2, width, 4.4, grouped(facts.code), 10, align="right")
        if facts.sheets > 1:
            self.text(x, top + height + 4.8, width, 4, self.place_in_case(), 9, align="right")
            self.text(x, top + height + 8.8, width, 4, self.neighbours("zh"), 9, align="right")
        self.y = top + (23.6 if self.both else 26)

    def _stamp(self) -> Box:
        width, y = (46.0, 17.9) if self.both else (28.0, 18.0)
        x, height = self.left + (self.inner - width) / 2, 5.0 if self.both else 7.0
        return Box(x, self.paper.top + y, width, height, 2 * self.paper.hair)

    def _fields(self) -> None:
        height = self.label_height + 7.4
        for (label, value), (x, width) in zip(self.fields(), self.cells(_FIELDS, height), strict=True):
            self.label(x, self.y + 0.7, width, label)
            self.text(x, self.y + self.label_height + 0.7, width, 6.2, value or "—", 13, lines=1)
        self.y += height

    def _table(self) -> None:
        height = self.label_height + (1.6 if self.both else 3.2)
        for head, (x, width) in zip(
            (*HEADS, HEADINGS[self.facts.kind]), self.cells(_COLUMNS, height, divided=False), strict=True
        ):
            line = height if not self.both else self.paper.label_line + 0.8
            self.text(x, self.y, width, line, struck(chinese(head), bold=True), 10.5, align="center")
            if self.both:
                y, size = self.y + self.paper.label_line + 0.7, self.paper.english_size
                self.text(x - 1, y, width + 2, self.paper.english_line, struck(head), size, align="center")
        top, self.y = self.y, self.y + height
        row_height = 8.2 if self.both else 9.4
        for row in range(self.lines):
            places = self.cells(_COLUMNS, row_height, divided=False)
            if row < len(self.facts.lines):
                self._line(self.facts.lines[row], places, row_height)
            elif row < self.used:
                self.origin(row_height, places[1], places[4])
            elif row == self.used:
                x, width = places[1]
                self.text(x, self.y, width, row_height, self.said(N_("(blank from here on)")), 9, align="center")
            self.y += row_height
        self.divide(_COLUMNS, top, self.y)

    def _line(self, line: FormLine, places: list[Cell], height: float) -> None:
        item_no, name, *numbers, reason = places
        self.text(item_no[0], self.y, item_no[1], height, line.item_no, 11)
        if line.serial:
            serial = chinese(N_("Serial number {serial}")).format(serial=line.serial)
            self.text(name[0], self.y + 0.2, name[1], height / 2, line.name, 10.5)
            self.text(name[0], self.y + height / 2 - 0.2, name[1], height / 2, serial, 9)
        else:
            self.text(name[0], self.y, name[1], height, line.name, 11, lines=2)
        for (x, width), figure in zip(numbers, self.figures(line), strict=True):
            self.text(x, self.y, width, height, figure, 11, align="right")
        self.text(reason[0], self.y, reason[1], height, self.said(line.reason), 10.5, lines=2)

    def _total(self) -> None:
        height, facts = (10.0 if self.both else 11.4), self.facts
        label = N_("Total in capitals")
        y = self.y + (height - self.label_height) / 2
        self.label(self.left + self.pad, y, 30, label)
        x = self.left + 33
        self.text(x, self.y, 106, height, capitals(facts.total_fen), 14, bold=True, lines=2)
        amount, x = format_fen(facts.total_fen), self.left + 142
        self.text(x, self.y, self.right - x - self.pad, height, amount, 23, bold=True, align="right")
        self.cells((self.inner,), height)
        self.y += height

    def _signatures(self) -> None:
        height = self.label_height + (9.4 if self.both else 15.2)
        for (label, name), (x, width) in zip(self.signatures(), self.cells(_SIGNATURES, height), strict=True):
            self.label(x, self.y + 0.7, width, label)
            if name:
                self.text(x, self.y + self.label_height + 0.6, width, 4.2, name, 10)
        self.y += height

    def _foot(self) -> None:
        y, settled = self.y + 1.2, (Run(self.settled("zh"), True), Run("".join(self.conditions("zh"))))
        self.text(self.left, y, self.inner, 4.4, settled, 10)
        y += 4.6
        if self.both:
            settled = (Run(self.settled("en") + " ", True), Run(" ".join(self.conditions("en"))))
            self.text(self.left, y, 122, 8.2, settled, 9, lines=2)
            self.text(self.right - 78, y, 78, 4.2, self.signed(), 9, align="right")
            self.text(self.left, y + 8.3, self.inner, 4.4, self._parts(), 9.5, bold=True)
            return
        self.text(self.left, y + 0.4, 124, 6, self._parts(), 12, bold=True)
        self.text(self.right - 76, y + 0.6, 76, 5.6, self.signed(), 9.5, align="right")

    def _parts(self) -> str:
        """Name the three parts: each ply is told by its colour."""
        told = N_("{part} {holder} ({colour})")
        texts = [
            chinese(told).format(part=chinese(part), holder=self.said(holder), colour=self.said(colour))
            for (part, holder), colour in zip(COPIES, _COLOURS, strict=True)
        ]
        return "  ".join(texts)
