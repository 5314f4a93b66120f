"""The last key of a scan → the receipt's lines painted, in the real program, in a window offscreen.

python -m tests.bench.bench_screen [--receipts 100000] [--rounds 200]
"""

from __future__ import annotations

import itertools
import os
import random
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from sqlalchemy import func, select

from counterapp import app as composition
from counterapp import words
from counterapp.core.database import Database
from counterapp.core.receipts import Receipt
from counterapp.core.store_settings import store_settings
from counterapp.desks.returns.view import ReturnsView
from counterapp.program import Program
from counterapp.settings import Settings
from counterapp.ui import theme
from counterapp.ui.widgets import LineTable
from tests.bench.stock import clock, main, number_of, people, show
from tests.ui.conftest import key_events


class _Paints(QObject):
    """Notes when the widget it watches was last painted."""

    at = 0.0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint:
            self.at = time.perf_counter()
        return False


def measure(database: Database, rounds: int) -> None:
    """Scan `rounds` receipts, each into the desk that the one before has left open."""
    clerk, _manager = people(database)
    qt = QApplication.instance() or QApplication([])
    assert isinstance(qt, QApplication)
    words.use("zh")
    theme.apply(qt)
    with tempfile.TemporaryDirectory() as folder:
        program = Program(
            qt, Settings(Path(folder)), composition.desks, composition.install, composition.erasures, clock
        )
        program.window.show()
        program._serve(database, database.read(store_settings))
        program._admit(clerk.person)
        view = program.window.current_view
        assert isinstance(view, ReturnsView)
        table = view.findChild(LineTable)
        assert table is not None
        paints = _Paints()
        table.viewport().installEventFilter(paints)
        stored = database.read(lambda s: s.scalar(select(func.count()).select_from(Receipt))) or 0
        seconds, longest, stamps = [], [], itertools.count(100_000, 5_000)
        for place in random.Random(3).sample(range(stored), rounds + 10):
            number = number_of(place)
            keys = list(key_events(f"{number}\r", next(stamps), 8))
            handle = program.window.windowHandle()
            for key in keys[:-2]:
                qt.sendEvent(handle, key)
            strike_end = time.perf_counter()
            for key in keys[-2:]:
                qt.sendEvent(handle, key)
            slowest = 0.0
            while view.desk is None or view.desk.receipt.number != number or paints.at < strike_end:
                turn = time.thread_time()
                qt.processEvents()
                slowest = max(slowest, time.thread_time() - turn)
                time.sleep(0.0002)
            seconds.append(paints.at - strike_end)
            longest.append(slowest)
        show("last key of the scan → lines painted", seconds[10:])
        show("longest turn of the window's thread, its own processor time", longest[10:])
        program.stop()


if __name__ == "__main__":
    main(measure)
