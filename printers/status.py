"""What a printer says of itself, asked in its own words before and after a job.

Each way of asking is a small class around an open line: `ask` returns a `Status`, `is_through` tells whether all that
was sent before has been carried out, `end` is what a job ends with so that this can be told, and `withdraw` what drops
a job that was given up. What is documented for one maker's printers may be nonsense to another's: an answer that does
not have the documented shape is none.
"""

from __future__ import annotations

import enum
import re
import time
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from printers.errors import N_, PrinterHint, PrinterTrouble
from printers.transports.line import Line

Speaks = Literal["none", "escpos", "tspl", "zpl"]

#: Seconds; printers answer in some milliseconds, and what is wrong has to be said within two seconds.
ANSWERS_WITHIN: Final = 1.0
#: In which a printer that does nothing else has answered all that it was asked.
_QUIET: Final = 0.15


class Says(enum.StrEnum):
    """What a printer may say of itself; the worst comes first."""

    MUTE = "mute"
    GARBLED = "garbled"
    COVER_OPEN = "cover open"
    PAPER_OUT = "paper out"
    RIBBON_OUT = "ribbon out"
    JAMMED = "jammed"
    CUTTER_STUCK = "cutter stuck"
    HOT = "hot"
    PAUSED = "paused"
    FAULT = "fault"
    OFFLINE = "offline"
    NEAR_END = "near end"
    BUSY = "busy"


_SENTENCES: Final = {
    Says.MUTE: N_("{printer} says nothing. Look at its paper and cover, then switch it off and on."),
    Says.GARBLED: N_("{printer} answers nonsense. Call IT: its speed in the address, or its profile, is another's."),
    Says.COVER_OPEN: N_("{printer}: the cover is open. Close it."),
    Says.PAPER_OUT: N_("{printer}: the paper is out. Put paper in; it then goes on by itself."),
    Says.RIBBON_OUT: N_("{printer}: ribbon or toner is used up. Change it."),
    Says.JAMMED: N_("{printer}: the paper is jammed. Take it out and close the printer."),
    Says.CUTTER_STUCK: N_("{printer}: the knife is stuck. Open the cover, free the paper and close it."),
    Says.HOT: N_("{printer} is too hot. Wait a moment; it then goes on by itself."),
    Says.PAUSED: N_("{printer} stands on pause. Press its pause key."),
    Says.FAULT: N_("{printer} reports a fault. Switch it off and on; if it stays, call IT."),
    Says.OFFLINE: N_("{printer} is not ready. Press its feed key, or switch it off and on."),
}
_NEAR_END: Final = N_("{printer}: the paper is nearly out. Have a new roll ready.")


@dataclass(frozen=True, slots=True)
class Status:
    """All that a printer said of itself at one moment; nothing: it is well."""

    says: frozenset[Says] = frozenset()

    def trouble(self, printer: str) -> PrinterTrouble | None:
        """Return the worst of what keeps the printer that people call `printer` from printing, and what to do."""
        said = next((sentence for one, sentence in _SENTENCES.items() if one in self.says), None)
        return PrinterTrouble(said, printer=printer) if said is not None else None

    def hint(self, printer: str) -> PrinterHint | None:
        """Return what should be seen to soon."""
        return PrinterHint(_NEAR_END, printer=printer) if Says.NEAR_END in self.says else None


class Talk(Protocol):
    """A way of asking a printer, over an open line. All raise LineLost where the line breaks."""

    end: bytes
    withdraw: bytes

    def ask(self) -> Status:
        """Return how the printer is; within a few seconds at the most."""

    def is_through(self, seconds: float) -> bool:
        """Wait up to `seconds`; tell whether everything up to `end` has been carried out."""

    def settle(self, seconds: float) -> bool:
        """Before a job, wait until nothing of a former one is left, so that no late answer of it is taken for ours."""


def talk(speaks: Speaks, line: Line) -> Talk | None:
    """Return how to ask the printer at the end of `line`, None where it cannot be asked."""
    match speaks:
        case "escpos":
            return EscPos(line)
        case "tspl":
            return Tspl(line)
        case "zpl":
            return Zpl(line)
        case "none":
            return None


