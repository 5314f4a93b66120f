"""Overnight, closing and morning on the screen, with their second signatures."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from counterapp.core.actor import Role, Signer
from counterapp.core.approvals import Approval
from counterapp.core.database import Database
from counterapp.core.print_queue import PrintJob
from counterapp.desks.bagcheck.models import BagSheet, Deposit
from counterapp.desks.bagcheck.services import locker_setup
from counterapp.words import N_
from tests.conftest import Hire, PlayedClock
from tests.desks.bagcheck.counter import Counter as Services
from tests.desks.bagcheck.screen import Screen
from tests.desks.bagcheck.test_view import codes, live


def ask_for_overnight(screen: Screen, database: Database, clock: PlayedClock, *, days: int = 1) -> None:
    """Deposit something, come for it after so many days, and ask a supervisor to sign."""
    screen.deposit()
    clock.forward(days=days)
    screen.scan(codes(database, "1")[0])
    screen.until_said(f"Overnight, {days} night{'s' if days > 1 else ''}: a supervisor signs first")
    screen.press("Return")


def open_list(screen: Screen, digit: str) -> None:
    """Open one of the lists of the day."""
    screen.press("F10")
    screen.until_said("Today at bag check")
    screen.press(digit)


class TestOvernight:
    def test_a_supervisor_signs_before_it_is_given_out(
        self, screen: Screen, database: Database, clock: PlayedClock, supervisor: Signer
    ) -> None:
        ask_for_overnight(screen, database, clock)
        screen.sign(supervisor)
        screen.until_said("Collected")
        assert "Locker 1 is released" in screen.banner
        screen.press("Return")
        screen.until_said("Locker 1 is given out")
        assert database.read(lambda s: s.scalars(select(Deposit.signed_by)).one()) == supervisor.person_id

    def test_a_clerk_cannot_sign_and_is_told_who_can(
        self, screen: Screen, database: Database, clock: PlayedClock, hire: Hire
    ) -> None:
        ask_for_overnight(screen, database, clock)
        screen.sign(hire("6013", Role.CLERK))
        screen.until_said("A supervisor or manager has to sign this.")
        assert live(database) != []

    def test_it_is_refused_with_a_reason(
        self, screen: Screen, database: Database, clock: PlayedClock, supervisor: Signer
    ) -> None:
        ask_for_overnight(screen, database, clock)
        screen.until_said("Refuse (say why)")
        screen.press("F8")
        screen.compose("证件不符")
        screen.sign(supervisor)
        screen.until(lambda: "Locker 1 is not released" in screen.banner)
        screen.until_said("Ask a supervisor to sign")
        decided = database.read(lambda s: s.execute(select(Approval.decision, Approval.reason)).one())
        assert tuple(decided) == ("refused", "证件不符")

    def test_what_waits_is_signed_from_the_list_by_whoever_is_signed_in_there(
        self, screen: Screen, database: Database, clock: PlayedClock, supervisor: Signer
    ) -> None:
        ask_for_overnight(screen, database, clock, days=4)
        screen.until_said("Sign the release")
        screen.press("Escape", "Escape")
        screen.until(lambda: screen.dialog is None)
        screen.sign_in(supervisor)
        screen.press("F10")
        screen.until_said("1 deposit • 1 too long")
        screen.press("3")
        screen.until_said("4 nights !")
        screen.press("Return")
        screen.until_said("Overnight: locker 1")
        screen.type_in("271828\r")
        screen.until(lambda: "Locker 1 is released" in screen.banner)


class TestClosing:
    @pytest.mark.both_databases
    def test_it_is_not_signed_while_a_locker_is_unexplained(
        self, screen: Screen, database: Database, supervisor: Signer
    ) -> None:
        screen.deposit()
        screen.deposit()
        screen.press("F10")
        screen.until_said("2 in lockers, 2 to explain")
        screen.press("1")
        screen.until_said("2 lockers to explain")
        screen.press("2")
        screen.until_said("1 locker to explain")
        screen.press("Return")
        screen.until_said("Say first why locker 2 is still in use.")
        assert database.read(lambda s: s.scalars(select(BagSheet.id)).all()) == []
        screen.press("F4")
        screen.compose("顾客在用餐")
        screen.press("Return")
        screen.until_said("Everything is explained")
        screen.press("Return")
        screen.sign(supervisor)
        screen.until(lambda: "is signed by both" in screen.banner)
        sheet, job = database.read(
            lambda s: s.execute(select(BagSheet, PrintJob).join(PrintJob, PrintJob.id == BagSheet.job_id)).one()
        )
        assert [one["explanation"] for one in sheet.content["left"]] == ["Customer did not come back", "顾客在用餐"]
        assert job.paper == "form"
        screen.press("Escape", "F5")
        screen.until(lambda: "Today's closing record is signed." in screen.banner)

    def test_it_may_be_countersigned_later_and_says_what_it_counted(
        self, screen: Screen, database: Database, supervisor: Signer
    ) -> None:
        screen.deposit()
        screen.scan(*codes(database, "1"))
        screen.until_said("Locker 1 is given out")
        screen.press("F10")
        screen.until_said("0 in lockers")
        screen.press("1")
        screen.until_said("Nothing is in any locker.")
        screen.press("Return")
        screen.until_said("in 1, out 1, released 0, left 0")
        screen.press("Escape", "Escape")
        screen.until(lambda: screen.dialog is None)
        screen.press("F10")
        screen.until_said("signed by 王丽")
        screen.press("F8")
        screen.sign(supervisor)
        screen.until(lambda: "is signed by both" in screen.banner)


class TestMorning:
    def test_printed_tokens_are_not_counted(self, screen: Screen, database: Database) -> None:
        screen.press("F10")
        screen.until_said("Not signed yet")
        screen.press("2", "Return")
        screen.until_said("Signed, and on its way to the printer.")
        assert database.read(lambda s: s.scalars(select(BagSheet.kind)).all()) == ["morning"]

    def test_too_few_tags_are_named_and_told(
        self, screen: Screen, services: Services, hire: Hire, database: Database
    ) -> None:
        services.use(tokens="tags")
        services.as_(hire("5009", Role.SERVICE_MANAGER, "陈静")).do(locker_setup.add_tags, ["1", "2", "3"])
        screen.sign_in(screen.person.person)
        screen.press("F10")
        screen.until_said("Not signed yet")
        screen.press("2")
        screen.until_said("there should be 3")
        screen.press("Return")
        screen.until_said("Count the tags in hand")
        screen.type_in("2\t")
        screen.type_in("3\r")
        screen.until_said("1 tag missing")
        sheet = database.read(lambda s: s.scalars(select(BagSheet)).one())
        assert (sheet.missing, sheet.content["missing"]) == (1, ["3"])
        assert "陈静 5009" in sheet.content["notified"]


class TestLists:
    def test_overnight_list_and_book_print_on_a_key(self, screen: Screen, database: Database) -> None:
        for digit, title in (("3", N_("Overnight deposits")), ("4", N_("Lost tokens"))):
            open_list(screen, digit)
            screen.until_said("Print")
            assert title in screen.words()
            screen.press("F11")
            screen.until(lambda: "The list is on its way to the printer." in screen.banner)
            screen.press("Escape")
        assert len(database.read(lambda s: s.scalars(select(PrintJob.id)).all())) == 2

    def test_the_figures_open_and_close(self, screen: Screen) -> None:
        screen.deposit()
        open_list(screen, "5")
        screen.until_said("Lockers in use today: 1 now, 1 at the most, of 96")
        screen.press("Escape")
        screen.until(lambda: screen.dialog is None)


class TestMissingTag:
    def test_a_tag_that_nobody_finds_goes_out_of_use_and_its_spare_is_named(
        self, screen: Screen, services: Services, hire: Hire
    ) -> None:
        services.use(tokens="tags")
        services.as_(hire("5009", Role.SERVICE_MANAGER)).do(locker_setup.add_tags, ["1", "2", "901"])
        open_list(screen, "4")
        screen.until_said("A tag is missing")
        screen.press("F9", "Return")
        screen.until_said("Type the number of the missing tag first.")
        screen.type_in("3\r")
        screen.until_said("There is no tag 3. Check the number.")
        screen.fields()[-1].clear()
        screen.type_in("2\r")
        screen.until(lambda: "Tag 2 is in the lost-token book, no. 1. Hang tag 901 at locker 2." in screen.banner)
        screen.press("Escape", "F10")
        screen.until_said("Lost tokens")
        screen.press("4")
        screen.until_said("Token 2")

    def test_the_spare_that_is_scanned_is_the_one_that_is_hung(
        self, screen: Screen, services: Services, hire: Hire
    ) -> None:
        services.use(tokens="tags")
        tags = services.as_(hire("5009", Role.SERVICE_MANAGER)).do(locker_setup.add_tags, ["1", "901", "902"])
        open_list(screen, "4")
        screen.until_said("A tag is missing")
        screen.press("F9")
        screen.scan(tags[2].code)
        screen.until_said("The spare is scanned.")
        screen.type_in("1\r")
        screen.until(lambda: "Hang tag 902 at locker 1." in screen.banner)

    def test_a_store_with_printed_tokens_has_no_tags_to_miss(self, screen: Screen) -> None:
        open_list(screen, "4")
        screen.until_said("No token was lost this month.")
        assert "A tag is missing" not in screen.words()
