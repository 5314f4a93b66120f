"""Who is on duty, where somebody is, who answers for them."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from counterapp.core import roster
from counterapp.core.actor import Actor, Signer
from counterapp.core.database import Database
from counterapp.core.roster import Duty, Where
from counterapp.errors import BadInput, NotAllowed, NotFound, Overtaken, Refused
from tests.conftest import Hire, PlayedClock
from tests.core.matters import at


@pytest.fixture
def boss(clerk: Actor, supervisor: Signer) -> Actor:
    """The duty supervisor at the same station."""
    return replace(clerk, person=supervisor)


def enter(
    database: Database,
    actor: Actor,
    who: Signer,
    begins: str = "11-21 09:00",
    ends: str = "11-21 18:00",
    post: str = "",
) -> int:
    return database.command(
        actor, "roster.enter", lambda s: roster.enter_duty(s, actor, who.person_id, at(begins), at(ends), post)
    )


def say(database: Database, actor: Actor, who: Signer, where: Where, until: str, deputy: Signer | None = None) -> None:
    named = deputy.person_id if deputy else None
    database.command(actor, "roster.say", lambda s: roster.say_where(s, actor, who.person_id, where, at(until), named))


def where(database: Database, who: Signer, now: dt.datetime) -> tuple[Where, dt.datetime | None]:
    return database.read(lambda s: roster.where_is(s, who.person_id, now))


def deputy(database: Database, who: Signer, now: dt.datetime) -> str | None:
    found = database.read(lambda s: roster.deputy_of(s, who.person_id, now))
    return found.number if found is not None else None


def test_duties_are_entered_by_a_supervisor_and_nobody_has_two(database: Database, clerk: Actor, boss: Actor) -> None:
    with pytest.raises(NotAllowed):
        enter(database, clerk, clerk.person)
    duty = enter(database, boss, clerk.person, post="服务台")
    (one,) = database.read(lambda s: roster.on_duty(s, at("11-21 14:32")))
    assert (one.number, one.post, one.ends_at) == ("6012", "服务台", at("11-21 18:00"))
    assert database.read(lambda s: roster.on_duty(s, at("11-21 18:00"))) == ()
    with pytest.raises(Refused):
        enter(database, boss, clerk.person, "11-21 17:00", "11-21 22:00")
    with pytest.raises(DBAPIError), database.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO duties (person_id, starts_at, ends_at, post, entered_by)"
                 " SELECT person_id, starts_at, ends_at, post, entered_by FROM duties")
        )  # fmt: skip
    enter(database, boss, clerk.person, "11-21 18:00", "11-21 22:00")
    for begins, ends in (("11-22 09:00", "11-22 09:00"), ("11-22 09:00", "11-23 09:01")):
        with pytest.raises(BadInput):
            enter(database, boss, clerk.person, begins, ends)
    with pytest.raises(NotFound):
        enter(database, boss, replace(clerk.person, person_id=999))
    database.command(boss, "roster.cancel", lambda s: roster.cancel_duty(s, boss, duty))
    assert database.read(lambda s: roster.on_duty(s, at("11-21 14:32"))) == ()
    with pytest.raises(NotFound):
        database.command(boss, "roster.cancel", lambda s: roster.cancel_duty(s, boss, duty))


def test_of_two_who_put_one_person_on_duty_at_once_one_does(database: Database, clerk: Actor, boss: Actor) -> None:
    def attempt(station: str) -> bool:
        try:
            enter(database, replace(boss, station=station), clerk.person)
        except (Refused, Overtaken):
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(attempt, "2345")) == 1
    assert len(database.read(lambda s: s.query(Duty).all())) == 1


def test_where_somebody_is_is_what_they_said_or_else_the_roster(
    database: Database, clerk: Actor, boss: Actor, clock: PlayedClock
) -> None:
    me = clerk.person
    assert where(database, me, clock.now) == (Where.OFF, None)
    enter(database, boss, me)
    assert where(database, me, clock.now) == (Where.IN, at("11-21 18:00"))
    say(database, clerk, me, Where.MEETING, "11-21 15:30")
    assert where(database, me, clock.now) == (Where.MEETING, at("11-21 15:30"))
    say(database, clerk, me, Where.OUT, "11-21 16:00")
    assert where(database, me, at("11-21 15:59"))[0] is Where.OUT
    assert where(database, me, at("11-21 16:00"))[0] is Where.IN
    say(database, boss, me, Where.IN, "11-21 15:00")
    with pytest.raises(NotAllowed):
        say(database, clerk, boss.person, Where.OUT, "11-21 16:00")
    with pytest.raises(BadInput):
        say(database, clerk, me, Where.OUT, "11-21 14:00")
    with pytest.raises(BadInput):
        say(database, clerk, me, Where.OUT, "11-21 16:00", me)


def test_whoever_is_there_answers_for_whoever_is_not(
    database: Database, clerk: Actor, boss: Actor, manager: Signer, hire: Hire, clock: PlayedClock
) -> None:
    me, colleague, other = clerk.person, hire("6013"), hire("6014")
    assert deputy(database, me, clock.now) is None
    enter(database, boss, manager)
    assert deputy(database, me, clock.now) == "5001"
    enter(database, boss, boss.person)
    assert deputy(database, me, clock.now) == "5003"
    assert deputy(database, manager, clock.now) is None
    enter(database, boss, colleague)
    enter(database, boss, other)
    assert deputy(database, me, clock.now) == "6013"
    enter(database, boss, me)
    assert deputy(database, me, clock.now) is None
    say(database, clerk, me, Where.OUT, "11-21 16:00", other)
    assert deputy(database, me, clock.now) == "6014"
    say(database, boss, other, Where.OUT, "11-21 16:00")
    assert deputy(database, me, clock.now) == "6013"
    # Nobody below answers for a manager.
    assert deputy(database, manager, at("11-21 19:00")) is None
