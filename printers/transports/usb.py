"""A USB printer through the kernel's own device, where no spooler stands before it (Linux: usblp, /dev/usb/lp0)."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass

from printers.errors import PrinterTrouble
from printers.transports.line import NOT_OURS, NOT_THERE, DescriptorLine, Line


@dataclass(frozen=True, slots=True)
class Usb:
    """The device `path`."""

    path: str

    def open(self, printer: str) -> Line:
        """Open the device. Raises PrinterTrouble."""
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
        except OSError as reason:
            said = NOT_OURS if reason.errno in (errno.EACCES, errno.EPERM, errno.EBUSY) else NOT_THERE
            raise PrinterTrouble(said, printer=printer, place=self.path) from reason
        return DescriptorLine(descriptor)
