"""Returns that were approved, how their forms end, and what the floor does with the goods."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core import approvals
from counterapp.core.actor import Actor, Signer
from counterapp.core.cases import Case
from counterapp.core.database import Database
from counterapp.core.deadlines import Late
from counterapp.core.print_queue import PrintJob
from counterapp.desks.returned_goods.services import notices, sheets
from counterapp.desks.returned_goods.services.notices import Notice
from counterapp.desks.returned_goods.services.sheets import SheetDetails
from counterapp.desks.returns.services import drafting
from counterapp.return_forms.closure import close_form
from counterapp.return_forms.models import REDEEMED, VOID, VOID_ACT, Redemption, ReturnForm, Void
from counterapp.return_forms.terms import Answer, Kind, Reason
from tests.desks.returns.test_walk import Desk
from tests.return_forms.goods import Sold, sell

TODAY = dt.date(2026, 11, 21)
APPLES = Sold("红富士苹果", 1486, 1780, "food.fresh", "", "10001", "2110001000003", "生鲜部")
DUMPLINGS = Sold("湾仔码头水饺", 2000, 5980, "food.frozen", "", "10322", "6921665701019", "冷冻部")
BISCUITS = Sold("奥利奥饼干", 1000, 990, "food.packaged", "", "10455", "6901668005724", "食品部")
SHAMPOO = Sold("洗发水", 1000, 3990, "general", "", "11210", "6902088123456", "百货部")
TOWEL = Sold()
SAUSAGES = Sold("哈尔滨红肠", 1000, 2590, "food.packaged", "concession", "10512", "6925303721045", "食品部")


class Floor:
    """A clerk who brings goods back and hands them to the floor; every return is signed by `signer`."""

    def __init__(self, database: Database, clerk: Actor, signer: Signer) -> None:
        self.database, self.clerk, self.signer = database, clerk, signer

    def bring(self, *goods: Sold, reason: Reason = Reason.QUALITY_FAULT, kind: Kind = Kind.REFUND) -> list[int]:
        """Let goods come back on a fresh receipt; return the numbers of their forms."""
        desk = self.prepare(*goods, reason=reason, kind=kind)
        return desk.approve(self.signer, reason="已看过")

    def prepare(self, *goods: Sold, reason: Reason = Reason.QUALITY_FAULT, kind: Kind = Kind.REFUND) -> Desk:
        """Bring goods as far as the approver."""
        count = self.database.read(lambda s: len(s.scalars(select(Case.id)).all()))
        number = f"010199261118{count:04}"
        lines = sell(self.database, *goods, number=number)
        desk = Desk(self.database, self.clerk)
        desk.open(number)
        for line, one in zip(lines, goods, strict=True):
            desk.do(drafting.choose_line, line, one.quantity)
            desk.do(drafting.describe, line, kind=kind, reason=reason, answers={Answer.FAULT_CONFIRMED: True})
            desk.do(drafting.all_in_order, line)
        desk.submit()
        return desk

    def void(self, number: int) -> None:
        """Make a form void."""

        def work(session: Session) -> None:
            form = form_of(session, number)
            case = session.get_one(Case, form.case_id)
            approval = approvals.sign(
                session, self.clerk, case, self.signer, VOID_ACT, decision=approvals.APPROVED, reason="开错"
            )
            session.flush()
            close_form(session, self.clerk, form, VOID)
            session.add(
                Void(
                    form_id=form.id, root_id=form.id,
                    case_id=form.case_id, amount=form.amount, statutory=form.statutory, reason="开错",
                    clerk_by=self.clerk.person.person_id, parts=[1, 2, 3], approval_id=approval.id,
                    signed_by=self.signer.person_id,
                )
            )  # fmt: skip

        self.database.command(self.clerk, "form.void", work)

    def redeem(self, number: int, receipt_no: str, cashier: Actor, receipt_fen: int = 99_999) -> None:
        """Let a cashier take a form for the goods of a new receipt."""

        def work(session: Session) -> None:
            form = form_of(session, number)
            close_form(session, cashier, form, REDEEMED)
            session.add(
                Redemption(
                    form_id=form.id, case_id=form.case_id, amount=form.amount, statutory=form.statutory, till="07",
                    ended_by=cashier.person.person_id,
                    receipt_no=receipt_no, receipt_fen=receipt_fen, used=form.amount, rest=0, rest_how="none",
                )
            )  # fmt: skip

        self.database.command(cashier, "form.redeem", work)

    def open(self) -> tuple[Notice, ...]:
        return self.database.read(lambda s: notices.open_notices(s, self.clerk.now()))

    def done(self) -> tuple[Notice, ...]:
        return self.database.read(lambda s: notices.done_notices(s, self.clerk.today()))

    def late(self) -> tuple[Late, ...]:
        return self.database.read(lambda s: notices.late(s, self.clerk.now()))

    def overdue(self) -> int:
        return len(self.late())

    def collect(self, notice: Notice, by: str = "张华") -> None:
        self.database.command(
            self.clerk, "floor.collect", lambda s: notices.collect(s, self.clerk, notice.return_line_id, by)
        )

    def answer(self, notice: Notice, by: str = "刘洋", found: str = "货架上还有 3 袋，已下架") -> None:
        self.database.command(
            self.clerk, "floor.answer", lambda s: notices.answer(s, self.clerk, notice.return_line_id, by, found)
        )

    def make_sheets(self, day: dt.date = TODAY, actor: Actor | None = None) -> list[int]:
        who = actor or self.clerk
        return self.database.command(who, "floor.make_sheets", lambda s: sheets.make_sheets(s, who, day))

    def sheets(self, day: dt.date = TODAY) -> tuple[SheetDetails, ...]:
        return self.database.read(lambda s: sheets.sheets_to_see(s, day))

    def sign(self, sheet_id: int, by: str = "赵主管", remark: str = "") -> None:
        self.database.command(
            self.clerk, "floor.sign_sheet", lambda s: sheets.sign_sheet(s, self.clerk, sheet_id, by, remark)
        )

    def code_of(self, number: int) -> str:
        return self.database.read(lambda s: form_of(s, number).code)

    def papers(self, paper: str) -> list[PrintJob]:
        """Return the print jobs on a role of paper, the oldest first."""
        wanted = select(PrintJob).where(PrintJob.paper == paper).order_by(PrintJob.id)
        return self.database.read(lambda s: list(s.scalars(wanted)))


def form_of(session: Session, number: int) -> ReturnForm:
    return session.scalars(select(ReturnForm).where(ReturnForm.number == number)).one()
