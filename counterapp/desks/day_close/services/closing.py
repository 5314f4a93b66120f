"""Closing the day: what is missing is done or explained, two people sign, and nothing comes into the day any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from counterapp.core import journal
from counterapp.core.actor import APPROVERS, AT_THE_COUNTER, Actor, Clock, Role, Signer
from counterapp.core.business_day import (
    CLOSED,
    DAY_SERIES,
    REOPENED,
    DaySeal,
    ReturnDay,
    lock_days_exclusive,
    open_day,
)
from counterapp.core.journal import JournalHead
from counterapp.core.numbering import start_series
from counterapp.core.open_items import OpenItem, OpenItems
from counterapp.core.print_queue import PaperRole
from counterapp.core.staff import Person, names_and_numbers
from counterapp.core.store_settings import store_settings
from counterapp.core.typed import needed_text
from counterapp.desks.day_close.models import STOCK_SERIES
from counterapp.desks.day_close.printouts.register import Explained, RegisterFacts, register_pages
from counterapp.desks.day_close.printouts.register_facts import Register, Seal, sums_of
from counterapp.desks.day_close.services.open_items import LONGEST, outstanding
from counterapp.desks.day_close.services.register import register
from counterapp.desks.day_close.services.seals import columns_now, records_of, sealed
from counterapp.desks.day_close.services.stock import FileDetails, files_of
from counterapp.documents.issue import PrintContext, print_context
from counterapp.errors import NotAllowed, Overtaken, Refused
from counterapp.return_forms.models import FormClosure, ReturnForm
from counterapp.words import N_
from printers.document import Pages

#: Who opens a closed day again.
MANAGERS: Final = frozenset({Role.SERVICE_MANAGER, Role.STORE_MANAGER})


@dataclass(frozen=True, slots=True)
class SealDetails:
    """A seal of a day: `act` "closed" or "reopened", at what time of the store, by whom, and why."""

    seq: int
    act: str
    at: dt.datetime
    done_by: str
    signed_by: str
    reason: str
    digest: str


@dataclass(frozen=True, slots=True)
class DayDetails:
    """A business day as the screen shows it.

    `closable`: it is the one that is closed next. `next_day` is that one. `earlier` and `later` are the days beside it
    on which something happened. `last_closed`: it is the one that a manager may open again.
    """

    register: Register
    items: tuple[OpenItem, ...]
    files: tuple[FileDetails, ...]
    seals: tuple[SealDetails, ...]
    closed: bool
    closable: bool
    next_day: dt.date
    last_closed: bool
    earlier: dt.date | None
    later: dt.date | None

    @property
    def day(self) -> dt.date:
        """The day itself."""
        return self.register.day

    @property
    def open_items(self) -> tuple[OpenItem, ...]:
        """What still keeps the day from being closed."""
        return () if self.closed else tuple(item for item in self.items if not item.is_settled)


def install(session: Session, _clock: Clock) -> None:
    """Give a new store the number series of its closed days and their stock files."""
    for series in (DAY_SERIES, STOCK_SERIES):
        start_series(session, series)


def next_to_close(session: Session, today: dt.date) -> dt.date:
    """Return the day that is closed next: the first one after the last closed one on which something happened.

    Before anything was closed it is today: what was before it goes along. A day after `today` cannot be closed yet.
    """
    last = _last_closed(session)
    reopened = session.scalar(
        select(func.min(ReturnDay.day)).where(~ReturnDay.closed, ReturnDay.day > (last or _NEVER))
    )
    if last is None:
        return reopened or today
    firsts = (session.scalar(select(func.min(day)).where(day > last)) for day in _BOOKED)
    return min([day for day in (*firsts, reopened) if day is not None], default=open_day(session, today))


def day_details(session: Session, day: dt.date | None, now: dt.datetime, desks: Sequence[OpenItems]) -> DayDetails:
    """Return a business day, None: the one that is closed next, or today where that is done. Here and below, `desks`
    answer for what is open with them."""
    zone = store_settings(session).zone_info
    today = now.astimezone(zone).date()
    following = next_to_close(session, today)
    day = day or min(following, today)
    found = register(session, day)
    row = session.get(ReturnDay, day)
    closed = row is not None and row.closed
    return DayDetails(
        register=found,
        items=outstanding(session, found, now, desks),
        files=files_of(session, day),
        seals=_seals(session, day, zone),
        closed=closed,
        closable=not closed and _may_be_closed(session, day, today, following),
        next_day=following,
        last_closed=closed and _last_closed(session) == day,
        earlier=_beside(session, day, today, later=False),
        later=_beside(session, day, today, later=True),
    )


def close_day(session: Session, actor: Actor, signer: Signer, day: dt.date, desks: Sequence[OpenItems]) -> int:
    """Close a business day with two signatures, and print its register with the seal; return the seal's number.

    Whatever comes afterwards counts for the day after it. Raises NotAllowed, Overtaken where it is closed already,
    Refused where another day comes first or something is neither done nor explained.
    """
    if actor.person.role not in AT_THE_COUNTER:
        raise NotAllowed(N_("Closing the day is the service counter's. Ask a clerk or a supervisor."))
    if signer.role not in APPROVERS:
        raise NotAllowed(N_("A duty supervisor or a manager signs the day. Ask one of them."))
    if signer.person_id == actor.person.person_id:
        raise NotAllowed(N_("Two people close the day. Ask another supervisor to sign."))
    seq = lock_days_exclusive(session)
    row = session.get(ReturnDay, day)
    _require_next(session, actor, day, row)
    found = register(session, day)
    items = outstanding(session, found, actor.now(), desks)
    _require_settled(items)
    if row is None:
        session.add(ReturnDay(day=day, closed=True))
    else:
        row.closed = True
    session.flush()
    seal = sealed(
        session,
        DaySeal(
            seq=seq, day=day, act=CLOSED, at=actor.now(), station=actor.station, done_by=actor.person.person_id,
            signed_by=signer.person_id, reason="", content=_content(session, found, items),
        ),
    )  # fmt: skip
    journal.signed_also(session, signer.person_id)
    _print(session, actor, found, items, seal)
    return seq


def reopen_day(session: Session, actor: Actor, signer: Signer, day: dt.date, reason: str) -> int:
    """Open the last closed day again, as a manager's act with its reason; return the seal's number.

    `signer` is the manager. Raises NotAllowed, BadInput without a reason, Refused for any other day.
    """
    if signer.role not in MANAGERS:
        raise NotAllowed(N_("Only the customer service manager or the store manager opens a closed day again."))
    reason = needed_text(reason, LONGEST, N_("Write why the day is opened again."))
    seq = lock_days_exclusive(session)
    if _last_closed(session) != day:
        raise Refused(N_("Only the last closed day can be opened again. Look at the list once more."))
    session.get_one(ReturnDay, day).closed = False
    session.flush()
    sealed(
        session,
        DaySeal(
            seq=seq, day=day, act=REOPENED, at=actor.now(), station=actor.station, done_by=actor.person.person_id,
            signed_by=signer.person_id, reason=reason, content={},
        ),
    )  # fmt: skip
    journal.signed_also(session, signer.person_id)
    return seq


def print_register(session: Session, actor: Actor, day: dt.date, desks: Sequence[OpenItems]) -> int:
    """Print the register of a day as it stands, with its seal where it is closed; return the print job's id."""
    if actor.person.role not in AT_THE_COUNTER:
        raise NotAllowed(N_("Your role does not print papers of the counter. Ask a clerk or a supervisor."))
    found = register(session, day)
    return _print(session, actor, found, outstanding(session, found, actor.now(), desks), _seal_of(session, day))


