"""From a document and a profile to the bytes a printer takes."""

from __future__ import annotations

import dataclasses

from printers.document import Document, Pages
from printers.profile import Profile, named


def encode(document: Document, profile: Profile) -> bytes:
    """Return `document` in the profile's own protocol. Raises PrinterTrouble where it is for another paper."""
    # There is one protocol so far; its library is imported at the first print, not at the program's start.
    from printers.protocols import pdf

    return pdf.encode(document, profile)


def as_pdf(document: Document) -> bytes:
    """Return `document` as a PDF file in its own size, for whoever wants to see or keep it."""
    from printers.protocols import pdf

    if not isinstance(document, Pages):
        return pdf.encode(document, named("virtual-80mm"))
    paper = document.pages[0]
    return pdf.encode(document, dataclasses.replace(named("laser-a4"), width=paper.width, height=paper.height))
