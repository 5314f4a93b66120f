"""The devices desk on a real window over a real store, with somebody of IT at it, and real lines to played printers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from counterapp import app as composition
from counterapp import words
from counterapp.core.actor import Signer
from counterapp.core.database import Database
from counterapp.desks.devices.view import DevicesView
from counterapp.desks.devices.view.scan_test import ScanTest
from counterapp.ui import theme
from counterapp.ui.widgets import KeyButton, LineTable
from counterapp.work import StoreClient
from tests.conftest import KEYS, PlayedClock
from tests.desks.screen import DeskScreen
from tests.ui.conftest import key_events

MakeScreen = Callable[..., "DevicesScreen"]


class DevicesScreen(DeskScreen):
    """The desk as a person reads it."""

    patience = 15_000

    def __init__(self, qtbot: QtBot, client: StoreClient, clock: PlayedClock, data: Path) -> None:
        super().__init__(qtbot, client, clock, composition.desks(client))
        self.data = data
        self.said: list[str] = []
        self.window.messages.said.connect(lambda message: self.said.append(message.sentence()))

    def show(self) -> None:
        self.show_desk("Devices")

    def settle(self, text: str) -> None:
        """Let `text` be the settings file from now on."""
        (self.data / "settings.toml").write_text(text, encoding="utf-8")

    @property
    def view(self) -> DevicesView:
        view = self.window.current_view
        assert isinstance(view, DevicesView)
        return view

    @property
    def table(self) -> LineTable:
        table = self.view.findChild(LineTable)
        assert table is not None
        return table

    @property
    def scans(self) -> str:
        scans = self.view.findChild(ScanTest)
        assert scans is not None
        return scans.text

    def states(self) -> dict[str, str]:
        """Return what is said of each device, by its name."""
        return {row.name: row.verdict.words if row.verdict else "" for row in self.table.rows}

    def send_keys(self, text: str, *, gap: int) -> None:
        """Send `text` as keys of the machine, so many milliseconds apart."""
        handle = self.window.windowHandle()
        for event in key_events(text, 50_000, gap):
            QCoreApplication.sendEvent(handle, event)

    def buttons(self) -> list[str]:
        return [button.key for button in self.view.findChildren(KeyButton) if button.isVisible()]


@pytest.fixture
def database(sqlite_url: str, tmp_path: Path) -> Iterator[Database]:
    """A store on SQLite, whose folder is this PC's."""
    with Database(sqlite_url, KEYS, tmp_path / "data") as database:
        yield database


@pytest.fixture
def make_screen(
    qtbot: QtBot, qapp: QApplication, database: Database, clock: PlayedClock, tmp_path: Path
) -> Iterator[MakeScreen]:
    """Sign somebody in at the desk, in English, whose words do not depend on the catalogue."""
    made: list[DevicesScreen] = []

    def make(
        person: Signer, language: words.Language = "en", *, dark: bool = False, large: bool = False
    ) -> DevicesScreen:
        words.use(language)
        theme.apply(qapp, dark, large, language)
        screen = DevicesScreen(qtbot, StoreClient(database, "2", clock), clock, tmp_path / "data")
        made.append(screen)
        screen.admit(person)
        return screen

    yield make
    for screen in made:
        qapp.aboutToQuit.emit()
        screen.client.stop()
    words.use("zh")


@pytest.fixture
def screen(make_screen: MakeScreen, it: Signer) -> DevicesScreen:
    """The desk on a PC without devices."""
    screen = make_screen(it)
    screen.show()
    return screen
