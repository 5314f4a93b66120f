"""Bringing the store's tables to this program's shape, on start, in one linear history."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from counterapp.core.database import Database
from counterapp.errors import Trouble
from counterapp.words import N_

#: The newest migration. A test holds it against the folder, so that a start need not read the folder.
HEAD: Final = "0001"

_FOLDER: Final = Path(__file__).parent / "migrations"


def revision_of(database: Database) -> str | None:
    """Return the migration that the database is at, None for an empty one."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def bring_up_to_date(database: Database) -> None:
    """Run the migrations that are missing, after a copy of a SQLite file that already holds something.

    Raises Trouble for a database that a newer program has written, which is left as it is.
    """
    present = revision_of(database)
    if present == HEAD:
        return
    if present is not None and present > HEAD:
        raise Trouble(
            N_("The store's data was written by a newer version of this program. Install that version on this PC.")
        )
    if present is not None and database.is_sqlite:
        _copy(database, present)
    database.migrate(_upgrade)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _copy(database: Database, revision: str) -> None:
    store = Path(str(database.url.database))
    kept = store.with_name(f"{store.stem}-before-{HEAD}-from-{revision}.db")
    if kept.exists():
        return
    half = kept.with_suffix(".part")
    half.unlink(missing_ok=True)
    with database.engine.connect() as connection:
        connection.commit()
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("VACUUM INTO ?", (str(half),))
    shutil.move(half, kept)
