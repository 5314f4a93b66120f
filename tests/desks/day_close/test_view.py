"""The closing tab on a real window over a real store: what is left, explained, signed, written out, opened again."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from counterapp import app
from counterapp.core.actor import Actor, Signer
from counterapp.core.business_day import DaySeal, ReturnDay
from counterapp.core.database import Database
from counterapp.core.print_queue import PrintJob
from counterapp.desks.day_close.models import StockFile
from counterapp.desks.day_close.services import closing, open_items
from counterapp.desks.day_close.services.closing import DayDetails
from counterapp.desks.returns.services import drafting
from counterapp.desks.returns.view import ReturnsView
from counterapp.ui.widgets import LineTable
from counterapp.work import StoreClient
from tests.conftest import PlayedClock
from tests.desks.returns.screen import Screen, stored
from tests.desks.returns.test_walk import Desk as Walk
from tests.return_forms.booked import Booked
from tests.return_forms.goods import Sold, sell

TODAY = dt.date(2026, 11, 21)


class ClosingScreen(Screen):
    """A window with the closing tab beside the returns desk, and somebody signed in."""

    def __init__(self, qtbot: QtBot, actor: Actor, client: StoreClient) -> None:
        super().__init__(qtbot, actor, client, "Day close", "Returns")
        self.until(lambda: bool(self.rows()))

    def choose(self, name: str) -> None:
        """Go down to the row of this name."""
        table = next(table for table in self.visible(LineTable))
        while table.rows[table.currentIndex().row()].name != name:
            before = table.currentIndex().row()
            self.press("Down")
            assert table.currentIndex().row() == before + 1

    def put_at(self, path: Path) -> None:
        """Choose this place in the dialog that asks for one."""
        self.until(lambda: any(dialog.isVisible() for dialog in self.window.findChildren(QFileDialog)))
        dialog = next(dialog for dialog in self.window.findChildren(QFileDialog) if dialog.isVisible())
        dialog.fileSelected.emit(str(path))
        dialog.reject()

    def states(self) -> dict[str, str]:
        return {row.name: row.verdict.words for row in self.rows() if row.verdict is not None}


@pytest.fixture
def desk(database: Database, clerk: Actor, supervisor: Signer) -> Booked:
    return Booked(database, clerk, supervisor)


@pytest.fixture
def opened(dressed: None, qtbot: QtBot, desk: Booked) -> Iterator[Callable[[], ClosingScreen]]:
    """Opens the tab over what is in the store."""
    client = StoreClient(desk.database, desk.actor.station, desk.actor.clock)
    yield lambda: ClosingScreen(qtbot, desk.actor, client)
    client.stop()


Opened = Callable[[], ClosingScreen]


def explain_all(desk: Booked) -> None:
    found: DayDetails = desk.database.read(
        lambda session: closing.day_details(session, TODAY, desk.actor.now(), app.open_items())
    )
    keys = [item.key for item in found.items]
    desk.run(lambda session: open_items.explain(session, desk.actor, TODAY, keys, "later"))


def close(desk: Booked) -> None:
    explain_all(desk)
    desk.run(lambda session: closing.close_day(session, desk.actor, desk.signer, TODAY, app.open_items()))


@pytest.mark.both_databases
def test_what_is_left_is_explained_by_one_digit_and_the_day_is_signed_by_two(
    desk: Booked, opened: Opened, supervisor: Signer
) -> None:
    desk.redeem(desk.make(1000), part_two=False)
    desk.redeem(desk.make(2000), part_two=False)
    screen = opened()
    screen.until_said("4 things are left")
    assert screen.states()["Part 2 missing 000001"] == "to do, or to explain"
    assert screen.states()["No number is missing"] == "done"

    screen.press("F10")
    screen.until_said("First: Part 2 missing 000001")
    assert screen.window.dialogs.current is None

    screen.press("F8")
    screen.until_said("Why is it not done?")
    screen.press("1", "Return")
    screen.until_said("2 things are left")
    assert screen.states()["Part 2 missing 000002"] == "explained"

    screen.choose("Floor sheet open 百货部")
    screen.press("Return")
    screen.until_said("Why is it not done?")
    screen.press("F4")
    screen.compose("部门没有人")
    screen.press("Return")
    screen.until_said("1 thing is left")
    screen.choose("Stock correction open")
    screen.press("F4")
    screen.until_said("Why is it not done?")
    screen.press("4", "Return")
    screen.until_said("Everything is done or explained")
    assert "王丽: 部门没有人" in screen.words()

    screen.press("F10")
    screen.until_said("2 forms, ¥30.00")
    screen.sign(supervisor)
    screen.until_said("The day is closed")
    assert stored(desk.database, DaySeal.seq) == [1]
    assert stored(desk.database, PrintJob.title)[-1].endswith("26-11-21")
    assert "Sign and close the day" not in screen.words()
    screen.press("F4")
    assert screen.window.dialogs.current is None  # nothing is explained any more


def test_whoever_closes_cannot_sign_twice(desk: Booked, opened: Opened) -> None:
    screen = opened()
    screen.until_said("Everything is done or explained")
    screen.press("F10")
    screen.until_said("Sign: the day is closed")
    screen.sign(desk.actor.person)
    screen.until_said("A duty supervisor or a manager signs the day")
    assert stored(desk.database, ReturnDay.day) == []


def test_a_case_that_waits_is_opened_at_its_desk_with_enter(
    desk: Booked, opened: Opened, database: Database, clerk: Actor
) -> None:
    (line,) = sell(database, Sold())
    waiting = Walk(database, clerk)
    waiting.open()
    waiting.do(drafting.choose_line, line, 1000)
    waiting.fault(line)
    waiting.submit()
    screen = opened()
    screen.until_said("A return waits for its approval")
    assert screen.states()["Return waits for approval 0101 07 261118 0387"] == "has to be done"
    screen.press("F4")
    assert screen.window.dialogs.current is None  # no explanation helps
    screen.press("Return")
    screen.until(lambda: isinstance(screen.window.current_view, ReturnsView))


def test_the_register_is_looked_at_printed_and_saved(desk: Booked, opened: Opened, tmp_path: Path) -> None:
    desk.redeem(desk.make(1000), 400, rest="new_form")
    desk.lose_number()
    desk.void(desk.make(500), "=1+1")
    screen = opened()
    screen.press("F6")
    screen.until_said("Register of 11-21")
    assert screen.states() | {"000001  Refund": "redeemed", "000003": "on no form"} == screen.states()
    assert "receipt 0101 07 261120 0001, ¥4.00 used" in screen.words()
    screen.press("Down", "Down", "Down")
    assert "王丽 6012 and 李强 5003 · =1+1" in screen.words()

    screen.press("F7")
    screen.put_at(tmp_path / "register.csv")
    screen.until_said("Saved: ")
    rows = list(csv.reader(io.StringIO((tmp_path / "register.csv").read_text("utf-8-sig"), newline="")))
    assert [row[1] for row in rows[1:]] == ["1", "2", "3", "4"]
    for key, name, start in (("F6", "register.xlsx", b"PK"), ("F5", "register.pdf", b"%PDF")):
        screen.press(key)
        screen.put_at(tmp_path / name)
        screen.until((tmp_path / name).exists)
        assert (tmp_path / name).read_bytes().startswith(start)

    screen.press("F11")
    screen.until_said("The register is on its way to the printer.")
    assert stored(desk.database, PrintJob.title)[-1].endswith("26-11-21")


def test_a_place_that_cannot_be_written_is_told_and_nothing_is_marked(
    desk: Booked, opened: Opened, tmp_path: Path
) -> None:
    desk.make(1000)
    screen = opened()
    screen.press("F7")
    screen.until_said("1 line is in no file yet")
    screen.press("Return")
    screen.put_at(tmp_path / "elsewhere" / "stock.csv")
    screen.until_said("cannot be written")
    assert stored(desk.database, StockFile.fetched_at) == [None]


def test_the_stock_file_is_made_saved_and_called_a_copy_the_second_time(
    desk: Booked, opened: Opened, tmp_path: Path
) -> None:
    desk.make(1000, 500)
    screen = opened()
    screen.choose("Stock correction open")
    screen.press("Return")
    screen.until_said("2 lines are in no file yet")
    screen.press("Return")
    screen.put_at(tmp_path / "stock.csv")
    screen.until_said("Saved: ")
    screen.until(lambda: screen.states().get("Stock correction is fetched") == "done")
    screen.press("F7")
    screen.until_said("Save a copy")
    screen.press("Return")
    screen.put_at(tmp_path / "copy.xlsx")
    screen.until_said("Saved as a copy")
    assert (tmp_path / "copy.xlsx").read_bytes()[:2] == b"PK"
    assert stored(desk.database, StockFile.number) == [1]


def test_days_are_leafed_through_and_an_older_one_is_closed_first(
    desk: Booked, opened: Opened, clock: PlayedClock
) -> None:
    close(desk)
    clock.forward(days=1)
    desk.make(1000)
    clock.forward(days=1)
    desk.make(500)
    screen = opened()
    screen.until_said("11-22 Sunday")
    screen.press("Right")
    screen.until_said("11-22 is closed first")
    screen.press("Left", "F6")
    screen.until_said("11-22 Sunday")
    screen.press("Escape")
    screen.press("Left")
    screen.until_said("The day is closed")
    assert "Seal 1: closed 11-21 14:32" in screen.words()


def test_a_manager_opens_the_day_again_with_a_reason_and_a_signature(
    desk: Booked, opened: Opened, manager: Signer
) -> None:
    close(desk)
    screen = opened()
    screen.until_said("The day is closed")
    assert "Open the day again" not in screen.words()
    screen.admit(manager)
    screen.until_said("Open the day again")
    screen.press("F9")
    screen.until_said("The journal keeps who opened it")
    screen.press("1", "Return")
    screen.until_said("Manager's turn")
    screen.sign(manager)
    screen.until_said("Close it once more")
    reason = desk.database.read(_last_reason)
    assert reason == "A form was forgotten"
    assert stored(desk.database, ReturnDay.closed) == [False]


def _last_reason(session: Session) -> str:
    return session.get_one(DaySeal, 2).reason
