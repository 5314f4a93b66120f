"""A label printer that takes TSPL to the letter (TSC's "TSPL/TSPL2 Programming Manual").

It knows what this project says, each command in its full form, and refuses the rest: what it does not know, what comes
in another order, what would stand beside the label, and immediate commands wherever they hide.
"""

from __future__ import annotations

import re
from typing import Final

from PIL import Image

from printers import cells, code128, qrcode
from printers.charsets import charset
from printers.emulators import BadBytes
from printers.emulators.label import Label
from printers.emulators.reader import Command, LabelReader
from printers.profile import Profile


def papers(data: bytes, profile: Profile) -> tuple[Image.Image, ...]:
    """Return each label that `data` prints, black on white, of mode "L". Raises BadBytes."""
    now = data.find(b"\x1b!")
    if now >= 0:
        raise BadBytes(now, "an immediate command")
    printer = _Printer(data, profile)
    printer.read_all(_COMMANDS)
    printer.require_printed()
    return tuple(printer.labels)


class _Printer(LabelReader):
    outside = "drawn before CLS"

    def __init__(self, data: bytes, profile: Profile) -> None:
        super().__init__(data, profile)
        self._sized = False

    def require_printed(self) -> None:
        """Raise BadBytes where something is drawn and not printed."""
        if self._label is not None and self._label.touched:
            raise self._bad("what was drawn is not printed")

    def size(self, width: bytes, height: bytes) -> None:
        if (float(width), float(height)) != (self._profile.width, self._profile.height):
            raise self._bad("the size of another label")
        self._sized = True

    def gap(self, gap: bytes) -> None:
        if float(gap) != self._profile.gap:
            raise self._bad("the gap of another label")

    def cls(self) -> None:
        if not self._sized:
            raise self._bad("CLS before SIZE")
        self.require_printed()
        self._label = Label(self._profile, self._bad)

    def text(self, x: bytes, y: bytes, cell: bytes, wide: bytes, high: bytes, told: bytes) -> None:
        name = self._profile.charset
        try:
            text = told.decode({"utf8": "utf-8", "none": "ascii"}.get(name, name))
        except UnicodeDecodeError as reason:
            raise self._bad(f"not in {name}: {reason}") from reason
        if not text.isprintable() or int(cell) != self._profile.cell:
            raise self._bad("not in a type of this printer's own")
        left, height = int(x), int(cell)
        for char in text:
            columns = charset(name).columns(char)
            glyph = cells.glyph(char, height, columns)
            glyph = glyph.resize((glyph.width * int(wide), glyph.height * int(high)), Image.Resampling.NEAREST)
            self._drawn_on().stamp(left, int(y), glyph)
            left += height * columns // 2 * int(wide)

    def bar(self, x: bytes, y: bytes, width: bytes, height: bytes) -> None:
        self._drawn_on().bar(int(x), int(y), int(width), int(height))

    def barcode(self, x: bytes, y: bytes, height: bytes, narrow: bytes, wide: bytes, told: bytes) -> None:
        if narrow != wide:
            raise self._bad("Code128 has bars of one to four modules, not wide and narrow ones")
        self._drawn_on().code128(int(x), int(y), self._symbol(told.decode("ascii")), int(narrow), int(height))

    def qrcode(self, x: bytes, y: bytes, level: bytes, module: bytes, told: bytes) -> None:
        self._drawn_on().qr(int(x), int(y), qrcode.drawn(told, level.decode("ascii")), int(module))

    def bitmap(self, x: bytes, y: bytes, columns: bytes, height: bytes) -> None:
        size = int(columns) * int(height)
        packed = self._data[self.at : self.at + size]
        if not size or self._data[self.at + size : self.at + size + 2] != b"\r\n":
            raise self._bad("a picture that ends too early or too late")
        self.at += size + 2
        ink = Image.frombytes("1", (int(columns) * 8, int(height)), bytes(255 - each for each in packed))
        self._drawn_on().cover(int(x), int(y), ink)

    def print(self, copies: bytes) -> None:
        self.labels += [self._drawn_on().printed()] * int(copies)

    def _symbol(self, told: str) -> list[int]:
        """Return the symbol characters of "128M": "!" and three digits are one, the rest is in the set last chosen."""
        parts = re.findall(r"!(\d{3})([^!]*)", told)
        if "".join(f"!{begun}{said}" for begun, said in parts) != told:
            raise self._bad("a Code128 symbol that does not begin with its set")
        symbol: list[int] = []
        for begun, said in parts:
            symbol.append(int(begun))
            if int(begun) in (code128.START_B, code128.TO_B):
                symbol += [ord(char) - 32 for char in said]
            elif int(begun) in (code128.START_C, code128.TO_C) and re.fullmatch(r"(\d\d)+", said):
                symbol += [int(said[place : place + 2]) for place in range(0, len(said), 2)]
            else:
                raise self._bad(f"not in a set of Code128: {said!r} after {begun}")
        if symbol[0] not in (code128.START_B, code128.START_C):
            raise self._bad("a Code128 symbol that begins with a change")
        return symbol


def _nothing(_printer: _Printer) -> None:
    """An empty line; whichever edge comes out first; the origin where it is."""


def _command(pattern: str) -> re.Pattern[bytes]:
    """Return `pattern` as a whole line: "#" is a number, "@" millimetres, "%" a code in ASCII without its marks."""
    for mark, meant in (
        ("#", r"(\d{1,5})"),
        ("@", r"(\d{1,4}(?:\.\d{1,3})?) mm"),
        ("%", r"([\x20\x21\x23-\x5b\x5d-\x7e]+)"),
    ):
        pattern = pattern.replace(mark, meant)
    return re.compile(pattern.encode("ascii") + rb"\r\n")


_COMMANDS: Final[list[Command]] = [
    (_command(""), _nothing),
    (_command("SIZE @,@"), _Printer.size),
    (_command("GAP @,0 mm"), _Printer.gap),
    (_command("DIRECTION [01]"), _nothing),
    (_command("REFERENCE 0,0"), _nothing),
    (_command("CLS"), _Printer.cls),
    (_command(r'TEXT #,#,"TSS#\.BF2",0,([1-9]|10),([1-9]|10),"([^"\\\r\n]*)"'), _Printer.text),
    (_command("BAR #,#,#,#"), _Printer.bar),
    (_command(r'BARCODE #,#,"128M",#,0,0,([1-9]|10),([1-9]|10),"%"'), _Printer.barcode),
    (_command(r'QRCODE #,#,([LMQH]),([1-9]|10),A,0,M2,S7,"%"'), _Printer.qrcode),
    # Dots follow, and only then the line's end.
    (re.compile(rb"BITMAP (\d{1,5}),(\d{1,5}),(\d{1,3}),(\d{1,4}),0,"), _Printer.bitmap),
    (_command(r"PRINT 1,([1-9]\d{0,2})"), _Printer.print),
]
