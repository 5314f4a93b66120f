"""A plausible store's honest returns, and ten patterns of fraud that are put among them."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from sqlalchemy import insert
from sqlalchemy.orm import Session

from counterapp.core import staff
from counterapp.core.actor import CHINA, Role
from counterapp.core.approvals import Approval
from counterapp.core.base import Base
from counterapp.core.cases import Case
from counterapp.core.database import Database
from counterapp.core.print_queue import PrintJob
from counterapp.core.receipts import Receipt, ReceiptLine
from counterapp.desks.returns.rules.risk_comparison import Pattern, Return, Signal
from counterapp.return_forms.models import (
    CASE_LETTERS,
    FORM_LETTERS,
    FormClosure,
    ReturnCase,
    ReturnForm,
    ReturnLine,
    Void,
)

TODAY = dt.date(2026, 11, 21)
DAYS = 90
CLERKS = tuple(range(101, 121))
#: Three duty supervisors and two customer service managers, who alone override.
SUPERVISORS, MANAGERS = (201, 202, 203), (204, 205)
ROLES = {**dict.fromkeys(SUPERVISORS, "supervisor"), **dict.fromkeys(MANAGERS, "service_manager")}
TILLS = tuple(f"{number:02}" for number in range(1, 13))
CASHIERS = tuple(f"6{number:02}" for number in range(1, 31))
_OPENS, _CLOSES, _LATE = 9, 22, 15
_MEMBERS = 8_000


@dataclass(frozen=True)
class Fraud:
    """What was put in: which patterns tell of it, and whom they name."""

    name: str
    told_by: frozenset[tuple[Pattern, tuple[str, ...]]]

    def is_told_by(self, signal: Signal) -> bool:
        return (signal.pattern, signal.subject) in self.told_by


@dataclass(frozen=True)
class Story:
    """The returns of a store by case id, each till's sales, and what was put in."""

    returns: tuple[Return, ...]
    sold: dict[str, int]
    frauds: tuple[Fraud, ...]

    def tells_of_honest(self, signal: Signal) -> bool:
        """Whether a signal is about somebody who has no part in any fraud."""
        if any(fraud.is_told_by(signal) for fraud in self.frauds):
            return False
        return not self.frauds or not any(part in _INVOLVED for part in signal.subject)


class Store:
    """Honest returns. People, tills and customers differ as they do: some shop more, key more, work fewer days."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        dice = self.dice
        self.returns: list[Return] = []
        self.pace = {clerk: dice.lognormvariate(0, 0.25) for clerk in CLERKS}
        self.hand = {clerk: dice.betavariate(10, 90) for clerk in CLERKS}
        self.off = {clerk: dice.randrange(7) for clerk in CLERKS}
        self.late = {clerk: place % 2 for place, clerk in enumerate(CLERKS)}
        self.bustle = {till: dice.lognormvariate(0, 0.4) for till in TILLS}
        # Some households come every day, most now and then.
        self.zeal = list(accumulate(dice.gammavariate(0.6, 1) for _ in range(_MEMBERS)))
        self.sold = {till: round(100_000 * self.bustle[till] / sum(self.bustle.values())) for till in TILLS}
        self.receipt = 1_000_000

    def fill(self, count: int) -> None:
        days = self.dice.choices(range(DAYS), [1.6 if day % 7 < 2 else 1.0 for day in range(DAYS)], k=count)
        for day in sorted(days):
            self.returns.append(self.one(TODAY - dt.timedelta(days=day)))

    def one(self, day: dt.date) -> Return:
        """Return somebody's honest return of that day."""
        dice = self.dice
        hour = dice.randrange(_OPENS, _CLOSES)
        late = hour >= _LATE
        there = [
            clerk
            for clerk in CLERKS
            if self.off[clerk] != day.weekday() and (self.late[clerk] + day.isocalendar().week) % 2 == late
        ]
        clerk = dice.choices(there, [self.pace[one] for one in there])[0]
        member = dice.choices(range(_MEMBERS), cum_weights=self.zeal)[0]
        minutes = self.minutes()
        typed = dice.random() < 0.02
        overrides = typed or dice.random() < 0.04
        on_duty = (MANAGERS[late], SUPERVISORS[(day.toordinal() + late) % 3])
        approver = on_duty[0] if overrides or dice.random() < 0.2 else on_duty[1]
        self.receipt += 1
        return Return(
            case_id=0, day=day, hour=hour, amount=self.amount(), clerk=clerk, approver=approver, role=ROLES[approver],
            receipt=self.receipt, member=f"8800{member:08}" if not typed and dice.random() < 0.6 else "",
            phone=f"138{member:08}" if dice.random() < 0.7 else "",
            till=dice.choices(TILLS, [self.bustle[till] for till in TILLS])[0], cashier=dice.choice(CASHIERS),
            minutes=None if typed else minutes, typed=typed,
            keyed=not typed and dice.random() < self.hand[clerk] + 0.02, overrides=overrides,
            voided=(clerk, approver) if dice.random() < 0.015 else None, copies=int(dice.random() < 0.04),
        )  # fmt: skip

    def minutes(self) -> int:
        """Most come back within two weeks; some turn round at the door."""
        if self.dice.random() < 0.04:
            return self.dice.randrange(6, 30)
        return 30 + min(round(self.dice.expovariate(1 / 8.5) * 1440), 45 * 1440)

    def amount(self) -> int:
        """Fen: half of them below sixty yuan, one in a hundred above six hundred."""
        return round(self.dice.lognormvariate(math.log(6_000), 1.0)) + 100

    def day(self, within: int = DAYS) -> dt.date:
        return TODAY - dt.timedelta(days=self.dice.randrange(within))

    def put(self, change: Callable[[Return], Return], within: int = DAYS) -> None:
        """Add one more return of the last days, changed."""
        self.returns.append(change(self.one(self.day(within))))


