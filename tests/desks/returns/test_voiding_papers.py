"""The papers of forms that have ended: marked on each part, and nothing of them comes out as if it were good."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from counterapp.core.database import Database
from counterapp.core.journal import JournalEntry
from counterapp.core.print_queue import JobState, PrintJob, advance
from counterapp.desks.returns.services import reprints
from printers.document import Pages, Text, from_json
from tests.conftest import PlayedClock
from tests.desks.returns.voids import REASON, void
from tests.desks.till.till import Till


@pytest.fixture
def till(database: Database, clock: PlayedClock) -> Till:
    return Till(database, clock)


def jobs(till: Till) -> list[PrintJob]:
    return till.database.read(lambda s: list(s.scalars(select(PrintJob).order_by(PrintJob.id))))


def words_of(job: PrintJob) -> list[list[str]]:
    document = from_json(job.document)
    assert isinstance(document, Pages)
    return [
        ["".join(run.text for run in item.runs) for item in page.items if isinstance(item, Text)]
        for page in document.pages
    ]


def printed(till: Till, job: PrintJob) -> None:
    till.database.run(lambda s: advance(s, job.id, JobState.SENDING, till.clock()))
    till.database.run(lambda s: advance(s, job.id, JobState.PRINTED, till.clock()))


def reprint(till: Till, number: int) -> int:
    return till.work(till.clerk, lambda s, a: reprints.reprint_form(s, a, number))


def test_the_form_prints_once_more_marked_on_each_part_for_the_file(till: Till) -> None:
    code = till.form(1990)
    printed(till, jobs(till)[0])
    void(till, code)
    first, copy = jobs(till)
    assert (copy.paper, copy.state, copy.station, copy.copy) == ("form", "queued", "2", 0)
    assert "作废" in copy.title
    before, after = words_of(first), words_of(copy)
    assert len(after) == 3
    for was, said in zip(before, after, strict=True):
        assert set(was) < set(said)
        assert "作废" in said
        assert any(REASON in one and "王丽 6012" in one and "周敏 5001" in one for one in said)


def test_a_form_that_never_came_out_does_not_come_out_any_more(till: Till) -> None:
    void(till, till.form(1990))
    first, copy = jobs(till)
    assert (first.state, first.let_go_at is not None) == ("failed", True)
    assert copy.state == "queued"


def test_a_reprint_of_an_ended_form_says_on_each_part_what_became_of_it(till: Till) -> None:
    voided, used, good = till.form(1990), till.form(1500), till.form(1200)
    for job in jobs(till):
        printed(till, job)
    void(till, voided)
    receipt = till.receipt(1500)
    till.redeem(used, receipt)
    for number in (1, 2, 3):
        assert reprint(till, number) == 1
    of_void, of_used, of_good = jobs(till)[-3:]
    assert all("作废" in page for page in words_of(of_void))
    assert all("已核销" in page and any(receipt in one for one in page) for page in words_of(of_used))
    assert of_good.document == jobs(till)[2].document
    assert good
    notes = till.database.read(lambda s: [entry.changes for entry in s.scalars(select(JournalEntry))])
    assert sum("'copy': 1" in str(changes) for changes in notes) == 3
