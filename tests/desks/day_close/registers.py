"""Registers to print: a usual day, an empty one, and ones on which everything is as long as it may be."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Final

from counterapp.desks.day_close.printouts.register import Explained, RegisterFacts
from counterapp.desks.day_close.printouts.register_facts import Entry, FormOutcome, Gap, Register, Seal, Sum
from tests.return_forms.forms import ISSUED, ISSUED_LONG

DAY: Final = dt.date(2026, 11, 21)
AT: Final = dt.datetime(2026, 11, 21, 14, 32, tzinfo=dt.timezone(dt.timedelta(hours=8)))
CLERK, SUPERVISOR, CASHIER = "王丽 6012", "李强 5003", "赵敏 6170"
LONG: Final = "欧阳娜娜买买提·艾则孜 600112"

ENTRY: Final = Entry(
    number=4118, day=DAY, made_at=AT, receipt="0101072611180387", kind="refund", amount=22900, lines=1, clerk=CLERK,
    approver=SUPERVISOR, origin="goods", settlement="goods", statutory=False, expires_on=DAY + dt.timedelta(days=30),
)  # fmt: skip
REDEEMED: Final = FormOutcome(
    how="redeemed", day=DAY, at=AT + dt.timedelta(minutes=31), who=CASHIER, till="07", receipt_no="0101072611210412",
    receipt_fen=30000, used=22900,
)  # fmt: skip
RESTED: Final = dataclasses.replace(
    REDEEMED, receipt_fen=20000, used=20000, rest=2900, rest_how="new_form", next_number=4121, part_two=False
)
PAID: Final = FormOutcome(
    how="settled", day=DAY, at=AT, who=CASHIER, till="03", method="tender", reference="420000123456"
)
VOID: Final = FormOutcome(how="void", day=DAY, at=AT, who=CLERK, signer=SUPERVISOR, reason="顾客改要换货，单据作废")
SEAL: Final = Seal(
    118, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", AT.replace(hour=22, minute=5), CLERK,
    SUPERVISOR, (("1", 3120, "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"),
                 ("2", 11876, "fd61a03af4f77d870fc21e05e7e80678095c92d808cfb3b5c279ee04c74aca13")),
)  # fmt: skip


def entry(number: int, outcome: FormOutcome | None = None, **changes: object) -> Entry:
    return dataclasses.replace(ENTRY, number=number, outcome=outcome, **changes)  # type: ignore[arg-type]


USUAL: Final = RegisterFacts(
    register=Register(
        DAY,
        (
            entry(4118, REDEEMED),
            entry(4119, kind="exchange", amount=1990, lines=3, copies=2),
            entry(4120, RESTED),
            entry(4121, amount=2900, lines=0, origin="rest", from_number=4120),
            entry(4124, VOID),
            entry(4125, PAID, settlement="tender"),
            entry(4126, printed=False),
        ),
        (entry(4096, REDEEMED, day=DAY - dt.timedelta(days=2)),),
        (Gap(4122, 4123),),
        Sum(17, 1_234_500),
    ),
    issued=dataclasses.replace(ISSUED, at=SEAL.at),
    explained=(
        Explained("Missing number", "004122", "电脑死机后跳号，已报 IT"),
        Explained("Part 2 missing", "004120", "收银员赵敏已下班，明早交"),
        Explained("Stock correction open", "", ""),
    ),
    seal=SEAL,
)
EMPTY: Final = dataclasses.replace(
    USUAL,
    register=Register(DAY, (), (), (), Sum(0, 0)),
    explained=(),
    seal=None,
    issued=dataclasses.replace(ISSUED, counter="", clerk="", at=SEAL.at),
)


def many(count: int) -> RegisterFacts:
    """Return a day of so many forms, every seventh with words as long as they may be."""
    longest = dataclasses.replace(
        VOID, who=LONG, signer=LONG, reason="顾客称当时没有看清单据上的金额，" * 12 + "经当值主管核对后同意作废𠮷䶮"
    )
    forms = tuple(
        entry(
            9_990_000 + place, [REDEEMED, None, RESTED, longest, PAID, VOID, None][place % 7],
            clerk=LONG if place % 7 == 3 else CLERK, approver=LONG if place % 7 == 3 else SUPERVISOR,
            amount=99_999_999_99 if place % 7 == 2 else 22900, lines=99 if place % 7 == 2 else 1,
            copies=place % 3,
        )
        for place in range(count)
    )  # fmt: skip
    others = tuple(entry(900 + place, REDEEMED, day=DAY - dt.timedelta(days=place + 1)) for place in range(count // 3))
    register = Register(
        DAY, forms, others, (Gap(9_989_000, 9_989_999), Gap(9_999_000, 9_999_000)), Sum(999, 99_999_999)
    )
    heads = tuple((f"存包处{place}号收银电脑", 9_999_999, SEAL.heads[0][2]) for place in range(6))
    return RegisterFacts(
        register=register,
        issued=dataclasses.replace(ISSUED_LONG, station="存包处二号收银电脑", at=SEAL.at),
        explained=tuple(
            Explained("Part 2 missing", f"{entry.number}", "收银员已下班，明早交" * 20) for entry in forms[:3]
        ),
        seal=dataclasses.replace(SEAL, heads=heads, clerk=LONG, signer=LONG),
    )  # fmt: skip
