"""A printer without hardware: every paper is kept as a printer's bytes and as the pictures that these make."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from printers.document import Document
from printers.profile import Profile
from printers.protocols import encode
from printers.transports import Job
from printers.transports.file import FileTransport


@dataclass(frozen=True, slots=True)
class VirtualPrinter:
    """Profile, protocol and folder together. `knows_keys`: a job sent twice is one paper."""

    profile: Profile
    folder: Path
    knows_keys: bool = True

    def print(self, document: Document, job: Job) -> tuple[Path, ...]:
        """Keep `document` as `job` and return the pictures of its pages. Raises PrinterTrouble."""
        transport = FileTransport(self.folder, self.profile)
        transport.send(encode(document, self.profile), job)
        return transport.pictures(job.key)
