"""Stations race for the same things on PostgreSQL: one winner each, and afterwards the money adds up to the fen.

python -m tests.bench.contests [--contests 10000] [--stations 16] [--seed 1]

Each contest is one thing that only one may have: a form that is redeemed, paid, renewed or made void; a part 2; the
last piece on a receipt. All stations reach for it at the same moment, each as a process with connections of its own.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing as mp
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from counterapp.core.actor import Role
from counterapp.core.claims import LineClaim
from counterapp.core.database import Database
from counterapp.core.journal_verify import verify
from counterapp.core.numbering import NumberSeries
from counterapp.core.secrets_file import Keys
from counterapp.desks.returns.services import drafting, voiding
from counterapp.errors import Refused
from counterapp.return_forms.models import (
    FORFEITED,
    FROM_EXPIRED,
    FROM_GOODS,
    FROM_REST,
    IN_CASH,
    NEW_FORM,
    PAID,
    RENEWED,
    SERIES,
    VOID,
    FormClosure,
    PartTwo,
    Redemption,
    ReturnForm,
    Settlement,
)
from counterapp.return_forms.terms import Answer, Kind, Reason
from tests.bench.stock import NOW, store
from tests.conftest import PlayedClock, hiring
from tests.desks.till.till import TODAY, People, Till, hire_people, revision_of
from tests.return_forms.goods import Sold

#: What is raced for, and how many of a hundred contests are for it.
GOODS, CASH, EXPIRED, PART, PIECE = "goods", "cash", "expired", "part two", "last piece"
_SHARES: Final = {GOODS: 55, CASH: 15, EXPIRED: 10, PART: 15, PIECE: 5}
_LATER: Final = dt.timedelta(days=31)


@dataclass(frozen=True)
class Contest:
    """One thing to race for: the form's code, or the receipt's number; `receipt_no` of the new goods and their `fen`, or
    the fen of the last piece."""

    kind: str
    what: str
    receipt_no: str
    fen: int


@dataclass(frozen=True)
class Place:
    """A station of the race: where it stands, who works there, and what it draws its dice from."""

    index: int
    url: str
    keys: Keys
    people: People
    seed: int


def station(place: Place, kinds: list[str], barrier: Barrier, told: Queue[Any], given: Queue[Any]) -> None:
    """Prepare what is raced for (`kinds`), then race for everybody's; tell the outcome of each contest."""
    clock = PlayedClock(NOW)
    with Database(place.url, place.keys) as database:
        till = Till(database, clock, place.people, f"{place.index + 20:02}").at(database, f"{place.index + 1}")
        dice = random.Random(place.seed)
        told.put([_prepare(till, kind, dice) for kind in kinds])
        outcomes = []
        for contest in given.get():
            clock.now = NOW + (_LATER if contest.kind == EXPIRED else dt.timedelta())
            attempt = _attempt(till, contest, dice)
            barrier.wait(timeout=120)
            try:
                outcomes.append(attempt())
            except Refused as refused:
                outcomes.append(f"- {type(refused).__name__}")
        told.put(outcomes)


def _prepare(till: Till, kind: str, dice: random.Random) -> Contest:
    fen = dice.randint(100, 90_000)
    receipt_no, goods = till.new_number(), dice.randint(1, 100_000)
    if kind == PIECE:
        return Contest(kind, till.receipt(fen, TODAY - dt.timedelta(days=3)), receipt_no, fen)
    code = till.form(fen, statutory=kind == EXPIRED, tender="现金" if kind == CASH else "微信")
    if kind == PART:
        till.redeem(code, receipt_no, goods)
    return Contest(kind, code, receipt_no, goods)


def _attempt(till: Till, contest: Contest, dice: random.Random) -> Callable[[], str]:
    """Return what this station tries; it says what it did where it won."""
    code = contest.what

    def redeem() -> str:
        till.redeem(code, contest.receipt_no, contest.fen)
        return "redeemed"

    def pay() -> str:
        till.pay(code, IN_CASH, signer=till.manager)
        return "paid"

    def renew() -> str:
        till.renew(code, till.manager)
        return "renewed"

    def void() -> str:
        till.work(till.clerk, lambda s, a: voiding.void_form(s, a, till.manager, code, "单据填错", (1, 2, 3)))
        return "void"

    def collect() -> str:
        till.collect(code)
        return "collected"

    if contest.kind == PIECE:
        case_id = _case_on(till, contest.what)
        revision = till.database.read(lambda s: revision_of(s, case_id))

        def submit() -> str:
            till.work(till.clerk, lambda s, a: drafting.submit(s, a, case_id, revision))
            return "submitted"

        return submit
    choices: dict[str, list[Callable[[], str]]] = {
        GOODS: [redeem, redeem, void],
        CASH: [pay, pay, void],
        EXPIRED: [pay, renew, void],
        PART: [collect],
    }
    return dice.choice(choices[contest.kind])


