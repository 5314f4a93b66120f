"""What the tests of every desk's screen share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from counterapp import words
from counterapp.ui import theme


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[None]:
    """The program's looks in English, whose words do not depend on the catalogue."""
    words.use("en")
    theme.apply(qapp, language="en")
    yield
    words.use("zh")
