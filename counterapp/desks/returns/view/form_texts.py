"""The words of forms as they stand, and of what else hangs on a line. No widget is made here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from counterapp.core.claims import GIFTS, INVOICES, PICK_UPS
from counterapp.core.money import format_quantity
from counterapp.desks.returns.services.details import LineDetails
from counterapp.return_forms.models import REDEEMED, RENEWED, SETTLED, VOID
from counterapp.return_forms.printouts.facts import COPIES
from counterapp.return_forms.status import FormStatus, VoidDetails
from counterapp.ui.widgets import DOT
from counterapp.words import N_, _

_STANDS: Final = {
    VOID: N_("Form No. {number} is void"),
    REDEEMED: N_("Form No. {number} was used"),
    SETTLED: N_("Form No. {number} was paid out"),
    RENEWED: N_("Form No. {number} was issued anew"),
}
_HANGS: Final = {
    GIFTS: N_("Gift given × {quantity}"),
    INVOICES: N_("Invoice issued × {quantity}"),
    PICK_UPS: N_("Picked up and tested × {quantity}"),
}
#: What a return has to do about it (spec/returns.md, "What hangs on a receipt line").
_TO_DO: Final = {
    GIFTS: N_("A gift was given for it: it comes back, is paid for, or is waived with a signature."),
    INVOICES: N_("An invoice was issued for it: it is handed back, or the red-letter task is opened."),
    PICK_UPS: N_("It was tested and handed out: another serial number than the one on the card is refused."),
}


def form_words(form: FormStatus) -> str:
    """Return how a form stands, in a few words; empty while it is good."""
    if form.ended is None:
        return ""
    return _(_STANDS[form.ended.how]).format(number=f"{form.number:06}")


def end_words(form: FormStatus) -> str:
    """Return when, where and by whom a form ended, for what, and why where it is void; empty while it is good."""
    if form.ended is None:
        return ""
    said = [f"{form.ended.at:%m-%d %H:%M}", _("station {station}").format(station=form.ended.station)]
    if form.void is None:
        said.append(form.ended.who)
        if form.ended.receipt_no:
            said.append(_("for receipt {receipt}").format(receipt=form.ended.receipt_no))
        return DOT.join(said)
    return "\n".join((form.void.reason, DOT.join(said), *_signed(form.void)))


def good_ones(forms: Sequence[FormStatus]) -> tuple[FormStatus, ...]:
    """Return the forms that can still be used."""
    return tuple(form for form in forms if form.ended is None)


def hanging_words(line: LineDetails) -> list[str]:
    """Return what else was claimed of a line, with the quantity."""
    return [_(_HANGS[pool]).format(quantity=format_quantity(taken)) for pool, taken in line.hanging.items()]


def hanging_to_do(line: LineDetails) -> list[str]:
    """Return what has to be done about what hangs on a line before it comes back."""
    return [_(_TO_DO[pool]) for pool in line.hanging]


def part_words(parts: Sequence[int]) -> str:
    """Return parts of a form as people name them: "Part 1, Part 3"."""
    return _(", ").join(_(COPIES[part - 1][0]) for part in parts)


def _signed(void: VoidDetails) -> list[str]:
    clerk = _("{name} (for the clerk)") if void.clerk_absent else "{name}"
    signer = _("{name} (for the approver)") if void.approver_absent else "{name}"
    names = _(", ").join((clerk.format(name=void.clerk), signer.format(name=void.signer)))
    said = [_("Signed: {names}").format(names=names)]
    missing = [part for part in (1, 2, 3) if part not in void.parts]
    if missing:
        said.append(_("Missing: {parts}. {note}").format(parts=part_words(missing), note=void.note))
    return said
