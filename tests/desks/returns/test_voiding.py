"""Forms become void: by two people, with a reason, once; and what they held may come back again."""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.approvals import Approval
from counterapp.core.business_day import ReturnDay
from counterapp.core.cases import Case
from counterapp.core.claims import Balance, balances
from counterapp.core.database import Database
from counterapp.core.journal import JournalEntry
from counterapp.desks.day_close.models import StockLine
from counterapp.desks.day_close.services import stock
from counterapp.desks.returns.services import approval, details, drafting, voiding
from counterapp.desks.returns.services.history import history
from counterapp.errors import BadInput, CounterError, NotAllowed, NotFound, Refused
from counterapp.return_forms.models import VOID, FormClosure, ReturnForm, Void
from counterapp.return_forms.terms import Answer, Kind, Reason
from tests.conftest import KEYS, Hire, PlayedClock
from tests.desks.returns.test_walk import Desk
from tests.desks.returns.voids import ALL, REASON, void
from tests.desks.till.till import TODAY, Till
from tests.return_forms.goods import Sold, sell

TOWEL = Sold()


@contextlib.contextmanager
def refused(words: str) -> Iterator[None]:
    """Somebody is refused, and these words are in the sentence."""
    with pytest.raises(Refused) as refusal:
        yield
    assert words in refusal.value.in_language("en")


@pytest.fixture
def till(database: Database, clock: PlayedClock) -> Till:
    return Till(database, clock)


def record(till: Till) -> Void:
    return till.database.read(lambda s: s.scalars(select(Void)).one())


def ends(database: Database) -> list[str]:
    """How forms ended, in the order in which they were made."""
    return database.read(lambda s: list(s.scalars(select(FormClosure.how).order_by(FormClosure.form_id))))


# Who


def clock_day(till: Till) -> dt.date:
    return till.clock().astimezone(till.clerk.zone).date()


def test_the_clerk_who_made_it_and_the_approver_make_a_form_void(till: Till) -> None:
    code = till.form(1990)
    assert void(till, code) == 1
    kept = record(till)
    assert (kept.clerk_by, kept.signed_by) == (till.clerk.person.person_id, till.manager.person_id)
    assert (kept.clerk_absent, kept.approver_absent, kept.parts, kept.reason) == (False, False, [1, 2, 3], REASON)
    end = till.database.read(lambda s: s.scalars(select(FormClosure)).one())
    assert (end.how, end.amount, end.booked_on, end.station) == (VOID, 1990, TODAY, "2")
    signed = till.database.read(lambda s: s.get_one(Approval, kept.approval_id))
    assert (signed.act, signed.reason, signed.ticks) == ("form_void", REASON, ["part_1", "part_2", "part_3"])


def test_another_of_the_same_or_a_higher_role_stands_in_and_that_is_noted(till: Till, hire: Hire) -> None:
    code = till.form(1990, approver=till.supervisor)
    other = Actor(hire("6013", Role.CLERK), "3", till.clock)
    void(till, code, till.second_supervisor, other)
    kept = record(till)
    assert (kept.clerk_absent, kept.approver_absent) == (True, True)
    assert (kept.clerk_by, kept.signed_by) == (other.person.person_id, till.second_supervisor.person_id)


def test_a_lower_role_than_the_approvers_does_not_sign_in_their_place(till: Till) -> None:
    code = till.form(1990)  # approved by the manager
    with pytest.raises(NotAllowed, match="周敏"):
        void(till, code, till.supervisor)
    with pytest.raises(NotAllowed):
        void(till, code, till.cashier.person)


def test_a_clerk_does_not_stand_in_for_a_supervisor_who_made_the_form(till: Till, hire: Hire) -> None:
    till.clerk = Actor(till.second_supervisor, "2", till.clock)
    code = till.form(1990)
    with pytest.raises(NotAllowed, match="陈刚"):
        void(till, code, actor=Actor(hire("6013", Role.CLERK), "3", till.clock))
    assert void(till, code, actor=Actor(till.supervisor, "3", till.clock)) == 1


def test_nobody_gives_both_signatures_and_nobody_signs_for_what_they_made(till: Till) -> None:
    till.clerk = Actor(till.supervisor, "2", till.clock)
    code = till.form(1990)
    with pytest.raises(NotAllowed):
        void(till, code, till.supervisor)
    # The one who made it is absent, another acts for them: still they may not sign it.
    with pytest.raises(NotAllowed):
        void(till, code, till.supervisor, Actor(till.second_supervisor, "2", till.clock))
    assert till.database.read(lambda s: s.scalars(select(FormClosure)).all()) == []


def test_the_database_itself_wants_two_people(till: Till) -> None:
    code = till.form(1990)
    void(till, code)
    forged = text("INSERT INTO form_voids SELECT * FROM form_voids")
    with pytest.raises(CounterError):
        till.database.run(lambda s: s.execute(forged))
    changed = text("UPDATE form_voids SET clerk_by = signed_by")
    with pytest.raises(Exception, match="keep_form_voids"), till.database.engine.begin() as connection:
        connection.execute(changed)


