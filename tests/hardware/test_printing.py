"""The print workers: what the queue holds becomes paper once, and what does not is said and can be tried again."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import make_transient

from counterapp import words
from counterapp.core import print_queue
from counterapp.core.actor import Actor
from counterapp.core.database import Database
from counterapp.core.print_queue import JobState, PaperRole, PrintJob
from counterapp.hardware import printing
from counterapp.return_forms.printouts import return_form
from printers.device import DevicePrinter
from printers.document import Cell, Document, Row, Slip
from printers.errors import JobRefused, PaperUnsure, PrinterTrouble
from printers.profile import named
from printers.transports import Job
from printers.transports.spooler import CupsTransport, media_for
from printers.virtual import VirtualPrinter
from tests.conftest import PlayedClock
from tests.hardware.station import LACKING, SLIP, Station, Toy, refuse
from tests.printers.cups import server
from tests.printers.reading import barcodes
from tests.return_forms.forms import ONE


@pytest.fixture
def station(qtbot: QtBot, database: Database, clerk: Actor, clock: PlayedClock, toy: Toy) -> Iterator[Station]:
    station = Station(database, clerk, clock, toy, Toy(), None)
    yield station
    station.printing.stop()


def failed(qtbot: QtBot, station: Station, toy: Toy, reason: Exception) -> int:
    """Add a job of which the printer makes nothing but `reason`; return its id once it is said."""

    def answer(_job: Job) -> None:
        raise reason

    toy.answer = answer
    job = station.add()
    station.printing.wake()
    qtbot.wait_until(lambda: bool(station.failed))
    return job


def is_marked(document: Document) -> bool:
    """Whether a paper says at its head that it is the first repeat."""
    return isinstance(document, Slip) and document.lines[0] == Row(
        (Cell("补打 1", align="center"),), scale=2, bold=True
    )


def test_a_job_is_printed_once_however_often_the_workers_are_woken(qtbot: QtBot, station: Station, toy: Toy) -> None:
    job = station.add()
    for _time in range(5):
        station.printing.wake()
    qtbot.wait_until(lambda: bool(station.printed))
    station.printing.stop()
    assert [document for document, _job in toy.printed] == [SLIP]
    assert (station.read(job).state, station.read(job).attempts) == ("printed", 1)


def test_the_printer_is_told_key_title_and_how_long_the_job_is_wanted(
    qtbot: QtBot, station: Station, toy: Toy, clock: PlayedClock
) -> None:
    job = station.add()
    clock.forward(seconds=20)
    station.printing.wake()
    qtbot.wait_until(lambda: bool(toy.printed))
    told = toy.printed[0][1]
    assert (told.key, told.title, told.seconds) == (station.read(job).key, SLIP.title, 40)


def test_a_job_that_waited_too_long_is_not_printed_late_but_asked_about(
    qtbot: QtBot, station: Station, toy: Toy, clock: PlayedClock
) -> None:
    job = station.add()
    clock.forward(seconds=60)
    station.printing.wake()
    qtbot.wait_until(lambda: bool(station.failed))
    assert toy.printed == []
    (said,) = station.failed
    assert (said.job_id, said.unsure) == (job, False)
    assert said.in_language("en") == (
        "退/换货未受理说明 was not printed. "
        "It waited too long and does not come out late. Print it again if it is still wanted."
    )
    station.again(job)
    station.printing.wake()
    qtbot.wait_until(lambda: bool(station.printed))
    assert station.read(job).copy == 0


def test_a_job_that_a_printer_does_not_take_waits_and_comes_out_once_it_does(
    qtbot: QtBot, station: Station, toy: Toy
) -> None:
    toy.answer = refuse
    job = station.add()
    station.printing.wake()
    qtbot.wait_until(lambda: bool(station.hindered))
    qtbot.wait_until(lambda: station.read(job).state == "queued")
    words.use("zh")
    assert str(station.hindered[0].trouble) == "LQ 在打印系统里已暂停。请在那里恢复，或联系信息部。"
    reason = print_queue.reason_of(station.read(job))
    assert reason is not None
    assert str(reason) == "LQ 在打印系统里已暂停。请在那里恢复，或联系信息部。"
    assert [one.trouble is not None for one in station.printing.state] == [False, True]
    assert station.failed == []

    toy.answer = lambda _job: None
    station.printing.wake()
    qtbot.wait_until(lambda: bool(station.printed))
    qtbot.wait_until(lambda: station.hindered[-1].trouble is None)
    assert [one.trouble for one in station.printing.state] == [None, None]
    assert station.read(job).copy == 0


def test_a_job_that_waited_for_its_printer_in_vain_fails_with_the_reason(
    qtbot: QtBot, station: Station, toy: Toy, clock: PlayedClock
) -> None:
    toy.answer = refuse
    job = station.add()
    station.printing.start()
    qtbot.wait_until(lambda: bool(station.hindered))
    clock.forward(seconds=61)
    qtbot.wait_until(lambda: bool(station.failed))
    assert (station.failed[0].unsure, station.read(job).state) == (False, "failed")
    said = station.failed[0].in_language("en")
    assert "It waited too long and does not come out late; print it again if it is still wanted. LQ is stopped" in said
    kept = print_queue.reason_of(station.read(job))
    assert kept is not None
    assert "LQ is stopped" in kept.in_language("en")
    assert "LQ 在打印系统里已暂停" in kept.in_language("zh")


def test_a_job_that_no_attempt_would_print_fails_at_once_and_hinders_nothing(
    qtbot: QtBot, station: Station, toy: Toy
) -> None:
    reason = JobRefused("{printer}: somebody took the job out of the print system.", printer="LQ")
    job = failed(qtbot, station, toy, reason)
    assert (station.failed[0].unsure, station.read(job).state) == (False, "failed")
    assert station.hindered == []


def test_a_repeat_that_another_printer_left_behind_says_that_it_is_one(
    qtbot: QtBot, station: Station, toy: Toy, clock: PlayedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the reading of the queue and the sending the job may have been with another printer and come back."""

    def read_before(*asked: Any) -> list[PrintJob]:
        found = print_queue.waiting(*asked)
        for job in found:
            make_transient(job)
            job.copy = 0
        return found

    monkeypatch.setattr("counterapp.hardware.printing.waiting", read_before)
    job = station.add()
    station.database.run(lambda s: print_queue.advance(s, job, JobState.SENDING, clock()))
    station.database.run(lambda s: print_queue.advance(s, job, JobState.UNKNOWN, clock()))
    station.again(job)
    station.printing.wake()
    qtbot.wait_until(lambda: bool(station.printed))
    assert is_marked(toy.printed[-1][0])


