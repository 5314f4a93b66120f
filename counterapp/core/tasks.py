"""What is given to people: tasks, messages, notices, handovers; to a person, a role, a department or a desk.

A task is finished once, by one, with what came of it. Everything else is acknowledged by each whom it reaches, an
important one by the answer to a question about it; a new edition asks again.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, String, exists, or_, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship, selectinload

from counterapp.core.actor import AT_THE_COUNTER, Actor, Role
from counterapp.core.base import Base, BigInt, UtcDateTime
from counterapp.core.cases import Case
from counterapp.core.deadlines import Late
from counterapp.core.departments import require_department
from counterapp.core.masking import Mask
from counterapp.core.staff import Person
from counterapp.core.typed import typed_text
from counterapp.errors import NotAllowed, NotFound, Overtaken, Refused
from counterapp.words import N_

_TEXT: Final = 2000
_OUTCOME: Final = 400
_NOT_YOURS: Final = N_("This was not given to you. Ask whoever it was given to.")


class TaskKind(enum.StrEnum):
    """TASK is done by one; the others are acknowledged by each."""

    TASK = "task"
    MESSAGE = "message"
    NOTICE = "notice"
    HANDOVER = "handover"


@dataclass(frozen=True, slots=True)
class To:
    """Whom a task is for: a person's id, a role, a department's name, or (`is_desk`) a desk's key."""

    whom: int | Role | str
    is_desk: bool = False


