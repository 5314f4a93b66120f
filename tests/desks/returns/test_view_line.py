"""The returns desk's screen: what is said of each line, by keys."""

from __future__ import annotations

from sqlalchemy import select

from counterapp.core.cases import Case
from counterapp.core.database import Database
from counterapp.return_forms.models import ReturnLine
from tests.desks.returns.screen import APPLES, COOKER, RECEIPT, SOAP, TOWEL, Screen, stored


class TestLine:
    def test_space_and_arrows_choose_lines_without_the_goods(self, screen: Screen) -> None:
        screen.scan(RECEIPT)
        screen.until(lambda: bool(screen.rows()))
        screen.press("Down", " ")
        screen.until(lambda: screen.taken() == [TOWEL.name])
        screen.press(" ")
        screen.until(lambda: screen.taken() == [])

    def test_plus_and_minus_and_the_quantity_field(self, screen: Screen) -> None:
        screen.scan(RECEIPT, TOWEL.barcode)
        screen.until_said(f"{TOWEL.name}\n× 1")
        screen.press("+")
        screen.until_said(f"{TOWEL.name}\n× 2")
        screen.press("-")
        screen.until_said(f"{TOWEL.name}\n× 1")
        screen.press("F4")
        screen.type_in("2\r")
        screen.until_said(f"{TOWEL.name}\n× 2")
        # Enter in the field took the quantity and did not send the case.
        assert screen.window.banner.text == ""

    def test_a_typed_quantity_over_what_is_left_is_refused(self, screen: Screen) -> None:
        screen.scan(RECEIPT, TOWEL.barcode)
        screen.until_said(f"{TOWEL.name}\n× 1")
        screen.press("F4")
        screen.type_in("3\r")
        screen.until(lambda: "no more of it may come back" in screen.window.banner.text)
        screen.until_said(f"{TOWEL.name}\n× 1")

    def test_weighed_goods_take_their_whole_weight_or_a_typed_one(self, screen: Screen) -> None:
        screen.scan(RECEIPT, APPLES.barcode)
        screen.until_said(f"{APPLES.name}\n× 1.486")
        screen.press("F4")
        screen.type_in("0.5\r")
        screen.until_said(f"{APPLES.name}\n× 0.500")

    def test_kind_reason_and_answers_by_their_keys(self, screen: Screen, database: Database) -> None:
        screen.scan(RECEIPT, TOWEL.barcode)
        screen.until_said("Choose the reason first")
        screen.press("F6", "5")
        screen.until_asked("Package whole?")
        screen.press("N", "F7")
        screen.until_said("The package is not whole, or accessories are missing")
        line = database.read(lambda s: s.scalars(select(ReturnLine)).one())
        assert (line.kind, line.reason) == ("exchange", "no_longer_wanted")
        assert line.answers["package_whole"] is False

    def test_answers_that_say_the_same_can_both_be_changed(self, screen: Screen) -> None:
        screen.scan(RECEIPT, TOWEL.barcode)
        screen.until_said("Choose the reason first")
        screen.press("F6", "5")
        screen.until_asked("Package whole?")
        screen.press("Y", "N", "F7")
        screen.until_said("A manager may allow it")
        screen.click("No")  # of the first question: is the package whole?
        screen.until_said("The package is not whole, or accessories are missing")
        assert "Package whole?" in screen.words()
        assert "Accessories complete?" in screen.words()

    def test_enter_says_what_is_missing_and_goes_to_its_line(self, screen: Screen) -> None:
        screen.scan(RECEIPT)
        screen.until(lambda: bool(screen.rows()))
        screen.press("Return")
        assert "Scan the goods, or choose lines with Space" in screen.window.banner.text
        screen.scan(COOKER.barcode, TOWEL.barcode)
        screen.until(lambda: screen.taken() == [COOKER.name, TOWEL.name])
        screen.press("Return")
        screen.until(lambda: COOKER.name in screen.window.banner.text)
        assert screen.window.banner.text == f"Say first why {COOKER.name} comes back."
        screen.until_said(f"{COOKER.name}\n× 1")

    def test_a_refused_line_does_not_hold_up_the_other_but_an_open_question_does(self, screen: Screen) -> None:
        screen.scan(RECEIPT, SOAP.barcode)
        screen.until_said("Choose the reason first")
        screen.press("1")
        screen.until_said("questions still open")
        assert not screen.primary().isEnabled()
        screen.press("5")
        screen.until_said("Nobody may allow it")
        assert "Nothing here may come back" in screen.words()
        screen.scan(COOKER.barcode)
        screen.until_said("Choose the reason first")
        screen.answer_all()
        assert "To refund\n" in f"{screen.words()}\n"
        screen.send()
        assert "Not returnable: hygiene goods" in screen.words()

    def test_every_key_of_the_desk_is_told(self, described: Screen) -> None:
        told = dict(described.view.keys())
        assert {"F4", "F5", "F6", "F9", "1", "6", "Enter", "Esc", "Del", "↑ ↓", "+ -"} <= told.keys()
        assert all(told.values())

    def test_what_is_dropped_is_asked_twice(self, described: Screen, database: Database) -> None:
        described.press("Delete")
        assert "Drop it for good?" in described.words()
        described.press("Delete")
        described.until_said("Scan the customer's receipt")
        assert stored(database, Case.state) == ["dropped"]

    def test_the_screen_changes_its_language_where_it_stands(self, described: Screen) -> None:
        assert "May be refunded" in described.verdict()
        described.press("F12")
        assert "质量问题" in described.words()
        assert "May be refunded" not in described.words()
        described.press("F12")
        assert "May be refunded" in described.verdict()
