"""Every day: the opening list with the count of tags, the closing record, what stays overnight, and who signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from counterapp.core import approvals, cases
from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.approvals import Approval
from counterapp.core.cases import Case
from counterapp.core.masking import Mask, masked
from counterapp.core.open_items import OpenItem
from counterapp.core.print_queue import PaperRole
from counterapp.core.staff import Person, names_and_numbers
from counterapp.core.store_settings import store_settings
from counterapp.core.typed import typed_text
from counterapp.desks.bagcheck.models import DESK, SHEET_ACT, SHEET_LETTERS, BagSheet, Deposit, Locker, LostToken, Tag
from counterapp.desks.bagcheck.printouts import (
    BookFacts,
    ClosingFacts,
    LeftFacts,
    MissingToken,
    MorningFacts,
    OvernightFacts,
    closing_record,
    lost_token_book,
    morning_count,
    overnight_list,
)
from counterapp.desks.bagcheck.printouts import LostToken as BookEntry
from counterapp.desks.bagcheck.rules import LOST, SIGNED, Act, is_overnight, nights, require
from counterapp.desks.bagcheck.services.loading import deposits, load
from counterapp.desks.bagcheck.services.lost_tokens import book
from counterapp.documents.issue import PrintContext, print_context
from counterapp.errors import BadInput, NotFound, Overtaken, Refused
from counterapp.words import N_
from printers.document import Document

MORNING: Final = "morning"
CLOSING: Final = "closing"

_ADMINISTRATORS: Final = (Role.SERVICE_MANAGER.value, Role.STORE_MANAGER.value)


@dataclass(frozen=True, slots=True)
class Left:
    """A deposit that is in its locker. `explanation` is what the closing record says of it, empty until one is given.

    `pieces` is 0 and `description` empty while its record may not be read. `warns`: it has stayed too many nights.
    """

    deposit_id: int
    revision: int
    state: str
    token: str
    locker: str
    place: str
    since: dt.datetime
    pieces: int
    description: str
    nights: int
    warns: bool
    overnight: bool
    explanation: str


@dataclass(frozen=True, slots=True)
class SheetDetails:
    """A signed sheet of a day; `countersigned_by` is empty until a supervisor signed, `missing` the tags too few."""

    id: int
    kind: str
    day: dt.date
    signed_by: str
    signed_at: dt.datetime
    countersigned_by: str
    missing: int
    job_id: int
    content: dict[str, Any]


def still_there(session: Session, actor: Actor) -> tuple[Left, ...]:
    """Return all deposits that are in lockers now, in the order of the lockers."""
    require(actor.person.role, Act.SERVE)
    return _left(print_context(session, actor))


def overnight(session: Session, actor: Actor) -> tuple[Left, ...]:
    """Return the overnight deposits, with the nights they have stayed and a mark on those that stay too long."""
    return tuple(one for one in still_there(session, actor) if one.overnight)


def open_items(session: Session, day: dt.date, _now: dt.datetime) -> tuple[OpenItem, ...]:
    """Return what of bag check is open when `day` is closed: its record if not signed, then what is in lockers."""
    live = session.execute(
        select(Deposit.id, Deposit.deposited_at, Deposit.explanation, Locker.number, Locker.place)
        .join(Locker, Locker.id == Deposit.locker_id)
        .where(Deposit.ended_at.is_(None), Deposit.deposited_on <= day)
        .order_by(Locker.position)
    ).all()
    zone = store_settings(session).zone_info
    lockers = tuple(
        OpenItem(
            "locker", f"locker:{deposit}", N_("Locker not emptied"), N_("Say why at bag check, or here."), number,
            tuple(filter(None, (place, f"{since.astimezone(zone):%m-%d %H:%M}"))), explanation=explanation,
        )
        for deposit, since, explanation, number, place in live
    )  # fmt: skip
    moved = select(Deposit.id).where(or_(Deposit.deposited_on == day, Deposit.ended_on == day)).limit(1)
    signed = select(BagSheet.id).where(BagSheet.kind == CLOSING, BagSheet.day == day)
    if not (live or session.scalar(moved)) or session.scalar(signed) is not None:
        return lockers
    how = N_("Sign the closing record at bag check.")
    return OpenItem("bag_record", "bag_record", N_("Closing record of bag check not signed"), how), *lockers


def explain(session: Session, actor: Actor, deposit_id: int, revision: int, text: str) -> None:
    """Say why a deposit is still there; it holds until another is given. Raises BadInput, Refused, Overtaken."""
    require(actor.person.role, Act.SERVE)
    loaded = load(session, deposit_id, revision)
    if loaded.ended_at is not None:
        raise Refused(N_("These things have been collected. Look at the list again."))
    loaded.explanation = typed_text(text, 200)
    if not loaded.explanation:
        raise BadInput(N_("Say in a few words why it is still there."))
    cases.touch(loaded.case, actor)


def tags_expected(session: Session) -> int:
    """Return how many customers' pieces of plastic tags have to be in hand now."""
    in_use = session.scalar(select(func.count()).select_from(Tag).where(Tag.out_of_use == "")) or 0
    with_customers = select(func.count()).where(Deposit.tag_id.is_not(None), Deposit.ended_at.is_(None))
    return in_use - (session.scalar(with_customers) or 0)


