"""Forms as the services store them, made in one step: for tests of what comes after the form."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core import approvals, cases
from counterapp.core.actor import Actor, Signer
from counterapp.core.business_day import booking_day
from counterapp.core.claims import claim
from counterapp.core.codes import new_code
from counterapp.core.database import Database, Work
from counterapp.core.numbering import next_number
from counterapp.core.print_queue import JobState, PaperRole, PrintJob, enqueue
from counterapp.core.receipts import Receipt, ReceiptLine
from counterapp.return_forms.closure import close_form
from counterapp.return_forms.models import (
    ACT,
    APPROVED,
    CASE_LETTERS,
    DESK,
    FORM_LETTERS,
    FROM_REST,
    NEW_FORM,
    NO_REST,
    REDEEMED,
    REST_ACT,
    SERIES,
    SETTLED,
    VOID,
    VOID_ACT,
    PartTwo,
    Redemption,
    ReturnCase,
    ReturnForm,
    ReturnFormLine,
    ReturnLine,
    Settlement,
    Void,
)
from printers.document import Page, Pages

T = TypeVar("T")
BLANK = Pages("退/换货单", (Page(210, 297, ()),))
_receipts = itertools.count(1)


@dataclass
class Booked:
    """A counter where forms come and go: `actor` prepares and ends them, `signer` approves."""

    database: Database
    actor: Actor
    signer: Signer

    def at(self, station: str) -> Booked:
        return replace(self, actor=replace(self.actor, station=station))

    def run(self, work: Work[T]) -> T:
        return self.database.command(self.actor, "test", work)

    def make(
        self, *amounts: int, kind: str = "refund", settlement: str = "goods", statutory: bool = False,
        category: str = "general", department: str = "百货部", printed: bool = True, name: str = "毛巾",
    ) -> int:  # fmt: skip
        """Make a form of one piece for each amount (fen); return its number."""

        def work(session: Session) -> int:
            form = self._make(session, amounts or (1990,), kind, settlement, statutory, category, department, name)
            if printed:
                form.job.state = JobState.PRINTED.value
            return form.number

        return self.run(work)

    def add(self, session: Session, *amounts: int) -> int:
        """Make a form inside a transaction that is open."""
        return self._make(session, amounts, "refund", "goods", False, "general", "百货部", "毛巾").number

    def printed(self, number: int) -> None:
        self.database.run(lambda session: self.printed_at(session, number))

    def printed_at(self, session: Session, number: int) -> None:
        session.get_one(PrintJob, self.form(session, number).job_id).state = JobState.PRINTED.value

    def form(self, session: Session, number: int) -> ReturnForm:
        return session.scalars(select(ReturnForm).where(ReturnForm.number == number)).one()

    def redeem(
        self,
        number: int,
        receipt_fen: int | None = None,
        *,
        rest: str = "forfeited",
        part_two: bool = True,
        till: str = "07",
    ) -> int | None:
        """Redeem a form for goods of `receipt_fen`; return the number of the form of its rest."""

        def work(session: Session) -> int | None:
            form = self.form(session, number)
            used = min(form.amount, form.amount if receipt_fen is None else receipt_fen)
            left = form.amount - used
            close_form(session, self.actor, form, REDEEMED)
            next_form = self._rest(session, form, left) if left and rest == NEW_FORM else None
            signed = self._sign(session, form, REST_ACT) if left and rest == "paid" else None
            session.add(
                Redemption(
                    form_id=form.id, case_id=form.case_id, amount=form.amount, statutory=form.statutory, till=till,
                    ended_by=self.actor.person.person_id,
                    receipt_no=f"01010726112{number:05}", receipt_fen=used, used=used, rest=left,
                    rest_how=rest if left else NO_REST, rest_form_id=next_form.id if next_form else None,
                    approval_id=signed.id if signed else None, signed_by=signed.signed_by if signed else None,
                )
            )  # fmt: skip
            session.flush()
            if part_two:
                self._part_two(session, form, REDEEMED)
            return next_form.number if next_form else None

        return self.run(work)

    def settle(self, number: int, *, part_two: bool = True) -> None:
        def work(session: Session) -> None:
            form = self.form(session, number)
            close_form(session, self.actor, form, SETTLED)
            session.add(
                Settlement(
                    form_id=form.id, case_id=form.case_id, amount=form.amount, statutory=form.statutory, till="07",
                    ended_by=self.actor.person.person_id, method="cash",
                )
            )  # fmt: skip
            session.flush()
            if part_two:
                self._part_two(session, form, SETTLED)

        self.run(work)

    def void(self, number: int, reason: str = "单据填错") -> None:
        def work(session: Session) -> None:
            form = self.form(session, number)
            close_form(session, self.actor, form, VOID)
            signed = self._sign(session, form, VOID_ACT)
            session.add(
                Void(
                    form_id=form.id, root_id=form.id,
                    case_id=form.case_id, amount=form.amount, statutory=form.statutory, reason=reason,
                    clerk_by=self.actor.person.person_id, parts=[1, 2, 3], approval_id=signed.id,
                    signed_by=self.signer.person_id,
                )
            )  # fmt: skip
            session.flush()

        self.run(work)

    def lose_number(self) -> None:
        """Give out a number that no form bears, as only damage can do."""
        self.database.run(lambda session: next_number(session, SERIES))

    def _sign(self, session: Session, form: ReturnForm, act: str) -> approvals.Approval:
        case = session.get_one(cases.Case, form.case_id)
        signed = approvals.sign(session, self.actor, case, self.signer, act, decision=approvals.APPROVED)
        session.flush()
        return signed

    def _part_two(self, session: Session, form: ReturnForm, how: str) -> None:
        session.add(
            PartTwo(
                form_id=form.id, how=how, case_id=form.case_id, amount=form.amount, statutory=form.statutory,
                collected_at=self.actor.now(), collected_by=self.actor.person.person_id, station=self.actor.station,
            )
        )  # fmt: skip
        session.flush()

    def _rest(self, session: Session, of: ReturnForm, amount: int) -> ReturnForm:
        job = enqueue(session, self.actor, PaperRole.FORM, BLANK.title, BLANK, of.case_id)
        job.state = JobState.PRINTED.value
        form = ReturnForm(
            number=next_number(session, SERIES), code=new_code(FORM_LETTERS), case_id=of.case_id,
            approval_id=of.approval_id, kind=of.kind, amount=amount, made_at=self.actor.now(),
            made_on=self.actor.today(), booked_on=booking_day(session, self.actor), origin=FROM_REST,
            settlement="goods", statutory=of.statutory, expires_on=of.expires_on, job=job, lines=[],
        )  # fmt: skip
        session.add(form)
        session.flush()
        return form

    def _make(
        self, session: Session, amounts: tuple[int, ...], kind: str, settlement: str, statutory: bool, category: str,
        department: str, name: str,
    ) -> ReturnForm:  # fmt: skip
        receipt = _receipt(amounts, category, department, name)
        session.add(receipt)
        case = cases.open_case(session, self.actor, DESK, CASE_LETTERS, receipt.number)
        case.state, case.amount = APPROVED, sum(amounts)
        session.flush()
        session.add(ReturnCase(case_id=case.id, receipt_id=receipt.id))
        lines = [
            ReturnLine(
                case_id=case.id, line_id=line.id, quantity=1000, kind=kind, reason="quality_fault",
                answers={"fault_confirmed": True, "package_whole": False}, effect="ok", findings=[], grants=[],
                refund=line.paid,
            )
            for line in receipt.lines
        ]  # fmt: skip
        session.add_all(lines)
        session.flush()
        for line in receipt.lines:
            claim(session, self.actor, line, 1000, case.id)
        signed = approvals.sign(session, self.actor, case, self.signer, ACT, decision=approvals.APPROVED)
        booked_on = booking_day(session, self.actor)
        job = enqueue(session, self.actor, PaperRole.FORM, BLANK.title, BLANK, case.id)
        session.flush()
        form = ReturnForm(
            number=next_number(session, SERIES), code=new_code(FORM_LETTERS), case_id=case.id, approval_id=signed.id,
            kind=kind, amount=sum(amounts), made_at=self.actor.now(), made_on=self.actor.today(), booked_on=booked_on,
            settlement=settlement, statutory=statutory, expires_on=self.actor.today() + dt.timedelta(days=30), job=job,
            lines=[ReturnFormLine(return_line_id=line.id, position=place) for place, line in enumerate(lines, 1)],
        )  # fmt: skip
        session.add(form)
        session.flush()
        return form


def _receipt(amounts: tuple[int, ...], category: str, department: str, name: str) -> Receipt:
    number = f"0101072611{next(_receipts):06}"
    return Receipt(
        number=number, store="0101", till="07", cashier="617", sold_at=dt.datetime(2026, 11, 18, 18, 42),  # noqa: DTZ001
        sold_on=dt.date(2026, 11, 18), member_card="", tender="微信", invoice_no="", total=sum(amounts),
        fingerprint=hashlib.sha256(number.encode()).hexdigest(), imported_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC),
        lines=[
            ReceiptLine(
                line_no=place, item_no=f"1155{place}", barcode="6924781363335", name=f"{name} {place}",
                department=department, category=category, quantity=1000, unit_price=amount * 100, discount=0,
                amount=amount, sold=1000, paid=amount, supplier="S101", flags="concession" if place == 2 else "",
            )
            for place, amount in enumerate(amounts, start=1)
        ],
    )  # fmt: skip
