"""What came back: a case in each state, from a draft to a void form, and one that goes without a receipt."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core.actor import Actor
from counterapp.core.receipts import ReceiptLine
from counterapp.demo.stories.sold import receipt_of
from counterapp.demo.stories.teller import (
    CLERK,
    OTHER_CLERK,
    SUPERVISOR,
    Teller,
    Turns,
    revision_of,
)
from counterapp.desks.returns.services import approval, drafting, unverified, voiding
from counterapp.return_forms.models import ReturnCase, ReturnForm, ReturnLine
from counterapp.return_forms.terms import Answer, Category, Kind, Reason

_FAULT = {Answer.FAULT_CONFIRMED: True}
_SPOILED = Reason.EXPIRED_OR_SPOILED
_FAULTY = Reason.QUALITY_FAULT


def returns(store: Teller) -> Turns:
    """Tell of the returns desk and of who approves there."""
    yield store.last_day(9, 40)
    _submit(store, CLERK, "towel", _FAULTY, phone="13812345678")
    yield store.last_day(9, 52)
    _approve(store, "towel", SUPERVISOR)
    yield store.last_day(10, 20)
    _submit(store, OTHER_CLERK, "kettle", _FAULTY, answers=_FAULT | {Answer.TESTED: True})
    yield store.last_day(10, 31)
    _approve(store, "kettle", SUPERVISOR)
    yield store.last_day(13, 15)
    _submit(store, CLERK, "pan", _FAULTY, kind=Kind.EXCHANGE)
    yield store.last_day(13, 24)
    _approve(store, "pan", SUPERVISOR)
    yield store.last_day(13, 40)
    _void(store, "pan", "顾客找到了说明书，不换了")
    yield store.last_day(15, 5)
    _submit(store, CLERK, "apples", _SPOILED)
    yield store.last_day(15, 12)
    _approve(store, "apples", SUPERVISOR)
    yield store.last_day(20, 45)
    _submit(store, CLERK, "dumplings", _FAULTY)
    yield store.last_day(20, 50)
    _approve(store, "dumplings", SUPERVISOR)

    yield store.this_morning(8, 35)
    _submit(store, CLERK, "bedding", _FAULTY, phone="13907315566")
    yield store.this_morning(8, 44)
    _approve(store, "bedding", SUPERVISOR)
    yield store.this_morning(8, 58)
    _submit(store, CLERK, "bear", _FAULTY)
    yield store.this_morning(9, 6)
    _approve(store, "bear", SUPERVISOR)
    yield store.this_morning(9, 20)
    _submit(store, OTHER_CLERK, "lamp", _FAULTY, answers=_FAULT | {Answer.RED_LETTER_OPENED: True})
    yield store.this_morning(9, 31)
    _approve(store, "lamp", SUPERVISOR)
    yield store.this_morning(9, 50)
    _submit(store, OTHER_CLERK, "scarf", _FAULTY)
    yield store.this_morning(9, 58)
    _refuse(store, "scarf", "围巾有洗涤痕迹，请再问顾客")
    yield store.lately(35)
    _submit(store, OTHER_CLERK, "heater", _FAULTY, answers=_FAULT | {Answer.TESTED: True})
    yield store.lately(25)
    _without_receipt(store)
    yield store.lately(16)
    _draft(store, OTHER_CLERK, "shirt")
    yield store.lately(8)
    _submit(store, CLERK, "prawns", _SPOILED)
    yield store.lately(5)
    _approve(store, "prawns", SUPERVISOR)


def _draft(store: Teller, clerk: str, name: str) -> int:
    """Open a return of the one line of a receipt, and choose it."""
    case = _open(store, clerk, name)
    store.do(clerk, "return.choose", lambda s, a: _choose(s, a, case))
    return case


def _open(store: Teller, clerk: str, name: str) -> int:
    number = receipt_of(name, store.today)
    case = store.cases[name] = store.do(clerk, "return.open", lambda s, a: drafting.open_return(s, a, number))
    return case


def _choose(session: Session, actor: Actor, case: int) -> int:
    of_case = select(ReceiptLine.id, ReceiptLine.sold).join(ReturnCase, ReturnCase.receipt_id == ReceiptLine.receipt_id)
    line, sold = session.execute(of_case.where(ReturnCase.case_id == case)).one()
    drafting.choose_line(session, actor, case, line, sold)
    return int(line)


def _submit(
    store: Teller,
    clerk: str,
    name: str,
    reason: Reason,
    *,
    kind: Kind = Kind.REFUND,
    answers: Mapping[Answer, bool] = _FAULT,
    phone: str = "",
) -> None:
    """Prepare a return as far as the approver."""
    case = _open(store, clerk, name)

    def describe(session: Session, actor: Actor) -> None:
        _describe(session, actor, case, _choose(session, actor, case), reason, kind, answers)
        if phone:
            drafting.set_phone(session, actor, case, phone)

    store.do(clerk, "return.describe", describe)
    _send(store, clerk, case)


def _describe(
    session: Session, actor: Actor, case: int, line: int, reason: Reason, kind: Kind, answers: Mapping[Answer, bool]
) -> None:
    drafting.describe(session, actor, case, line, kind=kind, reason=reason, answers=dict(answers))
    drafting.all_in_order(session, actor, case, line)


def _send(store: Teller, clerk: str, case: int) -> None:
    store.do(clerk, "return.submit", lambda s, a: drafting.submit(s, a, case, revision_of(s, case)))


def _without_receipt(store: Teller) -> None:
    """Goods whose receipt is gone: a manager signs."""
    goods = unverified.TypedGoods("T900", "搪瓷杯", "百货部", Category.GENERAL, 19_9000, 1000)
    case = store.do(CLERK, "return.unverified", lambda s, a: unverified.open_unverified(s, a, [goods]))

    def describe(session: Session, actor: Actor) -> None:
        line = session.scalars(select(ReturnLine.line_id).where(ReturnLine.case_id == case)).one()
        _describe(session, actor, case, line, _FAULTY, Kind.EXCHANGE, _FAULT)

    store.do(CLERK, "return.describe", describe)
    _send(store, CLERK, case)


def _approve(store: Teller, name: str, signer: str) -> None:
    """Let a case be approved; what has one form bears its name from here on."""
    case = store.cases[name]

    def approve(session: Session, actor: Actor) -> str:
        signs = store.person(signer)
        (number,) = approval.approve(
            session, actor, signs, case, revision_of(session, case), approval.TICKS, "已看过实物"
        )
        return session.scalars(select(ReturnForm.code).where(ReturnForm.number == number)).one()

    store.forms[name] = store.do(CLERK, "return.approve", approve, signer)


def _refuse(store: Teller, name: str, reason: str) -> None:
    case = store.cases[name]
    store.do(
        OTHER_CLERK,
        "return.refuse",
        lambda s, a: approval.refuse(s, a, store.person(SUPERVISOR), case, revision_of(s, case), reason),
        SUPERVISOR,
    )


def _void(store: Teller, name: str, reason: str) -> None:
    code = store.forms[name]
    store.do(
        CLERK,
        "return.void",
        lambda s, a: voiding.void_form(s, a, store.person(SUPERVISOR), code, reason, voiding.PARTS),
        SUPERVISOR,
    )