def sign_morning(session: Session, actor: Actor, in_hand: int | None = None, missing: Sequence[str] = ()) -> int:
    """Sign the opening list and print it; return the sheet's id.

    A store with plastic tags counts those `in_hand` and names the `missing` ones as far as it knows them: too few are
    told to the managers (`shortages`). One with printed tokens signs the list of what is in lockers overnight. Raises
    BadInput for a count that is missing or cannot be, NotFound for an unknown tag, Overtaken where it is signed.
    """
    require(actor.person.role, Act.SERVE)
    context = print_context(session, actor)
    _not_signed(session, MORNING, actor.today())
    left = tuple(one for one in _left(context) if one.overnight)
    content: dict[str, Any] = {"overnight": [_plain(one) for one in left]}
    if context.settings.bagcheck.tokens != "tags":
        facts = OvernightFacts(_lines(context, left), context.issued_by(), context.settings.bagcheck.warn_days)
        return _sign(context, MORNING, overnight_list(facts, context.language, context.form_paper), content)
    expected = tags_expected(session)
    if in_hand is None or in_hand < 0:
        raise BadInput(N_("Count the tags in hand and enter their number."))
    short = max(0, expected - in_hand)
    if len(missing) > short:
        raise BadInput(N_("More tags are named than are missing. Count once more."))
    rows = _missing(session, missing)
    told = _administrators(session) if short else ""
    content |= {"expected": expected, "in_hand": in_hand, "missing": list(missing), "notified": told}
    counted = MorningFacts(actor.today(), expected, in_hand, rows, context.issued_by(), told)
    return _sign(context, MORNING, morning_count(counted, context.language, context.form_paper), content, short)


def sign_closing(session: Session, actor: Actor, missing: Sequence[str] = ()) -> int:
    """Sign the day's full record and print it; return the sheet's id. What is still there is overnight from now on.

    `missing` are the numbers of plastic tags that did not come back though nothing is in their locker. Raises Refused
    while a deposit in the list is not explained (it names the locker), NotFound for an unknown tag, Overtaken.
    """
    require(actor.person.role, Act.SERVE)
    context, today = print_context(session, actor), actor.today()
    _not_signed(session, CLOSING, today)
    # Whoever takes a locker locks it: nothing is taken in from here until the record is signed.
    session.execute(select(Locker.id).order_by(Locker.id).with_for_update())
    left = _left(context)
    silent = next((one for one in left if not one.explanation), None)
    if silent is not None:
        raise Refused(
            N_("Locker {number} still holds something that nobody has explained. Write why, then sign."),
            number=silent.locker,
        )
    _missing(session, missing)
    facts = _closing_facts(context, today, left)
    for stays in session.scalars(deposits().where(Deposit.ended_at.is_(None), Deposit.overnight_on.is_(None))).all():
        stays.overnight_on = today
        cases.touch(stays.case, actor)
    content = {
        "left": [_plain(one) for one in left], "missing": list(missing),
        **{name: getattr(facts, name) for name in _COUNTED},
    }  # fmt: skip
    return _sign(context, CLOSING, closing_record(facts, context.language, context.form_paper), content, len(missing))


