"""What the form is on any paper: which words, which values, and how they are put down on a grid.

Labels are always Chinese, the language the form is valid in; a store that wants both has the English small beneath.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import accumulate
from typing import ClassVar, Final

from counterapp import words
from counterapp.core.masking import Mask, masked
from counterapp.core.money import format_fen, format_quantity, format_unit_price
from counterapp.return_forms.printouts.facts import (
    SETTLED,
    FormFacts,
    FormLine,
    Language,
    form_number,
    grouped_receipt,
    short_day,
)
from counterapp.words import N_
from printers.document import Align, Item, Rule, Run, Text

FILLED: Final = N_("Date of filling")

HEADS: Final = (N_("Item number"), N_("Item name"), N_("Quantity"), N_("Unit price"), N_("Amount"))

# The brackets hold the word that is struck out.
HEADINGS: Final = {
    "refund": N_("Reason for refund/[exchange]"),
    "exchange": N_("Reason for [refund]/exchange"),
}

_TENDER: Final = 12

Place = tuple[float, float]
"""Left edge and width of what can be written in a cell, in millimetres."""


def chinese(message: str) -> str:
    """Return `message` in Chinese, whatever the screen speaks."""
    return words.language("zh").gettext(message)


class Sheet:
    """One page, built from the top down; `y` is where the next band starts. Lengths are millimetres, sizes points."""

    lines: ClassVar[int]
    """Receipt lines that one form holds."""
    left: ClassVar[float]
    width: ClassVar[float]
    pad: ClassVar[float] = 1.8
    hair: ClassVar[float] = 0.25
    label_line: ClassVar[float] = 4.4
    english_line: ClassVar[float]
    english_size: ClassVar[float]
    smallest: ClassVar[float]
    """The smallest type that the printer makes legible."""

    def __init__(self, facts: FormFacts, language: Language, top: float) -> None:
        self.facts = facts
        self.both = language == "en"
        self.items: list[Item] = []
        self.y = top
        self.label_height = self.label_line + (self.english_line if self.both else 0)

    @property
    def right(self) -> float:
        """The frame's right edge."""
        return self.left + self.width

    def fields(self) -> list[tuple[str, str]]:
        """Return label and value of what the receipt and the customer are known by."""
        facts = self.facts
        return [
            (N_("Sales receipt number"), grouped_receipt(facts.receipt_no)),
            (N_("Date of purchase"), short_day(facts.bought_on) if facts.bought_on else ""),
            (N_("Member card number"), masked(facts.member_card, Mask.CARD)),
            (N_("Customer's phone"), masked(facts.phone, Mask.PHONE)),
        ]

    def signatures(self) -> list[tuple[str, str]]:
        """Return label and printed name of everybody who signs."""
        return [
            (N_("Customer's signature"), ""),
            (N_("Clerk's signature"), self.facts.clerk),
            (N_("Approving supervisor's signature"), self.facts.supervisor),
            (N_("Cashier's signature"), ""),
        ]

    def signed(self) -> str:
        """Say when and where the form was approved."""
        time, station = f"{self.facts.signed_at:%y-%m-%d %H:%M}", self.facts.station
        return chinese(N_("Signed {time} · station {station}")).format(time=time, station=station)

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
        wanted = N_("Form {sheet} of {sheets}")
        texts = (chinese(wanted), wanted) if self.both else (chinese(wanted),)
        return " ".join(text.format(sheet=self.facts.sheet, sheets=self.facts.sheets) for text in texts)

    def neighbours(self, language: Language) -> str:
        """Say which forms go before and after this one."""
        links = (
            (N_("continues {form}"), self.facts.previous_number),
            (N_("goes on in {form}"), self.facts.next_number),
        )
        said = words.language(language).gettext
        return " · ".join(said(link).format(form=form_number(number)) for link, number in links if number is not None)

    def figures(self, line: FormLine) -> tuple[str, str, str]:
        """Return quantity, unit price and amount as they are written."""
        return (
            format_quantity(line.quantity_milli),
            format_unit_price(line.unit_price_1e4),
            format_fen(line.amount_fen, sign=False),
        )

    def origin(self, line: float, name: Place, amount: Place) -> None:
        """Put down, where the first of the goods would stand, what the form comes out of; `line` is the row's height.

        The one amount is the total's.
        """
        facts = self.facts
        if facts.origin is None:
            return
        number = form_number(facts.origin.number)
        self.text(name[0], self.y, name[1], line, self.said(facts.origin.how).format(form=number), 11, lines=2)
        self.text(amount[0], self.y, amount[1], line, format_fen(facts.total_fen, sign=False), 11, align="right")

    def said(self, message: str) -> str:
        """Return `message` in Chinese, and after it in English where the paper has both."""
        text = chinese(message)
        return f"{text} {message}" if self.both and text != message else text

    def band(self, widths: tuple[float, ...], height: float) -> list[Place]:
        """Draw the rule under a band of `height` at `y`; return what can be written in each cell."""
        self.rule(self.y + height)
        edges = accumulate(widths, initial=self.left)
        return [(x + self.pad, width - 2 * self.pad) for x, width in zip(edges, widths, strict=False)]

    def rule(self, y: float) -> None:
        """Draw a rule from edge to edge of the frame."""
        self.items.append(Rule(self.left, y, self.right, y, self.hair))

    def divide(self, widths: tuple[float, ...], top: float, bottom: float) -> None:
        """Draw the rules between the cells of one or more bands."""
        edges = accumulate(widths[:-1], initial=self.left)
        self.items += [Rule(x, top, x, bottom, self.hair) for x in list(edges)[1:]]

    def label(self, x: float, y: float, width: float, message: str) -> None:
        """Put down a label, its English beneath."""
        self.text(x, y, width, self.label_line, chinese(message), 9)
        if self.both:
            self.text(x, y + self.label_line, width, self.english_line, message, self.english_size)

    def text(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        text: str,
        size: float,
        floor: float | None = None,
        *,
        bold: bool = False,
        lines: int = 1,
        align: Align = "left",
    ) -> None:
        """Put down words of one look; they become no smaller than `floor`, or the smallest that is legible."""
        self.runs(x, y, width, height, (Run(text, bold),), size, floor, lines=lines, align=align)

    def runs(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        runs: tuple[Run, ...],
        size: float,
        floor: float | None = None,
        *,
        lines: int = 1,
        align: Align = "left",
    ) -> None:
        """Put down words of several looks."""
        self.items.append(Text(x, y, width, height, runs, size, floor or self.smallest, lines, align))


def _short(name: str) -> str:
    """Return a tender's name so that the sentence about it keeps to its line."""
    return name if len(name) <= _TENDER else f"{name[: _TENDER - 1]}…"


def struck(text: str, *, bold: bool = False) -> tuple[Run, ...]:
    """Return `text` in runs, the word in [brackets] struck out."""
    before, _, rest = text.partition("[")
    inside, _, after = rest.partition("]")
    return tuple(Run(part, bold and part is not inside, part is inside) for part in (before, inside, after) if part)