def seeded(seed: int, honest: int = 3_000, *, with_fraud: bool = True) -> Story:
    """Return a store's story: `honest` returns, and the ten frauds unless told otherwise."""
    store = Store(seed)
    store.fill(honest)
    frauds = _put_frauds(store) if with_fraud else ()
    ordered = sorted(store.returns, key=lambda one: (one.day, one.hour))
    numbered = {id(one): place for place, one in enumerate(ordered, start=1)}
    returns = tuple(replace(one, case_id=numbered[id(one)]) for one in ordered)
    return Story(returns, store.sold, tuple(_with_case_id(fraud, returns) for fraud in frauds))


#: Clerks, approvers and the cashier who have a part in one of the frauds.
_INVOLVED = frozenset({"101", "103", "105", "107", "109", "202", "204", "205", "613"})
_FAR = "far from its till's usual"


def _with_case_id(fraud: Fraud, returns: Sequence[Return]) -> Fraud:
    """Name the case of the receipt that somebody kept, which has its number only now."""
    if fraud.name != _FAR:
        return fraud
    subject = (str(max(returns, key=lambda one: one.minutes or 0).case_id),)
    return Fraud(_FAR, frozenset({(Pattern.LATE, subject), (Pattern.DEAR, subject)}))


def _put_frauds(store: Store) -> tuple[Fraud, ...]:
    dice = store.dice

    def signed(one: Return, approver: int) -> Return:
        return replace(one, approver=approver, role=ROLES[approver])

    for _ in range(7):  # one card, seven times in a month
        store.put(lambda one: replace(one, member="880099999901", phone="", typed=False, minutes=5_000), 29)
    for place in range(6):  # one phone, with other cards each time
        store.put(lambda one, place=place: replace(one, phone="13999999902", member=f"77{place:010}", typed=False), 29)  # type: ignore[misc]
    for _ in range(4):  # one receipt again and again
        store.put(lambda one: replace(one, receipt=999_903, typed=False, minutes=9_000, member="880099999903"))
    for _ in range(45):  # a clerk who writes refunds that nobody asked for
        store.put(lambda one: replace(one, clerk=101, amount=dice.randrange(30_000, 90_000)))
    for _ in range(45):  # a clerk who goes to one approver
        store.put(lambda one: signed(replace(one, clerk=103, typed=False, overrides=False), 202))
    for _ in range(80):  # a manager who overrides whatever is asked
        store.put(lambda one: signed(replace(one, overrides=True), 204))
    # a receipt that somebody kept
    store.put(lambda one: replace(one, minutes=260 * 1440, amount=159_900, typed=False))
    for _ in range(7):  # unverified returns by value
        store.put(
            lambda one: signed(
                replace(one, clerk=105, typed=True, minutes=None, member="", overrides=True, keyed=False,
                        amount=dice.randrange(25_000, 60_000)),
                205,
            )
        )  # fmt: skip
    for _ in range(60):  # numbers keyed from receipts that are not there
        store.put(lambda one: replace(one, clerk=107, keyed=True, typed=False, minutes=one.minutes or 9_000))
    for _ in range(12):  # right after the sale, at the same clerk
        store.put(lambda one: replace(one, clerk=109, cashier="613", minutes=dice.randrange(4, 20), typed=False))
    return (
        _fraud("one card", (Pattern.CARD, "880099999901")),
        _fraud("one phone", (Pattern.PHONE, "13999999902")),
        _fraud("one receipt", (Pattern.RECEIPT, "999903")),
        _fraud("a clerk's refunds", (Pattern.CLERK_OFTEN, "101"), (Pattern.CLERK_DEAR, "101")),
        _fraud("clerk and approver", (Pattern.PAIR, "103", "202")),
        _fraud("overrides", (Pattern.OVERRIDES, "204")),
        _fraud(_FAR, (Pattern.LATE, "")),
        _fraud("unverified by value", (Pattern.UNVERIFIED_CLERK, "105")),
        _fraud("keyed", (Pattern.KEYED, "107")),
        _fraud(
            "soon after the sale",
            (Pattern.SOON_CLERK, "109"), (Pattern.SOON_CASHIER, "613"), (Pattern.SOON_PAIR, "109", "613"),
        ),
    )  # fmt: skip


