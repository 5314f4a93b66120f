"""A rule book in words: every rule and grant as a sentence that somebody at the counter would say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterapp import words
from counterapp.core.actor import APPROVERS, Role, role_source
from counterapp.core.money import format_fen
from counterapp.core.store_settings import StoreSettings
from counterapp.desks.returns.rules import RuleBook, Text
from counterapp.desks.returns.rules.book import HOUSE
from counterapp.desks.returns.rules.conditions import (
    CLAIMED,
    FOUND,
    ISSUED,
    NOT_TOO_MANY,
    OPEN,
    TOO_MANY,
    Atom,
    Condition,
    Key,
    Line,
    read_sentence,
)
from counterapp.return_forms.terms import Answer, Category, Effect, Kind, Reason, name_of
from counterapp.words import N_


class Mark(StrEnum):
    """How a clause stands beside the book before: the same, new, changed, or no longer there."""

    SAME = "same"
    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that a book says: the sentence, when it holds, what may be done about it; `before`: what stood there.

    `effect` is a rule's, None of anything else.
    """

    id: str
    sentence: str
    when: str = ""
    remark: str = ""
    effect: Effect | None = None
    mark: Mark = Mark.SAME
    before: str = ""

    @property
    def said(self) -> str:
        """All of its words, for comparing."""
        return "\n".join(filter(None, (self.sentence, self.when, self.remark)))


@dataclass(frozen=True, slots=True)
class Chapter:
    """Clauses under a title."""

    title: str
    clauses: tuple[Clause, ...]


def chapters(book: RuleBook, before: RuleBook | None, settings: StoreSettings, language: str) -> tuple[Chapter, ...]:
    """Say all of a book in `language` ("zh" or "en"), marked where it differs from the book `before` it.

    `settings` give the limits of those who may override.
    """
    now = _Speaker(book, settings, language).chapters()
    if before is None:
        return now
    former = {chapter.title: chapter.clauses for chapter in _Speaker(before, settings, language).chapters()}
    titles = [chapter.title for chapter in now]
    now = (*now, *(Chapter(title, ()) for title in former if title not in titles))
    return tuple(Chapter(each.title, _marked(each.clauses, former.get(each.title, ()), language)) for each in now)


def _marked(clauses: Sequence[Clause], former: Sequence[Clause], language: str) -> tuple[Clause, ...]:
    known = {clause.id: clause for clause in former}
    marked = []
    for one in clauses:
        old = known.pop(one.id, None)
        if old is None:
            marked.append(_with(one, Mark.NEW))
        elif (old.said, old.effect) != (one.said, one.effect):
            marked.append(_with(one, Mark.CHANGED, _former(one, old, language)))
        else:
            marked.append(one)
    return (*marked, *(_with(old, Mark.GONE) for old in known.values()))


def _former(one: Clause, old: Clause, language: str) -> str:
    parts = [name_of(old.effect, language)] if old.effect is not None and old.effect is not one.effect else []
    parts += [was for was, now in ((old.sentence, one.sentence), (old.when, one.when)) if was and was != now]
    return "\n".join(parts or [old.remark])


def _with(one: Clause, mark: Mark, before: str = "") -> Clause:
    return Clause(one.id, one.sentence, one.when, one.remark, one.effect, mark, before)


_DAYS_OF_HOUSE: Final = N_("The house's own days: {days}. Holidays lengthen these, and no other.")
_HOLIDAY: Final = N_("Bought from {first} through {last}: comes back through {until} at least")
_PHRASES: Final[Mapping[tuple[Key, bool], str]] = {
    (CLAIMED, True): N_("the customer says that something is wrong with the goods"),
    (CLAIMED, False): N_("the customer does not say that anything is wrong with the goods"),
    (FOUND, True): N_("a receipt was found"),
    (FOUND, False): N_("no receipt was found"),
    (ISSUED, True): N_("an invoice was issued"),
    (ISSUED, False): N_("no invoice was issued"),
    (TOO_MANY, True): N_("more is asked than may still come back"),
    (NOT_TOO_MANY, True): N_("no more is asked than may still come back"),
}
_NO_FAULT: Final = N_("no fault stands (none is claimed, or it was looked at and there is none)")
_ONE_OF: Final[Mapping[str, tuple[str, str]]] = {
    "kind": (N_("what is asked: {what}"), N_("what is asked is not: {what}")),
    "category": (N_("the goods are {what}"), N_("the goods are not {what}")),
    "flag": (N_("the goods are marked {what}"), N_("the goods are not marked {what}")),
    "reason": (N_("the reason: {what}"), N_("the reason is not: {what}")),
}
_FLAGS: Final = {
    "clearance": N_("Clearance"),
    "concession": N_("Concession goods"),
    "serial": N_("Has a serial number"),
}
_ANSWERED: Final = {
    ("yes", True): N_("“{question}” Yes"),
    ("yes", False): N_("“{question}” not Yes"),
    ("no", True): N_("“{question}” No"),
    ("no", False): N_("“{question}” not No"),
    (OPEN, True): N_("“{question}” not answered yet"),
    (OPEN, False): N_("“{question}” answered"),
}
_LATER: Final = N_("more than {days} days after the purchase")
_WITHIN: Final = N_("within {days} days of the purchase")


