"""The way from bytes to a device: one verb, one exception."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from printers.errors import PrinterTrouble

Tell = Callable[[PrinterTrouble | None], None]
"""Hears what stands in a job's way while it waits, and None once nothing does."""


def _unheard(_trouble: PrinterTrouble | None) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a device is told of a job besides its bytes.

    `key` was minted with the record it prints: the same key sent twice is the same paper. `title` names it to people.
    After `seconds` it is no longer wanted, nor once `ended` is set: what has not begun by then must not begin later.
    """

    key: str
    title: str = ""
    seconds: float = 60.0
    tell: Tell = _unheard
    ended: threading.Event = field(default_factory=threading.Event)


class Transport(Protocol):
    """Takes a job's bytes to where they become paper."""

    def send(self, data: bytes, job: Job) -> None:
        """Hand over `data` and wait until it is paper.

        Raises PrinterTrouble where there certainly is no paper, PaperUnsure where there may be.
        """
