"""The customer's file: kept once, found by any part of what is known, masked, revealed on record, erased."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from counterapp.core import customers, deadlines
from counterapp.core.actor import Actor, Role
from counterapp.core.cases import open_case
from counterapp.core.customers import CaseCustomer, Customer, CustomerFound, CustomerKey, Owed, key_of
from counterapp.core.database import Database
from counterapp.errors import BadInput, NotAllowed, NotFound
from tests.conftest import Hire, PlayedClock
from tests.core.matters import ANSWER, CLOCKS, DELAY, SOLVE, at, open_matter


def keep(database: Database, actor: Actor, name: str, phone: str = "", card: str = "") -> int:
    return database.command(actor, "customer.keep", lambda s: customers.keep(s, actor, name, phone, card))


def found(database: Database, typed: str) -> list[int]:
    return [one.id for one in database.read(lambda s: customers.find(s, typed))]


def test_a_customer_is_found_by_number_card_and_any_part_of_name_or_initials(database: Database, clerk: Actor) -> None:
    keep(database, clerk, "王小明", "18600001111", "990001")
    one = keep(database, clerk, "欧阳修文", "139-1234 5678", "880005910336")
    for typed in (
        "13912345678", "139 1234 5678", "+86 139-1234-5678", "8613912345678", "0086 13912345678", "1391234",
        "880005910336", "8800 0591", "欧阳修文", "修文", "文", "欧", "oyxw", "xw", "OYX", "ｏｙ", " 欧 阳 ",
    ):  # fmt: skip
        assert found(database, typed) == [one], typed


def test_names_in_letters_and_area_codes_are_found_as_well(database: Database, clerk: Actor) -> None:
    one = keep(database, clerk, "John  Smith", "(021) 6555-1234", "VIP 0012")
    for typed in ("smith", "john s", "JOHNSMITH", "02165551234", "vip00", "vip 00"):
        assert found(database, typed) == [one]
    for typed in ("", "  ", "smiths", "2165551234", "\U0010ffff", "%", "_"):
        assert found(database, typed) == []


def test_a_list_shows_masked_values_the_closest_first_and_twenty_at_the_most(database: Database, clerk: Actor) -> None:
    ids = [keep(database, clerk, f"王{'小' * (place % 3)}明", f"1380000{place:04}") for place in range(22)]
    shown = database.read(lambda s: customers.find(s, "wm"))
    assert len(shown) == 8
    assert len(found(database, "明")) == customers.FOUND
    assert shown[0] == CustomerFound(ids[0], "王*", "138****0000", "")


def test_the_same_name_and_number_is_one_file_which_is_brought_up_to_date(
    database: Database, clerk: Actor, clock: PlayedClock
) -> None:
    one = keep(database, clerk, "张三", "13912345678")
    clock.forward(days=3)
    assert keep(database, clerk, " 张三 ", "139 1234 5678", "880005910336") == one
    assert keep(database, clerk, "张三", "", "880005910336") == one
    wife = keep(database, clerk, "李四", "13912345678")
    assert wife != one
    assert found(database, "139") == [one, wife]
    kept = database.read(lambda s: s.get_one(Customer, one))
    assert (kept.phone, kept.member_card, kept.contacted_on) == ("139 1234 5678", "880005910336", clerk.today())
    assert keep(database, clerk, "张三", "13700000000") != one


def test_a_file_needs_a_name_and_a_number_of_their_length(database: Database, clerk: Actor) -> None:
    for name, phone, card in (
        ("", "13912345678", ""), ("张三", "", ""), ("张" * 41, "139", ""), ("张三", "1" * 21, ""),
        ("张三", "", "1" * 33),
    ):  # fmt: skip
        with pytest.raises(BadInput):
            keep(database, clerk, name, phone, card)


def test_the_longest_name_keeps_its_keys(database: Database, clerk: Actor) -> None:
    one = keep(database, clerk, "长" * 40, "13912345678")
    assert found(database, "c" * 40) == found(database, "长" * 40) == [one]


def test_those_away_from_the_counter_see_masks_alone(database: Database, clerk: Actor, hire: Hire) -> None:
    one = keep(database, clerk, "张三", "13912345678")
    away = replace(clerk, person=hire("8001", Role.IT))
    for work in (
        lambda s: customers.reveal(s, away, one),
        lambda s: customers.erase(s, away, one),
        lambda s: customers.keep(s, away, "李四", "139"),
    ):
        with pytest.raises(NotAllowed):
            database.command(away, "customer", work)


def test_whoever_asks_to_be_erased_is_found_no_more_and_the_cases_stay(database: Database, clerk: Actor) -> None:
    one = keep(database, clerk, "张三", "13912345678", "880005910336")

    def linked(session: object) -> None:
        case = open_case(session, clerk, "returns", "RC", "")  # type: ignore[arg-type]  # the command's session
        session.flush()  # type: ignore[attr-defined]
        for _ in range(2):
            customers.link(session, clerk, case.id, one)  # type: ignore[arg-type]

    database.command(clerk, "link", linked)
    database.command(clerk, "customer.erase", lambda s: customers.erase(s, clerk, one))
    assert found(database, "张") == found(database, "139") == found(database, "zs") == []
    kept, keys, cases = database.read(
        lambda s: (s.get_one(Customer, one), s.scalars(select(CustomerKey.key)).all(),
                   s.scalars(select(CaseCustomer.customer_id)).all())
    )  # fmt: skip
    assert (kept.name, kept.phone, kept.member_card, keys, cases) == ("", "", "", [], [one])
    for work in (lambda s: customers.reveal(s, clerk, one), lambda s: customers.link(s, clerk, 1, one)):
        with pytest.raises(NotFound):
            database.command(clerk, "customer", work)


def test_what_is_owed_is_every_promise_of_theirs_that_is_not_done(database: Database, clerk: Actor) -> None:
    one, other = keep(database, clerk, "张三", "13912345678"), keep(database, clerk, "李四", "13700000000")
    calls, gift, anothers = (open_matter(database, clerk) for _ in range(3))

    def promise(session: Session) -> None:
        for case, customer in ((calls, one), (gift, one), (anothers, other)):
            customers.link(session, clerk, case.id, customer)
            deadlines.start(session, clerk, CLOCKS, case, SOLVE, until=at("11-22 12:00"), promised="明天解决")
        deadlines.start(session, clerk, CLOCKS, calls, ANSWER, until=at("11-21 18:00"), promised="今天答复")
        deadlines.start(session, clerk, CLOCKS, calls, DELAY)  # the law's, nobody's word
        deadlines.wait(session, clerk, CLOCKS, gift.id, "等顾客答复")

    database.command(clerk, "promise", promise)
    answer = Owed("今天答复", at("11-21 18:00"), "matters", calls.code)
    solve = Owed("明天解决", at("11-22 12:00"), "matters", calls.code)
    assert database.read(lambda s: customers.owed(s, one)) == (
        answer,
        solve,
        Owed("明天解决", None, "matters", gift.code),
    )
    database.command(clerk, "keep", lambda s: deadlines.finish(s, clerk, CLOCKS, calls.id, ANSWER))
    assert database.read(lambda s: customers.owed(s, one))[0] == solve
    assert database.read(lambda s: customers.owed(s, 999)) == ()


def test_a_file_neither_goes_nor_is_erased_by_halves(database: Database, clerk: Actor) -> None:
    keep(database, clerk, "张三", "13912345678")
    for statement in (
        "DELETE FROM customers",
        "UPDATE customers SET name = ''",
        "UPDATE customers SET erased_at = '2026-11-21'",
    ):
        with pytest.raises(DatabaseError), database.engine.begin() as connection:
            connection.execute(text(statement))


def test_keys_sort_by_bytes(database: Database, clerk: Actor) -> None:
    for name in ("Zoe", "anna", "Äda", "王明"):
        keep(database, clerk, name, f"138{len(name)}")
    keys = database.read(lambda s: s.scalars(select(CustomerKey.key).order_by(CustomerKey.key)).all())
    assert list(keys) == sorted(keys, key=str.encode)


def test_what_is_typed_becomes_a_key() -> None:
    assert [key_of(typed) for typed in ("+86 (139) 1234.5678", "861391234567", "86139", " Ｗang·Li ", "0086 12")] == [
        "13912345678", "861391234567", "86139", "wangli", "008612",
    ]  # fmt: skip
