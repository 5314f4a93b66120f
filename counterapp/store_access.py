"""Opening a store: where it lies, whether it is there, its keys, its tables brought up to date."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from filelock import FileLock, Timeout
from sqlalchemy import make_url

from counterapp.core import secrets_file
from counterapp.core.actor import Clock
from counterapp.core.database import Database
from counterapp.core.journal_heads import FILE as HEADS
from counterapp.core.migrate import Told, bring_up_to_date, is_newer, revision_of
from counterapp.core.staff import NewPerson, hash_pin
from counterapp.core.store import Install, exists, make_store
from counterapp.core.store_settings import StoreSettings
from counterapp.errors import BadInput, Trouble
from counterapp.settings import Settings
from counterapp.words import N_

_CODE: Final = re.compile(r"[0-9A-Za-z]{1,8}")


def address_of(settings: Settings) -> str:
    """Return the database's address with the driver that this program carries."""
    url = make_url(settings.database_url)
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    return url.render_as_string(hide_password=False)


def hold_window(settings: Settings) -> FileLock:
    """Take what only one window may have: the data folder, until `release` or the end of the process, however it ends.

    Raises Trouble where another window has it, or where the folder cannot be written.
    """
    lock = FileLock(settings.data / "window.lock", thread_local=False)
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout as timeout:
        raise Trouble(
            N_("The counter is open in another window on this PC. Go on there, or close it and sign in here.")
        ) from timeout
    except OSError as error:
        raise Trouble(
            N_("{file} cannot be written ({reason}). Free some room, or ask IT for the rights to that folder."),
            file=settings.data,
            reason=error.strerror,
        ) from error
    return lock


def is_there(settings: Settings) -> bool:
    """Return whether a store was made there.

    Raises Trouble where the database does not answer or is damaged, and where the file of a store that was there has
    gone.
    """
    if not settings.database.url and not _has_content(settings):
        return False
    with Database(address_of(settings), secrets_file.Keys(b"", b"")) as database:
        revision = revision_of(database)
        return revision is not None and (is_newer(revision) or exists(database))


def open_store(settings: Settings, told: Told | None = None, cancelled: Callable[[], bool] | None = None) -> Database:
    """Open the store, its tables brought up to date; `told` and `cancelled` as in `bring_up_to_date`.

    Raises Trouble (none there, keys missing, a newer database), Refused where it was cancelled.
    """
    database = open_as_it_is(settings)
    try:
        bring_up_to_date(database, told, cancelled)
    except BaseException:
        database.close()
        raise
    return database


def open_as_it_is(settings: Settings) -> Database:
    """Open the store without a change to it. Raises Trouble: none there, keys missing."""
    if not is_there(settings):
        raise Trouble(N_("There is no store here yet. Make one with “counterapp init”, or look at the “demo”."))
    return Database(address_of(settings), secrets_file.load(settings.data), settings.data)


def found_store(
    settings: Settings, store: StoreSettings, admin: NewPerson, install: tuple[Install, ...], clock: Clock
) -> Database:
    """Make a store and open it; `install` is what each desk puts into it.

    Raises Refused where there is one, BadInput for an unusable PIN, number or name, Trouble.
    """
    if not settings.database.url:
        _has_content(settings)
    if not store.name or not _CODE.fullmatch(store.code):
        raise BadInput(N_("A store needs a name, and a code of up to 8 letters and digits, as 0101."))
    hash_pin(admin.pin, b"")  # refuses an unusable PIN before anything is made
    own = secrets_file.load(settings.data) if secrets_file.exist(settings.data) else secrets_file.create(settings.data)
    database = Database(address_of(settings), own, settings.data)
    bring_up_to_date(database)
    make_store(database, store, admin, install, clock)
    return database


def sqlite_may_damage(version: tuple[int, ...]) -> bool:
    """Return whether this version of SQLite has the WAL-reset bug: several writers at one moment may damage the file.

    It is in 3.7.0 to 3.51.2 (https://sqlite.org/wal.html, "The WAL-reset bug"). `Database` lets one write at a time;
    other programs that write to the file should not.
    """
    return (3, 7, 0) <= version < (3, 51, 3)


def _has_content(settings: Settings) -> bool:
    """Return whether SQLite's file holds anything. Raises Trouble where it does not but once did."""
    file = settings.data / "store.db"
    if file.exists() and file.stat().st_size:
        return True
    if (settings.data / HEADS).exists():
        raise Trouble(
            N_(
                "{file} is gone or empty, though a store was there. Put a backup in its place; a new store needs"
                " another folder."
            ),
            file=file,
        )
    return False
