"""What the demo's cases are made of: receipts whose goods have come back, and those of the new goods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final, NamedTuple

from counterapp.demo.stories.receipts import Basket, bought
from counterapp.demo.stories.teller import STORY_TILL
from counterapp.demo.till import Item, Sale, receipt_number

_MEMBER: Final = "880017992358"
_INVOICE: Final = "28260367550366542661"


class _Sold(NamedTuple):
    basket: Basket
    days_ago: int
    tender: str = "微信"
    member: str = ""
    invoice: str = ""
    hour: int = 18


#: By the names that the stories give them; a receipt's place here is its place of the day at the till.
_SOLD: Final = {
    "towel": _Sold(bought(("浴巾70×140厘米", 1000)), 9, member=_MEMBER),
    "kettle": _Sold(bought(("电热水壶1.7升", 1000)), 4, "现金"),
    "pan": _Sold(bought(("不粘炒锅32厘米", 1000)), 8),
    "apples": _Sold(bought(("红富士苹果", 1382)), 3, member=_MEMBER),
    "dumplings": _Sold(bought(("猪肉白菜水饺1千克", 2000)), 2),
    "bedding": _Sold(bought(("四件套1.8米床", 1000)), 11),
    "bear": _Sold(bought(("毛绒玩具熊", 1000)), 6, member=_MEMBER),
    "lamp": _Sold(bought(("护眼台灯", 1000)), 5, invoice=_INVOICE),
    "prawns": _Sold(bought(("基围虾", 876)), 1, hour=20),
    "milk": _Sold(bought(("鲜牛奶950毫升", 2000)), 2),
    "heater": _Sold(bought(("暖风机", 1000)), 3),
    "scarf": _Sold(bought(("女式羊毛围巾", 1000)), 10),
    "shirt": _Sold(bought(("男式衬衫", 1000)), 7, member=_MEMBER),
    "new batteries": _Sold(bought(("5号电池8节", 1000)), 1, "退换货单", hour=11),
    "new pot": _Sold(bought(("不锈钢汤锅24厘米", 1000), ("菜刀", 1000)), 0, "退换货单", hour=8),
    "new toys": _Sold(bought(("儿童积木", 1000)), 0, "退换货单", hour=9),
}


def sold_for_stories(today: dt.date, items: Mapping[str, Item]) -> list[Sale]:
    """Return the sales of which the cases are made that are told on `today`."""
    return [
        Sale(
            receipt_of(name, today),
            dt.datetime.combine(today - dt.timedelta(days=one.days_ago), dt.time(one.hour, place * 3)),
            "641",
            one.tender,
            one.basket(items),
            member=one.member,
            invoice=one.invoice,
        )
        for place, (name, one) in enumerate(_SOLD.items(), 1)
    ]


def receipt_of(name: str, today: dt.date) -> str:
    """Return the number of the receipt that the stories of `today` call `name`."""
    day = today - dt.timedelta(days=_SOLD[name].days_ago)
    return receipt_number(STORY_TILL, day, list(_SOLD).index(name) + 1)
