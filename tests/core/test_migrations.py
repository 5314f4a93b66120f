"""The tables that migrations make are the tables that the program means."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from counterapp.app import metadata
from counterapp.core import migrate
from counterapp.core.database import Database
from counterapp.errors import Trouble


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
