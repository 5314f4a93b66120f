"""While a store is opened the sign-in screen says what is done, and it may be broken off where that is safe."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from counterapp import app as composition
from counterapp import words
from counterapp.core import migrate
from counterapp.core.actor import Actor, Role
from counterapp.core.database import Database
from counterapp.core.secrets_file import load
from counterapp.core.store_settings import store_rule_book
from counterapp.desks.store.view import StoreView
from counterapp.program import Program
from counterapp.return_forms.models import DESK
from counterapp.settings import ScreenSettings, Settings
from counterapp.ui import theme
from counterapp.ui.first_start import FirstStart
from counterapp.ui.messages import Banner
from tests.conftest import PIN, Hire, PlayedClock
from tests.desks.returns.by_the_book import TEXT
from tests.newer import newer_program
from tests.test_program import Start, said, settings, sign_in, start

__all__ = ["settings", "start"]


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """The copy waits to be checked until this is set."""
    gate, check = threading.Event(), migrate._check

    def held(copy: Path) -> None:
        assert gate.wait(20)
        check(copy)

    monkeypatch.setattr(migrate, "_check", held)
    yield gate
    gate.set()


def copies(settings: Settings) -> list[Path]:
    return list(settings.data.glob("*before*.db"))


@pytest.fixture
def former() -> str:
    """How the tables of the store are before the program is newer than they."""
    return migrate.HEAD


@pytest.fixture
def program(
    former: str,
    start: Start,
    database: Database,
    qtbot: QtBot,
    gate: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Program:
    """A program newer than its store, which waits with its copy made and not checked yet."""
    newer_program(monkeypatch, tmp_path / "newer")
    program = start()
    qtbot.waitUntil(lambda: "The copy is checked" in said(program), timeout=20_000)
    return program


def test_a_new_version_says_before_anybody_signs_in_what_it_does_and_the_window_lives(
    program: Program, settings: Settings, database: Database, qtbot: QtBot, gate: threading.Event
) -> None:
    assert program.client is None
    assert "staff number" not in said(program)
    program.window.press("F12")
    assert words.current() == "zh"
    program.window.press("F12")
    gate.set()
    sign_in(qtbot, program, "6012")
    assert migrate.revision_of(database) == migrate.HEAD
    assert len(copies(settings)) == 1


def test_breaking_off_before_anything_is_changed_leaves_the_store_as_it_is(
    program: Program, former: str, database: Database, qtbot: QtBot, gate: threading.Event
) -> None:
    QTest.keyClick(program.window, Qt.Key.Key_F8)
    gate.set()
    qtbot.waitUntil(lambda: "broken off" in said(program), timeout=20_000)
    assert migrate.revision_of(database) == former
    assert program.client is None
    program.window.sign_in_asked.emit("6012", PIN)
    sign_in(qtbot, program, "6012")
    assert migrate.revision_of(database) == migrate.HEAD


def test_a_window_that_is_closed_meanwhile_leaves_the_store_as_it_is(
    program: Program, former: str, database: Database, gate: threading.Event
) -> None:
    threading.Timer(0.2, gate.set).start()
    program.stop()
    assert migrate.revision_of(database) == former


def test_once_it_is_changing_it_is_said_why_it_cannot_be_broken_off(start: Start, qtbot: QtBot) -> None:
    program = start()
    qtbot.waitUntil(lambda: program.client is not None, timeout=20_000)
    assert program.window.sign_in is not None
    program._entrance._is_trying = True
    program._entrance._on_told(migrate.Stage.CHANGING, 0.5)
    assert "cannot be broken off any more" in said(program)
    assert not program.window.press("F8")
    program._entrance._end()
    assert "cannot be broken off" not in said(program)


def test_whoever_signs_in_hears_of_a_rule_book_that_cannot_be_read(
    start: Start, database: Database, clerk: Actor, qtbot: QtBot
) -> None:
    book = f'{TEXT}\n[[oracle]]\nsays = "yes"\n'
    database.run(lambda s: store_rule_book(s, DESK, clerk.today(), book, None, clerk.now()))
    program = start()
    sign_in(qtbot, program, "6012")
    banner = program.window.findChild(Banner)
    assert banner is not None
    qtbot.waitUntil(lambda: "the one before it stays in force" in banner.text, timeout=20_000)
    assert "2026-11-21" in banner.text


def test_it_finds_a_desk_of_its_own_and_clerks_do_not(start: Start, hire: Hire, qtbot: QtBot) -> None:
    hire("9002", Role.IT)
    program = start()
    sign_in(qtbot, program, "9002")
    assert isinstance(program.window.current_view, StoreView)
    assert not {"Returns", "Approvals"} & {desk.name for desk in program.window.desks}
    program.window.lock()
    sign_in(qtbot, program, "6012")
    assert "Store" not in [desk.name for desk in program.window.desks]


def test_the_first_start_leads_to_the_desk_that_says_what_comes_next(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, clock: PlayedClock
) -> None:
    words.use("en")
    theme.apply(qapp, language="en")
    settings = Settings(tmp_path / "data", screen=ScreenSettings("en"))
    program = Program(qapp, settings, composition.desks, composition.install, composition.erasures, clock)
    program.start()
    with qtbot.waitActive(program.window):
        program.window.activateWindow()
    try:
        qtbot.waitUntil(lambda: isinstance(program.window.dialogs.current, FirstStart), timeout=20_000)
        for text in ("Store 1", "0101", "9001", "Chen", PIN, PIN):
            QTest.keyClicks(QApplication.focusWidget() or program.window, text)
            QTest.keyClick(QApplication.focusWidget() or program.window, Qt.Key.Key_Tab)
        program.window.press("Enter")
        qtbot.waitUntil(lambda: "The store is made. Sign in with your number 9001" in said(program), timeout=20_000)
        sign_in(qtbot, program, "9001")
        qtbot.waitUntil(lambda: "Before the counter opens" in said(program), timeout=20_000)
        assert isinstance(program.window.current_view, StoreView)
    finally:
        program.stop()
        qtbot.addWidget(program.window)
        words.use("zh")
    with Database(f"sqlite:///{settings.data / 'store.db'}", load(settings.data)) as database:
        assert migrate.revision_of(database) == migrate.HEAD
