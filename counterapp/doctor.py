"""What is wrong on this PC, and what to do: everything that the counter needs is looked at, one thing after the other.

Nothing is changed, and nothing that is wrong keeps the rest from being looked at.
"""

from __future__ import annotations

import datetime as dt
import enum
import shutil
import sqlite3
import sys
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, Final

from filelock import Timeout
from sqlalchemy import and_, func, select, text
from sqlalchemy.orm import Session

from counterapp.core import secrets_file
from counterapp.core.actor import Clock
from counterapp.core.database import Database
from counterapp.core.journal import JournalEntry, JournalHead
from counterapp.core.receipts import FROM_TILL, Receipt
from counterapp.core.store_settings import StoreSettings, store_settings
from counterapp.desks.devices.services import test_prints
from counterapp.desks.devices.services.device_status import (
    at_once,
    is_taken,
    look,
    look_at_scanner,
    printers_at,
    settings_now,
)
from counterapp.desks.devices.services.environment_checks import SCARCE, DatabaseFacts, database_facts, folder_facts
from counterapp.errors import CounterError
from counterapp.hardware.printers import DeviceState, StationPrinter
from counterapp.settings import FILE, Settings
from counterapp.store_access import address_of, hold_window, is_there, sqlite_may_damage
from counterapp.words import Language, _
from resources import resource

#: So far a clock may be off: tills and stations are never quite together.
_TOLERANCE: Final = dt.timedelta(minutes=5)
_CARRIED: Final = (
    "fonts/NotoSansSC-Regular.ttf",
    "fonts/NotoSansSC-Bold.ttf",
    "locale/zh_CN/LC_MESSAGES/counterapp.mo",
    "rulebooks/default.toml",
    "style/counter.qss",
    "icons/printer.svg",
)
_SPOOLER: Final = ("lp", "lpstat", "cancel")


class State(enum.StrEnum):
    """How a thing is; `NOTE` should be known, and keeps nothing from working."""

    WELL = "well"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `check` names its kind for programs, `name` which one of its kind ("" for one).

    `says` is for people, in the language of the screen: how it is, and what to do. `facts` are JSON values.
    """

    check: str
    name: str
    state: State
    says: str
    facts: dict[str, Any] = field(default_factory=dict)


def examine(settings: Settings, clock: Clock, language: Language, *, trials: bool) -> Iterator[Finding]:
    """Look at everything, and give each finding as it is made; with `trials` each printer that can prints a test paper.

    `settings` are read once more, so that their mistakes can be told: no device is looked at then.
    """
    settings, mistakes = settings_now(settings.data, settings.database.url)
    path = settings.data / FILE
    if mistakes is not None:
        yield Finding("settings", "", State.WRONG, str(mistakes))
    else:
        yield Finding("settings", "", State.WELL, str(path) if path.exists() else _("No settings file: as it comes."))
    yield _folder(settings)
    held = _is_held(settings)
    said = _("The counter is open on this PC.") if held else _("The counter is not open on this PC.")
    yield Finding("window", "", State.WELL, said, {"open": held})
    yield _keys(settings)
    yield _resources()
    store: StoreSettings | None = None
    if mistakes is not None and not settings.database.url and not (settings.data / "store.db").exists():
        yield Finding("database", "", State.NOTE, _("Not looked at: the settings come first."))
    else:
        store = yield from _database(settings, clock)
    if mistakes is None:
        yield from _spooler(settings)
        yield from _devices(settings, store, held=held)
        if trials:
            yield from _trials(settings, store, clock, language)


def _folder(settings: Settings) -> Finding:
    folder = folder_facts(settings.data)
    facts = {"path": str(folder.path), "free_bytes": folder.free}
    if folder.trouble is not None:
        return Finding("folder", "", State.WRONG, str(folder.trouble), facts)
    free = f"{(folder.free or 0) / 1e9:,.1f}"
    if folder.free is not None and folder.free < SCARCE:
        said = _("{folder}: only {free} GB are free. Free some room.").format(folder=folder.path, free=free)
        return Finding("folder", "", State.NOTE, said, facts)
    return Finding(
        "folder", "", State.WELL, _("{folder}: {free} GB are free").format(folder=folder.path, free=free), facts
    )


def _is_held(settings: Settings) -> bool:
    """Whether a window has the data folder; a folder that is not there, or cannot be written, is told elsewhere."""
    if not settings.data.is_dir():
        return False
    try:
        hold_window(settings).release()
    except CounterError as error:
        return isinstance(error.__cause__, Timeout)
    return False


def _keys(settings: Settings) -> Finding:
    try:
        secrets_file.load(settings.data)
    except CounterError as error:
        return Finding("keys", "", State.WRONG, str(error))
    return Finding("keys", "", State.WELL, str(settings.data / secrets_file.FILE))


def _resources() -> Finding:
    missing = []
    for name in _CARRIED:
        try:
            resource(name)
        except FileNotFoundError:
            missing.append(name)
    if missing:
        said = _("The installation lacks {files}. Install the program again.").format(files=", ".join(missing))
        return Finding("resources", "", State.WRONG, said, {"missing": missing})
    return Finding("resources", "", State.WELL, _("Typefaces, words and rules are there."), {"missing": []})


def _database(settings: Settings, clock: Clock) -> Generator[Finding, None, StoreSettings | None]:
    """Give what there is to say of the database; return the store's settings where they can be read."""
    try:
        if not is_there(settings):
            said = _("There is no store here yet. Make one with “counterapp init”, or look at the “demo”.")
            yield Finding("database", "", State.WRONG, said)
            return None
        # Without the keys: they are told apart, and nothing here needs them.
        with Database(address_of(settings), secrets_file.Keys(b"", b"")) as database:
            facts = database_facts(database)
            yield _answering(facts)
            if database.is_sqlite:
                yield from _sqlite(database)
            if not facts.is_current:
                return None
            store = database.read(store_settings)
            yield _clock(database, store, clock)
            return store
    except CounterError as error:
        yield Finding("database", "", State.WRONG, str(error))
    return None


