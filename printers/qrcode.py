"""QR codes (ISO/IEC 18004) as dark and light modules, by reportlab's encoder."""

from __future__ import annotations

import functools
from typing import Any, Final

QUIET: Final = 4
"""Modules that stay empty at either side (ISO/IEC 18004, 9.1)."""

MOST: Final = 500
"""Bytes of UTF-8 that a code may carry: more would be too fine for a receipt printer's dots."""


def require(text: str) -> None:
    """Raise ValueError where `text` is empty, or longer than a code may be."""
    if not 0 < len(text.encode()) <= MOST:
        raise ValueError(f"a QR code carries 1 to {MOST} bytes, not {text[:20]!r} of {len(text.encode())}")


@functools.lru_cache(maxsize=64)
def modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the rows of `text` as UTF-8, True where dark; correction level M, the quiet zone not counted.

    Raises ValueError where `require` does.
    """
    require(text)
    return drawn(text.encode())


@functools.lru_cache(maxsize=256)
def side(text: str) -> int:
    """Return how many modules `text` takes from edge to edge, the quiet zone not counted; ValueError as `modules`."""
    require(text)
    return 17 + 4 * int(_code(text.encode(), "M").calculate_version())


def drawn(data: bytes, level: str = "M") -> tuple[tuple[bool, ...], ...]:
    """Return the rows of the smallest code that carries `data` at the correction level "L", "M", "Q" or "H"."""
    code = _code(data, level)
    code.make()
    return tuple(tuple(map(bool, row)) for row in code.modules)


def _code(data: bytes, level: str) -> Any:
    from reportlab.graphics.barcode import qrencoder

    code = qrencoder.QRCode(None, getattr(qrencoder.QRErrorCorrectLevel, level))
    code.addData(qrencoder.QR8bitByte(data))
    return code
