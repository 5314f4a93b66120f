"""The words of the exit auditor's tab. No widget is made here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from counterapp.core.money import format_fen, format_quantity
from counterapp.desks.exit_check.models import MATCHES
from counterapp.desks.exit_check.services import EXPIRED, GOOD, Check, ExitCheckDetails, PurchasedLine
from counterapp.return_forms.models import REDEEMED, RENEWED, SETTLED, VOID
from counterapp.return_forms.texts import receipt_number
from counterapp.ui.texts import day_words
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import DOT, Fact, Row, RowVerdict, dotted
from counterapp.words import _, _n


@dataclass(frozen=True, slots=True)
class FormStatus:
    """How a form stands, in letters that are read from two steps away, and what to do."""

    meaning: Meaning
    icon: str
    words: str
    what_to_do: str


def status_of(form: ExitCheckDetails) -> FormStatus:
    """Return how a form stands at the door."""
    match form.state:
        case state if state == REDEEMED and form.receipt is not None and form.receipt.sold_at is None:
            return FormStatus(
                Meaning.MISSING,
                "receipt-text",
                _("Used at the till"),
                _("The receipt is not imported yet. Hold the goods against the customer's own receipt."),
            )
        case state if state == REDEEMED:
            return FormStatus(
                Meaning.ALLOWED, "circle-check", _("Used at the till"), _("Hold the goods against this receipt.")
            )
        case state if state == SETTLED:
            return FormStatus(
                Meaning.MISSING,
                "receipt-text",
                _("Paid in money"),
                _("No goods were taken for this form. Goods need a receipt of their own."),
            )
        case state if state == VOID:
            words, what_to_do = _("Void"), _("Do not let goods pass on it. Keep the form and call a supervisor.")
        case state if state == RENEWED:
            words = _("Replaced by another form")
            what_to_do = _("It was issued anew as No. {number}. Ask for that form.").format(
                number=f"{form.next_form or 0:06}"
            )
        case state if state == EXPIRED:
            words = _("Expired, never used")
            what_to_do = _("Nothing was taken for it at a till. Do not let goods pass; show the way to the counter.")
        case state if state == GOOD:
            words = _("Not used yet")
            what_to_do = _("Nothing was taken for it at a till. Do not let goods pass; show the way to a till.")
        case unknown:
            raise ValueError(unknown)
    return FormStatus(Meaning.REFUSED, "ban", words, what_to_do)


def facts_of(form: ExitCheckDetails) -> list[Fact]:
    """Return what is known of how the form was used."""
    facts = [Fact(_("Form worth"), format_fen(form.amount))]
    receipt, end = form.receipt, form.end
    if receipt is not None:
        facts.append(Fact(_("New receipt"), receipt_number(receipt.number)))
        if receipt.sold_at is not None:
            facts.append(Fact(_("Bought at"), time_words(receipt.sold_at, form.today)))
        till = _("{till} • {cashier}").format(till=receipt.till, cashier=receipt.cashier)
        facts.append(Fact(_("Till"), till if receipt.cashier else receipt.till))
        facts.append(Fact(_("Receipt total"), format_fen(receipt.total)))
    elif end is not None:
        facts.append(Fact(_("When"), time_words(end.at, form.today)))
        facts.append(Fact(_("Handled by"), f"{end.who}{DOT}{_('Station {station}').format(station=end.station)}"))
        if form.paid:
            facts.append(Fact(_("How"), _("in cash") if form.paid == "cash" else _("to the original tender")))
    else:
        facts.append(Fact(_("Good until"), day_words(form.expires_on, form.today)))
    return facts


def row_of(line: PurchasedLine) -> Row:
    """Return a line of the new receipt; what is more than one piece has to be counted."""
    quiet = dotted(line.item_no, line.barcode)
    numbers = (format_fen(line.amount), format_quantity(line.quantity))
    verdict = None
    if line.quantity % 1000:
        verdict = RowVerdict(Meaning.NEUTRAL, _("weighed"))
    elif line.quantity > 1000:
        count = line.quantity // 1000
        verdict = RowVerdict(Meaning.MISSING, _n("{count} piece", "{count} pieces", count).format(count=count), "copy")
    return Row(line.line_no, line.item, quiet, numbers, verdict)


def counted_row(line: PurchasedLine, there: int | None) -> Row:
    """Return a line as it was counted at the door; `there` in thousandths, None where it agrees."""
    if there is None:
        verdict = RowVerdict(Meaning.ALLOWED, _("agrees"))
    elif there == 0:
        verdict = RowVerdict(Meaning.REFUSED, _("not there"))
    else:
        verdict = RowVerdict(Meaning.REFUSED, _("another quantity"), "triangle-alert")
    shown = line.quantity if there is None else there
    numbers = (format_quantity(line.quantity), format_quantity(shown))
    return Row(line.line_no, line.item, line.item_no, numbers, verdict, marked=there is not None)


def shared_words(form: ExitCheckDetails) -> str:
    """Return which other forms were used for the same receipt, empty for none."""
    shared = form.receipt.shared if form.receipt is not None else ()
    if not shared:
        return ""
    numbers = _(", ").join(f"{number:06}" for number in shared)
    return _n(
        "Form {numbers} was used for the same receipt.", "Forms {numbers} were used for the same receipt.", len(shared)
    ).format(numbers=numbers)


def again_words(check: Check) -> str:
    """Return what is said of a form that was shown at the door before on the same day."""
    found = _("it matched") if check.finding == MATCHES else _("it differed")
    return _("Checked today already: {time} by {name}, {found}").format(
        time=f"{check.at:%H:%M}", name=check.by, found=found
    )


def check_words(check: Check, today: dt.date) -> str:
    """Return an earlier check in one line."""
    found = _("matches") if check.finding == MATCHES else _("differs")
    said = [time_words(check.at, today), check.by, found]
    return DOT.join([*said, check.note] if check.note else said)


def kept_words(form: ExitCheckDetails, matched: bool) -> str:
    """Return what is said once a check is kept."""
    said = _("Form {number}: everything matches") if matched else _("Form {number}: the difference is kept")
    return said.format(number=f"{form.number:06}")


def time_words(at: dt.datetime, today: dt.date) -> str:
    """Return a moment of the store: the day only where it is another one."""
    return f"{at:%H:%M}" if at.date() == today else f"{day_words(at.date(), today)} {at:%H:%M}"
