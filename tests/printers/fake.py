"""A receipt printer that behaves as real ones do, at the end of a TCP connection or of a pseudo-terminal.

It answers DLE EOT at once and GS r 1 in its turn, keeps what it printed in `paper`, and does what its `mood` says.
"""

from __future__ import annotations

import contextlib
import enum
import os
import select
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

if sys.platform != "win32":
    import termios
    import tty

from tests.terminals import pseudo_terminal


class Mood(enum.Enum):
    OK = "prints"
    SLOW = "takes a hundred bytes at a time, and its time"
    PAPER_OUT = "has no paper: says so, and prints nothing"
    COVER_OPEN = "stands open: says so, and prints nothing"
    NEAR_END = "prints, and says that the paper is nearly out"
    RUNS_OUT = "prints the beginning of a paper, then has no more of it"
    MUTE = "takes everything and says nothing"
    STALLS = "takes the beginning of a paper and then no more, and says nothing"
    RESETS = "resets the connection, or is unplugged, at the first byte of a paper"
    CLOSES = "goes away in the middle of a paper"
    GARBLES = "answers what no printer answers"


#: Of a paper that is broken off, so much is taken.
BEGINNING = 100

_HINDERED = {Mood.PAPER_OUT, Mood.COVER_OPEN}
_ANSWERS = {
    Mood.PAPER_OUT: {1: 0x1A, 2: 0x32, 4: 0x72},
    Mood.COVER_OPEN: {1: 0x1A, 2: 0x16},
    Mood.NEAR_END: {4: 0x1E},
}


class _Gone(Exception):  # noqa: N818
    pass


class FakePrinter:
    """The printer: change its `mood` at any time; `paper` is what it printed, `withdrawn` whether it was told to drop.

    `heard` is called with each piece as it comes onto paper.
    """

    def __init__(self, mood: Mood = Mood.OK) -> None:
        self.paper = b""
        self.mood = mood
        self.withdrawn = False
        self.address = ""
        self.heard: Callable[[bytes], None] = lambda _piece: None
        #: Whether it knows how to say that it is through, and how to drop what it holds.
        self.fences = True
        self.drops = True
        #: After so many bytes on paper it goes away.
        self.goes_after: int | None = None
        self._buffer = b""

    @property
    def mood(self) -> Mood:
        return self._mood

    @mood.setter
    def mood(self, mood: Mood) -> None:
        # What a mood does in the middle of a paper, it does from here on.
        self._mood, self._before = mood, len(self.paper)

    @property
    def _since(self) -> int:
        return len(self.paper) - self._before

    @property
    def hindered(self) -> bool:
        out = self.mood is Mood.RUNS_OUT and self._since >= BEGINNING
        return self.mood in _HINDERED or out

    def take(self, came: bytes) -> bytes:
        """Take bytes in and return the answers to them. Raises _Gone where the printer goes away."""
        answers = b""
        self._buffer += came
        real_time, self._buffer = _real_time(self._buffer)
        for command in real_time:
            if command[1] == 0x04:
                answers += self._answer(command[2])
            elif self.drops:
                self.withdrawn, self._buffer = True, b""
        return answers + self._print()

    def _answer(self, number: int) -> bytes:
        if self.mood is Mood.MUTE or (self.mood is Mood.STALLS and self._since):
            return b""
        if self.mood is Mood.GARBLES:
            return b"\xf7\x81"
        mood = Mood.PAPER_OUT if self.hindered and self.mood is Mood.RUNS_OUT else self.mood
        return bytes([_ANSWERS.get(mood, {}).get(number, 0x12)])

    def _print(self) -> bytes:
        """Print what lies in the buffer, as far as the printer's state allows, and answer what stands in it."""
        answers = b""
        while self._buffer and not self.hindered and not _begins_command(self._buffer):
            piece, fence, rest = self._buffer.partition(_FENCE)
            most = max(0, self._most - self._since)
            self._buffer = piece[most:] + fence + rest if piece[most:] else fence + rest
            if piece and self.mood is Mood.RESETS:
                raise _Gone
            self.paper += piece[:most]
            if piece:
                self.heard(piece[:most])
            if (self.mood is Mood.CLOSES or self.goes_after is not None) and self._since >= self._most:
                raise _Gone
            if piece[most:] or (self.mood is Mood.STALLS and self._since):
                break
            if fence:
                self._buffer = rest
                answers += b"\x00" if self.fences and self.mood is not Mood.MUTE else b""
        return answers

    @property
    def _most(self) -> int:
        """How many bytes come onto paper as things stand."""
        if self.goes_after is not None:
            return self.goes_after
        return BEGINNING if self.mood in {Mood.RUNS_OUT, Mood.STALLS, Mood.CLOSES} else sys.maxsize

    @property
    def stalls(self) -> bool:
        return self.mood is Mood.STALLS and self._since >= BEGINNING

    @property
    def takes(self) -> int:
        """How many bytes it takes at a time."""
        return 100 if self.mood is Mood.SLOW or self._most < sys.maxsize else 4096

    def pause(self) -> None:
        if self.mood is Mood.SLOW:
            time.sleep(0.02)


