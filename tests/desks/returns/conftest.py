"""The returns desk's screen for the tests that look at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from counterapp.core.actor import Actor
from counterapp.core.database import Database
from counterapp.work import StoreClient
from tests.desks.returns.screen import APPLES, COOKER, RECEIPT, SOAP, TOWEL, Screen
from tests.return_forms.goods import sell


@pytest.fixture
def screen(dressed: None, qtbot: QtBot, database: Database, clerk: Actor) -> Iterator[Screen]:
    """The desk with nothing on it; a receipt with a cooker, two towels, apples and soap is in the store."""
    sell(database, COOKER, TOWEL, APPLES, SOAP)
    client = StoreClient(database, clerk.station, clerk.clock)
    yield Screen(qtbot, clerk, client)
    client.stop()


@pytest.fixture
def described(screen: Screen) -> Screen:
    """The cooker is on the desk with a confirmed fault, ready to be sent."""
    screen.scan(RECEIPT, COOKER.barcode)
    screen.until_said("Choose the reason first")
    screen.answer_all()
    return screen
