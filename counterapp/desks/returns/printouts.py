"""The refusal slip: what a customer takes along whose goods are not taken back, in the store's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from counterapp import words
from counterapp.core.codes import grouped
from counterapp.core.money import format_quantity
from counterapp.return_forms.printouts.facts import Language, grouped_receipt, short_day
from counterapp.words import N_
from printers.document import Cell, Code, Cut, Divider, Line, Row, Slip


@dataclass(frozen=True, slots=True)
class RefusalFacts:
    """All that stands on a refusal slip.

    `asked` and `reason` are English source sentences ("Refund", "Quality fault"); `sentences`, what the law `granted`
    and the `better` way are in the slip's language already. `code` is the case's; `at` is the store's local time.
    Without a receipt `receipt_no` is empty and `bought_on` unknown.
    """

    store: str
    counter: str
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
    clerk: str
    at: datetime
    station: str
    code: str


def refusal_slip(facts: RefusalFacts, language: Language) -> Slip:
    """Return the slip of one refused line."""
    said = words.language(language).gettext
    title = said(N_("Return not accepted"))
    when = said(N_("{time} · station {station}"))
    asked = said(N_("{kind}: {reason}")).format(kind=said(facts.asked), reason=said(facts.reason))
    known = [
        (N_("Sales receipt"), grouped_receipt(facts.receipt_no) or said(N_("No receipt"))),
        (N_("Bought on"), short_day(facts.bought_on) if facts.bought_on else "—"),
        (N_("Item"), f"{facts.item} × {format_quantity(facts.quantity_milli)}"),
        (N_("Item number"), facts.item_no),
        (N_("Asked for"), asked),
    ]
    lines: list[Line] = [
        Row((Cell(f"{facts.store} · {facts.counter}", align="center"),)),
        Row((Cell(title, align="center"),), scale=2, bold=True),
        Divider(),
        *(Row((Cell(said(label), 2), Cell(value, 5))) for label, value in known),
        *_block(said(N_("Why it is not accepted")), facts.sentences),
        *_block(said(N_("What the law grants")), facts.granted),
        *_block(said(N_("What may help")), tuple(filter(None, (facts.better, _whom_to_ask(facts, language))))),
        Divider(),
        Row((Cell(said(N_("Clerk")), 2), Cell(facts.clerk, 5))),
        Row(
            (Cell(said(N_("Time")), 2), Cell(when.format(time=f"{facts.at:%y-%m-%d %H:%M}", station=facts.station), 5))
        ),
        Code(facts.code, 10),
    ]
    return Slip(f"{title} {grouped(facts.code)}", (*lines, Cut()))


def _whom_to_ask(facts: RefusalFacts, language: Language) -> str:
    wanted = (
        N_("The customer service manager may decide otherwise. Ask at the service desk, with this slip.")
        if facts.may_be_overridden
        else N_("If you have a question, ask for the customer service manager at the service desk, with this slip.")
    )
    return words.language(language).gettext(wanted)


def _block(heading: str, sentences: tuple[str, ...]) -> list[Line]:
    if not sentences:
        return []
    return [Divider(), Row((Cell(heading),), bold=True), *(Row((Cell(f"· {each}"),)) for each in sentences)]
