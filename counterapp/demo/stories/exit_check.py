"""What the exit auditor saw at the door."""

from __future__ import annotations

from counterapp.demo.stories.teller import AUDITOR, Teller, Turns
from counterapp.desks.exit_check.models import DIFFERS, MATCHES
from counterapp.desks.exit_check.services import record


def exit_check(store: Teller) -> Turns:
    """Tell of the door: goods that agree, and goods that do not."""
    yield store.last_day(11, 18)
    agrees = store.forms["towel"]
    store.do(AUDITOR, "door.record", lambda s, a: record(s, a, agrees, MATCHES))
    yield store.this_morning(9, 4)
    differs = store.forms["bedding"]
    store.do(AUDITOR, "door.record", lambda s, a: record(s, a, differs, DIFFERS, {2: 0}, "菜刀忘在收银台，已补交"))
