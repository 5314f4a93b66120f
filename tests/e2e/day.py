"""A day at the counter, through the services, in a process that may be killed at any moment.

`python -m tests.e2e.day DATA URL` waits for a line on standard input, {"again": step or null, "seed": n, "end": bool},
and starts the day in a child process of its own, with everything imported already. The child tells on standard output
each step that it is about to take and each that it has finished; "again" is the step whose answer was lost when the
one before it was killed. With "end" it finishes what lies on the desk and stops by itself.
"""

from __future__ import annotations

import datetime as dt
import importlib
import json
import os
import random
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from counterapp.core import print_queue, staff
from counterapp.core.actor import Actor, Signer
from counterapp.core.cases import Case
from counterapp.core.claims import LineClaim
from counterapp.core.commands import new_key
from counterapp.core.database import Database
from counterapp.core.print_queue import JobState
from counterapp.core.receipts import Receipt, ReceiptLine
from counterapp.core.sales_import import import_sales
from counterapp.desks.returns.services import approval, details, drafting
from counterapp.return_forms.models import ReturnCase, ReturnForm
from counterapp.return_forms.terms import Answer, Reason
from counterapp.settings import DatabaseSettings, Settings, StationSettings
from counterapp.store_access import open_store
from tests.core.till import line, receipt, rows_of, text_of, write

CLERK, SUPERVISOR, STATION = "6012", "5003", "2"
#: Receipts in one export, of two lines of three pieces each.
RECEIPTS, PIECES = 4, 3
#: Before so many are made no day is over.
_FORMS = 2
_UNFINISHED = ("draft", "waiting", "refused")


def now() -> dt.datetime:
    return dt.datetime(2026, 11, 21, 6, 32, tzinfo=dt.UTC)


def settings_of(data: Path, url: str) -> Settings:
    return Settings(data, DatabaseSettings(url), StationSettings(STATION))


@dataclass(frozen=True)
class Step:
    """What the clerk does next: the same key, act and arguments each time that it is tried."""

    key: str
    act: str
    of: dict[str, Any]


