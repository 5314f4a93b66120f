"""What drives a window runs on SQLite: no widget can tell which database is below.

What both databases have to agree on is shown by the tests of the services; one whole walk of each desk, marked
`both_databases`, goes over both all the same.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from counterapp import words
from counterapp.core.actor import Role, Signer
from counterapp.ui import theme
from tests.conftest import Hire


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test of a screen its one database before the fixture gives it both."""
    drives_a_window = {"qtbot", "database"} <= set(metafunc.fixturenames)
    if drives_a_window and metafunc.definition.get_closest_marker("both_databases") is None:
        metafunc.definition.add_marker(pytest.mark.parametrize("database", ["sqlite"], indirect=True))


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[None]:
    """The program's looks in English, whose words do not depend on the catalogue."""
    words.use("en")
    theme.apply(qapp, language="en")
    yield
    words.use("zh")


@pytest.fixture
def it(hire: Hire) -> Signer:
    """Somebody of IT."""
    return hire("9002", Role.IT, "陈伟")
