"""Killed or failing at any moment around printing, every slip is known and every repeat says so. Long: tests/bench."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import pytest

from counterapp.core.database import Database
from counterapp.core.journal_verify import ends
from printers.document import repeated
from printers.profile import named
from printers.protocols import encode
from tests.conftest import KEYS
from tests.e2e.kills import hire
from tests.e2e.papers import CameOut, papers_of
from tests.e2e.printer_kills import audit, kill_printing
from tests.e2e.printing_day import slip_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the counters are forked")

_KILLS_AND_FAULTS = 24


def test_no_slip_is_unknown_and_every_repeat_says_that_it_is_one(sqlite_url: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "keys.json").write_text(json.dumps({"pepper": KEYS.pepper.hex(), "journal": KEYS.journal.hex()}))
    with Database(sqlite_url, KEYS, data) as store:
        assert store.heads is not None
        store.heads.replace(ends(store))
        hire(store)
    happened = kill_printing(data, _KILLS_AND_FAULTS, random.Random(1))
    with Database(sqlite_url, KEYS, data) as store:
        counts = audit(store, happened.printed)
        assert counts["records"] >= 3
        _one_that_is_noticed(store, happened.printed)


def _one_that_is_noticed(store: Database, printed: bytes) -> None:
    """A slip that came out once more without saying so, and one of which the store knows nothing."""
    start = printed.rindex(b"\x1b@\x1c&")
    for forged in (printed[start:], encode(slip_of("TK000000000000"), _T88)):
        with pytest.raises(AssertionError):
            audit(store, printed + forged)


_T88 = named("epson-tm-t88")


def test_slips_are_read_from_the_printers_bytes_with_their_mark() -> None:
    slip = slip_of("TK123427649012")
    first, again = encode(slip, _T88), encode(repeated(slip, "补打 2"), _T88)
    assert papers_of(first + again[: len(again) // 2] + first) == [
        CameOut("TK123427649012", 0, True),
        CameOut("TK123427649012", 2, False),
        CameOut("TK123427649012", 0, True),
    ]
