"""The clerk's part: a receipt is opened, goods are scanned, reasons and answers given, and the case submitted."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core import cases, claims
from counterapp.core.actor import AT_THE_COUNTER, Actor
from counterapp.core.cases import Case
from counterapp.core.claims import Balance, balances
from counterapp.core.receipts import ReceiptLine, find_receipt
from counterapp.core.store_settings import store_settings
from counterapp.desks.returns.rules import RuleBook, favourable
from counterapp.desks.returns.services.details import asked_of, load_return
from counterapp.desks.returns.services.goods import find_goods
from counterapp.desks.returns.services.rule_evaluation import Asked, book_for, is_weighed, keep_verdict, verdict_on
from counterapp.errors import BadInput, NotAllowed, NotFound, Refused
from counterapp.return_forms.models import (
    CASE_LETTERS,
    DESK,
    DRAFT,
    DROPPED,
    MOVES,
    REFUSED,
    SCANNED,
    WAITING,
    ReturnCase,
    ReturnLine,
)
from counterapp.return_forms.terms import Answer, Effect, Kind, Reason
from counterapp.words import N_

_PIECE = 1000
_PHONE = re.compile(r"\+?[0-9]{3,4}[- ]?[0-9]{4,}(?:[- ]?[0-9]+)*")


def open_return(
    session: Session, actor: Actor, receipt_number: str, leaving: int | None = None, entered: str = SCANNED
) -> int:
    """Open a return on a receipt and give back the case's id: the clerk's own unfinished one, if there is one.

    `leaving` is the case that stood on the screen; it is dropped if nothing was chosen on it. `entered` tells whether
    the receipt's number was scanned, keyed or found. Raises NotFound, NotAllowed.
    """
    may_prepare(actor)
    receipt = find_receipt(session, receipt_number, with_lines=False)
    unfinished = session.scalars(
        select(Case.id)
        .join(ReturnCase, ReturnCase.case_id == Case.id)
        .where(
            ReturnCase.receipt_id == receipt.id,
            Case.prepared_by == actor.person.person_id,
            Case.state.in_([DRAFT, WAITING, REFUSED]),
        )
        .order_by(Case.id.desc())
        .limit(1)
    ).one_or_none()
    if leaving is not None and leaving != unfinished:
        leave(session, actor, leaving)
    if unfinished is not None:
        return unfinished
    case = cases.open_case(session, actor, DESK, CASE_LETTERS, receipt.number)
    session.add(ReturnCase(case=case, receipt_id=receipt.id, phone="", entered=entered))
    session.flush()
    return case.id


def may_prepare(actor: Actor) -> None:
    """Raise NotAllowed for whoever prepares no returns."""
    if actor.person.role not in AT_THE_COUNTER:
        raise NotAllowed(N_("Your role does not prepare returns. Ask a member of customer service."))


def leave(session: Session, actor: Actor, case_id: int) -> None:
    """Drop the case that stood on the screen, if it is the actor's own and nothing was chosen on it."""
    loaded = load_return(session, case_id)
    if loaded.case.state == DRAFT and not loaded.lines and loaded.case.prepared_by == actor.person.person_id:
        cases.move(actor, loaded.case, DROPPED, MOVES)


def scan_goods(session: Session, actor: Actor, case_id: int, code: str) -> int:
    """Add what the code on the goods means (see `find_goods`); return the receipt line's id.

    Raises NotFound where they are not on the receipt, Refused where no more of them may come back, or where it cannot
    be told which line is meant.
    """
    loaded = _draft(session, actor, case_id)
    lines = [line for line in loaded.receipt.lines if line.quantity > 0]
    ledger = balances(session, [line.id for line in lines])
    chosen = {line.line_id: line.quantity for line in loaded.lines}
    left = {line.id: line.sold - ledger.get(line.id, Balance()).taken - chosen.get(line.id, 0) for line in lines}
    meant = find_goods(lines, left, code, store_settings(session).weighed_codes)
    _set_quantity(loaded, meant.line, chosen.get(meant.line.id, 0) + meant.quantity)
    cases.touch(loaded.case, actor)
    return meant.line.id


