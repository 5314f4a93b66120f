"""Making a store: its settings and its first member of staff, in one transaction."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core.actor import CONSOLE, Actor, Clock
from counterapp.core.database import Database
from counterapp.core.staff import NewPerson, add_person, hash_pin
from counterapp.core.store_settings import StoreSettings, StoreSettingsVersion, change_store_settings
from counterapp.errors import Refused
from counterapp.words import N_

#: What a desk puts into a new store: its number series, its default rule book.
Install = Callable[[Session, Clock], None]


def exists(database: Database) -> bool:
    """Return whether a store was made in this (migrated) database."""
    return (
        database.read(lambda session: session.scalars(select(StoreSettingsVersion.version).limit(1)).first())
        is not None
    )


def make_store(
    database: Database, settings: StoreSettings, admin: NewPerson, install: tuple[Install, ...], clock: Clock
) -> None:
    """Make the store. Raises Refused where there is one, BadInput for an unusable PIN, number or name."""
    pin_hash = hash_pin(admin.pin, database.keys.pepper)

    def make(session: Session) -> None:
        if session.scalars(select(StoreSettingsVersion.version).limit(1)).first() is not None:
            raise Refused(N_("There is a store here already. Open it with “counterapp run”."))
        change_store_settings(session, settings, None, clock())
        add_person(session, admin, pin_hash)
        for desk in install:
            desk(session, clock)

    database.command(Actor(CONSOLE, "console", clock), "store.make", make)
