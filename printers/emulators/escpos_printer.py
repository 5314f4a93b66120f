"""What each command of ESC/POS does, by Epson's "ESC/POS Command Reference"; the arguments' names are the ones there.

What its profile says the printer has not (a knife, a drawer, bars, hanzi) is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NoReturn

from PIL import Image

from printers import code128, qrcode
from printers.charsets import Name
from printers.emulators import BadBytes
from printers.emulators import escpos_bars as bars
from printers.emulators.escpos_roll import SPACING, Roll, Style
from printers.profile import Profile

_PAGES: Final = {0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 16: "cp1252", 17: "cp866", 18: "cp852"}
_KATAKANA: Final = 1
_FRAMES: Final = "▁▂▃▄▅▆▇█▏▎▍▌▋▊▉┼┴┬┤├▔─│▕┌┐└┘╭╮╰╯"
"""0x80 to 0x9f of code page 1 (katakana), with which other programs draw frames."""

_LEVELS: Final = "LMQH"
_TAB: Final = 8


class Printer:
    """How the printer stands, and what each command does to it; `roll` is its paper, `kicks` those of the drawer."""

    def __init__(self, data: bytes, profile: Profile) -> None:
        self.data = data
        self.profile = profile
        self.roll = Roll(profile)
        self.at = 0
        self.began = 0
        self.kicks = 0
        self.stored: Image.Image | None = None
        self.reset()

    def reset(self) -> None:
        """Stand as after ESC @."""
        self.style = Style()
        self.hanzi = False
        self.charset: Name = "gb18030" if self.profile.charset == "utf8" else self.profile.charset
        self.page = 0
        self.bar_height, self.bar_module, self.bar_text = 162, 3, 0
        self.qr_module, self.qr_level, self.qr_data = 3, "L", b""
        self.roll.spacing, self.roll.align, self.roll.left, self.roll.width = SPACING, 0, 0, self.profile.dots

    def bad(self, what: str) -> NoReturn:
        """Refuse the character or command that is being read."""
        raise BadBytes(self.began, what)

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        taken = self.data[self.at : self.at + count]
        if len(taken) < count:
            self.bad("a command that ends too early")
        self.at += count
        return taken

    def end(self) -> None:
        """Take the paper out."""
        if not self.roll.fresh:
            self.bad("a line that does not end")
        self.roll.end()

    def character(self, byte: int) -> None:
        """Take the next character, which begins with `byte` and is not a command's first."""
        if byte >= 0x80 and self.hanzi:
            self.roll.put(self.take_hanzi(), 2, self.style)
            return
        self.at += 1
        if byte == 0x0A:
            self.roll.feed_line()
        elif byte == 0x09:
            width = self.profile.cell // 2 * self.style.letters[0]
            self.roll.x = (self.roll.x // (width * _TAB) + 1) * width * _TAB
        elif 0x20 <= byte <= 0x7E:
            self.roll.put(chr(byte), 1, self.style)
        elif byte >= 0x80:
            self.roll.put(self.paged(byte), 1, self.style)
        elif byte != 0x0D:
            self.bad(f"an unknown control character {byte:02X}")

    def paged(self, byte: int) -> str:
        """Return the character `byte` of the code page."""
        if self.page == _KATAKANA:
            if byte < 0xA0:
                return _FRAMES[byte - 0x80]
            encoding = "shift_jis"
        else:
            encoding = _PAGES[self.page]
        try:
            return bytes([byte]).decode(encoding)
        except UnicodeDecodeError:
            self.bad(f"no character {byte:02X} in code page {self.page}")

    def take_hanzi(self) -> str:
        """Return the next character of several bytes."""
        first, second = self.data[self.at], self.data[self.at + 1 : self.at + 2]
        if self.charset == "utf8":
            count, encoding = 2 + (first >= 0xE0) + (first >= 0xF0), "utf-8"
        else:
            count = 4 if self.charset == "gb18030" and second.isdigit() else 2
            # Python's gb2312 takes two signs for others; its letters and hanzi are asked for, GBK's signs are taken.
            encoding = "gb18030" if self.charset == "gb18030" else "gbk"
        told = self.take(count)
        try:
            char = told.decode(encoding)
            if self.charset == "gb2312":
                told.decode("gb2312")
        except UnicodeDecodeError:
            char = ""
        if len(char) != 1 or (not char.isprintable() and char != "\u3000"):
            self.bad(f"no character {told.hex().upper()} in {self.charset}")
        return char

    def one_of(self, value: int, known: Sequence[int]) -> int:
        """Return `value`, or its digit; refuse what is not among `known`."""
        if value not in known and value - 0x30 in known:
            value -= 0x30
        if value not in known:
            self.bad(f"an argument {value} that is none of {list(known)}")
        return value

    # Text

    def print_mode(self, n: bytes) -> None:
        """ESC !: font, bold, double height, double width and underline of letters at once."""
        self.style.small = bool(n[0] & 1)
        self.style.bold = bool(n[0] & 8)
        self.style.letters = (1 + bool(n[0] & 0x20), 1 + bool(n[0] & 0x10))
        self.style.underline = bool(n[0] & 0x80)

    def size(self, n: bytes) -> None:
        """GS !: times the width and times the height, of letters and hanzi."""
        if n[0] & 0x88:
            self.bad(f"a size {n[0]:02X} beyond eight times")
        self.style.letters = self.style.hanzi = (1 + (n[0] >> 4), 1 + (n[0] & 7))

    def hanzi_mode(self, n: bytes) -> None:
        """FS !: double width, double height and underline of hanzi."""
        if n[0] & ~0x8C:
            self.bad(f"an unknown hanzi mode {n[0]:02X}")
        self.style.hanzi = (1 + bool(n[0] & 4), 1 + bool(n[0] & 8))
        self.style.underline_hanzi = bool(n[0] & 0x80)

    def hanzi_on(self, _: bytes) -> None:
        """FS &."""
        if self.profile.charset == "none":
            self.bad("hanzi, which this printer has not")
        self.hanzi = True

    def hanzi_off(self, _: bytes) -> None:
        """FS . (full stop)."""
        self.hanzi = False

    def hanzi_codes(self, n: bytes) -> None:
        """FS C: UTF-8 (Sunmi), or back to the printer's own set."""
        if n[0] == 0xFF and self.profile.charset != "utf8":
            self.bad("UTF-8, which this printer does not read")
        if self.profile.charset == "utf8":
            self.charset = "utf8" if n[0] == 0xFF else "gb18030"

    def code_page(self, n: bytes) -> None:
        """ESC t."""
        self.page = self.one_of(n[0], (_KATAKANA, *_PAGES))

    def only_zero(self, n: bytes) -> None:
        """Take a switch that is off: nothing here prints upside down or in another country's ASCII."""
        self.one_of(n[0], (0,))

    def align(self, n: bytes) -> None:
        """ESC a."""
        if not self.roll.fresh:
            self.bad("an alignment within a line")
        self.roll.align = self.one_of(n[0], (0, 1, 2))

    def move(self, n: bytes) -> None:
        """ESC $: to so many dots from the left margin."""
        self.roll.x = int.from_bytes(n, "little")

    def move_on(self, n: bytes) -> None:
        r"""ESC \: so many dots further, or back."""
        self.roll.x = max(0, self.roll.x + int.from_bytes(n, "little", signed=True))

    # Bars, squares and pictures

    def barcode(self) -> None:
        """GS k: the first form ends with NUL, the second is led by its length."""
        if not self.profile.barcode:
            self.bad("a barcode, which this printer has not")
        kind = self.take(1)[0]
        if kind >= 65:
            data = self.take(self.take(1)[0])
        else:
            end = self.data.find(b"\0", self.at)
            data = self.take((end if end >= 0 else len(self.data)) + 1 - self.at)[:-1]
            kind += 65
        try:
            pattern, words = bars.modules(kind, data)
        except ValueError as reason:
            self.bad(f"a barcode: {reason}")
        image = Image.new("1", (len(pattern) * self.bar_module, self.bar_height))
        for start, width in code128.dark(module == "1" for module in pattern):
            image.paste(1, (start * self.bar_module, 0, (start + width) * self.bar_module, self.bar_height))
        if self.bar_text & 1:
            self.say(words)
        self.burn(image)
        if self.bar_text & 2:
            self.say(words)

    def say(self, words: str) -> None:
        """Print what a barcode says."""
        for char in words:
            self.roll.put(char, 1, Style())
        self.roll.feed_line()

    def burn(self, image: Image.Image) -> None:
        """Print a picture, which has to begin a line and to fit on the paper."""
        if not self.roll.fresh:
            self.bad("a picture within a line")
        if image.width > self.roll.area and image.crop((self.roll.area, 0, *image.size)).getbbox():
            self.bad(f"a picture {image.width} dots wide, where there are {self.roll.area}")
        self.roll.burn(image)

    def raster(self) -> None:
        """GS v 0: rows of dots from the left, every byte eight of them, perhaps doubled either way."""
        if self.take(1) != b"0":
            self.bad("an unknown command 1D 76")
        mode = self.one_of(self.take(1)[0], (0, 1, 2, 3))
        across, down = (int.from_bytes(self.take(2), "little") for _ in range(2))
        if not across or not down:
            self.bad("a picture without dots")
        image = Image.frombytes("1", (across * 8, down), self.take(across * down))
        self.burn(image.resize((image.width * (1 + mode % 2), down * (1 + mode // 2)), Image.Resampling.NEAREST))

    def graphics(self, told: bytes) -> None:
        """GS ( L and GS 8 L: store a picture of one colour (112), print it (50)."""
        if told[:2] == b"0p" and len(told) >= 10:
            tone, across, down, colour = told[2], told[3], told[4], told[5]
            width, height = (int.from_bytes(told[place : place + 2], "little") for place in (6, 8))
            if (tone, colour) != (48, 49) or not {across, down} <= {1, 2} or len(told) - 10 != -(-width // 8) * height:
                self.bad("graphics that are not one colour's dots")
            image = Image.frombytes("1", (width, height), told[10:])
            self.stored = image.resize((width * across, height * down), Image.Resampling.NEAREST)
        elif told in (b"02", b"0\x02") and self.stored is not None:
            self.burn(self.stored)
            self.stored = None
        else:
            self.bad(f"unknown graphics {told[:2].hex(' ').upper()}")

    def qr(self, told: bytes) -> None:
        """GS ( k with 49: QR codes, model 2."""
        if not self.profile.qr:
            self.bad("a QR code, which this printer has not")
        function, rest = told[:2], told[2:]
        if function == b"1A" and rest == b"2\0":
            return
        if function == b"1C" and len(rest) == 1 and 1 <= rest[0] <= 16:
            self.qr_module = rest[0]
        elif function == b"1E" and len(rest) == 1 and 48 <= rest[0] <= 51:
            self.qr_level = _LEVELS[rest[0] - 48]
        elif function == b"1P" and rest[:1] == b"0" and len(rest) > 1:
            self.qr_data = rest[1:]
        elif function == b"1Q" and rest == b"0" and self.qr_data:
            rows = qrcode.drawn(self.qr_data, self.qr_level)
            image = Image.new("1", (len(rows), len(rows)))
            image.putdata([dark for row in rows for dark in row])
            side = len(rows) * self.qr_module
            self.burn(image.resize((side, side), Image.Resampling.NEAREST))
        else:
            self.bad(f"an unknown QR function {told[:6].hex(' ').upper()}")

    def bracketed(self) -> None:
        """GS ( and its length."""
        kind = self.take(1)
        told = self.take(int.from_bytes(self.take(2), "little"))
        if kind == b"k":
            self.qr(told)
        elif kind == b"L":
            self.graphics(told)
        else:
            self.bad(f"an unknown command 1D 28 {kind.hex().upper()}")

    def long_graphics(self) -> None:
        """GS 8 L and its length."""
        if self.take(1) != b"L":
            self.bad("an unknown command 1D 38")
        self.graphics(self.take(int.from_bytes(self.take(4), "little")))

    def hanzi_font(self) -> None:
        """FS ( A: which of several hanzi fonts; there is one here."""
        if self.take(5) != b"A\2\0\x30\0":
            self.bad("an unknown command 1C 28")

    # The paper and what hangs on the printer

    def cut(self) -> None:
        """GS V: cut here (0, 1), or at the knife after `n` more dots (65, 66)."""
        if self.profile.cutter == "none":
            self.bad("a cut, and this printer has no knife")
        mode = self.take(1)[0]
        if mode in (65, 66):
            self.roll.feed_to_knife(self.take(1)[0])
        else:
            self.one_of(mode, (0, 1))
        if not self.roll.fresh:
            self.bad("a cut within a line")
        self.roll.cut()

    def kick(self, _: bytes) -> None:
        """ESC p: open the drawer."""
        if not self.profile.drawer:
            self.bad("a kick, and this printer has no drawer")
        self.kicks += 1

    def real_time(self, n: bytes) -> None:
        """DLE DC4: the drawer, at once."""
        if n[:1] != b"\x01":
            self.bad("an unknown command 10 14")
        self.kick(n)
