"""Every word of the screen and the papers is there in both languages."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Message

from counterapp import words
from tests import catalogue

_PLACE = re.compile(r"\{(\w*)")


def messages() -> list[Message]:
    return [message for message in catalogue.written() if message.id]


def test_the_catalogue_has_every_word_of_the_program_and_no_other() -> None:
    assert {message.id for message in messages()} == {message.id for message in catalogue.gathered() if message.id}


def test_every_word_has_its_chinese() -> None:
    assert [message.id for message in messages() if not message.string or message.fuzzy] == []


def test_the_program_reads_what_stands_in_the_catalogue() -> None:
    assert catalogue.MO.read_bytes() == catalogue.compiled(catalogue.renewed())


def test_every_sentence_has_the_same_places_in_both_languages() -> None:
    assert [message.id for message in messages() if places(message.id) != places(message.string)] == []


def places(sentence: object) -> set[str]:
    return set(_PLACE.findall(str(sentence)))


def test_no_sentence_speaks_of_errors() -> None:
    assert [m.id for m in messages() if "错误" in str(m.string) or re.search(r"\berror\b", str(m.id), re.I)] == []


def test_english_needs_no_catalogue_and_other_languages_are_refused() -> None:
    assert words.language("en").gettext("Refund/exchange form") == "Refund/exchange form"
    assert words.language("zh").gettext("Refund/exchange form") == "退/换货单"
    with pytest.raises(ValueError, match="fr"):
        words.language("fr")
