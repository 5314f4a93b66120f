"""The tables that migrations make are the tables that the program means."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from counterapp.app import metadata
from counterapp.core import migrate, staff
from counterapp.core.actor import Actor, Role
from counterapp.core.base import Base
from counterapp.core.database import Database
from counterapp.core.journal_verify import verify
from counterapp.core.migrate import HEAD
from counterapp.desks.returns.services import details, drafting
from counterapp.errors import Refused, Trouble
from tests.conftest import KEYS, PlayedClock, hiring
from tests.desks.day_close.closings import DAY, TODAY, close, settle_all, verified
from tests.limits import file_size_limit
from tests.newer import ADD, newer_program
from tests.return_forms.booked import Booked
from tests.return_forms.goods import Sold, sell

Newer = Callable[[str], None]


def test_a_migrated_database_is_what_the_program_means(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata()) == []


def test_constraints_bear_the_names_that_the_program_knows(database: Database) -> None:
    wanted = metadata()
    with database.engine.connect() as connection:
        there = inspect(connection)
        for table in wanted.sorted_tables:
            checks = {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint)}
            assert {str(one["name"]) for one in there.get_check_constraints(table.name)} == checks, table.name
            if (
                not database.is_sqlite
            ):  # where a key came with its column, SQLAlchemy does not read its name from SQLite
                keys = {str(one.name) for one in table.foreign_key_constraints}
                assert {one["name"] for one in there.get_foreign_keys(table.name)} == keys, table.name


def test_every_guard_of_the_database_is_there(database: Database) -> None:
    metadata()
    models = [mapper.class_ for mapper in Base.registry.mappers]
    grown = {model.__tablename__ for model in models if model.__append_only__}
    kept = {model.__tablename__ for model in models if model.__never_deleted__}
    wanted = {f"keep_{table}_update" for table in grown} | {f"keep_{table}_delete" for table in grown | kept}
    wanted |= {
        "keep_cases_update_of_prepared_by",
        "keep_deposits_update_of_deposited_on",
        "keep_return_forms_out_of_closed_days",
        "keep_form_ends_out_of_closed_days",
        "keep_case_steps_as_taken",
        "keep_duties_apart",
    }
    assert guards_of(database) == wanted


def guards_of(database: Database) -> set[str]:
    """The names of the triggers of a database."""
    guards = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with database.engine.connect() as connection:
        return set(connection.execute(text(guards[connection.dialect.name])).scalars())


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


def test_the_copy_of_a_store_that_closed_a_day_is_whole_and_as_guarded(
    store: Database, newer: Newer, tmp_path: Path, clock: PlayedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = hiring(store)("5003", Role.SUPERVISOR)
    desk = Booked(store, Actor(hiring(store)("6013"), "3", clock), signer)
    counted = desk.make(1990, 500)
    desk.void(desk.make(700))
    settle_all(desk)
    close(desk)
    # What is void after its day was closed stands in the next stock file again, against a line that has a later key.
    clock.forward(days=1)
    desk.void(counted)
    settle_all(desk, TODAY + DAY)
    close(desk, TODAY + DAY)
    before = rows(store)
    assert [line[1] for line in before["stock_lines"]].count(-1) == 2
    newer(ADD)
    migrate.bring_up_to_date(store)
    (copy,) = tmp_path.rglob("*before*")

    monkeypatch.setattr(migrate, "HEAD", HEAD)
    with Database(f"sqlite:///{copy}", KEYS, tmp_path) as former:
        assert rows(former) == before
        assert guards_of(former) == guards_of(store)
        assert verified(replace(desk, database=former)) == []
        late = text(
            "INSERT INTO return_forms SELECT * FROM (SELECT * FROM return_forms WHERE booked_on = :day LIMIT 1) AS one"
        )
        with former.engine.connect() as opened, pytest.raises(IntegrityError, match="out_of_closed_days"):
            opened.execute(late, {"day": TODAY.isoformat()})


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_store_of_the_revision_before_gets_what_the_kit_needs(
    kind: str, request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path, clock: PlayedClock
) -> None:
    with Database(sqlite_url, KEYS) as made:
        desk = Booked(made, Actor(hiring(made)("6012"), "2", clock), hiring(made)("5003", Role.SUPERVISOR))
        desk.make(1990, department="百货部")
        desk.make(500, department="食品部")
        settle_all(desk)
        close(desk)
        before = rows(made)
    (tmp_path / "former").mkdir()
    url = f"sqlite:///{tmp_path / 'former' / 'store.db'}"
    if kind == "postgresql":
        url = request.getfixturevalue("postgres_url")
    with Database(url, KEYS, tmp_path / "former") as former:
        if kind == "postgresql":
            former.migrate(lambda c: c.execute(text("DROP SCHEMA public CASCADE")).close())
            former.migrate(lambda c: c.execute(text("CREATE SCHEMA public")).close())
        former.migrate(lambda connection: migrate._upgrade(connection, "0008", lambda _at: None))
        fill(former, before)
        migrate.bring_up_to_date(former)
        after = rows(former)
        assert after.pop("departments") == [("百货部", True), ("食品部", True)]
        assert after == {name: content for name, content in before.items() if name != "departments"}
        assert guards_of(former) >= {"keep_case_steps_as_taken", "keep_staff_delete", "keep_deadlines_delete"}
        assert former.read(lambda s: s.get_one(staff.Person, 1).signer()).department == ""
    assert list((tmp_path / "former").glob("*before-0009-from-0008.db"))


def fill(database: Database, content: dict[str, list[tuple[Any, ...]]]) -> None:
    """Put rows into a store of an earlier revision, as far as it has their tables and columns."""
    with database.engine.begin() as connection:
        there = inspect(connection)
        tables = [table for table in metadata().sorted_tables if there.has_table(table.name)]
        # A closed day takes nothing in any more; its seal comes after it.
        for table in sorted(tables, key=lambda one: ["return_days", "day_seals"].count(one.name)):
            known = {column["name"] for column in there.get_columns(table.name)}
            names = [column.name for column in table.columns]
            for row in content[table.name]:
                values = {name: value for name, value in zip(names, row, strict=True) if name in known}
                connection.execute(insert(table).values(values))


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
