"""Bag check: service times beside a million past deposits, and the rush of an opening hour from two stations.

python -m tests.bench.bench_bagcheck [--past 1000000] [--rounds 500] [--rush 2000] [--databases sqlite postgresql]
python -m tests.bench.bench_bagcheck --pulled 2000

The second is the rush with real print workers, whose printers are pulled and whose programs are killed meanwhile.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import multiprocessing
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import func, insert, select

from counterapp.core.actor import CONSOLE, Actor, Role, Signer
from counterapp.core.cases import Case
from counterapp.core.database import Database
from counterapp.core.journal_heads import FILE, HeadFile
from counterapp.core.journal_verify import ends, verify
from counterapp.core.print_queue import PrintJob
from counterapp.core.secrets_file import Keys
from counterapp.desks.bagcheck.models import BagSheet, Deposit, Locker
from counterapp.desks.bagcheck.rules import Piece, Size
from counterapp.desks.bagcheck.services import collecting, days, depositing, figures, locker_setup, lost_tokens
from counterapp.desks.bagcheck.services.lost_tokens import LosingCustomer
from tests.bench.stock import NOW, TODAY, clock, people, show, store
from tests.conftest import hiring
from tests.e2e.bag_rush import Rush, Station, audit, run

T = TypeVar("T")
_LOCKERS = 400
_CHUNK = 10_000
_LOSER = LosingCustomer("张三", "人民路88号", "13812345678", "3021")


class Bench:
    """Times commands and readings by name."""

    def __init__(self, database: Database, actor: Actor) -> None:
        self.database, self.actor = database, actor
        self.times: dict[str, list[float]] = {}

    def do(self, name: str, verb: Callable[..., T], *args: Any) -> T:
        return self._timed(
            name, lambda: self.database.command(self.actor, f"bag.{name}"[:40], lambda s: verb(s, self.actor, *args))
        )

    def ask(self, name: str, verb: Callable[..., T], *args: Any) -> T:
        return self._timed(name, lambda: self.database.read(lambda s: verb(s, self.actor, *args)))

    def _timed(self, name: str, work: Callable[[], T]) -> T:
        start = time.perf_counter()
        answer = work()
        self.times.setdefault(name, []).append(time.perf_counter() - start)
        return answer

    def code(self, deposit_id: int) -> str:
        found = select(Case.code).join(Deposit, Deposit.case_id == Case.id).where(Deposit.id == deposit_id)
        return self.database.read(lambda s: s.scalars(found).one())

    def revision(self, deposit_id: int) -> int:
        return self.database.read(lambda s: collecting.get_deposit(s, self.actor, deposit_id)).revision


def fill(database: Database, person_id: int, past: int) -> None:
    """Lay out 400 lockers and put `past` collected deposits of the last days before them, 2,000 a day."""
    sizes = [Size.SMALL] * 240 + [Size.MEDIUM] * 120 + [Size.LARGE] * 40
    rows = "\n".join(f"{number},{size},A区" for number, size in enumerate(sizes, start=1))
    boss = Actor(CONSOLE, "console", clock)
    database.command(boss, "lay", lambda s: locker_setup.lay_out(s, boss, f"number,size,place\n{rows}\n"))
    lockers = database.read(lambda s: s.scalars(select(Locker.id).where(Locker.laid_out)).all())
    for start in range(0, past, _CHUNK):
        cases, deposits = [], []
        for place in range(start, min(start + _CHUNK, past)):
            day = TODAY - dt.timedelta(days=1 + place // 2000)
            begin = dt.datetime.combine(day, dt.time(1 + place % 12, place % 60), dt.UTC)
            end = begin + dt.timedelta(minutes=40 + place % 90)
            cases.append(
                {
                    "id": place + 1, "desk": "bagcheck", "code": f"BT{place:012}", "state": "collected", "title": "17",
                    "amount": 0, "prepared_by": person_id, "station": "2", "opened_at": begin, "changed_at": end,
                    "revision": 2,
                }
            )  # fmt: skip
            deposits.append(
                {
                    "id": place + 1, "case_id": place + 1, "locker_id": lockers[place % _LOCKERS],
                    "locker_code": f"BL{place:012}", "pieces": 1, "description": "", "deposited_at": begin,
                    "deposited_on": day, "deposited_hour": 9 + place % 12, "explanation": "", "ended_at": end,
                    "ended_on": day, "ended_by": person_id, "voided": False,
                }
            )  # fmt: skip
        database.run(lambda s: (s.execute(insert(Case), cases), s.execute(insert(Deposit), deposits)))
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in ("cases", "deposits"):
                connection.exec_driver_sql(f"SELECT setval('{table}_id_seq', {past + 1})")
            connection.exec_driver_sql("VACUUM ANALYZE")


def single(database: Database, actor: Actor, rounds: int) -> None:
    """One station: each verb by itself, with some two hundred lockers taken."""
    bench = Bench(database, actor)
    held = [bench.do("deposit, first 200", depositing.deposit, Size.SMALL)["deposit"] for _ in range(200)]
    dice = random.Random(3)
    for _ in range(rounds):
        held.append(bench.do("deposit (locker, case, slips, journal)", depositing.deposit, Size.SMALL)["deposit"])
        leaving = held.pop(dice.randrange(len(held)))
        seen = bench.ask("scan (find by code)", collecting.find_by_code, bench.code(leaving))
        assert isinstance(seen, collecting.DepositDetails)
        bench.do("collect", collecting.collect, leaving, seen.revision)
    for _ in range(50):
        bench.ask("locker map, 400", figures.locker_map)
        bench.ask("today's curve", figures.todays_curve)
        bench.ask("busy hours, 12 weeks", figures.busy_hours)
        bench.ask("still there, 200", days.still_there)
    for leaving in held:
        bench.do("collect, last 200", collecting.collect, leaving, bench.revision(leaving))
    for name, seconds in bench.times.items():
        show(name, seconds)


def station(url: str, keys: Keys, who: Signer, name: str, rush: int, out: Any) -> None:
    """One station of the rush: deposits and collections as they come, every 40th token lost on the way."""
    with Database(url, keys) as database:
        bench = Bench(database, Actor(who, name, clock))
        dice, held, lost, gone = random.Random(name), [], 0, 0
        for count in range(rush):
            held.append(bench.do("deposit", depositing.deposit, Size.SMALL)["deposit"])
            while held and (len(held) > 100 or dice.random() < 0.45):
                leaving = held.pop(dice.randrange(len(held)))
                gone += 1
                if gone % 40 == 0:
                    _lose(bench, leaving, f"{name}-{count}")
                    lost += 1
                bench.do("collect", collecting.collect, leaving, bench.revision(leaving))
        out.put((name, lost, held, bench.times))


def rush(database: Database, clerks: list[Signer], count: int) -> None:
    """Run the stations at once, close the day, and hold everything against everything."""
    before = _counts(database)
    waiting = multiprocessing.get_context("spawn").Queue()
    url = database.url.render_as_string(hide_password=False)
    stations = [
        multiprocessing.get_context("spawn").Process(
            target=station, args=(url, database.keys, who, f"{number}", count // len(clerks), waiting)
        )
        for number, who in enumerate(clerks, start=1)
    ]
    began = time.perf_counter()
    for process in stations:
        process.start()
    told = [waiting.get(timeout=1800) for _ in stations]
    for process in stations:
        process.join()
    seconds = time.perf_counter() - began
    for verb in ("deposit", "collect"):
        show(f"rush, {len(clerks)} station(s): {verb}", [t for _n, _l, _h, times in told for t in times[verb]])
    held = {one for _n, _l, left, _t in told for one in left}
    lost = sum(number for _n, number, _h, _t in told)
    bench = Bench(database, Actor(clerks[0], "1", clock))
    left = bench.ask("", days.still_there)
    assert {one.deposit_id for one in left} == held, "a deposit is lost, or is there that nobody made"
    assert len({one.locker for one in left}) == len(left), "a locker holds two"
    for one in left:
        bench.do("", days.explain, one.deposit_id, one.revision, "顾客未回")
    sheet_id = bench.do("", days.sign_closing)
    sheet = database.read(lambda s: s.get_one(BagSheet, sheet_id)).content
    after = _counts(database)
    made, slips, ended = (later - earlier for later, earlier in zip(after, before, strict=True))
    assert made == count // len(clerks) * len(clerks)
    assert slips == made, "a deposit without its slips, or slips without a deposit"
    assert ended == made - len(held)
    assert sheet["opening"] + sheet["taken"] == sheet["collected"] + sheet["released"] + len(left)
    assert sheet["lost"] == lost
    assert [chain.bad for chain in verify(database) if chain.bad] == []
    print(
        f"{made} deposits, {ended} collections, {lost} lost tokens in {seconds:.1f} s; {slips} pairs of slips; closing:"
        f" {sheet['opening']} + {sheet['taken']} = {sheet['collected']} + {sheet['released']} + {len(left)} left"
    )


def pulled(kind: str, count: int, seed: int) -> None:
    """Let the stations make `count` deposits through faults of their printers and kills, and account for every slip."""
    with store(kind, 0) as database, tempfile.TemporaryDirectory(prefix="bag-rush-") as folder:
        clerk, _manager = people(database)
        fill(database, clerk.person.person_id, 0)
        clerks = [clerk.person.number]
        if kind == "postgresql":
            clerks.append(hiring(database)("6013", Role.CLERK, "赵敏").number)
        own = database.url.database if database.is_sqlite else None
        data = Path(own).parent if own else Path(folder)
        secrets = {"pepper": database.keys.pepper.hex(), "journal": database.keys.journal.hex()}
        (data / "keys.json").write_text(json.dumps(secrets))
        url = "" if own else database.url.render_as_string(hide_password=False)
        HeadFile(data / FILE, database.keys.journal).replace(ends(database))
        database.close()
        stations = [Station(f"{number}", who) for number, who in enumerate(clerks, start=1)]
        seconds = run(data, url, stations, Rush(count // len(clerks), kills=20, pause=2.0, patience=3000), seed)
        counts = audit(database, stations, count // len(clerks) * len(clerks))
    kills, faults = sum(one.kills for one in stations), sum(sum(one.faults.values()) for one in stations)
    print(f"{kind}, {len(stations)} station(s), {kills} kills and {faults} faults of the printers in {seconds:.0f} s:")
    print("  ", ", ".join(f"{number} {name}" for name, number in counts.items()))
    for one in stations:
        print(f"   station {one.name}:", ", ".join(f"{name} {number}" for name, number in one.faults.most_common()))


def _lose(bench: Bench, deposit_id: int, receipt: str) -> None:
    keys = bench.database.keys
    bench.do("report lost", lost_tokens.report_lost, deposit_id, bench.revision(deposit_id), Piece.CUSTOMER)
    bench.do("tell", lost_tokens.tell, deposit_id, bench.revision(deposit_id), "黑色双肩包")
    bench.do(
        "charge", lambda s, actor: lost_tokens.charge(s, actor, keys, deposit_id, bench.revision(deposit_id), _LOSER)
    )
    bench.do("receipt", lost_tokens.receive_penalty, deposit_id, bench.revision(deposit_id), receipt, 500)


def _counts(database: Database) -> tuple[int, int, int]:
    def count(*what: Any) -> int:
        return database.read(lambda s: s.scalar(select(func.count()).select_from(what[0]).where(*what[1:]))) or 0

    return count(Deposit), count(PrintJob, PrintJob.paper == "token"), count(Deposit, Deposit.ended_at.is_not(None))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--past", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--rush", type=int, default=2000)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--pulled", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for kind in asked.databases:
        if asked.pulled:
            pulled(kind, asked.pulled, asked.seed)
            continue
        with store(kind, 0) as database:
            clerk, _manager = people(database)
            fill(database, clerk.person.person_id, asked.past)
            print(f"{kind}, {_LOCKERS} lockers, {asked.past} past deposits, {NOW:%Y-%m-%d}")
            single(database, clerk, asked.rounds)
            clerks = [clerk.person]
            if kind == "postgresql":
                pin = hiring(database)
                clerks.append(pin("6013", Role.CLERK, "赵敏"))
            rush(database, clerks, asked.rush)


if __name__ == "__main__":
    main()
