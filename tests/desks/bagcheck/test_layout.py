"""Lockers laid out from a file, whole or not at all, and a store from before bag check."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from counterapp.core.actor import CONSOLE, Actor
from counterapp.core.store_settings import BagCheckSettings, StoreSettingsVersion, store_settings
from counterapp.desks.bagcheck.models import Locker
from counterapp.desks.bagcheck.rules import BadLayout, Size
from counterapp.desks.bagcheck.services import figures, locker_setup
from counterapp.errors import BadInput, NotAllowed, NotFound, Refused
from tests.desks.bagcheck.counter import Counter, lay


@pytest.fixture
def boss(counter: Counter) -> Counter:
    return Counter(counter.database, Actor(CONSOLE, "console", counter.actor.clock))


def test_a_new_store_has_ninety_six_lockers(counter: Counter) -> None:
    assert len(counter.ask(figures.locker_map)) == 96


def test_a_file_with_a_mistake_changes_nothing(boss: Counter, counter: Counter) -> None:
    before = counter.ask(figures.locker_map)
    with pytest.raises(BadLayout):
        boss.do(locker_setup.lay_out, "number,size\n1,large\n2,tiny\n")
    assert counter.ask(figures.locker_map) == before


def test_lockers_that_a_new_layout_leaves_out_go_off_the_map_and_come_back(boss: Counter, counter: Counter) -> None:
    lay(counter, small=1, medium=0, large=0)
    assert [one.number for one in counter.ask(figures.locker_map)] == ["1"]
    counter.deposit()
    with pytest.raises(Refused):
        counter.deposit()
    with pytest.raises(NotFound):
        counter.do(locker_setup.take_out_of_use, "2", "x")
    assert boss.do(locker_setup.lay_out, "number,size\n2,large\n1,small\n") == 2
    assert [one.number for one in counter.ask(figures.locker_map)] == ["2", "1"]
    assert counter.deposit(Size.LARGE)["locker"] == "2"
    assert counter.database.read(lambda s: len(s.scalars(select(Locker)).all())) == 96


@pytest.mark.parametrize("text", ["number,size\n2,small\n", "number,size\n1,large\n"])
def test_a_locker_that_holds_something_stays_as_it_is(boss: Counter, counter: Counter, text: str) -> None:
    counter.deposit()
    with pytest.raises(Refused) as met:
        boss.do(locker_setup.lay_out, text)
    assert met.value.values["number"] == "1"


def test_clerks_lay_out_neither_lockers_nor_tags(counter: Counter) -> None:
    with pytest.raises(NotAllowed):
        counter.do(locker_setup.lay_out, "number,size\n1,small\n")
    with pytest.raises(NotAllowed):
        counter.do(locker_setup.add_tags, ["1"])


@pytest.mark.parametrize("numbers", [["7", "7"], [""], ["1" * 9], ["\n"]])
def test_tags_get_numbers_that_are_new_and_can_be_read(boss: Counter, numbers: list[str]) -> None:
    with pytest.raises(BadInput):
        boss.do(locker_setup.add_tags, numbers)


def test_settings_from_before_bag_check_are_read_with_its_defaults(boss: Counter) -> None:
    def older(session: object, _actor: Actor) -> None:
        newest = session.scalars(select(StoreSettingsVersion)).one()  # type: ignore[attr-defined]
        content = {name: value for name, value in newest.content.items() if name != "bagcheck"}
        session.add(StoreSettingsVersion(version=2, content=content, since=newest.since, changed_by=None))  # type: ignore[attr-defined]

    boss.do(older)
    assert boss.database.read(store_settings).bagcheck == BagCheckSettings()