def test_what_the_program_itself_breaks_off_is_asked_about(qtbot: QtBot, station: Station, toy: Toy) -> None:
    job = failed(qtbot, station, toy, ZeroDivisionError())
    assert isinstance(station.failed[0], ZeroDivisionError)
    assert station.read(job).state == "unknown"


def test_where_nobody_knows_of_paper_the_clerk_is_asked_and_the_repeat_says_that_it_is_one(
    qtbot: QtBot, station: Station, toy: Toy
) -> None:
    reason = PaperUnsure("{printer}: the print system gave the job up. Look at the printer.", printer="LQ")
    job = failed(qtbot, station, toy, reason)
    assert (station.failed[0].unsure, station.read(job).state) == (True, "unknown")
    toy.answer = lambda _job: None
    station.again(job)
    station.printing.wake()
    qtbot.wait_until(lambda: bool(station.printed))
    document = toy.printed[-1][0]
    assert is_marked(document)
    assert isinstance(document, Slip)
    assert document.lines[1:] == SLIP.lines


def test_what_stands_in_the_way_is_said_while_the_job_waits(qtbot: QtBot, station: Station, toy: Toy) -> None:
    def lack(job: Job) -> None:
        job.tell(PrinterTrouble(LACKING, printer="LQ"))
        job.tell(None)

    toy.answer = lack
    station.add()
    station.printing.wake()
    qtbot.wait_until(lambda: len(station.hindered) == 2)
    first, then = station.hindered
    assert (first.name, first.papers) == ("slip", (PaperRole.SLIP, PaperRole.TOKEN))
    assert (then.name, then.trouble) == ("slip", None)
    assert first.trouble is not None
    assert first.trouble.in_language("en").startswith("LQ: the paper is out")


