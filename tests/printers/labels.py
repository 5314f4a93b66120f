"""Labels to print in tests: tokens, texts that would be commands, and codes by the column."""

from __future__ import annotations

from printers.document import Barcode, Cell, Code, Cut, Divider, Page, Pages, Qr, Row, Rule, Run, Slip, Text

HOSTILE = (
    '"',
    '"\r\nPRINT 9,9\r\n',
    '\\["]\r\nCLS\r\n',
    '!105 "128M"',
    "~!T",
    "\x1b!R",
    "^XZ^XA^FDx^FS",
    "^FS^XZ~JA",
    "_5E_7E",
    "~DGR:X.GRF,1,1,FF",
    ">;>5>6>:><>0",
    "\\&",
    "\x10CT~~CD,~CC^~CT~",
)
"""What would be a command, or end a string, if it got through."""


def sheet(*items: Text | Rule | Barcode) -> Pages:
    return Pages("test", (Page(60, 40, items),))


def words(text: str, *, size: float = 8.5, bold: bool = False, lines: int = 8) -> Pages:
    """A label that holds nothing but `text`."""
    return sheet(Text(2, 2, 56, 36, (Run(text, bold=bold),), size, 6, lines, stand="top"))


def token(number: str, code: str, store: str, place: str, condition: str) -> Pages:
    """The token of a deposit: a number to call, a code to scan, and on what terms."""
    width = Barcode(0, 0, code).width
    return sheet(
        Text(2, 1.5, 26, 13, (Run(number, bold=True),), 34, 20),
        Text(28, 2, 30, 4, (Run(store),), 8.5, 6.5, align="right"),
        Text(28, 6, 30, 4, (Run("2026-11-21 10:42"),), 8.5, 6.5, align="right"),
        Text(28, 10, 30, 4, (Run(place),), 8.5, 6.5, align="right"),
        Rule(2, 15, 58, 15),
        Barcode(30 - width / 2, 16, code),
        Text(2, 28.3, 56, 3.8, (Run(code),), 8.5, align="center"),
        Text(2, 32.4, 56, 6.6, (Run(condition),), 8.5, 6, 2, align="center"),
    )


CHINESE = token(
    "A017", "BG731904825577", "一号店 服务台", "1 件 · 柜 B-07", "凭此牌取包，当日有效。遗失请持本人证件办理。"
)
ENGLISH = token(
    "B117",
    "BG991904825577",
    "Store 1, service desk",
    "1 bag · box B-07",
    "Give this token to get your bag back, today only. Lost it? Bring your ID.",
)

SLIP = Slip(
    "returned goods",
    (
        Row((Cell("欧阳龘㙍", 3), Cell("2026-11-21", 2, "right"))),
        Row((Cell("苏泊尔电磁炉 C21", 3), Cell("￥229.00", 2, "right"))),
        Divider(),
        Code("RF731904825577", 9),
        Row((Cell("退厂", align="center"),), 2),
        Cut(),
        Qr("https://example.cn/t/RF731904825577", 24),
        Row((Cell("扫码看进度 𠮷", align="center"),), bold=True),
    ),
)


def columns(codes: list[str]) -> Pages:
    """Five codes a label, one below the other."""
    pages = []
    for first in range(0, len(codes), 5):
        part = codes[first : first + 5]
        items = [Barcode(30 - Barcode(0, 0, text).width / 2, 1 + 7.8 * down, text, 6) for down, text in enumerate(part)]
        pages.append(Page(60, 40, tuple(items)))
    return Pages("bars", tuple(pages))
