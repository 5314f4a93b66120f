"""Weighing a rule book in many ways at once.

A way is one bit: one answering of the open questions (`judge`) or one probe (`outlook`). What is true in which ways
is a world, key → bits; one pass over the book then tells in which ways every rule speaks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from math import prod

from counterapp.return_forms.terms import EFFECTS, Effect, Facts

from .book import RuleBook
from .conditions import CLAIMED, FOUND, ISSUED, NOT_TOO_MANY, TOO_MANY, Key


@dataclass(frozen=True, slots=True)
class Evaluation:
    """In which ways each rule speaks and each grant applies, in the book's order.

    `at_least[n]`: the ways whose effect has a strictness of n or more; `at_least[0]` are all ways there are.
    """

    speaks: tuple[int, ...]
    applies: tuple[int, ...]
    at_least: tuple[int, ...]

    def effect(self, way: int) -> Effect:
        """Return the effect in the way of bit number `way`."""
        return EFFECTS[sum(bits >> way & 1 for bits in self.at_least) - 1]

    def mildest(self) -> Effect:
        """Return the mildest effect of all ways."""
        return EFFECTS[self.at_least.count(self.at_least[0]) - 1]


def evaluate(book: RuleBook, world: Mapping[Key, int], everywhere: int) -> Evaluation:
    """Weigh all rules and grants of `book` in the ways of `world`."""
    speaks = tuple(rule.when.ways(world, everywhere) for rule in book.rules)
    applies = tuple(grant.when.ways(world, everywhere) for grant in book.grants)
    at_least = [everywhere, *(0 for _ in EFFECTS[1:])]
    for rule, ways in zip(book.rules, speaks, strict=True):
        struck = 0
        for grant, granted in zip(book.grants, applies, strict=True):
            if rule.id in grant.takes_out:
                struck |= granted
        at_least[rule.effect.strictness] |= ways & (everywhere ^ struck)
    for strictness in range(len(EFFECTS) - 2, 0, -1):
        at_least[strictness] |= at_least[strictness + 1]
    return Evaluation(speaks, applies, tuple(at_least))


def truths(book: RuleBook, facts: Facts, days: Mapping[str, int]) -> Iterator[Key]:
    """Yield all that is true of `facts`, answers apart; `days` are the book's as they hold for this purchase."""
    yield "kind", facts.kind
    yield "reason", facts.reason
    yield "category", facts.category
    if "." in facts.category:
        yield "category", facts.category.partition(".")[0] + ".*"
    for flag in facts.flags:
        yield "flag", flag
    if facts.reason.claims_fault:
        yield CLAIMED
    if facts.invoiced:
        yield ISSUED
    if not facts.receipt_found:
        return
    yield FOUND
    if facts.returnable_milli is not None:
        yield TOO_MANY if facts.quantity_milli > facts.returnable_milli else NOT_TOO_MANY
    if facts.day is not None:
        for key in book.day_keys:
            if is_on_day(key, facts.day, days):
                yield key


def is_on_day(key: Key, day: int, days: Mapping[str, int]) -> bool:
    """Return whether `key` ("day", "> house") is true on `day`."""
    return (day > limit_of(key, days)) == key[1].startswith(">")


def limit_of(key: Key, days: Mapping[str, int]) -> int:
    """Return the last day before `key` ("day", "> house") turns: a name of `days`, or the number itself."""
    limit = key[1].rpartition(" ")[2]
    return days[limit] if limit in days else int(limit)


@cache
def columns(outcomes: tuple[int, ...]) -> tuple[int, tuple[tuple[int, ...], ...]]:
    """Return all ways in which questions turn out, and for each question the ways of each of its outcomes.

    `outcomes` says how many each question has. A way's number has a digit a question, the first one's the lowest; in
    way 0 every question has its outcome 0.
    """
    ways = prod(outcomes)
    of_each = []
    stride = 1
    for count in outcomes:
        first, width = (1 << stride) - 1, stride * count
        first *= ((1 << ways) - 1) // ((1 << width) - 1)
        of_each.append(tuple(first << stride * outcome for outcome in range(count)))
        stride = width
    return (1 << ways) - 1, tuple(of_each)


def matters(weighed: Evaluation, column: tuple[int, ...]) -> bool:
    """Whether the effect depends on this column's question in at least one way the other questions may turn out."""
    if len(column) == 1:
        return False
    stride = column[1].bit_length() - column[0].bit_length()
    all_but_last = weighed.at_least[0] ^ column[-1]
    return any((bits ^ bits >> stride) & all_but_last for bits in weighed.at_least[1:])


def values_of(book: RuleBook, facts: Facts, days: Mapping[str, int]) -> Mapping[str, object]:
    """Return what fills the places of the book's sentences; what is unknown reads "?"."""
    known = facts.receipt_found
    return {
        **days,
        "day": facts.day if known and facts.day is not None else "?",
        "quantity": _amount(facts.quantity_milli),
        "returnable": _amount(facts.returnable_milli) if known and facts.returnable_milli is not None else "?",
        "category": book.categories[facts.category],
    }


def _amount(milli: int) -> str:
    """Write thousandths as people do: 1500 → "1.5", 10000 → "10"."""
    return f"{(Decimal(milli) / 1000).normalize():f}"
