"""Papers of bag check to print: usual ones, and ones on which everything is as long as it may be."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Final

from counterapp.desks.bagcheck.printouts import (
    SIZES,
    BookFacts,
    ClosingFacts,
    LeftFacts,
    LostToken,
    MissingToken,
    MorningFacts,
    OvernightFacts,
    PenaltyFacts,
    RefusedFacts,
    TokenFacts,
)
from counterapp.documents.page import IssuedBy
from tests.kept import Album

looks_as_kept: Final = Album(Path(__file__).parent / "pictures").looks_as_kept

ZONE = dt.timezone(dt.timedelta(hours=8))
NOON = dt.datetime(2026, 11, 21, 13, 44, tzinfo=ZONE)
ISSUED = IssuedBy("一号店", "存包处", "2", "王丽 6012", NOON)
ISSUED_LONG = IssuedBy(
    "上海世纪联华超市股份有限公司浦东新区旗舰一号店",
    "存包处（一楼东门）",
    "存包处二号收银电脑",
    "欧阳娜娜买买提·艾则孜 600112",
    NOON,
)

TOKEN = TokenFacts(
    number="17",
    customer_code="BT731904825586",
    locker_code="BL731904825598",
    locker="17",
    place="一楼东门",
    size=SIZES["medium"],
    pieces=2,
    issued=ISSUED,
    description="黑色双肩包、红色手提袋",
    closes=dt.time(22, 0),
)
TOKEN_LONG = dataclasses.replace(
    TOKEN,
    number="A-117",
    locker="A-117",
    place="一楼东门入口左侧第三排靠墙寄存柜𠮷龘䶮",
    size=SIZES["large"],
    pieces=99,
    issued=ISSUED_LONG,
    description="深蓝色大号旅行箱一只（带密码锁）、黑色双肩电脑包、红色手提袋、婴儿推车一辆 Limited Edition 𠮷䶮",
)

REFUSED = RefusedFacts(ISSUED, "笔记本电脑")

PENALTY_FORM = PenaltyFacts(
    number=118,
    code="BP731904825592",
    customer="张伟",
    address="浦东新区世纪大道 100 号 3 栋 502 室",
    token="17",
    locker="17",
    place="一楼东门",
    amount_fen=500,
    issued=ISSUED,
    substitute="101",
)
PENALTY_LONG = dataclasses.replace(
    PENALTY_FORM,
    number=999_998,
    customer="买买提·艾则孜·阿卜杜热合曼 欧阳𠮷龘䶮",
    address="新疆维吾尔自治区巴音郭楞蒙古自治州和静县巴音布鲁克镇赛罕陶海村团结路东三巷一百二十八号甲座二单元一千二百零三室（老邮电局后院𠮷龘）",
    token="A-117",
    locker="A-117",
    place="一楼东门入口左侧第三排靠墙寄存柜𠮷龘䶮",
    amount_fen=99_999_999_99,
    issued=ISSUED_LONG,
    substitute="A-1117",
)

LEFT = LeftFacts("17", "17", "一楼东门", 2, "黑色双肩包", NOON, 0, "已广播找人，顾客未到")
LEFT_LONG = LeftFacts(
    "A-117",
    "A-117",
    TOKEN_LONG.place,
    99,
    TOKEN_LONG.description,
    NOON - dt.timedelta(days=120),
    120,
    "两次广播找人，顾客未到；柜内联已核对无误。按顾客留下的电话拨打三次均无人接听，已请当值主管到场确认，"
    "物品移入过夜柜 Overnight shelf 3 保管",
)


def stays(count: int) -> tuple[LeftFacts, ...]:
    """Return so many deposits, some of them with words as long as they may be."""
    made = [LEFT_LONG if place % 7 == 3 else dataclasses.replace(LEFT, token=str(place)) for place in range(count)]
    return tuple(made)


CLOSING = ClosingFacts(
    day=NOON.date(),
    lockers=96,
    free=92,
    out_of_use=1,
    opening=2,
    taken=318,
    collected=315,
    released=2,
    lost=2,
    fees_fen=1000,
    left=(LEFT, dataclasses.replace(LEFT, token="21", locker="21", days=1, since=NOON - dt.timedelta(days=1))),
    issued=ISSUED,
)
CLOSING_EMPTY = dataclasses.replace(CLOSING, left=())
CLOSING_LONG = dataclasses.replace(
    CLOSING,
    lockers=99_999,
    taken=999_999,
    collected=999_999,
    fees_fen=99_999_999_99,
    left=stays(60),
    issued=ISSUED_LONG,
)

MORNING = MorningFacts(
    NOON.date(),
    96,
    94,
    (MissingToken("17", "17", "一楼东门", "昨日闭店时已缺"), MissingToken("21", "21", "")),
    ISSUED,
    "李强 5003",
)
MORNING_FULL = MorningFacts(NOON.date(), 96, 96, (), ISSUED)
OVERNIGHT = OvernightFacts(
    (LEFT, dataclasses.replace(LEFT, token="21", locker="21", days=4, since=NOON - dt.timedelta(days=4))), ISSUED, 3
)
OVERNIGHT_LONG = OvernightFacts(stays(30), ISSUED_LONG, 3)

ENTRY = LostToken(118, NOON, "17", "101", "17", "customer", "张*", 500, "05311827", "王丽 6012")
ENTRY_COUNTER = LostToken(119, NOON, "21", "", "21", "counter", "", 0, "", "王丽 6012", NOON + dt.timedelta(days=3))
ENTRY_LONG = LostToken(
    999_998,
    NOON,
    "A-117",
    "A-1117",
    "A-117",
    "customer",
    PENALTY_LONG.customer,
    99_999_999_99,
    "03100210411105311827",
    ISSUED_LONG.clerk,
    NOON,
)
BOOK = BookFacts(dt.date(2026, 11, 1), dt.date(2026, 11, 30), (ENTRY, ENTRY_COUNTER), ISSUED)
BOOK_LONG = BookFacts(dt.date(2026, 1, 1), dt.date(2026, 12, 31), (ENTRY, ENTRY_COUNTER, ENTRY_LONG) * 20, ISSUED_LONG)
