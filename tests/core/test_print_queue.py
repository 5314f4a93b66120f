"""The print queue on both databases: what follows what, repeats and their count, why something did not print."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from sqlalchemy.orm import Session

from counterapp.core import print_queue
from counterapp.core.actor import Actor
from counterapp.core.database import Database
from counterapp.core.print_queue import JobState, PaperRole, PrintJob
from counterapp.errors import NotFound, Overtaken, Refused, Trouble
from printers.document import Cell, Row, Slip, from_json
from tests.conftest import PlayedClock

T = TypeVar("T")
SLIP = Slip("存包小票", (Row((Cell("17"),)),))


class Queue:
    """A station's queue, as services and print workers use it."""

    def __init__(self, database: Database, actor: Actor) -> None:
        self.database, self.actor = database, actor

    def do(self, work: Callable[[Session], T]) -> T:
        def flushed(session: Session) -> T:
            done = work(session)
            session.flush()
            return done

        return self.database.command(self.actor, "test", flushed)

    def add(self, paper: PaperRole = PaperRole.SLIP) -> PrintJob:
        return self.do(lambda s: print_queue.enqueue(s, self.actor, paper, SLIP.title, SLIP, None))

    def to(self, job: PrintJob, *states: JobState, said: Trouble | None = None) -> PrintJob:
        def move(session: Session) -> PrintJob:
            for state in states:
                print_queue.advance(session, job.id, state, self.actor.now(), said)
            return session.get_one(PrintJob, job.id)

        return self.database.run(move)

    def again(self, job: PrintJob, actor: Actor | None = None) -> int:
        who = actor or self.actor
        return self.database.command(who, "print.again", lambda s: print_queue.try_again(s, who, job.id))

    def read(self, job: PrintJob) -> PrintJob:
        return self.database.read(lambda s: s.get_one(PrintJob, job.id))


@pytest.fixture
def queue(database: Database, clerk: Actor) -> Queue:
    return Queue(database, clerk)


def test_jobs_wait_in_their_order_each_for_its_own_paper(queue: Queue) -> None:
    first, form, second = queue.add(), queue.add(PaperRole.FORM), queue.add()
    elsewhere = Queue(queue.database, dataclasses.replace(queue.actor, station="9"))
    elsewhere.add()
    waiting = queue.database.read(lambda s: print_queue.waiting(s, "2", PaperRole.SLIP))
    assert [job.id for job in waiting] == [first.id, second.id]
    assert [job.id for job in queue.database.read(lambda s: print_queue.waiting(s, "2", PaperRole.FORM))] == [form.id]


def test_jobs_on_several_papers_are_read_together_and_all_where_none_is_named(queue: Queue) -> None:
    jobs = [queue.add(paper) for paper in (PaperRole.TOKEN, PaperRole.FORM, PaperRole.SLIP)]
    slips = queue.database.read(lambda s: print_queue.waiting(s, "2", PaperRole.SLIP, PaperRole.TOKEN))
    assert [job.id for job in slips] == [jobs[0].id, jobs[2].id]
    assert [job.id for job in queue.database.read(lambda s: print_queue.waiting(s, "2"))] == [job.id for job in jobs]


def test_a_job_that_a_printer_did_not_take_waits_with_its_reason_and_its_time_goes_on(
    queue: Queue, clock: PlayedClock
) -> None:
    queued_at, reason = clock.now, Trouble("{printer}: the cover is open. Close it.", printer="slip")
    job = queue.to(queue.add(), JobState.SENDING)
    clock.forward(seconds=5)
    queue.database.run(lambda s: print_queue.put_back(s, job.id, clock(), reason))
    job = queue.read(job)
    assert (job.state, job.copy, job.attempts, job.queued_at) == ("queued", 0, 1, queued_at)
    said = print_queue.reason_of(job)
    assert said is not None
    assert said.in_language("en") == "slip: the cover is open. Close it."
    queue.to(job, JobState.SENDING)
    assert queue.read(job).said == ""


