"""The register 退/换货单记录表 of a business day: every number once, what became of it, and that the money adds up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import chain
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from counterapp import words
from counterapp.core.approvals import Approval
from counterapp.core.cases import Case
from counterapp.core.numbering import NumberSeries
from counterapp.core.print_queue import JobState, PrintJob
from counterapp.core.receipts import TYPED, Receipt
from counterapp.core.spreadsheets import Cell, Table, yuan
from counterapp.core.staff import names_and_numbers
from counterapp.core.store_settings import store_settings
from counterapp.desks.day_close.printouts.register_facts import (
    ENDS,
    ORIGINS,
    RESTS,
    SETTLEMENTS,
    Entry,
    FormOutcome,
    Gap,
    Register,
    Sum,
    sums_of,
)
from counterapp.documents.texts import receipt_number
from counterapp.return_forms.models import (
    SERIES,
    FormClosure,
    PartTwo,
    Redemption,
    Renewal,
    ReturnCase,
    ReturnForm,
    ReturnFormLine,
    Settlement,
    Void,
)
from counterapp.return_forms.terms import Kind, name_of
from counterapp.words import N_


def register(session: Session, day: dt.date) -> Register:
    """Return the register of a business day, as it stands now."""
    before = _open_before(session, day)
    return Register(
        day,
        _entries(session, ReturnForm.booked_on == day),
        _entries(session, (FormClosure.booked_on == day) & (ReturnForm.booked_on != day)),
        gaps(session, day),
        before,
    )


def gaps(session: Session, day: dt.date) -> tuple[Gap, ...]:
    """Return the numbers on no form that are missing before each form of the day, and after the very last one.

    So each missing number is missing on one day, whatever the clock said.
    """
    # What is given out first and looked for afterwards cannot be missing because somebody is just approving.
    last = session.scalar(select(NumberSeries.last).where(NumberSeries.name == SERIES)) or 0
    numbers = set(session.scalars(select(ReturnForm.number).where(ReturnForm.booked_on == day)))
    found = []
    for number in sorted(number for number in numbers if number - 1 not in numbers):
        former = session.scalar(select(func.max(ReturnForm.number)).where(ReturnForm.number < number)) or 0
        if former < number - 1:
            found.append(Gap(former + 1, number - 1))
    newest = select(ReturnForm.number, ReturnForm.booked_on).order_by(ReturnForm.number.desc()).limit(1)
    number, booked_on = session.execute(newest).one_or_none() or (0, day)
    if number < last and booked_on <= day:
        found.append(Gap(number + 1, last))
    return tuple(found)


def tables(found: Register, language: str) -> tuple[Table, Table]:
    """Return the register for a spreadsheet, in "zh" or "en": its entries, and its sums."""
    said = words.language(language).gettext
    rows = [
        *((entry.number, _entry(entry, said(N_("of the day")), language)) for entry in found.forms),
        *((gap.first, _gap(gap, said)) for gap in found.gaps),
    ]
    others = [_entry(entry, said(N_("of another day")), language) for entry in found.others]
    return (
        Table(said(N_("Return register")), tuple(map(said, _HEADS)), [*(row for _n, row in sorted(rows)), *others]),
        Table(
            said(N_("Sums")),
            (said(N_("Sum")), said(N_("Return forms")), said(N_("Amount"))),
            [(said(label), one.count, yuan(one.fen)) for label, one in chain(*sums_of(found))],
        ),
    )


_Wanted = Select[*tuple[Any, ...]]

_HEADS: Final = (
    N_("Group"), N_("Form number"), N_("Business day"), N_("Made at"), N_("Sales receipt number"), N_("Kind"),
    N_("Amount"), N_("Lines"), N_("Clerk"), N_("Approver"), N_("Comes from"), N_("How it is settled"), N_("By law"),
    N_("Good until"), N_("Reprints"), N_("What became of it"), N_("On business day"), N_("At"), N_("By"),
    N_("Till number"), N_("New receipt"), N_("Its total"), N_("Amount used"), N_("Rest"), N_("What became of the rest"),
    N_("Next form"), N_("Payment reference"), N_("Part 2"), N_("Reason of the void"), N_("Co-signed by"),
)  # fmt: skip


def _entry(entry: Entry, which: str, language: str) -> tuple[Cell, ...]:
    said = words.language(language).gettext
    origin = said(ORIGINS[entry.origin]).format(form=entry.from_number) if entry.from_number is not None else ""
    row: tuple[Cell, ...] = (
        which, entry.number, entry.day, entry.made_at.replace(tzinfo=None), receipt_number(entry.receipt),
        name_of(Kind(entry.kind), language), yuan(entry.amount), entry.lines, entry.clerk, entry.approver, origin,
        said(SETTLEMENTS[entry.settlement]), said(N_("yes")) if entry.statutory else "", entry.expires_on, entry.copies,
    )  # fmt: skip
    outcome = entry.outcome
    if outcome is None:
        return (*row, said(N_("open")), *(None,) * (len(_HEADS) - len(row) - 1))
    redeemed = bool(outcome.receipt_no)
    part_two = "" if not outcome.till else said(N_("missing") if outcome.owes_part_two else N_("is back"))
    return (
        *row, said(ENDS[outcome.how]), outcome.day, outcome.at.replace(tzinfo=None), outcome.who, outcome.till,
        receipt_number(outcome.receipt_no), yuan(outcome.receipt_fen) if redeemed else None,
        yuan(outcome.used) if redeemed else None, yuan(outcome.rest) if redeemed else None,
        said(RESTS[outcome.rest_how]) if outcome.rest else said(SETTLEMENTS[outcome.method]) if outcome.method else "",
        outcome.next_number, outcome.reference, part_two, outcome.reason, outcome.signer,
    )  # fmt: skip


def _gap(gap: Gap, said: Callable[[str], str]) -> tuple[Cell, ...]:
    told = said(N_("missing numbers {first} to {last}")).format(first=gap.first, last=gap.last)
    return (said(N_("gap")), gap.first, *(None,) * 13, told, *(None,) * (len(_HEADS) - 16))


def _open_before(session: Session, day: dt.date) -> Sum:
    made = select(func.count(), func.coalesce(func.sum(ReturnForm.amount), 0)).where(ReturnForm.booked_on < day)
    ended = select(func.count(), func.coalesce(func.sum(FormClosure.amount), 0)).where(FormClosure.booked_on < day)
    (forms, fen), (ends, ended_fen) = session.execute(made).one(), session.execute(ended).one()
    return Sum(forms - ends, int(fen) - int(ended_fen))


def _entries(session: Session, which: ColumnElement[bool]) -> tuple[Entry, ...]:
    zone = store_settings(session).zone_info
    people = names_and_numbers(session)
    lines = _counted(session, which)
    copies, printed = _prints(session, which)
    return tuple(
        _read(row, zone, people, lines, copies, printed)
        for row in session.execute(_forms().where(which).order_by(ReturnForm.number))
    )


def _forms() -> _Wanted:
    rest_of, renewal_of, former = aliased(Redemption), aliased(Renewal), aliased(ReturnForm)
    following = aliased(ReturnForm)
    return (
        select(
            ReturnForm, FormClosure, Redemption, Settlement, Void, PartTwo.form_id.label("part_two"),
            Receipt.number.label("receipt"), Receipt.source, Case.prepared_by, Approval.signed_by,
            former.number.label("former"), following.number.label("following"),
        )
        .join(ReturnCase, ReturnCase.case_id == ReturnForm.case_id)
        .join(Case, Case.id == ReturnForm.case_id)
        .join(Receipt, Receipt.id == ReturnCase.receipt_id)
        .join(Approval, Approval.id == ReturnForm.approval_id)
        .outerjoin(FormClosure, FormClosure.form_id == ReturnForm.id)
        .outerjoin(Redemption, Redemption.form_id == ReturnForm.id)
        .outerjoin(Settlement, Settlement.form_id == ReturnForm.id)
        .outerjoin(Void, Void.form_id == ReturnForm.id)
        .outerjoin(Renewal, Renewal.form_id == ReturnForm.id)
        .outerjoin(PartTwo, PartTwo.form_id == ReturnForm.id)
        .outerjoin(rest_of, rest_of.rest_form_id == ReturnForm.id)
        .outerjoin(renewal_of, renewal_of.next_id == ReturnForm.id)
        .outerjoin(former, former.id == func.coalesce(rest_of.form_id, renewal_of.form_id))
        .outerjoin(following, following.id == func.coalesce(Redemption.rest_form_id, Renewal.next_id))
    )  # fmt: skip


def _read(
    row: Row[Any],
    zone: dt.tzinfo,
    people: dict[int, str],
    lines: dict[int, int],
    copies: dict[int, int],
    printed: set[int],
) -> Entry:
    form = row.ReturnForm
    return Entry(
        number=form.number,
        day=form.booked_on,
        made_at=form.made_at.astimezone(zone),
        receipt="" if row.source == TYPED else row.receipt,
        kind=form.kind,
        amount=form.amount,
        lines=lines.get(form.id, 0),
        clerk=people[row.prepared_by],
        approver=people[row.signed_by],
        origin=form.origin,
        settlement=form.settlement,
        statutory=form.statutory,
        expires_on=form.expires_on,
        from_number=row.former,
        copies=copies.get(form.id, 0),
        printed=form.id in printed,
        outcome=_outcome_of(row, zone, people) if row.FormClosure is not None else None,
    )


def _outcome_of(row: Row[Any], zone: dt.tzinfo, people: dict[int, str]) -> FormOutcome:
    end, redeemed, settled, void = row.FormClosure, row.Redemption, row.Settlement, row.Void
    taken = redeemed or settled
    return FormOutcome(
        how=end.how,
        day=end.booked_on,
        at=end.ended_at.astimezone(zone),
        who=people[void.clerk_by if void is not None else end.ended_by],
        till=taken.till if taken is not None else "",
        receipt_no=redeemed.receipt_no if redeemed is not None else "",
        receipt_fen=redeemed.receipt_fen if redeemed is not None else 0,
        used=redeemed.used if redeemed is not None else 0,
        rest=redeemed.rest if redeemed is not None else 0,
        rest_how=redeemed.rest_how if redeemed is not None else "",
        next_number=row.following,
        method=settled.method if settled is not None else "",
        reference=settled.reference if settled is not None else "",
        reason=void.reason if void is not None else "",
        signer=people[void.signed_by] if void is not None else "",
        part_two=row.part_two is not None,
    )


def _counted(session: Session, which: ColumnElement[bool]) -> dict[int, int]:
    counted = _with_end(select(ReturnFormLine.form_id, func.count()))
    counted = counted.join(ReturnFormLine, ReturnFormLine.form_id == ReturnForm.id)
    return {row[0]: row[1] for row in session.execute(counted.where(which).group_by(ReturnFormLine.form_id))}


def _prints(session: Session, which: ColumnElement[bool]) -> tuple[dict[int, int], set[int]]:
    """Return how often each form was printed again, and those that came out at all, by the forms' ids."""
    copies: dict[int, int] = {}
    printed: set[int] = set()
    # Two ways with an index each; one condition with OR would read every job.
    for of_form in (PrintJob.id == ReturnForm.job_id, PrintJob.first_id == ReturnForm.job_id):
        jobs = _with_end(select(ReturnForm.id, PrintJob.copy, PrintJob.state)).join(PrintJob, of_form)
        for form_id, copy, state in session.execute(jobs.where(which)):
            copies[form_id] = max(copies.get(form_id, 0), copy)
            if state == JobState.PRINTED:
                printed.add(form_id)
    return copies, printed


def _with_end(wanted: _Wanted) -> _Wanted:
    return wanted.select_from(ReturnForm).outerjoin(FormClosure, FormClosure.form_id == ReturnForm.id)
