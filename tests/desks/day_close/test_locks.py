"""Nothing comes into a closed day; a manager opens it again; its seal tells what was changed behind the program."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from counterapp.core.actor import Actor, Signer
from counterapp.core.business_day import DaySeal, booking_day
from counterapp.core.cases import Case
from counterapp.core.database import Database
from counterapp.desks.day_close.services import seals
from counterapp.desks.day_close.services.open_items import CheckKind
from counterapp.desks.returns.services import drafting
from counterapp.errors import BadInput, CounterError, NotAllowed, Overtaken, Refused
from counterapp.return_forms.models import FormClosure, ReturnForm
from counterapp.return_forms.terms import Reason
from tests.conftest import Hire, PlayedClock
from tests.desks.day_close.closings import (
    close,
    closing_by,
    explain,
    explain_all,
    look,
    reopen,
    settle_all,
    tamper,
    verified,
)
from tests.desks.returns.test_walk import Desk
from tests.return_forms.booked import Booked
from tests.return_forms.goods import Sold, sell

TODAY = dt.date(2026, 11, 21)
DAY = dt.timedelta(days=1)


@pytest.fixture
def desk(database: Database, clerk: Actor, supervisor: Signer) -> Booked:
    return Booked(database, clerk, supervisor)


# Nothing comes into a closed day


def test_what_comes_after_the_closing_counts_for_the_next_day_whatever_the_clock_says(
    desk: Booked, clock: PlayedClock
) -> None:
    first, second, third = (desk.make(1000) for _ in range(3))
    settle_all(desk)
    close(desk)
    desk.redeem(first)
    desk.make(500)
    clock.forward(days=-3)
    desk.void(second)
    desk.make(600)
    desk.redeem(third, 400, rest="new_form")
    booked = desk.database.read(
        lambda session: [
            set(session.scalars(select(model.booked_on).where(which)))
            for model, which in ((ReturnForm, ReturnForm.number > third), (FormClosure, FormClosure.form_id > 0))
        ]
    )
    assert booked == [{TODAY + DAY}, {TODAY + DAY}]
    assert verified(desk) == []
    assert [entry.number for entry in look(desk, TODAY).register.forms] == [first, second, third]
    clock.forward(days=4)
    assert look(desk).day == TODAY + DAY


def test_a_day_is_closed_once_in_order_and_not_before_it_has_come(desk: Booked, clock: PlayedClock) -> None:
    close(desk)
    with pytest.raises(Overtaken):
        close(desk)
    with pytest.raises(Refused):
        close(desk, TODAY + DAY)
    desk.make(1000)  # counts for tomorrow
    clock.forward(days=2)
    desk.make(500)
    assert look(desk).day == TODAY + DAY
    assert not look(desk, TODAY + 2 * DAY).closable
    settle_all(desk, TODAY + 2 * DAY)
    with pytest.raises(Refused):
        close(desk, TODAY + 2 * DAY)
    settle_all(desk, TODAY + DAY)
    close(desk, TODAY + DAY)
    settle_all(desk, TODAY + 2 * DAY)
    assert close(desk, TODAY + 2 * DAY) == 3


def test_days_are_leafed_through_by_what_happened_on_them(desk: Booked, clock: PlayedClock) -> None:
    desk.make(1000)
    clock.forward(days=3)
    desk.make(1000)
    clock.forward(days=2)
    day = look(desk)
    assert (day.day, day.earlier, day.later) == (TODAY + 5 * DAY, TODAY + 3 * DAY, None)
    day = look(desk, TODAY + 3 * DAY)
    assert (day.earlier, day.later) == (TODAY, TODAY + 5 * DAY)
    assert look(desk, TODAY).earlier is None


def test_whoever_closes_a_day_waits_for_those_who_book_into_it(desk: Booked) -> None:
    booked, go_on = threading.Event(), threading.Event()

    def slow(session: Session) -> dt.date:
        day = booking_day(session, desk.actor)
        booked.set()
        assert go_on.wait(30)
        desk.printed_at(session, desk.add(session, 1000))
        return day

    def shut() -> int:
        assert booked.wait(30)
        return close(desk.at("5"))

    explain(desk, "sheet:百货部", "stock:lines")
    with ThreadPoolExecutor(2) as pool:
        approving, shutting = pool.submit(desk.at("4").run, slow), pool.submit(shut)
        assert booked.wait(30)
        if not desk.database.is_sqlite:
            until(lambda: desk.database.read(_waiting_for_locks) > 0)
        assert not shutting.done()
        go_on.set()
        assert (approving.result(), shutting.result()) == (TODAY, 1)
    content = desk.database.read(lambda session: session.scalars(select(DaySeal)).one()).content
    assert content["made"]["Return forms"] == [1, 1000]


def _waiting_for_locks(session: Session) -> int:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    return session.scalar(waiting) or 0


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_no_form_slips_into_a_day_that_is_being_closed(desk: Booked) -> None:
    """Stations make and end forms while another closes the day: each is in the closed day's register, or after."""
    spare = [desk.make(1000) for _ in range(8)]
    desk.redeem(spare.pop())
    explain_all(desk)
    stations, each = "345", 6
    begun = threading.Barrier(len(stations) + 1)

    def work(station: str) -> None:
        at = desk.at(station)
        begun.wait()
        for place in range(each):
            number = at.make(100 + place)
            at.redeem(spare.pop() if spare else number)

    def shut() -> int:
        begun.wait()
        return close(desk)

    with ThreadPoolExecutor(4) as pool:
        working = [pool.submit(work, station) for station in stations]
        assert pool.submit(shut).result() == 1
        for station in working:
            station.result()
    assert verified(desk) == []
    closed, after = look(desk, TODAY).register, look(desk, TODAY + DAY).register
    numbers = [entry.number for entry in (*closed.forms, *after.forms)]
    assert numbers == list(range(1, 8 + len(stations) * each + 1))
    content = desk.database.read(lambda session: session.scalars(select(DaySeal)).one()).content
    assert content["made"]["Return forms"] == [closed.made.count, closed.made.fen]
    assert content["account"]["Good after"] == [closed.after.count, closed.after.fen]


