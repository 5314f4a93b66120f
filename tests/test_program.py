"""The running program: what it says when the store does not open, and what it does when nobody is there."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import text
from sqlalchemy.orm import Session

from counterapp import app as composition
from counterapp import words
from counterapp.core.actor import Actor
from counterapp.core.database import Database
from counterapp.core.deadlines import Late
from counterapp.desks.returns.services import details, drafting
from counterapp.desks.returns.view import ReturnsView
from counterapp.program import Program
from counterapp.return_forms.terms import Answer, Reason
from counterapp.settings import DatabaseSettings, ScreenSettings, Settings, StationSettings
from counterapp.store_access import hold_window
from counterapp.ui import theme
from counterapp.ui.window import Window
from tests.conftest import KEYS, PIN, PlayedClock, put_away
from tests.return_forms.goods import Sold, sell

RECEIPT = "0101072611180387"
Start = Callable[[], Program]


@pytest.fixture
def settings(database: Database, clerk: Actor, tmp_path: Path) -> Settings:
    """Station 2 of a store with a clerk."""
    data = tmp_path / "data"
    data.mkdir(exist_ok=True)
    (data / "keys.json").write_text(json.dumps({"pepper": KEYS.pepper.hex(), "journal": KEYS.journal.hex()}))
    url = "" if database.is_sqlite else database.url.render_as_string(hide_password=False)
    return replace(
        Settings(data), database=DatabaseSettings(url), station=StationSettings("2"), screen=ScreenSettings("en")
    )


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication, settings: Settings, clock: PlayedClock) -> Iterator[Start]:
    """Start the program; whatever was started is stopped at the end."""
    programs: list[Program] = []

    def start() -> Program:
        program = Program(qapp, settings, composition.desks, composition.install, composition.erasures, clock)
        programs.append(program)
        program.start()
        with qtbot.waitActive(program.window):
            program.window.activateWindow()
        return program

    words.use("en")
    theme.apply(qapp, language="en")
    yield start
    for program in programs:
        program.stop()
        put_away(program.window)
    words.use("zh")


@pytest.fixture
def program(start: Start, qtbot: QtBot) -> Program:
    """The program with clerk 6012 signed in."""
    program = start()
    sign_in(qtbot, program, "6012")
    return program


def sign_in(qtbot: QtBot, program: Program, number: str) -> None:
    qtbot.waitUntil(lambda: program.client is not None, timeout=20_000)
    program.window.sign_in_asked.emit(number, PIN)
    qtbot.waitUntil(lambda: program.window.sign_in is None, timeout=20_000)


def test_a_second_window_is_refused_with_words_and_opens_once_the_first_is_closed(
    start: Start, settings: Settings, qtbot: QtBot
) -> None:
    held = hold_window(settings)
    program = start()
    qtbot.waitUntil(lambda: "another window" in said(program), timeout=20_000)
    assert program.client is None
    program.window.sign_in_asked.emit("6012", PIN)
    qtbot.waitUntil(lambda: "another window" in said(program), timeout=20_000)
    held.release()
    program.window.sign_in_asked.emit("6012", PIN)
    sign_in(qtbot, program, "6012")


def test_a_store_that_does_not_open_is_said_at_the_door(start: Start, settings: Settings, qtbot: QtBot) -> None:
    away = settings.data / "keys.away"
    shutil.move(settings.data / "keys.json", away)
    program = start()
    qtbot.waitUntil(lambda: "keys.json" in said(program), timeout=20_000)
    shutil.move(away, settings.data / "keys.json")
    program.window.sign_in_asked.emit("6012", PIN)
    sign_in(qtbot, program, "6012")


def test_the_window_gives_the_data_back_when_it_closes(start: Start, settings: Settings, qtbot: QtBot) -> None:
    program = start()
    qtbot.waitUntil(lambda: program.client is not None, timeout=20_000)
    program.stop()
    hold_window(settings).release()


def test_nobody_there_locks_the_screen_and_whoever_comes_back_finds_it_as_it_was_left(
    program: Program, database: Database, qtbot: QtBot
) -> None:
    sell(database, Sold())
    program.window.router.route_text(RECEIPT)
    qtbot.waitUntil(lambda: desk(program) is not None, timeout=20_000)
    before = desk(program)
    assert before is not None

    program._idle.idle.emit()
    assert program.window.sign_in is not None
    assert "Nobody was here" in said(program)
    assert not program._counting.isActive()

    sign_in(qtbot, program, "6012")
    after = desk(program)
    assert after is not None
    assert after.case.id == before.case.id
    assert program.window.isVisible()


def test_locking_while_a_command_is_under_way_loses_nothing(program: Program, database: Database, qtbot: QtBot) -> None:
    sell(database, Sold(quantity=3000, paid=3000))
    program.window.router.route_text(RECEIPT)
    qtbot.waitUntil(lambda: desk(program) is not None, timeout=20_000)
    bugs: list[str] = []
    program.window.messages.bug_met.connect(bugs.append)
    program.window.router.route_text(Sold().barcode)
    program._idle.idle.emit()
    # Each look is a transaction of its own: one that stays open would keep the command waiting.
    lines = text("SELECT count(*) FROM return_lines")
    qtbot.waitUntil(lambda: database.read(lambda session: session.scalar(lines)) == 1, timeout=20_000)
    sign_in(qtbot, program, "6012")
    qtbot.waitUntil(lambda: (found := desk(program)) is not None and len(found.chosen) == 1, timeout=20_000)
    assert bugs == []


def test_approvals_that_wait_are_counted(
    program: Program, database: Database, clerk: Actor, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert program._counting.isActive()
    shown: list[int] = []
    monkeypatch.setattr(program.window, "set_waiting", shown.append)
    (line,) = sell(database, Sold())
    case = database.command(clerk, "o", lambda s: drafting.open_return(s, clerk, RECEIPT))
    database.command(clerk, "c", lambda s: drafting.choose_line(s, clerk, case, line, 1000))
    fault = {Answer.FAULT_CONFIRMED: True}
    database.command(
        clerk, "d", lambda s: drafting.describe(s, clerk, case, line, reason=Reason.QUALITY_FAULT, answers=fault)
    )
    database.command(clerk, "a", lambda s: drafting.all_in_order(s, clerk, case, line))
    program._counting.timeout.emit()
    qtbot.waitUntil(lambda: shown[-1:] == [0], timeout=20_000)
    revision = database.read(lambda s: details.get_return(s, case, clerk.today())).case.revision
    database.command(clerk, "s", lambda s: drafting.submit(s, clerk, case, revision))
    assert program.client is not None
    program.client.committed.emit()
    qtbot.waitUntil(lambda: shown[-1:] == [1], timeout=20_000)


def test_the_rail_bears_how_much_is_late_at_each_desk(
    program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dt.datetime] = []

    def late(_session: Session, now: dt.datetime) -> tuple[Late, ...]:
        asked.append(now)
        return (Late("returns", "RC", "毛巾", "Notice to the floor open", now, is_late=True),) * 2

    desks = [replace(one, late=late if one.name == "Returns" else one.late) for one in program.window.desks]
    monkeypatch.setattr(Window, "desks", property(lambda _window: desks))
    shown: list[dict[str, int]] = []
    monkeypatch.setattr(program.window, "set_late", shown.append)
    program._counting.timeout.emit()
    qtbot.waitUntil(lambda: shown[-1:] == [{"Returns": 2, "Goods back": 0}], timeout=20_000)
    assert asked[0].utcoffset() == dt.timedelta(hours=8)


def desk(program: Program) -> details.ReturnDetails | None:
    view = program.window.current_view
    assert isinstance(view, ReturnsView)
    return view.desk


def said(program: Program) -> str:
    """All words on the screen."""
    return "\n".join(label.text() for label in program.window.findChildren(QLabel) if label.isVisible())
