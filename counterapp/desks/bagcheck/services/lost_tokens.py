"""A lost token 丢失标牌, in the five steps of spec/bag-check.md; the tables refuse a step before its turn."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core import cases
from counterapp.core.actor import Actor
from counterapp.core.codes import new_code
from counterapp.core.encryption import encrypt
from counterapp.core.numbering import next_number
from counterapp.core.print_queue import PaperRole
from counterapp.core.secrets_file import Keys
from counterapp.core.typed import typed_text
from counterapp.desks.bagcheck.models import (
    BOOK,
    CUSTOMER_LETTERS,
    LOCKER_LETTERS,
    PENALTIES,
    Deposit,
    Locker,
    LostToken,
    Tag,
)
from counterapp.desks.bagcheck.printouts import FEES, PenaltyFacts, penalty_form
from counterapp.desks.bagcheck.rules import CHARGED, LOST, MOVES, PAID, STORED, TOLD, Act, Piece, require
from counterapp.desks.bagcheck.services.loading import load
from counterapp.documents.issue import PrintContext, print_context
from counterapp.errors import BadInput, NotFound, Overtaken, Refused
from counterapp.words import N_

NUMBER_PLACE: Final = "lost_tokens.id_number"
PICTURE_PLACE: Final = "lost_tokens.id_picture"

_LONGEST_WORDS: Final = 400
_LARGEST_PICTURE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class LosingCustomer:
    """Who lost the token, as the form wants it, and the ID that was shown.

    `shown_id` is its number, or the last four characters alone where the store keeps no more; `id_picture` a copy as
    JPEG where the store keeps one.
    """

    name: str
    address: str
    phone: str
    shown_id: str
    id_picture: bytes = b""


class WrittenOff(TypedDict):
    """The answer to a tag written off, as JSON: its number in the lost-token book, the spare that takes its place at
    `locker`, both empty where there is none."""

    number: int
    substitute: str
    locker: str


def report_lost(session: Session, actor: Actor, deposit_id: int, revision: int, piece: Piece, spare: str = "") -> int:
    """Step 1: the number of the lost piece goes out of use, a substitute takes its place; return the entry's id.

    A printed token gets a new code; for a plastic tag the spare with the code `spare` is hung in its place, the first
    one there is where none was scanned. The record cannot be read from here on until step 2. Raises Refused, Overtaken,
    NotFound for a spare that is none, NotAllowed.
    """
    require(actor.person.role, Act.SERVE)
    loaded = load(session, deposit_id, revision)
    if loaded.case.state != STORED:
        raise Refused(N_("The token of this deposit cannot be reported lost now. Look at the case again."))
    lost = LostToken(
        case_id=loaded.case_id, tag_id=loaded.tag_id, piece=piece.value, token=loaded.locker.number, code="",
        locker=loaded.locker.number, place=loaded.locker.place, reported_at=actor.now(), reported_on=actor.today(),
        reported_by=actor.person.person_id,
    )  # fmt: skip
    if loaded.tag is not None:
        _replace_tag(session, loaded, loaded.tag, lost, spare)
    elif piece is Piece.CUSTOMER:
        lost.code, loaded.case.code = loaded.case.code, new_code(CUSTOMER_LETTERS)
        lost.substitute = loaded.case.code
    else:
        assert loaded.locker_code is not None  # what has no tag was printed
        lost.code, loaded.locker_code = loaded.locker_code, new_code(LOCKER_LETTERS)
        lost.substitute = loaded.locker_code
    session.add(lost)
    session.flush()
    loaded.lost_id, loaded.lost = lost.id, lost
    cases.move(actor, loaded.case, LOST, MOVES)
    return lost.id


def take_back_report(session: Session, actor: Actor, deposit_id: int, revision: int) -> None:
    """Undo step 1 where the wrong key was pressed; after step 2 there is no way back. Raises Overtaken, NotAllowed."""
    require(actor.person.role, Act.SERVE)
    loaded = load(session, deposit_id, revision)
    lost = _lost(loaded, LOST)
    if lost.tag_id is not None:
        tag = session.get_one(Tag, lost.tag_id, with_for_update=True)
        if loaded.tag is not None:
            loaded.tag.locker_id = None
            session.flush()
        tag.out_of_use, tag.locker_id, loaded.tag_id = "", loaded.locker_id, tag.id
    elif lost.piece == Piece.CUSTOMER:
        loaded.case.code = lost.code
    else:
        loaded.locker_code = lost.code
    lost.withdrawn_at, loaded.lost_id = actor.now(), None
    cases.move(actor, loaded.case, STORED, MOVES)


def tell(session: Session, actor: Actor, deposit_id: int, revision: int, words: str) -> int:
    """Step 2: write down what the customer says was deposited; only now may the record be read beside it.

    The loss goes into the lost-token book; return its number there. Raises Refused without words, BadInput, Overtaken.
    """
    require(actor.person.role, Act.SERVE)
    loaded = load(session, deposit_id, revision)
    lost = _lost(loaded, LOST)
    words = typed_text(words, _LONGEST_WORDS)
    if not words:
        raise Refused(N_("Ask the customer first what was deposited, and write it down."))
    lost.words, lost.told_at, lost.number = words, actor.now(), next_number(session, BOOK)
    cases.move(actor, loaded.case, TOLD, MOVES)
    return lost.number


def charge(session: Session, actor: Actor, keys: Keys, deposit_id: int, revision: int, customer: LosingCustomer) -> int:
    """Steps 3 and 4: the ID was seen, the fee is taken, and its form prints; return the form's number.

    Of the ID the last four characters are kept, and only where the store's settings say so the whole number and a copy,
    sealed with `keys`. Raises BadInput for what is missing on the form, Refused for the counter's own loss, Overtaken.
    """
    require(actor.person.role, Act.SERVE)
    loaded = load(session, deposit_id, revision)
    lost = _lost(loaded, TOLD)
    if lost.piece != Piece.CUSTOMER:
        raise Refused(N_("The counter lost its own piece: nothing is charged. Give the things out."))
    context = print_context(session, actor)
    settings = context.settings.bagcheck
    _identify(context, keys, lost, customer)
    lost.penalty_no, lost.penalty_fen = next_number(session, PENALTIES), settings.penalty_fen
    lost.fee = FEES.get(settings.penalty_name, settings.penalty_name)
    lost.charged_at, lost.charged_by = actor.now(), actor.person.person_id
    facts = facts_of(context, lost, loaded.case.code, customer.name.strip(), customer.address.strip())
    job = context.print(PaperRole.FORM, penalty_form(facts, context.language, context.form_paper), loaded.case_id)
    lost.job_id = job.id
    loaded.case.amount = lost.penalty_fen
    cases.move(actor, loaded.case, CHARGED, MOVES)
    return lost.penalty_no


def receive_penalty(
    session: Session, actor: Actor, deposit_id: int, revision: int, receipt_no: str, received_fen: int
) -> None:
    """Step 5: the official receipt of the cash office closes the penalty; the locker may now be opened.

    Raises BadInput for no number or another amount than the form's, Overtaken for a receipt that closed another one.
    """
    require(actor.person.role, Act.RECEIVE)
    loaded = load(session, deposit_id, revision)
    lost = _lost(loaded, CHARGED)
    number = typed_text(receipt_no, 32)
    if not number:
        raise BadInput(N_("Enter the number of the official receipt as it stands on it."))
    if received_fen != lost.penalty_fen:
        raise BadInput(N_("The amount on the receipt is not the amount of the form. Look at both again."))
    used = session.scalar(select(LostToken.penalty_no).where(LostToken.receipt_no == number))
    if used is not None:
        raise Overtaken(N_("Receipt {receipt} has closed form {number} already. Look at it again."),
                        receipt=number, number=used)  # fmt: skip
    lost.receipt_no, lost.received_fen = number, received_fen
    lost.received_at, lost.received_by = actor.now(), actor.person.person_id
    cases.move(actor, loaded.case, PAID, MOVES)


def found_again(session: Session, actor: Actor, lost_id: int) -> None:
    """Note that a lost token turned up, in whoever's hand; the first time is kept, the penalty stays.

    Raises NotFound.
    """
    lost = session.get(LostToken, lost_id, with_for_update=True)
    if lost is None or lost.withdrawn_at is not None:
        raise NotFound(N_("There is no such lost token."))
    if lost.found_at is None:
        lost.found_at, lost.found_by = actor.now(), actor.person.person_id


def write_off_tag(session: Session, actor: Actor, number: str, spare: str = "") -> WrittenOff:
    """Take a plastic tag out of use that is missing though it has no deposit; return where the book has it.

    The spare with the code `spare` is hung in its place, the first there is where none was scanned. Raises NotFound,
    Refused where the tag has a deposit, or is out of use already.
    """
    require(actor.person.role, Act.SERVE)
    tag = session.scalars(select(Tag).where(Tag.number == number).with_for_update()).one_or_none()
    if tag is None:
        raise NotFound(N_("There is no tag {number}. Check the number."), number=number)
    live = select(Deposit.id).where(Deposit.tag_id == tag.id, Deposit.ended_at.is_(None))
    if tag.out_of_use or session.scalar(live) is not None:
        raise Refused(N_("Tag {number} has a deposit, or is out of use already."), number=number)
    locker = session.get(Locker, tag.locker_id) if tag.locker_id is not None else None
    lost = LostToken(
        number=next_number(session, BOOK), tag_id=tag.id, piece=Piece.COUNTER.value, token=tag.number, code=tag.code,
        locker=locker.number if locker else "", place=locker.place if locker else "", reported_at=actor.now(),
        reported_on=actor.today(), reported_by=actor.person.person_id, settled=True,
    )  # fmt: skip
    _hang_spare(session, tag, lost, spare)
    session.add(lost)
    session.flush()
    assert lost.number is not None  # it was given one above
    return WrittenOff(number=lost.number, substitute=lost.substitute, locker=lost.locker)


def facts_of(context: PrintContext, lost: LostToken, code: str, name: str, address: str) -> PenaltyFacts:
    """Return what stands on the penalty form of `lost`; `code` is its case's."""
    assert lost.penalty_no is not None  # only what was charged has a form
    assert lost.penalty_fen is not None
    return PenaltyFacts(
        number=lost.penalty_no, code=code, customer=name, address=address, token=lost.token, locker=lost.locker,
        place=lost.place, amount_fen=lost.penalty_fen, issued=context.issued_by(), fee=lost.fee,
        substitute=lost.substitute if lost.tag_id is not None else "",
    )  # fmt: skip