def countersign(session: Session, actor: Actor, signer: Signer, sheet_id: int) -> None:
    """Sign a sheet as the second person. Raises NotAllowed, NotFound, Overtaken where it is countersigned already."""
    require(signer.role, Act.SIGN)
    sheet = session.scalars(
        select(BagSheet).where(BagSheet.id == sheet_id).options(joinedload(BagSheet.case)).with_for_update(of=BagSheet)
    ).one_or_none()
    if sheet is None:
        raise NotFound(N_("There is no such sheet."))
    if session.scalar(select(Approval.id).where(Approval.case_id == sheet.case_id)) is not None:
        raise Overtaken(N_("The sheet is countersigned already."))
    approvals.sign(session, actor, sheet.case, signer, SHEET_ACT, decision=approvals.APPROVED)
    cases.touch(sheet.case, actor)


def sheets_of(session: Session, day: dt.date) -> tuple[SheetDetails, ...]:
    """Return the signed sheets of a day: the opening list, then the closing record."""
    return _sheets(session, BagSheet.day == day)


def shortages(session: Session) -> tuple[SheetDetails, ...]:
    """Return the sheets with tags too few that nobody has countersigned yet: what managers are told."""
    return tuple(sheet for sheet in _sheets(session, BagSheet.missing > 0) if not sheet.countersigned_by)


def print_overnight(session: Session, actor: Actor) -> int:
    """Print the list of overnight deposits as it stands; return the print job's id."""
    context = print_context(session, actor)
    left, warn_days = _lines(context, overnight(session, actor)), context.settings.bagcheck.warn_days
    document = overnight_list(
        OvernightFacts(left, context.issued_by(), warn_days), context.language, context.form_paper
    )
    return context.print(PaperRole.FORM, document, None).id


def print_book(session: Session, actor: Actor, first: dt.date, last: dt.date) -> int:
    """Print the lost-token book from `first` to `last` day, names masked; return the print job's id."""
    require(actor.person.role, Act.SERVE)
    context = print_context(session, actor)
    entries = book(session, first, last)
    clerks = names_and_numbers(session)
    lines = tuple(
        BookEntry(
            number=one.number or 0, lost_at=context.local(one.reported_at), token=one.token, substitute=one.substitute,
            locker=one.locker, whose="customer" if one.piece == "customer" else "counter",
            customer=masked(one.name, Mask.NAME), fee_fen=one.penalty_fen or 0, receipt_no=one.receipt_no or "",
            clerk=clerks[one.reported_by], found_at=context.local(one.found_at) if one.found_at else None,
        )
        for one in entries
    )  # fmt: skip
    document = lost_token_book(BookFacts(first, last, lines, context.issued_by()), context.language, context.form_paper)
    return context.print(PaperRole.FORM, document, None).id


_COUNTED: Final = (
    "lockers", "free", "out_of_use", "opening", "taken", "collected", "released", "lost", "fees_fen",
)  # fmt: skip


def _closing_facts(context: PrintContext, today: dt.date, left: tuple[Left, ...]) -> ClosingFacts:
    session = context.session

    def count(*conditions: Any) -> int:
        return session.scalar(select(func.count()).select_from(Deposit).where(*conditions)) or 0

    begun_today, ended_today = Deposit.deposited_on == today, Deposit.ended_on == today
    # A void of the same day is as if it had never been; one of an overnight deposit has emptied its locker.
    void_at_once = Deposit.voided & (Deposit.deposited_on == Deposit.ended_on)
    without_token = Deposit.lost_id.is_not(None) | Deposit.approval_id.is_not(None)
    in_use = select(func.count()).select_from(Locker).where(Locker.laid_out)
    lockers = session.scalar(in_use) or 0
    closed = session.scalar(in_use.where(Locker.out_of_use != "")) or 0
    lost, fees = session.execute(
        select(func.count(), func.coalesce(func.sum(LostToken.penalty_fen), 0)).where(
            LostToken.reported_on == today, LostToken.number.is_not(None)
        )
    ).one()
    return ClosingFacts(
        day=today,
        lockers=lockers,
        free=lockers - closed - len(left),
        out_of_use=closed,
        opening=sum(one.nights > 0 for one in left) + count(ended_today, Deposit.deposited_on < today),
        taken=count(begun_today) - count(begun_today, void_at_once),
        collected=count(ended_today, ~without_token),
        released=count(ended_today, without_token, ~void_at_once),
        lost=lost,
        fees_fen=int(fees or 0),
        left=_lines(context, left),
        issued=context.issued_by(),
    )


