"""What fraud looks like (spec/returns.md): patterns among the returns of a store, each against the store's own mean.

Every pattern compares somebody (a card, a clerk, a till, a pair) with all the others of the same store, the one that
is looked at left out, and shows what chance and honest differences do not explain. What is shown is also often enough
and far enough from the mean to matter: in a small store, and in a very large one, nothing is shown for a trifle.
Nothing here decides anything.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from counterapp.desks.returns.rules.probability import Sums, normal, poisson, spread
from counterapp.desks.returns.rules.risk_comparison import (
    CUSTOMER_DAYS,
    ENOUGH,
    PEERS,
    STAFF_DAYS,
    Candidate,
    Pattern,
    Return,
    Signal,
    Subject,
    Tally,
    by_person,
    compared,
    figures_of,
    share,
    shares,
    shown,
)

#: When the late shift begins (hour of the day): who works together is compared within day and shift.
_LATE_SHIFT: Final = 15
#: Much of anybody's money, overrides and work together is honest anyway: less of an excess matters, least of pairs.
_MORE: Final = 1.5
_OFTENER: Final = 1.25
#: Somebody's own earlier days, where they have no peer.
_BEFORE: Final = "before"
#: From this variance on counts are about normal.
_NORMAL: Final = 5.0


def signals(returns: Sequence[Return], sold: Mapping[str, int], today: dt.date) -> tuple[Signal, ...]:
    """Return what stands out on the day `today`, the strongest first.

    `returns` are those of the last `STAFF_DAYS`, approved or waiting; `sold` counts each till's receipts of these
    days.
    """
    since = today - dt.timedelta(days=CUSTOMER_DAYS)
    standing = [one for one in returns if one.voided is None]
    recent = [one for one in standing if one.day >= since]
    with_receipt = [one for one in returns if not one.typed]
    unverified = [one for one in returns if one.typed]
    decided = [one for one in returns if one.approver is not None]
    of_clerk = by_person(lambda one: one.clerk)
    of_approver = by_person(lambda one: one.approver)

    found = [
        *_again(Pattern.CARD, recent, lambda one: one.member, 4),
        *_again(Pattern.PHONE, [one for one in recent if not one.typed], lambda one: one.phone, 4),
        *_again(
            Pattern.RECEIPT, [one for one in standing if not one.typed], lambda one: str(one.receipt), 3, STAFF_DAYS
        ),
        *_again(Pattern.UNVERIFIED_PHONE, unverified, lambda one: one.phone, 3, STAFF_DAYS, least_others=8),
        *_often(returns),
        *_dear(Pattern.CLERK_DEAR, returns, lambda _one: True, 8),
        *_pairs(decided),
        *_overriding(decided, since),
        *shares(Pattern.TILL, _of_tills(with_receipt, sold), 12),
        *_far(with_receipt),
        *_dear(Pattern.UNVERIFIED_CLERK, returns, lambda one: one.typed, 3),
        *shares(Pattern.KEYED, share(with_receipt, of_clerk, lambda one: one.keyed), 6),
        *shares(Pattern.SOON_CLERK, share(with_receipt, of_clerk, lambda one: one.soon), 4),
        *shares(Pattern.SOON_CASHIER, share(with_receipt, lambda one: (one.cashier,), lambda one: one.soon), 4),
        *shares(Pattern.SOON_PAIR, share(with_receipt, _at_both_counters, lambda one: one.soon), 4),
        *shares(Pattern.OWN_SALES, share(with_receipt, of_clerk, lambda one: one.own_sale), 3),
        *shares(Pattern.VOIDS, _voids(returns, of_clerk, 0), 4),
        *shares(Pattern.VOIDS_SIGNED, _voids(decided, of_approver, 1), 4),
        *shares(Pattern.REPRINTS, share(returns, of_clerk, lambda one: one.copies > 0), 4),
    ]
    found.sort(key=lambda one: (-one.surprise, -one.amount, one.pattern, one.subject))
    return _each_story_once(found)


def concerning(found: Iterable[Signal], this: Return) -> tuple[Signal, ...]:
    """Return the signals that concern this very return: its customer, its people, how it was begun.

    What stands out of a clerk (keyed, soon, unverified) concerns only a return that is such a one; while it waits for
    its approver, so do all who sign for its clerk far too often.
    """
    clerk, approver = str(this.clerk), str(this.approver)
    subjects: dict[Pattern, Subject | None] = {
        Pattern.CARD: (this.member,),
        Pattern.PHONE: (this.phone,),
        Pattern.RECEIPT: (str(this.receipt),),
        Pattern.CLERK_OFTEN: (clerk,),
        Pattern.CLERK_DEAR: (clerk,),
        Pattern.PAIR: (clerk, approver),
        Pattern.OVERRIDES: (approver,) if this.overrides else None,
        Pattern.TILL: None if this.typed else (this.till,),
        Pattern.LATE: (str(this.case_id),),
        Pattern.DEAR: (str(this.case_id),),
        Pattern.UNVERIFIED_CLERK: (clerk,) if this.typed else None,
        Pattern.UNVERIFIED_PHONE: (this.phone,),
        Pattern.KEYED: (clerk,) if this.keyed else None,
        Pattern.SOON_CLERK: (clerk,) if this.soon else None,
        Pattern.SOON_CASHIER: (this.cashier,) if this.soon else None,
        Pattern.SOON_PAIR: (clerk, this.cashier) if this.soon else None,
        Pattern.OWN_SALES: (clerk,) if this.own_sale else None,
    }
    return tuple(
        one
        for one in found
        if one.subject == subjects.get(one.pattern)
        or (one.pattern is Pattern.PAIR and this.approver is None and one.subject[0] == clerk)
    )


def _at_both_counters(one: Return) -> Subject:
    return str(one.clerk), one.cashier


# The patterns


def _again(
    pattern: Pattern,
    returns: Iterable[Return],
    key_of: Callable[[Return], str],
    least: int,
    days: int = CUSTOMER_DAYS,
    least_others: int = ENOUGH,
) -> list[Signal]:
    """Show the same card, phone or receipt again and again: more further returns than those who return at all have."""
    tallies: dict[Subject, Tally] = defaultdict(lambda: Tally(-1, 1))
    for one in returns:
        if key_of(one):
            tally = tallies[key_of(one),]
            tally.count += 1
            tally.returns.append(one)
    candidates = compared(tallies, least, least_others, widened=False)
    return shown(pattern, candidates, days, lambda one: (len(one.tally.returns), 0), lambda one: 1 + one.usual)


def _often(returns: Iterable[Return]) -> list[Signal]:
    """Show clerks with far more returns a day at the counter than the others."""
    tallies: dict[Subject, Tally] = defaultdict(Tally)
    days: dict[Subject, set[dt.date]] = defaultdict(set)
    for one in returns:
        subject: Subject = (str(one.clerk),)
        tallies[subject].count += 1
        tallies[subject].returns.append(one)
        days[subject].add(one.day)
    for clerk, tally in tallies.items():
        tally.out_of = len(days[clerk])
    return shares(Pattern.CLERK_OFTEN, tallies, 8)


def _dear(pattern: Pattern, returns: Iterable[Return], counts: Callable[[Return], bool], least: int) -> list[Signal]:
    """Show clerks whose returns of a kind come to far more fen, for as many cases, than the others'.

    Fen are no counts: one step is the size that gives a Poisson count the variance of such sums (Σx² / Σx).
    """
    tallies = share(returns, by_person(lambda one: one.clerk), counts)
    for tally in tallies.values():
        tally.count = sum(one.amount for one in tally.returns)
    amounts = [one.amount for tally in tallies.values() for one in tally.returns if one.amount > 0]
    if not amounts:
        return []
    step = sum(amount * amount for amount in amounts) / sum(amounts)
    candidates = compared(tallies, least, PEERS, widened=True, scale=step, times=_MORE)
    return shown(pattern, candidates, STAFF_DAYS, figures_of)


def _pairs(returns: Sequence[Return]) -> list[Signal]:
    """Show which clerk's returns are signed by which approver far more often than their shares would give.

    The shares are those of the day and shift, so that people are compared only with who else was on duty: the counts
    of N. Mantel and W. Haenszel, J. Natl. Cancer Inst. 22 (1959), with their variance; where that is small, a Poisson
    tail, which is wider.
    """
    shifts: dict[tuple[dt.date, bool], list[Return]] = defaultdict(list)
    prepared_by: Counter[str] = Counter()
    for one in returns:
        shifts[one.day, one.hour >= _LATE_SHIFT].append(one)
        prepared_by[str(one.clerk)] += 1
    tallies: dict[Subject, Tally] = defaultdict(Tally)
    variances: dict[Subject, float] = defaultdict(float)
    for together in shifts.values():
        every = len(together)
        clerks = Counter(str(one.clerk) for one in together)
        approvers = Counter(str(one.approver) for one in together)
        for one in together:
            tallies[str(one.clerk), str(one.approver)].returns.append(one)
        for clerk, prepared in clerks.items():
            for approver, signed in approvers.items():
                usual = prepared * signed / every
                tallies[clerk, approver].out_of += usual
                if every > 1:
                    variances[clerk, approver] += usual * (every - prepared) * (every - signed) / every / (every - 1)
    over = {
        subject: (len(tally.returns) - tally.out_of) / math.sqrt(variances[subject])
        for subject, tally in tallies.items()
        if variances[subject] >= _NORMAL
    }
    wider = math.sqrt(spread(over.values()))
    candidates = []
    for subject, tally in tallies.items():
        count, usual = len(tally.returns), tally.out_of
        chance = normal(over[subject] / wider) if subject in over else poisson(count, usual)
        candidates.append(Candidate(subject, tally, usual, chance, count >= 8 and count >= _OFTENER * usual))
    return shown(
        Pattern.PAIR, candidates, STAFF_DAYS, lambda one: (len(one.tally.returns), prepared_by[one.subject[0]])
    )


def _overriding(returns: Iterable[Return], since: dt.date) -> list[Signal]:
    """Show approvers with far more overrides beside their ordinary approvals than others of their role have.

    Who is the only one of a role is compared with their own earlier days.
    """
    by_role: dict[str, list[Return]] = defaultdict(list)
    for one in returns:
        by_role[one.role].append(one)
    found = []
    for _role, mine in sorted(by_role.items()):
        alone = len({one.approver for one in mine}) == 1
        earlier = since if alone else dt.date.min
        tallies = share(mine, _signers(earlier), lambda one: one.overrides)
        for tally in tallies.values():
            tally.out_of += 1 - tally.count  # nobody has none at all
        found += shown(
            Pattern.OVERRIDES,
            [one for one in compared(tallies, 6, 1, widened=True, times=_MORE) if one.subject != (_BEFORE,)],
            CUSTOMER_DAYS if alone else STAFF_DAYS,
            lambda one: (len(one.tally.returns), round(one.tally.count + one.tally.out_of) - 1),
            _usual_share,
        )
    return found


def _usual_share(one: Candidate) -> float:
    """Return how many of all there would be where `usual` of them come beside `out_of` others."""
    return (one.tally.count + one.tally.out_of - 1) * one.usual / (one.usual + one.tally.out_of)


def _signers(since: dt.date) -> Callable[[Return], Subject]:
    return lambda one: (str(one.approver) if one.day >= since else _BEFORE,)


def _of_tills(returns: Iterable[Return], sold: Mapping[str, int]) -> dict[Subject, Tally]:
    """Count what comes back of each till's sales; a till that sells nothing any more is compared with nobody."""
    tallies: dict[Subject, Tally] = {(till,): Tally(0, count) for till, count in sold.items() if till and count}
    for one in returns:
        tally = tallies.get((one.till,))
        if tally is not None:
            tally.count += 1
            tally.returns.append(one)
    return tallies


