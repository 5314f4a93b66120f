"""Closing the day: what is missing is listed, two people sign, nothing comes into the day any more; the seals hold."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest
from sqlalchemy import select, text

from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.business_day import DaySeal, ReturnDay
from counterapp.core.database import Database
from counterapp.core.journal import JournalEntry
from counterapp.core.print_queue import PrintJob
from counterapp.desks.day_close.services import open_items, stock
from counterapp.desks.day_close.services.open_items import CheckKind
from counterapp.desks.day_close.view.texts import about_words
from counterapp.desks.returned_goods.services import sheets
from counterapp.desks.returns.services import drafting
from counterapp.documents.texts import receipt_number
from counterapp.errors import BadInput, NotAllowed, Refused
from counterapp.return_forms.models import Redemption
from printers.document import Pages, Text, from_json
from tests.conftest import Hire, PlayedClock
from tests.desks.day_close.closings import close, closing_by, explain, explain_all, look, settle_all
from tests.desks.returns.test_walk import Desk
from tests.return_forms.booked import Booked
from tests.return_forms.goods import Sold, sell

TODAY = dt.date(2026, 11, 21)
DAY = dt.timedelta(days=1)


@pytest.fixture
def desk(database: Database, clerk: Actor, supervisor: Signer) -> Booked:
    return Booked(database, clerk, supervisor)


# What is missing


def test_a_day_on_which_nothing_happened_is_closed_at_once(desk: Booked) -> None:
    day = look(desk)
    assert (day.day, day.items, day.closable, day.closed) == (TODAY, (), True, False)
    assert close(desk) == 1
    day = look(desk)
    assert (day.closed, day.closable, day.last_closed, day.next_day) == (True, False, True, TODAY + DAY)


def test_what_is_not_done_is_listed_in_the_order_of_work(desk: Booked, database: Database, clerk: Actor) -> None:
    waiting = Desk(database, clerk)
    (line,) = sell(database, Sold())
    waiting.open()
    waiting.do(drafting.choose_line, line, 1000)
    waiting.fault(line)
    waiting.submit()
    (line,) = sell(database, Sold(), number="0101072611180388")
    draft = Desk(database, clerk)
    draft.open("0101072611180388")
    draft.do(drafting.choose_line, line, 1000)
    sell(database, Sold(), number="0101072611180389")
    Desk(database, clerk).open("0101072611180389")  # only looked at
    used = desk.make(1000)
    desk.redeem(used, part_two=False)
    desk.redeem(desk.make(500))
    unprinted = desk.make(700, printed=False)
    desk.lose_number()
    desk.make(800)

    items = look(desk).items
    assert [(item.kind, item.what, item.must) for item in items] == [
        (CheckKind.CASE, "0101072611180387", True),
        (CheckKind.DRAFT, "0101072611180388", False),
        (CheckKind.PRINT, f"{unprinted:06}", False),
        (CheckKind.GAP, "000004", False),
        (CheckKind.PART_TWO, f"{used:06}", False),
        (CheckKind.HANDOVER, "07", False),
        (CheckKind.SHEET, "百货部", False),
        (CheckKind.STOCK, "", False),
    ]
    assert items[0].code.startswith("RC")
    assert items[4].key == "part2:1"


def test_a_case_that_waits_has_to_be_decided_first(desk: Booked, database: Database, clerk: Actor) -> None:
    (line,) = sell(database, Sold())
    waiting = Desk(database, clerk)
    waiting.open()
    waiting.do(drafting.choose_line, line, 1000)
    waiting.fault(line)
    waiting.submit()
    explain_all(desk)
    with pytest.raises(Refused) as refused:
        close(desk)
    assert "waits for its approval" in refused.value.in_language("en")
    waiting.approve(desk.signer)
    desk.printed(1)
    settle_all(desk)
    close(desk)


def test_everything_else_is_done_or_explained(desk: Booked) -> None:
    desk.redeem(desk.make(1000), part_two=False)
    with pytest.raises(Refused):
        close(desk)
    desk.run(lambda session: stock.make_file(session, desk.actor, TODAY))
    desk.run(lambda session: stock.fetch(session, desk.actor, [1], lambda _table, _copy: None))
    desk.run(lambda session: sheets.make_sheets(session, desk.actor, TODAY))
    (sheet,) = desk.database.read(lambda session: sheets.sheets_to_see(session, TODAY))
    desk.run(lambda session: sheets.sign_sheet(session, desk.actor, sheet.id, "张敏"))
    (left,) = look(desk).open_items
    assert left.key == "part2:1"
    explain(desk, left.key, words="  收银员已下班，明早交  ")
    (item,) = look(desk).items
    assert (item.is_settled, item.explanation, item.explained_by) == (True, "收银员已下班，明早交", "王丽")
    close(desk)
    with pytest.raises(Refused):
        explain(desk, left.key, words="别的")
    seal = desk.database.read(lambda session: session.scalars(select(DaySeal)).one())
    assert seal.content["explained"] == {"part2:1": "收银员已下班，明早交"}
    assert seal.content["parts_missing"] == [1]


def test_a_receipt_that_comes_to_less_than_the_cashier_typed_is_asked_for(desk: Booked, clock: PlayedClock) -> None:
    number = desk.make(100_000)
    desk.redeem(number)
    typed = desk.database.read(lambda session: session.scalars(select(Redemption)).one())
    assert not [item for item in look(desk).items if item.kind == CheckKind.RECEIPT], "it has not been imported yet"
    sell(desk.database, Sold(paid=1000), number=typed.receipt_no, on=TODAY)
    (item,) = [item for item in look(desk).items if item.kind == CheckKind.RECEIPT]
    assert item.key == f"receipt:{number}"
    assert re.findall(r"¥[0-9.]+|^[0-9 ]+[0-9]", about_words(item)) == [
        receipt_number(typed.receipt_no), "¥1000.00", "¥10.00",
    ]  # fmt: skip
    settle_all(desk)
    close(desk)
    clock.forward(days=1)
    assert not [item for item in look(desk, TODAY + DAY).items if item.kind == CheckKind.RECEIPT], "it was explained"


def test_a_receipt_that_never_comes_is_asked_for(desk: Booked, clock: PlayedClock) -> None:
    desk.redeem(desk.make(1000))
    clock.forward(days=3)
    (item,) = [item for item in look(desk, TODAY + 3 * DAY).items if item.kind == CheckKind.RECEIPT]
    assert re.findall(r"¥[0-9.]+", about_words(item)) == ["¥10.00"], "only what was typed is known"


def test_an_explanation_has_words_and_comes_from_the_counter(desk: Booked, hire: Hire) -> None:
    with pytest.raises(BadInput):
        explain(desk, "part2:1", words="  ")
    cashier = dataclasses.replace(desk.actor, person=hire("6170", Role.CASHIER))
    with pytest.raises(NotAllowed):
        desk.database.command(
            cashier, "test", lambda session: open_items.explain(session, cashier, TODAY, ["part2:1"], "忘了")
        )


# Two people


def test_two_people_close_a_day_and_the_second_one_approves(desk: Booked, hire: Hire) -> None:
    chief = hire("5004", Role.SUPERVISOR)
    for actor, signer in (
        (desk.actor.person, desk.actor.person),
        (desk.actor.person, hire("6013")),
        (chief, chief),
        (hire("6170", Role.CASHIER), desk.signer),
    ):
        acting = dataclasses.replace(desk.actor, person=actor)
        with pytest.raises(NotAllowed):
            desk.database.command(acting, "test", closing_by(acting, signer))
    assert desk.database.read(lambda session: session.scalars(select(ReturnDay)).all()) == []
    acting = dataclasses.replace(desk.actor, person=chief)
    desk.database.command(acting, "return.close_day", closing_by(acting, desk.signer))
    entry = desk.database.read(
        lambda session: session.scalars(select(JournalEntry).where(JournalEntry.act == "return.close_day")).one()
    )
    assert (entry.person_id, entry.second_id) == (chief.person_id, desk.signer.person_id)


def test_the_register_prints_with_the_seal_and_every_journals_last_value(desk: Booked) -> None:
    desk.make(1000)
    desk.at("5").make(500)
    settle_all(desk)
    heads = desk.database.read(
        lambda session: [tuple(row) for row in session.execute(text("SELECT chain, seq, mac FROM journal_heads"))]
    )
    close(desk)
    job = desk.database.read(
        lambda session: session.scalars(select(PrintJob).order_by(PrintJob.id.desc()).limit(1)).one()
    )
    document = from_json(job.document)
    assert isinstance(document, Pages)
    said = "\n".join(item.runs[0].text for page in document.pages for item in page.items if isinstance(item, Text))
    seal = desk.database.read(lambda session: session.scalars(select(DaySeal)).one())
    assert seal.digest in said
    assert sorted(map(tuple, seal.content["heads"])) == sorted(heads)
    for _chain, _seq, mac in heads:
        assert mac in said
