"""The second person's part: a waiting case is approved, and its forms are numbered and printed, or it goes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from counterapp.core import approvals, cases, claims
from counterapp.core.actor import APPROVERS, Actor, Role, Signer
from counterapp.core.approvals import Approval
from counterapp.core.business_day import booking_day
from counterapp.core.codes import new_code
from counterapp.core.numbering import next_number
from counterapp.core.store_settings import StoreSettings, store_settings
from counterapp.desks.returns.services.details import load_return
from counterapp.desks.returns.services.invoices import open_task
from counterapp.documents.issue import PrintContext
from counterapp.errors import NotAllowed, Overtaken, Refused
from counterapp.return_forms.issuing import issue
from counterapp.return_forms.models import (
    ACT,
    APPROVED,
    FORM_LETTERS,
    IN_GOODS,
    MOVES,
    REFUSED,
    SERIES,
    TYPED,
    WAITING,
    ReturnCase,
    ReturnLine,
)
from counterapp.return_forms.notices import kind_of, raise_notices
from counterapp.return_forms.printouts import FormFacts, FormLine, lines_per_form
from counterapp.return_forms.settlement import settlement_of
from counterapp.return_forms.statement import stated
from counterapp.return_forms.terms import Effect, Kind, Reason, name_of
from counterapp.words import N_

#: What an approver confirms before signing (spec/returns.md, step 5).
TICKS = ("reason_understood", "amount_right", "receipt_seen")


def approve(
    session: Session,
    actor: Actor,
    signer: Signer,
    case_id: int,
    revision: int,
    ticks: Collection[str],
    reason: str = "",
) -> list[int]:
    """Approve a waiting case, take the forms' numbers in strict order and queue the forms; return the numbers.

    With them go the notices to the floor, and the red-letter task of an invoice that was not handed back.
    `signer` is the second person, `actor` whoever is signed in where they sign. Raises NotAllowed where the role or
    its limit does not reach, Refused where a tick or the reason of an override is missing, Overtaken.
    """
    loaded = _waiting(session, case_id, revision)
    settings = store_settings(session)
    lines = [line for line in loaded.lines if line.effect != Effect.REFUSE]
    _may_sign(signer, loaded, lines, settings, actor.today())
    if not set(TICKS) <= set(ticks):
        raise Refused(N_("Tick first that the reason is understood, the amount right and the receipt seen."))
    if _overrides(lines) and not reason.strip():
        raise Refused(N_("An override needs a written reason. Write it, then sign again."))
    approval = approvals.sign(
        session, actor, loaded.case, signer, ACT, decision=approvals.APPROVED, ticks=sorted(ticks), reason=reason
    )
    cases.move(actor, loaded.case, APPROVED, MOVES)
    # The customer stands where the case was prepared, wherever it is signed: the paper comes out there.
    there = replace(actor, station=loaded.case.station)
    numbers = _make_forms(PrintContext(session, there, settings), loaded, lines, approval, signer)
    open_task(session, there, loaded)
    if any(kind_of(line.line.category, line.reason) for line in lines):
        raise_notices(session, there, case_id)
    return numbers


def refuse(session: Session, actor: Actor, signer: Signer, case_id: int, revision: int, reason: str) -> None:
    """Send a waiting case back to its clerk with a reason; what it held may be claimed again.

    Raises Refused without a reason, NotAllowed, Overtaken.
    """
    loaded = _waiting(session, case_id, revision)
    if signer.role not in APPROVERS:
        raise NotAllowed(_NO_RIGHT)
    if not reason.strip():
        raise Refused(N_("Say why the case goes back. Write the reason, then sign again."))
    approvals.sign(session, actor, loaded.case, signer, ACT, decision=approvals.REFUSED, reason=reason)
    claims.give_back(session, actor, case_id)
    loaded.case.amount = 0
    cases.move(actor, loaded.case, REFUSED, MOVES)


def who_may_sign(session: Session, case_id: int, today: dt.date) -> Role | None:
    """Return the least role that may approve the case, None where no role's limits reach."""
    return next(iter(signers_of(load_return(session, case_id), store_settings(session), today)), None)


def signers_of(loaded: ReturnCase, settings: StoreSettings, today: dt.date) -> tuple[Role, ...]:
    """Return the roles that may approve the case, the least first."""
    lines = [line for line in loaded.lines if line.effect != Effect.REFUSE]
    return tuple(role for role in APPROVERS if _reaches(role, loaded, lines, settings, today))


