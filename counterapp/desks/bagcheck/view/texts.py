"""How the screen of bag check says what it shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from counterapp.desks.bagcheck.printouts import FEES, SIZES
from counterapp.desks.bagcheck.rules import CHARGED, LOST, PAID, TOLD, WAITING, Size
from counterapp.desks.bagcheck.services.collecting import DepositDetails
from counterapp.desks.bagcheck.services.days import CLOSING, SheetDetails
from counterapp.desks.bagcheck.services.figures import LockerOnMap, LockerStatus
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import dotted
from counterapp.words import N_, _, _n

#: The states in which a lost token is still being settled.
OPEN_LOSS: Final = frozenset({LOST, TOLD, CHARGED, PAID})

MEANINGS: Final[Mapping[LockerStatus, Meaning]] = {
    LockerStatus.FREE: Meaning.ALLOWED,
    LockerStatus.TAKEN: Meaning.NEUTRAL,
    LockerStatus.OVERNIGHT: Meaning.MISSING,
    LockerStatus.OUT_OF_USE: Meaning.REFUSED,
}
_STATUSES: Final[Mapping[LockerStatus, str]] = {
    LockerStatus.FREE: N_("Free"),
    LockerStatus.TAKEN: N_("In use"),
    LockerStatus.OVERNIGHT: N_("Overnight"),
    LockerStatus.OUT_OF_USE: N_("Out of use"),
}
_STEPS: Final[Mapping[str, str]] = {
    LOST: N_("Token lost: ask the customer what was deposited"),
    TOLD: N_("Token lost: the ID has to be shown"),
    CHARGED: N_("Token lost: waits for the cash office"),
    PAID: N_("Token lost: paid, the locker may be opened"),
}


def status_words(status: LockerStatus) -> str:
    """Return how a locker stands, in one word."""
    return _(_STATUSES[status])


def size_words(size: Size) -> str:
    """Return what a size is called."""
    return _(SIZES[size.value])


def fee_words(name: str) -> str:
    """Return what the store calls the fee for a lost token, by the setting or as a record keeps it; its own word stays
    as it is."""
    source = FEES.get(name, name)
    return _(source) if source in FEES.values() else source


def minutes(since: dt.datetime, now: dt.datetime) -> int:
    """Return whole minutes from one moment to another, never less than none."""
    return max(0, int((now - since).total_seconds() // 60))


def how_long(locker: LockerOnMap, now: dt.datetime) -> str:
    """Return the short words under a locker's number: how long, or what is the matter with it."""
    if locker.status is LockerStatus.OUT_OF_USE:
        return _("Closed")
    if locker.since is None:
        return ""
    if locker.state in OPEN_LOSS:
        return _("Lost")
    if locker.state == WAITING:
        return _("To sign")
    if locker.status is LockerStatus.OVERNIGHT:
        return _("Night")
    return _("{count}m").format(count=minutes(locker.since, now))


def stay_words(locker: LockerOnMap, now: dt.datetime, zone: dt.tzinfo) -> str:
    """Return how a locker stands, in a sentence."""
    if locker.status is LockerStatus.OUT_OF_USE:
        return _("Out of use: {reason}").format(reason=locker.reason)
    if locker.since is None:
        return _("Free")
    since = locker.since.astimezone(zone)
    if locker.state in OPEN_LOSS:
        return _(_STEPS[locker.state])
    if locker.status is LockerStatus.OVERNIGHT:
        return _("Overnight since {month:02}-{day:02} {time}").format(
            month=since.month, day=since.day, time=f"{since:%H:%M}"
        )
    return _("In use since {time}, {count} min").format(time=f"{since:%H:%M}", count=minutes(locker.since, now))


def locker_words(locker: LockerOnMap, now: dt.datetime, zone: dt.tzinfo) -> str:
    """Return all that the map knows of a locker, in one line."""
    number = _("Locker {number}").format(number=locker.number)
    return dotted(number, size_words(locker.size), locker.place, stay_words(locker, now, zone))


def pieces_words(pieces: int) -> str:
    """Return a number of pieces."""
    return _n("{count} piece", "{count} pieces", pieces).format(count=pieces)


def matter_words(deposit: DepositDetails, zone: dt.tzinfo) -> str:
    """Return what was deposited, and when."""
    at = deposit.deposited_at.astimezone(zone)
    taken = (
        _("in at {time}").format(time=f"{at:%H:%M}")
        if not deposit.nights
        else _("in since {month:02}-{day:02} {time}").format(month=at.month, day=at.day, time=f"{at:%H:%M}")
    )
    return dotted(deposit.description or "", pieces_words(deposit.pieces) if deposit.pieces else "", taken)


def nights_words(nights: int) -> str:
    """Return how many nights something has stayed."""
    return _n("{count} night", "{count} nights", nights).format(count=nights)


def step_words(state: str) -> str:
    """Return where a lost token stands."""
    return _(_STEPS[state])


def day_words(day: dt.date) -> str:
    """Return a day as the counter writes it."""
    return _("{month:02}-{day:02}").format(month=day.month, day=day.day)


def sheet_title(sheet: SheetDetails) -> str:
    """Return what a signed sheet is called, with its day."""
    name = _("Closing record") if sheet.kind == CLOSING else _("Morning")
    return f"{name} {day_words(sheet.day)}"


def sums_words(sheet: SheetDetails) -> str:
    """Return what a closing record says in figures, and who signed it."""
    content = sheet.content
    said = _("in {taken}, out {collected}, released {released}, left {left}").format(
        taken=content.get("taken", 0),
        collected=content.get("collected", 0),
        released=content.get("released", 0),
        left=len(content.get("left", ())),
    )
    return dotted(said, signers_words(sheet))


def signers_words(sheet: SheetDetails) -> str:
    """Return who signed a sheet."""
    if sheet.countersigned_by:
        return _("signed by {name} and {other}").format(name=sheet.signed_by, other=sheet.countersigned_by)
    return _("signed by {name}").format(name=sheet.signed_by)
