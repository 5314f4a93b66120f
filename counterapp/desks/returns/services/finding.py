"""What a clerk types to find a receipt, read as it is typed, and the search for it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core.money import fen_of
from counterapp.core.receipt_search import FoundReceipt, Wanted, find_receipts
from counterapp.errors import BadInput
from counterapp.return_forms.models import ReturnCase
from counterapp.words import N_

#: A day with its year in two or four figures or none, closed up or with - . / between: 1118, 11-18, 261118, 2026-11-18.
_DAY: Final = re.compile(
    r"(?:((?:[0-9]{2})?[0-9]{2})[-./]?)??([0-9]{1,2})[-./]([0-9]{1,2})|([0-9]{4}|[0-9]{6}|[0-9]{8})"
)


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields as they are typed: `day` one day, or the first and the last with a space between."""

    day: str = ""
    till: str = ""
    amount: str = ""
    item: str = ""
    customer: str = ""


def wanted_from(typed: Typed, today: dt.date) -> Wanted:
    """Return what is wanted. Raises BadInput for what is no day or no amount (yet)."""
    days = [_day(part, today) for part in typed.day.split()]
    if len(days) > 2:
        raise BadInput(N_("Type one day, or the first and the last of several with a space between."))
    amount = fen_of(typed.amount)
    if typed.amount.strip() and amount is None:
        raise BadInput(N_("Type the amount of the whole receipt in yuan, such as 229 or 229.50."))
    return Wanted(
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        till=typed.till.strip(),
        amount=amount,
        item=typed.item.strip(),
        member_card=typed.customer.replace(" ", "").replace("-", ""),
    )


def find(session: Session, wanted: Wanted, limit: int = 50) -> list[FoundReceipt]:
    """Find receipts; the member card may as well be the phone that was noted at an earlier return.

    The newest come first, `limit` at the most.
    """
    if wanted.member_card:
        of_phone = select(ReturnCase.receipt_id).where(ReturnCase.phone == wanted.member_card).distinct().limit(1000)
        wanted = replace(wanted, receipts=tuple(session.scalars(of_phone)))
    return find_receipts(session, wanted, limit)


def _day(text: str, today: dt.date) -> dt.date:
    """Return the day that `text` says; without a year, the last time that it was."""
    match = _DAY.fullmatch(text)
    if match is None:
        raise _no_day(text)
    year, month, day, closed = match.groups()
    if closed is not None:
        year, month, day = closed[:-4], closed[-4:-2], closed[-2:]
    try:
        if year:
            return dt.date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
        # 02-29 is a day of every fourth year at least.
        for back in range(9):
            found = _date(today.year - back, int(month), int(day))
            if found is not None and found <= today:
                return found
    except ValueError:
        pass
    raise _no_day(text)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _no_day(text: str) -> BadInput:
    return BadInput(N_("“{day}” is no day. Type the month and the day, such as 1118 or 11-18."), day=text)
