"""Slips as ESC/POS bytes, read back by the emulator."""

from __future__ import annotations

import dataclasses
import re
from typing import Literal

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from printers import code128
from printers.charsets import MISSING, Name, charset, plain
from printers.document import Align, Cell, Code, Cut, Drawer, Line, Page, Pages, Qr, Row, Slip
from printers.emulators.escpos import Reading, read
from printers.errors import PrinterTrouble
from printers.profile import Profile, named
from printers.protocols import encode
from tests.printers.reading import CODE128
from tests.printers.slips import (
    BAG,
    BAG_ENGLISH,
    LONGEST,
    NARROW,
    POOR,
    ROLL,
    looks_as_kept,
    middle,
    row,
    with_charset,
)
from tests.printers.test_code128 import some_codes

CHARSETS: list[Name] = ["none", "gb2312", "gbk", "gb18030", "utf8"]


def printed(profile: Profile, *lines: Line) -> Reading:
    return read(encode(Slip("", lines), profile), profile)


def codes_on(paper: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(paper)]


@pytest.mark.parametrize("profile", [ROLL, NARROW, POOR], ids=lambda profile: profile.name)
@pytest.mark.parametrize(
    ("name", "slip"), [("bag-zh", BAG), ("bag-en", BAG_ENGLISH), ("longest", LONGEST)], ids=["zh", "en", "longest"]
)
def test_the_slip_looks_as_it_was_looked_at(name: str, slip: Slip, profile: Profile) -> None:
    papers = read(encode(slip, profile), profile).papers
    assert looks_as_kept(papers, f"{name}-{profile.name}")


@pytest.mark.parametrize("profile", [ROLL, NARROW, POOR], ids=lambda profile: profile.name)
@pytest.mark.parametrize("slip", [BAG, BAG_ENGLISH, LONGEST], ids=["zh", "en", "longest"])
def test_every_code_on_a_slip_is_read_back_and_no_line_is_too_long(slip: Slip, profile: Profile) -> None:
    reading = read(encode(slip, profile), profile)
    wanted = sorted(line.text for line in slip.lines if isinstance(line, Code | Qr))
    assert sorted(text for paper in reading.papers for text in codes_on(paper)) == wanted
    assert reading.broken == 0
    assert all(paper.width == profile.dots for paper in reading.papers)


def test_a_bag_slip_is_a_few_hundred_bytes_in_the_printers_own_characters() -> None:
    own, drawn = encode(BAG, with_charset(ROLL, "gbk")), encode(BAG, with_charset(ROLL, "none"))
    assert own.startswith(b"\x1b@\x1c&")
    assert "凭本票取包，请当天取走。".encode("gbk") in own
    assert len(own) <= 350
    assert len(drawn) > 25 * len(own)


@pytest.mark.parametrize("name", CHARSETS[1:])
def test_text_is_told_in_the_printers_own_characters(name: Name) -> None:
    reading = printed(with_charset(ROLL, name), row("合计", "¥19.90"), middle("“一号店”——总·台…", 2), row("×", "Ⅷ℃"))
    assert reading.lines[0].split() == ["合计", "￥19.90"]
    assert reading.lines[1] == "“一号店”——总·台…"
    assert reading.lines[2].split() == ["×", "Ⅷ℃"]


@pytest.mark.parametrize(
    ("text", "told_by"),
    [
        ("洁丽雅", ["gb2312", "gbk", "gb18030", "utf8"]),
        ("朱镕基", ["gbk", "gb18030", "utf8"]),
        ("買買提龘", ["gbk", "gb18030", "utf8"]),
        ("㙍", ["gb18030", "utf8"]),
        ("𠮷", []),
        ("😀", []),
        ("ñ", []),
        ("\U000e0100葛", ["gb2312", "gbk", "gb18030", "utf8"]),
        ("é", []),
    ],
)
def test_a_line_with_what_the_set_lacks_goes_out_as_dots_and_only_that_line(text: str, told_by: list[str]) -> None:
    for name in CHARSETS[1:]:
        profile = with_charset(NARROW, name)
        reading = printed(profile, row("一号店"), row("经手", text), row("毛巾"))
        middle_line = [line for line in reading.lines if "经手" in line]
        assert bool(middle_line) == (name in told_by)
        assert reading.lines[0] == "一号店"
        assert reading.lines[-1] == "毛巾"
        # Dots or characters, there is ink in the place of all three lines.
        (paper,) = reading.papers
        top = round(profile.feed * profile.dots_per_mm)
        for place in range(3):
            assert inked(paper, (100, top + 30 * place, 384, top + 30 * place + 24)) or place != 1
            assert inked(paper, (0, top + 30 * place, 48, top + 30 * place + 24))


