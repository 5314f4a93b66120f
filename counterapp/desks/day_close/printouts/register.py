"""The register 退/换货单记录表 on paper: forms of the day, the account, what is explained, the seal, the signatures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from counterapp import words
from counterapp.core.money import format_fen
from counterapp.core.store_settings import FormPaper
from counterapp.desks.day_close.printouts.register_facts import (
    Entry,
    Gap,
    Register,
    Seal,
    Sums,
    outcome_words,
    sums_of,
)
from counterapp.documents.listing import SIZE, Column, count_bands, heads_band, line_band, signature_band
from counterapp.documents.page import FORMATS, Band, IssuedBy, PageBuilder, Titles, paginate
from counterapp.documents.texts import form_number, lines_needed, receipt_number, short_day, short_time
from counterapp.return_forms.terms import Kind, name_of
from counterapp.words import N_, Language
from printers.document import Pages

TITLE: Final = N_("Return register")
_SMALL: Final = 9.0
_LINE: Final = 4.6
_MOST: Final = 8  # lines of what became of a form; longer words become smaller

_COLUMNS: Final = (
    Column(N_("Form number"), 24),
    Column(N_("Time"), 13),
    Column(N_("Sales receipt number"), 42),
    Column(N_("Kind, lines"), 25),
    Column(N_("Amount"), 29, "right"),
    Column(N_("Clerk, approver"), 47),
)


@dataclass(frozen=True, slots=True)
class Explained:
    """What is not done: its title (English source), what it is, and why; without a word it stands open."""

    title: str
    what: str
    text: str


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """All that stands on the register; `seal` is None while the day is open."""

    register: Register
    issued: IssuedBy
    explained: tuple[Explained, ...]
    seal: Seal | None


def register_pages(facts: RegisterFacts, language: Language, paper: FormPaper = "a4") -> Pages:
    """Return the register on as many pages as it needs; no form is parted."""
    measure = PageBuilder(FORMATS[paper], language)
    bands = list(_Bands(facts, language, measure).all())
    return paginate(bands, Titles(TITLE, short_day(facts.register.day)), facts.issued, measure)


class _Bands:
    """The bands of a register, each as high as its words need on the sheet."""

    def __init__(self, facts: RegisterFacts, language: Language, sheet: PageBuilder) -> None:
        self._facts, self._language = facts, language
        self._sheet = sheet
        self._widths = sheet.shares(*(column.weight for column in _COLUMNS))
        self._under = sheet.inner - 2 * sheet.pad

    def all(self) -> Iterator[Band]:
        """Yield them from the top to the signatures."""
        found = self._facts.register
        made, became, account = sums_of(found)
        for counts, across in (
            (self._first_line(made), 4),
            ([(label, format_fen(one.fen)) for label, one in became], 6),
            ([(label, format_fen(one.fen)) for label, one in account], 5),
        ):
            yield from count_bands(counts, self._sheet, across, size=12)
        yield from self._table(N_("Forms of the day"), self._rows(found), N_("No form was made on this day."))
        if found.others:
            rows = [self._entry(entry) for entry in found.others]
            yield from self._table(N_("Forms of other days that ended on this day"), rows, "")
        yield from self._remarks(found)
        yield from self._seal()
        yield self._signatures()

    def _first_line(self, made: Sums) -> list[tuple[str, str]]:
        numbers = self._facts.register.numbers
        span = "—" if numbers is None else f"{numbers[0]:06} – {numbers[1]:06}"
        counted = [(label, f"{one.count} · {format_fen(one.fen)}") for label, one in made]
        return [(N_("Numbers"), span), *counted]

    def _table(self, title: str, rows: Sequence[Band], none: str) -> Iterator[Band]:
        titled = line_band(self._sheet.said(title), self._sheet, bold=True, size=11)
        heads = replace(heads_band(_COLUMNS, self._sheet), glued=True)
        yield from (titled, heads)
        if not rows:
            yield line_band(self._sheet.said(none), self._sheet, glued=True)
        for place, row in enumerate(rows):
            yield replace(row, glued=place == 0, headings=(titled, heads))

    def _rows(self, found: Register) -> list[Band]:
        rows: list[tuple[int, Band]] = [(entry.number, self._entry(entry)) for entry in found.forms]
        rows += [(gap.first, self._gap(gap)) for gap in found.gaps]
        return [band for _number, band in sorted(rows, key=lambda row: row[0])]

    def _entry(self, entry: Entry) -> Band:
        outcome = outcome_words(entry, self._language)
        lines = min(_MOST, lines_needed(outcome, self._under, _SMALL))
        below = lines * _LINE * 0.92 + 1
        both = f"{entry.clerk} / {entry.approver}"
        above = _LINE * min(2, lines_needed(both, self._widths[-1] - 2 * self._sheet.pad, SIZE)) + 1
        kind = name_of(Kind(entry.kind), self._language)
        receipt = receipt_number(entry.receipt) or words.language(self._language).gettext(N_("No receipt"))
        at = f"{entry.made_at:%H:%M}" if entry.day == self._facts.register.day else f"{entry.day:%m-%d}"
        values = (
            f"{entry.number:06}", at, receipt, f"{kind} · {entry.lines}",
            format_fen(entry.amount, sign=False), both,
        )  # fmt: skip

        def draw(sheet: PageBuilder) -> None:
            top = sheet.y
            cells = sheet.cells(self._widths, above + below, divided=False)
            for column, value, (x, width) in zip(_COLUMNS, values, cells, strict=True):
                bold, align = column is _COLUMNS[0], column.align
                sheet.text(
                    x, top + 0.5, width, above - 0.6, value, SIZE, bold=bold, lines=2, align=align, stand="top"
                )  # fmt: skip
            x, y = sheet.left + sheet.pad, top + above - 0.1
            sheet.text(x, y, self._under, below - 0.4, outcome, _SMALL, lines=lines, stand="top")

        return Band(above + below, draw)

    def _gap(self, gap: Gap) -> Band:
        wanted = N_("Gap: no form bears {first}") if gap.first == gap.last else N_("Gap: {first} to {last} on no form")
        told = self._sheet.said(wanted, first=form_number(gap.first), last=form_number(gap.last))
        return line_band(told, self._sheet, bold=True)

    def _remarks(self, found: Register) -> Iterator[Band]:
        if found.parts_missing:
            missing = "  ".join(
                f"{form_number(entry.number)} ({entry.outcome.till} · {entry.outcome.who})"
                for entry in found.parts_missing
                if entry.outcome is not None
            )
            yield line_band(f"{self._sheet.said(N_('Part 2 missing'))}: {missing}", self._sheet)
        for one in self._facts.explained:
            why = one.text or self._sheet.said(N_("neither done nor explained"))
            what = f"{self._sheet.said(one.title)} {one.what}".strip()
            yield line_band(f"{what}: {why}", self._sheet)

    def _seal(self) -> Iterator[Band]:
        seal = self._facts.seal
        if seal is None:
            yield line_band(self._sheet.said(N_("The day is not closed yet.")), self._sheet, bold=True)
            return
        signed = N_("Seal {number} of {time}, signed by {clerk} and {signer}")
        told = self._sheet.said(signed, number=seal.seq, time=short_time(seal.at), clerk=seal.clerk, signer=seal.signer)
        yield line_band(told, self._sheet, bold=True)
        yield line_band(f"SHA-256 {seal.digest}", self._sheet, glued=True, size=_SMALL)
        heads = self._sheet.said(N_("The journals' last values: station, entry, value"))
        yield line_band(heads, self._sheet, bold=True)
        for station, number, value in seal.heads:
            yield line_band(f"{station} · {number} · {value}", self._sheet, size=_SMALL)

    def _signatures(self) -> Band:
        seal = self._facts.seal
        signers = (
            (N_("Signature of the late shift's clerk"), seal.clerk if seal else ""),
            (N_("Signature of the duty supervisor"), seal.signer if seal else ""),
        )
        return signature_band(signers, self._sheet)
