"""Clocks of cases, promises among them: when something is due, why it waits, who has been told that it is late.

A rule says what a clock counts. A deadline keeps what it was made by, so that a later change of the rules moves nothing
by itself. Nobody is told by a timer: who has a late clock now follows from its marks and from who has heard of it, the
same on every PC.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, contains_eager, mapped_column, relationship, selectinload

from counterapp.core.actor import APPROVERS, Actor, Role
from counterapp.core.base import Base, BigInt, UtcDateTime, partial_index
from counterapp.core.calendars import Calendars, ClockKind, Wait
from counterapp.core.cases import Case
from counterapp.core.typed import typed_text
from counterapp.errors import NotAllowed, NotFound, Refused
from counterapp.words import N_

#: When the next person up is told, where a rule names no marks of its own: shares of the time.
_SHARES: Final = ((1, 2), (4, 5), (1, 1))


class Deadline(Base):
    """A clock of a case, by the rule `kind` of the rule file `book`; `turn` counts on where a case is opened again.

    `length` and `took` are minutes or days, as the clock counts; `due_at` is None while it waits without an end.
    `until` is what was promised by the clock on the wall, with the words `promised`; `took` is without what it waited.
    """

    __tablename__ = "deadlines"
    __table_args__ = (
        UniqueConstraint("case_id", "kind", "turn"),
        UniqueConstraint("id", "may_wait"),
        CheckConstraint("(done_at IS NULL) = (done_on IS NULL)", name="done_on_a_day"),
        CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done_by_somebody"),
        CheckConstraint("(done_at IS NULL) = (took IS NULL)", name="done_after_some_time"),
        CheckConstraint("length >= 0 AND turn >= 1 AND took >= 0", name="counts_up"),
        partial_index("ix_deadlines_running", "case_id", where="done_at IS NULL"),
    )
    __journal__ = True
    __never_deleted__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(20))
    turn: Mapped[int]
    clock: Mapped[str] = mapped_column(String(10))
    length: Mapped[int]
    book: Mapped[str] = mapped_column(String(40))
    may_wait: Mapped[bool]
    promised: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    started_on: Mapped[dt.date] = mapped_column(index=True)
    until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    done_on: Mapped[dt.date | None] = mapped_column(index=True)
    done_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    took: Mapped[int | None]

    case: Mapped[Case] = relationship(lazy="raise", viewonly=True)
    waits: Mapped[list[DeadlineWait]] = relationship(lazy="raise", order_by="DeadlineWait.id")
    heard: Mapped[list[DeadlineHeard]] = relationship(lazy="raise")


class DeadlineWait(Base):
    """A time in which a clock stood, and why; it goes on by itself on the day `goes_on`, or when somebody ends it.

    Only clocks that may wait have one: the database refuses it for every other.
    """

    __tablename__ = "deadline_waits"
    __table_args__ = (
        ForeignKeyConstraint(["deadline_id", "may_wait"], ["deadlines.id", "deadlines.may_wait"]),
        CheckConstraint("may_wait", name="may_wait"),
        CheckConstraint("reason <> ''", name="has_a_reason"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
        CheckConstraint("ended_at >= since", name="ends_after_it_began"),
        partial_index("uq_deadline_waits_open", "deadline_id", where="ended_at IS NULL", unique=True),
    )
    __journal__ = True
    __never_deleted__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    deadline_id: Mapped[int] = mapped_column(BigInt, index=True)
    may_wait: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(200))
    since: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    begun_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    goes_on: Mapped[dt.date | None]
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class DeadlineHeard(Base):
    """Somebody has acknowledged that a clock is late, or soon will be, at a level of its ladder."""

    __tablename__ = "deadline_heard"
    __table_args__ = (CheckConstraint("level >= 1", name="counts_from_one"),)
    __journal__ = True
    __append_only__ = True

    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """How a clock of `kind` runs: `what` it is for (English source), `length` in minutes or days of `clock`.

    `tell` says after how much of it the next of `ladder` is told: half, four fifths and all of it where nothing is
    given, days from their beginning. Whoever does not acknowledge within `grace` minutes (of the store's hours, or the
    wall's where the clock is that) is passed over.
    """

    kind: str
    what: str
    clock: ClockKind
    length: int = 0
    may_wait: bool = False
    tell: Sequence[int] = ()
    ladder: Sequence[Role] = APPROVERS
    grace: int = 30


@dataclass(frozen=True, slots=True)
class DeadlineRules:
    """The clocks of a desk: the rule file `book` that they come from, and the calendars they count in."""

    book: str
    calendars: Calendars
    rules: Mapping[str, DeadlineRule]


@dataclass(frozen=True, slots=True)
class Late:
    """Something that is late, or soon will be, at a desk: `code` opens it, `title` and `what` say what it is.

    `level` of `told` is who has it now (0 and None: nobody was told yet, whoever owns it has it), and `is_heard`
    whether they have acknowledged it.
    """

    desk: str
    code: str
    title: str
    what: str
    due_at: dt.datetime
    is_late: bool
    promised: str = ""
    level: int = 0
    told: Role | None = None
    is_heard: bool = False
    deadline_id: int | None = None
    case_id: int | None = None


class Told(NamedTuple):
    """Who has a clock now: the `level` of its ladder, since when; whether they have acknowledged."""

    level: int = 0
    since: dt.datetime | None = None
    is_heard: bool = False


def start(
    session: Session, actor: Actor, clocks: DeadlineRules, case: Case, kind: str, *, until: dt.datetime | None = None,
    promised: str = "", turn: int = 1,
) -> Deadline:  # fmt: skip
    """Start a clock of `case`: it runs for its rule's length, or `until` a moment that was promised.

    Raises BadInput for a promise of too many words, ValueError for a rule that has no length where none is promised.
    """
    rule, now, calendars = clocks.rules[kind], actor.now(), clocks.calendars
    if until is None and not rule.length:
        raise ValueError(f"{kind} has no length")
    length = rule.length if until is None else calendars.between(rule.clock, now, until)
    made = Deadline(
        case_id=case.id, kind=kind, turn=turn, clock=rule.clock.value, length=length, book=clocks.book,
        may_wait=rule.may_wait, promised=typed_text(promised, 200), started_at=now, started_on=actor.today(),
        until=until, due_at=until or calendars.due(rule.clock, length, now), done_at=None, done_on=None, done_by=None,
        took=None, waits=[], heard=[],
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def wait(
    session: Session, actor: Actor, clocks: DeadlineRules, case_id: int, reason: str, goes_on: dt.date | None = None
) -> None:
    """Let the case's clocks stand that may and do not yet: until somebody goes on, or the day `goes_on`.

    Raises Refused without a reason or where `goes_on` is not after today, BadInput for too many words.
    """
    reason = typed_text(reason, 200)
    if not reason:
        raise Refused(N_("Say for what the clock waits."))
    if goes_on is not None and goes_on <= actor.today():
        raise Refused(N_("The day on which the clock goes on lies after today."))
    for deadline in _running(session, case_id):
        if not deadline.may_wait or _standing(deadline, clocks, actor.now()):
            continue
        # One whose day has come is over, but nobody has said so.
        _go_on(deadline, actor, clocks.calendars)
        deadline.waits.append(
            DeadlineWait(
                may_wait=True, reason=reason, since=actor.now(), begun_by=actor.person.person_id, goes_on=goes_on,
                ended_at=None, ended_by=None,
            )
        )  # fmt: skip
        deadline.due_at = _due(deadline, clocks.calendars)
    session.flush()


def resume(session: Session, actor: Actor, clocks: DeadlineRules, case_id: int) -> None:
    """Let the case's clocks go on that stand."""
    for deadline in _running(session, case_id):
        _go_on(deadline, actor, clocks.calendars)
    session.flush()


def finish(session: Session, actor: Actor, clocks: DeadlineRules, case_id: int, *kinds: str) -> None:
    """Stop the case's clocks, all or those of `kinds`: what they were for is done. One that has stopped stays so."""
    for deadline in _running(session, case_id):
        if kinds and deadline.kind not in kinds:
            continue
        _go_on(deadline, actor, clocks.calendars)
        deadline.done_at, deadline.done_on, deadline.done_by = actor.now(), actor.today(), actor.person.person_id
        deadline.took = clocks.calendars.ran(
            ClockKind(deadline.clock), deadline.started_at, actor.now(), _waits(deadline, clocks.calendars)
        )
    session.flush()


def hear(session: Session, actor: Actor, clocks: DeadlineRules, deadline_id: int, level: int) -> None:
    """Acknowledge that a clock is late, or soon will be, as one who was told at `level`; once is enough.

    Raises NotFound, NotAllowed for whoever stands below that level.
    """
    deadline = session.get(Deadline, deadline_id)
    if deadline is None:
        raise NotFound(N_("There is no such deadline."))
    ladder = _rule(deadline, clocks).ladder
    if actor.person.role not in ladder[level - 1 :]:
        raise NotAllowed(N_("This was told to somebody else. Ask them to acknowledge it."))
    if session.get(DeadlineHeard, (deadline_id, level)) is None:
        session.add(
            DeadlineHeard(deadline_id=deadline_id, level=level, person_id=actor.person.person_id, at=actor.now())
        )
        session.flush()


def late(session: Session, now: dt.datetime, desk: str, clocks: DeadlineRules) -> tuple[Late, ...]:
    """Return the desk's running clocks of which somebody has been told by `now`, what is due first in front."""
    running = (
        select(Deadline)
        .join(Deadline.case)
        .where(Case.desk == desk, Deadline.done_at.is_(None), Deadline.due_at.is_not(None))
        .options(contains_eager(Deadline.case), selectinload(Deadline.waits), selectinload(Deadline.heard))
    )
    found = []
    for deadline in session.scalars(running):
        rule = _rule(deadline, clocks)
        marks = marks_of(deadline, rule, clocks.calendars)
        told = level_of(marks, {one.level: one.at for one in deadline.heard}, now, rule, clocks.calendars)
        if deadline.due_at is None or _standing(deadline, clocks, now) or now < min(*marks, deadline.due_at):
            continue
        case, role = deadline.case, rule.ladder[told.level - 1] if told.level else None
        found.append(
            Late(
                desk, case.code, case.title, rule.what, deadline.due_at, deadline.due_at < now, deadline.promised,
                told.level, role, told.is_heard, deadline.id, case.id,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.due_at, one.code)))