def inked(paper: Image.Image, box: tuple[int, int, int, int]) -> bool:
    return ImageChops.invert(paper.crop(box)).getbbox() is not None


@settings(deadline=None)  # the first one loads the typeface
@given(
    st.lists(st.text("王丽存包ABCgjy 0179，。（）·-", max_size=40), min_size=1, max_size=3),
    st.sampled_from(["left", "center", "right"]),
    st.booleans(),
)
def test_dots_stand_where_the_printers_characters_would(texts: list[str], align: Align, bold: bool) -> None:
    line = Row(tuple(Cell(text, 1 + place, align) for place, text in enumerate(texts)), bold=bold)
    own, dots = (
        printed(told, line, middle(".")) for told in (with_charset(NARROW, "gbk"), with_charset(NARROW, "none"))
    )
    assert own.broken == 0
    for one, other in zip(own.papers, dots.papers, strict=True):
        assert ImageChops.difference(one, other).getbbox() is None


anything = st.text(st.characters(exclude_categories=()), max_size=60)
cells = st.builds(Cell, anything, st.integers(-1, 9), st.sampled_from(["left", "center", "right"]))
rows = st.builds(Row, st.lists(cells, max_size=5).map(tuple), st.integers(-1, 9), st.booleans())


@settings(deadline=None)  # the first one loads the typeface
@given(st.lists(rows, min_size=1, max_size=4), st.sampled_from(CHARSETS), st.sampled_from([ROLL, NARROW]))
def test_any_text_prints_on_any_printer_and_is_no_command(lines: list[Row], name: Name, profile: Profile) -> None:
    reading = printed(with_charset(profile, name), *lines, Cut())
    assert reading.broken == 0
    assert reading.kicks == 0
    assert len(reading.papers) == 1
    asked = "".join(cell.text for line in lines for cell in line.cells)
    assert "?" in asked or not any("?" in line for line in reading.lines)


@settings(deadline=None)  # the first one loads the typeface
@given(st.text(st.sampled_from("王丽買…存包凭证 abc WXYZ，。（"), min_size=1, max_size=120), st.integers(1, 8))
def test_nothing_is_lost_where_lines_break(text: str, scale: int) -> None:
    profile = with_charset(NARROW, "gb18030")
    reading = printed(profile, Row((Cell(text),), scale))
    squeezed = re.sub(r"\s", "", plain(text))
    assert "".join("".join(reading.lines).split()) == squeezed
    columns = profile.dots // (12 * scale)
    assert all(sum(map(charset("gb18030").columns, line)) <= columns for line in reading.lines)


def test_lines_break_between_hanzi_after_spaces_and_not_before_punctuation() -> None:
    reading = printed(NARROW, row("凭本票取包请当天取走遗失请到服务，台 Service desk of the store"))
    assert reading.lines == ("凭本票取包请当天取走遗失请到服", "务，台 Service desk of the store")
    assert printed(NARROW, row("名称", "SUPERCALIFRAGILISTICEXPIALIDOCIOUS")).lines == (
        "名称",
        "SUPERCALIFRAGILISTICEXPIALIDOCIO",
        "US",
    )


