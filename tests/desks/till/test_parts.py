"""The evening's stack of part 2s, on both databases: collected once, missed by number, counted over by two people."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select

from counterapp.core.actor import Actor, Role
from counterapp.core.database import Database
from counterapp.desks.till.services import parts
from counterapp.errors import BadInput, NotAllowed, NotFound, Refused
from counterapp.return_forms.models import PartTwoHandover
from tests.conftest import PlayedClock, hiring
from tests.desks.till.till import TODAY, Till


@pytest.fixture
def till(database: Database, clock: PlayedClock) -> Till:
    return Till(database, clock)


def hand_over(till: Till, actor: Actor | None = None, day: dt.date = TODAY, **more: object) -> int:
    counts = actor or replace(till.cashier, person=till.supervisor)
    signer = more.pop("signer", till.cashier.person)
    received_by = more.pop("received_by", "行政 赵敏")
    return till.work(counts, lambda s, a: parts.hand_over(s, a, signer, day, "9", received_by, **more))  # type: ignore[arg-type]


def missing(till: Till, day: dt.date = TODAY) -> list[tuple[str, str, int]]:
    found = till.database.read(lambda s: parts.missing_parts(s, day))
    return [(one.till, one.cashier, one.number) for one in found]


def test_every_part_two_is_taken_in_once(till: Till) -> None:
    code = till.form(22900)
    till.redeem(code, till.receipt(22900))
    assert till.collect(code) == {"number": 1, "amount": 22900, "till": "9", "cashier": "孙燕 7001"}
    with pytest.raises(Refused) as refused:
        till.collect(code)
    assert "11-21 14:32" in refused.value.in_language("en")


def test_what_no_till_took_is_no_part_two(till: Till, clock: PlayedClock) -> None:
    unused, expired = till.form(100), till.form(100, statutory=True)
    with pytest.raises(Refused, match="000001"):
        till.collect(unused)
    clock.forward(days=31)
    till.renew(expired, till.supervisor)
    with pytest.raises(Refused, match="000002"):
        till.collect(expired)
    with pytest.raises(NotFound):
        till.collect("RF731904825535")
    with pytest.raises(NotAllowed):
        till.collect(unused, actor=till.clerk)


def test_missing_ones_are_listed_by_till_and_cashier(till: Till) -> None:
    till.settle(cash_tenders="现金")
    other = Actor(hiring(till.database)("7002", Role.CASHIER, "何静"), "8", till.clock)
    codes = [till.form(100) for _ in range(3)]
    for code, actor in zip(codes, (till.cashier, other, till.cashier), strict=True):
        till.redeem(code, till.receipt(100), actor=actor)
    cash = till.form(200, tender="现金")
    till.pay(cash, "cash", actor=other)
    till.collect(codes[0])
    assert missing(till) == [("8", "何静 7002", 2), ("8", "何静 7002", 4), ("9", "孙燕 7001", 3)]
    assert missing(till, TODAY + dt.timedelta(days=1)) == []


def test_a_stack_is_counted_over_by_two_people_and_names_what_is_missing(till: Till) -> None:
    codes = [till.form(100 * place) for place in range(1, 4)]
    for code in codes:
        till.redeem(code, till.receipt(300))
    for code in codes[:2]:
        till.collect(code)
    assert [(one.count, one.amount, len(one.missing), one.over) for one in stacks(till)] == [(2, 300, 1, 0)]
    handover = kept(till, hand_over(till))
    assert (handover.count, handover.amount, handover.missing, handover.till) == (2, 300, [3], "9")
    assert (handover.given_by, handover.counted_by) == (till.cashier.person.person_id, till.supervisor.person_id)
    assert [(one.count, one.amount, len(one.missing), one.over) for one in stacks(till)] == [(0, 0, 1, 2)]
    with pytest.raises(Refused):
        hand_over(till)


def test_a_late_part_two_goes_onto_the_next_handover(till: Till, clock: PlayedClock) -> None:
    early, late = till.form(100), till.form(300)
    for code in (early, late):
        till.redeem(code, till.receipt(300))
    till.collect(early)
    hand_over(till)
    clock.forward(days=1)
    till.collect(late)
    tomorrow = TODAY + dt.timedelta(days=1)
    assert [(one.count, one.amount, one.missing) for one in stacks(till, tomorrow)] == [(1, 300, ())]
    handover = kept(till, hand_over(till, day=tomorrow))
    assert (handover.count, handover.amount, handover.missing, handover.booked_on) == (1, 300, [], tomorrow)


def test_the_cashier_may_stand_at_the_screen_and_another_one_counts(till: Till) -> None:
    code = till.form(100)
    till.redeem(code, till.receipt(100))
    till.collect(code)
    cashier_id = till.cashier.person.person_id
    with pytest.raises(NotAllowed):
        hand_over(till, till.cashier, cashier_id=cashier_id)
    with pytest.raises(NotAllowed):
        hand_over(till, till.cashier, signer=till.clerk.person, cashier_id=cashier_id)
    handover = kept(till, hand_over(till, till.cashier, signer=till.supervisor, cashier_id=cashier_id))
    assert (handover.given_by, handover.counted_by) == (cashier_id, till.supervisor.person_id)


def test_an_approver_gives_the_stack_of_a_cashier_who_is_absent_and_another_cashier_does_not(till: Till) -> None:
    code = till.form(100)
    till.redeem(code, till.receipt(100))
    till.collect(code)
    cashier_id = till.cashier.person.person_id
    other = hiring(till.database)("7002", Role.CASHIER, "何静")
    with pytest.raises(NotAllowed):
        hand_over(till, signer=other, cashier_id=cashier_id)
    with pytest.raises(BadInput):
        hand_over(till, received_by=" ")
    handover = kept(till, hand_over(till, signer=till.manager, cashier_id=cashier_id))
    assert (handover.given_by, handover.count) == (till.manager.person_id, 1)


def stacks(till: Till, day: dt.date = TODAY) -> tuple[parts.Stack, ...]:
    return till.database.read(lambda s: parts.stacks(s, day))


def kept(till: Till, handover_id: int) -> PartTwoHandover:
    return till.database.read(
        lambda s: s.scalars(select(PartTwoHandover).where(PartTwoHandover.id == handover_id)).one()
    )
