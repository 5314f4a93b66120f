"""Opening a store: where it lies, whether it is there, its keys, its tables brought up to date."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import make_url

from counterapp.core import keys
from counterapp.core.actor import Clock
from counterapp.core.database import Database
from counterapp.core.migrate import bring_up_to_date, revision_of
from counterapp.core.staff import NewPerson, hash_pin
from counterapp.core.store import Install, exists, make_store
from counterapp.core.storewide import StoreSettings
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


def is_there(settings: Settings) -> bool:
    """Return whether a store was made there. Raises Trouble where the database does not answer."""
    if not settings.database.url and not (settings.data / "store.db").exists():
        return False
    with Database(address_of(settings), keys.Keys(b"", b"")) as database:
        return revision_of(database) is not None and exists(database)


def open_store(settings: Settings) -> Database:
    """Open the store, its tables brought up to date. Raises Trouble: none there, keys missing, a newer database."""
    if not is_there(settings):
        raise Trouble(N_("There is no store here yet. Make one with “counterapp init”, or look at the “demo”."))
    database = Database(address_of(settings), keys.load(settings.data))
    bring_up_to_date(database)
    return database


def found_store(
    settings: Settings, store: StoreSettings, admin: NewPerson, install: tuple[Install, ...], clock: Clock
) -> Database:
    """Make a store and open it; `install` is what each desk puts into it.

    Raises Refused where there is one, BadInput for an unusable PIN, number or name.
    """
    if not store.name or not _CODE.fullmatch(store.code):
        raise BadInput(N_("A store needs a name, and a code of up to 8 letters and digits, as 0101."))
    hash_pin(admin.pin, b"")  # refuses an unusable PIN before anything is made
    own = keys.load(settings.data) if keys.exist(settings.data) else keys.create(settings.data)
    database = Database(address_of(settings), own)
    bring_up_to_date(database)
    make_store(database, store, admin, install, clock)
    return database
