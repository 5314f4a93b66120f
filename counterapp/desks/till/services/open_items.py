"""What the till leaves open when a day is closed: part 2s that are back and not counted over to administration."""

from __future__ import annotations

import datetime as dt
from functools import partial

from sqlalchemy.orm import Session

from counterapp.core.open_items import OpenItem
from counterapp.desks.till.services.parts import stacks
from counterapp.words import N_, _n

_handover = partial(
    OpenItem,
    "handover",
    title=N_("Part 2s not counted over"),
    how=N_("Count the stack over to administration at the till's tab, under part 2."),
)


def open_items(session: Session, day: dt.date, _now: dt.datetime) -> tuple[OpenItem, ...]:
    """Return the stacks of `day` and before that lie here, by till and cashier."""
    return tuple(
        _handover(
            f"handover:{stack.till}:{stack.cashier_id}",
            what=stack.till,
            about=(stack.cashier, partial(_count_words, stack.count)),
        )
        for stack in stacks(session, day)
        if stack.count
    )


def _count_words(count: int) -> str:
    return _n("{count} part 2", "{count} part 2s", count).format(count=count)
