from __future__ import annotations

import dataclasses
import subprocess
import sys
import threading

import pytest
import zxingcpp
from PIL import Image, ImageChops

from printers.document import (
    Barcode,
    Box,
    Cell,
    Code,
    Cut,
    Divider,
    Document,
    Drawer,
    Item,
    Page,
    Pages,
    Qr,
    QrCode,
    Row,
    Rule,
    Run,
    Slip,
    Text,
)
from printers.errors import PrinterTrouble
from printers.picture import pictures
from printers.profile import named
from printers.protocols import as_pdf, encode
from tests.printers.reading import barcodes, faults, image, inks, words

A4 = named("virtual-a4")
ROLL = named("driver-80mm")

SLIP = Slip(
    "存包小票",
    (
        Row((Cell("17", align="center"),), scale=4, bold=True),
        Divider(),
        Row((Cell("苏泊尔多功能家用智能电磁炉旗舰款 C21", 5), Cell("1", 1, "right"), Cell("229.00", 2, "right"))),
        Code("BG731904825577"),
        Cut(),
        Row((Cell("17", align="center"),), scale=4, bold=True),
    ),
)


def page(*items: Item) -> Pages:
    return Pages("test", (Page(210, 297, items),))


def text(*runs: Run, size: float = 12, y: float = 20) -> Text:
    return Text(20, y, 150, 10, runs, size)


def test_a_rare_name_is_bold_where_it_should_be() -> None:
    rare = "欧阳䶮㛃"
    bold = encode(page(text(Run(rare, bold=True))), A4)
    assert words(bold) == [rare]
    assert pictures(bold, 100) != pictures(encode(page(text(Run(rare))), A4), 100)


def test_a_rare_name_beyond_the_basic_plane_is_drawn() -> None:
    drawn = pictures(encode(page(text(Run("𬭎"))), A4), 100)
    assert drawn not in [pictures(encode(page(text(Run(other))), A4), 100) for other in ("〓", " ", "\ue000")]


def test_a_character_that_no_face_has_is_a_full_block_and_not_an_empty_box() -> None:
    assert words(encode(page(text(Run("𠮷野"), Run("𠮷", bold=True))), A4)) == ["〓野〓"]


def test_a_struck_word_has_a_line_through_it_and_its_neighbours_have_none() -> None:
    (png,) = pictures(encode(page(Text(20, 20, 60, 20, (Run("工"), Run("工", struck=True)), 40)), A4), 100)
    (whole,) = pictures(encode(page(Text(20, 20, 60, 20, (Run("工"), Run("工")), 40)), A4), 100)
    struck, plain = image(png), image(whole)
    changed = [x for x in range(struck.width) if column(struck, x) != column(plain, x)]
    # 40 points are 14.1 mm, 55.6 dots; the line reaches a little into both neighbours.
    assert min(changed) > 20 / 25.4 * 100 + 55.6 * 0.8
    assert max(changed) - min(changed) > 55.6


def column(picture: Image.Image, x: int) -> bytes:
    return bytes(picture.crop((x, 0, x + 1, picture.height)).tobytes())


def test_the_same_paper_is_always_the_same_bytes() -> None:
    first = encode(page(text(Run("退/换货单", bold=True)), Barcode(20, 50, "RF731904825577")), A4)
    encode(SLIP, ROLL)
    assert encode(page(text(Run("退/换货单", bold=True)), Barcode(20, 50, "RF731904825577")), A4) == first


