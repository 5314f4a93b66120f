"""The tab of returned goods as a clerk sees it: clocks, one key to hand goods over, sheets that are signed by scan."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from counterapp.core.actor import Actor, Signer
from counterapp.core.database import Database
from counterapp.desks.returned_goods.services.notices import Notice
from counterapp.desks.returned_goods.view.notice_list import NoticeList
from counterapp.return_forms.terms import Reason
from counterapp.ui.polling import Poller
from counterapp.work import StoreClient
from tests.conftest import Hire, PlayedClock
from tests.desks.returned_goods.goods_back import APPLES, BISCUITS, DUMPLINGS, TOWEL, Floor
from tests.desks.returns.screen import Screen


class ReturnedGoodsScreen(Screen):
    """A window with the tab of returned goods."""

    def __init__(self, qtbot: QtBot, clerk: Actor, client: StoreClient, floor: Floor) -> None:
        super().__init__(qtbot, clerk, client, "Goods back")
        self.floor = floor

    def notices(self) -> list[str]:
        """What each notice says, its clock first."""
        return [words for one in self.visible(NoticeList) for words in one.words]

    def look(self) -> None:
        """Read the tab again, as happens every few seconds."""
        for poller in self.window.findChildren(Poller):
            poller.read()

    def until_told(self, *words: str) -> None:
        """Wait until the notices say these, in this order."""

        def holds() -> bool:
            said = self.notices()
            return len(said) == len(words) and all(word in one for word, one in zip(words, said, strict=True))

        self.until(holds)

    def stored(self) -> tuple[Notice, ...]:
        return self.floor.open()


@pytest.fixture
def screen(
    dressed: None, qtbot: QtBot, database: Database, clerk: Actor, manager: Signer
) -> Iterator[ReturnedGoodsScreen]:
    client = StoreClient(database, clerk.station, clerk.clock)
    yield ReturnedGoodsScreen(qtbot, clerk, client, Floor(database, clerk, manager))
    client.stop()


def test_what_comes_back_at_another_station_appears_by_itself_and_its_clock_runs(
    screen: ReturnedGoodsScreen, hire: Hire, clock: PlayedClock
) -> None:
    screen.until_said("Nothing waits for the floor")
    other = Floor(screen.floor.database, Actor(hire("6013"), "3", clock), screen.floor.signer)
    other.bring(DUMPLINGS)
    screen.until_told("15 minutes left\n冷冻部\n湾仔码头水饺 × 2")
    clock.forward(minutes=14, seconds=20)
    screen.until_told("40 seconds left")
    clock.forward(minutes=3)
    screen.until_told("+2 minutes late")
    screen.until_said("1 is late")


def test_a_scan_of_the_goods_and_enter_hand_them_over_to_whoever_came_last(
    screen: ReturnedGoodsScreen, clock: PlayedClock
) -> None:
    screen.floor.bring(APPLES)
    screen.floor.bring(DUMPLINGS)
    screen.look()
    screen.until_told("冷冻部", "生鲜部")
    screen.scan(APPLES.barcode)
    screen.until_said("Who takes the goods")
    screen.compose("张华")
    screen.press("Return")
    screen.until_told("冷冻部", "张华 14:32")
    screen.floor.bring(APPLES)
    screen.look()
    screen.until_told("冷冻部", "生鲜部", "张华")
    screen.scan(screen.stored()[1].case_code)
    screen.until_said("Who takes the goods")
    screen.press("Return")
    screen.until_told("冷冻部", "张华", "张华")


def test_the_shelf_is_answered_by_one_key_and_the_name(screen: ReturnedGoodsScreen) -> None:
    screen.floor.bring(BISCUITS, reason=Reason.EXPIRED_OR_SPOILED)
    screen.look()
    screen.until_told("look at the shelf\nto collect")
    screen.press("F6")
    screen.until_said("Floor supervisor")
    screen.press("Return")
    screen.until_said("Say in a few words what was found on the shelf.")
    screen.press("F3")
    screen.compose("刘洋")
    screen.press("F4")
    screen.compose("还有 2 袋，已下架")
    screen.press("Return")
    screen.until_told("to collect\nshelf: 还有 2 袋，已下架")
    assert screen.stored()[0].answered_by == "刘洋"


@pytest.mark.both_databases
def test_two_clerks_hand_the_same_goods_over_and_the_second_reads_who_was_first(screen: ReturnedGoodsScreen) -> None:
    screen.floor.bring(APPLES)
    screen.look()
    screen.until_told("生鲜部")
    screen.press("Return")
    screen.until_said("Who takes the goods")
    screen.floor.collect(screen.stored()[0], "李四")
    screen.compose("张华")
    screen.press("Return")
    screen.until_said("李四 has collected these goods already.")


@pytest.mark.both_databases
def test_the_days_sheets_are_made_by_one_key_and_signed_by_scan(screen: ReturnedGoodsScreen) -> None:
    screen.floor.bring(TOWEL, DUMPLINGS)
    screen.look()
    screen.until_said("on no sheet yet")
    screen.press("F9")
    screen.until(lambda: len(screen.floor.sheets()) == 2)
    sheet = next(one for one in screen.floor.sheets() if one.department == "百货部")
    screen.scan(sheet.code)
    screen.until_said("Duty supervisor of the department")
    assert "洁丽雅毛巾 × 1 • 000001" in screen.words()
    screen.compose("赵主管")
    screen.press("Return")
    screen.until_said("signed: 赵主管")
    screen.scan(sheet.code)
    screen.until(lambda: "signed this sheet already" in screen.window.banner.text)


def test_a_sheet_is_chosen_and_signed_with_the_keys_alone(screen: ReturnedGoodsScreen) -> None:
    screen.floor.bring(TOWEL)
    screen.floor.make_sheets()
    screen.look()
    screen.until_said("to sign")
    screen.press("Right", "Return")
    screen.until_said("Duty supervisor of the department")
    screen.compose("赵主管")
    screen.press("F4")
    screen.compose("少一条")
    screen.press("Return")
    screen.until_said("signed: 赵主管")
    assert screen.floor.sheets()[0].remark == "少一条"
