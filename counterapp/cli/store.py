"""`init`, `store` and `staff`: making a store, what holds in it, and the people who work there."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from pathlib import Path

from sqlalchemy.orm import Session

from counterapp.app import install
from counterapp.core import departments, staff
from counterapp.core.actor import CONSOLE, Actor, Role, system_clock
from counterapp.core.files import read_text
from counterapp.core.settings_editor import changed, keys_of
from counterapp.core.store_settings import StoreSettings, change_store_settings, store_settings
from counterapp.core.working_days import load_working_days
from counterapp.settings import Settings
from counterapp.store_access import found_store, open_store
from counterapp.words import _


def init(settings: Settings, asked: argparse.Namespace) -> int:
    """Make a new store with its administrator."""
    admin = staff.NewPerson(asked.admin, asked.admin_name or asked.admin, Role.IT, _pin(asked))
    store = StoreSettings(asked.name.strip(), asked.code, language=settings.screen.language)
    found_store(settings, store, admin, install(), system_clock).close()
    print(_("The store {name} is made in {folder}.").format(name=store.name, folder=settings.data))
    return 0


def staff_add(settings: Settings, asked: argparse.Namespace) -> int:
    """Add a member of staff."""
    new = staff.NewPerson(asked.number, asked.name, Role(asked.role), _pin(asked), asked.department)
    with open_store(settings) as database:
        pin_hash = staff.hash_pin(new.pin, database.keys.pepper)
        actor = Actor(CONSOLE, settings.station.name)
        person = database.command(actor, "staff.add", lambda session: staff.add_person(session, new, pin_hash))
    print(_("{name} ({number}) may sign in. Badge: {badge}").format(
        name=person.name, number=person.number, badge=person.badge))  # fmt: skip
    return 0


def staff_list(settings: Settings, _asked: argparse.Namespace) -> int:
    """List number, role, badge, name and department of everyone."""
    with open_store(settings) as database:
        for person in database.read(staff.list_staff):
            print(person.number, person.role, person.badge, person.name, person.department or "", sep="\t")
    return 0


def store_show(settings: Settings, asked: argparse.Namespace) -> int:
    """Show the settings that hold for the whole store."""
    with open_store(settings) as database:
        known = keys_of(database.read(store_settings))
    if asked.json:
        print(json.dumps(known, ensure_ascii=False, indent=2))
        return 0
    for key, value in known.items():
        print(f"{key} = {value}")
    return 0


def store_set(settings: Settings, asked: argparse.Namespace) -> int:
    """Change settings of the whole store; all of them or none."""
    with open_store(settings) as database:
        actor = Actor(CONSOLE, settings.station.name)

        def change(session: Session) -> None:
            wanted = store_settings(session)
            for key, value in asked.changes:
                wanted = changed(wanted, key, value)
            change_store_settings(session, wanted, actor, actor.now())

        database.command(actor, "store.change", change)
    print(_("It holds from now on. A window that is open takes up another paper at its next start."))
    return 0


def store_departments(settings: Settings, asked: argparse.Namespace) -> int:
    """Add departments and take others out of use, then list those in use."""
    with open_store(settings) as database:
        actor = Actor(CONSOLE, settings.station.name)

        def change(session: Session) -> None:
            for name in asked.add:
                departments.add_department(session, name)
            for name in asked.remove:
                departments.retire_department(session, name)

        if asked.add or asked.remove:
            database.command(actor, "store.departments", change)
        print(*database.read(departments.departments), sep="\n")
    return 0


def store_working_days(settings: Settings, asked: argparse.Namespace) -> int:
    """Let the working days of a file hold for the whole store."""
    text = read_text(Path(asked.file))
    with open_store(settings) as database:
        actor = Actor(CONSOLE, settings.station.name)
        years = database.command(
            actor, "store.working_days", lambda session: load_working_days(session, actor, text)
        ).years
    print(_("The working days from {first} to {last} hold from now on.").format(first=years[0], last=years[-1]))
    return 0


def _pin(asked: argparse.Namespace) -> str:
    if asked.pin_stdin or not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return getpass.getpass(_("PIN: "))