class EscPos:
    """Epson's ESC/POS and its likes.

    DLE EOT n (real-time status) is answered at once with a byte whose bits 0, 1, 4 and 7 are 0, 1, 1 and 0; GS r 1
    (transmit paper sensor status) in its turn among what is printed, with one whose bits 4 and 7 are 0. So the two can
    be told apart, as well as from XON and XOFF; an answer to GS r 1 is a fence that has been passed. A status of four
    bytes that the printer sends by itself (GS a) is left out. (Epson, ESC/POS Application Programming Guide: DLE EOT,
    GS r, GS a; DLE ENQ 2 and DLE DC4 8 for dropping what is in the buffers.)
    """

    end = b"\x1dr\x01"
    withdraw = b"\x10\x05\x02" + b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"

    _MEANS: Final = {
        1: ((0x08, Says.OFFLINE),),
        2: ((0x04, Says.COVER_OPEN), (0x20, Says.PAPER_OUT), (0x40, Says.FAULT)),
        3: ((0x08, Says.CUTTER_STUCK), (0x40, Says.HOT)),
        4: ((0x0C, Says.NEAR_END), (0x60, Says.PAPER_OUT)),
    }

    def __init__(self, line: Line) -> None:
        self._line = line
        self._fences = 0
        self._unasked = 0

    def ask(self) -> Status:
        """See Talk: DLE EOT 1 to 4, each asked after the last was answered, for the answers bear no number."""
        self._answers(0)
        says: set[Says] = set()
        for number, means in self._MEANS.items():
            if not _written(self._line, bytes([0x10, 0x04, number])):
                return Status(frozenset({Says.MUTE}))
            answer = self._answer()
            if isinstance(answer, Says):
                return Status(frozenset({answer}))
            says |= {said for bits, said in means if answer & bits}
        return Status(frozenset(says))

    def is_through(self, seconds: float) -> bool:
        """See Talk: the fence at the end of the job has been answered."""
        until = time.monotonic() + seconds
        while not self._fences and (left := until - time.monotonic()) > 0:
            self._answers(left)
        return self._fences > 0

    def settle(self, seconds: float) -> bool:
        """See Talk: of the fences sent now each has to be answered, and twice in a row by one answer alone.

        A former job's fence may be answered in the same moment, and then ours a moment later.
        """
        until, alone = time.monotonic() + seconds, 0
        while alone < 2 and time.monotonic() < until:
            self._fences = 0
            if not _written(self._line, self.end) or not self.is_through(until - time.monotonic()):
                return False
            quiet = time.monotonic() + _QUIET
            while (left := quiet - time.monotonic()) > 0:
                self._answers(left)
            alone = alone + 1 if self._fences == 1 else 0
        self._fences = 0
        return alone == 2

    def _answer(self) -> int | Says:
        """Return the next answer to DLE EOT, or why there is none."""
        until, heard = time.monotonic() + ANSWERS_WITHIN, False
        while (left := until - time.monotonic()) > 0:
            before = self._fences
            answers, came = self._answers(left)
            if answers:
                return answers[-1]
            heard = heard or (came and self._fences == before)
        return Says.GARBLED if heard else Says.MUTE

    def _answers(self, seconds: float) -> tuple[list[int], bool]:
        """Read once: the answers to DLE EOT, and whether anything came; answers to the fence are counted."""
        answers, came = [], self._line.read(seconds)
        for byte in came:
            if self._unasked and not byte & 0x90:
                self._unasked -= 1
                continue
            self._unasked = 0
            if byte & 0x93 == 0x12:
                answers.append(byte)
            elif byte & 0x93 == 0x10:
                self._unasked = 3
            elif not byte & 0x90:
                self._fences += 1
        return answers, bool(came)


