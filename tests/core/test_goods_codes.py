"""The codes on goods: check digits refuse what was read wrong, short forms mean the long ones, labels tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterapp.core.goods_codes import is_sound, looks_like_goods, read_label, require_patterns, spellings
from counterapp.core.settings_editor import changed
from counterapp.core.store_settings import StoreSettings
from counterapp.errors import BadInput

#: Examples in print: the GS1 specifications' and goods of every day.
SOUND = ["4006381333931", "5901234123457", "6924781363335", "036000291452", "73513537", "96385074", "04252614"]
DEFAULT = "2IIIIIIWWWWWC"
EIGHTEEN = "2IIIIIIPPPPPWWWWWC"


def check_digit(digits: str) -> str:
    """Added up as the specification writes it, from the right."""
    total = 0
    for place, digit in enumerate(reversed(digits), start=1):
        total += int(digit) * (3 if place % 2 else 1)
    return str(-total % 10)


def label(digits: str) -> str:
    return digits + check_digit(digits)


@pytest.mark.parametrize("code", SOUND)
def test_codes_in_print_are_sound(code: str) -> None:
    assert is_sound(code)


@pytest.mark.parametrize("code", [code for code in SOUND if len(code) > 8])
def test_every_single_wrong_digit_is_noticed(code: str) -> None:
    wrong = [code[:place] + digit + code[place + 1 :] for place in range(len(code)) for digit in "0123456789"]
    assert [one for one in wrong if is_sound(one)] == [code] * len(code)


@pytest.mark.parametrize(
    "text", ["", "12345", "6924781363335 ", "692478136333５", "RF731904825577", "0101072611180387"]
)
def test_what_has_not_the_shape_is_no_code_of_goods(text: str) -> None:
    assert not looks_like_goods(text)
    assert not is_sound(text)
    assert spellings(text) == {text}


def test_leading_zeros_make_no_difference() -> None:
    assert spellings("036000291452") == spellings("0036000291452") == spellings("00036000291452")
    assert not spellings("036000291452") & spellings("4006381333931")


def test_the_short_upc_means_the_long_one() -> None:
    assert spellings("04252614") & spellings("042100005264")
    assert not is_sound("04252615")


@pytest.mark.parametrize("system", "01")
@pytest.mark.parametrize(
    ("maker", "item", "short"),
    [
        ("12000", "00789", "127890"),
        ("12100", "00789", "127891"),
        ("12200", "00000", "120002"),
        ("12300", "00078", "123783"),
        ("12340", "00007", "123474"),
        ("12345", "00005", "123455"),
        ("12345", "00009", "123459"),
    ],
)
def test_short_forms_of_every_kind(system: str, maker: str, item: str, short: str) -> None:
    """Shortened by the table of the specification: the zeros that end the maker and begin the item are left out."""
    full = label(f"{system}{maker}{item}")
    assert is_sound(f"{system}{short}{full[-1]}")
    assert spellings(full) <= spellings(f"{system}{short}{full[-1]}")


@given(st.text("0123456789", min_size=8, max_size=8))
def test_eight_digits_are_at_most_two_codes(code: str) -> None:
    found = spellings(code)
    assert code.zfill(14) in found
    assert len(found) <= 2


class TestScaleLabels:
    def test_the_usual_label_bears_its_weight(self) -> None:
        found = read_label("2110001005008", DEFAULT)
        assert found is not None
        assert (found.item, found.grams, found.fen, found.sound) == ("110001", 500, None, True)

    def test_a_label_with_price_and_weight(self) -> None:
        found = read_label(label("2" + "110001" + "01780" + "01486"), EIGHTEEN)
        assert found is not None
        assert (found.item, found.fen, found.grams, found.sound) == ("110001", 1780, 1486, True)

    def test_of_several_patterns_the_one_with_the_right_check_digit_holds(self) -> None:
        patterns = "22IIIIIPPPPPC 22IIIIIWWWWWX"
        assert (found := read_label(label("221000101780"), patterns)) is not None
        assert (found.fen, found.grams) == (1780, None)
        assert (found := read_label("2210001017809", patterns)) is not None
        assert (found.fen, found.grams, found.sound) == (None, 1780, True)

    def test_a_wrong_check_digit_is_told(self) -> None:
        found = read_label("2110001005007", DEFAULT)
        assert found is not None
        assert not found.sound

    @pytest.mark.parametrize("code", ["6924781363335", "211000100500", "21100010050080", "2A10001005008", ""])
    def test_what_fits_no_pattern_is_no_label(self, code: str) -> None:
        assert read_label(code, DEFAULT) is None
        assert read_label(code, "") is None

    @pytest.mark.parametrize(
        ("item_no", "barcode", "named"),
        [
            ("10001", "2110001000003", True),
            ("110001", "", True),
            ("0110001", "", True),
            ("777", "2110001", True),
            ("10001", "2110002000002", False),
            ("10001", "6924781363335", False),
            ("10001", "", False),
        ],
    )
    def test_a_label_names_its_item_by_number_or_plain_barcode(self, item_no: str, barcode: str, named: bool) -> None:
        found = read_label("2110001005008", DEFAULT)
        assert found is not None
        assert found.names(item_no, barcode) is named

    @pytest.mark.parametrize(
        "patterns", ["", DEFAULT, EIGHTEEN, f"{DEFAULT} {EIGHTEEN}", "22IIIIIPPPPPX", "2XIIIIIXPPPPC"]
    )
    def test_patterns_of_real_scales_are_taken(self, patterns: str) -> None:
        require_patterns(patterns)

    @pytest.mark.parametrize(
        "pattern",
        [
            "1IIIIIIWWWWWC", "IIIIIIWWWWWC", "2IIIIIIC", "2WWWWWWWWC", "2IIIWWWWIIIC", "2IIIIIIWWPPWWC",
            "2IIIIIICWWWWW", "2IIIIIIwwwwwc", "2III.*WWW", "2IW", "2" + "I" * 20 + "W" * 20, "(" * 10,
        ],
    )  # fmt: skip
    def test_a_pattern_that_cannot_be_is_named(self, pattern: str) -> None:
        with pytest.raises(BadInput, match="2IIIIIIWWWWWC"):
            require_patterns(pattern)

    def test_the_store_says_where_number_and_value_stand(self) -> None:
        store = StoreSettings("一号店", "0101")
        assert store.weighed_codes == DEFAULT
        both = changed(store, "weighed_codes", f" {DEFAULT}  {EIGHTEEN} ")
        assert both.weighed_codes == f"{DEFAULT} {EIGHTEEN}"
        assert changed(both, "weighed_codes", "").weighed_codes == ""
        with pytest.raises(BadInput, match="1IIII"):
            changed(store, "weighed_codes", f"{DEFAULT} 1IIII")
