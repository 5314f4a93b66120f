"""What is given to people: whom it reaches, who acknowledges, who finishes it."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from counterapp.core import departments, tasks
from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.database import Database
from counterapp.core.staff import NewPerson, add_person
from counterapp.core.tasks import Task, TaskAcknowledged, TaskDetails, TaskKind, To
from counterapp.errors import BadInput, NotAllowed, NotFound, Overtaken, Refused
from tests.conftest import Hire, PlayedClock
from tests.core.matters import at, open_matter

FOOD = "食品部"


@pytest.fixture
def food(database: Database, clerk: Actor) -> Actor:
    """Whoever speaks for the food department."""

    def add(session: object) -> Signer:
        departments.add_department(session, FOOD)  # type: ignore[arg-type]
        new = NewPerson("7001", "食品值班", Role.DEPARTMENT, "", FOOD)
        return add_person(session, new, "").signer()  # type: ignore[arg-type]

    return replace(clerk, person=database.run(add))


def give(database: Database, actor: Actor, kind: TaskKind, *to: To, **more: object) -> int:
    title = str(more.pop("title", "看一下货架"))
    return database.command(
        actor, "give", lambda s: tasks.give(s, actor, kind, title, to, **more)  # type: ignore[arg-type]
    )  # fmt: skip


def inbox(database: Database, actor: Actor, *desks: str) -> list[TaskDetails]:
    return list(database.read(lambda s: tasks.inbox(s, actor, desks)))


def acknowledge(database: Database, actor: Actor, task: int, answer: str = "") -> None:
    database.command(actor, "acknowledge", lambda s: tasks.acknowledge(s, actor, task, answer))


def finish(database: Database, actor: Actor, task: int, outcome: str = "换好了", by: str = "") -> None:
    database.command(actor, "finish", lambda s: tasks.finish(s, actor, task, outcome, by))


def test_a_message_waits_for_its_person_and_is_acknowledged(
    database: Database, clerk: Actor, supervisor: Signer, clock: PlayedClock
) -> None:
    boss = replace(clerk, person=supervisor)
    message = give(database, clerk, TaskKind.MESSAGE, To(supervisor.person_id), text="请回电", title="回电")
    assert inbox(database, clerk) == []
    (one,) = inbox(database, boss)
    assert (one.title, one.text, one.given_by, one.to) == ("回电", "请回电", "王丽 6012", (To(supervisor.person_id),))
    with pytest.raises(NotAllowed):
        acknowledge(database, clerk, message)
    acknowledge(database, boss, message)
    acknowledge(database, boss, message)
    assert inbox(database, boss) == []
    with pytest.raises(Refused, match=r".+"):
        finish(database, boss, message)
    database.command(clerk, "change", lambda s: tasks.change(s, clerk, message, "回电", "请在五点前回电"))
    assert [one.text for one in inbox(database, boss)] == ["请在五点前回电"]
    with pytest.raises(NotAllowed):
        database.command(boss, "change", lambda s: tasks.change(s, boss, message, "a", "b"))


def test_a_notice_reaches_everybody_of_a_role_while_it_is_in_force(
    database: Database, clerk: Actor, hire: Hire, clock: PlayedClock
) -> None:
    other = replace(clerk, person=hire("6013"))
    notice = give(
        database, clerk, TaskKind.NOTICE, To(Role.CLERK), To(Role.CLERK), question="哪一批?", answer="Ab 12",
        until=dt.date(2026, 11, 22),
    )  # fmt: skip
    acknowledge(database, clerk, notice, " aB 12 ")
    (one,) = inbox(database, other)
    assert one.acknowledged_by == {clerk.person.person_id} and one.question == "哪一批?"
    with pytest.raises(Refused):
        acknowledge(database, other, notice, "Ab 13")
    assert inbox(database, replace(clerk, person=hire("6014")))
    clock.forward(days=2)
    assert inbox(database, other) == []


def test_a_department_has_its_tasks_done_by_its_account_or_by_name(
    database: Database, clerk: Actor, food: Actor, clock: PlayedClock
) -> None:
    case = open_matter(database, clerk)
    tasks_given = [
        give(database, clerk, TaskKind.TASK, To(FOOD), case_id=case.id, due_at=at(f"11-21 1{hour}:00"))
        for hour in (8, 7)
    ]
    assert [one.id for one in inbox(database, food)] == tasks_given[::-1]
    acknowledge(database, food, tasks_given[0])
    assert len(inbox(database, food)) == 2  # read, but not done
    assert [one.due_at for one in database.read(lambda s: tasks.late(s, at("11-21 17:30"), "matters"))] == [
        at("11-21 17:00")
    ]
    with pytest.raises(Refused):
        finish(database, food, tasks_given[0], " ")
    finish(database, food, tasks_given[0])
    with pytest.raises(Overtaken):
        finish(database, clerk, tasks_given[0])
    finish(database, clerk, tasks_given[1], by="食品部张工")
    assert inbox(database, food) == []
    assert database.read(lambda s: tasks.late(s, at("11-22 17:30"), "matters")) == ()
    first, second = database.read(lambda s: tasks.tasks_of(s, clerk, case.id))
    assert (first.outcome, first.code, second.done_at) == ("换好了", case.code, clock.now)
    assert database.read(lambda s: s.get_one(Task, tasks_given[1]).by_name) == "食品部张工"
    assert database.command(clerk, "erase", lambda s: tasks.erase_texts(s, case.id)) == 2
    assert database.read(lambda s: s.get_one(Task, tasks_given[1]).by_name) == ""


def test_whoever_neither_has_nor_gave_a_task_does_not_finish_it(
    database: Database, clerk: Actor, food: Actor, hire: Hire, supervisor: Signer
) -> None:
    boss, other = replace(clerk, person=supervisor), replace(clerk, person=hire("6013"))
    task = give(database, clerk, TaskKind.TASK, To(supervisor.person_id), confidential=True)
    for actor, by in ((food, ""), (other, ""), (other, "李强")):
        with pytest.raises(NotAllowed):
            finish(database, actor, task, by=by)
    finish(database, clerk, task)
    desk = give(database, boss, TaskKind.TASK, To("phone", is_desk=True))
    assert [one.id for one in inbox(database, other, "phone", "gifts")] == [desk]
    assert inbox(database, other, "gifts") == []
    with pytest.raises(NotAllowed):
        finish(database, food, desk)
    finish(database, other, desk)


def test_what_is_confidential_is_seen_by_those_it_is_for_and_from(
    database: Database, clerk: Actor, supervisor: Signer, hire: Hire
) -> None:
    case = open_matter(database, clerk)
    give(database, clerk, TaskKind.MESSAGE, To(supervisor.person_id), case_id=case.id, confidential=True)

    def seen(who: Signer) -> int:
        return len(database.read(lambda s: tasks.tasks_of(s, replace(clerk, person=who), case.id)))

    assert [seen(who) for who in (clerk.person, supervisor, hire("6013"))] == [1, 1, 0]


def test_what_is_given_is_for_somebody_the_store_knows(database: Database, clerk: Actor) -> None:
    with pytest.raises(Refused):
        give(database, clerk, TaskKind.TASK)
    with pytest.raises(NotFound, match="玩具部"):
        give(database, clerk, TaskKind.TASK, To("玩具部"))
    with pytest.raises(BadInput):
        give(database, clerk, TaskKind.TASK, To(Role.CLERK), text="长" * 2001)
    with pytest.raises(NotFound):
        acknowledge(database, clerk, 999)


def test_two_acknowledge_at_once_and_one_finishes(database: Database, clerk: Actor) -> None:
    task = give(database, clerk, TaskKind.TASK, To(Role.CLERK))
    stations = [replace(clerk, station=str(number)) for number in range(4)]

    def tried(work: object, actor: Actor) -> bool:
        try:
            work(database, actor, task)  # type: ignore[operator]
        except Overtaken:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        # Whoever comes second by a hair reads that somebody was faster; it is acknowledged either way.
        assert any(threads.map(lambda actor: tried(acknowledge, actor), stations))
        assert sum(threads.map(lambda actor: tried(finish, actor), stations)) == 1
    assert len(database.read(lambda s: s.query(TaskAcknowledged).all())) == 1


FORBIDDEN = [
    "DELETE FROM tasks",
    "DELETE FROM task_recipients",
    "UPDATE task_recipients SET role = 'it'",
    "UPDATE task_acknowledged SET edition = 2",
    "INSERT INTO task_recipients (task_id, role, desk) SELECT id, 'clerk', 'phone' FROM tasks",
    "INSERT INTO task_recipients (task_id, role, desk) SELECT id, '', '' FROM tasks",
    "UPDATE tasks SET done_at = given_at, done_by = given_by",
]


def test_the_database_itself_keeps_what_was_given(database: Database, clerk: Actor) -> None:
    acknowledge(database, clerk, give(database, clerk, TaskKind.NOTICE, To(Role.CLERK)))
    for statement in FORBIDDEN:
        with pytest.raises(DBAPIError), database.engine.begin() as connection:
            connection.execute(text(statement))
