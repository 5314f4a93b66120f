"""Pages of bands beneath each other, on either paper: head and number on each, a table's heads again on its next page.

Labels are always Chinese; a store that wants both languages has the English small beneath.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from counterapp import words
from counterapp.words import N_
from printers.document import Align, Box, Item, Page, Rule, Run, Stand, Text

_MM: Final = 25.4 / 72
LABEL: Final = 4.4
HEAD: Final = 19.4
_FOOT: Final = 5.4


@dataclass(frozen=True, slots=True)
class Ground:
    """A paper, and what prints well on it: lengths in millimetres, type sizes in points."""

    width: float
    height: float
    left: float
    inner: float
    top: float
    bottom: float
    hair: float
    smallest: float
    english_line: float
    english_size: float

    @property
    def room(self) -> float:
        """The height of what stands between head and foot."""
        return self.bottom - _FOOT - self.top - HEAD


GROUNDS: Final = {
    "a4": Ground(210, 297, 15, 180, 12, 284, 0.25, 7, 3.4, 7),
    # 24 pins through three plies: rules of two dots, nothing under 9 points; inside the 80 columns.
    "continuous": Ground(241, 140, 19.2, 202.6, 6.8, 133.4, 0.28, 9, 3.8, 9),
}


@dataclass(frozen=True, slots=True)
class Titles:
    """What the head of every page says, in the head's own places, and what the foot says."""

    store: str
    title: str
    about: str
    foot: str


@dataclass(frozen=True, slots=True)
class Band:
    """A strip across the page. One that is `glued` never begins a page: it stands with what is above it.

    A page that begins in the middle of a table repeats its `heading`.
    """

    height: float
    draw: Callable[[Sheet], None]
    glued: bool = False
    heading: Band | None = None


def paged(bands: Sequence[Band], titles: Titles, paper: str, *, both: bool) -> tuple[Page, ...]:
    """Return the bands on as many pages as they need; `both` languages or Chinese alone."""
    parts = _parted(bands, GROUNDS[paper].room)
    return tuple(
        Sheet(GROUNDS[paper], both=both).page(titles, part, number, len(parts)) for number, part in enumerate(parts, 1)
    )


def chinese(message: str) -> str:
    """Return `message` in Chinese, whatever the screen speaks."""
    return words.language("zh").gettext(message)


def lines_of(text: str, width: float, size: float) -> int:
    """Return in how many lines of `width` millimetres `text` surely fits: it is reckoned a little broader."""
    needed = sum(map(_ems, text)) * size * _MM
    return 1 if needed <= width else math.ceil(needed / width * 1.1)


class Sheet:
    """One page, built from the top down; `y` is where the next band starts."""

    pad = 1.6

    def __init__(self, ground: Ground, *, both: bool) -> None:
        self.ground, self.both = ground, both
        self.left, self.inner = ground.left, ground.inner
        self.y = ground.top + HEAD
        self.label_height = LABEL + (ground.english_line if both else 0)
        self.items: list[Item] = []

    def page(self, titles: Titles, bands: Sequence[Band], number: int, of: int) -> Page:
        """Return the page `number` of so many with these bands."""
        ground = self.ground
        self._head(titles, number, of)
        top = self.y
        for band in bands:
            below = self.y + band.height
            band.draw(self)
            self.y = below
        self.items.append(Box(self.left, top, self.inner, self.y - top, 2 * ground.hair))
        self.text(self.left, ground.bottom - _FOOT + 0.6, self.inner, _FOOT - 0.6, titles.foot, 9, align="right")
        stamp = Box(self.left, ground.top + 12, 50 if self.both else 30, 5.4, 2 * ground.hair)
        return Page(ground.width, ground.height, tuple(self.items), stamp)

    def cells(self, widths: Sequence[float], height: float, *, divided: bool = True) -> list[tuple[float, float]]:
        """Draw a band of cells at `y`, its rule beneath; return left edge and width of what fits into each."""
        edges = list(accumulate(widths, initial=self.left))
        bottom = self.y + height
        if divided:
            self.items += [Rule(x, self.y, x, bottom, self.ground.hair) for x in edges[1:-1]]
        self.items.append(Rule(self.left, bottom, self.left + self.inner, bottom, self.ground.hair))
        return [(x + self.pad, width - 2 * self.pad) for x, width in zip(edges, widths, strict=False)]

    def shares(self, *weights: float) -> tuple[float, ...]:
        """Return the widths of cells that share a band by these weights."""
        return tuple(self.inner * weight / sum(weights) for weight in weights)

    def label(self, x: float, y: float, width: float, message: str, align: Align = "left") -> None:
        """Put down a label in Chinese, its English beneath where the paper has both."""
        self.text(x, y, width, LABEL, chinese(message), 9, align=align)
        if self.both:
            size = self.ground.english_size
            self.text(x, y + LABEL, width, self.ground.english_line, message, size, align=align)

    def said(self, message: str) -> str:
        """Return `message` in Chinese, and after it in English where the paper has both."""
        text = chinese(message)
        return f"{text} {message}" if self.both and text != message else text

    def text(
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
        stand: Stand = "middle",
    ) -> None:
        """Put down words; they become smaller where they must, but stay legible."""
        floor = min(size, self.ground.smallest)
        self.items.append(Text(x, y, width, height, (Run(text, bold),), size, floor, lines, align, stand))

    def _head(self, titles: Titles, number: int, of: int) -> None:
        top, middle = self.ground.top, self.inner - 104
        self.text(self.left, top + 4.8, 50, 6, titles.about, 13, bold=True)
        self.text(self.left + 52, top, middle, 4.6, titles.store, 10.5, align="center")
        self.text(self.left + 52, top + 4.8, middle, 9.4, chinese(titles.title), 20, bold=True, align="center")
        if self.both:
            self.text(self.left + 52, top + 14, middle, 4, titles.title, 9, align="center")
        wanted = N_("Page {number} of {pages}")
        texts = [chinese(wanted), wanted] if self.both else [chinese(wanted)]
        place = " ".join(text.format(number=number, pages=of) for text in texts)
        self.text(self.left + self.inner - 50, top + 4.8, 50, 6, place, 10.5, align="right")


def _parted(bands: Sequence[Band], room: float) -> list[list[Band]]:
    """Return the bands of each page. What is glued together goes over to the next page together."""
    pieces: list[list[Band]] = []
    for band in bands:
        pieces[-1].append(band) if band.glued and pieces else pieces.append([band])
    parts: list[list[Band]] = [[]]
    filled = 0.0
    for piece in pieces:
        height = sum(band.height for band in piece)
        if parts[-1] and filled + height > room:
            heading = piece[0].heading
            parts.append([heading] if heading is not None else [])
            filled = heading.height if heading is not None else 0.0
        parts[-1] += piece
        filled += height
    return parts


def _ems(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WFA":
        return 1.0
    if char in "MWmw@%":
        return 0.95
    return 0.58 if char.isalnum() else 0.4
