"""What of a business day is not done yet: what has to be done before it is closed, and what may be explained."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import String, and_, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from counterapp.core import open_items
from counterapp.core.actor import AT_THE_COUNTER, Actor
from counterapp.core.business_day import ReturnDay, lock_days_shared
from counterapp.core.cases import Case
from counterapp.core.open_items import OpenItem, OpenItems
from counterapp.core.receipts import Receipt
from counterapp.core.staff import Person
from counterapp.core.store_settings import store_settings
from counterapp.desks.day_close.models import DayExplanation, DaySeal
from counterapp.desks.day_close.printouts.register_facts import DUTIES, Register
from counterapp.desks.day_close.services import stock
from counterapp.desks.returned_goods.services import notices, sheets
from counterapp.desks.returns.services import invoices
from counterapp.desks.till.services import parts
from counterapp.errors import BadInput, NotAllowed, Refused
from counterapp.return_forms.models import (
    DESK,
    DRAFT,
    REFUSED,
    WAITING,
    FormClosure,
    Redemption,
    ReturnForm,
    ReturnLine,
)
from counterapp.words import N_

#: After how long a receipt should have come with the till's export, and how far back they are compared.
_IMPORTED: Final = dt.timedelta(days=3)
_LOOKED_BACK: Final = dt.timedelta(days=30)

#: Of an explanation, in characters.
LONGEST: Final = 400


#: What of a notice is not done.
TO_COLLECT: Final = "collect"
TO_ANSWER: Final = "answer"


class Duty(enum.StrEnum):
    """What belongs to a day, in the order of work; an item's key begins with it."""

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


#: Where each duty is done.
HOW: Final = {
    Duty.CASE: N_("Approve it or send it back; no explanation helps."),
    Duty.DRAFT: N_("Send it for approval, or drop it, at the returns desk."),
    Duty.PRINT: N_("Print it again at the returns desk, or see to the printer with Ctrl+P."),
    Duty.GAP: N_("No form bears this number. Say what is known of it, and tell IT."),
    Duty.PART_TWO: N_("Ask the cashier for it, then scan it at the till's tab, under part 2."),
    Duty.HANDOVER: N_("Count the stack over to administration at the till's tab, under part 2."),
    Duty.RECEIPT: N_("Hold the receipt against part 2, and ask the cashier. Say what was found."),
    Duty.NOTICE: N_("Call the department. What was collected or found is noted at the floor's tab."),
    Duty.SHEET: N_("Floor sheets are made, printed and signed at the floor's tab."),
    Duty.RED_LETTER: N_("Ask finance for the red-letter invoice, and enter its number at the returns desk."),
    Duty.STOCK: N_("Save the stock file with F7; it is marked as fetched then."),
}


def outstanding(
    session: Session, found: Register, now: dt.datetime, others: Sequence[OpenItems] = ()
) -> tuple[OpenItem, ...]:
    """Return what of the day of the register `found` is not done, with the explanations given, in the order of work;
    what the `others`, the desks beside returns, answer stands behind."""
    told = {
        item: (text, name)
        for item, text, name in session.execute(
            select(DayExplanation.item, DayExplanation.text, Person.name)
            .join(Person, Person.id == DayExplanation.told_by)
            .where(DayExplanation.day == found.day)
        )
    }
    beside = (item for others_items in others for item in others_items(session, found.day, now))
    return open_items.explain((*_items(session, found, now), *beside), told)


def explain(session: Session, actor: Actor, day: dt.date, keys: Sequence[str], text: str) -> None:
    """Say why items of a day are not done; a later word replaces the former one.

    Raises BadInput without a word, NotAllowed, Refused where the day is closed.
    """
    if actor.person.role not in AT_THE_COUNTER:
        raise NotAllowed(N_("Closing the day is the service counter's. Ask a clerk or a supervisor."))
    if not 1 <= len(text.strip()) <= LONGEST:
        raise BadInput(N_("Say in a few words why it is not done."))
    lock_days_shared(session)
    closed = session.get(ReturnDay, day)
    if closed is not None and closed.closed:
        raise Refused(N_("{day} is closed. What was said of it stays as it is."), day=day)
    for key in keys:
        told = session.get(DayExplanation, (day, key), with_for_update=True)
        if told is None:
            told = DayExplanation(day=day, item=key)
            session.add(told)
        told.text, told.told_by, told.told_at = text.strip(), actor.person.person_id, actor.now()
    session.flush()


def _item(duty: Duty, key: str, what: str, about: tuple[str, ...] = (), must: bool = False, code: str = "") -> OpenItem:
    return OpenItem(duty.value, key, DUTIES[duty], HOW[duty], what, about, must, code)


