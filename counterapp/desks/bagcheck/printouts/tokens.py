"""The pair of tokens as slips and as labels, and what a customer gets whose valuables are not taken in.

The words for the customer are in the store's language only. What lies in the locker is written on the locker's piece
alone: who finds a lost token must not learn from it what to ask for.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Final

from counterapp import words
from counterapp.desks.bagcheck.printouts.facts import Language, Made, RefusedFacts, TokenFacts, short_time
from counterapp.words import N_
from printers.document import Cell, Code, Cut, Divider, Line, Row, Slip

CUSTOMERS_PIECE: Final = N_("Token: customer's piece")
LOCKERS_PIECE: Final = N_("Token: locker's piece")
KEEP_VALUABLES: Final = N_("Please keep valuables with you.")

_LARGEST: Final = 8  # times the usual size: what receipt printers can
_ROLL: Final = 32  # columns of the narrowest roll, 58 mm
_COLUMNS: Final = 26  # of the usual size that a number may fill on the narrowest roll, where digits are broader


def token_slips(facts: TokenFacts, language: Language) -> Slip:
    """Return the pair on one strip, cut between: the locker's piece, then the customer's with the conditions."""
    said = words.language(language).gettext
    customers = [
        *_head(said(CUSTOMERS_PIECE), facts, facts.customer_code),
        *_known(_stay(facts, language), language),
        Divider(),
        *_conditions(facts, language),
        Divider(),
        Row((Cell(said(KEEP_VALUABLES), align="center"),), bold=True),
    ]
    made = [(N_("Clerk"), facts.made.clerk), (N_("Counter PC"), facts.made.station)]
    things = [(N_("Things"), facts.description)] if facts.description else []
    lockers = [
        *_head(said(LOCKERS_PIECE), facts, facts.locker_code),
        *_known([*_stay(facts, language), *things, *made], language),
    ]
    title = said(N_("Token {number}")).format(number=facts.number)
    return Slip(title, (*lockers, Cut(), *customers, Cut()))


def valuables_refused(facts: RefusedFacts, language: Language) -> Slip:
    """Return the slip for a customer whose valuables were not taken in."""
    said = words.language(language).gettext
    made = facts.made
    title = said(N_("No valuables"))
    known = [(N_("Things"), facts.what)] if facts.what else []
    known += [(N_("Time"), short_time(made.at)), (N_("Clerk"), made.clerk), (N_("Counter PC"), made.station)]
    sentences = (
        N_("Bag check takes in no cash, jewellery, papers of identity, bank cards, phones, cameras or computers."),
        N_("Please take them out and keep them with you. The bag itself can be deposited."),
    )
    lines: list[Line] = [
        *_where(made),
        Row((Cell(title, align="center"),), scale=2, bold=True),
        Divider(),
        *(Row((Cell(said(each)),)) for each in sentences),
        Divider(),
        *_known(known, language),
    ]
    return Slip(title, (*lines, Cut()))


def _conditions(facts: TokenFacts, language: Language) -> list[Line]:
    said = words.language(language).gettext
    sentences = [said(each) for each in facts.conditions if each]
    if len(sentences) > 1:
        sentences = [f"{place}. {each}" for place, each in enumerate(sentences, 1)]
    return [Row((Cell(each),)) for each in sentences]


def _head(title: str, facts: TokenFacts, code: str) -> list[Line]:
    """Return what both pieces start with: store, piece, the number as large as it goes, its barcode."""
    scale = max(1, min(_LARGEST, _COLUMNS // max(_columns(facts.number), 1)))
    return [
        *_where(facts.made),
        Row((Cell(title, align="center"),), bold=True),
        Row((Cell(facts.number, align="center"),), scale=scale, bold=True),
        Code(code),
    ]


def _stay(facts: TokenFacts, language: Language) -> list[tuple[str, str]]:
    """Return label and value of where and since when the things lie."""
    said, made = words.language(language).gettext, facts.made
    known = [
        (N_("Locker"), f"{facts.locker} · {facts.place}" if facts.place else facts.locker),
        (N_("Size"), said(facts.size)),
        (N_("Pieces"), str(facts.pieces)),
        (N_("Deposited"), short_time(made.at)),
    ]
    if facts.closes is not None:
        known.append((N_("Collect by"), short_time(datetime.combine(made.at, facts.closes))))
    return known


def _known(known: list[tuple[str, str]], language: Language) -> list[Line]:
    said = words.language(language).gettext
    return [Row((Cell(said(label), 1), Cell(value, 2))) for label, value in known]


def _where(made: Made) -> list[Line]:
    """Name store and counter, on one line where that is sure to hold them."""
    names = [name for name in (made.store, made.counter) if name]
    together = " · ".join(names)
    return [Row((Cell(each, align="center"),)) for each in ([together] if _columns(together) <= _ROLL else names)]


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