def _lost(loaded: Deposit, state: str) -> LostToken:
    if loaded.case.state != state or loaded.lost is None:
        raise Overtaken(N_("The case has moved on meanwhile. Look at it again before you go on."))
    return loaded.lost


def _identify(context: PrintContext, keys: Keys, lost: LostToken, customer: LosingCustomer) -> None:
    """Keep of the customer what the form and the store's settings want, and no more."""
    name, address = typed_text(customer.name, 40), typed_text(customer.address, 120)
    shown = "".join(customer.shown_id.split()).upper()
    keeping = context.settings.bagcheck.id_keeping
    if not (name and address):
        raise BadInput(N_("The form needs the customer's name and address."))
    if len(shown) < 4 or not (shown.isascii() and shown.isalnum()):
        raise BadInput(N_("Look at the ID and enter at least the last four characters of its number."))
    if keeping != "last_four" and len(shown) < 6:
        raise BadInput(N_("This store keeps the whole number of the ID. Enter all of it."))
    if keeping == "copy" and not 0 < len(customer.id_picture) <= _LARGEST_PICTURE:
        raise BadInput(N_("This store keeps a copy of the ID. Take a picture of it first."))
    lost.name, lost.address, lost.phone = name, address, typed_text(customer.phone, 20)
    lost.id_seen, lost.id_last_four = True, shown[-4:]
    if keeping != "last_four":
        lost.id_number = encrypt(keys, shown.encode(), f"{NUMBER_PLACE}:{lost.id}")
    if keeping == "copy":
        lost.id_picture = encrypt(keys, customer.id_picture, f"{PICTURE_PLACE}:{lost.id}")


