"""What belongs to a day beside its seals: its files of stock, and why something of it is not done."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from counterapp.core.base import Base, BigInt, UtcDateTime

#: Number series (core.numbering).
STOCK_SERIES: Final = "stock_file"


class StockFile(Base):
    """A stock correction 库存更正: a numbered file for the stock system, marked when it is fetched first."""

    __tablename__ = "stock_files"
    __table_args__ = (CheckConstraint("(fetched_at IS NULL) = (fetched_by IS NULL)", name="fetched_by_somebody"),)
    __journal__ = True
    __never_deleted__ = True

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
    __append_only__ = True

    return_line_id: Mapped[int] = mapped_column(ForeignKey("return_lines.id"), primary_key=True)
    sign: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reverses: Mapped[int | None]
    file_id: Mapped[int] = mapped_column(ForeignKey("stock_files.id"), index=True)
    position: Mapped[int]


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