_FENCE = b"\x1dr\x01"
_DROPS = (b"\x10\x05\x02", b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08")
_COMMANDS = (*(bytes([0x10, 0x04, number]) for number in (1, 2, 3, 4)), *_DROPS, _FENCE)


def _begins_command(buffer: bytes) -> bool:
    """Whether what waits ends in the middle of a command, whose rest is still to come."""
    return any(buffer.endswith(command[:length]) for command in _COMMANDS for length in range(1, len(command)))


def _real_time(buffer: bytes) -> tuple[list[bytes], bytes]:
    """Take the real-time commands out of what waits, as a printer does wherever they stand."""
    found = []
    for command in _COMMANDS[:-1]:
        while command in buffer:
            found.append(command)
            buffer = buffer.replace(command, b"", 1)
    return found, buffer


@contextmanager
def over_tcp(printer: FakePrinter) -> Iterator[FakePrinter]:
    """Let `printer` be reached at `printer.address` ("tcp:127.0.0.1:…"), one connection at a time."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Small, so that a printer which stops reading is soon noticed by whoever writes.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        printer.address = f"tcp:127.0.0.1:{listening.getsockname()[1]}"
        ended = threading.Event()
        thread = threading.Thread(target=_serve, args=(printer, listening, ended), daemon=True)
        thread.start()
        try:
            yield printer
        finally:
            ended.set()
            thread.join(10)


def _serve(printer: FakePrinter, listening: socket.socket, ended: threading.Event) -> None:
    while not ended.is_set():
        if not select.select([listening], [], [], 0.02)[0]:
            continue
        connection, _ = listening.accept()
        with connection, contextlib.suppress(OSError):
            try:
                _converse(printer, connection, ended)
            except _Gone:
                if printer.mood is Mood.RESETS:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _converse(printer: FakePrinter, connection: socket.socket, ended: threading.Event) -> None:
    while not ended.is_set():
        if printer.stalls or not select.select([connection], [], [], 0.02)[0]:
            time.sleep(0.005 if printer.stalls else 0)
            answers = b"" if printer.stalls else printer.take(b"")
        else:
            came = connection.recv(printer.takes)
            if not came:
                return
            answers = printer.take(came)
            printer.pause()
        if answers:
            connection.sendall(answers)


@contextmanager
def over_terminal(printer: FakePrinter, way: str = "serial") -> Iterator[FakePrinter]:
    """Let `printer` be reached at a pseudo-terminal, as "serial:…" or "usb:…"; going away unplugs it for good."""
    ours, theirs = pseudo_terminal()
    tty.setraw(theirs, termios.TCSANOW)
    printer.address = f"{way}:{os.ttyname(theirs)}"
    # Kept open here, or the pair would be over when the program lets go of its end.
    ended = threading.Event()
    thread = threading.Thread(target=_play, args=(printer, ours, theirs, ended), daemon=True)
    thread.start()
    try:
        yield printer
    finally:
        ended.set()
        thread.join(10)


def _play(printer: FakePrinter, ours: int, theirs: int, ended: threading.Event) -> None:
    try:
        while not ended.is_set():
            if printer.stalls or not select.select([ours], [], [], 0.02)[0]:
                time.sleep(0.005 if printer.stalls else 0)
                answers = b"" if printer.stalls else printer.take(b"")
            else:
                answers = printer.take(os.read(ours, printer.takes))
                printer.pause()
            if answers:
                os.write(ours, answers)
    except (_Gone, OSError):
        pass
    finally:
        os.close(ours)
        os.close(theirs)