def test_a_cashier_does_not_make_forms_void(till: Till) -> None:
    code = till.form(1990)
    with pytest.raises(NotAllowed):
        void(till, code, actor=till.cashier)


# What has to be said


def test_a_void_needs_a_written_reason(till: Till) -> None:
    code = till.form(1990)
    with pytest.raises(Refused):
        void(till, code, reason="  ")
    with pytest.raises(BadInput):
        void(till, code, reason="错" * 401)


def test_of_a_missing_part_it_is_said_where_it_is(till: Till) -> None:
    code = till.form(1990)
    with refused("somebody's hand"):
        void(till, code, parts=(1, 2))
    with pytest.raises(BadInput):
        void(till, code, parts=(1, 2, 4))
    void(till, code, parts=(2, 1), note="顾客已带走第三联")
    assert (record(till).parts, record(till).note) == ([1, 2], "顾客已带走第三联")


def test_a_refused_try_is_in_the_journal(till: Till) -> None:
    code = till.form(1990)
    with pytest.raises(Refused):
        void(till, code, parts=())
    entries = till.database.read(lambda s: list(s.scalars(select(JournalEntry).order_by(JournalEntry.id))))
    assert "somebody's hand" in str(entries[-1].refused)


# What it held


def test_what_it_held_may_come_back_again_and_no_longer_counts_as_returned(till: Till) -> None:
    number = till.receipt(1990, TODAY - dt.timedelta(days=20))
    code = till.form(1990, receipt_no=number)
    case_id = till.stored(1).case_id
    void(till, code)

    def seen(s: Session) -> tuple[int, int, object]:
        again = drafting.open_return(s, till.clerk, number)
        desk = details.get_return(s, again, TODAY)
        return desk.lines[0].returnable, len(desk.lines[0].past), history(s, again, TODAY).receipt.count

    assert till.work(till.clerk, lambda s, _a: seen(s)) == (1000, 0, 0)
    assert till.form(1990, receipt_no=number) != code
    old = till.database.read(lambda s: details.get_return(s, case_id, TODAY))
    assert (old.refund, old.lines[0].void, old.lines[0].returnable) == (0, True, 0)
    (form,) = old.forms
    assert form.ended is not None
    assert form.void is not None
    assert (form.ended.how, form.void.reason, form.void.clerk, form.void.signer) == (
        VOID,
        REASON,
        "王丽 6012",
        "周敏 5001",
    )


def test_of_a_case_with_two_forms_only_the_lines_of_the_void_one_come_free(
    database: Database, clerk: Actor, supervisor: Signer
) -> None:
    basin = Sold("脸盆", item_no="20001", barcode="6900000000017", paid=1500)
    desk = Desk(database, clerk)
    ids = sell(database, TOWEL, basin)
    desk.open()
    desk.fault(desk.do(drafting.scan_goods, TOWEL.barcode), Kind.REFUND)
    desk.fault(desk.do(drafting.scan_goods, basin.barcode), Kind.EXCHANGE)
    desk.submit()
    assert desk.approve(supervisor) == [1, 2]
    code = database.read(lambda s: s.scalars(select(ReturnForm.code).where(ReturnForm.number == 2)).one())
    database.command(clerk, "return.void", lambda s: voiding.void_form(s, clerk, supervisor, code, REASON, ALL))
    taken = database.read(lambda s: {line: balance.taken for line, balance in balances(s, ids).items()})
    assert taken == {ids[0]: 1000, ids[1]: 0}
    shown = desk.look()
    assert [line.void for line in shown.lines] == [False, True]
    assert (shown.refund, shown.numbers) == (1990, (1, 2))
    desk.open()
    assert [line.returnable for line in desk.look().lines] == [0, 1000]
    (past,) = database.read(lambda s: history(s, desk.case_id, clerk.today())).receipt.cases
    assert (past.amount, past.numbers, past.goods) == (1990, (1,), ("洁丽雅毛巾",))


def test_what_was_issued_anew_gives_back_the_goods_of_the_first_form(till: Till) -> None:
    number = till.receipt(1990, TODAY - dt.timedelta(days=3))
    code = till.form(1990, statutory=True, receipt_no=number)
    till.clock.forward(days=40)
    till.renew(code, till.manager)
    with refused("issued anew"):
        void(till, code)
    void(till, till.stored(2).code)
    taken = till.database.read(lambda s: [line.taken for line in balances(s, [1]).values()])
    assert taken == [0]
    assert till.database.read(lambda s: stock.missing_lines(s, clock_day(till))) == 0, "they never came into the stock"


def test_what_was_issued_anew_and_became_void_is_taken_out_of_the_stock_again(till: Till) -> None:
    code = till.form(1990, statutory=True)
    till.work(till.clerk, lambda s, actor: stock.make_file(s, actor, clock_day(till)))
    till.clock.forward(days=40)
    till.renew(code, till.manager)
    void(till, till.stored(2).code)
    assert till.database.read(lambda s: stock.missing_lines(s, clock_day(till))) == 1
    till.work(till.clerk, lambda s, actor: stock.make_file(s, actor, clock_day(till)))
    assert till.database.read(lambda s: s.scalar(select(func.sum(StockLine.sign)))) == 0