def choose_line(session: Session, actor: Actor, case_id: int, line_id: int, quantity: int) -> None:
    """Set how much of a line comes back, in thousandths; 0 takes it off the case. Raises Refused, BadInput."""
    loaded = _draft(session, actor, case_id)
    line = next((line for line in loaded.receipt.lines if line.id == line_id and line.quantity > 0), None)
    if line is None:
        raise NotFound(N_("That line is not on this receipt."))
    left = line.sold - balances(session, [line.id]).get(line.id, Balance()).taken
    if quantity < 0 or (quantity % _PIECE and not is_weighed(line)):
        raise BadInput(N_("{item} is sold by the piece. Give a whole number."), item=line.name)
    if quantity > left:
        raise Refused(
            N_("{item}: no more of it may come back on this receipt. Look at what came back already."), item=line.name
        )
    _set_quantity(loaded, line, quantity)
    cases.touch(loaded.case, actor)


def describe(
    session: Session,
    actor: Actor,
    case_id: int,
    line_id: int,
    *,
    kind: Kind | None = None,
    reason: Reason | None = None,
    answers: Mapping[Answer, bool | None] | None = None,
) -> None:
    """Say of a chosen line what the customer wants, why, and what was answered; None takes an answer back."""
    loaded = _draft(session, actor, case_id)
    chosen = _chosen(loaded, line_id)
    if kind is not None:
        chosen.kind = kind.value
    if reason is not None:
        chosen.reason = reason.value
    if answers:
        said = {answer.value: value for answer, value in answers.items()}
        chosen.answers = {name: value for name, value in {**chosen.answers, **said}.items() if value is not None}
    cases.touch(loaded.case, actor)


def all_in_order(session: Session, actor: Actor, case_id: int, line_id: int) -> None:
    """Give the favourable answer to every open question about the condition of a chosen line's goods."""
    loaded = _draft(session, actor, case_id)
    chosen = _chosen(loaded, line_id)
    asked = asked_of(chosen)
    if asked is None:
        raise Refused(N_("Say first why {item} comes back."), item=chosen.line.name)
    _id, book = book_for(session, loaded.receipt.sold_on)
    balance = balances(session, [line_id]).get(line_id, Balance())
    also = claims.hanging(session, [line_id]).get(line_id, {})
    answers = dict(chosen.answers)
    # An answer can open another question (a fault that is none asks for signs of use): go on until none is left.
    while True:
        verdict = verdict_on(book, loaded.receipt, chosen.line, balance, asked, actor.today(), also)
        given = favourable(verdict.questions)
        if not given:
            break
        answers |= {answer.value: said for answer, said in given.items()}
        asked = Asked(asked.kind, asked.reason, asked.quantity, {**asked.answers, **given})
    chosen.answers = answers
    cases.touch(loaded.case, actor)


def set_phone(session: Session, actor: Actor, case_id: int, phone: str) -> None:
    """Note the customer's phone, without spaces and hyphens, so that it is found again however it is typed.

    Empty takes it away. Raises BadInput for what cannot be one.
    """
    loaded = _draft(session, actor, case_id)
    if phone.strip() and not _PHONE.fullmatch(phone.strip()):
        raise BadInput(N_("{phone} is not a phone number. Type it again, or leave it empty."), phone=phone.strip())
    loaded.phone = phone.replace(" ", "").replace("-", "")
    cases.touch(loaded.case, actor)


def submit(session: Session, actor: Actor, case_id: int, revision: int) -> None:
    """Send the case to be approved: every line is judged once more and claimed from the receipt.

    Lines that are refused for good stay on the record and hold nothing up. Raises Refused where a reason, an answer
    or evidence is missing, Overtaken where somebody else was faster.
    """
    loaded = _draft(session, actor, case_id, revision)
    book_id, book = book_for(session, loaded.receipt.sold_on)
    ids = [line.line_id for line in loaded.lines]
    ledger, hanging = balances(session, ids), claims.hanging(session, ids)
    total = 0
    for chosen in loaded.lines:
        balance = ledger.get(chosen.line_id, Balance())
        also = hanging.get(chosen.line_id, {})
        effect = _judge_for_submission(book_id, book, loaded, chosen, balance, also, actor)
        if effect is Effect.REFUSE:
            continue
        claimed = claims.claim(session, actor, chosen.line, chosen.quantity, case_id, present=balance)
        chosen.refund = claimed.delta_fen
        total += claimed.delta_fen
    if all(chosen.effect == Effect.REFUSE for chosen in loaded.lines):
        raise Refused(N_("Nothing on this case may come back, so there is nothing to approve. Scan the goods first."))
    loaded.case.amount = total
    loaded.case.station = actor.station  # where the customer stands now
    cases.move(actor, loaded.case, WAITING, MOVES)


