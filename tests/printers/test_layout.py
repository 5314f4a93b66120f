from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from printers.document import Run
from printers.layout import LEADING, Fitted, fit, rooms, widest_word


def measure(run: Run) -> list[float]:
    """Hanzi as wide as they are high, everything else half of it, as on a receipt printer."""
    return [1.0 if ord(char) > 0x2E80 else 0.5 for char in run.text]


def set_in(
    text: str, *, width: float = 100, height: float = 100, size: float = 10, floor: float = 5, lines: int = 1
) -> Fitted:
    return fit((Run(text),), width=width, height=height, size=size, floor=floor, lines=lines, measure=measure)


def read(fitted: Fitted) -> list[str]:
    return ["".join(piece.text for piece in line) for line in fitted.lines]


def test_what_fits_keeps_its_size() -> None:
    assert set_in("一二三四五六七八九十").size == 10


def test_what_is_a_little_too_long_becomes_smaller_before_it_takes_a_second_line() -> None:
    fitted = set_in("一二三四五六七八九十一", lines=2)
    assert len(fitted.lines) == 1
    assert 9 < fitted.size < 10


def test_what_is_much_too_long_takes_a_second_line_at_full_size() -> None:
    fitted = set_in("一二三四五六七八九十" * 2, lines=2)
    assert (fitted.size, len(fitted.lines)) == (10, 2)


def test_a_box_too_low_for_two_lines_makes_them_smaller() -> None:
    fitted = set_in("一二三四五六七八九十" * 2, lines=2, height=2 * 7 * LEADING)
    assert (fitted.size, len(fitted.lines)) == (7, 2)


def test_what_never_fits_is_cut_with_dots_at_the_smallest_size() -> None:
    fitted = set_in("一二三四五六七八九十" * 9, lines=2)
    assert fitted.cut
    assert fitted.size == 5
    assert read(fitted)[1].endswith("…")


def test_lines_break_between_hanzi_and_words_but_not_before_a_full_stop() -> None:
    assert read(set_in("苏泊尔电磁炉 SP2109331 CD", lines=2, floor=10, width=100)) == ["苏泊尔电磁炉 ", "SP2109331 CD"]
    assert read(set_in("一二三四五六七八九十。甲乙", lines=2, floor=10)) == ["一二三四五六七八九", "十。甲乙"]
    assert read(set_in("A" * 25, lines=2, floor=10)) == ["A" * 20, "A" * 5]


def test_a_line_break_inside_a_name_does_not_break_the_paper() -> None:
    assert read(set_in("苏泊尔\r\n电磁炉\u2028")) == ["苏泊尔  电磁炉 "]


@given(
    st.lists(st.builds(Run, st.text("退换货单 ABC，。123", max_size=30), st.booleans()), max_size=4),
    st.floats(20, 300),
    st.floats(6, 100),
    st.integers(1, 5),
)
def test_words_never_leave_their_box_and_none_is_lost_in_silence(
    runs: list[Run], width: float, height: float, lines: int
) -> None:
    fitted = fit(runs, width=width, height=height, size=12, floor=4, lines=lines, measure=measure)
    assert 4 <= fitted.size <= 12
    assert 1 <= len(fitted.lines) <= lines
    assert len(fitted.lines) * fitted.size * LEADING <= height + 1e-6 or len(fitted.lines) == 1
    for line in fitted.lines:
        assert sum(piece.width for piece in line) * fitted.size <= width + 1e-6
    if not fitted.cut:
        said = "".join(run.text for run in runs).replace(" ", "")
        assert "".join(read(fitted)).replace(" ", "") == said


weights = st.lists(st.integers(0, 9), min_size=1, max_size=6)


@given(weights, st.lists(st.integers(1, 20), min_size=6, max_size=6), st.integers(2, 72))
def test_cells_stand_beside_each_other_and_have_what_they_need(
    shares: list[int], needs: list[int], columns: int
) -> None:
    needed = needs[: len(shares)]
    found = rooms(tuple(shares), tuple(needed), columns)
    if sum(needed) + len(shares) - 1 > columns:
        assert found is None
        return
    assert found is not None
    assert found[0][0] == 0
    assert found[-1][0] + found[-1][1] == columns
    assert all(width >= need for (_, width), need in zip(found, needed, strict=True))
    assert all(start + width + 1 == after for (start, width), (after, _) in pairwise(found))


def test_a_cell_that_needs_more_takes_it_from_the_others_by_their_shares() -> None:
    assert rooms((5, 1, 2), (2, 2, 2), 48) == ((0, 29), (30, 5), (36, 12))
    assert rooms((5, 1, 2), (2, 7, 14), 48) == ((0, 25), (26, 7), (34, 14))


def test_the_widest_word_is_what_no_line_break_may_tear() -> None:
    def widest(text: str) -> float:
        return widest_word(text, measure(Run(text)))

    assert widest("￥19,999.99") == 5.5
    assert widest("存包凭证") == 1
    assert widest("取走。请") == 2
    assert widest("C21 SDHCB9E45 ") == 4.5
    assert widest("") == 0
