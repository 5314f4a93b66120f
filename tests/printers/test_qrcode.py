from __future__ import annotations

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from printers import qrcode


def scanned(rows: tuple[tuple[bool, ...], ...]) -> bytes:
    image = Image.new("L", (len(rows) + 8, len(rows) + 8), 255)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                image.putpixel((across + 4, down + 4), 0)
    (code,) = zxingcpp.read_barcodes(image.resize((image.width * 4, image.height * 4), Image.Resampling.NEAREST))
    return bytes(code.bytes)


@settings(deadline=None)  # the first one loads the encoder
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=60))
def test_any_text_is_read_back(text: str) -> None:
    rows = qrcode.modules(text)
    assert scanned(rows) == text.encode()
    assert len(rows) == qrcode.side(text)


@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
def test_the_longest_is_read_back_at_every_level(level: str) -> None:
    data = b"x" * qrcode.MOST
    assert scanned(qrcode.drawn(data, level)) == data


@pytest.mark.parametrize("text", ["", "x" * 501, "退" * 167, "\ud800"])
def test_what_no_code_carries_is_refused(text: str) -> None:
    for function in (qrcode.require, qrcode.modules, qrcode.side):
        with pytest.raises(ValueError, match=r"carries 1 to 500 bytes|surrogates"):
            function(text)