_NO_RIGHT = N_("Your role does not approve returns. Ask a duty supervisor or a manager.")


def _waiting(session: Session, case_id: int, revision: int) -> ReturnCase:
    loaded = load_return(session, case_id, held=True)
    cases.at_revision(loaded.case, revision)
    if loaded.case.state != WAITING:
        raise Overtaken(N_("The case has moved on meanwhile. Look at it again before you go on."))
    return loaded


def _overrides(lines: Sequence[ReturnLine]) -> int:
    """Return the fen of the lines that only an override lets through, 0 where there is none."""
    return sum(max(line.refund, 1) for line in lines if line.effect == Effect.OVERRIDE)


def _reaches(
    role: Role, loaded: ReturnCase, lines: Sequence[ReturnLine], settings: StoreSettings, today: dt.date
) -> bool:
    limit = settings.limits.get(role.value)
    if role not in APPROVERS or limit is None:
        return False
    if loaded.entered == TYPED and role is Role.SUPERVISOR:
        return False  # without a receipt a manager signs, whatever the rule book says
    if limit.fen is not None and loaded.case.amount > limit.fen:
        return False
    if limit.days is not None and (today - loaded.receipt.sold_on).days > limit.days:
        return False
    overridden = _overrides(lines)
    if not overridden or role is Role.STORE_MANAGER:
        return True
    return role is Role.SERVICE_MANAGER and overridden <= settings.override_fen


def _may_sign(
    signer: Signer, loaded: ReturnCase, lines: Sequence[ReturnLine], settings: StoreSettings, today: dt.date
) -> None:
    if signer.role not in APPROVERS:
        raise NotAllowed(_NO_RIGHT)
    if _reaches(signer.role, loaded, lines, settings, today):
        return
    if _overrides(lines) and signer.role is Role.SUPERVISOR:
        raise NotAllowed(N_("A rule of the house speaks against it. The customer service manager may override it."))
    raise NotAllowed(
        N_("Amount, age of the receipt or override is beyond your limit. Ask a manager with a higher one.")
    )


def _make_forms(
    context: PrintContext, loaded: ReturnCase, lines: Sequence[ReturnLine], approval: Approval, signer: Signer
) -> list[int]:
    session, actor, settings = context.session, context.actor, context.settings
    sheets = [
        chunk
        for kind in (Kind.REFUND, Kind.EXCHANGE)
        for chunk in _chunks([line for line in lines if line.kind == kind], lines_per_form(settings.form_paper))
    ]
    booked_on = booking_day(session, actor)
    numbers = [next_number(session, SERIES) for _ in sheets]
    settlement = settlement_of(session, loaded, lines, signer.role, settings.till)
    issued = context.issued_by(loaded.case.preparer.name_and_number)
    receipt_no, bought_on = stated(loaded.receipt)
    for place, (number, sheet) in enumerate(zip(numbers, sheets, strict=True)):
        kind = Kind(sheet[0].kind)
        facts = FormFacts(
            number=number,
            code=new_code(FORM_LETTERS),
            kind=kind.value,
            filled_on=actor.today(),
            receipt_no=receipt_no,
            bought_on=bought_on,
            member_card=loaded.receipt.member_card,
            phone=loaded.phone,
            lines=tuple(_form_line(line) for line in sheet),
            total_fen=sum(line.refund for line in sheet),
            issued=issued,
            supervisor=signer.name_and_number,
            settlement=settlement if kind is Kind.REFUND else IN_GOODS,
            tender=loaded.receipt.tender,
            valid_days=settings.form_valid_days,
            sheet=place + 1,
            sheets=len(sheets),
            previous_number=numbers[place - 1] if place else None,
            next_number=numbers[place + 1] if place + 1 < len(sheets) else None,
        )
        statutory = any(line.grants for line in sheet)
        issue(context, facts, approval, booked_on, statutory=statutory, lines=sheet)
    session.flush()
    return numbers


def _chunks(lines: Sequence[ReturnLine], most: int) -> list[Sequence[ReturnLine]]:
    return [lines[start : start + most] for start in range(0, len(lines), most)]


def _form_line(line: ReturnLine) -> FormLine:
    return FormLine(
        item_no=line.line.item_no,
        name=line.line.name,
        quantity_milli=line.quantity,
        unit_price_1e4=line.line.unit_price,
        amount_fen=line.refund,
        reason=name_of(Reason(str(line.reason)), "en"),
    )
