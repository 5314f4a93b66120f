"""One station of a rush at bag check, with its own printer, in a process that may be killed at any moment.

`python -m tests.e2e.bag_day DATA URL STATION CLERK ADDRESS PAPER DEPOSITS` takes in and gives out until its clerk has
made so many deposits, whoever was killed before. Slips that did not print, or of which nobody knows, are seen to by
looking at what came out of the printer, which stands in the file PAPER. It ends when every slip is settled.
"""

from __future__ import annotations

import datetime as dt
import logging
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QTimer
from sqlalchemy import func, select

from counterapp.core import print_queue, staff
from counterapp.core.actor import Actor
from counterapp.core.cases import Case
from counterapp.core.database import Database
from counterapp.core.print_queue import JobState, PaperRole, PrintJob
from counterapp.desks.bagcheck.models import Deposit, LostToken
from counterapp.desks.bagcheck.rules import CHARGED, LOST, STORED, TOLD, Piece, Size
from counterapp.desks.bagcheck.services import collecting, depositing, lost_tokens
from counterapp.desks.bagcheck.services.lost_tokens import LosingCustomer
from counterapp.errors import CounterError
from counterapp.hardware.printers import Served, StationPrinter
from counterapp.hardware.printing import Printing
from counterapp.settings import DatabaseSettings, Settings, StationSettings
from counterapp.store_access import open_store
from printers.device import DevicePrinter
from printers.document import Document
from printers.profile import named
from printers.transports import Job
from printers.transports.address import place, transport
from tests.e2e.papers import tokens_of

_log = logging.getLogger(__name__)

T = TypeVar("T")
#: A token is not wanted for longer, in seconds.
_WANTED = 2.0
_AT_ONCE = 4
_HELD = 40
#: One in so many tokens is lost.
_LOST = 40
_LOSER = LosingCustomer("张三", "人民路88号", "13812345678", "3021")


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def settings_of(data: Path, url: str, station: str) -> Settings:
    return Settings(data, DatabaseSettings(url), StationSettings(station))


class Tray:
    """Where penalty forms come out: this is about tokens."""

    knows_keys = True

    def print(self, _document: Document, _job: Job) -> tuple[Path, ...]:
        return ()


