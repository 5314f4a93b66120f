"""The words of the tab of returned goods. No widget is made here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from counterapp.core.money import format_quantity
from counterapp.desks.returned_goods.services.notices import Notice
from counterapp.desks.returned_goods.services.sheets import SheetDetails
from counterapp.return_forms.terms import name_of
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import DOT, Row, RowVerdict
from counterapp.words import _, _n


@dataclass(frozen=True, slots=True)
class Clock:
    """What a notice's clock shows: the large figure, the small words beneath it, and what its colour says."""

    figure: str
    words: str
    meaning: Meaning


def clock_of(notice: Notice, now: dt.datetime) -> Clock:
    """Return the clock of a notice; minutes that are left are rounded up, those that are over down."""
    if not notice.is_open:
        return Clock("", _("void") if notice.ended_void else _("done"), Meaning.NEUTRAL)
    left = int((notice.due_at - now).total_seconds())
    if notice.is_overdue(now):
        return Clock(f"+{-left // 60}", _("minutes late"), Meaning.REFUSED)
    if left < 60:
        return Clock(f"{left}", _("seconds left"), Meaning.MISSING)
    whole = (notice.due_at - notice.raised_at).total_seconds()
    soon = notice.is_urgent or left * 3 <= whole
    return Clock(f"{-(-left // 60)}", _("minutes left"), Meaning.MISSING if soon else Meaning.ALLOWED)


def goods_words(notice: Notice) -> str:
    """Return what it is about: item and quantity."""
    return f"{notice.item} × {format_quantity(notice.quantity)}"


def department_words(department: str) -> str:
    """Return a department as it is called, or that there is none."""
    return department or _("no department")


def about_words(notice: Notice, zone: dt.tzinfo) -> str:
    """Return the quiet words of a notice: why, which form, since when, whose staff."""
    said = [
        name_of(notice.reason),
        _("form {number}").format(number=f"{notice.form:06}"),
        _("since {time}").format(time=f"{notice.raised_at.astimezone(zone):%H:%M}"),
    ]
    if notice.supplier:
        said.append(_("staff of supplier {supplier}").format(supplier=notice.supplier))
    return DOT.join(said)


def state_chips(notice: Notice, zone: dt.tzinfo) -> list[tuple[Meaning, str, str]]:
    """Return what has to be done, then what was done, as chips: meaning, words, icon."""
    if notice.ended_void:
        return [(Meaning.NEUTRAL, _("form void: nothing to collect"), "ban")]
    chips = []
    if notice.to_answer:
        chips.append((Meaning.REFUSED, _("look at the shelf"), "triangle-alert"))
    if notice.to_collect:
        chips.append((Meaning.MISSING, _("to collect"), "luggage"))
    if notice.collected_at is not None:
        time = f"{notice.collected_at.astimezone(zone):%H:%M}"
        chips.append((Meaning.ALLOWED, _("{name} {time}").format(name=notice.collected_by, time=time), ""))
    if notice.answered_at is not None:
        chips.append((Meaning.ALLOWED, _("shelf: {found}").format(found=notice.found), ""))
    return chips


def sheet_row(sheet: SheetDetails, day: dt.date, zone: dt.tzinfo) -> Row:
    """Return a floor sheet as a row; one of an earlier day says so."""
    name = department_words(sheet.department)
    quiet = [_("sheet {seq}").format(seq=sheet.seq), f"{sheet.made_at.astimezone(zone):%H:%M}", sheet.made_by]
    if sheet.booked_on != day:
        quiet.insert(0, _("of {month:02}-{day:02}").format(month=sheet.booked_on.month, day=sheet.booked_on.day))
    if sheet.signed_at is not None:
        verdict = RowVerdict(Meaning.ALLOWED, _("signed: {name}").format(name=sheet.checked_by))
    else:
        verdict = RowVerdict(Meaning.MISSING, _("to sign"))
    voided = _("void since: {numbers}").format(numbers=_(", ").join(f"{number:06}" for number in sheet.voided))
    if sheet.voided:
        quiet.append(voided)
    if sheet.remark:
        quiet.append(sheet.remark)
    return Row(sheet.id, name, DOT.join(quiet), (str(len(sheet.lines)),), verdict)


def unlisted_row(department: str, count: int) -> Row:
    """Return the lines of a department that stand on no sheet yet as a row."""
    said = _n("{count} line waits", "{count} lines wait", count).format(count=count)
    return Row(
        ("unlisted", department),
        department_words(department),
        _("on no sheet yet"),
        (str(count),),
        RowVerdict(Meaning.NEUTRAL, said, "printer"),
    )


def sheet_words(sheet: SheetDetails) -> list[str]:
    """Return the lines of a sheet for whoever signs, the first ones of a long one."""
    lines = [
        f"{line.item} × {format_quantity(line.quantity)}{DOT}{line.form:06}"
        + (f"{DOT}{_('void')}" if line.void else "")
        for line in sheet.lines
    ]
    return lines if len(lines) <= 6 else [*lines[:5], _("and {count} more").format(count=len(lines) - 5)]
