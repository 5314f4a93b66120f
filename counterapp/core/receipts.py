"""Sales receipts 销货明细单 as the till sold them; nothing here ever changes after the import."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from counterapp.core.base import Base, BigInt, UtcDateTime
from counterapp.errors import NotFound
from counterapp.words import N_

FROM_TILL: Final = "till"
TYPED: Final = "typed"


class Receipt(Base):
    """A receipt. `sold_at` is the store's local time as the till wrote it (naive), `sold_on` its day; `total` in fen.

    `fingerprint` is the SHA-256 of the receipt's content: the same number with another one is never taken in. `source`
    is "till", or "typed" for what a customer brings without a receipt (an unverified return), which proves nothing.
    """

    __tablename__ = "receipts"
    __table_args__ = (
        Index("ix_receipts_sold_at", "sold_at"),
        Index("ix_receipts_till", "till", "sold_at"),
        Index("ix_receipts_total", "total", "sold_at"),
    )
    __append_only__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    store: Mapped[str] = mapped_column(String(8))
    till: Mapped[str] = mapped_column(String(8))
    cashier: Mapped[str] = mapped_column(String(12))
    sold_at: Mapped[dt.datetime]
    sold_on: Mapped[dt.date]
    member_card: Mapped[str] = mapped_column(String(24), index=True)
    tender: Mapped[str] = mapped_column(String(40))
    total: Mapped[int] = mapped_column(BigInt)
    invoice_no: Mapped[str] = mapped_column(String(32))
    fingerprint: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    source: Mapped[str] = mapped_column(String(8), default=FROM_TILL, server_default=FROM_TILL)

    lines: Mapped[list[ReceiptLine]] = relationship(
        order_by="ReceiptLine.line_no", lazy="raise", back_populates="receipt"
    )


class ReceiptLine(Base):
    """A line of a receipt: quantities in thousandths, `unit_price` in ten-thousandths of a yuan, money in fen.

    `quantity`, `discount` and `amount` are as the till wrote them; `sold` and `paid` are what is left of them after
    the till's own corrections on the same receipt: what may come back, and for how much.
    """

    __tablename__ = "receipt_lines"
    __table_args__ = (
        UniqueConstraint("receipt_id", "line_no"),
        UniqueConstraint("id", "sold", "paid"),
        CheckConstraint("sold >= 0", name="sold_not_negative"),
        CheckConstraint("paid >= 0", name="paid_not_negative"),
        CheckConstraint("sold > 0 OR paid = 0", name="nothing_sold_nothing_paid"),
        Index("ix_receipt_lines_item", "item_no", "receipt_id"),
    )
    __append_only__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipts.id"))
    line_no: Mapped[int]
    item_no: Mapped[str] = mapped_column(String(20))
    barcode: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(120))
    department: Mapped[str] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(String(20))
    quantity: Mapped[int] = mapped_column(BigInt)
    unit_price: Mapped[int] = mapped_column(BigInt)
    discount: Mapped[int] = mapped_column(BigInt)
    amount: Mapped[int] = mapped_column(BigInt)
    sold: Mapped[int] = mapped_column(BigInt)
    paid: Mapped[int] = mapped_column(BigInt)
    supplier: Mapped[str] = mapped_column(String(20))
    flags: Mapped[str] = mapped_column(String(60))

    receipt: Mapped[Receipt] = relationship(lazy="raise", back_populates="lines")

    @property
    def flag_set(self) -> frozenset[str]:
        """The flags of the item: `clearance`, `concession`, `serial`."""
        return frozenset(filter(None, self.flags.split(";")))


class SoldItem(Base):
    """An item under a name that it was sold by, kept by the import for the search: a few names for many lines.

    `initials` are those of the name in pinyin, with its Latin letters and figures, in small letters; several, with
    spaces between, where a character has several readings.
    """

    __tablename__ = "sold_items"

    item_no: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    initials: Mapped[str] = mapped_column(String(240))


class SetAsideReceipt(Base):
    """A receipt that did not go in: where it stood, why, and its rows as they came, for someone to look at."""

    __tablename__ = "set_aside_receipts"
    __table_args__ = (UniqueConstraint("digest"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    file: Mapped[str] = mapped_column(String(400))
    line: Mapped[int] = mapped_column(BigInteger)
    receipt: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(400))
    rows: Mapped[list[list[str]]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


def find_receipt(session: Session, number: str, *, with_lines: bool = True) -> Receipt:
    """Return the receipt, with its lines unless told otherwise. Raises NotFound."""
    found = select(Receipt).where(Receipt.number == number)
    if with_lines:
        found = found.options(selectinload(Receipt.lines))
    receipt = session.scalars(found).one_or_none()
    if receipt is None:
        raise NotFound(
            N_("Receipt {number} is not in the store's data. Check the number, or wait for the next import."),
            number=number,
        )
    return receipt
