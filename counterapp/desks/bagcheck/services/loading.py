"""One deposit with its records, as every act on it begins, and as it ends."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from counterapp.core import cases
from counterapp.core.actor import Actor
from counterapp.desks.bagcheck.models import Deposit
from counterapp.errors import NotFound
from counterapp.words import N_


def deposits() -> Select[Deposit]:
    """Return the question for deposits with case, locker, tag and lost token."""
    return (
        select(Deposit)
        .join(Deposit.case)
        .join(Deposit.locker)
        .options(
            contains_eager(Deposit.case),
            contains_eager(Deposit.locker),
            joinedload(Deposit.tag),
            joinedload(Deposit.lost),
        )
    )


def load(session: Session, deposit_id: int, revision: int | None = None) -> Deposit:
    """Return a deposit to act on. Raises NotFound, Overtaken where it is at another revision than the screen saw.

    It is not locked: whoever changes it counts its case's revision on, and of two only the first one's count holds.
    """
    loaded = session.scalars(deposits().where(Deposit.id == deposit_id)).one_or_none()
    if loaded is None:
        raise NotFound(N_("There is no such deposit. Look at the lockers again."))
    cases.at_revision(loaded.case, revision)
    return loaded


def close(actor: Actor, loaded: Deposit) -> None:
    """Write down that the things have left their locker now."""
    now = actor.now()
    loaded.ended_at, loaded.ended_by = now, actor.person.person_id
    loaded.ended_on = now.astimezone(actor.zone).date()
