"""TSPL, the language of TSC, Gprinter and most Chinese label printers (TSC's "TSPL/TSPL2 Programming Manual").

Words that hold what the language might take for its own (quotes, backslashes, tildes) go out as pictures, for its
escapes differ from firmware to firmware: nothing that a customer wrote can end its string.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PIL import Image

from printers import code128
from printers.charsets import charset
from printers.document import Document
from printers.flow import sheets
from printers.profile import Profile
from printers.protocols.label import Bar, Mark, Matrix, Picture, Symbol, Words, marks, stretches

_NEVER: Final = frozenset(b'"\\~')
_NOW: Final = b"\x1b!"
"""Begins the commands that are obeyed at once, in the midst of anything ("Immediate commands": ESC!R resets)."""


def encode(document: Document, profile: Profile) -> bytes:
    """Return `document` in TSPL, one label a page or piece. Raises PrinterTrouble where it does not fit."""
    own = charset(profile.charset)

    def tell(text: str) -> tuple[bytes, int] | None:
        told = own.told(text)
        return None if told is None or _NEVER.intersection(told[0]) else told

    # The first line end closes what a job that broke off may have left open.
    start = (
        f"\r\nSIZE {profile.width:g} mm,{profile.height:g} mm\r\nGAP {profile.gap:g} mm,0 mm\r\n"
        "DIRECTION 1\r\nREFERENCE 0,0\r\n"
    )
    parts = [start.encode()]
    for page in sheets(document, profile):
        parts.append(b"CLS\r\n")
        for mark in marks(page, profile, tell):
            parts += _said(mark, profile)
        parts.append(b"PRINT 1,1\r\n")
    return b"".join(parts)


def _said(mark: Mark, profile: Profile) -> Iterator[bytes]:
    match mark:
        case Words(x, y, told, scale):
            yield b'TEXT %d,%d,"TSS%d.BF2",0,%d,%d,"%s"\r\n' % (x, y, profile.cell, scale, scale, told)
        case Bar(x, y, width, height):
            yield b"BAR %d,%d,%d,%d\r\n" % (x, y, width, height)
        case Symbol(x, y, text, module, height):
            yield from _code128(x, y, text, module, height)
        case Matrix(x, y, text, module):
            # M2: without it, it would be the QR code of 1994, which hardly anything reads.
            yield b'QRCODE %d,%d,M,%d,A,0,M2,S7,"%s"\r\n' % (x, y, module, text.encode("ascii"))
        case Picture(x, y, ink):
            yield from bitmaps(x, y, ink)


def _code128(x: int, y: int, text: str, module: int, height: int) -> Iterator[bytes]:
    """Yield the symbol with its changes of set told ("128M"), since what "128" makes of a text is the firmware's own.

    In "128M", "!" and three digits are a symbol character; a text with "!" is drawn bar by bar.
    """
    if "!" in text or _NEVER.intersection(text.encode("ascii")):
        for start, width in code128.bars(text):
            yield b"BAR %d,%d,%d,%d\r\n" % (x + start * module, y, width * module, height)
        return
    content = "".join(f"!{begun:03}{said}" for begun, said in stretches(text))
    yield f'BARCODE {x},{y},"128M",{height},0,0,{module},{module},"{content}"\r\n'.encode()


def bitmaps(x: int, y: int, ink: Image.Image) -> Iterator[bytes]:
    """Yield `ink` in as many parts as it takes for none of them to hold an immediate command by chance."""
    columns = ink.width // 8
    # Here ink is 0.
    data = bytes(255 - each for each in ink.tobytes())
    at = data.find(_NOW)
    if at < 0:
        yield b"BITMAP %d,%d,%d,%d,0,%s\r\n" % (x, y, columns, ink.height, data)
        return
    column, row = (at + 1) % columns, (at + 1) // columns
    if column:
        parts = ((0, 0, column * 8, ink.height), (column * 8, 0, ink.width, ink.height))
    else:
        parts = ((0, 0, ink.width, row), (0, row, ink.width, ink.height))
    for part in parts:
        yield from bitmaps(x + part[0], y + part[1], ink.crop(part))
