"""The serial line of a scanner: whether it can be opened, and where one code ends and the next begins. No Qt."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from typing import Final

import serial

from counterapp.errors import Trouble
from counterapp.settings import SerialScannerSettings
from counterapp.words import N_

#: A scanner sends its code in one go: a tenth of a second without a byte is its end.
PAUSE: Final = 0.1
#: More of a code than this is not kept; it is longer than any code of a store all the same.
_KEPT: Final = 256
_BUSY: Final = frozenset({errno.EBUSY, errno.EAGAIN})
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM})


def line_failures() -> tuple[type[BaseException], ...]:
    """Return what pyserial lets through when a line is missing or goes away: its own, the system's, and termios'."""
    if sys.platform == "win32":
        return (OSError, ValueError)
    import termios

    return (OSError, ValueError, termios.error)


def open_line(name: str, scanner: SerialScannerSettings) -> serial.Serial:
    """Open the line of a scanner, for this program alone. Raises Trouble, which says what to do."""
    try:
        return serial.Serial(scanner.port, scanner.baud, timeout=PAUSE, exclusive=True)
    except line_failures() as error:
        raise _trouble(name, scanner, error) from error


def check_line(name: str, scanner: SerialScannerSettings) -> Trouble | None:
    """Return what keeps the line from being opened, None where it can be. Nothing is read from it.

    While the counter is open it holds the line itself, which is then said to be in use.
    """
    try:
        open_line(name, scanner).close()
    except Trouble as trouble:
        return trouble
    return None


def unplugged(name: str, scanner: SerialScannerSettings) -> Trouble:
    """Say that a scanner is gone, and what to do."""
    return Trouble(
        N_("Scanner {name}: unplugged. Plug it in at {port}; it is found again by itself."),
        name=name,
        port=scanner.port,
    )


def _trouble(name: str, scanner: SerialScannerSettings, error: BaseException) -> Trouble:
    number, said = getattr(error, "errno", None), str(error)  # on Windows only the text tells
    if number in _FORBIDDEN:
        return Trouble(
            N_("Scanner {name}: this account may not use {port}. Ask IT to allow it."), name=name, port=scanner.port
        )
    if number in _BUSY or "PermissionError" in said:
        return Trouble(
            N_("Scanner {name}: another program uses {port}. Close it; the scanner is found by itself."),
            name=name,
            port=scanner.port,
        )
    if number in {errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.EIO} or "FileNotFoundError" in said:
        return unplugged(name, scanner)
    return Trouble(
        N_("Scanner {name}: {port} cannot be used as a serial line: {reason}. Ask IT to look at the settings."),
        name=name,
        port=scanner.port,
        reason=said,
    )


class Splitter:
    """Finds codes in what comes down the line. With a `suffix`, only that ends a code; without one, CR, LF, CR LF or
    a pause do.

    Codes come out as they were sent, byte by character, without prefix and suffix; None stands for one that was cut.
    """

    def __init__(self, prefix: str = "", suffix: str = "") -> None:
        self._prefix, self._suffix = prefix, suffix
        self._text = ""

    @property
    def in_code(self) -> bool:
        """Whether a code has begun that has not ended."""
        return bool(self._text)

    def feed(self, data: bytes) -> Iterator[str | None]:
        """Take more bytes, and give the codes that end in them."""
        for char in data.decode("latin-1"):
            ends = char in "\r\n"
            if ends and not self._text:
                continue  # the second half of CR LF
            if not ends or self._suffix:
                self._text += char
            if self._suffix and self._text.endswith(self._suffix):
                yield self._taken(self._text.removesuffix(self._suffix))
            elif ends and not self._suffix:
                yield self._taken(self._text)
            elif len(self._text) > 2 * _KEPT:
                self._text = self._text[:_KEPT] + self._text[-_KEPT:]

    def pause(self) -> Iterator[str | None]:
        """Nothing came for a while: give the code that this ends, if there is one."""
        if self._text:
            yield self._taken(None if self._suffix else self._text)

    def _taken(self, text: str | None) -> str | None:
        self._text = ""
        return text.removeprefix(self._prefix) if text is not None and text.startswith(self._prefix) else None