class _Speaker:
    """Says one book in one language."""

    def __init__(self, book: RuleBook, settings: StoreSettings, language: str) -> None:
        self._book, self._settings, self._language = book, settings, language
        self._no_fault = read_sentence("no fault stands", book.days)

    def chapters(self) -> tuple[Chapter, ...]:
        book = self._book
        # The other days stand in the words of the rules that name them.
        days = (Clause(HOUSE, self._say(_DAYS_OF_HOUSE, days=book.days[HOUSE])),)
        holidays = tuple(
            Clause(
                f"{one.bought_from}",
                self._say(_HOLIDAY, first=one.bought_from, last=one.bought_until, until=one.returns_until),
            )
            for one in book.holidays
        )
        rules = tuple(
            Clause(one.id, self._text(one.sentence, one.when), self._when(one.when), self._who(one.effect), one.effect)
            for one in book.rules
        )
        said = {one.id: self._text(one.sentence, one.when) for one in book.rules}
        grants = tuple(
            Clause(
                one.id, self._text(one.sentence, one.when), self._when(one.when),
                self._say(_TAKES_OUT, what=self._say(_THEN).join(said[rule] for rule in said if rule in one.takes_out)),
            )
            for one in book.grants
        )  # fmt: skip
        repair: tuple[Clause, ...] = ()
        if book.repair is not None:
            repair = (
                Clause("repair", self._text(book.repair.sentence, book.repair.when), self._when(book.repair.when)),
            )
        questions = tuple(
            Clause(
                one.answer.value, one.text(self._language), self._when(one.asked),
                "" if one.in_order is None
                else self._say(_IN_ORDER, answer=self._say(N_("Yes") if one.in_order else N_("No"))),
            )
            for one in book.questions
        )  # fmt: skip
        every = (
            (N_("Days"), days), (N_("Holidays"), holidays), (N_("Rules of the house"), rules),
            (N_("What the law grants goes first"), grants), (N_("Warranty repair"), repair),
            (N_("What is asked at the counter"), questions),
        )  # fmt: skip
        return tuple(Chapter(self._say(title), clauses) for title, clauses in every if clauses)

    def _say(self, message: str, **values: object) -> str:
        return words.language(self._language).gettext(message).format(**values)

    def _text(self, text: Text, when: Condition) -> str:
        """Return a rule's sentence with the book's days in it; what is known only at the counter stays open."""
        values: dict[str, object] = {**self._book.days, "day": "…", "quantity": "…", "returnable": "…"}
        named = [value for subject, value in when.looks_at() if subject == "category"]
        values["category"] = self._say(_OR).join(self._name("category", value) for value in named) or "…"
        return text.fill(values).text(self._language)

    def _who(self, effect: Effect) -> str:
        if effect is Effect.EVIDENCE:
            return self._say(N_("Bring or answer it first; no override helps."))
        if effect is Effect.REFUSE:
            return self._say(N_("Nobody may override it."))
        named = []
        for role in APPROVERS:
            limit = self._settings.override_fen if role is Role.SERVICE_MANAGER else None
            if role is Role.SUPERVISOR:
                continue
            name = self._say(role_source(role))
            named.append(name if limit is None else self._say(_UP_TO, role=name, amount=format_fen(limit)))
        return self._say(N_("May be overridden, with a reason, by: {who}"), who=self._say(_AND).join(named))

    def _when(self, when: Condition) -> str:
        return self._say(_AND_ALSO).join(self._line(line) for line in when.lines)

    def _line(self, line: Line) -> str:
        if line == self._no_fault:
            return self._say(_NO_FAULT)
        first = line[0][0] if line and line[0] else None
        alike = first is not None and all(
            len(atoms) == 1 and atoms[0][0][0] == first[0][0] and atoms[0][1] for atoms in line
        )
        if first is not None and alike and first[1] and first[0][0] in _ONE_OF:
            subject = first[0][0]
            every = self._say(_OR).join(self._name(subject, atoms[0][0][1]) for atoms in line)
            return self._say(_ONE_OF[subject][0], what=every)
        return self._say(_OR).join(self._say(_AND).join(self._atom(atom) for atom in atoms) for atoms in line)

    def _atom(self, atom: Atom) -> str:
        key, wanted = atom
        subject, value = key
        if atom in _PHRASES:
            return self._say(_PHRASES[atom])
        if subject == "day":
            sign, _space, limit = value.partition(" ")
            days = self._book.days.get(limit, limit)
            return self._say(_LATER if (sign == ">") == wanted else _WITHIN, days=days)
        if subject in _ONE_OF:
            return self._say(_ONE_OF[subject][0 if wanted else 1], what=self._name(subject, value))
        question = next(one for one in self._book.questions if one.answer == Answer(subject))
        return self._say(_ANSWERED[value, wanted], question=question.text(self._language))

    def _name(self, subject: str, value: str) -> str:
        match subject:
            case "category" if value == "food.*":
                return self._say(N_("food"))
            case "category":
                return self._book.categories[Category(value)].text(self._language)
            case "flag":
                return self._say(_FLAGS[value])
            case "kind":
                return name_of(Kind(value), self._language)
            case _:
                return name_of(Reason(value), self._language)


_OR: Final = N_(" or ")
_AND: Final = N_(" and ")
_AND_ALSO: Final = N_("; and ")
_THEN: Final = N_("; ")
_UP_TO: Final = N_("{role} (up to {amount})")
_TAKES_OUT: Final = N_("Then does not count: {what}")
_IN_ORDER: Final = N_("“All in order” answers: {answer}")
