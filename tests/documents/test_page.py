"""Bands on pages: what stands together, what stands again, and what every page says."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterapp.core.store_settings import FormPaper
from counterapp.documents.page import FORMATS, Band, PageBuilder, Titles, paginate, parted
from counterapp.words import Language
from printers.document import Barcode, Box, Rule, Text
from tests.documents.papers import ISSUED, band, texts

PAPERS = pytest.mark.parametrize("paper", ["a4", "continuous"])
BOTH = pytest.mark.parametrize("language", ["zh", "en"])
TITLES = Titles("Return register", "26-11-21")


def test_bands_fill_a_page_and_go_on_to_the_next() -> None:
    bands = [band(str(number)) for number in range(7)]
    assert [len(part) for part in parted(bands, 30)] == [3, 3, 1]
    assert parted([], 30) == [[]]


def test_what_is_glued_goes_over_with_what_is_above_it() -> None:
    rows, signatures = [band("1"), band("2")], band("signed", 15, glued=True)
    first, last = parted([*rows, signatures], 30)
    assert (first, last) == ([rows[0]], [rows[1], signatures])
    assert parted([signatures], 30) == [[signatures]]


def test_a_page_that_begins_in_a_table_repeats_its_headings() -> None:
    heads, supplier = band("heads"), band("supplier")
    rows = [band(str(number), headings=(heads, supplier)) for number in range(3)]
    assert parted([heads, supplier, *rows], 40)[1:] == [[heads, supplier, rows[2]]]
    # The headings take their room on the next page too.
    more = [band(str(number), headings=(heads,)) for number in range(9)]
    assert [len(part) for part in parted([heads, *more], 40)] == [4, 4, 4]


def test_what_is_higher_than_a_page_has_one_alone() -> None:
    high = band("high", 50)
    assert parted([band("1"), high, band("2")], 30)[1] == [high]


GLUED = st.lists(st.tuples(st.floats(1, 30), st.booleans()), max_size=40)


@given(heights=GLUED, room=st.floats(60, 100))
def test_no_band_is_lost_and_no_page_is_fuller_than_it_may_be(heights: list[tuple[float, bool]], room: float) -> None:
    bands = [band(str(place), height, glued=glued) for place, (height, glued) in enumerate(heights)]
    parts = parted(bands, room)
    assert [one for part in parts for one in part] == bands
    for part in parts:
        whole = [one for one in part if not one.glued]
        assert sum(one.height for one in part) <= room or len(whole) <= 1
    for _before, part in pairwise(parts):
        assert not part[0].glued


@BOTH
@PAPERS
def test_each_page_has_title_number_frame_and_foot_and_a_free_place_for_the_word_of_a_repeat(
    paper: FormPaper, language: Language
) -> None:
    look = FORMATS[paper]
    bands = [band(str(number), 30) for number in range(12)]
    pages = paginate(bands, TITLES, ISSUED, PageBuilder(look, language))
    assert pages.title == ("退/换货单记录表 26-11-21" if language == "zh" else "Return register 26-11-21")
    for number, page in enumerate(pages.pages, 1):
        there = texts(page)
        assert "退/换货单记录表" in there
        assert ("Return register" in there) == (language == "en")
        assert any(text.startswith(f"第 {number} 页，共 {len(pages.pages)} 页") for text in there)
        assert there[-1] == "总服务台 · 26-11-21 14:33 · 机台 2"
        assert page.stamp is not None
        for item in page.items:
            if isinstance(item, Text) and item.runs[0].text:
                apart = item.y >= page.stamp.y + page.stamp.height or item.y + item.height <= page.stamp.y
                assert apart or item.x >= page.stamp.x + page.stamp.width
        (frame,) = (item for item in page.items if isinstance(item, Box))
        assert frame.y + frame.height <= look.bottom - look.foot + 0.01


def test_a_code_stands_at_the_right_of_each_head_above_the_page_and_beside_the_title() -> None:
    for paper in FORMATS.values():
        measure = PageBuilder(paper, "en")
        pages = paginate([band("1", 60)] * 8, dataclasses.replace(TITLES, code="RF731904825535"), ISSUED, measure)
        for page in pages.pages:
            (code,) = (item for item in page.items if isinstance(item, Barcode))
            assert code.x + code.width == pytest.approx(measure.right)
            inside = [item for item in page.items if isinstance(item, Text) and item.x < code.x]
            beside = [item for item in inside if item.align == "center"]
            assert max(item.x + item.width for item in beside) < code.x
            assert "RF 7319 0482 55 35" in texts(page)


def test_cells_share_a_band_and_words_keep_away_from_its_rules() -> None:
    page = PageBuilder(FORMATS["a4"], "zh")
    (left, width), (right, _rest) = page.cells(page.shares(1, 2), 10)
    assert (left, width) == pytest.approx((page.left + page.pad, 60 - 2 * page.pad))
    assert right == pytest.approx(page.left + 60 + page.pad)
    rules = [item for item in page.items if isinstance(item, Rule)]
    assert [x for rule in rules for x in (rule.x1, rule.x2)] == pytest.approx([75, 75, 15, 195])


def test_labels_have_their_english_beneath_in_a_store_of_both_languages() -> None:
    chinese, both = (PageBuilder(FORMATS["continuous"], language) for language in ("zh", "en"))
    for page in (chinese, both):
        page.label(20, 20, 60, "Clerk")
    assert [len(page.items) for page in (chinese, both)] == [1, 2]
    assert both.label_height - chinese.label_height == pytest.approx(FORMATS["continuous"].english_line)


def test_bands_are_measured_on_the_page_they_are_drawn_on() -> None:
    seen: list[float] = []
    page = PageBuilder(FORMATS["a4"], "zh")
    page.put(*(Band(height, lambda one: seen.append(one.y)) for height in (5, 7)))
    assert (seen, page.y) == ([14, 19], 26)
