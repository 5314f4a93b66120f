"""The sheet that finds a receipt without its barcode, by keys alone, and what is read from its fields."""

from __future__ import annotations

import datetime as dt

import pytest

from counterapp.core.actor import Signer
from counterapp.core.database import Database
from counterapp.core.receipt_search import Wanted
from counterapp.desks.returns.services.finding import Typed, wanted_from
from counterapp.desks.returns.view.earlier_returns import EarlierReturnsDialog
from counterapp.desks.returns.view.receipt_search import ReceiptSearchDialog
from counterapp.errors import BadInput
from tests.desks.returns.screen import COOKER, OTHER, RECEIPT, SOAP, TOWEL, Screen
from tests.return_forms.goods import Sold, sell

TODAY = dt.date(2026, 11, 21)
CHIPS = Sold("乐事薯片 75g", 1000, 790, "food.packaged", "", "10433", "6924743915770", "食品部")


class TestFields:
    @pytest.mark.parametrize(
        ("typed", "day"),
        [
            ("1118", "2026-11-18"),
            ("11-18", "2026-11-18"),
            ("11.18", "2026-11-18"),
            ("1-8", "2026-01-08"),
            ("1121", "2026-11-21"),
            ("1122", "2025-11-22"),
            ("12-31", "2025-12-31"),
            ("0229", "2024-02-29"),
            ("251118", "2025-11-18"),
            ("25-11-18", "2025-11-18"),
            ("20251118", "2025-11-18"),
            ("2025/11/18", "2025-11-18"),
        ],
    )
    def test_a_day_is_the_last_time_that_it_was(self, typed: str, day: str) -> None:
        meant = dt.date.fromisoformat(day)
        assert wanted_from(Typed(day=typed), TODAY) == Wanted(meant, meant)

    def test_two_days_are_all_between_them(self) -> None:
        assert wanted_from(Typed(day="1118 11-15"), TODAY) == Wanted(dt.date(2026, 11, 15), dt.date(2026, 11, 18))

    @pytest.mark.parametrize("day", ["11", "111", "1332", "0230", "11-", "-18", "11118", "一号", "1 2 3", "99999999"])
    def test_what_is_no_day_is_named(self, day: str) -> None:
        with pytest.raises(BadInput):
            wanted_from(Typed(day=day), TODAY)

    def test_a_total_is_read_to_the_fen(self) -> None:
        totals = [wanted_from(Typed(amount=amount), TODAY).amount for amount in ("229", "229.", "229.5", "0.07", " ")]
        assert totals == [22900, 22900, 22950, 7, None]

    @pytest.mark.parametrize("amount", ["229.555", "-1", "1e3", ".", "¥", "1 2"])
    def test_what_is_no_amount_is_named(self, amount: str) -> None:
        with pytest.raises(BadInput):
            wanted_from(Typed(amount=amount), TODAY)

    def test_card_and_phone_are_read_without_their_spaces(self) -> None:
        assert wanted_from(Typed(customer="138 1234-5678"), TODAY).member_card == "13812345678"


@pytest.fixture
def finding(screen: Screen, database: Database) -> ReceiptSearchDialog:
    """The sheet over an empty desk; besides the usual receipt of the 18th there are two of today."""
    sell(database, SOAP, number=OTHER, on=TODAY)
    sell(database, CHIPS, TOWEL, number="0101072611210042", on=TODAY)
    screen.press("F3")
    return opened(screen)


def opened(screen: Screen) -> ReceiptSearchDialog:
    sheet = screen.window.dialogs.current
    assert isinstance(sheet, ReceiptSearchDialog)
    return sheet


def found(sheet: ReceiptSearchDialog) -> list[object]:
    return [row.key for row in sheet.table.rows]


def test_the_receipts_of_today_are_there_at_once(screen: Screen, finding: ReceiptSearchDialog) -> None:
    screen.until(lambda: found(finding) == ["0101072611210042", OTHER])
    assert "2 receipts" in screen.words()


def test_a_receipt_is_found_and_opened_by_keys_alone(screen: Screen, finding: ReceiptSearchDialog) -> None:
    screen.type_in("1118")
    screen.until(lambda: found(finding) == [RECEIPT])
    screen.press("Return")
    assert screen.window.dialogs.current is None
    screen.until(lambda: COOKER.name in [row.name for row in screen.rows()])
    assert screen.view.desk is not None
    assert screen.view.desk.receipt.number == RECEIPT


def test_arrows_choose_among_what_is_found(screen: Screen, finding: ReceiptSearchDialog) -> None:
    screen.until(lambda: len(found(finding)) == 2)
    screen.press("Down", "Down", "Up", "Down", "Return")
    screen.until(lambda: [row.name for row in screen.rows()] == [SOAP.name])


def test_pinyin_amount_and_till_are_fields_behind_each_other(screen: Screen, finding: ReceiptSearchDialog) -> None:
    screen.press("Delete", "Tab")
    screen.type_in("7")
    screen.press("Tab")
    screen.type_in("27.80")
    screen.press("Tab")
    screen.until(lambda: found(finding) == [])
    screen.type_in("lssp")
    screen.press("Backtab", "Delete")
    screen.until(lambda: found(finding) == ["0101072611210042"])