def _left(context: PrintContext) -> tuple[Left, ...]:
    today, warn = context.actor.today(), context.settings.bagcheck.warn_days
    live = deposits().where(Deposit.ended_at.is_(None)).order_by(Locker.position)
    found = []
    for one in context.session.scalars(live):
        hidden, stayed = one.case.state == LOST, nights(one.deposited_on, today)
        found.append(
            Left(
                one.id, one.case.revision, one.case.state, one.tag.number if one.tag else one.locker.number,
                one.locker.number, one.locker.place, one.deposited_at, 0 if hidden else one.pieces,
                "" if hidden else one.description, stayed, 0 < warn <= stayed,
                is_overnight(one.deposited_on, one.overnight_on, today), one.explanation,
            )
        )  # fmt: skip
    return tuple(found)


def _lines(context: PrintContext, left: Sequence[Left]) -> tuple[LeftFacts, ...]:
    return tuple(
        LeftFacts(
            one.token, one.locker, one.place, one.pieces, one.description, context.local(one.since), one.nights,
            one.explanation,
        )
        for one in left
    )  # fmt: skip


def _plain(left: Left) -> dict[str, Any]:
    return {
        "deposit": left.deposit_id, "locker": left.locker, "token": left.token, "since": left.since.isoformat(),
        "nights": left.nights, "explanation": left.explanation,
    }  # fmt: skip


def _not_signed(session: Session, kind: str, day: dt.date) -> None:
    if session.scalar(select(BagSheet.id).where(BagSheet.kind == kind, BagSheet.day == day)) is not None:
        raise Overtaken(N_("This sheet of today is signed already."))


def _sign(context: PrintContext, kind: str, document: Document, content: dict[str, Any], missing: int = 0) -> int:
    session, actor = context.session, context.actor
    case = cases.open_case(session, actor, DESK, SHEET_LETTERS, document.title)
    case.state = SIGNED
    session.flush()
    job = context.print(PaperRole.FORM, document, case.id)
    sheet = BagSheet(kind=kind, day=actor.today(), case_id=case.id, content=content, missing=missing, job_id=job.id)
    session.add(sheet)
    session.flush()
    return sheet.id


def _missing(session: Session, numbers: Sequence[str]) -> tuple[MissingToken, ...]:
    tags = {
        tag.number: tag
        for tag in session.scalars(select(Tag).where(Tag.number.in_(numbers)).options(joinedload(Tag.locker)))
    }
    unknown = next((number for number in numbers if number not in tags), None)
    if unknown is not None:
        raise NotFound(N_("There is no tag {number}. Check the number."), number=unknown)
    if len(set(numbers)) != len(numbers):
        raise BadInput(N_("A tag is named twice. Look at the numbers again."))
    return tuple(
        MissingToken(tag.number, tag.locker.number if tag.locker else "", tag.locker.place if tag.locker else "")
        for tag in (tags[number] for number in numbers)
    )


def _administrators(session: Session) -> str:
    wanted = select(Person).where(Person.role.in_(_ADMINISTRATORS), Person.active).order_by(Person.number)
    return ", ".join(person.name_and_number for person in session.scalars(wanted))


def _sheets(session: Session, wanted: Any) -> tuple[SheetDetails, ...]:
    rows = session.execute(
        select(BagSheet, Case, Person.name, Approval.signed_by)
        .join(Case, Case.id == BagSheet.case_id)
        .join(Person, Person.id == Case.prepared_by)
        .outerjoin(Approval, Approval.case_id == Case.id)
        .where(wanted)
        .order_by(BagSheet.day, BagSheet.id)
    ).all()
    names = {person.id: person.name for person in session.scalars(select(Person))} if rows else {}
    return tuple(
        SheetDetails(
            sheet.id, sheet.kind, sheet.day, name, case.opened_at, names.get(second, ""), sheet.missing, sheet.job_id,
            sheet.content,
        )
        for sheet, case, name, second in rows
    )  # fmt: skip
