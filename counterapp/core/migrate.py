"""Bringing the store's tables to this program's shape, on start, in one linear history."""

from __future__ import annotations

import contextlib
import functools
import os
import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text
from sqlalchemy.orm import Session

from counterapp.core.database import Database
from counterapp.errors import Trouble
from counterapp.words import N_

#: The newest migration. A test holds it against the folder, so that a start need not read the folder.
HEAD: Final = "0003"

_FOLDER: Final = Path(__file__).parent / "migrations"


def revision_of(database: Database) -> str | None:
    """Return the migration that the database is at, None for an empty one. Raises Trouble."""

    def look(session: Session) -> str | None:
        if not inspect(session.connection()).has_table("alembic_version"):
            return None
        return session.execute(text("SELECT version_num FROM alembic_version")).scalar()

    return database.read(look)


def is_newer(revision: str) -> bool:
    """Return whether a newer program than this one has written a database at `revision`."""
    return revision > HEAD


def bring_up_to_date(database: Database) -> None:
    """Run the migrations that are missing, after a copy of a SQLite file that already holds something.

    Raises Trouble for a database that a newer program has written, and where the copy cannot be made or opened; the
    database is then left as it is.
    """
    present = revision_of(database)
    if present == HEAD:
        return
    if present is not None and is_newer(present):
        raise Trouble(
            N_("The store's data was written by a newer version of this program. Install that version on this PC.")
        )
    database.migrate(_upgrade, before=functools.partial(_copy, database))


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _copy(database: Database) -> None:
    """Keep what is about to be changed; nobody else writes meanwhile."""
    revision = revision_of(database)
    # Another program may have brought it up to date while this one waited.
    if revision in {None, HEAD} or not database.is_sqlite:
        return
    store = Path(str(database.url.database))
    kept = store.with_name(f"{store.stem}-before-{HEAD}-from-{revision}.db")
    half = kept.with_suffix(".part")
    half.unlink(missing_ok=True)
    with database.engine.connect() as connection:
        connection.commit()
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("VACUUM INTO ?", (str(half),))
    _check(half)
    with half.open("rb+") as file:
        os.fsync(file.fileno())
    half.replace(kept)


def _check(copy: Path) -> None:
    with contextlib.closing(sqlite3.connect(copy)) as opened:
        faults = [row[0] for row in opened.execute("PRAGMA integrity_check")]
    if faults != ["ok"]:
        copy.unlink()
        raise Trouble(
            N_("{place} is damaged, or is no store's data. It was left as it is; put a backup in its place."),
            place=copy,
        )
