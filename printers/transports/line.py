"""A line to a printer: bytes both ways, and a deadline on each. Whatever breaks it is one exception."""

from __future__ import annotations

import os
import select
from typing import Final, Protocol

from printers.errors import N_

#: How much is given to a device at once: what a stalled one has not taken is then known to a few bytes.
CHUNK: Final = 1024

#: Why a line could not be opened; each with {printer} and {place}.
UNANSWERED: Final = N_("{printer} does not answer. Look whether it is on, and at its cable.")
NOT_LISTENING: Final = N_(
    "{printer}: the device at {place} takes no papers. Switch the printer off and on, or correct its address."
)
NO_SUCH_NAME: Final = N_("{printer}: the network knows no {place}. Look at the network cable, or correct the address.")
NOT_THERE: Final = N_("{printer}: this PC has no {place}. Plug the printer's cable in, or correct its address.")
NOT_OURS: Final = N_(
    "{printer}: {place} is taken by another program or closed to this account. Close that program, or call IT."
)
NO_SUCH_SPEED: Final = N_("{printer}: {place} cannot be set to its speed. Correct the address (PORT@SPEED).")


class LineLost(Exception):  # noqa: N818 - what happened, not whose fault
    """The line broke: unplugged, switched off, closed or reset from the other end."""


class Line(Protocol):
    """An open way to a printer."""

    def write(self, data: bytes, seconds: float) -> int:
        """Return how many of the first bytes of `data` were taken within `seconds`, 0 for none. Raises LineLost."""

    def read(self, seconds: float) -> bytes:
        """Return what comes within `seconds`, as soon as anything does; b"" for nothing. Raises LineLost."""

    def pending(self) -> int:
        """Return how many of the bytes taken are known not to have left this PC. Raises LineLost."""

    def close(self) -> None:
        """Let the line go; what is pending is dropped. Never waits, and raises nothing."""


class Way(Protocol):
    """How a line is opened."""

    def open(self, printer: str) -> Line:
        """Return the open line to the printer that people call `printer`. Raises PrinterTrouble."""


class DescriptorLine:
    """A line through a file descriptor that does not block: a device of the kernel."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def write(self, data: bytes, seconds: float) -> int:
        """See Line."""
        try:
            return os.write(self._descriptor, data[:CHUNK]) if self._seen(select.POLLOUT, seconds) else 0
        except BlockingIOError:
            return 0
        except OSError as reason:
            raise LineLost(str(reason)) from reason

    def read(self, seconds: float) -> bytes:
        """See Line."""
        try:
            return os.read(self._descriptor, CHUNK) if self._seen(select.POLLIN, seconds) else b""
        except BlockingIOError:
            return b""
        except OSError as reason:
            raise LineLost(str(reason)) from reason

    def pending(self) -> int:
        """See Line: a device that is not ready for more still has the last bytes under way."""
        return int(not self._seen(select.POLLOUT, 0))

    def close(self) -> None:
        """See Line."""
        os.close(self._descriptor)

    def _seen(self, wanted: int, seconds: float) -> bool:
        """Wait until the device is ready for what is wanted. Raises LineLost where it was unplugged."""
        waiting = select.poll()
        waiting.register(self._descriptor, wanted)
        for _descriptor, seen in waiting.poll(seconds * 1000):
            # Without asking for it: reading from what was unplugged gives nothing, for ever and without a fault.
            if seen & (select.POLLHUP | select.POLLERR | select.POLLNVAL):
                raise LineLost("the device hung up")
            return bool(seen & wanted)
        return False
