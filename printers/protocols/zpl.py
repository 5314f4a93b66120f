"""ZPL II, the language of Zebra's label printers (Zebra's "ZPL II Programming Guide").

Letters and digits are in the printer's font D, which fits into the same cells as hanzi of 24 dots; the rest goes out as
compressed pictures, for Zebra's printers come without hanzi.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import zlib
from typing import Final

from printers.charsets import charset
from printers.code128 import START_B, START_C, TO_B, TO_C
from printers.document import Document
from printers.flow import sheets
from printers.profile import Profile
from printers.protocols.label import Bar, Mark, Matrix, Picture, Symbol, Words, marks, size, stretches

_CELL: Final = 24
_HIGH: Final = 18  # dots: font D
_WIDE: Final = 10
_DOWN: Final = 7  # from the top of a cell of 24 dots to that of font D, so that their baselines are one
_SETS: Final = {START_B: ">:", START_C: ">;", TO_C: ">5", TO_B: ">6"}
_IN_DATA: Final = str.maketrans({char: f"_{ord(char):02X}" for char in "^~_"})
_IN_BARS: Final = str.maketrans({">": ">0", "^": "><", "~": ">="})  # "Code 128 Invocation Characters"


def encode(document: Document, profile: Profile) -> bytes:
    """Return `document` in ZPL II, one format a page or piece. Raises PrinterTrouble where it does not fit."""
    tell = charset("none").told
    profile = dataclasses.replace(profile, cell=_CELL)
    width, height = size(profile)
    labels = []
    for page in sheets(document, profile):
        fields = "".join(_field(mark) for mark in marks(page, profile, tell))
        labels.append(f"^XA^CI28^PW{width}^LL{height}^LH0,0{fields}^XZ\n")
    return "".join(labels).encode("ascii")


def _field(mark: Mark) -> str:
    match mark:
        case Words(x, y, told, scale):
            data = f"^ADN,{_HIGH * scale},{_WIDE * scale}{_data(told.decode('ascii'))}"
            return f"^FO{x},{y + _DOWN * scale}{data}"
        case Bar(x, y, width, height):
            return f"^FO{x},{y}^GB{width},{height},{min(width, height)}^FS"
        case Symbol(x, y, text, module, height):
            symbol = "".join(_SETS[begun] + said.translate(_IN_BARS) for begun, said in stretches(text))
            return f"^FO{x},{y}^BY{module},3,{height}^BCN,{height},N,N,N,N{_data(symbol)}"
        case Matrix(x, y, text, module):
            # The code sinks by what ^BY was told last for the height of bars: one is none.
            return f"^FO{x},{y}^BY{module},3,1^BQN,2,{module}{_data('MA,' + text)}"
        case Picture(x, y, ink):
            packed = base64.b64encode(zlib.compress(ink.tobytes(), 9))
            columns = ink.width // 8
            total = columns * ink.height
            check = binascii.crc_hqx(packed, 0)
            return f"^FO{x},{y}^GFA,{total},{total},{columns},:Z64:{packed.decode('ascii')}:{check:04X}^FS"


def _data(text: str) -> str:
    """Return `text` as a field's data, in which nothing can begin a command ("^FH Field Hexadecimal Indicator")."""
    return f"^FH_^FD{text.translate(_IN_DATA)}^FS"
