"""The store desk on a real window over a real store, and somebody of IT at it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from pytestqt.qtbot import QtBot

from counterapp import app as composition
from counterapp.core.actor import Signer
from counterapp.core.database import Database
from counterapp.desks.store.view import StoreView
from counterapp.work import StoreClient
from tests.conftest import PlayedClock
from tests.core.till import many, receipt, rows_of, text_of, write
from tests.desks.screen import DeskScreen


class StoreScreen(DeskScreen):
    """A window with the desks of whoever is signed in, read and typed at as a person does."""

    patience = 10_000

    def __init__(self, qtbot: QtBot, client: StoreClient, clock: PlayedClock) -> None:
        super().__init__(qtbot, client, clock, composition.desks(client))
        client.long_changed.connect(
            lambda: self.window.set_work("  ".join(job.title() for job in self.client.long_jobs))
        )

    def show_store(self) -> None:
        self.show_desk("Store")

    @property
    def view(self) -> StoreView:
        view = self.window.current_view
        assert isinstance(view, StoreView)
        return view

    def fill(self, *fields: str) -> None:
        """Type into one field after the other; Chinese as an input method commits it."""
        for place, text in enumerate(fields):
            if place:
                self.press("Tab")
            self.type_in(text) if text.isascii() else self.compose(text)

    def bring_in(self, path: Path) -> None:
        """Ask for an import of a file."""
        self.press("F4")
        self.fill(str(path))
        self.press("Return")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """1,000 receipts in six batches, and one whose total is wrong."""
    wrong = receipt("0101012611300099", receipt_total="1.00")
    return write(tmp_path / "till export.csv", text_of(rows_of([*many(1_000), wrong])))


@pytest.fixture
def screen(qtbot: QtBot, dressed: None, database: Database, it: Signer, clock: PlayedClock) -> Iterator[StoreScreen]:
    """The desk of an empty store."""
    client = StoreClient(database, "2", clock)
    screen = StoreScreen(qtbot, client, clock)
    screen.admit(it)
    screen.show_store()
    yield screen
    client.stop()
