"""The demo's chosen receipts: one for each thing that the returns desk can show, to be tried from the sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from counterapp.demo.till import Item, Sale, SoldLine, receipt_number
from counterapp.words import N_

#: No other sale of the demo is made at this till.
_TILL: Final = 12
_MEMBER: Final = "880017992358"
_INVOICE: Final = "28260367550366542658"

Basket = Callable[[Mapping[str, Item]], list[SoldLine]]


@dataclass(frozen=True, slots=True)
class Story:
    """`title` and `hint` say what to try; the goods at the places `shown` of the receipt are there to scan."""

    title: str
    hint: str
    days_ago: int
    basket: Basket
    shown: tuple[int, ...] = (0,)
    invoice: str = ""


def bought(*goods: tuple[str, int] | tuple[str, int, int]) -> Basket:
    """Name what was bought: item, quantity in thousandths, discount in fen."""
    return lambda items: [SoldLine(items[name], *amounts) for name, *amounts in goods]


def _cleared(name: str, others: Basket) -> Basket:
    return lambda items: [SoldLine(items[name].cleared(), 1000), *others(items)]


_LONG: Final = (
    "纯净水550毫升24瓶", "橙汁1升", "可乐2升", "火腿肠10支", "榨菜8袋", "辣椒酱280克", "苏打饼干400克", "保鲜膜",
    "中性笔12支", "文件夹10只", "拖鞋", "衣架10只", "瓷碗10只",
)  # fmt: skip

STORIES: Final = (
    Story(
        N_("An appliance within 7 days"),
        N_("Refund, quality fault. Confirm the fault and test it: it is allowed, and a supervisor signs."),
        3,
        bought(("电热水壶1.7升", 1000), ("红茶100包", 1000)),
    ),
    Story(
        N_("An appliance within 15 days"),
        N_("Refund, quality fault: the 7 days are over. See that an exchange fares better."),
        10,
        bought(("手持吸尘器", 1000, 23_00), ("吸尘器集尘袋5只", 1000, 2_00)),
    ),
    Story(
        N_("An appliance after 15 days"),
        N_("Quality fault: no refund, no exchange. A warranty repair is left, or a manager's override."),
        20,
        bought(("电饭煲4升", 1000), ("东北大米5千克", 2000)),
    ),
    Story(
        N_("A towel nobody wants any more"),
        N_("No longer wanted: exchange it within 30 days. A refund needs a fault, or a manager."),
        12,
        bought(("纯棉毛巾", 2000, 1_99), ("香皂4块", 1000)),
    ),
    Story(
        N_("Spoiled apples"),
        N_("Refund, expired or spoiled. Type the weight; the law gives more than the house here."),
        2,
        bought(("红富士苹果", 1486, 0), ("国产香蕉", 932, 0)),
    ),
    Story(
        N_("Tobacco and spirits"),
        N_("No longer wanted: refused for good, whoever asks."),
        4,
        bought(("香烟整条", 1000), ("白酒52度500毫升", 1000)),
        (0, 1),
    ),
    Story(
        N_("Underwear"),
        N_("No longer wanted: refused for good. With a confirmed fault within 7 days the law goes first."),
        5,
        bought(("男士纯棉内裤2条", 1000), ("运动棉袜5双", 1000)),
        (0, 1),
    ),
    Story(
        N_("After 30 days"),
        N_("Exchange: only the customer service manager may override."),
        35,
        bought(("晴雨伞三折", 1000), ("保温杯500毫升", 1000)),
    ),
    Story(
        N_("An invoice was issued"),
        N_("Nothing goes before the invoice is handed back, or its red-letter notice is opened."),
        6,
        bought(("护眼台灯", 1000), ("灯泡9瓦2只", 1000)),
        invoice=_INVOICE,
    ),
    Story(
        N_("Clearance"),
        N_("Sold at half its price as it was: an override, unless there is a fault."),
        5,
        _cleared("收纳箱大号", bought(("衣架10只", 1000))),
    ),
    Story(
        N_("The till corrected itself"),
        N_("Three were scanned, one was taken off again: two may come back, for what they cost."),
        8,
        bought(("原味酸奶8杯", 3000, 5_09), ("纯牛奶250毫升12盒", 1000), ("原味酸奶8杯", -1000, -1_70)),
    ),
    Story(
        N_("A refund and an exchange"),
        N_("Refund the faulty headphones, exchange the shirt: two kinds, two forms."),
        6,
        bought(("头戴式耳机", 1000), ("男式衬衫", 1000, 15_90)),
        (0, 1),
    ),
    Story(
        N_("Three for one price"),
        N_("Bring the pieces back one after another: together they give exactly what was paid."),
        9,
        bought(("牙膏180克", 3000, 11_71), ("洗洁精1.5千克", 1000)),
    ),
    Story(
        N_("A long receipt"),
        N_("Thirteen lines: scan the goods, or tick the lines that come back."),
        7,
        bought(*((name, 1000) for name in _LONG)),
        (0, 1),
    ),
    Story(
        N_("Bought with a form"),
        N_("At the till: scan a form first, then this receipt. What is left goes onto a new form."),
        0,
        bought(("纯棉毛巾", 1000), ("香皂4块", 1000)),
    ),
)


def story_sales(today: dt.date, items: Mapping[str, Item]) -> list[Sale]:
    """Return the sales of all stories as they are told on `today`, in their order."""
    sales = []
    for place, story in enumerate(STORIES, 1):
        day = today - dt.timedelta(days=story.days_ago)
        # What was bought on the day itself was bought before anybody looks at it.
        hour = 10 + place % 9 if story.days_ago else 7
        sold_at = dt.datetime.combine(day, dt.time(hour, place * 17 % 60))
        number = receipt_number(_TILL, day, place)
        sales.append(Sale(number, sold_at, "631", "微信", story.basket(items), member=_MEMBER, invoice=story.invoice))
    return sales