class Counter:
    """Clerk, store and print workers."""

    def __init__(self, database: Database, actor: Actor, address: str, paper: Path, deposits: int) -> None:
        self._database, self._actor, self._paper, self._deposits = database, actor, paper, deposits
        self._dice = random.Random()
        at = place(address)
        assert at is not None
        roll, sheets = named("epson-tm-t88"), named("virtual-a4")
        device = DevicePrinter(roll, transport(at, "token", roll))
        tokens = Served((StationPrinter("token", device, roll, (PaperRole.TOKEN, PaperRole.SLIP)),), _WANTED)
        forms = Served((StationPrinter("form", Tray(), sheets, (PaperRole.FORM,)),), 600)
        served = {PaperRole.TOKEN: tokens, PaperRole.SLIP: tokens, PaperRole.FORM: forms}
        self._printing = Printing(database, actor.station, now, served)
        self._working = QTimer()
        self._working.setInterval(5)
        self._working.timeout.connect(self._on_working)

    def start(self) -> None:
        self._printing.start()
        self._working.start()

    def _on_working(self) -> None:
        day_ago = now() - dt.timedelta(days=1)
        for job in self._database.read(lambda s: print_queue.not_printed(s, self._actor.station, day_ago)):
            self._settle(job)
        under_way, made, held = self._read()
        if made < self._deposits:
            if under_way < _AT_ONCE:
                self._do(depositing.deposit, Size.SMALL)
        elif not under_way and not any(state != STORED for _id, state in held):
            self._working.stop()
            self._printing.stop()
            QCoreApplication.exit(0)
            return
        for deposit_id, state in held:
            # What another step was killed in goes on first.
            if state != STORED or (len(held) > _HELD and self._dice.random() < 0.2):
                self._give_out(deposit_id, state)
                break

    def _read(self) -> tuple[int, int, list[tuple[int, str]]]:
        """Return the jobs under way here, this clerk's deposits, and those of them that are in lockers."""
        mine = (
            select(Deposit.id, Case.state)
            .join(Case, Case.id == Deposit.case_id)
            .where(Case.prepared_by == self._actor.person.person_id)
        )
        jobs = select(func.count()).where(
            PrintJob.station == self._actor.station, PrintJob.state != JobState.PRINTED.value
        )

        def read(session: Any) -> tuple[int, int, list[tuple[int, str]]]:
            held = session.execute(mine.where(Deposit.ended_at.is_(None)).order_by(Deposit.id)).all()
            made = session.scalar(select(func.count()).select_from(mine.subquery()))
            return session.scalar(jobs), made, [(deposit_id, state) for deposit_id, state in held]

        return self._database.read(read)

    def _give_out(self, deposit_id: int, state: str) -> None:
        """Give out what has its slip, or go on with its lost token by one step."""
        keys = self._database.keys
        revision = self._database.read(lambda s: collecting.get_deposit(s, self._actor, deposit_id)).revision
        if state == STORED and deposit_id % _LOST == 0 and not self._was_lost(deposit_id):
            self._do(lost_tokens.report_lost, deposit_id, revision, Piece.CUSTOMER)
        elif state == LOST:
            self._do(lost_tokens.tell, deposit_id, revision, "黑色双肩包")
        elif state == TOLD:
            self._do(lambda s, actor: lost_tokens.charge(s, actor, keys, deposit_id, revision, _LOSER))
        elif state == CHARGED:
            self._do(lost_tokens.receive_penalty, deposit_id, revision, f"{deposit_id}", 500)
        else:
            self._do(collecting.collect, deposit_id, revision)

    def _was_lost(self, deposit_id: int) -> bool:
        lost = select(func.count()).select_from(LostToken).join(Deposit, Deposit.case_id == LostToken.case_id)
        return bool(self._database.read(lambda s: s.scalar(lost.where(Deposit.id == deposit_id))))

    def _settle(self, job: PrintJob) -> None:
        """See to a slip that did not print, or of which nobody knows, as an honest clerk does."""
        came_out = {(paper.code, paper.copy) for paper in tokens_of(self._paper.read_bytes()) if paper.whole}
        printed = set(self._codes(job))
        if job.state == JobState.UNKNOWN and any((code, job.copy) in came_out for code in printed):
            self._do(print_queue.came_out, job.id)
        else:
            self._do(print_queue.try_again, job.id)

    def _codes(self, job: PrintJob) -> list[str]:
        # The locker's piece keeps its code whatever becomes of the customer's.
        wanted = select(Deposit.locker_code).where(Deposit.case_id == job.case_id)
        return [code for code in self._database.read(lambda s: s.scalars(wanted).all()) if code]

    def _do(self, verb: Callable[..., T], *values: Any) -> T | None:
        name = f"rush.{getattr(verb, '__name__', 'charge')}"[:40]
        try:
            return self._database.command(self._actor, name, lambda s: verb(s, self._actor, *values))
        except CounterError as error:  # the printer was faster than the clerk's look
            _log.warning("not done: %s", error.in_language("en"))
            return None
        finally:
            self._printing.wake()


def main(data: Path, url: str, station: str, clerk: str, address: str, paper: Path, deposits: int) -> None:
    """Open the store and work until killed, or until all is made and settled."""
    app = QCoreApplication([])
    with open_store(settings_of(data, url, station)) as database:
        people = {person.number: person.signer() for person in database.read(staff.list_staff)}
        counter = Counter(database, Actor(people[clerk], station, now), address, paper, deposits)
        counter.start()
        app.exec()


if __name__ == "__main__":
    told = sys.argv[1:]
    main(Path(told[0]), told[1], told[2], told[3], told[4], Path(told[5]), int(told[6]))
