"""The till's screen by scanner and keys: a form is taken, the rest dealt with, part 2s collected and counted over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from counterapp.core.database import Database
from counterapp.core.journal import JournalEntry
from counterapp.return_forms.models import FormClosure, PartTwoHandover, Redemption, Settlement
from counterapp.ui.signature_flow import SignatureDialog
from counterapp.ui.widgets.bigtext import BigText
from counterapp.work import StoreClient
from tests.conftest import PlayedClock
from tests.desks.returns.screen import Screen, stored
from tests.desks.till.till import Till


class TillScreen(Screen):
    """A window with the till's tab, and the cashier signed in."""

    def __init__(self, qtbot: QtBot, till: Till, client: StoreClient) -> None:
        self.till = till
        super().__init__(qtbot, till.cashier, client, "Till")

    @property
    def value(self) -> str:
        """What stands there in huge type."""
        return "".join(value.text for value in self.visible(BigText))

    @property
    def signing(self) -> SignatureDialog | None:
        return self.dialog if isinstance(self.dialog, SignatureDialog) else None

    def until_signing(self) -> None:
        self.until(lambda: self.signing is not None)


@pytest.fixture
def screen(dressed: None, qtbot: QtBot, database: Database, clock: PlayedClock) -> Iterator[TillScreen]:
    till = Till(database, clock)
    client = StoreClient(database, till.cashier.station, clock)
    yield TillScreen(qtbot, till, client)
    client.stop()


def test_a_form_and_an_imported_receipt_are_two_scans_and_enter(screen: TillScreen) -> None:
    till = screen.till
    screen.scan(till.form(22900), till.receipt(25000))
    screen.until_said("The customer adds")
    assert screen.value == "¥229.00"
    assert "¥21.00" in screen.words()
    screen.press("Return")
    screen.until_said("Form 000001 is used: ¥229.00 of ¥229.00.")
    assert stored(till.database, Redemption.used) == [22900]


@pytest.mark.both_databases
def test_a_receipt_that_is_not_imported_asks_for_its_amount_and_the_rest_prints(screen: TillScreen) -> None:
    till = screen.till
    screen.scan(till.form(22900))
    screen.until_said("Good until 2026-12-21")
    number = till.new_number()
    screen.type_in(f"{number}\r")
    screen.until_said("Type what the receipt comes to")
    screen.press("Return")
    screen.until(lambda: "229.00" in screen.banner)
    screen.type_in("200")
    assert "¥29.00 is left: it goes onto a new form" in screen.words()
    screen.press("Return")
    screen.until_said("The rest, ¥29.00, is on form 000002")
    assert screen.value == "¥29.00"
    assert stored(till.database, Redemption.receipt_no) == [number]


def test_the_next_form_may_be_scanned_at_once(screen: TillScreen) -> None:
    till = screen.till
    first, second = till.form(100), till.form(200)
    screen.scan(first, till.receipt(100))
    screen.until_said("Look at the sums")
    screen.press("Return")
    screen.scan(second, till.receipt(200))
    screen.until(lambda: screen.value == "¥2.00" and "Look at the sums" in screen.words())
    screen.press("Return")
    screen.until_said("Form 000002 is used")
    assert sorted(stored(till.database, Redemption.used)) == [100, 200]


def test_a_number_typed_anew_is_looked_up_anew(screen: TillScreen) -> None:
    till = screen.till
    screen.scan(till.form(100), till.receipt(100))
    screen.until_said("Look at the sums")
    screen.type_in("9")
    assert "Look at the sums" not in screen.words()
    screen.press("Return")
    screen.until(lambda: "is no receipt of this store" in screen.banner)
    assert stored(till.database, FormClosure.form_id) == []


def test_a_used_form_shows_where_it_was_used_and_the_attempt_is_journalled(screen: TillScreen) -> None:
    till = screen.till
    code = till.form(22900)
    till.redeem(code, till.receipt(22900))
    screen.scan(code)
    screen.until_said("Form 000001 was used already: on 11-21 14:32 at station 9 by 孙燕 7001")
    assert "Do not take it" in screen.words()
    acts = select(JournalEntry.act).where(JournalEntry.refused.is_not(None))
    screen.until(lambda: till.database.read(lambda s: s.scalars(acts).all()) == ["till.turn_away"])


def test_a_form_of_another_store_clears_what_lay_there(screen: TillScreen) -> None:
    screen.scan(screen.till.form(100))
    screen.until_said("Return form No. 000001")
    screen.scan("RF731904825535")
    screen.until(lambda: "is no form of this store" in screen.banner)
    assert "Return form No. 000001" not in screen.words()


