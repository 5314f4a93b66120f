"""A week after the form, in small; the long one is in tests/bench."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from counterapp.core.database import Database
from tests.conftest import KEYS
from tests.e2e.evening import books
from tests.e2e.week import Week

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stations are forked")

_FORMS, _KILLS = 14, 7


def test_after_a_week_of_kills_and_jumping_clocks_every_number_is_there_once_and_the_money_adds_up(
    database: Database, tmp_path: Path
) -> None:
    url = database.url.render_as_string(hide_password=False)
    database.close()  # nothing of it may go along into the stations' processes
    told = Week(url, KEYS, tmp_path, _FORMS, _KILLS, 1 if database.is_sqlite else 2).live()
    assert told.kills > 0
    with Database(url, KEYS) as after:
        figures = books(after)
    assert figures["forms"] >= _FORMS
    assert figures["seals"] == 9