def test_of_two_who_close_one_day_one_wins(desk: Booked, hire: Hire) -> None:
    others = [dataclasses.replace(desk.actor, person=hire(f"602{place}"), station=str(place)) for place in range(4)]

    def shut(actor: Actor) -> bool:
        try:
            desk.database.command(actor, "return.close_day", closing_by(actor, desk.signer))
        except CounterError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(shut, others)) == 1
    assert desk.database.read(lambda session: [seal.seq for seal in session.scalars(select(DaySeal))]) == [1]


# Opened again


def test_only_a_manager_opens_the_last_closed_day_again_with_a_reason(
    desk: Booked, manager: Signer, clock: PlayedClock
) -> None:
    close(desk)
    clock.forward(days=1)
    desk.make(1000)
    settle_all(desk, TODAY + DAY)
    close(desk, TODAY + DAY)
    with pytest.raises(NotAllowed):
        reopen(desk, desk.signer, TODAY + DAY)
    with pytest.raises(BadInput):
        reopen(desk, manager, TODAY + DAY, " ")
    with pytest.raises(Refused):
        reopen(desk, manager, TODAY)
    assert reopen(desk, manager, TODAY + DAY) == 3
    number = desk.make(700)
    day = look(desk, TODAY + DAY)
    assert (day.closed, day.closable) == (False, True)
    assert number in [entry.number for entry in day.register.forms]
    assert [(seal.act, seal.reason) for seal in day.seals] == [("closed", ""), ("reopened", "漏记一张")]
    settle_all(desk, TODAY + DAY)
    assert close(desk, TODAY + DAY) == 4
    assert verified(desk) == []


# The seals


