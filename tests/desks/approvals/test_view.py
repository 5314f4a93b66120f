"""The approvals tab: two stations on one store, a clerk at the one and somebody who may approve at the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.cases import WAITING, Case, move, open_case
from counterapp.core.database import Database
from counterapp.core.print_queue import PrintJob
from counterapp.desks.approvals.view import ApprovalsView
from counterapp.desks.returns.services.drafting import take_back
from counterapp.desks.returns.view import ReturnsView
from counterapp.desks.returns.view.approval_dialog import ApprovalDialog
from counterapp.hardware.scanner import Scan
from counterapp.ui.view import DeskTab, View
from counterapp.ui.widgets import LineTable
from counterapp.work import StoreClient
from tests.conftest import KEYS, PIN, PlayedClock
from tests.desks.returns.screen import OTHER, RECEIPT, TOWEL, Screen, stored
from tests.return_forms.goods import Sold, sell

TELEVISION = Sold("海信电视 65E3", 1000, 329900, "general", "", "10877", "6942147488812", "家电部")
_QUICK, _NEVER = 20, 1_000_000


class Station(Screen):
    """A station with both tabs; the approvals tab is shown first."""

    def __init__(self, qtbot: QtBot, person: Actor, client: StoreClient) -> None:
        super().__init__(qtbot, person, client, "Returns", "Approvals")
        self.window.show_desk(self.tabs[1])

    @property
    def is_on_queue(self) -> bool:
        return "Your signature" in self.headings()

    def headings(self) -> list[str]:
        tables = self.visible(LineTable)
        return [
            str(table.model().headerData(column, Qt.Orientation.Horizontal))
            for table in tables
            for column in range(table.model().columnCount())
        ]


Seat = Callable[[Signer, str], Station]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Screens look after what others do many times a second."""
    monkeypatch.setattr("counterapp.desks.returns.view.watching.EVERY", _QUICK)
    monkeypatch.setattr("counterapp.desks.approvals.view.EVERY", _QUICK)


@pytest.fixture
def seat(qtbot: QtBot, database: Database, clock: PlayedClock) -> Iterator[Seat]:
    """Sit somebody down at a station, with a program and connections of its own."""
    address = database.engine.url.render_as_string(hide_password=False)
    counters: list[StoreClient] = []

    def sit(person: Signer, station: str) -> Station:
        counters.append(StoreClient(Database(address, KEYS), station, clock))
        return Station(qtbot, Actor(person, station, clock), counters[-1])

    yield sit
    for client in counters:
        client.stop()


@pytest.fixture
def waiting(described: Screen) -> Screen:
    """The clerk's station 2, where a case waits and its sheet is open."""
    described.send()
    return described


@pytest.fixture
def code(waiting: Screen, database: Database) -> str:
    return database.read(lambda session: session.scalars(select(Case.code)).one())


def sign_here(station: Station) -> None:
    """Tick, type the PIN, and nothing else."""
    station.until(lambda: station.sheet is not None)
    station.press("1", "2", "3")
    station.type_in(f"{PIN}\r")


def open_sheet(station: Station) -> ApprovalDialog:
    """Open the first case of the queue and tick."""
    station.turn_to()
    station.until_said("You may sign")
    station.press("Return")
    station.until(lambda: station.sheet is not None)
    station.press("1", "2", "3")
    sheet = station.sheet
    assert sheet is not None
    return sheet


