"""Goods are taken for a form at a till: its one use, and what becomes of what is left over."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from counterapp.core.actor import Actor, Signer
from counterapp.core.approvals import Approval
from counterapp.core.claims import balances
from counterapp.core.money import format_fen
from counterapp.core.receipts import TYPED, Receipt
from counterapp.core.store_settings import store_settings
from counterapp.desks.till.services.form_acceptance import require_till, take_form, till_of
from counterapp.errors import BadInput, Refused
from counterapp.return_forms.closure import close_form, find_form
from counterapp.return_forms.issuing import count_alone, issue_from
from counterapp.return_forms.models import (
    FROM_REST,
    IN_GOODS,
    NEW_FORM,
    NO_REST,
    PAID,
    REDEEMED,
    REST_ACT,
    Redemption,
    ReturnCase,
    ReturnForm,
)
from counterapp.return_forms.settlement import how_rest_goes, may_become_money, needs_a_signature, sign_for
from counterapp.return_forms.terms import Kind
from counterapp.words import N_

_MOST = 10**10


@dataclass(frozen=True, slots=True)
class NewReceipt:
    """The receipt of the goods that are taken: its `total` in fen, None where it is not imported yet, and the fen that
    other forms have paid of it, by their numbers."""

    number: str
    total: int | None
    paid: int
    forms: tuple[int, ...]


class Redeemed(TypedDict):
    """What came of a form (fen): `rest_number` is the form that its rest stands on, None where it stands on none."""

    number: int
    amount: int
    used: int
    rest: int
    rest_how: str
    rest_number: int | None


def look_at_receipt(session: Session, actor: Actor, code: str, receipt_no: str) -> NewReceipt:
    """Return what is known of the receipt of the goods that are to be taken for the form that bears `code`.

    Raises BadInput for what is no receipt's number, Refused for a receipt that the form cannot pay, NotFound,
    NotAllowed.
    """
    require_till(actor)
    return _receipt_for(session, find_form(session, code), receipt_no)


def redeem(
    session: Session,
    actor: Actor,
    code: str,
    receipt_no: str,
    receipt_fen: int | None = None,
    till: str = "",
    signer: Signer | None = None,
) -> Redeemed:
    """Take goods for the form that bears `code`, once; no change is given.

    `receipt_fen` is the new receipt's total as the cashier typed it: what counts while the receipt is not imported,
    and has to agree once it is. Where other forms have paid part of that receipt, this one pays what is left of it.
    What is left of the form goes as the store has it; `signer` is the second person where it is paid. `till` is the
    station unless it is given. Raises NotFound, NotAllowed, BadInput, Refused (used, void, expired, settled in money,
    nothing of the receipt left, no signature yet), Overtaken.
    """
    form = take_form(session, actor, code)
    if form.settlement != IN_GOODS:
        raise Refused(
            N_("Form {number} is paid out, not taken for goods. Scan it again and follow the screen."),
            number=f"{form.number:06}",
        )
    end = close_form(session, actor, form, REDEEMED)
    count_alone(session)
    receipt = _receipt_for(session, form, receipt_no)
    total = _total(receipt, receipt_fen)
    if total == 0:
        raise Refused(
            N_("Receipt {receipt} comes to nothing. Scan the receipt of the new goods."), receipt=receipt.number
        )
    if total <= receipt.paid:
        raise Refused(
            N_("Receipt {receipt} is paid in full already, with form {forms}. Scan the receipt of these goods."),
            receipt=receipt.number, forms=", ".join(f"{number:06}" for number in receipt.forms),
        )  # fmt: skip
    used, rest = shared(form.amount, total - receipt.paid)
    rest_how, approval, new_form = _deal_with(session, actor, form, rest, end.booked_on, signer)
    session.add(
        Redemption(
            form_id=form.id, how=REDEEMED, case_id=form.case_id, amount=form.amount, statutory=form.statutory,
            ended_by=end.ended_by, till=till_of(actor, till),
            receipt_no=receipt.number, receipt_fen=total, used=used, rest=rest,
            rest_how=rest_how, rest_form_id=new_form.id if new_form else None,
            approval_id=approval.id if approval else None, signed_by=approval.signed_by if approval else None,
        )
    )  # fmt: skip
    session.flush()
    return Redeemed(
        number=form.number, amount=form.amount, used=used, rest=rest, rest_how=rest_how,
        rest_number=new_form.number if new_form else None,
    )  # fmt: skip


def shared(amount: int, to_pay: int) -> tuple[int, int]:
    """Return how many fen of a form's `amount` are used for goods of `to_pay`, and how many are left."""
    used = min(amount, to_pay)
    return used, amount - used


