"""What the rules say of a line before anything is asked: the few words beside it when the receipt appears.

Nothing is known of a category here. A few customers are imagined (a fault, spoiled, nothing wrong; an exchange, a
refund; today and on each later day on which the book changes its mind), each with everything in order, and the book
is weighed for all of them at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import product
from typing import Final

from counterapp.desks.returns.rules.evaluator import Evaluation, evaluate, is_on_day, limit_of, truths, values_of
from counterapp.return_forms.terms import Category, Effect, Facts, Flag, Kind, Reason

from .book import RuleBook, Text
from .conditions import CLAIMED, NO, OPEN, YES

_FAULTY, _SPOILED, _UNWANTED = Reason.QUALITY_FAULT, Reason.EXPIRED_OR_SPOILED, Reason.NO_LONGER_WANTED
_CUSTOMERS: Final = tuple(product((_FAULTY, _SPOILED, _UNWANTED), (Kind.EXCHANGE, Kind.REFUND)))
_ANY_DAY: Final = date.max


@dataclass(frozen=True, slots=True)
class Returnability:
    """The words beside a line, and the effect that gives them their colour."""

    effect: Effect
    sentence: Text

    def text(self, language: str) -> str:
        """Return the sentence in `language`, "zh" or "en"."""
        return self.sentence.text(language)


def returnability(
    book: RuleBook,
    category: Category,
    flags: frozenset[Flag],
    bought_on: date | None,
    today: date,
    returnable_milli: int,
) -> Returnability:
    """Return what `book` says today of an item of this category and these flags, of which so much may come back.

    `bought_on` is None where no receipt was found.
    """
    if returnable_milli <= 0:
        return Returnability(Effect.REFUSE, book.sentences["nothing_left"])
    return _outlook(book, category, flags, bought_on, today)


@lru_cache(maxsize=4096)
def _outlook(
    book: RuleBook, category: Category, flags: frozenset[Flag], bought_on: date | None, today: date
) -> Returnability:
    found = bought_on is not None
    day = (today - bought_on).days if bought_on is not None else 0
    facts = Facts(
        Kind.REFUND, _UNWANTED, category, flags, day, quantity_milli=1, returnable_milli=1, receipt_found=found,
        bought_on=bought_on,
    )  # fmt: skip
    days = book.days_for(bought_on)
    # Without a receipt no day is known, and so none on which the book changes its mind.
    turns = {limit_of(key, days) + 1 for key in book.day_keys} if found else set()
    on_days = (day, *sorted(turn for turn in turns if turn > day))
    weighed = _weigh(book, facts, days, on_days)
    ways = {customer: number * len(on_days) for number, customer in enumerate(_CUSTOMERS)}
    effects = {customer: weighed.effect(way) for customer, way in ways.items()}
    until = {
        customer: _until(weighed, way, on_days, bought_on or today)
        for customer, way in ways.items()
        if effects[customer] is Effect.OK
    }
    say = book.sentences

    def come_back(reason: Reason) -> Text:
        parts = {kind.value: _by_day(say, kind, until[reason, kind]) for kind in Kind if (reason, kind) in until}
        return say["both"].fill(parts) if len(parts) > 1 else next(iter(parts.values()))

    def mildest(*customers: tuple[Reason, Kind]) -> tuple[Effect, Text]:
        customer = min(customers, key=lambda each: effects[each].strictness)
        return effects[customer], _why(book, weighed, ways[customer]).fill(values_of(book, facts, days))

    helped = {reason for reason, _kind in until}
    if (_UNWANTED, Kind.REFUND) in until:
        return Returnability(Effect.OK, come_back(_UNWANTED))
    unwanted, why = mildest(*((_UNWANTED, kind) for kind in Kind))
    if unwanted is Effect.REFUSE:
        unless = "unless_fault" if _FAULTY in helped else "unless_spoiled" if _SPOILED in helped else None
        return Returnability(unwanted, say[unless].fill({"what": why}) if unless else why)
    exchanged = until.get((_UNWANTED, Kind.EXCHANGE))
    if until.get((_SPOILED, Kind.REFUND)) == _ANY_DAY and exchanged != _ANY_DAY:
        return Returnability(Effect.OK, say["when_spoiled"].fill({"what": say["refund_any_day"]}))
    if exchanged:
        return Returnability(effects[_UNWANTED, Kind.REFUND], _by_day(say, "exchange_only", exchanged))
    if _FAULTY in helped:
        return Returnability(Effect.OK, say["with_fault"].fill({"what": come_back(_FAULTY)}))
    if _SPOILED in helped:
        return Returnability(Effect.OK, say["when_spoiled"].fill({"what": come_back(_SPOILED)}))
    return Returnability(*mildest(*_CUSTOMERS))


def _weigh(book: RuleBook, facts: Facts, days: Mapping[str, int], on_days: tuple[int, ...]) -> Evaluation:
    """Weigh every customer on every day, a way each, customer by customer."""
    a_day_each = len(on_days)
    everywhere = (1 << len(_CUSTOMERS) * a_day_each) - 1
    each_customer = everywhere // ((1 << a_day_each) - 1)
    world = dict.fromkeys(truths(book, facts, days), everywhere)
    for key in book.day_keys if facts.receipt_found else ():
        world[key] = each_customer * sum(is_on_day(key, day, days) << at for at, day in enumerate(on_days))
    for key in (CLAIMED, *(("kind", kind.value) for kind in Kind), *(("reason", reason.value) for reason in Reason)):
        world[key] = 0
    for number, (reason, kind) in enumerate(_CUSTOMERS):
        theirs = ((1 << a_day_each) - 1) << number * a_day_each
        world["kind", kind.value] |= theirs
        world["reason", reason.value] |= theirs
        if reason.claims_fault:
            world[CLAIMED] |= theirs
    for question in book.questions:
        asked = question.asked.ways(world, everywhere)
        world[question.answer.value, NO if question.in_order is False else YES] = asked
        world[question.answer.value, OPEN] = everywhere ^ asked
    return evaluate(book, world, everywhere)


def _until(weighed: Evaluation, way: int, on_days: tuple[int, ...], bought_on: date) -> date:
    """Return the last day on which the customer whose first way this is stays allowed."""
    for later, day in enumerate(on_days):
        if weighed.effect(way + later) is not Effect.OK:
            return bought_on + timedelta(days=day - 1)
    return _ANY_DAY


def _why(book: RuleBook, weighed: Evaluation, way: int) -> Text:
    """Return the sentence of the first rule that has its effect in this way; empty where all is allowed."""
    effect = weighed.effect(way)
    struck = {
        rule
        for grant, applies in zip(book.grants, weighed.applies, strict=True)
        if applies >> way & 1
        for rule in grant.takes_out
    }
    for rule, speaks in zip(book.rules, weighed.speaks, strict=True):
        if speaks >> way & 1 and rule.effect is effect and rule.id not in struck:
            return rule.sentence
    return Text("", "")


def _by_day(say: Mapping[str, Text], what: str, until: date) -> Text:
    if until == _ANY_DAY:
        return say[f"{what}_any_day"]
    return say[f"{what}_until"].fill({"until": f"{until:%m-%d}"})
