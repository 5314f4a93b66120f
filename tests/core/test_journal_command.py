"""`counterapp journal`: what IT runs to see whether anything was done behind the program's back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from counterapp.core import cases
from counterapp.core.actor import Actor
from counterapp.core.database import Database
from counterapp.core.journal_verify import ends
from tests.conftest import KEYS
from tests.test_command_line import Shell, shell

__all__ = ["shell"]  # a fixture of another module


@pytest.fixture
def worked(database: Database, clerk: Actor, tmp_path: Path) -> Iterator[Database]:
    """A store in which station 2 has done three things, and this PC knows it."""
    with Database(database.url.render_as_string(hide_password=False), KEYS, tmp_path / "data") as store:
        (tmp_path / "data").mkdir(exist_ok=True)
        assert store.heads is not None
        store.heads.replace(ends(store))
        for title in "abc":
            store.command(clerk, "case.open", lambda s, t=title: cases.open_case(s, clerk, "returns", "RC", t).id)  # type: ignore[misc]
        yield store


def test_a_journal_in_order_is_exit_0_and_a_count_by_station(worked: Database, shell: Shell) -> None:
    code, out, err = shell("journal", "verify")
    assert (code, err) == (0, "")
    assert out.splitlines() == ["Station 2: 3 entries, in order.", "Station console: 1 entry, in order."]


def test_the_first_bad_entry_is_exit_4_and_named(worked: Database, shell: Shell) -> None:
    _drop_guards(worked)
    with worked.engine.begin() as connection:
        connection.execute(text("UPDATE journal SET act = 'case.shut' WHERE chain = '2' AND seq >= 2"))
    code, out, err = shell("journal", "verify")
    assert (code, out) == (4, "Station console: 1 entry, in order.\n")
    assert err == ("Station 2: entry 2 of 2026-11-21 06:32:00 UTC (case.shut) was changed, or does not belong there.\n")


def test_an_older_state_put_back_is_found_and_may_be_noted_as_the_right_one(worked: Database, shell: Shell) -> None:
    _drop_guards(worked)
    with worked.engine.begin() as connection:
        connection.execute(text("DELETE FROM journal WHERE chain = '2' AND seq > 1"))
        connection.execute(text("UPDATE journal_heads SET seq = 1, mac = (SELECT mac FROM journal WHERE chain = '2')"
                                " WHERE chain = '2'"))  # fmt: skip
    code, _out, err = shell("journal", "verify")
    assert code == 4
    assert "cut off" in err
    assert shell("journal", "keep")[0] == 0
    code, _out, err = shell("journal", "verify")
    assert (code, err) == (0, "")
    # That it was noted stands in the journal itself, with what was known before.
    with worked.engine.connect() as connection:
        noted = connection.execute(text("SELECT CAST(changes AS text) FROM journal WHERE act = 'journal.keep'"))
        assert json.loads(noted.scalar_one())[0]["after"]["noted_before"]["2"] == 3


def test_what_was_changed_cannot_be_noted_as_right(worked: Database, shell: Shell) -> None:
    _drop_guards(worked)
    with worked.engine.begin() as connection:
        connection.execute(text("UPDATE journal SET act = 'case.shut' WHERE chain = '2' AND seq = 2"))
    assert shell("journal", "keep")[0] == 4
    assert shell("journal", "verify")[0] == 4


def test_stations_whose_end_another_pc_keeps_are_told(worked: Database, shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "data" / "journal.heads").unlink()
    code, out, err = shell("journal", "verify")
    if worked.is_sqlite:
        assert (code, len(err.splitlines())) == (4, 2)
    else:
        assert (code, err, out.count("at the PC of that station")) == (0, "", 2)


def _drop_guards(database: Database) -> None:
    with database.engine.begin() as connection:
        for act in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER keep_journal_{act}{'' if database.is_sqlite else ' ON journal'}"))
