"""A list on as many pages as it needs: its head on each, rows as high as their words, signatures at the end."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from counterapp.desks.bagcheck.printouts.facts import FormPaper, Language, Made
from counterapp.desks.bagcheck.printouts.sheet import LABEL_LINE, Sheet, chinese
from counterapp.words import N_
from printers.document import Align, Box, Page, Pages

_SIZE: Final = 10.0
_LINE: Final = _SIZE * 25.4 / 72 * 1.25
_HEAD: Final = 24.0
_SIGNATURE: Final = 14.0
_MOST_LINES: Final = 10  # of a row; words that need more become smaller, and are cut last


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head in English, its share of the width, and where its words stand; figures, which stand at the
    right, are never broken."""

    head: str
    weight: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list consists of; all words but those of `rows` are English source sentences.

    `about` is beside the title ("26-11-21"), `counts` are label and value in a grid of `across`, `none` is said where
    there are no rows, `signers` are who signs and their printed names. Rows are at least `row` millimetres high.
    """

    title: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    none: str
    counts: tuple[tuple[str, str], ...] = ()
    across: int = 5
    signers: tuple[tuple[str, str], ...] = ()
    row: float = 7.5


def pages_of(listed: Listed, made: Made, language: Language, paper: FormPaper) -> Pages:
    """Return `listed` on pages with their numbers; no row is parted, and the signatures never stand alone."""
    parts = _parted(listed, made, language, paper)
    sheets = []
    for number, rows in enumerate(parts, 1):
        page = _Page(listed, made, language, paper)
        sheets.append(page.built(rows, number, len(parts)))
    title = listed.title if language == "en" else chinese(listed.title)
    return Pages(f"{title} {listed.about}", tuple(sheets))


def _parted(listed: Listed, made: Made, language: Language, paper: FormPaper) -> list[Sequence[tuple[str, ...]]]:
    """Return the rows of each page; the last one keeps room for the signatures."""
    page = _Page(listed, made, language, paper)
    heights = [page.height_of(row) for row in listed.rows]
    parts: list[Sequence[tuple[str, ...]]] = []
    start = 0
    while True:
        room = page.room(first=not parts)
        if sum(heights[start:]) <= room - page.closing_height():
            return [*parts, listed.rows[start:]]
        end, filled = start, 0.0
        # One row at least is left for the last page. The first one has perhaps room for none beneath its counts; any
        # later one has it for every row, so that this ends.
        while end < len(heights) - 1 and filled + heights[end] <= room:
            filled += heights[end]
            end += 1
        parts.append(listed.rows[start:end])
        start = end


class _Page(Sheet):
    def __init__(self, listed: Listed, made: Made, language: Language, paper: FormPaper) -> None:
        super().__init__(made, language, paper)
        self.listed = listed
        self.widths = self.shares(*(column.weight for column in listed.columns))

    def built(self, rows: Sequence[tuple[str, ...]], number: int, of: int) -> Page:
        """Return page `number` of so many."""
        self._top(number, of)
        top = self.y
        if number == 1 and self.listed.counts:
            self._counts()
        self._heads()
        for row in rows:
            self._row(row)
        if number == of:
            self._end()
        self.frame(top)
        self.text(self.left, self.ground.bottom - 4.8, self.inner, 4.8, self.where_and_when(), 9, align="right")
        width = 50.0 if self.both else 30.0
        return self.page(Box(self.left, self.ground.top + 12, width, 5.4, 2 * self.ground.hair))

    def room(self, *, first: bool) -> float:
        """Return how many millimetres of rows a page has, the first or a later one, without signatures."""
        counts = self._counts_height() if first else 0
        return self.ground.bottom - 6 - self.ground.top - _HEAD - counts - self._heads_height()

    def closing_height(self) -> float:
        """Return how much of that the end of the list takes."""
        return _LINE + 2 + (self.label_height + _SIGNATURE if self.listed.signers else 0)

    def height_of(self, row: tuple[str, ...]) -> float:
        """Return how high `row` must be for all its words, estimated generously."""
        widths = (width - 2 * self.pad for width in self.widths)
        parts = zip(self.listed.columns, row, widths, strict=True)
        lines = max(1 if column.align == "right" else _lines(text, width) for column, text, width in parts)
        return max(self.listed.row, min(lines, _MOST_LINES) * _LINE + 2.2)

    def _top(self, number: int, of: int) -> None:
        listed, top = self.listed, self.ground.top
        self.text(self.left, top + 4.8, 50, 6, listed.about, 13, bold=True)
        self.head(self.left + 52, self.inner - 104, chinese(listed.title), listed.title)
        wanted = N_("Page {number} of {pages}")
        texts = [chinese(wanted), wanted] if self.both else [chinese(wanted)]
        place = " ".join(text.format(number=number, pages=of) for text in texts)
        self.text(self.right - 50, top + 4.8, 50, 6, place, 10.5, align="right")
        self.y = top + _HEAD - (0 if self.both else 4)

    def _counts_height(self) -> float:
        return math.ceil(len(self.listed.counts) / self.listed.across) * (self.label_height + 9)

    def _counts(self) -> None:
        across = self.listed.across
        for start in range(0, len(self.listed.counts), across):
            top = self.y
            places = self.band(self.shares(*[1] * across), self.label_height + 9)
            for (label, value), (x, width) in zip(self.listed.counts[start : start + across], places, strict=False):
                self.label(x, top + 0.8, width, chinese(label), label)
                self.text(x, top + self.label_height + 0.8, width, 7.6, value, 16, bold=True)

    def _heads_height(self) -> float:
        return self.label_height + 2

    def _heads(self) -> None:
        top = self.y
        for column, (x, width) in zip(self.listed.columns, self.band(self.widths, self._heads_height()), strict=True):
            self.text(x, top + 1, width, LABEL_LINE, chinese(column.head), 10, bold=True, align=column.align)
            if self.both:
                ground = self.ground
                y = top + 1 + LABEL_LINE
                self.text(x, y, width, ground.english_line, column.head, ground.english_size, align=column.align)

    def _row(self, row: tuple[str, ...]) -> None:
        top, height = self.y, self.height_of(row)
        for column, text, (x, width) in zip(self.listed.columns, row, self.band(self.widths, height), strict=True):
            if text:
                lines = 1 if column.align == "right" else 99
                self.text(x, top + 0.4, width, height - 0.8, text, _SIZE, lines=lines, align=column.align)

    def _end(self) -> None:
        listed, top = self.listed, self.y
        said = self.said(N_("(blank from here on)") if listed.rows else listed.none)
        ((x, width),) = self.band((self.inner,), _LINE + 2)
        self.text(x, top, width, _LINE + 2, said, 10, align="center")
        if not listed.signers:
            return
        top = self.y
        places = self.band(self.shares(*[1] * len(listed.signers)), self.label_height + _SIGNATURE)
        for (label, name), (x, width) in zip(listed.signers, places, strict=True):
            self.label(x, top + 0.8, width, chinese(label), label)
            if name:
                self.text(x, top + self.label_height + 0.8, width, 4.8, name, 10.5)


def _lines(text: str, width: float) -> int:
    """Return in how many lines `text` surely fits: its characters are reckoned a little broader than they are."""
    needed = sum(map(_ems, text)) * _SIZE * 25.4 / 72
    return 1 if needed <= width else math.ceil(needed / width * 1.1)


def _ems(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WFA":
        return 1.0
    if char in "MWmw@%":
        return 0.95
    return 0.6 if char.isalnum() else 0.42