def _fraud(name: str, *told_by: tuple[Pattern, *tuple[str, ...]]) -> Fraud:
    return Fraud(name, frozenset((one[0], tuple(map(str, one[1:]))) for one in told_by))


def _code(kind: str, number: int) -> str:
    """Return a sound code (see `core.codes`) that is no other number's: of 100,000 random ones two may be the same."""
    body = f"{kind}{number:010}"
    check = int("".join(str(int(char, 36)) for char in f"{body}00"))
    return f"{body}{98 - check % 97:02}"


def write(database: Database, story: Story) -> None:
    """Put a story's returns into an empty store, as the desk writes them."""
    pin_hash = staff.hash_pin("271828", database.keys.pepper)
    at = dt.datetime(2026, 11, 21, 6, 32, tzinfo=dt.UTC)
    numbers = {**{clerk: f"{clerk}" for clerk in CLERKS}, **{person: f"{person}" for person in ROLES}}

    def fill(session: Session) -> None:
        ids = {}
        for person, number in numbers.items():
            role = Role(ROLES.get(person, "clerk"))
            ids[person] = staff.add_person(session, staff.NewPerson(number, f"员工{number}", role, ""), pin_hash).id
        rows: dict[type[Base], list[dict[str, object]]] = defaultdict(list)
        receipts = set()
        for one in story.returns:
            opened = dt.datetime.combine(one.day, dt.time(one.hour), CHINA)
            sold_at = (opened - dt.timedelta(minutes=one.minutes or 0)).replace(tzinfo=None)
            if one.receipt not in receipts:
                receipts.add(one.receipt)
                rows[Receipt].append(
                    {
                        "id": one.receipt, "number": f"0101{one.receipt:012}", "store": "0101", "till": one.till,
                        "cashier": one.cashier, "sold_at": sold_at, "sold_on": sold_at.date(), "tender": "微信",
                        "member_card": one.member, "total": one.amount, "invoice_no": "", "imported_at": at,
                        "fingerprint": f"{one.receipt:064}", "source": "typed" if one.typed else "till",
                    }
                )  # fmt: skip
                rows[ReceiptLine].append(
                    {
                        "id": one.receipt, "receipt_id": one.receipt, "line_no": 1, "item_no": "11551",
                        "barcode": "6924781363335", "name": "洁丽雅毛巾", "department": "百货部", "category": "general",
                        "quantity": 9000, "unit_price": 100, "discount": 0, "amount": 9 * one.amount, "sold": 9000,
                        "paid": 9 * one.amount, "supplier": "", "flags": "",
                    }
                )  # fmt: skip
            case_id, clerk, approver = one.case_id, ids[one.clerk], ids[one.approver or 0]
            rows[Case].append(
                {
                    "id": case_id, "desk": "returns", "code": _code(CASE_LETTERS, case_id), "state": "approved",
                    "title": f"{one.receipt}", "amount": one.amount, "prepared_by": clerk, "station": "2",
                    "opened_at": opened, "changed_at": opened, "revision": 3,
                }
            )  # fmt: skip
            entered = "typed" if one.typed else "keyed" if one.keyed else "scanned"
            rows[ReturnCase].append(
                {"case_id": case_id, "receipt_id": one.receipt, "phone": one.phone, "entered": entered}
            )
            rows[ReturnLine].append(
                {
                    "id": case_id, "case_id": case_id, "line_id": one.receipt, "quantity": 1000, "kind": "refund",
                    "reason": "quality_fault", "answers": {"fault_confirmed": True},
                    "effect": "override" if one.overrides else "ok", "findings": [], "grants": [], "rule_book_id": 1,
                    "refund": one.amount,
                }
            )  # fmt: skip
            approval = {
                "case_id": case_id, "decision": "approved", "prepared_by": clerk, "signed_by": approver,
                "role": one.role, "station": "2", "signed_at": opened, "ticks": [], "reason": "",
            }  # fmt: skip
            rows[Approval].append({"id": case_id, "act": "return", **approval})
            job = {
                "case_id": case_id, "paper": "form", "station": "2", "title": "", "document": "", "state": "printed",
                "attempts": 1, "said": "", "queued_at": opened, "changed_at": opened,
            }  # fmt: skip
            rows[PrintJob].append({"id": case_id, "key": f"a{case_id}", "first_id": None, "copy": 0, **job})
            for copy in range(1, one.copies + 1):
                again = {"id": 100_000_000 + 10 * case_id + copy, "key": f"b{case_id}-{copy}"}
                rows[PrintJob].append({**again, "first_id": case_id, "copy": copy, **job})
            rows[ReturnForm].append(
                {
                    "id": case_id, "number": case_id, "code": _code(FORM_LETTERS, case_id), "case_id": case_id,
                    "approval_id": case_id, "kind": "refund", "amount": one.amount, "made_at": opened,
                    "made_on": one.day, "booked_on": one.day, "expires_on": one.day + dt.timedelta(days=30),
                    "job_id": case_id, "statutory": False,
                }
            )  # fmt: skip
            if one.voided is not None:
                by, signer = (ids[person] for person in one.voided)
                money = {
                    "form_id": case_id,
                    "how": "void",
                    "case_id": case_id,
                    "amount": one.amount,
                    "statutory": False,
                }
                rows[FormClosure].append(
                    {**money, "ended_at": opened, "booked_on": one.day, "ended_by": by, "station": "2"}
                )
                signed = {**approval, "id": 100_000_000 + case_id, "act": "form_void", "signed_by": signer}
                rows[Approval].append(signed)
                rows[Void].append(
                    {
                        **money, "root_id": case_id, "reason": "写错", "clerk_by": by, "clerk_absent": False,
                        "approver_absent": False, "parts": [1, 2, 3], "note": "",
                        "approval_id": 100_000_000 + case_id, "signed_by": signer,
                    }
                )  # fmt: skip
        for table in (
            Receipt, ReceiptLine, Case, ReturnCase, ReturnLine, Approval, PrintJob, ReturnForm, FormClosure, Void,
        ):  # fmt: skip
            for start in range(0, len(rows[table]), 5_000):
                session.execute(insert(table), rows[table][start : start + 5_000])

    database.run(fill)
