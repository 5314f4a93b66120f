"""Reprints and refusals through the services, on both databases."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.database import Database
from counterapp.core.journal import JournalEntry
from counterapp.core.print_queue import JobState, PrintJob, advance
from counterapp.core.store_settings import StoreSettings, change_store_settings, store_settings
from counterapp.desks.returns.services import approval, drafting, reprints
from counterapp.errors import NotAllowed, NotFound, Refused
from counterapp.return_forms.models import ReturnForm, ReturnLine
from counterapp.return_forms.terms import Answer, Reason
from printers.document import Pages, Slip, from_json
from tests.conftest import Hire, PlayedClock
from tests.desks.returns.test_walk import Desk
from tests.return_forms.goods import Sold, sell

TOWEL = Sold()
MASK = Sold("一次性口罩", 1000, 1990, "hygiene", "", "30001", "6900000000031", "百货部")


@pytest.fixture
def desk(database: Database, clerk: Actor) -> Desk:
    return Desk(database, clerk)


def set_store(desk: Desk, **changes: str) -> None:
    def change(session: Session) -> None:
        settings: StoreSettings = dataclasses.replace(store_settings(session), **changes)  # type: ignore[arg-type]
        change_store_settings(session, settings, None, desk.actor.now())

    desk.database.run(change)


def approved(desk: Desk, supervisor: Signer) -> int:
    """A towel comes back; return its form's number."""
    sell(desk.database, TOWEL)
    desk.open()
    desk.fault(desk.do(drafting.scan_goods, TOWEL.barcode))
    desk.submit()
    (number,) = desk.approve(supervisor)
    return number


def jobs(desk: Desk) -> list[PrintJob]:
    return desk.database.read(lambda s: list(s.scalars(select(PrintJob).order_by(PrintJob.id))))


def came(desk: Desk, job: PrintJob, to: JobState) -> None:
    """What the print worker does."""
    desk.database.run(lambda s: advance(s, job.id, JobState.SENDING, desk.actor.now()))
    desk.database.run(lambda s: advance(s, job.id, to, desk.actor.now()))


def reprint(desk: Desk, number: int, actor: Actor | None = None) -> int:
    who = actor or desk.actor
    return desk.database.command(who, "return.reprint", lambda s: reprints.reprint_form(s, who, number))


def notes(desk: Desk, act: str) -> list[dict[str, object]]:
    entries = desk.database.read(lambda s: list(s.scalars(select(JournalEntry).where(JournalEntry.act == act))))
    return [change["after"] for entry in entries for change in entry.changes if change["table"] is None]


# Reprints


def test_a_reprint_is_a_new_job_of_the_same_paper_with_its_count_and_the_first_print_stays(
    desk: Desk, supervisor: Signer
) -> None:
    number = approved(desk, supervisor)
    (first,) = jobs(desk)
    came(desk, first, JobState.PRINTED)
    assert reprint(desk, number) == 1
    second = jobs(desk)[1]
    came(desk, second, JobState.PRINTED)
    assert reprint(desk, number) == 2

    stays, again, third = jobs(desk)
    assert (stays.id, stays.state, stays.copy) == (first.id, "printed", 0)
    assert [(job.copy, job.first_id, job.state) for job in (again, third)] == [
        (1, first.id, "printed"),
        (2, first.id, "queued"),
    ]
    assert again.document == third.document == first.document
    assert len({job.key for job in (stays, again, third)}) == 3
    form = desk.database.read(lambda s: s.scalars(select(ReturnForm)).one())
    assert form.job_id == first.id


def test_each_reprint_is_in_the_journal_with_its_count(desk: Desk, supervisor: Signer) -> None:
    number = approved(desk, supervisor)
    came(desk, jobs(desk)[0], JobState.PRINTED)
    reprint(desk, number)
    (note,) = notes(desk, "return.reprint")
    assert note["copy"] == 1
    assert "000001" in str(note["title"])


def test_a_reprint_comes_out_where_it_was_asked_for(desk: Desk, supervisor: Signer) -> None:
    number = approved(desk, supervisor)
    came(desk, jobs(desk)[0], JobState.PRINTED)
    reprint(desk, number, dataclasses.replace(desk.actor, station="5"))
    assert [job.station for job in jobs(desk)] == ["2", "5"]


def test_a_form_that_certainly_never_came_out_is_sent_again_as_the_first_print(desk: Desk, supervisor: Signer) -> None:
    number = approved(desk, supervisor)
    came(desk, jobs(desk)[0], JobState.FAILED)
    assert reprint(desk, number) == 0
    (job,) = jobs(desk)
    assert (job.state, job.copy) == ("queued", 0)