def _replace_tag(session: Session, loaded: Deposit, tag: Tag, lost: LostToken, spare: str) -> None:
    lost.token = tag.number
    lost.code = tag.code if lost.piece == Piece.CUSTOMER else tag.locker_code
    loaded.tag = _hang_spare(session, tag, lost, spare)


def _hang_spare(session: Session, tag: Tag, lost: LostToken, spare: str) -> Tag | None:
    """Take `tag` out of use and hang a spare in its place; None where there is none."""
    free = select(Tag).where(Tag.locker_id.is_(None), Tag.out_of_use == "", Tag.id != tag.id)
    if spare:
        substitute = session.scalars(free.where(Tag.code == spare).with_for_update()).one_or_none()
        if substitute is None:
            raise NotFound(N_("That is no spare tag. Scan one that hangs at no locker, or none."))
    else:
        substitute = session.scalars(free.order_by(Tag.id).limit(1).with_for_update(skip_locked=True)).one_or_none()
    locker_id, tag.locker_id, tag.out_of_use = tag.locker_id, None, "lost"
    session.flush()
    if substitute is not None and locker_id is not None:
        substitute.locker_id, lost.substitute = locker_id, substitute.number
        return substitute
    return None


def book(session: Session, first: dt.date, last: dt.date) -> list[LostToken]:
    """Return the entries of the lost-token book from `first` to `last` day, by their number."""
    entries = select(LostToken).where(
        LostToken.reported_on >= first, LostToken.reported_on <= last, LostToken.number.is_not(None)
    )
    return list(session.scalars(entries.order_by(LostToken.number)))
