"""The refusal slip that a customer takes along."""

from __future__ import annotations

import dataclasses
import re

import pytest

from counterapp.desks.returns.printouts import RefusalFacts, refusal_slip
from counterapp.words import Language
from printers.document import from_json, to_json
from printers.profile import named
from printers.protocols import encode
from tests.desks.returns.refusals import ENGLISH, LONGEST, USUAL
from tests.printers.reading import barcodes, inks, words
from tests.return_forms.forms import looks_as_kept

ROLL = named("driver-80mm")


def printed(facts: RefusalFacts, language: Language = "zh") -> bytes:
    return encode(refusal_slip(facts, language), ROLL)


def read(pdf: bytes) -> str:
    (page,) = words(pdf)
    return re.sub(r"\s", "", page)


def test_the_slip_says_what_was_asked_why_it_is_refused_and_by_whom() -> None:
    said = read(printed(USUAL))
    for text in (
        "退/换货未受理说明", "0101072611180387", "26-10-11", "洁丽雅毛巾×1", "11551", "退货，不想要",
        "购买已超过30天（今天第41天）", "没有质量问题，只换不退", "王丽6012", "26-11-2114:33", "一号店·总服务台",
    ):  # fmt: skip
        assert text in said
    assert "法律规定" not in said


def test_the_slip_says_what_the_law_grants() -> None:
    said = read(printed(LONGEST))
    assert "法律规定的权利" in said
    assert "不足一千元的为一千元" in said


@pytest.mark.parametrize(("may", "wanted"), [(True, "客服经理可以另行决定"), (False, "如有疑问")])
def test_the_slip_says_whom_to_ask_and_promises_nothing_that_nobody_may_give(may: bool, wanted: str) -> None:
    assert wanted in read(printed(dataclasses.replace(USUAL, may_be_overridden=may)))


def test_the_slip_speaks_the_stores_language_only() -> None:
    said = read(printed(ENGLISH, "en"))
    assert "Returnnotaccepted" in said
    assert "Refund:Nolongerwanted" in said
    assert "未受理" not in said


def test_its_code_opens_the_case_again() -> None:
    assert barcodes(printed(USUAL), 203) == [[USUAL.code]]


@pytest.mark.parametrize("width", [58, 80])
@pytest.mark.parametrize("facts", [USUAL, LONGEST], ids=["usual", "longest"])
def test_it_fits_on_either_roll(facts: RefusalFacts, width: int) -> None:
    roll = dataclasses.replace(ROLL, width=width, sides=4 if width == 80 else 5)
    (texts,) = inks(encode(refusal_slip(facts, "zh"), roll))
    assert min(ink.left for ink in texts) >= roll.sides - 0.1
    assert max(ink.right for ink in texts) <= roll.width - roll.sides + 0.1
    whole = re.sub(r"\s", "", "".join(ink.what for ink in texts))
    assert all(re.sub(r"\s", "", sentence) in whole for sentence in facts.sentences)


def test_it_is_stored_and_read_back_as_it_was() -> None:
    slip = refusal_slip(LONGEST, "zh")
    assert from_json(to_json(slip)) == slip


@pytest.mark.parametrize(
    ("name", "facts", "language"),
    [("refusal-zh", USUAL, "zh"), ("refusal-longest-zh", LONGEST, "zh"), ("refusal-en", ENGLISH, "en")],
)
def test_the_slip_looks_as_it_was_looked_at(name: str, facts: RefusalFacts, language: Language) -> None:
    assert looks_as_kept(printed(facts, language), name)