class Day:
    """Clerk, supervisor, till and printer; what comes next is read from the database."""

    def __init__(self, database: Database, data: Path, dice: random.Random) -> None:
        self._database, self._data, self._dice = database, data, dice
        people = {person.number: person.signer() for person in database.read(staff.list_staff)}
        self._actor = Actor(people[CLERK], STATION, now)
        self._supervisor: Signer = people[SUPERVISOR]

    def next(self) -> Step:
        """Return what the clerk does next."""
        act, of = self._next()
        return Step(new_key(), act, of)

    def is_over(self) -> bool:
        """Tell whether something was approved, and nothing is left on the desk or in the printer."""
        forms = self._database.read(lambda s: s.scalar(select(func.count()).select_from(ReturnForm))) or 0
        return forms >= _FORMS and self._database.read(self._unfinished) is None and not self._jobs()

    def _next(self) -> tuple[str, dict[str, Any]]:
        jobs, chance = self._jobs(), self._dice.random()
        if jobs and chance < 0.4:
            return "print", {"job": jobs[0]}
        case = self._database.read(self._unfinished)
        if case is not None:
            return self._next_of(case, self._dice.random())
        number = self._database.read(_receipt_with_something_left)
        if number is None or chance > 0.9:
            stored = self._database.read(lambda s: s.scalar(select(func.count()).select_from(Receipt))) or 0
            return "import", {"first": stored}
        return "return.open", {"number": number}

    def _next_of(self, case: int, chance: float) -> tuple[str, dict[str, Any]]:
        seen = self._database.read(lambda s: details.get_return(s, case, self._actor.today()))
        of: dict[str, Any] = {"case": case}
        if seen.case.state == "waiting":
            act = "return.approve" if chance < 0.7 else "return.refuse" if chance < 0.85 else "return.take_back"
            return act, of | {"revision": seen.case.revision}
        if seen.case.state == "refused":
            return "return.drop", of
        for chosen in seen.chosen:
            assert chosen.chosen is not None
            of_line = of | {"line": chosen.line.id}
            if chosen.chosen.reason is None:
                return "return.describe", of_line
            if chosen.verdict is not None and chosen.verdict.questions:
                return "return.all_in_order", of_line
        left = [one for one in seen.lines if one.returnable and one.chosen is None]
        if left and (not seen.chosen or chance < 0.3):
            return "return.choose", of | {"line": left[0].line.id, "quantity": 1000}
        if not seen.chosen or chance > 0.95:
            return "return.drop", of
        return "return.submit", of | {"revision": seen.case.revision}

    def do(self, step: Step) -> Any:
        """Take a step and return its answer."""
        of, actor = step.of, self._actor
        if step.act == "import":
            return self._import(of["first"])
        if step.act == "print":
            return self._print(of["job"])
        case: int = of.get("case", 0)
        second = None
        work: Callable[[Session], Any]
        match step.act:
            case "return.open":
                work = lambda s: drafting.open_return(s, actor, of["number"])  # noqa: E731
            case "return.choose":
                work = lambda s: drafting.choose_line(s, actor, case, of["line"], of["quantity"])  # noqa: E731
            case "return.describe":
                fault = {Answer.FAULT_CONFIRMED: True}
                work = lambda s: drafting.describe(  # noqa: E731
                    s, actor, case, of["line"], reason=Reason.QUALITY_FAULT, answers=fault
                )
            case "return.all_in_order":
                work = lambda s: drafting.all_in_order(s, actor, case, of["line"])  # noqa: E731
            case "return.submit":
                work = lambda s: drafting.submit(s, actor, case, of["revision"])  # noqa: E731
            case "return.take_back":
                work = lambda s: drafting.take_back(s, actor, case)  # noqa: E731
            case "return.drop":
                work = lambda s: drafting.drop(s, actor, case)  # noqa: E731
            case "return.approve":
                second = self._supervisor.person_id
                work = lambda s: approval.approve(  # noqa: E731
                    s, actor, self._supervisor, case, of["revision"], approval.TICKS
                )
            case "return.refuse":
                second = self._supervisor.person_id
                work = lambda s: approval.refuse(s, actor, self._supervisor, case, of["revision"], "not faulty")  # noqa: E731
        return self._database.command(actor, step.act, work, key=step.key, second=second)

    def _import(self, first: int) -> int:
        sold = [
            receipt(
                f"010107261118{number:04}",
                line("11393", f"{PIECES}", "19.90"),
                line("11500", f"{PIECES}", f"{number % 90 + 1}.37"),
                sold_at="2026-11-18 10:13:00",
            )
            for number in range(first, first + RECEIPTS)
        ]
        export = write(self._data / "export.csv", text_of(rows_of(sold)))
        import_sales(self._database, export, clock=now)
        return first + RECEIPTS

    def _print(self, job_id: int) -> str:
        """Move a job one state on, as the print worker does around the sending."""
        job = self._database.read(lambda s: s.get_one(print_queue.PrintJob, job_id))
        following = {"queued": JobState.SENDING, "sending": JobState.PRINTED}.get(job.state)
        if following is not None:
            self._database.run(lambda s: print_queue.advance(s, job_id, following, now()))
        return following or job.state

    def _jobs(self) -> list[int]:
        open_ones = select(print_queue.PrintJob.id).where(print_queue.PrintJob.state.in_(["queued", "sending"]))
        return self._database.read(lambda s: list(s.scalars(open_ones.order_by(print_queue.PrintJob.id))))

    def _unfinished(self, session: Session) -> int | None:
        cases = select(ReturnCase.case_id).join(ReturnCase.case)
        return session.scalars(cases.where(Case.state.in_(_UNFINISHED)).order_by(ReturnCase.case_id).limit(1)).first()


def _receipt_with_something_left(session: Session) -> str | None:
    sums = select(LineClaim.line_id, func.sum(LineClaim.delta).label("taken"))
    taken = sums.group_by(LineClaim.line_id).subquery()
    left = select(Receipt.number).join(ReceiptLine).outerjoin(taken, taken.c.line_id == ReceiptLine.id)
    left = left.where(ReceiptLine.sold > func.coalesce(taken.c.taken, 0)).order_by(Receipt.id).limit(1)
    return session.scalars(left).first()


def live(data: Path, url: str, order: dict[str, Any]) -> None:
    """Open the store and work until killed, or until the day is to end."""
    with open_store(settings_of(data, url)) as database:
        database.run(lambda s: print_queue.recover(s, STATION, now()))
        day = Day(database, data, random.Random(order["seed"]))
        step = Step(**order["again"]) if order["again"] else None
        while step is not None or not (order["end"] and day.is_over()):
            step = step or day.next()
            _tell({"try": asdict(step)})
            _tell({"done": asdict(step), "answer": day.do(step)})
            step = None


def _tell(what: dict[str, Any]) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


def main(data: Path, url: str) -> None:
    """Start a child for every order, and tell how it ended."""
    # What the program loads late: otherwise most kills would meet Python reading modules.
    for late in ("pypinyin", "barcode", "PIL.Image", "printers.protocols"):
        importlib.import_module(late)
    for order in sys.stdin:
        child = os.fork()
        if child == 0:
            live(data, url, json.loads(order))
            os._exit(0)
        _tell({"child": child})
        _pid, status = os.waitpid(child, 0)
        _tell({"ended": os.waitstatus_to_exitcode(status)})


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
