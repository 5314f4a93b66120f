"""The report of risk as it was read last: it is about months, so that minutes do not matter."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from weakref import WeakKeyDictionary

from counterapp.core.actor import Actor
from counterapp.desks.returns.services.risk import Report, report
from counterapp.work import StoreClient

#: How long a report is good for.
_KEPT: Final = dt.timedelta(minutes=10)


class Recent:
    """Keeps one report for all screens of a counter. `read` is called on the reading worker, and there alone."""

    def __init__(self) -> None:
        self._report: Report | None = None

    def forget(self) -> None:
        """Let the next reading be a fresh one."""
        self._report = None

    def read(self, session: Any, actor: Actor) -> Report:
        """Return the report as whoever acts may see it."""
        kept = self._report
        # A clock that was set back must keep no old report.
        if kept is None or not dt.timedelta(0) <= actor.now() - kept.at < _KEPT:
            kept = self._report = report(session, actor)
        return kept.seen_by(actor.person)


_OF_COUNTER: Final[WeakKeyDictionary[StoreClient, Recent]] = WeakKeyDictionary()


def recent(client: StoreClient) -> Recent:
    """Return the one of this counter."""
    return _OF_COUNTER.setdefault(client, Recent())
