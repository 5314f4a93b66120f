"""PDF with the carried typeface embedded: for lasers, dot matrix through its driver, and the virtual printer.

The same document and profile always give the same bytes. Bars are painted on the profile's grid of dots, each half a
dot narrower than its place: renderers blacken every dot that a shape touches, and so give exactly the dots meant.
"""

from __future__ import annotations

import dataclasses
import io
import threading
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Final

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from printers import code128, fonts, layout
from printers.document import (
    Barcode,
    Box,
    Cell,
    Code,
    Cut,
    Divider,
    Document,
    Item,
    Page,
    Row,
    Rule,
    Run,
    Slip,
    Text,
)
from printers.errors import N_, PrinterTrouble
from printers.profile import Profile

_MM: Final = 72 / 25.4
_SHARED: Final = "shared"
_ASCENT: Final = 0.88  # of the em box that hanzi fill; the rest is below the baseline
_STRIKE: Final = (0.37, 0.1, 0.12)  # height, thickness and overhang in type sizes: not to be taken for a stroke
_SLIP_SIZE: Final = 8.5  # points: 24 dots at 203 dpi, the hanzi of receipt printers
_GAP: Final = 1.5  # millimetres between the parts of a slip

# Streams as they are: their ASCII form is a quarter longer and takes longer to make than all the rest.
rl_config.useA85 = 0

# reportlab's fonts keep a reading position, and pages may be encoded on several threads.
_lock = threading.Lock()


def encode(document: Document, profile: Profile) -> bytes:
    """Return `document` as a PDF file. Raises PrinterTrouble where its pages are for another paper."""
    file = io.BytesIO()
    with _lock:
        pages = _slip_pages(document, profile) if isinstance(document, Slip) else document.pages
        for page in pages:
            _require_paper(page, profile)
        canvas = Canvas(file, invariant=1, pageCompression=1)
        canvas.setTitle(document.title)
        # A barcode is never scaled with its page, and named copies never share a sheet.
        canvas.setViewerPreference("PrintScaling", "None")
        canvas.setViewerPreference("Duplex", "Simplex")
        shared = _drawn_once(canvas, pages, profile)
        for page in pages:
            canvas.setPageSize((page.width * _MM, page.height * _MM))
            if shared:
                canvas.doForm(_SHARED)
            for item in page.items:
                if item not in shared:
                    _draw(canvas, item, page, profile)
            canvas.showPage()
        canvas.save()
    return file.getvalue()


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


def _require_paper(page: Page, profile: Profile) -> None:
    if abs(page.width - profile.width) > 1 or (profile.height and abs(page.height - profile.height) > 1):
        raise PrinterTrouble(
            N_("This paper is {width} × {height} mm, and {printer} holds another. Choose a printer with this paper."),
            width=round(page.width),
            height=round(page.height),
            printer=profile.name,
        )


def _drawn_once(canvas: Canvas, pages: Sequence[Page], profile: Profile) -> frozenset[Item]:
    """Draw what all sheets of a job have in common, as named copies do, once; return it."""
    if len(pages) < 2 or len({(page.width, page.height) for page in pages}) > 1:
        return frozenset()
    first, *others = pages
    shared = frozenset(first.items).intersection(*(page.items for page in others))
    if not shared:
        return frozenset()
    canvas.setPageSize((first.width * _MM, first.height * _MM))
    canvas.beginForm(_SHARED)
    for item in first.items:
        if item in shared:
            _draw(canvas, item, first, profile)
    canvas.endForm()
    return shared


def _draw(canvas: Canvas, item: Item, page: Page, profile: Profile) -> None:
    match item:
        case Text():
            _draw_text(canvas, item, page)
        case Rule():
            canvas.setLineWidth(item.weight * _MM)
            canvas.line(item.x1 * _MM, (page.height - item.y1) * _MM, item.x2 * _MM, (page.height - item.y2) * _MM)
        case Box():
            canvas.setLineWidth(item.weight * _MM)
            bottom = page.height - item.y - item.height
            canvas.rect(item.x * _MM, bottom * _MM, item.width * _MM, item.height * _MM)
        case Barcode():
            _draw_barcode(canvas, item, page, profile)


