"""Receipts for the tests: written as the till sold them."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from sqlalchemy.orm import Session

from counterapp.core.database import Database
from counterapp.core.receipt_search import keep_items
from counterapp.core.receipts import Receipt, ReceiptLine


@dataclass(frozen=True)
class Sold:
    """A line: quantity in thousandths, paid in fen."""

    name: str = "洁丽雅毛巾"
    quantity: int = 1000
    paid: int = 1990
    category: str = "general"
    flags: str = ""
    item_no: str = "11551"
    barcode: str = "6924781363335"
    department: str = "百货部"


def sell(
    database: Database,
    *sold: Sold,
    number: str = "0101072611180387",
    on: dt.date = dt.date(2026, 11, 18),
    invoice_no: str = "",
    member_card: str = "880012345678",
    tender: str = "微信",
) -> list[int]:
    """Store a receipt and return the ids of its lines."""
    receipt = Receipt(
        number=number, store="0101", till="07", cashier="617", sold_at=dt.datetime.combine(on, dt.time(18, 42)),
        sold_on=on, member_card=member_card, tender=tender, invoice_no=invoice_no,
        total=sum(one.paid for one in sold),
        fingerprint=hashlib.sha256(number.encode()).hexdigest(), imported_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC),
        lines=[
            ReceiptLine(
                line_no=place, item_no=one.item_no, barcode=one.barcode, name=one.name, department=one.department,
                category=one.category, quantity=one.quantity, unit_price=one.paid * 100 * 1000 // max(one.quantity, 1),
                discount=0, amount=one.paid, sold=one.quantity, paid=one.paid, supplier="S101", flags=one.flags,
            )
            for place, one in enumerate(sold, start=1)
        ],
    )  # fmt: skip

    def add(session: Session) -> list[int]:
        session.add(receipt)
        session.flush()
        keep_items(session, [(one.item_no, one.name) for one in sold])
        return [line.id for line in receipt.lines]

    return database.run(add)
