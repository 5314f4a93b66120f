"""A case's way through its states: one table says which moves there are, who may make them and what they are called.

The screen's keys, the journal's act and the refusal come from the same row. Each step is kept as it was taken: the
course on paper, "how long in this state" and the steps beside a case are read from there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from counterapp.core import cases
from counterapp.core.actor import AT_THE_COUNTER, Actor, Role
from counterapp.core.base import Base, BigInt, UtcDateTime
from counterapp.core.cases import Case
from counterapp.core.masking import Mask
from counterapp.core.staff import Person
from counterapp.core.typed import typed_text
from counterapp.errors import NotAllowed, Overtaken, Refused, Several
from counterapp.words import N_

#: How long the words of a step may be.
MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Move:
    """A step that may be taken in the states `froms`: `act` in the journal, `words` on its key (English source).

    Only `roles` take it; others read `refusal`, or a general sentence. `asks_words`: it is not taken without words.
    """

    act: str
    words: str
    froms: Set[str]
    to: str
    roles: Set[Role] = AT_THE_COUNTER
    refusal: str = ""
    asks_words: bool = False


@dataclass(frozen=True, slots=True)
class Workflow:
    """The states of a desk's cases in their usual order, with their words (English source), and the moves."""

    desk: str
    states: Mapping[str, str]
    moves: tuple[Move, ...]

    @property
    def first(self) -> str:
        """The state that a case begins in."""
        return next(iter(self.states))

    def move(self, act: str) -> Move:
        """Return the move of that act."""
        return next(move for move in self.moves if move.act == act)

    def offered(self, state: str, role: Role) -> tuple[Move, ...]:
        """Return the moves that somebody of `role` may make in `state`, in their order."""
        return tuple(move for move in self.moves if state in move.froms and role in move.roles)

    def skipped(self, state: str, to: str) -> tuple[str, ...]:
        """Return the states between `state` and `to` in the usual order; none where it goes back."""
        order = list(self.states)
        return tuple(order[order.index(state) + 1 : order.index(to)])


class CaseStep(Base):
    """A step that was taken: the state before and after, by whom in which role, on which day, with which words.

    Nothing of it changes, but that its words are erased when their time is over.
    """

    __tablename__ = "case_steps"
    __table_args__ = (CheckConstraint("act <> ''", name="has_an_act"),)
    __journal__ = True
    __never_deleted__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    act: Mapped[str] = mapped_column(String(40))
    before: Mapped[str] = mapped_column(String(20))
    after: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(String(MOST), info={"personal": Mask.TEXT})
    person_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    role: Mapped[str] = mapped_column(String(20))
    station: Mapped[str] = mapped_column(String(40))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    day: Mapped[dt.date] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step as it is shown: `who` is name and number ("王丽 6012")."""

    act: str
    before: str
    after: str
    words: str
    person_id: int
    who: str
    role: Role
    at: dt.datetime


def begin(session: Session, actor: Actor, workflow: Workflow, letters: str, title: str) -> Case:
    """Open a case in the first state of `workflow`; its code begins with `letters`, its title is cut to what fits."""
    case = cases.open_case(session, actor, workflow.desk, letters, title[:120])
    case.state = workflow.first
    session.flush()
    return case


def advance(session: Session, actor: Actor, workflow: Workflow, case: Case, act: str, words: str = "") -> CaseStep:
    """Take the step `act` on `case` and return it.

    Raises NotAllowed for another role, Overtaken where the case's state has no such step (any more), Refused where it
    asks for words or leaves states out without any, BadInput for words that are too long.
    """
    move = workflow.move(act)
    if actor.person.role not in move.roles:
        raise NotAllowed(move.refusal or N_("Your role does not take this step. Ask a supervisor or a manager."))
    if case.state not in move.froms:
        raise Overtaken(cases.MOVED_ON)
    words = typed_text(words, MOST)
    skipped = workflow.skipped(case.state, move.to)
    if skipped and not words:
        left_out = Several([workflow.states[state] for state in skipped])
        raise Refused(N_("This leaves out: {steps}. Say why, then go on."), steps=left_out)
    if move.asks_words and not words:
        raise Refused(N_("Say in a few words what was done, then go on."))
    step = CaseStep(
        case_id=case.id, act=act, before=case.state, after=move.to, words=words, person_id=actor.person.person_id,
        role=actor.person.role.value, station=actor.station, at=actor.now(), day=actor.today(),
    )  # fmt: skip
    case.state = move.to
    cases.touch(case, actor)
    session.add(step)
    # Of two who take a step at once, the second finds the case at another revision (see `cases.Case`).
    session.flush()
    return step


def steps_of(session: Session, case_id: int) -> tuple[StepTaken, ...]:
    """Return the steps of a case in the order they were taken."""
    found = select(CaseStep, Person.name, Person.number).join(Person, Person.id == CaseStep.person_id)
    return tuple(
        StepTaken(
            step.act, step.before, step.after, step.words, step.person_id, f"{name} {number}", Role(step.role), step.at
        )
        for step, name, number in session.execute(found.where(CaseStep.case_id == case_id).order_by(CaseStep.id))
    )


def erase_words(session: Session, case_id: int) -> int:
    """Erase the words of a case's steps, whose time is over; return how many had some."""
    spoken = select(CaseStep).where(CaseStep.case_id == case_id, CaseStep.words != "").with_for_update()
    steps = session.scalars(spoken).all()
    for step in steps:
        step.words = ""
    session.flush()
    return len(steps)
