"""A slip's lines flow down the paper: a roll is cut where they end, each label holds what stands between two cuts."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

from printers import code128, fonts, layout
from printers.document import (
    Barcode,
    Cell,
    Code,
    Cut,
    Divider,
    Document,
    Drawer,
    Item,
    Page,
    Pages,
    Qr,
    QrCode,
    Row,
    Rule,
    Run,
    Text,
)
from printers.errors import N_, PrinterTrouble
from printers.profile import Profile

ASCENT: Final = 0.88
"""How much of the em box, which hanzi fill, is above the baseline."""

STRIKE: Final = (0.37, 0.1, 0.12)
"""Height, thickness and overhang of a line through words, in type sizes: not to be taken for a stroke."""

_MM: Final = 72 / 25.4
_SIZE: Final = 8.5  # points: 24 dots at 203 dpi, the hanzi of receipt printers
_GAP: Final = 1.5  # millimetres between the parts of a slip
_MODULE: Final = 0.25  # millimetres: the narrowest bar that every scanner reads
_SHRUNK: Final = (1.0, 0.9, 0.8)  # what is too high for a label; at 0.8 hanzi are 2.4 mm, and still clear at 203 dpi


def sheets(document: Document, profile: Profile) -> tuple[Page, ...]:
    """Return what is to stand on each sheet, each piece of a roll or each label.

    What is too high for a label is set up to a fifth smaller. Raises PrinterTrouble for what still is, for a code wider
    than the paper, and for pages of another size than the printer holds.
    """
    pages = document.pages if isinstance(document, Pages) else tuple(_pieces(document.lines, profile))
    for page in pages:
        _require_paper(page, profile)
    return pages


def fitted(item: Text) -> layout.Fitted:
    """Return the lines and the size in which `item` is set."""
    return layout.fit(
        item.runs,
        width=item.width * _MM,
        height=item.height * _MM,
        size=item.size,
        floor=item.floor,
        lines=item.lines,
        measure=fonts.widths,
    )


class Placed(NamedTuple):
    """A piece of text on its page: `x` and `baseline` from the top left corner, all lengths in points."""

    run: Run
    text: str
    x: float
    baseline: float
    width: float
    size: float


def placed(item: Text, words: layout.Fitted) -> Iterator[Placed]:
    """Yield where each piece of `words`, which is `item` fitted, stands."""
    spare = item.height * _MM - words.size * layout.LEADING * len(words.lines)
    above = spare / 2 if item.stand == "middle" else 0.0
    # The em box stands in the middle of its line.
    baseline = item.y * _MM + above + words.size * ((layout.LEADING - 1) / 2 + ASCENT)
    for line in words.lines:
        free = item.width * _MM - sum(piece.width for piece in line) * words.size
        x = item.x * _MM + {"left": 0.0, "center": free / 2, "right": free}[item.align]
        for piece in line:
            width = piece.width * words.size
            yield Placed(piece.run, piece.text, x, baseline, width, words.size)
            x += width
        baseline += words.size * layout.LEADING


def code_too_long(text: str) -> PrinterTrouble:
    """Return what to say of a barcode that would be wider than the paper."""
    return PrinterTrouble(
        N_("The code {code} is too long for this paper. Choose a printer with wider paper."), code=text
    )


def _require_paper(page: Page, profile: Profile) -> None:
    if abs(page.width - profile.width) > 1 or (profile.height and abs(page.height - profile.height) > 1):
        raise PrinterTrouble(
            N_("This paper is {width} × {height} mm, and {printer} holds another. Choose a printer with this paper."),
            width=round(page.width),
            height=round(page.height),
            printer=profile.name,
        )


def _pieces(lines: Sequence[Row | Divider | Code | Qr | Cut | Drawer], profile: Profile) -> list[Page]:
    """Return the pieces of paper between the cuts; none is empty."""
    pieces: list[list[Row | Divider | Code | Qr]] = [[]]
    for line in lines:
        if isinstance(line, Cut):
            pieces.append([])
        elif not isinstance(line, Drawer):
            pieces[-1].append(line)
    piece_of = _label if profile.paper == "label" else _piece
    return [piece_of(piece, profile) for piece in pieces if piece]


def _label(lines: Sequence[Row | Divider | Code | Qr], profile: Profile) -> Page:
    for scale in _SHRUNK:
        piece = _piece(lines, profile, scale)
        if piece.height <= profile.height:
            return dataclasses.replace(piece, height=profile.height)
    raise PrinterTrouble(
        N_("This is too long for a label of {width} × {height} mm. Choose a printer with larger labels or a roll."),
        width=round(profile.width),
        height=round(profile.height),
    )


def _piece(lines: Sequence[Row | Divider | Code | Qr], profile: Profile, scale: float = 1.0) -> Page:
    """Return `lines` one below the other, as high as they are."""
    items: list[Item] = []
    y = profile.margin
    for line in lines:
        added, height = _set(line, y, profile, scale)
        items += added
        y += height
    return Page(profile.width, y + profile.margin, tuple(items))


def _set(line: Row | Divider | Code | Qr, y: float, profile: Profile, scale: float) -> tuple[list[Item], float]:
    """Return what `line` becomes at `y`, and how high it is; `scale` never touches the width of a bar."""
    left, inner = profile.sides, profile.width - 2 * profile.sides
    gap, size = _GAP * scale, _SIZE * scale
    match line:
        case Divider():
            return [Rule(left, y + gap, left + inner, y + gap)], 2 * gap
        case Code():
            height, text_height = line.height * scale, size * layout.LEADING / _MM
            barcode = _barcode(line.text, y + gap, height, profile)
            words = Text(left, y + gap + height, inner, text_height, (Run(line.text),), size, align="center")
            return [barcode, words], height + text_height + 2 * gap
        case Qr():
            side = min(line.size * scale, inner)
            return [QrCode((profile.width - side) / 2, y + gap, line.text, side)], side + 2 * gap
    size *= line.scale
    texts = []
    for cell, (x, width) in zip(line.cells, _shares(line.cells, left, inner), strict=True):
        runs = (Run(cell.text, line.bold),)
        texts.append(Text(x, y, width, 1000, runs, size, size, 99, cell.align, "top"))
    height = max(len(fitted(text).lines) for text in texts) * size * layout.LEADING / _MM
    return [dataclasses.replace(text, height=height) for text in texts], height


def _barcode(text: str, y: float, height: float, profile: Profile) -> Barcode:
    """Return `text` in the middle, with bars as wide as usual or as the paper allows. Raises PrinterTrouble."""
    bars = code128.modules(text)
    inner = profile.width - 2 * profile.sides
    # The quiet zones may reach into what the printer cannot print on.
    module = min(_MODULE, inner / bars, profile.width / (bars + 2 * (code128.QUIET + 2)))
    if module < 1 / profile.dots_per_mm:
        raise code_too_long(text)
    barcode = Barcode(0, y, text, height, module)
    return dataclasses.replace(barcode, x=(profile.width - barcode.width) / 2)


def _shares(cells: Sequence[Cell], left: float, inner: float) -> list[tuple[float, float]]:
    """Return left edge and width of each cell: its weight's share of `inner`, less the air between two cells."""
    whole = sum(cell.weight for cell in cells)
    edges = [left + inner * weight / whole for weight in accumulate((cell.weight for cell in cells), initial=0)]
    return [(start, end - start - (_GAP if end < edges[-1] else 0)) for start, end in pairwise(edges)]
