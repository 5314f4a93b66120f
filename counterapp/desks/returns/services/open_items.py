"""What returns leave open when a day is closed: cases that wait or are not finished, and red-letter invoices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from counterapp.core.business_day import closed_before, end_of
from counterapp.core.cases import Case
from counterapp.core.open_items import OpenItem
from counterapp.core.staff import Person
from counterapp.core.store_settings import store_settings
from counterapp.desks.returns.services.invoices import OpenTask, open_tasks
from counterapp.return_forms.models import DESK, DRAFT, REFUSED, WAITING, ReturnLine
from counterapp.words import N_, _

_waiting = partial(
    OpenItem,
    "case",
    title=N_("Return waits for approval"),
    how=N_("Approve it or send it back; no explanation helps."),
    must=True,
)
_draft = partial(
    OpenItem,
    "draft",
    title=N_("Return not finished"),
    how=N_("Send it for approval, or drop it, at the returns desk."),
)
_red_letter = partial(
    OpenItem,
    "red",
    title=N_("Red-letter invoice overdue"),
    how=N_("Ask finance for the red-letter invoice, and enter its number at the returns desk."),
)


def open_items(session: Session, day: dt.date, _now: dt.datetime) -> tuple[OpenItem, ...]:
    """Return the cases that wait and those that are not finished, then the red-letter invoices that are overdue."""
    overdue = (
        _red_letter(
            f"red:{task.number}", what=str(task.number), about=(partial(_invoice_words, task),), code=task.case_code
        )
        for task in open_tasks(session, day)
        if task.overdue
    )
    return (*_cases(session, day), *overdue)


def _cases(session: Session, day: dt.date) -> Iterator[OpenItem]:
    """Yield the cases that wait, and those that were begun or sent back since the closing before and are not done."""
    over, zone = end_of(session, day), store_settings(session).zone_info
    since = closed_before(session, day) or over - dt.timedelta(days=1)
    has_goods = exists().where(ReturnLine.case_id == Case.id)
    rows = session.execute(
        select(Case, Person.name)
        .join(Person, Person.id == Case.prepared_by)
        .where(Case.desk == DESK, Case.state.in_([WAITING, DRAFT, REFUSED]), Case.changed_at < over)
        .where((Case.state == WAITING) | has_goods & (Case.changed_at > since))
        .order_by(Case.changed_at, Case.id)
    )
    for case, clerk in rows:
        kind, item = ("case", _waiting) if case.state == WAITING else ("draft", _draft)
        about = (clerk, f"{case.changed_at.astimezone(zone):%m-%d %H:%M}")
        yield item(f"{kind}:{case.id}", what=case.title, about=about, code=case.code)


def _invoice_words(task: OpenTask) -> str:
    return _("invoice {invoice}, due {day}").format(invoice=task.invoice_no or "—", day=task.due_on.isoformat())
