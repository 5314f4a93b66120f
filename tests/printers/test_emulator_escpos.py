"""The strict ESC/POS printer: what it draws, what it refuses, and what other programs tell it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from printers.emulators import BadBytes, papers
from printers.emulators.escpos import read
from printers.profile import Profile, named
from tests.printers.slips import NARROW, POOR, ROLL, looks_as_kept, with_charset

FOREIGN = Path(__file__).parent / "foreign"
PLAIN = dataclasses.replace(NARROW, feed=0, charset="gbk")
"""The knife at the head: a paper ends where the bytes end."""


def drawn(data: bytes, profile: Profile = PLAIN) -> Image.Image:
    (paper,) = papers(data, profile)
    return paper


def ink(paper: Image.Image) -> tuple[int, int, int, int]:
    box = ImageChops.invert(paper).getbbox()
    assert box is not None
    return box


def codes(paper: Image.Image) -> set[tuple[str, str]]:
    return {(code.format.name, code.text) for code in zxingcpp.read_barcodes(paper)}


def test_what_receiptline_makes_of_a_chinese_slip_is_read() -> None:
    reading = read((FOREIGN / "receiptline.bin").read_bytes(), ROLL)
    assert [line for line in reading.lines if "─" not in line and line.strip()] == [
        "存包凭证", "17", "│││存入2026-11-21 14:33", "│││件数2 件：双肩包、购物袋", "│││经手王丽 6012",
        "凭本票取包 请当天取走 遗失请说明", "BG731904825577", "17",
    ]  # fmt: skip
    first, second = reading.papers
    assert codes(first) == {("Code128", "BG731904825577"), ("QRCode", "https://example.com/BG731904825577")}
    assert codes(second) == set()
    assert looks_as_kept(reading.papers, "foreign-receiptline")


def test_what_receiptline_makes_in_western_code_pages_is_read() -> None:
    reading = read((FOREIGN / "receiptline-generic.bin").read_bytes(), ROLL)
    assert reading.lines[0] == "RETURN NOT ACCEPTED"
    assert "é ü ß — €  " in reading.lines
    assert codes(reading.papers[0]) == {("EAN13", "6901234567892"), ("Code128", "BG991904825577")}
    assert looks_as_kept(reading.papers, "foreign-receiptline-generic")


def test_what_python_escpos_makes_is_read() -> None:
    reading = read((FOREIGN / "python-escpos.bin").read_bytes(), ROLL)
    assert reading.lines == (
        "BAG CHECK 17", "Two pieces, until 21:30", "Not for valuables", "No 17", "Café 12.50 £",
        "BG731904825577", "6901234567892", "second piece",
    )  # fmt: skip
    assert reading.kicks == 1
    assert codes(reading.papers[0]) == {
        ("Code128", "BG731904825577"),
        ("EAN13", "6901234567892"),
        ("QRCode", "https://example.com/BG731904825577"),
        ("QRCode", "BG731904825577"),
    }
    assert looks_as_kept(reading.papers, "foreign-python-escpos")


def test_a_hanzi_fills_a_cell_of_24_dots_and_a_letter_half_of_it() -> None:
    paper = drawn(b"\x1b@\x1c&" + "││A││".replace("A", "口A").encode("gbk") + b"\n")
    assert paper.size == (384, 30)
    columns = [ink(paper.crop((left, 0, left + 24, 30))) for left in (0, 24, 84, 108)]
    assert len({(box[0], box[2]) for box in columns}) == 1
    letter = ink(paper.crop((72, 0, 84, 30)))
    assert letter[2] - letter[0] >= 9


def test_sizes_are_whole_multiples_of_the_cells_dots() -> None:
    small = drawn(b"\x1b@\x1c&\xcd\xcbA\n").crop((0, 0, 36, 24))
    large = drawn(b"\x1b@\x1c&\x1d!\x21\xcd\xcbA\n").crop((0, 0, 108, 48))
    assert ImageChops.difference(small.resize((108, 48), Image.Resampling.NEAREST), large).getbbox() is None


def test_letters_stand_on_the_foot_of_a_line_with_larger_ones() -> None:
    paper = drawn(b"H\x1d!\x11H\n")
    assert paper.height == 48
    small, large = ink(paper.crop((0, 0, 12, 48))), ink(paper.crop((12, 0, 36, 48)))
    assert abs(small[3] - large[3]) <= 4
    assert small[1] > 24


def test_bold_underline_and_reverse_are_seen() -> None:
    def black(data: bytes) -> int:
        return drawn(data + b"ABC\n").histogram()[0]

    plain = black(b"")
    assert black(b"\x1bE\x01") > plain * 1.2
    assert black(b"\x1b-\x02") >= plain + 2 * 30
    assert black(b"\x1dB\x01") == 3 * 12 * 24 - plain


@pytest.mark.parametrize(("told", "left"), [(b"\0", 0), (b"\1", 180), (b"\2", 360)])
def test_lines_are_aligned_by_dots(told: bytes, left: int) -> None:
    paper = drawn(b"\x1ba" + told + b"HH\n")
    assert left <= ink(paper)[0] < left + 4


def test_lines_are_30_dots_apart_or_as_told_and_never_into_each_other() -> None:
    assert drawn(b"H\nH\n").height == 60
    assert drawn(b"\x1b3\x40H\nH\n").height == 128
    assert drawn(b"\x1b3\x05H\nH\n").height == 48
    assert drawn(b"H\n\x1bJ\x0a\x1bd\x02H\n").height == 30 + 10 + 60 + 30


def test_a_line_that_is_too_long_goes_on_below_and_is_counted() -> None:
    reading = read(b"x" * 33 + b"\n", PLAIN)
    assert reading.lines == ("x" * 32, "x")
    assert reading.broken == 1


def test_what_is_not_fed_past_the_knife_stays_on_the_next_piece() -> None:
    far = dataclasses.replace(PLAIN, feed=10)
    first, second = papers(b"H\n\x1dV\x01" + b"\x1bd\x05\x1dV\x01", far)
    assert first.height == 30
    assert ImageChops.invert(first).getbbox() is None
    assert ink(second)[1] > 40


def test_a_picture_is_drawn_dot_for_dot_and_doubled_as_told() -> None:
    picture = b"\x81\x00\xff\x01"
    paper = drawn(b"\x1dv0\x00\x02\x00\x02\x00" + picture)
    assert [[paper.getpixel((x, y)) for x in range(16)] for y in range(2)] == [
        [0] + [255] * 6 + [0] + [255] * 8,
        [0] * 8 + [255] * 7 + [0],
    ]
    doubled = drawn(b"\x1dv0\x03\x02\x00\x02\x00" + picture)
    assert (
        ImageChops.difference(doubled, paper.crop((0, 0, 192, 2)).resize((384, 4), Image.Resampling.NEAREST)).getbbox()
        is None
    )


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"{BBG{CI\x13\x04R7M", "BG731904825577"),
        (b"{C\x63\x63", "9999"),
        (b"{B{{x}", "{x}"),
        (b"{AABC", "ABC"),
    ],
)
def test_code128_is_drawn_as_its_sets_are_told(data: bytes, text: str) -> None:
    paper = drawn(b"\x1ba\x01\x1dw\x02\x1dkI" + bytes([len(data)]) + data, ROLL)
    assert codes(paper) == {("Code128", text)}


def test_a_qr_code_is_drawn_at_its_size_and_level() -> None:
    def qr(module: int, level: bytes) -> Image.Image:
        parts = (b"1A2\0", b"1C" + bytes([module]), b"1E" + level, b"1P0" + "退货 17".encode(), b"1Q0")
        return drawn(b"\x1ba\x01\n\n" + b"".join(b"\x1d(k" + bytes([len(part), 0]) + part for part in parts), ROLL)

    for module in (3, 8):
        box = ink(qr(module, b"0"))
        assert box[2] - box[0] == box[3] - box[1] == 21 * module
        assert codes(qr(module, b"0")) == {("QRCode", "退货 17")}
    assert ink(qr(4, b"3"))[2] - ink(qr(4, b"3"))[0] == 25 * 4


def test_utf8_is_read_where_the_printer_was_told_so() -> None:
    profile = with_charset(PLAIN, "utf8")
    assert read(b"\x1c&\x1cC\xff" + "存㙍😀".encode() + b"\n", profile).lines == ("存㙍😀",)
    assert read(b"\x1c&" + "存㙍".encode("gb18030") + b"\n", profile).lines == ("存㙍",)


def test_without_hanzi_switched_on_bytes_are_letters_of_the_code_page() -> None:
    assert read("存".encode("gbk") + b"\n", PLAIN).lines == ("┤µ",)
    assert read(b"\x1bt\x10\xe9\n", PLAIN).lines == ("é",)


def test_status_questions_put_nothing_on_paper() -> None:
    assert papers(b"\x10\x04\x01\x10\x04\x04\x1dr1\x1da\xff", PLAIN) == ()


@pytest.mark.parametrize(
    ("data", "offset", "what"),
    [
        (b"a\n\x1bZ\x00", 2, "unknown command 1B 5A"),
        (b"\x1d\x99", 0, "unknown command 1D 99"),
        (b"ab\x07\n", 2, "unknown control character 07"),
        (b"ab\x7f\n", 2, "unknown control character 7F"),
        (b"\x1c&\xb4\n", 2, "no character B40A"),
        (b"\x1c&\xff\xff\n", 2, "no character FFFF"),
        (b"abc", 2, "a line that does not end"),
        (b"\x1b", 0, "ends too early"),
        (b"\x1dv0\x00\x02\x00\x02\x00abc", 0, "ends too early"),
        (b"\x1dv0\x00\x31\x00\x01\x00" + b"\xff" * 49, 0, "392 dots wide, where there are 384"),
        (b"\x1dv0\x00\x00\x00\x01\x00", 0, "without dots"),
        (b"\x1dv0\x07\x01\x00\x01\x00a", 0, "an argument 7"),
        (b"\x1dkI\x03abc", 0, "Code128 cannot carry"),
        (b"\x1dkI\x02{B", 0, "no data"),
        (b"\x1dkI\x04{C\x64\x01", 0, "Code128 cannot carry"),
        (b"\x1dkD\x02ab", 0, "not 8 digits"),
        (b"\x1dkQ\x02ab", 0, "unknown kind 81"),
        (b"\x1dk\x04ABC\x00", 0, "unknown kind 69"),
        (b"\x1dkI\x16{B" + b"x" * 20, 0, "dots wide, where there are"),
        (b"\x1d(k\x03\x001Q0", 0, "unknown QR function"),
        (b"\x1d(k\x03\x001C\x11", 0, "unknown QR function"),
        (b"\x1d(Z\x00\x00", 0, "unknown command 1D 28 5A"),
        (b"\x1d(L\x02\x0002", 0, "unknown graphics"),
        (b"\x1d!\x08", 0, "beyond eight times"),
        (b"\x1c!\x01", 0, "unknown hanzi mode"),
        (b"a\x1ba\x01\n", 1, "an alignment within a line"),
        (b"a\x1dV\x00", 1, "a cut within a line"),
        (b"\x1b{\x01", 0, "an argument 1"),
        (b"\x1cC\xff", 0, "UTF-8, which this printer does not read"),
    ],
)
def test_what_is_no_command_is_refused_with_its_place(data: bytes, offset: int, what: str) -> None:
    with pytest.raises(BadBytes, match=what) as caught:
        papers(data, PLAIN)
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\x1c&", "hanzi"),
        (b"\x1dkI\x03{BA", "a barcode"),
        (b"\x1d(k\x03\x001E1", "a QR code"),
        (b"\x1bp\x00\x19\xfa", "no drawer"),
        (b"\x10\x14\x01\x00\x01", "no drawer"),
        (b"\x1dV\x00", "no knife"),
    ],
)
def test_what_the_printer_has_not_is_refused(data: bytes, what: str) -> None:
    with pytest.raises(BadBytes, match=what):
        papers(data, POOR)


@settings(deadline=None)  # the first one loads the typeface
@given(st.lists(st.sampled_from([b"\x1b", b"\x1d", b"\x1c", b"\x10", b"(k", b"v0", b"\n"]) | st.binary(max_size=6)))
def test_any_bytes_are_drawn_or_refused(parts: list[bytes]) -> None:
    data = b"".join(parts)
    try:
        reading = read(data, PLAIN)
    except BadBytes as refused:
        assert 0 <= refused.offset < len(data)
    else:
        assert all(paper.width == PLAIN.dots for paper in reading.papers)


def test_a_pdf_is_not_for_the_emulators() -> None:
    with pytest.raises(ValueError, match="drawn by"):
        papers(b"%PDF", named("laser-a4"))
