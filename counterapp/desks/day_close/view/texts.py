"""The words of the closing tab. No widget is made here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from counterapp.core.business_day import CLOSED
from counterapp.core.money import format_fen
from counterapp.core.open_items import OpenItem
from counterapp.desks.day_close.printouts.register_facts import ENDS, Entry, Gap, Register, Sum, outcome_words
from counterapp.desks.day_close.services.closing import DayDetails, SealDetails
from counterapp.desks.day_close.services.open_items import CheckKind
from counterapp.desks.day_close.services.stock import FileDetails
from counterapp.return_forms.models import REDEEMED, RENEWED, SETTLED, VOID
from counterapp.return_forms.terms import Kind, name_of
from counterapp.return_forms.texts import receipt_number
from counterapp.ui.live_text import current_text
from counterapp.ui.texts import day_words
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import DOT, Row, RowVerdict, dotted
from counterapp.words import N_, _, _n, current

_DONE: Final = {
    CheckKind.CASE: N_("No return waits for approval"),
    CheckKind.DRAFT: N_("No return is half done"),
    CheckKind.PRINT: N_("Every form is printed"),
    CheckKind.GAP: N_("No number is missing"),
    CheckKind.PART_TWO: N_("Every part 2 is back"),
    CheckKind.HANDOVER: N_("Part 2s are counted over"),
    CheckKind.RECEIPT: N_("Receipts of the new goods agree"),
    CheckKind.NOTICE: N_("Notices to the floor are done"),
    CheckKind.SHEET: N_("Floor sheets are signed"),
    CheckKind.RED_LETTER: N_("No red-letter invoice is overdue"),
    CheckKind.STOCK: N_("Stock correction is fetched"),
}

_OF_END: Final = {
    REDEEMED: Meaning.ALLOWED,
    SETTLED: Meaning.ALLOWED,
    VOID: Meaning.REFUSED,
    RENEWED: Meaning.NEUTRAL,
}


Check = OpenItem | CheckKind
"""A line of the day's list: one thing that is not done, or a kind of which nothing is left."""


def checks_of(day: DayDetails) -> list[Check]:
    """Return the day's list: what is not done in the order of work, then what is."""
    open_kinds = {item.kind for item in day.items}
    return [*day.items, *(kind for kind in CheckKind if kind not in open_kinds)]


def row_of(item: Check) -> Row:
    """Return the row of one thing that is not done, or of what is done."""
    if isinstance(item, CheckKind):
        return Row(item, _(_DONE[item]), verdict=RowVerdict(Meaning.ALLOWED, _("done")))
    if item.must:
        verdict = RowVerdict(Meaning.REFUSED, _("has to be done"))
    elif item.explanation:
        verdict = RowVerdict(Meaning.NEUTRAL, _("explained"), "message-square-warning")
    else:
        verdict = RowVerdict(Meaning.MISSING, _("to do, or to explain"))
    said = about_words(item)
    if item.explanation:
        told = item.explanation
        if item.explained_by:
            told = _("{name}: {words}").format(name=item.explained_by, words=told)
        said = dotted(said, told)
    return Row(item.key, item_words(item), said, verdict=verdict)


def item_words(item: OpenItem) -> str:
    """Return what is not done in a few words."""
    named = f"{_(item.title)} {receipt_number(item.what)}".strip()
    if item.kind == CheckKind.GAP and item.about:
        return f"{named} – {about_words(item)}"
    return named


def about_words(item: OpenItem) -> str:
    """Return what else is known of it."""
    return dotted(*(current_text(words) for words in item.about))


def day_title(day: dt.date, today: dt.date) -> str:
    """Return a day as the head of the tab."""
    said = f"{day_words(day, today)} {_(_WEEKDAYS[day.weekday()])}"
    return f"{said}{DOT}{_('today')}" if day == today else said


_WEEKDAYS: Final = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip


def figures_of(found: Register) -> list[tuple[str, Sum]]:
    """Return the day's figures with their labels, the whole first."""
    return [
        (_("Return forms"), found.made),
        (_("Refunds"), found.of_kind(Kind.REFUND)),
        (_("Exchanges"), found.of_kind(Kind.EXCHANGE)),
        (_("Redeemed or paid out"), found.ended_as(REDEEMED) + found.ended_as(SETTLED)),
        (_("Void"), found.ended_as(VOID)),
        (_("Good after the day"), found.after),
    ]


def sums_words(found: Register) -> str:
    """Return the day's sums in one line, as they are signed."""
    return DOT.join(
        (
            _n("{count} form, {amount}", "{count} forms, {amount}", found.made.count).format(
                count=found.made.count, amount=format_fen(found.made.fen)
            ),
            _("{amount} good after the day").format(amount=format_fen(found.after.fen)),
        )
    )


