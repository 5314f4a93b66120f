"""A printer of metal: its profile, and the way to it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from printers.document import Document
from printers.profile import Profile
from printers.protocols import encode
from printers.transports import Job, Transport


@dataclass(frozen=True, slots=True)
class DevicePrinter:
    """Profile, protocol and transport together. Not `knows_keys`: a job sent twice is two papers."""

    profile: Profile
    transport: Transport
    knows_keys: bool = False

    def print(self, document: Document, job: Job) -> tuple[Path, ...]:
        """Put `document` on paper; there are no pictures of it. Raises PrinterTrouble, or PaperUnsure."""
        self.transport.send(encode(document, self.profile), job)
        return ()
