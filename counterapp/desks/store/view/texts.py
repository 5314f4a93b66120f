"""What the store desk says of accounts and of those who tried to sign in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from counterapp.core.actor import Actor, Role, role_name
from counterapp.core.sign_in_attempts import Tries
from counterapp.core.staff import Person
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import Row, RowVerdict, dotted
from counterapp.words import _, _n

#: The key of the row that belongs to no account.
UNKNOWN: Final = "unknown"

#: A row of the list: an account, or those who tried with nobody's number.
Account = Person | Sequence[Tries]


def _moment(at: dt.datetime, actor: Actor) -> str:
    here = at.astimezone(actor.zone)
    return f"{here:%H:%M}" if here.date() == actor.today() else f"{here:%m-%d %H:%M}"


def tries_words(tried: Tries, actor: Actor) -> str:
    """Say how often an account was tried in vain, and when and where last."""
    count = tried.wrong + tried.refused
    said = _n(
        "{count} try to sign in failed, the last one {moment} at station {station}",
        "{count} tries to sign in failed, the last one {moment} at station {station}",
        count,
    )
    return said.format(count=count, moment=_moment(tried.at, actor), station=tried.station)


def unknown_words(tried: Tries, actor: Actor) -> str:
    """Say how often nobody's number was tried at a station, and when last."""
    said = _n(
        "Station {station}: {count} try, the last one {moment}",
        "Station {station}: {count} tries, the last one {moment}",
        tried.refused,
    )
    return said.format(station=tried.station, count=tried.refused, moment=_moment(tried.at, actor))


def row_of_unknown(tried: Sequence[Tries], actor: Actor) -> Row:
    """Return the row of those who tried with nobody's number, at whatever stations."""
    count = sum(one.refused for one in tried)
    stations = ", ".join(_("Station {station}").format(station=one.station) for one in tried)
    return Row(UNKNOWN, _("Numbers that nobody has"), stations, verdict=_failed(count, tried[0].at, actor))


def role_words(person: Person) -> str:
    """Return somebody's role, and the department that they speak for."""
    return " ".join(filter(None, (role_name(Role(person.role)), person.department)))


def row_of(person: Person, tried: Tries | None, actor: Actor) -> Row:
    """Return the row of an account."""
    verdict = None
    if not person.active:
        verdict = RowVerdict(Meaning.REFUSED, _("Blocked"), "ban")
    elif tried is not None:
        verdict = _failed(tried.wrong + tried.refused, tried.at, actor)
    return Row(
        person.id,
        person.name,
        dotted(role_words(person), person.number),
        verdict=verdict,
        faded=not person.active,
    )


def _failed(count: int, at: dt.datetime, actor: Actor) -> RowVerdict:
    said = _n("{count} failed try, {moment}", "{count} failed tries, {moment}", count)
    return RowVerdict(Meaning.MISSING, said.format(count=count, moment=_moment(at, actor)))
