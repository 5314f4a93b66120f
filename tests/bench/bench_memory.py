"""A thousand returns from the scan to the paper in one process, and what memory it holds after every hundred (Linux).

The real program in a window offscreen, keys and scans as a clerk gives them, the virtual printer's paper shown and put
away each time. The target is 200 MiB at the most, and flat.

python -m tests.bench.bench_memory [--receipts 100000] [--rounds 1000] [--databases sqlite postgresql]
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from counterapp import app as composition
from counterapp import words
from counterapp.core import staff
from counterapp.core.actor import Signer
from counterapp.core.database import Database
from counterapp.core.secrets_file import Keys
from counterapp.core.store_settings import store_settings
from counterapp.desks.returns.services.details import LineDetails
from counterapp.desks.returns.view import ReturnsView
from counterapp.program import Program
from counterapp.settings import Settings
from counterapp.ui import theme
from counterapp.ui.garbage import Garbage
from counterapp.ui.print_preview import PrintPreview
from tests.bench.stock import clock, main, number_of, people
from tests.ui.conftest import strike

PIN = "271828"
EVERY = 100
_PATIENCE = 30.0


class Hands:
    """A clerk and a manager at the running program."""

    def __init__(self, qt: QApplication, program: Program, badge: str) -> None:
        self._qt, self.program, self._badge = qt, program, badge

    @property
    def _view(self) -> ReturnsView:
        view = self.program.window.current_view
        assert isinstance(view, ReturnsView)
        return view

    def take_back_one(self, number: str, barcode: str) -> None:
        """Take one faulty piece from the scanned receipt to the paper on the screen, and put the paper away."""
        window = self.program.window
        strike(window, f"{number}\r", 8)
        self._until(lambda: self._view.desk is not None and self._view.desk.receipt.number == number)
        strike(window, f"{barcode}\r", 8)
        self._until(lambda: self._chosen is not None)
        for key in ("F5", "1"):
            window.press(key)
        self._until(lambda: self._asked is not None)
        for key in ("Y", "F7"):
            window.press(key)
        self._until(lambda: self._asked == 0)
        window.press("Enter")
        self._until(lambda: window.dialogs.current is not None)
        for key in ("1", "2", "3"):
            window.press(key)
        strike(window, f"{self._badge}\r", 8)
        strike(window, f"{PIN}\r", 150)
        self._until(lambda: isinstance(window.dialogs.current, PrintPreview))
        window.press("Esc")
        self._until(lambda: window.dialogs.current is None)

    @property
    def _chosen(self) -> LineDetails | None:
        desk = self._view.desk
        return desk.chosen[0] if desk is not None and len(desk.chosen) == 1 else None

    @property
    def _asked(self) -> int | None:
        """How many questions are still open, None while the rules have not spoken."""
        chosen = self._chosen
        return len(chosen.verdict.questions) if chosen is not None and chosen.verdict is not None else None

    def _until(self, holds: Callable[[], bool]) -> None:
        given_up = time.monotonic() + _PATIENCE
        while not holds():
            if time.monotonic() > given_up:
                raise TimeoutError(self.program.window.dialogs.current)
            self._qt.processEvents()
            self._qt.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            time.sleep(0.0005)


def measure(database: Database, rounds: int) -> None:
    """Take `rounds` pieces back, each of another receipt, in a process that has done nothing before."""
    url = database.url.render_as_string(hide_password=False)
    fresh = multiprocessing.get_context("spawn").Process(target=_day, args=(url, database.keys, rounds))
    fresh.start()
    fresh.join()


def _day(url: str, keys: Keys, rounds: int) -> None:
    composition.spare_memory()
    database = Database(url, keys)
    clerk, manager = people(database)
    qt = QApplication.instance() or QApplication([])
    assert isinstance(qt, QApplication)
    words.use("zh")
    theme.apply(qt)
    garbage = Garbage(qt)
    with tempfile.TemporaryDirectory() as folder:
        program = Program(
            qt, Settings(Path(folder)), composition.desks, composition.install, composition.erasures, clock
        )
        program.window.show()
        program._serve(database, database.read(store_settings))
        program._admit(clerk.person)
        hands = Hands(qt, program, _badge_of(database, manager))
        _tell(0)
        for done, (number, barcode) in enumerate(_goods(rounds), start=1):
            hands.take_back_one(number, barcode)
            if done % EVERY == 0:
                gc.collect()
                _tell(done)
        program.stop()
    garbage.stop()


def _tell(done: int) -> None:
    # gc.get_objects() would hold tuples that another thread is making, which the interpreter does not forgive.
    blocks = sys.getallocatedblocks()
    print(f"{done:5} returns  {resident():7.1f} MiB  {blocks:8} blocks of Python", flush=True)


def resident() -> float:
    """Return the memory that this process holds, in MiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _goods(rounds: int) -> Iterator[tuple[str, str]]:
    """Give receipts of the last days (see `stock`), each with the barcode of its line of category general."""
    given = 0
    for place in range(1_000_000):
        general = [line for line in range(1, 6) if (place * 5 + line) % 8 == 0]
        if place % 25 > 4 or not general:
            continue
        yield number_of(place), f"69{(place * 5 + general[0]) % 4000:011}"
        given += 1
        if given == rounds:
            return


def _badge_of(database: Database, person: Signer) -> str:
    return next(one.badge for one in database.read(staff.list_staff) if one.id == person.person_id)


if __name__ == "__main__":
    main(measure, rounds=1000)
