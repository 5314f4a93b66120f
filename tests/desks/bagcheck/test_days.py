"""The day's sheets: the opening list with its count, the closing record, and what stays overnight."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from counterapp.core.actor import CONSOLE, Actor, Role, Signer
from counterapp.core.print_queue import PaperRole, PrintJob
from counterapp.desks.bagcheck.models import BagSheet
from counterapp.desks.bagcheck.rules import Size
from counterapp.desks.bagcheck.services import days, depositing, figures, locker_setup
from counterapp.errors import BadInput, CounterError, NotAllowed, NotFound, Overtaken, Refused
from tests.conftest import Hire, PlayedClock
from tests.desks.bagcheck.counter import Counter, lay

DAY = dt.date(2026, 11, 21)


def test_the_closing_record_is_not_signed_while_a_locker_is_unexplained(counter: Counter) -> None:
    counter.deposit()
    left = counter.deposit()
    counter.do(days.explain, *_first(counter), "顾客来电，明早取")
    with pytest.raises(Refused) as met:
        counter.do(days.sign_closing)
    assert met.value.values["number"] == left["locker"]
    counter.close()
    (sheet,) = counter.database.read(lambda s: days.sheets_of(s, DAY))
    assert [one["explanation"] for one in sheet.content["left"]] == ["顾客来电，明早取", "顾客未回"]
    assert (sheet.signed_by, sheet.countersigned_by) == ("王丽", "")
    job = counter.database.read(lambda s: s.get_one(PrintJob, sheet.job_id))
    assert job.paper == PaperRole.FORM
    assert "顾客来电，明早取" in job.document
    with pytest.raises(Overtaken):
        counter.do(days.sign_closing)


def test_after_closing_nothing_is_taken_in_and_what_stays_is_overnight(
    counter: Counter, supervisor: Signer, clock: PlayedClock
) -> None:
    left = counter.deposit()["deposit"]
    seen = counter.look(left).revision
    counter.close()
    with pytest.raises(Refused):
        counter.deposit()
    with pytest.raises(Overtaken):
        counter.do(days.explain, left, seen, "x")
    assert counter.look(left).overnight
    with pytest.raises(Refused):
        counter.collect(left)
    counter.release(left, supervisor)
    counter.collect(left)
    clock.forward(days=1)
    assert counter.deposit()["locker"] == "1"


def test_the_record_adds_up(counter: Counter, supervisor: Signer, clock: PlayedClock) -> None:
    lay(counter, small=8)
    counter.do(locker_setup.take_out_of_use, "8", "锁坏了")
    yesterday = [counter.deposit()["deposit"] for _ in range(3)]
    counter.close()
    clock.forward(days=1)
    counter.release(yesterday[0], supervisor)
    counter.collect(yesterday[0])
    fetched, lost, void, _left = (counter.deposit()["deposit"] for _ in range(4))
    counter.collect(fetched)
    counter.lose_and_pay(lost)
    counter.collect(lost)
    counter.void(void, supervisor)
    counter.void(yesterday[1], supervisor, "清空")
    counter.close()
    (sheet,) = counter.database.read(lambda s: days.sheets_of(s, DAY + dt.timedelta(days=1)))
    said = {name: sheet.content[name] for name in days._COUNTED}
    assert said == {
        "lockers": 10, "free": 7, "out_of_use": 1, "opening": 3, "taken": 3, "collected": 1, "released": 3,
        "lost": 1, "fees_fen": 500,
    }  # fmt: skip
    assert said["opening"] + said["taken"] == said["collected"] + said["released"] + len(sheet.content["left"])


def test_what_stays_overnight_has_its_own_list_with_days_and_a_warning(counter: Counter, clock: PlayedClock) -> None:
    counter.deposit()
    counter.close()
    clock.forward(days=2)
    counter.deposit()
    (one,) = counter.ask(days.overnight)
    assert (one.locker, one.nights, one.warns, one.explanation) == ("1", 2, False, "顾客未回")
    clock.forward(days=1)
    assert [(one.nights, one.warns) for one in counter.ask(days.overnight)] == [(3, True), (1, False)]
    job = (
        counter.database.read(lambda s: s.get_one(PrintJob, counter_job))
        if (counter_job := counter.do(days.print_overnight))
        else None
    )
    assert job is not None
    assert "顾客未回" in job.document


def test_printed_tokens_are_not_counted_in_the_morning(counter: Counter) -> None:
    counter.do(days.sign_morning)
    (sheet,) = counter.database.read(lambda s: days.sheets_of(s, DAY))
    assert (sheet.kind, sheet.missing, sheet.content) == ("morning", 0, {"overnight": []})
    with pytest.raises(Overtaken):
        counter.do(days.sign_morning)


def test_too_few_tags_in_the_morning_are_told_to_the_managers(
    counter: Counter, hire: Hire, manager: Signer, clock: PlayedClock
) -> None:
    counter.use(tokens="tags")
    boss = Counter(counter.database, Actor(CONSOLE, "console", clock))
    tags = boss.do(locker_setup.add_tags, [str(number) for number in range(1, 11)])
    counter.do(depositing.deposit_with_tag, tags[3].code)
    assert counter.database.read(days.tags_expected) == 9
    with pytest.raises(BadInput):
        counter.do(days.sign_morning)
    with pytest.raises(NotFound):
        counter.do(days.sign_morning, 7, ["77"])
    with pytest.raises(BadInput):
        counter.do(days.sign_morning, 7, ["5", "6", "7"])
    with pytest.raises(BadInput):
        counter.do(days.sign_morning, 7, ["5", "5"])
    sheet_id = counter.do(days.sign_morning, 7, ["5"])
    (told,) = counter.database.read(days.shortages)
    assert (told.id, told.missing) == (sheet_id, 2)
    assert told.content["notified"] == "周敏 5001"
    counter.do(days.countersign, manager, sheet_id)
    assert counter.database.read(days.shortages) == ()
    with pytest.raises(Overtaken):
        counter.do(days.countersign, manager, sheet_id)


def test_a_sheet_is_countersigned_by_a_second_person_with_the_right_to(
    counter: Counter, hire: Hire, supervisor: Signer
) -> None:
    sheet_id = counter.close()
    with pytest.raises(NotAllowed):
        counter.do(days.countersign, counter.actor.person, sheet_id)
    with pytest.raises(NotAllowed):
        counter.do(days.countersign, replace(counter.actor.person, role=Role.SUPERVISOR), sheet_id)
    counter.do(days.countersign, supervisor, sheet_id)
    (sheet,) = counter.database.read(lambda s: days.sheets_of(s, DAY))
    assert sheet.countersigned_by == "李强"
    with pytest.raises(NotFound):
        counter.do(days.countersign, supervisor, 4711)


@pytest.mark.parametrize("forged", ["UPDATE bag_sheets SET missing = 0", "DELETE FROM bag_sheets"])
def test_a_signed_sheet_is_not_changed_whoever_writes(counter: Counter, forged: str) -> None:
    counter.close()
    with pytest.raises(Exception, match="keep_bag_sheets"), counter.database.engine.begin() as connection:
        connection.execute(text(forged))


def test_the_lost_token_book_prints_with_masked_names(counter: Counter) -> None:
    counter.lose_and_pay(counter.deposit()["deposit"])
    counter.report(counter.deposit()["deposit"])  # not in the book before the customer has spoken
    job_id = counter.do(days.print_book, DAY, DAY)
    job = counter.database.read(lambda s: s.get_one(PrintJob, job_id))
    assert "张*" in job.document
    assert "张三" not in job.document
    assert "0088123" in job.document


def test_closing_beside_a_station_that_still_takes_in_forgets_no_deposit(counter: Counter, hire: Hire) -> None:
    other = Counter(counter.database, Actor(hire("6013"), "3", counter.actor.clock))
    start = threading.Barrier(2)

    def go_on() -> int:
        start.wait()
        taken = 0
        try:
            for _ in range(40):
                other.deposit()
                taken += 1
        except Refused:
            pass
        return taken

    def close() -> None:
        start.wait()
        while True:
            try:
                counter.close()
            except CounterError:
                continue
            return

    with ThreadPoolExecutor(2) as threads:
        taken, closed = threads.submit(go_on), threads.submit(close)
        closed.result(60)
        count = taken.result(60)
    sheet = counter.database.read(lambda s: s.scalars(select(BagSheet)).one())
    assert (len(sheet.content["left"]), sheet.content["taken"]) == (count, count)
    assert all(one.overnight for one in counter.ask(days.still_there))


def test_the_map_shows_every_locker_as_it_stands(counter: Counter, clock: PlayedClock) -> None:
    lay(counter, small=3)
    counter.deposit(Size.MEDIUM)
    clock.forward(days=1)
    taken = counter.deposit()
    counter.do(locker_setup.take_out_of_use, "2", "锁坏了")
    shown = counter.ask(figures.locker_map)
    assert [(one.number, one.status, one.since is not None) for one in shown] == [
        ("1", "taken", True), ("2", "out_of_use", False), ("3", "free", False), ("4", "overnight", True),
        ("5", "free", False),
    ]  # fmt: skip
    assert (shown[0].deposit_id, shown[0].since, shown[1].reason) == (taken["deposit"], clock.now, "锁坏了")
    assert [(one.row, one.column) for one in shown] == [(1, 1), (1, 2), (1, 3), (1, 4), (1, 5)]


def test_todays_occupancy_is_a_curve_from_midnight(counter: Counter, clock: PlayedClock, supervisor: Signer) -> None:
    counter.deposit()
    clock.forward(days=1)
    first = counter.deposit()["deposit"]
    counter.void(counter.deposit()["deposit"], supervisor)
    clock.forward(hours=1)
    counter.deposit()
    clock.forward(hours=1)
    counter.collect(first)
    curve = counter.ask(figures.todays_curve)
    midnight = dt.datetime(2026, 11, 21, 16, tzinfo=dt.UTC)
    assert [((point.at - midnight) / dt.timedelta(minutes=1), point.taken) for point in curve] == [
        (0, 1), (872, 2), (932, 3), (992, 2),
    ]  # fmt: skip


def test_busy_hours_are_counted_by_weekday_today_left_out(counter: Counter, clock: PlayedClock) -> None:
    for weeks_back in range(13):
        clock.now = dt.datetime(2026, 11, 21, 6, 32, tzinfo=dt.UTC) - dt.timedelta(weeks=weeks_back)
        for _ in range(2):
            counter.deposit()
    clock.now = dt.datetime(2026, 11, 20, 1, 0, tzinfo=dt.UTC)
    counter.deposit()
    clock.now = dt.datetime(2026, 11, 21, 6, 32, tzinfo=dt.UTC)
    saturday, friday = counter.ask(figures.busy_hours)
    assert (saturday.weekday, saturday.hour, saturday.deposits) == (5, 14, 2.0)
    assert (friday.weekday, friday.hour, friday.deposits) == (4, 9, 1 / 12)


def _first(counter: Counter) -> tuple[int, int]:
    first = counter.ask(days.still_there)[0]
    return first.deposit_id, first.revision
