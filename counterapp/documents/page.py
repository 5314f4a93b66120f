"""Pages built from the top down: the two papers of forms and lists, words and cells on them, bands on many pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate
from typing import Final

from counterapp import words
from counterapp.core.codes import grouped
from counterapp.core.store_settings import FormPaper
from counterapp.documents.texts import bilingual, chinese, joined, short_time
from counterapp.words import N_, Language
from printers.document import Align, Barcode, Box, Item, Page, Pages, Rule, Run, Stand, Text

Cell = tuple[float, float]
"""Left edge and width of what can be written in a cell, in millimetres."""

_FOOT_LINE: Final = 4.8
_SIDE: Final = 52.0


@dataclass(frozen=True, slots=True)
class PaperFormat:
    """A paper, and what prints well on it: lengths in millimetres, type sizes in points.

    Words stand between `left` and `left + inner`, `top` and `bottom`; the uppermost `head` and the lowest `foot` of
    that are for what every page of a list says. `pad` is the free edge of a cell, `module` the thinnest bar of a
    barcode, `smallest` the smallest legible type.
    """

    width: float
    height: float
    left: float
    inner: float
    top: float
    bottom: float
    hair: float
    module: float
    smallest: float
    english_line: float
    english_size: float
    label_line: float = 4.4
    pad: float = 1.6
    head: float = 20.0
    foot: float = 6.0


FORMATS: Final[dict[FormPaper, PaperFormat]] = {
    "a4": PaperFormat(210, 297, 15, 180, 14, 283, 0.25, 0.25, 6, 3.4, 7),
    # 24 pins through three plies: rules of two dots, bars of three, nothing under 9 points; inside the 80 columns.
    "continuous": PaperFormat(241, 140, 19.2, 202.6, 6.8, 133.4, 0.28, 3 * 25.4 / 180, 9, 3.8, 9),
}


@dataclass(frozen=True, slots=True)
class IssuedBy:
    """Who made a paper, where and when: `clerk` as printed ("王丽 6012"), `at` the store's local time."""

    store: str
    counter: str
    station: str
    clerk: str
    at: datetime

    @property
    def place(self) -> str:
        """Store and counter in one line."""
        return joined(self.store, self.counter)

    @property
    def foot(self) -> str:
        """What stands at the foot of a page: counter, time and station."""
        return joined(self.counter, self.when_and_where())

    def when_and_where(self, language: Language = "zh") -> str:
        """Say when and at which station the paper was made, in one language."""
        said = words.language(language).gettext(N_("{time} · station {station}"))
        return said.format(time=short_time(self.at), station=self.station)


@dataclass(frozen=True, slots=True)
class Titles:
    """What stands at the head of every page: the paper's name, an English source sentence; which one it is ("26-11-21",
    "No. 000118"); and its code, where it can be scanned."""

    title: str
    about: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A strip across the page, `height` millimetres high: `draw` puts it down at the `y` of a page.

    One that is `glued` never begins a page: it stands with what is above it. A page that it does begin repeats its
    `headings` first.
    """

    height: float
    draw: Callable[[PageBuilder], None]
    glued: bool = False
    headings: tuple[Band, ...] = ()


class PageBuilder:
    """One page, built from the top down; `y` is where the next band starts. Also measures bands before there is one."""

    def __init__(self, paper: PaperFormat, language: Language) -> None:
        self.paper, self.language = paper, language
        self.both = language == "en"
        self.left, self.inner, self.pad = paper.left, paper.inner, paper.pad
        self.label_height = paper.label_line + (paper.english_line if self.both else 0)
        self.y = paper.top
        self.items: list[Item] = []

    @property
    def right(self) -> float:
        """The right edge of what is written on."""
        return self.left + self.inner

    def page(self, stamp: Box) -> Page:
        """Return the page; a repeat says in `stamp` that it is one."""
        return Page(self.paper.width, self.paper.height, tuple(self.items), stamp)

    def put(self, *bands: Band) -> None:
        """Draw bands beneath each other, and go below them."""
        for band in bands:
            below = self.y + band.height
            band.draw(self)
            self.y = below

    def said(self, message: str, **values: object) -> str:
        """Return `message` in Chinese, and after it in English where the paper has both."""
        return bilingual(message, self.language, **values)

    def shares(self, *weights: float) -> tuple[float, ...]:
        """Return the widths of cells that share a band by these weights."""
        return tuple(self.inner * weight / sum(weights) for weight in weights)

    def cells(self, widths: Sequence[float], height: float, *, divided: bool = True) -> list[Cell]:
        """Draw a band of cells at `y`: the rule beneath and, if `divided`, those between.

        Return what can be written in each.
        """
        bottom = self.y + height
        if divided:
            self.divide(widths, self.y, bottom)
        self.items.append(Rule(self.left, bottom, self.right, bottom, self.paper.hair))
        edges = accumulate(widths, initial=self.left)
        return [(x + self.pad, width - 2 * self.pad) for x, width in zip(edges, widths, strict=False)]

    def divide(self, widths: Sequence[float], top: float, bottom: float) -> None:
        """Draw the rules between the cells of one or more bands."""
        edges = list(accumulate(widths[:-1], initial=self.left))[1:]
        self.items += [Rule(x, top, x, bottom, self.paper.hair) for x in edges]

    def frame(self, top: float) -> None:
        """Draw the frame around all bands from `top` on."""
        self.items.append(Box(self.left, top, self.inner, self.y - top, 2 * self.paper.hair))

    def label(self, x: float, y: float, width: float, message: str, *, align: Align = "left") -> None:
        """Put down a label in Chinese, its English beneath where the paper has both."""
        self.labels(x, y, width, chinese(message), message, align=align)

    def labels(
        self, x: float, y: float, width: float, label: str, english: str, size: float = 9.0, *, bold: bool = False,
        align: Align = "left",
    ) -> None:  # fmt: skip
        """Put down a label that is in both languages already."""
        paper = self.paper
        self.text(x, y, width, paper.label_line, label, size, bold=bold, align=align)
        if self.both:
            self.text(x, y + paper.label_line, width, paper.english_line, english, paper.english_size, align=align)

    def title(self, x: float, width: float, store: str, title: str, english: str) -> None:
        """Put down the store and the title in the middle of the page's head."""
        y = self.paper.top
        self.text(x, y, width, 4.6, store, 10.5, align="center")
        self.text(x, y + 4.8, width, 9.4, title, 21, bold=True, align="center")
        if self.both:
            self.text(x, y + 14, width, 4, english, 9, align="center")

    def barcode(self, code: str, height: float, *, flush: bool = False) -> Barcode:
        """Put down a code at the right of the page's head and return it.

        Its quiet zone ends where the frame does, or `flush` its bars, so that the quiet zone reaches into the margin.
        """
        barcode = Barcode(0, self.paper.top, code, height, self.paper.module)
        barcode = replace(barcode, x=self.right + (12 * barcode.module if flush else 0) - barcode.width)
        self.items.append(barcode)
        return barcode

    def text(
        self, x: float, y: float, width: float, height: float, text: str | tuple[Run, ...], size: float,
        floor: float | None = None, *, bold: bool = False, lines: int = 1, align: Align = "left",
        stand: Stand = "middle",
    ) -> None:  # fmt: skip
        """Put down words, `bold` or in runs of several looks; where they must they become smaller, to `floor` or what
        is still legible."""
        runs = (Run(text, bold),) if isinstance(text, str) else text
        smallest = min(size, self.paper.smallest) if floor is None else floor
        self.items.append(Text(x, y, width, height, runs, size, smallest, lines, align, stand))