def take_back(session: Session, actor: Actor, case_id: int) -> None:
    """Take a case that waits, or was refused, back onto the desk; what it held may be claimed again."""
    loaded = load_return(session, case_id)
    _own(loaded, actor)
    _release(session, actor, loaded)
    cases.move(actor, loaded.case, DRAFT, MOVES)


def drop(session: Session, actor: Actor, case_id: int) -> None:
    """End a case that nothing came of."""
    loaded = load_return(session, case_id)
    _own(loaded, actor)
    cases.move(actor, loaded.case, DROPPED, MOVES)


def _judge_for_submission(
    book_id: int,
    book: RuleBook,
    loaded: ReturnCase,
    chosen: ReturnLine,
    balance: Balance,
    also: Collection[str],
    actor: Actor,
) -> Effect:
    asked = asked_of(chosen)
    if asked is None:
        raise Refused(N_("Say first why {item} comes back."), item=chosen.line.name)
    verdict = verdict_on(book, loaded.receipt, chosen.line, balance, asked, actor.today(), also)
    # Also under a refusal: a question is open only where its answer could still change the verdict.
    if verdict.questions:
        raise Refused(
            N_("{item}: one question is still open: {question}"),
            item=chosen.line.name,
            question=verdict.questions[0].sentence,
        )
    if verdict.effect is not Effect.REFUSE and verdict.lacks_evidence:
        missing = next(f for f in verdict.findings if f.effect is Effect.EVIDENCE and not f.struck)
        raise Refused(
            N_("{item} still lacks something: {what}. Bring it, or take the line off."),
            item=chosen.line.name,
            what=missing.sentence,
        )
    keep_verdict(chosen, verdict, book_id)
    return verdict.effect


def _release(session: Session, actor: Actor, loaded: ReturnCase) -> None:
    claims.give_back(session, actor, loaded.case_id)
    for chosen in loaded.lines:
        chosen.effect, chosen.findings, chosen.grants, chosen.rule_book_id, chosen.refund = None, [], [], None, 0
    loaded.case.amount = 0


def _set_quantity(loaded: ReturnCase, line: ReceiptLine, quantity: int) -> None:
    chosen = next((one for one in loaded.lines if one.line_id == line.id), None)
    if chosen is None and quantity:
        kind = loaded.lines[-1].kind if loaded.lines else Kind.REFUND.value
        loaded.lines.append(
            ReturnLine(
                case_id=loaded.case_id, line_id=line.id, quantity=quantity, kind=kind,
                reason=None, answers={}, effect=None, findings=[], grants=[], rule_book_id=None, refund=0,
            )
        )  # fmt: skip
    elif chosen is not None and quantity:
        chosen.quantity = quantity
    elif chosen is not None:
        loaded.lines.remove(chosen)


def _draft(session: Session, actor: Actor, case_id: int, revision: int | None = None) -> ReturnCase:
    loaded = load_return(session, case_id, held=True)
    cases.at_revision(loaded.case, revision)
    _own(loaded, actor)
    if loaded.case.state not in {DRAFT, REFUSED}:
        raise Refused(N_("This case is no longer a draft. Take it back first, if it still has to change."))
    return loaded


def _own(loaded: ReturnCase, actor: Actor) -> None:
    if loaded.case.prepared_by != actor.person.person_id:
        raise NotAllowed(N_("Another member of staff prepared this case. Scan the receipt to open your own."))


def _chosen(loaded: ReturnCase, line_id: int) -> ReturnLine:
    chosen = next((one for one in loaded.lines if one.line_id == line_id), None)
    if chosen is None:
        raise Refused(N_("Scan or tick the goods first."))
    return chosen
