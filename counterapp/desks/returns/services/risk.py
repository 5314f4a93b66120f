"""The approver's view of risk: what stands out among the returns of the last months, with the cases behind it.

The source is spec/returns.md, "What fraud looks like": shown to the approver, never deciding. `rules.patterns` says
what stands out; here the records are read for it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session

from counterapp.core.actor import APPROVERS, Actor, Role, Signer
from counterapp.core.approvals import Approval
from counterapp.core.cases import Case
from counterapp.core.print_queue import PrintJob
from counterapp.core.receipts import Receipt, ReceiptLine
from counterapp.core.staff import Person
from counterapp.core.store_settings import store_settings
from counterapp.desks.returns.rules.risk_comparison import STAFF_DAYS, Pattern, Return, Signal
from counterapp.desks.returns.rules.risk_signals import concerning, signals
from counterapp.return_forms.models import (
    FOUND,
    FROM_GOODS,
    KEYED,
    TYPED,
    WAITING,
    ReturnCase,
    ReturnForm,
    ReturnLine,
    Void,
)

#: Whose figures by person a manager sees (spec/people.md): those of approvers, whom no supervisor looks at.
_SEE_APPROVERS: Final = frozenset({Role.SERVICE_MANAGER, Role.STORE_MANAGER})
#: The places of a subject that are people, by pattern.
_CLERKS: Final = frozenset(
    {
        Pattern.CLERK_OFTEN, Pattern.CLERK_DEAR, Pattern.UNVERIFIED_CLERK, Pattern.KEYED, Pattern.SOON_CLERK,
        Pattern.SOON_PAIR, Pattern.OWN_SALES, Pattern.VOIDS, Pattern.REPRINTS,
    }
)  # fmt: skip
_APPROVERS: Final = frozenset({Pattern.OVERRIDES, Pattern.VOIDS_SIGNED})
_RECEIPTS: Final = frozenset({Pattern.LATE, Pattern.DEAR})
#: So many cases are read behind one signal, the newest.
_MOST: Final = 300


@dataclass(frozen=True, slots=True)
class SignalText:
    """A signal, and whom it is about in words: names of people, a card, phone or till, a receipt's number."""

    signal: Signal
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What stands out, the strongest first, among `count` returns since the day `since`; read at the moment `at`."""

    told: tuple[SignalText, ...]
    count: int
    since: dt.date
    at: dt.datetime

    def seen_by(self, viewer: Signer) -> Report:
        """Leave out what `viewer` is not shown.

        Nobody is shown what is about themselves, no supervisor what is about approvers, and at a station where nobody
        who approves is signed in nothing is shown of any member of staff.
        """
        kept = tuple(one for one in self.told if _may_see(viewer, one.signal))
        return Report(kept, self.count, self.since, self.at)


@dataclass(frozen=True, slots=True)
class CaseRisk:
    """What concerns one case: the signals, how it was begun, and `minutes` since the sale (None without a receipt)."""

    told: tuple[SignalText, ...] = ()
    entered: str = ""
    minutes: int | None = None
    soon: bool = False


@dataclass(frozen=True, slots=True)
class CaseBehind:
    """One of the cases behind a signal: its `code` opens it, `day` in the store's calendar, `amount` in fen."""

    case_id: int
    code: str
    receipt: str
    day: dt.date
    amount: int
    clerk: str
    numbers: tuple[int, ...]
    goods: tuple[str, ...]


def report(session: Session, actor: Actor) -> Report:
    """Return what stands out today, whoever looks: `Report.seen_by` says what is shown to whom."""
    settings = store_settings(session)
    today = actor.today()
    since = today - dt.timedelta(days=STAFF_DAYS)
    staff = _staff(session)
    returns = [
        *_returns(session, ReturnForm.made_on >= since, staff, settings.zone_info),
        *waiting_returns(session, staff, settings.zone_info),
    ]
    found = signals(returns, _sold(session, since), today)
    receipts = _receipt_numbers(session, found)
    return Report(
        tuple(SignalText(one, _names_of(one, staff, receipts)) for one in found), len(returns), since, actor.now()
    )


def waiting_returns(session: Session, staff: Mapping[int, Person], zone: ZoneInfo) -> list[Return]:
    """Return what waits for a signature as the patterns look at it."""
    rows = session.execute(_columns().where(Case.state == WAITING)).all()
    overriding = _overriding(session, Case.state == WAITING)
    return [_return_of(row, staff, zone, None, "", overriding) for row in rows]


