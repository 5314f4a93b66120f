from __future__ import annotations

import dataclasses
import re

import pytest

from counterapp.core.print_queue import copy_words
from counterapp.return_forms.printouts import FormFacts, lines_per_form, return_form
from counterapp.words import Language
from printers.document import Pages, Text, from_json, repeated, to_json
from printers.flow import fitted
from printers.profile import named
from printers.protocols import encode
from tests.printers.reading import barcodes, faults, inks, words
from tests.return_forms.forms import BLANK, HOB, LONGEST, ONE, looks_as_kept

A4 = named("virtual-a4")
LINES_PER_FORM = lines_per_form("a4")


def printed(facts: FormFacts, language: Language = "zh") -> bytes:
    return encode(return_form(facts, language), A4)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


FIELDS = [
    ("顺序号", "No. 004118"),
    ("填单日期", "26-11-21"),
    ("销售明细单号", "0101 07 261118 0387"),
    ("购货日期", "26-11-18"),
    ("顾客会员卡号", "8800 ****5678"),
    ("顾客签名", ""),
    ("顾客联系电话", "138****5678"),
    ("商品货号", "10820"),
    ("商品名称", "苏泊尔电磁炉 C21"),
    ("数量", "1.486"),
    ("单价", "22.24"),
    ("金额", "33.05"),
    ("退/换货原因", "性能故障"),
    ("制单客服员签名", "王丽 6012"),
    ("核准主管签名", "李强 5003"),
    ("操作收银员签名", ""),
]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_sixteen_fields_are_on_each_of_the_three_parts(language: Language) -> None:
    pages = [squeezed(page) for page in words(printed(ONE, language))]
    assert len(pages) == 3
    for page in pages:
        missing = [text for field in FIELDS for text in field if squeezed(text) not in page]
        assert missing == []


def test_each_part_bears_its_own_name_and_holder() -> None:
    names = ["第一联客服", "第二联收银交行政", "第三联顾客"]
    for part, page in enumerate(words(printed(ONE))):
        assert [name in squeezed(page) for name in names] == [place == part for place in range(3)]


def test_what_belongs_to_the_fields_is_there() -> None:
    for page in map(squeezed, words(printed(ONE))):
        for text in ("¥262.05", "人民币贰佰陆拾贰元零伍分", "序列号SP2109331", "RF7319048255 35", "一号店·总服务台"):
            assert squeezed(text) in page
        assert "签批26-11-2114:33" in page
        assert "30天内有效，至26-12-21止" in page
        assert "视同现金" in page
        assert "补打" not in page
        assert "13812345678" not in page
        assert "880012345678" not in page


def test_every_copy_after_the_first_print_says_which_one_it_is() -> None:
    said: dict[Language, str] = {"zh": "补打 2", "en": "补打 2 Reprint 2"}
    for language, mark in said.items():
        form = repeated(return_form(ONE, language), copy_words(2, language))
        assert all(mark in page for page in words(encode(form, A4)))


def test_a_form_of_a_longer_case_names_its_neighbours() -> None:
    facts = dataclasses.replace(ONE, sheet=2, sheets=3, previous_number=4117, next_number=4119)
    for page in map(squeezed, words(printed(facts))):
        assert "共3张，第2张" in page
        assert "上接No.004117·下接No.004119" in page


def test_what_is_not_known_is_a_dash_and_no_validity_is_claimed_for_what_the_till_does_not_take() -> None:
    for page in words(printed(BLANK)):
        assert page.count("—") == 4
        assert "天内有效" not in page


@pytest.mark.parametrize(("kind", "struck"), [("refund", "换"), ("exchange", "退")])
def test_the_word_that_does_not_apply_is_struck_out_of_the_heading(kind: str, struck: str) -> None:
    form = return_form(dataclasses.replace(BLANK, kind=kind), "zh")
    for page in form.pages:
        texts = [item for item in page.items if isinstance(item, Text)]
        headings = [item for item in texts if any(run.struck for run in item.runs)]
        assert ["".join(run.text for run in item.runs) for item in headings] == ["退/换货原因"]
        assert [run.text for run in headings[0].runs if run.struck] == [struck]


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("profile", ["virtual-a4", "laser-a4"])
def test_the_barcode_of_each_part_is_read_by_a_scanner(profile: str, dpi: int) -> None:
    pdf = encode(return_form(LONGEST, "en"), named(profile))
    assert barcodes(pdf, dpi) == [[ONE.code]] * 3


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("facts", [ONE, LONGEST, BLANK], ids=["one", "longest", "blank"])
def test_nothing_overlaps_and_nothing_leaves_the_paper(facts: FormFacts, language: Language) -> None:
    form = repeated(return_form(facts, language), copy_words(12, language))
    assert isinstance(form, Pages)
    for page, texts in zip(form.pages, inks(encode(form, A4)), strict=True):
        assert len(texts) > 30
        assert faults(page, texts, margin=A4.margin) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_only_a_name_or_a_reason_longer_than_its_cell_is_ever_cut(language: Language) -> None:
    def cut(facts: FormFacts) -> set[str]:
        texts = [item for item in return_form(facts, language).pages[0].items if isinstance(item, Text)]
        return {item.runs[0].text for item in texts if fitted(item).cut}

    assert cut(ONE) == cut(BLANK) == set()
    assert cut(LONGEST) <= {LONGEST.lines[0].name}


def test_a_full_form_has_room_for_all_its_lines_and_one_more_is_refused() -> None:
    full = dataclasses.replace(ONE, lines=(HOB,) * LINES_PER_FORM)
    assert all(page.count("SP2109331") == LINES_PER_FORM for page in words(printed(full)))
    assert "以下空白" not in words(printed(full))[0]
    for lines in ((), (HOB,) * (LINES_PER_FORM + 1)):
        with pytest.raises(ValueError, match="holds 1 to 8 lines"):
            return_form(dataclasses.replace(ONE, lines=lines), "zh")


def test_nothing_can_be_written_into_the_lines_that_are_left_without_being_seen() -> None:
    assert all("以下空白" in page for page in words(printed(ONE)))


def test_the_form_is_stored_and_read_back_as_it_was() -> None:
    form = return_form(LONGEST, "en")
    assert from_json(to_json(form)) == form


CASES: list[tuple[str, FormFacts, Language, int]] = [
    ("form-refund-zh", ONE, "zh", 1),
    ("form-refund-both", ONE, "en", 2),
    ("form-longest-zh", LONGEST, "zh", 0),
    ("form-longest-both", LONGEST, "en", 1),
]


@pytest.mark.parametrize(("name", "facts", "language", "part"), CASES, ids=[case[0] for case in CASES])
def test_the_form_looks_as_it_was_looked_at(name: str, facts: FormFacts, language: Language, part: int) -> None:
    form = return_form(facts, language)
    printed = repeated(form, copy_words(12, language)) if facts is LONGEST else form
    assert looks_as_kept(encode(printed, A4), name, part)
