"""The print workers of this station: what the queue holds becomes paper, one thread for each printer."""

from __future__ import annotations

import dataclasses
import functools
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from sqlalchemy.orm import Session

from counterapp.core.actor import Clock
from counterapp.core.database import Database
from counterapp.core.print_queue import (
    JobState,
    PaperRole,
    PrintJob,
    advance,
    copy_words,
    give_up,
    put_back,
    reason_of,
    recover,
    waiting,
)
from counterapp.core.store_settings import store_settings
from counterapp.errors import CounterError, Overtaken, Trouble
from counterapp.hardware.printers import DeviceState, Served, StationPrinter, each_of, said
from counterapp.words import N_
from counterapp.work import Worker
from printers.document import from_json, repeated
from printers.errors import JobRefused, PaperUnsure, PrinterError, PrinterHint, PrinterTrouble
from printers.transports import Job

_log = logging.getLogger(__name__)

#: Whatever keeps a printer has to be said within two seconds, and its end should not be waited for longer.
_LOOKS_EVERY_MS: Final = 1000


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper that came out of the printer `printer`, or of another one than `usual`, which could not print.

    `pictures` are its pages as PNG files where the printer is virtual.
    """

    job_id: int
    case_id: int | None
    title: str
    pictures: tuple[Path, ...]
    printer: str
    usual: str


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


class _Post:
    """A printer's worker. `under_way` and `again` belong to the GUI thread; `state` is replaced, never changed."""

    def __init__(self, printer: StationPrinter) -> None:
        self.printer = printer
        self.state = printer.state
        self.worker = Worker(f"printing-{printer.name}")
        self.under_way = self.again = False
        self.doubted = False


