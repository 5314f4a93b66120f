"""Personal data of returns: the phone that was noted is erased when its time is over; forms and figures stay."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core.actor import Actor
from counterapp.core.cases import Case
from counterapp.core.masking import Mask, masked
from counterapp.core.personal import MOST, Erased, blank
from counterapp.core.store_settings import store_settings
from counterapp.return_forms.models import ReturnCase


def erase_due(session: Session, actor: Actor) -> Erased:
    """Erase the phones of returns whose last change is as long ago as the store's settings say, from their papers too.

    On paper it stands masked. It has to run as a command.
    """
    before = actor.now() - dt.timedelta(days=store_settings(session).personal.form_days)
    old = select(ReturnCase).join(Case, Case.id == ReturnCase.case_id).where(Case.changed_at < before)
    due = session.scalars(old.where(ReturnCase.phone > "").order_by(ReturnCase.case_id).limit(MOST)).all()
    papers: tuple[str, ...] = ()
    for one in due:
        papers += blank(session, actor, one.case_id, one.phone, masked(one.phone, Mask.PHONE))
        one.phone = ""
    session.flush()
    return Erased(people=len(due), print_jobs=papers, more=len(due) == MOST)
