"""What people type, as it may be stored."""

from __future__ import annotations

import pytest

from counterapp.core.typed import needed_text, typed_text
from counterapp.errors import BadInput

LACKS = "Say it."


@pytest.mark.parametrize("text", ["王芳　行政部", "第一行\n第二行\t完", "plain words", "𠮷野家"])
def test_what_an_input_method_makes_is_taken_as_it_is(text: str) -> None:
    assert typed_text(f" {text}　", 20) == needed_text(f"\n{text} ", 20, LACKS) == text


@pytest.mark.parametrize("text", ["bell\x07", "turned \u202eround", "half \ud83d"])
def test_what_cannot_be_read_is_not_taken(text: str) -> None:
    for take in (typed_text, lambda typed, most: needed_text(typed, most, LACKS)):
        with pytest.raises(BadInput) as refused:
            take(text, 40)
        assert "cannot be read" in refused.value.in_language("en")


@pytest.mark.parametrize("text", ["", " \t\n", "x" * 6])
def test_words_that_are_needed_say_themselves_what_is_lacking(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        needed_text(text, 5, LACKS)
    assert refused.value.in_language("en") == LACKS
