"""An import beside the counter's work: two at once, broken off, killed, and never in a clerk's way."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from counterapp.core.database import Database
from counterapp.core.numbering import next_number, start_series
from counterapp.core.receipts import Receipt, ReceiptLine, SetAsideReceipt
from counterapp.core.sales import store
from counterapp.core.sales.parse import ParsedReceipt
from counterapp.core.sales_import import import_sales
from counterapp.errors import BadInput
from tests.conftest import KEYS, PlayedClock
from tests.core.till import many, receipt, rows_of, text_of, write


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """1,000 receipts of three lines, six batches."""
    return write(tmp_path / "sales.csv", text_of(rows_of(many(1_000))))


def stored(database: Database) -> tuple[int, int]:
    return database.read(
        lambda session: (
            session.scalars(select(func.count(Receipt.id))).one(),
            session.scalars(select(func.count(ReceiptLine.id))).one(),
        )
    )


def test_two_imports_of_one_file_both_end_well(database: Database, export: Path, clock: PlayedClock) -> None:
    other = Database(database.url.render_as_string(hide_password=False), KEYS)
    with export.open("a", encoding="utf-8", newline="") as file:
        file.write(text_of(receipt("0101012611300099", receipt_total="1.00")).partition("\r\n")[2])
    start = threading.Barrier(2)

    def run(which: Database) -> tuple[int, int, int]:
        start.wait()
        report = import_sales(which, export, clock=clock)
        return report.receipts, report.unchanged, len(report.rejected)

    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(run, (database, other))
    other.close()
    assert one[0] + two[0] == 1_000
    assert (one[0] + one[1], two[0] + two[1]) == (1_000, 1_000)
    assert one[2] == two[2] == 1
    assert stored(database) == (1_000, 3_000)
    assert database.read(lambda session: session.scalars(select(func.count(SetAsideReceipt.id))).one()) == 1


def test_what_another_import_stored_meanwhile_is_there(
    database: Database, export: Path, clock: PlayedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other import is faster inside our own transaction, as only PostgreSQL lets it."""
    if database.is_sqlite:
        pytest.skip("SQLite lets nobody in between")
    other = Database(database.url.render_as_string(hide_password=False), KEYS)
    insert = store._insert_receipts

    def overtaken(session: Session, first: Mapping[str, ParsedReceipt], now: dt.datetime) -> dict[str, int]:
        session.execute(select(Receipt.id).limit(1))
        monkeypatch.setattr(store, "_insert_receipts", insert)
        import_sales(other, export, clock=clock)
        return insert(session, first, now)

    monkeypatch.setattr(store, "_insert_receipts", overtaken)
    report = import_sales(database, export, clock=clock)
    other.close()
    assert (report.receipts, report.lines, report.unchanged, report.rejected) == (0, 0, 1_000, ())
    assert stored(database) == (1_000, 3_000)


def test_a_clerk_writes_between_two_batches(database: Database, export: Path, clock: PlayedClock) -> None:
    clerk = Database(database.url.render_as_string(hide_password=False), KEYS)
    clerk.run(lambda session: start_series(session, "test"))
    seen: list[int] = []
    import_sales(
        database,
        export,
        clock=clock,
        breathe=lambda: seen.append(clerk.run(write_and_count)),
    )
    clerk.close()
    assert seen == sorted(seen)
    assert len(seen) >= 5
    assert all(0 < count < 3_000 and count % 3 == 0 for count in seen)


def write_and_count(session: Session) -> int:
    next_number(session, "test")
    return int(session.scalars(select(func.count(ReceiptLine.id))).one())


def test_a_cancelled_import_keeps_what_is_stored_and_goes_on_next_time(
    database: Database, export: Path, clock: PlayedClock
) -> None:
    shares: list[float] = []
    rows: list[int] = []

    def told(share: float, read: int) -> None:
        shares.append(share)
        rows.append(read)

    report = import_sales(
        database, export, clock=clock, progress=told, cancelled=lambda: len(shares) == 2, breathe=lambda: None
    )
    assert report.cancelled
    assert stored(database) == (report.receipts, report.lines)
    assert 0 < report.receipts < 1_000
    assert 0 < shares[0] < shares[1] < 1
    assert rows == [report.lines / 2, report.lines]
    rest = import_sales(database, export, clock=clock, progress=told)
    assert (rest.receipts + report.receipts, rest.unchanged, rest.cancelled) == (1_000, report.receipts, False)
    assert (shares[-1], rows[-1]) == (1, rest.lines + report.lines)


_KILLED = """
import datetime as dt, os, signal, sys
from pathlib import Path
from counterapp.core.database import Database
from counterapp.core.secrets_file import Keys
from counterapp.core.sales import store
from counterapp.core.sales_import import import_sales

left = int(sys.argv[3])

def die_in_time():
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

insert_lines = store._insert_lines

def insert_and_die(*args):
    insert_lines(*args)
    die_in_time()

store._insert_lines = insert_and_die
database = Database(sys.argv[1], Keys(b"p" * 32, b"j" * 32))
import_sales(database, Path(sys.argv[2]), clock=lambda: dt.datetime.now(dt.UTC), breathe=die_in_time)
"""


def test_a_killed_import_leaves_whole_receipts_only(database: Database, export: Path, clock: PlayedClock) -> None:
    url = database.url.render_as_string(hide_password=False)
    for left in (1, 4):  # inside a transaction that has stored everything but is not committed; between two
        ended = subprocess.run(
            [sys.executable, "-c", _KILLED, url, str(export), str(left)], check=False, env=os.environ
        )
        assert ended.returncode == -signal.SIGKILL
        receipts, lines = stored(database)
        assert lines == 3 * receipts
    assert 0 < receipts < 1_000
    report = import_sales(database, export, clock=clock)
    assert (report.receipts, report.unchanged) == (1_000 - receipts, receipts)
    assert stored(database) == (1_000, 3_000)


@pytest.mark.parametrize("copies", [1, 2])
def test_a_file_that_shrinks_while_it_is_read_is_told(
    database: Database, tmp_path: Path, clock: PlayedClock, copies: int
) -> None:
    path = write(tmp_path / "sales.csv", text_of(rows_of(many(800))) * copies)
    size = path.stat().st_size
    with pytest.raises(BadInput) as refused:
        import_sales(database, path, clock=clock, breathe=lambda: os.truncate(path, size * 2 // 3))
    assert "became shorter" in refused.value.in_language("en")
    receipts, lines = stored(database)
    assert lines == 3 * receipts > 0


def test_what_is_appended_while_it_is_read_waits_for_the_next_time(
    database: Database, export: Path, clock: PlayedClock
) -> None:
    more = text_of(receipt("0101012611300001")).partition("\r\n")[2]

    def grow() -> None:
        with export.open("a", encoding="utf-8", newline="") as file:
            file.write(more[:100])

    assert import_sales(database, export, clock=clock, breathe=grow).rejected == ()
    assert stored(database) == (1_000, 3_000)


def test_a_long_export_takes_no_more_memory_than_a_short_one(
    database: Database, tmp_path: Path, clock: PlayedClock
) -> None:
    path = write(tmp_path / "long.csv", text_of(rows_of(many(3_000))))
    tracemalloc.start()
    try:
        import_sales(database, path, clock=clock, breathe=lambda: None)
        assert tracemalloc.get_traced_memory()[1] < 6 << 20  # its rows alone would be 15 MiB
    finally:
        tracemalloc.stop()
