"""The print workers of this station: what the queue holds becomes paper, one thread for each printer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core.actor import Clock
from counterapp.core.database import Database
from counterapp.core.printqueue import JobState, Paper, PrintJob, advance, recover, waiting
from counterapp.errors import CounterError, Trouble
from counterapp.work import Worker
from printers.document import Document, from_json
from printers.errors import PrinterError

_log = logging.getLogger(__name__)

#: Puts a document on paper under the job's key and returns the pictures of it, if it has any. Raises PrinterError.
Print = Callable[[Document, str], tuple[Path, ...]]


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper that came out: `pictures` are its pages as PNG files where the printer is virtual."""

    job_id: int
    case_id: int | None
    title: str
    pictures: tuple[Path, ...]


class Printing(QObject):
    """Sends this station's jobs to the printer that serves their role of paper, after the commit that made them.

    `printed` and `failed` are emitted on the GUI thread. A job that was being sent when the program ended is marked
    unknown by `start`; a virtual printer keeps a key only once, so that its unknown jobs are simply sent again.
    """

    printed = Signal(object)
    failed = Signal(object)

    def __init__(self, database: Database, station: str, clock: Clock, printers: dict[Paper, Print]) -> None:
        super().__init__()
        self._database, self._station, self._clock = database, station, clock
        self._printers = printers
        self._worker = Worker("printing")

    def start(self) -> None:
        """Look after what the last run left, then send what waits."""
        self._worker.do(self, self._recover, lambda _none: self.wake(), self.failed.emit)

    def wake(self) -> None:
        """Send what waits; call it after every commit."""
        self._worker.do(self, self._send_all, self._on_sent, self.failed.emit)

    def stop(self) -> None:
        """Finish the job that is being sent and end the thread."""
        self._worker.stop()

    def _on_sent(self, sent: list[Printed | CounterError]) -> None:
        for one in sent:
            (self.printed if isinstance(one, Printed) else self.failed).emit(one)

    def _recover(self) -> None:
        def again(session: Session) -> None:
            recover(session, self._station, self._clock())
            unknown = select(PrintJob.id).where(
                PrintJob.station == self._station, PrintJob.state == JobState.UNKNOWN.value
            )
            for job_id in session.scalars(unknown).all():
                advance(session, job_id, JobState.QUEUED, self._clock())

        self._database.run(again)

    def _send_all(self) -> list[Printed | CounterError]:
        jobs = self._database.read(lambda session: waiting(session, self._station))
        return [self._send(job) for job in jobs]

    def _send(self, job: PrintJob) -> Printed | CounterError:
        self._move(job, JobState.SENDING)
        try:
            pictures = self._printers[Paper(job.paper)](from_json(job.document), job.key)
        except PrinterError as error:
            _log.warning("print job %s was not printed: %s", job.id, error)
            self._move(job, JobState.FAILED, str(error))
            return Trouble(error.message, **error.values)
        self._move(job, JobState.PRINTED)
        return Printed(job.id, job.case_id, job.title, pictures)

    def _move(self, job: PrintJob, to: JobState, said: str = "") -> None:
        self._database.run(lambda session: advance(session, job.id, to, self._clock(), said))
