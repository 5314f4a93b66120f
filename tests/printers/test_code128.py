from __future__ import annotations

import random
import string

import pytest
import zxingcpp

from printers import code128
from printers.document import Barcode, Page, Pages
from printers.picture import pictures
from printers.profile import Profile, named
from printers.protocols import encode
from tests.printers.reading import CODE128, image


def some_codes() -> list[str]:
    """1,500 codes: our own, digits that begin with 99 (two of which a known library loses), and any characters."""
    dice = random.Random(20261121)
    ours = {f"RF{dice.randrange(10**12):012}" for _ in range(900)}
    nines = {f"99{dice.randrange(10**10):010}"[: dice.randrange(4, 13)] for _ in range(1000)}
    any_ = {"".join(dice.choices(string.printable[:95], k=dice.randrange(2, 11))).strip() for _ in range(1000)}
    return sorted(ours) + dice.sample(sorted(nines), 350) + dice.sample(sorted(any_ - {""}), 250)


def sheets(codes: list[str]) -> Pages:
    """Four columns of forty bars a sheet."""
    pages = []
    for first in range(0, len(codes), 160):
        part = codes[first : first + 160]
        items = tuple(Barcode(2 + i % 4 * 52, 4 + i // 4 * 7.2, text, 5) for i, text in enumerate(part))
        pages.append(Page(210, 297, items))
    return Pages("bars", tuple(pages))


@pytest.mark.parametrize(("profile", "dpi"), [("virtual-a4", 203), ("virtual-a4", 300), ("laser-a4", 300)])
def test_each_of_1500_codes_is_read_back(profile: str, dpi: int) -> None:
    codes = some_codes()
    assert len(codes) == 1500
    read = set()
    for png in pictures(encode(sheets(codes), named(profile)), dpi):
        found = zxingcpp.read_barcodes(image(png), CODE128, try_rotate=False, try_downscale=False, try_invert=False)
        read |= {code.text for code in found}
    assert read == set(codes)


def test_bars_are_whole_dots_of_the_target_and_nothing_between() -> None:
    text = "RF731904825577"
    profile = Profile("test", "pdf", "page", 60, 20, margin=0, sides=0, dpi=203)
    (png,) = pictures(encode(Pages("", (Page(60, 20, (Barcode(5, 4, text, 12),)),)), profile), 203)
    picture = image(png)
    row = bytes(picture.crop((0, 80, picture.width, 81)).tobytes())
    # White, black, and the three quarters of a dot that are painted where two dots meet white.
    assert {round(shade / 64) for shade in row} == {0, 1, 4}
    first = next(place for place, shade in enumerate(row) if shade < 128)
    dots = {first + 2 * module for start, width in code128.bars(text) for module in range(start, start + width)}
    black = {place for place, shade in enumerate(row) if shade < 128}
    assert black == dots | {dot + 1 for dot in dots}


def test_fourteen_characters_of_ours_are_ten_symbols_and_a_check() -> None:
    # start B, two letters, to C, six pairs, check: eleven modules each; the stop has thirteen
    assert code128.modules("RF731904825577") == 11 * 11 + 13


@pytest.mark.parametrize("text", ["", "退货", "A\tB", "A\nB", "\x7f", "é"])
def test_what_a_scanner_must_not_type_is_not_encoded(text: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        code128.bars(text)


def test_bars_fill_the_symbol_from_edge_to_edge() -> None:
    bars = code128.bars("AB")
    assert bars[0] == (0, 2)
    assert sum(bars[-1]) == code128.modules("AB")
