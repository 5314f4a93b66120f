"""The whole program: a receipt and goods are scanned, reason and answers given by keys, a second person signs."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from counterapp import app as composition
from counterapp import words
from counterapp.core.actor import Role
from counterapp.core.database import Database
from counterapp.core.journal import JournalEntry
from counterapp.core.print_queue import PrintJob
from counterapp.core.staff import Person
from counterapp.desks.returns.services.details import LineDetails, ReturnDetails
from counterapp.desks.returns.view import ReturnsView
from counterapp.errors import NotAllowed
from counterapp.program import Program
from counterapp.return_forms.models import ReturnForm
from counterapp.settings import DatabaseSettings, Settings, StationSettings
from counterapp.ui import theme
from counterapp.ui.messages import Banner
from counterapp.ui.print_preview import PrintPreview
from printers.picture import pictures
from tests.conftest import KEYS, PIN, Hire, PlayedClock, put_away
from tests.return_forms.goods import Sold, sell
from tests.ui.conftest import strike

RECEIPT = "0101072611180387"
TOWEL = Sold(quantity=2000, paid=3980)


class Counter:
    """A running program and the hands of a clerk."""

    def __init__(self, qtbot: QtBot, program: Program) -> None:
        self._qtbot, self.program = qtbot, program

    def scan(self, code: str) -> None:
        strike(self.program.window, f"{code}\r", 8)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.program.window.press(key)

    def type(self, text: str) -> None:
        strike(self.program.window, text, 150)

    def until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=20_000)

    @property
    def desk(self) -> ReturnDetails | None:
        """The return on the screen."""
        view = self.program.window.current_view
        assert isinstance(view, ReturnsView)
        return view.desk

    @property
    def chosen(self) -> LineDetails | None:
        """The one line of it that the customer brings back."""
        return self.desk.chosen[0] if self.desk is not None and len(self.desk.chosen) == 1 else None

    def sign_in(self, number: str, badge: str = "") -> None:
        self.until(lambda: self.program.client is not None)
        if badge:
            self.scan(badge)
        else:
            self.type(f"{number}\r")
        self.type(f"{PIN}\r")
        self.until(lambda: self.program.window.sign_in is None)


@pytest.fixture
def counter(
    qtbot: QtBot, qapp: QApplication, database: Database, hire: Hire, clock: PlayedClock, tmp_path: Path
) -> Iterator[Counter]:
    """The program at station 2 of a store with a clerk and a duty supervisor."""
    hire("6012", Role.CLERK, "王丽")
    hire("5003", Role.SUPERVISOR, "李强")
    data = tmp_path / "data"
    data.mkdir(exist_ok=True)
    (data / "keys.json").write_text(json.dumps({"pepper": KEYS.pepper.hex(), "journal": KEYS.journal.hex()}))
    url = "" if database.is_sqlite else database.url.render_as_string(hide_password=False)
    settings = replace(Settings(data), database=DatabaseSettings(url), station=StationSettings("2"))
    words.use("zh")
    theme.apply(qapp)
    program = Program(qapp, settings, composition.desks, composition.install, composition.erasures, clock)
    program.start()
    with qtbot.waitExposed(program.window):
        program.window.activateWindow()
    yield Counter(qtbot, program)
    program.stop()
    put_away(program.window)


def approve_one(counter: Counter, database: Database) -> None:
    """Take one faulty towel from the scanned receipt to the paper on the screen."""
    window = counter.program.window
    counter.scan(RECEIPT)
    counter.scan(TOWEL.barcode)
    counter.until(lambda: counter.chosen is not None)
    counter.press("F5", "1")
    counter.until(lambda: counter.chosen is not None and counter.chosen.verdict is not None)
    counter.press("Y", "F7")
    counter.until(
        lambda: (
            counter.chosen is not None and counter.chosen.verdict is not None and not counter.chosen.verdict.questions
        )
    )
    counter.press("Enter")
    counter.until(lambda: window.dialogs.current is not None)
    counter.press("1", "2", "3")
    counter.scan(_badge(database, "5003"))
    counter.type(f"{PIN}\r")
    counter.until(lambda: isinstance(window.dialogs.current, PrintPreview))


def test_a_scanned_receipt_becomes_a_printed_three_part_form(
    counter: Counter, database: Database, tmp_path: Path
) -> None:
    sell(database, TOWEL)
    counter.sign_in("6012")
    approve_one(counter, database)

    form, job = database.read(lambda s: s.execute(select(ReturnForm, PrintJob).join(PrintJob)).one())
    assert (form.number, form.amount, job.state) == (1, 1990, "printed")
    folder = tmp_path / "data" / "papers" / job.key
    assert sorted(path.suffix for path in folder.iterdir()) == [".pdf", ".png", ".png", ".png"]
    (pdf,) = folder.glob("*.pdf")
    for page in pictures(pdf.read_bytes(), 203):
        assert form.code in [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(page)))]
    acts = database.read(lambda s: list(s.scalars(select(JournalEntry.act).where(JournalEntry.chain == "2"))))
    assert acts.index("staff.sign_in") < acts.index("return.approve")


def test_the_next_receipt_is_scanned_while_the_paper_is_still_shown(counter: Counter, database: Database) -> None:
    sell(database, TOWEL)
    sell(database, TOWEL, number="0101072611180388")
    counter.sign_in("6012")
    approve_one(counter, database)
    counter.scan("0101072611180388")
    counter.until(lambda: counter.desk is not None and counter.desk.receipt.number == "0101072611180388")
    assert counter.program.window.dialogs.current is None


def test_an_unknown_code_is_named_and_nothing_happens(counter: Counter) -> None:
    counter.sign_in("6012")
    counter.scan("4006381333931")
    counter.until(lambda: "4006381333931" in said(counter))


def test_a_wrong_pin_is_said_and_the_right_one_lets_in(counter: Counter) -> None:
    counter.until(lambda: counter.program.client is not None)
    counter.type("6012\r")
    counter.type("999999\r")
    door = counter.program.window.sign_in
    assert door is not None
    counter.until(lambda: "对不上" in door.signature.sentence)
    counter.type(f"{PIN}\r")
    counter.until(lambda: counter.program.window.sign_in is None)


def test_a_locked_screen_keeps_the_case_and_lets_nobody_act(counter: Counter, database: Database) -> None:
    sell(database, TOWEL)
    counter.sign_in("6012")
    counter.scan(RECEIPT)
    counter.scan(TOWEL.barcode)
    counter.until(lambda: counter.chosen is not None)
    counter.program.window.lock()
    assert counter.program.client is not None
    with pytest.raises(NotAllowed):
        _ = counter.program.client.actor
    counter.sign_in("6012")
    assert counter.chosen is not None


def said(counter: Counter) -> str:
    """The sentence of the banner."""
    banner = counter.program.window.findChild(Banner)
    return " ".join(label.text() for label in banner.findChildren(QLabel)) if banner is not None else ""


def _badge(database: Database, number: str) -> str:
    return database.read(lambda s: s.scalars(select(Person.badge).where(Person.number == number)).one())
