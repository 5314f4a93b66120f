"""The exit auditor's tab: one scan, one look, one key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.database import Database
from counterapp.desks.exit_check.models import ExitCheck
from counterapp.desks.exit_check.view.status_panel import StatusPanel
from counterapp.ui.theme import Meaning
from counterapp.work import StoreClient
from tests.conftest import Hire, PlayedClock
from tests.desks.exit_check.test_services import NEW, WATER
from tests.desks.returned_goods.goods_back import APPLES, SHAMPOO, TODAY, TOWEL, Floor
from tests.desks.returns.screen import Screen
from tests.return_forms.goods import sell


class ExitCheckScreen(Screen):
    """A window of the auditor, who has no other desk; form 1 was used for a receipt, form 2 was not."""

    def __init__(self, qtbot: QtBot, auditor: Actor, client: StoreClient, codes: tuple[str, str]) -> None:
        super().__init__(qtbot, auditor, client, "Exit check")
        self.used, self.good = codes

    def checks(self) -> list[tuple[str, str]]:
        wanted = select(ExitCheck.finding, ExitCheck.note).order_by(ExitCheck.id)
        return [(finding, note) for finding, note in self.client.database.read(lambda s: s.execute(wanted).all())]

    def meaning(self) -> Meaning:
        (panel,) = (one for one in self.window.findChildren(StatusPanel) if one.isVisible())
        return panel.meaning


@pytest.fixture
def screen(
    dressed: None, qtbot: QtBot, database: Database, clerk: Actor, manager: Signer, hire: Hire, clock: PlayedClock
) -> Iterator[ExitCheckScreen]:
    floor = Floor(database, clerk, manager)
    sell(database, TOWEL, WATER, number=NEW, on=TODAY)
    (used,), (good,) = floor.bring(APPLES), floor.bring(SHAMPOO)
    floor.redeem(used, NEW, Actor(hire("7008", Role.CASHIER, "刘芳"), "till-09", clock))
    auditor = Actor(hire("8002", Role.AUDITOR, "马志远"), "door", clock)
    client = StoreClient(database, auditor.station, clock)
    yield ExitCheckScreen(qtbot, auditor, client, (floor.code_of(used), floor.code_of(good)))
    client.stop()


def test_a_scan_shows_what_was_taken_and_one_key_says_that_it_matches(screen: ExitCheckScreen) -> None:
    screen.until_said("Scan the customer's form")
    screen.scan(screen.used)
    screen.until_said("Used at the till")
    assert screen.meaning() is Meaning.ALLOWED
    words = screen.words()
    for said in ("No. 000001", "0101 09 261121 0042", "07 • 617", "纯净水550毫升", "24 pieces"):
        assert said in words
    assert "8800" not in words  # nothing of the customer
    screen.press("1")
    screen.until_said("Form 000001: everything matches")
    assert screen.checks() == [("match", "")]
    screen.scan(screen.used)
    screen.until_said("Checked today already: 14:32 by 马志远 8002, it matched")


@pytest.mark.both_databases
def test_what_is_not_there_is_marked_and_counted(screen: ExitCheckScreen) -> None:
    screen.scan(screen.used)
    screen.until_said("Used at the till")
    screen.press("2")
    screen.until_said("What is different?")
    screen.press("Return")
    assert screen.checks() == []
    screen.press(" ", "Down", "-", "-")
    screen.press("F4")
    screen.compose("另有一瓶没有小票的油")
    screen.press("Return")
    screen.until_said("Form 000001: the difference is kept")
    assert screen.checks() == [("differs", "另有一瓶没有小票的油; 洁丽雅毛巾 0/1; 纯净水550毫升 22/24")]


def test_a_form_that_was_not_used_lets_nothing_pass(screen: ExitCheckScreen) -> None:
    screen.scan(screen.good)
    screen.until_said("Not used yet")
    assert screen.meaning() is Meaning.REFUSED
    screen.press("1")
    assert "Everything matches" not in screen.words()
    screen.press("2")
    screen.until_said("What is different?")
    screen.compose("拿着电饭煲，没有付款")
    screen.press("Return")
    screen.until_said("the difference is kept")
    assert screen.checks() == [("differs", "拿着电饭煲，没有付款")]


def test_the_last_of_two_quick_scans_is_the_one_that_is_shown(screen: ExitCheckScreen) -> None:
    screen.scan(screen.used, screen.good)
    screen.until_said("No. 000002")
    assert "No. 000001" not in screen.words()


def test_a_form_of_nobody_is_named(screen: ExitCheckScreen) -> None:
    screen.scan("RF000000000002")
    screen.until(lambda: "RF 0000 0000 00 02" in screen.window.banner.text)
