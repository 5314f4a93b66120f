"""A printer of metal: its profile, and the way to it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from printers.document import Document
from printers.errors import JobRefused, PrinterHint, PrinterTrouble
from printers.profile import Profile
from printers.protocols import encode
from printers.shift import shifted
from printers.transports import Asked, Job, Transport


@dataclass(frozen=True, slots=True)
class DevicePrinter:
    """Profile, protocol and transport together. Not `knows_keys`: a job sent twice is two papers.

    `right` and `down` are millimetres by which pages are moved, for paper that lies a little off.
    """

    profile: Profile
    transport: Transport
    right: float = 0.0
    down: float = 0.0
    knows_keys: bool = False

    @property
    def answers(self) -> bool:
        """Whether the printer itself says how it is, so that it may be asked between jobs."""
        return isinstance(self.transport, Asked) and self.transport.answers

    def look(self) -> PrinterHint | None:
        """Return what should be seen to soon, if anything. Raises PrinterTrouble where it could not print now."""
        return self.transport.look() if isinstance(self.transport, Asked) else None

    def print(self, document: Document, job: Job) -> tuple[Path, ...]:
        """Put `document` on paper; there are no pictures of it. Raises PrinterTrouble, JobRefused or PaperUnsure."""
        try:
            data = encode(shifted(document, self.right, self.down), self.profile)
        except PrinterTrouble as reason:
            # Not the printer's state but the paper's kind: waiting would not help.
            raise JobRefused(reason.message, **reason.values) from reason
        self.transport.send(data, job)
        return ()
