"""The records of a return: what is asked for, what the rules said, and the numbered forms that came of it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counterapp.core.approvals import Approval
from counterapp.core.base import Base, BigInt, UtcDateTime
from counterapp.core.cases import Case
from counterapp.core.masking import Mask
from counterapp.core.print_queue import PrintJob
from counterapp.core.receipts import Receipt, ReceiptLine

DESK: Final = "returns"
ACT: Final = "return"
CASE_LETTERS: Final = "RC"
FORM_LETTERS: Final = "RF"
SERIES: Final = "return_form"

#: How a case was begun: its receipt's barcode scanned, its number keyed, found by what else is known of it, or typed
#: by hand without any receipt.
SCANNED: Final = "scanned"
KEYED: Final = "keyed"
FOUND: Final = "found"
TYPED: Final = "typed"

#: Where a form comes from: goods came back; the rest of one that was redeemed; one that had expired.
FROM_GOODS: Final = "goods"
FROM_REST: Final = "rest"
FROM_EXPIRED: Final = "expired"

#: What a form is settled in: goods at the till; cash; the tender that the receipt was paid by.
IN_GOODS: Final = "goods"
IN_CASH: Final = "cash"
IN_TENDER: Final = "tender"

DRAFT: Final = "draft"
WAITING: Final = "waiting"
APPROVED: Final = "approved"
REFUSED: Final = "refused"
DROPPED: Final = "dropped"

#: Who moves it: the clerk submits, takes back and drops; a second person approves or refuses what waits. What was
#: refused is put right and submitted again.
MOVES: Final = {
    DRAFT: frozenset({WAITING, DROPPED}),
    WAITING: frozenset({APPROVED, REFUSED, DRAFT}),
    REFUSED: frozenset({WAITING, DRAFT, DROPPED}),
}


class ReturnCase(Base):
    """What a case of this desk knows beyond the case itself: the receipt, and how to reach the customer.

    `entered` tells how it was begun.
    """

    __tablename__ = "return_cases"
    __journal__ = True

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipts.id"), index=True)
    phone: Mapped[str] = mapped_column(String(20), default="", index=True, info={"personal": Mask.PHONE})
    entered: Mapped[str] = mapped_column(String(10), default=SCANNED, server_default=SCANNED)

    case: Mapped[Case] = relationship(lazy="raise")
    receipt: Mapped[Receipt] = relationship(lazy="raise")
    lines: Mapped[list[ReturnLine]] = relationship(
        lazy="raise", order_by="ReturnLine.id", back_populates="return_case", cascade="all, delete-orphan"
    )


class ReturnLine(Base):
    """One receipt line that the customer brings back: `quantity` in thousandths, `answers` yes/no by question.

    `effect`, `findings`, `grants`, `rule_book_id` and `refund` (fen) are the verdict it was submitted under.
    """

    __tablename__ = "return_lines"
    __table_args__ = (
        UniqueConstraint("case_id", "line_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("refund >= 0", name="refund_not_negative"),
    )
    __journal__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("return_cases.case_id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("receipt_lines.id"), index=True)
    quantity: Mapped[int] = mapped_column(BigInt)
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(20))
    answers: Mapped[dict[str, bool]] = mapped_column(JSON)
    effect: Mapped[str | None] = mapped_column(String(10))
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    grants: Mapped[list[str]] = mapped_column(JSON, default=list)
    rule_book_id: Mapped[int | None] = mapped_column(ForeignKey("rule_books.id"))
    refund: Mapped[int] = mapped_column(BigInt, default=0)

    # The receipt is always loaded with its lines, so that this never asks the database.
    line: Mapped[ReceiptLine] = relationship(lazy="raise_on_sql")
    return_case: Mapped[ReturnCase] = relationship(lazy="raise", back_populates="lines")


class ReturnForm(Base):
    """A numbered form 退/换货单: it stands on an approved approval of its own case, or it cannot be.

    `number` runs in strict order; `code` is its barcode and cannot be guessed from another form's. `booked_on` is the
    business day whose register it stands in; no form comes into a day that is closed. `statutory`: the law, not the
    house, gives at least one of its lines. A form that comes from another one (`origin`) has no lines of its own.
    """

    __tablename__ = "return_forms"
    __table_args__ = (
        ForeignKeyConstraint(
            ["approval_id", "case_id", "act", "decision"],
            ["approvals.id", "approvals.case_id", "approvals.act", "approvals.decision"],
        ),
        CheckConstraint("act = 'return' AND decision = 'approved'", name="stands_on_approval"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("number > 0", name="number_positive"),
        # What happens to a form refers to all of this of it.
        Index("uq_return_forms_money", "id", "case_id", "amount", "statutory", unique=True),
    )
    __journal__ = True
    __append_only__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    number: Mapped[int] = mapped_column(BigInt, unique=True)
    code: Mapped[str] = mapped_column(String(14), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("return_cases.case_id"), index=True)
    approval_id: Mapped[int] = mapped_column(BigInt)
    act: Mapped[str] = mapped_column(String(20), default=ACT)
    decision: Mapped[str] = mapped_column(String(10), default="approved")
    kind: Mapped[str] = mapped_column(String(10))
    amount: Mapped[int] = mapped_column(BigInt)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    made_on: Mapped[dt.date] = mapped_column(index=True)
    booked_on: Mapped[dt.date] = mapped_column(index=True)
    origin: Mapped[str] = mapped_column(String(10), default=FROM_GOODS, server_default=FROM_GOODS)
    settlement: Mapped[str] = mapped_column(String(10), default=IN_GOODS, server_default=IN_GOODS)
    statutory: Mapped[bool] = mapped_column(default=False, server_default=false())
    expires_on: Mapped[dt.date]
    job_id: Mapped[int] = mapped_column(ForeignKey("print_jobs.id"))

    lines: Mapped[list[ReturnFormLine]] = relationship(lazy="raise", order_by="ReturnFormLine.position")
    approval: Mapped[Approval] = relationship(
        lazy="raise", foreign_keys=[approval_id], primaryjoin=lambda: ReturnForm.approval_id == Approval.id
    )
    job: Mapped[PrintJob] = relationship(lazy="raise")


class ReturnFormLine(Base):
    """Which return line stands on which form, in which place; no line stands on two."""

    __tablename__ = "return_form_lines"
    __table_args__ = (UniqueConstraint("form_id", "position"),)

    return_line_id: Mapped[int] = mapped_column(ForeignKey("return_lines.id"), primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("return_forms.id"))
    position: Mapped[int]