def test_a_form_that_may_have_come_out_is_a_copy_from_then_on(desk: Desk, supervisor: Signer) -> None:
    number = approved(desk, supervisor)
    came(desk, jobs(desk)[0], JobState.UNKNOWN)
    assert reprint(desk, number) == 1
    (job,) = jobs(desk)
    came(desk, job, JobState.PRINTED)
    assert reprint(desk, number) == 2


def test_a_form_that_is_still_printing_is_not_printed_twice(desk: Desk, supervisor: Signer) -> None:
    number = approved(desk, supervisor)
    with pytest.raises(Refused, match="还在打印"):
        reprint(desk, number)
    desk.database.run(lambda s: advance(s, jobs(desk)[0].id, JobState.SENDING, desk.actor.now()))
    with pytest.raises(Refused):
        reprint(desk, number)
    assert len(jobs(desk)) == 1


def test_only_the_counter_reprints_and_a_refused_attempt_leaves_its_trace(
    desk: Desk, supervisor: Signer, hire: Hire
) -> None:
    number = approved(desk, supervisor)
    came(desk, jobs(desk)[0], JobState.PRINTED)
    cashier = dataclasses.replace(desk.actor, person=hire("6170", Role.CASHIER))
    with pytest.raises(NotAllowed):
        reprint(desk, number, cashier)
    refused = desk.database.read(lambda s: list(s.scalars(select(JournalEntry.refused))))
    assert "Your role does not print papers of the counter. Ask a clerk or a supervisor." in refused


def test_a_form_that_is_not_there_is_named(desk: Desk) -> None:
    with pytest.raises(NotFound):
        reprint(desk, 4711)


# The store's paper


def test_a_store_with_continuous_paper_gets_four_lines_a_form_and_the_rest_on_the_next_number(
    desk: Desk, supervisor: Signer
) -> None:
    set_store(desk, form_paper="continuous")
    goods = [Sold(f"脸盆 {place}", item_no=f"2000{place}", barcode=f"690000000001{place}") for place in range(6)]
    sell(desk.database, *goods)
    desk.open()
    for one in goods:
        desk.fault(desk.do(drafting.scan_goods, one.barcode))
    desk.submit()
    assert desk.approve(supervisor) == [1, 2]
    documents = [from_json(job.document) for job in jobs(desk)]
    assert [type(document) for document in documents] == [Pages, Pages]
    sizes = [[(page.width, page.height) for page in document.pages] for document in documents]  # type: ignore[union-attr]
    assert sizes == [[(241, 140)], [(241, 140)]]
    forms = desk.database.read(lambda s: list(s.scalars(select(ReturnForm.amount).order_by(ReturnForm.number))))
    assert forms == [4 * 1990, 2 * 1990]


def test_a_form_is_reprinted_on_the_paper_it_was_made_for(desk: Desk, supervisor: Signer) -> None:
    number = approved(desk, supervisor)
    came(desk, jobs(desk)[0], JobState.PRINTED)
    set_store(desk, form_paper="continuous", name="二号店")
    reprint(desk, number)
    first, again = jobs(desk)
    assert again.document == first.document


# Refusals


def refusal(desk: Desk, line_id: int) -> int:
    return desk.do(reprints.print_refusal, line_id)  # type: ignore[no-any-return]


def said(desk: Desk) -> str:
    slip = from_json(jobs(desk)[-1].document)
    assert isinstance(slip, Slip)
    return "\n".join(" ".join(cell.text for cell in getattr(line, "cells", ())) for line in slip.lines)


def refused_mask(desk: Desk) -> int:
    """A mask is unwanted: hygiene goods are refused for good."""
    sell(desk.database, MASK)
    desk.open()
    line: int = desk.do(drafting.scan_goods, MASK.barcode)
    desk.do(drafting.describe, line, reason=Reason.NO_LONGER_WANTED)
    desk.do(drafting.all_in_order, line)
    return line


def kept(desk: Desk, line_id: int) -> ReturnLine:
    return desk.database.read(lambda s: s.scalars(select(ReturnLine).where(ReturnLine.line_id == line_id)).one())


def test_a_refused_line_is_printed_with_its_rules_and_kept_with_its_whole_reasoning(desk: Desk) -> None:
    line = refused_mask(desk)
    job_id = refusal(desk, line)
    (job,) = jobs(desk)
    assert (job.id, job.paper, job.state, job.case_id) == (job_id, "slip", "queued", desk.case_id)
    text = said(desk)
    for words in ("个人卫生用品售出不退", "没有质量问题，只换不退", "一次性口罩 × 1", "退货，不想要", "王丽 6012"):
        assert words in text
    record = kept(desk, line)
    assert record.effect == "refuse"
    assert {finding["rule"] for finding in record.findings} == {"hygiene", "refund-needs-fault"}
    assert record.rule_book_id is not None


