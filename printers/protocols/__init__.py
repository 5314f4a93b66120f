"""From a document and a profile to the bytes a printer takes."""

from __future__ import annotations

import dataclasses

from printers.document import Document, Pages
from printers.profile import Profile, named


def encode(document: Document, profile: Profile) -> bytes:
    """Return `document` in the profile's own protocol. Raises PrinterTrouble where it is for another paper."""
    # What a protocol needs is imported at its first print, not at the program's start.
    match profile.protocol:
        case "pdf":
            from printers.protocols import pdf

            return pdf.encode(document, profile)
        case "escpos":
            from printers.protocols import escpos

            return escpos.encode(document, profile)
        case "tspl":
            from printers.protocols import tspl

            return tspl.encode(document, profile)
        case "zpl":
            from printers.protocols import zpl

            return zpl.encode(document, profile)


def as_pdf(document: Document) -> bytes:
    """Return `document` as a PDF file in its own size, for whoever wants to see or keep it."""
    from printers.protocols import pdf

    if not isinstance(document, Pages):
        return pdf.encode(document, named("driver-80mm"))
    paper = document.pages[0]
    return pdf.encode(document, dataclasses.replace(named("laser-a4"), width=paper.width, height=paper.height))
