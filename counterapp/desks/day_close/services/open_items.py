"""What of a business day is not done yet: what has to be done before it is closed, and what may be explained."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from sqlalchemy import String, and_, cast, exists, literal, or_, select
from sqlalchemy.orm import Session

from counterapp.core import open_items
from counterapp.core.actor import AT_THE_COUNTER, Actor
from counterapp.core.business_day import ReturnDay, lock_days_shared
from counterapp.core.cases import Case
from counterapp.core.money import format_fen
from counterapp.core.open_items import OpenItem, OpenItems, Words
from counterapp.core.receipts import Receipt
from counterapp.core.staff import Person
from counterapp.core.typed import needed_text
from counterapp.desks.day_close.models import DayExplanation
from counterapp.desks.day_close.printouts.register_facts import Register
from counterapp.desks.day_close.services import stock
from counterapp.errors import NotAllowed, Refused
from counterapp.return_forms.models import FormClosure, Redemption, ReturnForm
from counterapp.return_forms.texts import receipt_number
from counterapp.words import N_, _, _n

#: After how long a receipt should have come with the till's export, and how far back they are compared.
_IMPORTED: Final = dt.timedelta(days=3)
_LOOKED_BACK: Final = dt.timedelta(days=30)

#: Of an explanation, in characters.
LONGEST: Final = 400


class CheckKind(enum.StrEnum):
    """What is checked of a day that returns were made on, in the order of work: the kinds of its items.

    The register's own items and those of stock are put together here, the others by their desks.
    """

    CASE = "case"
    DRAFT = "draft"
    PRINT = "print"
    GAP = "gap"
    PART_TWO = "part2"
    HANDOVER = "handover"
    RECEIPT = "receipt"
    NOTICE = "notice"
    SHEET = "sheet"
    RED_LETTER = "red"
    STOCK = "stock"


# Returns that wait and such as are not finished stand among each other, by their time.
_PLACES: Final = {kind.value: place for place, kind in enumerate(CheckKind)} | {CheckKind.DRAFT.value: 0}

#: What the day itself answers for: what it is, and where it is done.
_OWN: Final = {
    CheckKind.PRINT: (
        N_("Form not printed"), N_("Print it again at the returns desk, or see to the printer with Ctrl+P."),
    ),
    CheckKind.GAP: (N_("Missing number"), N_("No form bears this number. Say what is known of it, and tell IT.")),
    CheckKind.PART_TWO: (
        N_("Part 2 missing"), N_("Ask the cashier for it, then scan it at the till's tab, under part 2."),
    ),
    CheckKind.RECEIPT: (
        N_("Receipt of the new goods differs"),
        N_("Hold the receipt against part 2, and ask the cashier. Say what was found."),
    ),
    CheckKind.STOCK: (
        N_("Stock correction open"), N_("Save the stock file with F7; it is marked as fetched then."),
    ),
}  # fmt: skip


def outstanding(
    session: Session, found: Register, now: dt.datetime, desks: Sequence[OpenItems]
) -> tuple[OpenItem, ...]:
    """Return what of the day of the register `found` is not done, with the explanations given, in the order of work.

    `desks` answer for what is open with them; what is of no kind of returns stands behind.
    """
    told = {
        item: (text, name)
        for item, text, name in session.execute(
            select(DayExplanation.item, DayExplanation.text, Person.name)
            .join(Person, Person.id == DayExplanation.told_by)
            .where(DayExplanation.day == found.day)
        )
    }
    items = [*_items(session, found), *(item for of_desk in desks for item in of_desk(session, found.day, now))]
    items.sort(key=lambda item: _PLACES.get(item.kind, len(_PLACES)))
    return open_items.explain(items, told)


def explain(session: Session, actor: Actor, day: dt.date, keys: Sequence[str], text: str) -> None:
    """Say why items of a day are not done; a later word replaces the former one.

    Raises BadInput without a word, NotAllowed, Refused where the day is closed.
    """
    if actor.person.role not in AT_THE_COUNTER:
        raise NotAllowed(N_("Closing the day is the service counter's. Ask a clerk or a supervisor."))
    text = needed_text(text, LONGEST, N_("Say in a few words why it is not done."))
    lock_days_shared(session)
    closed = session.get(ReturnDay, day)
    if closed is not None and closed.closed:
        raise Refused(N_("{day} is closed. What was said of it stays as it is."), day=day)
    for key in keys:
        told = session.get(DayExplanation, (day, key), with_for_update=True)
        if told is None:
            told = DayExplanation(day=day, item=key)
            session.add(told)
        told.text, told.told_by, told.told_at = text, actor.person.person_id, actor.now()
    session.flush()


def _item(kind: CheckKind, key: str, what: str = "", *about: Words, code: str = "") -> OpenItem:
    title, how = _OWN[kind]
    return OpenItem(kind, key, title, how, what, about, code=code)


def _items(session: Session, found: Register) -> Iterator[OpenItem]:
    day = found.day
    yield from _prints(session, found)
    for gap in found.gaps:
        last = () if gap.first == gap.last else (f"{gap.last:06}",)
        yield _item(CheckKind.GAP, gap.key, f"{gap.first:06}", *last)
    for entry in found.parts_missing:
        if entry.outcome is not None:
            key, till = f"{CheckKind.PART_TWO}:{entry.number}", partial(_till_words, entry.outcome.till)
            yield _item(CheckKind.PART_TWO, key, f"{entry.number:06}", till, entry.outcome.who)
    yield from _receipts(session, day)
    missing = stock.missing_lines(session, day)
    if missing:
        yield _item(CheckKind.STOCK, f"{CheckKind.STOCK}:lines", "", partial(_lines_words, missing))
    for file in stock.not_fetched(session, day):
        key, number = f"{CheckKind.STOCK}:{file.number}", str(file.number)
        yield _item(CheckKind.STOCK, key, number, partial(_file_words, file.number))


def _prints(session: Session, found: Register) -> Iterator[OpenItem]:
    # What was used or is void came out, or is no longer wanted.
    wanted = [entry for entry in found.forms if not entry.printed and entry.outcome is None]
    if not wanted:
        return
    codes = select(ReturnForm.number, Case.code).join(Case, Case.id == ReturnForm.case_id)
    code_of = dict(session.execute(codes.where(ReturnForm.booked_on == found.day)).all())
    for entry in wanted:
        key, at, code = f"{CheckKind.PRINT}:{entry.number}", f"{entry.made_at:%H:%M}", code_of[entry.number]
        yield _item(CheckKind.PRINT, key, f"{entry.number:06}", entry.clerk, at, code=code)


def _receipts(session: Session, day: dt.date) -> Iterator[OpenItem]:
    """Give the receipts that forms were used for and whose total, once the till's export is here, is another than the
    cashier typed; and those that have not come for days. What was explained on an earlier day is not asked again.
    """
    told = exists().where(
        DayExplanation.item == literal(f"{CheckKind.RECEIPT}:") + cast(ReturnForm.number, String),
        DayExplanation.day < day,
    )
    rows = session.execute(
        select(ReturnForm.number, Redemption.receipt_no, Redemption.receipt_fen, Receipt.total)
        .join(FormClosure, FormClosure.form_id == Redemption.form_id)
        .join(ReturnForm, ReturnForm.id == Redemption.form_id)
        .outerjoin(Receipt, Receipt.number == Redemption.receipt_no)
        .where(
            FormClosure.booked_on.between(day - _LOOKED_BACK, day),
            or_(
                Receipt.total != Redemption.receipt_fen,
                and_(Receipt.id.is_(None), FormClosure.booked_on <= day - _IMPORTED),
            ),
            ~told,
        )
        .order_by(ReturnForm.number)
    )
    for number, receipt, typed, total in rows:
        words = partial(_receipt_words, receipt, typed, total)
        yield _item(CheckKind.RECEIPT, f"{CheckKind.RECEIPT}:{number}", f"{number:06}", words)


def _till_words(till: str) -> str:
    return _("till {till}").format(till=till)


def _receipt_words(receipt: str, typed: int, total: int | None) -> str:
    said = _("{receipt}: typed {typed}, never came")
    if total is not None:
        said = _("{receipt}: typed {typed}, it comes to {total}")
    return said.format(receipt=receipt_number(receipt), typed=format_fen(typed), total=format_fen(total or 0))


def _lines_words(count: int) -> str:
    return _n("{count} line in no file", "{count} lines in no file", count).format(count=count)


def _file_words(number: int) -> str:
    return _("file {number} is not fetched").format(number=number)
