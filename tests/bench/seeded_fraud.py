"""Ten patterns of fraud among 3,000 honest returns: how many are shown, and how many honest people are.

python -m tests.bench.seeded_fraud [--seeds 20] [--honest 3000]
python -m tests.bench.seeded_fraud --past 100000 [--databases sqlite postgresql]    how long the reading takes
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from collections import Counter
from dataclasses import replace

from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.database import Database
from counterapp.desks.returns.rules.risk_signals import signals
from counterapp.desks.returns.services import risk
from tests.bench.stock import clock, show, store
from tests.desks.returns.fraud import DAYS, TODAY, Story, seeded, write

_ACTOR = Actor(Signer(0, "5000", "店长", Role.STORE_MANAGER), "1", clock)


def tell(seeds: int, honest: int) -> None:
    """Show for each seed which frauds are told, and what is told of the honest, beside the same store without any."""
    missed: Counter[str] = Counter()
    told_of_honest: Counter[str] = Counter()
    in_clean_stores = 0
    for seed in range(seeds):
        story = seeded(seed, honest)
        found = signals(story.returns, story.sold, TODAY)
        not_told = [fraud.name for fraud in story.frauds if not any(fraud.is_told_by(one) for one in found)]
        innocent = [one.pattern.value for one in found if story.tells_of_honest(one)]
        clean = seeded(seed, honest, with_fraud=False)
        without = [one.pattern.value for one in signals(clean.returns, clean.sold, TODAY)]
        missed.update(not_told)
        told_of_honest.update(innocent)
        in_clean_stores += len(without)
        print(
            f"seed {seed:3}: {len(story.frauds) - len(not_told)} of {len(story.frauds)} shown"
            f"{' (not: ' + ', '.join(not_told) + ')' if not_told else ''}; honest ones shown: {innocent or 0};"
            f" without any fraud: {without or 0}"
        )
    shown = 10 * seeds - sum(missed.values())
    print(f"{shown} of {10 * seeds} shown; not: {dict(missed)}; honest ones: {dict(told_of_honest)}")
    print(f"in {seeds} stores without fraud {in_clean_stores} signals")


def measure(database: Database, past: int) -> None:
    """Read the report beside `past` cases: first a tenth of them in the days that are looked at, then all."""
    story = seeded(1, past // 10)
    older = [
        replace(one, case_id=one.case_id + 1_000_000 * age, receipt=one.receipt + 10_000_000 * age,
                day=one.day - dt.timedelta(days=DAYS * age))
        for age in range(1, 10)
        for one in story.returns
    ]  # fmt: skip
    write(database, Story((*story.returns, *older), story.sold, story.frauds))
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
    times: dict[str, list[float]] = {"report": [], "what waits": [], "cases behind one signal": []}
    for _ in range(5):
        start = time.perf_counter()
        told = database.read(lambda session: risk.report(session, _ACTOR))
        times["report"].append(time.perf_counter() - start)
    for _ in range(20):
        start = time.perf_counter()
        database.read(lambda session: risk.risk_of_waiting(session, told, _ACTOR.person))
        times["what waits"].append(time.perf_counter() - start)
        start = time.perf_counter()
        database.read(lambda session: risk.cases_behind(session, told.told[0].signal.cases))
        times["cases behind one signal"].append(time.perf_counter() - start)
    frauds = sum(any(fraud.is_told_by(one.signal) for one in told.told) for fraud in story.frauds)
    print(f"{past} cases, {told.count} of them in the last {DAYS} days; {len(told.told)} signals ({frauds} by subject)")
    for name, seconds in times.items():
        show(name, seconds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--honest", type=int, default=3_000)
    parser.add_argument("--past", type=int, default=0)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    asked = parser.parse_args()
    if not asked.past:
        tell(asked.seeds, asked.honest)
    for kind in asked.databases if asked.past else ():
        with store(kind, 100_000) as opened:
            print(kind)
            measure(opened, asked.past)
