"""How a form is settled: counted at the till, in cash or to the original tender; and who lets money leave."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from counterapp.core import approvals
from counterapp.core.actor import APPROVERS, Actor, Role, Signer
from counterapp.core.approvals import Approval
from counterapp.core.cases import Case
from counterapp.core.receipts import TYPED as TYPED_RECEIPT
from counterapp.core.receipts import Receipt
from counterapp.core.store_settings import TillSettings
from counterapp.errors import NotAllowed, Refused
from counterapp.return_forms.models import (
    FORFEITED,
    IN_CASH,
    IN_GOODS,
    IN_TENDER,
    NEW_FORM,
    PAID,
    TYPED,
    Redemption,
    ReturnCase,
    ReturnForm,
    ReturnLine,
)
from counterapp.return_forms.terms import Kind
from counterapp.words import N_

_BETWEEN: Final = re.compile(r"[\s:：;；,，、+/|]+")
_FIGURE: Final = re.compile(r"[¥￥]?[0-9.]*")


def settlement_of(
    session: Session, loaded: ReturnCase, lines: Sequence[ReturnLine], role: Role, till: TillSettings
) -> str:
    """Return what the refunds of a case are settled in, once somebody of `role` approves `lines`.

    Money leaves only for refunds, up to the role's limit for the whole case, and never where it might not have come in
    as money (see `may_become_money`); exchanges are always taken in goods. Of a receipt paid in several ways all have
    to be settled in cash; it goes back to one tender only where it came by that one alone.
    """
    fen = sum(line.refund for line in lines if line.kind == Kind.REFUND)
    if fen > money_limit(role, till) or not may_become_money(session, loaded.receipt, loaded.entered, till):
        return IN_GOODS
    paid_by = tenders_of(loaded.receipt.tender)
    if len(paid_by) == 1 and paid_by <= tenders_of(till.same_tenders):
        return IN_TENDER
    return IN_CASH if paid_by and paid_by <= tenders_of(till.cash_tenders) else IN_GOODS


def tenders_of(text: str) -> frozenset[str]:
    """Return the tenders that a till named, whatever stands between them; amounts beside them are left out."""
    return frozenset(name for name in _BETWEEN.split(text) if not _FIGURE.fullmatch(name))


def may_become_money(session: Session, receipt: Receipt, entered: str, till: TillSettings) -> bool:
    """Whether what came back of `receipt` may ever be paid: there is a receipt, and no form was used to buy it."""
    if entered == TYPED or receipt.source == TYPED_RECEIPT:
        return False
    if till.form_tender and till.form_tender in receipt.tender:
        return False
    bought_with_a_form = select(exists().where(Redemption.receipt_no == receipt.number))
    return not session.execute(bought_with_a_form).scalar_one()


def money_limit(role: Role, till: TillSettings) -> int:
    """Return up to how many fen somebody of `role` lets money leave."""
    return {
        Role.SUPERVISOR: till.supervisor_fen,
        Role.SERVICE_MANAGER: till.service_manager_fen,
        Role.STORE_MANAGER: till.store_manager_fen,
    }.get(role, 0)


def how_rest_goes(till: TillSettings, *, statutory: bool, payable: bool, fen: int) -> str:
    """Return what becomes of `fen` that are left over of a form: the store's setting, as far as it may hold here.

    What the law gives is never forfeited; what may not become money, or is beyond everybody's limit, is not paid.
    """
    wanted = {"forfeit": FORFEITED, "new_form": NEW_FORM, "pay": PAID}[till.rest]
    if wanted == FORFEITED and statutory:
        return NEW_FORM
    if wanted == PAID and not (payable and fen <= money_limit(Role.STORE_MANAGER, till)):
        return NEW_FORM
    return wanted


def sign_for(
    session: Session, actor: Actor, signer: Signer, form: ReturnForm, act: str, till: TillSettings, fen: int = 0
) -> Approval:
    """Record the second signature on what is done with a form outside the usual; `fen` leave the till with it.

    Raises NotAllowed for a role that does not approve or whose limit is lower, and where the same person would give
    both signatures or has prepared the case.
    """
    if signer.role not in APPROVERS:
        raise NotAllowed(N_("Your role does not approve this. Ask a duty supervisor or a manager."))
    if signer.person_id == actor.person.person_id:
        raise NotAllowed(N_("Nobody gives both signatures. Ask another person with the right to approve."))
    if fen > money_limit(signer.role, till):
        raise NotAllowed(N_("The amount is beyond your limit for money. Ask a manager with a higher one."))
    case = session.get_one(Case, form.case_id)
    approval = approvals.sign(session, actor, case, signer, act, decision=approvals.APPROVED)
    session.flush()  # before the record that refers to it
    return approval


def needs_a_signature() -> Refused:
    """Return what to say where a second signature is missing."""
    return Refused(N_("This needs a second signature. Call a duty supervisor or a manager."))
