"""Kills and faults at random points around printing: every slip is known, and every repeat says that it is one.

python -m tests.bench.printer_kills [--times 2000] [--seed 1]
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

from counterapp.app import install
from counterapp.core import staff
from counterapp.core.actor import Role
from counterapp.core.store_settings import StoreSettings
from counterapp.store_access import found_store, open_store
from tests.e2e.day import now, settings_of
from tests.e2e.kills import hire
from tests.e2e.printer_kills import audit, kill_printing


def kill(times: int, seed: int) -> None:
    """Kill and fail that many times, hold the paper against the store, and print it."""
    with tempfile.TemporaryDirectory(prefix="printer-kills-") as folder:
        data = Path(folder)
        admin = staff.NewPerson("9001", "管理员", Role.IT, "314159")
        with found_store(settings_of(data, ""), StoreSettings("一号店", "0101"), admin, install(), now) as database:
            hire(database)
        start = time.monotonic()
        happened = kill_printing(data, times, random.Random(seed))
        took = time.monotonic() - start
        with open_store(settings_of(data, "")) as database:
            counts = audit(database, happened.printed)
    faults = sum(happened.faults.values())
    print(f"{happened.kills} kills and {faults} faults of the printer in {took:.0f} s: nothing unknown, nothing twice")
    print("  ", ", ".join(f"{count} {name}" for name, count in counts.items()))
    print("  ", ", ".join(f"{name} {count}" for name, count in happened.faults.most_common()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    kill(asked.times, asked.seed)
