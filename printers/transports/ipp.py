"""The little of IPP (RFC 8011) that asks a spooler how a job or a printer is.

The spooler's own programs do not tell a job that was given up from one that was printed; the protocol does.
"""

from __future__ import annotations

import http.client
import itertools
import socket
import struct
from collections.abc import Iterator
from typing import Final

Value = int | bool | str
Attributes = dict[str, list[Value]]

GET_JOB: Final = 0x0009
GET_PRINTER: Final = 0x000B

_OPERATION, _END = 0x01, 0x03
_INTEGER, _BOOLEAN, _ENUM = 0x21, 0x22, 0x23
_KEYWORD, _URI, _CHARSET, _LANGUAGE = 0x44, 0x45, 0x47, 0x48
_TEXTS: Final = frozenset(range(0x40, 0x60))
_FIRST_DELIMITER_FREE: Final = 0x10
_OK_UP_TO: Final = 0x00FF
_NOT_FOUND: Final = 0x0406

_numbers = itertools.count(1)


class NotThere(Exception):  # noqa: N818 - an answer, not a fault
    """The spooler has no such job or printer."""


def ask(server: str, operation: int, uri: str, wanted: tuple[str, ...], seconds: float) -> Attributes:
    """Return the `wanted` attributes of the job or printer at `uri`.

    `server` is "host:port", or the path of a socket. Raises NotThere, and OSError or ValueError where no proper
    answer comes within `seconds`.
    """
    target = "job-uri" if operation == GET_JOB else "printer-uri"
    body = struct.pack(">BBHI", 1, 1, operation, next(_numbers)) + bytes([_OPERATION])
    body += _attribute(_CHARSET, "attributes-charset", "utf-8")
    body += _attribute(_LANGUAGE, "attributes-natural-language", "en")
    body += _attribute(_URI, target, uri)
    for place, name in enumerate(wanted):
        body += _attribute(_KEYWORD, "" if place else "requested-attributes", name)
    connection = _connection(server, seconds)
    try:
        connection.request("POST", "/", body + bytes([_END]), {"Content-Type": "application/ipp"})
        answer = connection.getresponse()
        if answer.status != http.client.OK:
            raise ValueError(f"{answer.status} {answer.reason}")
        return _read(answer.read())
    except http.client.HTTPException as reason:
        raise ValueError(f"no proper answer: {reason!r}") from reason
    finally:
        connection.close()


class _LocalConnection(http.client.HTTPConnection):
    """HTTP through the socket of a file system."""

    def __init__(self, path: str, seconds: float) -> None:
        super().__init__("localhost", timeout=seconds)
        self._path = path

    def connect(self) -> None:
        """Open the socket."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _connection(server: str, seconds: float) -> http.client.HTTPConnection:
    if server.startswith("/"):
        return _LocalConnection(server, seconds)
    host, _, port = server.rpartition(":")
    return http.client.HTTPConnection(host.strip("[]"), int(port), timeout=seconds)


def _attribute(tag: int, name: str, value: str) -> bytes:
    words = [text.encode() for text in (name, value)]
    return bytes([tag]) + b"".join(struct.pack(">H", len(word)) + word for word in words)


def _read(answer: bytes) -> Attributes:
    """Return the attributes in `answer`. Raises ValueError where it is cut or says that something went wrong."""
    found: Attributes = {}
    try:
        (status,) = struct.unpack_from(">H", answer, 2)
        for name, value in _values(answer):
            found.setdefault(name, []).append(value)
    except (struct.error, IndexError, UnicodeDecodeError) as reason:
        raise ValueError("the answer is cut") from reason
    if status == _NOT_FOUND:
        raise NotThere
    if status > _OK_UP_TO:
        raise ValueError(f"IPP status {status:#06x}")
    return found


def _values(answer: bytes) -> Iterator[tuple[str, Value]]:
    place, name = 8, ""
    while (tag := answer[place]) != _END:
        place += 1
        if tag < _FIRST_DELIMITER_FREE:
            continue
        named, place = _counted(answer, place)
        content, place = _counted(answer, place)
        name = named.decode() or name
        if tag in (_INTEGER, _ENUM):
            yield name, int.from_bytes(content, "big", signed=True)
        elif tag == _BOOLEAN:
            yield name, content != b"\0"
        elif tag in _TEXTS:
            yield name, content.decode(errors="replace")


def _counted(answer: bytes, place: int) -> tuple[bytes, int]:
    (length,) = struct.unpack_from(">H", answer, place)
    end = place + 2 + length
    if end > len(answer):
        raise IndexError(place)
    return answer[place + 2 : end], end
