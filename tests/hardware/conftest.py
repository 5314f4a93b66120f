"""Scanners over a window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.hardware.counter import Counter, MakeCounter


@pytest.fixture
def make_counter(qtbot: QtBot, qapp: QApplication) -> Iterator[MakeCounter]:
    make = MakeCounter(qtbot, qapp)
    yield make
    for counter in make.made:
        qapp.removeEventFilter(counter.scanner)


@pytest.fixture
def counter(make_counter: MakeCounter) -> Counter:
    return make_counter()
