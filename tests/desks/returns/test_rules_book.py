"""The rule book as a manager edits it: what it may say, and how its mistakes are named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterapp.desks.returns.rules import RuleBook, judge, load_rule_book
from counterapp.errors import BadInput
from tests.desks.returns.by_the_book import BOOK, TEXT, facts

HOLIDAY = """
[[holiday]]
bought_from = 2027-01-15
bought_until = 2027-02-05
returns_until = 2027-02-21
"""


def edited(old: str, new: str, text: str = TEXT) -> str:
    assert text.count(old) >= 1
    return text.replace(old, new, 1)


def with_rule(when: str, more: str = "") -> str:
    """The book with one more rule, "extra", in front."""
    rule = f'[[rule]]\nid = "extra"\neffect = "refuse"\nwhen = {when}\nzh = "多一条"\nen = "one more"\n{more}\n'
    return edited('[[rule]]\nid = "quantity"', f'{rule}\n[[rule]]\nid = "quantity"')


def mistakes(text: str) -> str:
    with pytest.raises(BadInput) as caught:
        load_rule_book(text)
    return caught.value.in_language("en")


def speaks(book: RuleBook, words: str, **changes: Any) -> bool:
    return "extra" in [finding.rule for finding in judge(book, facts(words, **changes)).findings]


def test_a_manager_changes_a_number_of_days_in_one_place_and_the_sentence_follows() -> None:
    book = load_rule_book(edited("av_refund = 7", "av_refund = 10"))
    fault = "appliance refund quality_fault +fault_confirmed"
    assert judge(book, facts(fault, day=10)).effect == "ok"
    (finding,) = judge(book, facts(fault, day=11)).findings
    assert finding.text("zh") == "影音家电 10 天内可退（今天第 11 天）"


def test_a_book_saved_by_a_windows_editor_is_read() -> None:
    assert load_rule_book("\ufeff" + TEXT.replace("\n", "\r\n")).id == BOOK.id


@pytest.mark.parametrize(
    ("when", "holds", "holds_not"),
    [
        ('"kind is refund"', "refund", "exchange"),
        ('"kind is not refund"', "exchange", "refund"),
        ('"category is food.*"', "food.fresh", "general"),
        ('"category is not food.*"', "general", "food.frozen"),
        ('"category is tobacco or hygiene"', "hygiene", "alcohol"),
        ('"flag is concession"', "clearance concession", "clearance"),
        ('"flag is not concession"', "clearance", "clearance concession"),
        ('"a fault is claimed"', "mislabelled", "wrong_item"),
        ('"no fault is claimed"', "wrong_item", "mislabelled"),
        ('"no fault stands"', "mislabelled -fault_confirmed", "mislabelled"),
        ('"an invoice was issued"', "invoiced", ""),
        ('"no invoice was issued"', "", "invoiced"),
        ('"a receipt was found"', "", None),
        ('"signs_of_use is open"', "?signs_of_use", "-signs_of_use"),
        ('"signs_of_use is not yes"', "?signs_of_use", "+signs_of_use"),
        ('"signs_of_use is not open"', "-signs_of_use", "?signs_of_use"),
        ('["kind is refund", "category is hygiene"]', "refund hygiene", "exchange hygiene"),
        ('"kind is refund and category is hygiene or flag is serial"', "exchange serial", "exchange hygiene"),
        ('"kind is refund, and category is hygiene,  or flag is serial"', "refund hygiene", "refund"),
        ('"no fault stands and kind is refund"', "refund quality_fault -fault_confirmed", "exchange"),
        ('"quantity <= returnable"', "", None),
    ],
)
def test_a_condition_means_what_it_reads(when: str, holds: str, holds_not: str | None) -> None:
    book = load_rule_book(with_rule(when))
    assert speaks(book, holds)
    if holds_not is None:
        assert not speaks(book, "", day=None, receipt_found=False)
    else:
        assert not speaks(book, holds_not)


@pytest.mark.parametrize(("when", "last", "inside"), [("day > 3", 3, False), ("day <= 3", 3, True)])
def test_a_day_counts_through_the_number_it_names(when: str, last: int, inside: bool) -> None:
    book = load_rule_book(with_rule(f'"{when}"'))
    assert [speaks(book, "", day=day) for day in (last, last + 1)] == [inside, not inside]
    assert not speaks(book, "", day=None)


def test_a_question_that_the_book_does_not_look_at_is_not_asked() -> None:
    book = load_rule_book(edited('["package_whole is no or accessories_complete is no"]', '"package_whole is no"'))
    assert [q.answer for q in judge(book, facts(answers={})).questions] == [
        "package_whole",
        "signs_of_use",
        "customer_caused_damage",
    ]


@pytest.mark.parametrize("said", ["open", "not open", "yes", "not yes", "no", "not no"])
@pytest.mark.parametrize("more", ["", "package_whole is yes", "package_whole is open"])
def test_a_question_is_asked_whatever_part_of_its_answer_the_book_looks_at(said: str, more: str) -> None:
    text = with_rule(f'["package_whole is {said}", "flag is serial"]')
    text = edited("package_whole is no or ", f"{more} and flag is concession or " if more else "", text)
    book = load_rule_book(text)
    assert "package_whole" in [q.answer for q in judge(book, facts("serial", answers={})).questions]


def test_what_is_bought_before_a_holiday_is_taken_back_until_its_day() -> None:
    book = load_rule_book(TEXT + HOLIDAY)

    def effect(bought_on: date, today: date) -> str:
        case = facts("exchange", day=(today - bought_on).days, bought_on=bought_on)
        return judge(book, case).effect.value

    assert effect(date(2027, 1, 15), date(2027, 2, 21)) == "ok"
    assert effect(date(2027, 1, 15), date(2027, 2, 22)) == "override"
    # Bought a day too early: 30 days as ever.
    assert effect(date(2027, 1, 14), date(2027, 2, 13)) == "ok"
    assert effect(date(2027, 1, 14), date(2027, 2, 14)) == "override"
    # A holiday never shortens: 30 days reach beyond it.
    assert effect(date(2027, 2, 5), date(2027, 3, 7)) == "ok"
    assert effect(date(2027, 2, 5), date(2027, 3, 8)) == "override"
    assert effect(date(2027, 2, 6), date(2027, 3, 8)) == "ok"
    assert effect(date(2027, 2, 6), date(2027, 3, 9)) == "override"


def test_a_holiday_lengthens_the_house_alone_and_the_sentence_says_the_days() -> None:
    book = load_rule_book(TEXT + HOLIDAY)
    bought = date(2027, 1, 15)
    case = facts("appliance refund quality_fault +fault_confirmed", day=8, bought_on=bought)
    assert judge(book, case).effect == "override"
    (finding,) = judge(book, facts(day=38, bought_on=bought)).findings
    assert finding.text("en") == "Bought more than 37 days ago (today is day 38)"
    without_receipt = facts(day=38, bought_on=bought, receipt_found=False)
    assert [finding.rule for finding in judge(book, without_receipt).findings] == ["receipt"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (edited('effect = "override"', 'effect = "overide"'), "rule receipt: effect = overide does not fit"),
        (edited('effect = "override"', 'efect = "override"'), "rule receipt: effect is missing"),
        (
            edited('effect = "override"', 'efect = "override"'),
            "rule receipt: there is no “efect” (allowed: id, effect,",
        ),
        (edited('effect = "override"', 'effect = "ok"'), "(allowed: evidence, override, refuse)"),
        (edited("day > house", "day > thirty"), "rule window: “day > thirty” is not understood (allowed: 0, 1, 2, …"),
        (edited("day > house", "day > 36501"), "36500, house, av_refund"),
        (edited("day > house", "day >= house"), "rule window: “day >= house” is not understood"),
        (edited("category is hygiene", "category is soap"), "rule hygiene: “category is soap” is not understood"),
        (edited("category is hygiene", "category is soap"), "(allowed: food.*, food.fresh,"),
        (edited("tested is not yes", "tested is maybe"), "(allowed: yes, no, open)"),
        (edited("tested is not yes", "tryed is not yes"), "“tryed is not yes” is not understood"),
        (with_rule('"category is not tobacco or alcohol"'), "rule extra: “alcohol” is not understood"),
        (with_rule('"kind is refund and category is tobacco or alcohol"'), "rule extra: “alcohol” is not understood"),
        (with_rule("[]"), "rule extra: when = [] does not fit"),
        (with_rule("7"), "rule extra: when = 7 does not fit"),
        (with_rule('["kind is refund", 7]'), "rule extra: when = "),
        (with_rule('""'), "rule extra: “” is not understood"),
        (with_rule('"kind is refund"', 'note = "x"'), "rule extra: there is no “note”"),
        (edited('id = "fault"', 'id = "invoice"'), "rule invoice: stands twice"),
        (edited('"av-card"]', '"av-cart"]'), "grant statute-fault: takes_out = "),
        (edited('"av-card"]', '"av-cart"]'), "(allowed: quantity, receipt, invoice, fault, window,"),
        (
            edited("（今天第 {day} 天）", "（今天第 {dya} 天）"),
            "rule window: {dya} cannot be filled in (allowed: {day},",
        ),
        (edited("{day} 天）", "{day.real} 天）"), "rule window: {day.real} cannot be filled in"),
        (edited("{day} 天）", "{day:>9999999} 天）"), "rule window: {day:>9999999} cannot be filled in"),
        (edited("{day} 天）", "{day!r} 天）"), "rule window: {day!r} cannot be filled in"),
        (edited("{day} 天）", "{} 天）"), "rule window: {} cannot be filled in"),
        (edited("{day} 天）", "{day 天）"), "rule window: a curly bracket has no partner"),
        (edited('zh = "没有保修卡"', 'zh = ""'), "rule av-card: zh =  does not fit"),
        (edited('zh = "没有保修卡"', "zh = 3"), "rule av-card: zh = 3 does not fit"),
        (edited('zh = "没有保修卡"', ""), "rule av-card: zh is missing"),
        (edited("house = 30", "house = -1"), "days: house = -1 does not fit (allowed: 0, 1, 2, …, 36500)"),
        (edited("house = 30", "house = 30.5"), "days: house = 30.5 does not fit"),
        (edited("house = 30", 'house = "30"'), "days: house = 30 does not fit"),
        (edited("house = 30", "house = true"), "days: house = True does not fit"),
        (edited("house = 30", "home = 30"), "days: house is missing"),
        (edited("warranty = 365", "day = 365"), "days: day = 365 does not fit"),
        (
            edited("starts = 2000-01-01", 'starts = "2000-01-01"'),
            "starts = 2000-01-01 does not fit (allowed: 2027-01-31)",
        ),
        (edited("starts = 2000-01-01", "starts = 2000-01-01T08:00:00"), "starts = 2000-01-01 08:00:00 does not fit"),
        (edited("starts = 2000-01-01", ""), "Put right: starts is missing"),
        (edited('id = "house"', ""), "Put right: id is missing"),
        (edited('zh = "门店退换货规定", ', ""), "name: zh is missing"),
        (edited("\n[category]", "\n[categories]"), "Put right: category is missing"),
        (edited('tobacco = { zh = "香烟", en = "tobacco" }', ""), "category: tobacco is missing"),
        (edited("tobacco = {", "cigars = {"), "category: there is no “cigars”"),
        (edited('zh = "已全部退换", en =', "zh ="), "sentences nothing_left: en is missing"),
        (
            edited('refund_until = { zh = "可退到 {until}"', 'refund_until = { zh = "可退到 {day}"'),
            "sentences refund_until:",
        ),
        (
            edited('answer = "tested"', 'answer = "tryed"'),
            "question tryed: answer = tryed does not fit (allowed: fault",
        ),
        (edited('answer = "tested"', 'answer = "signs_of_use"'), "question signs_of_use: stands twice"),
        (edited('answer = "tested"', 'answer = "signs_of_use"'), "rule av-tested: no [[question]] asks for tested"),
        (
            edited('answer = "tested"', 'answer = "tested"\nin_order = "yes"'),
            "question tested: in_order cannot stand here",
        ),
        (edited('in_order = "yes"', "in_order = true"), "question package_whole: in_order = True does not fit"),
        (
            edited('asked = "category is appliance"', 'asked = "disaster is no"'),
            "asked cannot depend on other answers (dis",
        ),
        (edited("[repair]", "[[repair]]"), "repair = "),
        (edited("[[grant]]", "[grant]", edited("[[grant]]", "[other]")), "grant = "),
        (TEXT + HOLIDAY.replace("2027-02-05", "2027-01-05"), "holiday no. 1: the days are not in their order"),
        (TEXT + HOLIDAY.replace("2027-02-21", "2027-02-04"), "holiday no. 1: the days are not in their order"),
        (TEXT + HOLIDAY.replace("bought_until", "bought_til"), "holiday no. 1: bought_until is missing"),
        (TEXT + "sometimes = 1\n[x", "cannot be read"),
        ("", "id is missing; name is missing; starts is missing"),
        ("不是规定", "line 1 cannot be read"),
        (edited('id = "window"', "id = window"), "cannot be read"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_what_is_allowed(text: str, named: str) -> None:
    assert named in mistakes(text)


def test_all_mistakes_are_named_in_one_sentence() -> None:
    text = edited('effect = "override"', 'effect = "no"')
    text = edited("day > house", "day > thirty", text)
    text = edited("只剩 {returnable}", "只剩 {rest}", text)
    said = mistakes(text)
    assert said.startswith("The rule book is not taken over. Put right: rule quantity: {rest} cannot be filled in")
    assert said.count(";") == 2
    assert said.index("rule receipt") < said.index("rule window")


def test_a_line_that_cannot_be_read_is_named_by_its_number() -> None:
    line = TEXT[: TEXT.index("house = 30")].count("\n") + 1
    assert f"line {line} cannot be read" in mistakes(edited("house = 30", "house 30"))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_whatever_is_cut_out_or_put_in_the_book_is_taken_or_its_mistake_named(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(TEXT)))
    length = data.draw(st.integers(0, 60))
    put_in = data.draw(
        st.sampled_from(["", '"', "{", "]", "= 1", "\n", "is", "or", "7", "x = []\n", "true", "[[rule]]\n"])
    )
    try:
        book = load_rule_book(TEXT[:start] + put_in + TEXT[start + length :])
    except BadInput as mistake:
        assert len(mistake.in_language("en")) > len("The rule book is not taken over. Put right: .")
    else:
        judge(book, facts("appliance refund quality_fault invoiced", answers={}))
