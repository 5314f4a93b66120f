"""No widget is ever taken apart by a worker."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from counterapp.ui.garbage import Garbage


class Thing:
    """Refers to itself, so that only the collector frees it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def garbage(qapp: QApplication) -> Iterator[Garbage]:
    garbage = Garbage(qapp)
    yield garbage
    garbage.stop()


def test_a_worker_collects_nothing_and_the_gui_thread_does(garbage: Garbage) -> None:
    garbage.timer.timeout.emit()
    freed_by: list[int] = []
    weakref.finalize(Thing(), lambda: freed_by.append(threading.get_ident()))

    worker = threading.Thread(target=lambda: [[] for _ in range(100_000)])
    worker.start()
    worker.join()
    assert freed_by == []

    kept = [[None] for _ in range(2000)]
    garbage.timer.timeout.emit()
    assert freed_by == [threading.get_ident()]
    assert len(kept) == 2000


def test_after_the_end_python_collects_by_itself_again(qapp: QApplication) -> None:
    garbage = Garbage(qapp)
    assert not gc.isenabled()
    garbage.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
