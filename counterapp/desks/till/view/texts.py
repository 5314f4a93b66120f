"""The words of the till: from what was read to what stands on the screen. No widget is made here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from counterapp.core.money import format_fen
from counterapp.desks.till.services.form_acceptance import EXPIRED, GOOD, FormAtTill
from counterapp.desks.till.services.parts import Stack
from counterapp.desks.till.services.paying import PaidOut
from counterapp.desks.till.services.redeeming import Redeemed
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
from counterapp.return_forms.terms import Kind, name_of
from counterapp.return_forms.texts import form_numbers, receipt_number
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import Fact
from counterapp.words import N_, _, _n

_STATES: Final = {
    GOOD: (Meaning.ALLOWED, N_("Good")),
    EXPIRED: (Meaning.MISSING, N_("Expired")),
    REDEEMED: (Meaning.REFUSED, N_("Used already")),
    SETTLED: (Meaning.REFUSED, N_("Paid out already")),
    VOID: (Meaning.REFUSED, N_("Void")),
    RENEWED: (Meaning.REFUSED, N_("Issued anew")),
}
_SETTLED: Final = {
    IN_GOODS: N_("In goods, no change"),
    IN_CASH: N_("In cash"),
    IN_TENDER: N_("Back to {tender}"),
}
_GOES: Final = {
    NEW_FORM: N_("{amount} is left: it goes onto a new form, which prints here."),
    FORFEITED: N_("{amount} is left: it lapses. Tell the customer first."),
    PAID: N_("{amount} is left: it is paid out, with a second signature."),
}


def state_words(form: FormAtTill) -> tuple[Meaning, str]:
    """Return how a form stands, in a word and its colour; what may not be taken is red."""
    meaning, said = _STATES[form.state]
    if form.state == EXPIRED and not form.may_be_renewed:
        meaning = Meaning.REFUSED
    return meaning, _(said)


def verdict_words(form: FormAtTill) -> str:
    """Return the sentence of a form: until when it is good, or what speaks against taking it."""
    if form.why is not None:
        return str(form.why)
    return _("Good until {day}").format(day=f"{form.expires_on:%Y-%m-%d}")


def kind_words(form: FormAtTill) -> str:
    """Return what the form is for."""
    origin = {FROM_REST: N_("Rest of another form"), FROM_EXPIRED: N_("In place of an expired one")}.get(form.origin)
    kind = name_of(Kind(form.kind))
    return f"{kind} • {_(origin)}" if origin else kind


def copies_words(form: FormAtTill) -> str:
    """Return how many papers there are of the form beside the first one; "" for none."""
    return _n("{count} reprint", "{count} reprints", form.copies).format(count=form.copies) if form.copies else ""


def facts_of(form: FormAtTill) -> list[Fact]:
    """Return the quiet facts of a form."""
    return [
        Fact(_("How it is settled"), _(_SETTLED[form.settlement]).format(tender=form.tender)),
        Fact(_("Goods came back of"), receipt_number(form.receipt_no)),
        Fact(_("Made by"), form.clerk),
        Fact(_("Approved by"), form.supervisor),
    ]


def rest_words(form: FormAtTill, rest: int) -> str:
    """Return what becomes of what is left over."""
    return _(_GOES[form.rest_goes(rest)]).format(amount=format_fen(rest))


def left_words(done: Redeemed) -> tuple[str, int]:
    """Return what somebody still has to think of, and how many fen: what is left over, or what was used."""
    if done["rest_how"] in {NEW_FORM, PAID}:
        return _("Left over"), done["rest"]
    return _("Used"), done["used"]


def redeemed_words(done: Redeemed) -> tuple[str, str]:
    """Return what came of a form that was redeemed, and what to do with what was left."""
    said = _("Form {number} is used: {used} of {amount}.").format(
        number=form_numbers([done["number"]]), used=format_fen(done["used"]), amount=format_fen(done["amount"])
    )
    keep = _("Sign part 2 and keep it.")
    rest = format_fen(done["rest"])
    small = {
        NEW_FORM: _("The rest, {rest}, is on form {number}, which prints here: give it to the customer."),
        FORFEITED: _("The rest, {rest}, has lapsed."),
        PAID: _("Pay the customer the rest: {rest}."),
    }.get(done["rest_how"], "")
    if small:
        keep = f"{small.format(rest=rest, number=form_numbers([done['rest_number'] or 0]))} {keep}"
    return said, keep


def paid_words(done: PaidOut, tender: str) -> tuple[str, str]:
    """Return what came of a form that was paid out."""
    said = {
        IN_CASH: _("Form {number} is paid out: {amount} in cash."),
        IN_TENDER: _("Form {number} is paid back: {amount} to {tender}."),
    }[done["method"]]
    number, amount = form_numbers([done["number"]]), format_fen(done["amount"])
    return said.format(number=number, amount=amount, tender=tender), _("Sign part 2 and keep it.")


def stack_words(stack: Stack) -> str:
    """Return whose stack it is."""
    return _("Till {till} • {cashier}").format(till=stack.till, cashier=stack.cashier)


def stack_status(stack: Stack) -> tuple[Meaning, str]:
    """Return how a stack stands: what is missing first, then what waits to be counted over."""
    if stack.missing:
        missing = len(stack.missing)
        return Meaning.REFUSED, _n("{count} missing", "{count} missing", missing).format(count=missing)
    if stack.count:
        return Meaning.MISSING, _("all here, to be counted over")
    return Meaning.ALLOWED, _("counted over")


def missing_words(numbers: Sequence[int]) -> str:
    """Name the forms whose part 2 is missing."""
    if not numbers:
        return _("No part 2 is missing here.")
    return _("Missing: {numbers}").format(numbers=form_numbers(numbers))
