"""Code128 of printable ASCII as bars in whole modules (ISO/IEC 15417), by python-barcode.

Sets A and the shifts never occur: control characters have no place in a code that a scanner types.
"""

from __future__ import annotations

import functools
from itertools import groupby
from typing import Final

QUIET: Final = 10
"""Modules that stay empty at either side (ISO/IEC 15417, 4.2)."""


@functools.lru_cache(maxsize=256)
def _pattern(text: str) -> str:
    """Return a "1" for each dark module of `text` and a "0" for each light one.

    Raises ValueError for an empty text and for anything but printable ASCII.
    """
    if not text or any(not " " <= char <= "~" for char in text):
        raise ValueError(f"Code128 carries printable ASCII only, not {text!r}")
    from barcode.codex import Code128

    class Sound(Code128):
        """python-barcode takes leading digits 99 for a change of sets and loses them (its issue 251)."""

        def _try_to_optimize(self, encoded: list[int]) -> list[int]:
            return encoded if self.code[:2].isdigit() else super()._try_to_optimize(encoded)

    (pattern,) = Sound(text).build()
    return pattern


def bars(text: str) -> list[tuple[int, int]]:
    """Return (left edge, width) of each bar of `text` in modules, the quiet zone not counted."""
    edge, found = 0, []
    for module, run in groupby(_pattern(text)):
        width = len(list(run))
        if module == "1":
            found.append((edge, width))
        edge += width
    return found


def modules(text: str) -> int:
    """Return how many modules wide `text` is, the quiet zone not counted."""
    return len(_pattern(text))
