"""The verdict beside a second reading of the table, written in plain ifs and sharing nothing with the first."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterapp.desks.returns.rules import judge
from counterapp.return_forms.terms import Answer, Category, Effect, Facts, Flag, Kind, Reason
from tests.desks.returns.by_the_book import BOOK, facts

A = Answer
APPLIANCES_ONLY = {A.TESTED, A.WARRANTY_CARD, A.OPENED_BY_CUSTOMER, A.DISASTER}
INVOICE = {A.INVOICE_HANDED_BACK, A.RED_LETTER_OPENED}
ORDER = [Effect.OK, Effect.EVIDENCE, Effect.OVERRIDE, Effect.REFUSE]


def by_hand(case: Facts, answers: Mapping[Answer, bool]) -> tuple[Effect, dict[str, set[str]], set[str]]:
    """Return the verdict, what speaks (and which grants strike it) and the grants that apply."""
    said = {a: answers.get(a) for a in Answer}
    if case.category != "appliance":
        said |= dict.fromkeys(APPLIANCES_ONLY)
    day = case.day if case.receipt_found else None
    effects = house_by_hand(case, said, day)
    grants = law_by_hand(case, said, day)
    struck = {rule: {grant for grant, rules in grants.items() if rule in rules} for rule in effects}
    left = [effects[rule] for rule in effects if not struck[rule]]
    return max((Effect(effect) for effect in ("ok", *left)), key=ORDER.index), struck, set(grants)


def claims_fault(case: Facts) -> bool:
    return case.reason in ("quality_fault", "expired_or_spoiled", "missing_parts", "mislabelled")


def house_by_hand(case: Facts, said: Mapping[Answer, bool | None], day: int | None) -> dict[str, str]:
    effects: dict[str, str] = {}
    if case.receipt_found and case.returnable_milli is not None and case.quantity_milli > case.returnable_milli:
        effects["quantity"] = "refuse"
    if not case.receipt_found:
        effects["receipt"] = "override"
    if case.invoiced and said[A.INVOICE_HANDED_BACK] is not True and said[A.RED_LETTER_OPENED] is not True:
        effects["invoice"] = "evidence"
    if claims_fault(case) and said[A.FAULT_CONFIRMED] is None:
        effects["fault"] = "evidence"
    no_fault_stands = not claims_fault(case) or said[A.FAULT_CONFIRMED] is False
    if said[A.SIGNS_OF_USE] is True and no_fault_stands:
        effects["used"] = "refuse"
    if said[A.CUSTOMER_CAUSED_DAMAGE] is True:
        effects["customer-damage"] = "refuse"
    if said[A.PACKAGE_WHOLE] is False or said[A.ACCESSORIES_COMPLETE] is False:
        effects["package"] = "override"
    if "clearance" in case.flags:
        effects["clearance"] = "override"
    if case.category in ("hygiene", "consumable"):
        effects[case.category.value] = "refuse"
    if case.category in ("tobacco", "alcohol"):
        effects["tobacco-alcohol"] = "refuse"
    if case.category == "appliance":
        return effects | appliance_by_hand(case, said, day, no_fault_stands)
    if day is not None and day > 30:
        effects["window"] = "override"
    if case.kind == "refund" and no_fault_stands:
        effects["refund-needs-fault"] = "override"
    return effects


def appliance_by_hand(
    case: Facts, said: Mapping[Answer, bool | None], day: int | None, no_fault_stands: bool
) -> dict[str, str]:
    effects: dict[str, str] = {}
    if no_fault_stands:
        effects["av-fault-only"] = "override"
    if case.kind == "refund" and day is not None and day > 7:
        effects["av-refund"] = "override"
    if case.kind == "exchange" and day is not None and day > 15:
        effects["av-exchange"] = "override"
    if said[A.OPENED_BY_CUSTOMER] is True or said[A.DISASTER] is True:
        effects["av-abuse"] = "refuse"
    if said[A.TESTED] is not True:
        effects["av-tested"] = "evidence"
    if said[A.WARRANTY_CARD] is False:
        effects["av-card"] = "override"
    return effects


def law_by_hand(case: Facts, said: Mapping[Answer, bool | None], day: int | None) -> dict[str, set[str]]:
    grants: dict[str, set[str]] = {}
    if not claims_fault(case) or said[A.FAULT_CONFIRMED] is not True or said[A.CUSTOMER_CAUSED_DAMAGE] is True:
        return grants
    abused = said[A.OPENED_BY_CUSTOMER] is True or said[A.DISASTER] is True
    if not abused and day is not None and day <= (7 if case.kind == "refund" else 15):
        grants["statute-fault"] = {"package", "clearance", "hygiene", "consumable", "tobacco-alcohol", "av-card"}
    edible = case.category.startswith("food.") or case.category == "alcohol"
    if edible and case.reason in ("expired_or_spoiled", "quality_fault"):
        grants["statute-food"] = {"window", "package", "clearance", "tobacco-alcohol"}
    return grants


def open_by_trying(case: Facts) -> set[Answer]:
    """Return the open answers that change the verdict under at least one answering of the others."""
    still_open = [answer for answer in asked_of(case) if answer not in case.answers]
    found = set()
    verdicts: dict[tuple[bool | None, ...], Effect] = {}
    for way in itertools.product((None, True, False), repeat=len(still_open)):
        turned = {answer: said for answer, said in zip(still_open, way, strict=True) if said is not None}
        verdicts[way] = by_hand(case, {**case.answers, **turned})[0]
    for place, answer in enumerate(still_open):
        for way, effect in verdicts.items():
            if way[place] is None and any(
                verdicts[(*way[:place], said, *way[place + 1 :])] != effect for said in (True, False)
            ):
                found.add(answer)
                break
    return found


def asked_of(case: Facts) -> list[Answer]:
    return [
        answer
        for answer in Answer
        if (answer not in APPLIANCES_ONLY or case.category == "appliance") and (answer not in INVOICE or case.invoiced)
    ]


def answered(number: int) -> dict[Answer, bool]:
    """Return the answers that `number` stands for, a digit of base three each: open, yes, no."""
    said = {answer: number // 3**place % 3 for place, answer in enumerate(Answer)}
    return {answer: digit == 1 for answer, digit in said.items() if digit}


ANSWERS = st.integers(0, 3 ** len(Answer) - 1).map(answered)
# Full of answers, so that trying all ways to answer the rest stays quick.
MOST_ANSWERS = st.builds(
    lambda given, still_open: {answer: said for answer, said in given.items() if answer not in still_open},
    st.integers(0, 2 ** len(Answer) - 1).map(lambda bits: {a: bool(bits >> i & 1) for i, a in enumerate(Answer)}),
    st.sampled_from(list(itertools.combinations(Answer, 4))),
)


def cases(answers: st.SearchStrategy[dict[Answer, bool]] = ANSWERS) -> st.SearchStrategy[Facts]:
    return st.builds(
        Facts,
        kind=st.sampled_from(Kind),
        reason=st.sampled_from(Reason),
        category=st.sampled_from(Category),
        flags=st.sampled_from([frozenset(flags) for n in range(4) for flags in itertools.combinations(Flag, n)]),
        day=st.sampled_from([None, 0, 1, 6, 7, 8, 9, 14, 15, 16, 17, 29, 30, 31, 32, 365, 366]),
        quantity_milli=st.sampled_from([1, 1000, 1486, 2000]),
        returnable_milli=st.sampled_from([None, 0, 1000, 1486, 2000, 5000]),
        invoiced=st.booleans(),
        receipt_found=st.sampled_from([True, True, True, False]),
        answers=answers,
    )


@settings(max_examples=2000, deadline=None)
@given(cases())
def test_verdict_findings_and_grants_are_those_of_the_table(case: Facts) -> None:
    verdict = judge(BOOK, case)
    effect, struck, grants = by_hand(case, case.answers)
    assert verdict.effect == effect
    assert {finding.rule: set(finding.struck) for finding in verdict.findings} == struck
    assert {grant.grant for grant in verdict.grants} == grants
    order = [rule.id for rule in BOOK.rules]
    assert [finding.rule for finding in verdict.findings] == sorted(struck, key=order.index)


@settings(max_examples=600, deadline=None)
@given(cases(MOST_ANSWERS))
def test_an_answer_is_asked_for_exactly_where_trying_all_answers_finds_a_difference(case: Facts) -> None:
    assert {question.answer for question in judge(BOOK, case).questions} == open_by_trying(case)


@pytest.mark.parametrize(
    "case",
    [
        facts("refund quality_fault invoiced", answers={}),
        facts("hygiene exchange missing_parts clearance", day=9, answers={}),
        facts("alcohol refund expired_or_spoiled", day=60, answers={}),
        facts("appliance exchange quality_fault clearance", day=15, answers={}),
        facts("appliance refund no_longer_wanted", day=3, answers={}),
    ],
)
def test_with_nothing_answered_the_questions_are_still_exact(case: Facts) -> None:
    assert {question.answer for question in judge(BOOK, case).questions} == open_by_trying(case)


@settings(max_examples=150, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_no_order_of_answers_flags_or_rules_matters(case: Facts, random: Random) -> None:
    answers = list(case.answers.items())
    rules, grants = list(BOOK.rules), list(BOOK.grants)
    for shuffled in (answers, rules, grants):
        random.shuffle(shuffled)
    turned_round = replace(BOOK, rules=tuple(rules), grants=tuple(grants))
    verdict = judge(BOOK, case)
    again = judge(turned_round, replace(case, answers=dict(answers), flags=frozenset(sorted(case.flags, reverse=True))))
    assert (again.effect, again.questions, again.better) == (verdict.effect, verdict.questions, verdict.better)
    assert {(f.rule, f.sentence, frozenset(f.struck)) for f in again.findings} == {
        (f.rule, f.sentence, frozenset(f.struck)) for f in verdict.findings
    }
    assert set(again.grants) == set(verdict.grants)


@settings(max_examples=300, deadline=None)
@given(cases())
def test_answers_that_are_not_asked_of_the_item_change_nothing(case: Facts) -> None:
    without = {answer: said for answer, said in case.answers.items() if answer in asked_of(case)}
    assert judge(BOOK, case) == judge(BOOK, replace(case, answers=without))
