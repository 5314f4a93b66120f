"""A desk on a real window over a real store: scanned at, typed at, and read as a person reads it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from counterapp.core import staff
from counterapp.core.actor import Clock, Signer
from counterapp.core.store_settings import store_settings
from counterapp.hardware.scanner import Scan
from counterapp.ui.dialog import Dialog
from counterapp.ui.view import DeskTab
from counterapp.ui.widgets import Chip, KeyButton, LineTable, Row, VerdictPanel
from counterapp.ui.window import Window
from counterapp.work import StoreClient

_W = TypeVar("_W", bound=QWidget)
_KEYS: Final = {"\r": Qt.Key.Key_Return, "+": Qt.Key.Key_Plus, "-": Qt.Key.Key_Minus, " ": Qt.Key.Key_Space}


class DeskScreen:
    """A window with `desks`, to which somebody is admitted.

    `patience` is how long an answer may take, in milliseconds.
    """

    patience = 4_000

    def __init__(self, qtbot: QtBot, client: StoreClient, clock: Clock, desks: Sequence[DeskTab]) -> None:
        self._qtbot, self.client, self.clock, self.desks = qtbot, client, clock, desks
        self.window = Window(clock)
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()

    def sign_in(self, person: Signer) -> None:
        """Let somebody act; the window is not locked for it."""
        self.client.sign_in(person, self.client.database.read(store_settings))

    def admit(self, person: Signer) -> None:
        """Let somebody act, with those of the desks that are for their role."""
        self.sign_in(person)
        self.window.admit(f"{person.name} {person.number}", [desk for desk in self.desks if person.role in desk.roles])

    def show_desk(self, name: str) -> None:
        """Turn to the desk of this name, whose list fills."""
        self.window.show_desk(next(desk for desk in self.window.desks if desk.name == name))
        self.until(lambda: bool(self.rows()))

    @property
    def dialog(self) -> Dialog | None:
        """The dialog that is open."""
        return self.window.dialogs.current

    @property
    def banner(self) -> str:
        """What the banner over the view says."""
        return self.window.banner.text

    def scan(self, *codes: str) -> None:
        """Scan without waiting for any answer, as a quick hand does."""
        for code in codes:
            self.window.router.route(Scan(code, self.clock(), "keyboard"))

    def press(self, *keys: str) -> None:
        """Press keys where the focus is."""
        for key in keys:
            focus = QApplication.focusWidget() or self.window
            if key.startswith("F") and len(key) > 1:
                QTest.keyClick(focus, Qt.Key(Qt.Key.Key_F1 + int(key[1:]) - 1))
            elif len(key) > 1:
                QTest.keyClick(focus, getattr(Qt.Key, f"Key_{key}"))
            else:
                QTest.keyClick(focus, _KEYS.get(key, Qt.Key(ord(key.upper()))))

    def type_in(self, text: str) -> None:
        """Type letters and digits; "\\r" is Enter."""
        for char in text:
            focus = QApplication.focusWidget() or self.window
            QTest.keyClick(focus, Qt.Key.Key_Return) if char == "\r" else QTest.keyClicks(focus, char)

    def compose(self, text: str) -> None:
        """Type Chinese, as an input method commits it."""
        committed = QInputMethodEvent()
        committed.setCommitString(text)
        QApplication.sendEvent(QApplication.focusWidget() or self.window, committed)

    def badge_of(self, person: Signer) -> str:
        """Return the code of somebody's badge."""
        people = self.client.database.read(staff.list_staff)
        return next(one.badge for one in people if one.number == person.number)

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for an answer to be on the screen."""
        self._qtbot.waitUntil(holds, timeout=self.patience)

    def until_said(self, words: str) -> None:
        """Wait until `words` stand somewhere on the screen, or in the banner over it."""
        try:
            self.until(lambda: words in self.words())
        except Exception as error:
            raise AssertionError(f"{words!r} is not among:\n{self.words()}") from error

    def words(self) -> str:
        """All words on the screen, the dialog's and the banner's included."""
        found = [label.text() for label in self.visible(QLabel)]
        found += [button.text() for button in self.visible(KeyButton)]
        found += [chip.text for chip in self.visible(Chip)]
        found += [panel.text for panel in self.visible(VerdictPanel)]
        return "\n".join([*found, *self.lines()])

    def rows(self) -> list[Row]:
        """The rows of all tables that are shown."""
        return [row for table in self.visible(LineTable) for row in table.rows]

    def lines(self) -> list[str]:
        """The rows of all tables that are shown, each as it is read from left to right."""
        return [_as_read(row) for row in self.rows()]

    def choose(self, name: str) -> None:
        """Choose the row of this name in the view's list."""
        view = self.window.current_view
        table = view.findChild(LineTable) if view is not None else None
        assert table is not None
        row = next(row for row in table.rows if row.name == name)
        table.choose(row.key)
        table.chosen.emit(row.key)

    def visible(self, kind: type[_W]) -> list[_W]:
        """The widgets of one kind that are shown."""
        return [widget for widget in self.window.findChildren(kind) if widget.isVisible()]


def _as_read(row: Row) -> str:
    return " ".join(filter(None, (row.name, row.quiet, *row.numbers, row.verdict.words if row.verdict else "")))
