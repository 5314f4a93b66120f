"""A deposit: one key takes the next free locker of a size and prints its tokens, or a plastic tag is scanned."""

from __future__ import annotations

import re
from typing import Final, TypedDict

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from counterapp.core import approvals, cases, journal
from counterapp.core.actor import Actor, Signer
from counterapp.core.codes import new_code
from counterapp.core.print_queue import PaperRole
from counterapp.core.typed import typed_text
from counterapp.desks.bagcheck.models import (
    CUSTOMER_LETTERS,
    DESK,
    LOCKER_LETTERS,
    VOID_ACT,
    BagSheet,
    Deposit,
    DepositPhoto,
    Locker,
    Tag,
)
from counterapp.desks.bagcheck.printouts import RefusedFacts, valuables_refused
from counterapp.desks.bagcheck.rules import MOVES, STORED, VOID, Act, Size, require
from counterapp.desks.bagcheck.services.loading import close, load
from counterapp.desks.bagcheck.services.papers import print_tokens
from counterapp.documents.issue import PrintContext, print_context
from counterapp.errors import BadInput, NotFound, Overtaken, Refused
from counterapp.words import N_

_MOST_PIECES: Final = 99
_LONGEST: Final = 120
_JPEG: Final = re.compile(rb"\xff\xd8\xff.*\xff\xd9\s*\Z", re.DOTALL)
_LARGEST_PHOTO: Final = 300_000

_FULL: Final = {
    Size.SMALL: N_("No small locker is free. Free now: medium {medium}, large {large}."),
    Size.MEDIUM: N_("No medium locker is free. Free now: small {small}, large {large}."),
    Size.LARGE: N_("No large locker is free. Free now: small {small}, medium {medium}."),
}
_CLOSED: Final = N_("Today's closing record is signed. Nothing is taken in any more until tomorrow.")


class DepositResult(TypedDict):
    """The answer to a deposit, as JSON: ids of deposit, case and print job (None where nothing prints), the locker's
    number as it stands on it, and the case's revision."""

    deposit: int
    case: int
    job: int | None
    locker: str
    revision: int


def deposit(session: Session, actor: Actor, size: Size, pieces: int = 1, description: str = "") -> DepositResult:
    """Take the next free locker of `size`, start a deposit in it and queue its pair of tokens.

    Of two who take at one moment each gets a locker of their own. Raises Refused where none of the size is free (it
    says which sizes are), where the day's closing record is signed, or where the store has plastic tags; NotAllowed,
    BadInput.
    """
    require(actor.person.role, Act.SERVE)
    context = print_context(session, actor)
    if context.settings.bagcheck.tokens == "tags":
        raise Refused(N_("This store has plastic tags. Scan the tag of a free locker."))
    locker = _take_locker(session, size)
    return _begin(context, locker, None, pieces, description)


def deposit_with_tag(
    session: Session, actor: Actor, code: str, pieces: int = 1, description: str = ""
) -> DepositResult:
    """Start a deposit in the locker at which the plastic tag `code` hangs (its customer's piece).

    Raises NotFound for no tag of the store, Refused for one out of use or without a locker, Overtaken where its locker
    is taken already; NotAllowed, BadInput.
    """
    require(actor.person.role, Act.SERVE)
    tag = session.scalars(select(Tag).where(Tag.code == code).with_for_update()).one_or_none()
    if tag is None:
        raise NotFound(N_("That is no tag of this store. Scan the tag of a free locker."))
    if tag.out_of_use:
        raise Refused(N_("Tag {number} is out of use. Take another one."), number=tag.number)
    if tag.locker_id is None:
        raise Refused(N_("Tag {number} is a spare and hangs at no locker. Take another one."), number=tag.number)
    locker = session.get_one(Locker, tag.locker_id, with_for_update=True)
    if not _usable(locker):
        raise Refused(N_("Locker {number} is out of use. Take another one."), number=locker.number)
    if _is_taken(session, locker.id):
        raise Overtaken(N_("Locker {number} is taken already. Take another tag."), number=locker.number)
    return _begin(print_context(session, actor), locker, tag, pieces, description)


def describe(
    session: Session, actor: Actor, deposit_id: int, revision: int, *, pieces: int | None = None, description: str = ""
) -> None:
    """Note how many pieces there are, or what they look like; None and "" leave it. Raises Overtaken, BadInput."""
    require(actor.person.role, Act.SERVE)
    loaded = load(session, deposit_id, revision)
    if loaded.case.state != STORED:
        raise Refused(N_("What this deposit is can no longer be changed."))
    loaded.pieces = _pieces(loaded.pieces if pieces is None else pieces)
    loaded.description = typed_text(description, _LONGEST) or loaded.description
    cases.touch(loaded.case, actor)


