"""Kills and faults at random moments around printing, and what has to hold of store and paper afterwards."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text

from counterapp.core.database import Database
from tests.e2e.kills import ROOT
from tests.e2e.papers import papers_of
from tests.printers.fake import FakePrinter, Mood, over_tcp

_FAULTS = [mood for mood in Mood if mood not in (Mood.OK, Mood.NEAR_END)]


@dataclass
class Happened:
    """How often the program was killed, what the printer did meanwhile, and what it printed."""

    kills: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    printed: bytes = b""


def kill_printing(data: Path, times: int, dice: random.Random, longest: float = 0.5) -> Happened:
    """Open the counter `times` times and, each time, kill it or let the printer fail; then let it come to its end."""
    happened = Happened()
    paper = data / "paper"
    paper.write_bytes(b"")
    with over_tcp(FakePrinter()) as printer, paper.open("ab", buffering=0) as file, _days(data, printer, paper) as days:
        printer.heard = lambda piece: _kept(file, piece)
        done = 0
        while done < times:
            done += _one(days, printer, dice, happened, longest)
        printer.mood = Mood.OK
        _order(days, end=True)
        assert _ended(days) == 0
    happened.printed = paper.read_bytes()
    return happened


def _kept(file: io.RawIOBase, piece: bytes) -> None:
    file.write(piece)


def _one(
    days: subprocess.Popen[str], printer: FakePrinter, dice: random.Random, happened: Happened, longest: float
) -> int:
    """Let the counter work for a while through some faults of the printer, and kill it; return how much that was."""
    child = _order(days, end=False)
    faults = dice.choice((0, 0, 1, 2, 2))
    for _fault in range(faults):
        time.sleep(dice.uniform(0, longest))
        printer.mood = dice.choice(_FAULTS)
        happened.faults[printer.mood.name] += 1
        time.sleep(dice.uniform(0, longest))
        if dice.random() < 0.8:
            printer.mood = Mood.OK
    time.sleep(dice.uniform(0, longest))
    os.kill(child, signal.SIGKILL)
    happened.kills += 1
    assert _ended(days) == -signal.SIGKILL
    if dice.random() < 0.8:
        printer.mood = Mood.OK
    return faults + 1


def _order(days: subprocess.Popen[str], *, end: bool) -> int:
    assert days.stdin is not None
    assert days.stdout is not None
    print(json.dumps({"end": end}), file=days.stdin, flush=True)
    child = int(json.loads(days.stdout.readline())["child"])
    assert json.loads(days.stdout.readline())["ready"]
    return child


def _ended(days: subprocess.Popen[str]) -> int:
    assert days.stdout is not None
    return int(json.loads(days.stdout.readline())["ended"])


@contextlib.contextmanager
def _days(data: Path, printer: FakePrinter, paper: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.e2e.printing_day", str(data), printer.address, str(paper)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as days:
        try:
            yield days
        finally:
            days.kill()


def audit(database: Database, printed: bytes) -> dict[str, int]:
    """Hold the paper against the store; return how much of what there is."""
    with database.engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT cases.code, print_jobs.id, print_jobs.state, print_jobs.copy FROM cases "
                "LEFT JOIN print_jobs ON print_jobs.case_id = cases.id"
            )
        )
        jobs = [tuple(row) for row in rows]
    papers = papers_of(printed)
    came_out = Counter((paper.code, paper.copy) for paper in papers)
    latest = {code: copy for code, _id, _state, copy in jobs}

    assert [code for code, job, _state, _copy in jobs if job is None] == [], "a record without its job"
    assert len(latest) == len(jobs), "a record with two jobs"
    assert [paper for paper in papers if paper.copy > latest.get(paper.code, -1)] == [], "a slip nobody knows of"
    assert [twice for twice, count in came_out.items() if count > 1] == [], "a repeat that does not say so"
    assert {state for _code, _id, state, _copy in jobs} <= {"printed"}
    whole = {(paper.code, paper.copy) for paper in papers if paper.whole}
    missing = [(code, copy) for code, copy in latest.items() if (code, copy) not in whole]
    assert missing == [], f"printed, and no paper: {missing}, {[paper for paper in papers if not paper.whole]}"
    return {
        "records": len(jobs),
        "slips": len(whole),
        "slips in pieces": len(papers) - len(whole),
        "repeats": sum(1 for paper in papers if paper.copy),
    }
