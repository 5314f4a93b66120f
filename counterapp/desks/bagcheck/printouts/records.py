"""The lists of the day: closing record, morning count, overnight deposits, and the lost-token book."""

from __future__ import annotations

from counterapp.core.money import format_fen
from counterapp.desks.bagcheck.printouts.facts import (
    BookFacts,
    ClosingFacts,
    FormPaper,
    Language,
    LeftFacts,
    LostToken,
    MorningFacts,
    OvernightFacts,
    short_day,
    short_time,
)
from counterapp.desks.bagcheck.printouts.lists import Column, Listed, pages_of
from counterapp.desks.bagcheck.printouts.sheet import chinese
from counterapp.words import N_
from printers.document import Pages

_TOKEN = Column(N_("Token"), 17)
_PLACE = Column(N_("Locker and place"), 36)
_THINGS = Column(N_("Pieces and things"), 40)
_SINCE = Column(N_("Deposited"), 31)
_NIGHTS = Column(N_("Nights"), 13, "right")
_CLERK = N_("Signature of the clerk")


def closing_record(facts: ClosingFacts, language: Language, paper: FormPaper = "a4") -> Pages:
    """Return the day's full record for the clerk to sign: counts, and each deposit that is left with its reason."""
    counts = (
        (N_("There in the morning"), str(facts.opening)),
        (N_("New deposits"), str(facts.taken)),
        (N_("Collected with the token"), str(facts.collected)),
        (N_("Released otherwise"), str(facts.released)),
        (N_("Still in the lockers"), str(len(facts.left))),
        (N_("Lockers"), str(facts.lockers)),
        (N_("Empty"), str(facts.free)),
        (N_("Out of use"), str(facts.out_of_use)),
        (N_("Tokens lost"), str(facts.lost)),
        (N_("Fees taken"), format_fen(facts.fees_fen)),
    )
    listed = Listed(
        N_("Bag check: closing record"),
        short_day(facts.day),
        (_TOKEN, _PLACE, _THINGS, _SINCE, _NIGHTS, Column(N_("Why it is still here"), 45)),
        tuple((*_stay(left), _said(left.remark, language)) for left in facts.left),
        N_("Nothing is left in the lockers."),
        counts,
        signers=((_CLERK, facts.made.clerk),),
    )
    return pages_of(listed, facts.made, language, paper)


def morning_count(facts: MorningFacts, language: Language, paper: FormPaper = "a4") -> Pages:
    """Return the morning's count of tokens, and those that are missing."""
    counts = (
        (N_("There should be"), str(facts.expected)),
        (N_("In hand"), str(facts.in_hand)),
        (N_("Difference"), f"{facts.in_hand - facts.expected:+}" if facts.in_hand != facts.expected else "0"),
    )
    signers = [(_CLERK, facts.made.clerk)]
    if facts.notified:
        signers.append((N_("Signature of the administrator"), facts.notified))
    listed = Listed(
        N_("Bag check: morning count of tokens"),
        short_day(facts.day),
        (Column(N_("Missing token"), 30), _PLACE, Column(N_("Remark"), 114)),
        tuple((each.token, _joined(each.locker, each.place), _said(each.remark, language)) for each in facts.missing),
        N_("No token is missing."),
        counts,
        across=3,
        signers=tuple(signers),
    )
    return pages_of(listed, facts.made, language, paper)


def overnight_list(facts: OvernightFacts, language: Language, paper: FormPaper = "a4") -> Pages:
    """Return what stays overnight, with a column in which a supervisor signs each release.

    From `warn_after` nights on a deposit is marked with an exclamation mark.
    """
    late = [0 < facts.warn_after <= left.days for left in facts.left]
    rows = []
    for left, marked in zip(facts.left, late, strict=True):
        *stay, nights = _stay(left)
        rows.append((*stay, f"！{nights}" if marked else nights, _said(left.remark, language), ""))
    counts = [(N_("Deposits that stay"), str(len(rows)))]
    if facts.warn_after:
        counts += [(N_("Warned from nights"), str(facts.warn_after)), (N_("Marked with !"), str(sum(late)))]
    listed = Listed(
        N_("Bag check: overnight deposits"),
        short_day(facts.made.at),
        (_TOKEN, _PLACE, _THINGS, _SINCE, _NIGHTS, Column(N_("Remark"), 33), Column(N_("Released by"), 26)),
        tuple(rows),
        N_("Nothing stays overnight."),
        tuple(counts),
        across=3,
        signers=((_CLERK, facts.made.clerk), (N_("Signature of the duty supervisor"), "")),
        row=11,
    )
    return pages_of(listed, facts.made, language, paper)


def lost_token_book(facts: BookFacts, language: Language, paper: FormPaper = "a4") -> Pages:
    """Return the lost-token book 标示牌丢失记录本, an entry a row."""
    first, last = short_day(facts.first), short_day(facts.last)
    listed = Listed(
        N_("Lost-token book"),
        first if first == last else f"{first} – {last}",
        (
            Column(N_("Entry"), 18),
            Column(N_("Lost on"), 22),
            Column(N_("Token"), 15),
            Column(N_("Instead"), 16),
            Column(N_("Locker"), 15),
            Column(N_("Lost by"), 30),
            Column(N_("Fee"), 24, "right"),
            Column(N_("Official receipt"), 32),
            Column(N_("Clerk"), 24),
            Column(N_("Found"), 22),
        ),
        tuple(_entry(entry, language) for entry in facts.entries),
        N_("No token was lost."),
    )
    return pages_of(listed, facts.made, language, paper)


def _entry(entry: LostToken, language: Language) -> tuple[str, ...]:
    whose = entry.customer or _said(N_("Customer"), language)
    return (
        str(entry.number),
        short_time(entry.lost_at),
        entry.token,
        entry.substitute or "—",
        entry.locker,
        whose if entry.whose == "customer" else _said(N_("The counter"), language),
        format_fen(entry.fee_fen, sign=False),
        entry.receipt_no or "—",
        entry.clerk,
        short_time(entry.found_at) if entry.found_at is not None else "—",
    )


def _stay(left: LeftFacts) -> tuple[str, ...]:
    """Return what the first columns of a list say of a deposit."""
    things = chinese(N_("{count} pcs")).format(count=left.pieces)
    return (
        left.token,
        _joined(left.locker, left.place),
        _joined(things, left.description),
        short_time(left.since),
        str(left.days) if left.days else "—",
    )


def _joined(*words: str) -> str:
    return " · ".join(filter(None, words))


def _said(message: str, language: Language) -> str:
    text = chinese(message) if message else ""
    return f"{text} {message}" if language == "en" and text != message else text
