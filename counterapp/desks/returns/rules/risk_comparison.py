"""How somebody is compared with all the others of the same store, and what is shown of it."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from counterapp.desks.returns.rules.probability import poisson, remarkable, spread

#: Days looked at: of customers (the spec's 30), and of people and tills, who need more to be compared.
CUSTOMER_DAYS: Final = 30
STAFF_DAYS: Final = 90
#: A return within so many minutes after the sale is "soon".
SOON: Final = 30
#: What is shown is at least so many times the mean.
TIMES: Final = 2.0
#: So many others of the kind, with so much to be counted among them, are a yardstick.
PEERS: Final = 3
ENOUGH: Final = 20
#: From so many peers on it can be told how widely they differ honestly; before, so much is assumed.
_MANY: Final = 6
_UNKNOWN: Final = 2.0
#: Of what a pattern shows, so much at most is chance alone.
_FALSE_SHARE: Final = 0.01


class Pattern(StrEnum):
    """What is looked for."""

    CARD = "card"
    PHONE = "phone"
    RECEIPT = "receipt"
    CLERK_OFTEN = "clerk_often"
    CLERK_DEAR = "clerk_dear"
    PAIR = "pair"
    OVERRIDES = "overrides"
    TILL = "till"
    LATE = "late"
    DEAR = "dear"
    UNVERIFIED_CLERK = "unverified_clerk"
    UNVERIFIED_PHONE = "unverified_phone"
    KEYED = "keyed"
    SOON_CLERK = "soon_clerk"
    SOON_CASHIER = "soon_cashier"
    SOON_PAIR = "soon_pair"
    OWN_SALES = "own_sales"
    VOIDS = "voids"
    VOIDS_SIGNED = "voids_signed"
    REPRINTS = "reprints"


@dataclass(frozen=True, slots=True)
class Return:
    """One return. `day` and `hour` it was begun in the store's calendar; `amount` in fen; people by id, `approver`
    None while it waits.

    `minutes` from the sale until it was begun, None without a receipt; `entered` as the case's; `typed`: no receipt,
    `keyed`: its number was typed or looked up. `voided` names the two who made a form of it void, `copies` counts its
    reprints.
    """

    case_id: int
    day: dt.date
    hour: int
    amount: int
    clerk: int
    approver: int | None
    role: str
    receipt: int
    member: str
    phone: str
    till: str
    cashier: str
    minutes: int | None
    typed: bool = False
    keyed: bool = False
    overrides: bool = False
    own_sale: bool = False
    voided: tuple[int, int] | None = None
    copies: int = 0

    @property
    def soon(self) -> bool:
        """Whether it came right after the sale."""
        return self.minutes is not None and self.minutes <= SOON


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that stands out. `subject`: the card, phone or till, or the ids of the people, receipt or case.

    `count` of `of` (0 where it is no share) where `usual` would be by the store's own mean, within `days`; both are
    fen where the pattern is about money. `amount` is the fen of the cases behind it. `surprise` is how unlikely chance
    alone is, as a power of ten (6: one in a million).
    """

    pattern: Pattern
    subject: tuple[str, ...]
    count: int
    of: int
    usual: float
    days: int
    amount: int
    surprise: float
    cases: tuple[int, ...]


#: What is compared: the card, phone or till, or the ids of the people, receipt or case.
Subject = tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """What is counted of somebody, out of how much, and the returns behind it."""

    count: float = 0.0
    out_of: float = 0.0
    returns: list[Return] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who was compared: what would be `usual`, the `chance` (log) of as much, and whether it `matters`."""

    subject: Subject
    tally: Tally
    usual: float
    chance: float
    matters: bool


def shares(pattern: Pattern, tallies: Mapping[Subject, Tally], least: int, days: int = STAFF_DAYS) -> list[Signal]:
    """Show whose count is far above what the others' rate gives for the same `out_of`."""
    candidates = compared(tallies, least, PEERS, widened=True)
    return shown(pattern, candidates, days, figures_of)


def compared(
    tallies: Mapping[Subject, Tally],
    least: float,
    others: int,
    *,
    widened: bool,
    scale: float = 1.0,
    times: float = TIMES,
) -> list[Candidate]:
    """Compare each with the rate of all others, where there are more than `others` of them.

    `widened`: peers differ honestly (see `spread`). `scale` is the size of one step where money is counted. What
    matters are at least `least` returns, and `times` what would be usual.
    """
    counted = sum(tally.count for tally in tallies.values())
    out_of = sum(tally.out_of for tally in tallies.values())
    if len(tallies) <= others or out_of <= 0:
        return []
    expected = {}
    for subject, tally in tallies.items():
        rest = out_of - tally.out_of
        # Half a step more: what the others have never done is unlikely, not impossible.
        expected[subject] = tally.out_of * (counted - tally.count + scale / 2) / rest if rest >= ENOUGH / 2 else 0.0
    wider = _UNKNOWN if widened else 1.0
    if widened and len(tallies) >= _MANY:
        wider = spread(
            (tally.count - expected[subject]) / math.sqrt(expected[subject] * scale)
            for subject, tally in tallies.items()
            if expected[subject] >= scale
        )
    return [
        Candidate(
            subject,
            tally,
            expected[subject],
            poisson(tally.count / scale / wider, expected[subject] / scale / wider) if expected[subject] else 0.0,
            len(tally.returns) >= least and tally.count >= times * expected[subject],
        )
        for subject, tally in tallies.items()
    ]


def shown(
    pattern: Pattern,
    candidates: Sequence[Candidate],
    days: int,
    figures: Callable[[Candidate], tuple[int, int]],
    usual: Callable[[Candidate], float] = lambda one: one.usual,
) -> list[Signal]:
    """Make signals of those that are remarkable among all that were looked at, and matter."""
    bound = remarkable([one.chance for one in candidates], _FALSE_SHARE)
    found = []
    for one in candidates:
        if one.matters and one.chance <= bound:
            count, of = figures(one)
            found.append(_signal(pattern, one.subject, one.tally.returns, one.chance, (count, of, usual(one)), days))
    return found


def _signal(
    pattern: Pattern,
    subject: Subject,
    behind: Iterable[Return],
    chance: float,
    figures: tuple[int, int, float],
    days: int,
) -> Signal:
    cases = sorted(behind, key=lambda one: one.case_id, reverse=True)
    return Signal(
        pattern, subject, *figures, days, sum(one.amount for one in cases), -chance / math.log(10),
        tuple(one.case_id for one in cases),
    )  # fmt: skip


def figures_of(one: Candidate) -> tuple[int, int]:
    """Return what was counted, and out of how much."""
    return round(one.tally.count), round(one.tally.out_of)


def by_person(who: Callable[[Return], int | None]) -> Callable[[Return], Subject]:
    """Compare people, told by their id."""
    return lambda one: (str(who(one)),)


def share(
    returns: Iterable[Return], subject_of: Callable[[Return], Subject], is_such: Callable[[Return], bool]
) -> dict[Subject, Tally]:
    """Count of each subject's returns those that are such."""
    tallies: dict[Subject, Tally] = defaultdict(Tally)
    for one in returns:
        tally = tallies[subject_of(one)]
        tally.out_of += 1
        if is_such(one):
            tally.count += 1
            tally.returns.append(one)
    return tallies