def state_of(day: DayDetails, today: dt.date) -> tuple[Meaning, str, str]:
    """Return how the day stands: meaning, sentence, and the small one."""
    if day.closed:
        seal = day.seals[-1]
        small = _("{time} by {clerk} and {signer}, seal {number}")
        return (
            Meaning.ALLOWED,
            _("The day is closed"),
            small.format(time=f"{seal.at:%m-%d %H:%M}", clerk=seal.done_by, signer=seal.signed_by, number=seal.seq),
        )
    if not day.closable:
        first = day_words(day.next_day, today)
        return Meaning.NEUTRAL, _("{day} is closed first").format(day=first), _("The arrows lead there.")
    left = len(day.open_items)
    if any(item.must for item in day.open_items):
        return Meaning.REFUSED, _("A return waits for its approval"), _("It has to be decided before the day closes.")
    if left:
        said = _n("{count} thing is left", "{count} things are left", left).format(count=left)
        return Meaning.MISSING, said, _("Do them, or explain why not.")
    return Meaning.ALLOWED, _("Everything is done or explained"), _("The clerk and a supervisor sign.")


def seals_words(seals: Sequence[SealDetails]) -> str:
    """Return what was signed of a day, a line each."""
    return "\n".join(_seal_words(seal) for seal in seals)


def _seal_words(seal: SealDetails) -> str:
    both = dotted(seal.done_by, seal.signed_by)
    if seal.act == CLOSED:
        said = _("Seal {number}: closed {time}, {both}")
    else:
        said = _("Seal {number}: opened again {time}, {both}: {reason}")
    return said.format(number=seal.seq, time=f"{seal.at:%m-%d %H:%M}", both=both, reason=seal.reason)


def register_rows(found: Register) -> list[Row]:
    """Return the register as rows: forms and gaps in number order, then those of other days."""
    placed = [(entry.number, entry_row(entry, found.day)) for entry in found.forms]
    placed += [(gap.first, gap_row(gap)) for gap in found.gaps]
    rows = [row for _number, row in sorted(placed, key=lambda one: one[0])]
    return rows + [entry_row(entry, found.day) for entry in found.others]


def entry_row(entry: Entry, day: dt.date) -> Row:
    """Return the row of a form in the register of `day`."""
    said = (receipt_number(entry.receipt) or _("No receipt"), f"{entry.clerk} / {entry.approver}")
    at = f"{entry.made_at:%H:%M}" if entry.day == day else f"{entry.day:%m-%d}"
    return Row(
        entry.number,
        f"{entry.number:06}  {name_of(Kind(entry.kind))}",
        DOT.join(said),
        (at, str(entry.lines), format_fen(entry.amount)),
        _verdict(entry),
        faded=entry.outcome is not None and entry.outcome.how == VOID,
    )


def gap_row(gap: Gap) -> Row:
    """Return the row of numbers that stand on no form."""
    said = f"{gap.first:06}" if gap.first == gap.last else f"{gap.first:06} – {gap.last:06}"
    return Row(gap.key, said, verdict=RowVerdict(Meaning.REFUSED, _("on no form")))


def told_of(found: Register, key: object) -> str:
    """Return the whole of what became of the form with this number, for the row under the cursor."""
    entry = next((one for one in (*found.forms, *found.others) if one.number == key), None)
    return outcome_words(entry, current()) if entry is not None else ""


def file_row(file: FileDetails, zone: dt.tzinfo) -> Row:
    """Return the row of a stock file."""
    made = _("made {time} by {name}").format(time=f"{file.made_at.astimezone(zone):%H:%M}", name=file.made_by)
    if file.fetched_at is None:
        verdict = RowVerdict(Meaning.MISSING, _("not fetched"))
    else:
        said = _("fetched {time} by {name}")
        time = f"{file.fetched_at.astimezone(zone):%m-%d %H:%M}"
        verdict = RowVerdict(Meaning.ALLOWED, said.format(time=time, name=file.fetched_by))
    name = _("Stock file {number}").format(number=file.number)
    return Row(file.number, name, made, (str(file.lines), format_fen(file.amount)), verdict)


def _verdict(entry: Entry) -> RowVerdict:
    outcome = entry.outcome
    if outcome is None:
        if not entry.printed:
            return RowVerdict(Meaning.MISSING, _("not printed"))
        return RowVerdict(Meaning.NEUTRAL, _("good"))
    if outcome.owes_part_two:
        return RowVerdict(Meaning.MISSING, _("part 2 missing"))
    return RowVerdict(_OF_END[outcome.how], _(ENDS[outcome.how]))