# What cannot become void


def test_a_used_form_cannot_become_void_and_it_is_said_when_where_by_whom_and_for_what(till: Till) -> None:
    code = till.form(1990)
    receipt = till.receipt(1990)
    till.redeem(code, receipt)
    with pytest.raises(Refused) as refusal:
        void(till, code)
    said = str(refusal.value.in_language("en"))
    assert all(part in said for part in ("000001", "11-21 14:32", "station 9", "孙燕 7001", receipt))
    assert till.database.read(lambda s: s.scalars(select(Void)).all()) == []


def test_the_rest_of_a_used_form_cannot_become_void(till: Till) -> None:
    code = till.form(1990)
    rest = till.redeem(code, till.receipt(1000))["rest_number"]
    assert rest is not None
    with refused("left of form 000001"):
        void(till, till.stored(rest).code)


def test_a_form_becomes_void_once(till: Till) -> None:
    code = till.form(1990)
    void(till, code)
    with refused("void already"):
        void(till, code)
    with refused("is void"):
        till.redeem(code, till.receipt(1990))


def test_a_code_that_no_form_bears_is_named(till: Till) -> None:
    with pytest.raises(NotFound, match="RF 7319"):
        void(till, "RF731904825577")


def test_of_a_void_and_a_use_at_the_same_moment_one_wins(postgres_url: str, clock: PlayedClock) -> None:
    with Database(postgres_url, KEYS) as database, Database(postgres_url, KEYS) as elsewhere:
        till = Till(database, clock)
        there = copy.copy(till)
        there.database = elsewhere
        third = replace(till.clerk, station="3")
        for _turn in range(6):
            code, receipt = till.form(1990), till.receipt(1990)
            start, won = threading.Barrier(3), list[str]()

            def attempt(how: str, act: Callable[[], object], start: threading.Barrier = start) -> None:
                start.wait()
                with contextlib.suppress(Refused):
                    act()
                    won.append(how)  # noqa: B023 - the threads end with the turn

            tries = (
                ("void", partial(void, till, code)),
                ("void", partial(void, there, code, actor=third)),
                ("redeemed", partial(there.redeem, code, receipt)),
            )
            threads = [threading.Thread(target=attempt, args=one) for one in tries]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert won == ends(database)[-1:]


# The day


def test_after_the_day_was_closed_a_void_counts_for_the_next(till: Till) -> None:
    code = till.form(1990)
    till.database.run(lambda s: s.add(ReturnDay(day=TODAY, closed=True)))
    void(till, code)
    end = till.database.read(lambda s: s.scalars(select(FormClosure)).one())
    assert end.booked_on == TODAY + dt.timedelta(days=1)


# Money


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pieces=st.integers(2, 5),
    paid=st.integers(0, 10_000),
    turns=st.lists(st.tuples(st.booleans(), st.integers(1, 3)), min_size=2, max_size=6),
)
def test_whatever_comes_back_and_becomes_void_the_money_of_the_line_adds_up(
    till: Till, pieces: int, paid: int, turns: list[tuple[bool, int]]
) -> None:
    number = till.new_number()
    (line,) = sell(till.database, Sold(quantity=pieces * 1000, paid=paid), number=number)
    good: dict[str, tuple[int, int]] = {}

    def adds_up() -> None:
        balance = till.database.read(lambda s: balances(s, [line])).get(line, Balance())
        assert balance.taken == 1000 * sum(count for count, _fen in good.values())
        assert balance.fen == sum(fen for _count, fen in good.values()) <= paid
        assert balance.fen == paid or balance.taken < pieces * 1000

    for makes_void, count in (*turns, (False, pieces)):
        left = pieces - sum(taken for taken, _fen in good.values())
        if makes_void and good:
            code = sorted(good)[count % len(good)]
            void(till, code)
            del good[code]
        elif left:
            code, fen = bring_back(till, number, line, min(count, left))
            good[code] = (min(count, left), fen)
        adds_up()
    for code in list(good):
        void(till, code)
        del good[code]
        adds_up()
    assert bring_back(till, number, line, pieces)[1] == paid


def bring_back(till: Till, number: str, line: int, pieces: int) -> tuple[str, int]:
    """So many pieces come back with a fault; return the code of their form, and its fen."""
    clerk, work = till.clerk, till.work
    case_id = work(clerk, lambda s, a: drafting.open_return(s, a, number))
    work(clerk, lambda s, a: drafting.choose_line(s, a, case_id, line, pieces * 1000))
    said = {Answer.FAULT_CONFIRMED: True}
    work(
        clerk,
        lambda s, a: drafting.describe(s, a, case_id, line, reason=Reason.QUALITY_FAULT, answers=said),
    )
    work(clerk, lambda s, a: drafting.all_in_order(s, a, case_id, line))
    work(clerk, lambda s, a: drafting.submit(s, a, case_id, s.get_one(Case, case_id).revision))
    signed = (till.manager, case_id)
    (form_no,) = work(
        clerk, lambda s, a: approval.approve(s, a, *signed, s.get_one(Case, case_id).revision, approval.TICKS)
    )
    form = till.stored(form_no)
    return form.code, form.amount
