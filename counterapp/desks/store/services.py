"""What IT does for the store: accounts, imports; and what those in charge look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from counterapp.core import journal, sign_in_attempts, staff
from counterapp.core.actor import APPROVERS, AT_THE_COUNTER, Actor, Role
from counterapp.core.cases import Case
from counterapp.core.database import Database
from counterapp.core.print_queue import PaperRole
from counterapp.core.receipts import FROM_TILL, Receipt
from counterapp.core.sales_import import ImportReport, import_sales
from counterapp.core.sign_in_attempts import Tries
from counterapp.core.staff import NewPerson, Person
from counterapp.desks.store.printouts import badge_slip
from counterapp.documents.issue import print_context
from counterapp.errors import NotAllowed
from counterapp.words import N_

#: How far back tries to sign in are shown.
TRIES_OF: Final = dt.timedelta(days=7)
#: Those who may bring receipts in and see the accounts; only IT changes these.
IN_CHARGE: Final = frozenset({Role.IT, *APPROVERS})


@dataclass(frozen=True, slots=True)
class Overview:
    """What the desk shows: everyone, the tries of the last days, and the moment of the newest receipt (store's time).

    `tries` by the id of the account; `unknown` are those with nobody's number, by station. `is_used`: a case was begun.
    """

    people: Sequence[Person]
    tries: dict[int, Tries]
    unknown: Sequence[Tries]
    newest_receipt: dt.datetime | None
    is_used: bool

    @property
    def has_counter_staff(self) -> bool:
        """Whether somebody may sign in who takes goods back."""
        return any(person.active and Role(person.role) in AT_THE_COUNTER for person in self.people)


def overview(session: Session, now: dt.datetime) -> Overview:
    """Return what the desk shows."""
    found = sign_in_attempts.recent(session, now - TRIES_OF)
    return Overview(
        staff.list_staff(session),
        {one.person_id: one for one in found if one.person_id is not None},
        [one for one in found if one.person_id is None],
        session.scalar(select(func.max(Receipt.sold_at)).where(Receipt.source == FROM_TILL)),
        session.scalar(select(Case.id).limit(1)) is not None,
    )


def add(session: Session, actor: Actor, new: NewPerson, pin_hash: str) -> int:
    """Add a member of staff and return the id. Raises NotAllowed, BadInput for an unusable number or name."""
    _only_it(actor)
    return staff.add_person(session, new, pin_hash).id


def give_pin(session: Session, actor: Actor, person_id: int, pin_hash: str) -> None:
    """Give an account a new PIN, and let it try at once. Raises NotAllowed, NotFound."""
    _only_it(actor)
    staff.set_pin(session, person_id, pin_hash)


def block(session: Session, actor: Actor, person_id: int) -> None:
    """Let an account sign in no more. Raises NotAllowed, Refused for one's own, NotFound."""
    _only_it(actor)
    staff.set_active(session, actor, person_id, active=False)


def unblock(session: Session, actor: Actor, person_id: int) -> None:
    """Let an account sign in again. Raises NotAllowed, NotFound."""
    _only_it(actor)
    staff.set_active(session, actor, person_id, active=True)


def print_badge(session: Session, actor: Actor, person_id: int) -> None:
    """Print the badge of an account at the actor's station; the journal says that it was. Raises NotAllowed."""
    _only_it(actor)
    person = session.get_one(Person, person_id)
    context = print_context(session, actor)
    slip = badge_slip(context.settings.name, person.signer(), person.badge, context.language)
    context.print(PaperRole.SLIP, slip, None)
    journal.note(session, badge_of=person_id)


def bring_in(
    database: Database,
    actor: Actor,
    path: Path,
    progress: Callable[[float, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Take in the till's export at `path`, batch by batch, and journal what came of it.

    `progress` and `cancelled` as in `import_sales`. Raises NotAllowed, BadInput.
    """
    if actor.person.role not in IN_CHARGE:
        raise NotAllowed(N_("Receipts are brought in by IT or a supervisor."))
    report = import_sales(database, path, clock=actor.clock, progress=progress, cancelled=cancelled)
    counted = {"receipts": report.receipts, "lines": report.lines, "unchanged": report.unchanged}
    database.command(
        actor,
        "sales.import",
        lambda session: journal.note(
            session, file=str(path), set_aside=len(report.rejected), cancelled=report.cancelled, **counted
        ),
    )
    return report


def _only_it(actor: Actor) -> None:
    if actor.person.role is not Role.IT:
        raise NotAllowed(N_("Staff accounts are changed by IT."))
