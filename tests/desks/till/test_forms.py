"""What a form says of how it is settled, and what one says that comes out of another, on either paper."""

from __future__ import annotations

import dataclasses
import re

import pytest

from counterapp.core.print_queue import copy_words
from counterapp.core.store_settings import FormPaper
from counterapp.return_forms.printouts import ANEW, REST, FormFacts, Origin, return_form
from counterapp.words import Language
from printers.document import Pages, Text, repeated
from printers.flow import fitted
from printers.profile import named
from printers.protocols import encode
from tests.printers.reading import faults, inks, words
from tests.return_forms.forms import LONGEST, ONE, looks_as_kept

CASH = dataclasses.replace(ONE, settlement="cash", tender="现金")
TENDER = dataclasses.replace(ONE, settlement="tender", tender="微信")
LEFT = dataclasses.replace(ONE, number=4120, lines=(), origin=Origin(4118, REST), total_fen=6205)
NEW = dataclasses.replace(
    LONGEST, lines=(), origin=Origin(999_997, ANEW), settlement="tender", tender="微信支付（商户号 1900000109）"
)
PRINTERS = {"a4": named("virtual-a4"), "continuous": named("epson-lq")}
FORMS = {"cash": CASH, "tender": TENDER, "rest": LEFT, "anew": NEW}


def squeezed(facts: FormFacts, language: Language, paper: FormPaper) -> list[str]:
    return [re.sub(r"\s", "", page) for page in words(encode(return_form(facts, language, paper), PRINTERS[paper]))]


@pytest.mark.parametrize("paper", PRINTERS)
@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (ONE, ("形式：抵用。", "视同现金", "不找零")),
        (CASH, ("形式：现金退款。", "凭第二联付款")),
        (TENDER, ("形式：原路退回。", "退回微信")),
    ],
    ids=["goods", "cash", "tender"],
)
def test_every_part_says_how_the_form_is_settled(facts: FormFacts, said: tuple[str, ...], paper: FormPaper) -> None:
    for page in squeezed(facts, "zh", paper):
        assert all(words in page for words in said)
        assert facts.settlement == "goods" or "抵用" not in page


@pytest.mark.parametrize("paper", PRINTERS)
def test_a_form_that_comes_out_of_another_names_it_where_the_goods_would_stand(paper: FormPaper) -> None:
    for page in squeezed(LEFT, "zh", paper):
        assert "No.004118的余额" in page
        assert page.count("62.05") == 2
        assert "以下空白" in page
        assert "0101072611180387" in page


@pytest.mark.parametrize("paper", PRINTERS)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", FORMS)
def test_nothing_overlaps_or_is_cut(name: str, language: Language, paper: FormPaper) -> None:
    pages = repeated(return_form(FORMS[name], language, paper), copy_words(12, language))
    assert isinstance(pages, Pages)
    printer = PRINTERS[paper]
    for page, texts in zip(pages.pages, inks(encode(pages, printer)), strict=True):
        assert faults(page, texts, margin=printer.margin) == []
        cut = [item.runs[0].text for item in page.items if isinstance(item, Text) and fitted(item).cut]
        assert [text for text in cut if not text.startswith(NEW.issued.store[:8])] == []


@pytest.mark.parametrize(
    ("name", "paper", "language"), [("rest", "a4", "zh"), ("cash", "continuous", "en"), ("anew", "continuous", "en")]
)
def test_the_form_looks_as_it_was_looked_at(name: str, paper: FormPaper, language: Language) -> None:
    printed = encode(return_form(FORMS[name], language, paper), PRINTERS[paper])
    assert looks_as_kept(printed, f"{name}-{paper}-{'zh' if language == 'zh' else 'both'}")
