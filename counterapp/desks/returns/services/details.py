"""What the screen shows of a return: everything of it in one reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from counterapp.core import claims
from counterapp.core.approvals import REFUSED as REFUSED_DECISION
from counterapp.core.approvals import Approval
from counterapp.core.cases import Case
from counterapp.core.claims import RETURNS, Balance, LineClaim, balances
from counterapp.core.codes import grouped
from counterapp.core.receipts import TYPED, Receipt, ReceiptLine
from counterapp.core.staff import Person
from counterapp.desks.returns.rules import Question, Returnability, RuleBook, Verdict
from counterapp.desks.returns.services.rule_evaluation import (
    Asked,
    book_for,
    is_weighed,
    outlook_on,
    refund_for,
    verdict_on,
)
from counterapp.errors import NotFound
from counterapp.return_forms.models import (
    ACT,
    APPROVED,
    REFUSED,
    WAITING,
    ReturnCase,
    ReturnForm,
    ReturnFormLine,
    ReturnLine,
)
from counterapp.return_forms.status import FormStatus, form_statuses, held_by
from counterapp.return_forms.terms import Answer, Kind, Reason
from counterapp.words import N_


@dataclass(frozen=True, slots=True)
class PastReturn:
    """What came back of a line before: `quantity` in thousandths; `number` None while it waits for approval."""

    line_id: int
    number: int | None
    on: dt.date
    kind: Kind
    quantity: int


@dataclass(frozen=True, slots=True)
class LineDetails:
    """A receipt line as it lies on the desk.

    `returnable` is what may still come back beside this case, in thousandths; `chosen` what the customer asks, if
    anything, with its `verdict` (None until a reason is given) and `refund` in fen. `questions` are the open ones and
    those answered whose answer still counts, in the order of work at the counter. `hanging` is what else was claimed of
    the line, thousandths by pool: gifts, invoices, pick-ups. `void`: the form on which it came back is void.
    """

    line: ReceiptLine
    returnable: int
    weighed: bool
    outlook: Returnability
    past: tuple[PastReturn, ...]
    chosen: ReturnLine | None
    verdict: Verdict | None
    questions: tuple[Question, ...]
    refund: int
    hanging: Mapping[str, int]
    void: bool


@dataclass(frozen=True, slots=True)
class ReturnDetails:
    """A return with all that the screen shows of it.

    `day` counts from the purchase; `refused_for` is the approver's reason while the case is back at the clerk;
    `forms` are its forms once it is approved, and how they stand.
    """

    case: Case
    phone: str
    receipt: Receipt
    day: int
    lines: tuple[LineDetails, ...]
    prepared_by: Person
    refused_for: str
    forms: tuple[FormStatus, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of its forms."""
        return tuple(form.number for form in self.forms)

    @property
    def has_receipt(self) -> bool:
        """Whether there is a receipt; without one the day of purchase is unknown, and what was typed proves nothing."""
        return self.receipt.source != TYPED

    @property
    def chosen(self) -> tuple[LineDetails, ...]:
        """The lines that the customer brings back."""
        return tuple(line for line in self.lines if line.chosen is not None)

    @property
    def refund(self) -> int:
        """Fen that come back for the chosen lines, those refused for good and those that are void left out."""
        return sum(line.refund for line in self.chosen)


def asked_of(chosen: ReturnLine) -> Asked | None:
    """Return what was asked for a chosen line, None until its reason is given."""
    if chosen.reason is None:
        return None
    answers = {Answer(answer): said for answer, said in chosen.answers.items()}
    return Asked(Kind(chosen.kind), Reason(chosen.reason), chosen.quantity, answers)


def load_return(session: Session, case_id: int, *, held: bool = False) -> ReturnCase:
    """Return the records of a return: case, its preparer, receipt, and chosen lines with their receipt lines.

    With `held` case and receipt are locked until the transaction ends: whoever claims from the receipt waits, so that
    the balance that is read is the one that is written to.
    """
    wanted = (
        select(ReturnCase)
        .join(ReturnCase.case)
        .join(ReturnCase.receipt)
        .where(ReturnCase.case_id == case_id)
        .options(
            contains_eager(ReturnCase.case).joinedload(Case.preparer, innerjoin=True),
            contains_eager(ReturnCase.receipt).selectinload(Receipt.lines),
            selectinload(ReturnCase.lines),
        )
    )
    if held:
        wanted = wanted.with_for_update(of=(Case, Receipt))
    return session.scalars(wanted).one()


def find_return(session: Session, code: str) -> int:
    """Return the id of the case that bears `code`, or whose form does. Raises NotFound."""
    of_case = select(ReturnCase.case_id).join(Case, Case.id == ReturnCase.case_id).where(Case.code == code)
    of_form = select(ReturnForm.case_id).where(ReturnForm.code == code)
    case_id = session.scalars(of_case.union(of_form)).one_or_none()
    if case_id is None:
        raise NotFound(
            N_("There is no return with the code {code} here. Look at what was scanned."), code=grouped(code)
        )
    return case_id


