"""Jobs kept in memory, for tests and for looking at paper that is not printed."""

from __future__ import annotations

from printers.transports import Job


class MemoryTransport:
    """Keeps what was sent in `jobs`, in order, as (key, bytes)."""

    def __init__(self) -> None:
        self.jobs: list[tuple[str, bytes]] = []

    def send(self, data: bytes, job: Job) -> None:
        """Keep `data`; a key that was sent before is the same paper, and kept once."""
        if job.key not in dict(self.jobs):
            self.jobs.append((job.key, data))
