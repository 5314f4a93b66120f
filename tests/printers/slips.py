"""Slips as a counter prints them, and printers to print them on."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from printers.charsets import Name
from printers.document import Align, Cell, Code, Cut, Divider, Drawer, Qr, Row, Slip
from printers.profile import Profile, named
from tests.kept import Album

ROLL = dataclasses.replace(named("virtual-80mm"), name="80")
NARROW = dataclasses.replace(ROLL, name="58", width=58, sides=5)
POOR = dataclasses.replace(
    NARROW, name="poor", charset="none", barcode=False, qr=False, drawer=False, cutter="none", feed=8
)
looks_as_kept = Album(Path(__file__).parent / "pictures").looks_as_kept


def with_charset(profile: Profile, charset: Name) -> Profile:
    return dataclasses.replace(profile, charset=charset)


def row(*texts: str, scale: int = 1, bold: bool = False) -> Row:
    """Two or three cells as most slips have them: names at the left, amounts at the right."""
    aligns: tuple[Align, ...] = ("left", "right", "right") if len(texts) == 3 else ("left", "left")
    cells = zip(texts, {1: (1,), 2: (2, 5), 3: (5, 1, 2)}[len(texts)], aligns, strict=False)
    return Row(tuple(Cell(*cell) for cell in cells), scale, bold)


def middle(text: str, scale: int = 1, bold: bool = False) -> Row:
    return Row((Cell(text, align="center"),), scale, bold)


BAG = Slip(
    "存包凭证",
    (
        middle("一号店 · 总服务台"),
        middle("存包凭证", 2, True),
        middle("17", 6, True),
        Divider(),
        row("存入", "11-21 14:33"),
        row("件数", "2"),
        row("经手", "王丽 6012"),
        middle("凭本票取包，请当天取走。"),
        middle("遗失请到服务台说明包内物品。"),
        Code("BG731904825577", 10),
        Cut(),
    ),
)

BAG_ENGLISH = Slip(
    "Bag check",
    (
        middle("Store No. 1 · Service desk"),
        middle("BAG CHECK", 2, True),
        middle("17", 6, True),
        Divider(),
        row("Left", "2026-11-21 14:33"),
        row("Pieces", "2"),
        row("Clerk", "Wang Li 6012"),
        middle("Your bags are given out for this ticket, today only. If you lose it, say at the desk what is in them."),
        Code("BG731904825577", 10),
        Cut(),
    ),
)

LONGEST = Slip(
    "赔付单",
    (
        middle("上海市浦东新区世纪大道第一百货商业中心有限责任公司一号店 · 总服务台"),
        middle("收银差错赔付凭证", 2, True),
        Divider(),
        row("商品", "数量", "金额"),
        row("苏泊尔多功能家用智能电磁炉旗舰款 C21-SDHCB9E45", "999.999", "¥9,999,999.99"),
        row("洁丽雅毛巾", "1", "¥19.90"),
        row("经手", "𠮷田龘㙍 · 買買提·阿卜杜熱西提·艾則孜江 6012"),
        row("Clerk", "Ångström-Müller née O’Connor"),
        row("合计", "¥19,999,999,999.99", bold=True),
        Divider(),
        Qr("https://example.com/退货/BG731904825577"),
        Code("BG991904825577", 10),
        Drawer(),
        Cut(),
        middle("存根", 2),
        Code("BG991904825577", 10),
        Cut(),
    ),
)
