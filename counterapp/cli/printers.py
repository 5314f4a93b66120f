"""`printers`: how they are, a test paper, a calibration sheet."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from counterapp import words
from counterapp.core.actor import system_clock
from counterapp.core.store_settings import store_settings
from counterapp.desks.devices.services import test_prints
from counterapp.desks.devices.services.device_status import at_once, look, printers_at
from counterapp.errors import CounterError, Trouble
from counterapp.hardware.printers import StationPrinter
from counterapp.settings import Settings
from counterapp.store_access import open_as_it_is
from counterapp.words import Language, _
from printers import profiles as carried
from printers.errors import BadProfile
from printers.profile import load

DEVICE_IS_WRONG: Final = 5


def list_all(settings: Settings, _asked: argparse.Namespace) -> int:
    """List printers and profiles. Returns 5 where a printer cannot print."""
    states = at_once(look, printers_at(settings, form_paper(settings)))
    for state in states:
        told = state.trouble or state.hint or (_("well") if state.address else _("Papers appear on the screen"))
        print(state.name, ",".join(state.papers) or "-", state.profile, state.address or "-", told, sep="\t")
    print()
    for name, told in _profiles(settings):
        print(name, told, sep="\t")
    return DEVICE_IS_WRONG if any(state.trouble for state in states) else 0


def trial(settings: Settings, asked: argparse.Namespace) -> int:
    """Print the test paper. Returns 5 where the printer does not."""
    printer = _named(settings, asked.name)
    document = test_prints.trial(printer, system_clock().astimezone(), paper_language())
    return _printed(lambda: test_prints.print_now(printer, document), document.title)


def calibrate(settings: Settings, asked: argparse.Namespace) -> int:
    """Print the calibration sheet. Returns 5 where the printer does not."""
    printer = _named(settings, asked.name)
    if asked.zero:
        printer = test_prints.unmoved(printer)
    document = test_prints.calibration(printer, system_clock().astimezone(), paper_language())
    return _printed(lambda: test_prints.print_now(printer, document), document.title)


def form_paper(settings: Settings) -> str:
    """Return what the store prints its forms on; without a store that answers the usual "a4"."""
    try:
        with open_as_it_is(settings) as database:
            return database.read(store_settings).form_paper
    except CounterError:
        return "a4"


def _named(settings: Settings, name: str) -> StationPrinter:
    return test_prints.the_printer(printers_at(settings, form_paper(settings)), name)


def _printed(print_now: Callable[[], tuple[Path, ...]], title: str) -> int:
    try:
        pictures = print_now()
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return DEVICE_IS_WRONG
    for picture in pictures:
        print(picture)
    if not pictures:
        print(_("{paper} is printed. Look whether all of it is there.").format(paper=title))
    return 0


def _profiles(settings: Settings) -> list[tuple[str, str]]:
    """Return the profiles that may be named in the settings, the store's own first, and what each is for."""
    folders = (settings.profiles, Path(carried.__file__).parent)
    files = {path.stem: path for folder in reversed(folders) for path in sorted(folder.glob("*.toml"))}
    told = []
    for name, path in sorted(files.items()):
        try:
            told.append((name, load(path).name))
        except BadProfile as mistakes:
            told.append((name, str(Trouble(mistakes.message, **mistakes.values))))
    return told


def paper_language() -> Language:
    """Return the language of what is printed from here: the screen's."""
    return words.current()