def test_a_printer_that_does_not_move_keeps_no_other_printer_waiting(qtbot: QtBot, station: Station, toy: Toy) -> None:
    free = threading.Event()

    def stay(_job: Job) -> None:
        assert free.wait(60)

    toy.answer = stay
    station.add(PaperRole.SLIP)
    form = station.add(PaperRole.FORM)
    station.printing.wake()
    qtbot.wait_until(lambda: bool(station.printed))
    assert [one.job_id for one in station.printed] == [form]
    free.set()
    qtbot.wait_until(lambda: len(station.printed) == 2)


def test_a_program_that_ends_does_not_wait_for_a_printer_and_begins_no_other_job(
    qtbot: QtBot, station: Station, toy: Toy
) -> None:
    begun = threading.Event()

    def wait(job: Job) -> None:
        begun.set()
        assert job.ended.wait(60)
        raise PaperUnsure(LACKING, printer="LQ")

    toy.answer = wait
    first, second = station.add(), station.add()
    station.printing.wake()
    assert begun.wait(10)
    station.printing.stop()
    assert [station.read(job).state for job in (first, second)] == ["unknown", "queued"]


def test_what_was_being_sent_when_the_program_died_is_asked_about_and_not_sent_again(
    qtbot: QtBot, station: Station, toy: Toy, clock: PlayedClock
) -> None:
    job = station.add()
    station.database.run(lambda s: print_queue.advance(s, job, JobState.SENDING, clock()))
    station.printing.start()
    qtbot.wait_until(lambda: bool(station.failed))
    assert (station.failed[0].job_id, station.failed[0].unsure) == (job, True)
    assert toy.printed == []
    assert station.read(job).state == "unknown"


def test_a_printer_that_knows_its_keys_is_simply_sent_the_job_again(
    qtbot: QtBot, database: Database, clerk: Actor, clock: PlayedClock, tmp_path: Path
) -> None:
    virtual = VirtualPrinter(named("virtual-80mm"), tmp_path / "papers")
    station = Station(database, clerk, clock, virtual, Toy(), None)
    job = station.add()
    key = station.read(job).key
    virtual.print(SLIP, Job(key))
    station.database.run(lambda s: print_queue.advance(s, job, JobState.SENDING, clock()))
    station.printing.start()
    qtbot.wait_until(lambda: bool(station.printed))
    station.printing.stop()
    assert station.failed == []
    assert station.printed[0].pictures == (tmp_path / "papers" / key / f"{key}-1.png",)
    assert [path.name for path in (tmp_path / "papers").iterdir()] == [key]


@pytest.mark.skipif(sys.platform == "win32", reason="CUPS is not for Windows")
def test_a_form_goes_through_the_spooler_to_the_24_pin_printer_and_is_printed_when_it_says_so(
    qtbot: QtBot, database: Database, clerk: Actor, clock: PlayedClock
) -> None:
    with server() as cups:
        profile = named("epson-lq")
        device = DevicePrinter(profile, CupsTransport(cups.add("LQ-630K"), media_for(profile), profile.options))
        station = Station(database, clerk, clock, Toy(), device, None)
        form = return_form(ONE, "zh", "continuous")
        job = database.command(
            clerk, "test", lambda s: print_queue.enqueue(s, clerk, PaperRole.FORM, form.title, form, None)
        )
        station.printing.wake()
        qtbot.wait_until(lambda: bool(station.printed), timeout=20_000)
        station.printing.stop()
        assert station.read(job.id).state == "printed"
        (paper,) = cups.papers
        assert barcodes(paper, 180) == [[ONE.code]]


def test_what_is_sent_while_the_last_run_is_looked_after_is_not_taken_for_its(
    qtbot: QtBot, station: Station, toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    sending = threading.Event()
    toy.answer = lambda _job: sending.set()
    began: list[bool] = []

    def slowly(*what: Any) -> list[PrintJob]:
        began.append(sending.wait(0.3))
        return print_queue.recover(*what)

    monkeypatch.setattr(printing, "recover", slowly)
    job = station.add()
    station.printing.start()
    station.printing.wake()
    qtbot.wait_until(lambda: bool(station.printed))
    assert began == [False]
    assert (station.read(job).state, station.failed) == ("printed", [])
