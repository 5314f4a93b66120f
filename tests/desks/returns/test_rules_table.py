"""The table of the house's rules and the law's grants: each in a case where it speaks and in one where it is silent."""

from __future__ import annotations

import pytest

from counterapp.desks.returns.rules import Verdict, judge
from counterapp.return_forms.terms import Effect, Facts
from tests.desks.returns.by_the_book import BOOK, facts

UNKNOWN = {"day": None, "returnable_milli": None, "receipt_found": False}
FAULT = "quality_fault +fault_confirmed"


def findings(verdict: Verdict) -> dict[str, Effect]:
    return {finding.rule: finding.effect for finding in verdict.findings}


def struck(verdict: Verdict) -> set[str]:
    return {finding.rule for finding in verdict.findings if finding.struck}


SPEAKS = [
    ("quantity", "refuse", facts(quantity_milli=1001)),
    ("quantity", "refuse", facts(quantity_milli=1, returnable_milli=0)),
    ("receipt", "override", facts(**UNKNOWN)),
    ("invoice", "evidence", facts("invoiced")),
    ("invoice", "evidence", facts("invoiced -invoice_handed_back -red_letter_opened")),
    ("fault", "evidence", facts("quality_fault")),
    ("fault", "evidence", facts("expired_or_spoiled")),
    ("fault", "evidence", facts("missing_parts")),
    ("fault", "evidence", facts("mislabelled")),
    ("window", "override", facts(day=31)),
    ("refund-needs-fault", "override", facts("refund")),
    ("refund-needs-fault", "override", facts("refund wrong_item")),
    ("refund-needs-fault", "override", facts("refund quality_fault -fault_confirmed")),
    ("used", "refuse", facts("+signs_of_use")),
    ("used", "refuse", facts("+signs_of_use mislabelled -fault_confirmed")),
    ("customer-damage", "refuse", facts("+customer_caused_damage")),
    ("customer-damage", "refuse", facts(f"+customer_caused_damage {FAULT}")),
    ("package", "override", facts("-package_whole")),
    ("package", "override", facts("-accessories_complete")),
    ("clearance", "override", facts("clearance concession")),
    ("hygiene", "refuse", facts("hygiene")),
    ("consumable", "refuse", facts("consumable")),
    ("tobacco-alcohol", "refuse", facts("tobacco")),
    ("tobacco-alcohol", "refuse", facts("alcohol")),
    ("av-fault-only", "override", facts("appliance")),
    ("av-fault-only", "override", facts("appliance quality_fault -fault_confirmed")),
    ("av-refund", "override", facts(f"appliance refund {FAULT}", day=8)),
    ("av-exchange", "override", facts(f"appliance exchange {FAULT}", day=16)),
    ("av-abuse", "refuse", facts("appliance +opened_by_customer")),
    ("av-abuse", "refuse", facts("appliance +disaster")),
    ("av-tested", "evidence", facts("appliance ?tested")),
    ("av-tested", "evidence", facts("appliance -tested")),
    ("av-card", "override", facts("appliance -warranty_card")),
]
SILENT = [
    ("quantity", facts(quantity_milli=1000)),
    ("quantity", facts(quantity_milli=9000, returnable_milli=None, receipt_found=False)),
    ("receipt", facts()),
    ("invoice", facts("-invoice_handed_back")),
    ("invoice", facts("invoiced +invoice_handed_back")),
    ("invoice", facts("invoiced -invoice_handed_back +red_letter_opened")),
    ("fault", facts("wrong_item")),
    ("fault", facts("no_longer_wanted")),
    ("fault", facts("quality_fault +fault_confirmed")),
    ("fault", facts("quality_fault -fault_confirmed")),
    ("window", facts(day=30)),
    ("window", facts(day=0)),
    ("window", facts("appliance", day=400)),
    ("window", facts(**UNKNOWN)),
    ("refund-needs-fault", facts("exchange")),
    ("refund-needs-fault", facts("refund quality_fault")),
    ("refund-needs-fault", facts(f"refund {FAULT}")),
    ("refund-needs-fault", facts("refund appliance")),
    ("used", facts("-signs_of_use")),
    ("used", facts("?signs_of_use")),
    ("used", facts("+signs_of_use quality_fault")),
    ("used", facts(f"+signs_of_use {FAULT}")),
    ("customer-damage", facts("-customer_caused_damage")),
    ("customer-damage", facts("?customer_caused_damage")),
    ("package", facts("?package_whole ?accessories_complete")),
    ("package", facts("+package_whole +accessories_complete")),
    ("clearance", facts("serial concession")),
    ("hygiene", facts("consumable")),
    ("consumable", facts("hygiene")),
    ("tobacco-alcohol", facts("food.packaged")),
    ("av-fault-only", facts("general")),
    ("av-fault-only", facts("appliance quality_fault")),
    ("av-fault-only", facts(f"appliance {FAULT}")),
    ("av-refund", facts("appliance refund", day=7)),
    ("av-refund", facts("appliance exchange", day=8)),
    ("av-refund", facts("refund", day=8)),
    ("av-refund", facts("appliance refund", **UNKNOWN)),
    ("av-exchange", facts("appliance exchange", day=15)),
    ("av-exchange", facts("appliance refund", day=16)),
    ("av-exchange", facts("exchange", day=16)),
    ("av-exchange", facts("appliance exchange", **UNKNOWN)),
    ("av-abuse", facts("appliance ?opened_by_customer ?disaster")),
    ("av-abuse", facts("general +opened_by_customer +disaster")),
    ("av-tested", facts("appliance +tested")),
    ("av-tested", facts("general ?tested")),
    ("av-card", facts("appliance ?warranty_card")),
    ("av-card", facts("general -warranty_card")),
]


