"""The till's export, column by column (spec/data.md): how its headings and words read, and what they become."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from counterapp.errors import BadInput
from counterapp.words import N_

#: What one row of every receipt repeats, and what differs from line to line: column -> its Chinese heading.
RECEIPT_COLUMNS: Final = {
    "store": "门店",
    "till": "收银机号",
    "receipt_no": "小票号",
    "sold_at": "销售时间",
    "cashier": "收银员号",
    "member_card": "会员卡号",
    "tender": "付款方式",
    "receipt_total": "实收合计",
    "invoice_no": "发票号",
}
LINE_COLUMNS: Final = {
    "line_no": "行号",
    "item_no": "货号",
    "barcode": "条码",
    "name": "品名",
    "department": "部门",
    "category": "类别",
    "quantity": "数量",
    "unit_price": "单价",
    "discount": "折扣",
    "amount": "金额",
    "supplier": "供应商",
    "flags": "标志",
}
COLUMNS: Final = RECEIPT_COLUMNS | LINE_COLUMNS

#: What must not be empty.
NEEDED: Final = frozenset(COLUMNS) - {
    "till", "cashier", "member_card", "tender", "invoice_no", "barcode", "department", "discount", "supplier", "flags",
}  # fmt: skip

_CATEGORIES: Final = {
    "生鲜": "food.fresh",
    "冷冻": "food.frozen",
    "包装食品": "food.packaged",
    "影音家电": "appliance",
    "个人卫生用品": "hygiene",
    "消耗品": "consumable",
    "香烟": "tobacco",
    "酒类": "alcohol",
    "百货": "general",
}
_FLAGS: Final = {"清仓": "clearance", "驻场": "concession", "序列号": "serial"}

#: Both the till's word and our own code lead to our own code.
CATEGORIES: Final = _CATEGORIES | {code: code for code in _CATEGORIES.values()}
FLAGS: Final = _FLAGS | {code: code for code in _FLAGS.values()}

_NAMES: Final = {heading: column for column, heading in COLUMNS.items()} | {column: column for column in COLUMNS}


def find_columns(headings: Sequence[str], file: str) -> dict[str, int]:
    """Return where each column stands in a row with these `headings`; what is not ours is passed over.

    Raises BadInput where columns are missing or stand there twice, all of them named.
    """
    places: dict[str, int] = {}
    doubled: list[str] = []
    for place, heading in enumerate(headings):
        column = _NAMES.get(heading.strip().lower())
        if column in places:
            doubled.append(heading.strip())
        elif column is not None:
            places[column] = place
    if not places:
        raise BadInput(
            N_(
                "{file} is not a sales export of the till: its first row has none of its headings. Choose another file."
            ),
            file=file,
        )
    missing = [f"{COLUMNS[column]} ({column})" for column in COLUMNS if column not in places]
    if missing:
        raise BadInput(
            N_("{file} lacks the columns {columns}. Nothing was read; export it again with them."),
            file=file,
            columns=", ".join(missing),
        )
    if doubled:
        raise BadInput(
            N_("{file} holds the columns {columns} twice. Nothing was read; export it again with each of them once."),
            file=file,
            columns=", ".join(doubled),
        )
    return places
