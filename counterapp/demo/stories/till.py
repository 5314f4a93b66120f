"""What became of forms at the till: goods with a rest, money, and the part 2s that came back or did not."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from counterapp.core.actor import Actor
from counterapp.core.store_settings import change_store_settings, store_settings
from counterapp.demo.stories.sold import receipt_of
from counterapp.demo.stories.teller import CASHIER, IT, STORY_TILL, SUPERVISOR, Teller, Turns
from counterapp.desks.till.services import parts, paying, redeeming
from counterapp.return_forms.models import IN_CASH

_ADMINISTRATION = "行政部王芳"


def till(store: Teller) -> Turns:
    """Tell of the till."""
    yield store.last_day(8, 30)
    store.do(IT, "store.change", _cash_goes_back_in_cash)
    yield store.last_day(11, 10)
    _redeem(store, "towel", "new batteries")
    yield store.last_day(11, 40)
    code = store.forms["kettle"]
    store.do(CASHIER, "till.pay", lambda s, a: paying.pay_out(s, a, code, IN_CASH))
    yield store.last_day(21, 20)
    for name in ("towel", "kettle"):
        _collect(store, name)
    yield store.last_day(21, 35)
    store.do(SUPERVISOR, "till.hand_over", lambda s, a: _hand_over(s, a, store), CASHIER)
    yield store.this_morning(8, 56)
    _redeem(store, "bedding", "new pot")
    yield store.this_morning(9, 25)
    _redeem(store, "bear", "new toys")
    yield store.this_morning(9, 40)
    _collect(store, "bear")


def _cash_goes_back_in_cash(session: Session, actor: Actor) -> None:
    now = store_settings(session)
    change_store_settings(session, replace(now, till=replace(now.till, cash_tenders="现金")), actor, actor.now())


def _redeem(store: Teller, name: str, new_goods: str) -> None:
    code, number = store.forms[name], receipt_of(new_goods, store.today)
    store.do(CASHIER, "till.redeem", lambda s, a: redeeming.redeem(s, a, code, number))


def _collect(store: Teller, name: str) -> None:
    code = store.forms[name]
    store.do(SUPERVISOR, "till.collect", lambda s, a: parts.collect_part_two(s, a, code)["number"])


def _hand_over(session: Session, actor: Actor, store: Teller) -> int:
    cashier, at = store.person(CASHIER), f"{STORY_TILL}"
    return parts.hand_over(session, actor, cashier, store.yesterday, at, _ADMINISTRATION)
