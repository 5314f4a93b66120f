"""The case: the one thing all desks share and refer to, from the first scan to the last signature."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from counterapp.core.actor import Actor
from counterapp.core.base import Base, BigInt, UtcDateTime
from counterapp.core.codes import new_code
from counterapp.core.staff import Person
from counterapp.errors import Overtaken
from counterapp.words import N_

#: The state, at every desk, of a case that waits for a second signature.
WAITING: Final = "waiting"

#: What whoever comes second reads.
MOVED_ON: Final = N_("The case has moved on meanwhile. Look at it again before you go on.")


class Case(Base):
    """One customer's matter at one desk. `amount` in fen; `revision` counts every change that a screen must see.

    `code` is scanned from paper to open the case again; `prepared_by` never changes (approvals refer to it).
    """

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("id", "prepared_by"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
    )
    __journal__ = True
    __never_deleted__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    desk: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(14), unique=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    title: Mapped[str] = mapped_column(String(120))
    amount: Mapped[int] = mapped_column(BigInt, default=0)
    prepared_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    station: Mapped[str] = mapped_column(String(40))
    opened_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=1)

    preparer: Mapped[Person] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": revision, "version_id_generator": False}  # noqa: RUF012


def open_case(session: Session, actor: Actor, desk: str, letters: str, title: str) -> Case:
    """Open a case of `desk` as a draft, which has its id after the next flush; its code begins with `letters`."""
    now = actor.now()
    case = Case(
        desk=desk, code=new_code(letters), state="draft", title=title, amount=0, prepared_by=actor.person.person_id,
        station=actor.station, opened_at=now, changed_at=now, revision=1,
    )  # fmt: skip
    session.add(case)
    return case


def move(actor: Actor, case: Case, to: str, moves: Mapping[str, frozenset[str]]) -> None:
    """Move `case` to the state `to`, which `moves` (state -> states that may follow) has to allow.

    The UPDATE of the next flush carries the revision it was read at (the mapper's version counter), so that of two
    who move one case only the first does. Raises Overtaken.
    """
    if to not in moves.get(case.state, frozenset()):
        raise Overtaken(MOVED_ON)
    case.state = to
    touch(case, actor)


def waiting_count(session: Session) -> int:
    """Return how many cases, of all desks, wait for a second signature."""
    return session.scalar(select(func.count()).where(Case.state == WAITING)) or 0


def waiting_beside(session: Session, desks: Collection[str]) -> tuple[Case, ...]:
    """Return the cases of all desks but `desks` that wait for a second signature, with their preparers, in order."""
    others = select(Case).where(Case.state == WAITING, Case.desk.not_in(desks)).order_by(Case.changed_at, Case.id)
    return tuple(session.scalars(others.options(joinedload(Case.preparer, innerjoin=True))))


def touch(case: Case, actor: Actor) -> None:
    """Count a change of `case` that a screen must see."""
    case.revision += 1
    case.changed_at = actor.now()


def at_revision(case: Case, revision: int | None) -> None:
    """Raise Overtaken where the case is at another revision than the screen saw; None asks for none."""
    if revision is not None and case.revision != revision:
        raise Overtaken(MOVED_ON)