def test_an_amount_is_never_torn_but_takes_room_from_the_others_or_a_line_of_its_own() -> None:
    assert printed(ROLL, row("苏泊尔多功能家用智能电磁炉旗舰款", "999.999", "¥9,999,999.99")).lines == (
        "苏泊尔多功能家用智能电磁  999.999 ￥9,999,999.99",
        "炉旗舰款",
    )
    assert printed(NARROW, row("商品", "数量", "金额")).lines == ("商品                数量    金额",)
    assert printed(NARROW, row("毛巾", "999999.999", "¥99,999,999,999,999.99")).lines == (
        "毛巾",
        "999999.999",
        "￥99,999,999,999,999.99",
    )


def test_cells_are_shares_of_the_paper_in_which_a_hanzi_is_two_columns() -> None:
    assert printed(NARROW, row("毛巾 x", "1", "19.90")).lines == ("毛巾 x                1    19.90",)
    assert printed(ROLL, row("毛巾 x", "1", "19.90")).lines == ("毛巾 x" + " " * 28 + "1" + " " * 6 + "  19.90",)


def test_cells_too_narrow_for_a_hanzi_go_below_each_other() -> None:
    many = Row(tuple(Cell(text) for text in "一二三四五六七八九"), scale=4)
    assert printed(NARROW, many).lines == tuple("一二三四五六七八九")


def test_what_a_customer_types_is_never_a_command() -> None:
    text = "a\x1b@\x1dV\x00\x1bp\x00\x19\xfa\n\r\x10\x14\x01\x00\x01b"
    for name in CHARSETS:
        reading = printed(with_charset(ROLL, name), row(text))
        assert reading.kicks == 0
        assert len(reading.papers) == 1
        told = encode(Slip("", (row(text),)), with_charset(ROLL, name))
        assert told.count(b"\x1b@") == 1
        assert b"\x1bp" not in told


def test_a_character_that_even_the_typeface_lacks_is_shown_as_lacking() -> None:
    (lacking,) = printed(ROLL, row("\U000e0fffx\ue000y")).papers
    (meant,) = printed(with_charset(ROLL, "none"), row(f"{MISSING}x{MISSING}y")).papers
    assert ImageChops.difference(lacking, meant).getbbox() is None


def test_big_hanzi_are_told_in_both_ways_that_printers_know() -> None:
    told = encode(Slip("", (middle("存包", 2), row("a"), middle("17", 2), row("包"))), NARROW)
    assert b"\x1c!\x0c\x1d!\x11" in told
    assert b"\x1c!\x00\x1d!\x00" in told
    reading = read(told, NARROW)
    assert reading.lines == ("存包", "a", "17", "包")


@pytest.mark.parametrize(
    "profile", [ROLL, NARROW, dataclasses.replace(NARROW, barcode=False)], ids=["80", "58", "dots"]
)
def test_each_of_1500_codes_is_read_back_at_the_printers_resolution(profile: Profile) -> None:
    codes = some_codes()
    read_back = set()
    for first in range(0, len(codes), 50):
        slip = Slip("", tuple(Code(text, 4) for text in codes[first : first + 50]))
        for paper in read(encode(slip, profile), profile).papers:
            found = zxingcpp.read_barcodes(paper, CODE128, try_rotate=False, try_downscale=False, try_invert=False)
            read_back |= {code.text for code in found}
    assert read_back == set(codes)


@pytest.mark.parametrize("text", ["BG731904825577", "99", "A", "{}", "1234567", "AB{C12}", "x" * 12])
@pytest.mark.parametrize("profile", [ROLL, NARROW, POOR], ids=lambda profile: profile.name)
def test_bars_keep_their_quiet_zone_and_whole_dots(text: str, profile: Profile) -> None:
    (paper,) = printed(profile, Code(text, 10)).papers
    assert codes_on(paper) == [text]
    ink = ImageChops.invert(paper)
    top = ink.getbbox()
    assert top is not None
    bars = ink.crop((0, top[1], paper.width, top[1] + 1)).getbbox()
    assert bars is not None
    module, rest = divmod(bars[2] - bars[0], code128.modules(text))
    assert rest == 0
    assert module >= 2
    assert min(bars[0], paper.width - bars[2]) >= code128.QUIET * module - 1


