"""The till's own corrections lessen what may come back, and the money of a receipt stays what it is."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterapp.core.sales.corrections import Sold, apply_corrections
from counterapp.errors import BadInput

MILK, BREAD = ("10435", 84_900), ("10487", 300_000)


def after(*lines: tuple[tuple[str, int], int, int]) -> list[tuple[int, int]]:
    """What is left of (goods, thousandths, fen), which are lines 1, 2, 3 … of a receipt."""
    sold = [Sold(place, *each) for place, each in enumerate(lines, 1)]
    apply_corrections(sold)
    return [(line.quantity, line.fen) for line in sold]


def test_a_corrected_line_cannot_come_back() -> None:
    assert after((MILK, 1000, 8_49), (BREAD, 2000, 60_00), (MILK, -1000, -8_49)) == [(0, 0), (2000, 60_00), (0, 0)]


def test_a_part_of_a_line_is_corrected_with_its_money() -> None:
    assert after((MILK, 2000, 81_59), (MILK, -1000, -40_80)) == [(1000, 40_79), (0, 0)]


def test_the_latest_line_is_corrected_first() -> None:
    lines = (MILK, 3000, 25_47), (MILK, 1000, 8_49), (BREAD, 1000, 30_00), (MILK, -1000, -8_49)
    assert after(*lines) == [(3000, 25_47), (0, 0), (1000, 30_00), (0, 0)]


def test_a_correction_goes_on_to_earlier_lines() -> None:
    lines = (MILK, 3000, 25_47), (MILK, 1000, 8_00), (MILK, -2000, -16_49)
    assert after(*lines) == [(2000, 16_98), (0, 0), (0, 0)]


def test_a_line_before_the_correction_comes_before_one_behind_it() -> None:
    lines = (MILK, 1000, 8_00), (MILK, -1000, -8_00), (MILK, 1000, 8_49)
    assert after(*lines) == [(0, 0), (0, 0), (1000, 8_49)]


def test_a_till_that_prints_corrections_first_is_understood() -> None:
    assert after((MILK, -1000, -8_49), (MILK, 2000, 16_98)) == [(0, 0), (1000, 8_49)]


def test_another_price_is_another_line() -> None:
    cheap = ("10435", 42_400)
    assert after((MILK, 1000, 8_49), (cheap, 1000, 4_24), (MILK, -1000, -8_49)) == [(0, 0), (1000, 4_24), (0, 0)]
    with pytest.raises(BadInput):
        after((MILK, 1000, 8_49), (cheap, -1000, -4_24))


def test_more_cannot_be_corrected_than_was_sold() -> None:
    for lines in (
        [(MILK, 1000, 8_49), (MILK, -2000, -16_98)],
        [(MILK, 1000, 8_49), (MILK, -1000, -8_49), (MILK, -1000, -8_49)],
        [(MILK, -1000, -8_49)],
    ):
        with pytest.raises(BadInput) as refused:
            after(*lines)
        assert "corrects more of an item" in refused.value.in_language("en")


def test_money_that_a_correction_leaves_goes_to_the_same_goods() -> None:
    assert after((MILK, 1000, 8_49), (MILK, 1000, 8_00), (MILK, -1000, -7_00)) == [(1000, 9_49), (0, 0), (0, 0)]
    assert after((MILK, 1000, 8_49), (MILK, 1000, 8_00), (MILK, -1000, -8_49)) == [(1000, 8_00), (0, 0), (0, 0)]


def test_a_fen_of_rounding_goes_to_what_is_left() -> None:
    lines = (MILK, 2000, 81_59), (BREAD, 1000, 30_00), (MILK, -1000, -40_80), (MILK, -1000, -40_80)
    assert after(*lines) == [(0, 0), (1000, 29_99), (0, 0), (0, 0)]


def test_money_without_goods_is_refused() -> None:
    for left in (5_00, -5_00):
        with pytest.raises(BadInput) as refused:
            after((MILK, 1000, 8_49), (BREAD, 1000, 30_00), (MILK, -1000, -8_49 + left))
        assert "another amount than was paid" in refused.value.in_language("en")
    with pytest.raises(BadInput):
        after((MILK, 1000, 8_49), (MILK, -1000, -8_48))


def test_a_gift_taken_back_takes_no_money() -> None:
    assert after((MILK, 1000, 0), (MILK, 1000, 8_49), (MILK, -1000, 0)) == [(1000, 8_49), (0, 0), (0, 0)]


_QUANTITIES = st.sampled_from([1000, 2000, 3000, 699, 1486])
_BOUGHT = st.tuples(st.sampled_from([MILK, BREAD]), _QUANTITIES, st.integers(0, 20_00))
_CORRECTED = st.tuples(st.sampled_from([MILK, BREAD]), _QUANTITIES.map(int.__neg__), st.integers(-20_00, 0))


@given(st.lists(st.one_of(_BOUGHT, _BOUGHT, _CORRECTED), max_size=8))
def test_what_is_left_is_what_was_paid_whatever_was_corrected(
    lines: list[tuple[tuple[str, int], int, int]],
) -> None:
    with contextlib.suppress(BadInput):
        left = after(*lines)
        assert sum(fen for _, fen in left) == sum(fen for _, _, fen in lines)
        assert all(quantity >= 0 and fen >= 0 and (quantity or not fen) for quantity, fen in left)
        for goods in (MILK, BREAD):
            sold = sum(quantity for (item, quantity, _) in lines if item == goods)
            assert sum(quantity for (item, *_), (quantity, _) in zip(lines, left, strict=True) if item == goods) == sold


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(1, 20_00), st.data())
def test_a_till_that_corrects_at_what_was_paid_is_never_refused(
    pieces: list[int], price: int, data: st.DataObject
) -> None:
    lines = [(MILK, count * 1000, count * price) for count in pieces]
    back = data.draw(st.lists(st.integers(1, 5), max_size=6).filter(lambda some: sum(some) <= sum(pieces)))
    left = after(*lines, *[(MILK, -count * 1000, -count * price) for count in back])
    assert [fen for _, fen in left] == [quantity // 1000 * price for quantity, _ in left]
