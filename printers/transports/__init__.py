"""The way from bytes to a device: one verb, one exception."""

from __future__ import annotations

from typing import Protocol


class Transport(Protocol):
    """Takes a job's bytes to where they become paper."""

    def send(self, data: bytes, *, job: str) -> None:
        """Hand over `data`, whole or not at all. Raises PrinterTrouble.

        `job` is the job's key, minted with the record it prints: the same key sent twice is the same paper.
        """
