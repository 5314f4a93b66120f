"""A store with a counter and a till: forms are made as the counter makes them, and taken as the till takes them."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.cases import Case
from counterapp.core.database import Database
from counterapp.core.store_settings import TillSettings, change_store_settings, store_settings
from counterapp.desks.returns.services import approval, drafting
from counterapp.desks.till.services import form_acceptance, parts, paying, redeeming, renewing
from counterapp.desks.till.services.form_acceptance import FormAtTill
from counterapp.desks.till.services.redeeming import Redeemed
from counterapp.return_forms.models import ReturnForm
from counterapp.return_forms.terms import Answer, Kind, Reason
from tests.conftest import PlayedClock, hiring
from tests.return_forms.goods import Sold, sell

T = TypeVar("T")
#: The day of the played clock.
TODAY = dt.date(2026, 11, 21)


@dataclass(frozen=True)
class People:
    """Clerk 6012 makes forms, 5001 approves them, cashier 7001 takes them; two supervisors sign what needs it."""

    clerk: Signer
    supervisor: Signer
    second_supervisor: Signer
    manager: Signer
    cashier: Signer


def hire_people(database: Database) -> People:
    hire = hiring(database)
    return People(
        clerk=hire("6012", Role.CLERK, "王丽"),
        supervisor=hire("5003", Role.SUPERVISOR, "李强"),
        second_supervisor=hire("5004", Role.SUPERVISOR, "陈刚"),
        manager=hire("5001", Role.SERVICE_MANAGER, "周敏"),
        cashier=hire("7001", Role.CASHIER, "孙燕"),
    )


class Till:
    """The counter at station 2 and the till at station 9; the receipts of its store are of till `number`."""

    def __init__(
        self, database: Database, clock: PlayedClock, people: People | None = None, number: str = "07"
    ) -> None:
        self.database, self.clock = database, clock
        people = people or hire_people(database)
        self.clerk = Actor(people.clerk, "2", clock)
        self.supervisor, self.second_supervisor = people.supervisor, people.second_supervisor
        self.manager = people.manager
        self.cashier = Actor(people.cashier, "9", clock)
        self._number = number
        self._receipts = itertools.count(1)

    def at(self, database: Database, station: str) -> Till:
        """The same people at another station, over a connection of its own."""
        other = copy(self)
        other.database, other.cashier = database, replace(self.cashier, station=station)
        return other

    def settle(self, **changes: Any) -> None:
        """Change what holds at the till."""
        settings = self.database.read(store_settings)
        till: TillSettings = replace(settings.till, **changes)
        self.database.run(lambda s: change_store_settings(s, replace(settings, till=till), None, self.clock()))

    def receipt(self, fen: int, on: dt.date = TODAY, **more: Any) -> str:
        """Sell something for `fen` and import it; return the receipt's number."""
        number = f"0101{self._number}{on:%y%m%d}{next(self._receipts):04}"
        sell(self.database, Sold(paid=fen), number=number, on=on, **more)
        return number

    def new_number(self) -> str:
        """A receipt of today that is not imported yet."""
        return f"0101{self._number}{TODAY:%y%m%d}{next(self._receipts):04}"

    def form(
        self,
        fen: int,
        kind: Kind = Kind.REFUND,
        *,
        statutory: bool = False,
        bought_on: dt.date | None = None,
        tender: str = "微信",
        receipt_no: str = "",
        approver: Signer | None = None,
        reason: str = "",
    ) -> str:
        """Make a form of `fen` and return its code. A statutory one: what broke within seven days."""
        number = receipt_no or self.receipt(
            fen, bought_on or TODAY - dt.timedelta(days=3 if statutory else 20), tender=tender
        )
        work = self.work
        case_id = work(self.clerk, lambda s, a: drafting.open_return(s, a, number))
        line = work(self.clerk, lambda s, a: drafting.scan_goods(s, a, case_id, Sold().barcode))
        work(
            self.clerk,
            lambda s, a: drafting.describe(
                s, a, case_id, line, kind=kind, reason=Reason.QUALITY_FAULT, answers={Answer.FAULT_CONFIRMED: True}
            ),
        )
        work(self.clerk, lambda s, a: drafting.all_in_order(s, a, case_id, line))
        work(self.clerk, lambda s, a: drafting.submit(s, a, case_id, revision_of(s, case_id)))
        signer = approver or self.manager
        (form_no,) = work(
            self.clerk,
            lambda s, a: approval.approve(s, a, signer, case_id, revision_of(s, case_id), approval.TICKS, reason),
        )
        form = self.stored(form_no)
        assert (form.statutory, form.amount) == (statutory, fen)
        return form.code

    def look(self, code: str, actor: Actor | None = None) -> FormAtTill:
        return self.database.read(lambda s: form_acceptance.get_form(s, actor or self.cashier, code))

    def redeem(self, code: str, receipt_no: str, fen: int | None = None, **more: Any) -> Redeemed:
        actor = more.pop("actor", self.cashier)
        return self.work(actor, lambda s, a: redeeming.redeem(s, a, code, receipt_no, fen, **more))

    def pay(self, code: str, method: str, **more: Any) -> paying.PaidOut:
        actor = more.pop("actor", self.cashier)
        return self.work(actor, lambda s, a: paying.pay_out(s, a, code, method, **more))

    def renew(self, code: str, signer: Signer, actor: Actor | None = None) -> int:
        return self.work(actor or self.cashier, lambda s, a: renewing.renew(s, a, signer, code))

    def collect(self, code: str, actor: Actor | None = None) -> parts.Collected:
        return self.work(actor or self.cashier, lambda s, a: parts.collect_part_two(s, a, code))

    def work(self, actor: Actor, service: Callable[[Session, Actor], T]) -> T:
        """Let somebody do one command."""
        return self.database.command(actor, "test", lambda session: service(session, actor))

    def stored(self, number: int) -> ReturnForm:
        """The form as it is kept."""
        return self.database.read(lambda s: s.scalars(select(ReturnForm).where(ReturnForm.number == number)).one())


def revision_of(session: Session, case_id: int) -> int:
    """The revision that a case is at."""
    return session.get_one(Case, case_id).revision
