"""Finding receipts without a readable barcode, by whatever is still known of the purchase."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, Table, insert, inspect, select

from counterapp.app import metadata
from counterapp.core import migrate, receipt_search
from counterapp.core.database import Database
from counterapp.core.receipt_search import Wanted, find_receipts, initials_of
from counterapp.core.receipts import Receipt, SoldItem
from counterapp.core.sales_import import import_sales
from tests.conftest import KEYS, PlayedClock
from tests.core.till import Cells, line, receipt, rows_of, text_of, write

Find = Callable[..., list[str]]

#: Till 06 on the 9th, till 07 on the 9th and 10th, till 12 on the 12th; the newest last.
APPLE_AND_TOWEL = receipt("0101062611090042", line(), line("10001", "1.486", "12.14"))
VACUUM = receipt("0101072611090050", line("10820", price="229.00"), sold_at="2026-11-09 18:00:00", member_card="")
TWO_TOWELS = receipt("0101072611100003", line(quantity="2"), sold_at="2026-11-10 00:00:00")
WASHING_UP = receipt("0101122611120001", line("11500", price="39.80"), sold_at="2026-11-12 23:59:59", member_card="77")


@pytest.fixture
def take(database: Database, tmp_path: Path, clock: PlayedClock) -> Callable[..., None]:
    def take(*receipts: list[Cells]) -> None:
        path = write(tmp_path / "sales.csv", text_of(rows_of(receipts)), "utf-8")
        assert import_sales(database, path, clock=clock).rejected == ()

    return take


@pytest.fixture
def find(database: Database, take: Callable[..., None]) -> Find:
    """The last four figures of what is found: `find(till="7")`."""
    take(APPLE_AND_TOWEL, VACUUM, TWO_TOWELS, WASHING_UP)

    def find(limit: int = 50, **known: object) -> list[str]:
        wanted = Wanted(**known)  # type: ignore[arg-type]  # named in each test
        return [found.number[-4:] for found in database.read(lambda s: find_receipts(s, wanted, limit))]

    return find


def test_all_receipts_come_the_newest_first_and_no_more_than_asked_for(find: Find) -> None:
    assert find() == ["0001", "0003", "0050", "0042"]
    assert find(limit=2) == ["0001", "0003"]


def test_a_day_is_from_midnight_to_midnight(find: Find) -> None:
    assert find(first_day=dt.date(2026, 11, 9), last_day=dt.date(2026, 11, 9)) == ["0050", "0042"]
    assert find(first_day=dt.date(2026, 11, 10), last_day=dt.date(2026, 11, 12)) == ["0001", "0003"]
    assert find(first_day=dt.date(2026, 11, 13)) == []


def test_a_till_is_found_with_and_without_its_zeros(find: Find) -> None:
    assert find(till="7") == find(till="07") == ["0003", "0050"]
    assert find(till="12") == ["0001"]
    assert find(till="1") == []


def test_the_total_is_found_to_the_fen(find: Find) -> None:
    assert find(amount=3980) == ["0001", "0003"]
    assert find(amount=3981) == []


def test_a_member_card_is_found_whole_beside_receipts_known_otherwise(find: Find, database: Database) -> None:
    vacuum = database.read(lambda s: s.scalars(select(Receipt.id).where(Receipt.number.endswith("0050"))).one())
    assert find(member_card="880017992358") == ["0003", "0042"]
    assert find(member_card="8800") == []
    assert find(member_card="77", receipts=(vacuum,)) == ["0001", "0050"]
    assert find(receipts=(vacuum,)) == ["0050"]


@pytest.mark.parametrize("item", ["毛巾", "cmmj", "MJ", "11393", "1139", "纯棉 mj", "mj 113"])
def test_an_item_is_found_by_name_number_and_pinyin(find: Find, item: str) -> None:
    assert find(item=item) == ["0003", "0042"]


@pytest.mark.parametrize("item", ["被子", "1393", "毛巾 苹果", "%", "_", "\\", "'"])
def test_what_no_item_is_called_finds_nothing(find: Find, item: str) -> None:
    assert find(item=item) == []


def test_everything_that_is_known_has_to_fit(find: Find) -> None:
    day = dt.date(2026, 11, 10)
    known = {"first_day": day, "last_day": day, "till": "07", "amount": 3980, "member_card": "880017992358"}
    assert find(**known, item="mj") == ["0003"]
    assert find(**known, item="xcq") == []


def test_items_sold_everywhere_are_found_as_rare_ones_are(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, object]] = [
        {"item": "mj"},
        {"item": "mj", "till": "7"},
        {"item": "x"},
        {"item": "p", "limit": 1},
    ]
    rare = [find(**known) for known in asked]
    monkeypatch.setattr(receipt_search, "_RARE", 0)
    assert [find(**known) for known in asked] == rare
    assert rare[0] == ["0003", "0042"]


def test_what_is_found_shows_the_wanted_goods_first(find: Find, database: Database) -> None:
    (found,) = database.read(lambda s: find_receipts(s, Wanted(item="苹果")))
    assert (found.number, found.till, found.total) == ("0101062611090042", "06", 1990 + 1804)
    assert (found.member_card, found.sold_at.isoformat()) == ("880017992358", "2026-11-09T10:13:00")
    assert found.goods == ("红富士苹果", "纯棉毛巾")
    (found,) = database.read(lambda s: find_receipts(s, Wanted(item="毛巾", till="6")))
    assert found.goods == ("纯棉毛巾", "红富士苹果")


def test_an_item_is_found_by_each_name_it_was_sold_by(find: Find, take: Callable[..., None]) -> None:
    take(receipt("0101072611130009", line(name="毛巾(礼盒)"), sold_at="2026-11-13 09:00:00"))
    assert find(item="lh") == find(item="纯棉") == ["0009", "0003", "0042"]


def test_the_import_keeps_each_item_once(find: Find, take: Callable[..., None], database: Database) -> None:
    take(APPLE_AND_TOWEL, receipt("0101072611130009", line(), line(), sold_at="2026-11-13 09:00:00"))
    rows = select(SoldItem.item_no, SoldItem.initials).order_by(SoldItem.item_no)
    kept = database.read(lambda s: [(number, initials.split()[0]) for number, initials in s.execute(rows)])
    assert kept == [("10001", "hfspg"), ("10820", "xcq"), ("11393", "cmmj"), ("11500", "xjj")]


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("红富士苹果 C21", "hfspgc21"),
        ("长虹电视 55″", "chds55"),
        ("重庆小面(微辣)", "cqxmwl"),
        ("女式T恤·绿", "nstxl"),
        ("", ""),
    ],
)
def test_initials_are_what_is_typed(name: str, initials: str) -> None:
    assert initials_of(name).split(" ")[0] == initials


def test_initials_are_found_in_each_reading_of_a_character() -> None:
    assert initials_of("苏泊尔").split() == ["spe", "sbe"]


def test_initials_of_a_long_name_fit_their_column() -> None:
    assert len(initials_of("长" * 120)) <= 240
    assert initials_of("长" * 120).startswith("c")


def test_a_store_from_before_the_search_finds_what_it_has(sqlite_url: str, tmp_path: Path, clock: PlayedClock) -> None:
    with Database(sqlite_url, KEYS) as present, Database(f"sqlite:///{tmp_path / 'old.db'}", KEYS) as old:
        import_sales(present, write(tmp_path / "sales.csv", text_of(APPLE_AND_TOWEL), "utf-8"), clock=clock)
        old.migrate(lambda connection: migrate._upgrade(connection, "0001", lambda _at: None))
        for name in ("receipts", "receipt_lines"):
            table = metadata().tables[name]
            rows = present.read(lambda s, table=table: s.execute(select(table)).mappings().all())  # type: ignore[misc]
            before = {column["name"] for column in inspect(old.engine).get_columns(table.name)}
            kept = [{name: value for name, value in row.items() if name in before} for row in rows]
            # What later migrations added is left out by name: a column's default would name it all the same.
            was = Table(table.name, MetaData(), *(Column(c.name, c.type) for c in table.c if c.name in before))
            old.run(lambda s, was=was, kept=kept: s.execute(insert(was), kept))  # type: ignore[misc]
        migrate.bring_up_to_date(old)
        (found,) = old.read(lambda s: find_receipts(s, Wanted(item="hfs")))
        assert found.number == "0101062611090042"
