"""How papers write things: words in one language or two, days, numbers; and how much room words take."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime
from typing import Final

from counterapp import words
from counterapp.words import Language
from printers.layout import broken

POINT: Final = 25.4 / 72
"""Millimetres of a point of type."""


def chinese(message: str, **values: object) -> str:
    """Return `message` in Chinese, whatever the screen speaks, its places filled with `values`."""
    return _filled(words.language("zh").gettext(message) if message else "", values)


def bilingual(message: str, language: Language, **values: object) -> str:
    """Return `message` in Chinese, and after it in English where the paper has both languages ("en")."""
    text, english = chinese(message, **values), _filled(message, values)
    return f"{text} {english}" if language == "en" and text != english else text


def short_day(day: date) -> str:
    """Return a day as papers write it: "26-11-21"."""
    return f"{day:%y-%m-%d}"


def short_time(at: datetime) -> str:
    """Return a time as papers write it: "26-11-21 14:33"."""
    return f"{at:%y-%m-%d %H:%M}"


def form_number(number: int) -> str:
    """Return a form's number as it stands on paper: "No. 004118"."""
    return f"No. {number:06}"


def receipt_number(number: str) -> str:
    """Return a receipt's number in groups where it is store, till, day and count: "0101 07 261118 0387"."""
    if re.fullmatch(r"[0-9]{16}", number):
        return f"{number[:4]} {number[4:6]} {number[6:12]} {number[12:]}"
    return number


def joined(*parts: str) -> str:
    """Return what there is of the parts in one line: "17 · 一楼东门"."""
    return " · ".join(filter(None, parts))


def columns_of(text: str) -> int:
    """Return how many columns of a roll `text` takes: a hanzi is two."""
    return sum(2 if _is_wide(char) else 1 for char in text)


def lines_needed(text: str, width: float, size: float) -> int:
    """Return in how many lines of `width` millimetres `text` surely fits in type of `size` points.

    Its characters are reckoned a little broader than they are.
    """
    needed = sum(map(_ems, text)) * size * POINT
    return 1 if needed <= width else math.ceil(needed / width * 1.1)


def lines_of(text: str, width: float, size: float) -> list[str]:
    """Return the lines of `text`, each of which surely fits into `width` millimetres in type of `size` points.

    Its line breaks are kept; between them it goes on below where words may be parted.
    """
    room = width / (size * POINT)
    parts = [(part, broken(part, [_ems(char) for char in part], room)) for part in text.split("\n")]
    return [part[start:end].rstrip() for part, places in parts for start, end in places or [(0, 0)]]


def _filled(text: str, values: dict[str, object]) -> str:
    # Words that were typed may hold braces; they have no values.
    return text.format(**values) if values else text


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WFA"


def _ems(char: str) -> float:
    if _is_wide(char):
        return 1.0
    if char in "MWmw@%":
        return 0.95
    return 0.6 if char.isalnum() else 0.42
