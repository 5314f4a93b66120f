"""Store-wide settings by name and text, as they are shown and set: one key, one value, one sentence if it is wrong."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import zoneinfo
from collections.abc import Callable
from typing import Final

from counterapp.core.goods_codes import require_patterns
from counterapp.core.store_hours import read_dates, read_weekdays
from counterapp.core.store_settings import StoreSettings
from counterapp.errors import BadInput
from counterapp.words import N_

_LONGEST: Final = 80
_CONDITIONS: Final = 120
_MOST: Final = 10**11


def keys_of(settings: StoreSettings) -> dict[str, str]:
    """Return every key that can be set and its value as text, "" for a limit that is not set."""
    found = {}
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if field.name == "limits":
            for role, limit in value.items():
                for part in ("fen", "days"):
                    at = getattr(limit, part)
                    found[f"limits.{role}.{part}"] = "" if at is None else str(at)
        elif dataclasses.is_dataclass(value):
            for name, at in dataclasses.asdict(value).items():  # type: ignore[arg-type]  # an instance, not a class
                found[f"{field.name}.{name}"] = str(at)
        else:
            found[field.name] = str(value)
    return found


def changed(settings: StoreSettings, key: str, text: str) -> StoreSettings:
    """Return `settings` with the value `text` at `key`. Raises BadInput: no such key, or what the value has to be."""
    known = keys_of(settings)
    if key not in known:
        raise BadInput(N_("There is no setting {key}. There are: {known}."), key=key, known=", ".join(known))
    text = text.strip()
    if key.startswith("limits."):
        _limits, role, part = key.split(".")
        limit = dataclasses.replace(settings.limits[role], **{part: _whole(key, text) if text else None})
        return dataclasses.replace(settings, limits={**settings.limits, role: limit})
    section, _dot, name = key.rpartition(".")
    holder = getattr(settings, section) if section else settings
    value: object = _CHECKS.get(key, _whole if isinstance(getattr(holder, name), int) else _words)(key, text)
    if section:
        name, value = section, dataclasses.replace(holder, **{name: value})
    return dataclasses.replace(settings, **{name: value})  # type: ignore[arg-type]  # each key has its own type


def _whole(key: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= _MOST):
        raise _wrong(key, text, N_("a whole number, not below zero"))
    return int(text)


def _positive(key: str, text: str) -> int:
    if not (number := _whole(key, text)):
        raise _wrong(key, text, N_("a whole number, one at least"))
    return number


def _time(key: str, text: str) -> str:
    try:
        return dt.datetime.strptime(text, "%H:%M").strftime("%H:%M")  # noqa: DTZ007  # a time of day has no zone
    except ValueError as error:
        raise _wrong(key, text, N_("a time of day, as 22:00")) from error


def _words(key: str, text: str) -> str:
    if len(text) > _LONGEST or not text.isprintable():
        raise _wrong(key, text, N_("at most 80 characters on one line"))
    return text


def _conditions(key: str, text: str) -> str:
    if len(text) > _CONDITIONS or not text.isprintable():
        raise _wrong(key, text, N_("at most 120 characters on one line"))
    return text


def _name(key: str, text: str) -> str:
    if not text:
        raise _wrong(key, text, N_("at most 80 characters on one line"))
    return _words(key, text)


def _pattern(key: str, text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise _wrong(key, text, N_("a regular expression for the whole number of a receipt")) from error
    return text


def _weighed(key: str, text: str) -> str:
    require_patterns(text)
    return " ".join(text.split())


def _weekdays(key: str, text: str) -> str:
    try:
        read_weekdays(text)
    except ValueError as error:
        raise _wrong(key, text, N_("the hours of weekdays, as mon-fri 09:00-22:00, sat-sun 08:30-22:30")) from error
    return " ".join(text.split())


def _dates(key: str, text: str) -> str:
    try:
        read_dates(text)
    except ValueError as error:
        wanted = N_("dates with their own hours, as 2026-02-16 09:00-18:00, 2026-02-17..2026-02-18 closed")
        raise _wrong(key, text, wanted) from error
    return " ".join(text.split())


def _zone(key: str, text: str) -> str:
    try:
        zoneinfo.ZoneInfo(text)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError) as error:
        raise _wrong(key, text, N_("a time zone, as Asia/Shanghai")) from error
    return text


def _one_of(*choices: str) -> Callable[[str, str], str]:
    def check(key: str, text: str) -> str:
        if text not in choices:
            raise BadInput(_WRONG, key=key, value=text, wanted=", ".join(choices))
        return text

    return check


_CHECKS: Final[dict[str, Callable[[str, str], object]]] = {
    "name": _name,
    "code": _name,
    "zone": _zone,
    "language": _one_of("zh", "en"),
    "form_paper": _one_of("a4", "continuous"),
    "receipt_pattern": _pattern,
    "weighed_codes": _weighed,
    "bagcheck.tokens": _one_of("slips", "labels", "tags"),
    "bagcheck.penalty_fen": _positive,
    "bagcheck.penalty_name": _name,
    "bagcheck.id_keeping": _one_of("last_four", "number", "copy"),
    "bagcheck.closes": _time,
    "bagcheck.conditions": _conditions,
    "bagcheck.paper_days": _positive,
    "till.rest": _one_of("forfeit", "new_form", "pay"),
    "till.form_tender": _name,
    "closing.fresh_minutes": _positive,
    "closing.frozen_minutes": _positive,
    "closing.spoiled_minutes": _positive,
    "closing.red_letter_days": _positive,
    "hours.weekdays": _weekdays,
    "hours.dates": _dates,
    "personal.form_days": _positive,
    "personal.customer_days": _positive,
}
_WRONG: Final = N_("{key} cannot be “{value}”. It has to be: {wanted}. Nothing was changed.")


def _wrong(key: str, text: str, wanted: str) -> BadInput:
    return BadInput(_WRONG, key=key, value=text, wanted=BadInput(wanted))
