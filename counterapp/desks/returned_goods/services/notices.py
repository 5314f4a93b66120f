"""Notices for the floor: what cannot wait at the counter, each with a clock that runs until somebody has collected it.

Fresh and frozen goods raise one to their department, expired or spoiled goods of any kind an urgent one to the floor
supervisor, who also looks at the same item on the shelf (spec/returns.md, After closing). A notice ends when it is
collected and, where it is urgent, answered; or when its form becomes void before that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from counterapp.core.actor import AT_THE_COUNTER, Actor
from counterapp.core.cases import Case
from counterapp.core.deadlines import Late
from counterapp.core.receipts import ReceiptLine
from counterapp.core.typed import needed_text
from counterapp.desks.returned_goods.models import FloorSheet
from counterapp.errors import NotAllowed, NotFound, Overtaken, Refused
from counterapp.return_forms.models import (
    SPOILED,
    FloorNotice,
    FormClosure,
    ReturnForm,
    ReturnFormLine,
    ReturnLine,
    Void,
)
from counterapp.return_forms.notices import supplier_of
from counterapp.return_forms.terms import Reason
from counterapp.words import N_

#: How long a notice that ended with its form is still shown: whoever has the slip in hand comes within that time.
_VOID_SHOWN: Final = dt.timedelta(hours=12)
#: How far back names of people without a sign-in are remembered.
_NAMES_FROM: Final = dt.timedelta(days=60)
_Any = Select[*tuple[Any, ...]]
#: Names are typed as they are written on paper.
LONGEST_NAME: Final = 40
LONGEST_FOUND: Final = 400


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice with what it is about; `quantity` in thousandths, all moments in UTC.

    `supplier` is the number of the supplier whose own staff sells the goods (concession), empty for the store's own.
    `void`: its form is void.
    """

    return_line_id: int
    kind: str
    department: str
    case_code: str
    form: int
    item_no: str
    barcode: str
    item: str
    quantity: int
    reason: Reason
    supplier: str
    raised_at: dt.datetime
    due_at: dt.datetime
    collected_at: dt.datetime | None
    collected_by: str
    answered_at: dt.datetime | None
    answered_by: str
    found: str
    void: bool

    @property
    def is_urgent(self) -> bool:
        """Whether the floor supervisor has to look at the shelf."""
        return self.kind == SPOILED

    @property
    def ended_void(self) -> bool:
        """Whether it ended with its form: the goods went back, and there is nothing to collect."""
        return self.void and self.collected_at is None

    @property
    def to_collect(self) -> bool:
        """Whether the goods wait at the counter."""
        return self.collected_at is None and not self.void

    @property
    def to_answer(self) -> bool:
        """Whether it has yet to be told what was found on the shelf."""
        return self.is_urgent and self.answered_at is None and not self.ended_void

    @property
    def is_open(self) -> bool:
        """Whether its clock runs."""
        return self.to_collect or self.to_answer

    def waits(self, now: dt.datetime) -> dt.timedelta:
        """Return how long it has waited."""
        return now - self.raised_at

    def is_overdue(self, now: dt.datetime) -> bool:
        """Whether its clock has run out."""
        return self.is_open and now > self.due_at


@dataclass(frozen=True, slots=True)
class Names:
    """Who signed last, by department for those who collect goods or sign sheets; the last one first."""

    collected: dict[str, tuple[str, ...]]
    answered: tuple[str, ...]
    signed: dict[str, tuple[str, ...]]


def open_notices(session: Session, now: dt.datetime) -> tuple[Notice, ...]:
    """Return the notices of all days that are open, urgent ones and the longest overdue first.

    Behind them stand those that have ended with their form a short time ago (`ended_void`).
    """
    void_lately = and_(FloorNotice.collected_at.is_(None), FormClosure.ended_at > now - _VOID_SHOWN)
    found = _read(session.execute(_notices().where(_unfinished(), or_(_not_ended(), void_lately))))
    return tuple(sorted(found, key=lambda one: (one.ended_void, not one.is_urgent, one.due_at, one.return_line_id)))


def done_notices(session: Session, day: dt.date) -> tuple[Notice, ...]:
    """Return the notices of a business day that are collected and answered, the last one first."""
    wanted = _notices().where(FloorNotice.booked_on == day, ~_unfinished())
    return tuple(_read(session.execute(wanted.order_by(FloorNotice.raised_at.desc()))))


def late(session: Session, now: dt.datetime) -> tuple[Late, ...]:
    """Return the notices whose clocks have run out, what was due first in front."""
    overdue = _with_goods(select(FloorNotice.due_at, Case.code, ReceiptLine.name)).where(
        _unfinished(), _not_ended(), FloorNotice.due_at < now
    )
    return tuple(
        Late("returned_goods", code, item, N_("Notice to the floor open"), due_at, is_late=True)
        for due_at, code, item in session.execute(overdue.order_by(FloorNotice.due_at, FloorNotice.return_line_id))
    )


def collect(session: Session, actor: Actor, return_line_id: int, by: str) -> None:
    """Note that `by` has taken the goods to the floor.

    Raises BadInput without a name, Refused where the form is void, Overtaken where somebody has them already.
    """
    notice, name = _held(session, actor, return_line_id), require_name(by)
    if notice.collected_at is not None:
        raise Overtaken(N_("{name} has collected these goods already."), name=notice.collected_by)
    number = _void_form(session, return_line_id)
    if number is not None:
        raise _nothing_to_do(number)
    notice.collected_at, notice.collected_by = actor.now(), name
    session.flush()


