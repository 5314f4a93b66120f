"""Scanners over a window, and a database and a printer for the print workers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from counterapp.core.database import Database
from tests.conftest import KEYS
from tests.hardware.counter import Counter, MakeCounter
from tests.hardware.station import Toy


@pytest.fixture
def make_counter(qtbot: QtBot, qapp: QApplication) -> Iterator[MakeCounter]:
    make = MakeCounter(qtbot, qapp)
    yield make
    for counter in make.made:
        qapp.removeEventFilter(counter.scanner)


@pytest.fixture
def counter(make_counter: MakeCounter) -> Counter:
    return make_counter()


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    """One database is enough here: the queue itself is tested on both."""
    with Database(sqlite_url, KEYS) as database:
        yield database


@pytest.fixture
def toy() -> Toy:
    return Toy()
