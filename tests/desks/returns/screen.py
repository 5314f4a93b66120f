"""The returns desk on a real window over a real store: scanned at, typed at, and read as a person reads it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from counterapp.core.actor import Actor, Signer
from counterapp.core.database import Database
from counterapp.desks.returns.view import ReturnsView
from counterapp.desks.returns.view.approval_dialog import ApprovalDialog
from counterapp.hardware.scanner import Scan
from counterapp.ui.view import DeskTab
from counterapp.ui.widgets import KeyButton, VerdictPanel
from counterapp.work import StoreClient
from tests.conftest import PIN
from tests.desks.screen import DeskScreen
from tests.return_forms.goods import Sold

RECEIPT = "0101072611180387"
OTHER = "0101072611180388"
TOWEL = Sold(quantity=2000, paid=3980)
COOKER = Sold("苏泊尔电磁炉 C21", 1000, 22900, "appliance", "serial", "10820", "6966493300451", "家电部")
APPLES = Sold("红富士苹果", 1486, 1780, "food.fresh", "", "10001", "2110001000002", "生鲜部")
SOAP = Sold("肥皂", 1000, 500, "hygiene", "", "11032", "6910291098621", "针织部")


class Screen(DeskScreen):
    """A window with the returns desk, and the clerk signed in."""

    def __init__(self, qtbot: QtBot, clerk: Actor, client: StoreClient) -> None:
        desk = DeskTab(
            "Returns",
            "undo-2",
            lambda context: ReturnsView(context, client),
            ReturnsView.prefixes,
            client.is_receipt,
        )
        super().__init__(qtbot, client, clerk.clock, [desk])
        self.clerk = clerk
        self.admit(clerk.person)

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

    def click(self, words: str) -> None:
        """Press the first button that bears these words."""
        button = next(button for button in self.visible(KeyButton) if button.text() == words)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def until_asked(self, question: str) -> None:
        """Wait until Y and N answer a question, and `question` is among those that are asked."""
        self.until(lambda: question in self.words() and any(b.key == "Y" for b in self.visible(KeyButton)))

    def taken(self) -> list[str]:
        """The names of the lines that the customer brings back."""
        return [row.name for row in self.rows() if row.marked]

    def verdict(self) -> str:
        return "\n".join(panel.text for panel in self.visible(VerdictPanel))

    def primary(self) -> KeyButton:
        return next(button for button in self.visible(KeyButton) if button.key == "Enter")

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
