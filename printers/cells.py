"""Characters in the cells of a dot printer: hanzi in squares, letters in halves of them, from the carried typeface.

A cell is a picture of mode "1" in which ink is 1, as dots are told to printers.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Final, NamedTuple

from PIL import Image, ImageDraw, ImageFont

from printers.charsets import MISSING
from resources import resource

_EM: Final = 0.98  # of the cell's height: hanzi do not touch those of the line above
_LETTER: Final = 0.88  # letters are this much smaller, so that most are no wider than their half cell
_BASELINE: Final = (0.88, 0.84)  # of the cell's height from its top: of hanzi, of letters
_INK: Final = 110  # of 255: where a dot that is half covered becomes black


class Placed(NamedTuple):
    """A character, and how many columns (halves of a hanzi's cell) from the line's left edge it begins."""

    column: float
    char: str
    columns: int


@functools.cache
def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    name = "Bold" if bold else "Regular"
    return ImageFont.truetype(str(resource(f"fonts/NotoSansSC-{name}.ttf")), size, layout_engine=ImageFont.Layout.BASIC)


@functools.cache
def _lacking(bold: bool) -> bytes:
    """Return how the typeface draws what it lacks."""
    return bytes(_font(24, bold).getmask("\uffff"))


@functools.lru_cache(maxsize=4096)
def glyph(char: str, height: int, columns: int = 2, bold: bool = False) -> Image.Image:
    """Return `char` in a cell `height` dots high and as many wide (`columns` 2) or half of it (1)."""
    width = height * columns // 2
    font = _font(height, bold)
    if bytes(_font(24, bold).getmask(char)) == _lacking(bold):
        char = MISSING
    narrow = columns == 1
    font = _font(round(height * (_LETTER if narrow else _EM)), bold)
    advance = max(1, round(font.getlength(char)))
    drawn = Image.new("L", (max(advance, width), height))
    baseline = round(height * _BASELINE[narrow])
    ImageDraw.Draw(drawn).text(((drawn.width - advance) / 2, baseline), char, fill=255, font=font, anchor="ls")
    ink = _INK
    if drawn.width > width:
        # Upright strokes grow as pale as they grow thin.
        ink = ink * width // drawn.width
        drawn = drawn.resize((width, height), Image.Resampling.LANCZOS)
    return drawn.point(lambda grey: 255 * (grey >= ink)).convert("1", dither=Image.Dither.NONE)


def line(placed: Iterable[Placed], dots: int, height: int, bold: bool = False) -> Image.Image:
    """Return characters at their columns as one line, `dots` wide and `height` dots high."""
    drawn = Image.new("1", (dots, height))
    for column, char, columns in placed:
        # What takes no column stands on the character before it.
        cell = glyph(char, height, columns or 1, bold)
        left = round((column if columns else column - 1) * height / 2)
        drawn.paste(1, (left, 0), cell)
    return drawn
