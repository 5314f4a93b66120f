"""How the devices of this PC are, as its settings file says now: it is read anew at every look."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from counterapp.core.actor import Role
from counterapp.core.database import Database
from counterapp.desks.devices.services.environment_checks import (
    DatabaseFacts,
    FolderFacts,
    database_facts,
    folder_facts,
)
from counterapp.errors import BadInput, CounterError, Trouble
from counterapp.hardware.printers import DeviceState, StationPrinter, each_of, printers_of
from counterapp.hardware.scanner_line import check_line
from counterapp.settings import PaperSettings, SerialScannerSettings, Settings, load
from counterapp.words import N_
from printers.transports.line import NOT_OURS

T = TypeVar("T")
S = TypeVar("S")

#: Those who see how the devices are; only IT tries them out.
IN_CHARGE: Final = frozenset({Role.IT, Role.SERVICE_MANAGER, Role.STORE_MANAGER})

#: What scanner_line says of a line that somebody has: as a rule the counter itself.
SCANNER_TAKEN: Final = N_("Scanner {name}: another program uses {port}. Close it; the scanner is found by itself.")
#: A printer that somebody else asks or prints on at this moment is asked again, so many seconds later.
_AGAIN: Final = 0.3
_LOOKS: Final = 2
_LOOKS_AT_TAKEN: Final = 5


@dataclass(frozen=True, slots=True)
class ScannerState:
    """A scanner on a serial line; `taken`: its line is in use, by the counter where that is open."""

    name: str
    scanner: SerialScannerSettings
    trouble: Trouble | None = None
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """How everything was at one moment.

    `settings` are those of the file; where it has `mistakes`, they are the ones without a file, and no device was
    looked at. `states` follow `printers`.
    """

    settings: Settings
    mistakes: BadInput | None
    printers: tuple[StationPrinter, ...]
    states: tuple[DeviceState, ...]
    scanners: tuple[ScannerState, ...]
    database: DatabaseFacts | CounterError
    folder: FolderFacts


def look_around(data: Path, database: Database, form_paper: str, spared: Collection[str] = ()) -> Seen:
    """Look at everything at once; within some seconds. Printers in `spared` are at work and not asked."""
    settings, mistakes = settings_now(data)
    printers = () if mistakes else printers_at(settings, form_paper)
    try:
        answer: DatabaseFacts | CounterError = database_facts(database)
    except CounterError as error:
        answer = error
    return Seen(
        settings,
        mistakes,
        printers,
        at_once(lambda one: one.state if one.name in spared else look(one), printers),
        at_once(lambda one: look_at_scanner(*one), list(settings.scanners.items())),
        answer,
        folder_facts(data),
    )


def settings_now(data: Path, database: str = "") -> tuple[Settings, BadInput | None]:
    """Return the settings of the data folder; where its file has mistakes, these, and settings as without a file."""
    try:
        return load(data, database), None
    except BadInput as error:
        plain = Settings(data)
        return dataclasses.replace(plain, database=dataclasses.replace(plain.database, url=database)), error


def printers_at(settings: Settings, form_paper: str) -> tuple[StationPrinter, ...]:
    """Return every printer of this PC, those that serve no role of paper last."""
    serving = each_of(printers_of(settings, form_paper))
    idle = [name for name in settings.printers if name not in {one.name for one in serving}]
    if not idle:
        return serving
    # Printers are made for the role that they serve; these are made for one, and then serve none.
    slips = dataclasses.replace(settings.papers, slip=PaperSettings(tuple(idle), settings.papers.slip.minutes))
    made = each_of(printers_of(dataclasses.replace(settings, papers=slips), form_paper))
    return (*serving, *(dataclasses.replace(one, papers=()) for one in made if one.name in idle))


def look(printer: StationPrinter) -> DeviceState:
    """Ask how a printer is; a trouble counts once it was met twice."""
    state, looks = printer.look(), 1
    while is_troubled(state) and looks < (_LOOKS_AT_TAKEN if is_taken(state) else _LOOKS):
        time.sleep(_AGAIN)
        state, looks = printer.look(), looks + 1
    return state


def is_troubled(state: DeviceState) -> bool:
    """Whether a printer cannot print."""
    return state.trouble is not None


def is_taken(state: DeviceState) -> bool:
    """Whether somebody else has the line to a printer: as a rule the counter itself, for a moment or for a paper."""
    return state.trouble is not None and state.trouble.message == NOT_OURS


def look_at_scanner(name: str, scanner: SerialScannerSettings) -> ScannerState:
    """Look whether a scanner's line is there."""
    trouble = check_line(name, scanner)
    if trouble is not None and trouble.message == SCANNER_TAKEN:
        return ScannerState(name, scanner, trouble, taken=True)
    return ScannerState(name, scanner, trouble)


def at_once(look: Callable[[S], T], things: Sequence[S]) -> tuple[T, ...]:
    """Return what `look` says of each, all of them asked at the same time."""
    if not things:
        return ()
    with ThreadPoolExecutor(len(things)) as together:
        return tuple(together.map(look, things))
