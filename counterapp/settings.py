"""What belongs to this PC alone: database, station, devices, screen. One TOML file, every mistake named at once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Final

import platformdirs

from counterapp.errors import BadInput
from counterapp.words import LANGUAGES, N_, Language
from printers.errors import BadProfile
from printers.profile import named
from printers.transports.address import FORMS, Queue, place

FILE: Final = "settings.toml"

#: Millimetres: whatever lies farther off is another paper.
_FARTHEST: Final = 50

#: The speeds of serial lines that scanners have.
BAUD_RATES: Final = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)


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
    """`language` "zh" or "en"; `dark` and `large` choose the theme; `lock_minutes` 0 never locks; `sound`: whatever is
    refused or missing is heard as well.
    """

    language: Language = "zh"
    dark: bool = False
    large: bool = False
    lock_minutes: int = 5
    sound: bool = True


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    """A scanner that types: at most `gap_ms` between its keys, the `prefix` it sends before and `suffix` after."""

    gap_ms: int = 30
    prefix: str = ""
    suffix: str = "\r"


@dataclass(frozen=True, slots=True)
class SerialScannerSettings:
    """A scanner on a serial line: `port` "/dev/ttyACM0" or "COM3", `baud` its speed, the `prefix` it sends before.

    `suffix` is what ends a code; empty: CR, LF, both, or a pause.
    """

    port: str = ""
    baud: int = 9600
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class PrinterSettings:
    """A printer of this PC.

    `profile`: its model, one of those carried or of the files in the data folder's "printers"; empty: the virtual
    printer for the store's paper. `address`: how it is reached (see printers.transports.address); empty: the papers
    appear on the screen. `form`: the spooler's name for the paper; empty: the profile's size. `offset_x`, `offset_y`:
    millimetres by which its pages are moved right and down.
    """

    profile: str = ""
    address: str = ""
    form: str = ""
    offset_x: float = 0.0
    offset_y: float = 0.0


@dataclass(frozen=True, slots=True)
class PaperSettings:
    """What serves a role of paper: the first of `printers` is the usual one, the next take over.

    After `minutes` a job is no longer printed by itself.
    """

    printers: tuple[str, ...]
    minutes: float


@dataclass(frozen=True, slots=True)
class Papers:
    """The roles of paper: `form` the three-part form, `slip` receipts and refusals, `token` for lockers and goods.

    A token a minute later would confuse the next customer.
    """

    form: PaperSettings = PaperSettings(("form",), 10.0)
    slip: PaperSettings = PaperSettings(("slip",), 1.0)
    token: PaperSettings = PaperSettings(("slip",), 0.5)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything this PC knows by itself. `data` is the folder of database, keys, papers and logs.

    `scanner` is the one that types; `scanners`, by name, are those on serial lines. `printers` have the names that
    `papers` calls them by; "form", "slip" and "token" need no section to be the virtual printer.
    """

    data: Path = field(default_factory=default_data)
    database: DatabaseSettings = DatabaseSettings()
    station: StationSettings = StationSettings()
    screen: ScreenSettings = ScreenSettings()
    scanner: ScannerSettings = ScannerSettings()
    scanners: Mapping[str, SerialScannerSettings] = field(default_factory=dict)
    printers: Mapping[str, PrinterSettings] = field(default_factory=dict)
    papers: Papers = Papers()

    @property
    def database_url(self) -> str:
        """The address of the store's database; the SQLite file in the data folder where none is set."""
        return self.database.url or f"sqlite:///{self.data / 'store.db'}"

    @property
    def kept_papers(self) -> Path:
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
    named_apart = {key: value for key, value in table.items() if key not in ("scanners", "printers")}
    settings: Settings = _filled(Settings(data=data), named_apart, "", mistakes)
    settings = replace(settings, scanners=_named(SerialScannerSettings(), table.get("scanners"), "scanners", mistakes))
    mistakes += _scanner_mistakes(settings.scanners)
    settings = replace(settings, printers=_named(PrinterSettings(), table.get("printers"), "printers", mistakes))
    mistakes += _printers_mistakes(settings) + _papers_mistakes(settings)
    if settings.screen.language not in LANGUAGES:
        mistakes.append(f"screen.language = {settings.screen.language!r} (zh, en)")
    if mistakes:
        raise BadInput(
            N_("The settings file {file} has mistakes: {mistakes}. Correct them and start again."),
            file=path,
            mistakes="; ".join(mistakes),
        )
    return replace(settings, database=DatabaseSettings(database)) if database else settings