def test_a_day_whose_forms_were_changed_behind_the_programs_back_is_named(desk: Booked) -> None:
    desk.make(1000)
    settle_all(desk)
    close(desk)
    assert verified(desk) == []
    tamper(desk, "return_forms", "update", "UPDATE return_forms SET settlement = 'cash' WHERE id = 1")
    assert verified(desk) == ["Seal 1 of 2026-11-21: Forms of the day, or what became of them, are not as they were."]


@pytest.mark.parametrize(
    ("act", "statement", "said"),
    [
        ("update", "UPDATE day_seals SET reason = 'x' WHERE seq = 2", ["Seal 2 of 2026-11-22: It was changed"]),
        ("update", "UPDATE day_seals SET signed_by = done_by WHERE act = 'reopened'", ["Seal 3 of 2026-11-22: It was"]),
        ("delete", "DELETE FROM day_seals WHERE seq = 2", ["Seal 2: It is missing", "Seal 3 of 2026-11-22: It was"]),
        (
            "delete",
            "DELETE FROM day_seals WHERE seq = 3",
            ["Seal 2 of 2026-11-22: The day was", "Seal 3: It is missing"],
        ),
    ],
)
def test_a_seal_that_was_changed_or_taken_out_is_named(
    desk: Booked, manager: Signer, clock: PlayedClock, act: str, statement: str, said: list[str]
) -> None:
    close(desk)
    clock.forward(days=1)
    close(desk, TODAY + DAY)
    reopen(desk, manager, TODAY + DAY)
    assert verified(desk) == []
    tamper(desk, "day_seals", act, statement)
    found = verified(desk)
    assert [one for one, start in zip(found, said, strict=True) if one.startswith(start)] == found


def test_a_seal_that_was_made_anew_is_not_the_one_that_the_journal_tells_of(desk: Booked) -> None:
    close(desk)
    seal = desk.database.read(lambda session: session.scalars(select(DaySeal)).one())
    seal.station = "elsewhere"
    digest = seals._digest(seal, seals._START)
    tamper(desk, "day_seals", "update", f"UPDATE day_seals SET station = 'elsewhere', digest = '{digest}'")
    (found,) = verified(desk)
    assert found.endswith("It is not the one that the journal tells of.")


def test_whose_signature_a_closed_days_form_stands_on_cannot_be_changed_unseen(desk: Booked) -> None:
    desk.make(1000)
    settle_all(desk)
    close(desk)
    tamper(desk, "approvals", "update", "UPDATE approvals SET reason = 'x'")
    (found,) = verified(desk)
    assert "Forms of the day" in found


def test_a_day_that_was_opened_without_a_seal_is_named(desk: Booked) -> None:
    close(desk)
    tamper(desk, "return_days", "update", "UPDATE return_days SET closed = false")
    assert verified(desk) == ["Seal 1 of 2026-11-21: The day was closed or opened again without a seal."]


def test_a_journal_that_was_written_anew_does_not_fit_the_seal(desk: Booked) -> None:
    desk.make(1000)
    settle_all(desk)
    close(desk)
    content = desk.database.read(lambda session: session.scalars(select(DaySeal)).one()).content
    seq = content["heads"][0][1]
    assert json.dumps(content)
    tamper(desk, "journal", "update", f"UPDATE journal SET mac = '{'0' * 64}' WHERE seq = {seq}")
    (said,) = verified(desk)
    assert said == "Seal 1 of 2026-11-21: A journal's last value of that day is no longer in the journal."


def test_what_was_begun_and_never_sent_is_asked_for_on_its_own_day_only(
    desk: Booked, database: Database, clerk: Actor, clock: PlayedClock
) -> None:
    (line,) = sell(database, Sold())
    draft = Desk(database, clerk)
    draft.open()
    draft.do(drafting.choose_line, line, 1000)
    draft.do(drafting.describe, line, reason=Reason.QUALITY_FAULT)
    assert [item.kind for item in look(desk).items] == [CheckKind.DRAFT]
    explain_all(desk)
    close(desk)
    clock.forward(days=1)
    assert look(desk).items == ()
    assert database.read(lambda session: session.get_one(Case, draft.case_id).state) == "draft"
