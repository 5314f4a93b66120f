"""Papers beside the first print of a form: its reprint 补打, and the refusal slip for the customer."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core import journal
from counterapp.core.actor import AT_THE_COUNTER, Actor
from counterapp.core.print_queue import JobState, PaperRole, prints_of, reprint
from counterapp.core.store_settings import store_settings
from counterapp.desks.returns.printouts import RefusalFacts, refusal_slip
from counterapp.desks.returns.rules import Verdict
from counterapp.desks.returns.services.details import LineDetails, ReturnDetails, get_return, load_return
from counterapp.desks.returns.services.rule_evaluation import book_for, keep_verdict
from counterapp.documents.issue import PrintContext, print_context
from counterapp.errors import NotAllowed, NotFound, Refused
from counterapp.return_forms.closure import closure_of
from counterapp.return_forms.models import APPROVED, DRAFT, REFUSED, WAITING, ReturnForm, ReturnLine
from counterapp.return_forms.printouts.marking import marked
from counterapp.return_forms.status import with_status_mark
from counterapp.return_forms.terms import Effect, Kind, Reason, name_of
from counterapp.words import N_, language
from printers.document import Document, Pages


def reprint_form(session: Session, actor: Actor, number: int) -> int:
    """Print a form once more, as it was, at the actor's station; return which copy it is.

    The copy is marked 补打 and counted; only a good form that certainly never came out is sent again as the first
    print, and counts 0. One that is void, used or paid says so on each part, when and by whom: it is for the file.
    Raises NotFound, NotAllowed for a role that is not at the counter, Refused while it is still printing.
    """
    _require_counter(actor)
    form = session.scalars(select(ReturnForm).where(ReturnForm.number == number).with_for_update()).one_or_none()
    if form is None:
        raise NotFound(N_("There is no return form {number}. Check the number."), number=number)
    under_way = Refused(N_("Form {number} is still being printed. Wait for it, or look at the printer."), number=number)
    told = None
    if closure_of(session, form.id) is not None:
        told = with_status_mark(session, form, store_settings(session).language)
    return reprint(session, actor, form.job_id, under_way, told)


def copy_of(session: Session, number: int) -> Document:
    """Return a form as it stands, marked as a copy: a form is money, and none leaves the printer's queue unmarked.

    Raises NotFound.
    """
    form = session.scalars(select(ReturnForm).where(ReturnForm.number == number)).one_or_none()
    if form is None:
        raise NotFound(N_("There is no return form {number}. Check the number."), number=number)
    paper = store_settings(session).language
    document = with_status_mark(session, form, paper)
    journal.note(session, form=form.number)
    if not isinstance(document, Pages) or closure_of(session, form.id) is not None:
        return document
    mark = language("zh").gettext(N_("Copy"))
    return marked(document, mark, language(paper).gettext(N_("A copy. It is no form.")), struck=False)


@dataclass(frozen=True, slots=True)
class FormPrints:
    """What was printed of a form: `amount` in fen, how often a copy was made (`copies`), and how the last one went."""

    number: int
    amount: int
    copies: int
    last: JobState


def forms_of(session: Session, case_id: int) -> tuple[FormPrints, ...]:
    """Return the forms of a case with their prints, by number."""
    forms = session.scalars(select(ReturnForm).where(ReturnForm.case_id == case_id).order_by(ReturnForm.number))
    found = []
    for form in forms.all():
        last = prints_of(session, form.job_id)[-1]
        found.append(FormPrints(form.number, form.amount, last.copy, JobState(last.state)))
    return tuple(found)


def print_refusal(session: Session, actor: Actor, case_id: int, line_id: int) -> int:
    """Print for the customer why a line (the receipt line `line_id`) is not taken back; return the print job's id.

    The verdict is kept with the line, if it was not already. Raises Refused where the line is not refused, or its
    verdict is still open; NotFound, NotAllowed.
    """
    _require_counter(actor)
    loaded = load_return(session, case_id, held=True)
    chosen = next((line for line in loaded.lines if line.line_id == line_id), None)
    if chosen is None:
        raise NotFound(N_("Scan or tick the goods first."))
    context = print_context(session, actor)
    # What was decided is told as it stood on that day.
    decided = chosen.effect is not None and loaded.case.state != DRAFT
    changed = context.local(loaded.case.changed_at).date()
    desk = get_return(session, case_id, changed if decided else actor.today())
    line = next(line for line in desk.lines if line.line.id == line_id)
    verdict = refusal_of(desk.case.state, line)
    if not decided:
        keep_verdict(chosen, verdict, book_for(session, loaded.receipt.sold_on)[0])
    slip = refusal_slip(_facts(context, desk, line, chosen, verdict), context.language)
    return context.print(PaperRole.SLIP, slip, case_id).id


def _require_counter(actor: Actor) -> None:
    if actor.person.role not in AT_THE_COUNTER:
        raise NotAllowed(N_("Your role does not print papers of the counter. Ask a clerk or a supervisor."))


def refusal_of(state: str, line: LineDetails) -> Verdict:
    """Return the verdict on a line that is not taken back as its case stands. Raises Refused where it is none."""
    item, verdict = line.line.name, line.verdict
    if verdict is None or line.chosen is None:
        raise Refused(N_("Say first why {item} comes back."), item=item)
    decided = Effect(line.chosen.effect) if line.chosen.effect and state != DRAFT else None
    if decided is None and verdict.questions:
        raise Refused(
            N_("{item}: one question is still open: {question}"), item=item, question=verdict.questions[0].sentence
        )
    # An override that is asked for, or was given, refuses nothing; what an approver sent back is refused whole.
    refuses = {Effect.REFUSE} if state in {WAITING, APPROVED} else {Effect.REFUSE, Effect.OVERRIDE}
    if (decided or verdict.effect) not in refuses and state != REFUSED:
        raise Refused(N_("{item} is not refused, so that there is no refusal to print."), item=item)
    return verdict


def _facts(
    context: PrintContext, desk: ReturnDetails, line: LineDetails, chosen: ReturnLine, verdict: Verdict
) -> RefusalFacts:
    paper = context.language
    sentences = [finding[paper] for finding in chosen.findings if not finding["struck"]]
    if desk.case.state == REFUSED:
        said = language(paper).gettext(N_("The supervisor's decision: {reason}"))
        sentences.append(said.format(reason=desk.refused_for))
    return RefusalFacts(
        issued=context.issued_by(),
        receipt_no=desk.receipt.number if desk.has_receipt else "",
        bought_on=desk.receipt.sold_on if desk.has_receipt else None,
        item_no=line.line.item_no,
        item=line.line.name,
        quantity_milli=chosen.quantity,
        asked=name_of(Kind(chosen.kind), "en"),
        reason=name_of(Reason(str(chosen.reason)), "en"),
        sentences=tuple(sentences),
        granted=tuple(grant.text(paper) for grant in verdict.grants if grant.grant in chosen.grants),
        better=verdict.better.text(paper) if verdict.better is not None else "",
        may_be_overridden=chosen.effect == Effect.OVERRIDE,
        code=desk.case.code,
    )
