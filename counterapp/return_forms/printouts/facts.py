"""What stands on the papers of this desk, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from counterapp.documents.page import IssuedBy
from counterapp.words import N_

TITLE: Final = N_("Refund/exchange form")

SETTLED: Final = {
    "goods": (N_("Settled in goods."), N_("This form counts as cash at the till; no change is given.")),
    "cash": (N_("Refund in cash."), N_("The till pays the amount against part 2.")),
    "tender": (N_("Refund to the original tender."), N_("The till pays it back by {tender}.")),
}
"""How a form is settled: in a word, and what the till does."""

REST: Final = N_("What was left of form {form}")
ANEW: Final = N_("In place of form {form}, which had expired")
"""What a form stands for that has no goods of its own."""

COPIES: Final = (
    (N_("Part 1"), N_("Customer service")),
    (N_("Part 2"), N_("Till, then administration")),
    (N_("Part 3"), N_("Customer")),
)
"""Name and holder of each part."""


@dataclass(frozen=True, slots=True)
class FormLine:
    """One receipt line that comes back: thousandths, ten-thousandths of a yuan, fen.

    `reason` is an English source sentence, or words as they were typed.
    """

    item_no: str
    name: str
    quantity_milli: int
    unit_price_1e4: int
    amount_fen: int
    reason: str
    serial: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """The form that this one comes out of: its number, and how (`REST`, `ANEW`)."""

    number: int
    how: str


@dataclass(frozen=True, slots=True)
class FormFacts:
    """All that stands on a form; the sixteen fields and what belongs to them. `kind` is "refund" or "exchange".

    `member_card` and `phone` may be whole or masked: the form masks them. `issued.clerk` made the form, `supervisor`
    ("李强 5003") signed it at `issued.at`. `settlement` is a key of `SETTLED` (`tender`: what the
    receipt was paid by), `valid_days` None where the form is not taken at a till. A form with an `origin` has no lines.
    A case of several forms gives each its `sheet` of `sheets` and the numbers before and after it.
    """

    number: int
    code: str
    kind: str
    filled_on: date
    receipt_no: str
    bought_on: date | None
    member_card: str
    phone: str
    lines: tuple[FormLine, ...]
    total_fen: int
    issued: IssuedBy
    supervisor: str
    settlement: str = "goods"
    tender: str = ""
    origin: Origin | None = None
    valid_days: int | None = 30
    sheet: int = 1
    sheets: int = 1
    previous_number: int | None = None
    next_number: int | None = None
