"""From the data of GS k to the modules of a barcode."""

from __future__ import annotations

from typing import Final

from printers import code128

_STARTS: Final = {b"{A": 103, b"{B": 104, b"{C": 105}
_CHANGES: Final = {b"{A": 101, b"{B": 100, b"{C": 99}


def modules(kind: int, data: bytes) -> tuple[str, str]:
    """Return the modules ("1" is dark) and the words beneath of a barcode, `kind` as in GS k's second form.

    Raises ValueError for data that the kind cannot carry, and for kinds that are not drawn here.
    """
    if kind == 73:
        symbol, words = _code128(data)
        return code128.pattern(symbol), words
    if kind in (67, 68):
        from barcode.ean import EAN8, EAN13

        wanted, ean = (13, EAN13) if kind == 67 else (8, EAN8)
        if not data.isdigit() or len(data) not in (wanted - 1, wanted):
            raise ValueError(f"not {wanted} digits: {data!r}")
        code = ean(data.decode())
        return code.build()[0], code.get_fullcode()
    raise ValueError(f"an unknown kind {kind}")


def _code128(data: bytes) -> tuple[list[int], str]:
    """Return the symbol characters of data in which {A, {B and {C choose the set, and {{ is a brace."""
    symbol: list[int] = []
    words = chosen = b""
    place = 0
    while place < len(data):
        two, byte = data[place : place + 2], data[place]
        if two in _STARTS:
            symbol.append((_CHANGES if chosen else _STARTS)[two])
            chosen, place = two, place + 2
            continue
        if chosen == b"{C":
            value, said = byte, b"%02d" % byte
        elif byte == ord("{"):
            value, said = (ord("{") - 32 if two == b"{{" and chosen == b"{B" else -1), b"{"
            place += 1
        else:
            value, said = (byte + 64 if chosen == b"{A" and byte < 32 else byte - 32), bytes([byte])
        if not chosen or not 0 <= value <= (99 if chosen == b"{C" else 95):
            raise ValueError(f"Code128 cannot carry {data!r}")
        symbol.append(value)
        words += said
        place += 1
    if len(symbol) < 2:
        raise ValueError("no data")
    return symbol, "".join(char if char.isprintable() else " " for char in words.decode("ascii"))