class _Labels:
    """What printers of labels have in common: no fence, but they tell whether they are at work."""

    end = b""

    def __init__(self, line: Line) -> None:
        self._line = line

    def ask(self) -> Status:
        raise NotImplementedError

    def is_through(self, seconds: float) -> bool:
        """See Talk: twice in a row, a moment apart, the printer is well and not at work."""
        until = time.monotonic() + seconds
        idle = 0
        while idle < 2:
            status = self.ask()
            idle = 0 if status.says else idle + 1
            left = until - time.monotonic()
            if left <= 0 or (status.says and status.says != {Says.BUSY}):
                break
            time.sleep(min(0.05, left))
        return idle >= 2

    def settle(self, seconds: float) -> bool:
        """See Talk."""
        return self.is_through(seconds)


class Tspl(_Labels):
    """TSC's TSPL and its likes: <ESC>!? is answered at any time with one byte of flags.

    (TSC, TSPL/TSPL2 Programming Manual: status polling and immediate commands; <ESC>!. cancels what is printing.)
    """

    withdraw = b"\x1b!."

    _MEANS: Final = (
        (0x01, Says.COVER_OPEN), (0x02, Says.JAMMED), (0x04, Says.PAPER_OUT), (0x08, Says.RIBBON_OUT),
        (0x10, Says.PAUSED), (0x20, Says.BUSY), (0x40, Says.COVER_OPEN), (0x80, Says.FAULT),
    )  # fmt: skip

    def ask(self) -> Status:
        """See Talk."""
        while self._line.read(0):
            pass
        if not _written(self._line, b"\x1b!?"):
            return Status(frozenset({Says.MUTE}))
        answer = self._line.read(ANSWERS_WITHIN)
        if not answer:
            return Status(frozenset({Says.MUTE}))
        if len(answer) > 1:
            return Status(frozenset({Says.GARBLED}))
        return Status(frozenset(said for bit, said in self._MEANS if answer[0] & bit))


class Zpl(_Labels):
    """Zebra's ZPL II and its likes: ~HS is answered with three lines between STX and ETX.

    Several models answer nothing while paper or ribbon is out or the head is open. (Zebra, ZPL II Programming Guide:
    ~HS; ~JA cancels all.)
    """

    withdraw = b"~JA"

    _FIRST: Final = re.compile(
        rb"\x02\d{3},(?P<paper>[01]),(?P<pause>[01]),\d{4},(?P<formats>\d{3}),\d,\d,(?P<partial>[01]),\d{3},"
        rb"\d,(?P<cold>\d),(?P<hot>\d)\x03"
    )
    _SECOND: Final = re.compile(
        rb"\x02\d{3},\d,(?P<head>[01]),(?P<ribbon>[01]),\d,\w,\d,\d,(?P<labels>\d{8}),\d,\d+\x03"
    )
    _LAST: Final = re.compile(rb"\x02\w{4},\d\x03")
    _MEANS: Final = (
        ("paper", Says.PAPER_OUT), ("pause", Says.PAUSED), ("hot", Says.HOT), ("cold", Says.FAULT),
        ("head", Says.COVER_OPEN), ("ribbon", Says.RIBBON_OUT),
        ("formats", Says.BUSY), ("partial", Says.BUSY), ("labels", Says.BUSY),
    )  # fmt: skip

    def ask(self) -> Status:
        """See Talk."""
        while self._line.read(0):
            pass
        if not _written(self._line, b"~HS"):
            return Status(frozenset({Says.MUTE}))
        until, answer = time.monotonic() + ANSWERS_WITHIN, b""
        while (left := until - time.monotonic()) > 0:
            answer += self._line.read(left)
            first, second = self._FIRST.search(answer), self._SECOND.search(answer)
            if first and second and self._LAST.search(answer):
                fields = first.groupdict() | second.groupdict()
                return Status(frozenset(said for name, said in self._MEANS if int(fields[name])))
        return Status(frozenset({Says.GARBLED if answer else Says.MUTE}))


def _written(line: Line, data: bytes) -> bool:
    """Write all of `data`, a few bytes; tell whether the device took them in time."""
    until = time.monotonic() + ANSWERS_WITHIN
    while data and (left := until - time.monotonic()) > 0:
        data = data[line.write(data, left) :]
    return not data
