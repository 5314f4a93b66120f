"""What the rules look at: the codes of the house, and the facts of one line that somebody brings back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from counterapp import words
from counterapp.words import N_


class Kind(StrEnum):
    """What the customer wants."""

    REFUND = "refund"
    EXCHANGE = "exchange"

    @property
    def other(self) -> Kind:
        """The kind that was not asked for."""
        return Kind.EXCHANGE if self is Kind.REFUND else Kind.REFUND


class Category(StrEnum):
    """The category of an item, as the till exports it."""

    FRESH = "food.fresh"
    FROZEN = "food.frozen"
    PACKAGED = "food.packaged"
    APPLIANCE = "appliance"
    HYGIENE = "hygiene"
    CONSUMABLE = "consumable"
    TOBACCO = "tobacco"
    ALCOHOL = "alcohol"
    GENERAL = "general"


class Flag(StrEnum):
    """What a receipt line is marked with."""

    CLEARANCE = "clearance"
    CONCESSION = "concession"
    SERIAL = "serial"


class Reason(StrEnum):
    """Why the goods come back."""

    QUALITY_FAULT = "quality_fault"
    EXPIRED_OR_SPOILED = "expired_or_spoiled"
    MISSING_PARTS = "missing_parts"
    MISLABELLED = "mislabelled"
    WRONG_ITEM = "wrong_item"
    NO_LONGER_WANTED = "no_longer_wanted"

    @property
    def claims_fault(self) -> bool:
        """Whether it says that something is wrong with the goods."""
        return self not in {Reason.WRONG_ITEM, Reason.NO_LONGER_WANTED}


class Answer(StrEnum):
    """What is asked at the counter; each is answered yes or no, or not yet."""

    FAULT_CONFIRMED = "fault_confirmed"
    PACKAGE_WHOLE = "package_whole"
    ACCESSORIES_COMPLETE = "accessories_complete"
    SIGNS_OF_USE = "signs_of_use"
    CUSTOMER_CAUSED_DAMAGE = "customer_caused_damage"
    TESTED = "tested"
    WARRANTY_CARD = "warranty_card"
    OPENED_BY_CUSTOMER = "opened_by_customer"
    DISASTER = "disaster"
    INVOICE_HANDED_BACK = "invoice_handed_back"
    RED_LETTER_OPENED = "red_letter_opened"

    @property
    def is_found_out(self) -> bool:
        """Whether it is known only by looking, testing or holding the paper, so that no key may assume it."""
        return self in {
            Answer.FAULT_CONFIRMED,
            Answer.TESTED,
            Answer.INVOICE_HANDED_BACK,
            Answer.RED_LETTER_OPENED,
        }


class Effect(StrEnum):
    """What a finding does, mildest first. Compare by `strictness`: as text they have no order."""

    OK = "ok"
    EVIDENCE = "evidence"
    OVERRIDE = "override"
    REFUSE = "refuse"

    @property
    def strictness(self) -> int:
        """0 (ok) to 3 (refuse)."""
        return _STRICTNESS[self]


EFFECTS: Final = tuple(Effect)
_STRICTNESS: Final = {effect: place for place, effect in enumerate(EFFECTS)}


@dataclass(frozen=True, slots=True)
class Facts:
    """One line that comes back.

    `day` counts days since the purchase in the store's calendar, the day of purchase is 0; None where it is unknown.
    `quantity_milli` is asked, `returnable_milli` may still come back, both in thousandths of a piece or kilogram.
    `answers` holds what has been answered; what is missing has not been answered yet. `bought_on` is the day of
    purchase in the store's calendar, for the holiday windows. Without a receipt (`receipt_found` false) `day`,
    `bought_on` and `returnable_milli` are taken as unknown, whatever they say.
    """

    kind: Kind
    reason: Reason
    category: Category
    flags: frozenset[Flag] = frozenset()
    day: int | None = None
    quantity_milli: int = 1000
    returnable_milli: int | None = None
    invoiced: bool = False
    receipt_found: bool = True
    answers: Mapping[Answer, bool] = field(default_factory=dict)
    bought_on: date | None = None


_NAMES: Final[Mapping[Kind | Reason | Effect, str]] = {
    Kind.REFUND: N_("Refund"),
    Kind.EXCHANGE: N_("Exchange"),
    Reason.QUALITY_FAULT: N_("Quality fault"),
    Reason.EXPIRED_OR_SPOILED: N_("Expired or spoiled"),
    Reason.MISSING_PARTS: N_("Parts missing"),
    Reason.MISLABELLED: N_("Not as labelled"),
    Reason.WRONG_ITEM: N_("Wrong item"),
    Reason.NO_LONGER_WANTED: N_("No longer wanted"),
    Effect.OK: N_("Allowed"),
    Effect.EVIDENCE: N_("Evidence needed"),
    Effect.OVERRIDE: N_("Manager may override"),
    Effect.REFUSE: N_("Refused"),
}


def name_of(code: Kind | Reason | Effect, language: str | None = None) -> str:
    """Return the counter's word for `code` in `language` ("zh" or "en"; None: the screen's)."""
    return words.language(language or words.current()).gettext(_NAMES[code])
