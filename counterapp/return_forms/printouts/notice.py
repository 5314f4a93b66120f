"""The slip that calls a department to the counter for goods that cannot wait, in the store's language.

It bears the case's code, never the form's: that one is money.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from counterapp import words
from counterapp.core.money import format_quantity
from counterapp.documents import slip
from counterapp.documents.page import IssuedBy
from counterapp.documents.texts import form_number
from counterapp.words import N_, Language
from printers.document import Slip


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """All that stands on a notice; `asked` and `reason` are English source sentences ("Refund", "Quality fault").

    `supplier` is empty but for concession goods; `due_at` is the store's local time; `code` is the case's.
    """

    issued: IssuedBy
    department: str
    is_urgent: bool
    item_no: str
    item: str
    quantity_milli: int
    asked: str
    reason: str
    supplier: str
    form_number: int
    due_at: datetime
    code: str


def notice_slip(facts: NoticeFacts, language: Language) -> Slip:
    """Return the slip of one returned line."""
    said, issued = words.language(language).gettext, facts.issued
    title = said(N_("Urgent: look at the shelf") if facts.is_urgent else N_("Returned goods to collect"))
    asked = said(N_("{kind}: {reason}")).format(kind=said(facts.asked), reason=said(facts.reason))
    known = [
        (N_("Item"), f"{facts.item} × {format_quantity(facts.quantity_milli)}"),
        (N_("Item number"), facts.item_no),
        (N_("Reason"), asked),
    ]
    if facts.supplier:
        known.append((N_("Supplier"), said(N_("Concession goods of {supplier}")).format(supplier=facts.supplier)))
    when = said(N_("{time} · station {station}")).format(time=f"{issued.at:%m-%d %H:%M}", station=issued.station)
    made = [(N_("Return form"), form_number(facts.form_number)), (N_("Time"), when)]
    return slip.slip(
        f"{title} {facts.department} {facts.item}",
        slip.where(issued),
        slip.large(title),
        slip.large(facts.department, most=4),
        slip.large(said(N_("until {time}")).format(time=f"{facts.due_at:%H:%M}")),
        slip.RULE,
        slip.known(known, language),
        slip.RULE,
        slip.sentences(_what_to_do(facts), language),
        slip.to_sign(_to_sign(facts), language),
        slip.RULE,
        slip.known(made, language),
        slip.code(facts.code),
    )


def _what_to_do(facts: NoticeFacts) -> tuple[str, ...]:
    collect = N_("Collect the goods at the service counter, with this slip.")
    if facts.supplier:
        collect = N_("The supplier's staff collects the goods at the service counter, with this slip.")
    if not facts.is_urgent:
        return (collect,)
    shelf = N_("Floor supervisor: look at the same item on the shelf now, and tell the service counter what was found.")
    return shelf, collect


def _to_sign(facts: NoticeFacts) -> tuple[str, ...]:
    collected = N_("Collected by")
    return (N_("Found on the shelf"), collected) if facts.is_urgent else (collected,)
