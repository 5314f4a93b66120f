from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterapp.core.money import (
    capitals,
    fen_of,
    format_fen,
    format_quantity,
    format_unit_price,
    refund_of,
    thousandths_of,
)

DIGITS = "零壹贰叁肆伍陆柒捌玖"


@pytest.mark.parametrize(
    ("fen", "said"),
    [(22900, "¥229.00"), (5, "¥0.05"), (0, "¥0.00"), (-150, "-¥1.50"), (9_999_999_999, "¥99999999.99")],
)
def test_amounts_have_the_sign_and_two_decimals(fen: int, said: str) -> None:
    assert format_fen(fen) == said
    assert format_fen(fen, sign=False) == said.replace("¥", "")


@pytest.mark.parametrize(
    ("typed", "fen"),
    [("229", 22900), (" 229.5 ", 22950), ("0.07", 7), ("229.", 22900), ("12。30", 1230), ("12，30", 1230),
     ("12,05", 1205), ("¥5.5", 550), ("￥ 5", 500), ("٣.٥", 350), ("２２９．５", 22950), ("999999999.99", 99999999999),
     ("", None), ("five", None), ("1.234", None), ("1,234", None), ("-1", None), ("1e3", None), (".", None),
     ("¥", None), ("1 2", None), ("²", None), ("1234567890", None),
     ("5.", 500), ("￥５．５０", 550), ("12元", 1200), (".5", None)],
)  # fmt: skip
def test_an_amount_is_read_as_it_is_typed(typed: str, fen: int | None) -> None:
    assert fen_of(typed) == fen


@given(st.integers(0, 999_999_999_99), st.sampled_from(["", "¥", "￥ "]), st.sampled_from(".,。．，"))
def test_what_is_written_in_full_is_read_back(fen: int, sign: str, point: str) -> None:
    assert fen_of(sign + format_fen(fen, sign=False).replace(".", point)) == fen


@given(st.text())
def test_nothing_that_is_typed_is_more_than_an_amount(text: str) -> None:
    fen = fen_of(text, most=5000)
    assert fen is None or 0 <= fen <= 5000


@pytest.mark.parametrize(
    ("thousandths", "said"), [(1000, "1"), (1486, "1.486"), (2500, "2.500"), (12, "0.012"), (-1000, "-1"), (0, "0")]
)
def test_pieces_are_whole_and_weights_have_three_decimals(thousandths: int, said: str) -> None:
    assert format_quantity(thousandths) == said


