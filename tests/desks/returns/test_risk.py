"""The approver's view of risk: what stands out among the returns of a store, and who is shown what of it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.database import Database
from counterapp.core.staff import list_staff
from counterapp.desks.returns.rules.probability import normal, poisson, remarkable, spread
from counterapp.desks.returns.rules.risk_comparison import Pattern, Return, Signal
from counterapp.desks.returns.rules.risk_signals import concerning, signals
from counterapp.desks.returns.services import risk
from counterapp.desks.returns.services.drafting import set_phone
from tests.conftest import PlayedClock
from tests.desks.returns.fraud import MANAGERS, TODAY, Store, seeded, write
from tests.desks.returns.test_history import Store as Desk

_NOBODY = Signer(0, "0000", "甲", Role.STORE_MANAGER)


@given(st.integers(1, 60), st.floats(0.05, 50))
@settings(max_examples=60)
def test_the_chance_of_a_count_is_the_sum_of_its_tail(count: int, mean: float) -> None:
    tail = math.fsum(math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(count, count + 400))
    said = poisson(count, mean)
    assert said == 0.0 if count <= mean else math.isclose(math.exp(said), tail, rel_tol=1e-9)


@given(st.floats(0.1, 40), st.floats(0.1, 40))
@settings(max_examples=40)
def test_farther_from_the_mean_is_less_likely(one: float, other: float) -> None:
    near, far = sorted((one, other))
    assert normal(far) <= normal(near) < 0
    assert poisson(far + 5, 5) <= poisson(near + 5, 5)


def test_the_edges_of_the_normal_tail_meet() -> None:
    assert math.isclose(normal(29.999999), normal(30.0), rel_tol=1e-3)
    assert normal(0) == 0.0


def test_one_who_stands_out_does_not_hide_behind_their_own_distance() -> None:
    honest = [-1.6, -1.2, -0.8, -0.4, -0.1, 0.1, 0.3, 0.7, 1.1, 1.5]
    assert spread([*honest, 40.0]) < 3
    assert spread([4 * one for one in honest]) > 10
    assert spread([0.1]) == 1.0


def test_what_is_remarkable_depends_on_how_many_were_looked_at() -> None:
    chance = math.log(0.004)
    assert remarkable([chance, -0.1], 0.01) == chance
    assert remarkable([chance, *[-0.1] * 50], 0.01) == -math.inf


@pytest.mark.parametrize("seed", [3, 7])
def test_ten_frauds_among_three_thousand_returns_are_shown_and_honest_people_are_not(seed: int) -> None:
    story = seeded(seed)
    found = signals(story.returns, story.sold, TODAY)
    assert [fraud.name for fraud in story.frauds if not any(fraud.is_told_by(one) for one in found)] == []
    assert [one for one in found if story.tells_of_honest(one)] == []
    assert found == signals(story.returns, story.sold, TODAY)
    assert [one.surprise for one in found] == sorted((one.surprise for one in found), reverse=True)


def test_a_store_without_fraud_is_left_in_peace() -> None:
    story = seeded(4, with_fraud=False)
    assert signals(story.returns, story.sold, TODAY) == ()


def test_a_small_store_is_not_bothered_with_trifles() -> None:
    store = Store(5)
    store.fill(15)
    assert signals(_numbered(store.returns), {}, TODAY) == ()


def one_more(count: int, **changed: object) -> list[Return]:
    """An honest store of 600 returns, and `count` more that are alike in something."""
    store = Store(11)
    store.fill(600)
    for _ in range(count):
        store.put(lambda one: replace(one, **{"typed": False, "minutes": one.minutes or 9_000, **changed}))  # type: ignore[arg-type]
    return _numbered(store.returns)


def _numbered(returns: Sequence[Return]) -> list[Return]:
    return [replace(one, case_id=place) for place, one in enumerate(returns, start=1)]


@pytest.mark.parametrize(
    ("pattern", "subject", "changed"),
    [
        (Pattern.VOIDS, ("112",), {"clerk": 112, "voided": (112, 201)}),
        (Pattern.VOIDS_SIGNED, ("203",), {"approver": 203, "role": "supervisor", "voided": (113, 203)}),
        (Pattern.REPRINTS, ("112",), {"clerk": 112, "copies": 2}),
        (Pattern.OWN_SALES, ("112",), {"clerk": 112, "own_sale": True}),
        (Pattern.TILL, ("07",), {"till": "07"}),
        (Pattern.SOON_CASHIER, ("622",), {"cashier": "622", "minutes": 9}),
    ],
)
def test_each_of_the_others_is_told_with_the_cases_behind_it(
    pattern: Pattern, subject: tuple[str, ...], changed: dict[str, object]
) -> None:
    count = 120 if pattern is Pattern.TILL else 20
    returns = one_more(count, **changed)
    sold = {f"{number:02}": 8_000 for number in range(1, 13)}
    told = {(one.pattern, one.subject): one for one in signals(returns, sold, TODAY)}
    signal = told[pattern, subject]
    added = {one.case_id for one in returns[-count:]}
    assert added <= set(signal.cases)
    assert signal.amount == sum(one.amount for one in returns if one.case_id in set(signal.cases))
    assert signal.usual < signal.count


def test_a_manager_alone_in_the_role_is_held_against_their_own_earlier_days() -> None:
    store = Store(2)
    store.fill(900)
    alone = MANAGERS[0]
    returns = [replace(one, approver=alone) if one.role == "service_manager" else one for one in store.returns]
    assert not any(one.pattern is Pattern.OVERRIDES for one in signals(_numbered(returns), {}, TODAY))
    lately = [
        replace(one, overrides=True) if one.approver == alone and (TODAY - one.day).days < 30 else one
        for one in returns
    ]
    told = [one for one in signals(_numbered(lately), {}, TODAY) if one.pattern is Pattern.OVERRIDES]
    assert [(one.subject, one.days) for one in told] == [((str(alone),), 30)]


def test_what_became_void_is_not_the_customers_any_more() -> None:
    card = one_more(6, member="880099998888", phone="", day=TODAY)
    assert any(one.pattern is Pattern.CARD for one in signals(card, {}, TODAY))
    void = [replace(one, voided=(101, 201)) if one.member == "880099998888" else one for one in card]
    assert not any(one.pattern is Pattern.CARD for one in signals(void, {}, TODAY))


def test_a_card_with_its_phone_is_one_story() -> None:
    both = one_more(6, member="880099998888", phone="13911112222", day=TODAY)
    told = [one.pattern for one in signals(both, {}, TODAY) if one.pattern in {Pattern.CARD, Pattern.PHONE}]
    assert len(told) == 1


def test_only_what_concerns_a_case_stands_beside_it() -> None:
    keyed = _signal(Pattern.KEYED, "101")
    pair = _signal(Pattern.PAIR, "101", "202")
    overrides = _signal(Pattern.OVERRIDES, "202")
    card = _signal(Pattern.CARD, "8800")
    case = replace(Store(1).one(TODAY), clerk=101, keyed=True, approver=None, member="8800", overrides=False)
    found = (keyed, pair, overrides, card, _signal(Pattern.KEYED, "102"))
    assert concerning(found, case) == (keyed, pair, card)
    assert concerning(found, replace(case, keyed=False, approver=203, member="")) == ()
    assert concerning(found, replace(case, approver=202, overrides=True)) == (keyed, pair, overrides, card)


def _signal(pattern: Pattern, *subject: str) -> Signal:
    return Signal(pattern, subject, 9, 20, 2.0, 90, 5_000, 4.0, (3, 2, 1))


class TestReading:
    """What the services read of a store, on both databases."""

    @pytest.fixture
    def manager(self, clock: PlayedClock) -> Actor:
        return Actor(_NOBODY, "1", clock)

    def test_the_report_tells_what_the_records_say(self, database: Database, manager: Actor) -> None:
        story = seeded(3, 1_500)
        write(database, story)
        report = database.read(lambda s: risk.report(s, manager))
        ids = {person.number: str(person.id) for person in database.read(list_staff)}
        assert report.count == len(story.returns)
        told = {one.signal.pattern: one for one in report.told}
        assert told[Pattern.KEYED].names == ("员工107 107",)
        assert told[Pattern.PAIR].signal.subject == (ids["103"], ids["202"])
        assert told[Pattern.CARD].names == ("880099999901",)
        assert told[Pattern.RECEIPT].names == ("0101000000999903",)
        card = told[Pattern.CARD].signal
        behind = database.read(lambda s: risk.cases_behind(s, card.cases))
        assert [one.case_id for one in behind] == list(card.cases)
        assert sum(one.amount for one in behind) == card.amount
        assert {one.goods for one in behind} == {("洁丽雅毛巾",)}

        supervisor = Signer(int(ids["202"]), "202", "乙", Role.SUPERVISOR)
        seen = {one.signal.pattern for one in report.seen_by(supervisor).told}
        assert Pattern.KEYED in seen
        assert not {Pattern.PAIR, Pattern.OVERRIDES} & seen
        concerned = Signer(int(ids["204"]), "204", "丙", Role.SERVICE_MANAGER)
        assert Pattern.PAIR in {one.signal.pattern for one in report.seen_by(concerned).told}
        assert Pattern.OVERRIDES not in {one.signal.pattern for one in report.seen_by(concerned).told}
        clerk = Signer(int(ids["120"]), "120", "丁", Role.CLERK)
        assert {one.signal.pattern for one in report.seen_by(clerk).told} <= {
            Pattern.CARD, Pattern.PHONE, Pattern.RECEIPT, Pattern.LATE, Pattern.DEAR, Pattern.UNVERIFIED_PHONE,
            Pattern.TILL,
        }  # fmt: skip

    def test_what_the_desk_has_made_is_read_as_it_was(
        self, database: Database, clerk: Actor, supervisor: Signer, manager: Actor, clock: PlayedClock
    ) -> None:
        desk = Desk(database, clerk, supervisor)
        approved, waiting = desk.send(desk.sell("1", "M1"), "13812345678"), desk.send(desk.sell("2", "M2"))
        desk.approve(approved)
        phoned = desk.open(desk.sell("3"))
        database.command(clerk, "phone", lambda s: set_phone(s, clerk, phoned, "13800000000"))

        report = database.read(lambda s: risk.report(s, manager))
        assert (report.count, report.told) == (2, ())
        (beside,) = database.read(lambda s: risk.risk_of_waiting(s, report, manager.person)).items()
        since_sale = dt.timedelta(days=3) - dt.timedelta(hours=4, minutes=10)  # from 11-18 18:42 to 11-21 14:32
        assert beside == (waiting, risk.CaseRisk((), "", int(since_sale.total_seconds()) // 60, False))
        clock.forward(days=91)
        assert database.read(lambda s: risk.report(s, manager)).count == 1  # what waits is never too old

    def test_what_waits_is_told_with_what_stands_out_of_its_clerk(
        self, database: Database, clerk: Actor, supervisor: Signer, manager: Actor
    ) -> None:
        desk = Desk(database, clerk, supervisor)
        waiting = desk.send(desk.sell("1", "8800"))
        often = _signal(Pattern.CLERK_OFTEN, str(clerk.person.person_id))
        told = risk.SignalText(often, ("王丽 6012",))
        report = risk.Report((told,), 100, TODAY, manager.now())
        shown = database.read(lambda s: risk.risk_of_waiting(s, report, manager.person))
        assert shown[waiting].told == (told,)
        hidden = database.read(lambda s: risk.risk_of_waiting(s, report, clerk.person))
        assert hidden[waiting].told == ()
