"""A printer at the end of a line: open it, ask, write, ask again."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from printers.errors import N_, PaperUnsure, PrinterHint, PrinterTrouble
from printers.status import Says, Speaks, Talk, talk
from printers.transports import Job
from printers.transports.line import UNANSWERED, Line, LineLost, Way

#: Seconds. After `_STALLS` without a byte taken, or a sign of life, somebody is told.
_LOOKS_EVERY: Final = 0.1
_STALLS: Final = 1.1
_SETTLES_WITHIN: Final = 3.0
#: For a printer that says nothing any more, and for one that is well and never says that it is through.
_SILENT_FOR: Final = 5.0
_UNFINISHED_FOR: Final = 15.0
_ENDS_WITHIN: Final = 2.0
#: So long a printer that cannot be asked is listened to for breaking the connection.
_LISTENS: Final = 0.1

STOPPED: Final = N_("{printer} stopped in the middle of a paper. Look at its paper, cover and cable.")
BROKE_OFF: Final = N_("{printer} broke off in the middle of a paper. Look whether it is on, and at its cable.")
BROKE_BEFORE: Final = N_("{printer} broke the connection before a paper began. Switch it off and on.")
UNCONFIRMED: Final = N_("{printer} took the paper in and does not say that it is done. Look at the printer.")
AT_ANOTHER: Final = N_(
    "{printer} is still at a former paper, or does not know how to say that it is done. Switch it off and on; "
    "if that does not help, call IT: its profile may be another's."
)
ENDED: Final = N_("The program ended before {printer} began.")


#: Whoever looks at a printer, or tries it out, in this program waits for its turn: most have room for one at a time.
_turns: defaultdict[Way, threading.Lock] = defaultdict(threading.Lock)


@dataclass(slots=True)
class StreamTransport:
    """The printer that people call `printer`, at the end of `way`; `speaks` is how it can be asked.

    Use it on one thread. Every wait has its end: what a printer does not take, say or finish is told to the job while
    it lasts, and raised once the job is no longer wanted.
    """

    printer: str
    way: Way
    speaks: Speaks = "none"
    #: Whether it is known that nothing of a former job lies in the printer: not at first, not after a doubtful one.
    _settled: bool = field(default=False, init=False, compare=False)

    @property
    def answers(self) -> bool:
        """Whether the printer itself can be asked how it is."""
        return self.speaks != "none"

    def look(self) -> PrinterHint | None:
        """Ask without printing; see Asked. Raises PrinterTrouble."""
        with self._opened() as line:
            asked = talk(self.speaks, line)
            hint = self._ready(asked)
            # The time for this is now, and not when somebody waits for a paper.
            self._settle(asked)
            self._settled = True
            return hint

    def send(self, data: bytes, job: Job) -> None:
        """Print `data`; see Transport. Raises PrinterTrouble or PaperUnsure."""
        until = time.monotonic() + job.seconds
        if job.ended.is_set():
            raise PrinterTrouble(ENDED, printer=self.printer)
        with self._opened() as line:
            asked = talk(self.speaks, line)
            job.hint(self._ready(asked))
            self._settle(asked)
            self._settled = False
            try:
                self._write(line, data + (asked.end if asked else b""), job, until)
                if asked is not None:
                    job.hint(self._seen_through(asked, job, until))
                else:
                    _listen(line)
            except LineLost as reason:
                raise PaperUnsure(BROKE_OFF, printer=self.printer) from reason
            except PaperUnsure:
                if asked is not None:
                    _withdraw(line, asked)
                raise
            finally:
                job.tell(None)
            self._settled = True

    @contextlib.contextmanager
    def _opened(self) -> Iterator[Line]:
        with _turns[self.way], contextlib.closing(self.way.open(self.printer)) as line:
            yield line

    def _ready(self, asked: Talk | None) -> PrinterHint | None:
        """Ask before a job. Raises PrinterTrouble where the printer could not print one now."""
        if asked is None:
            return None
        try:
            status = asked.ask()
        except LineLost as reason:
            raise PrinterTrouble(BROKE_BEFORE, printer=self.printer) from reason
        if (trouble := status.trouble(self.printer)) is not None:
            raise trouble
        return status.hint(self.printer)

    def _settle(self, asked: Talk | None) -> None:
        if asked is None or self._settled:
            return
        try:
            settled = asked.settle(_SETTLES_WITHIN)
        except LineLost as reason:
            raise PrinterTrouble(BROKE_BEFORE, printer=self.printer) from reason
        if not settled:
            raise PrinterTrouble(AT_ANOTHER, printer=self.printer)

    def _write(self, line: Line, data: bytes, job: Job, until: float) -> None:
        """Write all of `data` and wait until it has left this PC."""
        done, held, moved, told = 0, 0, time.monotonic(), False
        while done < len(data) or held:
            before = (done, held)
            try:
                done += line.write(data[done:], _LOOKS_EVERY) if done < len(data) else 0
                held = line.pending()
            except LineLost as reason:
                if not done:
                    raise PrinterTrouble(BROKE_BEFORE, printer=self.printer) from reason
                raise
            now = time.monotonic()
            if (done, held) != before:
                moved = now
            stalls = now - moved > _STALLS
            if stalls and not done:
                raise PrinterTrouble(UNANSWERED, printer=self.printer)
            if stalls is not told:
                told = stalls
                job.tell(PrinterTrouble(STOPPED, printer=self.printer) if stalls else None)
            until = _until(until, job)
            if now >= until:
                raise PaperUnsure(STOPPED, printer=self.printer)
            if done == len(data):
                time.sleep(0.001)

    def _seen_through(self, asked: Talk, job: Job, until: float) -> PrinterHint | None:
        """Wait until the printer is through with the job, and tell meanwhile what keeps it; return its hint."""
        told = ""
        heard = well = time.monotonic()
        while not asked.is_through(2 * _LOOKS_EVERY):
            status, now = asked.ask(), time.monotonic()
            trouble = status.trouble(self.printer)
            if not status.says & {Says.MUTE, Says.GARBLED}:
                heard = now
            elif now - heard <= _STALLS:
                trouble = None  # some printers answer nothing while they are at work
            if trouble is not None or Says.BUSY in status.says:
                well = now
            if (said := trouble.message if trouble else "") != told:
                told = said
                job.tell(trouble)
            until = _until(until, job)
            if now >= until or now - heard > _SILENT_FOR or now - well > _UNFINISHED_FOR:
                raise PaperUnsure(told or UNCONFIRMED, printer=self.printer)
        with contextlib.suppress(LineLost):
            return asked.ask().hint(self.printer)
        return None


def _until(until: float, job: Job) -> float:
    """Return until when a job that has begun may go on: not for long once the program ends."""
    return min(until, time.monotonic() + _ENDS_WITHIN) if job.ended.is_set() else until


def _listen(line: Line) -> None:
    """Hear for a moment whether a printer that says nothing else resets the line. Raises LineLost."""
    until = time.monotonic() + _LISTENS
    while (left := until - time.monotonic()) > 0:
        line.read(left)


def _withdraw(line: Line, asked: Talk) -> None:
    """Drop what a printer still holds of a job that was given up: it must not come out late. It may not obey."""
    until = time.monotonic() + _LOOKS_EVERY
    with contextlib.suppress(LineLost):
        line.write(asked.withdraw, _LOOKS_EVERY)
        while line.pending() and time.monotonic() < until:
            time.sleep(0.005)
