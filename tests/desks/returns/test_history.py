"""What came back before of the same receipt, by the same member and with the same phone."""

from __future__ import annotations

import datetime as dt

import pytest

from counterapp.core.actor import Actor, Signer
from counterapp.core.database import Database
from counterapp.core.receipt_search import Wanted
from counterapp.desks.returns.services import approval, drafting, finding
from counterapp.desks.returns.services.details import get_return
from counterapp.desks.returns.services.history import History, Past, history
from counterapp.return_forms.terms import Answer, Reason
from tests.conftest import PlayedClock
from tests.return_forms.goods import Sold, sell

THREE = Sold(quantity=3000, paid=5970)
PHONE = "13812345678"


class Store:
    """Returns of one towel each, made as the desk makes them."""

    def __init__(self, database: Database, clerk: Actor, supervisor: Signer) -> None:
        self.database, self.clerk, self.supervisor = database, clerk, supervisor

    def sell(self, number: str, member_card: str = "") -> str:
        sell(self.database, THREE, number=number, member_card=member_card)
        return number

    def open(self, number: str, phone: str = "") -> int:
        case_id = self.database.command(self.clerk, "open", lambda s: drafting.open_return(s, self.clerk, number))
        self.database.command(self.clerk, "phone", lambda s: drafting.set_phone(s, self.clerk, case_id, phone))
        return case_id

    def send(self, number: str, phone: str = "") -> int:
        case_id = self.open(number, phone)
        clerk, command = self.clerk, self.database.command
        line = self.database.read(lambda s: get_return(s, case_id, clerk.today())).lines[0].line.id
        command(clerk, "choose", lambda s: drafting.choose_line(s, clerk, case_id, line, 1000))
        command(
            clerk,
            "describe",
            lambda s: drafting.describe(
                s, clerk, case_id, line, reason=Reason.QUALITY_FAULT, answers={Answer.FAULT_CONFIRMED: True}
            ),
        )
        command(clerk, "in order", lambda s: drafting.all_in_order(s, clerk, case_id, line))
        command(clerk, "submit", lambda s: drafting.submit(s, clerk, case_id, self._revision(case_id)))
        return case_id

    def approve(self, case_id: int) -> list[int]:
        clerk, revision = self.clerk, self._revision(case_id)
        return self.database.command(
            clerk,
            "approve",
            lambda s: approval.approve(s, clerk, self.supervisor, case_id, revision, approval.TICKS),
        )

    def refuse(self, case_id: int) -> None:
        clerk, revision = self.clerk, self._revision(case_id)
        self.database.command(
            clerk, "refuse", lambda s: approval.refuse(s, clerk, self.supervisor, case_id, revision, "小票不符")
        )

    def history(self, case_id: int) -> History:
        return self.database.read(lambda s: history(s, case_id, self.clerk.today()))

    def _revision(self, case_id: int) -> int:
        return self.database.read(lambda s: get_return(s, case_id, self.clerk.today())).case.revision


@pytest.fixture
def store(database: Database, clerk: Actor, supervisor: Signer) -> Store:
    return Store(database, clerk, supervisor)


def ids(past: Past) -> list[int]:
    return [case.case_id for case in past.cases]


def test_a_first_return_has_no_past(store: Store) -> None:
    assert store.history(store.open(store.sell("1", "M1"), PHONE)) == History()


def test_what_came_back_is_told_by_receipt_member_and_phone(store: Store) -> None:
    here, members, elsewhere, strangers = (
        store.sell("1", "M1"), store.sell("2", "M1"), store.sell("3", "M2"), store.sell("4", "M3"),
    )  # fmt: skip
    same_receipt = store.send(here)
    store.approve(same_receipt)
    same_member = store.send(members)
    same_phone = store.send(elsewhere, PHONE)
    store.send(strangers, "13800000000")
    past = store.history(store.open(here, "138 1234-5678"))

    assert ids(past.receipt) == [same_receipt]
    assert ids(past.member) == [same_member, same_receipt]
    assert ids(past.phone) == [same_phone]
    assert [case.case_id for case in past.cases] == [same_phone, same_member, same_receipt]
    assert (past.member.count, past.member.amount) == (2, 2 * 1990)
    case = past.receipt.cases[0]
    assert (case.receipt, case.day, case.amount, case.numbers) == ("1", dt.date(2026, 11, 21), 1990, (1,))
    assert case.goods == (THREE.name,)
    assert past.phone.cases[0].numbers == ()


def test_no_card_and_no_phone_are_nobodys(store: Store) -> None:
    store.send(store.sell("1"))
    assert store.history(store.open(store.sell("2"))) == History()


def test_only_what_waits_or_was_approved_came_back(store: Store) -> None:
    here, there = store.sell("1", "M1"), store.sell("2", "M1")
    store.refuse(store.send(there))
    assert store.history(store.open(here)) == History()


def test_member_and_phone_count_through_day_30_and_the_receipt_always(store: Store, clock: PlayedClock) -> None:
    here, there = store.sell("1", "M1"), store.sell("2", "M1")
    sent = [store.send(here, PHONE), store.send(there, PHONE)]
    store.approve(sent[0])
    case_id = store.open(here, PHONE)
    clock.forward(days=30)
    past = store.history(case_id)
    assert [ids(past.receipt), ids(past.member), ids(past.phone)] == [sent[:1], sent[::-1], sent[::-1]]
    clock.forward(days=1)
    past = store.history(case_id)
    assert [ids(past.receipt), ids(past.member), ids(past.phone)] == [sent[:1], [], []]


def test_the_day_is_the_stores_and_not_greenwichs(store: Store, clock: PlayedClock) -> None:
    clock.now = dt.datetime(2026, 11, 20, 17, 30, tzinfo=dt.UTC)
    number = store.sell("1")
    store.approve(store.send(number))
    assert store.history(store.open(number)).receipt.cases[0].day == dt.date(2026, 11, 21)


def test_a_receipt_is_found_by_the_phone_of_an_earlier_return_of_it(store: Store) -> None:
    number = store.sell("1", "M1")
    store.sell("2", "M2")
    store.send(number, "138-1234 5678")
    found = store.database.read(lambda s: finding.find(s, Wanted(member_card=PHONE)))
    assert [one.number for one in found] == [number]
    assert [one.number for one in store.database.read(lambda s: finding.find(s, Wanted(member_card="M2")))] == ["2"]
