"""The records of bag check: lockers and tags, deposits, the lost-token book, the day's sheets.

What must never happen stands here as keys and checks, so that the database refuses it whoever writes: two live deposits
in one locker or under one tag, an overnight deposit or a void without a second person's approval, an open locker
whose lost token is not settled, a penalty before the customer has said what was deposited and shown an ID.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counterapp.core.base import Base, BigInt, UtcDateTime
from counterapp.core.cases import Case
from counterapp.core.masking import Mask

DESK: Final = "bagcheck"
#: The letters of customers' pieces (a case's own code, or a tag's), of lockers' pieces, and of the day's sheets.
CUSTOMER_LETTERS: Final = "BT"
LOCKER_LETTERS: Final = "BL"
SHEET_LETTERS: Final = "BS"
#: The series of the lost-token book and of the penalty forms.
BOOK: Final = "lost_token"
PENALTIES: Final = "penalty"

#: What a second person signs (core.approvals).
OVERNIGHT_ACT: Final = "bag_overnight"
VOID_ACT: Final = "bag_void"
SHEET_ACT: Final = "bag_sheet"

_LIVE: Final = text("ended_at IS NULL")
_HANGS: Final = text("out_of_use = ''")


class Locker(Base):
    """One numbered place for a deposit. Lockers are taken in the order of `position`.

    `out_of_use` is the reason, empty while it is in use; `laid_out` is false for one that a later layout left out.
    """

    __tablename__ = "lockers"
    __table_args__ = (
        CheckConstraint("size IN ('small', 'medium', 'large')", name="size"),
        CheckConstraint("number <> ''", name="has_a_number"),
    )
    __journal__ = True
    __never_deleted__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    number: Mapped[str] = mapped_column(String(8), unique=True)
    size: Mapped[str] = mapped_column(String(8))
    place: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    map_row: Mapped[int]
    map_column: Mapped[int]
    out_of_use: Mapped[str] = mapped_column(String(200), default="")
    laid_out: Mapped[bool] = mapped_column(default=True)


class Tag(Base):
    """A pair of reusable plastic tags with one number: `code` on the customer's piece, `locker_code` on the locker's.

    It hangs at `locker_id`, spares at none; `out_of_use` is the reason, empty while it is in use. A lost number never
    comes back.
    """

    __tablename__ = "tags"
    __table_args__ = (
        Index("uq_tags_hangs", "locker_id", unique=True, sqlite_where=_HANGS, postgresql_where=_HANGS),
        CheckConstraint("number <> ''", name="has_a_number"),
    )
    __journal__ = True
    __never_deleted__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    number: Mapped[str] = mapped_column(String(8), unique=True)
    code: Mapped[str] = mapped_column(String(14), unique=True)
    locker_code: Mapped[str] = mapped_column(String(14), unique=True)
    locker_id: Mapped[int | None] = mapped_column(ForeignKey("lockers.id"))
    out_of_use: Mapped[str] = mapped_column(String(200), default="")

    locker: Mapped[Locker | None] = relationship(lazy="raise")


class LostToken(Base):
    """One line of the lost-token book 标示牌丢失记录本, and the penalty that came of it.

    `code` is the piece's that was lost and opens nothing any more; `substitute` is what took its place: a tag's number,
    or the code that a printed token's deposit now has. `words` are what the customer said was deposited, noted before
    anybody may read the record. `number` counts the book from then on; a report taken back before has none. `case_id`
    is None for a tag that was missing at the morning count. `settled`: the locker may be opened.
    `id_number` and `id_picture` are sealed (core.encryption) and kept only where the store's settings say so.
    """

    __tablename__ = "lost_tokens"
    __table_args__ = (
        UniqueConstraint("id", "case_id"),
        UniqueConstraint("id", "settled"),
        CheckConstraint("piece IN ('customer', 'counter')", name="piece"),
        CheckConstraint("told_at IS NULL OR (number IS NOT NULL AND words <> '')", name="told_in_words"),
        CheckConstraint("withdrawn_at IS NULL OR told_at IS NULL", name="taken_back_in_time"),
        CheckConstraint(
            "penalty_no IS NULL OR (told_at IS NOT NULL AND id_seen AND piece = 'customer' AND penalty_fen > 0)",
            name="told_and_identified_before_penalty",
        ),
        CheckConstraint(
            "penalty_no IS NULL OR erased_at IS NOT NULL OR (name <> '' AND address <> '' AND id_last_four <> '')",
            name="penalty_names_somebody",
        ),
        CheckConstraint("penalty_no IS NULL OR penalty_fen IS NOT NULL", name="penalty_has_an_amount"),
        CheckConstraint(
            "receipt_no IS NULL"
            " OR (penalty_no IS NOT NULL AND received_fen IS NOT NULL AND received_fen = penalty_fen)",
            name="receipt_for_the_penalty",
        ),
        CheckConstraint(
            "NOT settled OR case_id IS NULL OR (told_at IS NOT NULL AND (piece = 'counter' OR receipt_no IS NOT NULL))",
            name="settled_after_receipt",
        ),
    )
    __journal__ = True
    __never_deleted__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    number: Mapped[int | None] = mapped_column(BigInt, unique=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    tag_id: Mapped[int | None] = mapped_column(ForeignKey("tags.id"))
    piece: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(14), index=True)
    token: Mapped[str] = mapped_column(String(8))
    substitute: Mapped[str] = mapped_column(String(14), default="")
    locker: Mapped[str] = mapped_column(String(8))
    place: Mapped[str] = mapped_column(String(40))
    reported_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    reported_on: Mapped[dt.date] = mapped_column(index=True)
    reported_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    words: Mapped[str] = mapped_column(String(400), default="")
    told_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    name: Mapped[str] = mapped_column(String(40), default="", info={"personal": Mask.NAME})
    address: Mapped[str] = mapped_column(String(120), default="", info={"personal": Mask.ADDRESS})
    phone: Mapped[str] = mapped_column(String(20), default="", info={"personal": Mask.PHONE})
    id_seen: Mapped[bool] = mapped_column(default=False)
    id_last_four: Mapped[str] = mapped_column(String(4), default="", info={"personal": Mask.ID})
    id_number: Mapped[bytes | None] = mapped_column(LargeBinary, info={"secret": True})
    id_picture: Mapped[bytes | None] = mapped_column(LargeBinary, info={"secret": True})
    penalty_no: Mapped[int | None] = mapped_column(BigInt, unique=True)
    penalty_fen: Mapped[int | None] = mapped_column(BigInt)
    fee: Mapped[str] = mapped_column(String(80), default="")
    charged_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    charged_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("print_jobs.id"))
    receipt_no: Mapped[str | None] = mapped_column(String(32), unique=True)
    received_fen: Mapped[int | None] = mapped_column(BigInt)
    received_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    received_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    settled: Mapped[bool] = mapped_column(default=False)
    found_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    found_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    erased_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Deposit(Base):
    """One stay of one customer's things in one locker; live while `ended_at` is None.

    Its case's code is the customer's printed piece, `locker_code` the locker's; where the store has plastic tags,
    `tag_id` stands for both. `deposited_on` and `deposited_hour` are the store's calendar. `overnight_on` is the day at
    whose closing it was still there, `explanation` what the closing record says of it. `act`, `decision` and
    `signed_by` repeat the approval of a release or a void, so that the database can insist on it.
    """

    __tablename__ = "deposits"
    __table_args__ = (
        ForeignKeyConstraint(
            ["approval_id", "case_id", "act", "decision", "signed_by"],
            [f"approvals.{column}" for column in ("id", "case_id", "act", "decision", "signed_by")],
            name="fk_deposits_approval",
        ),
        ForeignKeyConstraint(["lost_id", "case_id"], ["lost_tokens.id", "lost_tokens.case_id"]),
        ForeignKeyConstraint(["lost_id", "settled"], ["lost_tokens.id", "lost_tokens.settled"]),
        CheckConstraint("pieces BETWEEN 1 AND 99", name="pieces"),
        CheckConstraint(
            "(ended_at IS NULL AND ended_on IS NULL AND ended_by IS NULL AND NOT voided)"
            " OR (ended_at IS NOT NULL AND ended_on IS NOT NULL AND ended_by IS NOT NULL)",
            name="ends_whole",
        ),
        CheckConstraint(
            "approval_id IS NULL OR (act IS NOT NULL AND act IN ('bag_overnight', 'bag_void')"
            " AND decision IS NOT NULL AND decision = 'approved' AND signed_by IS NOT NULL)",
            name="approval_is_whole",
        ),
        CheckConstraint(
            "ended_on IS NULL OR voided OR (ended_on <= deposited_on AND overnight_on IS NULL)"
            " OR (approval_id IS NOT NULL AND act = 'bag_overnight')",
            name="overnight_is_signed",
        ),
        CheckConstraint("NOT voided OR (approval_id IS NOT NULL AND act = 'bag_void')", name="void_is_signed"),
        CheckConstraint("approval_id IS NULL OR ended_by IS NULL OR ended_by <> signed_by", name="two_people"),
        CheckConstraint(
            "ended_at IS NULL OR lost_id IS NULL OR (settled IS NOT NULL AND settled)", name="lost_is_settled"
        ),
        Index("uq_deposits_live_locker", "locker_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("uq_deposits_live_tag", "tag_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_deposits_busy", "deposited_on", "deposited_hour"),
    )
    __journal__ = True
    __never_deleted__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    locker_id: Mapped[int] = mapped_column(ForeignKey("lockers.id"))
    tag_id: Mapped[int | None] = mapped_column(ForeignKey("tags.id"))
    locker_code: Mapped[str | None] = mapped_column(String(14), unique=True)
    pieces: Mapped[int]
    description: Mapped[str] = mapped_column(String(120), default="")
    deposited_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    deposited_on: Mapped[dt.date]
    deposited_hour: Mapped[int]
    overnight_on: Mapped[dt.date | None]
    explanation: Mapped[str] = mapped_column(String(200), default="")
    approval_id: Mapped[int | None] = mapped_column(BigInt)
    act: Mapped[str | None] = mapped_column(String(20))
    decision: Mapped[str | None] = mapped_column(String(10))
    signed_by: Mapped[int | None] = mapped_column(BigInt)
    lost_id: Mapped[int | None] = mapped_column(BigInt)
    settled: Mapped[bool | None]
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    ended_on: Mapped[dt.date | None] = mapped_column(index=True)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    voided: Mapped[bool] = mapped_column(default=False)

    case: Mapped[Case] = relationship(lazy="raise")
    locker: Mapped[Locker] = relationship(lazy="raise")
    tag: Mapped[Tag | None] = relationship(lazy="raise")
    lost: Mapped[LostToken | None] = relationship(
        lazy="raise", foreign_keys=[lost_id], primaryjoin=lambda: Deposit.lost_id == LostToken.id
    )


class DepositPhoto(Base):
    """A small JPEG picture of the things, never of the person; it goes when its time is over."""

    __tablename__ = "deposit_photos"

    deposit_id: Mapped[int] = mapped_column(ForeignKey("deposits.id"), primary_key=True)
    jpeg: Mapped[bytes] = mapped_column(LargeBinary)
    taken_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class BagSheet(Base):
    """A signed sheet of the day: the opening list or the closing record, one of each a day, with what it listed.

    Its case is prepared by the clerk who signed it; a supervisor's countersignature is an approval of that case.
    """

    __tablename__ = "bag_sheets"
    __table_args__ = (
        UniqueConstraint("kind", "day"),
        CheckConstraint("kind IN ('morning', 'closing')", name="kind"),
        CheckConstraint("missing >= 0", name="missing_not_negative"),
    )
    __journal__ = True
    __append_only__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    day: Mapped[dt.date]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    missing: Mapped[int] = mapped_column(default=0)
    job_id: Mapped[int] = mapped_column(ForeignKey("print_jobs.id"))

    case: Mapped[Case] = relationship(lazy="raise")