def _answering(database: DatabaseFacts) -> Finding:
    facts = {
        "kind": "sqlite" if database.is_sqlite else "postgresql",
        "place": database.place,
        "version": database.version,
        "milliseconds": round(database.milliseconds, 2),
        "revision": database.revision,
    }
    said = _("{version} at {place} answers in {milliseconds} ms.").format(
        version=database.version, place=database.place, milliseconds=f"{database.milliseconds:.1f}"
    )
    if database.is_current:
        return Finding("database", "", State.WELL, said, facts)
    if database.is_newer:
        newer = _("The store's data was written by a newer version of this program. Install that version on this PC.")
        return Finding("database", "", State.WRONG, f"{said} {newer}", facts)
    older = _("Its tables are an older version's; the next start brings them up to date.")
    return Finding("database", "", State.NOTE, f"{said} {older}", facts)


def _sqlite(database: Database) -> Iterator[Finding]:
    """Give whether the file is whole, and what is known of this version of SQLite."""
    faults = database.read(lambda session: list(session.scalars(text("PRAGMA quick_check"))))
    if faults == ["ok"]:
        yield Finding("integrity", "", State.WELL, _("The database file is whole."))
    else:
        said = _("{place} is damaged, or is no store's data. It was left as it is; put a backup in its place.")
        place = database.url.database
        yield Finding("integrity", "", State.WRONG, said.format(place=place), {"faults": faults[:20]})
    if sqlite_may_damage(sqlite3.sqlite_version_info):
        said = _("SQLite {version} may damage a file that several programs write to: let no other program write to it.")
        version = sqlite3.sqlite_version
        yield Finding("sqlite", "", State.NOTE, said.format(version=version), {"version": version})


def _clock(database: Database, store: StoreSettings, clock: Clock) -> Finding:
    """Tell whether this PC's clock stands before what was written already, or away from the server's."""
    now = clock()
    entry, receipt, server = database.read(lambda session: _moments(session, is_sqlite=database.is_sqlite))
    sold = receipt.replace(tzinfo=store.zone_info) if receipt is not None else None
    zone = store.zone_info
    facts = {"now": now.isoformat(timespec="seconds")}
    shown = f"{now.astimezone(zone):%Y-%m-%d %H:%M}"
    if server is not None and abs(server - now) > _TOLERANCE:
        said = _("This PC's clock says {now}, the database server's {other}. Set the one that is wrong.")
        other = f"{server.astimezone(zone):%Y-%m-%d %H:%M}"
        return Finding("clock", "", State.WRONG, said.format(now=shown, other=other), facts)
    ahead = max((at for at in (entry, sold) if at is not None), default=now)
    if ahead > now + _TOLERANCE:
        said = _(
            "This PC's clock says {now}, but something was written at {other} already: it was set back, or another"
            " clock is ahead. Set it right before anything is signed."
        )
        other = f"{ahead.astimezone(zone):%Y-%m-%d %H:%M}"
        return Finding("clock", "", State.WRONG, said.format(now=shown, other=other), facts)
    return Finding("clock", "", State.WELL, shown, facts)