def answer(session: Session, actor: Actor, return_line_id: int, by: str, found: str) -> None:
    """Note what `by`, the floor supervisor, found of the same item on the shelf.

    Raises BadInput without a name or an answer, Refused where nothing was asked or the form is void, Overtaken.
    """
    notice, name = _held(session, actor, return_line_id), require_name(by)
    if notice.kind != SPOILED:
        raise Refused(N_("Only expired or spoiled goods ask for a look at the shelf."))
    found = needed_text(found, LONGEST_FOUND, N_("Say in a few words what was found on the shelf."))
    if notice.answered_at is not None:
        raise Overtaken(N_("{name} has answered already: {found}"), name=notice.answered_by, found=notice.found)
    number = _void_form(session, return_line_id)
    if number is not None and notice.collected_at is None:
        raise _nothing_to_do(number)
    notice.answered_at, notice.answered_by, notice.found = actor.now(), name, found
    session.flush()


def last_names(session: Session, today: dt.date) -> Names:
    """Return the names that were typed lately, so that nobody types one twice."""
    since = today - _NAMES_FROM
    collected = session.execute(
        select(FloorNotice.department, FloorNotice.collected_by)
        .where(FloorNotice.booked_on >= since, FloorNotice.collected_by != "")
        .order_by(FloorNotice.collected_at.desc())
    )
    signed = session.execute(
        select(FloorSheet.department, FloorSheet.checked_by)
        .where(FloorSheet.booked_on >= since, FloorSheet.checked_by != "")
        .order_by(FloorSheet.signed_at.desc())
    )
    answered = session.scalars(
        select(FloorNotice.answered_by)
        .where(FloorNotice.booked_on >= since, FloorNotice.answered_by != "")
        .order_by(FloorNotice.answered_at.desc())
    )
    return Names(_by_department(collected), tuple(dict.fromkeys(answered)), _by_department(signed))


def require_counter(actor: Actor) -> None:
    """Raise NotAllowed for a role that does not work at the counter."""
    if actor.person.role not in AT_THE_COUNTER:
        raise NotAllowed(N_("Goods for the floor are handed over at the service counter. Ask a clerk or a supervisor."))


def require_name(name: str) -> str:
    """Return a typed name without the blanks around it. Raises BadInput for none."""
    return needed_text(name, LONGEST_NAME, N_("Write the name of whoever signs."))


def _by_department(rows: Iterable[Any]) -> dict[str, tuple[str, ...]]:
    names: dict[str, dict[str, None]] = {}
    for department, name in rows:
        names.setdefault(department, {})[name] = None
    return {department: tuple(known) for department, known in names.items()}


def _held(session: Session, actor: Actor, return_line_id: int) -> FloorNotice:
    require_counter(actor)
    notice = session.get(FloorNotice, return_line_id, with_for_update=True)
    if notice is None:
        raise NotFound(N_("There is no such notice."))
    return notice


def _void_form(session: Session, return_line_id: int) -> int | None:
    return session.scalar(
        select(ReturnForm.number)
        .join(ReturnFormLine, ReturnFormLine.form_id == ReturnForm.id)
        .join(Void, Void.root_id == ReturnForm.id)
        .where(ReturnFormLine.return_line_id == return_line_id)
    )


def _nothing_to_do(number: int) -> Refused:
    return Refused(
        N_("Form {number} is void, and the goods are the customer's again: there is nothing to collect."),
        number=f"{number:06}",
    )


def _unfinished() -> ColumnElement[bool]:
    unanswered = and_(FloorNotice.kind == SPOILED, FloorNotice.answered_at.is_(None))
    return or_(FloorNotice.collected_at.is_(None), unanswered)


def _not_ended() -> ColumnElement[bool]:
    return or_(FormClosure.form_id.is_(None), FloorNotice.collected_at.is_not(None))


def _with_end(wanted: _Any) -> _Any:
    """Join each notice's form, and its end where it is void."""
    return (
        wanted.join(ReturnFormLine, ReturnFormLine.return_line_id == FloorNotice.return_line_id)
        .join(ReturnForm, ReturnForm.id == ReturnFormLine.form_id)
        .outerjoin(Void, Void.root_id == ReturnForm.id)
        .outerjoin(FormClosure, FormClosure.form_id == Void.form_id)
    )


def _notices() -> _Any:
    return _with_goods(
        select(FloorNotice, ReturnLine, ReceiptLine, ReturnForm.number, Case.code, FormClosure.form_id)
    )  # fmt: skip


def _with_goods(wanted: _Any) -> _Any:
    """Join each notice's form and its end, the goods and their case."""
    return (
        _with_end(wanted)
        .join(ReturnLine, ReturnLine.id == FloorNotice.return_line_id)
        .join(ReceiptLine, ReceiptLine.id == ReturnLine.line_id)
        .join(Case, Case.id == ReturnForm.case_id)
    )


def _read(rows: Iterable[Any]) -> list[Notice]:
    return [
        Notice(
            return_line_id=notice.return_line_id,
            kind=notice.kind,
            department=notice.department,
            case_code=case_code,
            form=number,
            item_no=sold.item_no,
            barcode=sold.barcode,
            item=sold.name,
            quantity=line.quantity,
            reason=Reason(str(line.reason)),
            supplier=supplier_of(sold),
            raised_at=notice.raised_at,
            due_at=notice.due_at,
            collected_at=notice.collected_at,
            collected_by=notice.collected_by,
            answered_at=notice.answered_at,
            answered_by=notice.answered_by,
            found=notice.found,
            void=ended is not None,
        )
        for notice, line, sold, number, case_code, ended in rows
    ]
