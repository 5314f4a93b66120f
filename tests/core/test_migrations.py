"""The tables that migrations make are the tables that the program means."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from counterapp.app import metadata
from counterapp.core import migrate
from counterapp.core.actor import Actor
from counterapp.core.database import Database
from counterapp.core.journal_verify import verify
from counterapp.core.migrate import HEAD
from counterapp.desks.returns.services import details, drafting
from counterapp.errors import Refused, Trouble
from tests.conftest import KEYS, PlayedClock, hiring
from tests.limits import file_size_limit
from tests.newer import ADD, newer_program
from tests.return_forms.goods import Sold, sell

Newer = Callable[[str], None]


def test_a_migrated_database_is_what_the_program_means(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata()) == []


def test_every_guard_of_the_database_is_there(database: Database) -> None:
    guards = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with database.engine.connect() as connection:
        names = set(connection.execute(text(guards[connection.dialect.name])).scalars())
    grown = (
        "journal",
        "line_claims",
        "approvals",
        "receipts",
        "receipt_lines",
        "store_settings",
        "rule_books",
        "bag_sheets",
        "return_forms",
        "form_ends",
        "form_redemptions",
        "form_settlements",
        "form_voids",
        "form_renewals",
        "exit_checks",
        "stock_lines",
        "floor_sheet_lines",
        "day_seals",
    )
    kept = (
        "cases",
        "staff",
        "number_series",
        "print_jobs",
        "deposits",
        "lockers",
        "lost_tokens",
        "tags",
        "part_twos",
        "part_two_handovers",
        "red_letter_tasks",
        "stock_files",
        "floor_notices",
        "floor_sheets",
        "return_days",
    )
    wanted = {f"keep_{table}_{act}" for table in grown for act in ("update", "delete")}
    wanted |= {f"keep_{table}_delete" for table in kept} | {
        "keep_cases_update_of_prepared_by",
        "keep_deposits_update_of_deposited_on",
        "keep_return_forms_out_of_closed_days",
        "keep_form_ends_out_of_closed_days",
    }
    assert names == wanted


def test_the_program_knows_its_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate._FOLDER))
    assert ScriptDirectory.from_config(config).get_current_head() == migrate.HEAD


def test_a_database_newer_than_the_program_is_left_alone(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Trouble):
        migrate.bring_up_to_date(database)
    assert migrate.revision_of(database) == "9999"


def test_a_store_up_to_date_is_not_copied(database: Database, tmp_path: Path) -> None:
    migrate.bring_up_to_date(database)
    assert not list(tmp_path.rglob("*before*"))


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Newer:
    """Make the program one migration newer: `newer("op.execute('…')")`."""

    def make(work: str) -> None:
        newer_program(monkeypatch, tmp_path, work)

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: PlayedClock) -> Iterator[Database]:
    """A store on each database with somebody, a return that waits, and a journal; its data folder is `data`."""
    folder = tmp_path / "data"
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    folder.mkdir(exist_ok=True)
    with Database(url, KEYS, folder) as database:
        clerk = Actor(hiring(database)("6012", name="王丽"), "2", clock)
        (line,) = sell(database, Sold())
        case = database.command(clerk, "o", lambda s: drafting.open_return(s, clerk, "0101072611180387"))
        database.command(clerk, "c", lambda s: drafting.choose_line(s, clerk, case, line, 1000))
        yield database


def test_a_copy_that_opens_as_a_store_is_kept_before_a_migration(
    store: Database, newer: Newer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(store)
    newer(ADD)
    migrate.bring_up_to_date(store)
    assert migrate.revision_of(store) == migrate.HEAD
    (copy,) = tmp_path.rglob("*before*")
    assert copy.name == f"store-before-{migrate.HEAD}-from-{HEAD}.db"
    assert copy.parent == tmp_path / "data"
    with contextlib.closing(sqlite3.connect(copy)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert opened.execute("SELECT name FROM sqlite_master WHERE name = 'added'").fetchall() == []

    monkeypatch.setattr(migrate, "HEAD", HEAD)
    with Database(f"sqlite:///{copy}", KEYS, tmp_path) as former:
        assert migrate.revision_of(former) == HEAD
        assert rows(former) == before
        assert [chain.bad for chain in verify(former, outside=False)] == [None, None]
        assert former.read(lambda s: details.get_return(s, before["cases"][0][0], dt.date(2026, 11, 21))).chosen


def rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that stands in the database's tables, as the program reads it."""

    def read(session: Session) -> dict[str, list[tuple[Any, ...]]]:
        tables = metadata().sorted_tables
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
            for table in tables
        }

    return database.read(read)


