"""What becomes of a form: it ends once, in one way; then its part 2 comes back, and the door looks at the goods.

The database itself lets one of all stations win: whatever ends a form takes the one row that it may have in
`form_ends`, and each way of ending refers to that row. Form, case, amount (fen) and `statutory` go along in every
reference, so that no record can tell another story than the form.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from counterapp.core.base import Base, BigInt, UtcDateTime

REDEEMED: Final = "redeemed"
SETTLED: Final = "settled"
VOID: Final = "void"
RENEWED: Final = "renewed"

#: What a second person signs (core.approvals).
VOID_ACT: Final = "form_void"
RENEW_ACT: Final = "form_renew"
PAY_ACT: Final = "form_pay"
REST_ACT: Final = "form_rest"

#: What becomes of what a form was worth beyond the goods taken for it.
NO_REST: Final = "none"
FORFEITED: Final = "forfeited"
NEW_FORM: Final = "new_form"
PAID: Final = "paid"


_MONEY: Final = ("case_id", "amount", "statutory")


def _of_end() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["form_id", "how", *_MONEY],
        [f"form_ends.{name}" for name in ("form_id", "how", *_MONEY)],
    )


def _of_end_by(table: str) -> ForeignKeyConstraint:
    names = ("form_id", "how", *_MONEY, "ended_by")
    return ForeignKeyConstraint(names, [f"form_ends.{name}" for name in names], name=f"fk_{table}_ended_by")


def _of_approval() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["approval_id", "case_id", "act", "decision", "signed_by"],
        [f"approvals.{name}" for name in ("id", "case_id", "act", "decision", "signed_by")],
    )


class FormClosure(Base):
    """The one end of a form: redeemed for goods, settled in money, void, or renewed by another form after it expired.

    `booked_on` is the business day that it counts for.
    """

    __tablename__ = "form_ends"
    __table_args__ = (
        ForeignKeyConstraint(["form_id", *_MONEY], [f"return_forms.{name}" for name in ("id", *_MONEY)]),
        UniqueConstraint("form_id", "how", "case_id", "amount", "statutory"),
        # For ends at which whoever acts must not be whoever signed.
        UniqueConstraint("form_id", "how", "case_id", "amount", "statutory", "ended_by", name="uq_form_ends_by"),
        CheckConstraint("how IN ('redeemed', 'settled', 'void', 'renewed')", name="how"),
    )
    __journal__ = True
    __append_only__ = True

    form_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    how: Mapped[str] = mapped_column(String(10))
    case_id: Mapped[int] = mapped_column(BigInt)
    amount: Mapped[int] = mapped_column(BigInt)
    statutory: Mapped[bool]
    ended_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    booked_on: Mapped[dt.date] = mapped_column(index=True)
    ended_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    station: Mapped[str] = mapped_column(String(40))


class Redemption(Base):
    """Goods taken for a form at a till: the new receipt, what it came to, what of the form was used and left (fen).

    What is left over is forfeited, never of a statutory refund; stands on a new form; or is paid, with an approval.
    """

    __tablename__ = "form_redemptions"
    __table_args__ = (
        _of_end_by("form_redemptions"),
        _of_approval(),
        ForeignKeyConstraint(
            ["rest_form_id", "case_id", "rest", "statutory"],
            [f"return_forms.{name}" for name in ("id", *_MONEY)],
        ),
        CheckConstraint("ended_by <> signed_by", name="two_people"),
        CheckConstraint("how = 'redeemed'", name="how"),
        CheckConstraint("used >= 0 AND rest >= 0 AND used + rest = amount", name="adds_up"),
        CheckConstraint("used <= receipt_fen", name="no_change_is_given"),
        CheckConstraint("rest_how IN ('none', 'forfeited', 'new_form', 'paid')", name="rest_how"),
        CheckConstraint("(rest = 0) = (rest_how = 'none')", name="rest_is_explained"),
        CheckConstraint("NOT (statutory AND rest_how = 'forfeited')", name="statute_forfeits_nothing"),
        CheckConstraint("(rest_how = 'new_form') = (rest_form_id IS NOT NULL)", name="rest_has_its_form"),
        CheckConstraint(
            "(rest_how = 'paid') = (approval_id IS NOT NULL) AND act = 'form_rest' AND decision = 'approved'",
            name="paid_rest_is_signed",
        ),
        CheckConstraint("receipt_no <> ''", name="has_a_receipt"),
    )
    __journal__ = True
    __append_only__ = True

    form_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    how: Mapped[str] = mapped_column(String(10), default=REDEEMED)
    case_id: Mapped[int] = mapped_column(BigInt)
    amount: Mapped[int] = mapped_column(BigInt)
    statutory: Mapped[bool]
    ended_by: Mapped[int] = mapped_column(BigInt)
    till: Mapped[str] = mapped_column(String(40))
    receipt_no: Mapped[str] = mapped_column(String(32), index=True)
    receipt_fen: Mapped[int] = mapped_column(BigInt)
    used: Mapped[int] = mapped_column(BigInt)
    rest: Mapped[int] = mapped_column(BigInt)
    rest_how: Mapped[str] = mapped_column(String(10))
    rest_form_id: Mapped[int | None] = mapped_column(BigInt, unique=True)
    approval_id: Mapped[int | None] = mapped_column(BigInt)
    act: Mapped[str] = mapped_column(String(20), default=REST_ACT)
    decision: Mapped[str] = mapped_column(String(10), default="approved")
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Settlement(Base):
    """A form paid out: in cash, or to the original tender with the `reference` of that payment.

    One that had expired is paid on an approval.
    """

    __tablename__ = "form_settlements"
    __table_args__ = (
        _of_end_by("form_settlements"),
        _of_approval(),
        CheckConstraint("ended_by <> signed_by", name="two_people"),
        CheckConstraint("how = 'settled'", name="how"),
        CheckConstraint("method IN ('cash', 'tender')", name="method"),
        CheckConstraint("method = 'cash' OR reference <> ''", name="tender_has_a_reference"),
        CheckConstraint("act = 'form_pay' AND decision = 'approved'", name="signed_as_what_it_is"),
    )
    __journal__ = True
    __append_only__ = True

    form_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    how: Mapped[str] = mapped_column(String(10), default=SETTLED)
    case_id: Mapped[int] = mapped_column(BigInt)
    amount: Mapped[int] = mapped_column(BigInt)
    statutory: Mapped[bool]
    ended_by: Mapped[int] = mapped_column(BigInt)
    till: Mapped[str] = mapped_column(String(40))
    method: Mapped[str] = mapped_column(String(10))
    reference: Mapped[str] = mapped_column(String(40), default="")
    approval_id: Mapped[int | None] = mapped_column(BigInt)
    act: Mapped[str] = mapped_column(String(20), default=PAY_ACT)
    decision: Mapped[str] = mapped_column(String(10), default="approved")
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Void(Base):
    """A form taken out of use by two people: `clerk_by`, who made it, and `signed_by`, who approved it.

    Where one of them is absent another of the same or a higher role stands in, which is noted. `parts` are the parts
    (1, 2, 3) that lay there and were marked 作废; `note` says where a missing one is. `root_id` is the form whose goods
    are the customer's again: this one, or the one that it was issued for anew.
    """

    __tablename__ = "form_voids"
    __table_args__ = (
        _of_end(),
        _of_approval(),
        CheckConstraint("how = 'void'", name="how"),
        CheckConstraint("act = 'form_void' AND decision = 'approved'", name="signed_as_what_it_is"),
        CheckConstraint("clerk_by <> signed_by", name="two_people"),
        CheckConstraint("reason <> ''", name="has_a_reason"),
    )
    __journal__ = True
    __append_only__ = True

    form_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    how: Mapped[str] = mapped_column(String(10), default=VOID)
    case_id: Mapped[int] = mapped_column(BigInt)
    amount: Mapped[int] = mapped_column(BigInt)
    statutory: Mapped[bool]
    root_id: Mapped[int] = mapped_column(ForeignKey("return_forms.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(400))
    clerk_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    clerk_absent: Mapped[bool] = mapped_column(default=False)
    approver_absent: Mapped[bool] = mapped_column(default=False)
    parts: Mapped[list[int]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(String(200), default="")
    approval_id: Mapped[int] = mapped_column(BigInt)
    act: Mapped[str] = mapped_column(String(20), default=VOID_ACT)
    decision: Mapped[str] = mapped_column(String(10), default="approved")
    signed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class Renewal(Base):
    """A statutory form that had expired and was issued again, on an approval, as the form `next_id`."""

    __tablename__ = "form_renewals"
    __table_args__ = (
        _of_end_by("form_renewals"),
        _of_approval(),
        ForeignKeyConstraint(
            ["next_id", "case_id", "amount", "statutory"],
            [f"return_forms.{name}" for name in ("id", *_MONEY)],
        ),
        CheckConstraint("ended_by <> signed_by", name="two_people"),
        CheckConstraint("how = 'renewed'", name="how"),
        CheckConstraint("act = 'form_renew' AND decision = 'approved'", name="signed_as_what_it_is"),
    )
    __journal__ = True
    __append_only__ = True

    form_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    how: Mapped[str] = mapped_column(String(10), default=RENEWED)
    case_id: Mapped[int] = mapped_column(BigInt)
    amount: Mapped[int] = mapped_column(BigInt)
    statutory: Mapped[bool]
    ended_by: Mapped[int] = mapped_column(BigInt)
    next_id: Mapped[int] = mapped_column(BigInt, unique=True)
    approval_id: Mapped[int] = mapped_column(BigInt)
    act: Mapped[str] = mapped_column(String(20), default=RENEW_ACT)
    decision: Mapped[str] = mapped_column(String(10), default="approved")
    signed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class PartTwoHandover(Base):
    """A cashier's part 2s of a business day, counted over to administration: how many, their fen, and who signed.

    `missing` are the numbers of the forms whose part 2 was not there; `received_by` is administration's name.
    """

    __tablename__ = "part_two_handovers"
    __table_args__ = (
        CheckConstraint("given_by <> counted_by", name="two_people"),
        CheckConstraint("received_by <> ''", name="received_by_somebody"),
        CheckConstraint("count >= 0 AND amount >= 0", name="counts"),
    )
    __journal__ = True
    __never_deleted__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    booked_on: Mapped[dt.date] = mapped_column(index=True)
    till: Mapped[str] = mapped_column(String(40))
    count: Mapped[int]
    amount: Mapped[int] = mapped_column(BigInt)
    missing: Mapped[list[int]] = mapped_column(JSON)
    given_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    counted_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    received_by: Mapped[str] = mapped_column(String(40))
    signed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class PartTwo(Base):
    """The part 2 of a form that was redeemed or paid has come back from the till."""

    __tablename__ = "part_twos"
    __table_args__ = (
        ForeignKeyConstraint(
            ["form_id", "how", *_MONEY],
            [f"form_ends.{name}" for name in ("form_id", "how", *_MONEY)],
        ),
        CheckConstraint("how IN ('redeemed', 'settled')", name="how"),
    )
    __journal__ = True
    __never_deleted__ = True

    form_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    how: Mapped[str] = mapped_column(String(10))
    case_id: Mapped[int] = mapped_column(BigInt)
    amount: Mapped[int] = mapped_column(BigInt)
    statutory: Mapped[bool]
    collected_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    collected_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    station: Mapped[str] = mapped_column(String(40))
    handover_id: Mapped[int | None] = mapped_column(ForeignKey("part_two_handovers.id"), index=True)
