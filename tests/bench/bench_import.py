"""How fast the till's exports come in, and in how much memory.

python -m tests.bench.bench_import [--receipts 20000] [--rounds 3]

A fresh store a round, on both databases: lines a second (medians), the same file once more, and how much the process
has grown by it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import statistics
import tempfile
import time
from pathlib import Path

from counterapp.core.sales_import import import_sales
from counterapp.demo.till import read_items, sales_of, write_export
from tests.bench.stock import clock, store

_A_DAY = 40


def main() -> None:
    """Measure on both databases."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--receipts", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path = Path(folder) / "sales.csv"
        lines = _write(path, asked.receipts)
        print(f"{asked.receipts} receipts, {lines} lines, {path.stat().st_size / 2**20:.1f} MiB of GB18030")
        for kind in ("sqlite", "postgresql"):
            _measure(kind, path, lines, asked.rounds)


def _measure(kind: str, path: Path, lines: int, rounds: int) -> None:
    new, again, grown = [], [], []
    for _ in range(rounds):
        with store(kind, 0) as database:
            before = _resident()
            start = time.perf_counter()
            report = import_sales(database, path, clock=clock)
            new.append(lines / (time.perf_counter() - start))
            assert (report.lines, report.rejected) == (lines, ())
            start = time.perf_counter()
            import_sales(database, path, clock=clock)
            again.append(lines / (time.perf_counter() - start))
            grown.append(_resident() - before)
    print(
        f"{kind:10}  new {statistics.median(new):7.0f} lines/s   again {statistics.median(again):7.0f} lines/s   "
        f"grown by {statistics.median(grown):.1f} MiB to {_resident():.0f} MiB"
    )


def _write(path: Path, receipts: int) -> int:
    """Write an export of that many receipts; return its lines."""
    goods, first = list(read_items().values()), dt.date(2020, 1, 1)
    days = (first + dt.timedelta(days=day) for day in range(-(-receipts // _A_DAY)))
    sales = [sale for day in days for sale in sales_of(day, goods)][:receipts]
    write_export(sales, path)
    return sum(len(sale.lines) for sale in sales)


def _resident() -> float:
    """Return how much memory this process holds, in MiB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
