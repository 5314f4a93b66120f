"""Paper that lies a little off: everything moves by as much, and nothing else changes."""

from __future__ import annotations

import dataclasses

import pytest

from printers.document import Barcode, Box, Cell, Page, Pages, Row, Rule, Run, Slip, Text, repeated
from printers.picture import images
from printers.profile import named
from printers.protocols import encode
from printers.shift import shifted

PAGE = Page(
    241,
    140,
    (
        Text(30, 20, 60, 8, (Run("退换货单"),)),
        Rule(30, 40, 200, 40),
        Box(30, 50, 40, 20),
        Barcode(100, 60, "RF1234567890"),
    ),
    Box(150, 10, 40, 8),
)
FORM = Pages("form", (PAGE, dataclasses.replace(PAGE, stamp=None)))


def test_every_item_of_every_page_moves_by_as_much() -> None:
    moved = shifted(FORM, 2.5, -1)
    assert isinstance(moved, Pages)
    assert moved.pages[0].items == (
        Text(32.5, 19, 60, 8, (Run("退换货单"),)),
        Rule(32.5, 39, 202.5, 39),
        Box(32.5, 49, 40, 20),
        Barcode(102.5, 59, "RF1234567890"),
    )
    assert moved.pages[0].stamp == Box(152.5, 9, 40, 8)
    assert moved.pages[1].items == moved.pages[0].items
    assert (moved.pages[0].width, moved.pages[0].height, moved.title) == (241, 140, "form")


def test_back_again_is_as_it_was_and_a_slip_flows_where_it_flows() -> None:
    assert shifted(shifted(FORM, 2.5, -1), -2.5, 1) == FORM
    slip = Slip("token", (Row((Cell("17"),)),))
    assert shifted(slip, 5, 5) is slip
    assert shifted(FORM, 0, 0) is FORM


@pytest.mark.parametrize(("right", "down"), [(0.0, 0.0), (5.0, 0.0), (-3.0, 2.0)])
def test_the_ink_moves_on_the_paper(right: float, down: float) -> None:
    """Also the word of a repeat, which is stamped on before."""
    profile = named("epson-lq")
    marked = repeated(FORM, "补打 1")
    (before, *_), (after, *_) = (
        list(images(encode(shifted(marked, *by), profile), profile.dpi)) for by in ((0.0, 0.0), (right, down))
    )
    first, then = (page.convert("L").point(lambda ink: 255 * (ink < 128)).getbbox() for page in (before, after))
    assert first is not None
    assert then is not None
    dots = profile.dpi / 25.4
    for edge, (was, now) in enumerate(zip(first, then, strict=True)):
        assert now - was == pytest.approx((right if edge % 2 == 0 else down) * dots, abs=1.5)
