"""The carried typeface, Noto Sans SC, Regular and Bold, both whole: names have rare hanzi.

reportlab is imported with this module, which is why only the first print does.
"""

from __future__ import annotations

import functools
import mmap
import threading
from pathlib import Path
from typing import Any, Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from printers.charsets import MISSING
from printers.document import Run
from resources import resource

REGULAR: Final = "NotoSansSC-Regular"
BOLD: Final = "NotoSansSC-Bold"


_mapped: Final[list[mmap.mmap]] = []


def let_go() -> None:
    """Give back the pages of the files: embedding what a paper uses touches all of them, and the system keeps them."""
    for each in _mapped:
        if hasattr(mmap, "MADV_DONTNEED"):
            each.madvise(mmap.MADV_DONTNEED)


class _Mapped:
    """A font's file as reportlab reads one, in the system's own pages instead of a copy of ten megabytes."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)

    def read(self) -> mmap.mmap:
        """Return the file's bytes."""
        with Path(self.name).open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        _mapped.append(mapped)
        return mapped


# A face that two threads register at once would be another one in the middle of somebody's paper.
_lock = threading.Lock()


def _face(name: str) -> Any:
    with _lock:
        return _registered(name)


@functools.cache
def _registered(name: str) -> Any:
    # Not readable as ASCII: only what is used is embedded, which saves a third of the file and of the time to make it.
    font = TTFont(name, _Mapped(resource(f"fonts/{name}.ttf")), asciiReadable=0)
    pdfmetrics.registerFont(font)
    face = font.face
    # Of thirty thousand widths hardly any differ: each is kept once.
    alike: dict[Any, Any] = {}
    face.hmetrics = [alike.setdefault(one, one) for one in face.hmetrics]
    face.charWidths = {char: alike.setdefault(width, width) for char, width in face.charWidths.items()}
    return face


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
