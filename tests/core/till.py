"""A till that writes exports for the tests: rows as dictionaries in, a file out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from counterapp.core.sales.columns import COLUMNS

Cells = dict[str, str]

_GOODS = {
    "10001": ("2110001000007", "红富士苹果", "生鲜部", "生鲜", "S111", ""),
    "10820": ("6966493300451", "吸尘器", "家电部", "影音家电", "S112", "序列号"),
    "11393": ("6901234567892", "纯棉毛巾", "百货部", "百货", "S117", ""),
    "11218": ("6921234567898", "香烟(软)", "烟酒柜", "香烟", "S119", ""),
    "11500": ("6931234567895", "洗洁精", "百货部", "百货", "S121", "驻场;清仓"),
}


def line(item: str = "11393", quantity: str = "1", price: str = "19.90", discount: str = "0.00", **cells: str) -> Cells:
    """A line of a receipt; its amount is worked out unless given."""
    barcode, name, department, category, supplier, flags = _GOODS[item]
    amount = (Decimal(quantity) * Decimal(price)).quantize(Decimal("0.01")) - Decimal(discount)
    goods = {
        "item_no": item, "barcode": barcode, "name": name, "department": department, "category": category,
        "quantity": quantity, "unit_price": price, "discount": discount, "amount": f"{amount}", "supplier": supplier,
        "flags": flags,
    }  # fmt: skip
    return goods | cells


def receipt(number: str = "0101062611090042", *lines: Cells, **cells: str) -> list[Cells]:
    """The rows of a receipt; line numbers and the total are worked out unless given."""
    lines = lines or (line(), line("10001", "1.486", "12.14"))
    head = {
        "store": number[:4], "till": number[4:6], "receipt_no": number, "sold_at": "2026-11-09 10:13:00",
        "cashier": "617", "member_card": "880017992358", "tender": "微信",
        "receipt_total": f"{sum(Decimal(each['amount']) for each in lines)}", "invoice_no": "",
    }  # fmt: skip
    return [head | {"line_no": str(place)} | each | cells for place, each in enumerate(lines, 1)]


def many(count: int, lines: int = 3) -> list[list[Cells]]:
    """Receipts of several tills and days, all different."""
    items = list(_GOODS)
    return [
        receipt(
            f"0101{n % 12 + 1:02}2611{n % 28 + 1:02}{n // 28 + 1:04}",
            *(line(items[(n + k) % len(items)], str(k + 1), f"{(n * 7 + k) % 90 + 1}.90") for k in range(lines)),
        )
        for n in range(count)
    ]


def rows_of(receipts: Iterable[Sequence[Cells]]) -> list[Cells]:
    return [row for rows in receipts for row in rows]


def text_of(
    rows: Iterable[Cells], columns: Sequence[str] = tuple(COLUMNS), *, chinese: bool = False, end: str = "\r\n"
) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator=end)
    writer.writerow([COLUMNS.get(column, column) if chinese else column for column in columns])
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return file.getvalue()


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path
