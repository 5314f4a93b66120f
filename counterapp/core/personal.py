"""Personal data whose time is over is erased: each desk gives one function, and the papers that name somebody follow.

What stays is what the law keeps: numbers, amounts, days, and who of the staff did what (spec/law.md).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp import words
from counterapp.core import journal
from counterapp.core.actor import Actor
from counterapp.core.database import Database
from counterapp.core.print_queue import PrintJob
from counterapp.core.store_settings import store_settings
from counterapp.words import N_

#: Records that one run changes at the most: nobody at the counter waits long for it.
MOST: Final = 500
#: What stands on a paper where somebody was named.
GONE: Final = N_("(erased)")


@dataclass(frozen=True, slots=True)
class Erased:
    """What one run erased: how many records of `people`, and what is counted by itself.

    `print_jobs` are the keys of the papers whose stored document lost its customer; `tokens` counts the slips and
    labels that can no longer be printed again; `more` says that another run has to follow.
    """

    people: int = 0
    id_numbers: int = 0
    id_pictures: int = 0
    photos: int = 0
    tokens: int = 0
    print_jobs: tuple[str, ...] = ()
    more: bool = False

    def plus(self, other: Erased) -> Erased:
        """Return what two runs erased together."""
        return Erased(
            self.people + other.people, self.id_numbers + other.id_numbers, self.id_pictures + other.id_pictures,
            self.photos + other.photos, self.tokens + other.tokens, self.print_jobs + other.print_jobs, other.more,
        )  # fmt: skip


EraseDue = Callable[[Session, Actor], Erased]
"""Erases what of a desk is old enough by the store's settings, `MOST` records at the most; it runs as a command."""


def erase_due(database: Database, actor: Actor, desks: Sequence[tuple[str, EraseDue]]) -> Iterator[Erased]:
    """Let each of the `desks` (by name) erase what is old enough, some records a command ("bagcheck.erase"), and yield
    what each erased; where nothing was left it yields zeros once."""
    for desk, erase in desks:
        erased = Erased(more=True)
        while erased.more:
            erased = database.command(actor, f"{desk}.erase", partial(_run, actor=actor, erase=erase))
            yield erased
    database.empty_log()


def rewrite(session: Session, actor: Actor, jobs: Sequence[PrintJob], document: str) -> tuple[str, ...]:
    """Put `document` in the place of the stored one of `jobs`, which lost its customer; return their keys."""
    for job in jobs:
        job.document, job.erased_at = document, actor.now()
    session.flush()
    return tuple(job.key for job in jobs)


def blank(session: Session, actor: Actor, case_id: int, *shown: str) -> tuple[str, ...]:
    """Blank out in the papers of a case every field that says one of `shown`, as it stands there, masked or not;
    return the keys of the papers that changed."""
    gone = words.language(store_settings(session).language).gettext(GONE)
    # As a stored document has them, in quotes: no part of a longer text.
    known, instead = [json.dumps(one, ensure_ascii=False) for one in shown if one], json.dumps(gone, ensure_ascii=False)
    keys: tuple[str, ...] = ()
    for job in session.scalars(select(PrintJob).where(PrintJob.case_id == case_id)):
        document = job.document
        for one in known:
            document = document.replace(one, instead)
        if document != job.document:
            keys += rewrite(session, actor, [job], document)
    return keys


def erased_papers(session: Session) -> set[str]:
    """Return the keys of all papers whose customer was erased: every PC deletes what it has kept of them.

    All of them and not those of one run, so that a PC that was off then, or stopped in between, still does.
    """
    return set(session.scalars(select(PrintJob.key).where(PrintJob.erased_at.is_not(None))))


def _run(session: Session, actor: Actor, erase: EraseDue) -> Erased:
    erased = erase(session, actor)
    journal.note(
        session, erased_id_numbers=erased.id_numbers, erased_id_pictures=erased.id_pictures,
        erased_people=erased.people, erased_photos=erased.photos, print_jobs=len(erased.print_jobs),
        erased_tokens=erased.tokens,
    )  # fmt: skip
    return erased
