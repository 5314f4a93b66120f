"""The store desk on the screen: it leads the newcomer, and sees to accounts."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from counterapp import words
from counterapp.core import staff
from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.database import Database
from counterapp.core.departments import add_department
from counterapp.core.print_queue import PrintJob
from counterapp.core.receipts import Receipt
from counterapp.desks.returns.services import drafting
from counterapp.desks.store.view.guide import Guide
from counterapp.errors import NotAllowed
from counterapp.ui import theme
from counterapp.work import StoreClient
from tests.conftest import KEYS, PIN, Hire, PlayedClock, hiring
from tests.core.till import many, receipt, rows_of, text_of, write
from tests.desks.store.conftest import StoreScreen
from tests.return_forms.goods import Sold, sell
from tests.ui.test_gallery import LOOKS, faults_of


def guide_of(screen: StoreScreen) -> Guide:
    guide = screen.view.findChild(Guide)
    assert guide is not None
    return guide


@pytest.mark.both_databases
def test_an_empty_store_leads_the_newcomer_from_the_first_clerk_to_the_first_case(
    screen: StoreScreen, database: Database, hire: Hire, clock: PlayedClock, export: Path
) -> None:
    screen.until_said("Before the counter opens")
    screen.press("F3")
    screen.fill("6012", "王丽")
    screen.press(*["Tab"] * 10)
    screen.fill(PIN, PIN)
    screen.press("Return")
    screen.until_said("王丽 may sign in with number 6012.")
    screen.until(lambda: "王丽 Clerk • 6012" in screen.lines())
    clerk = staff.sign_in(database, "6012", PIN, "2", clock)
    assert clerk.role is Role.CLERK

    screen.bring_in(export)
    screen.until_said("1,000 receipts are new • 1 is set aside")
    assert any("0101012611300099" in row and "Line 3002" in row for row in screen.lines())
    screen.press("Return")
    assert screen.window.dialogs.current is None
    screen.until(lambda: "No receipts yet" not in screen.words())
    assert guide_of(screen).isVisible()

    actor = Actor(clerk, "2", clock)
    number = database.read(lambda s: s.scalars(select(Receipt.number)).first())
    assert number is not None
    database.command(actor, "o", lambda s: drafting.open_return(s, actor, number))
    screen.client.committed.emit()
    screen.until(lambda: not guide_of(screen).isVisible())


def test_a_department_gets_an_account_of_its_own_which_has_no_desk_yet(
    screen: StoreScreen, database: Database, clock: PlayedClock
) -> None:
    database.run(lambda s: add_department(s, "食品部"))
    screen.press("F3")
    screen.fill("7001", "张工")
    screen.press(*["Tab"] * 8, "Space", *["Tab"] * 2, "Return")
    screen.until_said("Type the department.")
    screen.fill("玩具部", PIN, PIN)
    screen.press("Return")
    screen.until_said("The store has no department “玩具部”. There are: 食品部.")
    screen.press("Escape", "F3")
    screen.fill("7001", "张工")
    screen.press(*["Tab"] * 8, "Space", *["Tab"] * 2)
    screen.fill("食品部", PIN, PIN)
    screen.press("Return")
    screen.until(lambda: "张工 Department 食品部 • 7001" in screen.lines())
    person = staff.sign_in(database, "7001", PIN, "2", clock)
    assert person.department == "食品部"
    screen.admit(person)
    screen.until(lambda: "No desk is open to you" in screen.words())


def test_what_is_missing_or_wrong_in_a_new_account_is_said_and_what_was_typed_stays(
    screen: StoreScreen, hire: Hire
) -> None:
    hire("6012", Role.CLERK, "王丽")
    screen.press("F3", "Return")
    screen.until_said("Type the staff number.")
    screen.fill("6012", "李娜")
    screen.press("Return")
    screen.until_said("Choose a PIN of 6 to 8 digits.")
    screen.fill("271828", "271829")
    screen.press("Return")
    screen.until_said("The two PINs differ.")
    screen.fill("271828")
    screen.press("Return")
    screen.until_said("in use already")
    screen.press("Escape")
    assert screen.window.dialogs.current is None
    assert "李娜" not in screen.words()


def test_a_pin_that_is_easy_to_guess_is_refused(screen: StoreScreen) -> None:
    screen.press("F6")
    screen.fill("111111", "111111")
    screen.press("Return")
    screen.until_said("too easy to guess")


def test_a_forgotten_pin_is_replaced(screen: StoreScreen, hire: Hire, database: Database, clock: PlayedClock) -> None:
    person = hire("6012", Role.CLERK, "王丽")
    screen.view.activated()
    screen.until_said("王丽")
    screen.choose("王丽")
    screen.press("F6")
    screen.fill("161803", "161803")
    screen.press("Return")
    screen.until_said("The new PIN of 王丽 holds from now on.")
    assert staff.prove(database, "6012", "161803", "2", clock) == person


def test_an_account_is_blocked_and_let_in_again_and_its_badge_is_printed(
    screen: StoreScreen, hire: Hire, database: Database, clock: PlayedClock
) -> None:
    hire("6012", Role.CLERK, "王丽")
    screen.view.activated()
    screen.until_said("王丽")
    screen.choose("王丽")
    screen.press("F7")
    screen.until(lambda: database.read(lambda s: s.scalar(select(func.count(PrintJob.id)))) == 1)
    screen.press("F8")
    screen.until_said("Blocked")
    with pytest.raises(NotAllowed):
        staff.prove(database, "6012", PIN, "2", clock)
    screen.press("F8")
    screen.until(lambda: "Blocked" not in screen.words())
    assert staff.prove(database, "6012", PIN, "2", clock).number == "6012"


def test_a_supervisor_sees_who_tried_in_vain_and_changes_no_account(
    screen: StoreScreen, hire: Hire, database: Database, clock: PlayedClock
) -> None:
    hire("6012", Role.CLERK, "王丽")
    for number in ("6012", "6012", "7777"):
        with pytest.raises(NotAllowed):
            staff.prove(database, number, "000001", "3", clock)
    screen.admit(hire("5003", Role.SUPERVISOR, "李强"))
    screen.show_store()
    screen.until(lambda: "王丽 Clerk • 6012 2 failed tries, 14:32" in screen.lines())
    assert "Numbers that nobody has Station 3 1 failed try, 14:32" in screen.lines()
    screen.choose("王丽")
    said = screen.words()
    assert "2 tries to sign in failed, the last one 14:32 at station 3" in said
    for missing in ("New PIN", "Print badge", "Block", "Add a member", "Badge ST"):
        assert missing not in said
    assert "Bring in receipts" in said


@pytest.mark.parametrize("role", [Role.CLERK, Role.CASHIER, Role.AUDITOR])
def test_the_desk_is_not_for_everybody(screen: StoreScreen, hire: Hire, role: Role) -> None:
    screen.admit(hire("6012", role))
    assert "Store" not in [desk.name for desk in screen.window.desks]


def test_the_same_person_finds_the_sheet_as_it_was_left(screen: StoreScreen, it: Signer) -> None:
    screen.press("F3")
    screen.fill("6012")
    screen.window.lock()
    screen.client.sign_out()
    screen.admit(it)
    assert screen.window.dialogs.current is not None
    assert QApplication.focusWidget() is not None


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_is_cut_off_and_nothing_covers_another(
    look: dict[str, object], sqlite_url: str, qtbot: QtBot, qapp: QApplication, clock: PlayedClock, tmp_path: Path
) -> None:
    words.use("en" if look["language"] == "en" else "zh")
    theme.apply(qapp, bool(look["dark"]), bool(look["large"]), str(look["language"]))
    wrong = write(tmp_path / "e.csv", text_of(rows_of([*many(3), receipt("0101012611300099", receipt_total="1.00")])))
    with Database(sqlite_url, KEYS) as database:
        people = [hiring(database)(str(6012 + place), role, "欧阳娜娜") for place, role in enumerate(Role)]
        sell(database, Sold())
        for number in ("6012", "7777"):
            with pytest.raises(NotAllowed):
                staff.prove(database, number, "000001", "2", clock)
        client = StoreClient(database, "2", clock)
        screen = StoreScreen(qtbot, client, next(person for person in people if person.role is Role.IT))
        screen.window.resize(*look["size"])  # type: ignore[misc]
        screen.window.show_desk(screen.window.desks[0])
        screen.until(lambda: bool(screen.lines()))
        faults: list[str] = []

        def look_at(name: str) -> None:
            for _ in range(4):
                qapp.sendPostedEvents()
                qapp.processEvents()
            faults.extend(f"{name}: {fault}" for fault in faults_of(screen.window.dialogs.current or screen.window))

        look_at("desk")
        for key, name in (("F3", "account"), ("F6", "pin"), ("F4", "import")):
            screen.press(key)
            if key == "F3":
                screen.press(*["Tab"] * 9, "Space")  # the role that has a field of its own
            look_at(name)
            screen.press("Escape")
        screen.bring_in(wrong)
        screen.until(lambda: any("0101012611300099" in row for row in screen.lines()))
        look_at("imported")
        screen.press("Return", "F9")
        screen.until(lambda: len(screen.lines()) > 0 and not client.long_jobs)
        look_at("journal")
        client.stop()
    words.use("zh")
    assert not faults, "\n".join(faults)
