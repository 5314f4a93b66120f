"""The returns desk on a real window over a real store: scanned at, typed at, and read as a person reads it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from counterapp.core import staff
from counterapp.core.actor import Actor, Signer
from counterapp.core.database import Database
from counterapp.core.store_settings import store_settings
from counterapp.desks.returns.view import ReturnsView
from counterapp.desks.returns.view.approval_dialog import ApprovalDialog
from counterapp.hardware.scanner import Scan
from counterapp.ui.view import DeskTab
from counterapp.ui.widgets import Chip, KeyButton, LineTable, Row, VerdictPanel
from counterapp.ui.window import Window
from counterapp.work import StoreClient
from tests.conftest import PIN
from tests.return_forms.goods import Sold

RECEIPT = "0101072611180387"
OTHER = "0101072611180388"
TOWEL = Sold(quantity=2000, paid=3980)
COOKER = Sold("苏泊尔电磁炉 C21", 1000, 22900, "appliance", "serial", "10820", "6966493300451", "家电部")
APPLES = Sold("红富士苹果", 1486, 1780, "food.fresh", "", "10001", "2110001000002", "生鲜部")
SOAP = Sold("肥皂", 1000, 500, "hygiene", "", "11032", "6910291098621", "针织部")

_W = TypeVar("_W", bound=QWidget)
_KEYS = {"\r": Qt.Key.Key_Return, "+": Qt.Key.Key_Plus, "-": Qt.Key.Key_Minus, " ": Qt.Key.Key_Space}


class Screen:
    """A window with the returns desk, and the clerk signed in."""

    def __init__(self, qtbot: QtBot, clerk: Actor, client: StoreClient) -> None:
        self._qtbot, self.client, self.clerk = qtbot, client, clerk
        client.sign_in(clerk.person, client.database.read(store_settings))
        self.window = Window(clerk.clock)
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        desk = DeskTab(
            "Returns",
            "undo-2",
            lambda context: ReturnsView(context, client),
            ReturnsView.prefixes,
            client.is_receipt,
        )
        self.window.admit(f"{clerk.person.name} {clerk.person.number}", [desk])

    @property
    def view(self) -> ReturnsView:
        view = self.window.current_view
        assert isinstance(view, ReturnsView)
        return view

    @property
    def sheet(self) -> ApprovalDialog | None:
        sheet = self.window.dialogs.current
        return sheet if isinstance(sheet, ApprovalDialog) else None

    def scan(self, *codes: str) -> None:
        """Scan without waiting for any answer, as a quick hand does."""
        for code in codes:
            self.window.router.route(Scan(code, self.clerk.now(), "keyboard"))

    def turn_to(self) -> None:
        """Let the keys go to this window, where there are several."""
        with self._qtbot.waitActive(self.window):
            self.window.activateWindow()

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
            if char == "\r":
                QTest.keyClick(focus, Qt.Key.Key_Return)
            else:
                QTest.keyClicks(focus, char)

    def click(self, words: str) -> None:
        """Press the first button that bears these words."""
        button = next(button for button in self._visible(KeyButton) if button.text() == words)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def compose(self, text: str) -> None:
        """Type Chinese, as an input method commits it."""
        committed = QInputMethodEvent()
        committed.setCommitString(text)
        QApplication.sendEvent(QApplication.focusWidget() or self.window, committed)

    def badge_of(self, person: Signer) -> str:
        people = self.client.database.read(staff.list_staff)
        return next(one.badge for one in people if one.number == person.number)

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for an answer to be on the screen."""
        self._qtbot.waitUntil(holds, timeout=4_000)

    def until_said(self, words: str) -> None:
        """Wait until `words` stand somewhere on the screen."""
        self.until(lambda: words in self.words())

    def until_asked(self, question: str) -> None:
        """Wait until Y and N answer a question, and `question` is among those that are asked."""
        self.until(lambda: question in self.words() and any(b.key == "Y" for b in self._visible(KeyButton)))

    def words(self) -> str:
        """All words on the screen, the sheet's included."""
        found = [label.text() for label in self._visible(QLabel)]
        found += [button.text() for button in self._visible(KeyButton)]
        found += [chip.text for chip in self._visible(Chip)]
        found += [f"{row.name} {row.quiet} {row.verdict.words if row.verdict else ''}" for row in self.rows()]
        return "\n".join(found)

    def rows(self) -> list[Row]:
        return [row for table in self._visible(LineTable) for row in table.rows]

    def taken(self) -> list[str]:
        """The names of the lines that the customer brings back."""
        return [row.name for row in self.rows() if row.marked]

    def verdict(self) -> str:
        return "\n".join(panel.text for panel in self._visible(VerdictPanel))

    def primary(self) -> KeyButton:
        return next(button for button in self._visible(KeyButton) if button.key == "Enter")

    def _visible(self, kind: type[_W]) -> list[_W]:
        return [widget for widget in self.window.findChildren(kind) if widget.isVisible()]

    def answer_all(self) -> None:
        """Say of an appliance that its fault was looked at and tried out, and that all else is in order."""
        self.press("1")
        self.until_asked("Looked at: is it as the customer says?")
        self.press("Y", "Y", "F7")
        self.until_said("May be refunded")

    def send(self) -> None:
        """Send the case, or open its approval, and wait for the sheet."""
        self.press("Return")
        self.until(lambda: self.sheet is not None)

    def sign(self, who: Signer, pin: str = PIN) -> None:
        """Scan a badge and type a PIN."""
        self.scan(self.badge_of(who))
        self.type_in(f"{pin}\r")


def stored(database: Database, column: InstrumentedAttribute[Any]) -> list[Any]:
    """All values of a column."""
    return database.read(lambda session: list(session.scalars(select(column))))
