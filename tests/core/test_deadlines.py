"""Clocks of cases: when they are due, when they wait, who has them when they are late."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from counterapp.core import deadlines
from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.calendars import ClockKind
from counterapp.core.cases import Case
from counterapp.core.database import Database
from counterapp.core.deadlines import Deadline, DeadlineHeard, DeadlineRule, DeadlineWait, Late, Told
from counterapp.errors import NotAllowed, NotFound, Overtaken, Refused
from tests.conftest import PlayedClock
from tests.core.matters import ANSWER, CLOCKS, DELAY, LETTER, SOLVE, at, open_matter


@pytest.fixture
def case(database: Database, clerk: Actor) -> Case:
    """A matter that was received on 11-21 at 14:32."""
    return open_matter(database, clerk)


def start(
    database: Database, actor: Actor, case: Case, *kinds: str, until: dt.datetime | None = None, turn: int = 1
) -> None:
    def work(session: Session) -> None:
        for kind in kinds:
            deadlines.start(session, actor, CLOCKS, case, kind, until=until, promised="今天答复", turn=turn)

    database.command(actor, "start", work)


def wait(database: Database, actor: Actor, case: Case, goes_on: dt.date | None = None) -> None:
    database.command(actor, "wait", lambda s: deadlines.wait(s, actor, CLOCKS, case.id, "等顾客答复", goes_on))


def resume(database: Database, actor: Actor, case: Case) -> None:
    database.command(actor, "resume", lambda s: deadlines.resume(s, actor, CLOCKS, case.id))


def finish(database: Database, actor: Actor, case: Case, *kinds: str) -> None:
    database.command(actor, "finish", lambda s: deadlines.finish(s, actor, CLOCKS, case.id, *kinds))


def clock_of(database: Database, case: Case, kind: str) -> Deadline:
    return database.read(lambda s: s.query(Deadline).filter_by(case_id=case.id, kind=kind).one())


def late(database: Database, now: dt.datetime) -> list[Late]:
    return list(database.read(lambda s: deadlines.late(s, now, "matters", CLOCKS)))


def test_clocks_start_by_their_rules(database: Database, clerk: Actor, case: Case) -> None:
    start(database, clerk, case, SOLVE, DELAY, LETTER)
    start(database, clerk, case, ANSWER, until=CLOCKS.calendars.closing(clerk.now()))
    assert clock_of(database, case, SOLVE).due_at == at("11-21 16:32")
    assert clock_of(database, case, DELAY).due_at == at("12-06 23:59") + dt.timedelta(seconds=59)
    assert clock_of(database, case, LETTER).due_at == at("12-04 23:59") + dt.timedelta(seconds=59)
    answer = clock_of(database, case, ANSWER)
    assert (answer.due_at, answer.length, answer.promised) == (at("11-21 22:00"), 448, "今天答复")
    assert (answer.book, answer.started_on) == ("2026-11", dt.date(2026, 11, 21))
    with pytest.raises(Overtaken):
        start(database, clerk, case, SOLVE)
    start(database, clerk, case, SOLVE, turn=2)
    with pytest.raises(ValueError, match="no length"):
        start(database, clerk, case, ANSWER, turn=2)


def test_only_clocks_that_may_wait_do(database: Database, clerk: Actor, case: Case, clock: PlayedClock) -> None:
    start(database, clerk, case, SOLVE, DELAY)
    clock.forward(minutes=30)
    wait(database, clerk, case)
    assert clock_of(database, case, SOLVE).due_at is None
    assert clock_of(database, case, DELAY).due_at == at("12-06 23:59") + dt.timedelta(seconds=59)
    wait(database, clerk, case)  # stands already
    clock.forward(days=1)
    resume(database, clerk, case)
    assert clock_of(database, case, SOLVE).due_at == at("11-22 16:32")
    assert len(database.read(lambda s: s.query(DeadlineWait).all())) == 1
    clock.forward(minutes=20)
    finish(database, clerk, case, SOLVE)
    done = clock_of(database, case, SOLVE)
    assert (done.took, done.done_on, done.done_at) == (50, dt.date(2026, 11, 22), clock.now)
    assert clock_of(database, case, DELAY).done_at is None
    finish(database, clerk, case)
    assert clock_of(database, case, DELAY).took == 1


def test_a_clock_goes_on_by_itself(database: Database, clerk: Actor, case: Case, clock: PlayedClock) -> None:
    start(database, clerk, case, SOLVE)
    with pytest.raises(Refused):
        wait(database, clerk, case, dt.date(2026, 11, 21))
    with pytest.raises(Refused):
        database.command(clerk, "wait", lambda s: deadlines.wait(s, clerk, CLOCKS, case.id, " "))
    wait(database, clerk, case, dt.date(2026, 11, 23))
    assert clock_of(database, case, SOLVE).due_at == at("11-23 11:00")
    assert late(database, at("11-22 12:00")) == []
    clock.now = at("11-23 10:20")
    assert [one.level for one in late(database, clock.now)] == [1]
    wait(database, clerk, case)  # again: the first wait is over, though nobody said so
    clock.forward(hours=1)
    resume(database, clerk, case)
    assert clock_of(database, case, SOLVE).due_at == at("11-23 12:00")
    first = database.read(lambda s: s.query(DeadlineWait).order_by(DeadlineWait.id).first())
    assert first is not None and first.ended_at == at("11-23 00:00")


def test_what_was_promised_is_never_due_earlier(
    database: Database, clerk: Actor, case: Case, clock: PlayedClock
) -> None:
    start(database, clerk, case, ANSWER, until=at("11-21 23:30"))
    wait(database, clerk, case)
    resume(database, clerk, case)
    assert clock_of(database, case, ANSWER).due_at == at("11-21 23:30")


def test_the_next_person_up_is_told_at_half_four_fifths_and_all(
    database: Database, clerk: Actor, case: Case, clock: PlayedClock, supervisor: Signer, manager: Signer
) -> None:
    clock.now = at("11-21 09:00")
    start(database, clerk, case, SOLVE)
    (deadline,) = database.read(lambda s: s.query(Deadline).all())
    assert late(database, at("11-21 09:59")) == []
    (one,) = late(database, at("11-21 10:00"))
    assert (one.level, one.told, one.is_late, one.is_heard) == (1, Role.SUPERVISOR, False, False)
    assert (one.code, one.title, one.what, one.promised) == (case.code, "毛巾", "Resolution", "今天答复")

    def hear(person: Signer, level: int) -> None:
        actor = replace(clerk, person=person)
        database.command(actor, "hear", lambda s: deadlines.hear(s, actor, CLOCKS, deadline.id, level))

    with pytest.raises(NotAllowed):
        hear(clerk.person, 1)
    clock.now = at("11-21 10:20")
    hear(supervisor, 1)
    hear(manager, 1)  # once is enough
    assert database.read(lambda s: s.query(DeadlineHeard).one().person_id) == supervisor.person_id
    # Heard in time, it stays with them until the next mark; unheard it is passed on half an hour later.
    assert [(one.level, one.is_heard) for one in late(database, at("11-21 10:35"))] == [(1, True)]
    assert [(one.level, one.is_heard) for one in late(database, at("11-21 10:36"))] == [(2, False)]
    assert [one.told for one in late(database, at("11-21 11:01"))] == [Role.STORE_MANAGER]
    assert [one.is_late for one in late(database, at("11-21 11:01"))] == [True]
    with pytest.raises(NotAllowed):
        hear(supervisor, 2)
    with pytest.raises(NotFound):
        database.command(clerk, "hear", lambda s: deadlines.hear(s, clerk, CLOCKS, 999, 1))


def test_who_has_a_clock_follows_from_its_marks_and_from_who_has_heard() -> None:
    rule = CLOCKS.rules[SOLVE]
    marks = (at("11-21 10:00"), at("11-21 10:36"), at("11-21 11:00"))

    def level(now: str, heard: dict[int, dt.datetime] | None = None) -> Told:
        return deadlines.level_of(marks, heard or {}, at(f"11-21 {now}"), rule, CLOCKS.calendars)

    assert level("09:59") == Told()
    assert level("10:29") == Told(1, at("11-21 10:00"))
    assert level("10:30") == Told(2, at("11-21 10:30"))
    assert level("10:30", {1: at("11-21 10:10")}) == Told(1, at("11-21 10:00"), True)
    # Heard too late: it was passed on already.
    assert level("10:40", {1: at("11-21 10:35")}) == Told(2, at("11-21 10:30"))
    assert level("11:00") == Told(3, at("11-21 11:00"))
    wall = DeadlineRule("child", "", ClockKind.WALL, 10, grace=1)
    assert deadlines.level_of(marks[:1], {}, at("11-21 10:02"), wall, CLOCKS.calendars).level == 3


def test_days_are_told_of_from_their_beginning(database: Database, clerk: Actor, case: Case) -> None:
    start(database, clerk, case, DELAY)
    assert late(database, at("11-30 23:59")) == []
    assert [one.told for one in late(database, at("12-01 00:00"))] == [Role.SERVICE_MANAGER]
    assert [one.level for one in late(database, at("12-06 12:00"))] == [3]
    assert [one.is_late for one in late(database, at("12-06 23:59"))] == [False]
    assert [one.is_late for one in late(database, at("12-07 00:00"))] == [True]


def test_what_is_done_is_late_no_more_and_other_desks_have_their_own(
    database: Database, clerk: Actor, case: Case, clock: PlayedClock
) -> None:
    start(database, clerk, case, SOLVE)
    assert len(late(database, at("11-21 20:00"))) == 1
    assert database.read(lambda s: deadlines.late(s, at("11-21 20:00"), "others", CLOCKS)) == ()
    # A rule that is gone is what the deadline has kept of it.
    without = replace(CLOCKS, rules={})
    assert len(database.read(lambda s: deadlines.late(s, at("11-21 20:00"), "matters", without))) == 1
    finish(database, clerk, case)
    assert late(database, at("11-21 20:00")) == []


def test_of_two_who_finish_one_clock_the_first_counts(
    database: Database, clerk: Actor, case: Case, supervisor: Signer
) -> None:
    start(database, clerk, case, SOLVE)
    people = [replace(clerk, station=str(number)) for number in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda actor: finish(database, actor, case), people))
    done = clock_of(database, case, SOLVE)
    finish(database, replace(clerk, person=supervisor), case)
    assert clock_of(database, case, SOLVE).done_by == done.done_by == clerk.person.person_id


FORBIDDEN = [
    "INSERT INTO deadline_waits (deadline_id, may_wait, reason, since, begun_by)"
    " SELECT id, true, 'x', started_at, 1 FROM deadlines WHERE kind = 'delay'",
    "INSERT INTO deadline_waits (deadline_id, may_wait, reason, since, begun_by)"
    " SELECT id, false, 'x', started_at, 1 FROM deadlines WHERE kind = 'delay'",
    "UPDATE deadlines SET may_wait = false WHERE kind = 'solve'",
    "DELETE FROM deadlines",
    "DELETE FROM deadline_waits",
    "UPDATE deadlines SET done_at = started_at",
]


def test_the_database_itself_keeps_the_clocks(database: Database, clerk: Actor, case: Case) -> None:
    start(database, clerk, case, SOLVE, DELAY)
    wait(database, clerk, case)
    for statement in FORBIDDEN:
        with pytest.raises(DBAPIError), database.engine.begin() as connection:
            connection.execute(text(statement))
