"""Serial lines for the tests: pseudo-terminals that are plugged in and pulled out under one name, like /dev/ttyACM0."""

from __future__ import annotations

import contextlib
import os
import tty
from pathlib import Path

from tests.terminals import pseudo_terminal


class Line:
    """The scanner's end of a serial line whose other end is found at `port` while it is plugged in."""

    def __init__(self, port: Path) -> None:
        self.port = port
        self._ends: tuple[int, int] | None = None

    def plug_in(self) -> None:
        """Be found at `port`: on another pseudo-terminal than before."""
        ours, theirs = pseudo_terminal()
        tty.setraw(theirs)
        self._ends = ours, theirs
        self.port.symlink_to(os.ttyname(theirs))

    def send(self, data: bytes) -> None:
        """Send what was scanned."""
        assert self._ends is not None
        os.write(self._ends[0], data)

    def pull_out(self) -> None:
        """Be gone, in the middle of whatever was under way."""
        self.port.unlink(missing_ok=True)
        for end in self._ends or ():
            with contextlib.suppress(OSError):
                os.close(end)
        self._ends = None
