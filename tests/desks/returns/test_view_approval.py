"""The returns desk's screen: the second person's turn."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.cases import Case
from counterapp.core.database import Database
from counterapp.desks.returns.services.drafting import take_back
from counterapp.return_forms.models import ReturnLine
from counterapp.work import StoreClient
from tests.conftest import PIN
from tests.desks.returns.screen import COOKER, RECEIPT, TOWEL, Screen, stored
from tests.return_forms.goods import sell


class TestApproval:
    def test_a_refused_pin_says_so_and_nothing_is_lost(self, described: Screen, supervisor: Signer) -> None:
        screen = described
        screen.send()
        screen.press("1", "2", "3")
        screen.sign(supervisor, "271829")
        screen.until_said("Number and PIN do not belong together. Try again.")
        assert screen.sheet is not None
        assert len(screen.sheet.ticks) == 3
        screen.type_in(f"{PIN}\r")
        screen.until_said("Return form No. 000001")

    def test_ticks_that_are_missing_are_asked_for_and_the_pin_is_kept(
        self, described: Screen, supervisor: Signer
    ) -> None:
        screen = described
        screen.send()
        screen.sign(supervisor)
        assert screen.sheet is not None
        assert "Tick the three first" in screen.sheet.sentence
        screen.press("1", "2", "3", "Return")
        screen.until_said("Return form No. 000001")

    @pytest.mark.usefixtures("dressed")
    def test_nobody_approves_what_they_prepared(
        self, qtbot: QtBot, database: Database, clerk: Actor, manager: Signer
    ) -> None:
        sell(database, COOKER)
        client = StoreClient(database, "2", clerk.clock)
        screen = Screen(qtbot, Actor(manager, "2", clerk.clock), client)
        screen.scan(RECEIPT, COOKER.barcode)
        screen.until_said("Choose the reason first")
        screen.answer_all()
        screen.send()
        screen.press("1", "2", "3")
        screen.sign(manager)
        screen.until_said("Nobody approves what they prepared themselves.")
        assert screen.sheet is not None
        client.stop()

    def test_an_override_asks_for_the_manager_and_a_reason(
        self, screen: Screen, supervisor: Signer, manager: Signer, database: Database
    ) -> None:
        screen.scan(RECEIPT, TOWEL.barcode)
        screen.until_said("Choose the reason first")
        screen.press("4")
        screen.until_said("questions still open")
        screen.press("F7")
        screen.until_said("A manager may allow it")
        screen.send()
        assert "Customer service manager's turn" in screen.words()
        screen.press("1", "2", "3")
        screen.compose("老顾客")
        screen.sign(supervisor)
        screen.until_said("The customer service manager may override it.")
        screen.sign(manager)
        screen.until_said("Return form No. 000001")

    def test_a_case_is_sent_back_with_a_reason(self, described: Screen, supervisor: Signer) -> None:
        screen = described
        screen.send()
        screen.press("F8")
        screen.sign(supervisor)
        assert screen.sheet is not None
        assert screen.sheet.sentence == "Write first why it goes back."
        screen.compose("请补小票")
        screen.press("Return", "Return")
        screen.until(lambda: screen.sheet is None)
        screen.until_said("Sent back: 请补小票")
        screen.send()

    def test_esc_leaves_it_waiting_and_it_can_be_opened_again_or_taken_back(self, described: Screen) -> None:
        screen = described
        screen.send()
        screen.press("Escape")
        screen.until(lambda: screen.sheet is None)
        assert "Waits for approval" in screen.words()
        assert "Waits for the signature: Duty supervisor" in screen.verdict()
        screen.send()
        screen.press("Escape", "F8")
        screen.until_said("Send for approval")

    def test_a_case_that_moved_on_is_read_again(
        self, described: Screen, supervisor: Signer, database: Database, clerk: Actor
    ) -> None:
        screen = described
        screen.send()
        case_id = database.read(lambda s: s.scalars(select(Case.id)).one())
        database.command(clerk, "return.take_back", lambda s: take_back(s, clerk, case_id))
        screen.press("1", "2", "3")
        screen.sign(supervisor)
        screen.until(lambda: "The case has moved on meanwhile" in screen.window.banner.text)
        screen.until_said("Send for approval")
        assert screen.sheet is None

    def test_goods_scanned_under_the_sheet_are_refused_aloud(self, described: Screen, database: Database) -> None:
        described.send()
        described.scan(TOWEL.barcode)
        assert "does not belong here" in described.window.banner.text
        assert len(stored(database, ReturnLine.id)) == 1

    def test_another_clerk_sees_the_case_but_does_not_change_it(
        self, described: Screen, hire: Callable[..., Signer], qtbot: QtBot, database: Database, clerk: Actor
    ) -> None:
        code = database.read(lambda s: s.scalars(select(Case.code)).one())
        client = StoreClient(database, "3", clerk.clock)
        other = Screen(qtbot, Actor(hire("6013", Role.CLERK), "3", clerk.clock), client)
        other.scan(code)
        other.until_said("Being prepared")
        assert f"Prepared by {clerk.person.name} 6012" in other.words()
        other.scan(TOWEL.barcode)
        other.until(lambda: "Another member of staff prepared this case." in other.window.banner.text)
        client.stop()
