"""Money at the till adds up to the fen, whatever is bought, in whatever order; and of all who race one wins."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from counterapp.core.database import Database
from counterapp.core.numbering import NumberSeries
from counterapp.desks.till.services.redeeming import Redeemed, shared
from counterapp.errors import CounterError, Refused
from counterapp.return_forms.models import FROM_GOODS, SERIES, FormClosure, Redemption, ReturnForm, Settlement
from tests.conftest import KEYS, PlayedClock
from tests.desks.till.till import Till


@pytest.fixture
def till(database: Database, clock: PlayedClock) -> Till:
    return Till(database, clock)


@given(amount=st.integers(0, 10**9), to_pay=st.integers(1, 10**9))
def test_what_is_used_and_what_is_left_are_the_form(amount: int, to_pay: int) -> None:
    used, rest = shared(amount, to_pay)
    assert used + rest == amount
    assert 0 <= used <= to_pay
    assert rest == 0 or used == to_pay


#: A purchase: how much it comes to, which of the forms in the customer's hand pays it (by place), whether it is
#: imported, and whether it is the same receipt once more.
_PURCHASES = st.lists(
    st.tuples(st.integers(1, 9000), st.integers(0, 9), st.booleans(), st.booleans()), min_size=3, max_size=10
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amounts=st.lists(st.integers(1, 20000), min_size=1, max_size=2),
    purchases=_PURCHASES,
    rest=st.sampled_from(["new_form", "forfeit", "pay"]),
    statutory=st.booleans(),
)
def test_over_chains_of_forms_money_in_is_money_out(
    till: Till,
    amounts: list[int],
    purchases: list[tuple[int, int, bool, bool]],
    rest: str,
    statutory: bool,
) -> None:
    till.settle(rest=rest)
    before = _sums(till)
    hand = [till.form(fen, statutory=statutory) for fen in amounts]
    receipts: dict[str, int] = {}
    for new_fen, place, imported, again in purchases:
        if not hand:
            break
        code = hand[place % len(hand)]
        if again and receipts:
            receipt_no, fen = next(reversed(receipts.items()))
        else:
            receipt_no, fen = till.receipt(new_fen) if imported else till.new_number(), new_fen
        try:
            done = till.redeem(code, receipt_no, fen, signer=till.supervisor)
        except Refused:
            assert again
            continue
        receipts[receipt_no] = fen
        hand.remove(code)
        assert done["used"] + done["rest"] == done["amount"]
        if done["rest_number"] is not None:
            hand.append(till.stored(done["rest_number"]).code)
    _hold(till)
    after = _sums(till)
    made, used, lapsed, paid, good = (now - then for now, then in zip(after, before, strict=True))
    assert made == sum(amounts) == used + lapsed + paid + good
    assert good == sum(till.look(code).amount for code in hand)
    assert lapsed == 0 or (rest == "forfeit" and not statutory)
    assert paid == 0 or rest == "pay"
    for receipt_no, fen in receipts.items():
        assert till.database.read(partial(_used_for, receipt_no)) <= fen


def _used_for(receipt_no: str, session: Session) -> int:
    return session.scalars(select(func.sum(Redemption.used)).where(Redemption.receipt_no == receipt_no)).one()


def _sums(till: Till) -> tuple[int, ...]:
    """Fen of the forms that goods came for, of goods taken, of what lapsed, of what was paid, of forms still good."""

    def sums(session: Session) -> tuple[int, ...]:
        def total(column: InstrumentedAttribute[int], *where: ColumnElement[bool]) -> int:
            return int(session.scalar(select(func.coalesce(func.sum(column), 0)).where(*where)) or 0)

        ended = select(FormClosure.form_id)
        return (
            total(ReturnForm.amount, ReturnForm.origin == FROM_GOODS),
            total(Redemption.used),
            total(Redemption.rest, Redemption.rest_how == "forfeited"),
            total(Redemption.rest, Redemption.rest_how == "paid") + total(Settlement.amount),
            total(ReturnForm.amount, ReturnForm.id.not_in(ended)),
        )

    return till.database.read(sums)


def _hold(till: Till) -> None:
    """Every number is there once, none is left out, and every rest is on its form."""
    numbers = till.database.read(lambda s: list(s.scalars(select(ReturnForm.number).order_by(ReturnForm.number))))
    last = till.database.read(lambda s: s.scalar(select(NumberSeries.last).where(NumberSeries.name == SERIES)))
    assert numbers == list(range(1, (last or 0) + 1))
    rests = select(Redemption.rest, ReturnForm.amount).join(ReturnForm, ReturnForm.id == Redemption.rest_form_id)
    assert all(rest == amount for rest, amount in till.database.read(lambda s: s.execute(rests).all()))


@pytest.fixture
def stations(postgres_url: str) -> Iterator[list[Database]]:
    """Four stations' connections to one store."""
    databases = [Database(postgres_url, KEYS) for _ in range(4)]
    yield databases
    for database in databases:
        database.close()


def test_of_four_tills_one_takes_the_form_and_the_others_hear_where(
    stations: list[Database], clock: PlayedClock
) -> None:
    till = Till(stations[0], clock)
    for _round in range(5):
        code, receipt_no = till.form(1000), till.new_number()
        told = _race(stations, till, [code] * len(stations), receipt_no, 600)
        winners = [said for said in told if isinstance(said, dict)]
        assert len(winners) == 1
        losers = [said for said in told if isinstance(said, Refused)]
        assert len(losers) == 3
        assert all("was used already" in said.in_language("en") and receipt_no in str(said) for said in losers)
    _hold(till)
    assert _sums(till)[:2] == (5000, 3000)


def test_two_forms_that_meet_on_one_receipt_pay_no_more_than_it_comes_to(
    stations: list[Database], clock: PlayedClock
) -> None:
    till = Till(stations[0], clock)
    for _round in range(5):
        codes, receipt_no = [till.form(700) for _ in stations], till.new_number()
        told = _race(stations, till, codes, receipt_no, 1000)
        used = [said["used"] for said in told if isinstance(said, dict)]
        assert sorted(used) == [300, 700]
        assert all(isinstance(said, dict | Refused) for said in told)


def _race(
    stations: list[Database], till: Till, codes: list[str], receipt_no: str, fen: int
) -> list[Redeemed | CounterError]:
    """Let every station redeem its code at the same moment; return what each got, or why not."""
    start = threading.Barrier(len(stations))

    def run(place: int) -> Redeemed | CounterError:
        there = till.at(stations[place], str(place + 1))
        start.wait()
        try:
            return there.redeem(codes[place], receipt_no, fen)
        except CounterError as error:
            return error

    with ThreadPoolExecutor(len(stations)) as threads:
        return list(threads.map(run, range(len(stations))))
