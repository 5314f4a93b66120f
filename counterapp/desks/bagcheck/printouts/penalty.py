"""The form 丢失标牌罚款单: half a sheet, in the seven fields of the stores' manual, numbered as there."""

from __future__ import annotations

from counterapp.core.codes import grouped
from counterapp.core.money import capitals, format_fen
from counterapp.core.store_settings import FormPaper
from counterapp.desks.bagcheck.printouts.facts import PENALTY, PenaltyFacts
from counterapp.documents.page import FORMATS, Cell, PageBuilder
from counterapp.documents.texts import chinese, form_number, joined, short_day
from counterapp.words import N_, Language
from printers.document import Box, Pages, Rule

_SIDE_OF_HEAD = 56.0


def penalty_form(facts: PenaltyFacts, language: Language, paper: FormPaper = "a4") -> Pages:
    """Return the form, on the upper half of an A4 sheet or on continuous paper; field 6 is the cash office's to fill.

    Raises ValueError for an amount that has no capitals (see `core.money`).
    """
    return _Form(facts, language, paper).pages()


class _Form(PageBuilder):
    def __init__(self, facts: PenaltyFacts, language: Language, paper: FormPaper) -> None:
        super().__init__(FORMATS[paper], language)
        self.facts = facts
        self.names, self.amount, self.taken = _fee_in(facts.fee)

    def pages(self) -> Pages:
        """Return the form's one page."""
        self._top()
        top = self.y
        self._customer()
        self._token()
        self._money()
        self._received()
        self._signatures()
        self.frame(top)
        self._foot()
        title = self.names[1 if self.both else 0]
        return Pages(f"{title} {form_number(self.facts.number)}", (self.page(self._stamp()),))

    def _band(self, widths: tuple[float, ...], height: float) -> list[Cell]:
        """Draw cells at `y` and go below them."""
        cells = self.cells(widths, height)
        self.y += height
        return cells

    def _field(self, number: int, x: float, y: float, width: float, label: tuple[str, str]) -> None:
        self.labels(x, y, width, f"{number}. {label[0]}", label[1])

    def _top(self) -> None:
        facts, y = self.facts, self.y
        self._field(1, self.left, y, _SIDE_OF_HEAD, _pair(N_("Number and date")))
        y += self.label_height
        self.text(self.left, y, _SIDE_OF_HEAD, 8.8, form_number(facts.number), 21, bold=True)
        self.text(self.left, y + 8.8, _SIDE_OF_HEAD, 4.8, short_day(facts.issued.at), 10.5)
        barcode = self.barcode(facts.code, 11, flush=True)
        x = barcode.x + 12 * barcode.module
        half = min(self.inner / 2 - _SIDE_OF_HEAD, barcode.x - 0.5 - self.left - self.inner / 2)
        self.title(self.left + self.inner / 2 - half, 2 * half, facts.issued.store, *self.names)
        self.text(x, self.paper.top + 11.4, self.right - x, 4.6, grouped(facts.code), 10, align="center")
        self.y += 24

    def _stamp(self) -> Box:
        width, y = (50.0, 18.2) if self.both else (30.0, 15.4)
        x = self.left + (self.inner - width) / 2
        return Box(x, self.paper.top + y, width, 5.0 if self.both else 6.2, 2 * self.paper.hair)

    def _customer(self) -> None:
        top, height = self.y, self.label_height + 9.8
        fields = ((N_("Name of the customer"), self.facts.customer), (N_("Address"), self.facts.address))
        places = self._band(self.shares(1, 2), height)
        for number, ((label, value), (x, width)) in enumerate(zip(fields, places, strict=True), 2):
            self._field(number, x, top + 0.8, width, _pair(label))
            self.text(x, top + self.label_height + 0.8, width, 8.8, value or "—", 13, lines=2)

    def _token(self) -> None:
        facts, top = self.facts, self.y
        ((x, width),) = self._band(self.shares(1), self.label_height + 8.4)
        self._field(4, x, top + 0.8, width, _pair(N_("Number of the lost token and place of the deposit")))
        y = top + self.label_height + 0.8
        self.text(x, y, 30, 7.2, facts.token, 17, bold=True)
        locker, instead = self.said(N_("Locker")), self.said(N_("Substitute token"))
        place = [f"{locker} {facts.locker}", facts.place, f"{instead} {facts.substitute}" if facts.substitute else ""]
        self.text(x + 32, y, width - 32, 7.2, joined(*place), 13, lines=2)

    def _money(self) -> None:
        amount, top, height = self.facts.amount_fen, self.y, self.label_height + 9.4
        ((x, width),) = self._band(self.shares(1), height)
        self._field(5, x, top + 0.8, width - 62, self.amount)
        self.text(x, top + self.label_height + 0.8, width - 62, 8, capitals(amount), 14, bold=True, lines=2)
        self.text(x + width - 60, top + 1, 60, height - 2, format_fen(amount), 24, bold=True, align="right")

    def _received(self) -> None:
        top, height = self.y, self.label_height + 11
        places = self._band(self.shares(1), height)
        ((x, width),) = places
        self._field(6, x, top + 0.8, 112, _pair(N_("Amount received and number of the official receipt")))
        office, line = self.said(N_("(for the cash office)")), self.paper.label_line
        self.text(x + 114, top + 0.8, width - 114, line, office, 9, align="right")
        y, half = top + height - 2, width / 2
        for place, sign in ((x, "¥"), (x + half, "No.")):
            self.text(place, y - 5.6, 9, 5.4, sign, 12)
            self.items.append(Rule(place + 9, y, place + half - 6, y, self.paper.hair))

    def _signatures(self) -> None:
        top = self.y
        (staff, mine), (customer, width) = self._band(self.shares(1, 1), self.label_height + 12)
        self._field(7, staff, top + 0.8, mine, self.taken)
        self.text(staff, top + self.label_height + 0.8, mine, 4.8, self.facts.issued.clerk, 10.5)
        self.label(customer, top + 0.8, width, N_("Customer's signature"))

    def _foot(self) -> None:
        until = N_(
            "The locker opens only with the official receipt. Receipt and identity card go back to the customer."
        )
        y = self.y + 1.4
        self.text(self.left, y, 86, 4.8, chinese(until), 9.5)
        self.text(self.left + 88, y, self.inner - 88, 4.8, self.facts.issued.foot, 9.5, align="right")
        if self.both:
            self.text(self.left, y + 4.9, self.inner, 4, until, 9)


def _pair(message: str) -> tuple[str, str]:
    return chinese(message), message


def _fee_in(fee: str) -> tuple[tuple[str, str], tuple[str, str], tuple[str, str]]:
    """Return title, field 5 and field 7 in both languages, with the store's name of the fee in them."""
    if fee == PENALTY:
        return (
            _pair(N_("Lost-token penalty")),
            _pair(N_("Amount of the penalty")),
            _pair(N_("Signature of the member of staff who took it")),
        )
    title, amount, taken = (
        (chinese(each).format(fee=chinese(fee)), each.format(fee=fee))
        for each in (
            N_("Lost token: {fee}"),
            N_("Amount: {fee}"),
            N_("Signature of the member of staff who took it: {fee}"),
        )
    )
    return title, amount, taken
