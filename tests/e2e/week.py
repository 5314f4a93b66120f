"""A week after the form, as a script: returns, voids, reprints, redemptions, refusals; killed, with a clock that jumps.

Each station is a process that does what its dice say until its part of the day is done; it is killed at random moments
and started again. In the evening somebody closes the day (tests.e2e.evening).
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final, TextIO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from counterapp.core import print_queue, staff
from counterapp.core.actor import CONSOLE, Actor, Role, Signer
from counterapp.core.claims import LineClaim
from counterapp.core.commands import new_key
from counterapp.core.database import Database
from counterapp.core.numbering import NumberSeries
from counterapp.core.print_queue import JobState, PrintJob
from counterapp.core.receipts import Receipt, ReceiptLine
from counterapp.core.sales_import import import_sales
from counterapp.core.secrets_file import Keys
from counterapp.core.store_settings import TillSettings, change_store_settings, store_settings
from counterapp.desks.returns.services import approval, details, drafting, reprints, unverified, voiding
from counterapp.desks.till.services import paying, redeeming
from counterapp.errors import Overtaken, Refused
from counterapp.return_forms.models import FROM_GOODS, SERIES, FormClosure, ReturnForm
from counterapp.return_forms.terms import Answer, Category, Kind, Reason
from tests.core.till import line, receipt, rows_of, text_of, write
from tests.e2e.evening import ZONE, at, close
from tests.e2e.kills import PIN

FIRST: Final = dt.date(2026, 11, 16)
_STAFF: Final = (
    ("6012", Role.CLERK), ("6013", Role.CLERK), ("5003", Role.SUPERVISOR), ("5004", Role.SUPERVISOR),
    ("4001", Role.SERVICE_MANAGER), ("3001", Role.CASHIER), ("3002", Role.CASHIER),
)  # fmt: skip
_STATIONS: Final = (("1", "6012", "5003", "3001"), ("2", "6013", "5004", "3002"))
#: Out of a hundred steps: how often a return, a redemption, a payout, a void, a reprint, a second use, without receipt.
_ACTS: Final = (("return", 46), ("redeem", 26), ("pay", 6), ("void", 8), ("reprint", 5), ("again", 5), ("typed", 4))
_FAULT: Final = {Answer.FAULT_CONFIRMED: True}
#: How far the clock jumps, in hours, and for how many steps.
_JUMPS: Final = ((-1, 25), (-30, 15), (2, 25), (26, 5))


@dataclass
class Told:
    """What a week came to."""

    kills: int = 0
    done: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


class Station:
    """What one station does in a day, until `forms` more forms are numbered in the store than before."""

    def __init__(self, database: Database, place: int, day: dt.date, seed: int, said: TextIO) -> None:
        self._database = database
        self._dice = random.Random(seed)
        self._day, self._steps, self._said = day, 0, said
        self._ahead, self._jumping = dt.timedelta(0), 0
        name, clerk, supervisor, cashier = _STATIONS[place]
        people = {person.number: person.signer() for person in database.read(staff.list_staff)}
        self._clerk = Actor(people[clerk], name, self._now)
        self._cashier = Actor(people[cashier], f"till-{name}", self._now)
        self._supervisor, self._manager = people[supervisor], people["4001"]

    def work_until(self, number: int) -> None:
        """Work until the store has numbered so many forms."""
        while (self._database.read(_last_number)) < number:
            self._jump()
            act = self._dice.choices([name for name, _w in _ACTS], [weight for _n, weight in _ACTS])[0]
            try:
                getattr(self, f"_{act}")()
            except (Overtaken, Refused):  # the other station was there first, or the rules forbid it
                act = f"{act}, refused"
            print(act, file=self._said, flush=True)

    def _now(self) -> dt.datetime:
        self._steps += 1
        start = dt.datetime.combine(self._day, dt.time(9), ZONE)
        return start + dt.timedelta(seconds=self._steps) + self._ahead

    def _jump(self) -> None:
        self._jumping -= 1
        if self._jumping == 0:
            self._ahead = dt.timedelta(0)
        elif self._jumping < 0 and self._dice.random() < 0.01:
            hours, self._jumping = self._dice.choice(_JUMPS)
            self._ahead = dt.timedelta(hours=hours)

    def _do(self, act: str, verb: Callable[..., Any], *args: Any, by: Actor | None = None, second: Any = None) -> Any:
        actor = by or self._clerk
        signed = {"second": second.person_id} if second is not None else {}
        return self._database.command(actor, act, lambda s: verb(s, actor, *args), key=new_key(), **signed)

    def _return(self) -> None:
        number = self._database.read(lambda s: _receipt_with_something_left(s, self._dice))
        if number is None:
            return
        case = self._do("return.open", drafting.open_return, number)
        seen = self._database.read(lambda s: details.get_return(s, case, self._clerk.today()))
        if seen.case.state == "waiting":
            self._sign(case)
            return
        for one in [one for one in seen.lines if one.returnable >= 1000][: self._dice.randint(1, 2)]:
            self._do("return.choose", drafting.choose_line, case, one.line.id, 1000)
        self._describe(case)
        self._submit(case)

    def _typed(self) -> None:
        goods = unverified.TypedGoods("T900", "搪瓷杯", "百货部", Category.GENERAL, 199_000, 1000)
        case = self._do("return.unverified", unverified.open_unverified, [goods])
        self._describe(case)
        self._submit(case)

    def _describe(self, case: int) -> None:
        kind = self._dice.choice((Kind.REFUND, Kind.EXCHANGE))

        def say(session: Session, actor: Actor, line: int) -> None:
            drafting.describe(session, actor, case, line, kind=kind, reason=Reason.QUALITY_FAULT, answers=_FAULT)

        for one in self._database.read(lambda s: details.get_return(s, case, self._clerk.today())).chosen:
            self._do("return.describe", say, one.line.id)
            self._do("return.all_in_order", drafting.all_in_order, case, one.line.id)

    def _submit(self, case: int) -> None:
        try:
            revision = self._database.read(lambda s: details.get_return(s, case, self._clerk.today())).case.revision
            self._do("return.submit", drafting.submit, case, revision)
        except Refused:
            self._do("return.drop", drafting.drop, case)
            return
        self._sign(case)

    def _sign(self, case: int) -> None:
        revision = self._database.read(lambda s: details.get_return(s, case, self._clerk.today())).case.revision
        chance = self._dice.random()
        if chance < 0.08:
            self._do(
                "return.refuse",
                approval.refuse,
                self._supervisor,
                case,
                revision,
                "未见质量问题",
                second=self._supervisor,
            )
            self._do("return.drop", drafting.drop, case)
            return
        if chance < 0.12:
            self._do("return.take_back", drafting.take_back, case)
            self._do("return.drop", drafting.drop, case)
            return
        signer = self._signer(case)
        self._do("return.approve", approval.approve, signer, case, revision, approval.TICKS, "情况属实", second=signer)
        for job in self._database.read(_queued):
            for state in (JobState.SENDING, JobState.PRINTED):
                self._database.run(partial(print_queue.advance, job_id=job, to=state, now=self._now()))

    def _signer(self, case: int) -> Signer:
        least = self._database.read(lambda s: approval.who_may_sign(s, case, self._clerk.today()))
        return self._supervisor if least is Role.SUPERVISOR else self._manager

    def _form(self, *, ended: bool, settlement: str | None = None) -> ReturnForm | None:
        def pick(session: Session) -> ReturnForm | None:
            forms = select(ReturnForm).outerjoin(FormClosure, FormClosure.form_id == ReturnForm.id)
            forms = forms.where(FormClosure.form_id.is_not(None) if ended else FormClosure.form_id.is_(None))
            if settlement is not None:
                forms = forms.where(ReturnForm.settlement == settlement)
            found = session.scalars(forms.order_by(ReturnForm.id.desc()).limit(60)).all()
            return self._dice.choice(found) if found else None

        return self._database.read(pick)

    def _redeem(self) -> None:
        form = self._form(ended=False, settlement="goods")
        if form is not None:
            number = f"010199{self._dice.randrange(10**10):010}"
            total = max(1, form.amount + self._dice.choice((0, 0, 137, 5000, -100, -1)))
            self._do("form.redeem", redeeming.redeem, form.code, number, total, by=self._cashier)

    def _pay(self) -> None:
        form = self._form(ended=False, settlement="cash")
        if form is not None:
            self._do("form.pay", paying.pay_out, form.code, "cash", by=self._cashier)

    def _void(self) -> None:
        form = self._form(ended=False)
        if form is not None and form.origin == FROM_GOODS:
            signed = (self._manager, form.code, "顾客改主意", (1, 2, 3))
            self._do("form.void", voiding.void_form, *signed, second=self._manager)

    def _reprint(self) -> None:
        form = self._form(ended=False)
        if form is not None:
            self._do("form.reprint", reprints.reprint_form, form.number)

    def _again(self) -> None:
        form = self._form(ended=True)
        if form is None:
            return
        before = self._database.read(lambda s: s.get_one(FormClosure, form.id)).ended_at
        try:
            self._do("form.redeem", redeeming.redeem, form.code, f"010199{form.id:010}", form.amount, by=self._cashier)
        except Refused:
            assert self._database.read(lambda s: s.get_one(FormClosure, form.id)).ended_at == before
            return
        raise AssertionError(f"form {form.number} was used twice")


class Week:
    """A store over seven days. `url` is its database; `forms` are made altogether, and `kills` stations killed."""

    def __init__(
        self, url: str, keys: Keys, folder: Path, forms: int, kills: int, stations: int, seed: int = 1
    ) -> None:
        self._url, self._keys, self._folder = url, keys, folder
        self._each, self._kills, self._stations = max(1, forms // 7), kills // 7, stations
        self._dice = random.Random(seed)
        self.told = Told()

    def live(self) -> Told:
        """Live through the week, close every day, and return what came of it."""
        began = time.perf_counter()
        self._found()
        for count in range(7):
            day = FIRST + dt.timedelta(days=count)
            self._work(day, (count + 1) * self._each)
            with Database(self._url, self._keys) as database:
                close(database, day)
        # What a clock that ran ahead has booked after the week is closed as well.
        with Database(self._url, self._keys) as database:
            for count in (7, 8):
                close(database, FIRST + dt.timedelta(days=count))
        self.told.seconds = time.perf_counter() - began
        for file in self._folder.glob("acts-*"):
            self.told.done.update(file.read_text(encoding="utf-8").splitlines())
        return self.told

    def _found(self) -> None:
        sold = [
            receipt(
                f"01010726110{1 + place % 9}{place:04}",
                line("11393", "3", f"{place % 40 + 5}.90"),
                line("10001", "2.386", "12.14"),
                line("11500", "2", f"{place % 90 + 1}.37"),
                sold_at=f"2026-11-0{1 + place % 9} 10:13:00",
                tender=("微信", "现金")[place % 2],
            )
            for place in range(max(20, self._each * 7))
        ]
        export = write(self._folder / "week.csv", text_of(rows_of(sold)))
        with Database(self._url, self._keys) as database:
            pin_hash = staff.hash_pin(PIN, self._keys.pepper)
            for number, role in _STAFF:
                new = staff.NewPerson(number, number, role, PIN)
                database.run(partial(staff.add_person, new=new, pin_hash=pin_hash))
            boss = Actor(CONSOLE, "console", lambda: at(FIRST, 8))
            till = TillSettings(cash_tenders="现金", supervisor_fen=5_000)
            database.command(
                boss,
                "store.set",
                lambda s: change_store_settings(s, replace(store_settings(s), till=till), boss, boss.now()),
            )
            import_sales(database, export, clock=lambda: at(FIRST, 8))

    def _work(self, day: dt.date, until: int) -> None:
        fork = multiprocessing.get_context("fork")

        def start(place: int) -> BaseProcess:
            seed = self._dice.randrange(2**32)
            process = fork.Process(
                target=_station, args=(self._url, self._keys, place, day, seed, until, self._folder / f"acts-{place}")
            )
            process.start()
            return process

        kills = self._kills
        at_work = [start(place) for place in range(self._stations)]
        while any(process.is_alive() for process in at_work):
            time.sleep(self._dice.uniform(0.05, 0.6))
            place = self._dice.randrange(self._stations)
            if kills and at_work[place].is_alive():
                at_work[place].kill()
                at_work[place].join()
                kills -= 1
                self.told.kills += 1
                at_work[place] = start(place)
        for process in at_work:
            process.join()
            assert process.exitcode == 0, f"a station ended with {process.exitcode}"


def _station(url: str, keys: Keys, place: int, day: dt.date, seed: int, until: int, acts: Path) -> None:
    with acts.open("a", encoding="utf-8") as said, Database(url, keys) as database:
        Station(database, place, day, seed, said).work_until(until)


def _last_number(session: Session) -> int:
    return session.scalar(select(NumberSeries.last).where(NumberSeries.name == SERIES)) or 0


def _queued(session: Session) -> list[int]:
    return list(session.scalars(select(PrintJob.id).where(PrintJob.state == JobState.QUEUED)))


def _receipt_with_something_left(session: Session, dice: random.Random) -> str | None:
    """Return the number of any of the next sixty receipts of the till that something may still come back of."""
    sums = select(LineClaim.line_id, func.sum(LineClaim.delta).label("taken"))
    taken = sums.group_by(LineClaim.line_id).subquery()
    left = select(Receipt.number).join(ReceiptLine).outerjoin(taken, taken.c.line_id == ReceiptLine.id)
    left = left.where(Receipt.source == "till", ReceiptLine.sold >= func.coalesce(taken.c.taken, 0) + 1000)
    found = session.scalars(left.order_by(Receipt.number).distinct().limit(60)).all()
    return dice.choice(found) if found else None