def _deal_with(
    session: Session, actor: Actor, form: ReturnForm, rest: int, booked_on: dt.date, signer: Signer | None
) -> tuple[str, Approval | None, ReturnForm | None]:
    """Let the rest go as the store has it; return how, who signed for it and the form that it stands on."""
    if rest == 0:
        return NO_REST, None, None
    till = store_settings(session).till
    receipt, entered = _origin_of(session, form)
    # What was an exchange stays one.
    payable = form.kind == Kind.REFUND and may_become_money(session, receipt, entered, till)
    how = how_rest_goes(till, statutory=form.statutory, payable=payable, fen=rest)
    if how == PAID:
        if signer is None:
            raise needs_a_signature()
        return how, sign_for(session, actor, signer, form, REST_ACT, till, rest), None
    if how == NEW_FORM:
        return how, None, issue_from(session, actor, form, rest, FROM_REST, booked_on)
    return how, None, None


def _origin_of(session: Session, form: ReturnForm) -> tuple[Receipt, str]:
    """Return the receipt whose goods the form is for, and how its case was begun."""
    receipt, entered = session.execute(
        select(Receipt, ReturnCase.entered)
        .join(ReturnCase, ReturnCase.receipt_id == Receipt.id)
        .where(ReturnCase.case_id == form.case_id)
    ).one()
    return receipt, entered


def _receipt_for(session: Session, form: ReturnForm, receipt_no: str) -> NewReceipt:
    number = receipt_no.strip()
    known = session.scalars(
        select(Receipt).where(Receipt.number == number).options(selectinload(Receipt.lines))
    ).one_or_none()
    if known is None and not re.fullmatch(store_settings(session).receipts_look_like, number):
        raise BadInput(
            N_("“{receipt}” is no receipt of this store. Scan the receipt of the new goods."), receipt=number
        )
    if known is not None:
        if known.id == _origin_of(session, form)[0].id or known.source == TYPED:
            raise Refused(N_("That is the receipt of the goods that came back. Scan the receipt of the new goods."))
        if known.sold_on < form.made_on:
            raise Refused(
                N_("Receipt {receipt} is older than the form. Scan the receipt of the new goods."), receipt=number
            )
        if any(balance.taken for balance in balances(session, [line.id for line in known.lines]).values()):
            raise Refused(
                N_("Goods of receipt {receipt} have come back already. Scan the receipt of the new goods."),
                receipt=number,
            )
    others = session.execute(
        select(ReturnForm.number, Redemption.used)
        .join(ReturnForm, ReturnForm.id == Redemption.form_id)
        .where(Redemption.receipt_no == number)
        .order_by(ReturnForm.number)
    ).all()
    return NewReceipt(
        number, known.total if known else None, sum(used for _form, used in others), tuple(form for form, _u in others)
    )


def _total(receipt: NewReceipt, typed: int | None) -> int:
    if receipt.total is not None:
        if typed is not None and typed != receipt.total:
            raise Refused(
                N_("Receipt {receipt} comes to {total}, not {typed}. Look at the receipt again."),
                receipt=receipt.number, total=format_fen(receipt.total), typed=format_fen(typed),
            )  # fmt: skip
        return receipt.total
    if typed is None:
        raise Refused(N_("Receipt {receipt} is not imported yet. Type what it comes to."), receipt=receipt.number)
    if not 0 < typed < _MOST:
        raise BadInput(N_("Type what the receipt comes to, as 229.00."))
    return typed
