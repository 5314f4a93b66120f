"""Who is let in: badges, numbers, PINs, waiting after wrong ones."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core import staff
from counterapp.core.actor import Role, Signer
from counterapp.core.database import Database
from counterapp.core.journal import JournalEntry
from counterapp.core.staff import NewPerson, Person
from counterapp.errors import BadInput, NotAllowed
from tests.conftest import KEYS, PIN, Hire, PlayedClock


def test_number_or_badge_and_pin_let_in(database: Database, hire: Hire, clock: PlayedClock) -> None:
    lisa = hire("6012")
    badge = database.read(lambda s: s.get_one(Person, lisa.person_id)).badge
    assert staff.sign_in(database, "6012", PIN, "2", clock) == lisa
    assert staff.sign_in(database, badge, PIN, "2", clock) == lisa


@pytest.mark.parametrize(("who", "pin"), [("6012", "271829"), ("6013", PIN), ("", ""), ("6012", "")])
def test_a_wrong_pin_and_an_unknown_number_are_told_alike(
    database: Database, hire: Hire, clock: PlayedClock, who: str, pin: str
) -> None:
    hire("6012")
    with pytest.raises(NotAllowed) as refused:
        staff.prove(database, who, pin, "2", clock)
    assert refused.value.message == "Number and PIN do not belong together. Try again."


def test_wrong_pins_make_the_next_try_wait_and_stand_in_the_journal(
    database: Database, hire: Hire, clock: PlayedClock
) -> None:
    hire("6012")
    for _ in range(3):
        _wrong(database, clock)
    with pytest.raises(NotAllowed, match="2"):
        staff.prove(database, "6012", PIN, "2", clock)
    clock.forward(seconds=2)
    assert staff.prove(database, "6012", PIN, "2", clock).number == "6012"
    acts = database.read(lambda s: list(s.scalars(select(JournalEntry.act))))
    assert acts.count("staff.wrong_pin") == 3
    _wrong(database, clock)  # the count began again
    assert staff.prove(database, "6012", PIN, "2", clock).number == "6012"


def test_no_account_is_tried_more_than_ten_times_an_hour(database: Database, hire: Hire, clock: PlayedClock) -> None:
    hire("6012")
    tries = []
    for second in range(0, 2 * 3600 + 300, 20):
        with pytest.raises(NotAllowed) as refused:
            staff.prove(database, "6012", "000000", "2", clock)
        if "together" in refused.value.message:
            tries.append(second)
        clock.forward(seconds=20)
    assert max(sum(1 for one in tries if start <= one < start + 3600) for start in tries) == 10


def test_tries_at_the_same_moment_are_all_counted(database: Database, hire: Hire, clock: PlayedClock) -> None:
    hire("6012")
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _n: _try_wrong(database, clock), range(8)))
    assert database.read(lambda s: s.scalars(select(Person.wrong_tries).where(Person.number == "6012")).one()) == 3


def test_a_clock_set_back_locks_nobody_out(database: Database, hire: Hire, clock: PlayedClock) -> None:
    hire("6012")
    for _ in range(3):
        _wrong(database, clock)
    clock.forward(days=-1)
    assert staff.prove(database, "6012", PIN, "2", clock).number == "6012"


@pytest.mark.parametrize("pin", ["12345", "123456789", "12a456", "111111", "123456", "987654", ""])
def test_a_pin_that_is_too_short_or_too_easy_is_refused(pin: str) -> None:
    with pytest.raises(BadInput):
        staff.hash_pin(pin, KEYS.pepper)


def test_the_same_pin_hashes_differently_under_another_pepper(
    database: Database, hire: Hire, clock: PlayedClock
) -> None:
    hire("6012")
    stolen = Database(database.url.render_as_string(hide_password=False), type(KEYS)(b"x" * 32, KEYS.journal))
    with stolen, pytest.raises(NotAllowed):
        staff.prove(stolen, "6012", PIN, "2", clock)


def test_a_number_is_given_once(database: Database, hire: Hire) -> None:
    hire("6012")
    with pytest.raises(BadInput) as refused:
        hire("6012")
    assert "in use already" in refused.value.message


@pytest.mark.parametrize("number", ["", "60 12", "1234567890123", "六〇一二"])
def test_a_number_that_cannot_be_typed_is_refused(database: Database, number: str) -> None:
    with pytest.raises(BadInput):
        database.run(lambda s: staff.add_person(s, NewPerson(number, "x", Role.CLERK, PIN), "hash"))


def test_somebody_without_a_pin_cannot_sign_in(database: Database, hire: Hire, clock: PlayedClock) -> None:
    signer: Signer = hire("6012")

    def take_pin(session: Session) -> None:
        session.get_one(Person, signer.person_id).pin_hash = None

    database.run(take_pin)
    with pytest.raises(NotAllowed):
        staff.prove(database, "6012", PIN, "2", clock)


def _try_wrong(database: Database, clock: PlayedClock) -> None:
    with contextlib.suppress(NotAllowed):
        staff.prove(database, "6012", "000000", "2", clock)


def _wrong(database: Database, clock: PlayedClock) -> None:
    with pytest.raises(NotAllowed):
        staff.prove(database, "6012", "000000", "2", clock)
