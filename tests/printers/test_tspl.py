from __future__ import annotations

import re

import pytest
from PIL import Image

from printers.document import Cell, Code, Cut, Row, Run, Slip, Text
from printers.emulators import BadBytes, papers
from printers.profile import named
from printers.protocols import encode
from printers.protocols.tspl import bitmaps
from tests.printers.labels import CHINESE, sheet, words

TSC = named("tsc-ttp-244")
HEAD = b"\r\nSIZE 60 mm,40 mm\r\nGAP 2 mm,0 mm\r\nDIRECTION 1\r\nREFERENCE 0,0\r\nCLS\r\n"


def said(data: bytes) -> list[str]:
    """Return the words that `data` has in the printer's own type."""
    return [each.decode("gbk") for each in re.findall(rb'TEXT \d+,\d+,"TSS24\.BF2",0,\d+,\d+,"(.*?)"\r\n', data)]


def test_hanzi_of_the_usual_size_are_told_in_the_printers_own_type() -> None:
    data = encode(words("退货 2026-11-21，￥199.00"), TSC)
    assert said(data) == ["退货 2026-11-21，￥199.00"]
    assert b"BITMAP" not in data
    assert len(data) < 200


def test_a_row_of_double_size_is_told_too() -> None:
    data = encode(Slip("", (Row((Cell("一号店", align="center"),), 2),)), TSC)
    assert re.search(rb'TEXT 168,\d+,"TSS24\.BF2",0,2,2,', data)


@pytest.mark.parametrize("text", ["𠮷", "㙍", "ﬁ", 'a"b', "a\\b", "~!T", "乗"])
def test_what_the_printer_lacks_or_might_obey_goes_out_as_dots_and_never_as_a_question_mark(text: str) -> None:
    data = encode(words("退货 " + text), TSC)
    assert said(data) == []
    assert b"BITMAP" in data


def test_a_yen_sign_is_told_as_its_wide_sister() -> None:
    assert said(encode(words("¥1"), TSC)) == ["￥1"]


@pytest.mark.parametrize(("size", "bold"), [(10, False), (8.5, True), (7, False)])
def test_other_sizes_and_bold_type_go_out_as_dots(size: float, bold: bool) -> None:
    assert said(encode(words("退货", size=size, bold=bold), TSC)) == []


def test_what_is_too_wide_for_a_line_in_the_printers_type_goes_on_below() -> None:
    data = encode(words("退" * 30), TSC)
    assert said(data) == ["退" * 18, "退" * 12]


def test_changes_of_set_are_told_so_that_no_firmware_chooses_its_own() -> None:
    assert b'"128M",96,0,0,2,2,"!104BG!099731904825577"' in encode(CHINESE, TSC)
    odd = encode(Slip("", (Code("991234567"),)), TSC)
    assert b'"!10599123456!1007"' in odd


def test_each_piece_of_a_slip_is_a_label() -> None:
    data = encode(Slip("", (Row((Cell("一"),)), Cut(), Row((Cell("二"),)))), TSC)
    assert data.count(b"CLS\r\n") == data.count(b"PRINT 1,1\r\n") == 2
    assert said(data) == ["一", "二"]


def test_whole_bytes_of_dots_do_not_reach_beyond_the_label() -> None:
    data = encode(sheet(Text(30, 2, 30, 10, (Run("l", bold=True),), 8.5, align="right")), TSC)
    (sent,) = re.findall(rb"BITMAP (\d+),\d+,(\d+),", data)
    assert 470 < int(sent[0]) + 8 * int(sent[1]) <= 480


@pytest.mark.parametrize("place", [0, 1, 2, 3, 4, 6])
def test_dots_that_would_be_an_immediate_command_by_chance_are_sent_in_two_parts(place: int) -> None:
    dots = bytearray(8)
    dots[place : place + 2] = b"\xe4\xde"  # ESC ! in a printer's eyes, where ink is 0
    ink = Image.frombytes("1", (32, 2), bytes(dots))
    data = b"".join(bitmaps(8, 16, ink))
    assert b"\x1b!" not in data
    assert data.count(b"BITMAP") == 2
    (picture,) = papers(HEAD + data + b"PRINT 1,1\r\n", TSC)
    assert picture.crop((8, 16, 40, 18)).point(lambda shade: 255 - shade).convert("1").tobytes() == bytes(dots)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (b"SOUND 1,1", "no command"),
        (b'TEXT 8,8,"TSS24.BF2",0,1,1,"a"b"', "no command"),
        (b"BAR 8,8,20", "no command"),
        (b"BAR 0,0,0,9", "a bar of nothing"),
        (b"BAR 470,8,20,8", "ink beside the label"),
        (b"SIZE 50 mm,30 mm", "the size of another label"),
        (b"GAP 3 mm,0 mm", "the gap of another label"),
        (b'TEXT 470,8,"TSS24.BF2",0,1,1,"\xcd\xcb"', "ink beside the label"),
        (b'TEXT 8,8,"TSS24.BF2",0,1,1,"\xcd"', "not in gbk"),
        (b'TEXT 8,8,"TSS16.BF2",0,1,1,"a"', "not in a type of this printer's own"),
        (b'BARCODE 8,8,"128M",40,0,0,2,2,"!104AB"', "a quiet zone that leaves the label"),
        (b'BARCODE 40,8,"128M",40,0,0,2,2,"AB"', "does not begin with its set"),
        (b'BARCODE 40,8,"128M",40,0,0,2,2,"!105123"', "not in a set of Code128"),
        (b'BARCODE 40,8,"128M",40,0,0,2,2,"!099AB"', "not in a set of Code128"),
        (b'BARCODE 40,8,"128M",40,0,0,2,2,"!100AB"', "begins with a change"),
        (b'BARCODE 40,8,"128M",40,0,0,2,4,"!104AB"', "not wide and narrow ones"),
        (b"BITMAP 8,8,2,2,0,\xff", "ends too early or too late"),
        (b"PRINT 1,1\r\nSIZE 60 mm", "no command"),
    ],
)
def test_the_strict_printer_says_what_is_wrong_and_where(line: bytes, what: str) -> None:
    with pytest.raises(BadBytes, match=what) as caught:
        papers(HEAD + line + b"\r\nPRINT 1,1\r\n", TSC)
    assert caught.value.offset >= len(HEAD)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"CLS\r\n", "CLS before SIZE"),
        (HEAD.removesuffix(b"CLS\r\n") + b"BAR 8,8,8,8\r\n", "drawn before CLS"),
        (HEAD + b"BAR 8,8,8,8\r\n", "not printed"),
        (HEAD + b"BAR 8,8,8,8\r\nCLS\r\n", "not printed"),
        (HEAD + b"\x1b!R", "an immediate command"),
        (HEAD + b'BARCODE 40,8,"128M",40,0,0,2,2,"!104AB"\r\nBAR 30,8,8,8\r\nPRINT 1,1\r\n', "ink in a quiet zone"),
    ],
)
def test_the_strict_printer_minds_the_order_of_things(data: bytes, what: str) -> None:
    with pytest.raises(BadBytes, match=what):
        papers(data, TSC)


def test_copies_are_as_many_labels() -> None:
    first, second = papers(HEAD + b"BAR 8,8,8,8\r\nPRINT 1,2\r\n", TSC)
    assert first == second


def test_the_same_label_is_always_the_same_bytes() -> None:
    first = encode(CHINESE, TSC)
    encode(sheet(Text(2, 2, 50, 20, (Run("别的", bold=True),), 20)), TSC)
    assert encode(CHINESE, TSC) == first
