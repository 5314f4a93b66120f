"""From a document and a profile to the bytes a printer takes."""

from __future__ import annotations

from printers.document import Document
from printers.profile import Profile


def encode(document: Document, profile: Profile) -> bytes:
    """Return `document` in the profile's own protocol. Raises PrinterTrouble where it is for another paper."""
    # There is one protocol so far; its library is imported at the first print, not at the program's start.
    from printers.protocols import pdf

    return pdf.encode(document, profile)
