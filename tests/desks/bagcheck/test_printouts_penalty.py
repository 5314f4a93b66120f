"""The form for a lost token, on a sheet and on continuous paper."""

from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterapp.core.codes import new_code
from counterapp.core.print_queue import copy_words
from counterapp.core.store_settings import FormPaper
from counterapp.desks.bagcheck.printouts import TOKEN_COST, PenaltyFacts, penalty_form
from counterapp.words import Language
from printers.document import Barcode, Box, Pages, Rule, Text, from_json, repeated, to_json
from printers.flow import fitted
from printers.picture import pictures
from printers.profile import named
from printers.protocols import encode
from tests.desks.bagcheck.printed import ISSUED, PENALTY_FORM, PENALTY_LONG, looks_as_kept
from tests.printers.reading import barcodes, faults, inks, words

PRINTERS = {"a4": named("virtual-a4"), "continuous": named("epson-lq")}
DOT = 25.4 / PRINTERS["continuous"].dpi
COST = dataclasses.replace(PENALTY_FORM, fee=TOKEN_COST, substitute="")
BOTH = pytest.mark.parametrize("language", ["zh", "en"])
PAPERS = pytest.mark.parametrize("paper", ["a4", "continuous"])
ALL = pytest.mark.parametrize("facts", [PENALTY_FORM, PENALTY_LONG, COST], ids=["usual", "longest", "cost"])


def copy(facts: PenaltyFacts, language: Language, paper: FormPaper) -> Pages:
    again = repeated(penalty_form(facts, language, paper), copy_words(12, language))
    assert isinstance(again, Pages)
    return again


def said(facts: PenaltyFacts, language: Language = "zh", paper: FormPaper = "a4") -> str:
    (page,) = words(encode(penalty_form(facts, language, paper), PRINTERS[paper]))
    return re.sub(r"\s", "", page)


@BOTH
@PAPERS
def test_the_seven_fields_are_on_the_form_under_the_manuals_numbers_and_names(
    language: Language, paper: FormPaper
) -> None:
    page = said(PENALTY_FORM, language, paper)
    for label, value in (
        ("1.编号、日期", "No.000118"),
        ("2.丢失标牌顾客姓名", "张伟"),
        ("3.顾客地址", "浦东新区世纪大道100号3栋502室"),
        ("4.丢失标牌号码和顾客存包位置", "一楼东门"),
        ("5.罚款金额", "人民币伍元整"),
        ("6.收到金额和发票号码", "（由现金办公室填写）"),
        ("7.收罚金的员工签名", "王丽6012"),
    ):
        assert label in page
        assert value in page
    for text in ("丢失标牌罚款单", "26-11-21", "¥5.00", "BP731904825592", "替换标示牌", "一号店", "顾客签名"):
        assert text in page
    assert ("Lost-tokenpenalty" in page) == (language == "en")
    assert "补打" not in page


def test_the_fee_bears_the_stores_name_for_it_wherever_the_form_speaks_of_it() -> None:
    page = said(COST, "en")
    for text in ("丢失标牌工本费单", "5.工本费金额", "7.收工本费的员工签名", "Losttoken:Costofthetoken"):
        assert text in page
    assert "罚" not in page
    assert "替换标示牌" not in page
    own = said(dataclasses.replace(PENALTY_FORM, fee="赔偿金"))
    assert "丢失标牌赔偿金单" in own
    assert "5.赔偿金金额" in own


def test_what_the_cash_office_fills_in_is_left_empty_with_a_line_to_write_on() -> None:
    (page,) = penalty_form(PENALTY_FORM, "zh").pages
    texts = {"".join(run.text for run in item.runs): item for item in page.items if isinstance(item, Text)}
    field = texts["6. 收到金额和发票号码"]
    below = [each for each in texts.values() if field.y + field.height < each.y < field.y + 15]
    assert ["".join(run.text for run in each.runs) for each in below if each.y < texts["7. 收罚金的员工签名"].y] == [
        "¥",
        "No.",
    ]
    lines = [item for item in page.items if isinstance(item, Rule) and field.y < item.y1 < field.y + 16]
    assert len([line for line in lines if line.x2 - line.x1 > 60 and line.y1 == line.y2]) >= 2


def test_a_customer_who_left_no_address_has_a_dash_there() -> None:
    assert "—" in said(dataclasses.replace(PENALTY_FORM, address=""))


