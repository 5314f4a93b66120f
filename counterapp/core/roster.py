"""Who is on duty, where somebody is now, and who answers for them meanwhile.

Duties are typed in one by one; a desk for the whole week comes above this.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from counterapp.core.actor import APPROVERS, Actor, Role
from counterapp.core.base import Base, BigInt, UtcDateTime
from counterapp.core.staff import Person
from counterapp.core.typed import typed_text
from counterapp.errors import BadInput, NotAllowed, NotFound, Refused
from counterapp.words import N_

_LONGEST: Final = dt.timedelta(hours=24)


class Duty(Base):
    """A time for which somebody is on duty, at a `post` of the house ("" for none); nobody has two at once."""

    __tablename__ = "duties"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="has_some_length"),
        Index("ix_duties_person", "person_id", "starts_at"),
    )
    __journal__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    starts_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    post: Mapped[str] = mapped_column(String(40))
    entered_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class Where(enum.StrEnum):
    """Where somebody is, as they say or as the roster has it."""

    IN = "in"
    MEETING = "meeting"
    GUEST = "guest"
    OUT = "out"
    #: Nobody has said anything, and the roster has them off duty.
    OFF = "off"


class Presence(Base):
    """What somebody said last of where they are, and until when; `deputy_id` answers for them meanwhile."""

    __tablename__ = "presences"
    __table_args__ = (
        CheckConstraint("state IN ('in', 'meeting', 'guest', 'out')", name="state"),
        CheckConstraint("deputy_id <> person_id", name="deputy_is_another"),
    )
    __journal__ = True

    person_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(10))
    said_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    until: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody who is on duty until `ends_at`."""

    person_id: int
    number: str
    name: str
    role: Role
    post: str
    ends_at: dt.datetime


def enter_duty(
    session: Session, actor: Actor, person_id: int, starts_at: dt.datetime, ends_at: dt.datetime, post: str = ""
) -> int:
    """Put somebody on duty; return the duty's id.

    Raises NotAllowed below a supervisor, NotFound, BadInput for a duty of no length or of more than a day, Refused
    where they have another one at that time.
    """
    _require_supervisor(actor)
    if not dt.timedelta() < ends_at - starts_at <= _LONGEST:
        raise BadInput(N_("A duty ends after it begins, within 24 hours."))
    # Whoever else enters a duty of this person waits here.
    if session.get(Person, person_id, with_for_update=True) is None:
        raise NotFound(N_("There is no such member of staff."))
    overlapping = select(Duty.id).where(Duty.person_id == person_id, Duty.starts_at < ends_at, Duty.ends_at > starts_at)
    if session.scalars(overlapping.limit(1)).first() is not None:
        raise Refused(N_("That person is on duty already at that time."))
    made = Duty(
        person_id=person_id, starts_at=starts_at, ends_at=ends_at, post=typed_text(post, 40),
        entered_by=actor.person.person_id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made.id


def cancel_duty(session: Session, actor: Actor, duty_id: int) -> None:
    """Take a duty off the roster; the journal keeps it. Raises NotAllowed below a supervisor, NotFound."""
    _require_supervisor(actor)
    duty = session.get(Duty, duty_id)
    if duty is None:
        raise NotFound(N_("There is no such duty."))
    session.delete(duty)
    session.flush()


def on_duty(session: Session, now: dt.datetime) -> tuple[OnDuty, ...]:
    """Return who is on duty, in the order of their numbers."""
    found = select(Duty, Person).join(Person, Person.id == Duty.person_id).where(Person.active)
    found = found.where(Duty.starts_at <= now, Duty.ends_at > now).order_by(Person.number)
    return tuple(
        OnDuty(person.id, person.number, person.name, Role(person.role), duty.post, duty.ends_at)
        for duty, person in session.execute(found)
    )


def say_where(
    session: Session, actor: Actor, person_id: int, where: Where, until: dt.datetime, deputy_id: int | None = None
) -> None:
    """Say where somebody is until a moment, and who answers for them: of oneself, or as a supervisor of anybody.

    Raises NotAllowed, BadInput for a moment that is past or where somebody is their own deputy.
    """
    if person_id != actor.person.person_id:
        _require_supervisor(actor)
    if until <= actor.now() or where is Where.OFF or deputy_id == person_id:
        raise BadInput(N_("Say until when, and name another person as the deputy."))
    values = {"state": where.value, "said_at": actor.now(), "until": until, "deputy_id": deputy_id}
    session.merge(Presence(person_id=person_id, **values))
    session.flush()


def where_is(session: Session, person_id: int, now: dt.datetime) -> tuple[Where, dt.datetime | None]:
    """Return where somebody is and until when: what was said of them, or else the roster (None: nobody knows)."""
    said = session.get(Presence, person_id)
    if said is not None and said.said_at <= now < said.until:
        return Where(said.state), said.until
    duty = next((one for one in on_duty(session, now) if one.person_id == person_id), None)
    return (Where.IN, duty.ends_at) if duty is not None else (Where.OFF, None)


def deputy_of(session: Session, person_id: int, now: dt.datetime) -> OnDuty | None:
    """Return who answers for somebody who is out or off duty, of those who are there; None where nobody has to, or can.

    First comes the deputy they named, then one of their own role, then the next above.
    """
    if where_is(session, person_id, now)[0] not in {Where.OUT, Where.OFF}:
        return None
    there = [
        one
        for one in on_duty(session, now)
        if one.person_id != person_id and where_is(session, one.person_id, now)[0] is not Where.OUT
    ]
    said = session.get(Presence, person_id)
    named = said.deputy_id if said is not None and said.until > now else None
    role = Role(session.get_one(Person, person_id).role)
    above = APPROVERS[APPROVERS.index(role) + 1 :] if role in APPROVERS else APPROVERS
    by_role = [one for wanted in (role, *above) for one in there if one.role is wanted]
    return next((one for one in there if one.person_id == named), by_role[0] if by_role else None)


def _require_supervisor(actor: Actor) -> None:
    if actor.person.role not in APPROVERS:
        raise NotAllowed(N_("The roster is kept by a duty supervisor or a manager."))
