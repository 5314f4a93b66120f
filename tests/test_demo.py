"""The demo store: enough to play every case from paper, the same on every start, and never inside a real store."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import func, select

from counterapp import app
from counterapp.core import staff
from counterapp.core.actor import Role
from counterapp.core.database import Database
from counterapp.core.receipts import Receipt, ReceiptLine, SetAsideReceipt, find_receipt
from counterapp.core.staff import NewPerson, prove
from counterapp.core.store_settings import StoreSettings
from counterapp.demo import SHEET, demo_staff, make_demo, prepare_demo
from counterapp.demo.sheet import write_sheet
from counterapp.demo.stories import STORIES, story_sales
from counterapp.demo.till import read_items, sales_of
from counterapp.errors import Refused
from counterapp.settings import Settings
from counterapp.store_access import found_store, open_store
from tests.conftest import PlayedClock

TODAY = dt.date(2026, 11, 21)


def count(database: Database) -> tuple[int, int]:
    return database.read(
        lambda session: (
            session.scalars(select(func.count(Receipt.id))).one(),
            session.scalars(select(func.count(SetAsideReceipt.id))).one(),
        )
    )


def test_goods_of_every_kind_are_sold_and_nothing_is_set_aside(
    database: Database, tmp_path: Path, clock: PlayedClock
) -> None:
    make_demo(database, tmp_path, TODAY, clock)
    receipts, aside = count(database)
    assert (receipts, aside) == (60 * 40 + len(STORIES), 0)
    lines = database.read(lambda session: session.scalars(select(ReceiptLine)).all())
    assert len({line.category for line in lines}) == 9
    assert {flag for line in lines for flag in line.flag_set} == {"clearance", "concession", "serial"}
    assert any(line.quantity < 0 for line in lines)
    assert any(line.quantity % 1000 for line in lines)
    assert any(line.sold > 0 and line.paid == 0 for line in lines)
    assert any(line.discount > 0 for line in lines)
    heads = database.read(lambda session: session.scalars(select(Receipt)).all())
    assert min(head.sold_on for head in heads) == TODAY - dt.timedelta(days=60)
    assert max(head.sold_on for head in heads) == TODAY
    assert any(head.invoice_no for head in heads)
    assert any(head.member_card for head in heads)
    assert all(len(head.number) == 16 and head.number.isdigit() for head in heads)


def test_another_start_adds_only_what_the_days_have_brought(
    database: Database, tmp_path: Path, clock: PlayedClock
) -> None:
    make_demo(database, tmp_path, TODAY, clock)
    make_demo(database, tmp_path, TODAY, clock)
    before = count(database)
    assert before == (60 * 40 + len(STORIES), 0)
    make_demo(database, tmp_path, TODAY + dt.timedelta(days=2), clock)
    assert count(database) == (before[0] + 2 * 40 + len(STORIES), 0)


def test_a_day_is_always_sold_the_same() -> None:
    items = list(read_items().values())
    assert list(sales_of(TODAY, items)) == list(sales_of(TODAY, items))
    assert list(sales_of(TODAY, items)) != list(sales_of(TODAY + dt.timedelta(days=1), items))


def test_goods_have_right_and_different_barcodes() -> None:
    items = read_items().values()
    assert len(items) >= 150
    assert max(Counter(item.barcode for item in items).values()) == 1
    assert max(Counter(item.number for item in items).values()) == 1
    for item in items:
        digits = [int(digit) for digit in item.barcode]
        assert (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0, item.name
        assert item.barcode.startswith("2") == item.weighed


def test_everybody_on_the_sheet_can_sign_in(database: Database, tmp_path: Path, clock: PlayedClock) -> None:
    make_demo(database, tmp_path, TODAY, clock)
    assert {person.role for person in demo_staff()} == set(Role)
    for person in demo_staff()[1:]:  # the first one is the store's own administrator, who was there before
        assert prove(database, person.number, person.pin, "1", clock).name == person.name


def test_each_story_is_what_it_says(database: Database, tmp_path: Path, clock: PlayedClock) -> None:
    make_demo(database, tmp_path, TODAY, clock)
    told = {story.title: sale for story, sale in zip(STORIES, story_sales(TODAY, read_items()), strict=True)}

    def stored(title: str) -> Receipt:
        return database.read(lambda session: find_receipt(session, told[title].number))

    assert (TODAY - stored("An appliance within 7 days").sold_on).days == 3
    assert stored("An appliance within 15 days").lines[0].category == "appliance"
    assert (TODAY - stored("After 30 days").sold_on).days == 35
    assert stored("An invoice was issued").invoice_no
    assert stored("Clearance").lines[0].flag_set == {"clearance"}
    assert stored("Spoiled apples").lines[0].sold == 1486
    corrected = stored("The till corrected itself").lines
    assert [(line.sold, line.paid) for line in corrected] == [(2000, 30_41), (1000, 49_90), (0, 0)]
    assert stored("Three for one price").lines[0].paid % 3


def test_every_code_on_the_sheet_can_be_scanned(database: Database, tmp_path: Path, clock: PlayedClock) -> None:
    make_demo(database, tmp_path, TODAY, clock)
    path = write_sheet(database, tmp_path / SHEET, TODAY)
    wanted = {person.badge for person in database.read(staff.list_staff)}
    for story, sale in zip(STORIES, story_sales(TODAY, read_items()), strict=True):
        wanted |= {sale.number, *(sale.lines[shown].item.barcode for shown in story.shown)}
    read: set[str] = set()
    with pypdfium2.PdfDocument(path) as pdf:  # type: ignore[no-untyped-call]  # the library is untyped
        for page in pdf:
            assert page.get_size() == pytest.approx((595.3, 841.9), abs=0.1)
            read |= {code.text for code in zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil())}
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert read == wanted
    for person in demo_staff():
        assert person.name in text
        assert person.pin in text


def test_the_demo_is_made_from_nothing_and_opened_again(tmp_path: Path, clock: PlayedClock) -> None:
    settings = Settings(data=tmp_path / "demo")
    sheet = prepare_demo(settings, app.install(), clock)
    assert sheet.read_bytes().startswith(b"%PDF")
    assert prepare_demo(settings, app.install(), clock) == sheet
    with open_store(settings) as database:
        assert count(database) == (60 * 40 + len(STORIES), 0)
        first = demo_staff()[0]
        assert prove(database, first.number, first.pin, "1", clock).role is Role.IT


def test_the_demo_stays_out_of_a_real_store(tmp_path: Path, clock: PlayedClock) -> None:
    settings = Settings(data=tmp_path / "real")
    admin = NewPerson("1", "管理员", Role.IT, "271828")
    found_store(settings, StoreSettings("二号店", "0102"), admin, app.install(), clock).close()
    with pytest.raises(Refused):
        prepare_demo(settings, app.install(), clock)
    with open_store(settings) as database:
        assert [person.number for person in database.read(staff.list_staff)] == ["1"]
        assert count(database) == (0, 0)


def test_a_demo_that_was_broken_off_is_finished_next_time(tmp_path: Path, clock: PlayedClock) -> None:
    settings = Settings(data=tmp_path / "demo")

    def broken_clock() -> dt.datetime:
        if (settings.data / "store.db").exists():
            raise KeyboardInterrupt
        return clock()

    with pytest.raises(KeyboardInterrupt):
        prepare_demo(settings, app.install(), broken_clock)
    prepare_demo(settings, app.install(), clock)
    with open_store(settings) as database:
        assert count(database) == (60 * 40 + len(STORIES), 0)
