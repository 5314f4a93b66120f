"""Returned goods as they stand at all stations: what the tab shows, read at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from counterapp.core.actor import Actor
from counterapp.core.business_day import open_day
from counterapp.desks.returned_goods.services.notices import Names, Notice, done_notices, last_names, open_notices
from counterapp.desks.returned_goods.services.sheets import SheetDetails, sheets_to_see, unlisted


@dataclass(frozen=True, slots=True)
class Overview:
    """Notices that are open and those done today, sheets, lines on no sheet by department, names.

    `day` is the business day that stands open.
    """

    day: dt.date
    open: tuple[Notice, ...]
    done: tuple[Notice, ...]
    sheets: tuple[SheetDetails, ...]
    unlisted: dict[str, int]
    names: Names


def overview(session: Session, actor: Actor) -> Overview:
    """Return what is to be done with returned goods now, and what was done on the open day."""
    day = open_day(session, actor.today())
    return Overview(
        day=day,
        open=open_notices(session, actor.now()),
        done=done_notices(session, day),
        sheets=sheets_to_see(session, day),
        unlisted=unlisted(session, day),
        names=last_names(session, day),
    )
