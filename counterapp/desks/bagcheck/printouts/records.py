"""The lists of the day: closing record, morning count, overnight deposits, and the lost-token book."""

from __future__ import annotations

from counterapp.core.money import format_fen
from counterapp.core.store_settings import FormPaper
from counterapp.desks.bagcheck.printouts.facts import (
    BookFacts,
    ClosingFacts,
    LeftFacts,
    LostToken,
    MorningFacts,
    OvernightFacts,
)
from counterapp.documents.listing import Column, ListDocument, list_pages
from counterapp.documents.texts import bilingual, chinese, joined, short_day, short_time
from counterapp.words import N_, Language
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
    listed = ListDocument(
        N_("Bag check: closing record"),
        short_day(facts.day),
        (_TOKEN, _PLACE, _THINGS, _SINCE, _NIGHTS, Column(N_("Why it is still here"), 45)),
        tuple((*_stay(left), bilingual(left.remark, language)) for left in facts.left),
        N_("Nothing is left in the lockers."),
        counts,
        signers=((_CLERK, facts.issued.clerk),),
    )
    return list_pages(listed, facts.issued, language, paper)


def morning_count(facts: MorningFacts, language: Language, paper: FormPaper = "a4") -> Pages:
    """Return the morning's count of tokens, and those that are missing."""
    counts = (
        (N_("There should be"), str(facts.expected)),
        (N_("In hand"), str(facts.in_hand)),
        (N_("Difference"), f"{facts.in_hand - facts.expected:+}" if facts.in_hand != facts.expected else "0"),
    )
    signers = [(_CLERK, facts.issued.clerk)]
    if facts.notified:
        signers.append((N_("Signature of the administrator"), facts.notified))
    listed = ListDocument(
        N_("Bag check: morning count of tokens"),
        short_day(facts.day),
        (Column(N_("Missing token"), 30), _PLACE, Column(N_("Remark"), 114)),
        tuple((one.token, joined(one.locker, one.place), bilingual(one.remark, language)) for one in facts.missing),
        N_("No token is missing."),
        counts,
        across=3,
        signers=tuple(signers),
    )
    return list_pages(listed, facts.issued, language, paper)


def overnight_list(facts: OvernightFacts, language: Language, paper: FormPaper = "a4") -> Pages:
    """Return what stays overnight, with a column in which a supervisor signs each release.

    From `warn_after` nights on a deposit is marked with an exclamation mark.
    """
    late = [0 < facts.warn_after <= left.days for left in facts.left]
    rows = []
    for left, marked in zip(facts.left, late, strict=True):
        *stay, nights = _stay(left)
        rows.append((*stay, f"！{nights}" if marked else nights, bilingual(left.remark, language), ""))
    counts = [(N_("Deposits that stay"), str(len(rows)))]
    if facts.warn_after:
        counts += [(N_("Warned from nights"), str(facts.warn_after)), (N_("Marked with !"), str(sum(late)))]
    listed = ListDocument(
        N_("Bag check: overnight deposits"),
        short_day(facts.issued.at),
        (_TOKEN, _PLACE, _THINGS, _SINCE, _NIGHTS, Column(N_("Remark"), 33), Column(N_("Released by"), 26)),
        tuple(rows),
        N_("Nothing stays overnight."),
        tuple(counts),
        across=3,
        signers=((_CLERK, facts.issued.clerk), (N_("Signature of the duty supervisor"), "")),
        row=11,
    )
    return list_pages(listed, facts.issued, language, paper)


def lost_token_book(facts: BookFacts, language: Language, paper: FormPaper = "a4") -> Pages:
    """Return the lost-token book 标示牌丢失记录本, an entry a row."""
    first, last = short_day(facts.first), short_day(facts.last)
    listed = ListDocument(
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
    return list_pages(listed, facts.issued, language, paper)


def _entry(entry: LostToken, language: Language) -> tuple[str, ...]:
    whose = entry.customer or bilingual(N_("Customer"), language)
    return (
        str(entry.number),
        short_time(entry.lost_at),
        entry.token,
        entry.substitute or "—",
        entry.locker,
        whose if entry.whose == "customer" else bilingual(N_("The counter"), language),
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
        joined(left.locker, left.place),
        joined(things, left.description),
        short_time(left.since),
        str(left.days) if left.days else "—",
    )
