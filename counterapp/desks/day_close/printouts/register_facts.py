"""What stands on the register 退/换货单记录表 of a business day, as values, and how they are told in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from counterapp import words
from counterapp.core.money import format_fen
from counterapp.documents.texts import form_number, receipt_number, short_day
from counterapp.return_forms.models import (
    FORFEITED,
    FROM_EXPIRED,
    FROM_REST,
    IN_CASH,
    IN_GOODS,
    IN_TENDER,
    NEW_FORM,
    PAID,
    REDEEMED,
    RENEWED,
    SETTLED,
    VOID,
)
from counterapp.return_forms.terms import Kind
from counterapp.words import N_


@dataclass(frozen=True, slots=True)
class Sum:
    """How many forms, and the fen of them."""

    count: int
    fen: int

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.count + other.count, self.fen + other.fen)

    def __sub__(self, other: Sum) -> Sum:
        return Sum(self.count - other.count, self.fen - other.fen)


Sums = tuple[tuple[str, Sum], ...]
"""Sums with their labels."""


@dataclass(frozen=True, slots=True)
class FormOutcome:
    """How a form ended: in the business day `day`, `at` in the store's time, by `who`.

    Where it was redeemed: the `till`, the new receipt and what it came to, what was `used` of the form and the `rest`
    (fen), which went to `rest_how`. `next_number` is the form of the rest, or the one it was issued anew as. A void has
    its `reason`, its two signers in `who` and `signer`. `part_two`: it is back from the till.
    """

    how: str
    day: dt.date
    at: dt.datetime
    who: str
    till: str = ""
    receipt_no: str = ""
    receipt_fen: int = 0
    used: int = 0
    rest: int = 0
    rest_how: str = ""
    next_number: int | None = None
    method: str = ""
    reference: str = ""
    reason: str = ""
    signer: str = ""
    part_two: bool = True

    @property
    def owes_part_two(self) -> bool:
        """Whether its part 2 should be back and is not."""
        return self.how in {REDEEMED, SETTLED} and not self.part_two


@dataclass(frozen=True, slots=True)
class Entry:
    """A form in the register; money in fen, times the store's own.

    `day` is the business day it was made in. `receipt` is empty where goods came without one. `copies` counts its
    reprints; `printed`: it came out. `from_number` is the form it comes from (a rest, or one that had expired).
    `outcome` is None while it is good.
    """

    number: int
    day: dt.date
    made_at: dt.datetime
    receipt: str
    kind: str
    amount: int
    lines: int
    clerk: str
    approver: str
    origin: str
    settlement: str
    statutory: bool
    expires_on: dt.date
    from_number: int | None = None
    copies: int = 0
    printed: bool = True
    outcome: FormOutcome | None = None

    def ended_by(self, day: dt.date) -> FormOutcome | None:
        """Return how it had ended when the business day `day` was over, None where it was still good."""
        return self.outcome if self.outcome is not None and self.outcome.day <= day else None


class Gap(NamedTuple):
    """Numbers that stand on no form, from `first` to `last`."""

    first: int
    last: int

    @property
    def key(self) -> str:
        """Its key among what has to be explained."""
        return f"gap:{self.first}-{self.last}"


@dataclass(frozen=True)
class Register:
    """The register of `day`: its forms in number order, those of other days that ended on it, and the gaps.

    `before` is what the forms that were good when the day began came to, in fen.
    """

    day: dt.date
    forms: tuple[Entry, ...]
    others: tuple[Entry, ...]
    gaps: tuple[Gap, ...]
    before: Sum

    @cached_property
    def made(self) -> Sum:
        """The forms made on the day."""
        return _sum(self.forms)

    @cached_property
    def ended(self) -> Sum:
        """The forms that ended on the day, whenever they were made."""
        return _sum(self._ended)

    @cached_property
    def after(self) -> Sum:
        """The forms that were good when the day was over: before + made - ended."""
        return self.before + self.made - self.ended

    @cached_property
    def open(self) -> Sum:
        """The forms of the day that were good when it was over."""
        return _sum(entry for entry in self.forms if entry.ended_by(self.day) is None)

    @property
    def numbers(self) -> tuple[int, int] | None:
        """The first and the last number of the day, None where there is none."""
        return (self.forms[0].number, self.forms[-1].number) if self.forms else None

    @cached_property
    def parts_missing(self) -> tuple[Entry, ...]:
        """The forms that were redeemed or paid on the day and whose part 2 is not back, in number order."""
        missing = [entry for entry in self._ended if entry.outcome is not None and entry.outcome.owes_part_two]
        return tuple(sorted(missing, key=lambda entry: entry.number))

    def of_kind(self, kind: str) -> Sum:
        """Return the forms of the day that are refunds or exchanges."""
        return _sum(entry for entry in self.forms if entry.kind == kind)

    def ended_as(self, how: str, *, own: bool = False) -> Sum:
        """Return the forms that ended on the day in this way; with `own`, the day's own forms that ended by then.

        Of what was redeemed it is what was used, without the rests.
        """
        ended = self._own_ended if own else self._ended
        found = [(entry, entry.outcome) for entry in ended if entry.outcome is not None and entry.outcome.how == how]
        return Sum(len(found), sum(outcome.used if how == REDEEMED else entry.amount for entry, outcome in found))

    def rests(self, *hows: str, own: bool = False) -> Sum:
        """Return the rests that went this way (all of them, where none is named)."""
        ended = self._own_ended if own else self._ended
        rests = [entry.outcome for entry in ended if entry.outcome is not None and entry.outcome.rest]
        found = [outcome for outcome in rests if not hows or outcome.rest_how in hows]
        return Sum(len(found), sum(outcome.rest for outcome in found))

    @property
    def _ended(self) -> list[Entry]:
        own = [entry for entry in self.forms if entry.outcome is not None and entry.outcome.day == self.day]
        return [*own, *self.others]

    @property
    def _own_ended(self) -> list[Entry]:
        return [entry for entry in self.forms if entry.ended_by(self.day) is not None]


@dataclass(frozen=True, slots=True)
class Seal:
    """The seal under a closed day: which one it is, who signed, its digest, and the last value of every journal.

    `heads` are station, number of the entry, and its hash.
    """

    seq: int
    digest: str
    at: dt.datetime
    clerk: str
    signer: str
    heads: tuple[tuple[str, int, str], ...]


#: What a form is settled in, and what became of one, as words of a table.
SETTLEMENTS: Final = {IN_GOODS: N_("at the till"), IN_CASH: N_("in cash"), IN_TENDER: N_("to the tender")}
ORIGINS: Final = {FROM_REST: N_("rest of {form}"), FROM_EXPIRED: N_("instead of {form}")}
ENDS: Final = {REDEEMED: N_("redeemed"), SETTLED: N_("paid out"), VOID: N_("void"), RENEWED: N_("issued anew")}
RESTS: Final = {FORFEITED: N_("forfeited"), NEW_FORM: N_("on a new form"), PAID: N_("paid out")}


def sums_of(found: Register) -> tuple[Sums, Sums, Sums]:
    """Return the sums of a register with their English labels.

    The day's forms; what had become of them when it was over, which comes to the same; and the account of all forms,
    from those that were good before, by what was made and what ended on the day, to those that are good after it.
    """
    return (
        (
            (N_("Return forms"), found.made),
            (N_("Refunds"), found.of_kind(Kind.REFUND)),
            (N_("Exchanges"), found.of_kind(Kind.EXCHANGE)),
        ),
        (
            (N_("Thereof redeemed"), found.ended_as(REDEEMED, own=True)),
            (N_("Thereof rests"), found.rests(own=True)),
            (N_("Thereof paid out"), found.ended_as(SETTLED, own=True)),
            (N_("Thereof void"), found.ended_as(VOID, own=True)),
            (N_("Thereof issued anew"), found.ended_as(RENEWED, own=True)),
            (N_("Thereof still good"), found.open),
        ),
        (
            (N_("Good before"), found.before),
            (N_("Made"), found.made),
            (N_("Redeemed"), found.ended_as(REDEEMED)),
            (N_("Rests forfeited"), found.rests(FORFEITED)),
            (N_("Rests on new forms"), found.rests(NEW_FORM)),
            (N_("Rests paid out"), found.rests(PAID)),
            (N_("Paid out"), found.ended_as(SETTLED)),
            (N_("Void"), found.ended_as(VOID)),
            (N_("Issued anew"), found.ended_as(RENEWED)),
            (N_("Good after"), found.after),
        ),
    )


def outcome_words(entry: Entry, language: str) -> str:
    """Say in "zh" or "en" what became of a form, in one line."""
    said = words.language(language).gettext
    outcome = entry.outcome
    if outcome is None:
        told = [said(N_("good until {day}")).format(day=short_day(entry.expires_on))]
    else:
        told = _TOLD[outcome.how](outcome, said)
    if entry.from_number is not None:
        told.append(said(ORIGINS[entry.origin]).format(form=form_number(entry.from_number)))
    if entry.copies:
        told.append(said(N_("reprinted {count}×")).format(count=entry.copies))
    if not entry.printed:
        told.append(said(N_("not printed")))
    return " · ".join(told)


def _redeemed(outcome: FormOutcome, said: Callable[[str], str]) -> list[str]:
    told = [
        said(N_("redeemed {time} at till {till} by {who}")).format(
            time=_time(outcome), till=outcome.till, who=outcome.who
        ),
        said(N_("receipt {receipt}, {used} used")).format(
            receipt=receipt_number(outcome.receipt_no), used=format_fen(outcome.used)
        ),
    ]
    if outcome.rest:
        rest = said(N_("rest {rest} {how}")).format(rest=format_fen(outcome.rest), how=said(RESTS[outcome.rest_how]))
        told.append(f"{rest} {form_number(outcome.next_number)}" if outcome.next_number is not None else rest)
    return [*told, *_part_two(outcome, said)]


def _settled(outcome: FormOutcome, said: Callable[[str], str]) -> list[str]:
    how = said(SETTLEMENTS[outcome.method])
    paid = said(N_("paid out {how} {time} at till {till} by {who}"))
    told = [paid.format(how=how, time=_time(outcome), till=outcome.till, who=outcome.who)]
    if outcome.reference:
        told.append(outcome.reference)
    return [*told, *_part_two(outcome, said)]


def _void(outcome: FormOutcome, said: Callable[[str], str]) -> list[str]:
    both = said(N_("void {time}, {who} and {signer}")).format(
        time=_time(outcome), who=outcome.who, signer=outcome.signer
    )
    return [both, outcome.reason]


def _renewed(outcome: FormOutcome, said: Callable[[str], str]) -> list[str]:
    return [
        said(N_("issued anew {time} as {form}")).format(time=_time(outcome), form=form_number(outcome.next_number or 0))
    ]


_TOLD: Final = {REDEEMED: _redeemed, SETTLED: _settled, VOID: _void, RENEWED: _renewed}


def _part_two(outcome: FormOutcome, said: Callable[[str], str]) -> list[str]:
    return [said(N_("part 2 missing"))] if outcome.owes_part_two else []


def _time(outcome: FormOutcome) -> str:
    return f"{outcome.at:%m-%d %H:%M}"


def _sum(entries: Iterable[Entry]) -> Sum:
    amounts = [entry.amount for entry in entries]
    return Sum(len(amounts), sum(amounts))