def test_papers_made_on_several_threads_at_once_are_the_same() -> None:
    documents: list[tuple[Document, str]] = [(page(text(Run("退换货"))), "virtual-a4"), (SLIP, "driver-80mm")] * 6
    alone = [encode(document, named(profile)) for document, profile in documents]
    together: list[bytes | None] = [None] * len(documents)

    def make(place: int) -> None:
        document, profile = documents[place]
        together[place] = encode(document, named(profile))
        assert pictures(alone[place], 50)

    threads = [threading.Thread(target=make, args=(place,)) for place in range(len(documents))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


def test_what_all_sheets_share_stands_on_each_of_them() -> None:
    shared = (text(Run("顺序号 004118"), y=20), Barcode(20, 50, "RF731904825577"), Box(10, 10, 190, 100))
    sheets = tuple(Page(210, 297, (*shared, text(Run(f"第{part}联"), y=80))) for part in "一二三")
    pdf = encode(Pages("three", sheets), A4)
    assert [sorted(each.split("\r\n")) for each in words(pdf)] == [
        sorted(["顺序号 004118", f"第{part}联"]) for part in "一二三"
    ]
    assert barcodes(pdf, 203) == [["RF731904825577"]] * 3
    alone = [pictures(encode(Pages("three", (each,)), A4), 100)[0] for each in sheets]
    assert list(pictures(pdf, 100)) == alone


def test_printers_are_told_not_to_scale_and_not_to_print_on_both_sides() -> None:
    pdf = encode(page(text(Run("x"))), A4)
    assert b"/PrintScaling /None" in pdf
    assert b"/Duplex /Simplex" in pdf


def test_a_page_for_another_paper_is_refused_with_what_to_do() -> None:
    with pytest.raises(PrinterTrouble, match=r"241 × 140 mm, and Virtual printer, A4 holds another\. Choose"):
        encode(Pages("half", (Page(241, 140, ()),)), A4)


@pytest.mark.parametrize("name", ["driver-80mm", "58"])
def test_a_slip_flows_down_its_roll_and_is_cut_where_it_says(name: str) -> None:
    profile = ROLL if name == "driver-80mm" else dataclasses.replace(ROLL, width=58, margin=5, sides=5)
    pdf = encode(SLIP, profile)
    first, second = words(pdf)
    assert "".join(first.split()).startswith("17")
    assert "旗舰款C21" in "".join(first.split())
    assert "229.00" in first
    assert second == "17"
    assert barcodes(pdf, 203) == [["BG731904825577"], []]
    for texts in inks(pdf):
        assert min(ink.left for ink in texts) >= profile.sides - 0.1
        assert max(ink.right for ink in texts) <= profile.width - profile.sides + 0.1


@pytest.mark.parametrize(
    ("fault", "items"),
    [
        ("甲 on 乙", (text(Run("甲")), text(Run("乙"), y=22))),
        ("甲 on a rule", (text(Run("甲")), Rule(10, 25, 90, 25))),
        ("甲 on a box", (text(Run("甲")), Box(10, 25, 90, 25))),
        ("甲 on RF731904825577", (text(Run("甲")), Barcode(22, 20, "RF731904825577"))),
        ("rule on RF731904825577", (Rule(10, 25, 90, 25), Barcode(22, 20, "RF731904825577"))),
        ("甲 leaves the paper", (text(Run("甲"), y=-4),)),
    ],
)
def test_the_judge_of_overlaps_sees_each_kind(fault: str, items: tuple[Text | Rule | Box | Barcode, ...]) -> None:
    document = page(*items)
    assert faults(document.pages[0], inks(encode(document, A4))[0], margin=4) == [fault]


def test_importing_the_printers_does_not_load_what_the_first_print_needs() -> None:
    check = "import sys, printers.virtual; print({'reportlab', 'pypdfium2', 'PIL'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_paper_to_keep_has_its_own_size_whatever_it_is() -> None:
    form = Pages("", (Page(241, 140, (Barcode(120, 10, "RF731904825577", module=0.42),)),))
    assert barcodes(as_pdf(form), 203) == [["RF731904825577"]]
    (png,) = pictures(as_pdf(form), 100)
    assert image(png).size == (949, 552)
    assert words(as_pdf(SLIP))[1] == "17"


@pytest.mark.parametrize(
    ("text", "size"), [("BG731904825577", 12), ("https://example.com/退货/4118", 25), ("x" * 500, 60)]
)
@pytest.mark.parametrize("dpi", [203, 300])
def test_a_qr_code_is_read_back_wherever_it_stands(text: str, size: float, dpi: int) -> None:
    for document, profile in ((page(QrCode(21.3, 40.7, text, size)), A4), (Slip("", (Qr(text, size),)), ROLL)):
        (picture,) = pictures(encode(document, profile), dpi)
        (code,) = zxingcpp.read_barcodes(image(picture))
        assert (code.text, code.format.name) == (text, "QRCode")


def test_a_qr_code_never_leaves_its_square_nor_the_roll() -> None:
    (picture,) = pictures(encode(page(QrCode(20, 40, "BG731904825577", 25)), A4), 203)
    box = ImageChops.invert(image(picture)).getbbox()
    assert box is not None
    left, top, right, bottom = (edge / 203 * 25.4 for edge in box)
    assert min(left - 20, top - 40, 45 - right, 65 - bottom) > 4 * 25 / 29 - 1
    (picture,) = pictures(encode(Slip("", (Qr("BG731904825577", 500),)), ROLL), 203)
    assert zxingcpp.read_barcodes(image(picture))[0].text == "BG731904825577"


def test_the_drawer_is_no_matter_of_paper() -> None:
    row = Row((Cell("17"),))
    assert encode(Slip("", (Drawer(), row)), ROLL) == encode(Slip("", (row,)), ROLL)