def _draw_text(canvas: Canvas, item: Text, page: Page) -> None:
    words = fitted(item)
    block = words.size * layout.LEADING * len(words.lines)
    spare = item.height * _MM - block
    above = spare / 2 if item.stand == "middle" else 0.0
    # The em box stands in the middle of its line.
    baseline = (page.height - item.y) * _MM - above - words.size * ((layout.LEADING - 1) / 2 + _ASCENT)
    for line in words.lines:
        free = item.width * _MM - sum(piece.width for piece in line) * words.size
        x = item.x * _MM + {"left": 0.0, "center": free / 2, "right": free}[item.align]
        for piece in line:
            face = fonts.face_of(piece.run)
            canvas.setFont(face, words.size)
            canvas.drawString(x, baseline, fonts.spelled(piece.text, face))
            width = piece.width * words.size
            if piece.run.struck:
                height, thickness, overhang = (words.size * part for part in _STRIKE)
                canvas.setLineWidth(thickness)
                canvas.line(x - overhang, baseline + height, x + width + overhang, baseline + height)
            x += width
        baseline -= words.size * layout.LEADING


def _draw_barcode(canvas: Canvas, item: Barcode, page: Page, profile: Profile) -> None:
    dot = 25.4 / profile.dpi
    modules = code128.modules(item.text)
    module = max(1, round(item.module / dot))
    while module > 1 and (modules + 2 * code128.QUIET) * module * dot > item.width:
        module -= 1
    left = round((item.x + (item.width - modules * module * dot) / 2) / dot)
    path = canvas.beginPath()
    for start, width in code128.bars(item.text):
        x = (left + start * module + 0.25) * dot
        path.rect(
            x * _MM, (page.height - item.y - item.height) * _MM, (width * module - 0.5) * dot * _MM, item.height * _MM
        )
    canvas.drawPath(path, stroke=0, fill=1)


def _slip_pages(slip: Slip, profile: Profile) -> tuple[Page, ...]:
    """Return the pieces of paper between the cuts, each as long as its lines."""
    pages: list[Page] = []
    items: list[Item] = []
    y = profile.margin

    for line in (*slip.lines, Cut()):
        if isinstance(line, Cut):
            if items:
                pages.append(Page(profile.width, y + profile.margin, tuple(items)))
            items, y = [], profile.margin
            continue
        added, height = _slip_line(line, y, profile)
        items += added
        y += height
    return tuple(pages)


def _slip_line(line: Row | Divider | Code, y: float, profile: Profile) -> tuple[list[Item], float]:
    """Return what `line` becomes at `y`, and how high it is."""
    left, inner = profile.sides, profile.width - 2 * profile.sides
    match line:
        case Divider():
            return [Rule(left, y + _GAP, left + inner, y + _GAP)], 2 * _GAP
        case Code():
            width = Barcode(0, 0, line.text).width
            barcode = Barcode((profile.width - width) / 2, y + _GAP, line.text, line.height)
            text_height = _SLIP_SIZE * layout.LEADING / _MM
            words = Text(
                left, y + _GAP + line.height, inner, text_height, (Run(line.text),), _SLIP_SIZE, align="center"
            )
            return [barcode, words], line.height + text_height + 2 * _GAP
    size = _SLIP_SIZE * line.scale
    texts = []
    for cell, (x, width) in zip(line.cells, _shares(line.cells, left, inner), strict=True):
        runs = (Run(cell.text, line.bold),)
        texts.append(Text(x, y, width, 1000, runs, size, size, 99, cell.align, "top"))
    height = max(len(fitted(text).lines) for text in texts) * size * layout.LEADING / _MM
    return [dataclasses.replace(text, height=height) for text in texts], height


def _shares(cells: Sequence[Cell], left: float, inner: float) -> list[tuple[float, float]]:
    """Return left edge and width of each cell: its weight's share of `inner`, less the air between two cells."""
    whole = sum(cell.weight for cell in cells)
    edges = [left + inner * weight / whole for weight in accumulate((cell.weight for cell in cells), initial=0)]
    return [(start, end - start - (_GAP if end < edges[-1] else 0)) for start, end in pairwise(edges)]
