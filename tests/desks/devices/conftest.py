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
from counterapp.core.actor import Role, Signer
from counterapp.core.database import Database
from counterapp.desks.devices.view.scan_test import ScanTest
from counterapp.ui import theme
from counterapp.ui.widgets import KeyButton
from counterapp.work import StoreClient
from tests.conftest import KEYS, Hire, PlayedClock
from tests.desks.screen import DeskScreen
from tests.ui.conftest import key_events

MakeScreen = Callable[..., "DevicesScreen"]


class DevicesScreen(DeskScreen):
    """The desk as a person reads it."""

    def __init__(self, qtbot: QtBot, client: StoreClient, person: Signer, data: Path) -> None:
        self.data = data
        self.said: list[str] = []
        super().__init__(qtbot, client, composition.desks, person)
        self.window.messages.said.connect(lambda message: self.said.append(message.sentence()))

    def admit(self, person: Signer) -> None:
        self.sign_in(person)
        self.window.admit(person.name_and_number, [desk for desk in self.tabs if person.role in desk.roles])

    def show(self) -> None:
        self.window.show_desk(next(desk for desk in self.window.desks if desk.name == "Devices"))
        self.until(lambda: bool(self.rows()))

    def settle(self, text: str) -> None:
        """Let `text` be the settings file from now on."""
        (self.data / "settings.toml").write_text(text, encoding="utf-8")

    @property
    def scans(self) -> str:
        (scans,) = self.visible(ScanTest)
        return scans.text

    def devices(self) -> dict[str, str]:
        """Return what is said of each device, by its name."""
        return {row.name: row.verdict.words if row.verdict else "" for row in self.rows()}

    def strike(self, text: str, gap: int) -> None:
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
def it(hire: Hire) -> Signer:
    """Somebody of IT."""
    return hire("9002", Role.IT, "陈伟")


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
        screen = DevicesScreen(qtbot, StoreClient(database, "2", clock), person, tmp_path / "data")
        made.append(screen)
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
