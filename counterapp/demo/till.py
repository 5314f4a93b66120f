"""The demo store's till: what it sold, day by day, always the same for the same day."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from counterapp.core.sales.columns import COLUMNS
from resources import resource

STORE: Final = "0101"

_TILLS: Final = 8
_A_DAY: Final = 40
_TENDERS: Final = ("微信", "微信", "微信", "支付宝", "支付宝", "银行卡", "现金", "购物卡")
_DEAR: Final = 60_00  # fen; what costs as much is not bought every day
_CLEARANCE: Final = "清仓"


@dataclass(frozen=True, slots=True)
class Item:
    """What the store sells; `price` in fen for a piece or a kilogram, `flags` in the till's words."""

    number: str
    barcode: str
    name: str
    department: str
    category: str
    price: int
    weighed: bool
    flags: tuple[str, ...]
    supplier: str

    def cleared(self) -> Item:
        """Return it at half its price, on clearance."""
        return replace(self, price=self.price // 2, flags=(*self.flags, _CLEARANCE))


@dataclass(frozen=True, slots=True)
class SoldLine:
    """`quantity` in thousandths, negative for the till's own correction; `discount` and `amount` in fen."""

    item: Item
    quantity: int
    discount: int = 0

    @property
    def amount(self) -> int:
        """What was paid for it."""
        return _rounded(self.item.price * self.quantity, 1000) - self.discount


@dataclass(frozen=True, slots=True)
class Sale:
    """A receipt of the demo's till."""

    number: str
    sold_at: dt.datetime
    cashier: str
    tender: str
    lines: Sequence[SoldLine]
    member: str = ""
    invoice: str = ""
    total: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", sum(line.amount for line in self.lines))


def read_items() -> dict[str, Item]:
    """Return the store's goods by their names."""
    with resource("demo/items.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["name"]: Item(
                row["item_no"], row["barcode"], row["name"], row["department"], row["category"],
                int(row["price"].replace(".", "")), row["unit"] == "kg", tuple(filter(None, row["flags"].split(";"))),
                row["supplier"],
            )
            for row in csv.DictReader(file)
        }  # fmt: skip


def receipt_number(till: int, day: dt.date, place: int) -> str:
    """Return the number of the receipt that the till printed as its `place`-th of the day: sixteen digits."""
    return f"{STORE}{till:02}{day:%y%m%d}{place:04}"


def sales_of(day: dt.date, items: Sequence[Item]) -> Iterator[Sale]:
    """Give the sales of one day, in the order of their times."""
    chance = random.Random(f"{day}")
    seconds = sorted(chance.randrange(8 * 3600 + 1800, 21 * 3600 + 1800) for _ in range(_A_DAY))
    printed = dict.fromkeys(range(1, _TILLS + 1), 0)
    for second in seconds:
        till = chance.randint(1, _TILLS)
        printed[till] += 1
        yield Sale(
            receipt_number(till, day, printed[till]),
            dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=second),
            f"{600 + till * 3 + chance.randrange(3)}",
            chance.choice(_TENDERS),
            _basket(chance, items),
            member=f"8800{chance.randrange(2_000) * 4_999 % 10**8:08}" if chance.random() < 0.45 else "",
            invoice=f"{chance.randrange(10**20):020}" if chance.random() < 0.06 else "",
        )


def write_export(sales: Iterable[Sale], path: Path) -> None:
    """Write `sales` as the till's export has them."""
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS.values())
        for sale in sales:
            head = [
                STORE, sale.number[4:6], sale.number, f"{sale.sold_at}", sale.cashier, sale.member, sale.tender,
                _yuan(sale.total), sale.invoice,
            ]  # fmt: skip
            for place, line in enumerate(sale.lines, 1):
                item = line.item
                quantity = f"{line.quantity / 1000:.3f}" if item.weighed else f"{line.quantity // 1000}"
                writer.writerow([
                    *head, place, item.number, item.barcode, item.name, item.department, item.category, quantity,
                    _yuan(item.price), _yuan(line.discount), _yuan(line.amount), item.supplier, ";".join(item.flags),
                ])  # fmt: skip


def _basket(chance: random.Random, items: Sequence[Item]) -> list[SoldLine]:
    everyday = [item for item in items if item.price < _DEAR]
    chosen = chance.sample(everyday, min(1 + int(chance.expovariate(0.3)), 18))
    if chance.random() < 0.2:
        chosen[0] = chance.choice([item for item in items if item.price >= _DEAR])
    share = chance.choice((0, 0, 0, 3, 5, 10))  # percent that the till took off every line: a card, a day, a coupon
    lines = []
    for item in chosen:
        sold = item.cleared() if chance.random() < 0.04 else item
        if item.weighed:
            quantity = chance.randint(250, 3_000)
        else:
            quantity = 1000 if item.price >= _DEAR else 1000 * chance.choice((1, 1, 1, 1, 2, 2, 3, 6))
        whole = _rounded(sold.price * quantity, 1000)
        given = chance.random() < 0.01 and item.price < 3_000  # a present of the store
        lines.append(SoldLine(sold, quantity, whole if given else _rounded(whole * share, 100)))
    if chance.random() < 0.05:
        wrong = chance.choice(lines)
        back = wrong.quantity if wrong.item.weighed else 1000
        lines.append(SoldLine(wrong.item, -back, -_rounded(wrong.discount * back, wrong.quantity)))
    return lines


def _rounded(number: int, by: int) -> int:
    """Return `number / by`, half a fen away from nothing."""
    return (abs(number) * 2 + by) // (2 * by) * (1 if number >= 0 else -1)


def _yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02}"
