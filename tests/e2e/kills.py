"""Days at the counter, killed at random moments, and what has to hold of the store afterwards."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

from counterapp.core import staff
from counterapp.core.actor import Role
from counterapp.core.database import Database
from counterapp.core.journal_verify import verify
from tests.e2e.day import CLERK, RECEIPTS, SUPERVISOR

ROOT = Path(__file__).parent.parent.parent
PIN = "271828"


@dataclass
class Told:
    """What came through the pipe: the steps that were acknowledged, the one that was under way, who was killed."""

    done: list[dict[str, Any]] = field(default_factory=list)
    tried: dict[str, Any] | None = None
    kills: int = 0
    killed_in: Counter[str] = field(default_factory=Counter)

    def take(self, line: dict[str, Any]) -> None:
        if "try" in line:
            self.tried = line["try"]
        elif "done" in line:
            self.done.append(line)
            self.tried = None


def hire(database: Database) -> None:
    """Give the store clerk and supervisor of the day."""
    pin_hash = staff.hash_pin(PIN, database.keys.pepper)
    for number, role in ((CLERK, Role.CLERK), (SUPERVISOR, Role.SUPERVISOR)):
        new = staff.NewPerson(number, number, role, PIN)
        database.run(functools.partial(staff.add_person, new=new, pin_hash=pin_hash))


def kill_days(data: Path, url: str, kills: int, dice: random.Random, longest: float = 0.5) -> Told:
    """Start the day `kills` times and kill it after at most `longest` seconds; then let it come to its end."""
    told = Told()
    with _days(data, url) as days:
        for _ in range(kills):
            _one(days, told, dice.randrange(2**32), dice.uniform(0, longest))
        _one(days, told, dice.randrange(2**32), None)
    return told


def _one(days: subprocess.Popen[str], told: Told, seed: int, seconds: float | None) -> None:
    assert days.stdin is not None
    assert days.stdout is not None
    order = {"again": told.tried, "seed": seed, "end": seconds is None}
    print(json.dumps(order), file=days.stdin, flush=True)
    child = json.loads(days.stdout.readline())["child"]
    if seconds is not None:
        # The pipe holds what is told meanwhile: some hundred lines.
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        told.kills += 1
    while "ended" not in (line := json.loads(days.stdout.readline())):
        told.take(line)
    assert line["ended"] == (0 if seconds is None else -signal.SIGKILL)
    if seconds is not None:
        told.killed_in[told.tried["act"] if told.tried else "between two steps"] += 1


@contextlib.contextmanager
def _days(data: Path, url: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.e2e.day", str(data), url]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as days:
        try:
            yield days
        finally:
            days.kill()


Rows = Callable[[str], list[tuple[Any, ...]]]


def audit(database: Database, told: Told) -> dict[str, int]:
    """Hold the store against what was acknowledged and against itself; return how much of what there is."""
    with database.engine.connect() as connection:

        def rows(sql: str) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in connection.execute(text(sql))]

        _nothing_acknowledged_is_lost(rows, told)
        _nothing_is_done_twice(rows, told)
        _nothing_is_half(rows)
        if database.is_sqlite:
            assert rows("PRAGMA integrity_check") == [("ok",)]
            assert rows("PRAGMA foreign_key_check") == []
        tables = ("journal", "cases", "return_forms", "receipts")
        counts = {name: rows(f"SELECT count(*) FROM {name}")[0][0] for name in tables}
    chains = verify(database)
    assert [str(chain.bad) for chain in chains if chain.bad is not None] == []
    assert sum(chain.entries for chain in chains) == counts["journal"]
    return counts


def _nothing_acknowledged_is_lost(rows: Rows, told: Told) -> None:
    commands = {key: json.loads(answer) for key, answer in rows("SELECT key, CAST(answer AS text) FROM commands")}
    forms: dict[int, list[int]] = {}
    for case, number in rows("SELECT case_id, number FROM return_forms ORDER BY number"):
        forms.setdefault(case, []).append(number)
    receipts = {number for (number,) in rows("SELECT number FROM receipts")}
    jobs: dict[int, str] = dict(rows("SELECT id, state FROM print_jobs"))
    for line in told.done:
        step, answer = line["done"], line["answer"]
        if step["act"] == "import":
            assert receipts >= {f"010107261118{n:04}" for n in range(step["of"]["first"], answer)}
        elif step["act"] == "print":
            assert jobs.get(step["of"]["job"]) in (_AFTER_SENDING if answer == "sending" else {answer})
        else:
            assert step["key"] in commands
            assert commands[step["key"]] == answer
        if step["act"] == "return.approve":
            assert forms.get(step["of"]["case"]) == answer


def _nothing_is_done_twice(rows: Rows, told: Told) -> None:
    """Each command whose answer was lost was asked for again: they are all there, once, and no other."""
    assert told.tried is None
    commands = [line["done"] for line in told.done if line["done"]["act"].startswith("return.")]
    assert sorted(step["key"] for step in commands) == sorted(key for (key,) in rows("SELECT key FROM commands"))
    journal = rows("SELECT act, count(*) FROM journal WHERE act <> 'store.make' AND refused IS NULL GROUP BY act")
    assert dict(journal) == Counter(step["act"] for step in commands)


def _nothing_is_half(rows: Rows) -> None:
    for what, sql in _HALF.items():
        assert rows(sql) == [], what
    assert rows("SELECT count(*) FROM receipts")[0][0] % RECEIPTS == 0
    numbers = [number for (number,) in rows("SELECT number FROM return_forms ORDER BY number")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert rows("SELECT last FROM number_series WHERE name = 'return_form'") == [(len(numbers),)]


_AFTER_SENDING = {"sending", "unknown", "printed"}

#: What there must be none of.
_HALF = {
    "a receipt without all its lines": """
        SELECT receipts.number FROM receipts LEFT JOIN receipt_lines ON receipt_id = receipts.id
        GROUP BY receipts.number, receipts.total
        HAVING count(receipt_lines.id) <> 2 OR sum(amount) <> receipts.total""",
    "a case that holds other goods than it says": """
        SELECT cases.id FROM cases
        LEFT JOIN (SELECT case_id, sum(quantity) AS wanted, sum(refund) AS fen FROM return_lines
                   WHERE effect <> 'refuse' GROUP BY case_id) AS lines ON lines.case_id = cases.id
        LEFT JOIN (SELECT case_id, sum(delta) AS held, sum(delta_fen) AS held_fen FROM line_claims
                   GROUP BY case_id) AS claims ON claims.case_id = cases.id
        WHERE CASE WHEN state IN ('waiting', 'approved')
                   THEN held IS NULL OR held <> wanted OR held_fen <> fen OR amount <> fen
                   ELSE coalesce(held, 0) <> 0 OR coalesce(held_fen, 0) <> 0 OR amount <> 0 END""",
    "an approved case without its one signature, its forms and their papers, or these without an approved case": """
        SELECT cases.id FROM cases
        LEFT JOIN (SELECT case_id, count(*) AS signed FROM approvals
                   WHERE decision = 'approved' GROUP BY case_id) AS signatures ON signatures.case_id = cases.id
        LEFT JOIN (SELECT return_forms.case_id, sum(amount) AS fen, count(*) AS forms, count(print_jobs.id) AS papers
                   FROM return_forms LEFT JOIN print_jobs ON print_jobs.id = job_id
                   GROUP BY return_forms.case_id) AS made ON made.case_id = cases.id
        WHERE CASE WHEN state = 'approved'
                   THEN signed IS NULL OR signed <> 1 OR fen IS NULL OR fen <> amount OR papers <> forms
                   ELSE signed IS NOT NULL OR forms IS NOT NULL END""",
    "a paper without its form": """
        SELECT print_jobs.id FROM print_jobs LEFT JOIN return_forms ON job_id = print_jobs.id
        WHERE return_forms.id IS NULL AND paper = 'form'""",
    "a line of an approved case that stands on no form, or one of another case that does": """
        SELECT return_lines.id FROM return_lines JOIN cases ON cases.id = return_lines.case_id
        LEFT JOIN return_form_lines ON return_line_id = return_lines.id
        WHERE (form_id IS NOT NULL) <> (state = 'approved' AND effect <> 'refuse')""",
    "a balance with a step missing": """
        SELECT line_id FROM line_claims GROUP BY line_id, pool HAVING count(*) <> max(seq) OR sum(delta) < 0""",
}
