"""What of returned goods is open when a day is closed: notices that nobody has seen to, sheets not made or signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from sqlalchemy.orm import Session

from counterapp.core.business_day import end_of
from counterapp.core.open_items import OpenItem
from counterapp.desks.returned_goods.services.notices import open_notices
from counterapp.desks.returned_goods.services.sheets import SheetDetails, sheets_to_see, unlisted
from counterapp.words import N_, _, _n

_notice = partial(
    OpenItem,
    "notice",
    title=N_("Notice to the floor open"),
    how=N_("Call the department. What was collected or found is noted under “Goods back”."),
)
_sheet = partial(
    OpenItem,
    "sheet",
    title=N_("Floor sheet open"),
    how=N_("Floor sheets are made, printed and signed under “Goods back”."),
)


def open_items(session: Session, day: dt.date, now: dt.datetime) -> tuple[OpenItem, ...]:
    """Return the notices of `day` and before that are open, the departments with lines on no sheet, then the sheets
    that nobody has signed."""
    return (*_notices(session, day, now), *_sheets(session, day))


def _notices(session: Session, day: dt.date, now: dt.datetime) -> Iterator[OpenItem]:
    over = end_of(session, day)
    for one in open_notices(session, now):
        if one.is_open and one.raised_at < over:
            about = (one.item, _not_collected if one.to_collect else _not_answered)
            key = f"notice:{one.return_line_id}"
            yield _notice(key, what=one.department, about=about, code=one.case_code)


def _sheets(session: Session, day: dt.date) -> Iterator[OpenItem]:
    for department, lines in unlisted(session, day).items():
        yield _sheet(f"sheet:{department}", what=department, about=(partial(_lines_words, lines),))
    for sheet in sheets_to_see(session, day):
        if sheet.signed_at is None:
            about = (partial(_unsigned, sheet),)
            yield _sheet(f"sheet:{sheet.code}", what=sheet.department, about=about, code=sheet.code)


def _not_collected() -> str:
    return _("not collected")


def _not_answered() -> str:
    return _("the shelf is not looked at")


def _lines_words(count: int) -> str:
    return _n("{count} line on no sheet", "{count} lines on no sheet", count).format(count=count)


def _unsigned(sheet: SheetDetails) -> str:
    return _("sheet {seq} of {day} is not signed").format(seq=sheet.seq, day=sheet.booked_on.isoformat())
