"""Papers that did not come out: the clerk is asked, and settles each on a key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from counterapp import words
from counterapp.core.actor import Actor
from counterapp.core.database import Database
from counterapp.core.print_queue import JobState, PaperRole, PrintJob, advance, enqueue, not_printed
from counterapp.core.store_settings import store_settings
from counterapp.errors import Trouble
from counterapp.ui import theme
from counterapp.ui.print_problems import PrintProblems, PrintProblemsDialog
from counterapp.ui.window import Window
from counterapp.work import StoreClient
from printers.document import Cell, Row, Slip
from tests.ui.conftest import scanned

REASON = Trouble("{printer}: the paper is out.", printer="Counter")


class Station:
    """A window with somebody signed in, and papers that went as told."""

    def __init__(self, qtbot: QtBot, database: Database, clerk: Actor) -> None:
        self._qtbot, self._database, self._clerk = qtbot, database, clerk
        self.client = StoreClient(database, clerk.station, clerk.clock)
        self.client.sign_in(clerk.person, database.read(store_settings))
        self.window = Window(clerk.clock)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.admit("王丽", [])
        self.paperwork = PrintProblems(self.window.context, self.client)
        self.counts: list[int] = []
        self.paperwork.counted.connect(self.counts.append)

    def job(self, title: str, to: JobState) -> int:
        slip = Slip(title, (Row((Cell(title),)),))

        def add(session: object) -> int:
            job = enqueue(session, self._clerk, PaperRole.SLIP, title, slip, None)  # type: ignore[arg-type]
            session.flush()  # type: ignore[attr-defined]
            return job.id

        job_id = self._database.run(add)
        for state in (JobState.SENDING, to):
            said = REASON if state is JobState.FAILED else None
            self._database.run(
                lambda session, at=state, why=said: advance(session, job_id, at, self._clerk.now(), why)  # type: ignore[misc]
            )
        return job_id

    def of(self, job_id: int) -> PrintJob:
        return self._database.read(lambda session: session.scalars(select(PrintJob).filter_by(id=job_id)).one())

    @property
    def sheet(self) -> PrintProblemsDialog | None:
        sheet = self.window.dialogs.current
        return sheet if isinstance(sheet, PrintProblemsDialog) else None

    def until_open(self) -> PrintProblemsDialog:
        self._qtbot.waitUntil(lambda: self.sheet is not None and self.sheet.isVisible())
        assert self.sheet is not None
        return self.sheet

    def until_counted(self, count: int) -> None:
        self._qtbot.waitUntil(lambda: self.counts[-1:] == [count])


@pytest.fixture
def station(qtbot: QtBot, database: Database, clerk: Actor, qapp: object) -> Iterator[Station]:
    words.use("en")
    theme.apply(qapp, language="en")  # type: ignore[arg-type]
    here = Station(qtbot, database, clerk)
    yield here
    here.client.stop()
    words.use("zh")


def test_a_paper_of_which_nobody_knows_is_asked_about_and_settled_by_who_looked(station: Station) -> None:
    job = station.job("Return form No. 000001", JobState.UNKNOWN)
    station.paperwork.ask_if_unsure()
    sheet = station.until_open()
    assert [(row.name, row.verdict.words) for row in sheet.table.rows if row.verdict] == [
        ("Return form No. 000001", "look whether it came out")
    ]

    station.window.press("F8")
    station.until_counted(0)
    assert station.of(job).state == JobState.PRINTED
    assert station.sheet is None


def test_enter_under_the_fingers_of_somebody_else_prints_nothing(station: Station) -> None:
    job = station.job("Return form No. 000001", JobState.UNKNOWN)
    station.paperwork.ask_if_unsure()
    station.until_open()
    station.window.press("Enter")
    assert station.of(job).state == JobState.UNKNOWN
    assert station.sheet is not None


def test_a_paper_that_may_have_come_out_is_printed_again_as_a_repeat(station: Station) -> None:
    job = station.job("Return form No. 000001", JobState.UNKNOWN)
    station.paperwork.ask()
    station.until_open()
    station.window.press("F11")
    station.until_counted(0)
    assert (station.of(job).state, station.of(job).copy) == (JobState.QUEUED, 1)


def test_a_paper_that_certainly_did_not_come_out_says_why_and_may_be_let_go(station: Station) -> None:
    job = station.job("Refusal slip", JobState.FAILED)
    station.paperwork.ask()
    sheet = station.until_open()
    assert "Counter: the paper is out." in sheet._reason.text()
    station.window.press("F8")  # it did not come out, so that there is nothing to say about it
    station.window.press("F9")
    station.until_counted(0)
    assert station.of(job).state == JobState.FAILED
    assert station.of(job).let_go_at is not None


def test_what_was_let_go_is_wanted_again_once_it_is_printed_again(station: Station, database: Database) -> None:
    job = station.job("Refusal slip", JobState.FAILED)
    station.paperwork.ask()
    station.until_open()
    station.window.press("F11")
    station.until_counted(0)
    assert station.of(job).state == JobState.QUEUED
    assert database.read(lambda session: not_printed(session, "2", station.of(job).queued_at)) == []


def test_a_paper_that_failed_for_certain_waits_at_the_foot_of_the_window_without_a_question(station: Station) -> None:
    station.job("Refusal slip", JobState.FAILED)
    station.paperwork.ask_if_unsure()
    station.until_counted(1)
    assert station.sheet is None


def test_a_scan_closes_the_question_and_goes_on_to_where_it_belongs(station: Station) -> None:
    station.job("Return form No. 000001", JobState.UNKNOWN)
    station.paperwork.ask_if_unsure()
    station.until_open()
    station.window.router.route(scanned("0101072611180387"))
    assert station.sheet is None
    assert "0101072611180387" in station.window.banner.text


def test_without_such_papers_the_key_says_that_there_is_nothing_to_do(station: Station) -> None:
    station.paperwork.ask()
    sheet = station.until_open()
    assert sheet._nothing.isVisible()