@BOTH
@PAPERS
@ALL
def test_nothing_overlaps_and_nothing_leaves_the_paper_not_even_on_a_repeat(
    facts: PenaltyFacts, language: Language, paper: FormPaper
) -> None:
    form, printer = copy(facts, language, paper), PRINTERS[paper]
    (page,), (texts,) = form.pages, inks(encode(form, printer))
    assert any("补打 12" in ink.what for ink in texts)
    assert faults(page, texts, margin=printer.margin) == []
    assert min(ink.left for ink in texts) >= printer.sides
    assert max(ink.right for ink in texts) <= printer.width - printer.sides


def test_on_a_sheet_it_fills_the_upper_half_only() -> None:
    (texts,) = inks(encode(copy(PENALTY_LONG, "en", "a4"), PRINTERS["a4"]))
    assert max(ink.bottom for ink in texts) < 297 / 2 - PRINTERS["a4"].margin


@BOTH
@ALL
def test_what_24_pins_strike_on_the_third_ply_is_never_finer_than_they_can(
    facts: PenaltyFacts, language: Language
) -> None:
    (page,) = copy(facts, language, "continuous").pages
    assert min(fitted(item).size for item in page.items if isinstance(item, Text)) >= 9
    assert min(item.weight for item in page.items if isinstance(item, Rule | Box)) >= 1.9 * DOT
    assert min(item.module for item in page.items if isinstance(item, Barcode)) >= 2.9 * DOT


@BOTH
@PAPERS
@ALL
def test_none_of_its_words_are_cut(facts: PenaltyFacts, language: Language, paper: FormPaper) -> None:
    (page,) = copy(facts, language, paper).pages
    assert [item for item in page.items if isinstance(item, Text) and fitted(item).cut] == []


@pytest.mark.parametrize(
    ("paper", "dpi"), [("a4", 203), ("a4", 300), ("continuous", 180), ("continuous", 203), ("continuous", 360)]
)
def test_its_barcode_is_read_by_a_scanner(paper: FormPaper, dpi: int) -> None:
    assert barcodes(encode(copy(PENALTY_LONG, "en", paper), PRINTERS[paper]), dpi) == [[PENALTY_LONG.code]]


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)
FACTS = st.builds(
    PenaltyFacts,
    number=st.integers(1, 10**9),
    code=st.builds(new_code, st.just("BP")),
    customer=NAMES,
    address=NAMES,
    token=NAMES,
    locker=NAMES,
    place=NAMES,
    amount_fen=st.integers(0, 10**11),
    issued=st.builds(dataclasses.replace, st.just(ISSUED), store=NAMES, counter=NAMES, station=NAMES, clerk=NAMES),
    fee=st.sampled_from(["Penalty", TOKEN_COST, "赔偿金", "{fee}"]),
    substitute=NAMES,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(facts=FACTS, language=st.sampled_from(["zh", "en"]), paper=st.sampled_from(["a4", "continuous"]))
def test_whatever_was_lost_the_form_prints_stays_on_its_paper_and_is_read(
    facts: PenaltyFacts, language: Language, paper: FormPaper
) -> None:
    form, printer = copy(facts, language, paper), PRINTERS[paper]
    assert from_json(to_json(form)) == form
    assert "Content-Type" not in str(form)
    pdf = encode(form, printer)
    (texts,) = inks(pdf)
    assert min(min(ink.left, ink.top) for ink in texts) >= min(printer.margin, printer.sides)
    assert max(ink.right for ink in texts) <= printer.width - printer.sides
    assert max(ink.bottom for ink in texts) <= printer.height - printer.margin
    assert barcodes(pdf, printer.dpi) == [[facts.code]]


@pytest.mark.parametrize(
    ("name", "facts", "language", "paper"),
    [
        ("penalty-a4-zh", PENALTY_FORM, "zh", "a4"),
        ("penalty-a4-both", PENALTY_FORM, "en", "a4"),
        ("penalty-a4-longest-both", PENALTY_LONG, "en", "a4"),
        ("penalty-a4-cost-zh", COST, "zh", "a4"),
        ("penalty-continuous-zh", PENALTY_FORM, "zh", "continuous"),
        ("penalty-continuous-longest-both", PENALTY_LONG, "en", "continuous"),
    ],
)
def test_the_form_looks_as_it_was_looked_at(
    name: str, facts: PenaltyFacts, language: Language, paper: FormPaper
) -> None:
    form = copy(facts, language, paper) if facts is PENALTY_LONG else penalty_form(facts, language, paper)
    assert looks_as_kept(pictures(encode(form, PRINTERS[paper]), 100), name)
