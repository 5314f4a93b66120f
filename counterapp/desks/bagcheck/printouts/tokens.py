"""The pair of tokens as slips, and what a customer gets whose valuables are not taken in.

The words for the customer are in the store's language only. What lies in the locker is written on the locker's piece
alone: who finds a lost token must not learn from it what to ask for.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from counterapp import words
from counterapp.desks.bagcheck.printouts.facts import RefusedFacts, TokenFacts
from counterapp.documents import slip
from counterapp.documents.texts import joined, short_time
from counterapp.words import N_, Language
from printers.document import Cut, Line, Slip

CUSTOMERS_PIECE: Final = N_("Token: customer's piece")
LOCKERS_PIECE: Final = N_("Token: locker's piece")
KEEP_VALUABLES: Final = N_("Please keep valuables with you.")

_LARGEST: Final = 8  # times the usual size: what receipt printers can
_COLUMNS: Final = 26  # of the usual size that a number may fill on the narrowest roll, where digits are broader


def token_slips(facts: TokenFacts, language: Language) -> Slip:
    """Return the pair on one strip, cut between: the locker's piece, then the customer's with the conditions."""
    said, issued = words.language(language).gettext, facts.issued
    stay = _stay(facts, language)
    things = [(N_("Things"), facts.description)] if facts.description else []
    made = [(N_("Clerk"), issued.clerk), (N_("Counter PC"), issued.station)]
    return slip.slip(
        said(N_("Token {number}")).format(number=facts.number),
        _head(said(LOCKERS_PIECE), facts, facts.locker_code),
        slip.known([*stay, *things, *made], language),
        [Cut()],
        _head(said(CUSTOMERS_PIECE), facts, facts.customer_code),
        slip.known(stay, language),
        slip.RULE,
        slip.sentences(_conditions(facts, language), language),
        slip.RULE,
        [slip.centred(said(KEEP_VALUABLES), bold=True)],
    )


def valuables_refused(facts: RefusedFacts, language: Language) -> Slip:
    """Return the slip for a customer whose valuables were not taken in."""
    title, issued = words.language(language).gettext(N_("No valuables")), facts.issued
    known = [(N_("Things"), facts.what)] if facts.what else []
    known += [(N_("Time"), short_time(issued.at)), (N_("Clerk"), issued.clerk), (N_("Counter PC"), issued.station)]
    sentences = (
        N_("Bag check takes in no cash, jewellery, papers of identity, bank cards, phones, cameras or computers."),
        N_("Please take them out and keep them with you. The bag itself can be deposited."),
    )
    return slip.slip(
        title,
        slip.where(issued),
        slip.large(title),
        slip.RULE,
        slip.sentences(sentences, language),
        slip.RULE,
        slip.known(known, language),
    )


def _conditions(facts: TokenFacts, language: Language) -> list[str]:
    said = words.language(language).gettext
    sentences = [said(each) for each in facts.conditions if each]
    if len(sentences) > 1:
        return [f"{place}. {each}" for place, each in enumerate(sentences, 1)]
    return sentences


def _head(title: str, facts: TokenFacts, code: str) -> list[Line]:
    """Return what both pieces start with: store, piece, the number as large as it goes, its barcode."""
    return [
        *slip.where(facts.issued),
        slip.centred(title, bold=True),
        *slip.large(facts.number, 1, _LARGEST, _COLUMNS),
        *slip.code(code, 12),
    ]


def _stay(facts: TokenFacts, language: Language) -> list[tuple[str, str]]:
    """Return label and value of where and since when the things lie."""
    said, deposited = words.language(language).gettext, facts.issued.at
    known = [
        (N_("Locker"), joined(facts.locker, facts.place)),
        (N_("Size"), said(facts.size)),
        (N_("Pieces"), str(facts.pieces)),
        (N_("Deposited"), short_time(deposited)),
    ]
    if facts.closes is not None:
        known.append((N_("Collect by"), short_time(datetime.combine(deposited, facts.closes))))
    return known
