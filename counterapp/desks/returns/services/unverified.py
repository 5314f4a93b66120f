"""A return without any receipt: goods typed by hand, on a receipt of our own that proves nothing.

The source is spec/returns.md, step 1: the customer service manager always signs. The walk is that of every return.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from counterapp.core import cases, journal
from counterapp.core.actor import Actor
from counterapp.core.codes import new_code
from counterapp.core.goods_codes import ScaleLabel, read_label, spellings
from counterapp.core.money import format_unit_price
from counterapp.core.receipts import FROM_TILL, TYPED, Receipt, ReceiptLine
from counterapp.core.store_settings import store_settings
from counterapp.desks.returns.services.drafting import leave, may_prepare
from counterapp.desks.returns.services.rule_evaluation import is_weighed
from counterapp.errors import BadInput, Refused
from counterapp.return_forms.models import CASE_LETTERS, DESK, ReturnCase, ReturnLine
from counterapp.return_forms.models import TYPED as TYPED_BY_HAND
from counterapp.return_forms.terms import Category, Kind
from counterapp.words import N_

#: The letters of the number that stands in place of a receipt's. It is on no paper, and no till gives out one.
LETTERS: Final = "UR"

_PIECE: Final = 1000
#: A barcode has no index of its own: it is looked for among so many lines, the newest first, which is two months of a
#: large store. Item numbers are found however long ago they were sold.
_LOOKED_THROUGH: Final = 500_000
#: So many of the newest sales of an item tell its price; they come in about the order in which they were sold.
_SALES: Final = 50
_MOST_MILLI: Final = 99_999_999
_MOST_PRICE: Final = 99_999_999_99


@dataclass(frozen=True, slots=True)
class KnownGoods:
    """An item as it was sold last: `price` in ten-thousandths of a yuan, `quantity` in thousandths as it was scanned.

    `weighed`: it is sold by weight.
    """

    item_no: str
    barcode: str
    name: str
    department: str
    category: Category
    price: int
    quantity: int
    weighed: bool


@dataclass(frozen=True, slots=True)
class TypedGoods:
    """Goods that a customer brings without a receipt: `price` in ten-thousandths of a yuan, `quantity` in thousandths.

    Of an item that was ever sold all but price and quantity are as the till knows them, whatever was typed.
    """

    item_no: str
    name: str
    department: str
    category: Category
    price: int
    quantity: int
    barcode: str = ""

    @property
    def fen(self) -> int:
        """What they come to, rounded half up to the fen."""
        return (2 * self.price * self.quantity + 100_000) // 200_000


def find_sold(session: Session, code: str) -> KnownGoods | None:
    """Return the item that a number, barcode or label of the scales means among all that was ever sold, or None."""
    label = read_label(code, store_settings(session).weighed_codes)
    if label is not None and not label.sound:
        label = None
    numbers = [code] if label is None else [code, label.item, label.item.lstrip("0")]
    line = next((line for number in numbers if (line := _last_sold(session, number)) is not None), None)
    if line is None:
        line = _last_with_barcode(session, code, label)
    if line is None:
        return None
    newest = _last_sold(session, line.item_no) or line
    weighed = is_weighed(newest)
    meant = label is not None and label.names(newest.item_no, newest.barcode)
    quantity = _quantity(label, newest.unit_price) if label is not None and meant else None
    return KnownGoods(
        item_no=newest.item_no,
        barcode=newest.barcode,
        name=newest.name,
        department=newest.department,
        category=Category(newest.category),
        price=newest.unit_price,
        quantity=quantity or (0 if weighed else _PIECE),
        weighed=weighed,
    )


def open_unverified(session: Session, actor: Actor, goods: Sequence[TypedGoods], leaving: int | None = None) -> int:
    """Open a return of goods that came without a receipt and give back the case's id; all of them are chosen on it.

    `leaving` is the case that stood on the screen, as for `open_return`. Raises Refused for a price above the present
    one, BadInput for what is missing or no amount, NotAllowed.
    """
    may_prepare(actor)
    if not goods:
        raise Refused(N_("Scan or type the goods first."))
    lines = [_line(session, place, one) for place, one in enumerate(goods, start=1)]
    if leaving is not None:
        leave(session, actor, leaving)
    settings, now = store_settings(session), actor.now()
    number = new_code(LETTERS)
    receipt = Receipt(
        number=number, store=settings.code, till="", cashier="",
        sold_at=now.astimezone(actor.zone).replace(tzinfo=None), sold_on=actor.today(), member_card="", tender="",
        total=sum(line.amount for line in lines), invoice_no="",
        fingerprint=hashlib.sha256(number.encode()).hexdigest(), imported_at=now, source=TYPED, lines=lines,
    )  # fmt: skip
    case = cases.open_case(session, actor, DESK, CASE_LETTERS, number)
    return_case = ReturnCase(case=case, receipt=receipt, phone="", entered=TYPED_BY_HAND)
    return_case.lines = [
        ReturnLine(
            line=line, quantity=line.quantity, kind=Kind.REFUND.value, reason=None, answers={}, effect=None,
            findings=[], grants=[], rule_book_id=None, refund=0,
        )
        for line in lines
    ]  # fmt: skip
    session.add(return_case)
    session.flush()
    # Receipts come from imports, which the journal does not list; these lines are somebody's word.
    journal.note(
        session,
        typed=[[line.item_no, line.name, line.category, line.quantity, line.unit_price] for line in lines],
        receipt=number,
    )
    return case.id


def _line(session: Session, place: int, goods: TypedGoods) -> ReceiptLine:
    number = goods.item_no.strip()
    code = goods.barcode.strip()
    known = _last_sold(session, number) or (_last_with_barcode(session, code, None) if code else None)
    name = known.name if known is not None else goods.name.strip()
    if known is None and not (number and name and goods.department.strip()):
        raise BadInput(N_("Of goods that were never sold here type number, name, department, kind and price."))
    if not (0 < goods.price <= _MOST_PRICE and 0 < goods.quantity <= _MOST_MILLI and goods.fen > 0):
        raise BadInput(N_("{item}: type a price and a quantity."), item=name)
    if known is not None and goods.price > known.unit_price:
        raise Refused(
            N_("{item} is sold for {price} at present. Without a receipt no more than that is given back."),
            item=name,
            price=format_unit_price(known.unit_price),
        )
    if known is not None and goods.quantity % _PIECE and not is_weighed(known):
        raise BadInput(N_("{item} is sold by the piece. Give a whole number."), item=name)
    of = known or ReceiptLine(
        item_no=number, barcode=goods.barcode.strip(), name=name, department=goods.department.strip(),
        category=goods.category.value, supplier="", flags="",
    )  # fmt: skip
    return ReceiptLine(
        line_no=place, item_no=of.item_no, barcode=of.barcode, name=of.name, department=of.department,
        category=of.category, quantity=goods.quantity, unit_price=goods.price, discount=0, amount=goods.fen,
        sold=goods.quantity, paid=goods.fen, supplier=of.supplier, flags=of.flags,
    )  # fmt: skip


def _last_sold(session: Session, item_no: str) -> ReceiptLine | None:
    """Return the newest line on which a till sold the item with this number."""
    if not item_no:
        return None
    newest = session.scalars(
        _sold().where(ReceiptLine.item_no == item_no).order_by(ReceiptLine.receipt_id.desc()).limit(_SALES)
    ).all()
    return max(newest, key=lambda line: (line.receipt.sold_at, line.id), default=None)


def _last_with_barcode(session: Session, code: str, label: ScaleLabel | None) -> ReceiptLine | None:
    written = ReceiptLine.barcode.in_(_written(code))
    wanted = written if label is None else or_(written, ReceiptLine.barcode.like(_head(label)))
    newest = session.scalar(select(func.max(ReceiptLine.id))) or 0
    among = _sold().where(ReceiptLine.id > newest - _LOOKED_THROUGH, wanted)
    return session.scalars(among.order_by(ReceiptLine.id.desc()).limit(1)).one_or_none()


def _sold() -> Select[ReceiptLine]:
    """Select what tills sold, with its receipt; what was typed by hand sets no price."""
    at_a_till = select(ReceiptLine).join(ReceiptLine.receipt).where(Receipt.source == FROM_TILL)
    return at_a_till.where(ReceiptLine.quantity > 0, ReceiptLine.unit_price > 0).options(
        contains_eager(ReceiptLine.receipt)
    )


def _written(code: str) -> set[str]:
    """Return how a till may have written a barcode: in full, or with its leading zeros left out."""
    full = {code, *spellings(code)}
    return full | {one[zeros:] for one in full for zeros in range(1, len(one)) if not one[:zeros].strip("0")}


def _head(label: ScaleLabel) -> str:
    """Return, for LIKE, how the barcodes of the label's item begin."""
    before = label.pattern[: label.pattern.index("I")].replace("X", "_")
    return f"{before}{label.item}%"


def _quantity(label: ScaleLabel, price: int) -> int | None:
    """Return the thousandths that a label bears, or that its price buys."""
    if label.grams:
        return label.grams
    return (label.fen * 200_000 + price) // (2 * price) if label.fen else None