def register_document(session: Session, actor: Actor, day: dt.date, desks: Sequence[OpenItems]) -> Pages:
    """Return the register of a day on sheets of A4, for whoever keeps it as a file."""
    found = register(session, day)
    items = outstanding(session, found, actor.now(), desks)
    context = print_context(session, actor)
    return register_pages(_facts(context, found, items, _seal_of(session, day)), context.language, "a4")


_NEVER: Final = dt.date(1900, 1, 1)
_BOOKED: Final = (ReturnForm.booked_on, FormClosure.booked_on)


def _last_closed(session: Session) -> dt.date | None:
    return session.scalar(select(func.max(ReturnDay.day)).where(ReturnDay.closed))


def _may_be_closed(session: Session, day: dt.date, today: dt.date, following: dt.date) -> bool:
    if day > today:
        return False
    never = session.scalar(select(ReturnDay.day).limit(1)) is None
    return never or day == following


def _require_next(session: Session, actor: Actor, day: dt.date, row: ReturnDay | None) -> None:
    if row is not None and row.closed:
        raise Overtaken(N_("{day} is closed already."), day=day)
    if day > actor.today():
        raise Refused(N_("{day} has not come yet. Nothing is to be closed now."), day=day)
    following = next_to_close(session, actor.today())
    if not _may_be_closed(session, day, actor.today(), following):
        raise Refused(N_("{first} has to be closed before {day}."), first=following, day=day)


