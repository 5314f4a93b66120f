"""What holds for labels whatever language their printer speaks."""

from __future__ import annotations

import dataclasses

import pytest
import zxingcpp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from printers.document import Barcode, Box, Page, Pages, QrCode, Rule, Run, Slip, Text
from printers.emulators import papers
from printers.errors import PrinterTrouble
from printers.flow import fitted
from printers.profile import Profile, named
from printers.protocols import encode
from tests.printers.labels import CHINESE, ENGLISH, HOSTILE, SLIP, columns, sheet, words
from tests.printers.reading import CODE128
from tests.printers.slips import looks_as_kept
from tests.printers.test_code128 import some_codes

NAMES = ("tsc-ttp-244", "gprinter-gp-1324d", "zebra-zd")
PROFILES = [named(name) for name in NAMES]
every_printer = pytest.mark.parametrize("profile", PROFILES, ids=NAMES)


def printed(document: Pages, profile: Profile) -> Image.Image:
    (picture,) = papers(encode(document, profile), profile)
    return picture


def ink(picture: Image.Image) -> tuple[int, int, int, int] | None:
    return ImageChops.invert(picture).getbbox()


@every_printer
def test_a_token_has_its_code_to_scan_and_every_word_in_full(profile: Profile) -> None:
    for document, code in ((CHINESE, "BG731904825577"), (ENGLISH, "BG991904825577")):
        picture = printed(document, profile)
        assert picture.size == (480, 320)
        assert [found.text for found in zxingcpp.read_barcodes(picture, CODE128)] == [code]
        assert not any(fitted(item).cut for item in document.pages[0].items if isinstance(item, Text))


@pytest.mark.parametrize("name", ["tsc-ttp-244", "zebra-zd"])
@pytest.mark.parametrize(
    ("kind", "document"), [("zh", CHINESE), ("en", ENGLISH), ("slip", SLIP)], ids=["zh", "en", "slip"]
)
def test_labels_look_as_they_were_found_good(name: str, kind: str, document: Pages | Slip) -> None:
    assert looks_as_kept(papers(encode(document, named(name)), named(name)), f"label-{kind}-{name}")


@pytest.mark.parametrize("name", ["tsc-ttp-244", "zebra-zd"])
def test_each_of_1500_codes_is_read_back(name: str) -> None:
    codes = some_codes()
    read = set()
    for picture in papers(encode(columns(codes), named(name)), named(name)):
        found = zxingcpp.read_barcodes(picture, CODE128, try_rotate=False, try_downscale=False, try_invert=False)
        read |= {code.text for code in found}
    assert read == set(codes)


@every_printer
def test_a_printer_without_barcodes_of_its_own_gets_the_same_bars_dot_for_dot(profile: Profile) -> None:
    document = columns(some_codes()[::30])
    plain = dataclasses.replace(profile, barcode=False)
    assert papers(encode(document, profile), profile) == papers(encode(document, plain), plain)


@every_printer
def test_a_finer_printer_gets_the_same_label_in_its_own_dots(profile: Profile) -> None:
    fine = dataclasses.replace(profile, dpi=300)
    picture = printed(CHINESE, fine)
    assert picture.size == (709, 472)
    assert [found.text for found in zxingcpp.read_barcodes(picture, CODE128)] == ["BG731904825577"]


@every_printer
@given(text=st.sampled_from(["BG731904825577", "ABCD"]), module=st.floats(0.125, 0.37), right=st.booleans())
@example(text="ABCD", module=0.36030285678776086, right=True)
@settings(max_examples=60, deadline=None)
def test_a_code_at_the_very_edge_keeps_its_quiet_zones_on_the_label(
    profile: Profile, text: str, module: float, right: bool
) -> None:
    code = Barcode(0, 5, text, module=module)
    printed(sheet(dataclasses.replace(code, x=60 - code.width) if right else code), profile)


@every_printer
def test_a_wide_code_gets_narrower_bars_and_one_that_never_fits_is_refused(profile: Profile) -> None:
    code = "RF" + "7319048255" * 3
    picture = printed(sheet(Barcode(0, 5, code, module=0.2)), profile)
    assert [found.text for found in zxingcpp.read_barcodes(picture, CODE128)] == [code]
    with pytest.raises(PrinterTrouble, match="too long for this paper"):
        encode(sheet(Barcode(0, 5, "ABCDEFGHIJ" * 5, module=0.08)), profile)
    with pytest.raises(PrinterTrouble, match="too long for this paper"):
        encode(Pages("", (Page(60, 40, (QrCode(2, 2, "x" * 300, 6),)),)), profile)


@every_printer
@pytest.mark.parametrize("text", ["https://example.cn/t/BG731904825577", "退货 〓 七天", 'a"b\\c~d^e_f'])
def test_a_qr_code_is_read_back_whatever_it_says(profile: Profile, text: str) -> None:
    picture = printed(Pages("", (Page(60, 40, (QrCode(2, 2, text, 30),)),)), profile)
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == text


