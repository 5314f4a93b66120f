"""The returns desk's screen, by scanner and keys alone, over a real store: the walk and the scans."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from counterapp.core.actor import Actor, Signer
from counterapp.core.cases import Case
from counterapp.core.database import Database
from counterapp.core.print_queue import PrintJob
from counterapp.desks.returns.view.open_case import OpenCase
from counterapp.return_forms.models import ReturnCase, ReturnForm, ReturnLine
from counterapp.work import StoreClient
from tests.conftest import PIN
from tests.desks.returns.screen import COOKER, OTHER, RECEIPT, SOAP, TOWEL, Screen, stored
from tests.return_forms.goods import sell


class TestWalk:
    @pytest.mark.both_databases
    def test_a_scanned_receipt_becomes_an_approved_form(
        self, described: Screen, supervisor: Signer, database: Database
    ) -> None:
        screen = described
        screen.send()
        assert "Duty supervisor's turn" in screen.words()
        screen.press("1", "2", "3")
        screen.sign(supervisor)
        screen.until(lambda: screen.sheet is None)

        screen.until_said("Return form No. 000001 is approved and on its way to the printer")
        assert f"¥229.00 • approved by {supervisor.name}" in screen.words()
        assert "Scan the customer's receipt" in screen.words()
        form, job = database.read(lambda s: s.execute(select(ReturnForm, PrintJob).join(PrintJob)).one())
        assert (form.number, form.amount, job.state) == (1, 22900, "queued")

    def test_the_next_receipt_is_scanned_at_once_and_shows_what_came_back(
        self, described: Screen, supervisor: Signer
    ) -> None:
        screen = described
        screen.send()
        screen.press("1", "2", "3")
        screen.sign(supervisor)
        screen.until_said("is approved")
        screen.scan(RECEIPT)
        screen.until(lambda: bool(screen.rows()))

        cooker = screen.rows()[0]
        assert cooker.faded
        assert cooker.numbers == ("1", "0", "¥229.00")
        assert cooker.verdict is not None
        assert cooker.verdict.words == "1 refunded on 11-21 (form 000001)"

    def test_the_number_and_pin_may_be_typed(self, described: Screen, supervisor: Signer) -> None:
        described.send()
        described.press("1", "2", "3")
        described.type_in(f"{supervisor.number}\r")
        described.until(lambda: described.sheet is not None)
        described.type_in(f"{PIN}\r")
        described.until_said("Return form No. 000001")

    def test_the_receipt_shows_its_facts_and_the_rule_of_each_line(self, screen: Screen) -> None:
        screen.scan(RECEIPT)
        screen.until_said("0101 07 261118 0387")
        said = screen.words()
        for fact in ("11-18 18:42 • 3 days ago", "07 • 617", "8800 ****5678", "微信 ¥291.60"):
            assert fact in said
        assert "880012345678" not in said
        assert [row.numbers for row in screen.rows()][:3] == [
            ("1", "1", "¥229.00"),
            ("2", "2", "¥39.80"),
            ("1.486", "1.486", "¥17.80"),
        ]
        assert "without a fault exchange only, until 12-18" in said
        assert [row.name for row in screen.rows() if row.faded] == [SOAP.name]


class TestScans:
    @pytest.mark.both_databases
    def test_scans_in_quick_succession_are_all_taken_in_their_order(self, screen: Screen) -> None:
        screen.scan(RECEIPT, TOWEL.barcode, COOKER.barcode, TOWEL.barcode)
        screen.until(lambda: screen.taken() == [COOKER.name, TOWEL.name])
        screen.until_said(f"{TOWEL.name}\n× 2")

    def test_goods_scanned_behind_an_unknown_receipt_do_not_land_on_the_case_before(
        self, screen: Screen, database: Database
    ) -> None:
        screen.scan(RECEIPT)
        screen.until(lambda: bool(screen.rows()))
        screen.scan("0101079999999999", TOWEL.barcode, COOKER.barcode)
        screen.until(lambda: "What was scanned after it was not taken either." in screen.window.banner.text)

        assert "0101079999999999" in screen.window.banner.text
        assert stored(database, ReturnLine.id) == []
        screen.scan(TOWEL.barcode)
        screen.until(lambda: screen.taken() == [TOWEL.name])

    def test_goods_without_a_receipt_are_refused_in_words(self, screen: Screen) -> None:
        screen.scan(TOWEL.barcode)

        wanted = "{code} is no receipt of this store. Scan the receipt first, then the goods."
        assert screen.window.banner.text == wanted.format(code=TOWEL.barcode)

    def test_more_than_was_bought_is_refused_and_the_quantity_stays(self, screen: Screen) -> None:
        screen.scan(RECEIPT, TOWEL.barcode, TOWEL.barcode, TOWEL.barcode)
        screen.until(lambda: "no more of it may come back" in screen.window.banner.text)
        screen.until_said(f"{TOWEL.name}\n× 2")

    def test_another_receipt_takes_the_desk_and_the_draft_is_there_again_later(
        self, screen: Screen, database: Database
    ) -> None:
        sell(database, SOAP, number=OTHER)
        screen.scan(RECEIPT, TOWEL.barcode)
        screen.until(lambda: screen.taken() == [TOWEL.name])
        screen.scan(OTHER)
        screen.until(lambda: [row.name for row in screen.rows()] == [SOAP.name])
        screen.scan(RECEIPT)
        screen.until(lambda: screen.taken() == [TOWEL.name])
        # The receipt on which nothing was chosen left no draft behind.
        states = database.read(lambda s: s.execute(select(Case.title, Case.state).order_by(Case.id)).all())
        assert [tuple(row) for row in states] == [(RECEIPT, "draft"), (OTHER, "dropped")]

    def test_a_late_answer_for_the_receipt_before_is_passed_over(self, screen: Screen, database: Database) -> None:
        sell(database, SOAP, number=OTHER)
        shown: list[str] = []
        case = screen.view.findChild(OpenCase)
        assert case is not None
        case.shown.connect(lambda reading: shown.append(reading.desk.receipt.number))
        screen.scan(RECEIPT, TOWEL.barcode, OTHER, SOAP.barcode)
        screen.until(lambda: screen.taken() == [SOAP.name])

        assert shown == [OTHER]

    def test_nothing_is_done_for_nobody(self, screen: Screen, database: Database) -> None:
        screen.scan(RECEIPT)
        screen.until(lambda: bool(screen.rows()))
        screen.client.sign_out()
        screen.scan(TOWEL.barcode)
        assert "Nobody is signed in." in screen.window.banner.text
        assert stored(database, ReturnLine.id) == []

    def test_the_case_is_there_again_on_a_fresh_screen_with_nothing_lost(
        self, described: Screen, qtbot: QtBot, database: Database, clerk: Actor
    ) -> None:
        described.press("F9")
        described.type_in("13812345678\r")
        described.until(lambda: stored(database, ReturnCase.phone) == ["13812345678"])
        client = StoreClient(database, clerk.station, clerk.clock)
        again = Screen(qtbot, clerk, client)
        again.scan(RECEIPT)
        again.until_said("May be refunded")

        assert again.taken() == [COOKER.name]
        assert again.primary().isEnabled()
        client.stop()

    def test_the_code_of_a_case_and_of_its_form_open_it(
        self, described: Screen, supervisor: Signer, database: Database
    ) -> None:
        screen = described
        code = database.read(lambda s: s.scalars(select(Case.code)).one())
        screen.press("Escape")
        screen.until_said("Scan the customer's receipt")
        screen.scan(code)
        screen.until(lambda: screen.taken() == [COOKER.name])
        screen.send()
        screen.press("1", "2", "3")
        screen.sign(supervisor)
        screen.until_said("Return form No. 000001")
        screen.scan(database.read(lambda s: s.scalars(select(ReturnForm.code)).one()))
        screen.until_said("Approved: form No. 000001")
