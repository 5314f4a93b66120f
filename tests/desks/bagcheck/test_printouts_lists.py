"""The lists of the day, on sheets and on continuous paper, short, empty and long."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterapp.core.print_queue import copy_words
from counterapp.core.store_settings import FormPaper
from counterapp.desks.bagcheck.printouts import (
    LeftFacts,
    closing_record,
    lost_token_book,
    morning_count,
    overnight_list,
)
from counterapp.words import Language
from printers.document import Pages, Text, from_json, repeated, to_json
from printers.flow import fitted
from printers.picture import pictures
from printers.profile import named
from printers.protocols import encode
from tests.desks.bagcheck import printed
from tests.desks.bagcheck.printed import looks_as_kept
from tests.printers.reading import faults, inks, words

Make = Callable[[Language, FormPaper], Pages]

PRINTERS = {"a4": named("virtual-a4"), "continuous": named("epson-lq")}
LISTS: dict[str, Make] = {
    "closing": lambda language, paper: closing_record(printed.CLOSING, language, paper),
    "closing-empty": lambda language, paper: closing_record(printed.CLOSING_EMPTY, language, paper),
    "closing-longest": lambda language, paper: closing_record(printed.CLOSING_LONG, language, paper),
    "morning": lambda language, paper: morning_count(printed.MORNING, language, paper),
    "morning-full": lambda language, paper: morning_count(printed.MORNING_FULL, language, paper),
    "overnight": lambda language, paper: overnight_list(printed.OVERNIGHT, language, paper),
    "overnight-longest": lambda language, paper: overnight_list(printed.OVERNIGHT_LONG, language, paper),
    "book": lambda language, paper: lost_token_book(printed.BOOK, language, paper),
    "book-longest": lambda language, paper: lost_token_book(printed.BOOK_LONG, language, paper),
}
EACH = pytest.mark.parametrize("name", LISTS)
BOTH = pytest.mark.parametrize("language", ["zh", "en"])
PAPERS = pytest.mark.parametrize("paper", ["a4", "continuous"])


def copy(pages: Pages, language: Language) -> Pages:
    again = repeated(pages, copy_words(12, language))
    assert isinstance(again, Pages)
    return again


def said(pages: Pages, paper: FormPaper = "a4") -> list[str]:
    return [re.sub(r"\s", "", page) for page in words(encode(pages, PRINTERS[paper]))]


@PAPERS
def test_the_closing_record_counts_the_day_and_explains_what_is_left(paper: FormPaper) -> None:
    (page,) = said(closing_record(printed.CLOSING, "zh", paper), paper)
    for label, count in (
        ("早晨在柜", "2"),
        ("当日存入", "318"),
        ("凭牌取回", "315"),
        ("签字放行", "2"),
        ("仍在柜内", "2"),
        ("寄存柜总数", "96"),
        ("空柜", "92"),
        ("停用", "1"),
        ("丢失标示牌", "2"),
        ("收费金额", "¥10.00"),
    ):
        assert f"{label}{count}" in page
    for text in (
        "318",
        "315",
        "¥10.00",
        "已广播找人，顾客未到",
        "2件·黑色双肩包",
        "客服员签名",
        "王丽6012",
        "以下空白",
    ):
        assert text in page


def test_a_closing_record_with_empty_lockers_says_so_and_is_signed() -> None:
    (page,) = said(closing_record(printed.CLOSING_EMPTY, "zh"))
    assert "柜内无留存物品" in page
    assert "客服员签名" in page


def test_the_morning_count_names_each_missing_token_and_who_was_told() -> None:
    (page,) = said(morning_count(printed.MORNING, "zh"))
    for text in ("应有", "96", "实有", "94", "差额", "-2", "昨日闭店时已缺", "管理员签名", "李强5003"):
        assert text in page
    (page,) = said(morning_count(printed.MORNING_FULL, "zh"))
    assert "标示牌齐全" in page
    assert "管理员签名" not in page


def test_more_tokens_than_there_should_be_are_a_difference_too() -> None:
    (page,) = said(morning_count(dataclasses.replace(printed.MORNING_FULL, in_hand=97), "zh"))
    assert "+1" in page


def test_the_overnight_list_marks_what_stays_too_long_and_has_room_for_each_release() -> None:
    (page,) = said(overnight_list(printed.OVERNIGHT, "zh"))
    assert "！4" in page
    assert page.count("！") == 2  # the label of the count, and the one late deposit
    for text in ("放行签名", "当值主管签名", "预警晚数"):
        assert text in page
    (page,) = said(overnight_list(dataclasses.replace(printed.OVERNIGHT, warn_after=0), "zh"))
    assert "！" not in page
    assert "预警晚数" not in page


def test_the_lost_token_book_says_whose_piece_it_was_what_was_paid_and_what_was_found() -> None:
    (page,) = said(lost_token_book(printed.BOOK, "zh"))
    for text in ("标示牌丢失记录本", "26-11-01–26-11-30", "张*", "5.00", "05311827", "存包处", "0.00", "26-11-2413:44"):
        assert text in page


@PAPERS
def test_a_long_list_has_its_head_and_number_on_each_page_and_the_signature_on_the_last(paper: FormPaper) -> None:
    pages = said(closing_record(printed.CLOSING_LONG, "zh", paper), paper)
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert f"第{number}页，共{len(pages)}页" in page
        assert "存包处闭店记录" in page
        assert "未取原因" in page
    assert ["客服员签名" in page for page in pages] == [False] * (len(pages) - 1) + [True]
    assert ["当日存入" in page for page in pages] == [True] + [False] * (len(pages) - 1)


@BOTH
@PAPERS
@EACH
def test_nothing_overlaps_and_nothing_leaves_the_paper_not_even_on_a_repeat(
    name: str, language: Language, paper: FormPaper
) -> None:
    pages, printer = copy(LISTS[name](language, paper), language), PRINTERS[paper]
    for page, texts in zip(pages.pages, inks(encode(pages, printer)), strict=True):
        assert any("补打 12" in ink.what for ink in texts)
        assert faults(page, texts, margin=printer.margin) == []
        assert min(ink.left for ink in texts) >= printer.sides
        assert max(ink.right for ink in texts) <= printer.width - printer.sides


@BOTH
@PAPERS
@EACH
def test_none_of_its_words_are_cut_and_none_too_small_for_pins(name: str, language: Language, paper: FormPaper) -> None:
    texts = [item for page in LISTS[name](language, paper).pages for item in page.items if isinstance(item, Text)]
    assert {item.runs[0].text for item in texts if fitted(item).cut} == set()
    assert min(fitted(item).size for item in texts) >= (9 if paper == "continuous" else 6)


def test_a_list_is_stored_and_read_back_as_it_was() -> None:
    for make in LISTS.values():
        pages = make("en", "a4")
        assert from_json(to_json(pages)) == pages


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=400)
STAYS = st.builds(
    LeftFacts,
    token=st.from_regex(r"[A-Z]?-?[0-9]{1,4}", fullmatch=True),
    locker=st.from_regex(r"[A-Z]?-?[0-9]{1,4}", fullmatch=True),
    place=WORDS,
    pieces=st.integers(0, 999),
    description=WORDS,
    since=st.just(printed.NOON),
    days=st.integers(0, 999),
    remark=WORDS | st.just(""),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    left=st.lists(STAYS, max_size=12).map(tuple),
    language=st.sampled_from(["zh", "en"]),
    paper=st.sampled_from(["a4", "continuous"]),
)
def test_whatever_is_left_each_deposit_is_on_the_record_once_and_inside_its_frame(
    left: tuple[LeftFacts, ...], language: Language, paper: FormPaper
) -> None:
    named_apart = tuple(dataclasses.replace(each, token=f"#{place}#") for place, each in enumerate(left))
    pages = closing_record(dataclasses.replace(printed.CLOSING, left=named_apart), language, paper)
    printer = PRINTERS[paper]
    listed = [item.runs[0].text for page in pages.pages for item in page.items if isinstance(item, Text)]
    assert [text for text in listed if re.fullmatch(r"#[0-9]+#", text)] == [each.token for each in named_apart]
    assert "Content-Type" not in str(pages)
    for texts in inks(encode(pages, printer)):
        assert max(ink.right for ink in texts) <= printer.width - printer.sides
        assert max(ink.bottom for ink in texts) <= printer.height - printer.margin
    for page in pages.pages:
        lowest = max(item.y + item.height for item in page.items if isinstance(item, Text))
        assert lowest <= printer.height - printer.margin


@pytest.mark.parametrize(
    ("name", "language", "paper", "page"),
    [
        ("closing", "zh", "a4", 0),
        ("closing", "en", "continuous", 0),
        ("closing-empty", "zh", "a4", 0),
        ("closing-longest", "en", "a4", 0),
        ("closing-longest", "zh", "continuous", -1),
        ("morning", "zh", "a4", 0),
        ("morning", "en", "continuous", 0),
        ("overnight", "zh", "a4", 0),
        ("overnight-longest", "en", "continuous", -1),
        ("book", "zh", "a4", 0),
        ("book-longest", "en", "a4", 0),
        ("book-longest", "zh", "continuous", 0),
    ],
)
def test_the_list_looks_as_it_was_looked_at(name: str, language: Language, paper: FormPaper, page: int) -> None:
    pages = LISTS[name](language, paper)
    drawn = copy(pages, language) if "longest" in name else pages
    picture = pictures(encode(drawn, PRINTERS[paper]), 100)[page]
    assert looks_as_kept([picture], f"{name}-{paper}-{language}")
