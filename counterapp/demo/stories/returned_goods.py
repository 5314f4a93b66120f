"""How what came back went to the floor: notices in and out of time, and the floor sheets of two days."""

from __future__ import annotations

from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.demo.stories.teller import CLERK, OTHER_CLERK, Teller, Turns
from counterapp.desks.returned_goods.services import notices, sheets
from counterapp.return_forms.models import ReturnLine


def returned_goods(store: Teller) -> Turns:
    """Tell of the floor. Frozen goods of the evening before are still here: their notice is overdue."""
    yield store.last_day(15, 17)
    store.do(CLERK, "floor.collect", lambda s, a: notices.collect(s, a, _line_of(s, store, "apples"), "生鲜部张华"))
    yield store.last_day(15, 40)
    found = "货架上同批 3 袋，已下架"
    store.do(
        CLERK, "floor.answer", lambda s, a: notices.answer(s, a, _line_of(s, store, "apples"), "生鲜部刘洋", found)
    )
    yield store.last_day(21, 5)
    made = store.do(OTHER_CLERK, "floor.make_sheets", lambda s, a: sheets.make_sheets(s, a, store.yesterday))
    for sheet in made:
        store.do(OTHER_CLERK, "floor.sign_sheet", partial(sheets.sign_sheet, sheet_id=sheet, checked_by="部门主管陈立"))
    yield store.this_morning(9, 45)
    store.do(CLERK, "floor.make_sheets", lambda s, a: sheets.make_sheets(s, a, store.today))


def _line_of(session: Session, store: Teller, name: str) -> int:
    return session.scalars(select(ReturnLine.id).where(ReturnLine.case_id == store.cases[name])).one()
