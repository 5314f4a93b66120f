"""The slip that calls a department to the counter for goods that cannot wait, in the store's language.

It bears the case's code, never the form's: that one is money.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from counterapp import words
from counterapp.core.money import format_quantity
from counterapp.return_forms.printouts.facts import Language, form_number
from counterapp.words import N_
from printers.document import Cell, Code, Cut, Divider, Line, Row, Slip

_LARGEST: Final = 4  # times the usual size
_COLUMNS: Final = 30  # of the usual size on the narrowest roll, 58 mm


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """All that stands on a notice; `asked` and `reason` are English source sentences ("Refund", "Quality fault").

    `supplier` is empty but for concession goods; both moments are the store's local time; `code` is the case's.
    """

    store: str
    counter: str
    department: str
    is_urgent: bool
    item_no: str
    item: str
    quantity_milli: int
    asked: str
    reason: str
    supplier: str
    form_number: int
    raised_at: datetime
    due_at: datetime
    station: str
    code: str


def notice_slip(facts: NoticeFacts, language: Language) -> Slip:
    """Return the slip of one returned line."""
    said = words.language(language).gettext
    title = said(N_("Urgent: look at the shelf") if facts.is_urgent else N_("Returned goods to collect"))
    asked = said(N_("{kind}: {reason}")).format(kind=said(facts.asked), reason=said(facts.reason))
    when = said(N_("{time} · station {station}"))
    known = [
        (N_("Item"), f"{facts.item} × {format_quantity(facts.quantity_milli)}"),
        (N_("Item number"), facts.item_no),
        (N_("Reason"), asked),
    ]
    if facts.supplier:
        known.append((N_("Supplier"), said(N_("Concession goods of {supplier}")).format(supplier=facts.supplier)))
    made = [
        (N_("Return form"), form_number(facts.form_number)),
        (N_("Time"), when.format(time=f"{facts.raised_at:%m-%d %H:%M}", station=facts.station)),
    ]
    lines: list[Line] = [
        Row((Cell(" · ".join(filter(None, (facts.store, facts.counter))), align="center"),)),
        Row((Cell(title, align="center"),), scale=2, bold=True),
        Row((Cell(facts.department, align="center"),), scale=_scale(facts.department), bold=True),
        Row((Cell(said(N_("until {time}")).format(time=f"{facts.due_at:%H:%M}"), align="center"),), scale=2, bold=True),
        Divider(),
        *(Row((Cell(said(label), 2), Cell(value, 5))) for label, value in known),
        Divider(),
        *(Row((Cell(said(sentence)),)) for sentence in _what_to_do(facts)),
        *(line for label in _to_sign(facts) for line in (Row((Cell(" "),)), _line_to_sign(said(label)))),
        Divider(),
        *(Row((Cell(said(label), 2), Cell(value, 5))) for label, value in made),
        Code(facts.code, 10),
    ]
    return Slip(f"{title} {facts.department} {facts.item}"[:120], (*lines, Cut()))


def _what_to_do(facts: NoticeFacts) -> tuple[str, ...]:
    collect = N_("Collect the goods at the service counter, with this slip.")
    if facts.supplier:
        collect = N_("The supplier's staff collects the goods at the service counter, with this slip.")
    if not facts.is_urgent:
        return (collect,)
    shelf = N_("Floor supervisor: look at the same item on the shelf now, and tell the service counter what was found.")
    return shelf, collect


def _line_to_sign(label: str) -> Row:
    return Row((Cell(label, 3), Cell("_" * 14, 5)))


def _to_sign(facts: NoticeFacts) -> tuple[str, ...]:
    collected = N_("Collected by")
    return (N_("Found on the shelf"), collected) if facts.is_urgent else (collected,)


def _scale(text: str) -> int:
    columns = sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
    return max(2, min(_LARGEST, _COLUMNS // max(columns, 1)))
