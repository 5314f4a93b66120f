"""Goods without any receipt: typed by hand, priced at most as they are sold now, signed by the manager."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select

from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.codes import is_code
from counterapp.core.database import Database
from counterapp.core.journal import JournalEntry
from counterapp.core.print_queue import PrintJob
from counterapp.core.receipt_search import Wanted, find_receipts
from counterapp.core.receipts import Receipt
from counterapp.desks.returns.services import approval, drafting, finding, reprints, unverified, voiding
from counterapp.desks.returns.services.unverified import KnownGoods, TypedGoods
from counterapp.errors import BadInput, NotAllowed, NotFound, Refused
from counterapp.return_forms.models import ReturnCase, ReturnForm
from counterapp.return_forms.terms import Answer, Category, Effect, Reason
from printers.document import Pages, Slip, Text, from_json
from tests.conftest import Hire
from tests.desks.returns.test_walk import TOWEL, Desk
from tests.return_forms.goods import Sold, sell

APPLES = Sold("红富士苹果", 1500, 1800, "food.fresh", "", "10001", "2110001000002", "生鲜部")
#: Never sold here, as far as the till knows.
POT = TypedGoods("90001", "铸铁锅", "百货部", Category.GENERAL, 99_0000, 1000)
TOWELS = TypedGoods(TOWEL.item_no, "", "", Category.GENERAL, 19_9000, 2000)


@pytest.fixture
def desk(database: Database, clerk: Actor) -> Desk:
    sell(database, TOWEL)
    return Desk(database, clerk)


def known(desk: Desk, code: str) -> KnownGoods | None:
    return desk.database.read(lambda s: unverified.find_sold(s, code))


def open_typed(desk: Desk, *goods: TypedGoods) -> int:
    desk.case_id = desk.database.command(
        desk.actor, "return.unverified", lambda s: unverified.open_unverified(s, desk.actor, goods)
    )
    return desk.case_id


def wait(desk: Desk, *goods: TypedGoods) -> None:
    """The goods are faulty and nothing else is wrong with them; the case waits to be signed."""
    open_typed(desk, *goods)
    for line in desk.look().lines:
        desk.fault(line.line.id)
    desk.submit()


# What was ever sold


def test_an_item_number_or_a_barcode_gives_name_department_kind_and_the_present_price(desk: Desk) -> None:
    sell(desk.database, replace(TOWEL, paid=2190), number="0101072611200001", on=dt.date(2026, 11, 20))
    # An old file that is imported late changes no price.
    sell(desk.database, replace(TOWEL, paid=990), number="0101072601010001", on=dt.date(2026, 1, 1))
    found = known(desk, "11551")
    assert found == known(desk, TOWEL.barcode)
    assert found == KnownGoods(
        "11551", TOWEL.barcode, "洁丽雅毛巾", "百货部", Category.GENERAL, 21_9000, 1000, weighed=False
    )


def test_a_barcode_is_found_however_the_till_wrote_its_zeros(desk: Desk) -> None:
    sell(desk.database, Sold("番茄酱", barcode="012345678905", item_no="40001"), number="0101072611180388")
    for code in ("012345678905", "0012345678905"):
        found = known(desk, code)
        assert found is not None
        assert found.item_no == "40001"


def test_a_label_of_the_scales_brings_item_and_weight(desk: Desk) -> None:
    sell(desk.database, APPLES, number="0101072611180388")
    found = known(desk, "2110001005008")
    assert found is not None
    assert (found.item_no, found.quantity, found.price, found.weighed) == ("10001", 500, 12_0000, True)


def test_what_was_never_sold_is_not_made_up(desk: Desk) -> None:
    assert known(desk, "6900000000000") is None
    open_typed(desk, POT)
    assert known(desk, POT.item_no) is None  # somebody's word is no price


# The case


def test_the_goods_lie_on_the_desk_chosen_like_those_of_any_receipt(desk: Desk) -> None:
    case_id = open_typed(desk, TOWELS, POT)
    shown = desk.look()
    assert (shown.has_receipt, shown.case.id) == (False, case_id)
    assert [(one.line.name, one.line.category, one.chosen and one.chosen.quantity) for one in shown.lines] == [
        ("洁丽雅毛巾", "general", 2000),
        ("铸铁锅", "general", 1000),
    ]
    assert shown.refund == 3980 + 9900
    assert {one.outlook.effect for one in shown.lines} == {Effect.OVERRIDE}
    kept = desk.database.read(lambda s: s.get_one(ReturnCase, case_id))
    assert kept.entered == "typed"


def test_its_number_can_never_be_a_stores_receipt_and_no_search_finds_it(desk: Desk) -> None:
    open_typed(desk, TOWELS)
    receipt = desk.database.read(lambda s: s.scalars(select(Receipt).where(Receipt.source == "typed")).one())
    assert is_code(receipt.number)
    assert (receipt.total, receipt.sold_on) == (3980, desk.actor.today())
    desk.do(drafting.set_phone, "13812345678")
    wanted = (Wanted(item="洁丽雅"), Wanted(amount=3980), Wanted(member_card="13812345678"))
    found = desk.database.read(lambda s: [each.number for one in wanted for each in finding.find(s, one)])
    assert receipt.number not in found
    assert [one.number for one in desk.database.read(lambda s: find_receipts(s, Wanted()))] == ["0101072611180387"]


def test_what_was_typed_is_in_the_journal(desk: Desk) -> None:
    open_typed(desk, POT)
    entries = desk.database.read(lambda s: list(s.scalars(select(JournalEntry))))
    assert "铸铁锅" in str(entries[-1].changes)


def test_more_than_the_present_price_is_refused_and_less_may_be_typed(desk: Desk) -> None:
    with pytest.raises(Refused, match=r"19\.90"):
        open_typed(desk, replace(TOWELS, price=19_9001))
    open_typed(desk, replace(TOWELS, price=15_0000))
    assert desk.look().refund == 3000


def test_of_goods_that_were_sold_the_till_knows_what_they_are(desk: Desk) -> None:
    sell(desk.database, Sold("口罩", 1000, 1990, "hygiene", "", "30001", "6900000000031"), number="0101072611180388")
    open_typed(desk, TypedGoods("30001", "锅", "家电部", Category.GENERAL, 1_0000, 1000))
    (line,) = desk.look().lines
    assert (line.line.name, line.line.category, line.line.department) == ("口罩", "hygiene", "百货部")


@pytest.mark.parametrize(
    "goods",
    [
        replace(POT, name=" "),
        replace(POT, department=""),
        replace(POT, item_no=""),
        replace(POT, price=0),
        replace(POT, quantity=0),
        replace(POT, price=1, quantity=1),
        replace(TOWELS, quantity=500),
    ],
    ids=["name", "department", "number", "price", "quantity", "nothing", "half a piece"],
)
def test_what_is_missing_is_asked_for(desk: Desk, goods: TypedGoods) -> None:
    with pytest.raises(BadInput):
        open_typed(desk, goods)


def test_nothing_typed_is_no_return(desk: Desk, hire: Hire) -> None:
    with pytest.raises(Refused):
        open_typed(desk)
    cashier = Actor(hire("7001", Role.CASHIER), "9", desk.actor.clock)
    with pytest.raises(NotAllowed):
        desk.database.command(cashier, "x", lambda s: unverified.open_unverified(s, cashier, [POT]))


def test_the_empty_case_that_lay_there_is_dropped(desk: Desk) -> None:
    empty = desk.open()
    desk.database.command(desk.actor, "x", lambda s: unverified.open_unverified(s, desk.actor, [POT], leaving=empty))
    assert desk.look().case.state == "dropped"


# The walk


def test_the_customer_service_manager_signs_and_nobody_below(desk: Desk, supervisor: Signer, manager: Signer) -> None:
    wait(desk, TOWELS)
    assert desk.database.read(lambda s: approval.who_may_sign(s, desk.case_id, desk.actor.today())) == manager.role
    with pytest.raises(NotAllowed):
        desk.approve(supervisor)
    with pytest.raises(Refused):
        desk.approve(manager)
    assert desk.approve(manager, reason="老顾客") == [1]


def test_the_day_is_unknown_so_that_the_law_of_seven_days_is_silent(desk: Desk) -> None:
    wait(desk, TOWELS)
    (line,) = desk.look().chosen
    assert line.chosen is not None
    assert ([finding["rule"] for finding in line.chosen.findings], line.chosen.grants) == (["receipt"], [])


def test_its_form_is_settled_in_goods_and_never_in_cash(desk: Desk, manager: Signer) -> None:
    wait(desk, TOWELS)
    desk.approve(manager, reason="老顾客")
    form = desk.database.read(lambda s: s.scalars(select(ReturnForm)).one())
    assert (form.settlement, form.amount, form.statutory) == ("goods", 3980, False)


def test_its_form_says_that_there_is_no_receipt_where_number_and_day_would_stand(desk: Desk, manager: Signer) -> None:
    wait(desk, TOWELS)
    desk.approve(manager, reason="老顾客")
    form = from_json(desk.database.read(lambda s: s.scalars(select(PrintJob.document)).one()))
    assert isinstance(form, Pages)
    for page in form.pages:
        texts = ["".join(run.text for run in item.runs) for item in page.items if isinstance(item, Text)]
        assert texts[texts.index("销售明细单号") + 1] == "无小票"
        assert texts[texts.index("购货日期") + 1] == "—"


def test_it_becomes_void_like_any_other(desk: Desk, manager: Signer) -> None:
    wait(desk, TOWELS)
    desk.approve(manager, reason="老顾客")
    code = desk.database.read(lambda s: s.scalars(select(ReturnForm.code)).one())
    desk.database.command(
        desk.actor, "x", lambda s: voiding.void_form(s, desk.actor, manager, code, "写错了", (1, 2, 3))
    )
    assert [line.void for line in desk.look().lines] == [True]


def test_no_more_comes_back_than_was_typed(desk: Desk) -> None:
    open_typed(desk, TOWELS)
    (line,) = desk.look().lines
    with pytest.raises(Refused):
        desk.do(drafting.choose_line, line.line.id, 3000)
    with pytest.raises(NotFound):
        desk.do(drafting.scan_goods, "6900000000000")


def test_its_refusal_prints_without_a_receipt_and_is_kept(desk: Desk) -> None:
    sell(desk.database, Sold("口罩", 1000, 1990, "hygiene", "", "30001", "6900000000031"), number="0101072611180388")
    open_typed(desk, TypedGoods("30001", "", "", Category.GENERAL, 19_9000, 1000))
    (line,) = desk.look().lines
    desk.do(drafting.describe, line.line.id, reason=Reason.NO_LONGER_WANTED, answers={Answer.SIGNS_OF_USE: False})
    desk.do(drafting.all_in_order, line.line.id)
    desk.do(reprints.print_refusal, line.line.id)
    slip = from_json(desk.database.read(lambda s: s.scalars(select(PrintJob.document)).one()))
    assert isinstance(slip, Slip)
    cells = [cell.text for row in slip.lines if hasattr(row, "cells") for cell in row.cells]
    assert cells[cells.index("销货明细单") + 1] == "无小票"
    assert cells[cells.index("购货日期") + 1] == "—"
    chosen = desk.look().chosen[0].chosen
    assert chosen is not None
    assert {finding["rule"] for finding in chosen.findings} >= {"receipt", "hygiene"}
