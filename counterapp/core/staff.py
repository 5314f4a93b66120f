"""The people of the store: who they are, what they may, how they prove it."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import hmac
import math
import re
from dataclasses import dataclass
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import CheckConstraint, ForeignKey, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from counterapp.core import journal, sign_in_attempts
from counterapp.core.actor import Actor, Clock, Role, Signer
from counterapp.core.base import Base, BigInt, UtcDateTime
from counterapp.core.codes import BADGE_LETTERS, new_code
from counterapp.core.database import Database
from counterapp.core.departments import require_department
from counterapp.errors import BadInput, NotAllowed, NotFound, Refused
from counterapp.words import N_

_PIN: Final = re.compile(r"[0-9]{6,8}")
_NUMBER: Final = re.compile(r"[0-9A-Za-z]{1,12}")
_FREE_TRIES: Final = 3
_TRIES_AN_HOUR: Final = 10
_FORGOTTEN: Final = dt.timedelta(hours=1)
_WRONG: Final = N_("Number and PIN do not belong together. Try again.")
#: Who tries with a number or badge that nobody has.
_NOBODY: Final = Signer(0, "", "", Role.CLERK)


class Person(Base):
    """A member of staff. `pin_hash` is argon2id over the PIN keyed with the pepper; None: cannot sign in."""

    __tablename__ = "staff"
    __table_args__ = (
        CheckConstraint("wrong_tries >= 0", name="wrong_tries_count_up"),
        CheckConstraint("(role = 'department') = (department IS NOT NULL)", name="department_of_its_role"),
    )
    __journal__ = True
    __never_deleted__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    number: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(20))
    badge: Mapped[str] = mapped_column(String(14), unique=True)
    pin_hash: Mapped[str | None] = mapped_column(String(200), info={"secret": True})
    active: Mapped[bool] = mapped_column(default=True)
    wrong_tries: Mapped[int] = mapped_column(default=0)
    wrong_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    department: Mapped[str | None] = mapped_column(ForeignKey("departments.name"))

    @property
    def name_and_number(self) -> str:
        """How papers and lists name them: "王丽 6012"."""
        return f"{self.name} {self.number}"

    def signer(self) -> Signer:
        """Return who this is, as one who has proved it."""
        return Signer(self.id, self.number, self.name, Role(self.role), self.department or "")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What makes an account; `pin` in clear, 6 to 8 digits. Only the role `department` has a `department`."""

    number: str
    name: str
    role: Role
    pin: str
    department: str = ""


@functools.cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


def hash_pin(pin: str, pepper: bytes) -> str:
    """Return the argon2id hash (19 MiB, t=2, p=1; about 25 ms) of `pin` keyed with `pepper`.

    Raises BadInput for anything but 6 to 8 digits, and for PINs that are one digit repeated or a plain run.
    """
    if not _PIN.fullmatch(pin):
        raise BadInput(N_("A PIN has 6 to 8 digits. Choose another one."))
    if len(set(pin)) == 1 or pin in "0123456789" or pin in "9876543210":
        raise BadInput(N_("That PIN is too easy to guess. Choose another one."))
    return _hasher().hash(_peppered(pin, pepper))


def add_person(session: Session, new: NewPerson, pin_hash: str) -> Person:
    """Add a member of staff with a fresh badge.

    Raises BadInput for an unusable number or name, for the role `department` without a department or another with one,
    NotFound for a department that the store does not have.
    """
    if not _NUMBER.fullmatch(new.number):
        raise BadInput(N_("The staff number {number} cannot be used: up to 12 letters and digits."), number=new.number)
    if not new.name.strip():
        raise BadInput(N_("A member of staff needs a name."))
    if (new.role is Role.DEPARTMENT) != bool(new.department.strip()):
        raise BadInput(N_("A department's account names its department, and no other account does."))
    department = require_department(session, new.department) if new.department.strip() else None
    person = Person(
        number=new.number, name=new.name.strip(), role=new.role.value, badge=new_code(BADGE_LETTERS), pin_hash=pin_hash,
        active=True, wrong_tries=0, wrong_at=None, department=department,
    )  # fmt: skip
    session.add(person)
    session.flush()
    return person


def list_staff(session: Session) -> list[Person]:
    """Return all members of staff in the order of their numbers."""
    return list(session.scalars(select(Person).order_by(Person.number)))


def names_and_numbers(session: Session) -> dict[int, str]:
    """Return everybody of the staff, former ones too, by id as papers and lists name them: "王丽 6012"."""
    return {person.id: person.name_and_number for person in session.scalars(select(Person))}


def identify(session: Session, number_or_badge: str) -> Signer | None:
    """Return the active person with that number or badge, who has proved nothing yet; None where there is none."""
    person = _find(session, number_or_badge)
    return person.signer() if person is not None and person.active else None


