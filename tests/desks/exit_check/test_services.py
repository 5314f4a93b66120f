"""The exit auditor at the door, on both databases: what was taken for a form, and what was found."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.database import Database
from counterapp.core.receipts import Receipt, ReceiptLine
from counterapp.desks.exit_check import services
from counterapp.desks.exit_check.models import DIFFERS, MATCHES, ExitCheck
from counterapp.desks.exit_check.services import ExitCheckDetails
from counterapp.errors import BadInput, NotAllowed, NotFound, Refused
from counterapp.return_forms.closure import close_form
from counterapp.return_forms.models import SETTLED, Settlement
from tests.conftest import Hire, PlayedClock
from tests.desks.returned_goods.goods_back import APPLES, SHAMPOO, TODAY, TOWEL, Floor, form_of
from tests.return_forms.goods import Sold, sell

NEW = "0101092611210042"
WATER = Sold("纯净水550毫升", 24_000, 4800, "food.packaged", "", "10777", "6925303721999", "食品部")


class Door:
    """An auditor, the forms that come by, and the cashier who took them."""

    def __init__(self, floor: Floor, auditor: Actor, cashier: Actor) -> None:
        self.floor, self.auditor, self.cashier = floor, auditor, cashier

    def redeemed(self, receipt_no: str = NEW) -> str:
        """Let a towel come back and its form be used for a receipt; return the form's code."""
        (number,) = self.floor.bring(TOWEL)
        self.floor.redeem(number, receipt_no, self.cashier)
        return self.floor.code_of(number)

    def look(self, code: str, actor: Actor | None = None) -> ExitCheckDetails:
        return self.floor.database.read(lambda s: services.get_form(s, actor or self.auditor, code))

    def record(
        self,
        code: str,
        finding: str = MATCHES,
        counted: dict[int, int] | None = None,
        note: str = "",
        actor: Actor | None = None,
    ) -> int:
        who = actor or self.auditor
        return self.floor.database.command(
            who, "door.record", lambda s: services.record(s, who, code, finding, counted, note)
        )


@pytest.fixture
def at_door(database: Database, clerk: Actor, manager: Signer, hire: Hire, clock: PlayedClock) -> Door:
    auditor = Actor(hire("8002", Role.AUDITOR, "马志远"), "door", clock)
    cashier = Actor(hire("7008", Role.CASHIER, "刘芳"), "till-09", clock)
    return Door(Floor(database, clerk, manager), auditor, cashier)


def test_a_form_that_was_used_shows_the_receipt_and_its_goods(at_door: Door, database: Database) -> None:
    sell(database, TOWEL, WATER, number=NEW, on=TODAY)
    form = at_door.look(at_door.redeemed())
    assert (form.number, form.amount, form.state, form.may_pass) == (1, 1990, "redeemed", True)
    assert form.receipt is not None and form.end is not None
    assert (form.receipt.number, form.receipt.till, form.receipt.cashier) == (NEW, "07", "617")
    assert form.receipt.sold_at == dt.datetime.combine(TODAY, dt.time(18, 42))
    assert [(line.item, line.quantity) for line in form.receipt.lines] == [
        ("洁丽雅毛巾", 1000),
        ("纯净水550毫升", 24_000),
    ]
    assert form.end.who == "刘芳 7008"
    assert form.checks == ()


def test_a_receipt_that_is_not_imported_yet_shows_number_and_amount(at_door: Door) -> None:
    form = at_door.look(at_door.redeemed())
    assert form.receipt is not None
    assert (form.receipt.number, form.receipt.total, form.receipt.sold_at, form.receipt.lines) == (
        NEW,
        99_999,
        None,
        (),
    )
    assert at_door.record(form.code) == 1


def test_what_the_till_took_off_again_is_not_looked_for(at_door: Door, database: Database) -> None:
    def sell_and_correct(session: Session) -> None:
        def line(number: int, name: str, sold: int) -> ReceiptLine:
            return ReceiptLine(
                line_no=number, item_no="10777", barcode="6925303721999", name=name, department="食品部",
                category="food.packaged", quantity=2000, unit_price=20_000, discount=0, amount=400, sold=sold,
                paid=sold // 5, supplier="S101", flags="",
            )  # fmt: skip

        session.add(
            Receipt(
                number=NEW, store="0101", till="09", cashier="617", sold_at=dt.datetime.combine(TODAY, dt.time(14)),
                sold_on=TODAY, member_card="", tender="现金", invoice_no="", total=200, fingerprint="0" * 64,
                imported_at=at_door.auditor.now(), lines=[line(1, "可乐", 1000), line(2, "雪碧", 0)],
            )
        )  # fmt: skip

    database.run(sell_and_correct)
    form = at_door.look(at_door.redeemed())
    assert form.receipt is not None
    assert [(line.item, line.quantity, line.amount) for line in form.receipt.lines] == [("可乐", 1000, 200)]


