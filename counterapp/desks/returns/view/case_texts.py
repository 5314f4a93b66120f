"""The words of a case as it stands: being prepared, waiting, approved, with its forms good, used or void."""

from __future__ import annotations

from typing import Final

from counterapp.core.codes import grouped
from counterapp.desks.returns.services.details import LineDetails, ReturnDetails
from counterapp.desks.returns.view.form_texts import end_words, form_words, good_ones
from counterapp.desks.returns.view.open_case import Reading
from counterapp.desks.returns.view.texts import kind_of, signer_words, times_of, verdict_of
from counterapp.return_forms.models import APPROVED, DRAFT, DROPPED, REFUSED, WAITING
from counterapp.return_forms.texts import form_numbers
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import DOT
from counterapp.ui.widgets.panels import VerdictText
from counterapp.words import _

_SUMMARY: Final = 10


def hint_of(reading: Reading, *, signs: bool, editable: bool) -> LiveText | None:
    """Return what to do next, None for the desk's usual hint; `signs`: whoever is signed in may sign the case."""
    if reading.state == WAITING and signs:
        return lambda: _("Look at it, then press Enter to sign it or send it back")
    if reading.state == WAITING:
        return lambda: _("Call the approver, or scan the next receipt")
    if editable and not reading.desk.chosen:
        return lambda: _("Scan the goods that come back")
    return None


def state_words(desk: ReturnDetails) -> str:
    """Return how it stands with a case that is not the clerk's to change now."""
    if desk.forms and all(form.void is not None for form in desk.forms):
        return _("Void")
    return {
        DRAFT: _("Being prepared"),
        REFUSED: _("Sent back"),
        WAITING: _("Waits for approval"),
        APPROVED: _("Approved"),
        DROPPED: _("Dropped"),
    }[desk.case.state]


def summary_of(desk: ReturnDetails) -> str:
    """Return who prepared a case and what is on it, a line each."""
    clerk = _("Prepared by {name} {number}").format(name=desk.prepared_by.name, number=desk.prepared_by.number)
    goods = [f"{_('Void') if line.void else kind_of(line)}  {line.line.name} {times_of(line)}" for line in desk.chosen]
    shown = goods if len(goods) <= _SUMMARY else [*goods[: _SUMMARY - 1], "…"]
    return _below(f"{clerk}{DOT}{grouped(desk.case.code)}", *shown)


def said_of(reading: Reading, line: LineDetails | None) -> VerdictText | None:
    """Return what the verdict panel says: of the current line while the case is prepared, or how the case stands."""
    if reading.state == WAITING:
        small = _("It can still be taken back until it is signed.")
        return VerdictText(Meaning.MISSING, signer_words(reading.signer), small, "stamp")
    if reading.state == APPROVED:
        return _approved(reading.desk)
    if reading.state in {DRAFT, REFUSED}:
        return verdict_of(line) if line is not None else None
    return VerdictText(Meaning.NEUTRAL, _("Nothing came of this case"), _("Scan the receipt to begin again."))


def _approved(desk: ReturnDetails) -> VerdictText:
    """Return which forms came of an approved case, and how they stand."""
    good, over = good_ones(desk.forms), [form for form in desk.forms if form.ended is not None]
    if not over:
        said = _("Approved: form No. {numbers}").format(numbers=form_numbers(desk.numbers))
        return VerdictText(Meaning.ALLOWED, said, _("The form has been sent to the printer."))
    told = [end_words(over[0]), *(_below(form_words(form), end_words(form)) for form in over[1:])]
    if good:
        said = _("Still good: form No. {numbers}").format(numbers=form_numbers([form.number for form in good]))
        return VerdictText(Meaning.ALLOWED, said, _below(form_words(over[0]), *told))
    return VerdictText(
        Meaning.NEUTRAL, form_words(over[0]), _below(*told), "ban" if over[0].void is not None else "info"
    )


def _below(*sentences: str) -> str:
    return "\n".join(filter(None, sentences))
