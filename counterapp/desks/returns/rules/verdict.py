"""The verdict on one line: pure code, from a rule book and facts to what speaks, what counts and what is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from counterapp.desks.returns.rules.evaluator import columns, evaluate, matters, truths, values_of
from counterapp.return_forms.terms import Answer, Effect, Facts

from .book import Question, RuleBook, Text
from .conditions import NO, OPEN, YES, Key


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that speaks. `struck`: the grants that take it out of the verdict; it stays on the record."""

    rule: str
    effect: Effect
    struck: tuple[str, ...]
    sentence: Text

    def text(self, language: str) -> str:
        """Return the sentence in `language`, "zh" or "en"."""
        return self.sentence.text(language)


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant of the law that applies."""

    grant: str
    sentence: Text

    def text(self, language: str) -> str:
        """Return the sentence in `language`, "zh" or "en"."""
        return self.sentence.text(language)


class Way(StrEnum):
    """What may serve the customer better than what was asked."""

    REFUND = "refund"
    EXCHANGE = "exchange"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True)
class Better:
    """A way that would fare better than what was asked."""

    way: Way
    sentence: Text

    def text(self, language: str) -> str:
        """Return the sentence in `language`, "zh" or "en"."""
        return self.sentence.text(language)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of one line.

    `effect` is the strictest of the findings that are not struck; `findings` are all that speak, in the order of the
    book. `questions` are the open answers that could still change the effect, in the order of work at the counter.
    """

    effect: Effect
    findings: tuple[Finding, ...]
    grants: tuple[Granted, ...]
    questions: tuple[Question, ...]
    better: Better | None

    @property
    def lacks_evidence(self) -> bool:
        """Whether something must still be brought, which blocks an approval under an override as well."""
        return any(finding.effect is Effect.EVIDENCE and not finding.struck for finding in self.findings)


def judge(book: RuleBook, facts: Facts) -> Verdict:
    """Judge one line by `book`, and find the questions by weighing every way to answer what is still open."""
    days = book.days_for(facts.bought_on)
    plain: dict[Key, int] = dict.fromkeys(truths(book, facts, days), 1)
    asked = [question for question in book.questions if question.asked.ways(plain, 1)]
    still_open = [question for question in asked if question.answer not in facts.answers]
    outcomes = [book.told_apart(question.answer) for question in still_open]
    everywhere, of_each = columns(tuple(len(each) for each in outcomes))

    world = dict.fromkeys(plain, everywhere)
    # What is not asked of this item counts as not answered, even where an answer is given.
    world.update(((answer.value, OPEN), everywhere) for answer in Answer)
    for question in asked:
        if question.answer in facts.answers:
            world[question.answer.value, OPEN] = 0
            world[question.answer.value, YES if facts.answers[question.answer] else NO] = everywhere
    for question, said, column in zip(still_open, outcomes, of_each, strict=True):
        world.update(zip(((question.answer.value, each) for each in said), column, strict=True))

    weighed = evaluate(book, world, everywhere)
    values = values_of(book, facts, days)
    given = [grant for grant, ways in zip(book.grants, weighed.applies, strict=True) if ways & 1]
    return Verdict(
        effect=weighed.effect(0),
        findings=tuple(
            Finding(
                rule.id,
                rule.effect,
                tuple(grant.id for grant in given if rule.id in grant.takes_out),
                rule.sentence.fill(values),
            )
            for rule, ways in zip(book.rules, weighed.speaks, strict=True)
            if ways & 1
        ),
        grants=tuple(Granted(grant.id, grant.sentence.fill(values)) for grant in given),
        questions=tuple(
            question for question, column in zip(still_open, of_each, strict=True) if matters(weighed, column)
        ),
        better=_better(book, facts, world, everywhere, weighed.mildest(), values),
    )


def favourable(questions: Iterable[Question]) -> Mapping[Answer, bool]:
    """Return the answers of the key "all in order"; what must be looked at or tested is not among them."""
    return {question.answer: question.in_order for question in questions if question.in_order is not None}


def _better(
    book: RuleBook,
    facts: Facts,
    world: Mapping[Key, int],
    everywhere: int,
    mildest: Effect,
    values: Mapping[str, object],
) -> Better | None:
    """Compare the mildest effects that can still be reached, so that it is said before all is answered."""
    if mildest is Effect.OK:
        return None
    other = facts.kind.other
    swapped = {**world, ("kind", facts.kind.value): 0, ("kind", other.value): everywhere}
    if evaluate(book, swapped, everywhere).mildest().strictness < mildest.strictness:
        return Better(Way(other.value), book.sentences[f"better_{other}"])
    if book.repair and book.repair.when.ways(world, everywhere) & 1:
        return Better(Way.REPAIR, book.repair.sentence.fill(values))
    return None
