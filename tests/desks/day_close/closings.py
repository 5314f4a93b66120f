"""A day to be closed: what its tests do again and again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.orm import Session

from counterapp import app
from counterapp.core.actor import Actor, Signer
from counterapp.desks.day_close.services import closing, open_items, stock
from counterapp.desks.day_close.services.closing import DayDetails
from counterapp.desks.day_close.services.seals import verify_seals
from tests.return_forms.booked import Booked

TODAY = dt.date(2026, 11, 21)
DAY = dt.timedelta(days=1)


def look(desk: Booked, day: dt.date | None = None) -> DayDetails:
    return desk.database.read(lambda session: closing.day_details(session, day, desk.actor.now(), app.open_items()))


def close(desk: Booked, day: dt.date = TODAY) -> int:
    return desk.run(lambda session: closing.close_day(session, desk.actor, desk.signer, day, app.open_items()))


def reopen(desk: Booked, signer: Signer, day: dt.date = TODAY, reason: str = "漏记一张") -> int:
    return desk.run(lambda session: closing.reopen_day(session, desk.actor, signer, day, reason))


def explain(desk: Booked, *keys: str, day: dt.date = TODAY, words: str = "明早补") -> None:
    desk.run(lambda session: open_items.explain(session, desk.actor, day, keys, words))


def explain_all(desk: Booked, day: dt.date = TODAY) -> None:
    explain(desk, *(item.key for item in look(desk, day).items), day=day)


def settle_all(desk: Booked, day: dt.date = TODAY) -> None:
    """Make what is to be made of the day, and explain the rest."""
    if desk.database.read(lambda session: stock.missing_lines(session, day)):
        desk.run(lambda session: stock.make_file(session, desk.actor, day))
    explain_all(desk, day)


def verified(desk: Booked) -> list[str]:
    _count, bad = desk.database.read(verify_seals)
    return [one.in_language("en") for one in bad]


def tamper(desk: Booked, table: str, act: str, statement: str) -> None:
    """Change what the database forbids to change, as somebody with its password may."""

    def change(session: Session) -> None:
        off = f"DROP TRIGGER IF EXISTS keep_{table}_{act}"
        session.execute(text(off if desk.database.is_sqlite else f"{off} ON {table}"))
        session.execute(text(statement))

    desk.database.run(change)


def closing_by(actor: Actor, signer: Signer) -> Callable[[Session], int]:
    return lambda session: closing.close_day(session, actor, signer, TODAY, app.open_items())
