"""The rule book as values: what one readable file of a manager says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import Final

from counterapp.return_forms.terms import Answer, Category, Effect

from .conditions import NO, OPEN, YES, Condition, Key

HOUSE: Final = "house"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages of the counter."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """Return the sentence in `language`, "zh" or "en"."""
        return {"zh": self.zh, "en": self.en}[language]

    def fill(self, values: Mapping[str, object]) -> Text:
        """Put `values` into the {named} places; a Text among them fills each language with its own."""
        if "{" not in self.zh + self.en:
            return self
        zh, en = (
            {name: value.text(language) if isinstance(value, Text) else value for name, value in values.items()}
            for language in ("zh", "en")
        )
        return Text(self.zh.format(**zh), self.en.format(**en))

    def places(self) -> set[str]:
        """Return the names of the {places}, with whatever stands behind them. Raises ValueError for a loose brace."""
        return {
            field + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
            for sentence in (self.zh, self.en)
            for _before, field, spec, conversion in Formatter().parse(sentence)
            if field is not None
        }


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the house: it speaks when its condition holds."""

    id: str
    effect: Effect
    when: Condition
    sentence: Text


@dataclass(frozen=True, slots=True)
class Grant:
    """What the law gives the customer: where it applies, the findings of `takes_out` do not count."""

    id: str
    when: Condition
    takes_out: frozenset[str]
    sentence: Text


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked at the counter. `in_order`: the answer that "all in order" gives; None: answered by itself."""

    answer: Answer
    asked: Condition
    in_order: bool | None
    sentence: Text

    def text(self, language: str) -> str:
        """Return the question in `language`, "zh" or "en"."""
        return self.sentence.text(language)


@dataclass(frozen=True, slots=True)
class Repair:
    """When a warranty repair is offered instead."""

    when: Condition
    sentence: Text


@dataclass(frozen=True, slots=True)
class Holiday:
    """What was bought from `bought_from` through `bought_until` is taken back through `returns_until` at least."""

    bought_from: date
    bought_until: date
    returns_until: date


@dataclass(frozen=True, slots=True, eq=False)
class RuleBook:
    """The rules in force for what is bought from `starts` on. Two books are the same only if they are one object.

    `days` are the book's numbers of days by name; holidays lengthen the one named "house". `keys` is all
    that its conditions look at; `sentences` stand beside a line before anything is asked.
    """

    id: str
    name: Text
    starts: date
    days: Mapping[str, int]
    holidays: tuple[Holiday, ...]
    categories: Mapping[Category, Text]
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]
    grants: tuple[Grant, ...]
    repair: Repair | None
    sentences: Mapping[str, Text]
    keys: frozenset[Key]

    @property
    def day_keys(self) -> Iterator[Key]:
        """All that the conditions say of the day."""
        return (key for key in self.keys if key[0] == "day")

    def told_apart(self, answer: Answer) -> tuple[str, ...]:
        """Return the outcomes of `answer` that the conditions can tell apart, "open" first.

        Where they ask only whether it is yes, no and open are the same to them.
        """
        known = [said for said in (OPEN, YES, NO) if (answer.value, said) in self.keys]
        if len(known) > 1:
            return OPEN, YES, NO
        return OPEN, *([YES] if known == [OPEN] else known)

    def days_for(self, bought_on: date | None) -> Mapping[str, int]:
        """Return `days` as they hold for what was bought on `bought_on`, the house's lengthened by the holidays."""
        spans = (
            (holiday.returns_until - bought_on).days
            for holiday in self.holidays
            if bought_on is not None and holiday.bought_from <= bought_on <= holiday.bought_until
        )
        longest = max(spans, default=0)
        return {**self.days, HOUSE: max(self.days[HOUSE], longest)} if longest else self.days
