"""Invoices that did not come back, and what else hangs on a line: gifts and pick-ups."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core import claims
from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.database import Database
from counterapp.core.deadlines import Late
from counterapp.core.receipts import ReceiptLine
from counterapp.desks.returns.models import RedLetterTask
from counterapp.desks.returns.services import drafting, invoices, rule_evaluation, voiding
from counterapp.desks.returns.services.details import load_return
from counterapp.desks.returns.services.invoices import OpenTask
from counterapp.errors import BadInput, NotAllowed, NotFound, Refused
from counterapp.return_forms.models import ReturnForm
from counterapp.return_forms.terms import Answer, Kind, Reason
from tests.conftest import Hire
from tests.desks.returns.test_walk import TOWEL, Desk
from tests.return_forms.goods import Sold, sell

INVOICE = "04400221"
DUE = dt.date(2026, 12, 21)


@pytest.fixture
def desk(database: Database, clerk: Actor) -> Desk:
    return Desk(database, clerk)


def come_back(desk: Desk, signer: Signer, *sold: Sold, **invoice: bool) -> RedLetterTask | None:
    """Faulty goods of an invoiced receipt come back; the case is approved and its task opened."""
    sell(desk.database, *sold, invoice_no=INVOICE)
    desk.open()
    for place, one in enumerate(sold):
        line = desk.do(drafting.scan_goods, one.barcode)
        desk.fault(line, Kind.EXCHANGE if place else Kind.REFUND)
        desk.do(drafting.describe, line, answers={Answer(answer): said for answer, said in invoice.items()})
    desk.submit()
    desk.approve(signer)
    return open_once(desk)


def open_once(desk: Desk) -> RedLetterTask | None:
    """Open the task of the approved case, unless its approval has done that."""

    def work(session: Session) -> RedLetterTask | None:
        there = session.scalars(select(RedLetterTask).where(RedLetterTask.case_id == desk.case_id)).one_or_none()
        return there or invoices.open_task(session, desk.actor, load_return(session, desk.case_id))

    return desk.database.command(desk.actor, "x", work)


def listed(desk: Desk, days: int = 0) -> tuple[OpenTask, ...]:
    return desk.database.read(lambda s: invoices.open_tasks(s, desk.actor.today() + dt.timedelta(days=days)))


def late(desk: Desk, days: int) -> tuple[Late, ...]:
    now = (desk.actor.now() + dt.timedelta(days=days)).astimezone(desk.actor.zone)
    return desk.database.read(lambda s: invoices.late(s, now))


def close(desk: Desk, number: int, red_letter_no: str, actor: Actor | None = None) -> None:
    who = actor or desk.actor
    desk.database.command(who, "x", lambda s: invoices.close_task(s, who, number, red_letter_no))


def void(desk: Desk, signer: Signer, number: int) -> None:
    code = desk.database.read(lambda s: s.scalars(select(ReturnForm.code).where(ReturnForm.number == number)).one())
    desk.database.command(
        desk.actor, "x", lambda s: voiding.void_form(s, desk.actor, signer, code, "写错了", (1, 2, 3))
    )


# The gate


def test_a_line_with_an_invoice_waits_until_it_is_handed_back_or_a_red_letter_is_opened(desk: Desk) -> None:
    sell(desk.database, TOWEL, invoice_no=INVOICE)
    desk.open()
    desk.fault(desk.do(drafting.scan_goods, TOWEL.barcode))
    with pytest.raises(Refused):
        desk.submit()


def test_an_invoice_that_did_not_come_back_becomes_a_task_with_number_and_last_day(
    desk: Desk, supervisor: Signer
) -> None:
    task = come_back(desk, supervisor, TOWEL, red_letter_opened=True)
    assert task is not None
    assert (task.number, task.invoice_no, task.amount, task.due_on) == (1, INVOICE, 1990, DUE)
    (shown,) = listed(desk)
    assert (shown.number, shown.forms, shown.receipt_no, shown.due_on, shown.overdue) == (
        1,
        (1,),
        "0101072611180387",
        DUE,
        False,
    )


def test_an_invoice_that_came_back_is_no_task(desk: Desk, supervisor: Signer) -> None:
    assert come_back(desk, supervisor, TOWEL, invoice_handed_back=True) is None
    assert listed(desk) == ()


def test_a_task_is_overdue_after_its_last_day_and_listed_until_it_is_done(desk: Desk, supervisor: Signer) -> None:
    come_back(desk, supervisor, TOWEL, red_letter_opened=True)
    assert [one.overdue for one in (*listed(desk, 30), *listed(desk, 31))] == [False, True]
    code = listed(desk)[0].case_code
    over = dt.datetime.combine(DUE + dt.timedelta(days=1), dt.time(), desk.actor.zone)
    assert late(desk, 30) == ()
    assert late(desk, 31) == (Late("returns", code, INVOICE, "Red-letter invoice overdue", over, is_late=True),)
    close(desk, 1, " 04400999 ")
    assert (listed(desk, 31), late(desk, 31)) == ((), ())
    done = desk.database.read(lambda s: s.scalars(select(RedLetterTask)).one())
    assert (done.red_letter_no, done.done_by) == ("04400999", desk.actor.person.person_id)
    with pytest.raises(Refused, match="04400999"):
        close(desk, 1, "04401000")


def test_a_task_is_not_done_without_a_number_nor_by_just_anybody(desk: Desk, supervisor: Signer, hire: Hire) -> None:
    come_back(desk, supervisor, TOWEL, red_letter_opened=True)
    for nothing in ("  ", "1" * 33):
        with pytest.raises(BadInput):
            close(desk, 1, nothing)
    with pytest.raises(NotFound):
        close(desk, 2, "04400999")
    with pytest.raises(NotAllowed):
        close(desk, 1, "04400999", Actor(hire("7001", Role.CASHIER), "9", desk.actor.clock))


def test_what_is_void_leaves_the_task_and_the_last_of_it_closes_it(desk: Desk, supervisor: Signer) -> None:
    basin = Sold("脸盆", item_no="20001", barcode="6900000000017", paid=1500)
    come_back(desk, supervisor, TOWEL, basin, red_letter_opened=True)
    assert [one.amount for one in listed(desk)] == [3490]
    void(desk, supervisor, 1)
    assert [one.amount for one in listed(desk)] == [1500]
    void(desk, supervisor, 2)
    assert listed(desk) == ()
    closed = desk.database.read(lambda s: s.scalars(select(RedLetterTask)).one())
    assert (closed.red_letter_no, closed.amount) == ("退换货单作废", 0)


def test_whoever_makes_a_form_void_sees_the_red_letter_that_was_issued_for_it(desk: Desk, supervisor: Signer) -> None:
    come_back(desk, supervisor, TOWEL, red_letter_opened=True)
    close(desk, 1, "04400999")
    code = desk.database.read(lambda s: s.scalars(select(ReturnForm.code)).one())
    assert desk.database.read(lambda s: voiding.void_matter(s, code)).red_letter_no == "04400999"
    void(desk, supervisor, 1)
    assert desk.database.read(lambda s: s.scalars(select(RedLetterTask.red_letter_no)).one()) == "04400999"


# What hangs on a line


def hang(desk: Desk, line_id: int, pool: str, quantity: int = 1000) -> None:
    """Another desk has claimed of the line."""
    case = desk.open()
    desk.database.run(lambda s: claims.claim(s, desk.actor, s.get_one(ReceiptLine, line_id), quantity, case, pool))


def test_a_gift_an_invoice_and_a_pick_up_are_seen_at_once_with_their_quantities(desk: Desk) -> None:
    towels, basin = sell(
        desk.database, Sold(quantity=3000, paid=5970), Sold("脸盆", item_no="20001", barcode="6900000000017")
    )
    hang(desk, towels, claims.GIFTS, 2000)
    hang(desk, towels, claims.PICK_UPS, 1000)
    hang(desk, basin, claims.INVOICES)
    shown = {line.line.id: dict(line.hanging) for line in desk.look().lines}
    assert shown == {towels: {"gift": 2000, "pickup": 1000}, basin: {"invoice": 1000}}
    assert [line.returnable for line in desk.look().lines] == [3000, 1000]


def test_an_invoice_in_the_ledger_closes_the_gate_like_one_on_the_receipt(desk: Desk) -> None:
    (towel,) = sell(desk.database, TOWEL)
    hang(desk, towel, claims.INVOICES)
    desk.fault(desk.do(drafting.scan_goods, TOWEL.barcode))
    assert [question.answer for question in desk.look().lines[0].questions][-2:] == [
        Answer.INVOICE_HANDED_BACK,
        Answer.RED_LETTER_OPENED,
    ]
    with pytest.raises(Refused):
        desk.submit()
    said = desk.database.read(
        lambda s: rule_evaluation.explain(s, "0101072611180387", 1, Kind.REFUND, Reason.NO_LONGER_WANTED, None, {}, DUE)
    )
    assert "invoice" in [finding.rule for finding in said.verdict.findings]
    desk.do(drafting.describe, towel, answers={Answer.INVOICE_HANDED_BACK: True})
    desk.submit()
