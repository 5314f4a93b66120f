"""A label printer that takes ZPL II to the letter (Zebra's "ZPL II Programming Guide").

It knows what this project says, and refuses the rest: other commands, fields left open, pictures whose check does not
fit, and what would stand beside the label.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Callable
from typing import Final

from PIL import Image

from printers import cells, qrcode
from printers.emulators.label import Label
from printers.emulators.reader import Command, LabelReader
from printers.profile import Profile

_HIGH, _WIDE = 18, 10  # font D; two empty dots follow each character
_SETS: Final = {">:": 104, ">;": 105, ">5": 99, ">6": 100}
_IN_B: Final = {">0": 30, "><": 62, ">=": 94}


def papers(data: bytes, profile: Profile) -> tuple[Image.Image, ...]:
    """Return each label that `data` prints, black on white, of mode "L". Raises BadBytes."""
    printer = _Printer(data, profile)
    printer.read_all(_COMMANDS)
    printer.require_closed()
    return tuple(printer.labels)


class _Printer(LabelReader):
    outside = "outside of ^XA and ^XZ"

    def __init__(self, data: bytes, profile: Profile) -> None:
        super().__init__(data, profile)
        self._place: tuple[int, int] | None = None
        self._module, self._height = 2, 10
        self._draw: Callable[[str], None] | None = None
        self._hex = False
        self._drawn = False

    def require_closed(self) -> None:
        """Raise BadBytes where a format is not at its end."""
        if self._label is not None:
            raise self._bad("a format without ^XZ")

    def begin(self) -> None:
        self.require_closed()
        self._label = Label(self._profile, self._bad)
        self._module, self._height = 2, 10

    def end(self) -> None:
        if self._place is not None:
            raise self._bad("a field without ^FS")
        self.labels.append(self._drawn_on().printed())
        self._label = None

    def width(self, dots: str) -> None:
        self._require_size(int(dots), self._profile.width)

    def length(self, dots: str) -> None:
        self._require_size(int(dots), self._profile.height)

    def at_place(self, x: str, y: str) -> None:
        if self._place is not None:
            raise self._bad("a field within a field")
        self._drawn_on()
        self._place = int(x), int(y)
        self._draw, self._hex, self._drawn = None, False, False

    def font_d(self, high: str, wide: str) -> None:
        scale = int(high) // _HIGH
        if not 1 <= scale <= 10 or (int(high), int(wide)) != (_HIGH * scale, _WIDE * scale):
            raise self._bad("font D in no multiple of its size")
        self._begin_field(lambda text: self._words(text, scale))

    def module(self, module: str, height: str) -> None:
        self._module, self._height = int(module), int(height)

    def code128(self, height: str) -> None:
        self._begin_field(lambda text: self._bars(text, int(height)))

    def qr(self, module: str) -> None:
        self._begin_field(lambda text: self._qr(text, int(module)))

    def by_number(self) -> None:
        self._field()
        self._hex = True

    def field(self, told: str) -> None:
        self._field()
        if self._draw is None or self._drawn:
            raise self._bad("data of no field")
        if self._hex:
            if re.search("_(?![0-9A-F]{2})", told):
                raise self._bad("a broken character number")
            told = re.sub("_([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), told)
        if any(not " " <= char <= "~" for char in told):
            raise self._bad("a character that is not printable")
        self._drawn = True
        self._draw(told)

    def field_end(self) -> None:
        self._field()
        if not self._drawn:
            raise self._bad("a field without data")
        self._place = None

    def box(self, width: str, height: str, weight: str) -> None:
        x, y = self._field()
        if int(weight) < min(int(width), int(height)):
            raise self._bad("a frame, where only bars are drawn")
        self._drawn_on().bar(x, y, int(width), int(height))
        self._drawn = True

    def picture(self, sent: str, total: str, columns: str, packed: str, check: str) -> None:
        x, y = self._field()
        if binascii.crc_hqx(packed.encode("ascii"), 0) != int(check, 16):
            raise self._bad("a picture with a wrong check")
        try:
            ink = zlib.decompress(base64.b64decode(packed, validate=True))
        except (ValueError, zlib.error) as reason:
            raise self._bad(f"a picture that cannot be unpacked: {reason}") from reason
        if not len(ink) == int(sent) == int(total) or not ink or len(ink) % int(columns):
            raise self._bad("a picture of another size")
        self._drawn_on().stamp(x, y, Image.frombytes("1", (int(columns) * 8, len(ink) // int(columns)), ink))
        self._drawn = True

    def _words(self, text: str, scale: int) -> None:
        x, y = self._field()
        for char in text:
            glyph = cells.glyph(char, 2 * _WIDE, 1).crop((0, 2 * _WIDE - _HIGH, _WIDE, 2 * _WIDE))
            glyph = glyph.resize((_WIDE * scale, _HIGH * scale), Image.Resampling.NEAREST)
            self._drawn_on().stamp(x, y, glyph)
            x += (_WIDE + 2) * scale

    def _bars(self, told: str, height: int) -> None:
        symbol: list[int] = []
        set_ = 0
        while told:
            head = told[:2]
            if head in _SETS and (head in (">:", ">;")) is not bool(symbol):
                set_ = _SETS[head]
                symbol.append(set_)
            elif set_ in (104, 100) and head in _IN_B:
                symbol.append(_IN_B[head])
            elif set_ in (104, 100) and head[0] not in ">^~":
                symbol.append(ord(head[0]) - 32)
                told = told[1:]
                continue
            elif set_ in (105, 99) and head.isdigit() and len(head) == 2:
                symbol.append(int(head))
            else:
                raise self._bad(f"not in a set of Code128: {told!r}")
            told = told[2:]
        x, y = self._field()
        self._drawn_on().code128(x, y, symbol, self._module, height)

    def _qr(self, told: str, module: int) -> None:
        x, y = self._field()
        if not told.startswith(("LA,", "MA,", "QA,", "HA,")):
            raise self._bad("a QR code without its level")
        self._drawn_on().qr(x, y + self._height - 1, qrcode.drawn(told[3:].encode("ascii"), told[0]), module)

    def _begin_field(self, draw: Callable[[str], None]) -> None:
        self._field()
        if self._draw is not None:
            raise self._bad("a field of two kinds")
        self._draw = draw

    def _field(self) -> tuple[int, int]:
        if self._place is None:
            raise self._bad("a field without a place")
        return self._place

    def _require_size(self, dots: int, length: float) -> None:
        self._drawn_on()
        if dots != round(length * self._profile.dots_per_mm):
            raise self._bad("the size of another label")

    def _argument(self, told: bytes) -> str:
        return told.decode("ascii")


def _nothing(printer: _Printer) -> None:
    """What changes nothing on paper: UTF-8, the origin where it is."""


def _command(pattern: str) -> re.Pattern[bytes]:
    """Return `pattern` with "#" for a number."""
    return re.compile(pattern.replace("#", r"(\d{1,5})").encode("ascii"))


_COMMANDS: Final[list[Command]] = [
    (_command(r"\^XA"), _Printer.begin),
    (_command(r"\^XZ\n"), _Printer.end),
    (_command(r"\^CI28|\^LH0,0"), _nothing),
    (_command(r"\^PW#"), _Printer.width),
    (_command(r"\^LL#"), _Printer.length),
    (_command(r"\^FO#,#"), _Printer.at_place),
    (_command(r"\^ADN,#,#"), _Printer.font_d),
    (_command(r"\^BY([1-9]|10),3,#"), _Printer.module),
    (_command(r"\^BCN,#,N,N,N,N"), _Printer.code128),
    (_command(r"\^BQN,2,([1-9]|10)"), _Printer.qr),
    (_command(r"\^FH_"), _Printer.by_number),
    (_command(r"\^FD([ -\]_-}]*)"), _Printer.field),
    (_command(r"\^FS"), _Printer.field_end),
    (_command(r"\^GB#,#,#"), _Printer.box),
    (_command(r"\^GFA,#,#,#,:Z64:([A-Za-z0-9+/=]+):([0-9A-F]{4})"), _Printer.picture),
]
