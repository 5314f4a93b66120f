"""A printer on a serial line, or on USB that plays one (COM3, /dev/ttyUSB0): 8 bits, no parity, one stop bit."""

from __future__ import annotations

import contextlib
import errno
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from printers.errors import PrinterTrouble
from printers.transports.line import CHUNK, NO_SUCH_SPEED, NOT_OURS, NOT_THERE, DescriptorLine, Line, LineLost

if TYPE_CHECKING:
    from serial import Serial as Port

SPEED: Final = 9600
SPEEDS: Final = (1200, 921600)

# An unplugged line shows as pyserial's own exception (an OSError), a plain OSError, or the terminal's.
_LOST: tuple[type[Exception], ...] = (OSError,)
if sys.platform != "win32":
    import fcntl
    import termios

    _LOST += (termios.error,)


@dataclass(frozen=True, slots=True)
class Serial:
    """The line `port` at `speed` bits a second.

    XON and XOFF of the printer are minded; the wires of hardware handshakes are not, for most cables lack them.
    """

    port: str
    speed: int = SPEED

    def open(self, printer: str) -> Line:
        """Open the line for this program alone. Raises PrinterTrouble."""
        import serial

        try:
            port = serial.Serial(self.port, self.speed, timeout=0, write_timeout=0, xonxoff=True, exclusive=_EXCLUSIVE)
        except ValueError as reason:
            raise PrinterTrouble(NO_SUCH_SPEED, printer=printer, place=self.port) from reason
        except _LOST as reason:
            raise PrinterTrouble(_why(reason), printer=printer, place=self.port) from reason
        return _WindowsLine(port) if sys.platform == "win32" else _TerminalLine(port)


#: Windows knows no other way; there pyserial refuses to be told.
_EXCLUSIVE: Final = None if sys.platform == "win32" else True


def _why(reason: Exception) -> str:
    # On Windows pyserial keeps the system's own exception only in its words.
    if getattr(reason, "errno", None) == errno.ENOENT or "FileNotFoundError" in str(reason):
        return NOT_THERE
    return NOT_OURS


class _TerminalLine(DescriptorLine):
    """The descriptor that pyserial has set up: reading and writing it ourselves tells how many bytes were taken."""

    def __init__(self, port: Port) -> None:
        super().__init__(port.fileno())
        self._port = port

    def pending(self) -> int:
        """See Line: what waits in the kernel for the line's own speed."""
        held = bytearray(4)
        try:
            fcntl.ioctl(self._port.fileno(), termios.TIOCOUTQ, held)
        except _LOST as reason:
            raise LineLost(str(reason)) from reason
        return int.from_bytes(held, sys.byteorder)

    def close(self) -> None:
        """See Line."""
        # Closing would wait up to thirty seconds for a printer that takes nothing.
        with contextlib.suppress(LineLost, *_LOST):
            if self.pending():
                self._port.reset_output_buffer()
        with contextlib.suppress(*_LOST):
            self._port.close()


class _WindowsLine:
    """The line through pyserial, which does not tell how many bytes a device took in time. Not tried yet."""

    def __init__(self, port: Port) -> None:
        self._port = port

    def write(self, data: bytes, seconds: float) -> int:
        """See Line; a device that stops in the middle of a piece is lost, for nobody knows where."""
        if self._port.out_waiting:
            return 0
        piece = data[: min(CHUNK, 64)]
        try:
            self._port.write_timeout = max(seconds, 1.0)
            self._port.write(piece)
        except OSError as reason:
            raise LineLost(str(reason)) from reason
        return len(piece)

    def read(self, seconds: float) -> bytes:
        """See Line."""
        try:
            self._port.timeout = seconds
            return self._port.read(1) + self._port.read(self._port.in_waiting)
        except OSError as reason:
            raise LineLost(str(reason)) from reason

    def pending(self) -> int:
        """See Line."""
        try:
            return self._port.out_waiting
        except OSError as reason:
            raise LineLost(str(reason)) from reason

    def close(self) -> None:
        """See Line."""
        with contextlib.suppress(OSError):
            self._port.reset_output_buffer()
        with contextlib.suppress(OSError):
            self._port.close()
