"""What stands on the papers of this desk, as values.

Numbers of tokens and lockers are text as the store writes them ("17", "A-17"). Times are the store's local time, money
is whole fen. Names, addresses and phone numbers are printed as they come: who calls decides what is masked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, Literal

from counterapp.documents.page import IssuedBy
from counterapp.words import N_

SIZES: Final = {"small": N_("Small"), "medium": N_("Medium"), "large": N_("Large")}
"""The sizes of lockers, and what they are called."""

CONDITIONS: Final = (
    N_("Collect before closing on the same day."),
    N_("Tell the counter at once when the token is lost."),
    N_("Check your things on leaving them and on taking them back."),
    N_("The store may refuse valuables."),
)
"""The conditions as every store has them."""

PENALTY: Final = N_("Penalty")
TOKEN_COST: Final = N_("Cost of the token")
FEES: Final = {"fine": PENALTY, "cost": TOKEN_COST}
"""What the fee for a lost token is called, by the store's setting `bagcheck.penalty_name`: a fine, or what is lawful
where a fine is not; any other word there is the store's own."""


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """The pair of printed tokens of one deposit.

    `customer_code` ("BT…") and `locker_code` ("BL…") are the codes of the two pieces. `size` is an English source word
    (`SIZES`), `conditions` are English source sentences or the store's own words. `issued.at` is when the deposit
    began, `closes` when the store closes that day.
    """

    number: str
    customer_code: str
    locker_code: str
    locker: str
    place: str
    size: str
    pieces: int
    issued: IssuedBy
    description: str = ""
    closes: time | None = None
    conditions: tuple[str, ...] = CONDITIONS


@dataclass(frozen=True, slots=True)
class RefusedFacts:
    """Valuables that were not taken in; `what` is the clerk's word for them, empty where none was noted."""

    issued: IssuedBy
    what: str = ""


@dataclass(frozen=True, slots=True)
class PenaltyFacts:
    """All that stands on the form for a lost token.

    `number` counts the store's penalties, `code` is the case's. `token` is the number that was lost, `locker` and
    `place` say where its deposit is. `fee` is what the fee is called: `PENALTY`, `TOKEN_COST`, or the store's own word.
    `substitute` is the number that takes the lost one's place, empty where printed slips need none.
    `issued.clerk` took the fee, at `issued.at`.
    """

    number: int
    code: str
    customer: str
    address: str
    token: str
    locker: str
    place: str
    amount_fen: int
    issued: IssuedBy
    fee: str = PENALTY
    substitute: str = ""


@dataclass(frozen=True, slots=True)
class LeftFacts:
    """One deposit that is still in its locker.

    `since` is when it began. `days` are the nights it has stayed, 0 for today's; `remark` says why it is there, or
    what was done about it: an English source sentence, or words as they were typed.
    """

    token: str
    locker: str
    place: str
    pieces: int
    description: str
    since: datetime
    days: int = 0
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ClosingFacts:
    """The day's full record: how many deposits began and ended on `day`, and what is `left` in the lockers.

    Of the `lockers` there are, `free` ones are empty and `out_of_use` ones closed; the rest holds what is `left`.
    `opening` deposits were there in the morning; `taken` began, `collected` were fetched with their token,
    `released` without it (lost token or overnight). `lost` tokens were reported that day, `fees_fen` is what was taken
    for them.
    """

    day: date
    lockers: int
    free: int
    out_of_use: int
    opening: int
    taken: int
    collected: int
    released: int
    lost: int
    fees_fen: int
    left: tuple[LeftFacts, ...]
    issued: IssuedBy


@dataclass(frozen=True, slots=True)
class MissingToken:
    """A token that is not in hand in the morning; `remark` as in `LeftFacts`."""

    token: str
    locker: str
    place: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class MorningFacts:
    """The morning's count of tokens: `in_hand` were counted where there should be `expected`.

    `notified` is who was told of too few ("李强 5003"), empty where nobody had to be.
    """

    day: date
    expected: int
    in_hand: int
    missing: tuple[MissingToken, ...]
    issued: IssuedBy
    notified: str = ""


@dataclass(frozen=True, slots=True)
class OvernightFacts:
    """The deposits that stay overnight, as they stand at `issued.at`.

    `warn_after` is the days from which one is marked; 0 marks none.
    """

    left: tuple[LeftFacts, ...]
    issued: IssuedBy
    warn_after: int = 0


@dataclass(frozen=True, slots=True)
class LostToken:
    """One entry of the lost-token book.

    `whose` is the piece that was lost, the customer's or the counter's own, for which no fee is taken (`fee_fen` 0).
    `receipt_no` is the cash office's official receipt, `found_at` when the token turned up later.
    """

    number: int
    lost_at: datetime
    token: str
    substitute: str
    locker: str
    whose: Literal["customer", "counter"]
    customer: str
    fee_fen: int
    receipt_no: str
    clerk: str
    found_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BookFacts:
    """The lost-token book from `first` to `last` day."""

    first: date
    last: date
    entries: tuple[LostToken, ...]
    issued: IssuedBy
