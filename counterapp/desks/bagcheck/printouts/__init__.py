"""What bag check prints: the pair of tokens, the penalty form 丢失标牌罚款单, and the lists of the day."""

from __future__ import annotations

from counterapp.desks.bagcheck.printouts.facts import (
    CONDITIONS,
    FEES,
    PENALTY,
    SIZES,
    TOKEN_COST,
    BookFacts,
    ClosingFacts,
    LeftFacts,
    LostToken,
    MissingToken,
    MorningFacts,
    OvernightFacts,
    PenaltyFacts,
    RefusedFacts,
    TokenFacts,
)
from counterapp.desks.bagcheck.printouts.labels import token_labels
from counterapp.desks.bagcheck.printouts.penalty import penalty_form
from counterapp.desks.bagcheck.printouts.records import closing_record, lost_token_book, morning_count, overnight_list
from counterapp.desks.bagcheck.printouts.tokens import token_slips, valuables_refused

__all__ = [
    "CONDITIONS",
    "FEES",
    "PENALTY",
    "SIZES",
    "TOKEN_COST",
    "BookFacts",
    "ClosingFacts",
    "LeftFacts",
    "LostToken",
    "MissingToken",
    "MorningFacts",
    "OvernightFacts",
    "PenaltyFacts",
    "RefusedFacts",
    "TokenFacts",
    "closing_record",
    "lost_token_book",
    "morning_count",
    "overnight_list",
    "penalty_form",
    "token_labels",
    "token_slips",
    "valuables_refused",
]
