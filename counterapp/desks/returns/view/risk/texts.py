"""Signals in words: what stands out, of whom, and what would be usual in this store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from counterapp.core.masking import Mask, masked
from counterapp.core.money import format_fen
from counterapp.desks.returns.rules.risk_comparison import Pattern
from counterapp.desks.returns.services.risk import CaseBehind, CaseRisk, SignalText
from counterapp.return_forms.models import KEYED, TYPED
from counterapp.return_forms.texts import form_numbers, receipt_number
from counterapp.ui.texts import day_words
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import Row, RowVerdict
from counterapp.words import N_, _, _n

#: From here on it is "very" unusual: one in a million by chance.
_VERY: Final = 6.0
_MONEY: Final = frozenset({Pattern.CLERK_DEAR, Pattern.UNVERIFIED_CLERK, Pattern.DEAR})

_TITLES: Final[Mapping[Pattern, str]] = {
    Pattern.CARD: N_("One member card again and again"),
    Pattern.PHONE: N_("One phone again and again"),
    Pattern.RECEIPT: N_("One receipt again and again"),
    Pattern.CLERK_OFTEN: N_("A clerk's returns: many"),
    Pattern.CLERK_DEAR: N_("A clerk's returns: large amounts"),
    Pattern.PAIR: N_("Clerk and approver: often together"),
    Pattern.OVERRIDES: N_("An approver's overrides: many"),
    Pattern.TILL: N_("A till's sales: many come back"),
    Pattern.LATE: N_("Long after the sale"),
    Pattern.DEAR: N_("Far above its till's usual amount"),
    Pattern.UNVERIFIED_CLERK: N_("Unverified returns: large amounts"),
    Pattern.UNVERIFIED_PHONE: N_("Unverified returns: one phone"),
    Pattern.KEYED: N_("Receipts keyed or found: many"),
    Pattern.SOON_CLERK: N_("Soon after the sale: one clerk"),
    Pattern.SOON_CASHIER: N_("Soon after the sale: one cashier"),
    Pattern.SOON_PAIR: N_("Soon after the sale: the same two"),
    Pattern.OWN_SALES: N_("Returns of one's own sales"),
    Pattern.VOIDS: N_("A clerk's voids: many"),
    Pattern.VOIDS_SIGNED: N_("Voids signed: many"),
    Pattern.REPRINTS: N_("Reprints of a clerk's forms: many"),
}
_SENTENCES: Final[Mapping[Pattern, str]] = {
    Pattern.CARD: N_(
        "{count} returns in {days} days with this card, {amount} together. Whoever brings something back at all does so"
        " {usual} times."
    ),
    Pattern.PHONE: N_(
        "{count} returns in {days} days with this phone, {amount} together. Whoever brings something back at all does"
        " so {usual} times."
    ),
    Pattern.RECEIPT: N_(
        "{count} returns of this one receipt in {days} days, {amount} together. A receipt of which something comes back"
        " at all has {usual}."
    ),
    Pattern.CLERK_OFTEN: N_(
        "{who}: {count} returns on {of} days at the counter, {amount} together. At the others' pace it would be"
        " {usual}."
    ),
    Pattern.CLERK_DEAR: N_("{who}: {count} in {of} returns. As large as the others' they would come to {usual}."),
    Pattern.PAIR: N_(
        "{other} signed {count} of {who}'s {of} returns, {amount} together. By their shares in each shift it would be"
        " {usual}."
    ),
    Pattern.OVERRIDES: N_(
        "{who} overrode a rule in {count} of {of} approvals, {amount} together. By the mean of the role, or of their"
        " own earlier days, it would be {usual}."
    ),
    Pattern.TILL: N_(
        "Till {who}: {count} of {of} receipts came back, {amount} together. By the other tills' share it would be"
        " {usual}."
    ),
    Pattern.LATE: N_(
        "Receipt {who} came back {count} days after the sale, {amount}. At its till it is {usual} days on the average."
    ),
    Pattern.DEAR: N_("Receipt {who}: {count} came back. At its till it is usually about {usual}."),
    Pattern.UNVERIFIED_CLERK: N_(
        "{who}: unverified returns of {count} among {of} returns. By the others' share it would be {usual}."
    ),
    Pattern.UNVERIFIED_PHONE: N_(
        "{count} unverified returns in {days} days with this phone, {amount} together. Whoever has one at all has"
        " {usual}."
    ),
    Pattern.KEYED: N_(
        "{who}: the receipt was keyed or looked up instead of scanned in {count} of {of} returns, {amount} together. By"
        " the others' share it would be {usual}."
    ),
    Pattern.SOON_CLERK: N_(
        "{who}: {count} of {of} returns came within half an hour of the sale, {amount} together. By the others' share"
        " it would be {usual}."
    ),
    Pattern.SOON_CASHIER: N_(
        "Cashier {who}: {count} of {of} returns of their sales came within half an hour, {amount} together. By the"
        " others' share it would be {usual}."
    ),
    Pattern.SOON_PAIR: N_(
        "{who} took back {count} sales of cashier {other} within half an hour, of {of} returns between the two,"
        " {amount} together. By the others' share it would be {usual}."
    ),
    Pattern.OWN_SALES: N_(
        "{who} took back {count} sales that they rang up themselves, of {of} returns, {amount} together. By the others'"
        " share it would be {usual}."
    ),
    Pattern.VOIDS: N_(
        "{who} made forms of {count} returns void, of {of} that they prepared, {amount} together. By the others' share"
        " it would be {usual}."
    ),
    Pattern.VOIDS_SIGNED: N_(
        "{who} signed the voids of {count} returns, of {of} that they approved, {amount} together. By the others' share"
        " it would be {usual}."
    ),
    Pattern.REPRINTS: N_(
        "Forms of {count} of {who}'s {of} returns were printed again, {amount} together. By the others' share it would"
        " be {usual}."
    ),
}


def title_of(told: SignalText) -> str:
    """Return in a few words what stands out."""
    return _(_TITLES[told.signal.pattern])


def whom_of(told: SignalText) -> str:
    """Return whom it is about; cards and phones are masked."""
    match told.signal.pattern:
        case Pattern.CARD:
            return masked(told.names[0], Mask.CARD)
        case Pattern.PHONE | Pattern.UNVERIFIED_PHONE:
            return masked(told.names[0], Mask.PHONE)
        case Pattern.RECEIPT | Pattern.LATE | Pattern.DEAR:
            return receipt_number(told.names[0])
        case Pattern.TILL:
            return _("Till {number}").format(number=told.names[0])
        case Pattern.SOON_CASHIER:
            return _("Cashier {number}").format(number=told.names[0])
        case _:
            return " – ".join(told.names)


def sentence_of(told: SignalText) -> str:
    """Return the whole sentence, with the store's own mean."""
    signal = told.signal
    who = receipt_number(told.names[0]) if signal.pattern in {Pattern.LATE, Pattern.DEAR} else told.names[0]
    return _(_SENTENCES[signal.pattern]).format(
        who=who, other=told.names[-1], count=count_of(told), of=signal.of, usual=usual_of(told), days=signal.days,
        amount=format_fen(signal.amount),
    )  # fmt: skip


