"""A collection: what a scanned token is, which locker's piece confirms it, and who releases what stayed overnight."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from sqlalchemy import select, text

from counterapp.core.actor import Role, Signer
from counterapp.core.codes import new_code
from counterapp.core.journal import JournalEntry
from counterapp.desks.bagcheck.models import Deposit
from counterapp.desks.bagcheck.services import collecting
from counterapp.desks.bagcheck.services.collecting import DepositDetails, LockersPiece
from counterapp.errors import CounterError, NotAllowed, NotFound, Overtaken, Refused
from tests.conftest import Hire, PlayedClock
from tests.desks.bagcheck.counter import Counter


def test_the_scanned_token_shows_its_locker_and_the_things(counter: Counter) -> None:
    counter.deposit()
    taken = counter.deposit(pieces=2, description="红色拉杆箱")
    seen = counter.scan(counter.codes(taken["deposit"])[0])
    assert isinstance(seen, DepositDetails)
    assert (seen.locker, seen.pieces, seen.description, seen.overnight) == ("2", 2, "红色拉杆箱", False)


def test_the_lockers_piece_confirms_and_that_of_another_locker_is_refused_by_name(counter: Counter) -> None:
    mine, other = counter.deposit(), counter.deposit()
    with pytest.raises(Refused) as met:
        counter.collect(mine["deposit"], counter.codes(other["deposit"])[1])
    assert met.value.values["number"] == mine["locker"]
    counter.collect(mine["deposit"], counter.codes(mine["deposit"])[1])
    assert counter.look(mine["deposit"]).state == "collected"
    refused = counter.database.read(
        lambda s: s.scalars(select(JournalEntry.refused).where(JournalEntry.refused.is_not(None))).all()
    )
    assert len(refused) == 1


def test_the_lockers_piece_alone_opens_nothing(counter: Counter) -> None:
    taken = counter.deposit()
    seen = counter.scan(counter.codes(taken["deposit"])[1] or "")
    assert seen == LockersPiece(taken["deposit"], taken["revision"], taken["locker"])


def test_each_token_that_opens_nothing_says_why(counter: Counter, supervisor: Signer, clock: PlayedClock) -> None:
    old, used, void = counter.deposit(), counter.deposit(), counter.deposit()
    counter.collect(old["deposit"])
    clock.forward(days=1)
    counter.collect((today := counter.deposit())["deposit"])
    counter.release(void["deposit"], supervisor)
    counter.collect(void["deposit"])
    fresh = counter.deposit()
    counter.void(fresh["deposit"], supervisor)
    codes = [counter.codes(one["deposit"])[0] for one in (old, today, fresh)]
    mistyped = (
        f"{used_code[:-1]}{(int(used_code[-1]) + 1) % 10}" if (used_code := counter.codes(used["deposit"])[0]) else ""
    )
    sentences = [
        _refused(counter, code) for code in (*codes, mistyped, new_code("BT"), new_code("RF"), "6924781363335")
    ]
    assert sentences == [
        "This token is of an earlier day and was used on 2026-11-21. It opens nothing today.",
        "This token was used today at 14:32; its things were collected. It opens nothing any more.",
        "This token was made void on 2026-11-22. It opens nothing.",
        "{code} was read wrong or mistyped. Scan it again, or type all of it again.",
        "No deposit of this store has the token {code}. Look at what was scanned.",
        "{code} is no token: it belongs to another desk.",
        "“{code}” is no token of this counter. Look at what was scanned.",
    ]


def test_yesterdays_slip_does_not_open_todays_locker(counter: Counter, clock: PlayedClock) -> None:
    old = counter.deposit()
    counter.collect(old["deposit"])
    clock.forward(days=1)
    new = counter.deposit()
    assert new["locker"] == old["locker"]
    with pytest.raises(Refused):
        counter.scan(counter.codes(old["deposit"])[0])
    with pytest.raises(Refused):
        counter.collect(new["deposit"], counter.codes(old["deposit"])[1])


def test_a_token_typed_in_groups_and_small_letters_is_read(counter: Counter) -> None:
    taken = counter.deposit()
    code = counter.codes(taken["deposit"])[0]
    assert counter.scan(f" {code[:2].lower()} {code[2:6]} {code[6:]}").id == taken["deposit"]


def test_two_who_give_out_one_deposit_do_so_once(counter: Counter) -> None:
    taken = counter.deposit()
    counter.do(collecting.collect, taken["deposit"], taken["revision"])
    with pytest.raises(CounterError):
        counter.do(collecting.collect, taken["deposit"], taken["revision"])


def test_what_stayed_overnight_needs_a_second_person(
    counter: Counter, hire: Hire, supervisor: Signer, clock: PlayedClock
) -> None:
    own = counter.as_(supervisor).deposit()["deposit"]
    left = counter.deposit()["deposit"]
    clock.forward(days=2)
    assert (counter.look(left).overnight, counter.look(left).nights) == (True, 2)
    with pytest.raises(Refused):
        counter.collect(left)
    with pytest.raises(NotAllowed):
        counter.release(left, hire("6013", Role.CLERK))
    with pytest.raises(NotAllowed):
        counter.release(own, supervisor)  # took it in
    second = hire("5004", Role.SUPERVISOR)
    with pytest.raises(NotAllowed):
        counter.as_(second).release(left, second)
    counter.release(left, supervisor)
    with pytest.raises(NotAllowed):
        counter.as_(supervisor).collect(left)
    counter.collect(left)
    assert counter.look(left).state == "collected"


def test_a_supervisor_signs_at_their_own_station_or_sends_it_back(
    counter: Counter, supervisor: Signer, clock: PlayedClock
) -> None:
    left = counter.deposit()["deposit"]
    clock.forward(days=1)
    upstairs = counter.as_(supervisor, "9")
    counter.do(collecting.ask_release, left, counter.look(left).revision)
    with pytest.raises(CounterError):
        counter.collect(left)
    upstairs.do(collecting.refuse_release, supervisor, left, counter.look(left).revision, "请顾客本人来")
    assert (counter.look(left).state, counter.look(left).released) == ("stored", False)
    counter.do(collecting.ask_release, left, counter.look(left).revision)
    upstairs.release(left, supervisor)
    assert (counter.look(left).state, counter.look(left).released) == ("stored", True)
    with pytest.raises(Refused):
        counter.release(left, supervisor)
    counter.collect(left)


_END = "UPDATE deposits SET ended_at = '2026-11-23 08:00:00', ended_on = '2026-11-23', ended_by = {who} WHERE id = :id"


def test_the_database_gives_out_nothing_overnight_unsigned_or_signed_by_its_giver(
    counter: Counter, supervisor: Signer, clock: PlayedClock
) -> None:
    left = counter.deposit()["deposit"]
    clock.forward(days=2)
    with pytest.raises(CounterError):
        _sql(counter, _END.format(who=counter.actor.person.person_id), left)
    counter.release(left, supervisor)
    with pytest.raises(NotAllowed):
        _sql(counter, _END.format(who=supervisor.person_id), left)
    with pytest.raises(Exception, match="keep_deposits"), counter.database.engine.begin() as connection:
        connection.execute(text("UPDATE deposits SET deposited_on = '2026-11-23'"))
    _sql(counter, _END.format(who=counter.actor.person.person_id), left)


def test_the_database_takes_no_release_that_was_not_given_for_this_deposit(
    counter: Counter, supervisor: Signer, clock: PlayedClock
) -> None:
    left, other = counter.deposit()["deposit"], counter.deposit()["deposit"]
    clock.forward(days=1)
    counter.release(left, supervisor)
    columns = ("approval_id", "act", "decision", "signed_by")
    copied = ", ".join(f"{one} = (SELECT {one} FROM deposits WHERE id = {left})" for one in columns)
    with pytest.raises(CounterError):
        _sql(counter, f"UPDATE deposits SET {copied} WHERE id = :id", other)
    for lacking in itertools.chain(columns[1:]):
        with pytest.raises(CounterError):
            _sql(counter, f"UPDATE deposits SET {lacking} = NULL WHERE id = :id", left)


def test_the_cash_office_may_look_and_gives_nothing_out(counter: Counter, hire: Hire) -> None:
    taken = counter.deposit()
    cash_office = counter.as_(hire("8001", Role.CASH_OFFICE))
    assert cash_office.scan(counter.codes(taken["deposit"])[0]).id == taken["deposit"]
    with pytest.raises(NotAllowed):
        cash_office.collect(taken["deposit"])
    with pytest.raises(NotAllowed):
        counter.as_(hire("7002", Role.IT)).scan(counter.codes(taken["deposit"])[0])


def test_an_unknown_deposit_is_named_as_such(counter: Counter) -> None:
    with pytest.raises(NotFound):
        counter.look(4711)
    taken = counter.deposit()
    with pytest.raises(Overtaken):
        counter.do(collecting.collect, taken["deposit"], taken["revision"] + 1)
    assert counter.database.read(lambda s: s.get_one(Deposit, taken["deposit"]).deposited_on) == dt.date(2026, 11, 21)


def _refused(counter: Counter, code: str) -> str:
    """Return what is said to `code`; a code that does not open may not show any locker's number."""
    with pytest.raises(Refused) as met:
        counter.scan(code)
    values = {name: value for name, value in met.value.values.items() if name != "code"}
    return met.value.message.format(code="{code}", **values)


def _sql(counter: Counter, statement: str, deposit_id: int) -> None:
    counter.database.run(lambda s: s.execute(text(statement), {"id": deposit_id}))
