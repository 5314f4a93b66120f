"""The departments' sheets: what came back of theirs on a day."""

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

#: The letters of the floor sheets' codes.
SHEET_LETTERS: Final = "RS"


class FloorSheet(Base):
    """The returned goods of one department, for its duty supervisor to check and sign; `seq` counts a day's sheets.

    `checked_by` is who signed the paper, `signed_by` the member of staff who saw it.
    """

    __tablename__ = "floor_sheets"
    __table_args__ = (
        UniqueConstraint("booked_on", "department", "seq"),
        CheckConstraint("(signed_at IS NULL) = (checked_by = '')", name="signed_by_somebody"),
        CheckConstraint("(signed_at IS NULL) = (signed_by IS NULL)", name="signature_was_seen"),
    )
    __journal__ = True
    __never_deleted__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    code: Mapped[str] = mapped_column(String(14), unique=True)
    booked_on: Mapped[dt.date]
    department: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int]
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    job_id: Mapped[int] = mapped_column(ForeignKey("print_jobs.id"))
    checked_by: Mapped[str] = mapped_column(String(40), default="")
    signed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    remark: Mapped[str] = mapped_column(String(200), default="")


class FloorSheetLine(Base):
    """Which returned line stands on which floor sheet; none stands on two."""

    __tablename__ = "floor_sheet_lines"
    __append_only__ = True

    return_line_id: Mapped[int] = mapped_column(ForeignKey("return_lines.id"), primary_key=True, autoincrement=False)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("floor_sheets.id"), index=True)
