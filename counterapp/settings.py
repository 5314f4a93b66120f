"""What belongs to this PC alone: database, station, devices, screen. One TOML file, every mistake named at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Final

import platformdirs

from counterapp.errors import BadInput
from counterapp.words import LANGUAGES, N_
from printers.errors import BadProfile
from printers.profile import named

FILE: Final = "settings.toml"

ADDRESS: Final = re.compile(r"(?P<way>spooler):(?P<place>\S(?:.*\S)?)")
"""How a printer is reached."""


def default_data() -> Path:
    """Return the data folder of this person on this system."""
    return platformdirs.user_data_path("counterapp", appauthor=False)


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """`url`: a SQLAlchemy address of PostgreSQL; empty: the SQLite file in the data folder."""

    url: str = ""


@dataclass(frozen=True, slots=True)
class StationSettings:
    """`name`: how this PC is called on paper and in the journal."""

    name: str = "1"


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """`language` "zh" or "en"; `dark` and `large` choose the theme; `lock_minutes` 0 never locks."""

    language: str = "zh"
    dark: bool = False
    large: bool = False
    lock_minutes: int = 5


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    """A scanner that types: at most `gap_ms` between its keys, the `prefix` it sends before and `suffix` after."""

    gap_ms: int = 30
    prefix: str = ""
    suffix: str = "\r"


@dataclass(frozen=True, slots=True)
class PrinterSettings:
    """The printer that serves a role of paper.

    `profile`: its model, one of those carried or of the files in the data folder's "printers"; empty: the virtual
    printer for the store's paper. `address`: "spooler:NAME" for a queue of the system's spooler; empty: the papers
    appear on the screen. `form`: the spooler's name for the paper; empty: the profile's size. `minutes`: how long a
    job may wait before it is no longer printed by itself.
    """

    profile: str = ""
    address: str = ""
    form: str = ""
    minutes: int = 10


@dataclass(frozen=True, slots=True)
class Printers:
    """One printer a role of paper: `form` the three-part form, `slip` receipts and refusals."""

    form: PrinterSettings = PrinterSettings()
    slip: PrinterSettings = PrinterSettings(minutes=1)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything this PC knows by itself. `data` is the folder of database, keys, papers and logs."""

    data: Path = field(default_factory=default_data)
    database: DatabaseSettings = DatabaseSettings()
    station: StationSettings = StationSettings()
    screen: ScreenSettings = ScreenSettings()
    scanner: ScannerSettings = ScannerSettings()
    printers: Printers = Printers()

    @property
    def database_url(self) -> str:
        """The address of the store's database; the SQLite file in the data folder where none is set."""
        return self.database.url or f"sqlite:///{self.data / 'store.db'}"

    @property
    def papers(self) -> Path:
        """The folder where the virtual printer keeps its papers."""
        return self.data / "papers"

    @property
    def profiles(self) -> Path:
        """The folder of the store's own printer profiles."""
        return self.data / "printers"


def load(data: Path, database: str = "") -> Settings:
    """Read `data`/settings.toml (a missing file means defaults); `database` goes before what the file says.

    Raises BadInput, which names every mistake of the file in one sentence.
    """
    path = data / FILE
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        table = {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadInput(
            N_("The settings file {file} cannot be read: {reason}. Correct it and start again."),
            file=path,
            reason=error,
        ) from error
    mistakes: list[str] = []
    settings: Settings = _filled(Settings(data=data), table, "", mistakes)
    if settings.screen.language not in LANGUAGES:
        mistakes.append(f"screen.language = {settings.screen.language!r} (zh, en)")
    for role in fields(settings.printers):
        mistakes += _printer_mistakes(settings, f"printers.{role.name}", getattr(settings.printers, role.name))
    if mistakes:
        raise BadInput(
            N_("The settings file {file} has mistakes: {mistakes}. Correct them and start again."),
            file=path,
            mistakes="; ".join(mistakes),
        )
    return replace(settings, database=DatabaseSettings(database)) if database else settings


def _printer_mistakes(settings: Settings, at: str, printer: PrinterSettings) -> list[str]:
    found = []
    if printer.profile:
        try:
            named(printer.profile, settings.profiles)
        except BadProfile as error:
            found.append(f"{at}.profile = {printer.profile!r} ({'; '.join(map(str, error.mistakes))})")
    elif printer.address:
        found.append(f"{at}.profile = '' ({at}.address = {printer.address!r})")
    if printer.address and not ADDRESS.fullmatch(printer.address):
        found.append(f"{at}.address = {printer.address!r} (spooler:NAME)")
    if not 1 <= printer.minutes <= 1440:
        found.append(f"{at}.minutes = {printer.minutes} (1 - 1440)")
    return found


def _filled(section: Any, table: Mapping[str, Any], at: str, mistakes: list[str]) -> Any:
    """Return `section` with the values of `table`; whatever does not fit is added to `mistakes`."""
    names = {one.name for one in fields(section)} - {"data"}
    changes: dict[str, Any] = {}
    for key, value in table.items():
        place = f"{at}{key}"
        if key not in names:
            mistakes.append(f"{place} (?)")
            continue
        present = getattr(section, key)
        if is_dataclass(present):
            if isinstance(value, dict):
                changes[key] = _filled(present, value, f"{place}.", mistakes)
            else:
                mistakes.append(f"{place} = {value!r} ([{place}])")
        elif type(value) is type(present):
            changes[key] = value
        else:
            mistakes.append(f"{place} = {value!r} ({type(present).__name__})")
    return replace(section, **changes)
