"""What the counter stands on: its folder and its database."""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from counterapp.core.database import Database
from counterapp.core.migrate import HEAD, is_newer, revision_of
from counterapp.errors import CounterError, Trouble
from counterapp.words import N_

#: Bytes: below this a day's papers, logs and copies may fill the disk; below the second nothing is safe.
SCARCE: Final = 2_000_000_000
FULL: Final = 200_000_000
_ASKED: Final = 3


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """A data folder: `trouble` keeps it from being used; `free` bytes, None where the disk does not tell."""

    path: Path
    free: int | None
    trouble: CounterError | None = None


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """A database that answers: `place` is its file, or server and name; `milliseconds` the quickest of a few answers.

    `revision` is the migration that its tables are at, None where it has none yet.
    """

    is_sqlite: bool
    place: str
    version: str
    milliseconds: float
    revision: str | None

    @property
    def is_current(self) -> bool:
        """Whether its tables are this program's."""
        return self.revision == HEAD

    @property
    def is_newer(self) -> bool:
        """Whether a newer program has written it."""
        return self.revision is not None and is_newer(self.revision)


def folder_facts(path: Path) -> FolderFacts:
    """Look whether the folder can be written, and how much room is left."""
    try:
        free = shutil.disk_usage(path).free
        with tempfile.TemporaryFile(dir=path) as file:
            file.write(b"\0")
    except FileNotFoundError:
        return FolderFacts(path, None, Trouble(N_("{file} is not there. It is made with the store."), file=path))
    except OSError as error:
        trouble = Trouble(
            N_("{file} cannot be written ({reason}). Free some room, or ask IT for the rights to that folder."),
            file=path,
            reason=error.strerror,
        )
        return FolderFacts(path, None, trouble)
    if free < FULL:
        trouble = Trouble(N_("The disk of {file} is nearly full. Free some room before anything else."), file=path)
        return FolderFacts(path, free, trouble)
    return FolderFacts(path, free)


def database_facts(database: Database) -> DatabaseFacts:
    """Ask a database a few times. Raises Trouble where it does not answer or is damaged."""
    version = database.read(_version)
    quickest = min(_seconds_of_an_answer(database) for _asked in range(_ASKED))
    url = database.url
    server = f"{url.host or 'localhost'}{f':{url.port}' if url.port else ''}/{url.database}"
    place = str(url.database) if database.is_sqlite else server
    return DatabaseFacts(database.is_sqlite, place, version, quickest * 1000, revision_of(database))


def _seconds_of_an_answer(database: Database) -> float:
    def ask(session: Session) -> float:
        # The connection is there by now: it is the answers that clerks wait for.
        session.execute(text("SELECT 1"))
        began = time.perf_counter()
        session.execute(text("SELECT 1"))
        return time.perf_counter() - began

    return database.read(ask)


def _version(session: Session) -> str:
    """Return the name and the number, as "SQLite 3.40.1" or "PostgreSQL 18.0"."""
    if session.connection().dialect.name == "sqlite":
        return f"SQLite {session.scalar(text('SELECT sqlite_version()'))}"
    return f"PostgreSQL {str(session.scalar(text('SHOW server_version'))).split()[0]}"
