"""The risk tab, the strip beside a case that waits, and the rule books on screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.database import Database
from counterapp.desks.returns.rules.risk_comparison import Pattern
from counterapp.desks.returns.rules.risk_comparison import Signal as Found
from counterapp.desks.returns.services import rule_books
from counterapp.desks.returns.services.risk import Report, SignalText
from counterapp.desks.returns.view import ReturnsView
from counterapp.desks.returns.view.risk.strip import RiskDialog
from counterapp.desks.returns.view.rule_books import RuleBooksDialog
from counterapp.ui.widgets import Chip
from counterapp.work import StoreClient
from tests.conftest import Hire, PlayedClock
from tests.desks.returns.screen import Screen
from tests.desks.returns.test_history import Store
from tests.desks.returns.test_rule_text import NEW_YEAR, NEXT, TODAY


class Seat(Screen):
    """A manager's station with the desk, the queue and the risk tab; the last one is shown."""

    def __init__(self, qtbot: QtBot, person: Actor, client: StoreClient) -> None:
        super().__init__(qtbot, person, client, "Returns", "Approvals", "Risk")
        self.window.show_desk(self.tabs[2])

    def chips(self) -> list[str]:
        return [chip.text for chip in self.visible(Chip)]


@pytest.fixture
def waiting(database: Database, clerk: Actor, supervisor: Signer) -> int:
    """A case of clerk 6012 that waits, of a card that was here before."""
    store = Store(database, clerk, supervisor)
    store.approve(store.send(store.sell("1", "880011112222")))
    return store.send(store.sell("2", "880011112222"))


@pytest.fixture
def report(clerk: Actor, waiting: int, clock: PlayedClock) -> Report:
    """Of the clerk and of the card something stands out."""
    often = Found(
        Pattern.CLERK_OFTEN, (str(clerk.person.person_id),), 40, 5, 12.3, 90, 88_000, 7.0, (waiting, waiting - 1)
    )
    card = Found(Pattern.CARD, ("880011112222",), 5, 0, 1.1, 30, 3_980, 4.2, (waiting, waiting - 1))
    return Report((SignalText(often, ("王丽 6012",)), SignalText(card, ("880011112222",))), 200, TODAY, clock())


@pytest.fixture
def seat(
    dressed: None,
    qtbot: QtBot,
    database: Database,
    hire: Hire,
    clock: PlayedClock,
    report: Report,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Seat]:
    """The store manager at station 9."""
    monkeypatch.setattr("counterapp.desks.returns.view.risk.recent.report", lambda _session, _actor: report)
    manager = Actor(hire("4001", Role.STORE_MANAGER, "孙建国"), "9", clock)
    client = StoreClient(database, manager.station, clock)
    yield Seat(qtbot, manager, client)
    client.stop()


def test_what_stands_out_is_told_with_its_cases_and_one_of_them_opens_as_if_scanned(seat: Seat) -> None:
    seat.until_said("A clerk's returns: many")
    rows = {row.name: row for row in seat.rows()}
    assert rows["A clerk's returns: many"].numbers == ("40", "12.3")
    assert rows["One member card again and again"].quiet == "8800 ****2222"
    seat.until_said("At the others' pace it would be 12.3.")
    seat.until_said("2 cases")
    seat.until(lambda: any("waits for approval" in row.quiet for row in seat.rows()))
    seat.press("Down")
    seat.until_said("5 returns in 30 days with this card, ¥39.80 together.")
    seat.press("Return")
    seat.until_said("Open the case")
    seat.press("Return")
    seat.until_said("Prepared by 王丽 6012")
    assert isinstance(seat.window.current_view, ReturnsView)


def test_the_queue_and_the_approval_show_what_concerns_the_case_and_choose_nothing(seat: Seat) -> None:
    seat.window.show_desk(seat.tabs[1])
    seat.until_said("2 signs of risk")
    assert {"A clerk's returns: many", "One member card again and again"} <= set(seat.chips())
    seat.press("F9")
    seat.until(lambda: isinstance(seat.window.dialogs.current, RiskDialog))
    seat.until_said("At the others' pace it would be 12.3.")
    seat.press("Escape")
    seat.until(lambda: seat.window.dialogs.current is None)

    seat.press("Return")
    seat.until(lambda: seat.sheet is not None)
    seat.until(lambda: "A clerk's returns: many" in seat.chips())
    chips = seat.chips()
    assert "Member: no. 2 in 30 days" in chips  # marked there, and not said twice
    sheet: QWidget | None = seat.sheet
    assert sheet is not None
    on_sheet = [chip.text for chip in sheet.findChildren(Chip) if chip.isVisible()]
    assert "One member card again and again" not in on_sheet
    assert seat.sheet is not None
    assert seat.sheet.ticks == ()
    seat.press("F9")
    seat.until(lambda: isinstance(seat.window.dialogs.current, RiskDialog))
    seat.press("Escape")
    seat.until(lambda: seat.sheet is not None)
    seat.press("1", "2", "3")
    assert len(seat.sheet.ticks) == 3


def test_at_the_clerks_own_station_nothing_is_told_of_people(report: Report, clerk: Actor) -> None:
    assert [one.signal.pattern for one in report.seen_by(clerk.person).told] == [Pattern.CARD]


def test_a_store_in_which_nothing_stands_out_says_so(
    dressed: None, qtbot: QtBot, database: Database, hire: Hire, clock: PlayedClock
) -> None:
    manager = Actor(hire("4001", Role.STORE_MANAGER), "9", clock)
    client = StoreClient(database, "9", clock)
    seat = Seat(qtbot, manager, client)
    seat.until_said("Nothing stands out")
    seat.press("F6")
    seat.until(lambda: isinstance(seat.window.dialogs.current, RuleBooksDialog))
    client.stop()


def test_rule_books_are_read_on_screen_with_what_is_new_in_them(
    seat: Seat, database: Database, manager: Signer
) -> None:
    actor = Actor(manager, "9", seat.clerk.clock)
    database.command(actor, "rules.load", lambda s: rule_books.put_in_force(s, actor, NEXT, NEW_YEAR))
    seat.until_said("A clerk's returns: many")
    seat.press("F6")
    seat.until_said("Bought more than 30 days ago (today is day …)")
    assert "In force" in seat.words()
    assert "2000-01-01 to 2026-12-31" in seat.words()
    seat.press("Up")
    seat.until_said("Bought from 2027-01-15 through 2027-02-05: comes back through 2027-02-21 at least")
    assert {"New", "Changed"} <= set(seat.chips())
    seat.until_said("loaded 2026-11-21 by 周敏 5001")
