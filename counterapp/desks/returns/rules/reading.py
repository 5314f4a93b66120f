"""Reading a rule book: a manager's file in, a `RuleBook` or all of its mistakes out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from counterapp.errors import BadInput
from counterapp.return_forms.terms import Answer, Category, Effect
from counterapp.words import N_

from .book import HOUSE, Grant, Holiday, Question, Repair, Rule, RuleBook, Text
from .conditions import MOST_DAYS, NO, YES, Condition, Line, read_sentence

_Table = Mapping[str, Any]
_FACTS_IN_TEXTS: Final = ("day", "quantity", "returnable", "category")
# What stands beside a line before anything is asked (`outlook`), and what is said of the other kind; with its places.
_SENTENCES: Final[Mapping[str, tuple[str, ...]]] = {
    "refund_until": ("until",),
    "refund_any_day": (),
    "exchange_until": ("until",),
    "exchange_any_day": (),
    "exchange_only_until": ("until",),
    "exchange_only_any_day": (),
    "both": ("refund", "exchange"),
    "with_fault": ("what",),
    "when_spoiled": ("what",),
    "unless_fault": ("what",),
    "unless_spoiled": ("what",),
    "nothing_left": (),
    "better_refund": (),
    "better_exchange": (),
}


@dataclass(frozen=True, slots=True)
class _Mistakes:
    """All that is wrong, each with its place: "rule window", "days", or "" for the head of the file."""

    placed: Sequence[tuple[str, BadInput]]

    def text(self, language: str) -> str:
        named = ((place, mistake.in_language(language)) for place, mistake in self.placed)
        return "; ".join(f"{place}: {mistake}" if place else mistake for place, mistake in named)


def load_rule_book(text: str) -> RuleBook:
    """Read the TOML of a rule book (resources/rulebooks/default.toml shows and explains every part).

    Raises BadInput, which names all mistakes: where, which key, and what is allowed there.
    """
    try:
        table = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        where = line[1] if line else str(text.count("\n") + 1)
        mistake = BadInput(N_("line {line} cannot be read (quotation marks, brackets, equals signs)"), line=where)
        raise _not_taken([("", mistake)]) from error
    reader = _Reader()
    book = reader.book(table)
    if reader.mistakes:
        raise _not_taken(reader.mistakes)
    return book


def _not_taken(mistakes: Sequence[tuple[str, BadInput]]) -> BadInput:
    return BadInput(N_("The rule book is not taken over. Put right: {mistakes}."), mistakes=_Mistakes(mistakes))


class _Reader:
    """Reads on behind a mistake, with something harmless in its place, so that all of them are named at once."""

    def __init__(self) -> None:
        self.mistakes: list[tuple[str, BadInput]] = []
        self.days: dict[str, int] = {}

    def book(self, table: _Table) -> RuleBook:
        required = ("id", "name", "starts", "days", "category", "question", "rule", "sentences")
        self._keys(table, "", required, ("grant", "repair", "holiday"))
        self.days = self._days(self._table(table, "days", ""))
        questions = tuple(self._question(each, place) for each, place in self._each(table, "question", "answer"))
        rules = tuple(self._rule(each, place) for each, place in self._each(table, "rule", "id"))
        ids = [rule.id for rule in rules]
        grants = tuple(self._grant(each, place, ids) for each, place in self._each(table, "grant", "id"))
        repair = self._repair(self._table(table, "repair", "")) if "repair" in table else None
        conditions = [(f"rule {rule.id}", rule.when) for rule in rules]
        conditions += [(f"grant {grant.id}", grant.when) for grant in grants]
        conditions += [("repair", repair.when)] if repair else []
        conditions += [(f"question {question.answer}", question.asked) for question in questions]
        self._all_asked(conditions, {question.answer for question in questions})
        name = self._table(table, "name", "")
        if name:
            self._keys(name, "name", ("zh", "en"))
        categories = self._texts(table, "category", dict.fromkeys((code.value for code in Category), ()))
        return RuleBook(
            id=self._word(table, "id", ""),
            name=self._text(name, "name", ()),
            starts=self._date(table, "starts", ""),
            days=MappingProxyType(self.days),
            holidays=tuple(self._holiday(each, place) for each, place in self._each(table, "holiday")),
            categories=MappingProxyType({Category(code): text for code, text in categories.items()}),
            questions=questions,
            rules=rules,
            grants=grants,
            repair=repair,
            sentences=MappingProxyType(self._texts(table, "sentences", _SENTENCES)),
            keys=frozenset(key for _place, when in conditions for key in when.looks_at()),
        )

    # The parts of a book

    def _days(self, table: _Table) -> dict[str, int]:
        days = {HOUSE: 0}
        for name, value in table.items():
            if not re.fullmatch(r"[a-z]\w*", name) or name in _FACTS_IN_TEXTS:
                self._wrong("days", name, value, (HOUSE, "…"))
            elif type(value) is not int or not 0 <= value <= MOST_DAYS:
                self._wrong("days", name, value, ("0", "1", "2", "…", str(MOST_DAYS)))
            else:
                days[name] = value
        if HOUSE not in table:
            self._note("days", N_("{key} is missing"), key=HOUSE)
        return days

    def _question(self, table: _Table, place: str) -> Question:
        self._keys(table, place, ("answer", "zh", "en"), ("asked", "in_order"))
        answer = Answer(self._word(table, "answer", place, tuple(Answer)))
        in_order = self._word(table, "in_order", place, (YES, NO)) == YES if "in_order" in table else None
        if in_order is not None and answer.is_found_out:
            self._note(
                place,
                N_("{key} cannot stand here, because this is looked at and answered by itself"),
                key="in_order",
            )
        asked = self._condition(table, "asked", place) if "asked" in table else Condition((), ())
        if answers := asked.subjects() & set(Answer):
            self._note(
                place,
                N_("{key} cannot depend on other answers ({answers})"),
                key="asked",
                answers=", ".join(sorted(answers)),
            )
        return Question(answer, asked, in_order, self._text(table, place, ()))

    def _rule(self, table: _Table, place: str) -> Rule:
        self._keys(table, place, ("id", "effect", "when", "zh", "en"))
        effect = self._word(table, "effect", place, (Effect.EVIDENCE, Effect.OVERRIDE, Effect.REFUSE))
        when = self._condition(table, "when", place)
        return Rule(self._word(table, "id", place), Effect(effect), when, self._judging_text(table, place))

    def _grant(self, table: _Table, place: str, rules: Sequence[str]) -> Grant:
        self._keys(table, place, ("id", "when", "takes_out", "zh", "en"))
        takes_out = table.get("takes_out", [])
        if not isinstance(takes_out, list) or not all(rule in rules for rule in takes_out):
            self._wrong(place, "takes_out", takes_out, rules)
            takes_out = []
        when = self._condition(table, "when", place)
        return Grant(self._word(table, "id", place), when, frozenset(takes_out), self._judging_text(table, place))

    def _repair(self, table: _Table) -> Repair:
        self._keys(table, "repair", ("when", "zh", "en"))
        return Repair(self._condition(table, "when", "repair"), self._judging_text(table, "repair"))

    def _holiday(self, table: _Table, place: str) -> Holiday:
        names = ("bought_from", "bought_until", "returns_until")
        self._keys(table, place, names)
        holiday = Holiday(*(self._date(table, name, place) for name in names))
        if not holiday.bought_from <= holiday.bought_until <= holiday.returns_until:
            self._note(place, N_("the days are not in their order ({order})"), order=" ≤ ".join(names))
        return holiday

    def _all_asked(self, conditions: Iterable[tuple[str, Condition]], asked: set[Answer]) -> None:
        for place, when in conditions:
            for answer in sorted((when.subjects() & set(Answer)) - asked):
                self._note(place, N_("no [[question]] asks for {answer}"), answer=answer)

    # What parts are made of

    def _condition(self, table: _Table, key: str, place: str) -> Condition:
        said = table.get(key, "")
        sentences = [said] if isinstance(said, str) else said
        if key not in table:
            return Condition((), ())
        if not isinstance(sentences, list) or not sentences or not all(isinstance(each, str) for each in sentences):
            self._wrong(place, key, said, ('"…"', '["…", "…"]'))
            return Condition((), ())
        lines: list[Line] = []
        for sentence in sentences:
            try:
                lines.append(read_sentence(sentence, self.days))
            except BadInput as mistake:
                self.mistakes.append((place, mistake))
        return Condition(tuple(lines), tuple(sentences))

    def _judging_text(self, table: _Table, place: str) -> Text:
        return self._text(table, place, (*_FACTS_IN_TEXTS, *self.days))

    def _text(self, table: _Table, place: str, names: Sequence[str]) -> Text:
        text = Text(*(self._word(table, key, place) for key in ("zh", "en")))
        try:
            unknown = sorted(text.places() - set(names))
        except ValueError:
            self._note(place, N_("a curly bracket has no partner"))
            return text
        if unknown:
            self._note(
                place,
                N_("{names} cannot be filled in (allowed: {allowed})"),
                names=", ".join(f"{{{name}}}" for name in unknown),
                allowed=", ".join(f"{{{name}}}" for name in names) or "–",
            )
        return text

    def _texts(self, table: _Table, key: str, names: Mapping[str, Sequence[str]]) -> dict[str, Text]:
        inner = self._table(table, key, "")
        if key in table:
            self._keys(inner, key, tuple(names))
        texts = {}
        for name, places in names.items():
            one = self._table(inner, name, key)
            if name in inner:
                self._keys(one, f"{key} {name}", ("zh", "en"))
            texts[name] = self._text(one, f"{key} {name}", places)
        return texts

    def _word(self, table: _Table, key: str, place: str, allowed: Sequence[str] = ()) -> str:
        value = table.get(key, allowed[0] if allowed else "")
        fits = value in allowed if allowed else isinstance(value, str) and bool(value.strip())
        if key in table and not fits:
            self._wrong(place, key, value, allowed or ('"…"',))
        return str(value) if fits or not allowed else allowed[0]

    def _date(self, table: _Table, key: str, place: str) -> date:
        value = table.get(key, date.max)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self._wrong(place, key, value, ("2027-01-31",))
        return date.max

    def _table(self, table: _Table, key: str, place: str) -> _Table:
        value = table.get(key, {})
        if isinstance(value, dict):
            return value
        self._wrong(place, key, value, (f"[{key}]",))
        return {}

    def _each(self, table: _Table, key: str, name: str = "") -> list[tuple[_Table, str]]:
        """Return the tables of [[key]] with their places; `name` is the key that must differ among them."""
        tables = table.get(key, [])
        if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            self._wrong("", key, tables, (f"[[{key}]]",))
            return []
        found, seen = [], set()
        for number, each in enumerate(tables, start=1):
            called = str(each.get(name, "")) or f"no. {number}"
            if called in seen:
                self._note(f"{key} {called}", N_("stands twice"))
            seen.add(called)
            found.append((each, f"{key} {called}"))
        return found

    def _keys(self, table: _Table, place: str, required: Sequence[str], optional: Sequence[str] = ()) -> None:
        for key in required:
            if key not in table:
                self._note(place, N_("{key} is missing"), key=key)
        for key in table:
            if key not in (*required, *optional):
                self._note(
                    place,
                    N_("there is no “{key}” (allowed: {allowed})"),
                    key=key,
                    allowed=", ".join((*required, *optional)),
                )

    def _wrong(self, place: str, key: str, value: object, allowed: Sequence[str]) -> None:
        self._note(
            place,
            N_("{key} = {value} does not fit (allowed: {allowed})"),
            key=key,
            value=value,
            allowed=", ".join(allowed),
        )

    def _note(self, place: str, message: str, **values: object) -> None:
        self.mistakes.append((place, BadInput(message, **values)))
