"""A desk's matter with a way of its own, for tests of what every desk stands on."""

from __future__ import annotations

import datetime as dt
from typing import Final

from counterapp.core import workflow
from counterapp.core.actor import Actor, Role
from counterapp.core.calendars import Calendars, ClockKind, Span
from counterapp.core.cases import Case
from counterapp.core.database import Database
from counterapp.core.deadlines import DeadlineRule, DeadlineRules
from counterapp.core.workflow import Move, Workflow

MANAGERS: Final = frozenset({Role.SERVICE_MANAGER, Role.STORE_MANAGER})
WAY: Final = Workflow(
    "matters",
    {"received": "Look up", "examined": "Refused", "done": "Approved", "closed": "Closing"},
    (
        Move("matter.examine", "Look up", {"received"}, "examined", asks_words=True),
        Move("matter.do", "Approved", {"received", "examined"}, "done"),
        Move("matter.close", "Closing", {"done"}, "closed", MANAGERS, "Staff accounts are changed by IT."),
        Move("matter.reopen", "Look up", {"closed"}, "examined", MANAGERS),
    ),
)
ANSWER, SOLVE, DELAY, LETTER = "answer", "solve", "delay", "letter"
CLOCKS: Final = DeadlineRules(
    "2026-11",
    Calendars(dict.fromkeys(range(7), (Span(9 * 60, 22 * 60),))),
    {
        ANSWER: DeadlineRule(ANSWER, "First answer", ClockKind.STORE, may_wait=True),
        SOLVE: DeadlineRule(SOLVE, "Resolution", ClockKind.STORE, 120, may_wait=True),
        DELAY: DeadlineRule(
            DELAY, "Fifteen days", ClockKind.NATURAL, 15, tell=(10, 13, 15),
            ladder=(Role.SERVICE_MANAGER, Role.STORE_MANAGER, Role.STORE_MANAGER),
        ),
        LETTER: DeadlineRule(LETTER, "Ten working days", ClockKind.WORKING, 10),
    },
)  # fmt: skip


def open_matter(database: Database, actor: Actor) -> Case:
    """A matter that was received; the case is as the database has it."""
    return database.command(actor, "matter.open", lambda s: workflow.begin(s, actor, WAY, "XX", "毛巾"))


def at(text: str) -> dt.datetime:
    """A moment in the store's time: "11-21 14:32"."""
    return dt.datetime.fromisoformat(f"2026-{text}:00+08:00")
