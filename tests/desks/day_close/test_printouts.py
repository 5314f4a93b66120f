"""The register on paper, short, empty and long: read back, and looked at for what overlaps or is cut."""

from __future__ import annotations

import re

import pytest

from counterapp.core.print_queue import copy_words
from counterapp.core.store_settings import FormPaper
from counterapp.desks.day_close.printouts.register import RegisterFacts, register_pages
from counterapp.words import Language
from printers.document import Pages, Text, from_json, repeated, to_json
from printers.flow import fitted
from printers.profile import named
from printers.protocols import encode
from tests.desks.day_close import registers
from tests.printers.reading import faults, inks, words
from tests.return_forms.forms import looks_as_kept

PRINTERS = {"a4": named("virtual-a4"), "continuous": named("epson-lq")}
DAYS = {"usual": registers.USUAL, "empty": registers.EMPTY, "long": registers.many(40)}
EACH = pytest.mark.parametrize("name", DAYS)
BOTH = pytest.mark.parametrize("language", ["zh", "en"])
PAPERS = pytest.mark.parametrize("paper", PRINTERS)


def said(facts: RegisterFacts, paper: FormPaper = "a4") -> list[str]:
    pages = register_pages(facts, "zh", paper)
    return [re.sub(r"\s", "", page) for page in words(encode(pages, PRINTERS[paper]))]


def texts(pages: Pages) -> list[Text]:
    return [item for page in pages.pages for item in page.items if isinstance(item, Text)]


def test_the_register_has_every_number_the_gap_the_seal_and_who_signs() -> None:
    page = "".join(said(registers.USUAL))
    for number in (4118, 4119, 4120, 4121, 4122, 4123, 4124, 4125, 4126, 4096):
        assert f"{number:06}" in page
    for text in (
        "¥1193.90",
        "¥12393.90",
        "0101072611180387",
        "王丽6012/李强5003",
        "顾客改要换货，单据作废",
        "电脑死机后跳号，已报IT",
        registers.SEAL.digest,
        *(value for _station, _number, value in registers.SEAL.heads),
        "26-11-2122:05",
    ):
        assert text in page


def test_an_open_day_has_no_seal_and_no_printed_signature() -> None:
    (page,) = said(registers.EMPTY)
    assert "SHA-256" not in page
    assert "王丽" not in page


@PAPERS
def test_a_long_register_has_its_heads_on_each_page_and_is_signed_on_the_last(paper: FormPaper) -> None:
    pages = register_pages(DAYS["long"], "en", paper).pages
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        there = [item.runs[0].text for item in page.items if isinstance(item, Text)]
        assert any(text.endswith(f"Page {number} of {len(pages)}") for text in there)
        assert ("Signature of the duty supervisor" in there) == (number == len(pages))
    rows = [item.runs[0].text for item in texts(register_pages(DAYS["long"], "en", paper))]
    numbers = [text for text in rows if re.fullmatch(r"99900[0-9]{2}", text)]
    assert numbers == [str(9_990_000 + place) for place in range(40)]


@BOTH
@PAPERS
@EACH
def test_nothing_overlaps_nothing_leaves_the_paper_and_nothing_is_cut_not_even_on_a_repeat(
    name: str, language: Language, paper: FormPaper
) -> None:
    pages, printer = register_pages(DAYS[name], language, paper), PRINTERS[paper]
    again = repeated(pages, copy_words(12, language))
    assert isinstance(again, Pages)
    for page, found in zip(again.pages, inks(encode(again, printer)), strict=True):
        assert any("补打 12" in ink.what for ink in found)
        assert faults(page, found, margin=printer.margin) == []
        assert min(ink.left for ink in found) >= printer.sides
        assert max(ink.right for ink in found) <= printer.width - printer.sides
    assert {item.runs[0].text for item in texts(pages) if fitted(item).cut} == set()
    assert min(fitted(item).size for item in texts(pages)) >= (9 if paper == "continuous" else 7)
    assert from_json(to_json(pages)) == pages


@pytest.mark.parametrize(
    ("name", "language", "paper", "page"),
    [
        ("usual", "zh", "a4", 0),
        ("usual", "en", "continuous", 0),
        ("long", "en", "a4", 1),
        ("long", "zh", "continuous", -1),
    ],
)
def test_the_register_looks_as_it_was_looked_at(name: str, language: Language, paper: FormPaper, page: int) -> None:
    pdf = encode(register_pages(DAYS[name], language, paper), PRINTERS[paper])
    assert looks_as_kept(pdf, f"register-{name}-{paper}-{language}", page)