@pytest.mark.parametrize("states", [(), (JobState.SENDING, JobState.UNKNOWN), (JobState.SENDING, JobState.PRINTED)])
def test_nothing_is_put_back_but_what_was_being_sent(queue: Queue, states: tuple[JobState, ...]) -> None:
    job = queue.to(queue.add(), *states)
    with pytest.raises(Overtaken):
        queue.do(lambda s: print_queue.put_back(s, job.id, queue.actor.now(), Trouble("?")))


@pytest.mark.parametrize("states", [(JobState.SENDING,), (JobState.SENDING, JobState.PRINTED)])
def test_what_a_printer_has_is_not_given_up_as_late(queue: Queue, states: tuple[JobState, ...]) -> None:
    late = Trouble("It waited too long.")
    job = queue.to(queue.add(), *states)
    with pytest.raises(Overtaken):
        queue.do(lambda s: print_queue.give_up(s, job.id, queue.actor.now(), late))
    waits = queue.add()
    queue.do(lambda s: print_queue.give_up(s, waits.id, queue.actor.now(), late))
    assert queue.read(waits).state == "failed"


@pytest.mark.parametrize("after", [JobState.PRINTED, JobState.UNKNOWN])
def test_what_was_printed_or_may_be_is_not_sent_again_by_any_worker(queue: Queue, after: JobState) -> None:
    job = queue.to(queue.add(), JobState.SENDING, after)
    with pytest.raises(Overtaken):
        queue.to(job, JobState.SENDING)


def test_a_failed_job_is_tried_again_as_it_was_and_its_time_begins_anew(queue: Queue, clock: PlayedClock) -> None:
    job = queue.to(queue.add(), JobState.SENDING, JobState.FAILED)
    clock.forward(minutes=30)
    assert queue.again(job) == 0
    job = queue.read(job)
    assert (job.state, job.copy, job.said) == ("queued", 0, "")
    assert job.queued_at == clock.now


def test_a_job_that_may_have_come_out_says_that_it_is_a_repeat(queue: Queue) -> None:
    job = queue.to(queue.add(), JobState.SENDING, JobState.UNKNOWN)
    assert queue.again(job) == 1
    queue.to(job, JobState.SENDING, JobState.UNKNOWN)
    assert queue.again(job) == 2


def test_another_station_takes_over_what_it_tries_again(queue: Queue) -> None:
    job = queue.to(queue.add(), JobState.SENDING, JobState.FAILED)
    queue.again(job, dataclasses.replace(queue.actor, station="5"))
    assert [one.id for one in queue.database.read(lambda s: print_queue.waiting(s, "5", PaperRole.SLIP))] == [job.id]


@pytest.mark.parametrize("states", [(), (JobState.SENDING,), (JobState.SENDING, JobState.PRINTED)])
def test_what_is_under_way_or_printed_is_not_tried_again(queue: Queue, states: tuple[JobState, ...]) -> None:
    job = queue.to(queue.add(), *states)
    with pytest.raises(Overtaken):
        queue.again(job)


def test_a_job_that_is_not_there_is_named(queue: Queue) -> None:
    with pytest.raises(NotFound):
        queue.do(lambda s: print_queue.try_again(s, queue.actor, 4711))


def test_whoever_sees_the_paper_settles_an_unknown_job_and_no_other(queue: Queue) -> None:
    job = queue.to(queue.add(), JobState.SENDING, JobState.UNKNOWN)
    queue.do(lambda s: print_queue.came_out(s, queue.actor, job.id))
    assert queue.read(job).state == "printed"
    with pytest.raises(Overtaken):
        queue.do(lambda s: print_queue.came_out(s, queue.actor, job.id))


def test_repeats_count_on_and_share_the_paper_of_the_first(queue: Queue) -> None:
    first = queue.to(queue.add(), JobState.SENDING, JobState.PRINTED)
    second = queue.do(lambda s: print_queue.repeat(s, queue.actor, first))
    third = queue.do(lambda s: print_queue.repeat(s, queue.actor, second))
    assert [(job.first_id, job.copy) for job in (first, second, third)] == [(None, 0), (first.id, 1), (first.id, 2)]
    assert first.document == second.document == third.document