@pytest.mark.parametrize(("rule", "effect", "case"), SPEAKS)
def test_a_rule_speaks_where_the_table_says_so(rule: str, effect: str, case: Facts) -> None:
    assert findings(judge(BOOK, case)).get(rule) == effect


@pytest.mark.parametrize(("rule", "case"), SILENT)
def test_a_rule_is_silent_where_the_table_says_nothing(rule: str, case: Facts) -> None:
    assert rule not in findings(judge(BOOK, case))


def test_every_rule_of_the_book_is_tried_speaking_and_silent() -> None:
    ids = [rule.id for rule in BOOK.rules]
    assert len(ids) == 19
    assert {rule for rule, _effect, _case in SPEAKS} == {rule for rule, _case in SILENT} == set(ids)


STATUTE_FAULT = {"package", "clearance", "hygiene", "consumable", "tobacco-alcohol", "av-card"}
STATUTE_FOOD = {"window", "package", "clearance", "tobacco-alcohol"}


@pytest.mark.parametrize(
    ("grant", "case", "taken_out"),
    [
        ("statute-fault", facts(f"refund {FAULT} clearance -package_whole", day=7), {"clearance", "package"}),
        ("statute-fault", facts(f"exchange {FAULT} clearance", day=15), {"clearance"}),
        ("statute-fault", facts("refund missing_parts +fault_confirmed -accessories_complete", day=0), {"package"}),
        ("statute-fault", facts(f"refund {FAULT} hygiene ?customer_caused_damage", day=7), {"hygiene"}),
        ("statute-fault", facts("refund mislabelled +fault_confirmed consumable"), {"consumable"}),
        ("statute-fault", facts(f"refund {FAULT} tobacco"), {"tobacco-alcohol"}),
        ("statute-fault", facts(f"refund {FAULT} appliance -warranty_card ?disaster"), {"av-card"}),
        ("statute-fault", facts(f"refund {FAULT} hygiene +opened_by_customer +disaster"), {"hygiene"}),
        ("statute-food", facts(f"refund {FAULT} food.fresh", day=31), {"window"}),
        (
            "statute-food",
            facts("refund expired_or_spoiled +fault_confirmed food.frozen clearance -package_whole", day=99),
            {"window", "package", "clearance"},
        ),
        ("statute-food", facts(f"exchange {FAULT} food.packaged -package_whole", **UNKNOWN), {"package"}),
        ("statute-food", facts(f"refund {FAULT} alcohol", day=300), {"tobacco-alcohol", "window"}),
    ],
)
def test_a_grant_strikes_out_what_it_takes_out_and_keeps_it_on_the_record(
    grant: str, case: Facts, taken_out: set[str]
) -> None:
    verdict = judge(BOOK, case)
    assert grant in [granted.grant for granted in verdict.grants]
    assert struck(verdict) == taken_out
    assert all(grant in finding.struck for finding in verdict.findings if finding.struck)
    assert taken_out <= set(findings(verdict))


@pytest.mark.parametrize(
    ("grant", "case"),
    [
        ("statute-fault", facts(f"refund {FAULT} clearance", day=8)),
        ("statute-fault", facts(f"exchange {FAULT} clearance", day=16)),
        ("statute-fault", facts(f"refund {FAULT} clearance", **UNKNOWN)),
        ("statute-fault", facts("refund quality_fault clearance")),
        ("statute-fault", facts("refund quality_fault -fault_confirmed clearance")),
        ("statute-fault", facts("refund wrong_item +fault_confirmed clearance")),
        ("statute-fault", facts(f"refund {FAULT} clearance +customer_caused_damage")),
        ("statute-fault", facts(f"refund {FAULT} appliance clearance +opened_by_customer")),
        ("statute-fault", facts(f"refund {FAULT} appliance clearance +disaster")),
        ("statute-food", facts(f"refund {FAULT} general", day=40)),
        ("statute-food", facts(f"refund {FAULT} tobacco", day=40)),
        ("statute-food", facts("refund mislabelled +fault_confirmed food.fresh", day=40)),
        ("statute-food", facts("refund missing_parts +fault_confirmed food.fresh", day=40)),
        ("statute-food", facts("refund quality_fault food.fresh", day=40)),
        ("statute-food", facts("refund quality_fault -fault_confirmed food.fresh", day=40)),
        ("statute-food", facts(f"refund {FAULT} food.fresh +customer_caused_damage", day=40)),
    ],
)
def test_a_grant_that_does_not_apply_strikes_nothing(grant: str, case: Facts) -> None:
    verdict = judge(BOOK, case)
    assert grant not in [granted.grant for granted in verdict.grants]
    assert not any(grant in finding.struck for finding in verdict.findings)


