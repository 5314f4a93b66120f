"""What waits for a second signature, and what became of it, on both databases."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import event, select

from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.cases import Case
from counterapp.core.database import Database
from counterapp.core.print_queue import PrintJob
from counterapp.desks.returns.services import approval, drafting
from counterapp.desks.returns.services.waiting_cases import Decided, WaitingCase, decided_among, waiting_cases
from counterapp.errors import Overtaken
from counterapp.return_forms.models import ReturnForm
from counterapp.return_forms.terms import Reason
from printers.document import Pages, from_json
from tests.conftest import Hire, PlayedClock
from tests.desks.returns.test_walk import Desk
from tests.return_forms.goods import Sold, sell

TELEVISION = Sold("海信电视 65E3", 1000, 329900, "general", "", "10877", "6942147488812", "家电部")


def wait_for(database: Database, actor: Actor, number: str, *sold: Sold, on: dt.date = dt.date(2026, 11, 18)) -> Desk:
    """Let `actor` submit a return of everything on a fresh receipt."""
    lines = sell(database, *sold, number=number, on=on)
    desk = Desk(database, actor)
    desk.open(number)
    for line in lines:
        desk.do(drafting.choose_line, line, 1000)
        desk.fault(line)
    desk.submit()
    return desk


def waiting(database: Database) -> tuple[WaitingCase, ...]:
    return database.read(lambda session: waiting_cases(session, dt.date(2026, 11, 21)))


def became(database: Database, desk: Desk) -> tuple[Decided, ...]:
    return database.read(lambda session: decided_among(session, [desk.case_id]))


def test_cases_of_all_stations_wait_with_the_oldest_first_and_say_who_reaches_them(
    database: Database, clerk: Actor, hire: Hire, clock: PlayedClock
) -> None:
    other = Actor(hire("6013", name="赵敏"), "3", clock)
    wait_for(database, other, "0101072611180001", TELEVISION)
    clock.forward(minutes=5)
    wait_for(database, clerk, "0101072611180002", Sold(), Sold("脸盆", item_no="20001", barcode="6900000000017"))
    clock.forward(minutes=5)
    wait_for(database, clerk, "0101072508010003", Sold(), on=dt.date(2025, 8, 1))

    first, second, third = waiting(database)
    assert [one.case.preparer.name for one in (first, second, third)] == ["赵敏", "王丽", "王丽"]
    assert [one.case.station for one in (first, second, third)] == ["3", "2", "2"]
    assert first.case.amount == 329900
    assert first.signers == (Role.SERVICE_MANAGER, Role.STORE_MANAGER)
    assert [line.line.name for line in second.lines] == ["洁丽雅毛巾", "脸盆"]
    assert second.signers == (Role.SUPERVISOR, Role.SERVICE_MANAGER, Role.STORE_MANAGER)
    assert third.signers == (Role.STORE_MANAGER,)
    assert (clock() - first.case.changed_at, clock() - third.case.changed_at) == (
        dt.timedelta(minutes=10),
        dt.timedelta(0),
    )


def test_an_override_waits_for_the_manager(database: Database, clerk: Actor) -> None:
    (line,) = sell(database, Sold())
    desk = Desk(database, clerk)
    desk.open()
    desk.do(drafting.choose_line, line, 1000)
    desk.do(drafting.describe, line, reason=Reason.WRONG_ITEM)
    desk.do(drafting.all_in_order, line)
    desk.submit()
    (one,) = waiting(database)
    assert one.overrides
    assert one.signers == (Role.SERVICE_MANAGER, Role.STORE_MANAGER)


def test_the_queue_costs_the_same_statements_however_long_it_is(database: Database, clerk: Actor) -> None:
    def statements() -> int:
        said: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            said.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        waiting(database)
        event.remove(database.engine, "before_cursor_execute", note)
        return len([one for one in said if one.lstrip().startswith("SELECT")])

    wait_for(database, clerk, "0101072611180001", Sold())
    one = statements()
    for number in range(2, 6):
        wait_for(database, clerk, f"010107261118000{number}", Sold(), Sold("脸盆", item_no="20001"))
    assert len(waiting(database)) == 5
    assert statements() == one <= 3


def test_what_was_decided_is_told_with_signer_numbers_and_reason(
    database: Database, clerk: Actor, supervisor: Signer
) -> None:
    approved = wait_for(database, clerk, "0101072611180001", Sold())
    refused = wait_for(database, clerk, "0101072611180002", Sold())
    taken_back = wait_for(database, clerk, "0101072611180003", Sold())
    assert became(database, approved) == ()

    approved.approve(supervisor)
    refused.do(lambda s, actor, case: approval.refuse(s, actor, supervisor, case, refused.revision(), "小票不清楚"))
    taken_back.do(drafting.take_back)

    assert waiting(database) == ()
    (one,) = became(database, approved)
    assert (one.state, one.signer, one.numbers, one.receipt) == ("approved", "李强", (1,), "0101072611180001")
    (one,) = became(database, refused)
    assert (one.state, one.signer, one.reason, one.numbers) == ("refused", "李强", "小票不清楚", ())
    (one,) = became(database, taken_back)
    assert (one.state, one.signer) == ("draft", "")


def test_the_paper_comes_out_where_the_case_was_prepared_wherever_it_is_signed(
    database: Database, clerk: Actor, supervisor: Signer, clock: PlayedClock
) -> None:
    desk = wait_for(database, clerk, "0101072611180001", Sold())
    desk.actor = Actor(supervisor, "9", clock)
    assert desk.approve(supervisor) == [1]
    job = database.read(lambda s: s.scalars(select(PrintJob)).one())
    assert (job.station, job.state) == ("2", "queued")
    assert isinstance(from_json(job.document), Pages)


def test_a_case_taken_up_again_at_another_station_prints_there(
    database: Database, clerk: Actor, supervisor: Signer
) -> None:
    (line,) = sell(database, Sold())
    desk = Desk(database, clerk)
    desk.open()
    desk.do(drafting.choose_line, line, 1000)
    desk.fault(line)
    desk.actor = replace(clerk, station="4")
    assert desk.open() == desk.case_id
    desk.submit()
    desk.actor = clerk
    desk.approve(supervisor)
    assert database.read(lambda s: s.scalars(select(PrintJob.station)).one()) == "4"


def test_of_two_who_sign_one_case_the_second_is_told(
    database: Database, clerk: Actor, supervisor: Signer, manager: Signer
) -> None:
    desk = wait_for(database, clerk, "0101072611180001", Sold())
    seen = desk.revision()
    desk.approve(supervisor)
    with pytest.raises(Overtaken):
        desk.do(lambda s, actor, case: approval.approve(s, actor, manager, case, seen, approval.TICKS))
    assert database.read(lambda s: list(s.scalars(select(ReturnForm.number)))) == [1]
    assert database.read(lambda s: s.scalars(select(Case.state)).one()) == "approved"
