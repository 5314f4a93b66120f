"""The tables that migrations make are the tables that the program means."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from counterapp.app import metadata
from counterapp.core import migrate
from counterapp.core.database import Database
from counterapp.core.migrate import HEAD
from counterapp.errors import Trouble
from tests.conftest import KEYS, hiring
from tests.limits import file_size_limit

Newer = Callable[[str], None]
_ADD = "op.create_table('added', sa.Column('id', sa.Integer, primary_key=True))"


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
    grown = ("journal", "line_claims", "approvals", "receipts", "receipt_lines", "store_settings", "rule_books")
    kept = ("cases", "return_forms", "staff", "number_series", "print_jobs")
    wanted = {f"keep_{table}_{act}" for table in grown for act in ("update", "delete")}
    wanted |= {f"keep_{table}_delete" for table in kept} | {"keep_cases_update_of_prepared_by"}
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
        folder = Path(shutil.copytree(migrate._FOLDER, tmp_path / "migrations", dirs_exist_ok=True))
        following = f"{int(HEAD) + 1:04}"
        head = f"import sqlalchemy as sa\nfrom alembic import op\nrevision, down_revision = '{following}', '{HEAD}'\n"
        (folder / "versions" / f"{following}_next.py").write_text(f"{head}\ndef upgrade():\n    {work}\n")
        monkeypatch.setattr(migrate, "_FOLDER", folder)
        monkeypatch.setattr(migrate, "HEAD", following)

    return make


def test_a_copy_that_opens_is_kept_before_a_migration(database: Database, newer: Newer, tmp_path: Path) -> None:
    hiring(database)("6012", name="王丽")
    newer(_ADD)
    migrate.bring_up_to_date(database)
    assert migrate.revision_of(database) == migrate.HEAD
    copies = list(tmp_path.rglob("*before*"))
    if not database.is_sqlite:
        assert copies == []
        return
    (copy,) = copies
    assert HEAD in copy.name
    with contextlib.closing(sqlite3.connect(copy)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert opened.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        assert opened.execute("SELECT name FROM staff WHERE number = '6012'").fetchall() == [("王丽",)]
        assert opened.execute("SELECT name FROM sqlite_master WHERE name = 'added'").fetchall() == []


def test_a_migration_that_breaks_off_leaves_the_store_as_it_was(database: Database, newer: Newer) -> None:
    newer(f"{_ADD}; op.execute('UPDATE staff SET number = 7'); raise RuntimeError('no further')")
    with pytest.raises(RuntimeError, match="no further"):
        migrate.bring_up_to_date(database)
    assert migrate.revision_of(database) == HEAD
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT number FROM staff")).scalars().all() == ["9001"]
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
        newer(_ADD)
        migrate.bring_up_to_date(database)
        (copy,) = tmp_path.rglob("*before*")
        copy.unlink()
        migrate._copy(database)
        assert list(tmp_path.rglob("*before*")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_without_room_for_the_copy_nothing_is_migrated(sqlite_url: str, newer: Newer, tmp_path: Path) -> None:
    with Database(sqlite_url, KEYS) as database:
        newer(_ADD)
        with file_size_limit(100_000), pytest.raises(Trouble):
            migrate.bring_up_to_date(database)
        assert migrate.revision_of(database) == HEAD
        assert [path for path in tmp_path.rglob("*before*") if path.suffix == ".db"] == []
        migrate.bring_up_to_date(database)
        assert migrate.revision_of(database) == migrate.HEAD


def test_a_damaged_store_is_not_migrated(sqlite_url: str, newer: Newer) -> None:
    with Database(sqlite_url, KEYS) as database:
        newer(_ADD)
        path = Path(str(database.url.database))
        content = bytearray(path.read_bytes())
        content[len(content) // 2 :] = b"\xa5" * (len(content) - len(content) // 2)
        path.write_bytes(content)
        with pytest.raises(Trouble) as met:
            migrate.bring_up_to_date(database)
        assert "damaged" in met.value.message
        assert path.read_bytes() == content