def test_a_receipt_without_a_form_is_told_what_comes_first(screen: TillScreen) -> None:
    screen.scan(screen.till.new_number())
    screen.until(lambda: "Scan the form first" in screen.banner)


def test_somebody_elses_use_in_between_shows_on_the_form(screen: TillScreen) -> None:
    till = screen.till
    code, receipt_no = till.form(100), till.receipt(100)
    screen.scan(code, receipt_no)
    screen.until_said("Look at the sums")
    till.redeem(code, receipt_no)
    screen.press("Return")
    screen.until(lambda: "was used already" in screen.banner)
    screen.until_said("Used already")
    assert "Good until" not in screen.words()


def test_the_rest_is_paid_with_a_supervisors_badge_and_pin(screen: TillScreen) -> None:
    till = screen.till
    till.settle(rest="pay")
    screen.scan(till.form(22900), till.receipt(20000))
    screen.until_said("¥29.00 is left: it is paid out")
    screen.press("Return")
    screen.until_signing()
    screen.sign(till.clerk.person)
    screen.until(lambda: screen.signing is not None and "does not approve" in screen.signing.sentence)
    screen.sign(till.supervisor)
    screen.until_said("Pay the customer the rest: ¥29.00.")
    assert stored(till.database, Redemption.signed_by) == [till.supervisor.person_id]


def test_a_form_in_cash_is_paid_on_enter(screen: TillScreen) -> None:
    till = screen.till
    till.settle(cash_tenders="微信")
    screen.scan(till.form(100))
    screen.until_said("Pay the whole amount in cash")
    screen.press("Return")
    screen.until_said("Form 000001 is paid out: ¥1.00 in cash.")
    assert stored(till.database, Settlement.method) == ["cash"]


def test_a_form_to_its_tender_is_paid_with_the_reference(screen: TillScreen) -> None:
    till = screen.till
    till.settle(same_tenders="微信")
    screen.scan(till.form(100))
    screen.until_said("Pay it back to 微信 first.")
    screen.press("Return")
    screen.until(lambda: "Type the reference" in screen.banner)
    screen.type_in("4200001\r")
    screen.until_said("Form 000001 is paid back: ¥1.00 to 微信.")
    assert stored(till.database, Settlement.reference) == ["4200001"]


@pytest.mark.parametrize(("key", "said"), [("F6", "is paid out: ¥150.00"), ("F7", "000002 takes the place of")])
def test_what_the_law_gives_is_paid_or_issued_anew_after_it_expired(
    screen: TillScreen, clock: PlayedClock, key: str, said: str
) -> None:
    code = screen.till.form(15000, statutory=True)
    clock.forward(days=31)
    screen.scan(code)
    screen.until_said("Expired, but given by the law")
    screen.press(key)
    screen.until_signing()
    screen.sign(screen.till.supervisor)
    screen.until_said(said)


def test_an_expired_form_of_the_house_offers_nothing(screen: TillScreen, clock: PlayedClock) -> None:
    code = screen.till.form(15000)
    clock.forward(days=31)
    screen.scan(code)
    screen.until_said("has expired: it was good until 2026-12-21. Do not take it.")
    screen.press("F6", "F7", "Return")
    assert screen.signing is None


@pytest.mark.both_databases
def test_the_evenings_stack_is_scanned_missing_ones_named_and_counted_over(screen: TillScreen) -> None:
    till = screen.till
    codes = [till.form(100 * place) for place in range(1, 4)]
    for code in codes:
        till.redeem(code, till.receipt(300))
    screen.press("F5")
    screen.until_said("Missing: 000001, 000002, 000003")
    screen.scan(codes[0], codes[1], codes[0])
    screen.until(lambda: "is here already" in screen.banner)
    screen.until_said("Missing: 000003")
    assert screen.value == "2"
    assert "2 part 2s, ¥3.00" in screen.words()
    screen.press("Escape", "Return")
    screen.until_signing()
    screen.compose("赵敏")
    screen.sign(till.supervisor)
    screen.until(lambda: "counted over and signed by both" in screen.banner)
    assert stored(till.database, PartTwoHandover.count) == [2]
    assert stored(till.database, PartTwoHandover.received_by) == ["赵敏"]
    screen.press("Escape", "Escape")
    screen.until_said("Scan the customer's form")


def test_a_stack_is_not_signed_before_somebody_receives_it(screen: TillScreen) -> None:
    till = screen.till
    code = till.form(100)
    till.redeem(code, till.receipt(100))
    till.collect(code)
    screen.press("F5")
    screen.until_said("all here, to be counted over")
    screen.press("Return")
    screen.until_signing()
    screen.sign(till.supervisor)
    assert screen.signing is not None
    assert screen.signing.sentence == "Write who receives the stack in administration."
    assert stored(till.database, PartTwoHandover.id) == []
