"""From the clerk's click to the slip's last byte at a printer on loopback, with the durable commit between.

python -m tests.bench.bench_print [--times 300]

The same slip by python-escpos over its own TCP class stands beside it, where that is installed.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import multiprocessing
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication
from sqlalchemy.orm import Session

from counterapp.app import install
from counterapp.core import print_queue, staff
from counterapp.core.actor import Actor, Role
from counterapp.core.cases import open_case
from counterapp.core.print_queue import PaperRole
from counterapp.core.store_settings import StoreSettings
from counterapp.hardware.printers import Served, StationPrinter
from counterapp.hardware.printing import Printing
from counterapp.store_access import found_store
from counterapp.work import StoreClient
from printers.device import DevicePrinter
from printers.profile import named
from printers.protocols import encode
from printers.transports.address import place, transport
from tests.e2e.day import CLERK, STATION, now, settings_of
from tests.e2e.kills import hire
from tests.e2e.printing_day import slip_of
from tests.printers.fake import FakePrinter, over_tcp

_PROFILE = named("epson-tm-t88")
#: With which a slip ends, by its own command for the knife.
_LAST = b"\x1dV\x01"


def _serve(said: Queue[Any]) -> None:
    with over_tcp(FakePrinter()) as printer:
        printer.heard = lambda piece: said.put(time.monotonic()) if piece.endswith(_LAST) else None
        said.put(printer.address)
        threading.Event().wait()


@contextlib.contextmanager
def printer_elsewhere() -> Iterator[Queue[Any]]:
    """A printer in a process of its own, as a real one is: it tells its address, then when each slip's end arrived."""
    spawn = multiprocessing.get_context("spawn")
    said: Queue[Any] = spawn.Queue()
    process = spawn.Process(target=_serve, args=(said,), daemon=True)
    process.start()
    try:
        yield said
    finally:
        process.terminate()
        process.join()


def told(name: str, milliseconds: list[float]) -> None:
    ordered = sorted(milliseconds)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(f"{name}: median {statistics.median(ordered):.1f} ms, p95 {p95:.1f} ms, longest {ordered[-1]:.1f} ms")


def ours(times: int) -> None:
    """Click → record and job committed → bytes: last one at the printer, and the program knowing that it is paper."""
    app = QCoreApplication.instance() or QCoreApplication([])
    with tempfile.TemporaryDirectory(prefix="bench-print-") as folder, printer_elsewhere() as said:
        admin = staff.NewPerson("9001", "管理员", Role.IT, "314159")
        store = StoreSettings("一号店", "0101")
        database = found_store(settings_of(Path(folder), ""), store, admin, install(), now)
        hire(database)
        people = {person.number: person.signer() for person in database.read(staff.list_staff)}
        client = StoreClient(database, STATION)
        client.sign_in(people[CLERK], store)
        at = place(said.get())
        assert at is not None
        device = DevicePrinter(_PROFILE, transport(at, "slip", _PROFILE))
        served = Served((StationPrinter("slip", device, _PROFILE, tuple(PaperRole)),), 60)
        printing = Printing(database, STATION, client.clock, dict.fromkeys(PaperRole, served))
        done: list[float] = []
        printing.printed.connect(lambda _paper: done.append(time.monotonic()))
        client.committed.connect(printing.wake)

        def make(session: Session, actor: Actor) -> int:
            case = open_case(session, actor, "test", "TK", "存包")
            session.flush()
            print_queue.enqueue(session, actor, PaperRole.SLIP, "存包小票", slip_of(case.code), case.id)
            return case.id

        arriving, knowing = [], []
        for number in range(times + 10):
            click = time.monotonic()
            client.command(client, "test.make", make)
            while len(done) <= number:
                app.processEvents()
                time.sleep(0.0002)
            arrived = said.get()
            if number >= 10:  # the first ones import and settle
                arriving.append((arrived - click) * 1000)
                knowing.append((done[number] - click) * 1000)
        printing.stop()
        client.stop()
    told("click to the last byte at the printer, commit included", arriving)
    told("click to known as printed (status before and after)", knowing)


def encoding(times: int) -> None:
    slip = slip_of("TK123456789012")
    took = []
    for _time in range(times):
        start = time.perf_counter()
        data = encode(slip, _PROFILE)
        took.append((time.perf_counter() - start) * 1000)
    print(f"the slip is {len(data)} bytes")
    told("making them", took)


def theirs(times: int) -> None:
    try:
        network = importlib.import_module("escpos.printer").Network
    except ImportError:
        print("python-escpos is not installed here")
        return
    took = []
    with printer_elsewhere() as said:
        host, _, port = said.get().removeprefix("tcp:").rpartition(":")
        for _time in range(times):
            start = time.monotonic()
            printer = network(host, int(port))
            for line in range(8):
                printer.text(f"slip {line} 12.50\n")
            printer._raw(_LAST)
            took.append((said.get() - start) * 1000)
            printer.close()
    told("python-escpos, a slip of as many lines without Chinese, no commit, no status", took)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=300)
    asked = parser.parse_args()
    encoding(asked.times)
    ours(asked.times)
    theirs(asked.times)
