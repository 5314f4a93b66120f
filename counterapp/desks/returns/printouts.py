"""The refusal slip: what a customer takes along whose goods are not taken back, in the store's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from counterapp import words
from counterapp.core.codes import grouped
from counterapp.core.money import format_quantity
from counterapp.documents import slip
from counterapp.documents.page import IssuedBy
from counterapp.documents.texts import receipt_number, short_day
from counterapp.words import N_, Language
from printers.document import Slip


@dataclass(frozen=True, slots=True)
class RefusalFacts:
    """All that stands on a refusal slip.

    `asked` and `reason` are English source sentences ("Refund", "Quality fault"); `sentences`, what the law `granted`
    and the `better` way are in the slip's language already. `code` is the case's; `at` is the store's local time.
    Without a receipt `receipt_no` is empty and `bought_on` unknown.
    """

    issued: IssuedBy
    receipt_no: str
    bought_on: date | None
    item_no: str
    item: str
    quantity_milli: int
    asked: str
    reason: str
    sentences: tuple[str, ...]
    granted: tuple[str, ...]
    better: str
    may_be_overridden: bool
    code: str


def refusal_slip(facts: RefusalFacts, language: Language) -> Slip:
    """Return the slip of one refused line."""
    said = words.language(language).gettext
    title = said(N_("Return not accepted"))
    asked = said(N_("{kind}: {reason}")).format(kind=said(facts.asked), reason=said(facts.reason))
    known = [
        (N_("Sales receipt"), receipt_number(facts.receipt_no) or said(N_("No receipt"))),
        (N_("Bought on"), short_day(facts.bought_on) if facts.bought_on else "—"),
        (N_("Item"), f"{facts.item} × {format_quantity(facts.quantity_milli)}"),
        (N_("Item number"), facts.item_no),
        (N_("Asked for"), asked),
    ]
    whom = _whom_to_ask(facts, language)
    return slip.slip(
        f"{title} {grouped(facts.code)}",
        slip.where(facts.issued),
        slip.large(title),
        slip.RULE,
        slip.known(known, language),
        slip.points(N_("Why it is not accepted"), facts.sentences, language),
        slip.points(N_("What the law grants"), facts.granted, language),
        slip.points(N_("What may help"), [*filter(None, (facts.better, whom))], language),
        slip.RULE,
        slip.by_whom(facts.issued, language),
        slip.code(facts.code),
    )


def _whom_to_ask(facts: RefusalFacts, language: Language) -> str:
    wanted = (
        N_("The customer service manager may decide otherwise. Ask at the service desk, with this slip.")
        if facts.may_be_overridden
        else N_("If you have a question, ask for the customer service manager at the service desk, with this slip.")
    )
    return words.language(language).gettext(wanted)
