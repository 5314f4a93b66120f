"""The counter for this desk's tests."""

from __future__ import annotations

import pytest

from counterapp.core.actor import Actor
from counterapp.core.database import Database
from tests.desks.bagcheck.counter import Counter


@pytest.fixture
def counter(database: Database, clerk: Actor) -> Counter:
    """Clerk 6012 at bag check, with the 96 lockers that the program carries."""
    return Counter(database, clerk)
