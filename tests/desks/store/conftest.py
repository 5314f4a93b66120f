"""The store desk on a real window over a real store, and somebody of IT at it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from counterapp import app as composition
from counterapp import words
from counterapp.core.actor import Role, Signer
from counterapp.core.database import Database
from counterapp.desks.store.view import StoreView
from counterapp.ui import theme
from counterapp.work import StoreClient
from tests.conftest import Hire, PlayedClock
from tests.core.till import many, receipt, rows_of, text_of, write
from tests.desks.screen import DeskScreen


class StoreScreen(DeskScreen):
    """A window with the desks of whoever is signed in."""

    def __init__(self, qtbot: QtBot, client: StoreClient, person: Signer) -> None:
        client.long_changed.connect(
            lambda: self.window.set_work("  ".join(job.title() for job in self.client.long_jobs))
        )
        super().__init__(qtbot, client, composition.desks, person)

    def admit(self, person: Signer) -> None:
        self.sign_in(person)
        self.window.admit(person.name_and_number, [desk for desk in self.tabs if person.role in desk.roles])

    @property
    def view(self) -> StoreView:
        view = super().view
        assert isinstance(view, StoreView)
        return view

    def show_store(self) -> None:
        self.window.show_desk(next(desk for desk in self.window.desks if desk.name == "Store"))
        self.until(lambda: bool(self.rows()))

    def fill(self, *fields: str) -> None:
        """Type into one field after the other; Chinese as an input method commits it."""
        for place, text in enumerate(fields):
            if place:
                self.press("Tab")
            (self.type_in if text.isascii() else self.compose)(text)

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
def it(hire: Hire) -> Signer:
    """Somebody of IT."""
    return hire("9002", Role.IT, "陈伟")


@pytest.fixture
def screen(
    qtbot: QtBot, qapp: QApplication, database: Database, it: Signer, clock: PlayedClock
) -> Iterator[StoreScreen]:
    """The desk of an empty store, in English, whose words do not depend on the catalogue."""
    words.use("en")
    theme.apply(qapp, language="en")
    client = StoreClient(database, "2", clock)
    screen = StoreScreen(qtbot, client, it)
    screen.show_store()
    yield screen
    client.stop()
    words.use("zh")
