"""Personal data of those who lost a token: masked until asked for, and erased when its time is over."""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from counterapp import words
from counterapp.core import journal
from counterapp.core.actor import Actor
from counterapp.core.cases import Case
from counterapp.core.commands import Revealed
from counterapp.core.encryption import decrypt
from counterapp.core.masking import Mask, masked
from counterapp.core.numbering import NumberSeries, start_series
from counterapp.core.personal import GONE, MOST, Erased, rewrite
from counterapp.core.print_queue import PaperRole, PrintJob, prints_of
from counterapp.core.secrets_file import Keys
from counterapp.core.staff import Person
from counterapp.desks.bagcheck.models import Deposit, DepositPhoto, LostToken
from counterapp.desks.bagcheck.printouts import penalty_form
from counterapp.desks.bagcheck.rules import Act, require
from counterapp.desks.bagcheck.services.lost_tokens import NUMBER_PLACE, PICTURE_PLACE, facts_of
from counterapp.documents.issue import print_context
from counterapp.errors import NotFound
from counterapp.words import N_
from printers.document import Cell, Cut, Row, Slip, to_json

#: The series whose last number is the print job up to which tokens are erased.
_ERASED: Final = "bag_tokens_erased"
#: Characters that no token has so few of.
_SHORT: Final = 400


@dataclass(frozen=True, slots=True)
class LossDetails:
    """A loss as the screen shows it: personal data masked. `words` are the customer's, beside which the record stands.

    `penalty_fen` in fen; what has not happened yet is None or empty.
    """

    id: int
    number: int | None
    piece: str
    token: str
    substitute: str
    words: str
    name: str
    address: str
    phone: str
    id_last_four: str
    penalty_no: int | None
    penalty_fen: int | None
    fee: str
    receipt_no: str | None
    found_at: dt.datetime | None
    job_id: int | None


@dataclass(frozen=True, slots=True)
class Identity(Revealed):
    """Who lost a token, unmasked; `id_number` and `id_picture` (JPEG) only where the store keeps them."""

    name: str
    address: str
    phone: str
    id_last_four: str
    id_number: str
    id_picture: bytes


def loss(session: Session, actor: Actor, lost_id: int) -> LossDetails:
    """Return a loss with its personal data masked. Raises NotFound."""
    require(actor.person.role, Act.RECEIVE)
    lost = _lost(session, lost_id)
    return LossDetails(
        lost.id, lost.number, lost.piece, lost.token, lost.substitute, lost.words, masked(lost.name, Mask.NAME),
        masked(lost.address, Mask.ADDRESS), masked(lost.phone, Mask.PHONE), masked(lost.id_last_four, Mask.ID),
        lost.penalty_no, lost.penalty_fen, lost.fee, lost.receipt_no, lost.found_at, lost.job_id,
    )  # fmt: skip


def unmask(session: Session, actor: Actor, keys: Keys, lost_id: int) -> Identity:
    """Return who lost a token; the journal says who asked. It has to run as a command. Raises NotAllowed, NotFound,
    Trouble where what is sealed cannot be opened with `keys`."""
    require(actor.person.role, Act.UNMASK)
    lost = _lost(session, lost_id)
    journal.note(session, unmasked=lost_id)
    number = decrypt(keys, lost.id_number, f"{NUMBER_PLACE}:{lost.id}") if lost.id_number else b""
    picture = decrypt(keys, lost.id_picture, f"{PICTURE_PLACE}:{lost.id}") if lost.id_picture else b""
    return Identity(lost.name, lost.address, lost.phone, lost.id_last_four, number.decode(), picture)


def erase_due(session: Session, actor: Actor) -> Erased:
    """Erase what the store's settings say is old enough, MOST records at a time.

    ID numbers and copies go first; names, addresses and phones later, from the stored penalty forms as well, whose
    figures stay; pictures of the things, and the tokens as they were printed, some days after these were collected. It
    has to run as a command; in SQLite's file the room that is freed is overwritten as it is used again.
    """
    now, settings = actor.now(), print_context(session, actor).settings.bagcheck
    numbers, pictures = _erase_ids(session, now - dt.timedelta(days=settings.id_days))
    people, jobs = _erase_people(session, actor, now - dt.timedelta(days=settings.personal_days))
    photos = _erase_photos(session, now - dt.timedelta(days=settings.photo_days))
    tokens = _erase_tokens(session, actor, actor.today() - dt.timedelta(days=settings.paper_days))
    more = MOST in {max(numbers, pictures), people, photos, tokens}
    return Erased(people, numbers, pictures, photos, tokens, jobs, more)


