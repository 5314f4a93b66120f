"""A numbered form comes into being: for goods that came back, for what was left of another one, or anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core import approvals
from counterapp.core.actor import Actor
from counterapp.core.approvals import Approval
from counterapp.core.cases import Case
from counterapp.core.codes import new_code
from counterapp.core.numbering import NumberSeries, next_number
from counterapp.core.print_queue import PaperRole
from counterapp.core.receipts import Receipt
from counterapp.core.staff import Person
from counterapp.documents.issue import PrintContext, print_context
from counterapp.return_forms.models import (
    ACT,
    FORM_LETTERS,
    FROM_GOODS,
    FROM_REST,
    SERIES,
    ReturnCase,
    ReturnForm,
    ReturnFormLine,
    ReturnLine,
)
from counterapp.return_forms.printouts import ANEW, REST, FormFacts, Origin, return_form
from counterapp.return_forms.statement import stated


def issue(
    context: PrintContext,
    facts: FormFacts,
    approval: Approval,
    booked_on: dt.date,
    *,
    statutory: bool,
    origin: str = FROM_GOODS,
    lines: Sequence[ReturnLine] = (),
) -> ReturnForm:
    """Store the form that `facts` describe and queue it at the actor's station; it has its id after the next flush."""
    document = return_form(facts, context.language, context.form_paper)
    job = context.print(PaperRole.FORM, document, approval.case_id)
    form = ReturnForm(
        number=facts.number, code=facts.code, case_id=approval.case_id, approval=approval, act=ACT,
        decision=approvals.APPROVED, kind=facts.kind, amount=facts.total_fen, made_at=context.actor.now(),
        made_on=facts.filled_on, booked_on=booked_on, origin=origin, settlement=facts.settlement, statutory=statutory,
        expires_on=facts.filled_on + dt.timedelta(days=context.settings.form_valid_days), job=job,
        lines=[
            ReturnFormLine(return_line_id=line.id, position=position) for position, line in enumerate(lines, start=1)
        ],
    )  # fmt: skip
    context.session.add(form)
    return form


def count_alone(session: Session) -> None:
    """Keep everybody else from issuing or redeeming until the transaction ends, so that what is read stays so.

    No row stands for a receipt that is not imported yet, and two tills may be taking forms for it.
    """
    session.execute(select(NumberSeries.last).where(NumberSeries.name == SERIES).with_for_update())


def issue_from(
    session: Session,
    actor: Actor,
    form: ReturnForm,
    amount: int,
    origin: str,
    booked_on: dt.date,
    renewal: Approval | None = None,
) -> ReturnForm:
    """Issue a form of `amount` fen out of another one: same case and approval, a number, code and expiry of its own.

    `origin` is FROM_REST or FROM_EXPIRED; `renewal` is what a second person signed for it, where somebody did.
    """
    context = print_context(session, actor)
    phone, receipt, clerk = session.execute(
        select(ReturnCase.phone, Receipt, Person)
        .join(Case, Case.id == ReturnCase.case_id)
        .join(Receipt, Receipt.id == ReturnCase.receipt_id)
        .join(Person, Person.id == Case.prepared_by)
        .where(ReturnCase.case_id == form.case_id)
    ).one()
    approval = session.get_one(Approval, form.approval_id)
    signed = renewal or approval
    supervisor = session.get_one(Person, signed.signed_by)
    receipt_no, bought_on = stated(receipt)
    facts = FormFacts(
        number=next_number(session, SERIES),
        code=new_code(FORM_LETTERS),
        kind=form.kind,
        filled_on=actor.today(),
        receipt_no=receipt_no,
        bought_on=bought_on,
        member_card=receipt.member_card,
        phone=phone,
        lines=(),
        origin=Origin(form.number, REST if origin == FROM_REST else ANEW),
        total_fen=amount,
        issued=context.issued_by(clerk.name_and_number, signed.signed_at, signed.station),
        supervisor=supervisor.name_and_number,
        settlement=form.settlement,
        tender=receipt.tender,
        valid_days=context.settings.form_valid_days,
    )
    issued = issue(context, facts, approval, booked_on, statutory=form.statutory, origin=origin)
    session.flush()  # before the record that refers to it
    return issued
