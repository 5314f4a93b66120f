"""What came back before: of the same receipt, by the same member card, with the same phone.

The source is spec/returns.md, "What fraud looks like": shown to the approver with the cases behind it, never decided.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, func, select, union
from sqlalchemy.orm import Session

from counterapp.core.cases import Case
from counterapp.core.claims import RETURNS, LineClaim
from counterapp.core.receipts import Receipt, ReceiptLine
from counterapp.core.store_settings import store_settings
from counterapp.return_forms.models import APPROVED, VOID, WAITING, FormClosure, ReturnCase, ReturnForm, ReturnLine

DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class PastCase:
    """An earlier return: the `day` it was opened in the store's calendar, `amount` in fen, the numbers of its forms
    (none while it waits for approval), and the names of the goods. What became void is left out of all of them."""

    case_id: int
    receipt: str
    day: dt.date
    amount: int
    numbers: tuple[int, ...]
    goods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """Earlier returns that have one thing in common with the case, the newest first."""

    cases: tuple[PastCase, ...] = ()

    @property
    def count(self) -> int:
        """How many there were."""
        return len(self.cases)

    @property
    def amount(self) -> int:
        """Fen that they came to."""
        return sum(case.amount for case in self.cases)


@dataclass(frozen=True, slots=True)
class History:
    """Earlier returns of the case's receipt, ever, and of its member card and its phone within `DAYS` days."""

    receipt: Past = Past()
    member: Past = Past()
    phone: Past = Past()

    @property
    def cases(self) -> tuple[PastCase, ...]:
        """All of the cases behind it, each once, the newest first."""
        every = {case.case_id: case for past in (self.receipt, self.member, self.phone) for case in past.cases}
        return tuple(every[case_id] for case_id in sorted(every, reverse=True))


def history(session: Session, case_id: int, today: dt.date) -> History:
    """Return what came back before, approved or waiting, beside the case; day 30 before `today` still counts.

    A case of which all is void holds nothing any more, and does not count.
    """
    this = session.execute(
        select(ReturnCase.receipt_id, ReturnCase.phone, Receipt.member_card)
        .join(Receipt, Receipt.id == ReturnCase.receipt_id)
        .where(ReturnCase.case_id == case_id)
    ).one()
    # Each of the three has its own index; one condition with OR would read every case.
    alike: list[Select[int]] = [select(ReturnCase.case_id).where(ReturnCase.receipt_id == this.receipt_id)]
    if this.member_card:
        of_member = select(ReturnCase.case_id).join(Receipt, Receipt.id == ReturnCase.receipt_id)
        alike.append(of_member.where(Receipt.member_card == this.member_card))
    if this.phone:
        alike.append(select(ReturnCase.case_id).where(ReturnCase.phone == this.phone))
    ids = union(*alike).subquery()
    held = (
        select(LineClaim.case_id, func.sum(LineClaim.delta_fen).label("fen"))
        .where(LineClaim.pool == RETURNS, LineClaim.case_id.in_(select(ids.c.case_id)))
        .group_by(LineClaim.case_id)
        .having(func.sum(LineClaim.delta) > 0)
        .subquery()
    )
    rows = session.execute(
        select(
            Case.id, Case.opened_at, held.c.fen, ReturnCase.receipt_id, ReturnCase.phone, Receipt.number,
            Receipt.member_card,
        )
        .join(ReturnCase, ReturnCase.case_id == Case.id)
        .join(Receipt, Receipt.id == ReturnCase.receipt_id)
        .join(held, held.c.case_id == Case.id)
        .where(Case.id.in_(select(ids.c.case_id)), Case.id != case_id, Case.state.in_([WAITING, APPROVED]))
        .order_by(Case.id.desc())
    ).all()  # fmt: skip
    if not rows:
        return History()
    zone = store_settings(session).zone_info
    goods, numbers = _goods(session, [row.id for row in rows]), _numbers(session, [row.id for row in rows])
    first_day = today - dt.timedelta(days=DAYS)
    receipt, member, phone = [], [], []
    for row in rows:
        day = row.opened_at.astimezone(zone).date()
        past = PastCase(
            row.id, row.number, day, int(row.fen), tuple(numbers.get(row.id, ())), tuple(goods.get(row.id, ()))
        )
        if row.receipt_id == this.receipt_id:
            receipt.append(past)
        if day >= first_day and this.member_card and row.member_card == this.member_card:
            member.append(past)
        if day >= first_day and this.phone and row.phone == this.phone:
            phone.append(past)
    return History(Past(tuple(receipt)), Past(tuple(member)), Past(tuple(phone)))


def _goods(session: Session, case_ids: Sequence[int]) -> dict[int, list[str]]:
    rows = session.execute(
        select(ReturnLine.case_id, ReceiptLine.name)
        .join(ReceiptLine, ReceiptLine.id == ReturnLine.line_id)
        .join(LineClaim, (LineClaim.line_id == ReturnLine.line_id) & (LineClaim.case_id == ReturnLine.case_id))
        .where(ReturnLine.case_id.in_(case_ids), LineClaim.pool == RETURNS)
        .group_by(ReturnLine.id, ReturnLine.case_id, ReceiptLine.name)
        .having(func.sum(LineClaim.delta) > 0)
        .order_by(ReturnLine.id)
    )
    goods: dict[int, list[str]] = {}
    for case_id, name in rows:
        goods.setdefault(case_id, []).append(name)
    return goods


def _numbers(session: Session, case_ids: Sequence[int]) -> dict[int, list[int]]:
    rows = session.execute(
        select(ReturnForm.case_id, ReturnForm.number)
        .outerjoin(FormClosure, (FormClosure.form_id == ReturnForm.id) & (FormClosure.how == VOID))
        .where(ReturnForm.case_id.in_(case_ids), FormClosure.form_id.is_(None))
        .order_by(ReturnForm.number)
    )
    numbers: dict[int, list[int]] = {}
    for case_id, number in rows:
        numbers.setdefault(case_id, []).append(number)
    return numbers
