"""Notices and sheets for the floor, on both databases: what cannot wait is called for, and nothing is forgotten."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from threading import Barrier, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.database import Database
from counterapp.core.deadlines import Late
from counterapp.core.print_queue import JobState, PrintJob, advance
from counterapp.core.receipts import ReceiptLine
from counterapp.core.store_settings import ClosingSettings, change_store_settings, store_settings
from counterapp.desks.returned_goods.models import FloorSheetLine
from counterapp.desks.returned_goods.services import notices, sheets
from counterapp.errors import BadInput, NotAllowed, NotFound, Overtaken, Refused
from counterapp.return_forms.models import FloorNotice, ReturnForm, ReturnFormLine, ReturnLine
from counterapp.return_forms.notices import raise_notices
from counterapp.return_forms.terms import Reason
from printers.document import Code, Pages, Row, Slip, Text, from_json
from tests.conftest import Hire, PlayedClock
from tests.desks.returned_goods.goods_back import APPLES, BISCUITS, DUMPLINGS, SAUSAGES, SHAMPOO, TODAY, TOWEL, Floor
from tests.return_forms.goods import Sold

SPOILED = Reason.EXPIRED_OR_SPOILED


@pytest.fixture
def on_floor(database: Database, clerk: Actor, manager: Signer) -> Floor:
    return Floor(database, clerk, manager)


def said(job: PrintJob) -> str:
    """All words of a paper."""
    document = from_json(job.document)
    if isinstance(document, Slip):
        rows = [cell.text for line in document.lines if isinstance(line, Row) for cell in line.cells]
        return "\n".join(rows + [line.text for line in document.lines if isinstance(line, Code)])
    assert isinstance(document, Pages)
    texts = (item for page in document.pages for item in page.items if isinstance(item, Text))
    return "\n".join("".join(run.text for run in text.runs) for text in texts)


def test_fresh_and_frozen_goods_call_their_department_and_nothing_else_does(
    on_floor: Floor, clock: PlayedClock
) -> None:
    on_floor.bring(TOWEL, APPLES, DUMPLINGS, BISCUITS)
    frozen, fresh = on_floor.open()
    assert (frozen.kind, frozen.department, frozen.item, frozen.quantity) == ("frozen", "冷冻部", "湾仔码头水饺", 2000)
    assert (fresh.kind, fresh.department, fresh.quantity, fresh.form) == ("fresh", "生鲜部", 1486, 1)
    assert (frozen.due_at - clock(), fresh.due_at - clock()) == (dt.timedelta(minutes=15), dt.timedelta(minutes=30))
    assert not frozen.is_urgent and not frozen.to_answer


def test_spoiled_goods_of_any_kind_are_urgent_and_stand_first(on_floor: Floor) -> None:
    on_floor.bring(DUMPLINGS)
    on_floor.bring(APPLES, reason=SPOILED)
    on_floor.bring(SHAMPOO, reason=SPOILED)
    apples, shampoo, dumplings = on_floor.open()
    assert [one.kind for one in (apples, shampoo, dumplings)] == ["spoiled", "spoiled", "frozen"]
    assert apples.to_collect and apples.to_answer
    assert apples.due_at - apples.raised_at == dt.timedelta(minutes=10)


def test_the_clocks_are_the_stores(on_floor: Floor, database: Database, clock: PlayedClock) -> None:
    changed = replace(database.read(store_settings), closing=ClosingSettings(frozen_minutes=5))
    database.run(lambda session: change_store_settings(session, changed, None, clock()))
    on_floor.bring(DUMPLINGS)
    (notice,) = on_floor.open()
    clock.forward(minutes=5)
    assert not notice.is_overdue(clock())
    assert on_floor.overdue() == 0
    clock.forward(seconds=1)
    assert notice.is_overdue(clock())
    assert notice.waits(clock()) == dt.timedelta(minutes=5, seconds=1)
    assert on_floor.late() == (
        Late("returned_goods", notice.case_code, notice.item, "Notice to the floor open", notice.due_at, is_late=True),
    )


def test_a_clock_runs_until_the_goods_are_collected(on_floor: Floor, clock: PlayedClock) -> None:
    on_floor.bring(APPLES)
    clock.forward(minutes=40)
    (notice,) = on_floor.open()
    on_floor.collect(notice, " 张华 ")
    assert on_floor.open() == ()
    assert on_floor.overdue() == 0
    (done,) = on_floor.done()
    assert (done.collected_by, done.collected_at, done.is_overdue(clock())) == ("张华", clock(), False)


def test_an_urgent_one_ends_only_when_the_shelf_was_looked_at_too(on_floor: Floor, clock: PlayedClock) -> None:
    on_floor.bring(BISCUITS, reason=SPOILED)
    (notice,) = on_floor.open()
    on_floor.collect(notice)
    clock.forward(minutes=11)
    (notice,) = on_floor.open()
    assert (notice.to_collect, notice.to_answer, notice.is_overdue(clock())) == (False, True, True)
    on_floor.answer(notice, "刘洋", "货架上还有 3 袋，已下架")
    assert on_floor.open() == ()
    (done,) = on_floor.done()
    assert (done.answered_by, done.found) == ("刘洋", "货架上还有 3 袋，已下架")


def test_the_shelf_may_be_answered_before_the_goods_are_collected(on_floor: Floor) -> None:
    on_floor.bring(BISCUITS, reason=SPOILED)
    on_floor.answer(on_floor.open()[0])
    (notice,) = on_floor.open()
    assert (notice.to_collect, notice.to_answer) == (True, False)


def test_who_comes_second_reads_who_was_first(on_floor: Floor) -> None:
    on_floor.bring(BISCUITS, reason=SPOILED)
    (notice,) = on_floor.open()
    on_floor.collect(notice, "张华")
    on_floor.answer(notice, "刘洋", "没有同批次的")
    with pytest.raises(Overtaken, match="张华"):
        on_floor.collect(notice, "李四")
    with pytest.raises(Overtaken, match="没有同批次的"):
        on_floor.answer(notice, "李四")


def test_nothing_is_signed_without_a_name_and_nothing_answered_without_words(on_floor: Floor) -> None:
    on_floor.bring(BISCUITS, reason=SPOILED)
    on_floor.bring(APPLES)
    spoiled, fresh = on_floor.open()
    for name in ("", "   ", "长" * 41):
        with pytest.raises(BadInput):
            on_floor.collect(spoiled, name)
    with pytest.raises(BadInput):
        on_floor.answer(spoiled, found="  ")
    with pytest.raises(Refused):
        on_floor.answer(fresh)
    assert len(on_floor.open()) == 2


def test_a_form_voided_before_the_goods_were_collected_ends_its_notice(on_floor: Floor, clock: PlayedClock) -> None:
    (number,) = on_floor.bring(APPLES, reason=SPOILED)
    on_floor.bring(DUMPLINGS)
    clock.forward(minutes=20)
    assert on_floor.overdue() == 2
    on_floor.void(number)
    dumplings, apples = on_floor.open()
    assert (apples.ended_void, apples.is_open, dumplings.is_open) == (True, False, True)
    assert on_floor.overdue() == 1
    with pytest.raises(Refused, match="000001"):
        on_floor.collect(apples)
    with pytest.raises(Refused, match="000001"):
        on_floor.answer(apples)
    clock.forward(hours=13)
    assert [one.item for one in on_floor.open()] == ["湾仔码头水饺"]


def test_what_was_collected_before_the_void_still_wants_its_answer(on_floor: Floor) -> None:
    (number,) = on_floor.bring(APPLES, reason=SPOILED)
    on_floor.collect(on_floor.open()[0])
    on_floor.void(number)
    (notice,) = on_floor.open()
    assert (notice.ended_void, notice.to_answer) == (False, True)
    on_floor.answer(notice)
    assert on_floor.open() == ()


def test_a_slip_calls_the_department_from_the_counter_where_the_customer_stands(on_floor: Floor) -> None:
    on_floor.bring(DUMPLINGS, SAUSAGES)
    on_floor.bring(SAUSAGES, reason=SPOILED)
    frozen, spoiled = on_floor.papers("slip")
    assert (frozen.station, frozen.state) == ("2", "queued")
    for words in ("冷冻部", "14:47", "湾仔码头水饺 × 2", "No. 000001"):
        assert words in said(frozen)
    for words in ("食品部", "14:42", "哈尔滨红肠 × 1", "S101"):
        assert words in said(spoiled)
    # The form's own code is money, and stands on no other paper.
    assert on_floor.code_of(1) not in said(frozen)
    assert on_floor.open()[1].case_code in said(frozen)


def test_concession_goods_name_their_supplier(on_floor: Floor) -> None:
    on_floor.bring(SAUSAGES, BISCUITS, reason=SPOILED)
    assert {one.item: one.supplier for one in on_floor.open()} == {"哈尔滨红肠": "S101", "奥利奥饼干": ""}


def test_names_are_offered_by_department_the_last_one_first(on_floor: Floor, clock: PlayedClock) -> None:
    for name in ("张华", "李四", "张华"):
        on_floor.bring(APPLES)
        on_floor.collect(on_floor.open()[0], name)
        clock.forward(minutes=1)
    on_floor.bring(DUMPLINGS, reason=SPOILED)
    on_floor.answer(on_floor.open()[0], "刘洋")
    (first, *_others) = on_floor.make_sheets()
    on_floor.sign(first, "赵主管")
    names = on_floor.database.read(lambda s: notices.last_names(s, TODAY))
    assert names.collected == {"生鲜部": ("张华", "李四")}
    assert names.answered == ("刘洋",)
    assert list(names.signed.values()) == [("赵主管",)]


def test_only_the_counter_hands_goods_to_the_floor(on_floor: Floor, hire: Hire, clock: PlayedClock) -> None:
    on_floor.bring(APPLES)
    (notice,) = on_floor.open()
    (sheet,) = on_floor.make_sheets()
    for role in (Role.CASHIER, Role.AUDITOR, Role.IT):
        other = Floor(on_floor.database, Actor(hire(f"70{list(Role).index(role)}", role), "2", clock), on_floor.signer)
        with pytest.raises(NotAllowed):
            other.collect(notice)
        with pytest.raises(NotAllowed):
            other.make_sheets()
        with pytest.raises(NotAllowed):
            other.sign(sheet)


def test_the_days_goods_stand_on_a_sheet_a_department(on_floor: Floor) -> None:
    on_floor.bring(TOWEL, APPLES, SAUSAGES)
    on_floor.bring(SHAMPOO)
    assert on_floor.database.read(lambda s: sheets.unlisted(s, TODAY)) == {"百货部": 2, "生鲜部": 1, "食品部": 1}
    assert len(on_floor.make_sheets()) == 3
    by_department = {sheet.department: sheet for sheet in on_floor.sheets()}
    assert [line.item for line in by_department["百货部"].lines] == ["洁丽雅毛巾", "洗发水"]
    (sausages,) = by_department["食品部"].lines
    assert (sausages.supplier, sausages.form, sausages.void) == ("S101", 1, False)
    assert on_floor.database.read(lambda s: sheets.unlisted(s, TODAY)) == {}
    assert on_floor.make_sheets() == []
    papers = on_floor.papers("form")[-3:]
    assert sum(sheet.code[2:6] in said(paper) for sheet in on_floor.sheets() for paper in papers) == 3


def test_what_comes_back_later_goes_on_a_second_sheet(on_floor: Floor) -> None:
    on_floor.bring(TOWEL)
    on_floor.make_sheets()
    on_floor.bring(SHAMPOO)
    on_floor.make_sheets()
    assert [(sheet.seq, [line.item for line in sheet.lines]) for sheet in on_floor.sheets()] == [
        (1, ["洁丽雅毛巾"]),
        (2, ["洗发水"]),
    ]


def test_void_goods_stand_on_no_new_sheet_and_are_marked_on_an_old_one(on_floor: Floor) -> None:
    (before,) = on_floor.bring(TOWEL)
    (after,) = on_floor.bring(SHAMPOO)
    on_floor.void(before)
    on_floor.make_sheets()
    on_floor.void(after)
    assert on_floor.make_sheets() == []
    (sheet,) = on_floor.sheets()
    assert [(line.item, line.void) for line in sheet.lines] == [("洗发水", True)]
    assert sheet.voided == (after,)


def test_a_sheet_is_found_by_its_code_and_signed_once_with_a_name(on_floor: Floor) -> None:
    on_floor.bring(TOWEL)
    on_floor.make_sheets()
    (sheet,) = on_floor.sheets()
    with pytest.raises(BadInput):
        on_floor.sign(sheet.id, " ")
    on_floor.sign(sheet.id, "赵主管", "毛巾少一条")
    found = on_floor.database.read(lambda s: sheets.find_sheet(s, sheet.code))
    assert (found.checked_by, found.remark, found.signed_at) == ("赵主管", "毛巾少一条", on_floor.clerk.now())
    with pytest.raises(Overtaken, match="赵主管"):
        on_floor.sign(sheet.id, "钱主管")
    with pytest.raises(NotFound):
        on_floor.database.read(lambda s: sheets.find_sheet(s, "RS000000000001"))


def test_unsigned_sheets_of_earlier_days_stay_in_sight(on_floor: Floor, clock: PlayedClock) -> None:
    on_floor.bring(TOWEL, APPLES)
    first, _second = on_floor.make_sheets()
    on_floor.sign(first)
    clock.forward(days=1)
    tomorrow = TODAY + dt.timedelta(days=1)
    assert on_floor.make_sheets(tomorrow) == []
    assert [sheet.booked_on for sheet in on_floor.sheets(tomorrow)] == [TODAY]


def test_a_sheet_that_came_out_is_repeated_and_counted(on_floor: Floor, clock: PlayedClock) -> None:
    on_floor.bring(TOWEL)
    (sheet,) = on_floor.make_sheets()
    job = on_floor.papers("form")[-1].id

    def again() -> int:
        return on_floor.database.command(
            on_floor.clerk, "floor.print_sheet", lambda s: sheets.print_sheet(s, on_floor.clerk, sheet)
        )

    with pytest.raises(Refused):
        again()
    on_floor.database.run(lambda s: advance(s, job, JobState.SENDING, clock()))
    on_floor.database.run(lambda s: advance(s, job, JobState.PRINTED, clock()))
    assert again() == 1


def test_a_line_that_has_its_notice_gets_no_second_one(on_floor: Floor, database: Database) -> None:
    on_floor.bring(APPLES, DUMPLINGS)
    case_id = database.read(lambda s: s.scalars(select(ReturnForm.case_id)).one())
    again = database.command(on_floor.clerk, "floor.raise", lambda s: raise_notices(s, on_floor.clerk, case_id))
    assert again == []
    assert len(on_floor.papers("slip")) == 2


def test_two_stations_that_make_the_sheets_at_once_put_each_line_on_one(on_floor: Floor, hire: Hire) -> None:
    on_floor.bring(TOWEL, APPLES, DUMPLINGS)
    other = Actor(hire("6013"), "3", on_floor.clerk.clock)
    together, made, lost = Barrier(2), [], []

    def run(actor: Actor) -> None:
        together.wait()
        try:
            made.append(on_floor.make_sheets(actor=actor))
        except Overtaken as error:
            lost.append(error)

    threads = [Thread(target=run, args=(actor,)) for actor in (on_floor.clerk, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) + len(lost) == 2
    assert sorted(len(sheets) for sheets in made if sheets) == [3]
    assert len(on_floor.sheets()) == 3


GOODS = st.sampled_from([TOWEL, APPLES, DUMPLINGS, BISCUITS, SHAMPOO, SAUSAGES])
STEPS = st.one_of(
    st.tuples(
        st.just("bring"),
        st.lists(GOODS, min_size=1, max_size=3, unique=True),
        st.sampled_from([Reason.QUALITY_FAULT, SPOILED, Reason.MISLABELLED]),
    ),
    st.tuples(st.just("void"), st.integers(0, 99), st.none()),
    st.tuples(st.just("sheets"), st.none(), st.none()),
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=st.lists(STEPS, min_size=3, max_size=8))
def test_whatever_the_order_what_cannot_wait_has_one_notice_and_what_came_back_stands_on_one_sheet(
    on_floor: Floor, steps: list[tuple[str, list[Sold] | int | None, Reason | None]]
) -> None:
    brought: dict[int, Reason] = {}
    good: list[int] = []
    void_before_its_sheet: set[int] = set()
    for what, argument, reason in steps:
        if isinstance(argument, list) and reason is not None:
            numbers = on_floor.bring(*argument, reason=reason)
            brought |= dict.fromkeys(numbers, reason)
            good += numbers
        elif what == "sheets":
            on_floor.make_sheets()
        elif isinstance(argument, int) and good:
            number = good.pop(argument % len(good))
            if number not in {line.form for sheet in on_floor.sheets() for line in sheet.lines}:
                void_before_its_sheet.add(number)
            on_floor.void(number)
    on_floor.make_sheets()

    kinds, listed, lines = on_floor.database.read(_notices_sheets_and_lines)
    for line_id, item, number in lines:
        if number not in brought:
            continue  # of an example before this one
        expected = (
            "spoiled" if brought[number] is SPOILED else {"红富士苹果": "fresh", "湾仔码头水饺": "frozen"}.get(item)
        )
        assert kinds.get(line_id) == expected
        assert listed[line_id] == (0 if number in void_before_its_sheet else 1)


def _notices_sheets_and_lines(session: Session) -> tuple[dict[int, str], Counter[int], list[tuple[int, str, int]]]:
    kinds = {notice.return_line_id: notice.kind for notice in session.scalars(select(FloorNotice))}
    listed = Counter(session.scalars(select(FloorSheetLine.return_line_id)))
    lines = session.execute(
        select(ReturnLine.id, ReceiptLine.name, ReturnForm.number)
        .join(ReceiptLine, ReceiptLine.id == ReturnLine.line_id)
        .join(ReturnFormLine, ReturnFormLine.return_line_id == ReturnLine.id)
        .join(ReturnForm, ReturnForm.id == ReturnFormLine.form_id)
    )
    return kinds, listed, [(line_id, name, number) for line_id, name, number in lines]