def risk_of_waiting(session: Session, stands_out: Report, viewer: Signer) -> dict[int, CaseRisk]:
    """Return what concerns each case that waits, by its id, as `viewer` sees it."""
    zone = store_settings(session).zone_info
    seen = stands_out.seen_by(viewer)
    by_signal = {one.signal: one for one in seen.told}
    found = {}
    for one in waiting_returns(session, _staff(session), zone):
        told = tuple(by_signal[signal] for signal in concerning(by_signal, one))
        entered = TYPED if one.typed else KEYED if one.keyed else ""
        found[one.case_id] = CaseRisk(told, entered, one.minutes, one.soon)
    return found


def cases_behind(session: Session, case_ids: Sequence[int]) -> tuple[CaseBehind, ...]:
    """Return the cases behind a signal in the order given, `_MOST` at the most, with what was made void."""
    ids = list(case_ids[:_MOST])
    rows = session.execute(
        select(Case.id, Case.code, Case.opened_at, Case.amount, Receipt.number, Person.name, Person.number.label("no"))
        .join(ReturnCase, ReturnCase.case_id == Case.id)
        .join(Receipt, Receipt.id == ReturnCase.receipt_id)
        .join(Person, Person.id == Case.prepared_by)
        .where(Case.id.in_(ids))
    ).all()
    zone = store_settings(session).zone_info
    goods: dict[int, list[str]] = defaultdict(list)
    named = select(ReturnLine.case_id, ReceiptLine.name).join(ReceiptLine, ReceiptLine.id == ReturnLine.line_id)
    for case_id, name in session.execute(
        named.where(ReturnLine.case_id.in_(ids), ReturnLine.effect != "refuse").order_by(ReturnLine.id)
    ):
        goods[case_id].append(name)
    numbers: dict[int, list[int]] = defaultdict(list)
    numbered = select(ReturnForm.case_id, ReturnForm.number).where(ReturnForm.case_id.in_(ids))
    for case_id, number in session.execute(numbered.order_by(ReturnForm.number)):
        numbers[case_id].append(number)
    found = {
        row.id: CaseBehind(
            row.id, row.code, row.number, row.opened_at.astimezone(zone).date(), row.amount, f"{row.name} {row.no}",
            tuple(numbers[row.id]), tuple(goods[row.id]),
        )
        for row in rows
    }  # fmt: skip
    return tuple(found[case_id] for case_id in ids if case_id in found)


def _may_see(viewer: Signer, signal: Signal) -> bool:
    clerks, approvers = _people_of(signal)
    if viewer.role not in APPROVERS:
        return not clerks and not approvers and signal.pattern is not Pattern.SOON_CASHIER
    if str(viewer.person_id) in (*clerks, *approvers):
        return False
    return not approvers or viewer.role in _SEE_APPROVERS


def _people_of(signal: Signal) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids of the clerks and of the approvers whom a signal is about."""
    if signal.pattern is Pattern.PAIR:
        return signal.subject[:1], signal.subject[1:]
    if signal.pattern in _CLERKS:
        return signal.subject[:1], ()
    return (), signal.subject if signal.pattern in _APPROVERS else ()


# What is read


def _columns() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Case.id, Case.opened_at, Case.amount, Case.prepared_by, ReturnCase.receipt_id, ReturnCase.phone,
            ReturnCase.entered, Receipt.member_card, Receipt.till, Receipt.cashier, Receipt.sold_at,
        )
        .join(ReturnCase, ReturnCase.case_id == Case.id)
        .join(Receipt, Receipt.id == ReturnCase.receipt_id)
    )  # fmt: skip


def _returns(session: Session, since: ColumnElement[bool], staff: Mapping[int, Person], zone: ZoneInfo) -> list[Return]:
    """Return what was approved, each case once however many forms it has; forms are found by their day's index."""
    signed = (
        select(ReturnForm.case_id, func.min(ReturnForm.approval_id).label("approval_id"))
        .where(since, ReturnForm.origin == FROM_GOODS)
        .group_by(ReturnForm.case_id)
        .subquery()
    )
    rows = session.execute(
        _columns()
        .join(signed, signed.c.case_id == Case.id)
        .join(Approval, Approval.id == signed.c.approval_id)
        .add_columns(Approval.signed_by, Approval.role)
    ).all()
    overriding = _overriding(session, Case.id.in_(select(ReturnForm.case_id).where(since)))
    voided = {
        case_id: (clerk, signer)
        for case_id, clerk, signer in session.execute(
            select(ReturnForm.case_id, Void.clerk_by, Void.signed_by)
            .join(Void, Void.form_id == ReturnForm.id)
            .where(since)
        )
    }
    copies: dict[int, int] = {}
    reprinted = (
        select(ReturnForm.case_id, func.count())
        .join(PrintJob, PrintJob.first_id == ReturnForm.job_id)
        .where(since)
        .group_by(ReturnForm.case_id)
    )
    for case_id, count in session.execute(reprinted):
        copies[case_id] = count
    return [
        _return_of(row, staff, zone, row.signed_by, row.role, overriding, voided.get(row.id), copies.get(row.id, 0))
        for row in rows
    ]


