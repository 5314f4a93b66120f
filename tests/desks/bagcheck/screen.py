"""Bag check on a real window over a real store: scanned at, pressed, and read as a person reads it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from counterapp.core import staff
from counterapp.core.actor import Actor, Signer
from counterapp.core.store_settings import store_settings
from counterapp.desks.bagcheck.models import Deposit, Locker
from counterapp.desks.bagcheck.services.figures import LockerOnMap
from counterapp.desks.bagcheck.view import BagCheckView, PenaltiesView
from counterapp.desks.bagcheck.view.locker_map import LockerMap
from counterapp.hardware.scanner import Scan
from counterapp.ui.dialog import Dialog
from counterapp.ui.signature_flow import SignatureDialog
from counterapp.ui.view import DeskTab
from counterapp.ui.widgets import Chip, KeyButton, LineTable, VerdictPanel
from counterapp.ui.widgets.bigtext import BigText
from counterapp.ui.window import Window
from counterapp.work import StoreClient
from tests.conftest import PIN

_W = TypeVar("_W", bound=QWidget)


class Screen:
    """A window with the bag check desk, or another `view` of it, and somebody signed in."""

    def __init__(
        self,
        qtbot: QtBot,
        person: Actor,
        client: StoreClient,
        view: type[BagCheckView] | type[PenaltiesView] = BagCheckView,
    ) -> None:
        self._qtbot, self.client, self.person = qtbot, client, person
        self.sign_in(person.person)
        self.window = Window(person.clock)
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        desk = DeskTab(view.title, view.icon, lambda context: view(context, client), view.prefixes)
        self.window.admit(person.person.name, [desk])
        if view is BagCheckView:
            self.until(lambda: bool(self.map.lockers))

    def sign_in(self, person: Signer) -> None:
        """Let somebody act; the window is not locked for it."""
        self.client.sign_in(person, self.client.database.read(store_settings))

    @property
    def map(self) -> LockerMap:
        return self._visible(LockerMap)[0]

    @property
    def sheet(self) -> Dialog | None:
        return self.window.dialogs.current

    @property
    def number(self) -> str:
        """The number that fills the panel, "" for none."""
        shown = self._visible(BigText)
        return shown[0].text if shown else ""

    @property
    def banner(self) -> str:
        return self.window.banner.text

    def locker(self, number: str) -> LockerOnMap:
        found = self.map.locker(number)
        assert found is not None
        return found

    def scan(self, *codes: str) -> None:
        """Scan without waiting for any answer, as a quick hand does."""
        for code in codes:
            self.window.router.route(Scan(code, self.person.now(), "keyboard"))

    def press(self, *keys: str) -> None:
        """Press keys where the focus is."""
        for key in keys:
            focus = QApplication.focusWidget() or self.window
            if key.startswith("F") and len(key) > 1:
                QTest.keyClick(focus, Qt.Key(Qt.Key.Key_F1 + int(key[1:]) - 1))
            elif len(key) > 1:
                QTest.keyClick(focus, getattr(Qt.Key, f"Key_{key}"))
            else:
                QTest.keyClick(focus, Qt.Key(ord(key.upper())))

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

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for an answer to be on the screen."""
        self._qtbot.waitUntil(holds, timeout=4_000)

    def until_said(self, words: str) -> None:
        """Wait until `words` stand somewhere on the screen, or in the banner over it."""
        try:
            self.until(lambda: words in self.words())
        except Exception as error:
            raise AssertionError(f"{words!r} is not among:\n{self.words()}") from error

    def words(self) -> str:
        """All words on the screen, the sheet's and the banner's included."""
        found = [label.text() for label in self._visible(QLabel)]
        found += [button.text() for button in self._visible(KeyButton)]
        found += [chip.text for chip in self._visible(Chip)]
        found += [panel.text for panel in self._visible(VerdictPanel)]
        for table in self._visible(LineTable):
            found += [
                " ".join((row.name, row.quiet, *row.numbers, row.verdict.words if row.verdict else ""))
                for row in table.rows
            ]
        return "\n".join(found)

    def deposit(self, key: str = "F5") -> str:
        """Take a locker by its key; return its number."""
        taken = len(self._live())
        self.press(key)
        self.until(lambda: len(self._live()) > taken)
        newest = self.client.database.read(
            lambda s: s.scalars(select(Locker.number).join(Deposit).order_by(Deposit.id.desc()).limit(1)).one()
        )
        self.until(lambda: self.number == newest and "Put it into locker" in self.words())
        return self.number

    def sign(self, who: Signer, pin: str = PIN) -> None:
        """Wait for the sheet that asks for a signature; scan a badge and type a PIN."""
        self.until(lambda: isinstance(self.sheet, SignatureDialog))
        people = self.client.database.read(staff.list_staff)
        self.scan(next(one.badge for one in people if one.number == who.number))
        self.type_in(f"{pin}\r")

    def pictures(self) -> list[QPixmap]:
        """The pictures that are shown."""
        return [label.pixmap() for label in self._visible(QLabel) if not label.pixmap().isNull()]

    def view_again(self) -> None:
        """Leave the desk and come back to it."""
        view = self.window.current_view
        assert view is not None
        view.activated()

    def fields(self) -> list[QLineEdit]:
        return self._visible(QLineEdit)

    def _live(self) -> list[int]:
        return self.client.database.read(
            lambda s: list(s.scalars(select(Deposit.id).where(Deposit.ended_at.is_(None))))
        )

    def _visible(self, kind: type[_W]) -> list[_W]:
        return [widget for widget in self.window.findChildren(kind) if widget.isVisible()]
