"""Trying a printer out: a test paper, or the calibration sheet, on that very printer. No record, and no print job.

What comes out is for whoever stands before it, so that nothing of it is stored, taken over or printed late.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from counterapp.core.actor import Role
from counterapp.core.commands import new_key
from counterapp.desks.devices.printouts import PrinterFacts, calibration_sheet, trial_paper
from counterapp.errors import NotAllowed, NotFound, Refused
from counterapp.hardware.printers import StationPrinter, said
from counterapp.words import N_, Language
from printers.device import DevicePrinter
from printers.document import Document, Pages
from printers.errors import PrinterError
from printers.transports import Job
from printers.transports.line import NOT_OURS

#: Seconds until a paper is no longer waited for.
_WANTED: Final = 30.0
#: The running counter opens a line for a moment every second: so often, and so many seconds apart, it is tried again.
_TRIES: Final = 8
_BETWEEN: Final = 0.25


def the_printer(printers: Sequence[StationPrinter], name: str) -> StationPrinter:
    """Return the printer that IT calls `name`. Raises NotFound, which names those that there are."""
    for printer in printers:
        if printer.name == name:
            return printer
    known = ", ".join(printer.name for printer in printers)
    raise NotFound(N_("No printer here is called {name}. There are: {known}."), name=name, known=known)


def may_try(role: Role) -> None:
    """Raise NotAllowed for whoever is not of IT."""
    if role is not Role.IT:
        raise NotAllowed(N_("Printers are tried out by IT."))


def trial(printer: StationPrinter, moment: dt.datetime, language: Language) -> Document:
    """Return the test paper for `printer`; `moment` in the store's time."""
    return trial_paper(_facts(printer, moment), language)


def calibration(printer: StationPrinter, moment: dt.datetime, language: Language) -> Pages:
    """Return the calibration sheet for `printer`. Raises Refused for a roll: what flows has no place on a page."""
    if not is_placed(printer):
        raise Refused(
            N_("{printer} prints on a roll: there is nothing to calibrate. Print its test paper instead."),
            printer=printer.name,
        )
    right, down = offsets(printer)
    return calibration_sheet(_facts(printer, moment), right, down, language)


def is_placed(printer: StationPrinter) -> bool:
    """Whether things have their place on the printer's paper, so that it can be calibrated."""
    return printer.profile.paper != "roll"


def offsets(printer: StationPrinter) -> tuple[float, float]:
    """Return by how many millimetres the printer's pages are moved to the right and down."""
    device = printer.printer
    return (device.right, device.down) if isinstance(device, DevicePrinter) else (0.0, 0.0)


def unmoved(printer: StationPrinter) -> StationPrinter:
    """Return `printer` with its pages where they stand by themselves."""
    device = printer.printer
    if not isinstance(device, DevicePrinter):
        return printer
    return dataclasses.replace(printer, printer=dataclasses.replace(device, right=0.0, down=0.0))


def print_now(printer: StationPrinter, document: Document, ended: threading.Event | None = None) -> tuple[Path, ...]:
    """Print, and return the pictures of the paper where the printer is virtual; some seconds, half a minute at most.

    Once `ended` is set, what has not begun does not begin. Raises Trouble, which says what to do.
    """
    job = Job(new_key(), document.title, _WANTED, ended=ended or threading.Event())
    for left in reversed(range(_TRIES)):
        try:
            return printer.printer.print(document, job)
        except PrinterError as error:
            if error.message != NOT_OURS or not left or job.ended.wait(_BETWEEN):
                raise said(error) from error
    raise AssertionError("the last try either printed or raised")


def _facts(printer: StationPrinter, moment: dt.datetime) -> PrinterFacts:
    return PrinterFacts(printer.name, printer.profile, printer.address, moment)