@pytest.mark.usefixtures("quick", "waiting")
class TestQueue:
    @pytest.mark.both_databases
    def test_a_waiting_case_is_signed_with_the_pin_alone_and_the_clerk_sees_it_without_a_key(
        self, waiting: Screen, supervisor: Signer, seat: Seat, database: Database
    ) -> None:
        there = seat(supervisor, "9")
        there.until_said("You may sign")
        (row,) = there.rows()
        assert row.name == "Refund  苏泊尔电磁炉 C21 × 1"
        assert row.quiet == "王丽 6012 • Station 2 • 0101 07 261118 0387"
        assert row.numbers == ("14:32", "¥229.00")

        there.press("Return")
        there.until(lambda: there.sheet is not None)
        assert "Type your PIN to sign." in there.words()
        assert "Prepared by 王丽 6012" in there.words()
        sign_here(there)
        there.until_said("Return form No. 000001 is approved")
        assert "¥229.00 • approved by 李强 • comes out at station 2" in there.words()
        there.until_said("Nothing waits for a signature")

        waiting.until_said("Return form No. 000001 is approved")
        assert waiting.sheet is None
        assert "Scan the customer's receipt" in waiting.words()
        assert stored(database, PrintJob.station) == ["2"]

    def test_what_is_sent_back_is_at_the_clerk_with_its_reason_without_a_key(
        self, waiting: Screen, supervisor: Signer, seat: Seat
    ) -> None:
        there = seat(supervisor, "9")
        there.until_said("You may sign")
        there.press("Return")
        there.until(lambda: there.sheet is not None)
        there.press("F8")
        there.compose("序列号不符")
        there.press("Return")
        there.type_in(f"{PIN}\r")
        there.until(lambda: there.sheet is None)
        there.until_said("Nothing waits for a signature")
        assert there.window.banner.text == "Sent back to 王丽, with your reason."

        waiting.until_said("Sent back: 序列号不符")
        assert waiting.sheet is None
        waiting.until_said("Send for approval")

    def test_a_clerk_who_has_gone_on_is_told_of_the_case_before(
        self, waiting: Screen, supervisor: Signer, seat: Seat, database: Database
    ) -> None:
        sell(database, TOWEL, number=OTHER)
        waiting.press("Escape")
        waiting.until(lambda: waiting.sheet is None)
        waiting.scan(OTHER)
        waiting.until_said("0101 07 261118 0388")
        there = seat(supervisor, "9")
        there.until_said("You may sign")
        there.press("Return")
        sign_here(there)
        said = "Receipt 0101 07 261118 0387 was approved by 李强: form No. 000001 is on its way to the printer."
        waiting.until(lambda: waiting.window.banner.text == said)
        assert "0101 07 261118 0388" in waiting.words()

    def test_what_a_clerk_sends_or_takes_back_appears_and_goes_by_itself(
        self, waiting: Screen, supervisor: Signer, seat: Seat, database: Database
    ) -> None:
        there = seat(supervisor, "9")
        there.until(lambda: len(there.rows()) == 1)
        waiting.turn_to()
        waiting.press("Escape", "F8")
        there.until_said("Nothing waits for a signature")

    def test_a_case_beyond_the_limit_names_who_is_needed_and_is_not_signed(
        self, waiting: Screen, supervisor: Signer, manager: Signer, seat: Seat, database: Database
    ) -> None:
        sell(database, TELEVISION, number=OTHER)
        waiting.press("Escape")
        waiting.scan(OTHER, TELEVISION.barcode)
        waiting.until_said("Choose the reason first")
        waiting.press("1")
        waiting.until_asked("Looked at: is it as the customer says?")
        waiting.press("Y", "F7")
        waiting.until_said("May be refunded")
        waiting.send()

        there = seat(supervisor, "9")
        there.until(lambda: len(there.rows()) == 2)
        assert [row.verdict.words for row in there.rows() if row.verdict] == [
            "You may sign",
            "Customer service manager needed",
        ]
        there.press("Down", "Return")
        there.until_said("Customer service manager's turn")
        sign_here(there)
        there.until_said("beyond your limit")
        there.sign(manager)
        there.until_said("Return form No. 000001 is approved")

    def test_ones_own_case_is_shown_but_opens_without_a_signature(
        self, supervisor: Signer, seat: Seat, database: Database, clock: PlayedClock
    ) -> None:
        sell(database, TOWEL, number=OTHER)
        there = seat(supervisor, "9")
        there.scan(OTHER, TOWEL.barcode)
        there.until_said("Choose the reason first")
        there.press("1")
        there.until_asked("Looked at: is it as the customer says?")
        there.press("Y", "F7")
        there.until_said("May be refunded")
        there.send()
        there.press("Escape")
        there.window.show_desk(there.window.desks[1])
        there.until(lambda: len(there.rows()) == 2)
        own = there.rows()[1]
        assert own.faded
        assert own.verdict is not None
        assert own.verdict.words == "Prepared by you"
        there.press("Down")
        there.until_said("Open the case")
        there.press("Return")
        there.until_said("Take it back to change it")
        assert there.sheet is None
        there.press("Escape")
        there.until(lambda: there.is_on_queue)

    def test_a_return_that_lay_on_the_desk_lies_there_again_after_a_colleagues_was_signed(
        self, supervisor: Signer, seat: Seat, database: Database
    ) -> None:
        sell(database, TOWEL, number=OTHER)
        there = seat(supervisor, "9")
        there.scan(OTHER, TOWEL.barcode)
        there.until_said("Choose the reason first")
        there.window.show_desk(there.window.desks[1])
        there.until_said("You may sign")
        there.press("Return")
        sign_here(there)
        there.until_said("Nothing waits for a signature")
        there.window.show_desk(there.window.desks[0])
        there.until_said("0101 07 261118 0388")
        assert there.taken() == [TOWEL.name]

    def test_the_code_of_a_waiting_case_opens_it_to_be_signed(self, supervisor: Signer, seat: Seat, code: str) -> None:
        there = seat(supervisor, "9")
        there.window.show_desk(there.window.desks[0])
        there.scan(code)
        sign_here(there)
        there.until_said("Return form No. 000001 is approved")
        assert isinstance(there.window.current_view, ReturnsView)

    def test_the_code_may_also_be_scanned_over_the_queue_which_comes_back(
        self, supervisor: Signer, seat: Seat, code: str
    ) -> None:
        there = seat(supervisor, "9")
        there.until_said("You may sign")
        there.scan(code)
        there.until(lambda: there.sheet is not None)
        there.press("Escape")
        there.until(lambda: there.sheet is None)
        there.until_said("Open the approval")
        there.press("Escape")
        there.until(lambda: there.is_on_queue)
        assert isinstance(there.window.current_view, ApprovalsView)

    def test_a_clerks_scan_of_a_colleagues_code_asks_for_no_signature(
        self, hire: Callable[..., Signer], seat: Seat, code: str
    ) -> None:
        there = seat(hire("6013", Role.CLERK), "9")
        there.window.show_desk(there.window.desks[0])
        there.scan(code)
        there.until_said("Open the approval")
        assert there.sheet is None

    def test_who_is_too_late_reads_who_was_faster_and_has_nothing_left_to_sign(
        self, supervisor: Signer, manager: Signer, seat: Seat
    ) -> None:
        late = seat(manager, "8")
        late.until_said("You may sign")
        late.press("Return")
        late.until(lambda: late.sheet is not None)
        fast = seat(supervisor, "9")
        fast.until_said("You may sign")
        fast.press("Return")
        sign_here(fast)
        fast.until_said("Return form No. 000001 is approved")
        late.until(lambda: late.sheet is None)
        assert late.window.banner.text == "李强 has just approved this case. There is nothing left to sign."
        late.until_said("Approved: form No. 000001")
        late.turn_to()
        late.press("Escape", "Escape")
        late.until_said("Nothing waits for a signature")

    def test_an_approver_is_told_when_the_clerk_takes_the_case_back(
        self, supervisor: Signer, seat: Seat, database: Database, clerk: Actor
    ) -> None:
        there = seat(supervisor, "9")
        there.until_said("You may sign")
        there.press("Return")
        there.until(lambda: there.sheet is not None)
        case_id = database.read(lambda s: s.scalars(select(Case.id)).one())
        database.command(clerk, "return.take_back", lambda s: take_back(s, clerk, case_id))
        there.until(lambda: there.sheet is None)
        assert there.window.banner.text == "The clerk has taken this case back. There is nothing left to sign."


