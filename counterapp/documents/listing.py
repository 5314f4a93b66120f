"""A list on as many pages as it needs: its head on each, rows as high as their words, signatures with the last row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from counterapp.core.store_settings import FormPaper
from counterapp.documents.page import FORMATS, Band, IssuedBy, PageBuilder, Titles, paginate
from counterapp.documents.texts import POINT, chinese, lines_needed
from counterapp.words import N_, Language
from printers.document import Align, Pages

SIZE: Final = 10.0
LINE: Final = SIZE * POINT * 1.25
_SIGNATURE: Final = 14.0
MOST_LINES: Final = 10
"""Lines that a row may take; words that need more become smaller, and are cut last."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head in English, its share of the width, and where its words stand.

    Words that do not `wrap` stay on one line, as figures do, which stand at the right.
    """

    head: str
    weight: float
    align: Align = "left"
    wraps: bool = True

    @property
    def lines(self) -> int:
        """The most lines that its words are broken into."""
        return 99 if self.wraps and self.align != "right" else 1


@dataclass(frozen=True, slots=True)
class ListDocument:
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


def list_pages(listed: ListDocument, issued: IssuedBy, language: Language, paper: FormPaper = "a4") -> Pages:
    """Return a list on pages with their numbers; no row is parted, and the signatures never stand alone."""
    measure = PageBuilder(FORMATS[paper], language)
    bands = [
        *count_bands(listed.counts, measure, listed.across),
        *list_bands(listed.columns, listed.rows, measure, none=listed.none, row=listed.row),
    ]
    if listed.signers:
        bands.append(signature_band(listed.signers, measure))
    return paginate(bands, Titles(listed.title, listed.about), issued, measure)


def list_bands(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], measure: PageBuilder, *, none: str = "", row: float = 7.5
) -> list[Band]:
    """Return a table: its heads, which stand again on each page it goes on to, its rows, and that nothing follows.

    `none` is said where there are no rows, an English source sentence.
    """
    heads = heads_band(columns, measure)
    end = measure.said(N_("(blank from here on)") if rows else none)
    return [heads, *row_bands(columns, rows, measure, (heads,), row=row), end_band(end, measure)]


def heads_band(columns: Sequence[Column], measure: PageBuilder) -> Band:
    """Return the heads of a table's columns."""
    height = measure.label_height + 2

    def draw(page: PageBuilder) -> None:
        for column, (x, width) in zip(columns, page.cells(_widths(columns, page), height), strict=True):
            head = chinese(column.head)
            page.labels(x, page.y + 1, width, head, column.head, SIZE, bold=True, align=column.align)

    return Band(height, draw)


def row_bands(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    measure: PageBuilder,
    headings: tuple[Band, ...],
    *,
    row: float = 7.5,
    most: int = MOST_LINES,
) -> list[Band]:
    """Return the rows of a table, each as high as its words need; the first stands with the headings above it."""
    widths = [width - 2 * measure.pad for width in _widths(columns, measure)]
    bands: list[Band] = []
    for texts in rows:
        lines = max(
            lines_needed(text, width, SIZE) if column.lines > 1 else 1
            for column, text, width in zip(columns, texts, widths, strict=True)
        )
        height = max(row, min(lines, most) * LINE + 2.2)
        draw = partial(_draw_row, columns=columns, texts=texts, height=height)
        bands.append(Band(height, draw, glued=not bands, headings=headings))
    return bands


def count_bands(
    counts: Sequence[tuple[str, str]], measure: PageBuilder, across: int = 5, size: float = 16.0
) -> list[Band]:
    """Return labels (English source sentences) with values in type of `size` points, so many `across`."""
    height = measure.label_height + size / 2 + 1
    bands = []
    for start in range(0, len(counts), across):
        shown = counts[start : start + across]

        def draw(page: PageBuilder, shown: Sequence[tuple[str, str]] = shown) -> None:
            cells = page.cells(page.shares(*[1] * across), height)
            for (label, value), (x, width) in zip(shown, cells, strict=False):
                page.label(x, page.y + 0.8, width, label)
                page.text(x, page.y + page.label_height + 0.8, width, size / 2 - 0.4, value, size, bold=True)

        bands.append(Band(height, draw))
    return bands


def line_band(text: str, measure: PageBuilder, *, bold: bool = False, size: float = SIZE, glued: bool = False) -> Band:
    """Return a band of words that are printed as they are, on as many lines as they need."""
    lines = min(MOST_LINES, lines_needed(text, measure.inner - 2 * measure.pad, size))
    height = lines * size * POINT * 1.25 + 1.6

    def draw(page: PageBuilder) -> None:
        ((x, width),) = page.cells((page.inner,), height)
        page.text(x, page.y + 0.2, width, height - 0.4, text, size, bold=bold, lines=lines)

    return Band(height, draw, glued)


def end_band(text: str, measure: PageBuilder) -> Band:
    """Return the line that ends a table, in the words that are printed."""

    def draw(page: PageBuilder) -> None:
        ((x, width),) = page.cells((page.inner,), LINE + 2)
        page.text(x, page.y, width, LINE + 2, text, SIZE, align="center")

    return Band(LINE + 2, draw, glued=True)


def signature_band(signers: Sequence[tuple[str, str]], measure: PageBuilder) -> Band:
    """Return room to sign for each signer, a label (English source sentence) and a printed name, with what is above."""
    height = measure.label_height + _SIGNATURE

    def draw(page: PageBuilder) -> None:
        for (label, name), (x, width) in zip(
            signers, page.cells(page.shares(*[1] * len(signers)), height), strict=True
        ):
            page.label(x, page.y + 0.8, width, label)
            if name:
                page.text(x, page.y + page.label_height + 0.8, width, 4.8, name, 10.5)

    return Band(height, draw, glued=True)


def _draw_row(page: PageBuilder, columns: Sequence[Column], texts: Sequence[str], height: float) -> None:
    for column, text, (x, width) in zip(columns, texts, page.cells(_widths(columns, page), height), strict=True):
        if text:
            page.text(x, page.y + 0.4, width, height - 0.8, text, SIZE, lines=column.lines, align=column.align)


def _widths(columns: Sequence[Column], page: PageBuilder) -> tuple[float, ...]:
    return page.shares(*(column.weight for column in columns))