def test_enter_right_behind_the_last_key_opens_what_that_key_finds(
    screen: Screen, finding: ReceiptSearchDialog
) -> None:
    screen.until(lambda: len(found(finding)) == 2)
    screen.type_in("1118\r")
    screen.until(lambda: COOKER.name in [row.name for row in screen.rows()])
    assert screen.window.dialogs.current is None


def test_enter_opens_nothing_where_the_answer_leaves_a_choice(screen: Screen, finding: ReceiptSearchDialog) -> None:
    screen.type_in("1120 1121\r")
    screen.until(lambda: len(found(finding)) == 2)
    assert opened(screen) is finding


def test_what_was_typed_last_is_what_is_shown(screen: Screen, finding: ReceiptSearchDialog) -> None:
    shown: list[list[object]] = []
    finding.table.model().modelReset.connect(lambda: shown.append(found(finding)))
    screen.type_in("1121")
    screen.press("Tab", "Tab", "Tab")
    screen.type_in("lssp")
    screen.press(*["Backspace"] * 4)
    screen.type_in("feizao")
    screen.press(*["Backspace"] * 6)
    screen.type_in("fz")
    screen.until(lambda: found(finding) == [OTHER])
    assert ["0101072611210042"] not in shown


def test_what_cannot_be_read_says_how_to_type_it(screen: Screen, finding: ReceiptSearchDialog) -> None:
    screen.type_in("1340")
    assert "“1340” is no day. Type the month and the day, such as 1118 or 11-18." in screen.words()
    screen.press("Return")
    assert opened(screen) is finding
    screen.press(*["Backspace"] * 4)
    assert "One thing is enough" in screen.words()


def test_nothing_found_says_what_to_leave_out(screen: Screen, finding: ReceiptSearchDialog) -> None:
    screen.type_in("1101")
    screen.until_said("No receipt is like this. Leave out what is not certain, or clear the day.")


def test_a_scanned_receipt_opens_over_the_search_and_goods_do_not(screen: Screen, finding: ReceiptSearchDialog) -> None:
    screen.scan(COOKER.barcode)
    assert "does not belong here" in screen.window.banner.text
    screen.scan(RECEIPT)
    assert screen.window.dialogs.current is None
    screen.until(lambda: COOKER.name in [row.name for row in screen.rows()])


def test_it_opens_while_a_case_is_on_the_desk_and_esc_leaves_that_as_it_was(screen: Screen) -> None:
    screen.scan(RECEIPT, TOWEL.barcode)
    screen.until(lambda: screen.taken() == [TOWEL.name])
    offered = screen.view.keys()
    assert ("F3", "Find a receipt without its number") in offered
    screen.press("F3")
    opened(screen)
    screen.press("Escape")
    assert screen.window.dialogs.current is None
    assert screen.taken() == [TOWEL.name]


def test_nobody_finds_anything_for_nobody(screen: Screen) -> None:
    screen.client.sign_out()
    screen.press("F3")
    assert screen.window.dialogs.current is None
    assert "Nobody is signed in." in screen.window.banner.text


class TestPast:
    @pytest.fixture
    def second(self, described: Screen, supervisor: Signer, database: Database) -> Screen:
        """The cooker has come back; another receipt of the same member is on the desk."""
        described.send()
        described.press("1", "2", "3")
        described.sign(supervisor)
        described.until_said("is approved")
        sell(database, TOWEL, number=OTHER)
        described.scan(OTHER, TOWEL.barcode)
        described.until(lambda: described.taken() == [TOWEL.name])
        return described

    def test_a_first_return_shows_no_past(self, described: Screen) -> None:
        assert "in 30 days" not in described.words()

    def test_the_clerk_sees_how_often_and_the_cases_behind_it(self, second: Screen) -> None:
        assert "Member: no. 2 in 30 days" in second.words()
        second.press("F10")
        sheet = second.window.dialogs.current
        assert isinstance(sheet, EarlierReturnsDialog)
        (row,) = sheet.table.rows
        assert (row.name, row.quiet) == (COOKER.name, "0101 07 261118 0387 • this member")
        assert row.numbers == ("11-21", "000001", "¥229.00")
        assert "1 return by this member in 30 days: ¥229.00" in second.words()

    def test_the_approver_sees_it_and_comes_back_to_the_signature(self, second: Screen) -> None:
        second.press("1")
        second.until_asked("Looked at: is it as the customer says?")
        second.press("Y", "F7")
        second.until_said("May be refunded")
        second.send()
        assert second.sheet is not None
        second.press("1", "F10")
        assert isinstance(second.window.dialogs.current, EarlierReturnsDialog)
        second.press("Escape")
        assert second.sheet.ticks == ("reason_understood",)


def test_the_sheet_speaks_the_language_of_the_screen_at_once(screen: Screen, finding: ReceiptSearchDialog) -> None:
    screen.until(lambda: len(found(finding)) == 2)
    screen.press("F12")
    assert finding.table.rows[0].quiet == f"{CHIPS.name}、{TOWEL.name}"
    screen.press("F12")
    assert finding.table.rows[0].quiet == f"{CHIPS.name}, {TOWEL.name}"