def test_the_grants_take_out_exactly_what_the_law_says() -> None:
    assert {grant.id: grant.takes_out for grant in BOOK.grants} == {
        "statute-fault": STATUTE_FAULT,
        "statute-food": STATUTE_FOOD,
    }


@pytest.mark.parametrize(
    ("case", "effect"),
    [
        (facts("exchange", day=30), "ok"),
        (facts("exchange", day=31), "override"),
        (facts(f"appliance refund {FAULT}", day=7), "ok"),
        (facts(f"appliance refund {FAULT}", day=8), "override"),
        (facts(f"appliance exchange {FAULT}", day=15), "ok"),
        (facts(f"appliance exchange {FAULT}", day=16), "override"),
        (facts(f"tobacco refund {FAULT}", day=7), "ok"),
        (facts(f"tobacco refund {FAULT}", day=8), "refuse"),
        (facts(f"tobacco exchange {FAULT}", day=15), "ok"),
        (facts(f"tobacco exchange {FAULT}", day=16), "refuse"),
        (facts(f"food.fresh refund {FAULT}", day=4000), "ok"),
        (facts(f"refund {FAULT} invoiced", day=3), "evidence"),
        (facts("refund invoiced +signs_of_use", day=3), "refuse"),
        (facts("refund invoiced", day=3), "override"),
    ],
)
def test_the_verdict_is_the_strictest_effect_that_is_left(case: Facts, effect: str) -> None:
    assert judge(BOOK, case).effect == effect


def test_a_finding_that_both_grants_take_out_names_both() -> None:
    verdict = judge(BOOK, facts(f"food.fresh refund {FAULT} clearance", day=7))
    assert [(finding.rule, finding.struck) for finding in verdict.findings] == [
        ("clearance", ("statute-fault", "statute-food"))
    ]
    assert verdict.effect == "ok"


def test_missing_evidence_shows_under_an_override_but_not_once_it_is_brought() -> None:
    assert judge(BOOK, facts("refund invoiced")).lacks_evidence
    assert not judge(BOOK, facts("refund invoiced +invoice_handed_back")).lacks_evidence


def test_without_a_receipt_a_day_or_a_rest_that_is_claimed_does_not_count() -> None:
    guessed = facts(f"refund {FAULT} clearance", day=2, quantity_milli=5000, receipt_found=False)
    verdict = judge(BOOK, guessed)
    assert set(findings(verdict)) == {"receipt", "clearance"}
    assert not verdict.grants


@pytest.mark.parametrize(
    ("rule", "case", "zh", "en"),
    [
        ("window", facts(day=34), "购买已超过 30 天（今天第 34 天）", "Bought more than 30 days ago (today is day 34)"),
        ("tobacco-alcohol", facts("tobacco"), "香烟售出不退", "Not returnable: tobacco"),
        ("tobacco-alcohol", facts("alcohol"), "酒类售出不退", "Not returnable: alcohol"),
        (
            "quantity",
            facts(quantity_milli=1500, returnable_milli=1486),
            "要退换 1.5，只剩 1.486 可以退换",
            "1.5 asked, only 1.486 may still come back",
        ),
        (
            "quantity",
            facts(quantity_milli=100_000, returnable_milli=10_000),
            "要退换 100，只剩 10 可以退换",
            "100 asked, only 10 may still come back",
        ),
        (
            "av-refund",
            facts(f"appliance refund {FAULT}", day=9),
            "影音家电 7 天内可退（今天第 9 天）",
            "Appliances: refund within 7 days (today is day 9)",
        ),
    ],
)
def test_a_finding_is_told_in_the_customers_words_in_both_languages(rule: str, case: Facts, zh: str, en: str) -> None:
    finding = next(finding for finding in judge(BOOK, case).findings if finding.rule == rule)
    assert (finding.text("zh"), finding.text("en")) == (zh, en)


def test_spoiled_food_says_what_the_law_grants_besides() -> None:
    (grant,) = judge(BOOK, facts(f"food.fresh refund {FAULT}", day=40)).grants
    assert all(words in grant.text("zh") for words in ("十倍", "三倍", "1000 元"))
    assert all(words in grant.text("en") for words in ("ten times", "three times", "1,000 yuan"))