def test_a_code_too_long_for_the_paper_is_refused_with_what_to_do() -> None:
    for line in (Code("x" * 40), Qr("退" * 160)):
        assert codes_on(printed(ROLL, line).papers[0]) == [line.text]
    with pytest.raises(PrinterTrouble, match=r"too long for the paper of 58\. Choose a printer with wider"):
        printed(NARROW, Code("x" * 60))


@pytest.mark.parametrize("size", [10, 25, 60])
@pytest.mark.parametrize("native", [True, False])
def test_a_qr_code_is_as_large_as_wished_with_its_quiet_zone(size: float, native: bool) -> None:
    profile = dataclasses.replace(NARROW, qr=native)
    (paper,) = printed(profile, row("▇" * 16), Qr("BG731904825577", size), row("▇" * 16)).papers
    assert codes_on(paper) == ["BG731904825577"]
    ink = ImageChops.invert(paper)
    start = round(profile.feed * profile.dots_per_mm) + 26
    box = ink.crop((0, start, paper.width, paper.height)).getbbox()
    assert box is not None
    module = min(16, max(2, min(int(size * 8), 384) // 29))
    square = ink.crop((0, start, paper.width, start + box[1] + 21 * module)).getbbox()
    assert square is not None
    assert square[2] - square[0] == 21 * module
    assert box[1] >= 4 * module - 4


def test_paper_is_fed_past_the_knife_before_it_is_cut() -> None:
    far = dataclasses.replace(ROLL, feed=15)
    reading = printed(far, middle("甲"), Cut(), middle("乙"))
    assert len(reading.papers) == 2
    for paper in reading.papers:
        box = ImageChops.invert(paper).getbbox()
        assert box is not None
        assert box[3] < paper.height


@pytest.mark.parametrize(("cutter", "told"), [("partial", b"\x1dV\x01"), ("full", b"\x1dV\x00"), ("none", b"")])
def test_the_paper_is_cut_as_the_printer_can(cutter: Literal["partial", "full", "none"], told: bytes) -> None:
    profile = dataclasses.replace(ROLL, cutter=cutter)
    assert encode(Slip("", (row("a"), Cut())), profile) == b"\x1b@\x1c&a\n\x1bd\x02" + told


def test_blank_paper_is_never_cut() -> None:
    assert encode(Slip("", (Cut(), Drawer(), Cut())), ROLL).count(b"\x1dV") == 0


def test_the_drawer_opens_where_there_is_one() -> None:
    assert printed(ROLL, Drawer(), row("a")).kicks == 1
    assert encode(Slip("", (Drawer(),)), dataclasses.replace(ROLL, drawer=False)) == b"\x1b@\x1c&"


@pytest.mark.parametrize(
    "name",
    ["generic-58mm", "generic-80mm", "epson-tm-t88", "xprinter-xp-80", "gprinter-gp-58", "sunmi-58mm", "sunmi-80mm"],
)
def test_each_carried_receipt_printer_prints_every_slip(name: str) -> None:
    profile = named(name)
    for slip in (BAG, BAG_ENGLISH, LONGEST):
        reading = read(encode(slip, profile), profile)
        assert reading.broken == 0
        assert reading.kicks == (slip is LONGEST and profile.drawer)
        codes = {text for paper in reading.papers for text in codes_on(paper)}
        assert codes == {line.text for line in slip.lines if isinstance(line, Code | Qr)}


def test_pages_are_refused_with_what_to_do() -> None:
    with pytest.raises(PrinterTrouble, match=r"241 × 140 mm, and 80 holds another\. Choose"):
        encode(Pages("form", (Page(241, 140, ()),)), ROLL)


@pytest.mark.parametrize("digits", ["160412345678", "001605123456", "123456162012"])
def test_a_code_whose_digits_are_a_command_that_is_obeyed_at_once_goes_out_as_dots(digits: str) -> None:
    text = f"BT{digits}"
    told = encode(Slip("Token", (Code(text),)), ROLL)
    assert not any(command in told for command in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))
    (paper,) = read(told, ROLL).papers
    assert codes_on(paper) == [text]