class Printing(QObject):
    """Sends this station's jobs to the printers that serve their role of paper, after the commit that made them.

    A job goes to the usual printer of its role. While that one cannot print, the next that holds the same kind of paper
    takes over; where none does, the job waits until its time is over. All signals are emitted on the GUI thread:
    `printed(Printed)`; `failed(NotPrinted)`, or whatever else went wrong; `hindered(DeviceState)` whenever a printer's
    troubles or hints change. A job that was being sent when the program ended is unknown, and `start` asks about it;
    where all printers of its role know their keys it is simply sent again.
    """

    printed = Signal(object)
    failed = Signal(object)
    hindered = Signal(object)
    _told = Signal(object)
    _done = Signal(object)

    def __init__(self, database: Database, station: str, clock: Clock, served: Mapping[PaperRole, Served]) -> None:
        super().__init__()
        self._database, self._station, self._clock = database, station, clock
        self._served = served
        self._ended = threading.Event()
        self._posts = {one.name: _Post(one) for one in each_of(served)}
        hurried = sorted(served.values(), key=lambda role: role.seconds)
        #: As they are woken: those whose papers are wanted soonest first, tokens before forms.
        self._hurried = list(dict.fromkeys(self._posts[one.name] for role in hurried for one in role.printers))
        self._queue = Worker("printing")
        self._sweeping = self._recovering = False
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)
        self._looking = QTimer(self)
        self._looking.setInterval(_LOOKS_EVERY_MS)
        self._looking.timeout.connect(self._on_looking)

    @property
    def state(self) -> tuple[DeviceState, ...]:
        """How each printer of the station is, as far as is known."""
        return tuple(post.state for post in self._posts.values())

    def start(self) -> None:
        """Look after what the last run left, then send what waits."""
        # What is sent meanwhile would be taken for what the last run was sending.
        self._recovering = True
        self._queue.do(self, self._recover, self._on_recovered, self._on_not_recovered)
        for post in self._posts.values():
            post.worker.do(self, post.printer.warm)
        self._looking.start()

    def wake(self) -> None:
        """Send what waits; call it after every commit."""
        for post in self._hurried:
            self._begin(post, jobs=True)

    def stop(self) -> None:
        """Take back what is not on paper yet and end the threads."""
        self._looking.stop()
        self._ended.set()
        for post in self._posts.values():
            post.worker.stop()
        self._queue.stop()

    # On the GUI thread.

    def _begin(self, post: _Post, *, jobs: bool) -> None:
        """Let a printer's worker look, and send what waits where `jobs` says so; one round at a time."""
        if post.under_way or self._recovering:
            post.again = post.again or jobs
            return
        post.under_way = True

        def over(_nothing: None) -> None:
            post.under_way = False
            if post.again:
                post.again = False
                self._begin(post, jobs=True)

        def broken(error: BaseException) -> None:
            post.under_way = False
            self.failed.emit(error)

        post.worker.do(self, functools.partial(self._round, post, jobs=jobs), over, broken)

    @Slot(object)
    def _on_told(self, state: DeviceState) -> None:
        self.hindered.emit(state)
        for post in self._posts.values():
            # The others may take over, or need not any more; this one goes on where it can.
            if post.printer.name != state.name or state.trouble is None:
                self._begin(post, jobs=True)

    @Slot(object)
    def _on_done(self, one: Printed | NotPrinted) -> None:
        (self.printed if isinstance(one, Printed) else self.failed).emit(one)

    def _on_recovered(self, unknown: list[NotPrinted]) -> None:
        self._recovering = False
        for one in unknown:
            self.failed.emit(one)
        self.wake()

    def _on_not_recovered(self, error: BaseException) -> None:
        self._recovering = False
        self.failed.emit(error)

    @Slot()
    def _on_looking(self) -> None:
        """Ask the printers that are hindered, and those that answer: troubles are known before somebody prints."""
        for post in self._posts.values():
            hindered = post.state.trouble is not None
            if not post.under_way and (hindered or post.printer.answers):
                self._begin(post, jobs=hindered)
        if not self._sweeping and any(post.under_way or post.state.trouble for post in self._posts.values()):
            self._sweeping = True
            self._queue.do(self, self._sweep, self._on_swept, self._on_not_swept)

    def _on_swept(self, _nothing: None) -> None:
        self._sweeping = False

    def _on_not_swept(self, error: BaseException) -> None:
        self._sweeping = False
        self.failed.emit(error)

    # On the workers' threads.

    def _recover(self) -> list[NotPrinted]:
        def look(session: Session) -> list[NotPrinted]:
            asked = []
            for job in recover(session, self._station, self._clock()):
                if all(one.printer.knows_keys for one in self._served[PaperRole(job.paper)].printers):
                    advance(session, job.id, JobState.QUEUED, self._clock())
                else:
                    asked.append(NotPrinted(job, reason_of(job), unsure=True))
            return asked

        return self._database.run(look)

    def _sweep(self) -> None:
        """Give up what waited too long, also where its printer is still busy with another paper."""
        for job in self._database.read(lambda session: waiting(session, self._station)):
            if self._left(job) <= 0:
                self._give_up(job)

    def _round(self, post: _Post, *, jobs: bool) -> None:
        hindered = post.state.trouble is not None
        if (hindered or not jobs) and post.printer.can_be_asked:
            self._look(post, sure=hindered)
            if post.state.trouble is not None:
                return
        if jobs:
            self._send_all(post)

    def _look(self, post: _Post, *, sure: bool) -> None:
        state = post.printer.look()
        # A printer that several stations share may be busy with another's paper when it is asked between jobs.
        post.doubted, doubted = state.trouble is not None, post.doubted
        if sure or doubted or state.trouble is None:
            self._tell(post, state)

    def _send_all(self, post: _Post) -> None:
        def read(session: Session) -> tuple[list[PrintJob], str]:
            jobs = waiting(session, self._station, *post.printer.papers)
            return jobs, store_settings(session).language if jobs else ""

        jobs, language = self._database.read(read)
        if not jobs and not post.printer.can_be_asked:
            self._tell(post, post.printer.state)
        for job in jobs:
            if self._ended.is_set() or not self._send(post, job, language):
                return

    def _send(self, post: _Post, job: PrintJob, language: str) -> bool:
        """Send a job where it is this printer's turn; tell whether the printer may go on to the next."""
        left = self._left(job)
        if left <= 0:
            self._give_up(job)
            return True
        try:
            document = from_json(job.document)
            able = self._served[PaperRole(job.paper)].holding(document)
            if not self._is_turn_of(post, able):
                return True
            try:
                # As it stands now: since it was read, another printer may have had it, and it be a repeat.
                job = self._move(job, JobState.SENDING)
            except Overtaken:
                return True
            if job.copy:
                document = repeated(document, copy_words(job.copy, language))
            told = Job(
                _name_of(job),
                job.title,
                left,
                functools.partial(self._on_hindered, post),
                functools.partial(self._on_hint, post),
                self._ended,
            )
            pictures = post.printer.printer.print(document, told)
        except PaperUnsure as error:
            self._not_printed(job, JobState.UNKNOWN, said(error))
        except PrinterTrouble as error:
            if isinstance(error, JobRefused):
                self._not_printed(job, JobState.FAILED, said(error))
                return True
            self._put_back(job.id, said(error))
            self._on_hindered(post, error)
            return False
        except PrinterError as error:
            self._not_printed(job, JobState.FAILED, said(error))
        except Exception:
            self._move(job, JobState.UNKNOWN, Trouble(N_("A fault in the program broke the printing off.")))
            raise
        else:
            self._move(job, JobState.PRINTED)
            if not post.printer.can_be_asked:
                self._tell(post, post.printer.state)
            self._done.emit(Printed(job.id, job.case_id, job.title, pictures, post.printer.name, able[0].name))
        return True

    def _is_turn_of(self, post: _Post, able: tuple[StationPrinter, ...]) -> bool:
        """Whether the printer is the first of those that hold the paper which is not hindered, as far as is known."""
        for one in able:
            if one.name == post.printer.name:
                return True
            if self._posts[one.name].state.trouble is None:
                return False
        return False

    def _left(self, job: PrintJob) -> float:
        """Return for how many seconds a job is still wanted."""
        return self._served[PaperRole(job.paper)].seconds - (self._clock() - job.queued_at).total_seconds()

    def _give_up(self, job: PrintJob) -> None:
        usual = self._posts[self._served[PaperRole(job.paper)].printers[0].name].state
        why = usual.trouble or reason_of(job)
        if why is None:
            late = Trouble(N_("It waited too long and does not come out late. Print it again if it is still wanted."))
        else:
            late = Trouble(
                N_("It waited too long and does not come out late; print it again if it is still wanted. {reason}"),
                reason=why,
            )
        try:
            self._database.run(lambda session: give_up(session, job.id, self._clock(), late))
        except Overtaken:
            return  # a printer took it at the last moment
        self._say(job, JobState.FAILED, late)

    def _not_printed(self, job: PrintJob, state: JobState, reason: CounterError) -> None:
        self._move(job, state, reason)
        self._say(job, state, reason)

    def _say(self, job: PrintJob, state: JobState, reason: CounterError) -> None:
        _log.warning("print job %s is %s: %s", job.id, state.value, reason.in_language("en"))
        self._done.emit(NotPrinted(job, reason, unsure=state is JobState.UNKNOWN))

    def _on_hindered(self, post: _Post, trouble: PrinterTrouble | None) -> None:
        self._tell(post, dataclasses.replace(post.state, trouble=None if trouble is None else said(trouble)))

    def _on_hint(self, post: _Post, hint: PrinterHint | None) -> None:
        self._tell(post, dataclasses.replace(post.state, hint=None if hint is None else said(hint)))

    def _tell(self, post: _Post, state: DeviceState) -> None:
        """Keep how a printer is, and tell it where that is news."""
        if _words(state) == _words(post.state):
            return
        post.state = state
        if state.trouble is not None:
            _log.warning("printer %s: %s", state.name, state.trouble.in_language("en"))
        self._told.emit(state)

    def _put_back(self, job_id: int, reason: CounterError) -> None:
        self._database.run(lambda session: put_back(session, job_id, self._clock(), reason))

    def _move(self, job: PrintJob, to: JobState, reason: CounterError | None = None) -> PrintJob:
        return self._database.run(lambda session: advance(session, job.id, to, self._clock(), reason))


def _name_of(job: PrintJob) -> str:
    """Return the job's name at the printer: one that may have come out and is sent again is another paper."""
    return f"{job.key}-{job.copy}" if job.copy and job.first_id is None else job.key


def _words(state: DeviceState) -> tuple[str, ...]:
    return tuple(one.in_language("en") if one is not None else "" for one in (state.trouble, state.hint))
