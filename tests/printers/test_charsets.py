from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers.charsets import Name, charset, plain

CODECS: dict[Name, str] = {"gb2312": "gbk", "gbk": "gbk", "gb18030": "gb18030", "utf8": "utf-8"}


@pytest.mark.parametrize("name", list(CODECS))
@given(text=st.text())
def test_what_is_told_says_the_same_and_a_hanzi_is_two_columns(name: Name, text: str) -> None:
    own = charset(name)
    told = own.told(text)
    if told is not None:
        data, columns = told
        assert data.decode(CODECS[name]) == text.replace("¥", "￥")
        assert columns == sum(map(own.columns, text)) == sum(1 if char.isascii() else 2 for char in text)
        assert min(data, default=0x20) >= 0x20
        assert 0x7F not in data


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("e\u0301", "é"),
        ("a\nb\tc\u2028d\u00a0e", "a b c d e"),
        ("王\u3000丽", "王  丽"),
        ("葛\U000e0100\ufe0f\u200b", "葛"),
        ("\ud800\ue000", "〓〓"),
    ],
)
def test_what_cannot_be_seen_is_left_out_or_shown_as_lacking(text: str, seen: str) -> None:
    assert plain(text) == seen


def test_what_stands_on_another_character_takes_no_column_and_accents_one() -> None:
    assert [charset("gbk").columns(char) for char in "x\u0323王·“é𠮷¥"] == [1, 0, 2, 2, 2, 1, 2, 2]
