"""A small rush at bag check with printers that fail and a program that is killed. Long: tests/bench/bench_bagcheck."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from counterapp.core.database import Database
from counterapp.core.journal_verify import ends
from tests.conftest import KEYS
from tests.e2e.bag_rush import Rush, Station, audit, run
from tests.e2e.day import CLERK
from tests.e2e.kills import hire
from tests.e2e.papers import tokens_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed as Windows does not")

_DEPOSITS = 60
_START = b"\x1b@\x1c&"


def test_every_pair_of_slips_of_a_rush_is_accounted_for(sqlite_url: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "keys.json").write_text(json.dumps({"pepper": KEYS.pepper.hex(), "journal": KEYS.journal.hex()}))
    with Database(sqlite_url, KEYS, data) as store:
        assert store.heads is not None
        store.heads.replace(ends(store))
        hire(store)
    station = Station("2", CLERK)
    run(data, "", [station], Rush(_DEPOSITS, kills=1, pause=1.0, patience=120), seed=1)
    assert station.faults
    with Database(sqlite_url, KEYS, data) as store:
        counts = audit(store, [station], _DEPOSITS)
        assert counts["pairs of slips"] >= _DEPOSITS
        _one_that_is_noticed(store, station)


def _one_that_is_noticed(store: Database, station: Station) -> None:
    """A pair that came out once more without saying so."""
    pieces = (_START + piece for piece in station.printed.split(_START))
    again = next(piece for piece in pieces if any(paper.whole for paper in tokens_of(piece)))
    forged = Station(station.name, station.clerk, printed=station.printed + again)
    with pytest.raises(AssertionError, match="does not say so"):
        audit(store, [forged], _DEPOSITS)
