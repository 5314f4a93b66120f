"""From this PC's settings to the printers that serve its papers, and how they are."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from counterapp.core.print_queue import PaperRole
from counterapp.errors import CounterError, Trouble
from counterapp.settings import PaperSettings, PrinterSettings, Settings
from printers.device import DevicePrinter
from printers.document import Cell, Code, Document, Row, Slip
from printers.errors import PrinterError, PrinterTrouble
from printers.profile import Profile, named
from printers.protocols import encode
from printers.transports import Job
from printers.transports.address import place, transport
from printers.virtual import VirtualPrinter

_VIRTUAL_FORM: Final = {"a4": "virtual-a4", "continuous": "virtual-continuous"}
_VIRTUAL_SLIP: Final = "virtual-80mm"
#: Millimetres by which papers of one name may differ.
_SAME: Final = 1
#: Has of everything that a paper may want: both faces, hanzi and a code.
_ANY: Final = Slip("", (Row((Cell("存包 0123456789"),)), Row((Cell("17"),), bold=True), Code("BT000000000097")))


class Printer(Protocol):
    """Puts documents on paper. Where it `knows_keys`, a job that is sent twice is one paper."""

    @property
    def knows_keys(self) -> bool: ...

    def print(self, document: Document, job: Job) -> tuple[Path, ...]:
        """Print and return the pictures of the paper, if it has any. Raises PrinterError."""


@dataclass(frozen=True, slots=True)
class DeviceState:
    """How a printer of this PC is.

    `name` is IT's word for it, `papers` the roles that it serves, `address` "" where papers appear on the screen.
    `trouble` says what keeps it from printing and what to do, `hint` what should be seen to soon.
    """

    name: str
    papers: tuple[PaperRole, ...]
    profile: str
    address: str
    trouble: CounterError | None = None
    hint: CounterError | None = None


@dataclass(frozen=True, slots=True)
class StationPrinter:
    """A printer at this PC, by its name there; `state` is how it is as long as nothing is known."""

    name: str
    printer: Printer
    profile: Profile
    papers: tuple[PaperRole, ...]
    address: str = ""

    @property
    def state(self) -> DeviceState:
        """The printer without troubles."""
        return DeviceState(self.name, self.papers, self.profile.name, self.address)

    @property
    def answers(self) -> bool:
        """Whether the printer itself says how it is, so that it may be asked between jobs."""
        return isinstance(self.printer, DevicePrinter) and self.printer.answers

    def takes(self, document: Document) -> bool:
        """Whether the printer holds paper for `document`: pages want their own size, a slip flows on any width."""
        if isinstance(document, Slip):
            return True
        return all(
            abs(page.width - self.profile.width) <= _SAME
            and (not self.profile.height or abs(page.height - self.profile.height) <= _SAME)
            for page in document.pages
        )

    @property
    def can_be_asked(self) -> bool:
        """Whether anything tells how it is: the printer, the spooler before it, or the line that can be opened."""
        return isinstance(self.printer, DevicePrinter)

    def warm(self) -> None:
        """Load what its protocol needs, so that the first customer does not wait for that; nothing is printed."""
        if isinstance(self.printer, DevicePrinter):
            with contextlib.suppress(PrinterError):
                encode(_ANY, self.profile)

    def look(self) -> DeviceState:
        """Ask how the printer is, without printing; within some seconds at the most."""
        if not isinstance(self.printer, DevicePrinter):
            return self.state
        try:
            hint = self.printer.look()
        except PrinterTrouble as trouble:
            return dataclasses.replace(self.state, trouble=said(trouble))
        return dataclasses.replace(self.state, hint=None if hint is None else said(hint))


@dataclass(frozen=True, slots=True)
class Served:
    """What serves a role of paper: the usual printer first, then those that take over.

    After so many `seconds` a job is no longer printed by itself.
    """

    printers: tuple[StationPrinter, ...]
    seconds: float

    def holding(self, document: Document) -> tuple[StationPrinter, ...]:
        """Return the printers that hold paper for `document`; the usual one, which will say so, where none does."""
        return tuple(one for one in self.printers if one.takes(document)) or self.printers[:1]


def printers_of(settings: Settings, form_paper: str) -> dict[PaperRole, Served]:
    """Return what serves each role of paper; `form_paper` is the store's, which decides the form's virtual printer."""
    roles: dict[PaperRole, PaperSettings] = {role: getattr(settings.papers, role.value) for role in PaperRole}
    serves: dict[str, tuple[PaperRole, ...]] = {}
    for role, one in roles.items():
        for name in dict.fromkeys(one.printers):
            serves[name] = (*serves.get(name, ()), role)
    printers = {name: _printer(settings, name, papers, form_paper) for name, papers in serves.items()}
    return {
        role: Served(tuple(printers[name] for name in dict.fromkeys(one.printers)), one.minutes * 60)
        for role, one in roles.items()
    }


def each_of(served: Mapping[PaperRole, Served]) -> tuple[StationPrinter, ...]:
    """Return each printer once."""
    return tuple({one.name: one for role in served.values() for one in role.printers}.values())


def check(settings: Settings, form_paper: str = "a4") -> list[DeviceState]:
    """Ask every printer of this PC at once how it is, without printing; within some seconds at the most.

    A serial line that the running program holds at this moment is told as taken.
    """
    printers = list(each_of(printers_of(settings, form_paper)))
    serving = {one.name for one in printers}
    printers += [_printer(settings, name, (), form_paper) for name in settings.printers if name not in serving]
    with ThreadPoolExecutor(len(printers)) as at_once:
        return list(at_once.map(StationPrinter.look, printers))


def said(error: PrinterError) -> CounterError:
    """Return what a printer's error says, in the words of whoever asks."""
    return Trouble(error.message, **error.values)


def _printer(settings: Settings, name: str, papers: tuple[PaperRole, ...], form_paper: str) -> StationPrinter:
    chosen = settings.printers.get(name, PrinterSettings())
    virtual = _VIRTUAL_FORM[form_paper] if PaperRole.FORM in papers else _VIRTUAL_SLIP
    profile = named(chosen.profile or virtual, settings.profiles)
    reached = place(chosen.address)
    if reached is None:
        return StationPrinter(name, VirtualPrinter(profile, settings.kept_papers), profile, papers)
    way = transport(reached, name, profile, chosen.form)
    printer = DevicePrinter(profile, way, chosen.offset_x, chosen.offset_y)
    return StationPrinter(name, printer, profile, papers, chosen.address)
