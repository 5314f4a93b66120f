"""Void 作废: two people take a form out of use, and what it held may come back again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from counterapp.core import approvals, cases, claims
from counterapp.core.actor import APPROVERS, AT_THE_COUNTER, Actor, Role, Signer
from counterapp.core.approvals import Approval
from counterapp.core.print_queue import JobState, PaperRole, give_up, prints_of
from counterapp.core.staff import Person
from counterapp.desks.returns.services.details import load_return
from counterapp.desks.returns.services.invoices import lessen_task, red_letter_of
from counterapp.documents.issue import print_context
from counterapp.errors import BadInput, NotAllowed, Refused
from counterapp.return_forms.closure import Closure, close_form, closure_of, find_form
from counterapp.return_forms.models import (
    FROM_GOODS,
    FROM_REST,
    REDEEMED,
    RENEWED,
    SETTLED,
    VOID,
    VOID_ACT,
    ReturnForm,
    ReturnFormLine,
    ReturnLine,
    Void,
)
from counterapp.return_forms.status import former_of, with_status_mark
from counterapp.words import N_

PARTS: Final = (1, 2, 3)
_LONGEST_REASON: Final = 400
_LONGEST_NOTE: Final = 200

#: Whoever stands in for one who is absent has the same role or one further on.
_RANKS: Final = (Role.CLERK, *APPROVERS)


@dataclass(frozen=True, slots=True)
class VoidMatter:
    """What is to be void: the form, its fen and goods, who made it and who approved it.

    `red_letter_no` is the number of a red-letter invoice that was already issued for it, "" where none was.
    """

    case_id: int
    number: int
    code: str
    amount: int
    made_on: dt.date
    goods: tuple[str, ...]
    clerk: Signer
    approver: Signer
    red_letter_no: str


def void_matter(session: Session, code: str) -> VoidMatter:
    """Return what the two people see before they sign. Raises NotFound, and Refused where it cannot become void."""
    form = find_form(session, code)
    root = _root_of(session, form)
    clerk, approver = _maker_of(session, form), _approval_of(session, form)
    signed = session.get_one(Person, approver.signed_by)
    return VoidMatter(
        case_id=form.case_id,
        number=form.number,
        code=form.code,
        amount=form.amount,
        made_on=form.made_on,
        goods=tuple(line.line.name for line in _lines_of(session, root)),
        clerk=clerk,
        approver=Signer(signed.id, signed.number, signed.name, Role(approver.role)),
        red_letter_no=red_letter_of(session, form.case_id),
    )


def void_form(
    session: Session,
    actor: Actor,
    signer: Signer,
    code: str,
    reason: str,
    parts: Collection[int],
    note: str = "",
) -> int:
    """Make the form with the barcode `code` void, for `reason`, and return its number.

    `actor` made the form or stands in for who did, `signer` approved it or stands in for who did; whoever stands in
    has at least the same role, and that is noted. `parts` are those that lie there, marked 作废; of a missing one
    `note` says where it is: it is money in somebody's hand. The form prints once more, marked, for the file.
    Raises Refused where it has ended (with when, where and by whom), or is the rest of a used one; NotAllowed,
    BadInput, NotFound.
    """
    form = find_form(session, code, held=True)
    root = _root_of(session, form)
    loaded = load_return(session, form.case_id, held=True)
    clerk_absent, approver_absent = _stand_in(session, actor, signer, form)
    lying, told = _parts_told(reason, parts, note)
    approval = approvals.sign(
        session, actor, loaded.case, signer, VOID_ACT, decision=approvals.APPROVED, reason=reason,
        ticks=[f"part_{part}" for part in lying],
    )  # fmt: skip
    end = close_form(session, actor, form, VOID)
    session.add(
        Void(
            form_id=form.id, how=VOID, case_id=end.case_id, amount=end.amount, statutory=end.statutory,
            root_id=root.id, reason=reason.strip(), clerk_by=actor.person.person_id, clerk_absent=clerk_absent,
            approver_absent=approver_absent, parts=lying, note=told, approval_id=approval.id,
            signed_by=signer.person_id,
        )
    )  # fmt: skip
    lines = _lines_of(session, root)
    claims.give_back(session, actor, form.case_id, line_ids=[line.line_id for line in lines])
    lessen_task(session, actor, form.case_id, lines)
    cases.touch(loaded.case, actor)
    session.flush()
    _print(session, actor, form)
    return form.number


def _root_of(session: Session, form: ReturnForm) -> ReturnForm:
    """Return the form that holds the goods: this one, or the one that it was issued for anew.

    Raises Refused for one that has ended, and for what was left of a used one.
    """
    already = closure_of(session, form.id)
    if already is not None:
        raise _refusal(form.number, already)
    root = form
    while root.origin != FROM_GOODS:
        former = former_of(session, root)
        if root.origin == FROM_REST:
            raise Refused(_REST, number=f"{form.number:06}", former=f"{former.number:06}")
        root = former
    return root


def _refusal(number: int, already: Closure) -> Refused:
    return Refused(
        _ENDED[already.how],
        number=f"{number:06}", at=f"{already.at:%m-%d %H:%M}", station=already.station, who=already.who,
        receipt=already.receipt_no,
    )  # fmt: skip


_REST: Final = N_(
    "Form {number} is what was left of form {former}, for which goods were taken: nothing would come back for it. It is"
    " used at the till; a spoiled paper is printed once more."
)
_ENDED: Final = {
    REDEEMED: N_(
        "Form {number} was used on {at} at station {station} by {who}, for receipt {receipt}. It cannot become void:"
        " what was bought with it comes back on that receipt."
    ),
    SETTLED: N_("Form {number} was paid out on {at} at station {station} by {who}. It cannot become void."),
    VOID: N_("Form {number} is void already: since {at}, at station {station}, by {who}."),
    RENEWED: N_(
        "Form {number} was issued anew on {at} at station {station} by {who}. Scan the new one to make that void."
    ),
}


def _stand_in(session: Session, actor: Actor, signer: Signer, form: ReturnForm) -> tuple[bool, bool]:
    """Return whether clerk and approver are absent. Raises NotAllowed where somebody may not stand in for them."""
    clerk, approval = _maker_of(session, form), _approval_of(session, form)
    if actor.person.role not in AT_THE_COUNTER:
        raise NotAllowed(N_("Your role does not make forms void. Ask a member of customer service."))
    if actor.person.person_id == signer.person_id:
        raise NotAllowed(N_("A void takes two people. Let another one sign."))
    clerk_absent = actor.person.person_id != clerk.person_id
    if clerk_absent and not _reaches(actor.person.role, clerk.role):
        raise NotAllowed(
            N_("{name} made this form. Only somebody of the same or a higher role stands in for them."), name=clerk.name
        )
    approver_absent = signer.person_id != approval.signed_by
    if signer.role not in APPROVERS or (approver_absent and not _reaches(signer.role, Role(approval.role))):
        approver = session.get_one(Person, approval.signed_by)
        raise NotAllowed(
            N_("{name} approved this form. They sign, or somebody of the same or a higher role."), name=approver.name
        )
    return clerk_absent, approver_absent


def _reaches(role: Role, other: Role) -> bool:
    # Somebody who has left the counter since counts as the clerk that they were.
    return _RANKS.index(role) >= (_RANKS.index(other) if other in _RANKS else 0)


def _parts_told(reason: str, parts: Collection[int], note: str) -> tuple[list[int], str]:
    if not set(parts) <= set(PARTS):
        raise BadInput(N_("A form has parts 1, 2 and 3."))
    if not reason.strip():
        raise Refused(N_("A void needs a written reason. Write it, then sign again."))
    if len(reason.strip()) > _LONGEST_REASON or len(note.strip()) > _LONGEST_NOTE:
        raise BadInput(N_("That is too long. Say it in fewer words."))
    if set(parts) != set(PARTS) and not note.strip():
        raise Refused(N_("A missing part is money in somebody's hand. Say where it is, or bring it and tick it."))
    return sorted(set(parts)), note.strip()


def _print(session: Session, actor: Actor, form: ReturnForm) -> None:
    """Keep what has not printed from coming out now, and print the form once more, marked void, for the file."""
    for job in prints_of(session, form.job_id):
        if job.state == JobState.QUEUED:
            give_up(session, job.id, actor.now(), Refused(N_("Its form became void before it was printed.")))
        if job.state in {JobState.FAILED, JobState.UNKNOWN}:
            job.let_go_at = actor.now()
    context = print_context(session, actor)
    context.print(PaperRole.FORM, with_status_mark(session, form, context.language), form.case_id)


def _lines_of(session: Session, form: ReturnForm) -> Sequence[ReturnLine]:
    of_form = select(ReturnLine).join(ReturnFormLine, ReturnFormLine.return_line_id == ReturnLine.id)
    of_form = of_form.where(ReturnFormLine.form_id == form.id).order_by(ReturnFormLine.position)
    return session.scalars(of_form.options(joinedload(ReturnLine.line, innerjoin=True))).all()


def _maker_of(session: Session, form: ReturnForm) -> Signer:
    made_by = select(Person).join(Approval, Approval.prepared_by == Person.id).where(Approval.id == form.approval_id)
    return session.scalars(made_by).one().signer()


def _approval_of(session: Session, form: ReturnForm) -> Approval:
    return session.get_one(Approval, form.approval_id)
