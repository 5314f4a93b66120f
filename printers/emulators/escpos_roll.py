"""The roll in an ESC/POS printer: a line buffer, a head that burns dots, and a knife some way above it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from PIL import Image, ImageChops, ImageOps

from printers import cells
from printers.profile import Profile

SPACING: Final = 30
"""Dots from line to line after ESC @: 1/6 inch at 180 dpi, 3.75 mm at 203 (ESC 2 in Epson's and Xprinter's manuals)."""


@dataclass(slots=True)
class Style:
    """How characters are printed: `letters` and `hanzi` are times the width and times the height of the usual ones."""

    letters: tuple[int, int] = (1, 1)
    hanzi: tuple[int, int] = (1, 1)
    small: bool = False
    bold: bool = False
    reverse: bool = False
    underline: int = 0
    underline_hanzi: int = 0
    space: int = 0
    space_hanzi: tuple[int, int] = (0, 0)


@dataclass(slots=True)
class _Glyph:
    x: int
    image: Image.Image
    char: str


@dataclass(slots=True)
class Roll:
    """Paper of which `head` dots have passed the head. Until it is cut off, ink is 1 in pictures of mode "1"."""

    profile: Profile
    spacing: int = SPACING
    align: int = 0
    left: int = 0
    width: int = 0
    head: int = 0
    x: int = 0
    papers: list[Image.Image] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    broken: int = 0
    _line: list[_Glyph] = field(default_factory=list)
    _burnt: list[tuple[int, Image.Image]] = field(default_factory=list)
    _torn: int = 0

    def __post_init__(self) -> None:
        self.width = self.profile.dots
        self._torn = -self._way

    @property
    def _way(self) -> int:
        return round(self.profile.feed * self.profile.dots_per_mm)

    @property
    def area(self) -> int:
        """Dots from the left margin to the right one."""
        return max(1, min(self.width, self.profile.dots - self.left))

    @property
    def fresh(self) -> bool:
        """Whether nothing stands in the line buffer."""
        return not self._line and not self.x

    def put(self, char: str, columns: int, style: Style) -> None:
        """Set `char` into the line buffer; where it has no more room, the line is printed before."""
        wide = columns == 2
        cell = 18 if style.small and not wide else self.profile.cell
        across, down = style.hanzi if wide else style.letters
        image = cells.glyph(char, cell, columns, style.bold)
        if (across, down) != (1, 1):
            image = image.resize((image.width * across, image.height * down), Image.Resampling.NEAREST)
        underline = style.underline_hanzi if wide else style.underline
        if underline:
            image = image.copy()
            image.paste(1, (0, image.height - underline, image.width, image.height))
        if style.reverse:
            image = ImageChops.invert(image)
        before, after = (side * across for side in (style.space_hanzi if wide else (0, style.space)))
        if not self.fresh and self.x + before + image.width > self.area:
            self.broken += 1
            self.feed_line()
        self._line.append(_Glyph(self.x + before, image, char))
        self.x += before + image.width + after

    def feed_line(self) -> None:
        """Print the line buffer and go to the next line."""
        height = max((glyph.image.height for glyph in self._line), default=0)
        if self._line:
            taken = max(glyph.x + glyph.image.width for glyph in self._line)
            strip = Image.new("1", (self.profile.dots, height))
            start = self.left + (self.area - taken) * self.align // 2
            for glyph in self._line:
                strip.paste(1, (start + glyph.x, height - glyph.image.height), glyph.image)
            self._burnt.append((self.head, strip))
            self.lines.append("".join(glyph.char for glyph in self._line))
        self.head += max(self.spacing, height)
        self._line.clear()
        self.x = 0

    def feed(self, dots: int) -> None:
        """Print the line buffer, if there is anything in it, and move the paper by `dots`."""
        if not self.fresh:
            spacing, self.spacing = self.spacing, 0
            self.feed_line()
            self.spacing = spacing
        self.head += dots

    def feed_lines(self, lines: int) -> None:
        """Print the line buffer, if there is anything in it, and move the paper by `lines`."""
        if lines == 0:
            self.feed(0)
        for _ in range(lines):
            self.feed_line()

    def feed_to_knife(self, dots: int) -> None:
        """Move what the head has printed to the knife, and `dots` further."""
        self.feed(self._way + dots)

    def burn(self, image: Image.Image) -> None:
        """Print a picture of mode "1" where the line buffer is empty; what is too broad for the paper is lost."""
        strip = Image.new("1", (self.profile.dots, image.height))
        spare = max(0, self.area - image.width)
        strip.paste(image, (self.left + spare * self.align // 2, 0))
        self._burnt.append((self.head, strip))
        self.head += image.height

    def cut(self) -> None:
        """Cut the paper at the knife, which stands above the head: what was not fed past it stays on the next piece."""
        self._take(self.head - self._way)

    def end(self) -> None:
        """Take what is left: torn off at the edge above the head where there is no knife, otherwise as it stands."""
        if any(strip.getbbox() for _, strip in self._burnt):
            self._take(self.head if self.profile.cutter != "none" else max(self.head - self._way, self._last()))

    def _last(self) -> int:
        return max(top + strip.height for top, strip in self._burnt)

    def _take(self, end: int) -> None:
        if end <= self._torn:
            return
        paper = Image.new("1", (self.profile.dots, end - self._torn))
        for top, strip in self._burnt:
            paper.paste(1, (0, top - self._torn), strip)
        self.papers.append(ImageOps.invert(paper.convert("L")))
        self._burnt = [(top, strip) for top, strip in self._burnt if top + strip.height > end]
        self._torn = end
