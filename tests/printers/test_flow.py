from __future__ import annotations

import dataclasses

import pytest

from printers import code128
from printers.document import Barcode, Cell, Code, Cut, Divider, Drawer, Line, Page, Pages, Qr, QrCode, Row, Slip, Text
from printers.errors import PrinterTrouble
from printers.flow import fitted, sheets
from printers.profile import named

LABEL = named("tsc-ttp-244")
ROLL = named("virtual-80mm")


def row(text: str, scale: int = 1) -> Row:
    return Row((Cell(text),), scale)


def slip(*lines: Line) -> Slip:
    return Slip("test", lines)


def texts(page: Page) -> list[str]:
    return [item.runs[0].text for item in page.items if isinstance(item, Text)]


def test_each_piece_between_cuts_is_a_label_of_its_own() -> None:
    pages = sheets(slip(row("一"), Cut(), row("二"), row("三"), Cut()), LABEL)
    assert [texts(page) for page in pages] == [["一"], ["二", "三"]]
    assert {(page.width, page.height) for page in pages} == {(60, 40)}


def test_each_piece_of_a_roll_is_as_long_as_its_lines() -> None:
    short, long = sheets(slip(row("一"), Cut(), row("二"), Divider(), row("三")), ROLL)
    assert short.width == long.width == 80
    assert short.height < long.height < 30


def test_the_drawer_and_two_cuts_in_a_row_take_no_paper() -> None:
    assert len(sheets(slip(Drawer(), Cut(), Cut(), row("一"), Drawer(), Cut()), LABEL)) == 1


def test_what_is_a_little_too_high_for_a_label_is_set_smaller_with_bars_as_wide_as_ever() -> None:
    lines = (row("17", 3), Code("BG731904825577", 10), row("请当日领取"), row("一号店"), row("谢谢"))
    usual, smaller = sheets(slip(*lines), ROLL)[0], sheets(slip(*lines), LABEL)[0]
    sizes = [
        (one.size, two.size)
        for one, two in zip(usual.items, smaller.items, strict=True)
        if isinstance(one, Text) and isinstance(two, Text)
    ]
    assert all(0.8 <= after / before < 1 for before, after in sizes)
    bars = [item.module for page in (usual, smaller) for item in page.items if isinstance(item, Barcode)]
    assert bars == [0.25, 0.25]
    assert max(item.y + item.height for item in smaller.items if isinstance(item, Text)) <= 40 - LABEL.margin + 1e-6


def test_what_is_much_too_high_for_a_label_is_refused_with_what_to_do() -> None:
    with pytest.raises(PrinterTrouble, match=r"too long for a label of 60 × 40 mm\. Choose"):
        sheets(slip(*[row("一号店")] * 14), LABEL)


def test_a_long_code_gets_narrower_bars_inside_its_quiet_zones() -> None:
    text = "RF73190482557712345678901234567890"
    (page,) = sheets(slip(Code(text)), dataclasses.replace(LABEL, width=50))
    (barcode,) = (item for item in page.items if isinstance(item, Barcode))
    assert 1 / 8 <= barcode.module < 0.25
    assert barcode.x >= 0
    assert barcode.x + barcode.width <= 50 + 1e-6
    assert code128.modules(text) * barcode.module <= 50 - 2 * LABEL.sides


def test_a_code_that_no_bars_make_fit_is_refused_with_what_to_do() -> None:
    with pytest.raises(PrinterTrouble, match=r"The code ABC.* is too long for this paper\. Choose"):
        sheets(slip(Code("ABCDEFGHIJ" * 5)), LABEL)


def test_a_qr_code_is_never_wider_than_the_paper() -> None:
    (page,) = sheets(slip(Qr("x", 90)), ROLL)
    (code,) = (item for item in page.items if isinstance(item, QrCode))
    assert (code.x, code.size) == (ROLL.sides, 80 - 2 * ROLL.sides)


def test_a_page_for_another_label_is_refused() -> None:
    with pytest.raises(PrinterTrouble, match=r"50 × 30 mm, and TSC TTP-244 holds another"):
        sheets(Pages("", (Page(50, 30, ()),)), LABEL)


def test_cells_share_the_width_by_weight_and_keep_apart() -> None:
    (page,) = sheets(slip(Row((Cell("一", 3), Cell("二", 1, "right")))), ROLL)
    left, right = (item for item in page.items if isinstance(item, Text))
    assert (left.x, right.x) == (4, 4 + 72 * 0.75)
    assert right.x - (left.x + left.width) >= 1
    assert right.x + right.width == 76
    assert not any(fitted(item).cut for item in (left, right))
