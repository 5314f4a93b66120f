"""Bringing the store's tables to this program's shape, on start, in one linear history."""

from __future__ import annotations

import contextlib
import enum
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, inspect, text

from counterapp.core.copying import copy_rows
from counterapp.core.database import Database
from counterapp.errors import Refused, Trouble
from counterapp.words import N_

#: The newest migration. A test holds it against the folder, so that a start need not read the folder.
HEAD: Final = "0009"

_FOLDER: Final = Path(__file__).parent / "migrations"
_PAGES: Final = 500


class Stage(enum.Enum):
    """What is being done to the store: until it is CHANGING, breaking off leaves it as it was."""

    COPYING = "copying"
    CHECKING = "checking"
    CHANGING = "changing"


#: Hears of the stage, and the share of it that is done, 0 to 1; None where that cannot be known.
Told = Callable[[Stage, float | None], None]


def revision_of(database: Database) -> str | None:
    """Return the migration that the database is at, None for an empty one. Raises Trouble."""
    return database.read(lambda session: _revision(session.connection()))


def is_newer(revision: str) -> bool:
    """Return whether a newer program than this one has written a database at `revision`."""
    return revision > HEAD


def bring_up_to_date(database: Database, told: Told | None = None, cancelled: Callable[[], bool] | None = None) -> None:
    """Run the migrations that are missing, after a copy of a store that already holds something.

    The copy is a file in the data folder that the program which wrote the store opens: SQLite's own copy of itself,
    and of a store on a server all rows. Raises Trouble for a database that a newer program has written, and where the
    copy cannot be made or opened, Refused where it was `cancelled` before the first change; the database is then left
    as it is.
    """
    present = revision_of(database)
    if present == HEAD:
        return
    if present is not None and is_newer(present):
        raise Trouble(
            N_("The store's data was written by a newer version of this program. Install that version on this PC.")
        )
    copying = _Copying(database, told or (lambda _stage, _share: None), cancelled or (lambda: False))
    database.migrate(copying.change, before=copying.keep_file)


class _Copying:
    """A copy of the store, and then the migrations."""

    def __init__(self, database: Database, told: Told, cancelled: Callable[[], bool]) -> None:
        self._database, self._told, self._cancelled = database, told, cancelled

    def keep_file(self) -> None:
        """Keep SQLite's file as it is; nobody else writes meanwhile."""
        revision = revision_of(self._database)
        # Another program may have brought it up to date while this one waited.
        if revision in {None, HEAD} or not self._database.is_sqlite:
            return
        with (
            self._kept(Path(str(self._database.url.database)), revision) as half,
            contextlib.closing(sqlite3.connect(half)) as copy,
            self._database.engine.connect() as connection,
        ):
            connection.commit()
            raw: Any = connection.connection.driver_connection
            raw.backup(copy, pages=_PAGES, progress=self._on_pages)

    def change(self, connection: Connection) -> None:
        """Run the migrations in the transaction of `connection`, in which a store on a server is copied first."""
        revision = _revision(connection)
        if revision == HEAD:
            return
        if revision is not None and not self._database.is_sqlite:
            assert self._database.heads is not None  # who opens a store names the data folder
            with self._kept(self._database.heads.path.with_name("store.db"), revision) as half:
                self._copy_server(connection, half, revision)
        self._go_on()
        steps = int(HEAD) - int(revision or 0)
        self._told(Stage.CHANGING, 0.0)
        _upgrade(connection, "head", lambda at: self._told(Stage.CHANGING, 1 - (int(HEAD) - int(at)) / steps))

    def _copy_server(self, connection: Connection, half: Path, revision: str) -> None:
        half.touch(mode=0o600)
        with Database(f"sqlite:///{half}", self._database.keys) as copy:
            copy.migrate(lambda target: _upgrade(target, revision, lambda _at: self._go_on()))
            copy.run(lambda session: copy_rows(connection, session.connection(), self._on_share))

    @contextlib.contextmanager
    def _kept(self, store: Path, revision: str) -> Iterator[Path]:
        """Give the place for a copy, which gets its name when it is whole and opens."""
        kept = store.with_name(f"{store.stem}-before-{HEAD}-from-{revision}.db")
        half = kept.with_suffix(".part")
        half.unlink(missing_ok=True)
        try:
            yield half
            self._told(Stage.CHECKING, None)
            _check(half)
            with half.open("rb+") as file:
                os.fsync(file.fileno())
            half.replace(kept)
        finally:
            # Half a copy is of use to nobody, and the room may be what is missing.
            for left in half.parent.glob(f"{half.name}*"):
                left.unlink()

    def _on_pages(self, _status: int, remaining: int, total: int) -> None:
        self._on_share(1 - remaining / max(total, 1))

    def _on_share(self, share: float) -> None:
        self._go_on()
        self._told(Stage.COPYING, share)

    def _go_on(self) -> None:
        if self._cancelled():
            raise Refused(N_("This was broken off, and the store left as it is. Sign in to begin again."))


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection, to: str, told: Callable[[str], None]) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    config.attributes["told"] = told
    command.upgrade(config, to)


def _check(copy: Path) -> None:
    with contextlib.closing(sqlite3.connect(copy)) as opened:
        faults = [row[0] for row in opened.execute("PRAGMA integrity_check")]
        faults += opened.execute("PRAGMA foreign_key_check").fetchall()
    if faults != ["ok"]:
        raise Trouble(
            N_("{place} is damaged, or is no store's data. It was left as it is; put a backup in its place."),
            place=copy,
        )
