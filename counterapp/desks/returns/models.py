"""Red-letter invoices to be issued for what came back."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from counterapp.core.base import Base, BigInt, UtcDateTime

RED_LETTER_SERIES: Final = "red_letter"


class RedLetterTask(Base):
    """An invoice that was not handed back: its red-letter invoice 红字发票 has to be issued until `due_on`.

    `number` counts the tasks; `red_letter_no` is the number of the red-letter invoice, empty until it is done.
    `amount` is what came back of the invoiced lines, in fen.
    """

    __tablename__ = "red_letter_tasks"
    __table_args__ = (
        UniqueConstraint("case_id"),
        CheckConstraint("(done_at IS NULL) = (red_letter_no = '')", name="done_with_its_number"),
        CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done_by_somebody"),
    )
    __journal__ = True
    __never_deleted__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    number: Mapped[int] = mapped_column(BigInt, unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("return_cases.case_id"))
    invoice_no: Mapped[str] = mapped_column(String(32))
    amount: Mapped[int] = mapped_column(BigInt)
    opened_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[dt.date] = mapped_column(index=True)
    red_letter_no: Mapped[str] = mapped_column(String(32), default="")
    done_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