def test_a_case_that_is_dropped_keeps_what_was_refused(desk: Desk) -> None:
    line = refused_mask(desk)
    refusal(desk, line)
    desk.do(drafting.drop)
    assert kept(desk, line).effect == "refuse"
    refusal(desk, line)
    assert len(jobs(desk)) == 2


def test_what_a_manager_could_still_allow_is_said_so(desk: Desk) -> None:
    sell(desk.database, TOWEL)
    desk.open()
    line = desk.do(drafting.scan_goods, TOWEL.barcode)
    desk.do(drafting.describe, line, reason=Reason.NO_LONGER_WANTED)
    desk.do(drafting.all_in_order, line)
    refusal(desk, line)
    assert "客服经理可以另行决定" in said(desk)


def test_what_the_law_grants_is_on_the_slip_and_what_it_strikes_is_not(
    desk: Desk, supervisor: Signer, clock: PlayedClock
) -> None:
    sell(desk.database, Sold("净菜", 1000, 990, "food.packaged", "clearance", "40001", "6900000000048", "食品部"))
    desk.open()
    line = desk.do(drafting.scan_goods, "6900000000048")
    desk.do(
        drafting.describe,
        line,
        reason=Reason.EXPIRED_OR_SPOILED,
        answers={Answer.FAULT_CONFIRMED: True, Answer.PACKAGE_WHOLE: True},
    )
    desk.do(drafting.all_in_order, line)
    with pytest.raises(Refused, match="没有被拒绝"):
        refusal(desk, line)  # the law grants it: nothing is refused
    desk.submit()
    desk.database.command(
        desk.actor,
        "return.refuse",
        lambda s: approval.refuse(s, desk.actor, supervisor, desk.case_id, desk.revision(), "包装上没有生产日期"),
    )
    refusal(desk, line)
    text = said(desk)
    assert "主管意见：包装上没有生产日期" in text
    assert "法律规定的权利" in text
    assert "清仓商品" not in text
    clock.forward(days=40)
    refusal(desk, line)
    assert "法律规定的权利" in said(desk)  # as it stood on the day of the decision


def test_a_line_whose_verdict_is_open_is_not_yet_refused(desk: Desk) -> None:
    sell(desk.database, MASK, TOWEL)
    desk.open()
    line = desk.do(drafting.scan_goods, MASK.barcode)
    with pytest.raises(Refused):
        refusal(desk, line)
    desk.do(drafting.describe, line, reason=Reason.QUALITY_FAULT)
    with pytest.raises(Refused):
        refusal(desk, line)
    with pytest.raises(NotFound):
        refusal(desk, line + 1)
    assert jobs(desk) == []


def test_an_answer_that_changes_after_a_refusal_changes_what_is_kept(desk: Desk) -> None:
    line = refused_mask(desk)
    refusal(desk, line)
    desk.do(drafting.describe, line, answers={Answer.PACKAGE_WHOLE: False})
    refusal(desk, line)
    assert "package" in {finding["rule"] for finding in kept(desk, line).findings}


def test_an_override_that_waits_for_its_signature_is_not_a_refusal(desk: Desk, manager: Signer) -> None:
    sell(desk.database, TOWEL)
    desk.open()
    line = desk.do(drafting.scan_goods, TOWEL.barcode)
    desk.do(drafting.describe, line, reason=Reason.NO_LONGER_WANTED)
    desk.do(drafting.all_in_order, line)
    desk.submit()
    with pytest.raises(Refused):
        refusal(desk, line)
    desk.approve(manager, reason="老顾客")
    with pytest.raises(Refused):
        refusal(desk, line)


def test_a_store_that_speaks_english_prints_its_refusals_so(desk: Desk) -> None:
    set_store(desk, language="en")
    refusal(desk, refused_mask(desk))
    assert "Return not accepted" in said(desk)
    assert "Refund: No longer wanted" in said(desk)


def test_a_cashier_prints_no_refusal(desk: Desk, hire: Hire) -> None:
    line = refused_mask(desk)
    cashier = dataclasses.replace(desk.actor, person=hire("6170", Role.CASHIER))
    with pytest.raises(NotAllowed):
        desk.database.command(
            cashier, "return.print_refusal", lambda s: reprints.print_refusal(s, cashier, desk.case_id, line)
        )


def test_the_day_of_the_slip_is_the_stores(desk: Desk, clock: PlayedClock) -> None:
    clock.now = dt.datetime(2026, 11, 21, 17, 5, tzinfo=dt.UTC)
    refusal(desk, refused_mask(desk))
    assert "26-11-22 01:05" in said(desk)
