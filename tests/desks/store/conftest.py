"""The store desk on a real window over a real store, and somebody of IT at it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from counterapp import app as composition
from counterapp import words
from counterapp.core.actor import Role, Signer
from counterapp.core.database import Database
from counterapp.core.store_settings import store_settings
from counterapp.desks.store.view import StoreView
from counterapp.ui import theme
from counterapp.ui.widgets import KeyButton, LineTable, VerdictPanel
from counterapp.ui.window import Window
from counterapp.work import StoreClient
from tests.conftest import Hire, PlayedClock
from tests.core.till import many, receipt, rows_of, text_of, write

_W = TypeVar("_W", bound=QWidget)


class StoreScreen:
    """A window with the desks of whoever is signed in, read and typed at as a person does."""

    def __init__(self, qtbot: QtBot, client: StoreClient, clock: PlayedClock) -> None:
        self._qtbot, self.client, self.clock = qtbot, client, clock
        self._desks = composition.desks(client)
        self.window = Window(clock)
        client.long_changed.connect(
            lambda: self.window.set_work("  ".join(job.title() for job in self.client.long_jobs))
        )
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()

    def admit(self, person: Signer) -> None:
        self.client.sign_in(person, self.client.database.read(store_settings))
        self.window.admit(f"{person.name} {person.number}", [desk for desk in self._desks if person.role in desk.roles])

    def show_store(self) -> None:
        self.window.show_desk(next(desk for desk in self.window.desks if desk.name == "Store"))
        self.until(lambda: bool(self.rows()))

    @property
    def view(self) -> StoreView:
        view = self.window.current_view
        assert isinstance(view, StoreView)
        return view

    def press(self, *keys: str) -> None:
        """Press keys where the focus is."""
        for key in keys:
            focus = QApplication.focusWidget() or self.window
            if key.startswith("F") and len(key) > 1:
                QTest.keyClick(focus, Qt.Key(Qt.Key.Key_F1 + int(key[1:]) - 1))
            else:
                QTest.keyClick(focus, getattr(Qt.Key, f"Key_{key}"))

    def type_in(self, *fields: str) -> None:
        """Type into one field after the other; Chinese as an input method commits it."""
        for place, text in enumerate(fields):
            if place:
                self.press("Tab")
            field = QApplication.focusWidget() or self.window
            if text.isascii():
                QTest.keyClicks(field, text)
            else:
                committed = QInputMethodEvent()
                committed.setCommitString(text)
                QApplication.sendEvent(field, committed)

    def bring_in(self, path: Path) -> None:
        """Ask for an import of a file."""
        self.press("F4")
        self.type_in(str(path))
        self.press("Return")

    def until(self, holds: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(holds, timeout=10_000)

    def until_said(self, said: str) -> None:
        self.until(lambda: said in self.words())

    def words(self) -> str:
        """All words on the screen."""
        found = [label.text() for label in self._visible(QLabel)]
        found += [button.text() for button in self._visible(KeyButton)]
        found += [panel.text for panel in self._visible(VerdictPanel)]
        found += self.rows()
        return "\n".join(found)

    def rows(self) -> list[str]:
        return [
            f"{row.name} {row.quiet} {row.verdict.words if row.verdict else ''}".strip()
            for table in self._visible(LineTable)
            for row in table.rows
        ]

    def choose(self, name: str) -> None:
        table = self.view.findChild(LineTable)
        assert table is not None
        row = next(row for row in table.rows if row.name == name)
        table.choose(row.key)
        table.chosen.emit(row.key)

    def _visible(self, kind: type[_W]) -> list[_W]:
        return [widget for widget in self.window.findChildren(kind) if widget.isVisible()]


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
    screen = StoreScreen(qtbot, client, clock)
    screen.admit(it)
    screen.show_store()
    yield screen
    client.stop()
    words.use("zh")
