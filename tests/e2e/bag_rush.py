"""A rush at bag check from some stations, printers pulled and programs killed meanwhile, and what has to hold."""

from __future__ import annotations

import contextlib
import functools
import io
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text

from counterapp.core.actor import Actor, Signer
from counterapp.core.database import Database
from counterapp.core.journal_verify import verify
from counterapp.desks.bagcheck.models import BagSheet
from counterapp.desks.bagcheck.services import days
from tests.e2e.bag_day import now
from tests.e2e.kills import ROOT
from tests.e2e.papers import tokens_of
from tests.printers.fake import FakePrinter, Mood, over_tcp

#: What becomes of a printer whose cable or paper is pulled.
_FAULTS = (Mood.RESETS, Mood.CLOSES, Mood.STALLS, Mood.MUTE, Mood.PAPER_OUT, Mood.COVER_OPEN, Mood.RUNS_OUT)


@dataclass
class Station:
    """A station of the rush: its name, its clerk's number, and what came of it."""

    name: str
    clerk: str
    kills: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    printed: bytes = b""
    trouble: BaseException | None = None


@dataclass(frozen=True)
class Rush:
    """How wild it gets: deposits a station, and how many kills and seconds between two faults at the most."""

    deposits: int
    kills: int
    pause: float
    patience: float


def run(data: Path, url: str, stations: list[Station], rush: Rush, seed: int) -> float:
    """Let the stations work at once until all is made and printed; return how many seconds it took."""
    began = time.monotonic()
    threads = [
        threading.Thread(target=_attended, args=(data, url, station, rush, random.Random(f"{seed} {station.name}")))
        for station in stations
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for station in stations:
        if station.trouble is not None:
            raise station.trouble
    return time.monotonic() - began


def _attended(data: Path, url: str, station: Station, rush: Rush, dice: random.Random) -> None:
    try:
        _attend(data, url, station, rush, dice)
    except BaseException as error:  # told to whoever waits for the thread
        station.trouble = error


def _attend(data: Path, url: str, station: Station, rush: Rush, dice: random.Random) -> None:
    paper = data / f"paper-{station.name}"
    paper.write_bytes(b"")
    until = time.monotonic() + rush.patience
    with over_tcp(FakePrinter()) as printer, paper.open("ab", buffering=0) as file, contextlib.ExitStack() as stack:
        printer.heard = lambda piece: _kept(file, piece)
        command = [sys.executable, "-m", "tests.e2e.bag_day", str(data), url, station.name, station.clerk]
        command += [printer.address, str(paper), str(rush.deposits)]
        log = stack.enter_context((data / f"log-{station.name}").open("ab"))
        program = subprocess.Popen(command, cwd=ROOT, stderr=log)
        stack.callback(lambda: program.kill())  # noqa: PLW0108 - the one that runs then
        while program.poll() is None:
            if time.monotonic() > until:
                raise TimeoutError(f"station {station.name} does not come to its end")
            _wait(program, dice.uniform(0, rush.pause))
            printer.mood = dice.choice(_FAULTS)
            station.faults[printer.mood.name] += 1
            _wait(program, dice.uniform(0, rush.pause))
            if station.kills < rush.kills and dice.random() < 0.25:
                program.kill()
                program.wait()
                station.kills += 1
                program = subprocess.Popen(command, cwd=ROOT, stderr=log)
            printer.mood = Mood.OK
        assert program.returncode == 0, (data / f"log-{station.name}").read_text()[-2000:]
    station.printed = paper.read_bytes()


def _wait(program: subprocess.Popen[bytes], seconds: float) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        program.wait(seconds)


def _kept(file: io.RawIOBase, piece: bytes) -> None:
    file.write(piece)


def audit(database: Database, stations: list[Station], deposits: int) -> dict[str, int]:
    """Hold the paper against the store, and close the day; return how much of what there is."""
    with database.engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT deposits.locker_code, deposits.ended_at IS NULL, print_jobs.id, print_jobs.state,"
                " print_jobs.copy FROM deposits LEFT JOIN print_jobs ON print_jobs.case_id = deposits.case_id"
                " AND print_jobs.paper = 'token'"
            )
        ).all()
    papers = [paper for station in stations for paper in tokens_of(station.printed)]
    came_out = Counter((paper.code, paper.copy) for paper in papers)
    whole = {(paper.code, paper.copy) for paper in papers if paper.whole}
    latest = {code: copy for code, _live, _id, _state, copy in rows}

    assert len(latest) == len(rows) == deposits, "a deposit is missing, or has two jobs"
    assert [code for code, _live, job, _state, _copy in rows if job is None] == [], "a deposit without its job"
    assert {state for _code, _live, _id, state, _copy in rows} == {"printed"}
    assert [one for one in papers if one.copy > latest.get(one.code, -1)] == [], "a slip that nobody knows of"
    assert [one for one, count in came_out.items() if count > 1] == [], "a repeat that does not say so"
    missing = [(code, copy) for code, copy in latest.items() if (code, copy) not in whole]
    assert missing == [], f"printed, and no pair of slips: {missing}"
    left = sum(bool(live) for _code, live, *_rest in rows)
    lost = _close(database, stations[0], deposits, left)
    return {
        "deposits": deposits,
        "pairs of slips": len(whole),
        "pairs broken off": len(papers) - len(whole),
        "repeats marked 补打": sum(1 for paper in papers if paper.whole and paper.copy),
        "lost tokens": lost,
        "left in lockers": left,
    }


def _close(database: Database, station: Station, deposits: int, left: int) -> int:
    """Sign the closing record, which has to add up; return how many tokens it says were lost."""
    with database.engine.connect() as connection:
        person = connection.execute(
            text("SELECT id, number, name, role FROM staff WHERE number = :number"), {"number": station.clerk}
        ).one()
    actor = Actor(Signer(*person), station.name, now)
    there = database.read(lambda s: days.still_there(s, actor))
    assert len(there) == len({one.locker for one in there}) == left, "a locker holds two"
    for one in there:
        explain = functools.partial(
            days.explain, actor=actor, deposit_id=one.deposit_id, revision=one.revision, text="顾客未回"
        )
        database.command(actor, "rush.explain", explain)
    sheet_id = database.command(actor, "rush.close", lambda s: days.sign_closing(s, actor))
    said = database.read(lambda s: s.get_one(BagSheet, sheet_id)).content
    assert said["taken"] == deposits
    assert said["opening"] + said["taken"] == said["collected"] + said["released"] + left
    assert [str(chain.bad) for chain in verify(database) if chain.bad is not None] == []
    return int(said["lost"])