def _require_settled(items: Sequence[OpenItem]) -> None:
    if any(item.must for item in items):
        raise Refused(N_("A return still waits for its approval. Approve it or send it back, then close the day."))
    left = sum(not item.is_settled for item in items)
    if left:
        raise Refused(N_("Things of this day that are neither done nor explained: {count}."), count=left)


def _content(session: Session, found: Register, items: Sequence[OpenItem]) -> dict[str, Any]:
    heads = session.execute(select(JournalHead.chain, JournalHead.seq, JournalHead.mac).order_by(JournalHead.chain))
    made, became, account = sums_of(found)
    columns = columns_now()
    return {
        "numbers": list(found.numbers or ()),
        "made": {label: [one.count, one.fen] for label, one in made},
        "became": {label: [one.count, one.fen] for label, one in became},
        "account": {label: [one.count, one.fen] for label, one in account},
        "reprints": sum(entry.copies for entry in found.forms),
        "gaps": [list(gap) for gap in found.gaps],
        "parts_missing": [entry.number for entry in found.parts_missing],
        "stock_files": [file.number for file in files_of(session, found.day)],
        "explained": {item.key: item.explanation for item in items},
        "records": records_of(session, found.day, columns),
        "columns": columns,
        "heads": [list(head) for head in heads],
    }


def _print(session: Session, actor: Actor, found: Register, items: Sequence[OpenItem], seal: DaySeal | None) -> int:
    context = print_context(session, actor)
    document = register_pages(_facts(context, found, items, seal), context.language, context.form_paper)
    job = context.print(PaperRole.FORM, document, None)
    journal.note(session, print_job=job.id, title=document.title)
    return job.id


def _facts(context: PrintContext, found: Register, items: Sequence[OpenItem], seal: DaySeal | None) -> RegisterFacts:
    return RegisterFacts(
        register=found,
        issued=context.issued_by(),
        explained=tuple(Explained(item.title, item.what, item.explanation) for item in items),
        seal=_printed(context, seal) if seal is not None else None,
    )


def _printed(context: PrintContext, seal: DaySeal) -> Seal:
    people = names_and_numbers(context.session)
    heads = tuple((str(chain), int(seq), str(mac)) for chain, seq, mac in seal.content["heads"])
    signer = people[seal.signed_by] if seal.signed_by is not None else ""
    return Seal(seal.seq, seal.digest, context.local(seal.at), people[seal.done_by], signer, heads)


def _seal_of(session: Session, day: dt.date) -> DaySeal | None:
    """Return the seal under a day that is closed now."""
    row = session.get(ReturnDay, day)
    if row is None or not row.closed:
        return None
    newest = select(DaySeal).where(DaySeal.day == day, DaySeal.act == CLOSED).order_by(DaySeal.seq.desc()).limit(1)
    return session.scalars(newest).one_or_none()


def _seals(session: Session, day: dt.date, zone: dt.tzinfo) -> tuple[SealDetails, ...]:
    doer, signer = aliased(Person), aliased(Person)
    rows = session.execute(
        select(DaySeal, doer.name, doer.number, signer.name, signer.number)
        .join(doer, doer.id == DaySeal.done_by)
        .outerjoin(signer, signer.id == DaySeal.signed_by)
        .where(DaySeal.day == day)
        .order_by(DaySeal.seq)
    )
    return tuple(
        SealDetails(
            seal.seq, seal.act, seal.at.astimezone(zone), f"{name} {number}",
            f"{signed_name} {signed_number}" if signed_name else "", seal.reason, seal.digest,
        )
        for seal, name, number, signed_name, signed_number in rows
    )  # fmt: skip


def _beside(session: Session, day: dt.date, today: dt.date, *, later: bool) -> dt.date | None:
    """Return the nearest day before or after `day` on which something happened; today counts as one."""
    found = [
        session.scalar(select(func.min(column)).where(column > day))
        if later
        else session.scalar(select(func.max(column)).where(column < day))
        for column in (*_BOOKED, ReturnDay.day)
    ]
    days = [one for one in found if one is not None]
    if today != day and (today > day) == later:
        days.append(today)
    if not days:
        return None
    return min(days) if later else max(days)
