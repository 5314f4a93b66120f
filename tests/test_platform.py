"""What the program stands on: the Qt binding on this Python, and the licences of what is carried along."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

_MILLION_CALLS = """
from PySide6.QtCore import QObject
import sys

thing = QObject()
before = sys.getrefcount(None)
for _ in range(1_000_000):
    thing.setObjectName("")
print(sys.getrefcount(None) - before)
"""


def test_a_million_calls_into_qt_leave_none_alone() -> None:
    """PySide6 6.12 takes a reference from None with each void call, until Python 3.11 and older die of it."""
    done = subprocess.run([sys.executable, "-c", _MILLION_CALLS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert abs(int(done.stdout)) < 1000


def _licence(name: str) -> str:
    """Return what the distribution says of its licence: the expression, the field or the classifiers."""
    about = metadata(name)
    for field in ("License-Expression", "License"):
        if field in about:
            return about[field]
    return " AND ".join(line for line in about.get_all("Classifier") or [] if line.startswith("License ::"))


def _binds_to_gpl(licence: str) -> bool:
    """Tell whether no choice is left but the GPL or AGPL; the LGPL lets a program be used under its own terms."""
    choices = licence.split(" OR ")
    return all(re.search(r"(?<!L)A?GPL|(?<!Lesser )(?:Affero )?General Public", choice) for choice in choices)


@pytest.mark.parametrize(
    ("licence", "binds"),
    [
        ("MIT", False),
        ("LGPL-3.0-only", False),
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", False),
        ("GPL-2.0-only OR GPL-3.0-only", True),
        ("AGPL-3.0-or-later", True),
        ("MIT AND GPL-3.0-only", True),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", True),
        ("License :: OSI Approved :: GNU Affero General Public License v3", True),
        ("License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)", False),
    ],
)
def test_licences_are_read_right(licence: str, binds: bool) -> None:
    assert _binds_to_gpl(licence) == binds


def test_nothing_that_is_carried_along_is_bound_to_the_gpl() -> None:
    names = re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    licences = {}
    for name in names:
        try:
            licences[name] = _licence(name)
        except PackageNotFoundError:  # locked for the other system
            continue
    assert len(licences) > len(names) / 2
    assert [name for name, licence in licences.items() if not licence] == []
    assert [name for name, licence in licences.items() if _binds_to_gpl(licence)] == []
