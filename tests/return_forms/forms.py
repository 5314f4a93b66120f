"""Forms to print: a usual one, one on which everything is as long as it may be, one of which little is known."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

from counterapp.documents.page import IssuedBy
from counterapp.return_forms.printouts import FormFacts, FormLine, lines_per_form
from printers.picture import pictures
from tests.kept import Album

_ALBUM = Album(Path(__file__).parent / "pictures")

ISSUED = IssuedBy(
    "一号店", "总服务台", "2", "王丽 6012",
    dt.datetime(2026, 11, 21, 14, 33, tzinfo=dt.timezone(dt.timedelta(hours=8))),
)  # fmt: skip
ISSUED_LONG = dataclasses.replace(
    ISSUED,
    store="上海世纪联华超市股份有限公司浦东新区旗舰一号店",
    counter="总服务台（一楼东门）",
    station="总服务台二号收银电脑",
    clerk="欧阳娜娜买买提·艾则孜 600112",
)

HOB = FormLine("10820", "苏泊尔电磁炉 C21", 1000, 229_0000, 22900, "性能故障", serial="SP2109331")
ORANGES = FormLine("10025", "砂糖橘", 1486, 22_2400, 3305, "已变质")

ONE = FormFacts(
    number=4118,
    code="RF731904825535",
    kind="refund",
    filled_on=dt.date(2026, 11, 21),
    receipt_no="0101072611180387",
    bought_on=dt.date(2026, 11, 18),
    member_card="880012345678",
    phone="13812345678",
    lines=(HOB, ORANGES),
    total_fen=26205,
    issued=ISSUED,
    supervisor="李强 5003",
)

LONGEST = dataclasses.replace(
    ONE,
    number=999_998,
    kind="exchange",
    receipt_no="0101-072611180387-99999999",
    lines=lines_per_form("a4")
    * (
        FormLine(
            "6901234567890",
            "飞利浦多功能家用智能电饭煲大容量五升预约定时䶮㛃𬭎(星空灰)旗舰增强款 HD4518/00 Limited Edition 特别版",
            99_999_999,
            99_999_999_9999,
            99_999_999_99,
            "商品标签与实物不符，顾客要求更换同一型号的商品并附发票",
            serial="SN-2026-ABCDEFGH-12345678",
        ),
    ),
    total_fen=99_999_999_99,
    issued=ISSUED_LONG,
    supervisor="司马相如爱新觉罗䶮 500300",
    sheet=12,
    sheets=13,
    previous_number=999_997,
    next_number=999_999,
)

BLANK = dataclasses.replace(
    ONE, kind="exchange", bought_on=None, member_card="", phone="", receipt_no="", valid_days=None, lines=(ORANGES,)
)


def looks_as_kept(pdf: bytes, name: str, page: int = 0) -> bool:
    """Whether a page looks like the kept picture `name`; see Album."""
    return _ALBUM.looks_as_kept([pictures(pdf, 100)[page]], name)
