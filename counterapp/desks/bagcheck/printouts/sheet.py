"""What forms and lists of this desk share on either paper: places, sizes, and how words are put down on a grid.

Labels are always Chinese; a store that wants both languages has the English small beneath.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from counterapp import words
from counterapp.desks.bagcheck.printouts.facts import FormPaper, Language, Made, short_time
from counterapp.words import N_
from printers.document import Align, Box, Item, Page, Rule, Run, Text

Cell = tuple[float, float]
"""Left edge and width of what can be written in a cell, in millimetres."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A paper, and what prints well on it: lengths in millimetres, type sizes in points.

    Words stand between `left` and `left + inner`, `top` and `bottom`; `module` is the thinnest bar of a barcode,
    `smallest` the smallest legible type.
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


GROUNDS: Final[dict[FormPaper, Ground]] = {
    "a4": Ground(210, 297, 15, 180, 14, 283, 0.25, 0.25, 6, 3.4, 7),
    # 24 pins through three plies: rules of two dots, bars of three, nothing under 9 points; inside the 80 columns.
    "continuous": Ground(241, 140, 19.2, 202.6, 6.8, 133.4, 0.28, 3 * 25.4 / 180, 9, 3.8, 9),
}

LABEL_LINE: Final = 4.4
_LABEL_SIZE: Final = 9.0


def chinese(message: str) -> str:
    """Return `message` in Chinese, whatever the screen speaks."""
    return words.language("zh").gettext(message)


class Sheet:
    """One page, built from the top down; `y` is where the next band starts."""

    pad = 1.6

    def __init__(self, made: Made, language: Language, paper: FormPaper) -> None:
        self.made = made
        self.both = language == "en"
        self.ground = GROUNDS[paper]
        self.left, self.inner = self.ground.left, self.ground.inner
        self.y = self.ground.top
        self.label_height = LABEL_LINE + (self.ground.english_line if self.both else 0)
        self.items: list[Item] = []

    @property
    def right(self) -> float:
        """The right edge of what is written on."""
        return self.left + self.inner

    def page(self, stamp: Box) -> Page:
        """Return the page; a repeat says in `stamp` that it is one."""
        return Page(self.ground.width, self.ground.height, tuple(self.items), stamp)

    def head(self, x: float, width: float, title: str, english: str) -> None:
        """Put down the store and the title in the middle of the page's head."""
        y = self.ground.top
        self.text(x, y, width, 4.6, self.made.store, 10.5, align="center")
        self.text(x, y + 4.8, width, 9.4, title, 21, bold=True, align="center")
        if self.both:
            self.text(x, y + 14, width, 4, english, 9, align="center")

    def said(self, message: str) -> str:
        """Return `message` in Chinese, and after it in English where the paper has both."""
        text = chinese(message) if message else ""
        return f"{text} {message}" if self.both and text != message else text

    def where_and_when(self) -> str:
        """Say when and where the paper was made."""
        made = self.made
        told = chinese(N_("{time} · station {station}")).format(time=short_time(made.at), station=made.station)
        return f"{made.counter} · {told}" if made.counter else told

    def shares(self, *weights: float) -> tuple[float, ...]:
        """Return the widths of cells that share a band by these weights."""
        return tuple(self.inner * weight / sum(weights) for weight in weights)

    def cells(self, widths: tuple[float, ...]) -> list[Cell]:
        """Return what can be written in cells of these widths beside each other."""
        edges = accumulate(widths, initial=self.left)
        return [(x + self.pad, width - 2 * self.pad) for x, width in zip(edges, widths, strict=False)]

    def band(self, widths: tuple[float, ...], height: float) -> list[Cell]:
        """Draw a band of `height` at `y`, its rule beneath and those between its cells, and go below it.

        Return what can be written in each cell.
        """
        bottom = self.y + height
        edges = list(accumulate(widths[:-1], initial=self.left))[1:]
        self.items += [Rule(x, self.y, x, bottom, self.ground.hair) for x in edges]
        self.items.append(Rule(self.left, bottom, self.right, bottom, self.ground.hair))
        self.y = bottom
        return self.cells(widths)

    def frame(self, top: float) -> None:
        """Draw the frame around all bands from `top` on."""
        self.items.append(Box(self.left, top, self.inner, self.y - top, 2 * self.ground.hair))

    def label(self, x: float, y: float, width: float, label: str, english: str = "") -> None:
        """Put down a label in Chinese, its `english` beneath where the paper has both."""
        self.text(x, y, width, LABEL_LINE, label, _LABEL_SIZE)
        if self.both and english:
            self.text(x, y + LABEL_LINE, width, self.ground.english_line, english, self.ground.english_size)

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
    ) -> None:
        """Put down words; they become smaller where they must, but stay legible."""
        floor = min(size, self.ground.smallest)
        self.items.append(Text(x, y, width, height, (Run(text, bold),), size, floor, lines, align))
