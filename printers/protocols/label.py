"""A label in dots: what the languages of label printers have in common, before any of them says it its own way.

Whole dots from the label's top left corner. Words are the printer's own where it has all of them in just this size,
and otherwise a picture; so is every other thing that a printer has no command for.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw

from printers import code128, dots, layout, qrcode
from printers.charsets import plain
from printers.document import Barcode, Box, Item, Page, QrCode, Rule, Run, Text
from printers.errors import N_, PrinterTrouble
from printers.flow import ASCENT, STRIKE, code_too_long, fitted, placed
from printers.profile import Profile

Tell = Callable[[str], tuple[bytes, int] | None]
"""From a text to the printer's bytes and its columns, a hanzi two; None for what the printer cannot or must not say."""

_MM: Final = 72 / 25.4
_TOLERANCE: Final = 0.02  # of its size: how far words may be from a multiple of the printer's own
_LARGEST: Final = 10  # times: what TSPL and ZPL enlarge their bitmap type at most


@dataclass(frozen=True, slots=True)
class Words:
    """Words in the printer's own type, its cell's top left corner at `x`, `y`, `scale` times its usual size."""

    x: int
    y: int
    told: bytes
    scale: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Dots of mode "1", ink 1, a multiple of eight wide."""

    x: int
    y: int
    ink: Image.Image


@dataclass(frozen=True, slots=True)
class Bar:
    """A black rectangle."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Symbol:
    """A Code128 symbol, its first bar at `x`, with bars of `module` dots."""

    x: int
    y: int
    text: str
    module: int
    height: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """A QR code with modules of `module` dots, its quiet zone outside of `x`, `y`."""

    x: int
    y: int
    text: str
    module: int


Mark = Words | Picture | Bar | Symbol | Matrix


def size(profile: Profile) -> tuple[int, int]:
    """Return width and height of a label in dots."""
    return round(profile.width * profile.dots_per_mm), round(profile.height * profile.dots_per_mm)


def marks(page: Page, profile: Profile, tell: Tell) -> list[Mark]:
    """Return what makes up `page`, pictures first: whatever they leave white covers nothing.

    Raises PrinterTrouble for what would stand outside the label.
    """
    label = _Label(profile, tell)
    for item in page.items:
        _require_inside(item, profile)
        label.add(item)
    return [*label.pictures(), *label.marks]


def stretches(text: str) -> list[tuple[int, str]]:
    """Return the parts of the Code128 symbol of `text` that are in one set, after the character that begins it."""
    first, *rest = code128.characters(text)
    begun, said, found = first, "", []
    for value in rest:
        in_c = begun in (code128.START_C, code128.TO_C)
        if value == (code128.TO_B if in_c else code128.TO_C):
            found.append((begun, said))
            begun, said = value, ""
        else:
            said += f"{value:02}" if in_c else chr(value + 32)
    return [*found, (begun, said)]


