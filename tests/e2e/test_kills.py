"""Killed at any moment, the counter has done what it said, and nothing by halves. The long one is in tests/bench."""

from __future__ import annotations

import contextlib
import copy
import json
import random
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest

from counterapp.core.database import Database
from counterapp.core.journal_verify import ends
from tests.conftest import KEYS
from tests.e2e.kills import Told, audit, hire, kill_days

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the days are forked")

_KILLS = 8
_LOST = (
    "DELETE FROM return_forms WHERE number = 1",
    "UPDATE return_forms SET number = 99 WHERE number = 2",
    "DELETE FROM return_form_lines",
    "DELETE FROM approvals WHERE decision = 'approved'",
    "DELETE FROM print_jobs",
    "DELETE FROM line_claims",
    "DELETE FROM receipt_lines WHERE line_no = 2",
    "DELETE FROM receipts WHERE id = (SELECT max(id) FROM receipts)",
    "DELETE FROM commands WHERE key = (SELECT max(key) FROM commands)",
    "DELETE FROM journal WHERE chain = '2' AND seq = (SELECT max(seq) FROM journal WHERE chain = '2')",
    "UPDATE cases SET amount = amount + 1 WHERE state = 'approved'",
    "UPDATE cases SET state = 'waiting' WHERE state = 'approved'",
)


def test_nothing_acknowledged_is_lost_and_nothing_is_half(database: Database, tmp_path: Path) -> None:
    data = tmp_path / "data"
    told = _killed(data, database.url.render_as_string(hide_password=False))
    with Database(database.url.render_as_string(hide_password=False), KEYS, data) as store:
        counts = audit(store, told)
    assert told.kills == _KILLS
    assert counts["return_forms"] >= 2


def test_what_is_lost_or_half_would_be_noticed(sqlite_url: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    told = _killed(data, sqlite_url)
    with Database(sqlite_url, KEYS) as store:
        audit(store, told)
    for place, lost in enumerate(_LOST):
        copied = Path(shutil.copytree(data, tmp_path / f"copy{place}"))
        with contextlib.closing(sqlite3.connect(copied / "store.db")) as raw:
            for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                raw.execute(f"DROP TRIGGER {name}")
            raw.execute(lost)
            raw.commit()
        with Database(f"sqlite:///{copied / 'store.db'}", KEYS) as store, pytest.raises(AssertionError):
            audit(store, copy.deepcopy(told))


def _killed(data: Path, url: str) -> Told:
    """Let the store at `url` go through a day with kills; it comes to its end with something approved."""
    data.mkdir(exist_ok=True)
    (data / "keys.json").write_text(json.dumps({"pepper": KEYS.pepper.hex(), "journal": KEYS.journal.hex()}))
    with Database(url, KEYS, data) as store:
        assert store.heads is not None
        store.heads.replace(ends(store))
        hire(store)
    return kill_days(data, "" if url.startswith("sqlite") else url, _KILLS, random.Random(1))