def _erase_ids(session: Session, before: dt.datetime) -> tuple[int, int]:
    kept = or_(LostToken.id_number.is_not(None), LostToken.id_picture.is_not(None))
    due = session.scalars(select(LostToken).where(kept, LostToken.reported_at < before).limit(MOST)).all()
    numbers = sum(lost.id_number is not None for lost in due)
    pictures = sum(lost.id_picture is not None for lost in due)
    for lost in due:
        lost.id_number = lost.id_picture = None
    session.flush()
    return numbers, pictures


def _erase_people(session: Session, actor: Actor, before: dt.datetime) -> tuple[int, tuple[str, ...]]:
    named = or_(LostToken.name != "", LostToken.address != "", LostToken.phone != "", LostToken.id_last_four != "")
    due = session.scalars(
        select(LostToken).where(named, LostToken.reported_at < before).order_by(LostToken.id).limit(MOST)
    ).all()
    keys: tuple[str, ...] = ()
    for lost in due:
        lost.name = lost.address = lost.phone = lost.id_last_four = ""
        lost.erased_at = actor.now()
        keys += _erase_form(session, actor, lost)
    session.flush()
    return len(due), keys


def _erase_form(session: Session, actor: Actor, lost: LostToken) -> tuple[str, ...]:
    """Put the form without its customer in the place of the stored one and its repeats; return their keys."""
    if lost.job_id is None or lost.charged_at is None:
        return ()
    context = print_context(session, actor)
    gone = words.language(context.language).gettext(GONE)
    code = session.scalars(select(Case.code).where(Case.id == lost.case_id)).one()
    clerk = session.get_one(Person, lost.charged_by)
    jobs = prints_of(session, lost.job_id)
    # As it was made then, not as it would be made today.
    issued = context.issued_by(clerk.name_and_number, lost.charged_at, jobs[0].station)
    facts = replace(facts_of(context, lost, code, gone, gone), issued=issued)
    return rewrite(session, actor, jobs, to_json(penalty_form(facts, context.language, context.form_paper)))


def _erase_photos(session: Session, before: dt.datetime) -> int:
    due = session.scalars(
        select(DepositPhoto.deposit_id)
        .where(exists().where(Deposit.id == DepositPhoto.deposit_id, Deposit.ended_at < before))
        .limit(MOST)
    ).all()
    session.execute(delete(DepositPhoto).where(DepositPhoto.deposit_id.in_(due)))
    return len(due)


def _erase_tokens(session: Session, actor: Actor, last: dt.date) -> int:
    """Put a slip that says so in the place of the tokens of deposits that ended up to the day `last`; the jobs stay."""
    until = _last_job(session, last)
    if until is None:
        return 0
    looked = _looked_through(session)
    # Those that were erased before are short in either language.
    whole = select(PrintJob.id).where(
        PrintJob.id > looked.last,
        PrintJob.id <= until,
        PrintJob.paper == PaperRole.TOKEN.value,
        func.length(PrintJob.document) > _SHORT,
    )
    ended = exists().where(Deposit.case_id == PrintJob.case_id, Deposit.ended_on <= last)
    due = session.scalars(whole.where(ended).order_by(PrintJob.id).limit(MOST)).all()
    context = print_context(session, actor)
    said = words.language(context.language).gettext(N_("What stood here was erased when its time was over."))
    gone = to_json(Slip("", (Row((Cell(said),)), Cut())))
    session.execute(update(PrintJob).where(PrintJob.id.in_(due)).values(document=gone))
    # What is left before there belongs to a deposit that ended late, or has not yet: it is looked at again.
    reached = due[-1] if len(due) == MOST else until
    left = session.scalar(whole.where(PrintJob.id <= reached).order_by(PrintJob.id).limit(1))
    looked.last = left - 1 if left is not None else reached
    session.flush()
    return len(due)


def _looked_through(session: Session) -> NumberSeries:
    """Return, locked, up to which print job all tokens are erased: nobody looks through those of years every day."""
    found = session.get(NumberSeries, _ERASED, with_for_update=True)
    if found is None:
        with contextlib.suppress(IntegrityError), session.begin_nested():
            start_series(session, _ERASED)
        found = session.get_one(NumberSeries, _ERASED, with_for_update=True, populate_existing=True)
    return found


def _last_job(session: Session, last: dt.date) -> int | None:
    """Return the job of the deposit that ended last up to that day: behind it there is nothing to look through."""
    case = select(Deposit.case_id).where(Deposit.ended_on <= last, Deposit.locker_code.is_not(None))
    newest = session.scalar(case.order_by(Deposit.ended_on.desc(), Deposit.case_id.desc()).limit(1))
    return session.scalar(select(func.max(PrintJob.id)).where(PrintJob.case_id == newest)) if newest else None


def _lost(session: Session, lost_id: int) -> LostToken:
    lost = session.get(LostToken, lost_id)
    if lost is None:
        raise NotFound(N_("There is no such lost token."))
    return lost
