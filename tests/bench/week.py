"""A scripted week of 3,000 returns, killed at random and with a jumping clock, and all its books held together.

python -m tests.bench.week [--forms 3000] [--kills 140] [--databases sqlite postgresql] [--seed 1]
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from counterapp.core.database import Database
from tests.bench.stock import store
from tests.e2e.evening import books
from tests.e2e.week import Week


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--forms", type=int, default=3000)
    parser.add_argument("--kills", type=int, default=140)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    asked = parser.parse_args()
    for kind in asked.databases:
        with store(kind, 0) as database, tempfile.TemporaryDirectory() as folder:
            url, keys = database.url.render_as_string(hide_password=False), database.keys
            database.close()  # nothing of it may go along into the stations' processes
            stations = 1 if kind == "sqlite" else 2
            told = Week(url, keys, Path(folder), asked.forms, asked.kills, stations, asked.seed).live()
            with Database(url, keys) as after:
                print(f"{kind}, {stations} station(s), {told.kills} kills, {told.seconds:.0f} s: {books(after)}")
            print("  " + ", ".join(f"{act} {count}" for act, count in told.done.most_common()))


if __name__ == "__main__":
    main()
