"""Bag check's screen: what its tests ask of it beside what every desk's screen does."""

from __future__ import annotations

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from counterapp.core.actor import Actor, Signer
from counterapp.desks.bagcheck.models import Deposit, Locker
from counterapp.desks.bagcheck.services.figures import LockerOnMap
from counterapp.desks.bagcheck.view.locker_map import LockerMap
from counterapp.ui.signature_flow import SignatureDialog
from counterapp.ui.widgets.bigtext import BigText
from counterapp.work import StoreClient
from tests.conftest import PIN
from tests.desks.screen import DeskScreen, only


class Screen(DeskScreen):
    """A window with one of bag check's desks, and somebody signed in."""

    def __init__(self, qtbot: QtBot, person: Actor, client: StoreClient, desk: str = "Bag check") -> None:
        self.person = person
        super().__init__(qtbot, client, only(desk), person.person)
        if desk == "Bag check":
            self.until(lambda: bool(self.map.lockers))

    @property
    def map(self) -> LockerMap:
        return self.visible(LockerMap)[0]

    @property
    def number(self) -> str:
        """The number that fills the panel, "" for none."""
        shown = self.visible(BigText)
        return shown[0].text if shown else ""

    def locker(self, number: str) -> LockerOnMap:
        found = self.map.locker(number)
        assert found is not None
        return found

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
        self.until(lambda: isinstance(self.dialog, SignatureDialog))
        super().sign(who, pin)

    def pictures(self) -> list[QPixmap]:
        """The pictures that are shown."""
        return [label.pixmap() for label in self.visible(QLabel) if not label.pixmap().isNull()]

    def view_again(self) -> None:
        """Leave the desk and come back to it."""
        self.view.activated()

    def fields(self) -> list[QLineEdit]:
        return self.visible(QLineEdit)

    def _live(self) -> list[int]:
        return self.client.database.read(
            lambda s: list(s.scalars(select(Deposit.id).where(Deposit.ended_at.is_(None))))
        )
