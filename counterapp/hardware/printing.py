"""The print workers of this station: what the queue holds becomes paper, one thread for each printer."""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from sqlalchemy.orm import Session

from counterapp.core.actor import Clock
from counterapp.core.database import Database
from counterapp.core.printqueue import JobState, Paper, PrintJob, advance, copy_words, reason_of, recover, waiting
from counterapp.core.storewide import store_settings
from counterapp.errors import CounterError, Trouble
from counterapp.hardware.printers import Served
from counterapp.words import N_
from counterapp.work import Worker
from printers.document import from_json, repeated
from printers.errors import PaperUnsure, PrinterError
from printers.transports import Job

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper that came out: `pictures` are its pages as PNG files where the printer is virtual."""

    job_id: int
    case_id: int | None
    title: str
    pictures: tuple[Path, ...]


class NotPrinted(Trouble):
    """A paper that did not come out, or of which nobody knows (`unsure`): somebody has to look and to decide.

    `printqueue.try_again` sends `job_id` once more, `printqueue.came_out` settles an unsure one.
    """

    def __init__(self, job: PrintJob, reason: CounterError | None, *, unsure: bool) -> None:
        known = reason if reason is not None else Trouble(N_("The program stopped while it was printing."))
        sentence = (
            N_("{paper}: look whether it came out. {reason}") if unsure else N_("{paper} was not printed. {reason}")
        )
        super().__init__(sentence, paper=job.title, reason=known)
        self.job_id, self.unsure = job.id, unsure


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What keeps the printer of `paper` from going on; `trouble` None: nothing any more."""

    paper: Paper
    trouble: CounterError | None


class Printing(QObject):
    """Sends this station's jobs to the printer that serves their role of paper, after the commit that made them.

    All signals are emitted on the GUI thread: `printed(Printed)`; `failed(NotPrinted)`, or whatever else went wrong;
    `hindered(Hindrance)` while a job waits at its printer. A job that was being sent when the program ended is
    unknown, and `start` asks about it; where the printer knows its keys it is simply sent again.
    """

    printed = Signal(object)
    failed = Signal(object)
    hindered = Signal(object)
    _told = Signal(object)

    def __init__(self, database: Database, station: str, clock: Clock, served: Mapping[Paper, Served]) -> None:
        super().__init__()
        self._database, self._station, self._clock = database, station, clock
        self._served = served
        self._ended = threading.Event()
        self._workers = {paper: Worker(f"printing-{paper}") for paper in served}
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Look after what the last run left, then send what waits."""
        first = next(iter(self._workers.values()))
        first.do(self, self._recover, self._on_recovered, self.failed.emit)

    def wake(self) -> None:
        """Send what waits; call it after every commit."""
        for paper, worker in self._workers.items():
            worker.do(self, functools.partial(self._send_all, paper), self._on_sent, self.failed.emit)

    def stop(self) -> None:
        """Take back what is not on paper yet and end the threads."""
        self._ended.set()
        for worker in self._workers.values():
            worker.stop()

    @Slot(object)
    def _on_told(self, hindrance: Hindrance) -> None:
        self.hindered.emit(hindrance)

    def _on_recovered(self, unknown: list[NotPrinted]) -> None:
        for one in unknown:
            self.failed.emit(one)
        self.wake()

    def _on_sent(self, sent: list[Printed | NotPrinted]) -> None:
        for one in sent:
            (self.printed if isinstance(one, Printed) else self.failed).emit(one)

    def _recover(self) -> list[NotPrinted]:
        def look(session: Session) -> list[NotPrinted]:
            asked = []
            for job in recover(session, self._station, self._clock()):
                if self._served[Paper(job.paper)].printer.knows_keys:
                    advance(session, job.id, JobState.QUEUED, self._clock())
                else:
                    asked.append(NotPrinted(job, reason_of(job), unsure=True))
            return asked

        return self._database.run(look)

    def _send_all(self, paper: Paper) -> list[Printed | NotPrinted]:
        jobs, language = self._database.read(
            lambda session: (waiting(session, self._station, paper), store_settings(session).language)
        )
        return [self._send(job, language) for job in jobs if not self._ended.is_set()]

    def _send(self, job: PrintJob, language: str) -> Printed | NotPrinted:
        paper = Paper(job.paper)
        served = self._served[paper]
        left = served.seconds - (self._clock() - job.queued_at).total_seconds()
        if left <= 0:
            late = Trouble(N_("It waited too long and does not come out late. Print it again if it is still wanted."))
            return self._not_printed(job, JobState.FAILED, late)
        self._move(job, JobState.SENDING)
        try:
            document = from_json(job.document)
            if job.copy:
                document = repeated(document, copy_words(job.copy, language))
            told = Job(job.key, job.title, left, lambda trouble: self._tell(paper, trouble), self._ended)
            pictures = served.printer.print(document, told)
        except PrinterError as error:
            state = JobState.UNKNOWN if isinstance(error, PaperUnsure) else JobState.FAILED
            return self._not_printed(job, state, Trouble(error.message, **error.values))
        self._move(job, JobState.PRINTED)
        return Printed(job.id, job.case_id, job.title, pictures)

    def _not_printed(self, job: PrintJob, state: JobState, reason: CounterError) -> NotPrinted:
        _log.warning("print job %s is %s: %s", job.id, state.value, reason.in_language("en"))
        self._move(job, state, reason)
        return NotPrinted(job, reason, unsure=state is JobState.UNKNOWN)

    def _tell(self, paper: Paper, trouble: PrinterError | None) -> None:
        words = Trouble(trouble.message, **trouble.values) if trouble is not None else None
        self._told.emit(Hindrance(paper, words))

    def _move(self, job: PrintJob, to: JobState, said: CounterError | None = None) -> None:
        self._database.run(lambda session: advance(session, job.id, to, self._clock(), said))
