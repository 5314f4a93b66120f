"""Work off the GUI thread: one thread a Worker, jobs in order, answers delivered on the GUI thread."""

from __future__ import annotations

import datetime as dt
import logging
import queue
import re
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot
from sqlalchemy.orm import Session

from counterapp.core.actor import Actor, Clock, Signer, system_clock
from counterapp.core.commands import new_key
from counterapp.core.database import Database
from counterapp.core.store_settings import StoreSettings
from counterapp.errors import NotAllowed
from counterapp.words import N_

T = TypeVar("T")
Done = Callable[[T], None]
Failed = Callable[[BaseException], None]

_log = logging.getLogger(__name__)


class _Delivery(QObject):
    """Lives on the GUI thread; what a worker emits arrives there."""

    arrived = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    def _on_arrived(self, deliver: Callable[[], None]) -> None:
        deliver()


class Worker:
    """A thread that runs jobs in the order they were given. Make it on the GUI thread; stop it before leaving."""

    def __init__(self, name: str) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._delivery = _Delivery()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def do(
        self, owner: QObject, work: Callable[[], T], done: Done[T] | None = None, failed: Failed | None = None
    ) -> None:
        """Run `work` on the thread, then `done` with its answer, or `failed` with what it raised, on the GUI thread.

        Neither is called once `owner` has been destroyed. Without `failed` an exception is logged.
        """

        def job() -> None:
            try:
                answer = work()
            except Exception as error:
                caught = error
                self._delivery.arrived.emit(lambda: _fail(owner, failed, caught))
            else:
                if done is not None:
                    self._delivery.arrived.emit(lambda: _deliver(owner, done, answer))

        self._jobs.put(job)

    def stop(self) -> None:
        """Finish the jobs that were given and end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()


class LongJob(QObject):
    """Work of minutes, which goes on whatever is shown meanwhile: an import, a report.

    `title` says what it is, `share` (0 to 1) how much of it is done. `changed()` when it has got further, when it is
    to be broken off, and when it `is_over`.
    """

    changed = Signal()
    _told = Signal(int)

    def __init__(self, title: Callable[[], str]) -> None:
        super().__init__()
        self.title, self.share, self.is_over = title, 0.0, False
        self._percent = 0
        self._cancelled = threading.Event()
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)

    @property
    def is_cancelled(self) -> bool:
        """Whether it is to be broken off; the work asks, on its own thread."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask it to break off where that leaves everything whole."""
        self._cancelled.set()
        self.changed.emit()

    def tell(self, share: float) -> None:
        """Say how much is done; the work calls it, on its own thread, as often as it likes."""
        percent = int(share * 100)
        if percent != self._percent:
            self._percent = percent
            self._told.emit(percent)

    @Slot(int)
    def _on_told(self, percent: int) -> None:
        self.share = percent / 100
        self.changed.emit()


class StoreClient(QObject):
    """The store's data as the screen works with it: what is asked here never keeps the screen waiting.

    One worker writes and one reads; imports and reports have a third. `committed` tells that a command was carried
    out, so that papers are sent and lists read again; `long_changed` that one of the `long_jobs` has got further.
    """

    committed = Signal()
    long_changed = Signal()

    def __init__(self, database: Database, station: str, clock: Clock = system_clock) -> None:
        super().__init__()
        self.database = database
        self.station = station
        self.clock = clock
        self.store: StoreSettings | None = None
        self.long_jobs: list[LongJob] = []
        self._actor: Actor | None = None
        self._writes = Worker("database-writes")
        self._reads = Worker("database-reads")
        self._long = Worker("database-long")

    @property
    def actor(self) -> Actor:
        """Who is signed in, at this station, with the store's clock, calendar and language of paper."""
        if self._actor is None:
            raise NotAllowed(N_("Nobody is signed in. Scan your badge or type your number first."))
        return self._actor

    @property
    def zone(self) -> dt.tzinfo:
        """The store's time zone; UTC until somebody has signed in."""
        return self.store.zone_info if self.store is not None else dt.UTC

    def is_receipt(self, code: str) -> bool:
        """Whether `code` looks like the number of one of the store's receipts."""
        return self.store is not None and re.fullmatch(self.store.receipts_look_like, code) is not None

    def sign_in(self, person: Signer, store: StoreSettings) -> None:
        """Let `person` act from here on."""
        self.store = store
        self._actor = Actor(person, self.station, self.clock, store.language, store.zone_info)

    def sign_out(self) -> None:
        """Let nobody act until the next sign-in."""
        self._actor = None

    def command(
        self,
        owner: QObject,
        act: str,
        work: Callable[[Session, Actor], T],
        done: Done[T] | None = None,
        failed: Failed | None = None,
        *,
        second: int | None = None,
    ) -> None:
        """Do one command of whoever is signed in, in one journalled transaction; its key is minted here, once.

        `work` returns a JSON value, or what is `commands.Revealed`. `done` or `failed` are called on the GUI thread
        while `owner` lives. `second` is the id of the person who signs as well. Raises NotAllowed where nobody is
        signed in.
        """
        key, actor = new_key(), self.actor

        def carried_out(answer: T) -> None:
            self.committed.emit()
            if done is not None and shiboken6.isValid(owner):
                done(answer)

        def not_carried_out(error: BaseException) -> None:
            _fail(owner, failed, error)

        self._writes.do(
            self,
            lambda: self.database.command(actor, act, lambda session: work(session, actor), key=key, second=second),
            carried_out,
            not_carried_out,
        )

    def read(self, owner: QObject, work: Callable[[Session], T], done: Done[T], failed: Failed | None = None) -> None:
        """Read with `work` in a transaction that only reads."""
        self._reads.do(owner, lambda: self.database.read(work), done, failed)

    def run_own_transaction(
        self, owner: QObject, work: Callable[[], T], done: Done[T] | None = None, failed: Failed | None = None
    ) -> None:
        """Run `work`, which opens its own transactions (a PIN to prove), in line with the commands."""
        self._writes.do(owner, work, done, failed)

    def start_job(
        self,
        owner: QObject,
        title: Callable[[], str],
        work: Callable[[LongJob], T],
        done: Done[T] | None = None,
        failed: Failed | None = None,
    ) -> LongJob:
        """Run `work` that may take minutes, after what was asked for before; it tells the job and minds its cancel."""
        job = LongJob(title)

        def over() -> None:
            self.long_jobs.remove(job)
            job.is_over = True
            job.changed.emit()

        def finished(answer: T) -> None:
            over()
            if done is not None:
                _deliver(owner, done, answer)

        def not_finished(error: BaseException) -> None:
            over()
            _fail(owner, failed, error)

        self.long_jobs.append(job)
        job.changed.connect(self.long_changed)
        self._long.do(self, lambda: work(job), finished, not_finished)
        self.long_changed.emit()
        return job

    def stop(self) -> None:
        """Finish what was asked for, break off what takes long, and give the database back."""
        for job in self.long_jobs:
            job.cancel()
        for worker in (self._writes, self._reads, self._long):
            worker.stop()
        self.database.close()


def _deliver(owner: QObject, done: Callable[[Any], None], answer: Any) -> None:
    if shiboken6.isValid(owner):
        done(answer)


def _fail(owner: QObject, failed: Failed | None, error: BaseException) -> None:
    if failed is None:
        _log.error("a job that nobody waits for failed", exc_info=error)
    elif shiboken6.isValid(owner):
        failed(error)
