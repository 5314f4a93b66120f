"""The rule book that the program carries, and facts to judge by it."""

from __future__ import annotations

from typing import Any

from counterapp.desks.returns.rules import load_rule_book
from counterapp.return_forms.terms import Answer, Category, Facts, Flag, Kind, Reason
from resources import resource

TEXT = resource("rulebooks/default.toml").read_text(encoding="utf-8")
BOOK = load_rule_book(TEXT)

IN_ORDER = {
    Answer.PACKAGE_WHOLE: True,
    Answer.ACCESSORIES_COMPLETE: True,
    Answer.SIGNS_OF_USE: False,
    Answer.CUSTOMER_CAUSED_DAMAGE: False,
}
APPLIANCE_IN_ORDER = {
    **IN_ORDER,
    Answer.TESTED: True,
    Answer.WARRANTY_CARD: True,
    Answer.OPENED_BY_CUSTOMER: False,
    Answer.DISASTER: False,
}


def facts(words: str = "", /, day: int | None = 3, **changes: Any) -> Facts:
    """An exchange of general goods that are no longer wanted, in order; `words` are codes that say otherwise.

    "appliance refund quality_fault clearance +fault_confirmed -warranty_card ?tested": +yes, -no, ?not answered.
    """
    codes = words.split()
    category = next((Category(code) for code in codes if code in set(Category)), Category.GENERAL)
    answers = dict(APPLIANCE_IN_ORDER if category is Category.APPLIANCE else IN_ORDER)
    for code in codes:
        if code[0] in "+-":
            answers[Answer(code[1:])] = code[0] == "+"
        elif code[0] == "?":
            answers.pop(Answer(code[1:]), None)
    known: dict[str, Any] = {
        "kind": next((Kind(code) for code in codes if code in set(Kind)), Kind.EXCHANGE),
        "reason": next((Reason(code) for code in codes if code in set(Reason)), Reason.NO_LONGER_WANTED),
        "category": category,
        "flags": frozenset(Flag(code) for code in codes if code in set(Flag)),
        "day": day,
        "quantity_milli": 1000,
        "returnable_milli": 1000,
        "invoiced": "invoiced" in codes,
        "answers": answers,
    }
    return Facts(**known | changes)
