"""The way from bytes to a device: one verb, one exception."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from printers.errors import PrinterHint, PrinterTrouble

Tell = Callable[[PrinterTrouble | None], None]
"""Hears what stands in a job's way while it waits, and None once nothing does."""


Hint = Callable[[PrinterHint | None], None]
"""Hears after a job what should be seen to soon, and None where there is nothing."""


def _unheard(_said: object) -> None:
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
    hint: Hint = _unheard
    ended: threading.Event = field(default_factory=threading.Event)


class Transport(Protocol):
    """Takes a job's bytes to where they become paper."""

    def send(self, data: bytes, job: Job) -> None:
        """Hand over `data` and wait until it is paper.

        Raises PrinterTrouble where there certainly is no paper (JobRefused where there will be none either), and
        PaperUnsure where there may be.
        """


@runtime_checkable
class Asked(Protocol):
    """A transport that can be asked how its printer is, without printing."""

    @property
    def answers(self) -> bool:
        """Whether the printer itself answers, so that it may be asked between jobs."""

    def look(self) -> PrinterHint | None:
        """Return what should be seen to soon, if anything. Raises PrinterTrouble where it could not print now."""
