"""The demo store: enough to play every case from paper, the same on every start, and never inside a real store."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from counterapp import app
from counterapp.core import staff
from counterapp.core.actor import CHINA, Role
from counterapp.core.business_day import DaySeal
from counterapp.core.cases import Case
from counterapp.core.commands import DoneCommand
from counterapp.core.database import Database
from counterapp.core.journal import JournalEntry
from counterapp.core.journal_verify import verify
from counterapp.core.print_queue import PrintJob
from counterapp.core.receipts import FROM_TILL, Receipt, ReceiptLine, SetAsideReceipt, find_receipt
from counterapp.core.staff import NewPerson, prove
from counterapp.core.store_settings import StoreSettings
from counterapp.demo import SHEET, demo_staff, make_demo, prepare_demo
from counterapp.demo.sheet import write_sheet
from counterapp.demo.stories import STORIES, story_sales
from counterapp.demo.stories.sold import sold_for_stories
from counterapp.demo.till import read_items, sales_of
from counterapp.desks.day_close.services import seals
from counterapp.desks.exit_check.models import DIFFERS, MATCHES, ExitCheck
from counterapp.desks.returned_goods.services import notices
from counterapp.desks.returns.services import invoices
from counterapp.desks.till.services import parts
from counterapp.errors import Refused
from counterapp.return_forms.models import FormClosure, Redemption
from counterapp.settings import Settings
from counterapp.store_access import found_store, open_store
from tests.conftest import DEMO_DAY, KEYS, NOW, PlayedClock

TODAY = DEMO_DAY
#: All receipts of the demo: sixty days of the till, those to be tried, those of which there are cases, and one that was
#: typed, of goods whose receipt is gone.
ALL = 60 * 40 + len(STORIES) + len(sold_for_stories(TODAY, read_items())) + 1


def count(database: Database) -> tuple[int, int]:
    return database.read(
        lambda session: (
            session.scalars(select(func.count(Receipt.id))).one(),
            session.scalars(select(func.count(SetAsideReceipt.id))).one(),
        )
    )


def test_goods_of_every_kind_are_sold_and_nothing_is_set_aside(demo: Database) -> None:
    database = demo
    receipts, aside = count(database)
    assert (receipts, aside) == (ALL, 0)
    lines = database.read(lambda session: session.scalars(select(ReceiptLine)).all())
    assert len({line.category for line in lines}) == 9
    assert {flag for line in lines for flag in line.flag_set} == {"clearance", "concession", "serial"}
    assert any(line.quantity < 0 for line in lines)
    assert any(line.quantity % 1000 for line in lines)
    assert any(line.sold > 0 and line.paid == 0 for line in lines)
    assert any(line.discount > 0 for line in lines)
    heads = database.read(lambda session: session.scalars(select(Receipt).where(Receipt.source == FROM_TILL)).all())
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
    assert before == (ALL, 0)
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


def test_everybody_on_the_sheet_can_sign_in(demo: Database, clock: PlayedClock) -> None:
    assert {person.role for person in demo_staff()} == set(Role)
    for person in demo_staff()[1:]:  # the first one is the store's own administrator, who was there before
        assert prove(demo, person.number, person.pin, "1", clock).name == person.name


def test_each_story_is_what_it_says(demo: Database) -> None:
    told = {story.title: sale for story, sale in zip(STORIES, story_sales(TODAY, read_items()), strict=True)}

    def stored(title: str) -> Receipt:
        return demo.read(lambda session: find_receipt(session, told[title].number))

    assert (TODAY - stored("An appliance within 7 days").sold_on).days == 3
    assert stored("An appliance within 15 days").lines[0].category == "appliance"
    assert (TODAY - stored("After 30 days").sold_on).days == 35
    assert stored("An invoice was issued").invoice_no
    assert stored("Clearance").lines[0].flag_set == {"clearance"}
    assert stored("Spoiled apples").lines[0].sold == 1486
    corrected = stored("The till corrected itself").lines
    assert [(line.sold, line.paid) for line in corrected] == [(2000, 30_41), (1000, 49_90), (0, 0)]
    assert stored("Three for one price").lines[0].paid % 3


def test_every_code_on_the_sheet_can_be_scanned(demo: Database, tmp_path: Path) -> None:
    path = write_sheet(demo, tmp_path / SHEET, TODAY)
    wanted = {person.badge for person in demo.read(staff.list_staff)}
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
        assert count(database) == (ALL, 0)
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
        assert count(database) == (ALL, 0)


def test_there_is_a_case_in_each_state_at_each_desk(demo: Database) -> None:
    def states(session: Session) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for desk, state in session.execute(select(Case.desk, Case.state)):
            found.setdefault(desk, set()).add(state)
        return found

    assert demo.read(states) == {
        "returns": {"draft", "waiting", "refused", "approved"},
        "bagcheck": {"stored", "waiting", "collected", "charged", "signed"},
    }
    assert demo.read(lambda s: set(s.scalars(select(FormClosure.how)))) == {"redeemed", "settled", "void"}
    assert demo.read(lambda s: {one.rest_how for one in s.scalars(select(Redemption))}) == {"new_form", "none"}
    assert demo.read(lambda s: set(s.scalars(select(ExitCheck.finding)))) == {MATCHES, DIFFERS}
    assert demo.read(lambda s: len(invoices.open_tasks(s, TODAY))) == 1
    open_ones = demo.read(lambda s: notices.open_notices(s, NOW))
    assert {notice.is_overdue(NOW) for notice in open_ones} == {True, False}
    today = demo.read(lambda s: parts.stacks(s, TODAY))
    assert [(stack.count, len(stack.missing)) for stack in today] == [(1, 1)]
    (seal,) = demo.read(lambda s: s.scalars(select(DaySeal)).all())
    assert (seal.day, seal.act) == (TODAY - dt.timedelta(days=1), "closed")
    assert demo.read(seals.verify_seals) == (1, ())
    assert demo.read(lambda s: s.scalars(select(PrintJob.state).distinct()).all()) == ["printed"]


def test_what_was_lived_through_is_journalled_in_its_order_and_nothing_of_it_is_to_come(demo: Database) -> None:
    assert [chain.bad for chain in verify(demo) if chain.bad] == []
    for chain in demo.read(lambda s: s.scalars(select(JournalEntry.chain).distinct()).all()):
        of_chain = select(JournalEntry.at).where(JournalEntry.chain == chain).order_by(JournalEntry.seq)
        times = demo.read(partial(_scalars, wanted=of_chain))
        assert times == sorted(times)
        assert times[-1] <= NOW


def _scalars(session: Session, wanted: Select[dt.datetime]) -> list[dt.datetime]:
    return list(session.scalars(wanted))


def test_right_after_midnight_the_demo_has_come_as_far_as_it_can(sqlite_url: str, tmp_path: Path) -> None:
    now = dt.datetime.combine(TODAY, dt.time(0, 20), CHINA)
    with Database(sqlite_url, KEYS) as database:
        make_demo(database, tmp_path, TODAY, lambda: now)
        assert database.read(lambda s: s.scalars(select(func.max(Case.changed_at))).one()) == now


def test_stories_that_were_broken_off_are_told_to_their_end_once(sqlite_url: str, tmp_path: Path) -> None:
    class Killed(Exception):  # noqa: N818 - no error
        pass

    class Dying(Database):
        left = 60

        def command(self, *args: Any, **kwargs: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                raise Killed
            return super().command(*args, **kwargs)

    def told(session: Session) -> list[tuple[str, str]]:
        rows = session.execute(select(Case.desk, Case.state).order_by(Case.id))
        return [(desk, state) for desk, state in rows]

    with Dying(sqlite_url, KEYS) as database:
        with pytest.raises(Killed):
            make_demo(database, tmp_path, TODAY, lambda: NOW)
        make_demo(database, tmp_path, TODAY + dt.timedelta(days=1), lambda: NOW + dt.timedelta(days=1))
        after = database.read(told)
        make_demo(database, tmp_path, TODAY + dt.timedelta(days=1), lambda: NOW + dt.timedelta(days=1))
        assert database.read(told) == after
        keys = database.read(lambda s: s.scalars(select(DoneCommand.key)).all())
        assert {f"demo {place}" for place in range(1, len(keys) - 1)} == {key for key in keys if key[5:].isdigit()}
