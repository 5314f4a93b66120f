"""A form is paid out: as it says, or on a second signature where it has expired or its tender takes nothing back."""

from __future__ import annotations

from typing import Final, TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core.actor import Actor, Signer
from counterapp.core.business_day import latest_day
from counterapp.core.receipts import Receipt
from counterapp.core.store_settings import store_settings
from counterapp.core.typed import needed_text
from counterapp.desks.till.services.form_acceptance import is_expired, take_form, till_of
from counterapp.errors import Refused
from counterapp.return_forms.closure import close_form
from counterapp.return_forms.models import IN_CASH, IN_GOODS, IN_TENDER, PAY_ACT, SETTLED, ReturnCase, Settlement
from counterapp.return_forms.settlement import may_become_money, needs_a_signature, sign_for
from counterapp.return_forms.terms import Kind
from counterapp.words import N_

_LONGEST: Final = 40


class PaidOut(TypedDict):
    """What was paid (fen), and by which method: IN_CASH or IN_TENDER."""

    number: int
    amount: int
    method: str


def pay_out(
    session: Session,
    actor: Actor,
    code: str,
    method: str,
    reference: str = "",
    till: str = "",
    signer: Signer | None = None,
) -> PaidOut:
    """Pay the whole form that bears `code` in cash, or to the original tender with that payment's `reference`.

    It is paid as the form says. Anything else needs a second signature, up to the `signer`'s limit for money: a
    statutory one that has expired, and cash where the tender takes nothing back. What may not become money is never
    paid. Raises NotFound, NotAllowed, BadInput, Refused, Overtaken.
    """
    form = take_form(session, actor, code, expired=True)
    expired = is_expired(form, latest_day(session, actor.today()))
    if form.settlement == IN_GOODS and not expired:
        raise Refused(
            N_("Form {number} is taken for goods, not paid out. Scan the receipt of the new goods."),
            number=f"{form.number:06}",
        )
    settings = store_settings(session)
    receipt, entered = session.execute(
        select(Receipt, ReturnCase.entered)
        .join(ReturnCase, ReturnCase.receipt_id == Receipt.id)
        .where(ReturnCase.case_id == form.case_id)
    ).one()
    if form.kind != Kind.REFUND or not may_become_money(session, receipt, entered, settings.till):
        raise Refused(
            N_(
                "Form {number} is an exchange, or stands for goods without proof or not paid in money. It is never"
                " paid out."
            ),
            number=f"{form.number:06}",
        )
    lacks = N_("Type the reference that the payment back bears, then press Enter.")
    reference = needed_text(reference, _LONGEST, lacks) if method == IN_TENDER else ""
    approval = None
    if expired or (method, form.settlement) == (IN_CASH, IN_TENDER):
        if signer is None:
            raise needs_a_signature()
        approval = sign_for(session, actor, signer, form, PAY_ACT, settings.till, form.amount)
    elif method != form.settlement:
        raise Refused(N_("Form {number} is paid in cash, as it says."), number=f"{form.number:06}")
    end = close_form(session, actor, form, SETTLED)
    session.add(
        Settlement(
            form_id=form.id, how=SETTLED, case_id=form.case_id, amount=form.amount, statutory=form.statutory,
            ended_by=end.ended_by, till=till_of(actor, till),
            method=method, reference=reference,
            approval_id=approval.id if approval else None, signed_by=approval.signed_by if approval else None,
        )
    )  # fmt: skip
    session.flush()
    return PaidOut(number=form.number, amount=form.amount, method=method)
