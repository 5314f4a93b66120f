"""A desk on a real window over a real store: scanned at, pressed, typed at, and read as a person reads it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TypeVar

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from counterapp import app, words
from counterapp.core import staff
from counterapp.core.actor import Clock, Signer, system_clock
from counterapp.core.database import Database
from counterapp.core.journal import JournalEntry
from counterapp.core.store_settings import store_settings
from counterapp.hardware.scanner import Scan
from counterapp.ui import theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.view import DeskTab, View
from counterapp.ui.widgets import Chip, KeyButton, LineTable, Row, VerdictPanel
from counterapp.ui.window import Window
from counterapp.work import StoreClient
from tests.conftest import PIN

_W = TypeVar("_W", bound=QWidget)
_KEYS = {"\r": Qt.Key.Key_Return, "+": Qt.Key.Key_Plus, "-": Qt.Key.Key_Minus, " ": Qt.Key.Key_Space}

Tabs = Callable[[StoreClient], Sequence[DeskTab]]


def only(*names: str) -> Tabs:
    """The program's own tabs of these names, in this order."""

    def tabs(client: StoreClient) -> list[DeskTab]:
        by_name = {desk.name: desk for desk in app.desks(client)}
        return [by_name[name] for name in names]

    return tabs


class DeskScreen:
    """A window with desks, and `person` signed in; the first desk is shown.

    Over a `database` the screen has a client of its own, which `close` stops; else it is whoever's client it was.
    With a `language` the program is dressed in it (till `close`), otherwise it stays as it is.
    """

    def __init__(
        self,
        qtbot: QtBot,
        database: Database | StoreClient,
        tabs: Tabs,
        person: Signer,
        *,
        clock: Clock = system_clock,
        station: str = "2",
        language: words.Language | None = None,
        large: bool = False,
    ) -> None:
        self._qtbot, self._dressed = qtbot, language is not None
        self._is_own = isinstance(database, Database)
        self.client = StoreClient(database, station, clock) if isinstance(database, Database) else database
        if language is not None:
            words.use(language)
            theme.apply(_application(), large=large, language=language)
        self.tabs = tabs(self.client)
        self.window = Window(self.client.clock)
        qtbot.addWidget(self.window)
        self.turn_to()
        self.admit(person)

    def close(self) -> None:
        """Stop the client, if it is the screen's own, and dress the program as it was."""
        if self._is_own:
            self.client.stop()
        if self._dressed:
            words.use("zh")

    def sign_in(self, person: Signer) -> None:
        """Let somebody act; the window is not locked for it."""
        self.client.sign_in(person, self.client.database.read(store_settings))

    def admit(self, person: Signer) -> None:
        """Let somebody in who finds these desks."""
        self.sign_in(person)
        self.window.admit(person.name_and_number, self.tabs)

    def turn_to(self) -> None:
        """Let the keys go to this window, where there are several."""
        with self._qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()

    @property
    def view(self) -> View:
        view = self.window.current_view
        assert view is not None
        return view

    @property
    def dialog(self) -> Dialog | None:
        return self.window.dialogs.current

    @property
    def banner(self) -> str:
        return self.window.banner.text

    def scan(self, *codes: str) -> None:
        """Scan without waiting for any answer, as a quick hand does."""
        for code in codes:
            self.window.router.route(Scan(code, self.client.clock(), "keyboard"))

    def press(self, *keys: str) -> None:
        """Press keys where the focus is: "F5", "Return", "y", "+"."""
        for key in keys:
            if len(key) > 1:
                QTest.keyClick(self._focus(), getattr(Qt.Key, f"Key_{key}"))
            else:
                QTest.keyClick(self._focus(), _KEYS.get(key, Qt.Key(ord(key.upper()))))

    def type_in(self, text: str) -> None:
        """Type letters and digits; "\\r" is Enter."""
        for char in text:
            if char == "\r":
                QTest.keyClick(self._focus(), Qt.Key.Key_Return)
            else:
                QTest.keyClicks(self._focus(), char)

    def compose(self, text: str) -> None:
        """Type Chinese, as an input method commits it."""
        committed = QInputMethodEvent()
        committed.setCommitString(text)
        QApplication.sendEvent(self._focus(), committed)

    def click(self, label: str) -> None:
        """Press the first button that bears these words."""
        button = next(button for button in self.visible(KeyButton) if button.text() == label)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def choose(self, name: str) -> None:
        """Choose the row of this name."""
        table, row = next((table, row) for table in self.visible(LineTable) for row in table.rows if row.name == name)
        table.choose(row.key)
        table.chosen.emit(row.key)

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for an answer to be on the screen."""
        self._qtbot.waitUntil(holds, timeout=15_000)

    def until_said(self, said: str) -> None:
        """Wait until these words stand somewhere on the screen, or in the banner over it."""
        try:
            self.until(lambda: said in self.words())
        except Exception as error:
            raise AssertionError(f"{said!r} is not among:\n{self.words()}") from error

    def words(self) -> str:
        """All words on the screen, the dialog's and the banner's included."""
        found = [label.text() for label in self.visible(QLabel)]
        found += [button.text() for button in self.visible(KeyButton)]
        found += [chip.text for chip in self.visible(Chip)]
        found += [panel.text for panel in self.visible(VerdictPanel)]
        return "\n".join(found + self.lines())

    def rows(self) -> list[Row]:
        """The rows of all tables that are shown."""
        return [row for table in self.visible(LineTable) for row in table.rows]

    def lines(self) -> list[str]:
        """What those rows say."""
        said = [(row.name, row.quiet, *row.numbers, row.verdict.words if row.verdict else "") for row in self.rows()]
        return [" ".join(filter(None, row)) for row in said]

    def badge_of(self, person: Signer) -> str:
        people = self.client.database.read(staff.list_staff)
        return next(one.badge for one in people if one.number == person.number)

    def sign(self, who: Signer, pin: str = PIN) -> None:
        """Scan a badge and type a PIN."""
        self.scan(self.badge_of(who))
        self.type_in(f"{pin}\r")

    def acts(self) -> list[str]:
        """The acts in the journal, the oldest first."""
        wanted = select(JournalEntry.act).order_by(JournalEntry.id)
        return self.client.database.read(lambda session: list(session.scalars(wanted)))

    def visible(self, kind: type[_W]) -> list[_W]:
        return [widget for widget in self.window.findChildren(kind) if widget.isVisible()]

    def _focus(self) -> QWidget:
        return QApplication.focusWidget() or self.window


def _application() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found
