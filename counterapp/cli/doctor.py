"""`doctor`: what is wrong on this PC, and what to do."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import Final

from counterapp import __version__
from counterapp.cli.printers import DEVICE_IS_WRONG, paper_language
from counterapp.core.actor import system_clock
from counterapp.doctor import Finding, State, examine
from counterapp.settings import Settings
from counterapp.words import N_, _, _n

_STATES: Final = {State.WELL: N_("well"), State.NOTE: N_("note"), State.WRONG: N_("wrong")}
_CHECKS: Final = {
    "settings": N_("Settings"),
    "folder": N_("Data folder"),
    "window": N_("Counter"),
    "keys": N_("The store's keys"),
    "resources": N_("Installation"),
    "database": N_("Database"),
    "integrity": N_("Database file"),
    "sqlite": N_("SQLite"),
    "clock": N_("Clock"),
    "spooler": N_("Print system"),
    "printer": N_("Printer"),
    "scanner": N_("Scanner"),
    "test paper": N_("Test paper"),
}


def doctor(settings: Settings, asked: argparse.Namespace) -> int:
    """Look at everything. Returns 5 where something is wrong."""
    found = []
    for finding in examine(settings, system_clock, paper_language(), trials=asked.trials):
        found.append(finding)
        if not asked.json:
            print(_line(finding), flush=True)
    wrong = sum(finding.state is State.WRONG for finding in found)
    if asked.json:
        print(json.dumps(
            {"program": __version__, "well": not wrong, "findings": [asdict(finding) for finding in found]},
            ensure_ascii=False, indent=2,
        ))  # fmt: skip
    else:
        print()
        print(_n("{count} thing is wrong.", "{count} things are wrong.", wrong).format(count=wrong) if wrong else
              _("Nothing is wrong."))  # fmt: skip
    return DEVICE_IS_WRONG if wrong else 0


def _line(finding: Finding) -> str:
    state = f"[{_(_STATES[finding.state])}]"
    if finding.name and finding.name in finding.says:
        return f"{state} {finding.says}"
    return f"{state} {_(_CHECKS[finding.check])} {finding.name}".rstrip() + f": {finding.says}"
