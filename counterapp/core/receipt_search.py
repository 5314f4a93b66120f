"""Finding sales receipts whose barcode cannot be read, by what the customer still knows of the purchase."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, cast

from sqlalchemy import ColumnElement, Select, Table, and_, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from counterapp.core.receipts import FROM_TILL, Receipt, ReceiptLine, SoldItem

#: Up to so many lines of the wanted items the search goes from them to their receipts. Items that were sold more often
#: stand on so many receipts that going through these, the newest first, soon has found enough.
_RARE: Final = 20_000
_MIDNIGHT: Final = dt.time()
_MOST_INITIALS: Final = 240
_ITEMS: Final = cast(Table, SoldItem.__table__)  # its plain INSERT is quicker than the mapped one


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of a purchase; what is None or empty is not known.

    `first_day` to `last_day` (both included) in the store's calendar, `till` with or without its leading zeros,
    `amount` the receipt's total in fen. `item` is words of which each is part of an item's name or of the pinyin
    initials of it, or begins its number. `member_card` is the whole number; `receipts` are ids of receipts that are
    known to be the customer's otherwise, and count beside those of the card.
    """

    first_day: dt.date | None = None
    last_day: dt.date | None = None
    till: str = ""
    amount: int | None = None
    item: str = ""
    member_card: str = ""
    receipts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundReceipt:
    """A receipt that was found: `sold_at` in the store's time, `total` in fen, names of `goods`, the wanted first."""

    number: str
    sold_at: dt.datetime
    till: str
    member_card: str
    total: int
    goods: tuple[str, ...]


def find_receipts(session: Session, wanted: Wanted, limit: int = 50) -> list[FoundReceipt]:
    """Return the till's receipts that `wanted` fits, the newest first, `limit` at the most."""
    words = wanted.item.lower().split()
    found = select(Receipt.id, Receipt.number, Receipt.sold_at, Receipt.till, Receipt.member_card, Receipt.total)
    found = found.where(Receipt.source == FROM_TILL, *_of_receipt(wanted))
    if words:
        found = found.where(_holds(session, words))
    receipts = session.execute(found.order_by(Receipt.sold_at.desc(), Receipt.id.desc()).limit(limit)).all()
    goods = _goods(session, [row.id for row in receipts], words)
    return [
        FoundReceipt(row.number, row.sold_at, row.till, row.member_card, row.total, tuple(goods.get(row.id, ())))
        for row in receipts
    ]


@functools.lru_cache(maxsize=65_536)
def initials_of(name: str) -> str:
    """Return the pinyin initials of a name as they are typed: "洁丽雅毛巾 2条" is "jlymj2t".

    Where a character has several readings (泊 in 苏泊尔) the initials with another one stand behind, after a space.
    """
    from pypinyin import Style, pinyin

    usual = [_typed(first) for (first,) in pinyin(name, style=Style.FIRST_LETTER)]
    found = ["".join(usual)]
    for place, readings in enumerate(pinyin(name, style=Style.FIRST_LETTER, heteronym=True)):
        for reading in sorted({_typed(reading) for reading in readings} - {usual[place]}):
            found.append("".join((*usual[:place], reading, *usual[place + 1 :])))
    while len(" ".join(found)) > _MOST_INITIALS:
        found.pop()
    return " ".join(found)


def keep_items(session: Session, sold: Iterable[tuple[str, str]]) -> None:
    """Keep (item number, name) of what was sold for the search; those that are there already stay as they are."""
    # Everybody inserts in the same order, so that of two imports one waits for the other, and never both.
    items = [{"item_no": number, "name": name, "initials": initials_of(name)} for number, name in sorted(set(sold))]
    dialect = sqlite if session.connection().dialect.name == "sqlite" else postgresql
    if items:
        session.execute(dialect.insert(_ITEMS).on_conflict_do_nothing(), items)


def _typed(letters: str) -> str:
    return "".join(letter for letter in letters.lower() if letter.isascii() and letter.isalnum())


def _of_receipt(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return the conditions on the receipt itself."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.first_day is not None:
        conditions.append(Receipt.sold_at >= dt.datetime.combine(wanted.first_day, _MIDNIGHT))
    if wanted.last_day is not None:
        conditions.append(Receipt.sold_at < dt.datetime.combine(wanted.last_day + dt.timedelta(days=1), _MIDNIGHT))
    if wanted.till:
        conditions.append(Receipt.till.in_({wanted.till, *(wanted.till.zfill(width) for width in (2, 3))}))
    if wanted.amount is not None:
        conditions.append(Receipt.total == wanted.amount)
    if wanted.member_card:
        of_card = select(Receipt.id).where(Receipt.member_card == wanted.member_card)
        conditions.append(Receipt.id.in_(of_card.union(select(Receipt.id).where(Receipt.id.in_(wanted.receipts)))))
    elif wanted.receipts:
        conditions.append(Receipt.id.in_(wanted.receipts))
    return conditions


def _holds(session: Session, words: list[str]) -> ColumnElement[bool]:
    """Return the condition that the wanted goods are on a receipt, in the shape that is quicker for them."""
    lines = select(ReceiptLine.receipt_id).where(ReceiptLine.item_no.in_(_items(words)))
    if _counted(session, lines) <= _RARE:
        hits = lines.distinct().cte("hits").prefix_with("MATERIALIZED")
        return Receipt.id.in_(select(hits.c.receipt_id))
    # The empty text keeps the index of items out of it: for each receipt all of the wanted items would be tried.
    wanted = ReceiptLine.item_no.concat("").in_(_items(words))
    line = select(ReceiptLine.id).where(ReceiptLine.receipt_id == Receipt.id, wanted).limit(1)
    # EXISTS would let PostgreSQL join all lines there are; this asks receipt by receipt, until there are enough.
    return line.correlate(Receipt).scalar_subquery().is_not(None)


def _counted(session: Session, lines: Select[int]) -> int:
    return session.scalar(select(func.count()).select_from(lines.limit(_RARE + 1).subquery())) or 0


def _items(words: list[str]) -> Select[str]:
    """Return the numbers of the items that all of `words` (in small letters) speak of."""
    return select(SoldItem.item_no).where(and_(*(_speaks_of(word) for word in words)))


def _speaks_of(word: str) -> ColumnElement[bool]:
    in_name = func.lower(SoldItem.name).contains(word, autoescape=True)
    if not (word.isascii() and word.isalnum()):
        return in_name
    return or_(in_name, SoldItem.initials.contains(word), SoldItem.item_no.startswith(word))


def _goods(session: Session, receipts: list[int], words: list[str]) -> dict[int, list[str]]:
    """Return the names of what was sold on `receipts`, by their ids, each name once and the wanted ones first."""
    columns = (ReceiptLine.receipt_id, ReceiptLine.name)
    lines = select(*columns).where(ReceiptLine.receipt_id.in_(receipts), ReceiptLine.quantity > 0)
    if words:
        lines = lines.order_by(ReceiptLine.receipt_id, ReceiptLine.item_no.in_(_items(words)).desc())
    goods: dict[int, dict[str, None]] = {}
    for receipt_id, name in session.execute(lines.order_by(ReceiptLine.receipt_id, ReceiptLine.line_no)):
        goods.setdefault(receipt_id, {})[name] = None
    return {receipt_id: list(names) for receipt_id, names in goods.items()}