class Task(Base):
    """Something given at `given_at` by `given_by`; `until` is the last day on which it still is for those who come new.

    `by_name` is who did it for a department without signing in. Texts are erased when their time is over.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint("kind IN ('task', 'message', 'notice', 'handover')", name="kind"),
        CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done_by_somebody"),
        CheckConstraint("done_at IS NULL OR kind = 'task'", name="only_tasks_are_done"),
        CheckConstraint("(question = '') = (answer = '')", name="question_has_an_answer"),
        CheckConstraint("edition >= 1", name="counts_from_one"),
    )
    __journal__ = True
    __never_deleted__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(String(_TEXT), info={"personal": Mask.TEXT})
    edition: Mapped[int] = mapped_column(default=1)
    question: Mapped[str] = mapped_column(String(200))
    answer: Mapped[str] = mapped_column(String(80))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    confidential: Mapped[bool]
    given_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    given_on: Mapped[dt.date] = mapped_column(index=True)
    given_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    due_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    until: Mapped[dt.date | None]
    done_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    by_name: Mapped[str] = mapped_column(String(40), default="", info={"personal": Mask.NAME})
    outcome: Mapped[str] = mapped_column(String(_OUTCOME), default="", info={"personal": Mask.TEXT})

    case: Mapped[Case | None] = relationship(lazy="raise", viewonly=True)
    giver: Mapped[Person] = relationship(lazy="raise", viewonly=True, foreign_keys=[given_by])
    recipients: Mapped[list[TaskRecipient]] = relationship(lazy="raise")
    acknowledged: Mapped[list[TaskAcknowledged]] = relationship(lazy="raise")


class TaskRecipient(Base):
    """One of those whom a task is for: exactly one of the four."""

    __tablename__ = "task_recipients"
    __table_args__ = (
        CheckConstraint(
            "(person_id IS NOT NULL AND role = '' AND department IS NULL AND desk = '')"
            " OR (person_id IS NULL AND role <> '' AND department IS NULL AND desk = '')"
            " OR (person_id IS NULL AND role = '' AND department IS NOT NULL AND desk = '')"
            " OR (person_id IS NULL AND role = '' AND department IS NULL AND desk <> '')",
            name="exactly_one",
        ),
    )
    __journal__ = True
    __append_only__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    role: Mapped[str] = mapped_column(String(20), default="")
    department: Mapped[str | None] = mapped_column(ForeignKey("departments.name"))
    desk: Mapped[str] = mapped_column(String(20), default="")


class TaskAcknowledged(Base):
    """Somebody has read an edition of a task."""

    __tablename__ = "task_acknowledged"
    __journal__ = True
    __append_only__ = True

    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class TaskDetails:
    """A task as it is shown; `acknowledged_by` are the ids of those who have read its present edition."""

    id: int
    kind: TaskKind
    title: str
    text: str
    question: str
    code: str
    given_by: str
    given_at: dt.datetime
    due_at: dt.datetime | None
    done_at: dt.datetime | None
    outcome: str
    confidential: bool
    to: tuple[To, ...]
    acknowledged_by: frozenset[int]


def give(
    session: Session, actor: Actor, kind: TaskKind, title: str, to: Sequence[To], *, text: str = "",
    case_id: int | None = None, due_at: dt.datetime | None = None, confidential: bool = False, question: str = "",
    answer: str = "", until: dt.date | None = None,
) -> int:  # fmt: skip
    """Give something to those of `to`; return its id.

    Raises Refused where it is for nobody, NotFound for a department that the store does not have, BadInput for texts
    that are too long.
    """
    if not to:
        raise Refused(N_("Say whom this is for."))
    made = Task(
        kind=kind.value, title=typed_text(title, 120), text=typed_text(text, _TEXT), edition=1,
        question=typed_text(question, 200), answer=typed_text(answer, 80), case_id=case_id, confidential=confidential,
        given_at=actor.now(), given_on=actor.today(), given_by=actor.person.person_id, due_at=due_at, until=until,
        done_at=None, done_by=None, by_name="", outcome="",
        recipients=[_recipient(session, one) for one in dict.fromkeys(to)],
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made.id


def change(session: Session, actor: Actor, task_id: int, title: str, text: str) -> None:
    """Change what a task says; everybody is asked to acknowledge it again.

    Raises NotFound, NotAllowed for all but the giver, Overtaken where it is done, BadInput for texts that are too long.
    """
    task = _open(session, task_id)
    if task.given_by != actor.person.person_id:
        raise NotAllowed(_NOT_YOURS)
    task.title, task.text, task.edition = typed_text(title, 120), typed_text(text, _TEXT), task.edition + 1
    session.flush()


def inbox(session: Session, actor: Actor, desks: Sequence[str] = ()) -> tuple[TaskDetails, ...]:
    """Return what waits for the actor: open tasks, and what they have not acknowledged yet; what is due first in front.

    `desks` are the keys of those that the actor works at.
    """
    read = exists().where(
        TaskAcknowledged.task_id == Task.id,
        TaskAcknowledged.person_id == actor.person.person_id,
        TaskAcknowledged.edition == Task.edition,
    )
    waiting = or_(Task.kind == TaskKind.TASK.value, ~read)
    in_force = or_(Task.until.is_(None), Task.until >= actor.today())
    found = _details(session, Task.done_at.is_(None), waiting, in_force, _is_for(actor, desks))
    return tuple(sorted(found, key=lambda one: (one.due_at is None, one.due_at or one.given_at, one.id)))


def tasks_of(session: Session, actor: Actor, case_id: int) -> tuple[TaskDetails, ...]:
    """Return what was given for a case, in order; what is confidential only where it is for the actor or from them."""
    theirs = or_(~Task.confidential, Task.given_by == actor.person.person_id, _is_for(actor))
    return _details(session, Task.case_id == case_id, theirs)


def acknowledge(session: Session, actor: Actor, task_id: int, answer: str = "") -> None:
    """Acknowledge what was given to the actor, once for each edition.

    Raises NotFound, NotAllowed where it is not for them, Refused where the answer to its question is another one.
    """
    task = _load(session, task_id)
    _require_mine(session, actor, task)
    if task.answer and answer.strip().casefold() != task.answer.casefold():
        raise Refused(N_("That is not what it says. Read it again, then answer."))
    key = (task.id, actor.person.person_id, task.edition)
    if session.get(TaskAcknowledged, key) is None:
        session.add(TaskAcknowledged(task_id=key[0], person_id=key[1], edition=key[2], at=actor.now()))
        session.flush()


def finish(session: Session, actor: Actor, task_id: int, outcome: str, by: str = "") -> None:
    """Finish a task with what came of it. The counter may do so for a department: `by` is then who said it, by name.

    Raises NotFound, NotAllowed where it is neither for the actor nor from them, Overtaken where it is done, Refused
    without an outcome or for what is no task, BadInput for words that are too long.
    """
    task, by = _open(session, task_id), typed_text(by, 40)
    told = bool(by) and actor.person.role in AT_THE_COUNTER
    if not (told and any(one.department for one in task.recipients)) and task.given_by != actor.person.person_id:
        _require_mine(session, actor, task)
    if task.kind != TaskKind.TASK.value:
        raise Refused(N_("This is not a task that is finished. Acknowledge it."))
    task.outcome = typed_text(outcome, _OUTCOME)
    if not task.outcome:
        raise Refused(N_("Say what came of it, then finish it."))
    task.done_at, task.done_by, task.by_name = actor.now(), actor.person.person_id, by
    session.flush()


def late(session: Session, now: dt.datetime, desk: str) -> tuple[Late, ...]:
    """Return the tasks of the desk's cases that are past their time, what was due first in front."""
    past = select(Task).join(Task.case).where(Case.desk == desk, Task.done_at.is_(None), Task.due_at < now)
    past = past.where(Task.kind == TaskKind.TASK.value).options(joinedload(Task.case)).order_by(Task.due_at, Task.id)
    return tuple(
        Late(desk, task.case.code, task.case.title, task.title, task.due_at, is_late=True, case_id=task.case_id)
        for task in session.scalars(past)
        if task.case is not None and task.due_at is not None
    )