@pytest.mark.parametrize(
    ("price", "said"), [(2290000, "229.00"), (228733, "22.8733"), (228700, "22.87"), (228730, "22.873"), (5, "0.0005")]
)
def test_unit_prices_have_two_to_four_decimals(price: int, said: str) -> None:
    assert format_unit_price(price) == said


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        # The examples of 中国人民银行《支付结算办法》附件一, each as its first reading has it.
        (140950, "壹仟肆佰零玖元伍角"),
        (600714, "陆仟零柒元壹角肆分"),
        (168032, "壹仟陆佰捌拾元零叁角贰分"),
        (10700053, "壹拾万柒仟元零伍角叁分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分"),
        # What else a counter meets.
        (22900, "贰佰贰拾玖元整"),
        (0, "零元整"),
        (1, "壹分"),
        (50, "伍角"),
        (1000, "壹拾元整"),
        (1001, "壹拾元零壹分"),
        (10_0000_00, "壹拾万元整"),
        (10_0005_00, "壹拾万零伍元整"),
        (1_0000_0000_00, "壹亿元整"),
        (1_0000_5000_00, "壹亿零伍仟元整"),
        (1_0500_0000_00, "壹亿零伍佰万元整"),
        (99_999_999_99, "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_capitals_follow_the_central_banks_rules(fen: int, said: str) -> None:
    assert capitals(fen) == f"人民币{said}"


def spoken_value(text: str) -> int:
    """Read capitals as a person does: digits and units; a 零 says nothing of its own."""
    assert text.startswith("人民币")
    total = group = digit = 0
    for char in text.removeprefix("人民币").rstrip("整"):
        if char in DIGITS:
            digit = DIGITS.index(char)
        elif char in "拾佰仟":
            group, digit = group + digit * 10 ** ("拾佰仟".index(char) + 1), 0
        elif char == "元":
            total, group, digit = (total + group + digit) * 100, 0, 0
        elif char in "万亿":
            total, group, digit = total + (group + digit) * {"万": 10**4, "亿": 10**8}[char], 0, 0
        else:
            total, digit = total + digit * {"角": 10, "分": 1}[char], 0
    return total


@given(st.integers(0, 10**14 - 1))
def test_capitals_say_the_amount_and_nothing_else(fen: int) -> None:
    said = capitals(fen)
    assert spoken_value(said) == fen
    assert said.endswith("整") == (fen % 100 == 0)
    assert not re.search("零零|零[拾佰仟万亿角分整]", said)
    assert len(said) <= 40


@pytest.mark.parametrize("fen", [-1, 10**14])
def test_what_has_no_capitals_is_refused(fen: int) -> None:
    with pytest.raises(ValueError, match="no capitals"):
        capitals(fen)


@st.composite
def returns_with_voids(draw: st.DrawFn) -> tuple[int, int, list[int]]:
    """Paid, sold, and steps in thousandths: a piece that comes back, or -1 for a void of one of the pieces."""
    sold = draw(st.integers(1, 5000))
    return draw(st.integers(0, 1_000_000)), sold, draw(st.lists(st.integers(-1, sold), max_size=25))


@given(returns_with_voids(), st.randoms())
def test_any_split_with_voids_between_gives_back_exactly_what_was_paid(
    line: tuple[int, int, list[int]], dice: random.Random
) -> None:
    paid, sold, steps = line
    pieces: list[tuple[int, int]] = []
    for step in [*steps, sold]:
        back, given_back = sum(quantity for quantity, _ in pieces), sum(fen for _, fen in pieces)
        if step == -1:
            if pieces:
                pieces.pop(dice.randrange(len(pieces)))
            continue
        quantity = min(step, sold - back)
        if quantity:
            fen = refund_of(paid_fen=paid, sold_milli=sold, outstanding_fen=given_back, after_milli=back + quantity)
            assert 0 <= fen <= paid - given_back
            pieces.append((quantity, fen))
    assert sum(quantity for quantity, _ in pieces) == sold
    assert sum(fen for _, fen in pieces) == paid


@pytest.mark.parametrize(
    ("paid", "sold", "outstanding", "after", "back"),
    [
        (1000, 3000, 0, 1000, 333),
        (1000, 3000, 333, 2000, 334),
        (1000, 3000, 667, 3000, 333),
        (1, 2000, 0, 1000, 1),  # half a fen is rounded up
        (1, 2000, 1, 2000, 0),
        (1000, 3000, 900, 2000, 0),  # never less than nothing, where a void left more outstanding than the share
    ],
)
def test_parts_come_back_in_proportion(paid: int, sold: int, outstanding: int, after: int, back: int) -> None:
    assert refund_of(paid_fen=paid, sold_milli=sold, outstanding_fen=outstanding, after_milli=after) == back


@pytest.mark.parametrize(
    ("paid", "sold", "outstanding", "after"),
    [(100, 1000, 0, 1001), (100, 1000, 0, 0), (100, 1000, 101, 500), (9, 0, 0, 0)],
)
def test_what_a_line_cannot_have_is_a_mistake(paid: int, sold: int, outstanding: int, after: int) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        refund_of(paid_fen=paid, sold_milli=sold, outstanding_fen=outstanding, after_milli=after)


@given(st.integers(0, 99_999_999_99))
def test_an_amount_shown_is_read_back(fen: int) -> None:
    assert fen_of(format_fen(fen)) == fen


@given(st.integers(0, 99_999_999_999))
def test_a_quantity_shown_is_read_back(thousandths: int) -> None:
    assert thousandths_of(format_quantity(thousandths)) == thousandths
