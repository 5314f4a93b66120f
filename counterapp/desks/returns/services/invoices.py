"""Invoices that were not handed back: for each a task, until its red-letter invoice 红字发票 is issued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp import words
from counterapp.core.actor import AT_THE_COUNTER, Actor
from counterapp.core.cases import Case
from counterapp.core.deadlines import Late
from counterapp.core.numbering import next_number
from counterapp.core.receipts import Receipt
from counterapp.core.store_settings import store_settings
from counterapp.desks.returns.models import RED_LETTER_SERIES, RedLetterTask
from counterapp.errors import BadInput, NotAllowed, NotFound, Refused
from counterapp.return_forms.models import ReturnCase, ReturnForm, ReturnLine
from counterapp.return_forms.terms import Answer, Effect
from counterapp.words import N_

_LONGEST: Final = 32
_NOT_NEEDED: Final = N_("form void")


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A red-letter invoice that is still to be issued: `amount` in fen, `overdue` after its last day `due_on`.

    `invoice_no` is empty where only the ledger knows of the invoice; `forms` are the numbers of the return's forms.
    """

    number: int
    invoice_no: str
    receipt_no: str
    case_code: str
    forms: tuple[int, ...]
    amount: int
    due_on: dt.date
    overdue: bool


def open_task(session: Session, actor: Actor, return_case: ReturnCase) -> RedLetterTask | None:
    """Open the task of a return that was just approved, where its invoice was not handed back; None where it was.

    `return_case` is loaded as `load_return` does. The task is to be done `closing.red_letter_days` after today.
    """
    amount = _red_letter_fen(return_case.lines)
    if amount is None:
        return None
    days = store_settings(session).closing.red_letter_days
    task = RedLetterTask(
        number=next_number(session, RED_LETTER_SERIES), case_id=return_case.case_id,
        invoice_no=return_case.receipt.invoice_no, amount=amount, opened_at=actor.now(),
        due_on=actor.today() + dt.timedelta(days=days), red_letter_no="", done_at=None, done_by=None,
    )  # fmt: skip
    session.add(task)
    session.flush()
    return task


def open_tasks(session: Session, today: dt.date) -> tuple[OpenTask, ...]:
    """Return the tasks that are not done, the one that is due first at the top."""
    rows = session.execute(
        select(RedLetterTask, Receipt.number, Case.code)
        .join(ReturnCase, ReturnCase.case_id == RedLetterTask.case_id)
        .join(Receipt, Receipt.id == ReturnCase.receipt_id)
        .join(Case, Case.id == RedLetterTask.case_id)
        .where(RedLetterTask.done_at.is_(None))
        .order_by(RedLetterTask.due_on, RedLetterTask.number)
    ).all()
    forms: dict[int, list[int]] = {}
    of_cases = select(ReturnForm.case_id, ReturnForm.number).order_by(ReturnForm.number)
    for case_id, number in session.execute(of_cases.where(ReturnForm.case_id.in_([row[0].case_id for row in rows]))):
        forms.setdefault(case_id, []).append(number)
    return tuple(
        OpenTask(
            number=task.number,
            invoice_no=task.invoice_no,
            receipt_no=receipt_no,
            case_code=code,
            forms=tuple(forms.get(task.case_id, ())),
            amount=task.amount,
            due_on=task.due_on,
            overdue=task.due_on < today,
        )
        for task, receipt_no, code in rows
    )


def late(session: Session, now: dt.datetime) -> tuple[Late, ...]:
    """Return the tasks whose last day is over at `now`, a moment in the store's time; what was due first in front."""
    overdue = (
        select(RedLetterTask.due_on, RedLetterTask.invoice_no, Case.code)
        .join(Case, Case.id == RedLetterTask.case_id)
        .where(RedLetterTask.done_at.is_(None), RedLetterTask.due_on < now.date())
        .order_by(RedLetterTask.due_on, RedLetterTask.number)
    )
    return tuple(
        Late(
            "returns", code, invoice_no, N_("Red-letter invoice overdue"),
            dt.datetime.combine(due_on + dt.timedelta(days=1), dt.time(), now.tzinfo), is_late=True,
        )
        for due_on, invoice_no, code in session.execute(overdue)
    )  # fmt: skip


def close_task(session: Session, actor: Actor, number: int, red_letter_no: str) -> None:
    """Note that the red-letter invoice of task `number` is issued, with its number.

    Raises BadInput for no number, Refused where the task is closed already, NotFound, NotAllowed.
    """
    if actor.person.role not in AT_THE_COUNTER:
        raise NotAllowed(N_("Your role does not see to invoices of returns. Ask a member of customer service."))
    wanted = red_letter_no.strip()
    if not wanted or len(wanted) > _LONGEST:
        raise BadInput(N_("Type the number that stands on the red-letter invoice, up to 32 characters."))
    task = session.scalars(select(RedLetterTask).where(RedLetterTask.number == number).with_for_update()).one_or_none()
    if task is None:
        raise NotFound(N_("There is no red-letter task {number}."), number=number)
    if task.done_at is not None:
        raise Refused(
            N_("Red-letter task {number} was closed already, with {red_letter}."),
            number=number,
            red_letter=task.red_letter_no,
        )
    _close(task, actor, wanted)


def lessen_task(session: Session, actor: Actor, case_id: int, lines: Iterable[ReturnLine]) -> None:
    """Take what is void off the task of its case; where nothing is left of it, it is closed, and says why.

    A task that was done stays as it is: see `red_letter_of`.
    """
    task = session.scalars(
        select(RedLetterTask).where(RedLetterTask.case_id == case_id, RedLetterTask.done_at.is_(None)).with_for_update()
    ).one_or_none()
    fen = _red_letter_fen(lines)
    if task is None or fen is None:
        return
    task.amount -= fen
    if task.amount <= 0:
        _close(task, actor, words.language("zh").gettext(_NOT_NEEDED))


def red_letter_of(session: Session, case_id: int) -> str:
    """Return the number of the red-letter invoice that was issued for a return, "" where there is none."""
    issued = select(RedLetterTask.red_letter_no).where(RedLetterTask.case_id == case_id)
    return session.scalars(issued).one_or_none() or ""


def _red_letter_fen(lines: Iterable[ReturnLine]) -> int | None:
    """Return the fen that came back of lines whose invoice is out of the house, None where there is no such line."""
    mine = [line.refund for line in lines if line.effect != Effect.REFUSE and _is_out(line)]
    return sum(mine) if mine else None


def _is_out(line: ReturnLine) -> bool:
    handed_back = line.answers.get(Answer.INVOICE_HANDED_BACK.value, False)
    return line.answers.get(Answer.RED_LETTER_OPENED.value, False) and not handed_back


def _close(task: RedLetterTask, actor: Actor, red_letter_no: str) -> None:
    task.red_letter_no, task.done_at, task.done_by = red_letter_no, actor.now(), actor.person.person_id