def erase_texts(session: Session, case_id: int) -> int:
    """Erase what was said in the tasks of a case, whose time is over; return how many there were."""
    tasks = session.scalars(select(Task).where(Task.case_id == case_id).with_for_update()).all()
    for task in tasks:
        task.text = task.by_name = task.outcome = ""
    session.flush()
    return len(tasks)


def _recipient(session: Session, to: To) -> TaskRecipient:
    if isinstance(to.whom, Role):
        return TaskRecipient(role=to.whom.value)
    if isinstance(to.whom, int):
        return TaskRecipient(person_id=to.whom)
    if to.is_desk:
        return TaskRecipient(desk=to.whom)
    return TaskRecipient(department=require_department(session, to.whom))


def _is_for(actor: Actor, desks: Sequence[str] = (), *, any_desk: bool = False) -> ColumnElement[bool]:
    """Whether a task has a recipient that means the actor, at one of `desks` or at any."""
    person = actor.person
    meant = or_(
        TaskRecipient.person_id == person.person_id,
        TaskRecipient.role == person.role.value,
        TaskRecipient.department == person.department,
        TaskRecipient.desk != "" if any_desk else TaskRecipient.desk.in_(desks),
    )
    return exists().where(TaskRecipient.task_id == Task.id, meant)


def _require_mine(session: Session, actor: Actor, task: Task) -> None:
    # Which desks there are is known above core: whoever works at the counter may answer for one of them.
    mine = _is_for(actor, any_desk=actor.person.role in AT_THE_COUNTER)
    if session.scalar(select(Task.id).where(Task.id == task.id, mine)) is None:
        raise NotAllowed(_NOT_YOURS)


def _load(session: Session, task_id: int) -> Task:
    found = select(Task).where(Task.id == task_id).with_for_update().execution_options(populate_existing=True)
    task = session.scalars(found.options(selectinload(Task.recipients))).one_or_none()
    if task is None:
        raise NotFound(N_("There is no such task."))
    return task


def _open(session: Session, task_id: int) -> Task:
    task = _load(session, task_id)
    if task.done_at is not None:
        raise Overtaken(N_("Somebody has finished this meanwhile."))
    return task


def _details(session: Session, *which: ColumnElement[bool]) -> tuple[TaskDetails, ...]:
    found = select(Task).where(*which).order_by(Task.id).options(
        joinedload(Task.case), joinedload(Task.giver), selectinload(Task.recipients), selectinload(Task.acknowledged)
    )  # fmt: skip
    return tuple(
        TaskDetails(
            task.id, TaskKind(task.kind), task.title, task.text, task.question, task.case.code if task.case else "",
            f"{task.giver.name} {task.giver.number}", task.given_at, task.due_at, task.done_at, task.outcome,
            task.confidential, tuple(map(_to, task.recipients)),
            frozenset(one.person_id for one in task.acknowledged if one.edition == task.edition),
        )
        for task in session.scalars(found)
    )  # fmt: skip


def _to(one: TaskRecipient) -> To:
    if one.person_id is not None:
        return To(one.person_id)
    return To(Role(one.role)) if one.role else To(one.department or one.desk, is_desk=bool(one.desk))
