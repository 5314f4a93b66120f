"""What there is at bag check: the lockers, laid out from a file, the plastic tags, and what is out of use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from counterapp.core.actor import Actor, Clock
from counterapp.core.codes import new_code
from counterapp.core.numbering import start_series
from counterapp.core.typed import typed_text
from counterapp.desks.bagcheck.models import BOOK, CUSTOMER_LETTERS, LOCKER_LETTERS, PENALTIES, Deposit, Locker, Tag
from counterapp.desks.bagcheck.rules import Act, PlannedLocker, read_layout, require
from counterapp.errors import BadInput, NotFound, Refused
from counterapp.words import N_
from resources import resource

_LONGEST_NUMBER: Final = 8


def install(session: Session, clock: Clock) -> None:
    """Give a new store this desk's number series and the 96 lockers that the program carries."""
    del clock  # nothing here has a date
    start_series(session, BOOK)
    start_series(session, PENALTIES)
    _put(session, read_layout(resource("bagcheck/lockers.csv").read_text(encoding="utf-8")))


def lay_out(session: Session, actor: Actor, text: str) -> int:
    """Make the lockers those of a file (CSV: number, size, place and, where wanted, row and column); return how many.

    A locker that the file leaves out goes off the map; deposits of the past keep it. Raises BadLayout with every
    mistake of the file, Refused where a locker with a live deposit would go or change its size, NotAllowed. Whatever is
    raised, nothing is changed.
    """
    require(actor.person.role, Act.LAY_OUT)
    return _put(session, read_layout(text))


def take_out_of_use(session: Session, actor: Actor, number: str, reason: str) -> None:
    """Take a locker out of use. Raises Refused without a reason and while it holds something, NotFound, NotAllowed."""
    require(actor.person.role, Act.SERVE)
    locker = _locker(session, number)
    reason = typed_text(reason, 200)
    if not reason:
        raise Refused(N_("Say why the locker is out of use."))
    if _holds(session, locker):
        raise Refused(N_("Locker {number} holds something. Empty it first."), number=number)
    locker.out_of_use = reason


def put_back_in_use(session: Session, actor: Actor, number: str) -> None:
    """Let a locker be taken again. Raises NotFound, NotAllowed."""
    require(actor.person.role, Act.SERVE)
    _locker(session, number).out_of_use = ""


def add_tags(session: Session, actor: Actor, numbers: Sequence[str]) -> list[Tag]:
    """Add plastic tags with fresh codes, to be put on them; one with the number of a locker hangs there.

    All others, and one whose locker has a tag already, are spares. Raises BadInput for a number that cannot be one or
    was given out before (a lost number never comes back), NotAllowed.
    """
    require(actor.person.role, Act.LAY_OUT)
    used = set(session.scalars(select(Tag.number)))
    hung = set(session.scalars(select(Tag.locker_id).where(Tag.out_of_use == "", Tag.locker_id.is_not(None))))
    lockers = {locker.number: locker.id for locker in session.scalars(select(Locker).where(Locker.laid_out))}
    tags = []
    for number in numbers:
        if number in used or not 1 <= len(number) <= _LONGEST_NUMBER or not number.isprintable():
            raise BadInput(N_("Tag number {number} cannot be given out, or was given out before."), number=number)
        used.add(number)
        locker_id = lockers.get(number)
        tags.append(
            Tag(
                number=number, code=new_code(CUSTOMER_LETTERS), locker_code=new_code(LOCKER_LETTERS),
                locker_id=None if locker_id in hung else locker_id, out_of_use="",
            )
        )  # fmt: skip
    session.add_all(tags)
    session.flush()
    return tags


def _put(session: Session, planned: Sequence[PlannedLocker]) -> int:
    present = {locker.number: locker for locker in session.scalars(select(Locker).with_for_update())}
    live = set(session.scalars(select(Deposit.locker_id).where(Deposit.ended_at.is_(None))))
    wanted = {one.number: one.size.value for one in planned}
    for locker in present.values():
        if locker.id in live and wanted.get(locker.number) != locker.size:
            raise Refused(
                N_("Locker {number} holds something: it has to stay as it is in the file."), number=locker.number
            )
        locker.laid_out = locker.number in wanted
    for position, one in enumerate(planned, start=1):
        stands = present.get(one.number)
        if stands is None:
            stands = Locker(number=one.number, out_of_use="", laid_out=True)
            session.add(stands)
        stands.size, stands.place, stands.position = one.size.value, one.place, position
        stands.map_row, stands.map_column = one.row, one.column
    session.flush()
    return len(planned)


def _locker(session: Session, number: str) -> Locker:
    found = session.scalars(select(Locker).where(Locker.number == number, Locker.laid_out).with_for_update())
    locker = found.one_or_none()
    if locker is None:
        raise NotFound(N_("There is no locker {number}. Check the number."), number=number)
    return locker


def _holds(session: Session, locker: Locker) -> bool:
    return bool(session.scalar(select(exists().where(Deposit.locker_id == locker.id, Deposit.ended_at.is_(None)))))
