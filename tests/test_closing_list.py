"""One list of what is not done closes the day: what is open at other desks stands on it as well."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from counterapp import app, words
from counterapp.core.actor import Actor, Signer
from counterapp.core.database import Database
from counterapp.core.print_queue import PrintJob
from counterapp.desks.bagcheck.services import days
from counterapp.desks.day_close.services import closing, open_items
from counterapp.desks.day_close.services.closing import DayDetails
from counterapp.desks.day_close.view.texts import checks_of, row_of
from counterapp.errors import Refused
from tests.conftest import PlayedClock
from tests.desks.bagcheck.counter import Counter, lay


@pytest.fixture
def bags(database: Database, clerk: Actor) -> Counter:
    counter = Counter(database, clerk)
    lay(counter)
    return counter


def look(bags: Counter) -> DayDetails:
    now = bags.actor.now()
    return bags.database.read(lambda s: closing.day_details(s, None, now, app.open_items()))


def close(bags: Counter, signer: Signer) -> int:
    day = bags.actor.today()
    return bags.do(lambda s, actor: closing.close_day(s, actor, signer, day, app.open_items()))  # type: ignore[no-any-return]


def test_a_store_without_bags_has_nothing_of_bag_check_on_its_list(bags: Counter) -> None:
    assert look(bags).items == ()


def test_lockers_and_the_record_of_bag_check_keep_the_day_open_until_they_are_explained(
    bags: Counter, supervisor: Signer
) -> None:
    bags.collect(bags.deposit()["deposit"])
    stays = bags.deposit()["deposit"]
    assert [(item.key, item.what, item.about) for item in look(bags).open_items] == [
        ("bag_record", "", ()),
        (f"locker:{stays}", "1", ("A区", "11-21 14:32")),
    ]
    with pytest.raises(Refused):
        close(bags, supervisor)

    keys = [item.key for item in look(bags).items]
    bags.do(lambda s, actor: open_items.explain(s, actor, actor.today(), keys, "顾客明早来取"))
    assert look(bags).open_items == ()
    assert [item.explained_by for item in look(bags).items] == ["王丽", "王丽"]
    close(bags, supervisor)
    register = bags.database.read(lambda s: s.scalars(select(PrintJob).order_by(PrintJob.id.desc())).first())
    assert register is not None
    for title in ("Closing record of bag check not signed", "Locker not emptied"):
        assert words.language("zh").gettext(title) in register.document


def test_what_was_explained_at_bag_check_is_not_asked_again(
    bags: Counter, supervisor: Signer, clock: PlayedClock
) -> None:
    stays = bags.deposit()["deposit"]
    bags.close()
    (item,) = look(bags).items
    assert (item.kind, item.explanation, item.explained_by, item.is_settled) == ("locker", "顾客未回", "", True)
    words.use("en")
    row = row_of(item)
    assert (row.name, row.quiet) == ("Locker not emptied 1", "A区 • 11-21 14:32 • 顾客未回")
    assert len(checks_of(look(bags))) == 1 + len(open_items.CheckKind)
    words.use("zh")
    close(bags, supervisor)
    clock.forward(days=1)
    assert [one.key for one in look(bags).items] == ["bag_record", f"locker:{stays}"]
    bags.do(days.sign_morning)
    assert [one.key for one in look(bags).items] == ["bag_record", f"locker:{stays}"]
