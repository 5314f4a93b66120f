"""The carried typeface, Noto Sans SC, Regular and Bold, both whole: names have rare hanzi.

reportlab is imported with this module, which is why only the first print does.
"""

from __future__ import annotations

import functools
from typing import Any, Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from printers.document import Run
from resources import resource

REGULAR: Final = "NotoSansSC-Regular"
BOLD: Final = "NotoSansSC-Bold"

MISSING: Final = "〓"
"""What printers have always set for a sort they lack: it says so, where an empty box would look like a fault."""


@functools.cache
def _face(name: str) -> Any:
    # Not readable as ASCII: only what is used is embedded, which saves a third of the file and of the time to make it.
    font = TTFont(name, str(resource(f"fonts/{name}.ttf")), asciiReadable=0)
    pdfmetrics.registerFont(font)
    return font.face


def face_of(run: Run) -> str:
    """Return the face that `run` is set in."""
    name = BOLD if run.bold else REGULAR
    _face(name)
    return name


@functools.lru_cache(maxsize=1024)
def spelled(text: str, face: str) -> str:
    """Return `text` with the characters that `face` lacks as `MISSING`."""
    known = _face(face).charToGlyph
    return "".join(char if ord(char) in known else MISSING for char in text)


@functools.lru_cache(maxsize=1024)
def widths(run: Run) -> tuple[float, ...]:
    """Return the width of each character of `run`, in type sizes."""
    face = face_of(run)
    width_of = _face(face).getCharWidth
    return tuple(width_of(ord(char)) / 1000 for char in spelled(run.text, face))
