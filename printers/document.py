"""What is to be printed, as values: a `Slip` whose lines flow, or `Pages` whose items stand at fixed places.

Documents are stored with their job and must be readable years later: `to_json` writes every field and a version,
`from_json` reads nothing it does not know.
"""

from __future__ import annotations

import dataclasses
import json
import math
import types
import typing
from dataclasses import dataclass
from typing import Any, Final, Literal

from printers import code128, qrcode
from printers.errors import N_, BadDocument

Align = Literal["left", "center", "right"]
Stand = Literal["top", "middle"]

VERSION: Final = 3


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one look."""

    text: str
    bold: bool = False
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """Words inside a box, which they never leave.

    `size` is what the type would like to be, `floor` the smallest it may become, both in points. What does not fit
    on one line becomes smaller, then takes up to `lines` lines where the box is high enough, and is cut with "…" last.
    """

    x: float
    y: float
    width: float
    height: float
    runs: tuple[Run, ...]
    size: float = 10.0
    floor: float = 6.0
    lines: int = 1
    align: Align = "left"
    stand: Stand = "middle"


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line, `weight` millimetres thick."""

    x1: float
    y1: float
    x2: float
    y2: float
    weight: float = 0.25


@dataclass(frozen=True, slots=True)
class Box:
    """The outline of a rectangle, `weight` millimetres thick, half of it outside."""

    x: float
    y: float
    width: float
    height: float
    weight: float = 0.25


@dataclass(frozen=True, slots=True)
class Barcode:
    """A Code128 symbol in its box, quiet zones included; `module` is the wished width of its thinnest bar.

    Bars are whole dots of the printer, so that the module becomes a little wider or narrower; the box has two modules
    more than a reader needs at either side, for that.
    """

    x: float
    y: float
    text: str
    height: float = 12.0
    module: float = 0.25

    @property
    def width(self) -> float:
        """Millimetres from quiet zone to quiet zone."""
        return (code128.modules(self.text) + 2 * (code128.QUIET + 2)) * self.module


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code that fills a square of `size` millimetres as far as whole dots allow, its quiet zone included."""

    x: float
    y: float
    text: str
    size: float = 25.0


Item = Text | Rule | Box | Barcode | QrCode


@dataclass(frozen=True, slots=True)
class Page:
    """One side of one sheet. In `stamp`, empty on the first print, a repeat says that it is one."""

    width: float
    height: float
    items: tuple[Item, ...]
    stamp: Box | None = None


@dataclass(frozen=True, slots=True)
class Pages:
    """One job of one or several sheets, such as the named copies of a form; `title` names it to people."""

    title: str
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a row, as wide as its weight's share of the paper."""

    text: str
    weight: int = 1
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Row:
    """Cells beside each other, `scale` times the printer's usual size; what is too long goes on below."""

    cells: tuple[Cell, ...]
    scale: int = 1
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Divider:
    """A line from edge to edge."""


