from __future__ import annotations

import string

import pytest

from counterapp.core.codes import grouped, is_code, new_code
from printers import code128

SAMPLES = [new_code(kind) for kind in ("RF", "AA", "ZZ", "BG", "AZ") for _ in range(40)]


def test_a_new_code_is_two_letters_and_twelve_digits_and_is_recognised() -> None:
    for code in SAMPLES:
        assert is_code(code)
        assert len(code) == 14
        assert code[2:].isdigit()


def test_codes_are_not_given_twice_and_do_not_count_up() -> None:
    bodies = [int(new_code("RF")[2:12]) for _ in range(300)]
    assert len(set(bodies)) == 300
    assert bodies != sorted(bodies)
    assert max(bodies) - min(bodies) > 10**9


def test_every_single_wrong_character_is_refused() -> None:
    for code in SAMPLES:
        for place, right in enumerate(code):
            for wrong in string.ascii_uppercase + string.digits:
                if wrong != right:
                    assert not is_code(code[:place] + wrong + code[place + 1 :])


def test_every_two_characters_that_changed_places_are_refused() -> None:
    for code in SAMPLES:
        for place in range(13):
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            assert swapped == code or not is_code(swapped)


def test_only_the_whole_code_counts() -> None:
    code = SAMPLES[0]
    for near in (code.lower(), f"{code}\n", f" {code}", code[:-1], f"{code}0", grouped(code), ""):
        assert not is_code(near)


def test_digits_of_other_scripts_are_no_digits() -> None:
    code = SAMPLES[0]
    assert not is_code(code[:2] + code[2:].translate(str.maketrans("0123456789", "０１２３４５６７８９")))


def test_the_check_digits_are_those_of_the_standard() -> None:
    # RF7319048255 and 00 are 2715731904825500 in digits, of which 97 leaves 63: 98 - 63 = 35.
    assert is_code("RF731904825535")


def test_an_equivalent_remainder_that_is_never_given_out_is_refused() -> None:
    twins = [f"RF00000000{n:02}{check}" for n in range(100) for check in ("00", "01", "99")]
    assert any(int("2715" + twin[2:]) % 97 == 1 for twin in twins)
    assert not any(is_code(twin) for twin in twins)


def test_people_read_it_in_groups() -> None:
    assert grouped("RF731904825577") == "RF 7319 0482 55 77"


@pytest.mark.parametrize("kind", ["", "R", "rf", "R1", "RFX", "退货"])
def test_a_kind_is_two_capital_letters(kind: str) -> None:
    with pytest.raises(ValueError, match="two capital letters"):
        new_code(kind)


def test_as_bars_it_fits_the_narrowest_receipt_with_its_quiet_zones() -> None:
    widest = max(code128.modules(code) for code in SAMPLES) + 2 * code128.QUIET
    assert widest * 0.25 < 48  # millimetres that a 58 mm printer prints on
