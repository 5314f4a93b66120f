"""A strict ESC/POS printer: every byte is a character or a command it knows, or it refuses the job.

It knows what common printers know, and so what other programs tell them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PIL import Image

from printers.emulators.escpos_printer import Printer
from printers.emulators.escpos_roll import SPACING
from printers.profile import Profile


@dataclass(frozen=True, slots=True)
class Reading:
    """What bytes became: pictures of the paper, lines in the printer's characters, kicks of the drawer.

    `broken` counts the lines that were too long, so that the printer went on below by itself.
    """

    papers: tuple[Image.Image, ...]
    lines: tuple[str, ...]
    kicks: int
    broken: int


def papers(data: bytes, profile: Profile) -> tuple[Image.Image, ...]:
    """Return what `data` puts on paper, a picture of mode "L" a piece. Raises BadBytes."""
    return read(data, profile).papers


def read(data: bytes, profile: Profile) -> Reading:
    """Return all that `data` does. Raises BadBytes."""
    printer = Printer(data, profile)
    while printer.at < len(data):
        printer.began = printer.at
        _step(printer, data[printer.at])
    printer.end()
    roll = printer.roll
    return Reading(tuple(roll.papers), tuple(roll.lines), printer.kicks, roll.broken)


def _step(printer: Printer, byte: int) -> None:
    """Take the next character or command, which begins with `byte`."""
    if byte not in _LEADS:
        printer.character(byte)
        return
    name = printer.take(2)
    if name in _FIXED:
        count, act = _FIXED[name]
        act(printer, printer.take(count))
    elif name in _FREE:
        _FREE[name](printer)
    else:
        printer.bad(f"an unknown command {name.hex(' ').upper()}")


def _nothing(_printer: Printer, _: bytes) -> None:
    """Questions and switches that put nothing on paper."""


_LEADS: Final = b"\x10\x1b\x1c\x1d"
_FIXED: Final[dict[bytes, tuple[int, Callable[[Printer, bytes], None]]]] = {
    b"\x1b@": (0, lambda printer, _: printer.reset()),
    b"\x1b!": (1, Printer.print_mode),
    b"\x1bE": (1, lambda printer, n: setattr(printer.style, "bold", bool(n[0] & 1))),
    b"\x1bG": (1, lambda printer, n: setattr(printer.style, "bold", bool(n[0] & 1))),
    b"\x1b-": (1, lambda printer, n: setattr(printer.style, "underline", printer.one_of(n[0], (0, 1, 2)))),
    b"\x1bM": (1, lambda printer, n: setattr(printer.style, "small", bool(printer.one_of(n[0], (0, 1))))),
    b"\x1b ": (1, lambda printer, n: setattr(printer.style, "space", n[0])),
    b"\x1ba": (1, Printer.align),
    b"\x1bt": (1, Printer.code_page),
    b"\x1bR": (1, Printer.only_zero),
    b"\x1b{": (1, Printer.only_zero),
    b"\x1b$": (2, Printer.move),
    b"\x1b\\": (2, Printer.move_on),
    b"\x1b2": (0, lambda printer, _: setattr(printer.roll, "spacing", SPACING)),
    b"\x1b3": (1, lambda printer, n: setattr(printer.roll, "spacing", n[0])),
    b"\x1bJ": (1, lambda printer, n: printer.roll.feed(n[0])),
    b"\x1bd": (1, lambda printer, n: printer.roll.feed_lines(n[0])),
    b"\x1bp": (3, Printer.kick),
    b"\x1bc": (2, _nothing),
    b"\x1c&": (0, Printer.hanzi_on),
    b"\x1c.": (0, Printer.hanzi_off),
    b"\x1c!": (1, Printer.hanzi_mode),
    b"\x1cW": (1, lambda printer, n: setattr(printer.style, "hanzi", (1 + n[0] % 2, 1 + n[0] % 2))),
    b"\x1c-": (1, lambda printer, n: setattr(printer.style, "underline_hanzi", printer.one_of(n[0], (0, 1, 2)))),
    b"\x1cS": (2, lambda printer, n: setattr(printer.style, "space_hanzi", (n[0], n[1]))),
    b"\x1cC": (1, Printer.hanzi_codes),
    b"\x1d!": (1, Printer.size),
    b"\x1dB": (1, lambda printer, n: setattr(printer.style, "reverse", bool(n[0] & 1))),
    b"\x1dH": (1, lambda printer, n: setattr(printer, "bar_text", printer.one_of(n[0], (0, 1, 2, 3)))),
    b"\x1db": (1, _nothing),
    b"\x1df": (1, _nothing),
    b"\x1dh": (1, lambda printer, n: setattr(printer, "bar_height", n[0])),
    b"\x1dw": (1, lambda printer, n: setattr(printer, "bar_module", printer.one_of(n[0], (2, 3, 4, 5, 6)))),
    b"\x1dL": (2, lambda printer, n: setattr(printer.roll, "left", int.from_bytes(n, "little"))),
    b"\x1dW": (2, lambda printer, n: setattr(printer.roll, "width", int.from_bytes(n, "little"))),
    b"\x1da": (1, _nothing),
    b"\x1dr": (1, _nothing),
    b"\x10\x04": (1, _nothing),
    b"\x10\x05": (1, _nothing),
    b"\x10\x14": (3, Printer.real_time),
}
_FREE: Final[dict[bytes, Callable[[Printer], None]]] = {
    b"\x1dk": Printer.barcode,
    b"\x1dv": Printer.raster,
    b"\x1d(": Printer.bracketed,
    b"\x1d8": Printer.long_graphics,
    b"\x1dV": Printer.cut,
    b"\x1c(": Printer.hanzi_font,
}
