from __future__ import annotations

import re

import pytest

from printers.document import Barcode, Cell, Cut, Row, Slip
from printers.emulators import BadBytes, papers
from printers.profile import named
from printers.protocols import encode
from tests.printers.labels import CHINESE, sheet, words

ZEBRA = named("zebra-zd")
HEAD = b"^XA^CI28^PW480^LL320^LH0,0"


def data_of(sent: bytes) -> list[str]:
    """Return the data of each field."""
    return re.findall(r"\^FD(.*?)\^FS", sent.decode("ascii"))


def test_letters_and_digits_are_told_in_the_printers_own_type() -> None:
    sent = encode(words("2026-11-21 10:42"), ZEBRA)
    assert data_of(sent) == ["2026-11-21 10:42"]
    assert b"^GFA" not in sent


def test_hanzi_go_out_as_a_compressed_picture() -> None:
    sent = encode(words("凭此牌取包，当日有效"), ZEBRA)
    assert data_of(sent) == []
    assert sent.count(b":Z64:") == 1
    assert len(sent) < 1000


def test_every_byte_is_ascii_whatever_the_words() -> None:
    assert encode(CHINESE, ZEBRA).isascii()


def test_marks_of_the_language_are_told_by_number() -> None:
    assert data_of(encode(words("^XA~JA_5E"), ZEBRA)) == ["_5EXA_7EJA_5F5E"]


def test_changes_of_set_are_told_so_that_the_bars_are_those_counted_with() -> None:
    assert ">:BG>5731904825577" in data_of(encode(CHINESE, ZEBRA))


@pytest.mark.parametrize(
    ("text", "told"), [("A>B", ">:A>0B"), ("A^B", ">:A><B"), ("A~B", ">:A>=B"), ("A_B", ">:A_5FB"), ("99", ">;99")]
)
def test_marks_inside_a_code_are_spelled_as_zpl_has_them(text: str, told: str) -> None:
    assert data_of(encode(sheet(Barcode(10, 5, text)), ZEBRA)) == [told]


def test_each_piece_of_a_slip_is_a_format() -> None:
    sent = encode(Slip("", (Row((Cell("1"),)), Cut(), Row((Cell("2"),)))), ZEBRA)
    assert sent.count(b"^XA") == sent.count(b"^XZ") == 2
    assert data_of(sent) == ["1", "2"]


@pytest.mark.parametrize(
    ("field", "what"),
    [
        (b"^IDR:X.GRF^FS", "no command"),
        (b"^FO8,8^A0N,20,20^FDa^FS", "no command"),
        (b"^FO8,8^FDa^FS", "data of no field"),
        (b"^FO8,8^ADN,18,10^FDa^FDb^FS", "data of no field"),
        (b"^FO8,8^ADN,18,10^FS", "a field without data"),
        (b"^FO8,8^ADN,18,10^FDa", "a field without \\^FS"),
        (b"^FO8,8^FO9,9^ADN,18,10^FDa^FS", "a field within a field"),
        (b"^FO8,8^ADN,18,10^BCN,20,N,N,N,N^FDa^FS", "a field of two kinds"),
        (b"^ADN,18,10^FDa^FS", "a field without a place"),
        (b"^FO8,8^ADN,20,10^FDa^FS", "no multiple"),
        (b"^FO470,8^ADN,18,10^FDabc^FS", "ink beside the label"),
        (b"^FO8,8^ADN,18,10^FH_^FDa_5^FS", "a broken character number"),
        (b"^FO8,8^ADN,18,10^FH_^FD_0A^FS", "not printable"),
        (b"^FO8,8^GB20,20,1^FS", "a frame"),
        (b"^FO470,8^GB20,4,4^FS", "ink beside the label"),
        (b"^PW400", "the size of another label"),
        (b"^LL400", "the size of another label"),
        (b"^FO8,8^GFA,1,1,1,:Z64:eJz7DwABAQEA:0000^FS", "a wrong check"),
        (b"^FO8,8^GFA,1,1,1,:Z64:eJw=:7A7D^FS", "wrong check|cannot be unpacked"),
        (b"^FO8,8^BY2,3,40^BCN,40,N,N,N,N^FD>:AB^FS", "a quiet zone that leaves the label"),
        (b"^FO40,8^BY2,3,40^BCN,40,N,N,N,N^FDAB^FS", "not in a set"),
        (b"^FO40,8^BY2,3,40^BCN,40,N,N,N,N^FD>;123^FS", "not in a set"),
        (b"^FO40,8^BY2,3,40^BCN,40,N,N,N,N^FD>:A>9B^FS", "not in a set"),
        (b"^FO40,40^BY4,3,1^BQN,2,4^FDhello^FS", "without its level"),
    ],
)
def test_the_strict_printer_says_what_is_wrong_and_where(field: bytes, what: str) -> None:
    with pytest.raises(BadBytes, match=what) as caught:
        papers(HEAD + field + b"^XZ\n", ZEBRA)
    assert caught.value.offset >= len(HEAD)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"^FO8,8^GB8,8,8^FS", "outside"),
        (HEAD, "a format without"),
        (HEAD + HEAD, "a format without"),
        (b"Hello", "no command"),
        (
            HEAD + b"^FO40,8^BY2,3,40^BCN,40,N,N,N,N^FD>:AB^FS^FO30,8^GB8,8,8^FS^XZ\n",
            "ink in a quiet zone",
        ),
    ],
)
def test_the_strict_printer_minds_the_order_of_things(data: bytes, what: str) -> None:
    with pytest.raises(BadBytes, match=what):
        papers(data, ZEBRA)


def test_a_qr_code_sinks_by_the_height_that_bars_were_told_last() -> None:
    fields = [b"^FO40,40^BY4,3,%d^BQN,2,4^FDMA,hello^FS^XZ\n" % height for height in (1, 20)]
    one, two = (papers(HEAD + field, ZEBRA)[0].point(lambda shade: 255 - shade).getbbox() for field in fields)
    assert one is not None
    assert two is not None
    assert (one[1], two[1]) == (40, 59)
