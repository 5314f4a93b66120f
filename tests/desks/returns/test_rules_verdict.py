"""What is asked, what one key answers, and which other way would serve the customer better."""

from __future__ import annotations

import pytest

from counterapp.desks.returns.rules import favourable, judge, load_rule_book
from counterapp.return_forms.terms import Answer, Facts
from tests.desks.returns.by_the_book import BOOK, TEXT, facts

FAULT = "quality_fault +fault_confirmed"
EVERYTHING_OPEN = " ".join(f"?{answer}" for answer in Answer)


def asked(case: Facts) -> list[str]:
    return [question.answer.value for question in judge(BOOK, case).questions]


def better(case: Facts) -> str | None:
    found = judge(BOOK, case).better
    return found.way.value if found else None


@pytest.mark.parametrize(
    ("case", "questions"),
    [
        (
            facts(f"exchange {EVERYTHING_OPEN}"),
            ["package_whole", "accessories_complete", "signs_of_use", "customer_caused_damage"],
        ),
        (
            facts(f"refund quality_fault {EVERYTHING_OPEN}"),
            [
                "fault_confirmed",
                "package_whole",
                "accessories_complete",
                "signs_of_use",
                "customer_caused_damage",
            ],
        ),
        # An override already: a missing part cannot make it worse, but what leads to a refusal is still asked.
        (facts(f"refund {EVERYTHING_OPEN}"), ["signs_of_use", "customer_caused_damage"]),
        (facts(f"tobacco {EVERYTHING_OPEN}"), []),
        # The law may still strike out what refuses it, so it must be looked at.
        (facts("tobacco quality_fault"), ["fault_confirmed"]),
        (facts("tobacco quality_fault", day=16), []),
        (
            facts(f"appliance refund quality_fault {EVERYTHING_OPEN}"),
            [
                "fault_confirmed",
                "tested",
                "package_whole",
                "accessories_complete",
                "signs_of_use",
                "customer_caused_damage",
                "opened_by_customer",
                "disaster",
                "warranty_card",
            ],
        ),
        (facts("invoiced"), ["invoice_handed_back", "red_letter_opened"]),
        (facts("invoiced -invoice_handed_back"), ["red_letter_opened"]),
        (facts("invoiced +invoice_handed_back"), []),
        (facts("?invoice_handed_back ?red_letter_opened"), []),
    ],
)
def test_only_what_could_still_change_the_verdict_is_asked_in_the_order_of_work(
    case: Facts, questions: list[str]
) -> None:
    assert asked(case) == questions


def test_one_key_answers_the_condition_of_the_goods_and_nothing_that_must_be_found_out() -> None:
    verdict = judge(BOOK, facts(f"appliance refund quality_fault invoiced {EVERYTHING_OPEN}"))
    assert len(verdict.questions) == len(Answer)
    assert favourable(verdict.questions) == {
        Answer.PACKAGE_WHOLE: True,
        Answer.ACCESSORIES_COMPLETE: True,
        Answer.SIGNS_OF_USE: False,
        Answer.CUSTOMER_CAUSED_DAMAGE: False,
        Answer.OPENED_BY_CUSTOMER: False,
        Answer.DISASTER: False,
        Answer.WARRANTY_CARD: True,
    }


def test_all_in_order_then_the_rest_leaves_nothing_open_and_allows_the_return() -> None:
    case = facts(f"appliance refund quality_fault {EVERYTHING_OPEN}")
    answers = dict(favourable(judge(BOOK, case).questions))
    answers |= {Answer.FAULT_CONFIRMED: True, Answer.TESTED: True}
    verdict = judge(BOOK, facts("appliance refund quality_fault", answers=answers))
    assert (verdict.effect, verdict.questions, verdict.findings) == ("ok", (), ())


def test_questions_speak_both_languages() -> None:
    (question,) = judge(BOOK, facts("tobacco quality_fault")).questions
    assert (question.text("zh"), question.text("en")) == (
        "检查过，问题属实？",
        "Looked at: is it as the customer says?",
    )


@pytest.mark.parametrize(
    ("case", "way"),
    [
        (facts("refund"), "exchange"),
        (facts("refund", day=30), "exchange"),
        (facts("refund", day=31), None),
        (facts("refund -package_whole"), None),
        (facts("exchange"), None),
        (facts("exchange -package_whole"), None),
        (facts(f"refund {FAULT}"), None),
        (facts("refund quality_fault"), None),
        (facts("refund quality_fault -fault_confirmed"), "exchange"),
        (facts(f"hygiene refund {FAULT}", day=7), None),
        (facts(f"hygiene refund {FAULT}", day=8), "exchange"),
        (facts(f"hygiene refund {FAULT}", day=15), "exchange"),
        (facts(f"hygiene refund {FAULT}", day=16), None),
        # Not looked at yet: the exchange can still come out well, the refund cannot.
        (facts("hygiene refund quality_fault", day=8), "exchange"),
        (facts(f"appliance refund {FAULT}", day=8), "exchange"),
        (facts(f"appliance refund {FAULT}", day=15), "exchange"),
        (facts(f"appliance refund {FAULT}", day=16), "repair"),
        (facts(f"appliance exchange {FAULT}", day=15), None),
        (facts(f"appliance exchange {FAULT}", day=16), "repair"),
        (facts(f"appliance exchange {FAULT}", day=365), "repair"),
        (facts(f"appliance exchange {FAULT}", day=366), None),
        (facts(f"appliance exchange {FAULT} ?warranty_card", day=16), "repair"),
        (facts(f"appliance exchange {FAULT} -warranty_card", day=16), None),
        (facts(f"appliance exchange {FAULT} +opened_by_customer", day=16), None),
        (facts(f"appliance exchange {FAULT} +disaster", day=16), None),
        (facts(f"appliance exchange {FAULT} +customer_caused_damage", day=16), None),
        (facts(f"appliance exchange {FAULT}", day=16, returnable_milli=0), None),
        (facts("appliance exchange quality_fault", day=16), None),
        (facts("appliance exchange", day=16), None),
        (facts(f"general exchange {FAULT}", day=40), None),
    ],
)
def test_the_verdict_names_the_way_that_would_fare_better(case: Facts, way: str | None) -> None:
    assert better(case) == way


def test_nothing_is_better_than_what_is_allowed() -> None:
    book = load_rule_book(TEXT.replace('    "day > av_refund",\n    "day > av_exchange",\n', ""))
    assert judge(book, facts(f"appliance refund {FAULT}", day=7)).better is None
    assert judge(book, facts(f"appliance refund {FAULT} +customer_caused_damage", day=7)).better is None
    offered = judge(book, facts(f"appliance exchange {FAULT} -package_whole", day=16)).better
    assert offered is not None
    assert offered.text("zh") == "已过退换期，可以免费保修"


def test_the_better_way_is_told_in_both_languages() -> None:
    exchange = judge(BOOK, facts("refund")).better
    assert exchange is not None
    assert exchange.text("zh") == "改为换货更容易办理"
    assert exchange.text("en") == "An exchange would go through more easily"
