"""Lookup, verdict, submission, approval and form number in the services, without the PIN's hash.

python -m tests.bench.bench_returns [--receipts 100000] [--rounds 200]
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from counterapp.core.database import Database
from counterapp.core.receipts import Receipt
from counterapp.desks.returns.services import approval, details, drafting
from counterapp.return_forms.terms import Answer, Reason
from tests.bench.stock import main, number_of, people, show

T = TypeVar("T")


def measure(database: Database, rounds: int) -> None:
    """Take one faulty item of `rounds` receipts through to its form."""
    clerk, manager = people(database)
    times: dict[str, list[float]] = {}

    def timed(name: str, work: Callable[[], T]) -> T:
        start = time.perf_counter()
        answer = work()
        times.setdefault(name, []).append(time.perf_counter() - start)
        return answer

    def command(act: str, work: Callable[[Session], T]) -> T:
        return database.command(clerk, act, work)

    dice = random.Random(7)
    stored = database.read(lambda s: s.scalar(select(func.count()).select_from(Receipt))) or 0
    places = dice.sample(range(stored), rounds * 2)
    done = 0
    for place in places:
        case = timed(
            "open the return (draft)", lambda: command("o", lambda s: drafting.open_return(s, clerk, number_of(place)))
        )
        desk = timed(
            "look (lines, past returns, rules)",
            lambda: database.read(lambda s: details.get_return(s, case, clerk.today())),
        )
        line = next((one.line for one in desk.lines if one.line.category == "general"), None)
        if line is None:
            continue
        command("s", lambda s: drafting.choose_line(s, clerk, case, line.id, 1000))
        command(
            "d",
            lambda s: drafting.describe(
                s, clerk, case, line.id, reason=Reason.QUALITY_FAULT, answers={Answer.FAULT_CONFIRMED: True}
            ),
        )
        timed("all in order", lambda: command("a", lambda s: drafting.all_in_order(s, clerk, case, line.id)))
        seen = database.read(lambda s: details.get_return(s, case, clerk.today()))
        timed("submit", lambda: command("u", lambda s: drafting.submit(s, clerk, case, seen.case.revision)))
        seen = database.read(lambda s: details.get_return(s, case, clerk.today()))
        timed(
            "approve, number and form",
            lambda: command(
                "p", lambda s: approval.approve(s, clerk, manager, case, seen.case.revision, approval.TICKS)
            ),
        )
        done += 1
        if done == rounds:
            break
    for name, seconds in times.items():
        show(name, seconds)
    parts = ("open the return (draft)", "look (lines, past returns, rules)", "submit", "approve, number and form")
    show("together", [sum(of) for of in zip(*(times[part][-done:] for part in parts), strict=True)])


if __name__ == "__main__":
    main(measure)
