"""The state's working days, from a file that IT can replace: the program's own, or one loaded for the store."""

from __future__ import annotations

import datetime as dt
import functools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from counterapp.core.actor import Actor
from counterapp.core.store_settings import rule_books, store_rule_book
from counterapp.errors import BadInput
from counterapp.words import N_
from resources import resource

#: Where the store's own file is kept, among the rule books of the desks.
KEPT_AS: Final = "working_days"
_CARRIED: Final = "calendars/working-days.toml"
_WRONG: Final = N_("The file of working days cannot be used: {where}. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The days off and the weekend days worked for them, for the `years` that the file knows."""

    rest: frozenset[dt.date]
    worked: frozenset[dt.date]
    years: range


def read_working_days(text: str) -> WorkingDays:
    """Return what a file says (see resources/calendars). Raises BadInput with the first mistake."""
    try:
        years: Mapping[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadInput(_WRONG, where=str(error)) from error
    rest: set[dt.date] = set()
    worked: set[dt.date] = set()
    for year, lists in years.items():
        if not year.isdecimal() or not isinstance(lists, dict) or set(lists) != {"rest", "worked"}:
            raise BadInput(_WRONG, where=f"[{year}]")
        for name, days in (("rest", rest), ("worked", worked)):
            if not isinstance(lists[name], list):
                raise BadInput(_WRONG, where=f"[{year}] {name}")
            for written in lists[name]:
                days.update(_days(year, written))
    known = sorted(int(year) for year in years)
    if not known or known != list(range(known[0], known[-1] + 1)):
        raise BadInput(_WRONG, where=", ".join(map(str, known)) or "0")
    if both := rest & worked:
        raise BadInput(_WRONG, where=str(min(both)))
    return WorkingDays(frozenset(rest), frozenset(worked), range(known[0], known[-1] + 1))


def _days(year: str, written: object) -> Iterator[dt.date]:
    first, _dots, last = str(written).partition("..")
    try:
        day, end = (dt.date.fromisoformat(f"{int(year):04}-{one}") for one in (first, last or first))
        if end < day:
            raise ValueError(written)
    except ValueError as error:
        raise BadInput(_WRONG, where=f"[{year}] {written}") from error
    while day <= end:
        yield day
        day += dt.timedelta(days=1)


@functools.cache
def carried() -> WorkingDays:
    """Return the working days that came with the program."""
    return read_working_days(resource(_CARRIED).read_text("utf-8"))


def working_days(session: Session) -> WorkingDays:
    """Return the working days that hold in the store: those loaded last, or those that came with the program.

    A program that knows later years than what was loaded goes by its own.
    """
    loaded = rule_books(session, KEPT_AS)
    if not loaded:
        return carried()
    own = _read(max(loaded, key=lambda book: book.id).text)
    return own if own.years[-1] >= carried().years[-1] else carried()


def load_working_days(session: Session, actor: Actor, text: str) -> WorkingDays:
    """Let the working days of a file hold in the store from now on, and return them. Raises BadInput."""
    read = read_working_days(text)
    store_rule_book(session, KEPT_AS, actor.today(), text, actor, actor.now())
    return read


_read: Final = functools.lru_cache(maxsize=4)(read_working_days)
