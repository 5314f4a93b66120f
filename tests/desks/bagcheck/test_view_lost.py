"""A lost token on the screen: the five steps in their order, taken up again at any of them, and found tokens."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from counterapp.core.actor import Signer
from counterapp.core.database import Database
from counterapp.core.journal import JournalEntry
from counterapp.core.print_queue import PrintJob
from counterapp.desks.bagcheck.models import Deposit, LostToken
from counterapp.desks.bagcheck.view.lost_token_flow import LostTokenFlow
from tests.conftest import PlayedClock
from tests.desks.bagcheck.counter import Counter as Services
from tests.desks.bagcheck.screen import Screen
from tests.desks.bagcheck.test_view import codes, live


@pytest.fixture
def lost(screen: Screen, services: Services) -> Screen:
    """A red suitcase in locker 1, whose customer stands at the counter without a token."""
    services.deposit(pieces=2, description="红色拉杆箱")
    screen.view_again()
    screen.until(lambda: screen.locker("1").deposit_id is not None)
    return screen


def report(screen: Screen, piece: str = "1") -> None:
    """From the map: whose piece is lost."""
    screen.press("Right", "Return", "F9")
    screen.until_said("Whose piece is lost?")
    screen.press(piece, "Return")
    screen.until_said("Ask: what did you deposit?")


def tell(screen: Screen) -> None:
    screen.compose("一个红箱子")
    screen.press("Return")


def identify(screen: Screen) -> None:
    screen.until_said("Do both agree?")
    screen.compose("张三")
    screen.press("Return")
    screen.compose("人民路88号")
    screen.press("Return")
    screen.type_in("3021\r")
    screen.until_said("Take the fee: Penalty")
    screen.press("Return")
    screen.until_said("Form No. 000001 waits for the cash office")


@pytest.mark.both_databases
def test_the_whole_way_by_keys(lost: Screen, database: Database) -> None:
    screen = lost
    report(screen)
    assert "红色拉杆箱" not in screen.words()
    tell(screen)
    screen.until_said("Do both agree?")
    assert "一个红箱子" in screen.words()
    assert "红色拉杆箱 • 2 pieces" in screen.words()
    identify(screen)
    assert "人民路88号" not in screen.words()
    assert database.read(lambda s: s.scalars(select(PrintJob.paper).order_by(PrintJob.id)).all())[-1] == "form"
    screen.type_in("0088123\r")
    screen.type_in("4\r")
    screen.until_said("The amount on the receipt is not the amount of the form.")
    screen.press("Backspace")
    screen.type_in("5.00\r")
    screen.until_said("Open locker 1 and give the things out")
    assert live(database) != []
    screen.press("Return")
    screen.until_said("Locker 1 is given out")
    assert live(database) == []
    (entry,) = database.read(lambda s: s.scalars(select(LostToken)).all())
    assert (entry.words, entry.name, entry.id_last_four, entry.receipt_no) == ("一个红箱子", "张三", "3021", "0088123")


def test_no_step_is_left_out_by_a_hasty_enter(lost: Screen, database: Database) -> None:
    screen = lost
    screen.press("Right", "Return", "F9")
    screen.until_said("Whose piece is lost?")
    screen.press("Return")
    screen.until_said("Say first whose piece is lost")
    screen.press("1", "Return")
    screen.until_said("Ask: what did you deposit?")
    screen.press("Return", "Return")
    screen.until_said("This is still missing.")
    tell(screen)
    screen.until_said("Do both agree?")
    screen.press("Return", "Return")
    screen.until_said("This is still missing.")
    assert database.read(lambda s: s.scalars(select(LostToken.penalty_no)).one()) is None


def test_it_is_taken_up_where_it_was_left_from_map_book_and_form(lost: Screen, database: Database) -> None:
    screen = lost
    report(screen)
    screen.press("Escape")
    screen.until_said("Token lost: ask the customer what was deposited")
    screen.press("Return")
    screen.until_said("Ask: what did you deposit?")
    tell(screen)
    screen.until_said("Do both agree?")
    screen.press("Escape", "Escape", "F10")
    screen.until_said("Today at bag check")
    screen.press("4")
    screen.until_said("Token lost: the ID has to be shown")
    screen.press("Return")
    identify(screen)
    screen.press("Escape")
    screen.until(lambda: screen.dialog is None)
    screen.scan(codes(database, "1")[0])  # the form bears the substitute's code
    screen.until_said("Go on with the lost token")
    screen.press("Return")
    screen.until_said("waits for the cash office")


def test_the_wrong_key_is_taken_back(lost: Screen, database: Database) -> None:
    before = codes(database, "1")
    report(lost)
    lost.press("F8")
    lost.until(lambda: lost.dialog is None)
    assert codes(database, "1") == before


def test_the_counters_own_piece_costs_nothing(lost: Screen, database: Database) -> None:
    screen = lost
    screen.scan(codes(database, "1")[0])
    screen.until_said("Collected")
    screen.press("F9")
    screen.until_said("Whose piece is lost?")
    screen.press("2", "Return")
    screen.until_said("Ask: what did you deposit?")
    tell(screen)
    screen.until_said("Nothing is charged: the counter lost its own piece.")
    screen.press("Return")
    screen.until_said("Locker 1 is given out")
    assert database.read(lambda s: s.scalars(select(LostToken.penalty_no)).one()) is None


def test_who_lost_it_is_masked_until_somebody_asks_and_the_journal_keeps_who(lost: Screen, database: Database) -> None:
    screen = lost
    report(screen)
    tell(screen)
    identify(screen)
    assert "张三" not in screen.words()
    screen.press("F10")
    screen.until_said("张三 • 人民路88号 • 3021")
    acts = database.read(lambda s: s.scalars(select(JournalEntry.act)).all())
    assert acts.count("bagcheck.unmask") == 1


def test_a_token_that_turns_up_raises_an_alarm_and_is_noted(lost: Screen, database: Database) -> None:
    screen = lost
    gone = codes(database, "1")[0]
    report(screen)
    screen.press("Escape", "Escape")
    screen.scan(gone)
    screen.until_said("A lost token has turned up")
    assert "Alarm: token 1 was reported lost." in screen.banner
    assert screen.number == ""
    screen.press("Escape", "Return")
    screen.until_said("token 1 is here again")
    assert database.read(lambda s: s.scalars(select(LostToken.found_at)).one()) is not None
    assert len(live(database)) == 1


def test_overnight_a_paid_loss_still_needs_the_supervisor(
    lost: Screen, services: Services, supervisor: Signer, clock: PlayedClock, database: Database
) -> None:
    screen = lost
    deposit = live(database)[0]
    clock.forward(days=1)
    services.lose_and_pay(deposit)
    flow = screen.window.findChild(LostTokenFlow)
    assert flow is not None
    flow.open(deposit)
    screen.until_said("A supervisor signs first: it has stayed 1 night")
    screen.press("Return")
    screen.sign(supervisor)
    screen.until_said("Open locker 1 and give the things out")
    screen.press("Return")
    screen.until(lambda: live(database) == [])
    assert database.read(lambda s: s.scalars(select(Deposit.signed_by)).one()) == supervisor.person_id
