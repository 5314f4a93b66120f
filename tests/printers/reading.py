"""Reads paper back: its words, its barcodes, and where the ink is. Other eyes than those that drew it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import combinations

import pypdfium2
import zxingcpp
from PIL import Image

from printers.document import Barcode, Box, Page, Rule
from printers.picture import pictures

MM = 25.4 / 72
TEXT_OBJECT = 1  # FPDF_PAGEOBJ_TEXT of pdfium's fpdf_edit.h
CODE128 = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.Code128)


@dataclass(frozen=True)
class Ink:
    """A rectangle in millimetres from the page's top left corner."""

    left: float
    top: float
    right: float
    bottom: float
    what: str

    def touches(self, other: Ink, air: float) -> bool:
        """Whether there is less than `air` millimetres between the two; negative air forgives an overlap."""
        return (
            self.left < other.right + air
            and other.left < self.right + air
            and self.top < other.bottom + air
            and other.top < self.bottom + air
        )


def words(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    with pypdfium2.PdfDocument(pdf) as document:  # type: ignore[no-untyped-call]  # the library is untyped
        return [page.get_textpage().get_text_range() for page in document]


def image(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def barcodes(pdf: bytes, dpi: int) -> list[list[str]]:
    """Return the Code128 texts of each page, as a scanner finds them at `dpi`."""
    found = []
    for png in pictures(pdf, dpi):
        codes = zxingcpp.read_barcodes(image(png), CODE128)
        found.append([code.text for code in codes])
    return found


def inks(pdf: bytes) -> list[list[Ink]]:
    """Return where the glyphs of each page stand, one rectangle a piece of text."""
    pages = []
    with pypdfium2.PdfDocument(pdf) as document:  # type: ignore[no-untyped-call]  # the library is untyped
        for page in document:
            height, found = page.get_height(), []
            textpage = page.get_textpage()
            for thing in page.get_objects(filter=[TEXT_OBJECT], textpage=textpage):
                left, bottom, right, top = thing.get_bounds()
                if right > left and top > bottom:
                    place = (left * MM, (height - top) * MM, right * MM, (height - bottom) * MM)
                    found.append(Ink(*place, thing.extract().strip()))
            pages.append(found)
    return pages


def faults(page: Page, texts: list[Ink], *, margin: float) -> list[str]:
    """Return what a careful reader of the paper would object to: each overlap, each thing too near the edge."""
    lines = [Ink(item.x1, item.y1, item.x2, item.y2, "rule") for item in page.items if isinstance(item, Rule)]
    for box in (item for item in page.items if isinstance(item, Box)):
        right, bottom = box.x + box.width, box.y + box.height
        lines += [Ink(box.x, y, right, y, "box") for y in (box.y, bottom)]
        lines += [Ink(x, box.y, x, bottom, "box") for x in (box.x, right)]
    codes = [
        Ink(item.x, item.y, item.x + item.width, item.y + item.height, item.text)
        for item in page.items
        if isinstance(item, Barcode)
    ]
    found = [f"{text.what} on a {line.what}" for text in texts for line in lines if text.touches(line, 0.15)]
    found += [f"{thing.what} on {code.what}" for code in codes for thing in texts + lines if code.touches(thing, 0)]
    found += [f"{one.what} on {two.what}" for one, two in combinations(texts, 2) if one.touches(two, -0.1)]
    for thing in texts + lines + codes:
        if min(thing.left, thing.top, page.width - thing.right, page.height - thing.bottom) < margin:
            found.append(f"{thing.what} leaves the paper")
    return found