def test_two_forms_used_for_one_receipt_name_each_other(at_door: Door, database: Database) -> None:
    sell(database, TOWEL, WATER, number=NEW, on=TODAY)
    first, second = at_door.redeemed(), at_door.redeemed()
    shared = [one.receipt.shared for one in map(at_door.look, (first, second)) if one.receipt is not None]
    assert shared == [(2,), (1,)]


def test_nothing_passes_on_a_form_that_nobody_has_used(at_door: Door, clock: PlayedClock) -> None:
    (good,) = at_door.floor.bring(TOWEL)
    (void,) = at_door.floor.bring(SHAMPOO)
    at_door.floor.void(void)
    states = [at_door.look(at_door.floor.code_of(number)) for number in (good, void)]
    assert [(one.state, one.may_pass, one.receipt) for one in states] == [("good", False, None), ("void", False, None)]
    for number in (good, void):
        with pytest.raises(Refused, match=f"{number:06}"):
            at_door.record(at_door.floor.code_of(number))
        at_door.record(at_door.floor.code_of(number), DIFFERS, note="带着一台电饭煲")
    clock.forward(days=30)
    assert at_door.look(at_door.floor.code_of(good)).state == "good"
    clock.forward(days=1)
    assert at_door.look(at_door.floor.code_of(good)).state == "expired"


def test_a_form_that_was_paid_out_says_so(at_door: Door, database: Database) -> None:
    (number,) = at_door.floor.bring(TOWEL)

    def pay(session: Session) -> None:
        form = form_of(session, number)
        close_form(session, at_door.cashier, form, SETTLED)
        session.add(
            Settlement(
                form_id=form.id, case_id=form.case_id, amount=form.amount, statutory=form.statutory, till="09",
                ended_by=at_door.cashier.person.person_id, method="cash",
            )
        )  # fmt: skip

    database.command(at_door.cashier, "form.pay", pay)
    form = at_door.look(at_door.floor.code_of(number))
    assert (form.state, form.paid, form.receipt, form.may_pass) == ("settled", "cash", None, True)


def test_a_check_is_kept_with_who_when_and_where_and_a_second_one_on_the_day_is_noticed(
    at_door: Door, database: Database, clock: PlayedClock
) -> None:
    sell(database, TOWEL, WATER, number=NEW, on=TODAY)
    code = at_door.redeemed()
    assert at_door.look(code).checked_today is None
    at_door.record(code)
    clock.forward(hours=2)
    at_door.record(code, DIFFERS, {2: 22_000}, "少两瓶")
    form = at_door.look(code)
    last, first = form.checks
    assert (first.finding, first.by, first.station, f"{first.at:%H:%M}") == (MATCHES, "马志远 8002", "door", "14:32")
    assert first.items == {"1": "found", "2": "found"}
    assert (last.finding, last.items, last.note) == (
        DIFFERS,
        {"1": "found", "2": "missing"},
        "少两瓶; 纯净水550毫升 22/24",
    )
    assert form.checked_today == last
    clock.forward(days=1)
    assert at_door.look(code).checked_today is None


def test_a_difference_is_told_or_not_kept(at_door: Door, database: Database) -> None:
    sell(database, TOWEL, WATER, number=NEW, on=TODAY)
    code = at_door.redeemed()
    for counted, note in (({}, ""), ({}, "   "), ({2: 24_000}, ""), ({3: 0}, "没有"), ({1: -1000}, "没有")):
        with pytest.raises(BadInput):
            at_door.record(code, DIFFERS, counted, note)
    with pytest.raises(BadInput):
        at_door.record(code, MATCHES, {1: 0})
    at_door.record(code, DIFFERS, note="长" * 500)
    kept = database.read(lambda s: s.scalars(select(ExitCheck.note)).all())
    assert [len(note) for note in kept] == [400]


def test_only_the_auditor_and_those_who_approve_look_at_the_door(
    at_door: Door, hire: Hire, clock: PlayedClock, manager: Signer
) -> None:
    code = at_door.redeemed()
    for actor in (at_door.floor.clerk, at_door.cashier, Actor(hire("9100", Role.IT), "1", clock)):
        with pytest.raises(NotAllowed):
            at_door.look(code, actor)
        with pytest.raises(NotAllowed):
            at_door.record(code, actor=actor)
    assert at_door.look(code, Actor(manager, "1", clock)).number == 1


def test_a_form_of_nobody_is_named(at_door: Door) -> None:
    with pytest.raises(NotFound, match="RF 0000 0000 00 02"):
        at_door.look("RF000000000002")


def test_an_auditor_hands_nothing_to_the_floor(at_door: Door) -> None:
    at_door.floor.bring(APPLES)
    (notice,) = at_door.floor.open()
    auditor = Floor(at_door.floor.database, at_door.auditor, at_door.floor.signer)
    with pytest.raises(NotAllowed):
        auditor.collect(notice)
