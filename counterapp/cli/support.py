"""`support`: what a helper needs to see."""

from __future__ import annotations

import argparse
from pathlib import Path

from counterapp.core.actor import system_clock
from counterapp.settings import Settings
from counterapp.support import write_support
from counterapp.words import _


def support(settings: Settings, asked: argparse.Namespace) -> int:
    """Write the ZIP file for a helper."""
    now = system_clock().astimezone()
    target = Path(asked.out) if asked.out else Path(f"counterapp-support-{now:%Y%m%d}.zip")
    write_support(settings, target, now)
    print(_("{file} is written. No keys, PINs, names, phones or card numbers are in it.").format(file=target))
    return 0
