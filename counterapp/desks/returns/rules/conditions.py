"""The small language of a rule's `when`: sentences about the facts, read once and then only looked up.

A condition is a list of sentences, all of which must hold; inside a sentence "and" binds closer than "or"::

    category is appliance                   kind, category, flag, reason; "food.*" is every food
    category is not appliance
    reason is quality_fault or mislabelled  the same subject goes on
    day > 30        day <= house            a number, or a name of the book's [days]; silent where the day is unknown
    quantity > returnable                   or <=; silent where it is unknown what may still come back
    signs_of_use is yes                     or no, or open (not answered yet); "is not yes" holds for no and for open
    a fault is claimed, no fault is claimed, no fault stands
    a receipt was found, no receipt was found, an invoice was issued, no invoice was issued

Everything that can be said is a `Key`, (subject, value). Which keys are true is worked out once (`weighing.truths`),
as a bit set: one bit for each of the ways the open answers may still turn out, so that one look at a condition tells
in which of them it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

from counterapp.errors import BadInput
from counterapp.return_forms.terms import Answer, Category, Flag, Kind, Reason
from counterapp.words import N_

Key = tuple[str, str]
Atom = tuple[Key, bool]  # False: the key must not be true
Line = tuple[tuple[Atom, ...], ...]  # one of the alternatives, each of whose atoms must hold

CLAIMED: Final[Key] = ("fault", "claimed")
FOUND: Final[Key] = ("receipt", "found")
ISSUED: Final[Key] = ("invoice", "issued")
TOO_MANY: Final[Key] = ("quantity", "> returnable")
NOT_TOO_MANY: Final[Key] = ("quantity", "<= returnable")
YES, NO, OPEN = "yes", "no", "open"
MOST_DAYS: Final = 36_500

_PHRASES: Final[Mapping[str, Line]] = {
    "a fault is claimed": (((CLAIMED, True),),),
    "no fault is claimed": (((CLAIMED, False),),),
    "no fault stands": (((CLAIMED, False),), (((Answer.FAULT_CONFIRMED.value, NO), True),)),
    "a receipt was found": (((FOUND, True),),),
    "no receipt was found": (((FOUND, False),),),
    "an invoice was issued": (((ISSUED, True),),),
    "no invoice was issued": (((ISSUED, False),),),
    "quantity > returnable": (((TOO_MANY, True),),),
    "quantity <= returnable": (((NOT_TOO_MANY, True),),),
}
_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": tuple(Kind),
    "category": ("food.*", *Category),
    "flag": tuple(Flag),
    "reason": tuple(Reason),
    **{answer.value: (YES, NO, OPEN) for answer in Answer},
}
_IS: Final = re.compile(r"(\w+) is (not )?([\w.*]+)")
_DAY: Final = re.compile(r"day (>|<=) (\w+)")


@dataclass(frozen=True, slots=True)
class Condition:
    """When a rule speaks or a grant applies. `source` keeps the sentences as the book has them."""

    lines: tuple[Line, ...]
    source: tuple[str, ...]

    def ways(self, world: Mapping[Key, int], everywhere: int) -> int:
        """Return the ways (bits of `everywhere`) in which the condition holds; what `world` lacks is never true."""
        holds = everywhere
        for line in self.lines:
            some = 0
            for alternative in line:
                every = holds
                for key, wanted in alternative:
                    true = world.get(key, 0)
                    every &= true if wanted else everywhere ^ true
                    if not every:
                        break
                some |= every
            holds = some
            if not holds:
                break
        return holds

    def looks_at(self) -> Iterator[Key]:
        """Yield every key the condition looks at."""
        for line in self.lines:
            for alternative in line:
                for key, _wanted in alternative:
                    yield key

    def subjects(self) -> set[str]:
        """Return what the condition looks at: "kind", "day", "signs_of_use", …"""
        return {subject for subject, _value in self.looks_at()}


def read_sentence(sentence: str, days: Mapping[str, int]) -> Line:
    """Read one sentence of a `when`; `days` are the book's named numbers of days.

    Raises BadInput, which names the words that are not understood and what would be.
    """
    alternatives: list[tuple[Atom, ...]] = []
    subject = ""
    for piece in re.split(r",?\s+or\s+", " ".join(sentence.split())):
        said = re.split(r",?\s+and\s+", piece)
        if subject and len(said) == 1 and re.fullmatch(r"[\w.*]+", piece):
            said = [f"{subject} is {piece}"]
        match = _IS.fullmatch(said[-1])
        # "is not a or b" could mean either, so it is not taken up.
        subject = match[1] if match and not match[2] and len(said) == 1 else ""
        for choice in product(*(_read(words, days) for words in said)):
            alternatives.append(tuple(atom for atoms in choice for atom in atoms))
    return tuple(alternatives)


def _read(words: str, days: Mapping[str, int]) -> Line:
    if words in _PHRASES:
        return _PHRASES[words]
    if match := _DAY.fullmatch(words):
        if match[2] in days or (match[2].isdecimal() and int(match[2]) <= MOST_DAYS):
            return (((("day", f"{match[1]} {match[2]}"), True),),)
        raise _not_understood(words, ("0", "1", "2", "…", str(MOST_DAYS), *days))
    match = _IS.fullmatch(words)
    if match is None or match[1] not in _VALUES:
        subjects = (f"{subject} is …" for subject in _VALUES)
        raise _not_understood(words, (*_PHRASES, "day > …", "day <= …", *subjects))
    subject, negated, value = match.groups()
    if value not in _VALUES[subject]:
        raise _not_understood(words, _VALUES[subject])
    return ((((subject, value), not negated),),)


def _not_understood(words: str, allowed: tuple[str, ...]) -> BadInput:
    return BadInput(
        N_("“{words}” is not understood (allowed: {allowed})"),
        words=words,
        allowed=", ".join(allowed),
    )