@pytest.mark.usefixtures("waiting")
@pytest.mark.both_databases
def test_of_two_who_sign_at_the_same_moment_one_wins_and_the_other_reads_a_sentence(
    monkeypatch: pytest.MonkeyPatch, supervisor: Signer, manager: Signer, seat: Seat, database: Database
) -> None:
    # Nobody hears of the other but by the answer to their own signature.
    monkeypatch.setattr("counterapp.desks.returns.view.watching.EVERY", _NEVER)
    first, second = seat(supervisor, "8"), seat(manager, "9")
    sheets = [open_sheet(first), open_sheet(second)]
    for sheet, signer in zip(sheets, (supervisor, manager), strict=True):
        sheet.signed.emit(signer.number, PIN)
    first.until(lambda: first.sheet is None)
    second.until(lambda: second.sheet is None)
    won = [station for station in (first, second) if "Return form No. 000001 is approved" in station.words()]
    assert len(won) == 1
    (lost,) = {first, second} - set(won)
    assert "The case has moved on meanwhile" in lost.window.banner.text
    lost.until_said("Approved: form No. 000001")
    assert len(stored(database, PrintJob.id)) == 1


def test_an_empty_queue_says_what_will_come_here(dressed: None, supervisor: Signer, seat: Seat) -> None:
    there = seat(supervisor, "9")
    there.until_said("What a clerk sends for approval at any station appears here by itself.")
    assert there.rows() == []
    there.press("Return", "Down")
    assert there.sheet is None


def test_a_receipt_scanned_over_the_queue_opens_the_returns_desk(
    screen: Screen, supervisor: Signer, seat: Seat
) -> None:
    there = seat(supervisor, "9")
    there.scan(RECEIPT)
    there.until_said("0101 07 261118 0387")
    assert isinstance(there.window.current_view, ReturnsView)


class TestOtherDesks:
    """A case of another desk that waits stands in the queue, and opens at its own desk as if it had been scanned."""

    @pytest.fixture
    def code_beside(self, database: Database, clerk: Actor) -> str:
        def wait(session: Session) -> str:
            case = open_case(session, clerk, "bagcheck", "BT", "17")
            move(clerk, case, WAITING, {"draft": frozenset({WAITING})})
            session.flush()
            return case.code

        return database.command(clerk, "bagcheck.wait", wait)

    def test_it_is_listed_with_who_prepared_it_and_goes_to_its_desk(
        self, dressed: None, seat: Seat, supervisor: Signer, code_beside: str, clerk: Actor
    ) -> None:
        station = seat(supervisor, "3")
        opened: list[str] = []

        class Elsewhere(View):
            title = "Bag check"

            def take_scan(self, scan: Scan) -> bool:
                opened.append(scan.text)
                return True

        here = station.window.desks
        bags = DeskTab("Bag check", "luggage", Elsewhere, ("BT",))
        station.window.admit("李强", [*here, bags])
        station.window.show_desk(here[1])
        station.until_said("Bag check 17")
        assert "Waits at its desk" in station.words()
        assert f"Prepared by {clerk.person.name}" in station.words()

        station.press("Return")
        assert opened == [code_beside]
