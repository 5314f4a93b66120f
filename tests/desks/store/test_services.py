"""What IT does for the store, and who else may not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core import staff
from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.database import Database
from counterapp.core.journal import JournalEntry
from counterapp.core.print_queue import PrintJob
from counterapp.core.staff import NewPerson, Person
from counterapp.desks.returns.services import drafting
from counterapp.desks.store import services
from counterapp.errors import BadInput, NotAllowed, Refused
from printers.document import Code, Slip, from_json
from tests.conftest import KEYS, PIN, Hire, PlayedClock
from tests.core.till import many, receipt, rows_of, text_of, write
from tests.return_forms.goods import Sold, sell

NEW = NewPerson("6012", "王丽", Role.CLERK, PIN)
Act = Callable[[Session, Actor, int], object]


@pytest.fixture
def it(hire: Hire, clock: PlayedClock) -> Actor:
    """Somebody of IT at station 2."""
    return Actor(hire("9002", Role.IT), "2", clock)


def acts(database: Database) -> list[tuple[str, str | None]]:
    entries = select(JournalEntry.act, JournalEntry.refused).where(JournalEntry.chain == "2").order_by(JournalEntry.id)
    return [(row.act, row.refused) for row in database.read(lambda s: s.execute(entries).all())]


def test_it_adds_somebody_who_may_sign_in_at_once(database: Database, it: Actor, clock: PlayedClock) -> None:
    pin_hash = staff.hash_pin(PIN, KEYS.pepper)
    added = database.command(it, "staff.add", lambda s: services.add(s, it, NEW, pin_hash))
    assert staff.sign_in(database, "6012", PIN, "2", clock) == Signer(added, "6012", "王丽", Role.CLERK)
    assert acts(database)[0] == ("staff.add", None)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.IT])
def test_nobody_else_changes_accounts_and_the_attempt_is_journalled(
    database: Database, hire: Hire, clock: PlayedClock, role: Role
) -> None:
    other, target = Actor(hire("5001", role), "2", clock), hire("6013")
    tried: list[Act] = [
        lambda s, a, _id: services.add(s, a, NEW, "hash"),
        lambda s, a, person: services.give_pin(s, a, person, "hash"),
        services.block,
        services.unblock,
        services.print_badge,
    ]
    for act in tried:
        with pytest.raises(NotAllowed):
            database.command(other, "tried", lambda s, act=act: act(s, other, target.person_id))  # type: ignore[misc]
    assert acts(database) == [("tried", "Staff accounts are changed by IT.")] * len(tried)
    assert staff.prove(database, "6013", PIN, "2", clock) == target


def test_a_blocked_account_is_let_in_no_more_until_it_is_unblocked(
    database: Database, it: Actor, hire: Hire, clock: PlayedClock
) -> None:
    person = hire("6013")
    database.command(it, "staff.block", lambda s: services.block(s, it, person.person_id))
    with pytest.raises(NotAllowed):
        staff.prove(database, "6013", PIN, "2", clock)
    database.command(it, "staff.unblock", lambda s: services.unblock(s, it, person.person_id))
    assert staff.prove(database, "6013", PIN, "2", clock) == person


def test_it_cannot_lock_itself_out(database: Database, it: Actor) -> None:
    with pytest.raises(Refused):
        database.command(it, "staff.block", lambda s: services.block(s, it, it.person.person_id))


def test_the_badge_that_is_printed_signs_in(database: Database, it: Actor, hire: Hire, clock: PlayedClock) -> None:
    person = hire("6013", Role.CLERK, "欧阳娜娜")
    database.command(it, "staff.badge", lambda s: services.print_badge(s, it, person.person_id))
    job = database.read(lambda s: s.scalars(select(PrintJob)).one())
    slip = from_json(job.document)
    assert isinstance(slip, Slip)
    (code,) = (line for line in slip.lines if isinstance(line, Code))
    assert staff.prove(database, code.text, PIN, "2", clock) == person
    assert "欧阳娜娜" in job.document
    assert "客服员" in job.document
    assert job.station == "2"


def test_receipts_come_in_with_what_is_wrong_named_and_the_journal_says_so(
    database: Database, it: Actor, tmp_path: Path
) -> None:
    rows = rows_of([*many(20), receipt("0101012611300099", receipt_total="1.00")])
    path = write(tmp_path / "sales.csv", text_of(rows))
    report = services.bring_in(database, it, path)
    assert (report.receipts, len(report.rejected)) == (20, 1)
    entry = database.read(lambda s: s.scalars(select(JournalEntry).where(JournalEntry.act == "sales.import")).one())
    assert entry.person_id == it.person.person_id
    assert entry.changes[0]["after"] == {
        "file": str(path), "set_aside": 1, "cancelled": False, "receipts": 20, "lines": 60, "unchanged": 0
    }  # fmt: skip


@pytest.mark.parametrize("role", [Role.CLERK, Role.CASHIER, Role.CASH_OFFICE, Role.AUDITOR])
def test_receipts_are_not_brought_in_by_just_anybody(
    database: Database, hire: Hire, clock: PlayedClock, tmp_path: Path, role: Role
) -> None:
    path = write(tmp_path / "sales.csv", text_of(rows_of(many(1))))
    with pytest.raises(NotAllowed):
        services.bring_in(database, Actor(hire("6013", role), "2", clock), path)
    assert database.read(lambda s: services.overview(s, clock())).newest_receipt is None


def test_a_file_that_is_no_export_is_said_to_be_none(database: Database, it: Actor, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        services.bring_in(database, it, write(tmp_path / "letter.txt", "Dear Sir,\r\n"))
    assert acts(database) == []


def test_the_overview_follows_the_store_from_its_first_day(database: Database, hire: Hire, clock: PlayedClock) -> None:
    def seen() -> services.Overview:
        return database.read(lambda s: services.overview(s, clock()))

    first = seen()
    assert ([person.number for person in first.people], first.has_counter_staff) == (["9001"], False)
    assert (first.newest_receipt, first.is_used) == (None, False)
    clerk = Actor(hire("6012"), "2", clock)
    sell(database, Sold())
    assert seen().has_counter_staff
    assert seen().newest_receipt == dt.datetime.combine(dt.date(2026, 11, 18), dt.time(18, 42))
    assert not seen().is_used
    database.command(clerk, "o", lambda s: drafting.open_return(s, clerk, "0101072611180387"))
    assert seen().is_used
    for number in ("6012", "7777"):
        with pytest.raises(NotAllowed):
            staff.prove(database, number, "000001", "2", clock)
    assert seen().tries[clerk.person.person_id].wrong == 1
    assert [one.refused for one in seen().unknown] == [1]
    clock.forward(days=8)
    assert (seen().tries, seen().unknown) == ({}, [])


def test_somebody_blocked_is_no_counter_staff(database: Database, hire: Hire, clock: PlayedClock) -> None:
    person = hire("6012")

    def block(session: Session) -> None:
        session.get_one(Person, person.person_id).active = False

    database.run(block)
    assert not database.read(lambda s: services.overview(s, clock())).has_counter_staff
