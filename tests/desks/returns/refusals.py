"""Refusal slips to print."""

from __future__ import annotations

import dataclasses
import datetime as dt

from counterapp.desks.returns.printouts import RefusalFacts
from tests.return_forms.forms import ISSUED, ISSUED_LONG

USUAL = RefusalFacts(
    issued=ISSUED,
    receipt_no="0101072611180387",
    bought_on=dt.date(2026, 10, 11),
    item_no="11551",
    item="洁丽雅毛巾",
    quantity_milli=1000,
    asked="Refund",
    reason="No longer wanted",
    sentences=("购买已超过 30 天（今天第 41 天）", "没有质量问题，只换不退"),
    granted=(),
    better="改成换货更合适",
    may_be_overridden=True,
    code="RC731904825538",
)

LONGEST = dataclasses.replace(
    USUAL,
    issued=ISSUED_LONG,
    receipt_no="0101-072611180387-99999999",
    item_no="6901234567890",
    item="飞利浦多功能家用智能电饭煲大容量五升预约定时䶮㛃𬭎(星空灰)旗舰增强款 HD4518/00 Limited Edition 特别版",
    quantity_milli=99_999_999,
    sentences=(
        "自行拆动过或受过灾害的电器，不能退换",
        "包装不完整，或者配件不齐",
        "主管意见：顾客当面承认自行拆开后盖更换电池，机身螺丝有明显撬痕，且无法提供购买时的保修卡与配件清单",
    ),
    granted=("食品过期或变质：可以要求退货，并要求价款十倍或损失三倍的赔偿，不足一千元的为一千元",),
    may_be_overridden=False,
)

ENGLISH = dataclasses.replace(
    USUAL,
    sentences=("Bought more than 30 days ago (today is day 41)", "Without a fault: exchange only, no refund"),
    better="An exchange would fare better",
)
