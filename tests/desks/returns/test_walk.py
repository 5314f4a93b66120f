"""The walk of a return through the services: from the receipt to the numbered form, on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import TextClause, select, text

from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.claims import LineClaim
from counterapp.core.database import Database
from counterapp.core.print_queue import PrintJob
from counterapp.core.store_settings import change_store_settings, store_settings
from counterapp.desks.returns.services import approval, details, drafting
from counterapp.desks.returns.services.details import ReturnDetails
from counterapp.errors import BadInput, CounterError, NotAllowed, NotFound, Overtaken, Refused
from counterapp.return_forms.models import ReturnForm
from counterapp.return_forms.terms import Answer, Kind, Reason
from printers.document import Pages, from_json
from tests.conftest import Hire
from tests.return_forms.goods import Sold, sell

RECEIPT = "0101072611180387"
TOWEL = Sold()
COOKER = Sold("苏泊尔电磁炉 C21", 1000, 22900, "appliance", "serial", "10820", "6966493300451", "家电部")
TICKS = approval.TICKS


class Desk:
    """A clerk at the desk, as the screen would call the services."""

    def __init__(self, database: Database, actor: Actor) -> None:
        self.database, self.actor = database, actor
        self.case_id = 0

    def open(self, number: str = RECEIPT) -> int:
        self.case_id = self.database.command(
            self.actor, "return.open", lambda s: drafting.open_return(s, self.actor, number)
        )
        return self.case_id

    def do(self, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return self.database.command(
            self.actor, f"return.{verb.__name__}", lambda s: verb(s, self.actor, self.case_id, *args, **kwargs)
        )

    def look(self) -> ReturnDetails:
        return self.database.read(lambda s: details.get_return(s, self.case_id, self.actor.today()))

    def fault(self, line_id: int, kind: Kind = Kind.REFUND) -> None:
        """The goods are faulty, and everything else about them is in order."""
        self.do(
            drafting.describe, line_id, kind=kind, reason=Reason.QUALITY_FAULT, answers={Answer.FAULT_CONFIRMED: True}
        )
        if self.look().lines[0].line.category == "appliance":
            self.do(drafting.describe, line_id, answers={Answer.TESTED: True})
        self.do(drafting.all_in_order, line_id)

    def submit(self) -> None:
        self.do(drafting.submit, self.look().case.revision)

    def approve(self, signer: Signer, ticks: Collection[str] = TICKS, reason: str = "") -> list[int]:
        return self.database.command(
            self.actor,
            "return.approve",
            lambda s: approval.approve(s, self.actor, signer, self.case_id, self.revision(), ticks, reason),
        )

    def revision(self) -> int:
        return self.look().case.revision


@pytest.fixture
def desk(database: Database, clerk: Actor) -> Desk:
    return Desk(database, clerk)


def test_a_scanned_receipt_becomes_a_numbered_form_with_its_paper(desk: Desk, supervisor: Signer) -> None:
    sell(desk.database, COOKER, TOWEL)
    desk.open()
    line = desk.do(drafting.scan_goods, COOKER.barcode)
    desk.fault(line)
    desk.submit()
    assert desk.look().case.amount == 22900

    assert desk.approve(supervisor) == [1]

    form, job = desk.database.read(lambda s: s.execute(select(ReturnForm, PrintJob).join(PrintJob)).one())
    assert (form.number, form.amount, form.kind) == (1, 22900, "refund")
    assert form.expires_on == dt.date(2026, 12, 21)
    document = from_json(job.document)
    assert isinstance(document, Pages)
    assert len(document.pages) == 3
    assert (job.paper, job.state, job.station) == ("form", "queued", "2")


def test_numbers_run_on_without_a_gap_even_after_a_refused_attempt(desk: Desk, supervisor: Signer) -> None:
    sell(desk.database, Sold(quantity=3000, paid=3000))
    numbers = []
    for _ in range(3):
        desk.open()
        desk.fault(desk.do(drafting.scan_goods, TOWEL.barcode))
        desk.submit()
        with pytest.raises(Refused):
            desk.approve(supervisor, ticks=("amount_right",))
        numbers += desk.approve(supervisor)
    assert numbers == [1, 2, 3]


def test_a_case_with_both_kinds_prints_two_forms(desk: Desk, supervisor: Signer) -> None:
    sell(desk.database, TOWEL, Sold("脸盆", item_no="20001", barcode="6900000000017"))
    desk.open()
    towel = desk.do(drafting.scan_goods, TOWEL.barcode)
    basin = desk.do(drafting.scan_goods, "6900000000017")
    desk.fault(towel, Kind.REFUND)
    desk.fault(basin, Kind.EXCHANGE)
    desk.submit()
    assert desk.approve(supervisor) == [1, 2]
    kinds = desk.database.read(lambda s: list(s.scalars(select(ReturnForm.kind).order_by(ReturnForm.number))))
    assert kinds == ["refund", "exchange"]


def test_more_lines_than_a_form_holds_go_on_to_the_next_number(desk: Desk, supervisor: Signer) -> None:
    sold = [Sold(f"商品{n}", item_no=f"3{n:04}", barcode=f"69{n:011}") for n in range(10)]
    sell(desk.database, *sold)
    desk.open()
    for one in sold:
        desk.fault(desk.do(drafting.scan_goods, one.barcode))
    desk.submit()
    assert desk.approve(supervisor) == [1, 2]
    amounts = desk.database.read(lambda s: list(s.scalars(select(ReturnForm.amount).order_by(ReturnForm.number))))
    assert sum(amounts) == 19900


def test_more_goods_than_were_bought_are_refused_at_the_scan(desk: Desk) -> None:
    sell(desk.database, TOWEL)
    desk.open()
    desk.do(drafting.scan_goods, TOWEL.barcode)
    with pytest.raises(Refused):
        desk.do(drafting.scan_goods, TOWEL.barcode)


def test_goods_that_are_not_on_the_receipt_are_named(desk: Desk) -> None:
    sell(desk.database, TOWEL)
    desk.open()
    with pytest.raises(NotFound, match="6900000000000"):
        desk.do(drafting.scan_goods, "6900000000000")


def test_an_unknown_receipt_is_named(desk: Desk) -> None:
    with pytest.raises(NotFound, match="0101999999999999"):
        desk.open("0101999999999999")


def test_a_label_of_the_scales_brings_its_weight(desk: Desk) -> None:
    apples = Sold("红富士苹果", 1486, 1780, "food.fresh", "", "10001", "2110001000003", "生鲜部")
    sell(desk.database, apples)
    desk.open()
    desk.do(drafting.scan_goods, "2110001005008")
    assert desk.look().chosen[0].chosen.quantity == 500  # type: ignore[union-attr]
    desk.do(drafting.scan_goods, "2110001000003")
    assert desk.look().chosen[0].chosen.quantity == 1486  # type: ignore[union-attr]


def test_a_label_with_a_price_brings_the_line_of_its_price_once_the_store_has_said_where_it_stands(desk: Desk) -> None:
    bags = [
        Sold("红富士苹果", 500, 599, "food.fresh", "", "10001", "2110001000003", "生鲜部"),
        Sold("红富士苹果", 1486, 1780, "food.fresh", "", "10001", "2110001000003", "生鲜部"),
    ]
    sell(desk.database, *bags)
    desk.open()
    with pytest.raises(Refused):
        desk.do(drafting.scan_goods, "2110001017803")  # 1,780 grams are in no bag
    settings = replace(desk.database.read(store_settings), weighed_codes="2IIIIIIPPPPPC")
    desk.database.run(lambda session: change_store_settings(session, settings, None, desk.actor.now()))
    desk.do(drafting.scan_goods, "2110001017803")
    chosen = desk.look().chosen
    assert [(line.line.line_no, line.chosen and line.chosen.quantity) for line in chosen] == [(2, 1486)]
    with pytest.raises(Refused):
        desk.do(drafting.scan_goods, "2110001017803")


def test_pieces_come_back_whole(desk: Desk) -> None:
    (line,) = sell(desk.database, Sold(quantity=2000, paid=1000))
    desk.open()
    with pytest.raises(BadInput):
        desk.do(drafting.choose_line, line, 500)


def test_a_case_with_an_open_question_is_not_submitted(desk: Desk) -> None:
    sell(desk.database, TOWEL)
    desk.open()
    line = desk.do(drafting.scan_goods, TOWEL.barcode)
    desk.do(drafting.describe, line, reason=Reason.QUALITY_FAULT)
    with pytest.raises(Refused):
        desk.submit()
    assert desk.look().case.state == "draft"


def test_a_refused_line_does_not_hold_up_the_others(desk: Desk, supervisor: Signer) -> None:
    tobacco = Sold("玉溪(硬)", 1000, 2300, "tobacco", "", "11299", "6909725033642", "烟酒柜")
    sell(desk.database, TOWEL, tobacco)
    desk.open()
    towel = desk.do(drafting.scan_goods, TOWEL.barcode)
    cigarettes = desk.do(drafting.scan_goods, tobacco.barcode)
    desk.fault(towel)
    desk.do(drafting.describe, cigarettes, reason=Reason.NO_LONGER_WANTED)
    desk.submit()
    assert desk.look().case.amount == 1990
    assert desk.approve(supervisor) == [1]
    assert desk.database.read(lambda s: s.scalars(select(LineClaim.line_id)).all()) == [towel]


def test_nothing_but_refused_lines_is_nothing_to_approve(desk: Desk) -> None:
    sell(desk.database, Sold("玉溪(硬)", 1000, 2300, "tobacco", "", "11299", "6909725033642"))
    desk.open()
    line = desk.do(drafting.scan_goods, "6909725033642")
    desk.do(drafting.describe, line, reason=Reason.NO_LONGER_WANTED)
    with pytest.raises(Refused):
        desk.submit()


def test_nobody_approves_their_own(desk: Desk, database: Database, hire: Hire, supervisor: Signer) -> None:
    own = Desk(database, Actor(supervisor, "1", desk.actor.clock))
    _wait(own)
    with pytest.raises(NotAllowed):
        own.approve(supervisor)
    assert own.look().case.state == "waiting"


def test_the_database_itself_refuses_an_approval_of_ones_own(desk: Desk) -> None:
    case_id = _wait(desk)
    forged = text(
        "INSERT INTO approvals (case_id, act, decision, prepared_by, signed_by, role, station, signed_at, ticks,"
        " reason) VALUES (:case, 'return', 'approved', :who, :who, 'supervisor', '2', '2026-11-21 00:00:00', '[]', '')"
    )
    with pytest.raises(NotAllowed):
        desk.database.run(lambda s: s.execute(forged, {"case": case_id, "who": desk.actor.person.person_id}))


def test_raw_sql_cannot_say_that_somebody_else_prepared_it(desk: Desk, supervisor: Signer) -> None:
    case_id = _wait(desk)
    lie = text("UPDATE cases SET prepared_by = :other WHERE id = :case")
    with pytest.raises(Exception, match="keep_cases"):
        _raw(desk.database, lie, {"other": supervisor.person_id, "case": case_id})
    forged = text(
        "INSERT INTO approvals (case_id, act, decision, prepared_by, signed_by, role, station, signed_at, ticks,"
        " reason) VALUES (:case, 'return', 'approved', :other, :own, 'supervisor', '2', '2026-11-21 00:00:00',"
        " '[]', '')"
    )
    with pytest.raises(CounterError):
        desk.database.run(
            lambda s: s.execute(
                forged, {"case": case_id, "other": supervisor.person_id, "own": desk.actor.person.person_id}
            )
        )


def test_a_form_cannot_stand_on_a_refusal(desk: Desk, supervisor: Signer) -> None:
    _wait(desk)
    desk.database.command(
        desk.actor,
        "return.refuse",
        lambda s: approval.refuse(s, desk.actor, supervisor, desk.case_id, desk.revision(), "没有看到小票"),
    )
    forged = text(
        "INSERT INTO return_forms (number, code, case_id, approval_id, act, decision, kind, amount, made_at, made_on,"
        " expires_on, job_id) SELECT 1, 'RF0000000000', case_id, id, 'return', 'approved', 'refund', 1,"
        " signed_at, '2026-11-21', '2026-12-21', 1 FROM approvals"
    )
    with pytest.raises(CounterError):
        desk.database.run(lambda s: s.execute(forged))


def test_a_clerk_does_not_approve(desk: Desk, hire: Hire) -> None:
    _wait(desk)
    with pytest.raises(NotAllowed):
        desk.approve(hire("6099", Role.CLERK))


def test_an_override_needs_the_manager_and_a_reason(desk: Desk, supervisor: Signer, manager: Signer) -> None:
    sell(desk.database, TOWEL)
    desk.open()
    line = desk.do(drafting.scan_goods, TOWEL.barcode)
    desk.do(drafting.describe, line, reason=Reason.NO_LONGER_WANTED)
    desk.do(drafting.all_in_order, line)
    desk.submit()
    with pytest.raises(NotAllowed):
        desk.approve(supervisor)
    with pytest.raises(Refused):
        desk.approve(manager)
    assert desk.approve(manager, reason="老顾客，商品完好") == [1]


def test_an_amount_beyond_the_limit_goes_to_the_next_role(desk: Desk, supervisor: Signer, manager: Signer) -> None:
    sell(desk.database, Sold(paid=100_001))
    desk.open()
    desk.fault(desk.do(drafting.scan_goods, TOWEL.barcode))
    desk.submit()
    assert (
        desk.database.read(lambda s: approval.who_may_sign(s, desk.case_id, desk.actor.today())) is Role.SERVICE_MANAGER
    )
    with pytest.raises(NotAllowed):
        desk.approve(supervisor)
    assert desk.approve(manager) == [1]


def test_a_refusal_gives_the_goods_back_to_the_receipt_and_the_case_to_the_clerk(
    desk: Desk, supervisor: Signer
) -> None:
    _wait(desk)
    desk.database.command(
        desk.actor,
        "return.refuse",
        lambda s: approval.refuse(s, desk.actor, supervisor, desk.case_id, desk.revision(), "没有看到小票"),
    )
    back = desk.look()
    assert (back.case.state, back.refused_for, back.lines[0].returnable) == ("refused", "没有看到小票", 1000)
    desk.submit()
    assert desk.approve(supervisor) == [1]


def test_a_case_taken_back_may_be_changed_and_submitted_again(desk: Desk, supervisor: Signer) -> None:
    _wait(desk)
    desk.do(drafting.take_back)
    assert desk.look().case.state == "draft"
    desk.submit()
    assert desk.approve(supervisor) == [1]


def test_the_same_receipt_scanned_again_brings_back_the_unfinished_case(desk: Desk) -> None:
    sell(desk.database, TOWEL)
    first = desk.open()
    desk.do(drafting.scan_goods, TOWEL.barcode)
    assert desk.open() == first
    assert len(desk.look().chosen) == 1


def test_a_case_seen_before_it_changed_cannot_be_approved(desk: Desk, supervisor: Signer) -> None:
    _wait(desk)
    seen = desk.revision()
    desk.do(drafting.take_back)
    desk.submit()
    with pytest.raises(Overtaken):
        desk.database.command(
            desk.actor,
            "return.approve",
            lambda s: approval.approve(s, desk.actor, supervisor, desk.case_id, seen, TICKS),
        )


def test_what_came_back_before_stands_beside_its_line(desk: Desk, supervisor: Signer) -> None:
    sell(desk.database, Sold(quantity=2000, paid=3980))
    desk.open()
    desk.fault(desk.do(drafting.scan_goods, TOWEL.barcode))
    desk.submit()
    desk.approve(supervisor)
    desk.open()
    (line,) = desk.look().lines
    assert line.returnable == 1000
    assert [(past.number, past.quantity, past.kind) for past in line.past] == [(1, 1000, Kind.REFUND)]


def _wait(desk: Desk) -> int:
    """Bring a case with one faulty towel to the approver."""
    sell(desk.database, TOWEL)
    desk.open()
    desk.fault(desk.do(drafting.scan_goods, TOWEL.barcode))
    desk.submit()
    return desk.case_id


def _raw(database: Database, statement: TextClause, values: dict[str, object]) -> None:
    with database.engine.begin() as connection:
        connection.execute(statement, values)
