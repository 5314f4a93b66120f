"""A store that cannot be opened says so in one sentence, and nothing of it is lost."""

from __future__ import annotations

import io
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, text

from counterapp.__main__ import main
from counterapp.app import install
from counterapp.core import cases, secrets_file, staff
from counterapp.core.actor import Actor, system_clock
from counterapp.core.commands import new_key
from counterapp.core.database import Database
from counterapp.core.journal_verify import verify
from counterapp.core.store_settings import StoreSettings
from counterapp.errors import Trouble
from counterapp.settings import DatabaseSettings, Settings
from counterapp.store_access import found_store, hold_window, is_there, open_store, sqlite_may_damage
from tests.conftest import ADMIN, KEYS
from tests.limits import file_size_limit, read_only_copy
from tests.return_forms.goods import Sold, sell

not_on_windows = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A store on SQLite, closed."""
    settings = Settings(tmp_path / "store")
    found_store(settings, StoreSettings("一号店", "0101"), ADMIN, install(), system_clock).close()
    (settings.data / "settings.toml").write_text('[screen]\nlanguage = "en"\n')
    return settings


def _not_a_database(data: Path) -> None:
    (data / "store.db").write_bytes(b"This is a letter, no database. " * 1000)


def _cut(data: Path) -> None:
    store = data / "store.db"
    store.write_bytes(store.read_bytes()[: store.stat().st_size // 2])


def _emptied(data: Path) -> None:
    (data / "store.db").write_bytes(b"")


def _gone(data: Path) -> None:
    (data / "store.db").unlink()


def _keys_gone(data: Path) -> None:
    (data / "keys.json").unlink()


def _keys_cut(data: Path) -> None:
    path = data / "keys.json"
    path.write_text(path.read_text()[:40])


def _newer(data: Path) -> None:
    with sqlite3.connect(data / "store.db") as store:
        store.execute("UPDATE alembic_version SET version_num = '9999'")
        store.execute("DROP TABLE store_settings")
    store.close()


@pytest.mark.parametrize("happened", [_not_a_database, _cut, _emptied, _gone, _keys_gone, _keys_cut, _newer])
def test_a_store_that_cannot_be_opened_is_one_sentence_and_left_as_it_is(
    settings: Settings, happened: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    happened(settings.data)
    before = _content(settings.data)
    for command in (["staff", "list"], ["journal", "verify"], ["receipt", "1"]):
        code = main(["--data", str(settings.data), *command])
        said = capsys.readouterr()
        assert (code, said.out) == (1, "")
        assert len(said.err.splitlines()) == 1
        assert str(settings.data) in said.err or "newer version" in said.err
    assert _content(settings.data) == before


@pytest.mark.parametrize("happened", [_emptied, _gone])
def test_no_new_store_is_made_where_the_old_ones_file_is_missing(
    settings: Settings, happened: Callable[[Path], None]
) -> None:
    happened(settings.data)
    with pytest.raises(Trouble):
        found_store(settings, StoreSettings("一号店", "0101"), ADMIN, install(), system_clock)
    with pytest.raises(Trouble):
        is_there(settings)


def test_a_first_start_that_was_broken_off_can_be_made_again(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "store")
    secrets_file.create(settings.data)
    (settings.data / "store.db").touch()
    assert not is_there(settings)
    found_store(settings, StoreSettings("一号店", "0101"), ADMIN, install(), system_clock).close()
    assert is_there(settings)


def test_a_file_where_the_data_folder_should_be_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no folder")
    for command in (["staff", "list"], ["init", "--name", "a", "--code", "0101", "--admin", "9001", "--pin-stdin"]):
        assert main(["--data", str(tmp_path / "file"), *command]) == 1
        assert len(capsys.readouterr().err.splitlines()) == 1
    with pytest.raises(Trouble):
        Database(f"sqlite:///{tmp_path / 'file' / 'store.db'}", KEYS)
    with pytest.raises(Trouble):
        secrets_file.create(tmp_path / "file")
    with pytest.raises(Trouble):
        hold_window(Settings(tmp_path / "file"))


@not_on_windows
def test_a_folder_that_may_only_be_read_is_one_sentence(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("271828\n"))
    with read_only_copy(settings.data) as data:
        code = main(["--data", str(data), "staff", "add", "6012", "--name", "王丽", "--role", "clerk", "--pin-stdin"])
        said = capsys.readouterr()
        with pytest.raises(Trouble):
            hold_window(Settings(data))
    assert (code, said.out) == (1, "")
    assert len(said.err.splitlines()) == 1
    assert str(data) in said.err


@not_on_windows
def test_a_disk_that_is_full_at_the_first_start_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "store")
    for limit in (0, 20, 10_000, 100_000):
        with file_size_limit(limit), pytest.raises(Trouble):
            found_store(settings, StoreSettings("一号店", "0101"), ADMIN, install(), system_clock)
        assert not is_there(settings)
    found_store(settings, StoreSettings("一号店", "0101"), ADMIN, install(), system_clock).close()
    assert is_there(settings)


@pytest.mark.parametrize("kind", ["pages", "file size"])
def test_a_disk_that_fills_up_leaves_no_act_by_halves_and_says_so(settings: Settings, kind: str) -> None:
    if kind == "file size" and sys.platform == "win32":
        pytest.skip("Windows has no such limit")
    with open_store(settings) as database:
        (admin,) = database.read(staff.list_staff)
        sell(database, Sold())
    room = settings.data / "store.db"
    with open_store(settings) as database:
        actor, key, opened = Actor(admin.signer(), "1"), new_key(), 0

        def open_one(title: str) -> int:
            return database.command(
                actor, "case.open", lambda s: cases.open_case(s, actor, "returns", "RC", title).id, key=key
            )

        @event.listens_for(database.engine, "connect")
        def _full(connection: sqlite3.Connection, _record: object) -> None:
            if kind == "pages":
                (pages,) = connection.execute("PRAGMA page_count").fetchone()
                connection.execute(f"PRAGMA max_page_count = {pages + 3}")

        database.engine.dispose()
        limit = room.stat().st_size + 40_000 if kind == "file size" else 2**40
        with file_size_limit(limit), pytest.raises(Trouble) as trouble:
            while opened < 2000:
                open_one("a" * 120)
                key, opened = new_key(), opened + 1
        assert str(room) in str(trouble.value)
        assert opened > 0
        event.remove(database.engine, "connect", _full)
        database.engine.dispose()
        assert _counts(database) == (opened, opened + 1)
        assert [chain.bad for chain in verify(database) if chain.bad] == []
        # With room again the same command, under the same key, goes through.
        open_one("b")
        assert _counts(database) == (opened + 1, opened + 2)


def test_a_full_disk_of_the_database_server_is_said_as_such(postgres_url: str) -> None:
    with Database(postgres_url, KEYS) as database:
        with pytest.raises(Trouble) as trouble:
            database.run(
                lambda s: s.execute(text("DO $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$"))
            )
        assert "disk" in trouble.value.message


def test_a_server_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    settings = replace(Settings(tmp_path), database=DatabaseSettings("postgresql://nobody@127.0.0.1:1/none"))
    with pytest.raises(Trouble):
        is_there(settings)


def test_one_window_has_the_data_and_the_command_line_works_beside_it(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    held = hold_window(settings)
    with pytest.raises(Trouble) as trouble:
        hold_window(settings)
    assert "window" in trouble.value.message
    assert main(["--data", str(settings.data), "staff", "list"]) == 0
    assert "9001" in capsys.readouterr().out
    held.release()
    hold_window(settings).release()


def test_a_window_that_was_killed_is_in_nobodys_way(settings: Settings) -> None:
    hold = "import sys; from pathlib import Path; from counterapp import settings, store_access\n"
    hold += "held = store_access.hold_window(settings.Settings(Path(sys.argv[1]))); print('held', flush=True); input()"
    command = [sys.executable, "-c", hold, str(settings.data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout is not None
        assert window.stdout.readline() == "held\n"
        with pytest.raises(Trouble):
            hold_window(settings)
        os.kill(window.pid, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
        window.wait()
        hold_window(settings).release()


def test_the_versions_of_sqlite_that_may_damage_a_store_are_known() -> None:
    assert sqlite_may_damage((3, 40, 1))
    assert sqlite_may_damage((3, 51, 2))
    assert not sqlite_may_damage((3, 51, 3))


def _content(data: Path) -> dict[str, bytes]:
    """What lies in the folder, but for what SQLite and the locks put beside it."""
    passing = ("-wal", "-shm", ".lock")
    return {path.name: path.read_bytes() for path in data.iterdir() if not path.name.endswith(passing)}


def _counts(database: Database) -> tuple[int, int]:
    """How many cases there are, and how many entries of the journal."""
    with database.engine.connect() as connection:
        opened = connection.execute(text("SELECT count(*) FROM cases")).scalar_one()
        return opened, connection.execute(text("SELECT count(*) FROM journal")).scalar_one()
