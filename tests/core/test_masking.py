"""What is shown of a personal value by itself: enough for whoever knows the person, for nobody else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterapp.app import metadata
from counterapp.core.masking import Mask, masked

#: Characters of the value that may be seen, by kind.
_SEEN = {Mask.NAME: 1, Mask.PHONE: 7, Mask.CARD: 8, Mask.ADDRESS: 6, Mask.ID: 0, Mask.TEXT: 0}


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (Mask.NAME, "张", "张*"),
        (Mask.NAME, "张三", "张*"),
        (Mask.NAME, "欧阳修文", "欧***"),
        (Mask.PHONE, "13812345678", "138****5678"),
        (Mask.PHONE, "138 1234 5678", "138****5678"),
        (Mask.PHONE, "021-12345678", "021****5678"),
        (Mask.PHONE, "65551234", "****34"),
        (Mask.PHONE, "62345678", "****78"),
        (Mask.PHONE, "110", "****"),
        (Mask.CARD, "880005910336", "8800 ****0336"),
        (Mask.CARD, "13812345678", "138****5678"),
        (Mask.ADDRESS, "人民路88号3单元501室", "人民路8****"),
        (Mask.ADDRESS, "路1", "****"),
        (Mask.ID, "3021", "****"),
        (Mask.TEXT, "他是我邻居", "****"),
    ],
)
def test_each_kind_is_masked_in_its_way_and_stays_so(kind: Mask, value: str, shown: str) -> None:
    assert masked(value, kind) == shown
    assert masked(shown, kind) == shown


@given(st.sampled_from(Mask), st.text(st.characters(exclude_characters="*"), min_size=1, max_size=60))
def test_no_mask_shows_more_than_its_kind_may(kind: Mask, value: str) -> None:
    shown = masked(value, kind)
    seen = len(re.sub(r"[* ]", "", shown))
    assert "*" in shown
    assert seen <= _SEEN[kind]
    assert seen < len(value) or kind is Mask.NAME
    assert masked(shown, kind) == shown


@pytest.mark.parametrize("kind", Mask)
def test_of_nothing_nothing_is_shown(kind: Mask) -> None:
    assert masked("", kind) == ""


def test_every_personal_column_says_its_kind() -> None:
    columns = [column for table in metadata().sorted_tables for column in table.c if "personal" in column.info]
    assert columns
    assert [column.name for column in columns if not isinstance(column.info["personal"], Mask)] == []
