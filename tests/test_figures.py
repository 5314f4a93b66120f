"""Every figure of every desk, over a played store: it equals the list behind it, its words are in order."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest

from counterapp.app import figures
from counterapp.core.actor import Actor, Signer
from counterapp.core.database import Database
from counterapp.core.figures import Figure, Grain, Period, behind, count
from tests.conftest import PlayedClock
from tests.desks.bagcheck.counter import Counter, lay

NOVEMBER = Period(dt.date(2026, 11, 1), dt.date(2026, 11, 30))


@pytest.fixture
def played(database: Database, clerk: Actor, supervisor: Signer, clock: PlayedClock) -> Database:
    bags = Counter(database, clerk)
    lay(bags)
    bags.lose_and_pay(bags.deposit()["deposit"])
    bags.void(bags.deposit()["deposit"], supervisor)
    clock.forward(hours=2)
    bags.collect(bags.deposit()["deposit"])
    clock.forward(days=1)
    bags.deposit()
    return database


def test_every_figure_equals_the_list_behind_it(played: Database) -> None:
    worth = {}
    for one in figures():
        counted = played.read(partial(count, figure=one, period=NOVEMBER, grain=Grain.DAY))
        listed = played.read(partial(behind, figure=one, period=NOVEMBER))
        assert (counted.whole.entries, counted.whole.total) == (len(listed), sum(value for *_, value in listed))
        for group, part in counted.groups:
            assert part.entries == len(played.read(partial(behind, figure=one, period=NOVEMBER, group=group)))
        worth[one.key] = (counted.value, dict.fromkeys(group for group, _part in counted.groups))
    assert worth == {
        "bag_deposits": (3, {"16": None, "14": None}),
        "lost_tokens": (1, {"customer": None}),
    }


def test_keys_are_one_figure_s_each_and_fit_the_table_of_closed_periods() -> None:
    keys = [one.key for one in figures()]
    assert len(keys) == len(set(keys))
    assert all(len(key) <= 40 for key in keys)


@pytest.mark.parametrize("figure", figures(), ids=lambda one: one.key)
def test_a_definition_is_a_sentence(figure: Figure) -> None:
    assert figure.definition.endswith(".")
    assert figure.title and not figure.title.endswith(".")
