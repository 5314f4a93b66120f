"""What of a day is not done: every desk answers for its own, and one list of it closes the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

Words = str | Callable[[], str]
"""Data as it is, or a sentence as it reads in the language of the screen."""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One thing that is not done. `key` names it among all of its day, and begins with its `kind`.

    `title` and `how` are English sources: what it is, and where it is done. `what` names it (a form's number, a
    locker), `about` tells more on the screen. `must`: it has to be done, and no explanation helps. `code` opens it at
    its desk, where there is one.
    """

    kind: str
    key: str
    title: str
    how: str
    what: str = ""
    about: tuple[Words, ...] = ()
    must: bool = False
    code: str = ""
    explanation: str = ""
    explained_by: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether the day can be closed over it."""
        return bool(self.explanation) and not self.must


OpenItems = Callable[[Session, dt.date, dt.datetime], tuple[OpenItem, ...]]
"""Says what of a desk is open for a business day, at this moment, in the order of work; `app.py` lists all desks'."""


def explain(items: Iterable[OpenItem], told: Mapping[str, tuple[str, str]]) -> tuple[OpenItem, ...]:
    """Return the items with what was `told` of them when the day was closed: explanation and name, by key. What a desk
    had explained already stays where nothing else was said."""
    return tuple(
        replace(item, explanation=told[item.key][0], explained_by=told[item.key][1]) if item.key in told else item
        for item in items
    )
