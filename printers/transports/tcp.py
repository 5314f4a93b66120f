"""A printer in the network that takes raw bytes, as nearly all do at port 9100."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import queue
import select
import socket
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any, Final

from printers.errors import PrinterTrouble
from printers.transports.line import CHUNK, NO_SUCH_NAME, NOT_LISTENING, UNANSWERED, Line, LineLost

PORT: Final = 9100
#: Seconds; a printer in the house answers in milliseconds, and what is wrong has to be said within two seconds.
_CONNECTS_WITHIN: Final = 1.5
#: Milliseconds after which the kernel gives up a peer that acknowledges nothing or keeps its window shut (RFC 5482).
_UNACKNOWLEDGED_MS: Final = 5000
#: A large buffer would take a whole job for a printer that has stopped reading, and call it sent.
_SEND_BUFFER: Final = 8192


@dataclass(frozen=True, slots=True)
class Tcp:
    """The printer at `host`, a name or a number, and `port`."""

    host: str
    port: int = PORT

    def open(self, printer: str) -> Line:
        """Connect. Raises PrinterTrouble within `_CONNECTS_WITHIN`."""
        until = time.monotonic() + _CONNECTS_WITHIN
        place = f"{self.host}:{self.port}"
        said: OSError = TimeoutError("no time left")
        for family, address in _addresses(self.host, self.port, printer):
            connection = socket.socket(family, socket.SOCK_STREAM)
            try:
                _prepare(connection)
                connection.settimeout(max(0.05, until - time.monotonic()))
                connection.connect(address)
                connection.setblocking(False)
            except OSError as reason:
                connection.close()
                said = reason
            else:
                return TcpLine(connection)
        sentence = NOT_LISTENING if isinstance(said, ConnectionRefusedError) else UNANSWERED
        raise PrinterTrouble(sentence, printer=printer, place=place) from said


class TcpLine:
    """A connection that does not block."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def write(self, data: bytes, seconds: float) -> int:
        """See Line."""
        try:
            _, ready, _ = select.select([], [self._connection], [], seconds)
            return self._connection.send(data[:CHUNK]) if ready else 0
        except BlockingIOError:
            return 0
        except OSError as reason:
            raise LineLost(str(reason)) from reason

    def read(self, seconds: float) -> bytes:
        """See Line."""
        try:
            ready, _, _ = select.select([self._connection], [], [], seconds)
            if not ready:
                return b""
            came = self._connection.recv(CHUNK)
        except BlockingIOError:
            return b""
        except OSError as reason:
            raise LineLost(str(reason)) from reason
        if not came:
            raise LineLost("closed by the printer")
        return came

    def pending(self) -> int:
        """See Line: what the printer's network side has not acknowledged. Windows does not tell."""
        if sys.platform == "win32":
            return 0
        import fcntl
        import termios

        held = bytearray(4)
        try:
            fcntl.ioctl(self._connection.fileno(), termios.TIOCOUTQ, held)
            # What a connection that was reset still held stays counted for ever.
            lost = self._connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        except OSError as reason:
            raise LineLost(str(reason)) from reason
        if lost:
            raise LineLost(os.strerror(lost))
        return int.from_bytes(held, sys.byteorder)

    def close(self) -> None:
        """See Line."""
        # A connection that is closed with answers unread is reset, and the printer may then drop what it holds.
        with contextlib.suppress(LineLost):
            while self.read(0):
                pass
        self._connection.close()


def _prepare(connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
    if sys.platform == "linux":
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKNOWLEDGED_MS)


def _addresses(host: str, port: int, printer: str) -> list[tuple[int, Any]]:
    """Return families and addresses of `host`, whose name the network may take minutes to look up: not so here."""
    with contextlib.suppress(ValueError):
        # A number needs no thread, which costs milliseconds where others are at work.
        ipaddress.IPv4Address(host)
        return [(socket.AF_INET, (host, port))]
    found: queue.SimpleQueue[list[tuple[int, Any]]] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            entries = []
        found.put([(entry[0], entry[4]) for entry in entries])

    threading.Thread(target=look_up, name="printer-name", daemon=True).start()
    try:
        addresses = found.get(timeout=_CONNECTS_WITHIN)
    except queue.Empty:
        addresses = []
    if not addresses:
        raise PrinterTrouble(NO_SUCH_NAME, printer=printer, place=host)
    return addresses
