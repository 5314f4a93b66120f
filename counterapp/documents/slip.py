"""Slips off a roll, put together from blocks of lines: head, what is known, sentences, lines to sign, who made it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from counterapp import words
from counterapp.documents.page import IssuedBy
from counterapp.documents.texts import columns_of
from counterapp.words import N_, Language
from printers.document import Cell, Code, Cut, Divider, Line, Row, Slip

_ROLL: Final = 32  # columns of the narrowest roll, 58 mm
_TITLE: Final = 120

RULE: Final[tuple[Line, ...]] = (Divider(),)
"""A line from edge to edge, between two blocks."""


def slip(title: str, *blocks: Iterable[Line]) -> Slip:
    """Return the blocks beneath each other, cut off; `title` names the slip to people."""
    return Slip(title[:_TITLE], (*(line for block in blocks for line in block), Cut()))


def where(issued: IssuedBy) -> list[Line]:
    """Name store and counter, on one line where that is sure to hold them."""
    if columns_of(issued.place) > _ROLL:
        return [centred(name) for name in (issued.store, issued.counter) if name]
    return [centred(issued.place)]


def centred(text: str, *, bold: bool = False) -> Row:
    """Return words in the middle."""
    return Row((Cell(text, align="center"),), bold=bold)


def large(text: str, least: int = 2, most: int = 2, columns: int = 30) -> list[Line]:
    """Return bold words as large as they go: `least` to `most` times the usual size.

    `columns` of the usual size are what they may fill on the narrowest roll.
    """
    scale = max(least, min(most, columns // max(columns_of(text), 1)))
    return [Row((Cell(text, align="center"),), scale=scale, bold=True)]


def known(facts: Sequence[tuple[str, str]], language: Language) -> list[Line]:
    """Return labels, English source sentences, with their values beside them."""
    said = words.language(language).gettext
    return [Row((Cell(said(label), 1), Cell(value, 2))) for label, value in facts]


def sentences(messages: Iterable[str], language: Language) -> list[Line]:
    """Return sentences, English source ones or words as they were typed, each from a line of its own."""
    said = words.language(language).gettext
    return [Row((Cell(said(message)),)) for message in messages]


def points(heading: str, told: Sequence[str], language: Language) -> list[Line]:
    """Return a rule, a heading and, as points, sentences in the slip's language already; nothing where there are none.

    `heading` is an English source sentence.
    """
    if not told:
        return []
    head = Row((Cell(words.language(language).gettext(heading)),), bold=True)
    return [*RULE, head, *(Row((Cell(f"· {one}"),)) for one in told)]


def to_sign(labels: Iterable[str], language: Language) -> list[Line]:
    """Return a line to sign for each label, an English source sentence."""
    said = words.language(language).gettext
    return [line for label in labels for line in (Row((Cell(" "),)), Row((Cell(said(label), 3), Cell("_" * 14, 5))))]


def by_whom(issued: IssuedBy, language: Language) -> list[Line]:
    """Say who made the slip, when, and at which station."""
    return known([(N_("Clerk"), issued.clerk), (N_("Time"), issued.when_and_where(language))], language)


def code(text: str, height: float = 10.0) -> list[Line]:
    """Return a code to scan, so many millimetres high."""
    return [Code(text, height)]
