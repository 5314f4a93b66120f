"""A form that has ended, once more for the file: each part bears what became of it, and beneath it when and by whom."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from printers.document import Barcode, Box, Page, Pages, Rule, Run, Text

#: A character is as high as its box less this, in millimetres.
_PADDING: Final = 1.6
_GAP: Final = 1.0
_NOTE: Final = 4.0
_POINT: Final = 25.4 / 72


def marked(document: Pages, mark: str, note: str, *, struck: bool) -> Pages:
    """Return a stored form with the word `mark` in a box on every page and `note` at its foot.

    `struck` draws a line through the whole of it. The place that the page keeps for the word of a repeat stays free.
    """
    title = f"{document.title} {mark}"
    return Pages(title, tuple(_marked(page, mark, note, struck) for page in document.pages))


def _marked(page: Page, mark: str, note: str, struck: bool) -> Page:
    stamp = page.stamp or Box(page.width / 2 - 25, 5, 50, 6.4, 0.5)
    letter = stamp.height - _PADDING
    width = letter * len(mark) + 2 * _PADDING
    box = replace(stamp, x=stamp.x - _GAP - width, width=width)
    word = Text(box.x, box.y, box.width, box.height, (Run(mark, bold=True),), letter / _POINT, align="center")
    frame = max((item for item in page.items if isinstance(item, Box)), key=lambda each: each.width * each.height)
    # Beneath all that stands there; continuous paper has just the one line left.
    bottom = max(item.y + item.height for item in page.items if isinstance(item, Text | Box | Barcode))
    foot = min(bottom + _NOTE / 2, page.height - _NOTE - 3)
    below = Text(frame.x, foot, frame.width, _NOTE, (Run(note),), 9.5, 6)
    line = Rule(frame.x, frame.y + frame.height, frame.x + frame.width, frame.y, 0.6)
    return replace(page, items=(*page.items, box, word, below, *((line,) if struck else ())))
