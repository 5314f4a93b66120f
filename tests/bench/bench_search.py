"""Finding receipts without their barcode, by each thing that may be known, and by several together.

python -m tests.bench.bench_search [--receipts 100000] [--rounds 200]
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable
from functools import partial

from sqlalchemy import select

from counterapp.core.database import Database
from counterapp.core.receipt_search import Wanted, find_receipts
from counterapp.core.receipts import Receipt, ReceiptLine
from tests.bench.stock import TODAY, main, show


def measure(database: Database, rounds: int) -> None:
    """Search for `rounds` purchases that were made, and for some that were not."""
    dice = random.Random(5)
    bought = database.read(
        lambda s: s.execute(
            select(
                Receipt.sold_on, Receipt.till, Receipt.total, Receipt.member_card, ReceiptLine.item_no, ReceiptLine.name
            )
            .join(ReceiptLine)
            .where(ReceiptLine.line_no == 1, Receipt.id % 97 == 3)
        ).all()
    )
    knowing: dict[str, Callable[[int], Wanted]] = {
        "day": lambda n: Wanted(bought[n].sold_on, bought[n].sold_on),
        "till": lambda n: Wanted(till=bought[n].till),
        "day, till": lambda n: Wanted(bought[n].sold_on, bought[n].sold_on, bought[n].till),
        "amount": lambda n: Wanted(amount=bought[n].total),
        "amount, till": lambda n: Wanted(amount=bought[n].total, till=bought[n].till),
        "member card": lambda n: Wanted(member_card=bought[n].member_card),
        "member card, till, receipts of a phone": lambda n: Wanted(
            till=bought[n].till, member_card=bought[n].member_card, receipts=(n + 1, n + 2)
        ),
        "item number": lambda n: Wanted(item=bought[n].item_no),
        "item name": lambda n: Wanted(item=bought[n].name),
        "every item (毛巾)": lambda n: Wanted(item="毛巾"),
        "every item (mj)": lambda n: Wanted(item="mj"),
        "a quarter of the items (mj 1)": lambda n: Wanted(item="mj1"),
        "some items (mj39)": lambda n: Wanted(item="mj39"),
        "day, item": lambda n: Wanted(bought[n].sold_on, bought[n].sold_on, item=bought[n].item_no),
        "day, till, pinyin of every item": lambda n: Wanted(
            bought[n].sold_on, bought[n].sold_on, bought[n].till, item="jlymj"
        ),
        "till, some items (mj39)": lambda n: Wanted(till=bought[n].till, item="mj39"),
        "no such item": lambda n: Wanted(item=f"被子{n}"),
        "no such day, every item": lambda n: Wanted(TODAY + dt.timedelta(1), TODAY + dt.timedelta(2), item="毛巾"),
        "no such till, every item": lambda n: Wanted(till="77", item="毛巾"),
        "no such amount, every item": lambda n: Wanted(amount=1, item="毛巾"),
    }
    for known, wanted in knowing.items():
        seconds, found = [], 0
        for _ in range(rounds):
            asked = wanted(dice.randrange(len(bought)))
            start = time.perf_counter()
            found += len(database.read(partial(find_receipts, wanted=asked)))
            seconds.append(time.perf_counter() - start)
        show(f"{known} ({found / rounds:.1f} found)", seconds)


if __name__ == "__main__":
    main(measure, rounds=40)
