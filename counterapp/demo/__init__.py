"""The demo store: goods, staff of each role, receipts of the last weeks, cases at each desk, a sheet to scan from."""

from __future__ import annotations

import csv
import datetime as dt
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select

from counterapp.core import staff
from counterapp.core.actor import Clock, Role, system_clock
from counterapp.core.database import Database
from counterapp.core.departments import add_department
from counterapp.core.receipts import Receipt
from counterapp.core.sales_import import import_sales
from counterapp.core.store import Install
from counterapp.core.store_settings import StoreSettings, store_settings
from counterapp.demo.stories import store_sales, tell_stories
from counterapp.demo.till import STORE, read_items, sales_of, write_export
from counterapp.errors import Refused
from counterapp.settings import Settings
from counterapp.store_access import found_store, is_there, open_store
from counterapp.words import N_
from resources import resource

SHEET: Final = "demo-sheet.pdf"
EXPORT: Final = "demo-sales.csv"

_DAYS: Final = 60


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demo's staff, whose PIN stands on the sheet; `department` as in `staff.NewPerson`."""

    number: str
    name: str
    role: Role
    pin: str
    department: str


def prepare_demo(settings: Settings, install: tuple[Install, ...], clock: Clock = system_clock) -> Path:
    """Make the demo store in its folder, or bring it up to this day; return the sheet to print.

    Raises Refused where a real store lies there: the demo's PINs are known to everybody.
    """
    from counterapp.demo.sheet import write_sheet

    if is_there(settings) and not (settings.data / EXPORT).exists():
        raise Refused(
            N_("There is a real store in {folder}. Give the demo a folder of its own, with “--data”."),
            folder=settings.data,
        )
    settings.data.mkdir(parents=True, exist_ok=True)
    (settings.data / EXPORT).touch()
    if is_there(settings):
        database = open_store(settings)
    else:
        store = StoreSettings("一号店", STORE, counter="总服务台", language=settings.screen.language)
        first = demo_staff()[0]
        admin = staff.NewPerson(first.number, first.name, first.role, first.pin)
        database = found_store(settings, store, admin, install, clock)
    with database:
        zone = database.read(store_settings).zone_info
        today = clock().astimezone(zone).date()
        make_demo(database, settings.data, today, clock)
        return write_sheet(database, settings.data / SHEET, today)


def make_demo(database: Database, data: Path, today: dt.date, clock: Clock) -> None:
    """Give the store its staff, the receipts of the weeks before `today`, and cases at every desk.

    What is there already stays.
    """
    _hire(database)
    _sell(database, data, today, clock)
    tell_stories(database, today, clock)


def _sell(database: Database, data: Path, today: dt.date, clock: Clock) -> None:
    items = read_items()
    chosen = store_sales(database, today, items)
    known = set(database.read(lambda session: session.scalars(select(Receipt.number)).all()))
    if known.issuperset(sale.number for sale in chosen):
        return
    days = (today - dt.timedelta(days=ago) for ago in range(_DAYS, 0, -1))
    sales = [sale for day in days for sale in sales_of(day, list(items.values()))]
    export = data / EXPORT
    write_export((sale for sale in (*sales, *chosen) if sale.number not in known), export)
    import_sales(database, export, clock=clock)


def demo_staff() -> list[DemoPerson]:
    """Return the demo's people, the administrator first."""
    with resource("demo/staff.csv").open(encoding="utf-8", newline="") as file:
        return [
            DemoPerson(row["number"], row["name"], Role(row["role"]), row["pin"], row["department"])
            for row in csv.DictReader(file)
        ]


def _hire(database: Database) -> None:
    there = {person.number for person in database.read(staff.list_staff)}
    for person in demo_staff():
        if person.number not in there:
            new = staff.NewPerson(person.number, person.name, person.role, person.pin, person.department)
            pin_hash = staff.hash_pin(person.pin, database.keys.pepper)
            if new.department:
                database.run(functools.partial(add_department, name=new.department))
            database.run(functools.partial(staff.add_person, new=new, pin_hash=pin_hash))