Head = Callable[[PageBuilder, Titles, IssuedBy, str], Box]
"""What draws the head of a page, which says "page 1 of 2" in the last argument, and returns the place of a stamp."""


def list_head(page: PageBuilder, titles: Titles, issued: IssuedBy, place: str) -> Box:
    """Draw the head of a list: which one it is, store and title, the page; a code stands above the page."""
    top, side = page.paper.top, _SIDE
    if titles.code:
        code = page.barcode(titles.code, 10)
        page.text(code.x, top + 10.2, code.width, 4, grouped(titles.code), 9, align="center")
        page.text(code.x, top + 14.4, code.width, 4.6, place, 9, align="right")
        side = max(side, code.width + 2)
    else:
        page.text(page.right - 50, top + 4.8, 50, 6, place, 10.5, align="right")
    page.text(page.left, top + 4.8, 50, 6, titles.about, 13, bold=True)
    page.title(page.left + side, page.inner - 2 * side, issued.store, chinese(titles.title), titles.title)
    return Box(page.left, top + 12, 50 if page.both else 30, 5.4, 2 * page.paper.hair)


def paginate(
    bands: Sequence[Band], titles: Titles, issued: IssuedBy, measure: PageBuilder, head: Head = list_head
) -> Pages:
    """Return the bands on as many pages as they need, on the paper and in the language that they were measured for.

    Each page has its head, its number, a frame around its bands, and says at its foot who made it.
    """
    paper, language = measure.paper, measure.language
    parts = parted(bands, paper.bottom - paper.foot - paper.top - paper.head)
    pages = []
    for number, part in enumerate(parts, 1):
        page = PageBuilder(paper, language)
        place = page.said(N_("Page {number} of {pages}"), number=number, pages=len(parts))
        stamp = head(page, titles, issued, place)
        top = page.y = paper.top + paper.head
        page.put(*part)
        page.frame(top)
        page.text(page.left, paper.bottom - _FOOT_LINE, page.inner, _FOOT_LINE, issued.foot, 9, align="right")
        pages.append(page.page(stamp))
    title = words.language(language).gettext(titles.title)
    return Pages(f"{title} {titles.about}".strip()[:120], tuple(pages))


def parted(bands: Sequence[Band], room: float) -> list[list[Band]]:
    """Return the bands of each page, which has `room` millimetres of them.

    What is glued together goes over to the next page together. What is higher than a page has one alone.
    """
    pieces: list[list[Band]] = []
    for band in bands:
        pieces[-1].append(band) if band.glued and pieces else pieces.append([band])
    parts: list[list[Band]] = [[]]
    filled = 0.0
    for piece in pieces:
        height = sum(band.height for band in piece)
        if parts[-1] and filled + height > room:
            parts.append(list(piece[0].headings))
            filled = sum(band.height for band in piece[0].headings)
        parts[-1] += piece
        filled += height
    return parts
