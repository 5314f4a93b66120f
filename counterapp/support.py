"""What a helper elsewhere needs to see of a PC: one ZIP file without keys, PINs or anything of a person.

`about.json` tells versions, settings, tables and queues; `logs/` holds the program's logs, masked. What does not
answer, as a damaged database, is told in its place: that is when a helper is asked.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import platform
import re
import shutil
import sqlite3
import sys
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import func, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import InstrumentedAttribute, Session

from counterapp import __version__
from counterapp.core.cases import Case
from counterapp.core.database import Database
from counterapp.core.journal_verify import verify
from counterapp.core.migrate import revision_of
from counterapp.core.print_queue import PrintJob
from counterapp.core.staff import list_staff
from counterapp.errors import CounterError, Trouble
from counterapp.settings import Settings
from counterapp.store_access import open_as_it_is, sqlite_may_damage
from counterapp.words import N_

T = TypeVar("T")

_PACKAGES: Final = ("PySide6-Essentials", "SQLAlchemy", "alembic", "psycopg", "reportlab", "pypdfium2", "filelock")
_HIDDEN: Final = "****"

#: What the log writes itself at the head of a line; everything behind it may hold what belongs to a person.
_STAMP: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ [\w.]+ ")
#: A piece of a line and what is left of it, in this order.
_MASKS: Final = (
    # What was asked of the database, and what it says of a row that it refused.
    (re.compile(r"\[parameters: .*|DETAIL: .*"), _HIDDEN),
    (re.compile(r"//[^/\s]*@"), f"//{_HIDDEN}@"),
    (re.compile(r"[^\s@]+@[\w.-]+"), _HIDDEN),
    (re.compile(r"\$argon2\S+"), _HIDDEN),
    (re.compile(r"\b[0-9A-Fa-f]{24,}\b"), _HIDDEN),
    # Our papers, cases and badges: the letters tell the kind.
    (re.compile(r"\b([A-Za-z]{2})\d{6,}"), rf"\1{_HIDDEN}"),
    # Phones, cards, receipts, PINs and identity numbers, also with blanks or dashes between.
    (re.compile(r"(?<![\d.])\+?\d(?:[ -]?\d){4,}[Xx]?"), _HIDDEN),
    # The log speaks English: what is Chinese in it is a name, an address, or goods.
    (re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"), _HIDDEN),
)


def write_support(settings: Settings, target: Path, now: dt.datetime) -> None:
    """Write the ZIP file `target`. Raises Trouble where it cannot be written."""
    half = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as file:
            mask = Mask(settings)
            file.writestr("about.json", json.dumps(_about(settings, mask, now), ensure_ascii=False, indent=2))
            for log in sorted((settings.data / "logs").glob("counterapp.log*")):
                with log.open(encoding="utf-8", errors="replace") as lines, file.open(f"logs/{log.name}", "w") as kept:
                    kept.writelines(mask.line(line).encode() for line in lines)
        half.replace(target)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise Trouble(
            N_("{file} cannot be written ({reason}). Choose another place."),
            file=target,
            reason=error.strerror or error,
        ) from error


class Mask:
    """Hides what may belong to a person, or open the store: by its look, and the names of the staff by asking for them.

    Folders are told by what they are, for the way to them tells whose account it is.
    """

    def __init__(self, settings: Settings) -> None:
        self._known = [(str(settings.data), "<data>"), (str(Path.home()), "~")]
        # Without an answer the names in Chinese are hidden all the same.
        with contextlib.suppress(Exception), open_as_it_is(settings) as database:
            names = sorted((person.name for person in database.read(list_staff)), key=len, reverse=True)
            self._known += [(name, _HIDDEN) for name in names]

    def line(self, line: str) -> str:
        """Return a line of the log, masked behind its time stamp."""
        stamp = _STAMP.match(line)
        head = stamp[0] if stamp else ""
        return head + self.words(line[len(head) :])

    def words(self, words: str) -> str:
        """Return `words`, masked."""
        for known, left in self._known:
            words = words.replace(known, left)
        for found, left in _MASKS:
            words = found.sub(left, words)
        return words


def _about(settings: Settings, mask: Mask, now: dt.datetime) -> dict[str, Any]:
    return {
        "written": now.isoformat(timespec="seconds"),
        "versions": _versions(),
        "settings": _without_secrets({k: part for k, part in asdict(settings).items() if k != "data"}),
        "folder": _folder(settings.data),
        "store": _told(lambda: _store(settings, mask), mask),
    }


def _told(look: Callable[[], T], mask: Mask) -> T | str:
    """Return what `look` finds, or why it finds nothing."""
    try:
        return look()
    except CounterError as error:
        return mask.words(error.in_language("en"))
    except Exception as error:
        # This file is for such cases too; nothing may keep the rest from being written.
        return mask.words(f"{type(error).__name__}: {error}")


def _versions() -> dict[str, Any]:
    packages = {}
    for name in _PACKAGES:
        try:
            packages[name] = version(name)
        except PackageNotFoundError:
            packages[name] = "-"
    return {
        "counterapp": __version__,
        "python": sys.version,
        "system": platform.platform(),
        "sqlite": sqlite3.sqlite_version,
        "sqlite_has_wal_reset_bug": sqlite_may_damage(sqlite3.sqlite_version_info),
        "packages": packages,
    }


def _without_secrets(setting: Any) -> Any:
    """Return a setting, addresses in it without account, password and options (which may hold one)."""
    if isinstance(setting, dict):
        return {name: _without_secrets(value) for name, value in setting.items()}
    if not isinstance(setting, str) or ("@" not in setting and "://" not in setting):
        return setting
    try:
        return make_url(setting).set(username=None, password=None, query={}).render_as_string()
    except (ArgumentError, ValueError):
        return _HIDDEN


def _folder(data: Path) -> dict[str, Any]:
    """Return how much lies where; what lies directly in the folder by its name."""
    told: dict[str, Any] = {}
    try:
        told["free_bytes"] = shutil.disk_usage(data).free
        for path in sorted(data.iterdir()):
            if path.is_dir():
                sizes = [one.stat().st_size for one in path.rglob("*") if one.is_file()]
                told[f"{path.name}/"] = {"files": len(sizes), "bytes": sum(sizes)}
            else:
                told[path.name] = path.stat().st_size
    except OSError as error:
        told["not_read"] = error.strerror
    return told


def _store(settings: Settings, mask: Mask) -> dict[str, Any]:
    with open_as_it_is(settings) as database:
        looks: dict[str, Callable[[], Any]] = {
            "server": lambda: database.read(_server),
            "revision": lambda: revision_of(database),
            "rows": lambda: database.read(_rows),
            "print_jobs": lambda: database.read(
                lambda s: _counted(s, PrintJob.station, PrintJob.paper, PrintJob.state)
            ),
            "cases": lambda: database.read(lambda s: _counted(s, Case.station, Case.desk, Case.state)),
            "journal": lambda: _journal(database),
        }
        return {name: _told(look, mask) for name, look in looks.items()}


def _server(session: Session) -> str:
    asked = "sqlite_version()" if session.connection().dialect.name == "sqlite" else "version()"
    return str(session.scalar(text(f"SELECT {asked}")))


def _rows(session: Session) -> dict[str, int]:
    names = sorted(inspect(session.connection()).get_table_names())
    return {name: session.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in names}


def _counted(session: Session, *columns: InstrumentedAttribute[str]) -> dict[str, int]:
    rows = session.execute(select(*columns, func.count()).group_by(*columns).order_by(*columns))
    return {" ".join(row[:-1]): int(row[-1]) for row in rows}


def _journal(database: Database) -> dict[str, Any]:
    return {
        chain.station: {
            "entries": chain.entries,
            "end_kept_here": chain.kept,
            "first_bad": None if chain.bad is None else asdict(chain.bad),
        }
        for chain in verify(database)
    }
