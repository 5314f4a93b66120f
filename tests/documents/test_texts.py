"""How papers write things, and how much room words take."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterapp.documents.texts import (
    POINT,
    bilingual,
    chinese,
    columns_of,
    form_number,
    joined,
    lines_needed,
    receipt_number,
    short_day,
    short_time,
)
from printers.document import Run, Text
from printers.flow import fitted

AT = dt.datetime(2026, 11, 21, 14, 33, tzinfo=dt.UTC)


def test_labels_are_chinese_and_in_a_store_of_both_languages_english_follows() -> None:
    assert chinese("Page {number} of {pages}", number=1, pages=2) == "第 1 页，共 2 页"
    assert bilingual("Clerk", "zh") == "客服员"
    assert bilingual("Clerk", "en") == "客服员 Clerk"
    assert bilingual("", "en") == ""


def test_typed_words_stand_once_and_as_they_were_typed() -> None:
    assert bilingual("已变质 {50%}", "en") == "已变质 {50%}"


def test_days_times_and_numbers_have_one_look() -> None:
    assert (short_day(AT.date()), short_time(AT)) == ("26-11-21", "26-11-21 14:33")
    assert form_number(118) == "No. 000118"
    assert receipt_number("0101072611180387") == "0101 07 261118 0387"
    assert receipt_number("A-17") == "A-17"
    assert joined("一号店", "", "总服务台") == "一号店 · 总服务台"


def test_a_hanzi_takes_two_columns_of_a_roll() -> None:
    assert columns_of("王丽 6012") == 9


WORDS = st.lists(st.text("国龘，。aeimwAMW0189-/%", min_size=1, max_size=6), max_size=40).map(" ".join)


@settings(deadline=None)
@given(text=WORDS, width=st.floats(30, 180), size=st.sampled_from([9.0, 10.0]))
def test_words_fit_the_lines_that_are_reckoned_for_them(text: str, width: float, size: float) -> None:
    room = lines_needed(text, width, size) * size * POINT * 1.25 + 1.4
    # Long words that leave their lines half empty become a little smaller.
    assert not fitted(Text(0, 0, width, room, (Run(text),), size, 0.8 * size, 99)).cut


@pytest.mark.parametrize(("text", "lines"), [("", 1), ("国" * 10, 1), ("国" * 11, 2), ("国" * 31, 4)])
def test_ten_hanzi_of_ten_points_stand_on_a_line_of_ten_times_ten_points(text: str, lines: int) -> None:
    assert lines_needed(text, 100 * POINT, 10) == lines
