"""The cash office: the form is scanned, its receipt's number entered, and the locker may be opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from counterapp import words, work
from counterapp.core.actor import Actor, Role
from counterapp.core.cases import Case
from counterapp.core.database import Database
from counterapp.desks.bagcheck.models import Deposit, LostToken
from counterapp.desks.bagcheck.rules import CHARGED, PAID
from counterapp.desks.bagcheck.services.penalties import open_penalties, penalty_by_code
from counterapp.errors import NotAllowed, NotFound, Refused
from counterapp.ui import theme
from tests.conftest import Hire
from tests.desks.bagcheck.counter import Counter
from tests.desks.bagcheck.screen import Screen


def charged(services: Counter) -> tuple[int, str]:
    """A deposit whose lost token was charged for, and the code on its penalty form."""
    deposit_id = services.deposit()["deposit"]
    services.report(deposit_id)
    services.tell(deposit_id)
    services.charge(deposit_id)
    return deposit_id, services.codes(deposit_id)[0]


def state(database: Database, deposit_id: int) -> str:
    wanted = select(Case.state).join(Deposit, Deposit.case_id == Case.id).where(Deposit.id == deposit_id)
    return database.read(lambda s: s.scalars(wanted).one())


@pytest.fixture
def office(qapp: QApplication, qtbot: QtBot, database: Database, clerk: Actor, hire: Hire) -> Iterator[Screen]:
    """The tab of the cash office, in English."""
    words.use("en")
    theme.apply(qapp, language="en")
    counter = work.StoreClient(database, "9", clerk.clock)
    yield Screen(qtbot, replace(clerk, person=hire("7001", Role.CASH_OFFICE), station="9"), counter, "Penalties")
    counter.stop()
    words.use("zh")


class TestServices:
    def test_only_what_waits_for_a_receipt_is_open_and_nothing_of_the_things_is_told(self, counter: Counter) -> None:
        counter.deposit()
        first, code = charged(counter)
        second, _code = charged(counter)
        waiting = counter.ask(open_penalties)
        assert [(one.number, one.deposit_id, one.amount_fen) for one in waiting] == [(1, first, 500), (2, second, 500)]
        assert (waiting[0].code, waiting[0].name, waiting[0].token) == (code, "张*", "2")
        assert "双肩包" not in str(waiting)

        counter.receive(first)
        assert [one.number for one in counter.ask(open_penalties)] == [2]
        with pytest.raises(Refused, match="0088123"):
            counter.ask(penalty_by_code, code)

    def test_a_token_is_no_penalty_form(self, counter: Counter) -> None:
        code, _lockers = counter.codes(counter.deposit()["deposit"])
        with pytest.raises(NotFound) as met:
            counter.ask(penalty_by_code, code)
        assert met.value.message.startswith("{code} is on no penalty form.")

    def test_a_cashier_sees_no_penalties(self, counter: Counter, hire: Hire) -> None:
        with pytest.raises(NotAllowed):
            counter.as_(hire("8001", Role.CASHIER)).ask(open_penalties)


class TestScreen:
    @pytest.mark.both_databases
    def test_form_receipt_enter_and_the_locker_may_be_opened(
        self, office: Screen, services: Counter, database: Database
    ) -> None:
        deposit_id, code = charged(services)
        office.view_again()
        office.until_said("1 form waits for its receipt")
        assert "no receipt yet" in office.words()
        office.scan(code)
        office.until_said("Taken by")
        assert "张*" in office.words()
        assert "双肩包" not in office.words()
        office.type_in("0088123\r")
        office.until_said("Form No. 000001: receipt 0088123")
        office.until_said("0 forms wait for their receipts")
        assert state(database, deposit_id) == PAID
        settled = database.read(lambda s: s.scalars(select(LostToken)).one())
        assert (settled.receipt_no, settled.received_fen) == ("0088123", 500)
        services.collect(deposit_id)

    def test_the_arrows_choose_a_form_and_the_receipts_number_may_be_scanned(
        self, office: Screen, services: Counter, database: Database
    ) -> None:
        _first, _code = charged(services)
        second, _code = charged(services)
        office.view_again()
        office.until_said("2 forms wait for their receipts")
        office.press("Down", "Return")
        office.until_said("Token 2 • locker 2")
        office.scan("0100088124")
        office.press("Return")
        office.until_said("Form No. 000002: receipt 0100088124")
        assert state(database, second) == PAID

    def test_nothing_is_received_without_a_number_or_with_one_that_closed_another(
        self, office: Screen, services: Counter, database: Database
    ) -> None:
        first, _code = charged(services)
        services.receive(first, "0088123")
        second, code = charged(services)
        office.scan(code)
        office.until_said("Taken by")
        office.press("Return")
        office.until(lambda: "Enter the number of the official receipt" in office.banner)
        office.type_in("0088123\r")
        office.until(lambda: "Receipt 0088123 has closed form 1 already." in office.banner)
        assert state(database, second) == CHARGED
        office.press("Escape", "Escape")
        office.until_said("Scan the penalty form")

    def test_what_is_no_form_is_refused(self, office: Screen, services: Counter) -> None:
        code, _lockers = services.codes(services.deposit()["deposit"])
        office.scan(code)
        office.until(lambda: "is on no penalty form" in office.banner)