def count_of(told: SignalText) -> str:
    """Return what was counted, or its money."""
    signal = told.signal
    return format_fen(signal.count) if signal.pattern in _MONEY else str(signal.count)


def usual_of(told: SignalText) -> str:
    """Return what would be usual, to one place."""
    signal = told.signal
    return format_fen(round(signal.usual)) if signal.pattern in _MONEY else f"{signal.usual:.1f}"


def row_of(told: SignalText) -> Row:
    """Return a signal as a row: what stands out, of whom, how much, and what would be usual."""
    very = told.signal.surprise >= _VERY
    return Row(
        key=(told.signal.pattern, told.signal.subject),
        name=title_of(told),
        quiet=whom_of(told),
        numbers=(count_of(told), usual_of(told)),
        verdict=RowVerdict(
            Meaning.OVERRIDABLE if very else Meaning.MISSING,
            _("Very unusual") if very else _("Unusual"),
            "triangle-alert",
        ),
    )


def behind_row(case: CaseBehind, today: dt.date) -> Row:
    """Return a case behind a signal as a row."""
    forms = form_numbers(case.numbers) if case.numbers else _("waits for approval")
    return Row(
        key=case.code,
        name=_(", ").join(case.goods),
        quiet=" • ".join((forms, receipt_number(case.receipt), case.clerk)),
        numbers=(day_words(case.day, today), format_fen(case.amount)),
    )


def facts_of_case(risk: CaseRisk) -> list[str]:
    """Return how a case was begun, where that is worth a look: without a receipt, keyed, right after the sale."""
    facts = []
    if risk.entered == TYPED:
        facts.append(_("No receipt: typed by hand"))
    elif risk.entered == KEYED:
        facts.append(_("Receipt keyed or found, not scanned"))
    if risk.soon and risk.minutes is not None:
        said = _n("{count} minute after the sale", "{count} minutes after the sale", risk.minutes)
        facts.append(said.format(count=risk.minutes))
    return facts
