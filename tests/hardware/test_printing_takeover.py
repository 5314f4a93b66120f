"""Several printers for one role of paper: another takes over, and every paper comes out once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from counterapp.core import print_queue
from counterapp.core.actor import Actor
from counterapp.core.database import Database
from counterapp.core.print_queue import PaperRole
from counterapp.return_forms.printouts import return_form
from printers.errors import PrinterTrouble
from printers.transports import Job
from tests.conftest import PlayedClock
from tests.hardware.station import LACKING, Station, Toy, refuse
from tests.return_forms.forms import ONE


@pytest.fixture
def spare() -> Toy:
    return Toy()


@pytest.fixture
def pair(qtbot: QtBot, database: Database, clerk: Actor, clock: PlayedClock, toy: Toy, spare: Toy) -> Iterator[Station]:
    station = Station(database, clerk, clock, toy, Toy(), spare)
    yield station
    station.printing.stop()


def test_the_next_printer_takes_over_and_it_is_said_which_one(
    qtbot: QtBot, pair: Station, toy: Toy, spare: Toy
) -> None:
    toy.answer = refuse
    first, second = pair.add(), pair.add()
    pair.printing.wake()
    qtbot.wait_until(lambda: len(pair.printed) == 2)
    assert [(one.job_id, one.printer, one.usual) for one in pair.printed] == [
        (first, "spare", "slip"),
        (second, "spare", "slip"),
    ]
    assert pair.read(first).attempts == 2
    assert pair.failed == []
    assert toy.printed == []

    toy.answer = lambda _job: None
    pair.printing.wake()
    qtbot.wait_until(lambda: pair.hindered[-1].trouble is None)
    third = pair.add()
    pair.printing.wake()
    qtbot.wait_until(lambda: len(pair.printed) == 3)
    assert (pair.printed[2].job_id, pair.printed[2].printer) == (third, "slip")


def test_jobs_behind_one_that_is_stuck_are_taken_over_and_the_stuck_one_is_not(
    qtbot: QtBot, pair: Station, toy: Toy, spare: Toy
) -> None:
    free = threading.Event()

    def stick(job: Job) -> None:
        job.tell(PrinterTrouble(LACKING, printer="slip"))
        assert free.wait(60)
        job.tell(None)

    toy.answer = stick
    stuck, behind = pair.add(), pair.add()
    pair.printing.wake()
    qtbot.wait_until(lambda: bool(pair.printed))
    assert [(one.job_id, one.printer) for one in pair.printed] == [(behind, "spare")]
    assert pair.read(stuck).state == "sending"
    free.set()
    qtbot.wait_until(lambda: len(pair.printed) == 2)
    assert [job.key for _document, job in (*toy.printed, *spare.printed)] == [
        pair.read(stuck).key,
        pair.read(behind).key,
    ]


def test_another_printer_takes_no_pages_of_another_size_and_no_role_that_is_not_its_own(
    qtbot: QtBot, pair: Station, toy: Toy, spare: Toy, clerk: Actor
) -> None:
    toy.answer = refuse
    token = pair.add(PaperRole.TOKEN)
    form = return_form(ONE, "zh", "a4")
    pages = pair.database.command(
        clerk, "test", lambda s: print_queue.enqueue(s, clerk, PaperRole.SLIP, form.title, form, None)
    )
    slip = pair.add()
    pair.printing.wake()
    qtbot.wait_until(lambda: bool(pair.printed))
    assert [one.job_id for one in pair.printed] == [slip]
    assert [pair.read(job).state for job in (token, pages.id)] == ["queued", "queued"]