def marks_of(deadline: Deadline, rule: DeadlineRule, calendars: Calendars) -> tuple[dt.datetime, ...]:
    """Return when the next person up is told of a clock that may still be met, one moment after the other."""
    clock, waits = ClockKind(deadline.clock), _waits(deadline, calendars)
    lengths = rule.tell or [-(-deadline.length * part // whole) for part, whole in _SHARES]
    marks = [calendars.due(clock, length, deadline.started_at, waits) for length in lengths]
    if clock.counts_minutes:
        return tuple(mark for mark in marks if mark is not None)
    return tuple(calendars.begins(calendars.day_of(mark)) for mark in marks if mark is not None)


def level_of(
    marks: Sequence[dt.datetime], heard: Mapping[int, dt.datetime], now: dt.datetime, rule: DeadlineRule,
    calendars: Calendars,
) -> Told:  # fmt: skip
    """Return who of the rule's ladder has a clock now: told by a mark, or because the one below did not acknowledge."""
    clock = ClockKind.WALL if rule.clock is ClockKind.WALL else ClockKind.STORE
    told = Told()
    for level in range(1, len(rule.ladder) + 1):
        moments = list(marks[level - 1 : level])
        if told.since is not None:
            passed = calendars.due(clock, rule.grace, told.since)
            below = heard.get(told.level)
            if passed is not None and (below is None or below > passed):
                moments.append(passed)
        since = min(moments, default=None)
        if since is None or since > now:
            break
        told = Told(level, since, level in heard)
    return told


def _running(session: Session, case_id: int) -> Iterable[Deadline]:
    """Return the clocks of a case that nobody has stopped; whoever else is at them is waited for."""
    running = select(Deadline).where(Deadline.case_id == case_id, Deadline.done_at.is_(None)).order_by(Deadline.id)
    held = running.with_for_update().execution_options(populate_existing=True).options(selectinload(Deadline.waits))
    return session.scalars(held).all()


def _rule(deadline: Deadline, clocks: DeadlineRules) -> DeadlineRule:
    """Return the rule as it stands now; one that is gone is what the deadline has kept of it."""
    kept = DeadlineRule(deadline.kind, deadline.kind, ClockKind(deadline.clock), deadline.length, deadline.may_wait)
    return clocks.rules.get(deadline.kind, kept)


def _waits(deadline: Deadline, calendars: Calendars) -> list[Wait]:
    return [Wait(one.since, _end(one, calendars)) for one in deadline.waits]


def _end(one: DeadlineWait, calendars: Calendars) -> dt.datetime | None:
    by_itself = calendars.begins(one.goes_on) if one.goes_on is not None else None
    return min((end for end in (one.ended_at, by_itself) if end is not None), default=None)


def _due(deadline: Deadline, calendars: Calendars) -> dt.datetime | None:
    clock, waits = ClockKind(deadline.clock), _waits(deadline, calendars)
    due = calendars.due(clock, deadline.length, deadline.started_at, waits)
    return due if due is None or deadline.until is None else max(due, deadline.until)


def _standing(deadline: Deadline, clocks: DeadlineRules, now: dt.datetime) -> bool:
    return any(end is None or end > now for end in (_end(one, clocks.calendars) for one in deadline.waits))


def _go_on(deadline: Deadline, actor: Actor, calendars: Calendars) -> None:
    """End what a clock waits for, and work out anew when it is due."""
    for one in deadline.waits:
        if one.ended_at is None:
            now = max(actor.now(), one.since)  # a clock that was set back ends nothing before it began
            one.ended_at, one.ended_by = min(now, _end(one, calendars) or now), actor.person.person_id
    deadline.due_at = _due(deadline, calendars)
