"""What the exit auditor found."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from counterapp.core.base import Base, BigInt, UtcDateTime

#: What the exit auditor found.
MATCHES: Final = "match"


DIFFERS: Final = "differs"


class ExitCheck(Base):
    """What the exit auditor found when they held a form against the goods; a difference is described."""

    __tablename__ = "exit_checks"
    __table_args__ = (
        CheckConstraint("finding IN ('match', 'differs')", name="finding"),
        CheckConstraint("finding = 'match' OR note <> ''", name="difference_is_described"),
        Index("ix_exit_checks_form_id", "form_id"),
    )
    __journal__ = True
    __append_only__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("return_forms.id"))
    finding: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(400), default="")
    #: What was told of each item by its place on the receipt, where the receipt was known: "found" or "missing".
    items: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    checked_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    booked_on: Mapped[dt.date] = mapped_column(index=True)
    checked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    station: Mapped[str] = mapped_column(String(40))