def get_return(session: Session, case_id: int, today: dt.date) -> ReturnDetails:
    """Return the case as the desk shows it on the day `today`."""
    loaded = load_return(session, case_id)
    receipt = loaded.receipt
    _id, book = book_for(session, receipt.sold_on)
    ids = [line.id for line in receipt.lines]
    ledger = balances(session, ids)
    # Whatever came back of a line has left its step in the ledger.
    past = past_returns(session, ids, case_id) if ledger else ()
    around = _Context(
        book=book,
        loaded=loaded,
        today=today,
        ledger=ledger,
        held=held_by(session, case_id) if ledger else {},
        hanging=claims.hanging(session, ids),
        past=past,
        chosen={line.line_id: line for line in loaded.lines},
    )
    lines = tuple(_details_of(around, line) for line in receipt.lines if line.quantity > 0)
    return ReturnDetails(
        case=loaded.case,
        phone=loaded.phone,
        receipt=receipt,
        day=(today - receipt.sold_on).days,
        lines=lines,
        prepared_by=loaded.case.preparer,
        refused_for=_refusal(session, loaded.case),
        forms=form_statuses(session, case_id) if loaded.case.state == APPROVED else (),
    )


def past_returns(session: Session, line_ids: Sequence[int], except_case: int = 0) -> tuple[PastReturn, ...]:
    """Return what was returned of the lines in other cases, approved or waiting, the oldest first.

    What became void is not among it: its case holds nothing of the line any more.
    """
    held = (
        select(func.coalesce(func.sum(LineClaim.delta), 0))
        .where(
            LineClaim.line_id == ReturnLine.line_id,
            LineClaim.pool == RETURNS,
            LineClaim.case_id == ReturnLine.case_id,
        )
        .correlate(ReturnLine)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            ReturnLine.line_id,
            ReturnForm.number,
            Case.changed_at,
            ReturnForm.made_on,
            ReturnLine.kind,
            ReturnLine.quantity,
        )
        .join(Case, Case.id == ReturnLine.case_id)
        .outerjoin(ReturnFormLine, ReturnFormLine.return_line_id == ReturnLine.id)
        .outerjoin(ReturnForm, ReturnForm.id == ReturnFormLine.form_id)
        .where(
            ReturnLine.line_id.in_(line_ids),
            ReturnLine.case_id != except_case,
            Case.state.in_([WAITING, APPROVED]),
            ReturnLine.effect != "refuse",
            held > 0,
        )
        .order_by(ReturnLine.id)
    )
    return tuple(
        PastReturn(line_id, number, made_on or changed_at.date(), Kind(kind), quantity)
        for line_id, number, changed_at, made_on, kind, quantity in rows
    )


@dataclass(frozen=True, slots=True)
class _Context:
    """What is known around every line of the receipt; maps go by line id."""

    book: RuleBook
    loaded: ReturnCase
    today: dt.date
    ledger: Mapping[int, Balance]
    held: Mapping[int, tuple[int, int]]
    hanging: Mapping[int, Mapping[str, Balance]]
    past: tuple[PastReturn, ...]
    chosen: Mapping[int, ReturnLine]


def _details_of(around: _Context, line: ReceiptLine) -> LineDetails:
    book, receipt, today = around.book, around.loaded.receipt, around.today
    chosen, hanging = around.chosen.get(line.id), around.hanging.get(line.id, {})
    # What this case itself has claimed is still on its own desk.
    balance, (quantity, fen) = around.ledger.get(line.id, Balance()), around.held.get(line.id, (0, 0))
    beside = Balance(balance.taken - quantity, balance.fen - fen, balance.seq)
    returnable = line.sold - beside.taken
    asked = asked_of(chosen) if chosen is not None else None
    verdict: Verdict | None = None
    questions: tuple[Question, ...] = ()
    if asked is not None:
        verdict = verdict_on(book, receipt, line, beside, asked, today, hanging)
        nothing_said = verdict_on(book, receipt, line, beside, replace(asked, answers={}), today, hanging)
        questions = _questions(book, asked, verdict, nothing_said)
    came_back = chosen is not None and around.loaded.case.state == APPROVED and chosen.effect != "refuse"
    void = came_back and line.id not in around.held
    return LineDetails(
        line=line,
        returnable=returnable,
        weighed=is_weighed(line),
        outlook=outlook_on(book, receipt, line, today, returnable),
        past=tuple(one for one in around.past if one.line_id == line.id),
        chosen=chosen,
        verdict=verdict,
        questions=questions,
        refund=0 if void else _refund(around.loaded, line, beside, chosen, verdict),
        hanging={pool: claimed.taken for pool, claimed in hanging.items()},
        void=void,
    )


def _questions(book: RuleBook, asked: Asked, verdict: Verdict, nothing_said: Verdict) -> tuple[Question, ...]:
    # An answer stays on the screen while it would be asked for from a clean slate: two that each say the same
    # (package and accessories both lacking) would otherwise make each other disappear, and could not be changed.
    open_now = {question.answer for question in verdict.questions}
    could_count = {question.answer for question in nothing_said.questions}
    return tuple(
        question
        for question in book.questions
        if question.answer in open_now or (question.answer in asked.answers and question.answer in could_count)
    )


def _refund(
    loaded: ReturnCase, line: ReceiptLine, beside: Balance, chosen: ReturnLine | None, verdict: Verdict | None
) -> int:
    if chosen is None or (verdict is not None and verdict.effect == "refuse"):
        return 0
    if loaded.case.state in {WAITING, APPROVED}:
        return chosen.refund
    return refund_for(line, beside, chosen.quantity)


def _refusal(session: Session, case: Case) -> str:
    if case.state != REFUSED:
        return ""
    last = session.scalars(
        select(Approval).where(Approval.case_id == case.id, Approval.act == ACT).order_by(Approval.id.desc()).limit(1)
    ).one_or_none()
    return last.reason if last is not None and last.decision == REFUSED_DECISION else ""
