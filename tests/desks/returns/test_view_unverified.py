"""Goods without a receipt, scanned and typed at the empty desk; and how every case says that it was begun."""

from __future__ import annotations

import pytest

from counterapp.core.actor import Signer
from counterapp.core.database import Database
from counterapp.desks.returns.view.receipt_search import ReceiptSearchDialog
from counterapp.desks.returns.view.unverified import UnverifiedDialog
from counterapp.return_forms.models import ReturnCase
from tests.desks.returns.screen import APPLES, RECEIPT, TOWEL, Screen, stored


def open_sheet(screen: Screen) -> UnverifiedDialog:
    screen.press("F4")
    screen.until(lambda: isinstance(screen.window.dialogs.current, UnverifiedDialog))
    sheet = screen.window.dialogs.current
    assert isinstance(sheet, UnverifiedDialog)
    return sheet


def names(screen: Screen) -> list[tuple[str, ...]]:
    return [(row.name, *row.numbers) for row in screen.rows()]


class TestGoods:
    @pytest.mark.both_databases
    def test_quick_scans_lose_nothing_and_one_key_puts_them_on_the_desk(
        self, screen: Screen, database: Database
    ) -> None:
        open_sheet(screen)
        screen.scan(TOWEL.barcode, "2110001005008", TOWEL.barcode)
        towels, apples = (TOWEL.name, "2", "19.90", "¥39.80"), (APPLES.name, "0.500", "11.9784", "¥5.99")
        screen.until(lambda: names(screen) == [towels, apples])
        screen.press("Return")
        screen.until(lambda: screen.taken() == [TOWEL.name, APPLES.name])
        assert "No receipt" in screen.words()
        assert "in goods, never in cash" in screen.words()
        assert stored(database, ReturnCase.entered) == ["typed"]

    def test_what_is_not_known_is_typed_and_its_kind_is_one_digit(self, screen: Screen) -> None:
        sheet = open_sheet(screen)
        screen.type_in("99901\r")
        screen.until(lambda: "Type what it is" in sheet.sentence)
        for text in ("铸铁锅", "百货部"):
            screen.compose(text)
            screen.press("Return")
        screen.type_in("99\r")
        screen.until(lambda: "Keys 1 to 9" in sheet.sentence)
        screen.press("1")
        screen.until(lambda: names(screen) == [("铸铁锅", "1", "99.00", "¥99.00")])
        screen.press("F8")
        screen.until(lambda: names(screen) == [])

    def test_a_price_above_the_present_one_is_not_taken_and_a_lower_one_is(self, screen: Screen) -> None:
        sheet = open_sheet(screen)
        screen.type_in(f"{TOWEL.item_no}\r")
        screen.until(lambda: TOWEL.name in [field.text() for field in sheet._fields])
        screen.press("Backtab")
        screen.type_in("25.00\r")
        screen.until(lambda: "sold for 19.90 at present" in sheet.sentence)
        sheet._price.setText("15.00")
        screen.press("Return")
        screen.until(lambda: names(screen) == [(TOWEL.name, "1", "15.00", "¥15.00")])

    def test_the_managers_signature_is_asked_and_no_receipt_is_said_to_have_been_seen(
        self, screen: Screen, manager: Signer
    ) -> None:
        open_sheet(screen)
        screen.scan(TOWEL.barcode)
        screen.until(lambda: len(screen.rows()) == 1)
        screen.press("Return")
        screen.until(lambda: screen.taken() == [TOWEL.name])
        screen.press("1")
        screen.until_asked("Looked at: is it as the customer says?")
        screen.press("Y", "F7")
        screen.until_said("No receipt was found")
        screen.until(lambda: "Send for approval" in screen.words())
        screen.send()
        assert "Customer service manager's turn" in screen.words()
        assert "Day of purchase not known" in screen.words()
        assert "Original receipt seen" not in screen.words()


class TestEntered:
    def test_a_number_that_was_scanned_typed_or_found_is_kept_as_that(self, screen: Screen, database: Database) -> None:
        screen.scan(RECEIPT)
        screen.until(lambda: bool(screen.rows()))
        assert stored(database, ReturnCase.entered) == ["scanned"]
        screen.press("Delete", "Delete")
        screen.until_said("Scan the customer's receipt")
        screen.press("F2")
        screen.type_in(f"{RECEIPT}\r")
        screen.until(lambda: bool(screen.rows()))
        assert stored(database, ReturnCase.entered) == ["scanned", "keyed"]
        screen.press("Delete", "Delete")
        screen.until_said("Scan the customer's receipt")
        screen.press("F3")
        screen.until(lambda: isinstance(screen.window.dialogs.current, ReceiptSearchDialog))
        screen.type_in("1118")
        screen.until(lambda: len(screen.rows()) == 1)
        screen.press("Return")
        screen.until(lambda: screen.window.dialogs.current is None and len(screen.rows()) > 1)
        assert stored(database, ReturnCase.entered) == ["scanned", "keyed", "found"]
