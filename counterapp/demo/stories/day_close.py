"""How yesterday was closed: its stock file, what could not be done, and two signatures under the register."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from counterapp.core.actor import Actor
from counterapp.demo.stories.teller import CLERK, SUPERVISOR, Teller, Turns
from counterapp.desks.bagcheck.services.days import open_items as bags
from counterapp.desks.day_close.services import closing, open_items, stock

_BESIDE: Final = (bags,)


def day_close(store: Teller) -> Turns:
    """Tell of the evening."""
    day = store.yesterday
    yield store.last_day(22, 5)
    number = store.do(CLERK, "return.make_stock", lambda s, a: stock.make_file(s, a, day))
    # Written nowhere: the till of the demo takes nothing in.
    store.do(CLERK, "return.fetch_stock", lambda s, a: stock.fetch(s, a, [number], lambda _table, _copy: None))
    yield store.last_day(22, 20)
    store.do(CLERK, "return.explain_day", lambda s, a: _explain(s, a, store))
    yield store.last_day(22, 30)
    signer = store.person(SUPERVISOR)
    store.do(CLERK, "return.close_day", lambda s, a: closing.close_day(s, a, signer, day, _BESIDE), SUPERVISOR)


def _explain(session: Session, actor: Actor, store: Teller) -> None:
    left = closing.day_details(session, store.yesterday, actor.now(), _BESIDE).open_items
    open_items.explain(session, actor, store.yesterday, [item.key for item in left], "冷冻部已下班，明早来取")