def test_a_reprint_is_a_copy_but_of_what_certainly_never_came_out(queue: Queue) -> None:
    def reprint(first: PrintJob, anew: Slip | None = None) -> int:
        wait = Refused("Wait for it.")
        return queue.do(lambda s: print_queue.reprint(s, queue.actor, first.id, wait, anew))

    waits, printed = queue.add(), queue.to(queue.add(), JobState.SENDING, JobState.PRINTED)
    failed = queue.to(queue.add(), JobState.SENDING, JobState.FAILED)
    with pytest.raises(Refused, match="Wait"):
        reprint(waits)
    assert (reprint(failed), reprint(printed)) == (0, 1)
    family = queue.database.read(lambda s: print_queue.prints_of(s, printed.id))
    assert [(job.copy, job.document == printed.document) for job in family] == [(0, True), (1, True)]
    with pytest.raises(Refused, match="Wait"):
        reprint(printed)


def test_a_reprint_of_something_else_is_a_copy_even_of_what_never_came_out(queue: Queue) -> None:
    failed = queue.to(queue.add(), JobState.SENDING, JobState.FAILED)
    void, wait = Slip("作废", SLIP.lines), Refused("Wait for it.")
    assert queue.do(lambda s: print_queue.reprint(s, queue.actor, failed.id, wait, void)) == 1
    last = queue.database.read(lambda s: print_queue.prints_of(s, failed.id))[-1]
    assert (last.title, from_json(last.document)) == ("作废", void)


def test_two_who_repeat_one_paper_at_the_same_moment_get_two_counts(queue: Queue) -> None:
    first = queue.to(queue.add(), JobState.SENDING, JobState.PRINTED)

    def once(_place: int) -> int:
        return queue.do(lambda s: print_queue.repeat(s, queue.actor, s.get_one(PrintJob, first.id))).copy

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(once, range(8))) == list(range(1, 9))


def test_what_was_being_sent_when_the_program_stopped_is_asked_about(queue: Queue, clock: PlayedClock) -> None:
    cut, asked, queued = queue.to(queue.add(), JobState.SENDING), queue.add(), queue.add()
    queue.to(asked, JobState.SENDING, JobState.UNKNOWN)
    found = queue.database.run(lambda s: print_queue.recover(s, "2", clock()))
    assert [job.id for job in found] == [cut.id, asked.id]
    assert queue.read(queued).state == "queued"


def test_what_did_not_print_is_listed_with_its_reason_in_either_language(queue: Queue, clock: PlayedClock) -> None:
    inner = Trouble("{printer}: the cover is open. Close it.", printer="slip")
    reason = Trouble("{paper} was not printed. {reason}", paper="存包小票", reason=inner)
    queue.to(queue.add(), JobState.SENDING, JobState.FAILED)
    old = clock.now
    clock.forward(hours=30)
    job = queue.to(queue.to(queue.add(), JobState.SENDING), JobState.FAILED, said=reason)
    listed = queue.database.read(lambda s: print_queue.not_printed(s, "2", old + dt.timedelta(hours=24)))
    assert [one.id for one in listed] == [job.id]
    said = print_queue.reason_of(listed[0])
    assert said is not None
    assert said.in_language("en") == "存包小票 was not printed. slip: the cover is open. Close it."
    assert said.in_language("zh") == "存包小票 没有打印出来。slip 的盖子没合上。请合上。"
    assert print_queue.reason_of(queue.add()) is None


def test_a_reason_that_is_too_long_is_kept_shorter(queue: Queue) -> None:
    long = Trouble("{printer} says: {reason}. Look at the printer.", printer="form", reason="卡" * 5000)
    job = queue.to(queue.to(queue.add(), JobState.SENDING), JobState.FAILED, said=long)
    assert len(queue.read(job).said) <= 400
    said = print_queue.reason_of(queue.read(job))
    assert said is not None
    assert "form says: 卡卡卡" in said.in_language("en")


def test_the_mark_of_a_repeat_is_chinese_always_and_english_besides_where_the_store_wants_both() -> None:
    assert print_queue.copy_words(2, "zh") == "补打 2"
    assert print_queue.copy_words(2, "en") == "补打 2 Reprint 2"
