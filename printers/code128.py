"""Code128 of printable ASCII as bars in whole modules (ISO/IEC 15417), by python-barcode.

Sets A and the shifts never occur: control characters have no place in a code that a scanner types.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

QUIET: Final = 10
"""Modules that stay empty at either side (ISO/IEC 15417, 4.2)."""

TO_C: Final = 99
"""The symbol character that changes from set B to C."""

TO_B: Final = 100
"""The symbol character that changes from set C to B."""

START_B: Final = 104
START_C: Final = 105


@functools.lru_cache(maxsize=256)
def characters(text: str) -> tuple[int, ...]:
    """Return the symbol characters of `text` from the start on, without check character and stop.

    Raises ValueError for an empty text and for anything but printable ASCII.
    """
    if not text or any(not " " <= char <= "~" for char in text):
        raise ValueError(f"Code128 carries printable ASCII only, not {text!r}")
    from barcode.codex import Code128

    class Sound(Code128):
        """python-barcode takes leading digits 99 for a change of sets and loses them (its issue 251)."""

        def _try_to_optimize(self, encoded: list[int]) -> list[int]:
            return encoded if self.code[:2].isdigit() else super()._try_to_optimize(encoded)

    return tuple(Sound(text).encoded)


def pattern(symbol: Sequence[int]) -> str:
    """Return a "1" for each dark module of the characters `symbol` and a "0" for each light one.

    Check character and stop are added, the quiet zone is not. Raises IndexError for what is no symbol character.
    """
    from barcode.charsets import code128

    check = (symbol[0] + sum(place * value for place, value in enumerate(symbol))) % 103
    return "".join(code128.CODES[value] for value in (*symbol, check)) + code128.STOP + "11"


def bars(text: str) -> list[tuple[int, int]]:
    """Return (left edge, width) of each bar of `text` in modules, the quiet zone not counted."""
    return dark(module == "1" for module in pattern(characters(text)))


def dark(modules: Iterable[bool]) -> list[tuple[int, int]]:
    """Return (left edge, width) of each run of dark `modules`."""
    edge, found = 0, []
    for module, run in groupby(modules):
        width = len(list(run))
        if module:
            found.append((edge, width))
        edge += width
    return found


def modules(text: str) -> int:
    """Return how many modules wide `text` is, the quiet zone not counted: eleven a character, and thirteen to stop."""
    return 11 * (len(characters(text)) + 1) + 13
