"""The few words beside each line of a receipt, which must follow from the book and from nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from counterapp.desks.returns.rules import judge, load_rule_book, returnability
from counterapp.return_forms.terms import Category, Effect, Flag, Kind, Reason
from tests.desks.returns.by_the_book import BOOK, TEXT, facts

BOUGHT = date(2026, 11, 18)


def told(words: str, day: int, language: str = "zh", text: str = TEXT, returnable: int = 1000) -> tuple[str, str]:
    codes = words.split()
    book = BOOK if text is TEXT else load_rule_book(text)
    flags = frozenset(Flag(code) for code in codes[1:])
    found = returnability(book, Category(codes[0]), flags, BOUGHT, BOUGHT + timedelta(days=day), returnable)
    return found.effect.value, found.text(language)


@pytest.mark.parametrize(
    ("words", "day", "effect", "zh"),
    [
        ("appliance serial", 3, "ok", "质量问题可退到 11-25，可换到 12-03"),
        ("appliance", 7, "ok", "质量问题可退到 11-25，可换到 12-03"),
        ("appliance", 8, "ok", "质量问题可换到 12-03"),
        ("appliance", 15, "ok", "质量问题可换到 12-03"),
        ("appliance", 16, "override", "影音家电 15 天内可换（今天第 16 天）"),
        ("general", 3, "override", "无质量问题只换不退，到 12-18"),
        ("general concession", 30, "override", "无质量问题只换不退，到 12-18"),
        ("general", 31, "override", "购买已超过 30 天（今天第 31 天）"),
        ("general clearance", 3, "ok", "质量问题可退到 11-25，可换到 12-03"),
        ("general clearance", 16, "override", "清仓商品售出不退换"),
        ("food.fresh", 3, "ok", "变质随时可退"),
        ("food.frozen clearance", 300, "ok", "变质随时可退"),
        ("tobacco", 3, "refuse", "香烟售出不退，质量问题除外"),
        ("tobacco", 16, "refuse", "香烟售出不退"),
        ("hygiene", 15, "refuse", "个人卫生用品售出不退，质量问题除外"),
        ("hygiene", 16, "refuse", "个人卫生用品售出不退"),
        ("alcohol", 90, "refuse", "酒类售出不退，质量问题除外"),
    ],
)
def test_each_line_says_what_can_be_done_today(words: str, day: int, effect: str, zh: str) -> None:
    assert told(words, day) == (effect, zh)


@pytest.mark.parametrize(
    ("words", "day", "en"),
    [
        ("appliance", 3, "with a fault: refund until 11-25, exchange until 12-03"),
        ("general", 3, "without a fault exchange only, until 12-18"),
        ("food.fresh", 3, "spoiled: refund any day"),
        ("tobacco", 16, "Not returnable: tobacco"),
    ],
)
def test_each_line_says_it_in_english_too(words: str, day: int, en: str) -> None:
    assert told(words, day, "en")[1] == en


def test_a_line_of_which_nothing_is_left_says_so() -> None:
    assert told("general", 3, returnable=0) == ("refuse", "已全部退换")
    assert told("general", 3, returnable=1)[0] == "override"


@pytest.mark.parametrize(
    ("old", "new", "words", "day", "said"),
    [
        # Refunds without a fault, as another house has them.
        ('["kind is refund", "category is not appliance"', '["kind is refund", "category is tobacco"',
         "general", 3, ("ok", "可退到 12-18，可换到 12-18")),
        ('"category is not appliance", "day > house"', '"category is tobacco", "day > house"',
         "general", 3, ("override", "无质量问题只换不退")),
        ('["category is hygiene"]', '"category is hygiene and flag is clearance"',
         "hygiene", 3, ("override", "无质量问题只换不退，到 12-18")),
        ("house = 30", "house = 60", "general", 31, ("override", "无质量问题只换不退，到 01-17")),
        ("av_exchange = 15", "av_exchange = 3", "appliance", 0, ("ok", "质量问题可退到 11-25，可换到 11-21")),
        ("reason is expired_or_spoiled or quality_fault", "reason is expired_or_spoiled",
         "alcohol", 90, ("refuse", "酒类售出不退，变质除外")),
        # Spoiled goods alone come back.
        ('"a fault is claimed", "fault_confirmed is open"', '"reason is not expired_or_spoiled", "day > 2"',
         "general clearance", 3, ("ok", "变质可退到 11-25，可换到 12-03")),
    ],
)  # fmt: skip
def test_the_words_follow_the_book_when_a_manager_changes_it(
    old: str, new: str, words: str, day: int, said: tuple[str, str]
) -> None:
    assert TEXT.count(old) >= 1
    assert told(words, day, text=TEXT.replace(old, new)) == said


def test_a_rule_that_the_law_strikes_out_is_not_what_the_line_says() -> None:
    text = TEXT.replace("av_refund = 7", "av_refund = 3").replace("av_exchange = 15", "av_exchange = 3")
    assert told("appliance clearance", 4, text=text) == ("override", "影音家电 3 天内可换（今天第 4 天）")


@pytest.mark.parametrize(
    ("category", "effect"),
    [(Category.GENERAL, Effect.OVERRIDE), (Category.APPLIANCE, Effect.OVERRIDE), (Category.HYGIENE, Effect.REFUSE)],
)
def test_without_a_receipt_no_day_is_known_and_nothing_is_promised(category: Category, effect: Effect) -> None:
    found = returnability(BOOK, category, frozenset(), None, BOUGHT, 1000)
    assert found.effect is effect
    assert not any(char.isdigit() for char in found.text("zh"))


def test_a_holiday_moves_the_last_day_of_the_house() -> None:
    holiday = "\n[[holiday]]\nbought_from = 2026-11-01\nbought_until = 2026-11-30\nreturns_until = 2027-01-08\n"
    assert told("general", 40, text=TEXT + holiday) == ("override", "无质量问题只换不退，到 01-08")
    assert told("general", 52, text=TEXT + holiday) == ("override", "购买已超过 51 天（今天第 52 天）")
    assert told("appliance", 3, text=TEXT + holiday)[1] == "质量问题可退到 11-25，可换到 12-03"


@pytest.mark.parametrize("category", list(Category))
@pytest.mark.parametrize("flag", [None, *Flag])
def test_no_line_promises_more_than_the_verdict_will_hold(category: Category, flag: Flag | None) -> None:
    flags = frozenset({flag} if flag else ())
    for day in range(40):
        found = returnability(BOOK, category, flags, BOUGHT, BOUGHT + timedelta(days=day), 1000)
        verdicts = {
            judge(BOOK, facts(f"{category} {kind} {reason} +fault_confirmed", day=day, flags=flags)).effect
            for kind in Kind
            for reason in Reason
        }
        if found.effect is Effect.OK:
            assert Effect.OK in verdicts
        if found.effect is Effect.REFUSE:
            assert Effect.REFUSE in verdicts
            assert "除外" in found.text("zh") or Effect.OK not in verdicts
