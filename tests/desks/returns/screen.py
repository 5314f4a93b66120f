"""The returns desk's screen: what its tests, and those of the desks beside it, ask of it."""

from __future__ import annotations

from typing import Any

from pytestqt.qtbot import QtBot
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from counterapp.core.actor import Actor
from counterapp.core.database import Database
from counterapp.desks.returns.view import ReturnsView
from counterapp.desks.returns.view.approval_dialog import ApprovalDialog
from counterapp.ui.widgets import KeyButton, VerdictPanel
from counterapp.work import StoreClient
from tests.desks.screen import DeskScreen, only
from tests.return_forms.goods import Sold

RECEIPT = "0101072611180387"
OTHER = "0101072611180388"
TOWEL = Sold(quantity=2000, paid=3980)
COOKER = Sold("苏泊尔电磁炉 C21", 1000, 22900, "appliance", "serial", "10820", "6966493300451", "家电部")
APPLES = Sold("红富士苹果", 1486, 1780, "food.fresh", "", "10001", "2110001000002", "生鲜部")
SOAP = Sold("肥皂", 1000, 500, "hygiene", "", "11032", "6910291098621", "针织部")


class Screen(DeskScreen):
    """A window with the returns desk, or others, and `clerk` signed in."""

    def __init__(self, qtbot: QtBot, clerk: Actor, client: StoreClient, *desks: str) -> None:
        self.clerk = clerk
        super().__init__(qtbot, client, only(*(desks or ("Returns",))), clerk.person)

    @property
    def view(self) -> ReturnsView:
        view = self.window.current_view
        assert isinstance(view, ReturnsView)
        return view

    @property
    def sheet(self) -> ApprovalDialog | None:
        return self.dialog if isinstance(self.dialog, ApprovalDialog) else None

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


def stored(database: Database, column: InstrumentedAttribute[Any]) -> list[Any]:
    """All values of a column."""
    return database.read(lambda session: list(session.scalars(select(column))))
