"""The pair of tokens as labels of 60 × 40 mm, one a piece: for stores whose counter has a label printer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from counterapp import words
from counterapp.desks.bagcheck.printouts.facts import CONDITIONS, TokenFacts
from counterapp.documents.texts import joined
from counterapp.words import N_, Language
from printers.document import Align, Barcode, Box, Item, Page, Pages, Run, Text

WIDTH: Final = 60.0
HEIGHT: Final = 40.0

_SIDE: Final = 2.0
_INNER: Final = WIDTH - 2 * _SIDE
_SMALLEST: Final = 6.5  # points: 18 dots, of which hanzi can still be read
_SIZE: Final = 8.5  # 24 dots at 203 dpi, in which label printers have hanzi of their own
_HALF: Final = 29.0
_FOOT: Final = 31.1


def token_labels(facts: TokenFacts, language: Language) -> Pages:
    """Return the pair as two labels: the locker's piece, then the customer's."""
    said = words.language(language).gettext
    locker, pieces = said(N_("Locker")), said(N_("{count} pcs")).format(count=facts.pieces)
    where = [facts.locker, said(facts.size), pieces, facts.place]
    stay = f"{locker} {joined(*where)}"
    lockers = _label(facts, said(N_("Locker's piece")), facts.locker_code, _two(stay, facts.description))
    own = " ".join(each for each in facts.conditions if each not in CONDITIONS)
    if own:
        # They need the room of both lines; number and time stand above.
        foot: list[Item] = [Text(_SIDE, _FOOT, _INNER, 7.2, (Run(own),), _SIZE, _SMALLEST, 2, stand="top")]
    else:
        foot = _two(stay, said(N_("Collect today. Keep valuables with you.")))
    customers = _label(facts, said(N_("Customer's piece")), facts.customer_code, foot)
    return Pages(said(N_("Token {number}")).format(number=facts.number), (lockers, customers))


def _two(first: str, second: str) -> list[Item]:
    """Return the two lines at a label's foot."""
    lines = [_text(_SIDE, _FOOT, _INNER, first)]
    return [*lines, _text(_SIDE, _FOOT + 3.5, _INNER, second)] if second else [*lines]


def _label(facts: TokenFacts, piece: str, code: str, foot: Sequence[Item]) -> Page:
    issued, right = facts.issued, _SIDE + _HALF + 1
    half = WIDTH - _SIDE - right
    # Digits alone never reach below their line, where the barcode is.
    size, height = (44.0, 13.0) if facts.number.isascii() and facts.number.isdigit() else (34.0, 11.4)
    barcode = Barcode(0, 18.2, code, 9.2)
    barcode = replace(barcode, x=(WIDTH - barcode.width) / 2)
    stamp = Box(right + 0.5, 12.6, half - 0.5, 5, 0.25)
    items: list[Item] = [
        _text(_SIDE, 1.5, _INNER, issued.store),
        Text(_SIDE, 4.9, _HALF, height, (Run(facts.number, bold=True),), size, _SMALLEST),
        Text(right, 5.2, half, 7, (Run(piece),), 2 * _SIZE, _SMALLEST, 2, "right"),
        barcode,
        _text(_SIDE, 27.5, 34, code),
        _text(_SIDE + 35, 27.5, _INNER - 35, f"{issued.at:%m-%d %H:%M}", "right"),
        *foot,
    ]
    return Page(WIDTH, HEIGHT, tuple(items), stamp)


def _text(x: float, y: float, width: float, text: str, align: Align = "left") -> Text:
    return Text(x, y, width, 3.7, (Run(text),), _SIZE, _SMALLEST, align=align)
