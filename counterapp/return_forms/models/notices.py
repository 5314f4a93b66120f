"""What the floor is told of fresh, frozen and spoiled goods that came back."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from counterapp.core.base import Base, UtcDateTime

FRESH: Final = "fresh"


FROZEN: Final = "frozen"


SPOILED: Final = "spoiled"


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
    __never_deleted__ = True

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
