"""What the form is on any paper: which words, which values, and how they are put down on a grid.

Its labels are always Chinese, the language the form is valid in.
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Final

from counterapp import words
from counterapp.core.masking import Mask, masked
from counterapp.core.money import format_fen, format_quantity, format_unit_price
from counterapp.documents.page import Cell, PageBuilder, PaperFormat
from counterapp.documents.texts import chinese, form_number, joined, receipt_number, short_day, short_time
from counterapp.return_forms.printouts.facts import SETTLED, FormFacts, FormLine
from counterapp.words import N_, Language
from printers.document import Run

FILLED: Final = N_("Date of filling")

HEADS: Final = (N_("Item number"), N_("Item name"), N_("Quantity"), N_("Unit price"), N_("Amount"))

# The brackets hold the word that is struck out.
HEADINGS: Final = {
    "refund": N_("Reason for refund/[exchange]"),
    "exchange": N_("Reason for [refund]/exchange"),
}

_TENDER: Final = 12


class FormPage(PageBuilder):
    """One page of the form, built from the top down."""

    lines: ClassVar[int]
    """Receipt lines that one form holds."""

    def __init__(self, facts: FormFacts, language: Language, look: PaperFormat) -> None:
        super().__init__(look, language)
        self.facts = facts

    def fields(self) -> list[tuple[str, str]]:
        """Return label and value of what the receipt and the customer are known by."""
        facts = self.facts
        return [
            (N_("Sales receipt number"), receipt_number(facts.receipt_no)),
            (N_("Date of purchase"), short_day(facts.bought_on) if facts.bought_on else ""),
            (N_("Member card number"), masked(facts.member_card, Mask.CARD)),
            (N_("Customer's phone"), masked(facts.phone, Mask.PHONE)),
        ]

    def signatures(self) -> list[tuple[str, str]]:
        """Return label and printed name of everybody who signs."""
        return [
            (N_("Customer's signature"), ""),
            (N_("Clerk's signature"), self.facts.issued.clerk),
            (N_("Approving supervisor's signature"), self.facts.supervisor),
            (N_("Cashier's signature"), ""),
        ]

    def signed(self) -> str:
        """Say when and where the form was approved."""
        issued = self.facts.issued
        return chinese(N_("Signed {time} · station {station}"), time=short_time(issued.at), station=issued.station)

    def settled(self, language: Language) -> str:
        """Say in a word how the form is settled."""
        return words.language(language).gettext(SETTLED[self.facts.settlement][0])

    def conditions(self, language: Language) -> list[str]:
        """Say what the till does, how long, and what makes the form void."""
        facts, said = self.facts, words.language(language).gettext
        sentences = [said(SETTLED[facts.settlement][1]).format(tender=_short(facts.tender))]
        if facts.valid_days is not None:
            until = short_day(facts.filled_on + timedelta(days=facts.valid_days))
            wanted = N_("Valid for {days} days, until {until}.")
            sentences.append(said(wanted).format(days=facts.valid_days, until=until))
        sentences.append(said(N_("The till keeps part 2, signed. Void if altered.")))
        return sentences

    @property
    def used(self) -> int:
        """How many rows of the table say something; the first one after them is crossed out in words."""
        return 1 if self.facts.origin else len(self.facts.lines)

    def place_in_case(self) -> str:
        """Say which of the case's forms this is."""
        return self.said(N_("Form {sheet} of {sheets}"), sheet=self.facts.sheet, sheets=self.facts.sheets)

    def neighbours(self, language: Language) -> str:
        """Say which forms go before and after this one."""
        links = (
            (N_("continues {form}"), self.facts.previous_number),
            (N_("goes on in {form}"), self.facts.next_number),
        )
        said = words.language(language).gettext
        return joined(*(said(link).format(form=form_number(number)) for link, number in links if number is not None))

    def figures(self, line: FormLine) -> tuple[str, str, str]:
        """Return quantity, unit price and amount as they are written."""
        return (
            format_quantity(line.quantity_milli),
            format_unit_price(line.unit_price_1e4),
            format_fen(line.amount_fen, sign=False),
        )

    def origin(self, line: float, name: Cell, amount: Cell) -> None:
        """Put down, where the first of the goods would stand, what the form comes out of; `line` is the row's height.

        The one amount is the total's.
        """
        facts = self.facts
        if facts.origin is None:
            return
        number = form_number(facts.origin.number)
        self.text(name[0], self.y, name[1], line, self.said(facts.origin.how, form=number), 11, lines=2)
        self.text(amount[0], self.y, amount[1], line, format_fen(facts.total_fen, sign=False), 11, align="right")


def _short(name: str) -> str:
    """Return a tender's name so that the sentence about it keeps to its line."""
    return name if len(name) <= _TENDER else f"{name[: _TENDER - 1]}…"


def struck(text: str, *, bold: bool = False) -> tuple[Run, ...]:
    """Return `text` in runs, the word in [brackets] struck out."""
    before, _, rest = text.partition("[")
    inside, _, after = rest.partition("]")
    return tuple(Run(part, bold and part is not inside, part is inside) for part in (before, inside, after) if part)