def _case_on(till: Till, number: str) -> int:
    case_id = till.work(till.clerk, lambda s, a: drafting.open_return(s, a, number))
    line = till.work(till.clerk, lambda s, a: drafting.scan_goods(s, a, case_id, Sold().barcode))
    said = {Answer.FAULT_CONFIRMED: True}
    till.work(
        till.clerk,
        lambda s, a: drafting.describe(
            s, a, case_id, line, kind=Kind.REFUND, reason=Reason.QUALITY_FAULT, answers=said
        ),
    )
    till.work(till.clerk, lambda s, a: drafting.all_in_order(s, a, case_id, line))
    return case_id


def race(database: Database, contests: int, stations: int, seed: int) -> None:
    """Let the stations race and hold what they tell against what is stored."""
    till = Till(database, PlayedClock(NOW), hire_people(database))
    till.settle(cash_tenders="现金", service_manager_fen=100_000)
    hire = hiring(database)
    dice = random.Random(seed)
    kinds = dice.choices(list(_SHARES), list(_SHARES.values()), k=contests)
    context = mp.get_context("spawn")
    barrier, told = context.Barrier(stations), context.Queue()
    given = [context.Queue() for _ in range(stations)]
    url = database.url.render_as_string(hide_password=False)
    processes = []
    for index in range(stations):
        people = People(
            hire(f"61{index:02}", Role.CLERK), till.supervisor, till.second_supervisor, till.manager,
            hire(f"71{index:02}", Role.CASHIER),
        )  # fmt: skip
        place = Place(index, url, database.keys, people, seed * 1000 + index)
        own = kinds[index::stations]
        processes.append(context.Process(target=station, args=(place, own, barrier, told, given[index])))
    began = time.perf_counter()
    for process in processes:
        process.start()
    things: list[Contest] = [thing for _ in processes for thing in told.get(timeout=3600)]
    dice.shuffle(things)
    made = time.perf_counter()
    for queue in given:
        queue.put(things)
    outcomes = [told.get(timeout=3600) for _ in processes]
    over = time.perf_counter()
    for process in processes:
        process.join()
    _tell(things, outcomes, stations)
    pieces = sum(thing.fen for thing in things if thing.kind == PIECE)
    _audit(database, pieces, sum(thing.kind == PART for thing in things))
    print(f"prepared in {made - began:.0f} s, raced in {over - made:.0f} s")


def _tell(things: list[Contest], outcomes: list[list[str]], stations: int) -> None:
    won: dict[str, Counter[str]] = {kind: Counter() for kind in _SHARES}
    lost: Counter[str] = Counter()
    for thing, tries in zip(things, zip(*outcomes, strict=True), strict=True):
        winners = [said for said in tries if not said.startswith("-")]
        assert len(winners) == 1, f"{thing}: {tries}"
        won[thing.kind][winners[0]] += 1
        lost.update(said for said in tries if said.startswith("-"))
    print(f"{len(things)} contests of {stations} stations, exactly one winner each")
    for kind, counts in won.items():
        print(f"  {kind}:", ", ".join(f"{count} {how}" for how, count in counts.most_common()))
    print("  refused:", ", ".join(f"{count} {why[2:]}" for why, count in lost.most_common()))


def _audit(database: Database, pieces: int, parts: int) -> None:
    """Every number once, every fen accounted for, and the journal whole; `pieces` fen wait to be approved."""

    def look(session: Session) -> dict[str, int]:
        def total(column: InstrumentedAttribute[Any], *where: ColumnElement[bool]) -> int:
            return int(session.scalar(select(func.coalesce(func.sum(column), 0)).where(*where)) or 0)

        def rest(how: str) -> int:
            return total(Redemption.rest, Redemption.rest_how == how)

        ended = select(FormClosure.form_id)
        sums = {
            "in": total(ReturnForm.amount, ReturnForm.origin == FROM_GOODS),
            "used": total(Redemption.used),
            "forfeited": rest(FORFEITED),
            "paid": rest(PAID) + total(Settlement.amount),
            "void": total(FormClosure.amount, FormClosure.how == VOID),
            "good": total(ReturnForm.amount, ReturnForm.id.not_in(ended)),
        }
        assert rest(NEW_FORM) == total(ReturnForm.amount, ReturnForm.origin == FROM_REST)
        assert total(FormClosure.amount, FormClosure.how == RENEWED) == total(
            ReturnForm.amount, ReturnForm.origin == FROM_EXPIRED
        )
        last = session.scalars(select(NumberSeries.last).where(NumberSeries.name == SERIES)).one()
        assert list(session.scalars(select(ReturnForm.number).order_by(ReturnForm.number))) == list(range(1, last + 1))
        assert session.scalar(select(func.count()).select_from(PartTwo)) == parts
        assert total(LineClaim.delta_fen) == sums["in"] - sums["void"] + pieces, "a void form holds its goods still"
        return sums

    sums = database.read(look)
    assert sums["in"] == sum(sums.values()) - sums["in"], sums
    print("  fen:", ", ".join(f"{fen} {name}" for name, fen in sums.items()))
    chains = verify(database)
    assert [chain.bad for chain in chains if chain.bad] == []
    print(f"  journal: {len(chains)} chains whole")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--contests", type=int, default=10_000)
    parser.add_argument("--stations", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with store("postgresql", 0) as database:
        race(database, asked.contests, asked.stations, asked.seed)


if __name__ == "__main__":
    main()
