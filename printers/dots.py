"""Type as dots: words of the carried typeface on a picture of mode "1" in which ink is 1, as dots are told to printers.

Unlike `printers.cells`, each character is as wide as the typeface has it, which is what `printers.layout` counts with.
"""

from __future__ import annotations

import functools
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from printers import fonts
from printers.document import Run
from resources import resource

_INK: Final = 105  # of 255: where a dot that is half covered becomes black; hanzi of 24 dots stay open, but not thin


@functools.cache
def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resource(f"fonts/{face}.ttf")), size, layout_engine=ImageFont.Layout.BASIC)


@functools.lru_cache(maxsize=2048)
def _glyph(char: str, face: str, size: int) -> tuple[Image.Image, int, int]:
    """Return the ink of `char`, and where it stands from a pen at the baseline: so many dots right and down."""
    room = Image.new("L", (4 * size, 4 * size))
    ImageDraw.Draw(room).text((size, 2 * size), char, fill=255, font=_font(face, size), anchor="ls")
    ink = room.point(lambda cover: 255 * (cover >= _INK)).convert("1", dither=Image.Dither.NONE)
    box = ink.getbbox() or (size, 2 * size, size, 2 * size)
    return ink.crop(box), box[0] - size, box[1] - 2 * size


def set_text(paper: Image.Image, x: float, baseline: float, run: Run, size: float) -> None:
    """Set `run` on `paper` from `x` on, `size` dots high; what would stand beside the paper is left out.

    A character that the typeface lacks becomes `fonts.MISSING`.
    """
    face = fonts.face_of(run)
    for char, width in zip(fonts.spelled(run.text, face), fonts.widths(run), strict=True):
        ink, right, down = _glyph(char, face, max(1, round(size)))
        paper.paste(1, (round(x) + right, round(baseline) + down), ink)
        x += width * size
