"""Reading back, from what an input method makes of keys, which keys it was given.

A Chinese input method takes letters for pinyin before the program sees any key: a scan then arrives as a composition
that grows by a letter every few milliseconds, and, where full-width characters are on, as one committed after another.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from PySide6.QtGui import QInputMethodEvent

#: Stands for a key that the input method used up: it chose a word, and which key did so is not told.
EATEN: Final = "\0"


class Composition:
    """The composition of the field that has the focus. `shown` is what the input method shows of it."""

    def __init__(self) -> None:
        self.shown = ""

    def read(self, event: QInputMethodEvent) -> str:
        """Return the character of the key behind `event`, EATEN where it is not told, "" where no key is behind it."""
        before, committed = _letters(self.shown), event.commitString()
        self.shown = event.preeditString()
        now = _letters(self.shown)
        if committed:
            return _committed(unicodedata.normalize("NFKC", committed), before) if not now else EATEN
        if now[:-1] == before:
            return now[-1:]
        return "" if now in {before, ""} else EATEN


def _letters(shown: str) -> str:
    """Leave out what input methods put between syllables, and the hanzi that were chosen already."""
    return "".join(char for char in unicodedata.normalize("NFKC", shown) if char.isascii() and char.isalnum())


def _committed(text: str, before: str) -> str:
    if before and text.lower() == before.lower():
        return "\r"  # Enter takes the letters as they are
    rest = text[len(before) :]
    return rest if text.startswith(before) and len(rest) == 1 and rest.isascii() else EATEN