def _return_of(
    row: Row[Any],
    staff: Mapping[int, Person],
    zone: ZoneInfo,
    approver: int | None,
    role: str,
    overriding: frozenset[int],
    voided: tuple[int, int] | None = None,
    copies: int = 0,
) -> Return:
    typed = row.entered == TYPED
    opened = row.opened_at.astimezone(zone).replace(tzinfo=None)
    clerk = staff.get(row.prepared_by)
    return Return(
        case_id=row.id, day=opened.date(), hour=opened.hour, amount=row.amount, clerk=row.prepared_by,
        approver=approver, role=role, receipt=row.receipt_id, member=row.member_card, phone=row.phone, till=row.till,
        cashier=row.cashier, minutes=None if typed else max(0, int((opened - row.sold_at).total_seconds() // 60)),
        typed=typed, keyed=row.entered in {KEYED, FOUND}, overrides=row.id in overriding,
        own_sale=not typed and clerk is not None and bool(row.cashier) and clerk.number == row.cashier,
        voided=voided, copies=copies,
    )  # fmt: skip


def _overriding(session: Session, among: ColumnElement[bool]) -> frozenset[int]:
    wanted = select(ReturnLine.case_id).join(Case, Case.id == ReturnLine.case_id)
    return frozenset(session.scalars(wanted.where(among, ReturnLine.effect == "override").distinct()))


def _sold(session: Session, since: dt.date) -> dict[str, int]:
    """Count each till's receipts since that day; the index of tills and times answers it alone."""
    start = dt.datetime.combine(since, dt.time())
    counted = select(Receipt.till, func.count()).where(Receipt.sold_at >= start).group_by(Receipt.till)
    return {till: int(count) for till, count in session.execute(counted)}


def _staff(session: Session) -> dict[int, Person]:
    return {person.id: person for person in session.scalars(select(Person))}


def _receipt_numbers(session: Session, found: Iterable[Signal]) -> dict[tuple[str, str], str]:
    """Return the numbers of the receipts that signals are about, by what their subject is: a receipt or a case."""
    receipts = {int(one.subject[0]) for one in found if one.pattern is Pattern.RECEIPT}
    cases = {int(one.subject[0]) for one in found if one.pattern in _RECEIPTS}
    rows = session.execute(
        select(ReturnCase.case_id, Receipt.id, Receipt.number)
        .join(Receipt, Receipt.id == ReturnCase.receipt_id)
        .where(or_(ReturnCase.case_id.in_(cases), ReturnCase.receipt_id.in_(receipts)))
    ).all()
    numbers = {("case", str(case_id)): number for case_id, _receipt, number in rows}
    return numbers | {("receipt", str(receipt)): number for _case, receipt, number in rows}


def _names_of(signal: Signal, staff: Mapping[int, Person], receipts: Mapping[tuple[str, str], str]) -> tuple[str, ...]:
    first = signal.subject[0]
    if signal.pattern is Pattern.RECEIPT:
        return (receipts["receipt", first],)
    if signal.pattern in _RECEIPTS:
        return (receipts["case", first],)
    clerks, approvers = _people_of(signal)
    people = {*clerks, *approvers}
    return tuple(_name(staff, one) if one in people else one for one in signal.subject)


def _name(staff: Mapping[int, Person], person_id: str) -> str:
    person = staff.get(int(person_id))
    return person.name_and_number if person is not None else person_id