def _moments(session: Session, *, is_sqlite: bool) -> tuple[dt.datetime | None, dt.datetime | None, dt.datetime | None]:
    """Return when the newest entry was written, when the newest receipt was sold (store's time), the server's now."""
    last = and_(JournalEntry.chain == JournalHead.chain, JournalEntry.seq == JournalHead.seq)
    written = session.scalars(select(JournalEntry.at).join(JournalHead, last)).all()
    server = None if is_sqlite else session.scalar(select(func.clock_timestamp()))
    sold = session.scalar(select(func.max(Receipt.sold_at)).where(Receipt.source == FROM_TILL))
    return max(written, default=None), sold, server


def _spooler(settings: Settings) -> Iterator[Finding]:
    """Give whether the print system's programs are there, where a printer is reached through it."""
    if not any(printer.address.startswith("spooler:") for printer in settings.printers.values()):
        return
    if sys.platform == "win32":
        missing = [] if find_spec("win32print") else ["pywin32"]
        said = _("Printing through Windows needs pywin32, which is not installed here. Install it, then print again.")
    else:
        missing = [program for program in _SPOOLER if shutil.which(program) is None]
        said = _("This PC has no print system. Install CUPS (on Debian: cups and cups-client), then print again.")
    facts = {"missing": missing}
    if missing:
        yield Finding("spooler", "", State.WRONG, said, facts)
    else:
        yield Finding("spooler", "", State.WELL, _("The print system's programs are there."), facts)


def _devices(settings: Settings, store: StoreSettings | None, *, held: bool) -> Iterator[Finding]:
    printers = _printers(settings, store)
    for printer, state in zip(printers, at_once(look, printers), strict=True):
        yield _printer(printer, state, held=held)
    for scanner in at_once(lambda one: look_at_scanner(*one), list(settings.scanners.items())):
        facts = {"port": scanner.scanner.port, "baud": scanner.scanner.baud, "taken": scanner.taken}
        if scanner.trouble is None:
            yield Finding("scanner", scanner.name, State.WELL, _("Its line is there"), facts)
        elif held and scanner.taken:
            yield Finding("scanner", scanner.name, State.WELL, _("The open counter listens to it."), facts)
        else:
            yield Finding("scanner", scanner.name, State.WRONG, str(scanner.trouble), facts)


def _printers(settings: Settings, store: StoreSettings | None) -> tuple[StationPrinter, ...]:
    return printers_at(settings, store.form_paper if store is not None else "a4")


def _printer(printer: StationPrinter, state: DeviceState, *, held: bool) -> Finding:
    facts = {
        "papers": [paper.value for paper in state.papers],
        "profile": state.profile,
        "address": state.address,
        "taken": is_taken(state),
    }
    if state.trouble is not None:
        if held and is_taken(state):
            return Finding("printer", state.name, State.WELL, _("The open counter uses it."), facts)
        return Finding("printer", state.name, State.WRONG, str(state.trouble), facts)
    if state.hint is not None:
        return Finding("printer", state.name, State.NOTE, str(state.hint), facts)
    if not state.papers:
        said = _("Well, but no paper is printed on it. Name it under [papers.slip], [papers.token] or [papers.form].")
        return Finding("printer", state.name, State.NOTE, said, facts)
    said = f"{state.profile}, {state.address}" if state.address else _("Papers appear on the screen")
    return Finding("printer", state.name, State.WELL, said, facts)


def _trials(settings: Settings, store: StoreSettings | None, clock: Clock, language: Language) -> Iterator[Finding]:
    """Print a test paper on each printer, all of them at once."""
    moment = clock().astimezone(store.zone_info if store is not None else None)

    def print_on(printer: StationPrinter) -> Finding:
        try:
            pictures = test_prints.print_now(printer, test_prints.trial(printer, moment, language))
        except CounterError as error:
            return Finding("test paper", printer.name, State.WRONG, str(error), {"pictures": []})
        files = [str(picture) for picture in pictures]
        said = ", ".join(files) if files else _("Printed. Look whether all of it is there.")
        return Finding("test paper", printer.name, State.WELL, said, {"pictures": files})

    yield from at_once(print_on, _printers(settings, store))