@dataclass(frozen=True, slots=True)
class Code:
    """A Code128 symbol in the middle, its text beneath."""

    text: str
    height: float = 12.0


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code in the middle, `size` millimetres a side at most, its quiet zone included."""

    text: str
    size: float = 25.0


@dataclass(frozen=True, slots=True)
class Cut:
    """The paper is cut here."""


@dataclass(frozen=True, slots=True)
class Drawer:
    """The cash drawer springs open, where the printer has one."""


Line = Row | Divider | Code | Qr | Cut | Drawer


@dataclass(frozen=True, slots=True)
class Slip:
    """Lines that flow down a roll, whatever its width; `title` names it to people."""

    title: str
    lines: tuple[Line, ...]


Document = Slip | Pages

_KINDS: Final[dict[str, type[Any]]] = {
    kind.__name__: kind
    for kind in (
        *(Run, Text, Rule, Box, Barcode, QrCode, Page, Pages),
        *(Cell, Row, Divider, Code, Qr, Cut, Drawer, Slip),
    )
}
_FIELDS: Final = {name: typing.get_type_hints(kind) for name, kind in _KINDS.items()}


def repeated(document: Document, words: str) -> Document:
    """Return `document` as a repeat that says so in `words` ("补打 2"), on every sheet and every piece of a roll."""
    if isinstance(document, Slip):
        mark = Row((Cell(words, align="center"),), scale=2, bold=True)
        starts = (place == 0 or isinstance(document.lines[place - 1], Cut) for place in range(len(document.lines)))
        pieces = zip(starts, document.lines, strict=True)
        return Slip(document.title, tuple(part for new, line in pieces for part in ((mark, line) if new else (line,))))
    return Pages(document.title, tuple(_stamped(page, words) for page in document.pages))


def _stamped(page: Page, words: str) -> Page:
    # Pages that keep no place for it have the strip above their content.
    box = page.stamp or Box(page.width / 2 - 25, 5, 50, 6.4, 0.5)
    size = (box.height - 1.6) * 72 / 25.4
    mark = Text(box.x + 1, box.y, box.width - 2, box.height, (Run(words, bold=True),), size, align="center")
    return dataclasses.replace(page, items=(*page.items, box, mark))


def to_json(document: Document) -> str:
    """Return `document` as text to store; `from_json` gives back an equal one. ValueError for NaN and infinity."""
    content = {"version": VERSION, "document": _plain(document)}
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def from_json(text: str) -> Document:
    """Return the document that `to_json` wrote. Raises BadDocument for everything else."""
    try:
        content = json.loads(text)
        if not isinstance(content, dict) or content.get("version") not in range(1, VERSION + 1):
            raise ValueError(f"not a document of version 1 to {VERSION}")
        stored = content.get("document")
        if content["version"] == 1:
            stored = _with_stamps(stored)
        return typing.cast(Document, _value(stored, Document))
    except (ValueError, OverflowError, RecursionError) as reason:
        raise BadDocument(N_("This stored paper cannot be read: {reason}"), reason=reason) from reason


def _with_stamps(stored: Any) -> Any:
    """Bring a document of version 1 to version 2: its pages kept no place for the word of a repeat."""
    if not isinstance(stored, dict) or not isinstance(stored.get("pages"), list):
        return stored
    pages = [{**page, "stamp": None} if isinstance(page, dict) else page for page in stored["pages"]]
    return {**stored, "pages": pages}


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is tuple:
        return [_plain(part) for part in value]
    names = _FIELDS.get(kind.__name__)
    if names is None:
        return value
    plain = {"is": kind.__name__}
    for name in names:
        plain[name] = _plain(getattr(value, name))
    return plain


def _value(stored: Any, wanted: Any) -> Any:
    """Return `stored` as a value of the type `wanted`. Raises ValueError."""
    origin = typing.get_origin(wanted)
    if origin is tuple and isinstance(stored, list):
        part = typing.get_args(wanted)[0]
        return tuple(_value(each, part) for each in stored)
    if origin is Literal and stored in typing.get_args(wanted):
        return stored
    if wanted is float and type(stored) in (int, float) and math.isfinite(stored):
        return float(stored)
    if wanted in (str, int, bool) and type(stored) is wanted:
        return stored
    kinds = typing.get_args(wanted) if origin is types.UnionType else (wanted,)
    if stored is None and types.NoneType in kinds:
        return None
    if isinstance(stored, dict) and _KINDS.get(str(stored.get("is"))) in kinds:
        return _record(stored, _KINDS[str(stored["is"])])
    raise ValueError(f"{str(stored)[:40]!r} is not {getattr(wanted, '__name__', wanted)}")


def _record(stored: dict[str, Any], kind: type[Any]) -> Any:
    wanted = _FIELDS[kind.__name__]
    if stored.keys() != {"is", *wanted}:
        raise ValueError(f"{kind.__name__} has other fields")
    value = kind(**{name: _value(stored[name], type_) for name, type_ in wanted.items()})
    if isinstance(value, Barcode | Code):
        code128.bars(value.text)
    if isinstance(value, QrCode | Qr):
        qrcode.require(value.text)
    return value
