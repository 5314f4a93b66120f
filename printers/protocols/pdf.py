"""PDF with the carried typeface embedded: for lasers, dot matrix through its driver, and the virtual printer.

The same document and profile always give the same bytes. Bars are painted on the profile's grid of dots, each half a
dot narrower than its place: renderers blacken every dot that a shape touches, and so give exactly the dots meant.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from typing import Final

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from printers import code128, fonts, qrcode
from printers.document import Barcode, Box, Document, Item, Page, QrCode, Rule, Text
from printers.flow import STRIKE, fitted, placed, sheets
from printers.profile import Profile

_MM: Final = 72 / 25.4
_SHARED: Final = "shared"

# Streams as they are: their ASCII form is a quarter longer and takes longer to make than all the rest.
rl_config.useA85 = 0

# reportlab's fonts keep a reading position, and pages may be encoded on several threads.
_lock = threading.Lock()


def encode(document: Document, profile: Profile) -> bytes:
    """Return `document` as a PDF file. Raises PrinterTrouble where `printers.flow.sheets` does."""
    file = io.BytesIO()
    with _lock:
        pages = sheets(document, profile)
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
        fonts.let_go()
    return file.getvalue()


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
        case QrCode():
            _draw_qr(canvas, item, page, profile)


def _draw_text(canvas: Canvas, item: Text, page: Page) -> None:
    for run, text, x, below, width, size in placed(item, fitted(item)):
        face = fonts.face_of(run)
        baseline = page.height * _MM - below
        canvas.setFont(face, size)
        canvas.drawString(x, baseline, fonts.spelled(text, face))
        if run.struck:
            height, thickness, overhang = (size * part for part in STRIKE)
            canvas.setLineWidth(thickness)
            canvas.line(x - overhang, baseline + height, x + width + overhang, baseline + height)


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


def _draw_qr(canvas: Canvas, item: QrCode, page: Page, profile: Profile) -> None:
    dot = 25.4 / profile.dpi
    rows = qrcode.modules(item.text)
    module = max(1, int(item.size / dot / (len(rows) + 2 * qrcode.QUIET) + 1e-6))
    left, top = (round((edge + (item.size - len(rows) * module * dot) / 2) / dot) for edge in (item.x, item.y))
    path = canvas.beginPath()
    for down, row in enumerate(rows):
        # No half a dot here from row to row: they touch.
        bottom = page.height - (top + (down + 1) * module - 0.05) * dot
        for start, width in code128.dark(row):
            x = (left + start * module + 0.25) * dot
            path.rect(x * _MM, bottom * _MM, (width * module - 0.5) * dot * _MM, (module - 0.1) * dot * _MM)
    canvas.drawPath(path, stroke=0, fill=1)