@every_printer
@given(
    text=st.text() | st.lists(st.sampled_from(HOSTILE) | st.text(max_size=6)).map("".join),
    size=st.sampled_from([8.5, 17, 10, 34]),
    bold=st.booleans(),
)
@example(text='"\r\nPRINT 9,9\r\n^XZ~JA\x1b!R', size=8.5, bold=False)
@example(text="𠮷野龘㙍䶮㛃", size=8.5, bold=True)
@example(text="乗\\[R] 稜~!T 俓^XA", size=8.5, bold=False)
@example(text="e\u0301\u200b\U000e0100\ufffe\ud7ff", size=34, bold=False)
@settings(max_examples=120, deadline=None)
def test_whatever_is_written_is_one_label_that_the_strict_printer_takes(
    profile: Profile, text: str, size: float, bold: bool
) -> None:
    printed(words(text, size=size, bold=bold), profile)


@every_printer
@pytest.mark.parametrize("text", HOSTILE)
def test_what_would_be_a_command_is_printed_as_words_and_changes_nothing_else(profile: Profile, text: str) -> None:
    rest = (Rule(2, 30, 58, 30), Barcode(5, 31, "BG731904825577", 8))
    hostile = printed(sheet(Text(2, 2, 56, 20, (Run("名 " + text),), 8.5), *rest), profile)
    usual = printed(sheet(Text(2, 2, 56, 20, (Run("名 "),), 8.5), *rest), profile)
    changed = ImageChops.difference(hostile, usual).getbbox()
    assert changed is None or changed[3] < 200
    assert hostile.crop((0, 200, 480, 320)) == usual.crop((0, 200, 480, 320))


@every_printer
def test_a_rare_name_is_drawn_and_what_no_typeface_has_is_a_full_block(profile: Profile) -> None:
    pictures = [printed(words(name), profile).tobytes() for name in ("龘", "㙍", "〓", " ", "龙")]
    assert len(set(pictures)) == len(pictures)
    assert printed(words("𠮷𠮷"), profile) == printed(words("𠮷" + "\U0002fa1e"), profile)
    assert ink(printed(words("𠮷"), profile)) is not None


@every_printer
def test_a_very_long_name_stays_in_its_box_and_ends_in_dots(profile: Profile) -> None:
    box = Text(10, 10, 30, 4, (Run("欧阳龘" * 40),), 8.5, 6)
    place = ink(printed(sheet(box), profile))
    assert place is not None
    assert place[0] >= 80
    assert place[1] >= 80 - 3
    assert place[2] <= 320 + 1
    assert place[3] <= 112 + 3
    assert fitted(box).cut


@every_printer
def test_a_struck_price_and_a_bold_one_are_not_the_plain_one(profile: Profile) -> None:
    looks = [Run("￥199.00"), Run("￥199.00", bold=True), Run("￥199.00", struck=True)]
    pictures = [printed(sheet(Text(2, 2, 50, 5, (run,), 8.5)), profile).tobytes() for run in looks]
    assert len(set(pictures)) == 3


@every_printer
def test_words_leave_a_line_close_beside_them_whole(profile: Profile) -> None:
    words_close_by = Text(10, 10, 20, 8, (Run("|退", bold=True),), 20)
    for x in (9.25, 9.5, 9.75, 10, 10.25):
        black = ImageChops.invert(printed(sheet(Rule(x, 5, x, 30, 0.125), words_close_by), profile))
        assert black.crop((round(x * 8), 40, round(x * 8) + 1, 240)).getextrema() == (255, 255)


@every_printer
def test_accents_are_joined_and_what_is_not_to_be_seen_is_left_out(profile: Profile) -> None:
    assert printed(words("e\u0301te\u200b\ufe0f"), profile) == printed(words("éte"), profile)


@every_printer
def test_lines_and_boxes_stand_where_they_should_dot_for_dot(profile: Profile) -> None:
    picture = printed(Pages("", (Page(60, 40, (Box(10, 10, 20, 10, 0.25), Rule(0, 39, 60, 39, 0.5))),)), profile)
    black = ImageChops.invert(picture)
    assert black.crop((0, 0, 480, 300)).getbbox() == (79, 79, 241, 161)
    assert black.crop((82, 82, 238, 158)).getbbox() is None
    assert black.crop((0, 300, 480, 320)).getbbox() == (0, 10, 480, 14)


@every_printer
def test_a_slanting_line_goes_from_end_to_end(profile: Profile) -> None:
    assert ink(printed(sheet(Rule(5, 5, 55, 35, 0.25)), profile)) == (40, 40, 442, 282)


@every_printer
@pytest.mark.parametrize(
    "item",
    [Text(50, 5, 20, 5, (Run("一"),)), Barcode(40, 5, "BG731904825577"), Rule(5, 41, 50, 41), QrCode(5, 30, "x")],
)
def test_what_would_stand_beside_the_label_is_refused_with_what_to_do(
    profile: Profile, item: Text | Barcode | Rule | QrCode
) -> None:
    with pytest.raises(PrinterTrouble, match=r"beside a label of 60 × 40 mm\. Choose"):
        encode(Pages("", (Page(60, 40, (item,)),)), profile)


@every_printer
def test_named_copies_are_as_many_labels(profile: Profile) -> None:
    document = Pages("", (*CHINESE.pages, *ENGLISH.pages))
    first, second = papers(encode(document, profile), profile)
    assert first == printed(CHINESE, profile)
    assert second == printed(ENGLISH, profile)
