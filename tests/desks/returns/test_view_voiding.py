"""A form becomes void on the screen, by scan and keys; what hangs on a line; the red-letter invoices."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from counterapp.core import claims
from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.cases import Case
from counterapp.core.database import Database
from counterapp.core.receipts import ReceiptLine
from counterapp.core.store_settings import store_settings
from counterapp.desks.returns.models import RedLetterTask
from counterapp.desks.returns.view.red_letters import RedLetterDialog
from counterapp.desks.returns.view.reprint import FormsDialog
from counterapp.desks.returns.view.voiding import VoidDialog
from counterapp.return_forms.closure import close_form, find_form
from counterapp.return_forms.models import FormClosure, ReturnCase, ReturnForm, Void
from tests.conftest import Hire
from tests.desks.returns.screen import COOKER, OTHER, RECEIPT, TOWEL, Screen, stored
from tests.desks.returns.test_view_papers import approve


def void_sheet(screen: Screen) -> VoidDialog:
    sheet = screen.window.dialogs.current
    assert isinstance(sheet, VoidDialog)
    return sheet


def open_void(screen: Screen, database: Database) -> None:
    """Scan the form that was just approved and ask to make it void."""
    screen.scan(stored(database, ReturnForm.code)[0])
    screen.until_said("Approved: form No. 000001")
    screen.press("Delete")
    screen.until(lambda: isinstance(screen.window.dialogs.current, VoidDialog))


class TestVoid:
    @pytest.mark.both_databases
    def test_the_scanned_form_becomes_void_with_three_ticks_a_reason_and_the_approvers_badge(
        self, described: Screen, supervisor: Signer, database: Database
    ) -> None:
        approve(described, supervisor)
        open_void(described, database)
        described.press("1", "2", "3")
        described.compose("数量写错")
        described.press("Return")
        described.sign(supervisor)
        described.until(lambda: "Form No. 000001 is void" in described.verdict())

        (void,) = database.read(lambda s: s.scalars(select(Void)).all())
        assert (void.reason, void.parts, void.clerk_absent, void.approver_absent) == (
            "数量写错",
            [1, 2, 3],
            False,
            False,
        )
        assert "数量写错" in described.verdict()
        assert supervisor.name in described.verdict()
        # What came of the case is not told any more as if it were good.
        described.press("Escape", "Escape")
        described.until_said("Scan the customer's receipt")
        assert "is approved" not in described.words()
        # And the goods may come back again.
        described.scan(RECEIPT, COOKER.barcode)
        described.until(lambda: described.taken() == [COOKER.name])

    def test_of_a_missing_part_it_is_asked_where_it_is_before_anything_is_signed(
        self, described: Screen, supervisor: Signer, database: Database
    ) -> None:
        approve(described, supervisor)
        open_void(described, database)
        described.press("1", "2")
        described.sign(supervisor)
        described.until_said("Part 3 is not here: money in somebody's hand")
        assert stored(database, FormClosure.how) == []
        described.compose("顾客带走了")
        described.press("Return")
        described.compose("数量写错")
        described.press("Return", "Return")
        described.until(lambda: "Form No. 000001 is void" in described.verdict())
        assert stored(database, Void.note) == ["顾客带走了"]
        assert "Missing: Part 3. 顾客带走了" in described.verdict()

    def test_whoever_may_not_sign_is_told_and_the_sheet_stays(
        self, described: Screen, supervisor: Signer, database: Database, hire: Hire
    ) -> None:
        other = hire("6013", Role.CLERK)
        approve(described, supervisor)
        open_void(described, database)
        described.press("1", "2", "3")
        described.compose("数量写错")
        described.press("Return")
        described.sign(other)
        described.until(lambda: "approved this form" in void_sheet(described).sentence)
        assert stored(database, FormClosure.how) == []

    def test_another_clerk_is_told_that_they_stand_in(
        self, described: Screen, supervisor: Signer, database: Database, hire: Hire
    ) -> None:
        approve(described, supervisor)
        described.client.sign_in(hire("6013", Role.CLERK), database.read(store_settings))
        open_void(described, database)
        assert "you stand in for them" in described.words()

    def test_of_several_forms_it_is_asked_which_one_and_the_other_stays_good(
        self, described: Screen, supervisor: Signer, database: Database
    ) -> None:
        described.scan(TOWEL.barcode)
        described.until_said(f"{TOWEL.name}\n× 1")
        described.press("F6", "1")
        described.until_asked("Looked at: is it as the customer says?")
        described.press("Y", "F7")
        described.until_said("May be exchanged")
        described.send()
        described.press("1", "2", "3")
        described.sign(supervisor)
        described.until_said("Return form No. 000001, 000002 is approved")
        described.scan(stored(database, Case.code)[0])
        described.until_said("Approved: form No. 000001, 000002")
        described.press("Delete")
        described.until(lambda: isinstance(described.window.dialogs.current, FormsDialog))
        described.press("Down", "Return")
        described.until(lambda: isinstance(described.window.dialogs.current, VoidDialog))
        assert void_sheet(described).matter.goods == (TOWEL.name,)
        described.press("1", "2", "3")
        described.compose("顾客不换了")
        described.press("Return")
        described.sign(supervisor)
        described.until(lambda: "Still good: form No. 000001" in described.verdict())
        assert "Form No. 000002 is void" in described.verdict()

    def test_a_used_form_cannot_be_made_void(self, described: Screen, supervisor: Signer, database: Database) -> None:
        approve(described, supervisor)
        clerk = described.clerk
        code = stored(database, ReturnForm.code)[0]
        database.run(lambda s: close_form(s, clerk, find_form(s, code), "settled"))
        described.scan(code)
        described.until_said("Form No. 000001 was paid out")
        assert "Make a form void" not in described.words()


class TestHanging:
    def test_what_hangs_on_a_line_is_said_at_once_with_what_has_to_be_done(
        self, screen: Screen, database: Database, clerk: Actor
    ) -> None:
        screen.scan(RECEIPT)
        screen.until(lambda: bool(screen.rows()))
        case_id = stored(database, ReturnCase.case_id)[0]
        cooker = select(ReceiptLine).where(ReceiptLine.item_no == COOKER.item_no)
        for pool in (claims.GIFTS, claims.PICK_UPS):
            database.run(lambda s, p=pool: claims.claim(s, clerk, s.scalars(cooker).one(), 1000, case_id, p))  # type: ignore[misc]
        screen.scan(COOKER.barcode)
        screen.until_said("Gift given × 1 • Picked up and tested × 1")
        screen.until(lambda: "A gift was given for it" in screen.verdict() and "serial number" in screen.verdict())
        screen.answer_all()
        screen.send()
        assert "A gift was given for it" in screen.words()


class TestRedLetters:
    def test_the_open_ones_are_counted_listed_and_closed_with_their_number(
        self, described: Screen, supervisor: Signer, database: Database, clerk: Actor
    ) -> None:
        approve(described, supervisor)
        case_id = stored(database, ReturnCase.case_id)[0]
        task = RedLetterTask(
            number=1, case_id=case_id, invoice_no="04400221", amount=22900, opened_at=clerk.now(),
            due_on=clerk.today() - dt.timedelta(days=1), red_letter_no="",
        )  # fmt: skip
        database.run(lambda s: s.add(task))
        described.view.activated()
        described.until_said("Red-letter invoices (1 open, 1 overdue)")
        described.press("F6")
        described.until(lambda: isinstance(described.window.dialogs.current, RedLetterDialog))
        assert "11-20, overdue" in described.words()
        described.press("Return")
        described.until_said("Type the number that stands on the red-letter invoice.")
        described.type_in("04400999\r")
        described.until_said("None is open")
        assert stored(database, RedLetterTask.red_letter_no) == ["04400999"]
        described.scan(OTHER)  # goes on to where it belongs
        described.until(lambda: described.window.dialogs.current is None)
        described.until_said("Red-letter invoices")