def set_pin(session: Session, person_id: int, pin_hash: str) -> Person:
    """Give an account a new PIN; it need not wait any longer for wrong tries with the old one. Raises NotFound."""
    person = _person(session, person_id)
    person.pin_hash, person.wrong_tries, person.wrong_at = pin_hash, 0, None
    session.flush()
    return person


def set_active(session: Session, actor: Actor, person_id: int, *, active: bool) -> Person:
    """Block an account, or let it sign in again. Raises Refused for one's own: then nobody might be left, NotFound."""
    person = _person(session, person_id)
    if person.id == actor.person.person_id:
        raise Refused(N_("Nobody blocks their own account. Ask another administrator."))
    person.active = active
    session.flush()
    return person


def prove(database: Database, number_or_badge: str, pin: str, station: str, clock: Clock) -> Signer:
    """Return who it is that gave this number or badge and PIN.

    The hash is computed outside any transaction. A wrong PIN makes the next try wait: from the third one on 2, 4, 8 …
    seconds, after the tenth an hour (spec/people.md: ten an hour at most). Whatever lets nobody in is journalled (see
    `tries`). Raises NotAllowed; it never says whether number or PIN was wrong.
    """
    person, wait = database.run(lambda session: _begin_try(session, number_or_badge, clock()))
    actor = Actor(person.signer() if person is not None else _NOBODY, station, clock)
    if wait:
        sign_in_attempts.refused(database, actor, "the account waits after wrong PINs")
        raise NotAllowed(N_("Too many wrong PINs. Wait {seconds} seconds, then try again."), seconds=wait)
    right = _matches(person, pin, database.keys.pepper)
    if person is None or not person.active:
        sign_in_attempts.refused(
            database, actor, "the account is blocked" if person is not None else "nobody has that number"
        )
        raise NotAllowed(_WRONG)
    if not right:
        sign_in_attempts.wrong_pin(database, actor, person.wrong_tries)
        raise NotAllowed(_WRONG)
    database.run(lambda session: _forget_tries(database, session, actor))
    return person.signer()


def sign_in(database: Database, number_or_badge: str, pin: str, station: str, clock: Clock) -> Signer:
    """Prove who it is and journal that they signed in at `station`. Raises NotAllowed."""
    signer = prove(database, number_or_badge, pin, station, clock)
    database.command(
        Actor(signer, station, clock), "staff.sign_in", lambda session: journal.note(session, signed_in=True)
    )
    return signer


def _person(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound(N_("There is no such member of staff."))
    return person


def _find(session: Session, number_or_badge: str) -> Person | None:
    asked = number_or_badge.strip()
    found = select(Person).where(or_(Person.number == asked, Person.badge == asked.upper()))
    return session.scalars(found).one_or_none()


def _matches(person: Person | None, pin: str, pepper: bytes) -> bool:
    stored = person.pin_hash if person is not None and person.pin_hash else _nobodys_hash()
    try:
        right = _hasher().verify(stored, _peppered(pin, pepper))
    except VerifyMismatchError:
        return False
    return right and person is not None and bool(person.pin_hash)


@functools.cache
def _nobodys_hash() -> str:
    # An unknown number costs the same time as a known one.
    return _hasher().hash("nobody")


def _peppered(pin: str, pepper: bytes) -> bytes:
    return hmac.new(pepper, pin.encode(), hashlib.sha256).digest()


def _begin_try(session: Session, number_or_badge: str, now: dt.datetime) -> tuple[Person | None, int]:
    """Count a try before it is made, so that tries at the same moment are counted too.

    Return the account, and the seconds that it has to wait instead.
    """
    person = _find(session, number_or_badge)
    if person is None or not person.active:
        return person, 0
    session.refresh(person, with_for_update=True)
    since = now - person.wrong_at if person.wrong_at is not None else _FORGOTTEN
    # A clock that was set back must lock nobody out.
    if since >= _FORGOTTEN or since < dt.timedelta(0):
        person.wrong_tries = 0
    wait = _wait_after(person.wrong_tries)
    if since < wait and person.wrong_tries:
        return person, math.ceil((wait - since).total_seconds())
    person.wrong_tries += 1
    person.wrong_at = now
    return person, 0


def _wait_after(sign_in_attempts: int) -> dt.timedelta:
    if sign_in_attempts < _FREE_TRIES:
        return dt.timedelta(0)
    return (
        _FORGOTTEN
        if sign_in_attempts >= _TRIES_AN_HOUR
        else dt.timedelta(seconds=2 ** (sign_in_attempts - _FREE_TRIES + 1))
    )


def _forget_tries(database: Database, session: Session, actor: Actor) -> None:
    person = session.get_one(Person, actor.person.person_id, with_for_update=True)
    person.wrong_tries, person.wrong_at = 0, None
    sign_in_attempts.settle(database, session, actor)
