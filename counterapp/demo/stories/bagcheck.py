"""Bag check over two days: what was collected, what stayed overnight, and a lost token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from counterapp.core.actor import Actor
from counterapp.demo.stories.teller import OTHER_CLERK, SUPERVISOR, Teller, Turns
from counterapp.desks.bagcheck.rules import Piece, Size
from counterapp.desks.bagcheck.services import collecting, days, depositing, lost_tokens
from counterapp.desks.bagcheck.services.loading import load
from counterapp.desks.bagcheck.services.lost_tokens import LosingCustomer

_LOSER = LosingCustomer("张三", "人民路88号3单元501室", "13812345678", "3021")


def bagcheck(store: Teller) -> Turns:
    """Tell of bag check."""
    yield store.last_day(9, 10)
    store.do(OTHER_CLERK, "bagcheck.sign_morning", days.sign_morning)
    yield store.last_day(10, 5)
    umbrella = _take_in(store, Size.SMALL, "长柄雨伞")
    yield store.last_day(10, 30)
    parcel = _take_in(store, Size.MEDIUM, "纸箱 2 个", 2)
    yield store.last_day(11, 50)
    _give_out(store, umbrella)
    yield store.last_day(16, 20)
    suitcase = _take_in(store, Size.MEDIUM, "银色行李箱")
    backpack = _take_in(store, Size.SMALL, "黑色双肩包")
    yield store.last_day(18, 40)
    _give_out(store, parcel)
    yield store.last_day(21, 40)
    for stays, why in ((suitcase, "顾客来电，明早来取"), (backpack, "顾客未回")):
        store.do(OTHER_CLERK, "bagcheck.explain", _on(stays, days.explain, why))
    closing = store.do(OTHER_CLERK, "bagcheck.sign_closing", days.sign_closing)
    store.do(
        OTHER_CLERK,
        "bagcheck.countersign",
        lambda s, a: days.countersign(s, a, store.person(SUPERVISOR), closing),
        SUPERVISOR,
    )

    yield store.this_morning(8, 30)
    store.do(OTHER_CLERK, "bagcheck.sign_morning", days.sign_morning)
    yield store.this_morning(8, 40)
    store.do(OTHER_CLERK, "bagcheck.ask_release", _on(suitcase, collecting.ask_release))
    loses = _take_in(store, Size.SMALL, "蓝色帆布袋")
    yield store.this_morning(8, 55)
    for place in range(4):
        _take_in(store, Size.LARGE, f"旅行团行李 {place + 1}")
    yield store.this_morning(9, 10)
    collected = _take_in(store, Size.SMALL, "滑板")
    for what in ("电脑包", "花束", "球拍"):
        _take_in(store, Size.SMALL, what)
    yield store.this_morning(9, 35)
    _give_out(store, collected)
    store.do(
        OTHER_CLERK, "bagcheck.report_lost", _on(loses, lost_tokens.report_lost, Piece.CUSTOMER)
    )  # fmt: skip
    store.do(OTHER_CLERK, "bagcheck.tell", _on(loses, lost_tokens.tell, "蓝色帆布袋，里面有一本书"))
    keys = store.database.keys
    store.do(
        OTHER_CLERK,
        "bagcheck.charge",
        lambda s, a: lost_tokens.charge(s, a, keys, loses, load(s, loses).case.revision, _LOSER),
    )


def _take_in(store: Teller, size: Size, description: str, pieces: int = 1) -> int:
    return store.do(OTHER_CLERK, "bagcheck.deposit", lambda s, a: depositing.deposit(s, a, size, pieces, description))[
        "deposit"
    ]


def _give_out(store: Teller, deposit: int) -> None:
    store.do(OTHER_CLERK, "bagcheck.collect", _on(deposit, collecting.collect))


def _on(deposit: int, verb: Callable[..., Any], *told: Any) -> Callable[[Session, Actor], Any]:
    """Return what does `verb` with a deposit as it is at that moment."""
    return lambda session, actor: verb(session, actor, deposit, load(session, deposit).case.revision, *told)
