"""The desk against a small model of it: whatever is done in whatever order, no locker holds two deposits, none is lost,
nothing opens before its time, and every code says what it is."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import itertools
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.database import Database
from counterapp.core.journal_verify import verify
from counterapp.desks.bagcheck.rules import Piece, Size
from counterapp.desks.bagcheck.services import days, figures
from counterapp.desks.bagcheck.services.collecting import Alarm, DepositDetails, LockersPiece
from counterapp.errors import CounterError
from tests.conftest import Hire, PlayedClock
from tests.desks.bagcheck.counter import Counter, lay

_LOCKERS = {"1": Size.SMALL, "2": Size.SMALL, "3": Size.SMALL, "4": Size.MEDIUM, "5": Size.LARGE}
_receipts = itertools.count(1)


@dataclasses.dataclass
class Held:
    """What the model knows of one deposit; `step` is the lost token's, "" while none is lost."""

    id: int
    locker: str
    day: dt.date
    taken_in_by: int
    customers: str
    lockers: str
    overnight: bool = False
    signed_by: int = 0
    step: str = ""
    piece: Piece = Piece.CUSTOMER
    end: str = ""


def any_held(desk: Desk) -> bool:
    return bool(desk.held)


class Desk(RuleBasedStateMachine):
    person = st.integers(0, 3)
    place = st.integers(0, 9)

    def __init__(self, people: list[Counter], clock: PlayedClock) -> None:
        super().__init__()
        self.people, self.clock = people, clock
        # Each run begins on a morning of its own.
        clock.now = (clock.now + dt.timedelta(days=2)).replace(hour=1)
        self.held: list[Held] = []
        self.lost_codes: set[str] = set()
        self.closed: set[dt.date] = set()

    @property
    def today(self) -> dt.date:
        return self.people[0].actor.today()

    def live(self) -> list[Held]:
        return [one for one in self.held if not one.end]

    def one(self, place: int) -> Held:
        """Return one of those that are there or have just gone."""
        ended = [one for one in self.held if one.end]
        pool = [*self.live(), *ended[-2:]]
        return pool[place % len(pool)]

    def stays(self, one: Held) -> bool:
        return one.overnight or one.day < self.today

    def expect(self, allowed: bool, act: Callable[..., Any], *args: Any) -> Any:
        """Do it; it succeeds where the model allows it and is refused in words where not."""
        try:
            answer = act(*args)
        except CounterError as refused:
            assert not allowed, refused
            return None
        assert allowed, f"{act} should have been refused"
        return answer

    @rule(who=person, size=st.sampled_from(Size))
    def deposit(self, who: int, size: Size) -> None:
        taken = {one.locker for one in self.live()}
        free = [number for number, its in _LOCKERS.items() if its is size and number not in taken]
        answer = self.expect(bool(free) and self.today not in self.closed, self.people[who].deposit, size)
        if answer is None:
            return
        assert answer["locker"] == free[0]
        customers, lockers = self.people[who].codes(answer["deposit"])
        person = self.people[who].actor.person.person_id
        self.held.append(Held(answer["deposit"], free[0], self.today, person, customers, lockers or ""))

    @precondition(any_held)
    @rule(place=place, beside=place, who=person, by=st.sampled_from(["key", "piece", "another's"]))
    def collect(self, place: int, beside: int, who: int, by: str) -> None:
        one, other = self.one(place), self.one(beside)
        piece = {"key": None, "piece": one.lockers, "another's": other.lockers}[by]
        person = self.people[who].actor.person.person_id
        settled = one.step in {"", "paid"} or (one.step == "told" and one.piece is Piece.COUNTER)
        signed = not self.stays(one) or one.signed_by not in {0, person}
        allowed = not one.end and settled and signed and piece in {None, one.lockers}
        self.expect(allowed, self.people[who].collect, one.id, piece)
        if allowed:
            one.end = "collected"

    @precondition(any_held)
    @rule(place=place, who=person, by=person)
    def release(self, place: int, who: int, by: int) -> None:
        one = self.one(place)
        signer = self.people[by].actor.person
        second = signer.person_id not in {one.taken_in_by, self.people[who].actor.person.person_id}
        allowed = not one.end and self.stays(one) and not one.signed_by and second and signer.role is not Role.CLERK
        self.expect(allowed, self.people[who].release, one.id, signer)
        if allowed:
            one.signed_by = signer.person_id

    @precondition(any_held)
    @rule(place=place, who=person, by=person)
    def void(self, place: int, who: int, by: int) -> None:
        one = self.one(place)
        signer = self.people[by].actor.person
        second = signer.person_id not in {one.taken_in_by, self.people[who].actor.person.person_id}
        allowed = not one.end and not one.step and second and signer.role is not Role.CLERK
        self.expect(allowed, self.people[who].void, one.id, signer)
        if allowed:
            one.end = "void"

    @precondition(any_held)
    @rule(place=place, who=person, piece=st.sampled_from(Piece))
    def report(self, place: int, who: int, piece: Piece) -> None:
        one = self.one(place)
        allowed = not one.end and not one.step
        self.expect(allowed, self.people[who].report, one.id, piece)
        if allowed:
            one.step, one.piece = "lost", piece
            self.lost_codes.add(one.customers if piece is Piece.CUSTOMER else one.lockers)
            one.customers, one.lockers = (code or "" for code in self.people[who].codes(one.id))

    @precondition(any_held)
    @rule(place=place, who=person, steps=st.lists(st.sampled_from(["lost", "told", "charged", "next"]), max_size=4))
    def go_on_with_the_loss(self, place: int, who: int, steps: list[str]) -> None:
        one, clerk = self.one(place), self.people[who]
        for step in steps:
            before = (one.step or "lost") if step == "next" else step
            if before == "lost":
                self.step(one, before, "told", clerk.tell)
            elif before == "told":
                self.step(one, before, "charged", clerk.charge, also=one.piece is Piece.CUSTOMER)
            else:
                pay = functools.partial(clerk.receive, receipt=f"{next(_receipts)}")
                self.step(one, "charged", "paid", pay)

    def step(self, one: Held, before: str, after: str, act: Callable[..., Any], *, also: bool = True) -> None:
        allowed = not one.end and one.step == before and also
        self.expect(allowed, act, one.id)
        if allowed:
            one.step = after

    @rule(who=person)
    def close(self, who: int) -> None:
        self.expect(self.today not in self.closed, self.people[who].close)
        self.closed.add(self.today)
        for one in self.live():
            one.overnight = True

    @rule()
    def sleep(self) -> None:
        self.clock.forward(days=1)

    @precondition(any_held)
    @rule(place=place, who=person)
    def scan(self, place: int, who: int) -> None:
        one = self.one(place)
        for code in (one.customers, one.lockers, *self.lost_codes):
            seen = self.expect(code in self.lost_codes or not one.end, self.people[who].scan, code)
            if code in self.lost_codes:
                assert isinstance(seen, Alarm)
            elif seen is not None and code == one.customers:
                assert isinstance(seen, DepositDetails)
                assert (seen.id, seen.locker, seen.overnight) == (one.id, one.locker, self.stays(one))
                assert (seen.description is None) == (one.step == "lost")
            elif seen is not None:
                assert isinstance(seen, LockersPiece)
                assert seen.deposit_id == one.id

    @invariant()
    def the_map_is_the_models(self) -> None:
        shown = {one.number: (one.status.value, one.deposit_id) for one in self.people[0].ask(figures.locker_map)}
        wanted: dict[str, tuple[str, int | None]] = dict.fromkeys(_LOCKERS, ("free", None))
        for one in self.live():
            wanted[one.locker] = ("overnight" if self.stays(one) else "taken", one.id)
        assert shown == wanted

    def teardown(self) -> None:
        """Everything comes out again, and the day's record adds up."""
        clerk, supervisor, second, _other = self.people
        for one in self.live():
            if one.step == "lost":
                clerk.tell(one.id)
                one.step = "told"
            if one.step == "told" and one.piece is Piece.CUSTOMER:
                clerk.charge(one.id)
                one.step = "charged"
            if one.step == "charged":
                clerk.receive(one.id, f"{next(_receipts)}")
            if self.stays(one) and not one.signed_by:
                signer = supervisor if one.taken_in_by != supervisor.actor.person.person_id else second
                clerk.release(one.id, signer.actor.person)
            clerk.collect(one.id)
        if self.today in self.closed:
            self.clock.forward(days=1)
        clerk.close()
        *_, sheet = clerk.database.read(lambda s: days.sheets_of(s, self.today))
        said = sheet.content
        assert said["opening"] + said["taken"] == said["collected"] + said["released"]
        assert said["left"] == []


def test_the_desk_does_what_its_model_does(database: Database, hire: Hire, clock: PlayedClock) -> None:
    roles = (Role.CLERK, Role.SUPERVISOR, Role.SERVICE_MANAGER, Role.CLERK)
    people = [Counter(database, Actor(_hired(hire, n, role), f"{n}", clock)) for n, role in enumerate(roles, start=1)]
    lay(people[0], small=3)

    class Here(Desk):
        def __init__(self) -> None:
            super().__init__(people, clock)

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            database=None,
        ),
    )
    assert [chain.bad for chain in verify(database)] == [None] * len(verify(database))


def _hired(hire: Hire, number: int, role: Role) -> Signer:
    return hire(f"60{number:02}", role)
