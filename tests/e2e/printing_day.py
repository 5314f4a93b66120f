"""A counter that only prints, in a process that may be killed at any moment.

`python -m tests.e2e.printing_day DATA ADDRESS PAPER` waits for a line on standard input, {"end": bool}, and opens the
store in a child process of its own, with everything imported already. Its clerk makes records, each with its slip, and
settles what did not print by looking at what came out of the printer, which stands in the file PAPER. With "end" it
makes no more, and ends when every slip is printed.
"""

from __future__ import annotations

import datetime as dt
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QTimer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from counterapp.core import print_queue, staff
from counterapp.core.actor import Actor
from counterapp.core.cases import Case, open_case
from counterapp.core.database import Database
from counterapp.core.print_queue import JobState, PaperRole, PrintJob
from counterapp.hardware.printers import Served, StationPrinter
from counterapp.hardware.printing import Printing
from counterapp.store_access import open_store
from printers.device import DevicePrinter
from printers.document import Cell, Code, Cut, Row, Slip
from printers.profile import named
from printers.transports.address import place, transport
from tests.e2e.day import CLERK, STATION, settings_of
from tests.e2e.papers import papers_of

#: A slip is not wanted for longer, in seconds.
WANTED = 2.0
_AT_ONCE = 3
_PROFILE = named("epson-tm-t88")


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def slip_of(code: str) -> Slip:
    """Return the slip of a case: its code begins and ends it, so that a piece of one is told from a whole."""
    middle = tuple(Row((Cell(f"存包小票 {line} 王小明"), Cell("￥12.50", align="right"))) for line in range(8))
    return Slip("存包小票", (Row((Cell(f"BEGIN {code}"),)), *middle, Code(code), Row((Cell(f"END {code}"),)), Cut()))


class Counter:
    """Clerk, store and print workers."""

    def __init__(self, database: Database, address: str, paper: Path, *, end: bool) -> None:
        self._database, self._paper, self._end = database, paper, end
        people = {person.number: person.signer() for person in database.read(staff.list_staff)}
        self._actor = Actor(people[CLERK], STATION, now)
        at = place(address)
        assert at is not None
        printer = DevicePrinter(_PROFILE, transport(at, "slip", _PROFILE))
        serves = StationPrinter("slip", printer, _PROFILE, tuple(PaperRole))
        self._printing = Printing(database, STATION, now, {paper: Served((serves,), WANTED) for paper in PaperRole})
        self._working = QTimer()
        self._working.setInterval(15)
        self._working.timeout.connect(self._on_working)

    def start(self) -> None:
        self._printing.start()
        self._working.start()

    def _on_working(self) -> None:
        for job in self._database.read(lambda s: print_queue.not_printed(s, STATION, now() - dt.timedelta(days=1))):
            self._settle(job)
        under_way = self._database.read(
            lambda s: s.scalar(
                select(func.count()).select_from(PrintJob).where(PrintJob.state != JobState.PRINTED.value)
            )
        )
        if not self._end and (under_way or 0) < _AT_ONCE:
            self._database.command(self._actor, "test.make", self._make)
            self._printing.wake()
        if self._end and not under_way:
            self._working.stop()
            self._printing.stop()
            QCoreApplication.exit(0)

    def _make(self, session: Session) -> int:
        """Make a record and its slip."""
        case = open_case(session, self._actor, "test", "TK", "存包")
        session.flush()
        print_queue.enqueue(session, self._actor, PaperRole.SLIP, "存包小票", slip_of(case.code), case.id)
        return case.id

    def _settle(self, job: PrintJob) -> None:
        """See to a slip that did not print, or of which nobody knows, as an honest clerk does."""
        code = self._database.read(lambda s: s.get_one(Case, job.case_id).code)
        papers = papers_of(self._paper.read_bytes())
        there = any(paper.whole and (paper.code, paper.copy) == (code, job.copy) for paper in papers)
        if job.state == JobState.UNKNOWN and there:
            self._database.command(
                self._actor, "print.came_out", lambda s: print_queue.came_out(s, self._actor, job.id)
            )
        else:
            self._database.command(self._actor, "print.again", lambda s: print_queue.try_again(s, self._actor, job.id))
            self._printing.wake()


def live(data: Path, address: str, paper: Path, order: dict[str, Any]) -> None:
    """Open the store and print until killed, or until all is printed."""
    app = QCoreApplication([])
    with open_store(settings_of(data, "")) as database:
        counter = Counter(database, address, paper, end=order["end"])
        counter.start()
        _tell({"ready": True})
        app.exec()


def _tell(what: dict[str, Any]) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


def main(data: Path, address: str, paper: Path) -> None:
    """Start a child for every order, and tell how it ended."""
    for late in ("barcode", "printers.protocols.escpos", "printers.transports.stream"):
        importlib.import_module(late)
    for order in sys.stdin:
        child = os.fork()
        if child == 0:
            live(data, address, paper, json.loads(order))
            os._exit(0)
        _tell({"child": child})
        _pid, status = os.waitpid(child, 0)
        _tell({"ended": os.waitstatus_to_exitcode(status)})


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
