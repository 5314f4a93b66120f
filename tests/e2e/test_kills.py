"""Killed at any moment, the counter has done what it said, and nothing by halves. The long one is in tests/bench."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import pytest

from counterapp.core.database import Database
from counterapp.core.journal_verify import ends
from tests.conftest import KEYS
from tests.e2e.kills import audit, hire, kill_days

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the days are forked")

_KILLS = 12


def test_nothing_acknowledged_is_lost_and_nothing_is_half(database: Database, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(exist_ok=True)
    (data / "keys.json").write_text(json.dumps({"pepper": KEYS.pepper.hex(), "journal": KEYS.journal.hex()}))
    address = database.url.render_as_string(hide_password=False)
    with Database(address, KEYS, data) as store:
        assert store.heads is not None
        store.heads.replace(ends(store))
        hire(store)
        told = kill_days(data, "" if store.is_sqlite else address, _KILLS, random.Random(1))
        counts = audit(store, told)
    assert told.kills == _KILLS
    assert len(told.done) >= _KILLS
    assert counts["return_forms"] >= 1