def _items(session: Session, found: Register, now: dt.datetime) -> Iterator[OpenItem]:
    day = found.day
    zone = store_settings(session).zone_info
    over = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)
    yield from _cases(session, day, over, zone)
    yield from _prints(session, found)
    for gap in found.gaps:
        yield _item(Duty.GAP, gap.key, f"{gap.first:06}", () if gap.first == gap.last else (f"{gap.last:06}",))
    for entry in found.parts_missing:
        if entry.fate is not None:
            about = (entry.fate.till, entry.fate.who)
            yield _item(Duty.PART_TWO, f"{Duty.PART_TWO}:{entry.number}", f"{entry.number:06}", about)
    for stack in parts.stacks(session, day):
        if stack.count:
            key = f"{Duty.HANDOVER}:{stack.till}:{stack.cashier_id}"
            yield _item(Duty.HANDOVER, key, stack.till, (stack.cashier, str(stack.count)))
    yield from _receipts(session, day)
    for notice in notices.open_notices(session, now):
        if notice.is_open and notice.raised_at < over:
            key = f"{Duty.NOTICE}:{notice.return_line_id}"
            left = TO_COLLECT if notice.to_collect else TO_ANSWER
            yield _item(Duty.NOTICE, key, notice.department, (notice.item, left), code=notice.case_code)
    yield from _sheets(session, day)
    for task in invoices.open_tasks(session, day):
        if task.overdue:
            about = (task.invoice_no, task.due_on.isoformat())
            yield _item(
                Duty.RED_LETTER, f"{Duty.RED_LETTER}:{task.number}", str(task.number), about, code=task.case_code
            )
    missing = stock.missing_lines(session, day)
    if missing:
        yield _item(Duty.STOCK, f"{Duty.STOCK}:lines", "", (str(missing),))
    for file in stock.not_fetched(session, day):
        yield _item(Duty.STOCK, f"{Duty.STOCK}:{file.number}", str(file.number), (str(file.lines),))


def _cases(session: Session, day: dt.date, over: dt.datetime, zone: dt.tzinfo) -> Iterator[OpenItem]:
    """Yield the cases that wait, and those that were begun or sent back since the closing before and are not done."""
    seals = select(func.max(DaySeal.at)).join(ReturnDay, ReturnDay.day == DaySeal.day)
    since = session.scalar(seals.where(ReturnDay.closed, ReturnDay.day < day)) or over - dt.timedelta(days=1)
    has_goods = exists().where(ReturnLine.case_id == Case.id)
    rows = session.execute(
        select(Case, Person.name)
        .join(Person, Person.id == Case.prepared_by)
        .where(Case.desk == DESK, Case.state.in_([WAITING, DRAFT, REFUSED]), Case.changed_at < over)
        .where((Case.state == WAITING) | has_goods & (Case.changed_at > since))
        .order_by(Case.changed_at, Case.id)
    )
    for case, clerk in rows:
        duty = Duty.CASE if case.state == WAITING else Duty.DRAFT
        about = (clerk, f"{case.changed_at.astimezone(zone):%m-%d %H:%M}")
        yield _item(duty, f"{duty}:{case.id}", case.title, about, must=duty is Duty.CASE, code=case.code)


def _prints(session: Session, found: Register) -> Iterator[OpenItem]:
    # What was used or is void came out, or is no longer wanted.
    wanted = [entry for entry in found.forms if not entry.printed and entry.fate is None]
    if not wanted:
        return
    codes = select(ReturnForm.number, Case.code).join(Case, Case.id == ReturnForm.case_id)
    code_of = dict(session.execute(codes.where(ReturnForm.booked_on == found.day)).all())
    for entry in wanted:
        about = (entry.clerk, f"{entry.made_at:%H:%M}")
        key = f"{Duty.PRINT}:{entry.number}"
        yield _item(Duty.PRINT, key, f"{entry.number:06}", about, code=code_of[entry.number])


def _receipts(session: Session, day: dt.date) -> Iterator[OpenItem]:
    """Give the receipts that forms were used for and whose total, once the till's export is here, is another than the
    cashier typed; and those that have not come for days. What was explained on an earlier day is not asked again.
    """
    told = exists().where(
        DayExplanation.item == literal(f"{Duty.RECEIPT}:") + cast(ReturnForm.number, String), DayExplanation.day < day
    )
    rows = session.execute(
        select(ReturnForm.number, Redemption, Receipt.total)
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
    for number, used, total in rows:
        about = (used.receipt_no, str(used.receipt_fen), "" if total is None else str(total))
        yield _item(Duty.RECEIPT, f"{Duty.RECEIPT}:{number}", f"{number:06}", about)


def _sheets(session: Session, day: dt.date) -> Iterator[OpenItem]:
    for department, lines in sheets.unlisted(session, day).items():
        yield _item(Duty.SHEET, f"{Duty.SHEET}:{department}", department, (str(lines),))
    for sheet in sheets.sheets_to_see(session, day):
        if sheet.signed_at is None:
            about = (sheet.booked_on.isoformat(), str(sheet.seq))
            yield _item(Duty.SHEET, f"{Duty.SHEET}:{sheet.code}", sheet.department, about, code=sheet.code)