class _Label:
    def __init__(self, profile: Profile, tell: Tell) -> None:
        self._profile, self._tell = profile, tell
        self._scale = profile.dots_per_mm
        self._ink = Image.new("1", size(profile))
        self._drawn: list[tuple[int, int, int, int]] = []
        self.marks: list[Mark] = []

    def pictures(self) -> list[Picture]:
        """Return what is drawn. Each is cut from the whole, so that no two differ where they overlap."""
        found = []
        for left, top, right, bottom in self._drawn:
            width = -(-(right - left) // 8) * 8
            # To the left where there is room: no empty dots beyond the label's edge.
            start = max(0, right - width)
            found.append(Picture(start, top, self._ink.crop((start, top, start + width, bottom))))
        return found

    def add(self, item: Item) -> None:
        match item:
            case Text():
                words = dataclasses.replace(
                    item, runs=tuple(dataclasses.replace(run, text=plain(run.text)) for run in item.runs)
                )
                told = self._told(words)
                if told is None:
                    self._typeset(words)
                else:
                    self.marks += told
            case Rule():
                self._add_rule(item)
            case Box():
                right, bottom = item.x + item.width, item.y + item.height
                for y in (item.y, bottom):
                    self._add_rule(Rule(item.x - item.weight / 2, y, right + item.weight / 2, y, item.weight))
                for x in (item.x, right):
                    self._add_rule(Rule(x, item.y, x, bottom, item.weight))
            case Barcode():
                self._add_barcode(item)
            case QrCode():
                self._add_qr(item)

    def _told(self, item: Text) -> list[Words] | None:
        """Return `item` in the printer's own type; None where that would not do."""
        cell = self._profile.cell
        scale = round(item.size / _MM * self._scale / cell)
        if not 1 <= scale <= _LARGEST or any(run.bold or run.struck for run in item.runs):
            return None
        text = "".join(run.text for run in item.runs)
        columns = {char: told[1] for char in set(text) if (told := self._tell(char)) is not None}
        exact = cell * scale / self._scale * _MM
        if len(columns) < len(set(text)) or abs(exact / item.size - 1) > _TOLERANCE:
            return None
        words = layout.fit(
            (Run(text),),
            width=item.width * _MM,
            height=item.height * _MM * (1 + _TOLERANCE),
            size=exact,
            floor=exact,
            lines=item.lines,
            measure=lambda run: [columns.get(char, 2) / 2 for char in run.text],
        )
        if words.cut:
            return None
        found = []
        for piece in placed(item, words):
            told = self._tell(piece.text)
            if told is None:
                return None
            top = piece.baseline - piece.size * ASCENT
            if piece.text.strip(" "):
                found.append(Words(self._dots(piece.x / _MM), self._dots(top / _MM), told[0], scale))
        return found

    def _typeset(self, item: Text) -> None:
        """Draw `item` in the carried typeface."""
        alone = Image.new("1", self._ink.size)
        scale = self._scale / _MM
        for run, text, x, baseline, width, points in placed(item, fitted(item)):
            height = points * scale
            dots.set_text(alone, x * scale, baseline * scale, dataclasses.replace(run, text=text), height)
            if run.struck:
                up, thickness, overhang = (height * part for part in STRIKE)
                middle = baseline * scale - up
                left, right = (x * scale - overhang, (x + width) * scale + overhang)
                ImageDraw.Draw(alone).line((left, middle, right, middle), fill=1, width=max(1, round(thickness)))
        self._draw(alone)

    def _draw(self, alone: Image.Image) -> None:
        box = alone.getbbox()
        if box:
            self._ink.paste(1, (0, 0), alone)
            self._drawn.append(box)

    def _add_rule(self, rule: Rule) -> None:
        weight = max(1, self._dots(rule.weight))
        left, right = sorted((self._dots(rule.x1), self._dots(rule.x2)))
        top, bottom = sorted((self._dots(rule.y1), self._dots(rule.y2)))
        if top == bottom:
            self._add_bar(left, top - weight // 2, right - left, weight)
        elif left == right:
            self._add_bar(left - weight // 2, top, weight, bottom - top)
        else:
            alone = Image.new("1", self._ink.size)
            ends = [self._dots(each) for each in (rule.x1, rule.y1, rule.x2, rule.y2)]
            ImageDraw.Draw(alone).line(ends, fill=1, width=weight)
            self._draw(alone)

    def _add_bar(self, x: int, y: int, width: int, height: int) -> None:
        """Add a bar, less the half of a line that is beyond the label's edge."""
        left, top = max(0, x), max(0, y)
        right, bottom = min(self._ink.width, x + width), min(self._ink.height, y + height)
        if left < right and top < bottom:
            self.marks.append(Bar(left, top, right - left, bottom - top))

    def _add_barcode(self, item: Barcode) -> None:
        modules = code128.modules(item.text)
        room = min(self._ink.width, self._dots(item.width))
        module = max(1, round(item.module * self._scale))
        while module > 1 and (modules + 2 * code128.QUIET) * module > room:
            module -= 1
        quiet = code128.QUIET * module
        if modules * module + 2 * quiet > room:
            raise code_too_long(item.text)
        left = self._dots(item.x + item.width / 2) - modules * module // 2
        left = min(max(left, quiet), self._ink.width - modules * module - quiet)
        top, height = self._dots(item.y), self._dots(item.height)
        if self._profile.barcode:
            self.marks.append(Symbol(left, top, item.text, module, height))
            return
        for start, width in code128.bars(item.text):
            self.marks.append(Bar(left + start * module, top, width * module, height))

    def _add_qr(self, item: QrCode) -> None:
        rows = qrcode.modules(item.text)
        module = int(item.size * self._scale / (len(rows) + 2 * qrcode.QUIET) + 1e-6)
        if not module:
            raise code_too_long(item.text)
        left, top = (self._dots(edge + item.size / 2) - len(rows) * module // 2 for edge in (item.x, item.y))
        told = self._tell(item.text)
        if self._profile.qr and item.text.isascii() and told is not None and module <= _LARGEST:
            self.marks.append(Matrix(left, top, item.text, module))
            return
        alone = Image.new("1", self._ink.size)
        code = Image.new("1", (len(rows), len(rows)))
        code.putdata([255 * dark for row in rows for dark in row])
        side = len(rows) * module
        alone.paste(code.resize((side, side), Image.Resampling.NEAREST), (left, top))
        self._draw(alone)

    def _dots(self, length: float) -> int:
        return round(length * self._scale)


def _require_inside(item: Item, profile: Profile) -> None:
    match item:
        case Rule():
            box = (min(item.x1, item.x2), min(item.y1, item.y2), max(item.x1, item.x2), max(item.y1, item.y2))
        case Text() | Box() | Barcode():
            box = (item.x, item.y, item.x + item.width, item.y + item.height)
        case QrCode():
            box = (item.x, item.y, item.x + item.size, item.y + item.size)
    slack = 0.05
    if min(box) < -slack or box[2] > profile.width + slack or box[3] > profile.height + slack:
        raise PrinterTrouble(
            N_("Part of this would stand beside a label of {width} × {height} mm. Choose a printer with larger ones."),
            width=round(profile.width),
            height=round(profile.height),
        )
