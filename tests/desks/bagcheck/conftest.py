"""The counter for this desk's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from counterapp.core.actor import Actor
from counterapp.core.database import Database
from counterapp.work import StoreClient
from tests.desks.bagcheck.counter import Counter
from tests.desks.bagcheck.screen import Screen


@pytest.fixture
def counter(database: Database, clerk: Actor) -> Counter:
    """Clerk 6012 at bag check, with the 96 lockers that the program carries."""
    return Counter(database, clerk)


@pytest.fixture
def services(counter: Counter) -> Counter:
    """The counter beside the screen: another station, or what was done before."""
    return counter


@pytest.fixture
def screen(dressed: None, qtbot: QtBot, database: Database, clerk: Actor) -> Iterator[Screen]:
    """The desk with nothing on it."""
    client = StoreClient(database, clerk.station, clerk.clock)
    yield Screen(qtbot, clerk, client)
    client.stop()
