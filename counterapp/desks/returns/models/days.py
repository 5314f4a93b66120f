"""The day after the forms: stock files, notices and sheets for the floor, red-letter tasks, and the day's seal."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

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

#: Number series (core.numbering). The days' row counts how often a day was closed or opened again, and is the lock that
#: whoever books into a day shares, and whoever closes one holds alone.
STOCK_SERIES: Final = "stock_file"
RED_LETTER_SERIES: Final = "red_letter"
DAY_SERIES: Final = "return_day"

#: The letters of the floor sheets' codes.
SHEET_LETTERS: Final = "RS"

FRESH: Final = "fresh"
FROZEN: Final = "frozen"
SPOILED: Final = "spoiled"

CLOSED: Final = "closed"
REOPENED: Final = "reopened"


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


class StockFile(Base):
    """A stock correction 库存更正: a numbered file for the stock system, marked when it is fetched first."""

    __tablename__ = "stock_files"
    __table_args__ = (CheckConstraint("(fetched_at IS NULL) = (fetched_by IS NULL)", name="fetched_by_somebody"),)
    __journal__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    number: Mapped[int] = mapped_column(BigInt, unique=True)
    booked_on: Mapped[dt.date] = mapped_column(index=True)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    fetched_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    fetched_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class StockLine(Base):
    """A returned line in a stock file: once as it came back (`sign` 1), and once more (-1) if its form became void.

    Its key lets each stand in one file only, and what was never corrected cannot be reversed.
    """

    __tablename__ = "stock_lines"
    __table_args__ = (
        ForeignKeyConstraint(["return_line_id", "reverses"], ["stock_lines.return_line_id", "stock_lines.sign"]),
        CheckConstraint("(sign = 1 AND reverses IS NULL) OR (sign = -1 AND reverses = 1)", name="sign"),
    )
    __journal__ = True

    return_line_id: Mapped[int] = mapped_column(ForeignKey("return_lines.id"), primary_key=True)
    sign: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reverses: Mapped[int | None]
    file_id: Mapped[int] = mapped_column(ForeignKey("stock_files.id"), index=True)
    position: Mapped[int]


class FloorNotice(Base):
    """Fresh, frozen or spoiled goods wait at the counter for their department, from `raised_at` until collected.

    Spoiled ones are urgent: the floor supervisor looks at the same item on the shelf and answers what was found.
    """

    __tablename__ = "floor_notices"
    __table_args__ = (
        CheckConstraint("kind IN ('fresh', 'frozen', 'spoiled')", name="kind"),
        CheckConstraint("(collected_at IS NULL) = (collected_by = '')", name="collected_by_somebody"),
        CheckConstraint("(answered_at IS NULL) = (answered_by = '')", name="answered_by_somebody"),
        CheckConstraint("answered_at IS NULL OR (kind = 'spoiled' AND found <> '')", name="answer_is_told"),
    )
    __journal__ = True

    return_line_id: Mapped[int] = mapped_column(ForeignKey("return_lines.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))
    department: Mapped[str] = mapped_column(String(40))
    raised_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    booked_on: Mapped[dt.date] = mapped_column(index=True)
    due_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    job_id: Mapped[int] = mapped_column(ForeignKey("print_jobs.id"))
    collected_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    collected_by: Mapped[str] = mapped_column(String(40), default="")
    answered_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[str] = mapped_column(String(40), default="")
    found: Mapped[str] = mapped_column(String(400), default="")


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

    return_line_id: Mapped[int] = mapped_column(ForeignKey("return_lines.id"), primary_key=True, autoincrement=False)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("floor_sheets.id"), index=True)


class ReturnDay(Base):
    """A business day that was closed at least once. While it is closed nothing can be booked into it or before it."""

    __tablename__ = "return_days"
    __journal__ = True

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    closed: Mapped[bool]


class DaySeal(Base):
    """A day was closed, with its register and figures as they stood, or opened again by a manager with a reason.

    `digest` is the SHA-256 of the content and of the seal before it; two people close a day.
    """

    __tablename__ = "day_seals"
    __table_args__ = (
        CheckConstraint("act IN ('closed', 'reopened')", name="act"),
        CheckConstraint("act = 'reopened' OR (signed_by IS NOT NULL AND done_by <> signed_by)", name="two_people"),
        CheckConstraint("act = 'closed' OR reason <> ''", name="reopened_for_a_reason"),
    )
    __journal__ = True

    seq: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    day: Mapped[dt.date] = mapped_column(ForeignKey("return_days.day"), index=True)
    act: Mapped[str] = mapped_column(String(10))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    station: Mapped[str] = mapped_column(String(40))
    done_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(String(400), default="")
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))


class DayExplanation(Base):
    """Why something of a day is not done, in the words of whoever closes it: `item` as "part2:123"."""

    __tablename__ = "day_explanations"
    __table_args__ = (CheckConstraint("text <> ''", name="is_told"),)
    __journal__ = True

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(String(60), primary_key=True)
    text: Mapped[str] = mapped_column(String(400))
    told_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    told_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