def _printers_mistakes(settings: Settings) -> list[str]:
    found, lines = [], dict[object, str]()
    for name, printer in settings.printers.items():
        at = f"printers.{name}"
        if printer.profile:
            try:
                named(printer.profile, settings.profiles)
            except BadProfile as error:
                found.append(f"{at}.profile = {printer.profile!r} ({'; '.join(map(str, error.mistakes))})")
        elif printer.address:
            found.append(f"{at}.profile = '' ({at}.address = {printer.address!r})")
        reached = place(printer.address)
        if printer.address and reached is None:
            found.append(f"{at}.address = {printer.address!r} ({FORMS})")
        # A queue of the spooler may well hold several papers; a line has one printer at its end.
        if reached is not None and not isinstance(reached, Queue) and (other := lines.setdefault(reached, at)) != at:
            found.append(f"{at}.address = {printer.address!r} ({other}.address)")
        for offset in ("offset_x", "offset_y"):
            if not -_FARTHEST <= getattr(printer, offset) <= _FARTHEST:
                found.append(f"{at}.{offset} = {getattr(printer, offset)} (-{_FARTHEST} - {_FARTHEST})")
    return found


def _papers_mistakes(settings: Settings) -> list[str]:
    found = []
    roles = [role.name for role in fields(settings.papers)]
    for role in roles:
        paper: PaperSettings = getattr(settings.papers, role)
        unknown = [name for name in paper.printers if name not in settings.printers and name not in roles]
        if not paper.printers or unknown:
            known = ", ".join({**settings.printers, **dict.fromkeys(roles)})
            found.append(f"papers.{role}.printers = {list(paper.printers)} ({known})")
        if not 0.1 <= paper.minutes <= 1440:
            found.append(f"papers.{role}.minutes = {paper.minutes} (0.1 - 1440)")
    return found


def _scanner_mistakes(scanners: Mapping[str, SerialScannerSettings]) -> list[str]:
    found = []
    ports = [scanner.port for scanner in scanners.values()]
    for name, scanner in scanners.items():
        if not scanner.port:
            found.append(f"scanners.{name}.port = '' (COM3, /dev/ttyACM0)")
        elif ports.count(scanner.port) > 1:
            found.append(f"scanners.{name}.port = {scanner.port!r} (2 ×)")
        if scanner.baud not in BAUD_RATES:
            found.append(f"scanners.{name}.baud = {scanner.baud} ({', '.join(map(str, BAUD_RATES))})")
    return found


def _named(section: Any, table: Any, at: str, mistakes: list[str]) -> dict[str, Any]:
    """Return a `section` for each name in `table`; whatever does not fit is added to `mistakes`."""
    if table is None:
        return {}
    if not isinstance(table, dict) or not all(isinstance(one, dict) for one in table.values()):
        mistakes.append(f"{at} ([{at}.…])")
        return {}
    return {name: _filled(section, one, f"{at}.{name}.", mistakes) for name, one in table.items()}


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
        elif type(present) is float and type(value) is int:
            changes[key] = float(value)
        elif type(present) is tuple and isinstance(value, list) and all(type(one) is str for one in value):
            changes[key] = tuple(value)
        else:
            mistakes.append(f"{place} = {value!r} ({type(present).__name__})")
    return replace(section, **changes)