def add_photo(session: Session, actor: Actor, deposit_id: int, jpeg: bytes) -> None:
    """Keep a picture of the things with a live deposit; a second one takes the first one's place.

    Raises BadInput for anything but a JPEG of 300,000 bytes at the most, Refused where the deposit has ended.
    """
    require(actor.person.role, Act.SERVE)
    if len(jpeg) > _LARGEST_PHOTO or not _JPEG.match(jpeg):
        raise BadInput(N_("This picture cannot be kept: it has to be a small JPEG. Take it again."))
    loaded = load(session, deposit_id)
    if loaded.case.state != STORED:
        raise Refused(N_("What this deposit is can no longer be changed."))
    session.merge(DepositPhoto(deposit_id=deposit_id, jpeg=jpeg, taken_at=actor.now()))
    journal.note(session, deposit=deposit_id, photo_bytes=len(jpeg))


def void(session: Session, actor: Actor, signer: Signer, deposit_id: int, revision: int, reason: str) -> None:
    """End a deposit that was begun by mistake; its token is void. `signer` is the second person.

    Raises NotAllowed for a role or person that cannot sign, Refused without a reason, Overtaken.
    """
    require(actor.person.role, Act.SERVE)
    require(signer.role, Act.SIGN)
    loaded = load(session, deposit_id, revision)
    if not reason.strip():
        raise Refused(N_("A void needs a written reason. Write it, then sign again."))
    cases.move(actor, loaded.case, VOID, MOVES)
    approval = approvals.sign(session, actor, loaded.case, signer, VOID_ACT, decision=approvals.APPROVED, reason=reason)
    session.flush()
    loaded.approval_id, loaded.act, loaded.decision = approval.id, VOID_ACT, approvals.APPROVED
    loaded.signed_by, loaded.voided = signer.person_id, True
    close(actor, loaded)


def refuse_valuables(session: Session, actor: Actor, what: str = "") -> int:
    """Print for the customer that valuables are not taken in; return the print job's id. `what` is the clerk's word."""
    require(actor.person.role, Act.SERVE)
    context = print_context(session, actor)
    slip = valuables_refused(RefusedFacts(context.issued_by(), what.strip()), context.language)
    job = context.print(PaperRole.SLIP, slip, None)
    journal.note(session, valuables_refused=what.strip(), print_job=job.id)
    return job.id


def _begin(context: PrintContext, locker: Locker, tag: Tag | None, pieces: int, description: str) -> DepositResult:
    session, actor = context.session, context.actor
    now = context.local(actor.now())
    # After the locker's lock: a closing record that is being signed holds all of them.
    closed = exists().where(BagSheet.kind == "closing", BagSheet.day == now.date())
    if session.scalar(select(closed)):
        raise Refused(_CLOSED)
    case = cases.open_case(session, actor, DESK, CUSTOMER_LETTERS, locker.number)
    case.state = STORED
    begun = Deposit(
        case=case, locker_id=locker.id, tag_id=tag.id if tag else None,
        locker_code=None if tag else new_code(LOCKER_LETTERS), pieces=_pieces(pieces),
        description=typed_text(description, _LONGEST), explanation="", voided=False,
        deposited_at=now, deposited_on=now.date(), deposited_hour=now.hour,
    )  # fmt: skip
    session.add(begun)
    session.flush()
    job = None if tag else print_tokens(context, begun, locker, case.code)
    return DepositResult(
        deposit=begun.id, case=case.id, job=job.id if job else None, locker=locker.number, revision=case.revision
    )


def _pieces(pieces: int) -> int:
    if not 1 <= pieces <= _MOST_PIECES:
        raise BadInput(N_("A deposit has 1 to 99 pieces. Type the number again."))
    return pieces


def _take_locker(session: Session, size: Size) -> Locker:
    """Lock and return the next free locker of `size`."""
    seen: set[int] = set()
    # Lockers that others are just taking are passed over; only where all are, they are waited for.
    for skip in (True, False):
        while (locker := _next_free(session, size, seen, skip=skip)) is not None:
            # Who held the lock may have taken the locker after our look at what is free, and before our lock.
            if not _is_taken(session, locker.id):
                return locker
            seen.add(locker.id)
    free = free_lockers(session)
    if not any(free.values()):
        raise Refused(N_("No locker is free, of any size. Ask the customer to wait."))
    raise Refused(_FULL[size], **{other.value: count for other, count in free.items()})


def free_lockers(session: Session) -> dict[Size, int]:
    """Return how many lockers of each size are free now."""
    rows = session.execute(_free().with_only_columns(Locker.size, func.count()).group_by(Locker.size))
    counted = {Size(size): count for size, count in rows}
    return {size: counted.get(size, 0) for size in Size}


def _next_free(session: Session, size: Size, seen: set[int], *, skip: bool) -> Locker | None:
    wanted = _free().where(Locker.size == size.value, Locker.id.not_in(seen)).order_by(Locker.position).limit(1)
    return session.scalars(wanted.with_for_update(skip_locked=skip, of=Locker)).one_or_none()


def _free() -> Select[Locker]:
    taken = exists().where(Deposit.locker_id == Locker.id, Deposit.ended_at.is_(None))
    return select(Locker).where(Locker.laid_out, Locker.out_of_use == "", ~taken)


def _usable(locker: Locker) -> bool:
    return locker.laid_out and not locker.out_of_use


def _is_taken(session: Session, locker_id: int) -> bool:
    live = exists().where(Deposit.locker_id == locker_id, Deposit.ended_at.is_(None))
    return bool(session.scalar(select(live)))
