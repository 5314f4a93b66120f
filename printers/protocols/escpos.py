"""ESC/POS, the language of receipt printers: as few bytes as possible, for many of them hang on slow serial lines.

Text is told in the printer's own characters where its profile knows them. A line with anything that these lack goes
out as dots, in the same cells, so that the paper says what the document says. Commands are those of Epson's "ESC/POS
Application Programming Guide" that the Chinese makers' manuals have as well.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from printers import code128, layout, qrcode
from printers.charsets import Charset, charset, plain
from printers.document import Align, Cell, Code, Cut, Divider, Document, Drawer, Qr, Row, Slip
from printers.errors import N_, PrinterTrouble
from printers.profile import Profile

if TYPE_CHECKING:
    from PIL.Image import Image

ESC: Final = b"\x1b"
FS: Final = b"\x1c"
GS: Final = b"\x1d"

SPACING: Final = 30
"""Dots from line to line that printers have after ESC @ (ESC 2: 1/6 inch at 180 dpi, 3.75 mm at 203)."""

_BROADEST: Final = 3  # dots a module: what a hand scanner reads at ease
_FINEST: Final = 2  # the thinnest module of GS w
_SHORT: Final = 12  # columns of what is not broken: six hanzi, a label
_ALIGNMENTS: Final[dict[Align, int]] = {"left": 0, "center": 1, "right": 2}
_CUTS: Final = {"none": b"", "partial": GS + b"V\x01", "full": GS + b"V\x00"}
_KICK: Final = ESC + b"p\x00\x19\xfa"  # the first drawer: 50 ms on, 500 ms off
_AIR: Final = ESC + b"J\x08"  # between words and the bars below them
_RESET: Final = ESC + b"@"
_CHINESE: Final = _RESET + FS + b"&"
# UTF-8 is switched on as Sunmi's printers want it.
_STARTS: Final = {"none": _RESET, "utf8": _CHINESE + FS + b"C\xff"}

_Line = Sequence[tuple[float, str]]
"""Stretches of text, and the column at which each begins."""


def encode(document: Document, profile: Profile) -> bytes:
    """Return the slip `document` as a printer's bytes.

    Raises PrinterTrouble for pages, which need sheets, and for a code that no module makes fit on the paper.
    """
    if not isinstance(document, Slip):
        page = document.pages[0]
        raise PrinterTrouble(
            N_("This paper is {width} × {height} mm, and {printer} holds another. Choose a printer with this paper."),
            width=round(page.width),
            height=round(page.height),
            printer=profile.name,
        )
    paper = _Paper(profile)
    for line in (*document.lines, Cut()):
        match line:
            case Row():
                paper.row(line)
            case Divider():
                paper.divider()
            case Code():
                paper.code(line)
            case Qr():
                paper.qr(line)
            case Drawer():
                paper.drawer()
            case Cut():
                paper.cut()
    return bytes(paper.told)


class _Paper:
    """The bytes told so far, and how the printer stands after them, so that nothing is told twice."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.charset: Charset = charset(profile.charset)
        self.dots = profile.dots
        self.half = profile.cell // 2
        self.told = bytearray(_STARTS.get(profile.charset, _CHINESE))
        self.used = False
        self.align: Align = "left"
        self.bold = False
        self.scale = 1
        self.hanzi_scaled = False
        self.bars = (0, 0)

    def row(self, row: Row) -> None:
        """Tell cells beside each other; those too narrow for one hanzi go below each other."""
        scale = max(1, min(row.scale, 8, self.dots // self.profile.cell))
        columns = self.dots // (self.half * scale)
        rooms = self._rooms(row.cells, columns) if len(row.cells) > 1 else None
        if rooms is None:
            for cell in row.cells or (Cell(""),):
                self._cell(cell, columns, scale, row.bold)
            return
        parts = [
            [(start + _indent(cell.align, room, width), text) for text, width in self._lines(cell.text, room)]
            for cell, (start, room) in zip(row.cells, rooms, strict=True)
        ]
        for place in range(max(map(len, parts))):
            self._line([part[place] for part in parts if place < len(part)], scale, row.bold)

    def _rooms(self, cells: Sequence[Cell], columns: int) -> layout.Rooms | None:
        """Return first column and width of each cell; None where they do not fit beside each other."""
        weights = tuple(cell.weight for cell in cells)
        rooms = layout.rooms(weights, (2,) * len(cells), columns)
        if rooms is None or all(
            (told := self.charset.told(cell.text)) is not None and told[1] <= room
            for cell, (_, room) in zip(cells, rooms, strict=True)
        ):
            return rooms
        return layout.rooms(weights, tuple(self._need(plain(cell.text)) for cell in cells), columns)

    def _need(self, text: str) -> int:
        """Return the columns below which words would be torn: an amount in two parts is read wrongly."""
        widths = [self.charset.columns(char) for char in text]
        whole = sum(widths)
        return max(2, whole if whole <= _SHORT else int(layout.widest_word(text, widths)))

    def _cell(self, cell: Cell, columns: int, scale: int, bold: bool) -> None:
        for text, width in self._lines(cell.text, columns):
            told = self.charset.told(text)
            if told is None:
                # A printer puts a line into the middle by dots, not by columns.
                free = columns - width
                self._dots(
                    [(free / 2 if cell.align == "center" else free * (cell.align == "right"), text)], scale, bold
                )
            else:
                self._text(told[0], scale, bold, cell.align if text else self.align)

    def _lines(self, text: str, room: int) -> list[tuple[str, int]]:
        """Return `text` in lines of at most `room` columns, and how many each takes."""
        text = text.rstrip(" ")
        told = self.charset.told(text)
        if told is not None and told[1] <= room:
            return [(text, told[1])]
        text = plain(text)
        widths = [self.charset.columns(char) for char in text]
        return [
            (kept := text[start:end].rstrip(), sum(widths[start : start + len(kept)]))
            for start, end in layout.broken(text, widths, room)
        ] or [("", 0)]

    def _line(self, line: list[tuple[int, str]], scale: int, bold: bool) -> None:
        """Tell stretches of text that stand on one line."""
        told = bytearray()
        filled = 0
        for column, text in line:
            part = self.charset.told(text)
            if part is None:
                self._dots(line, scale, bold)
                return
            if text:
                told += b" " * (column - filled) + part[0]
                filled = column + part[1]
        self._text(bytes(told), scale, bold, "left" if told else self.align)

    def _text(self, told: bytes, scale: int, bold: bool, align: Align) -> None:
        """Tell a line in the printer's characters."""
        self._set_align(align)
        if bold != self.bold:
            self.told += ESC + b"E" + bytes([bold])
            self.bold = bold
        hanzi_scaled = self.hanzi_scaled if scale > 1 and told.isascii() else scale > 1
        if self.profile.charset != "none" and hanzi_scaled != self.hanzi_scaled:
            # Where GS ! is for letters only, FS ! doubles hanzi; where it is for both, the last one counts.
            self.told += FS + b"!" + (b"\x0c" if hanzi_scaled else b"\x00")
            self.hanzi_scaled = hanzi_scaled
            self.scale = 0
        if scale != self.scale:
            self.told += GS + b"!" + bytes([(scale - 1) * 0x11])
            self.scale = scale
        self.told += told + b"\n"
        self.used = True

    def _set_align(self, align: Align) -> None:
        if align != self.align:
            self.told += ESC + b"a" + bytes([_ALIGNMENTS[align]])
            self.align = align

    def _dots(self, line: _Line, scale: int, bold: bool) -> None:
        """Tell a line as dots, in the cells that the printer's characters would have."""
        from printers import cells

        placed: list[cells.Placed] = []
        for start, text in line:
            widths = [self.charset.columns(char) for char in text]
            starts = accumulate(widths, initial=start)
            placed += map(cells.Placed, starts, text, widths)
        height = self.profile.cell * scale
        self._raster(cells.line(placed, self.dots, height, bold))
        if height < SPACING:
            self.told += ESC + b"J" + bytes([SPACING - height])

    def _raster(self, image: Image) -> None:
        """Tell a picture of mode "1" from the left edge on, as far to the right as there is ink."""
        box = image.getbbox()
        width = -(-box[2] // 8) if box else 1
        self._set_align("left")
        size = width.to_bytes(2, "little") + image.height.to_bytes(2, "little")
        self.told += GS + b"v0\x00" + size + image.crop((0, 0, width * 8, image.height)).tobytes()
        self.used = True

    def divider(self) -> None:
        """Tell a line from edge to edge."""
        columns = self.dots // self.half
        told = self.charset.told("─" * (columns // 2))
        self._text(told[0] if told else b"-" * columns, 1, False, self.align)

    def code(self, code: Code) -> None:
        """Tell a Code128 symbol in modules as broad as fit, its text beneath."""
        modules = code128.modules(code.text)
        module = self._module(modules + 2 * code128.QUIET, _BROADEST, code.text)
        height = max(1, min(round(code.height * self.profile.dots_per_mm), 255))
        self.told += _AIR
        symbol = _symbol(code.text)
        if self.profile.barcode and module >= _FINEST and not any(each in symbol for each in _OBEYED_AT_ONCE):
            self._set_align("center")
            if self.bars != (height, module):
                self.told += GS + b"h" + bytes([height]) + GS + b"w" + bytes([module])
                self.bars = (height, module)
            self.told += GS + b"kI" + bytes([len(symbol)]) + symbol
        else:
            self._raster(_bars(code.text, self.dots, module, height))
        self._cell(Cell(code.text, align="center"), self.dots // self.half, 1, False)

    def qr(self, qr: Qr) -> None:
        """Tell a QR code in modules as broad as fit."""
        side = qrcode.side(qr.text) + 2 * qrcode.QUIET
        wished = int(qr.size * self.profile.dots_per_mm) // side
        module = self._module(side, max(_FINEST, min(wished, 16)), qr.text)
        quiet = b"\n" * math.ceil(qrcode.QUIET * module / SPACING)
        self.told += quiet
        if self.profile.qr:
            self._set_align("center")
            data = qr.text.encode()
            self.told += b"".join(
                GS + b"(k" + (len(each) + 1).to_bytes(2, "little") + b"1" + each
                # Model 2, the module, level M, the data, print.
                for each in (b"A2\x00", b"C" + bytes([module]), b"E1", b"P0" + data, b"Q0")
            )
        else:
            self._raster(_qr(qr.text, self.dots, module))
        self.told += quiet
        self.used = True

    def _module(self, modules: int, wished: int, text: str) -> int:
        """Return how many dots a module may have, at most `wished`, so that `modules` fit on the paper."""
        module = min(wished, self.dots // modules)
        if module < 1:
            raise PrinterTrouble(
                N_("The code {code} is too long for the paper of {printer}. Choose a printer with wider paper."),
                code=text if len(text) < 60 else text[:60] + "…",
                printer=self.profile.name,
            )
        return module

    def drawer(self) -> None:
        """Open the drawer, where there is one."""
        if self.profile.drawer:
            self.told += _KICK

    def cut(self) -> None:
        """Bring what is printed past the knife, or the edge where it is torn off, and cut. No blank paper is cut."""
        if not self.used:
            return
        lines = math.ceil(self.profile.feed * self.profile.dots_per_mm / SPACING)
        self.told += (ESC + b"d" + bytes([lines]) if lines else b"") + _CUTS[self.profile.cutter]
        self.used = False


#: DLE EOT, DLE ENQ and DLE DC4 are obeyed wherever they stand, in the digits of a bar code too (Epson ESC/POS
#: reference, "Real-time commands"). Bars as dots hold none: no bar is one dot wide.
_OBEYED_AT_ONCE: Final = (b"\x10\x04", b"\x10\x05", b"\x10\x14")


def _indent(align: Align, room: int, width: int) -> int:
    return {"left": 0, "center": (room - width) // 2, "right": room - width}[align]


@functools.lru_cache(maxsize=256)
def _symbol(text: str) -> bytes:
    """Return `text` as GS k takes Code128: its sets named, so that the symbol is as long as was reckoned with."""
    told = b""
    in_c = False
    for value in code128.characters(text):
        if value in (code128.START_B, code128.START_C) or value == (code128.TO_B if in_c else code128.TO_C):
            in_c = value in (code128.START_C, code128.TO_C)
            told += b"{C" if in_c else b"{B"
        elif in_c:
            told += bytes([value])
        else:
            told += b"{{" if value == ord("{") - 32 else bytes([value + 32])
    return told


def _bars(text: str, dots: int, module: int, height: int) -> Image:
    from PIL import Image

    left = (dots - code128.modules(text) * module) // 2
    drawn = Image.new("1", (dots, height))
    for start, width in code128.bars(text):
        drawn.paste(1, (left + start * module, 0, left + (start + width) * module, height))
    return drawn


def _qr(text: str, dots: int, module: int) -> Image:
    from PIL import Image

    rows = qrcode.modules(text)
    left = (dots - len(rows) * module) // 2
    drawn = Image.new("1", (dots, len(rows) * module))
    for down, row in enumerate(rows):
        for start, width in code128.dark(row):
            corner = (left + start * module, down * module)
            drawn.paste(1, (*corner, corner[0] + width * module, corner[1] + module))
    return drawn
