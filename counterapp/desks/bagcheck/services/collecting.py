"""What a scanned token is, and giving the things back; the supervisor's signature on what stayed overnight."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from counterapp.core import approvals, cases
from counterapp.core.actor import Actor, Signer
from counterapp.core.cases import Case
from counterapp.core.codes import grouped, is_code, looks_like_code
from counterapp.desks.bagcheck.models import (
    CUSTOMER_LETTERS,
    LOCKER_LETTERS,
    OVERNIGHT_ACT,
    Deposit,
    DepositPhoto,
    LostToken,
    Tag,
)
from counterapp.desks.bagcheck.rules import (
    CHARGED,
    COLLECTED,
    LOST,
    MOVES,
    STORED,
    TOLD,
    VOID,
    WAITING,
    Act,
    Piece,
    Size,
    is_overnight,
    nights,
    require,
)
from counterapp.desks.bagcheck.services.loading import close, deposits, load
from counterapp.errors import NotAllowed, NotFound, Overtaken, Refused
from counterapp.words import N_

_SHOWN: Final = 24


@dataclass(frozen=True, slots=True)
class DepositDetails:
    """A deposit as the screen shows it.

    `locker` is the number to fill the screen with. `pieces` and `description` are None while its token is reported
    lost and the customer has not yet said what was deposited. `overnight`: only a supervisor's signature releases it,
    `released` says that it was given. `revision` goes back with every act on it.
    """

    id: int
    case_id: int
    revision: int
    state: str
    locker: str
    place: str
    size: Size
    pieces: int | None
    description: str | None
    has_photo: bool
    deposited_at: dt.datetime
    nights: int
    overnight: bool
    released: bool
    lost_id: int | None


@dataclass(frozen=True, slots=True)
class LockersPiece:
    """The locker's piece of a live deposit: it shows which locker, and opens nothing without the customer's."""

    deposit_id: int
    revision: int
    locker: str


@dataclass(frozen=True, slots=True)
class FreeTag:
    """A plastic tag without a deposit: scanning it at a free locker begins one (`deposit_with_tag`)."""

    code: str
    number: str
    locker: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """A token that was reported lost has turned up: sound the alarm, and note it (`lost_tokens.found_again`)."""

    lost_id: int
    token: str
    reported_at: dt.datetime


Scanned = DepositDetails | LockersPiece | FreeTag | Alarm


def find_by_code(session: Session, actor: Actor, code: str) -> Scanned:
    """Return what the scanned or typed `code` is. Nothing of any other deposit is ever shown.

    Raises NotFound for what is foreign, mistyped or unknown, Refused for what is used or void; each says so.
    """
    require(actor.person.role, Act.RECEIVE)
    code = _read(code)
    found = _live_or_past(session, code)
    if found is not None:
        if code.startswith(LOCKER_LETTERS) and found.ended_at is None:
            return LockersPiece(found.id, found.case.revision, found.locker.number)
        _refuse_ended(found, actor)
        return _details(session, found, actor.today())
    lost = session.scalars(
        select(LostToken)
        .where(LostToken.code == code, LostToken.withdrawn_at.is_(None))
        .order_by(LostToken.id.desc())
        .limit(1)
    ).one_or_none()
    if lost is not None:
        return Alarm(lost.id, lost.token, lost.reported_at)
    tag = session.scalars(
        select(Tag).where((Tag.code == code) | (Tag.locker_code == code)).options(joinedload(Tag.locker))
    ).one_or_none()
    if tag is None:
        raise NotFound(
            N_("No deposit of this store has the token {code}. Look at what was scanned."), code=grouped(code)
        )
    return _tag(session, actor, code, tag)


def get_deposit(session: Session, actor: Actor, deposit_id: int) -> DepositDetails:
    """Return a deposit again after an act on it. Raises NotFound."""
    require(actor.person.role, Act.RECEIVE)
    return _details(session, load(session, deposit_id), actor.today())


def photo_of(session: Session, actor: Actor, deposit_id: int) -> bytes | None:
    """Return the JPEG of the things, None where there is none. Raises Refused while the record may not be seen."""
    require(actor.person.role, Act.SERVE)
    if load(session, deposit_id).case.state == LOST:
        raise Refused(N_("Ask the customer first what was deposited, and write it down."))
    return session.scalar(select(DepositPhoto.jpeg).where(DepositPhoto.deposit_id == deposit_id))


def collect(session: Session, actor: Actor, deposit_id: int, revision: int, locker_code: str | None = None) -> None:
    """Give the things back. The clerk confirms by key, or scans the locker's piece: its code is `locker_code`.

    Raises Refused for the piece of another locker, for an overnight deposit without a supervisor's signature, and
    while a lost token is not settled; NotAllowed, Overtaken.
    """
    require(actor.person.role, Act.SERVE)
    loaded = load(session, deposit_id, revision)
    _refuse_ended(loaded, actor)
    if locker_code is not None and locker_code != _locker_code(loaded):
        raise Refused(
            N_("That is not the piece of locker {number}. Look at the number and open the right locker."),
            number=loaded.locker.number,
        )
    if is_overnight(loaded.deposited_on, loaded.overnight_on, actor.today()):
        if loaded.approval_id is None:
            raise Refused(
                N_("Locker {number} has stayed overnight. A supervisor signs before it is given out."),
                number=loaded.locker.number,
            )
        if loaded.signed_by == actor.person.person_id:
            raise NotAllowed(N_("Whoever signed the release does not give it out alone. Let the other person do it."))
    _settle(session, loaded)
    cases.move(actor, loaded.case, COLLECTED, MOVES)
    close(actor, loaded)


def ask_release(session: Session, actor: Actor, deposit_id: int, revision: int) -> None:
    """Let an overnight deposit wait for a supervisor, who signs at their own station. Raises Refused, Overtaken."""
    require(actor.person.role, Act.SERVE)
    loaded = _overnight(session, actor, deposit_id, revision)
    cases.move(actor, loaded.case, WAITING, MOVES)


def sign_release(session: Session, actor: Actor, signer: Signer, deposit_id: int, revision: int) -> None:
    """Release an overnight deposit, whoever holds its token: `signer` is the second person, a supervisor or manager.

    It is then collected like any other, by somebody else than the signer. Raises NotAllowed where the signer may not,
    took the things in, or is the one who gives them out (`actor`, unless the case waits); Refused, Overtaken.
    """
    require(signer.role, Act.SIGN)
    loaded = _overnight(session, actor, deposit_id, revision)
    if loaded.case.state != WAITING and signer.person_id == actor.person.person_id:
        raise NotAllowed(N_("The release needs a second person. Ask another supervisor or manager to sign."))
    approval = approvals.sign(session, actor, loaded.case, signer, OVERNIGHT_ACT, decision=approvals.APPROVED)
    session.flush()
    loaded.approval_id, loaded.act, loaded.decision = approval.id, OVERNIGHT_ACT, approvals.APPROVED
    loaded.signed_by = signer.person_id
    _back_to_the_clerk(actor, loaded.case)


def refuse_release(session: Session, actor: Actor, signer: Signer, deposit_id: int, revision: int, reason: str) -> None:
    """Send a waiting release back with a reason. Raises NotAllowed, Refused without a reason, Overtaken."""
    require(signer.role, Act.SIGN)
    loaded = _overnight(session, actor, deposit_id, revision)
    if loaded.case.state != WAITING:
        raise Overtaken(N_("The case has moved on meanwhile. Look at it again before you go on."))
    if not reason.strip():
        raise Refused(N_("Say why the case goes back. Write the reason, then sign again."))
    approvals.sign(session, actor, loaded.case, signer, OVERNIGHT_ACT, decision=approvals.REFUSED, reason=reason)
    _back_to_the_clerk(actor, loaded.case)


def _back_to_the_clerk(actor: Actor, case: Case) -> None:
    if case.state == WAITING:
        cases.move(actor, case, STORED, MOVES)
    else:
        cases.touch(case, actor)


def _overnight(session: Session, actor: Actor, deposit_id: int, revision: int) -> Deposit:
    loaded = load(session, deposit_id, revision)
    _refuse_ended(loaded, actor)
    if not is_overnight(loaded.deposited_on, loaded.overnight_on, actor.today()):
        raise Refused(N_("This deposit is of today: it needs no second signature."))
    if loaded.approval_id is not None:
        raise Refused(N_("The release is signed already. Give the things out."))
    return loaded


def _settle(session: Session, loaded: Deposit) -> None:
    """Close the matter of a lost token, where there is one. Raises Refused while a step is missing."""
    state = loaded.case.state
    if loaded.lost is None:
        return
    if state == LOST:
        raise Refused(N_("Ask the customer first what was deposited, and write it down."))
    if state == CHARGED or (state == TOLD and loaded.lost.piece == Piece.CUSTOMER):
        raise Refused(N_("The locker opens when the official receipt of the cash office is here. Enter its number."))
    loaded.lost.settled = True
    # The deposit refers to the settled entry: that one has to stand first.
    session.flush()
    loaded.settled = True


def _read(code: str) -> str:
    joined = "".join(code.split()).upper()
    if not looks_like_code(joined):
        shown = code if len(code) <= _SHOWN else f"{code[:_SHOWN]}…"
        raise NotFound(N_("“{code}” is no token of this counter. Look at what was scanned."), code=shown)
    if not is_code(joined):
        raise NotFound(
            N_("{code} was read wrong or mistyped. Scan it again, or type all of it again."), code=grouped(joined)
        )
    if joined[:2] not in {CUSTOMER_LETTERS, LOCKER_LETTERS}:
        raise NotFound(N_("{code} is no token: it belongs to another desk."), code=grouped(joined))
    return joined


def _live_or_past(session: Session, code: str) -> Deposit | None:
    bears = Case.code == code if code.startswith(CUSTOMER_LETTERS) else Deposit.locker_code == code
    return session.scalars(deposits().where(bears)).one_or_none()


def _tag(session: Session, actor: Actor, code: str, tag: Tag) -> Scanned:
    live = session.scalars(deposits().where(Deposit.tag_id == tag.id, Deposit.ended_at.is_(None))).one_or_none()
    if live is not None:
        if code == tag.locker_code:
            return LockersPiece(live.id, live.case.revision, live.locker.number)
        return _details(session, live, actor.today())
    if tag.out_of_use:
        raise Refused(N_("Tag {number} is out of use. Put it aside."), number=tag.number)
    if tag.locker is None or code == tag.locker_code:
        raise Refused(N_("Tag {number} has no deposit. Hang it back where it belongs."), number=tag.number)
    return FreeTag(tag.code, tag.number, tag.locker.number)


def _refuse_ended(found: Deposit, actor: Actor) -> None:
    if found.ended_at is None:
        return
    ended = found.ended_at.astimezone(actor.zone)
    if found.case.state == VOID:
        raise Refused(N_("This token was made void on {day}. It opens nothing."), day=f"{ended:%Y-%m-%d}")
    if found.ended_on == actor.today():
        raise Refused(
            N_("This token was used today at {time}; its things were collected. It opens nothing any more."),
            time=f"{ended:%H:%M}",
        )
    raise Refused(
        N_("This token is of an earlier day and was used on {day}. It opens nothing today."), day=f"{ended:%Y-%m-%d}"
    )


def _locker_code(loaded: Deposit) -> str | None:
    return loaded.tag.locker_code if loaded.tag is not None else loaded.locker_code


def _details(session: Session, loaded: Deposit, today: dt.date) -> DepositDetails:
    hidden = loaded.case.state == LOST
    photo = exists().where(DepositPhoto.deposit_id == loaded.id)
    return DepositDetails(
        id=loaded.id,
        case_id=loaded.case_id,
        revision=loaded.case.revision,
        state=loaded.case.state,
        locker=loaded.locker.number,
        place=loaded.locker.place,
        size=Size(loaded.locker.size),
        pieces=None if hidden else loaded.pieces,
        description=None if hidden else loaded.description,
        has_photo=bool(session.scalar(select(photo))),
        deposited_at=loaded.deposited_at,
        nights=nights(loaded.deposited_on, today),
        overnight=is_overnight(loaded.deposited_on, loaded.overnight_on, today),
        released=loaded.approval_id is not None,
        lost_id=loaded.lost_id,
    )
