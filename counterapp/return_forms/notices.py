"""Notices to the floor, raised as the form is made; they are worked off at the desk of returned goods."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from counterapp.core.actor import Actor
from counterapp.core.cases import Case
from counterapp.core.print_queue import PaperRole
from counterapp.core.receipts import ReceiptLine
from counterapp.core.store_settings import StoreSettings
from counterapp.documents.issue import print_context
from counterapp.return_forms.models import (
    FRESH,
    FROZEN,
    SPOILED,
    FloorNotice,
    ReturnForm,
    ReturnFormLine,
    ReturnLine,
)
from counterapp.return_forms.printouts.notice import NoticeFacts, notice_slip
from counterapp.return_forms.terms import Category, Flag, Kind, Reason, name_of

_OF_CATEGORY: Final = {Category.FRESH.value: FRESH, Category.FROZEN.value: FROZEN}


def raise_notices(session: Session, actor: Actor, case_id: int) -> list[int]:
    """Raise the notices of a case whose forms were just made, and print their slips at the actor's station.

    Belongs into the transaction of the approval. Return the ids of the return lines that got one; a line that has one
    already is passed over.
    """
    context = print_context(session, actor)
    issued = context.issued_by()
    rows = session.execute(
        select(ReturnLine, ReceiptLine, ReturnForm.number, ReturnForm.booked_on, Case.code)
        .join(ReturnFormLine, ReturnFormLine.return_line_id == ReturnLine.id)
        .join(ReturnForm, ReturnForm.id == ReturnFormLine.form_id)
        .join(ReceiptLine, ReceiptLine.id == ReturnLine.line_id)
        .join(Case, Case.id == ReturnForm.case_id)
        .where(
            ReturnForm.case_id == case_id,
            ~exists().where(FloorNotice.return_line_id == ReturnLine.id),
        )
        .order_by(ReturnForm.number, ReturnFormLine.position)
    ).all()
    raised = []
    now = actor.now()
    for line, sold, number, booked_on, case_code in rows:
        kind = kind_of(sold.category, line.reason)
        if kind is None:
            continue
        due_at = now + dt.timedelta(minutes=_minutes(kind, context.settings))
        slip = notice_slip(
            NoticeFacts(
                issued=issued,
                department=sold.department,
                is_urgent=kind == SPOILED,
                item_no=sold.item_no,
                item=sold.name,
                quantity_milli=line.quantity,
                asked=name_of(Kind(line.kind), "en"),
                reason=name_of(Reason(str(line.reason)), "en"),
                supplier=supplier_of(sold),
                form_number=number,
                due_at=context.local(due_at),
                code=case_code,
            ),
            context.language,
        )
        job = context.print(PaperRole.SLIP, slip, case_id)
        session.add(
            FloorNotice(
                return_line_id=line.id, kind=kind, department=sold.department, raised_at=now, booked_on=booked_on,
                due_at=due_at, job_id=job.id,
            )
        )  # fmt: skip
        raised.append(line.id)
    session.flush()
    return raised


def kind_of(category: str, reason: str | None) -> str | None:
    """Return which notice goods of a category raise that come back for a reason, None where they can wait."""
    return SPOILED if reason == Reason.EXPIRED_OR_SPOILED else _OF_CATEGORY.get(category)


def supplier_of(line: ReceiptLine) -> str:
    """Return the supplier whose own staff sells the item in the store, empty for the store's own goods."""
    return (line.supplier or "?") if Flag.CONCESSION in line.flag_set else ""


def _minutes(kind: str, settings: StoreSettings) -> int:
    closing = settings.closing
    return {FRESH: closing.fresh_minutes, FROZEN: closing.frozen_minutes, SPOILED: closing.spoiled_minutes}[kind]