def test_a_copy_is_told_of_and_may_be_broken_off_before_anything_is_changed(
    store: Database, newer: Newer, tmp_path: Path
) -> None:
    newer(ADD)
    told: list[migrate.Stage] = []

    def tell(stage: migrate.Stage, share: float | None) -> None:
        assert share is None or 0 <= share <= 1
        told.append(stage)

    with pytest.raises(Refused):
        migrate.bring_up_to_date(store, tell, lambda: migrate.Stage.COPYING in told)
    assert migrate.revision_of(store) == HEAD
    assert list(tmp_path.rglob("*.part*")) == []
    assert migrate.Stage.CHANGING not in told

    migrate.bring_up_to_date(store, tell, lambda: migrate.Stage.CHANGING in told)
    assert migrate.revision_of(store) == migrate.HEAD
    assert list(dict.fromkeys(told)) == [migrate.Stage.COPYING, migrate.Stage.CHECKING, migrate.Stage.CHANGING]


def test_several_stations_that_start_at_once_bring_the_store_up_to_date_once(
    store: Database, newer: Newer, tmp_path: Path
) -> None:
    newer(ADD)
    url = store.url.render_as_string(hide_password=False)
    with ThreadPoolExecutor(3) as threads, contextlib.ExitStack() as stack:
        stations = [stack.enter_context(Database(url, KEYS, tmp_path / "data")) for _ in range(3)]
        list(threads.map(migrate.bring_up_to_date, stations))
    assert migrate.revision_of(store) == migrate.HEAD
    assert len(list(tmp_path.rglob("*before*"))) == 1


def test_a_migration_that_breaks_off_leaves_the_store_as_it_was(store: Database, newer: Newer) -> None:
    newer(f"{ADD}; op.execute(\"UPDATE staff SET number = '7' WHERE id = 1\"); raise RuntimeError('no further')")
    with pytest.raises(RuntimeError, match="no further"):
        migrate.bring_up_to_date(store)
    assert migrate.revision_of(store) == HEAD
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT number FROM staff ORDER BY id")).scalars().all() == ["9001", "6012"]
        assert not inspect(connection).has_table("added")


def test_the_copy_is_of_the_store_as_it_is_now(sqlite_url: str, newer: Newer, tmp_path: Path) -> None:
    with Database(sqlite_url, KEYS) as database:
        newer("raise RuntimeError('no further')")
        for number in ("6012", "6013"):
            hiring(database)(number)
            with pytest.raises(RuntimeError):
                migrate.bring_up_to_date(database)
        (copy,) = tmp_path.rglob("*before*")
        with contextlib.closing(sqlite3.connect(copy)) as opened:
            assert opened.execute("SELECT count(*) FROM staff").fetchall() == [(3,)]


def test_a_store_that_another_program_brought_up_to_date_meanwhile_is_not_copied(
    sqlite_url: str, newer: Newer, tmp_path: Path
) -> None:
    with Database(sqlite_url, KEYS) as database:
        newer(ADD)
        migrate.bring_up_to_date(database)
        (copy,) = tmp_path.rglob("*before*")
        copy.unlink()
        migrate._Copying(database, lambda _s, _n: None, lambda: False).keep_file()
        assert list(tmp_path.rglob("*before*")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_without_room_for_the_copy_nothing_is_migrated(sqlite_url: str, newer: Newer, tmp_path: Path) -> None:
    with Database(sqlite_url, KEYS) as database:
        newer(ADD)
        with file_size_limit(100_000), pytest.raises(Trouble):
            migrate.bring_up_to_date(database)
        assert migrate.revision_of(database) == HEAD
        assert [path for path in tmp_path.rglob("*before*") if path.suffix == ".db"] == []
        migrate.bring_up_to_date(database)
        assert migrate.revision_of(database) == migrate.HEAD


def test_a_damaged_store_is_not_migrated(sqlite_url: str, newer: Newer) -> None:
    with Database(sqlite_url, KEYS) as database:
        newer(ADD)
        path = Path(str(database.url.database))
        content = bytearray(path.read_bytes())
        content[len(content) // 2 :] = b"\xa5" * (len(content) - len(content) // 2)
        path.write_bytes(content)
        with pytest.raises(Trouble) as met:
            migrate.bring_up_to_date(database)
        assert "damaged" in met.value.message
        assert path.read_bytes() == content
