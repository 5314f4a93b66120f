"""From this PC's settings to the printers that serve its papers."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from counterapp.core.printqueue import Paper
from counterapp.settings import ADDRESS, PrinterSettings, Settings
from printers.device import DevicePrinter
from printers.document import Document
from printers.profile import Profile, named
from printers.transports import Job, Transport
from printers.transports.spooler import CupsTransport, media_for
from printers.transports.windows import WindowsTransport
from printers.virtual import VirtualPrinter

_VIRTUAL_FORM: Final = {"a4": "virtual-a4", "continuous": "virtual-continuous"}
_VIRTUAL_SLIP: Final = "virtual-80mm"


class Printer(Protocol):
    """Puts documents on paper. Where it `knows_keys`, a job that is sent twice is one paper."""

    @property
    def knows_keys(self) -> bool: ...

    def print(self, document: Document, job: Job) -> tuple[Path, ...]:
        """Print and return the pictures of the paper, if it has any. Raises PrinterError."""


@dataclass(frozen=True, slots=True)
class Served:
    """Which printer serves a role of paper, and after how many `seconds` a job is no longer printed by itself."""

    printer: Printer
    seconds: float


def printers_of(settings: Settings, form_paper: str) -> dict[Paper, Served]:
    """Return the printers of this PC; `form_paper` is the store's, which decides the form's virtual printer."""
    return {
        Paper.FORM: _served(settings, settings.printers.form, _VIRTUAL_FORM[form_paper]),
        Paper.SLIP: _served(settings, settings.printers.slip, _VIRTUAL_SLIP),
    }


def _served(settings: Settings, chosen: PrinterSettings, virtual: str) -> Served:
    profile = named(chosen.profile or virtual, settings.profiles)
    address = ADDRESS.fullmatch(chosen.address)
    if address is None:
        return Served(VirtualPrinter(profile, settings.papers), chosen.minutes * 60)
    return Served(DevicePrinter(profile, _spooler(address["place"], chosen, profile)), chosen.minutes * 60)


def _spooler(queue: str, chosen: PrinterSettings, profile: Profile) -> Transport:
    if sys.platform == "win32":
        return WindowsTransport(queue, chosen.form)
    return CupsTransport(queue, chosen.form or media_for(profile), profile.options)