def _far(returns: Iterable[Return]) -> list[Signal]:
    """Show single returns far from their till's usual: much later after the sale, or for far more money."""
    of_till: dict[str, list[Return]] = defaultdict(list)
    for one in returns:
        of_till[one.till].append(one)
    late: list[Candidate] = []
    dear: list[Candidate] = []
    for mine in of_till.values():
        days = Sums.of((one.minutes or 0) / 1440 for one in mine)
        logs = Sums.of(math.log(max(one.amount, 1)) for one in mine)
        if len(mine) <= ENOUGH:
            continue
        for one in mine:
            after = (one.minutes or 0) / 1440
            mean = max(1.0, days.but(after).mean)
            # Waiting times fall off about exponentially.
            late.append(
                Candidate((str(one.case_id),), Tally(after, 0, [one]), mean, -after / mean, after > CUSTOMER_DAYS)
            )
            log = math.log(max(one.amount, 1))
            others = logs.but(log)
            far = (log - others.mean) / max(others.deviation, 0.5)
            usual = math.exp(others.mean)
            dear.append(Candidate((str(one.case_id),), Tally(one.amount, 0, [one]), usual, normal(far), far > 0))
    return [
        *shown(Pattern.LATE, late, STAFF_DAYS, lambda one: (int(one.tally.count), 0)),
        *shown(Pattern.DEAR, dear, STAFF_DAYS, lambda one: (round(one.tally.count), 0)),
    ]


def _voids(returns: Iterable[Return], subject_of: Callable[[Return], Subject], which: int) -> dict[Subject, Tally]:
    """Count who signed voids, as the clerk (0) or as the approver (1), against what they prepared or approved."""
    tallies = share(returns, subject_of, lambda _one: False)
    for one in returns:
        if one.voided is not None:
            tally = tallies.setdefault((str(one.voided[which]),), Tally())
            tally.count += 1
            tally.returns.append(one)
    return tallies


def _each_story_once(found: Iterable[Signal]) -> tuple[Signal, ...]:
    """Leave out what tells of the same cases of the same customer once more: a phone beside its card."""
    told: set[tuple[int, ...]] = set()
    kept = []
    for one in found:
        if one.pattern in {Pattern.CARD, Pattern.PHONE, Pattern.RECEIPT}:
            if one.cases in told:
                continue
            told.add(one.cases)
        kept.append(one)
    return tuple(kept)
