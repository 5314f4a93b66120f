"""The three-part form on continuous paper: one impression by 24 pins."""

from __future__ import annotations

import dataclasses
import io
import re
from itertools import groupby

import pytest
import zxingcpp
from PIL import Image

from counterapp.core.print_queue import copy_words
from counterapp.return_forms.printouts import FormFacts, lines_per_form, return_form
from counterapp.words import Language
from printers.document import Barcode, Box, Pages, Rule, Text, from_json, repeated, to_json
from printers.errors import PrinterTrouble
from printers.flow import fitted
from printers.picture import pictures
from printers.profile import named
from printers.protocols import encode
from tests.printers.reading import barcodes, faults, inks, words
from tests.return_forms.forms import BLANK, HOB, LONGEST, ONE, looks_as_kept
from tests.return_forms.test_printouts import FIELDS, squeezed

LQ = named("epson-lq")
DOT = 25.4 / LQ.dpi
MOST = lines_per_form("continuous")
LONG = dataclasses.replace(LONGEST, lines=LONGEST.lines[:MOST])
ALL = pytest.mark.parametrize("facts", [ONE, LONG, BLANK], ids=["one", "longest", "blank"])
BOTH = pytest.mark.parametrize("language", ["zh", "en"])


def form(facts: FormFacts, language: Language = "zh") -> Pages:
    return return_form(facts, language, "continuous")


def copy(facts: FormFacts, language: Language) -> Pages:
    again = repeated(form(facts, language), copy_words(12, language))
    assert isinstance(again, Pages)
    return again


@BOTH
def test_all_sixteen_fields_are_in_the_one_impression(language: Language) -> None:
    (page,) = map(squeezed, words(encode(form(ONE, language), LQ)))
    assert [text for field in FIELDS for text in field if squeezed(text) not in page] == []
    for text in ("¥262.05", "人民币贰佰陆拾贰元零伍分", "序列号SP2109331", "RF731904825535", "签批26-11-2114:33"):
        assert text in page
    assert "13812345678" not in page


def test_the_impression_names_each_part_its_holder_and_the_colour_it_is_told_by() -> None:
    (page,) = map(squeezed, words(encode(form(ONE), LQ)))
    for part in ("第一联客服（白）", "第二联收银交行政（红）", "第三联顾客（黄）"):
        assert part in page


@ALL
@BOTH
def test_nothing_overlaps_and_nothing_is_where_the_pins_do_not_reach(facts: FormFacts, language: Language) -> None:
    pages = copy(facts, language)
    (texts,) = inks(encode(pages, LQ))
    (page,) = pages.pages
    assert len(texts) > 30
    assert faults(page, texts, margin=LQ.margin) == []
    assert min(ink.left for ink in texts) >= LQ.sides
    assert max(ink.right for ink in texts) <= LQ.width - LQ.sides
    edges = [edge for item in page.items if isinstance(item, Box) for edge in (item.x, item.x + item.width)]
    assert min(edges) >= LQ.sides
    assert max(edges) <= LQ.width - LQ.sides


@ALL
@BOTH
def test_what_24_pins_strike_on_the_third_ply_is_never_finer_than_they_can(
    facts: FormFacts, language: Language
) -> None:
    (page,) = copy(facts, language).pages
    assert min(fitted(item).size for item in page.items if isinstance(item, Text)) >= 9
    assert min(item.weight for item in page.items if isinstance(item, Rule | Box)) >= 1.9 * DOT
    (barcode,) = (item for item in page.items if isinstance(item, Barcode))
    assert barcode.module >= 0.42


def test_the_bars_are_three_dots_a_module_and_read_in_black_and_white() -> None:
    (png,) = pictures(encode(form(ONE), LQ), LQ.dpi)
    dots = Image.open(io.BytesIO(png)).convert("L").point(lambda shade: 0 if shade < 128 else 255)
    found = zxingcpp.read_barcodes(dots, zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.Code128))
    assert [code.text for code in found] == [ONE.code]
    row = dots.crop((round(150 / DOT), round(12 / DOT), dots.width, round(12 / DOT) + 1)).tobytes()
    runs = [len(list(run)) for _black, run in groupby(row)][1:-1]
    assert len(runs) > 60
    assert all(run % 3 == 0 for run in runs)


@BOTH
@pytest.mark.parametrize("dpi", [180, 203, 360])
def test_the_barcode_is_read_by_a_scanner(language: Language, dpi: int) -> None:
    assert barcodes(encode(copy(LONG, language), LQ), dpi) == [[ONE.code]]


def test_only_what_is_longer_than_its_cell_is_ever_cut() -> None:
    def cut(facts: FormFacts, language: Language) -> set[str]:
        texts = [item for item in form(facts, language).pages[0].items if isinstance(item, Text)]
        return {item.runs[0].text for item in texts if fitted(item).cut}

    assert cut(ONE, "zh") == cut(ONE, "en") == cut(BLANK, "zh") == cut(BLANK, "en") == set()
    line = LONG.lines[0]
    assert cut(LONG, "zh") <= {line.name, line.reason}
    assert cut(LONG, "en") <= {line.name, line.reason, LONG.issued.place}


def test_a_full_form_has_room_for_four_lines_and_a_fifth_is_refused() -> None:
    full = dataclasses.replace(ONE, lines=(HOB,) * MOST)
    (page,) = words(encode(form(full), LQ))
    assert (MOST, page.count("SP2109331"), "以下空白" in page) == (4, 4, False)
    with pytest.raises(ValueError, match="holds 1 to 4 lines"):
        form(dataclasses.replace(ONE, lines=(HOB,) * (MOST + 1)))


@BOTH
def test_a_copy_says_which_one_it_is_and_the_first_print_says_nothing(language: Language) -> None:
    assert "补打 12" in words(encode(copy(ONE, language), LQ))[0]
    assert "补打" not in words(encode(form(ONE, language), LQ))[0]


def test_a_form_of_a_longer_case_names_its_neighbours() -> None:
    (page,) = map(squeezed, words(encode(form(LONG), LQ)))
    assert "共13张，第12张" in page
    assert re.search("上接No.999997·下接No.999999", page)


def test_the_form_is_stored_and_read_back_as_it_was() -> None:
    assert from_json(to_json(form(LONG, "en"))) == form(LONG, "en")


def test_neither_paper_is_printed_on_the_other() -> None:
    for form_on, profile in ((return_form(ONE, "zh", "a4"), LQ), (form(ONE), named("laser-a4"))):
        with pytest.raises(PrinterTrouble, match="holds another"):
            encode(form_on, profile)


CASES: list[tuple[str, FormFacts, Language]] = [
    ("continuous-zh", ONE, "zh"),
    ("continuous-both", ONE, "en"),
    ("continuous-longest-zh", LONG, "zh"),
    ("continuous-longest-both", LONG, "en"),
    ("continuous-blank-zh", BLANK, "zh"),
]


@pytest.mark.parametrize(("name", "facts", "language"), CASES, ids=[case[0] for case in CASES])
def test_the_form_looks_as_it_was_looked_at(name: str, facts: FormFacts, language: Language) -> None:
    printed = copy(facts, language) if facts is LONG else form(facts, language)
    assert looks_as_kept(encode(printed, LQ), name)
