"""A form at the till, on both databases: its one use, the rest, the receipts it may pay, and what it is refused for."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select, text

from counterapp.core.actor import Actor, Role
from counterapp.core.approvals import Approval
from counterapp.core.database import Database
from counterapp.core.journal import JournalEntry
from counterapp.core.print_queue import PrintJob
from counterapp.core.store_settings import FormPaper, change_store_settings, store_settings
from counterapp.desks.returns.services import reprints
from counterapp.desks.till.services import form_acceptance
from counterapp.errors import BadInput, NotAllowed, NotFound, Refused
from counterapp.return_forms.models import (
    FORFEITED,
    FROM_REST,
    IN_CASH,
    NEW_FORM,
    NO_REST,
    PAID,
    REDEEMED,
    FormClosure,
    Redemption,
    Settlement,
)
from counterapp.return_forms.terms import Kind
from counterapp.words import Language, language
from printers.document import Pages, Text, from_json
from tests.conftest import Hire, PlayedClock
from tests.desks.till.till import TODAY, Till


@pytest.fixture
def till(database: Database, clock: PlayedClock) -> Till:
    return Till(database, clock)


def in_english(error: pytest.ExceptionInfo[Refused]) -> str:
    return error.value.in_language("en")


def test_the_till_sees_what_a_form_is_worth_how_long_and_who_signed_it(till: Till) -> None:
    form = till.look(till.form(22900))
    assert (form.number, form.amount, form.state, form.why) == (1, 22900, form_acceptance.GOOD, None)
    assert (form.expires_on, form.copies, form.settlement) == (TODAY + dt.timedelta(days=30), 0, "goods")
    assert (form.clerk, form.supervisor) == ("王丽 6012", "周敏 5001")


def test_a_reprint_shows_at_the_till(till: Till) -> None:
    code = till.form(22900)
    till.database.run(lambda s: s.execute(text("UPDATE print_jobs SET state = 'printed'")))
    till.work(till.clerk, lambda s, a: reprints.reprint_form(s, a, 1))
    assert till.look(code).copies == 1


def test_goods_of_the_same_worth_leave_nothing_over(till: Till) -> None:
    code = till.form(22900)
    done = till.redeem(code, till.receipt(22900))
    assert (done["used"], done["rest"], done["rest_how"], done["rest_number"]) == (22900, 0, NO_REST, None)
    assert till.look(code).state == REDEEMED


def test_goods_worth_more_are_paid_on_by_the_customer(till: Till) -> None:
    done = till.redeem(till.form(22900), till.receipt(30000))
    assert (done["used"], done["rest"]) == (22900, 0)


def test_a_receipt_that_is_not_imported_yet_is_paid_by_the_amount_that_is_typed(till: Till) -> None:
    code, receipt_no = till.form(22900), till.new_number()
    with pytest.raises(Refused, match=receipt_no):
        till.redeem(code, receipt_no)
    till.redeem(code, receipt_no, 25000)
    kept = till.database.read(lambda s: s.scalars(select(Redemption)).one())
    assert (kept.receipt_no, kept.receipt_fen, kept.used, kept.till) == (receipt_no, 25000, 22900, "9")


@pytest.mark.parametrize("typed", [0, -1, 10**10])
def test_an_amount_that_no_receipt_has_is_not_taken(till: Till, typed: int) -> None:
    with pytest.raises(BadInput):
        till.redeem(till.form(100), till.new_number(), typed)


def test_an_amount_typed_wrong_is_told_once_the_receipt_is_imported(till: Till) -> None:
    code, receipt_no = till.form(22900), till.receipt(25000)
    with pytest.raises(Refused) as refused:
        till.redeem(code, receipt_no, 52000)
    assert "¥250.00, not ¥520.00" in in_english(refused)
    assert till.look(code).state == form_acceptance.GOOD


def test_what_is_left_goes_onto_a_new_form_that_can_be_used_like_any_other(till: Till) -> None:
    code = till.form(22900, statutory=True)
    done = till.redeem(code, till.receipt(20000))
    assert (done["used"], done["rest"], done["rest_how"], done["rest_number"]) == (20000, 2900, NEW_FORM, 2)
    rest, first = till.stored(2), till.stored(1)
    assert (rest.amount, rest.origin, rest.kind, rest.statutory) == (2900, FROM_REST, first.kind, True)
    assert (rest.case_id, rest.approval_id) == (first.case_id, first.approval_id)
    assert rest.code != code
    document, station = till.database.read(
        lambda s: s.execute(select(PrintJob.document, PrintJob.station).where(PrintJob.id == rest.job_id)).one()
    )
    assert station == "9"
    pages = from_json(document)
    assert isinstance(pages, Pages)
    words = ["".join(run.text for run in item.runs) for item in pages.pages[1].items if isinstance(item, Text)]
    assert "No. 000002" in words
    assert language("zh").gettext("What was left of form {form}").format(form="No. 000001") in words
    assert till.redeem(rest.code, till.receipt(2900))["rest"] == 0


def test_a_store_may_let_what_is_left_lapse(till: Till) -> None:
    till.settle(rest="forfeit")
    done = till.redeem(till.form(22900), till.receipt(20000))
    assert (done["rest"], done["rest_how"], done["rest_number"]) == (2900, FORFEITED, None)


def test_what_the_law_gives_never_lapses(till: Till) -> None:
    till.settle(rest="forfeit")
    code = till.form(22900, statutory=True)
    assert till.look(code).rest_goes(1) == NEW_FORM
    assert till.redeem(code, till.receipt(20000))["rest_how"] == NEW_FORM


def test_the_rest_is_paid_only_on_the_signature_of_somebody_else(till: Till) -> None:
    till.settle(rest="pay")
    code, receipt_no = till.form(22900), till.receipt(20000)
    with pytest.raises(Refused):
        till.redeem(code, receipt_no)
    for nobody in (till.cashier.person, till.clerk.person):
        with pytest.raises(NotAllowed):
            till.redeem(code, receipt_no, signer=nobody)
    supervisor_at_the_till = replace(till.cashier, person=till.second_supervisor)
    with pytest.raises(NotAllowed):
        till.redeem(code, receipt_no, actor=supervisor_at_the_till, signer=till.second_supervisor)
    assert till.look(code).state == form_acceptance.GOOD
    done = till.redeem(code, receipt_no, signer=till.supervisor)
    assert (done["rest"], done["rest_how"]) == (2900, PAID)
    signed = till.database.read(
        lambda s: s.scalars(select(Approval.signed_by).where(Approval.act == "form_rest")).one()
    )
    assert signed == till.supervisor.person_id


def test_a_rest_beyond_the_signers_limit_is_not_paid_by_them(till: Till) -> None:
    till.settle(rest="pay")
    code, receipt_no = till.form(50000), till.receipt(100)
    with pytest.raises(NotAllowed):
        till.redeem(code, receipt_no, signer=till.supervisor)
    assert till.redeem(code, receipt_no, signer=till.manager)["rest"] == 49900


def test_a_rest_beyond_everybodys_limit_stands_on_a_new_form(till: Till) -> None:
    till.settle(rest="pay", store_manager_fen=1000)
    assert till.redeem(till.form(22900), till.receipt(20000))["rest_how"] == NEW_FORM


def test_goods_bought_with_a_form_come_back_as_a_form_and_never_as_money(till: Till) -> None:
    till.settle(rest="pay", cash_tenders="微信")
    first, receipt_no = till.form(30000, Kind.EXCHANGE), till.receipt(30000, on=TODAY)
    till.redeem(first, receipt_no)
    again = till.form(30000, receipt_no=receipt_no, statutory=True)
    assert till.look(again).settlement == "goods"
    done = till.redeem(again, till.receipt(20000))
    assert done["rest_how"] == NEW_FORM


def test_a_second_use_is_refused_with_when_where_and_whom_and_journalled(till: Till) -> None:
    code, receipt_no = till.form(22900), till.receipt(22900)
    till.redeem(code, receipt_no)
    elsewhere = replace(till.cashier, station="11")
    with pytest.raises(Refused) as refused:
        till.redeem(code, till.receipt(22900), actor=elsewhere)
    said = in_english(refused)
    assert all(word in said for word in ("000001", "11-21 14:32", "station 9", "孙燕 7001", receipt_no))
    with pytest.raises(Refused):
        till.work(elsewhere, lambda s, a: form_acceptance.turn_away(s, a, code))
    tries = till.database.read(
        lambda s: s.scalars(select(JournalEntry.refused).where(JournalEntry.chain == "11")).all()
    )
    assert tries == [said, said]


def test_a_form_of_another_store_is_refused(till: Till) -> None:
    with pytest.raises(NotFound):
        till.redeem("RF731904825535", till.new_number(), 100)


def test_a_form_is_good_on_its_last_day_and_no_longer(till: Till, clock: PlayedClock) -> None:
    code = till.form(100)
    clock.forward(days=30)
    assert till.look(code).state == form_acceptance.GOOD
    clock.forward(days=1)
    assert till.look(code).state == form_acceptance.EXPIRED
    assert not till.look(code).may_be_renewed
    with pytest.raises(Refused) as refused:
        till.redeem(code, till.new_number(), 100)
    assert "2026-12-21" in in_english(refused)


def test_the_receipt_of_the_goods_that_came_back_pays_for_nothing(till: Till) -> None:
    own = till.receipt(22900, on=TODAY)
    code = till.form(22900, receipt_no=own, statutory=True)
    with pytest.raises(Refused):
        till.redeem(code, own)
    rest = till.redeem(code, till.receipt(20000))["rest_number"]
    with pytest.raises(Refused):
        till.redeem(till.stored(rest or 0).code, own)


def test_a_receipt_from_before_the_form_is_none_of_the_goods_taken_for_it(till: Till) -> None:
    old = till.receipt(22900, on=TODAY - dt.timedelta(days=1))
    with pytest.raises(Refused):
        till.redeem(till.form(22900), old)


def test_what_is_no_receipts_number_is_not_taken_for_one(till: Till) -> None:
    with pytest.raises(BadInput):
        till.redeem(till.form(22900), "RF731904825535", 22900)


def test_two_forms_may_pay_one_receipt_and_a_third_hears_that_it_is_paid(till: Till) -> None:
    receipt_no = till.receipt(30000)
    till.redeem(till.form(20000), receipt_no)
    done = till.redeem(till.form(20000), receipt_no)
    assert (done["used"], done["rest"]) == (10000, 10000)
    third = till.form(500)
    with pytest.raises(Refused) as refused:
        till.redeem(third, receipt_no)
    assert "000001, 000002" in in_english(refused)


def test_who_is_not_at_the_till_takes_no_form(till: Till, hire: Hire) -> None:
    code, receipt_no = till.form(100), till.new_number()
    for place, role in enumerate((Role.CLERK, Role.IT, Role.AUDITOR, Role.CASH_OFFICE)):
        other = Actor(hire(f"800{place}", role), "9", till.clock)
        with pytest.raises(NotAllowed):
            till.redeem(code, receipt_no, 100, actor=other)
    till.redeem(code, receipt_no, 100, actor=replace(till.cashier, person=till.supervisor))


def test_the_form_bears_three_peoples_signatures(till: Till) -> None:
    code = till.form(100, approver=till.supervisor)
    with pytest.raises(NotAllowed):
        till.redeem(code, till.new_number(), 100, actor=replace(till.cashier, person=till.supervisor))
    assert till.look(code).state == form_acceptance.GOOD


# Settled in money.


@pytest.mark.parametrize(
    ("settings", "tender", "settlement"),
    [
        ({}, "现金", "goods"),
        ({"cash_tenders": "现金 微信"}, "现金", "cash"),
        ({"cash_tenders": "现金 微信"}, "微信 100.00；现金 29.00", "cash"),
        ({"cash_tenders": "现金"}, "微信 100.00；现金 29.00", "goods"),
        ({"same_tenders": "微信 支付宝"}, "微信", "tender"),
        ({"same_tenders": "微信 支付宝"}, "微信/支付宝", "goods"),
        ({"same_tenders": "微信", "cash_tenders": "微信"}, "微信", "tender"),
        ({"cash_tenders": "现金 退换货单"}, "现金 退换货单", "goods"),
        ({"cash_tenders": "现金"}, "", "goods"),
        ({"cash_tenders": "现金", "service_manager_fen": 22899}, "现金", "goods"),
    ],
)
def test_a_refund_is_settled_as_the_store_settles_what_it_was_paid_by(
    till: Till, settings: dict[str, object], tender: str, settlement: str
) -> None:
    till.settle(**settings)
    assert till.look(till.form(22900, tender=tender)).settlement == settlement


def test_the_limit_for_money_is_the_approvers_own(till: Till) -> None:
    till.settle(cash_tenders="微信")
    assert till.look(till.form(20001, approver=till.manager)).settlement == "cash"
    assert till.look(till.form(20001, approver=till.supervisor)).settlement == "goods"


def test_an_exchange_is_never_settled_in_money(till: Till) -> None:
    till.settle(cash_tenders="微信")
    assert till.look(till.form(100, Kind.EXCHANGE)).settlement == "goods"


def test_a_form_says_that_it_is_paid_in_cash_and_is_paid_once(till: Till) -> None:
    till.settle(cash_tenders="微信")
    code = till.form(100)
    with pytest.raises(Refused):
        till.redeem(code, till.receipt(100))
    with pytest.raises(Refused):
        till.pay(code, "tender", reference="4200001")
    assert till.pay(code, "cash") == {"number": 1, "amount": 100, "method": "cash"}
    with pytest.raises(Refused) as refused:
        till.pay(code, "cash")
    assert "paid out already" in in_english(refused)
    kept = till.database.read(lambda s: s.scalars(select(Settlement)).one())
    assert (kept.method, kept.till, kept.approval_id, kept.amount) == (IN_CASH, "9", None, 100)


def test_what_goes_back_to_its_tender_bears_the_payments_reference(till: Till) -> None:
    till.settle(same_tenders="微信")
    code = till.form(100)
    with pytest.raises(BadInput):
        till.pay(code, "tender", reference=" ")
    till.pay(code, "tender", reference=" 4200001 ")
    assert till.database.read(lambda s: s.scalars(select(Settlement.reference)).one()) == "4200001"


def test_cash_for_what_should_go_back_to_a_tender_needs_a_second_signature(till: Till) -> None:
    till.settle(same_tenders="微信")
    code = till.form(100)
    with pytest.raises(Refused):
        till.pay(code, "cash")
    with pytest.raises(NotAllowed):
        till.pay(code, "cash", signer=till.clerk.person)
    till.pay(code, "cash", signer=till.supervisor)
    kept = till.database.read(lambda s: s.scalars(select(Settlement)).one())
    assert (kept.method, kept.signed_by) == ("cash", till.supervisor.person_id)


def test_a_form_that_counts_at_the_till_is_not_paid_out(till: Till) -> None:
    with pytest.raises(Refused):
        till.pay(till.form(100), "cash", signer=till.supervisor)


def test_goods_that_came_back_are_not_paid_by_a_form_as_well(till: Till) -> None:
    till.settle(cash_tenders="微信")
    bought = till.receipt(10000, on=TODAY)
    money = till.form(10000, receipt_no=bought, statutory=True)
    with pytest.raises(Refused) as refused:  # its goods are back: nothing of it is left to be paid by a form
        till.redeem(till.form(5000, Kind.EXCHANGE), bought)
    assert "come back already" in in_english(refused)
    assert till.pay(money, "cash")["amount"] == 10000


def test_the_end_counts_for_the_day_that_is_open(till: Till) -> None:
    till.redeem(till.form(100), till.receipt(100))
    assert till.database.read(lambda s: s.scalars(select(FormClosure.booked_on)).one()) == TODAY


def test_a_station_with_a_long_name_is_a_till_like_any_other(till: Till) -> None:
    till.redeem(till.form(100), till.receipt(100), actor=replace(till.cashier, station="总服务台二号收银电脑"))
    assert till.database.read(lambda s: s.scalars(select(Redemption.till)).one()) == "总服务台二号收银电脑"


def test_the_form_prints_the_rest_in_the_language_and_on_the_paper_of_the_store(till: Till) -> None:
    settings = till.database.read(store_settings)
    printed: list[tuple[Language, FormPaper]] = [("en", "a4"), ("zh", "continuous"), ("en", "continuous")]
    for place, (spoken, paper) in enumerate(printed):
        changed = replace(settings, language=spoken, form_paper=paper)
        till.database.run(partial(change_store_settings, settings=changed, actor=None, now=till.clock()))
        assert till.redeem(till.form(300), till.receipt(100))["rest_number"] == 2 + 2 * place
