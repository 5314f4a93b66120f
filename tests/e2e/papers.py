"""What came out of a receipt printer, read from the bytes that it printed."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: A printer's code of digits may hold the first two of these bytes: 27 and 64.
_START = b"\x1b@\x1c&"
_CODE = re.compile(rb"BEGIN (TK\d{12})")
_COPY = re.compile("补打 (\\d+)".encode("gbk"))
_LOCKERS_PIECE = re.compile(rb"BL\d{12}")
_CUT = b"\x1dV\x01"


@dataclass(frozen=True)
class CameOut:
    """A slip: whose, which copy it says it is (0: it says nothing), and whether it is there to its end."""

    code: str
    copy: int
    whole: bool


def papers_of(printed: bytes) -> list[CameOut]:
    """Return the slips in the order in which they were begun; pieces that do not even say whose they are left out."""
    found = []
    for piece in printed.split(_START):
        if (begun := _CODE.search(piece)) is not None:
            copy = _COPY.search(piece)
            found.append(CameOut(begun[1].decode(), int(copy[1]) if copy else 0, b"END " + begun[1] in piece))
    return found


def tokens_of(printed: bytes) -> list[CameOut]:
    """Return bag check's pairs of slips likewise, each with the code of its locker's piece, which never changes."""
    found = []
    for piece in printed.split(_START):
        if (code := _LOCKERS_PIECE.search(piece)) is not None:
            copy = _COPY.search(piece)
            found.append(CameOut(code[0].decode(), int(copy[1]) if copy else 0, piece.count(_CUT) == 2))
    return found
