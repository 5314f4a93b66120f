"""Bag check by scanner and keys: deposits, collections, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.cases import Case
from counterapp.core.database import Database
from counterapp.core.print_queue import PrintJob
from counterapp.desks.bagcheck.models import Deposit, DepositPhoto, Locker
from counterapp.desks.bagcheck.services import locker_setup
from counterapp.desks.bagcheck.view.deposit_flow import DepositFlow
from counterapp.desks.bagcheck.view.photos import THINGS, small_jpeg
from counterapp.errors import BadInput
from tests.conftest import Hire, PlayedClock
from tests.desks.bagcheck.counter import Counter as Services
from tests.desks.bagcheck.screen import Screen


def codes(database: Database, locker: str) -> tuple[str, str]:
    """The codes on the customer's and the locker's piece of what was put into a locker last."""
    wanted = (
        select(Case.code, Deposit.locker_code)
        .join(Deposit, Deposit.case_id == Case.id)
        .join(Locker, Locker.id == Deposit.locker_id)
        .where(Locker.number == locker)
        .order_by(Deposit.id.desc())
        .limit(1)
    )
    customer, lockers = database.read(lambda s: s.execute(wanted).one())
    return customer, lockers or ""


def live(database: Database) -> list[int]:
    return database.read(lambda s: list(s.scalars(select(Deposit.id).where(Deposit.ended_at.is_(None)))))


class TestDeposit:
    def test_one_key_takes_a_locker_shows_its_number_and_prints(self, screen: Screen, database: Database) -> None:
        screen.press("F6")
        screen.until_said("Put it into locker")

        medium = next(one for one in screen.map.lockers if one.size.value == "medium")
        assert screen.number == medium.number
        assert "both slips are printing" in screen.words()
        assert "No valuables, please" in screen.words()
        assert database.read(lambda s: s.scalars(select(PrintJob.paper)).all()) == ["token"]
        screen.until(lambda: screen.locker(medium.number).deposit_id is not None)

    def test_three_quick_presses_are_three_deposits(self, screen: Screen, database: Database) -> None:
        screen.press("F5", "F7", "F5")
        screen.until(lambda: len(live(database)) == 3)
        screen.until(lambda: screen.number == "2")

    def test_a_key_that_is_held_down_takes_one_locker(self, screen: Screen, database: Database) -> None:
        screen.press("F5")
        for _again in range(5):
            held = QKeyEvent(
                QEvent.Type.KeyPress, Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier, "", autorep=True
            )  # fmt: skip
            QApplication.sendEvent(QApplication.focusWidget() or screen.window, held)
        screen.until_said("Put it into locker")
        screen.press("Escape")
        screen.until_said("To deposit, press the key of the size.")
        assert len(live(database)) == 1

    def test_pieces_and_description_are_added_while_the_queue_goes_on(self, screen: Screen, database: Database) -> None:
        screen.deposit()
        screen.press("F4")
        screen.type_in("3\r")
        screen.compose("红色拉杆箱")
        screen.press("F5")  # the next customer, without an Enter
        screen.until(lambda: len(live(database)) == 2)
        screen.until(lambda: screen.number == "2")

        found = database.read(
            lambda s: s.execute(select(Deposit.pieces, Deposit.description).order_by(Deposit.id)).all()
        )
        assert [tuple(row) for row in found] == [(3, "红色拉杆箱"), (1, "")]

    def test_a_second_description_goes_over_the_first(self, screen: Screen, database: Database) -> None:
        screen.deposit()
        for words in ("灰色背包", "蓝色背包"):
            screen.press("F4", "Return")
            screen.fields()[-1].clear()
            screen.compose(words)
            screen.press("Return")
        screen.until(lambda: database.read(lambda s: s.scalars(select(Deposit.description)).one()) == "蓝色背包")

    def test_a_size_that_is_full_says_what_is_free(self, screen: Screen, services: Services) -> None:
        large = [one.number for one in screen.map.lockers if one.size.value == "large"]
        for number in large:
            services.do(locker_setup.take_out_of_use, number, "锁坏了")
        screen.press("F7")
        screen.until(lambda: "No large locker is free. Free now: small 48" in screen.banner)

    def test_a_mistaken_deposit_is_void_with_a_second_signature(
        self, screen: Screen, supervisor: Signer, database: Database
    ) -> None:
        locker = screen.deposit()
        customer, _lockers = codes(database, locker)
        screen.press("F8")
        screen.until_said("Void: locker 1")
        screen.sign(supervisor)
        screen.until_said("Write the reason first.")
        screen.compose("按错了键")
        screen.press("Return", "Return")
        screen.until_said("The deposit in locker 1 is void")
        screen.scan(customer)
        screen.until(lambda: "This token was made void" in screen.banner)

    def test_the_valuables_slip_prints_on_one_key(self, screen: Screen, database: Database) -> None:
        screen.press("F11")
        screen.until(lambda: "The slip about valuables" in screen.banner)
        assert database.read(lambda s: s.scalars(select(PrintJob.paper)).all()) == ["slip"]

    def test_a_photo_is_kept_small_and_shown_at_collection(
        self, screen: Screen, database: Database, tmp_path: Path
    ) -> None:
        picture = QImage(2400, 1800, QImage.Format.Format_RGB32)
        picture.fill(QColor("teal"))
        picture.save(str(tmp_path / "bag.png"))
        locker = screen.deposit()
        flow = screen.window.findChild(DepositFlow)
        assert flow is not None
        flow.keep_photo(tmp_path / "bag.png")
        screen.until_said("photo kept")
        jpeg = database.read(lambda s: s.scalars(select(DepositPhoto.jpeg)).one())
        kept = QImage.fromData(jpeg)
        assert (kept.width(), kept.height()) == (800, 600)
        screen.scan(codes(database, locker)[0])
        screen.until(lambda: bool(screen.pictures()))

    def test_what_is_no_picture_is_said_by_its_name(self, tmp_path: Path) -> None:
        (tmp_path / "bag.jpg").write_text("no picture")
        with pytest.raises(BadInput) as met:
            small_jpeg(tmp_path / "bag.jpg", THINGS)
        assert met.value.values["file"] == "bag.jpg"


class TestCollect:
    def test_a_scan_fills_the_panel_and_enter_gives_it_out(self, screen: Screen, database: Database) -> None:
        locker = screen.deposit("F6")
        customer, _lockers = codes(database, locker)
        screen.press("Escape")
        screen.scan(customer)
        screen.until_said("Scan the locker's piece, or press Enter")
        assert screen.number == locker
        assert "1 piece • in at 14:32" in screen.words()
        screen.press("Return")
        screen.until_said(f"Locker {locker} is given out")
        assert live(database) == []
        screen.until(lambda: screen.locker(locker).deposit_id is None)

    def test_the_lockers_piece_confirms_and_another_ones_is_refused_aloud(
        self, screen: Screen, database: Database
    ) -> None:
        first, second = screen.deposit(), screen.deposit()
        customer, right = codes(database, first)
        screen.scan(customer)
        screen.until(lambda: screen.number == first)
        screen.scan(codes(database, second)[1])
        screen.until(lambda: f"That is not the piece of locker {first}." in screen.banner)
        assert screen.number == first
        screen.scan(right)
        screen.until_said(f"Locker {first} is given out")

    @pytest.mark.both_databases
    def test_scans_in_quick_succession_are_all_taken_in_their_order(self, screen: Screen, database: Database) -> None:
        pairs = [codes(database, screen.deposit()) for _customer in range(3)]
        screen.scan(*pairs[0], *pairs[1], pairs[2][0])
        screen.press("Return")
        screen.until(lambda: live(database) == [])
        screen.until_said("Locker 3 is given out")

    def test_esc_is_not_this_one_and_gives_nothing_out(self, screen: Screen, database: Database) -> None:
        locker = screen.deposit()
        screen.scan(codes(database, locker)[0])
        screen.until_said("Not this one")
        screen.press("Escape")
        screen.until_said("To deposit, press the key of the size.")
        screen.press("Return")
        assert len(live(database)) == 1

    def test_a_used_token_says_so_and_shows_nobody_elses_deposit(self, screen: Screen, database: Database) -> None:
        locker = screen.deposit()
        customer, lockers = codes(database, locker)
        screen.scan(customer, lockers)
        screen.until_said("is given out")
        assert screen.deposit() == locker
        screen.scan(customer)
        screen.until(lambda: "This token was used today at 14:32" in screen.banner)
        assert screen.number == ""
        screen.press("Escape", "Return")
        assert len(live(database)) == 1

    def test_yesterdays_slip_does_not_open_todays_locker(
        self, screen: Screen, database: Database, clock: PlayedClock
    ) -> None:
        locker = screen.deposit()
        customer, lockers = codes(database, locker)
        screen.scan(customer, lockers)
        screen.until_said("is given out")
        clock.forward(days=1)
        assert screen.deposit() == locker
        screen.scan(customer)
        screen.until(lambda: "This token is of an earlier day and was used on 2026-11-21." in screen.banner)
        assert screen.number == ""

    @pytest.mark.parametrize(
        ("code", "said"),
        [
            ("BT123456789012", "was read wrong or mistyped"),
            ("6901234567892", "is not known here"),
        ],
    )
    def test_what_is_mistyped_or_foreign_is_refused_by_its_own_sentence(
        self, screen: Screen, code: str, said: str
    ) -> None:
        screen.scan(code)
        screen.until(lambda: said in screen.banner)

    def test_enter_behind_a_refused_scan_gives_out_nothing(self, screen: Screen, database: Database) -> None:
        first = screen.deposit()
        screen.scan(codes(database, first)[0])
        screen.until_said("Collected")
        screen.scan("BT123456789012")
        screen.press("Return")
        screen.until(lambda: "was read wrong" in screen.banner)
        assert len(live(database)) == 1
        assert screen.number == ""

    def test_the_lockers_piece_alone_opens_nothing(self, screen: Screen, database: Database) -> None:
        locker = screen.deposit()
        screen.press("Escape")
        screen.scan(codes(database, locker)[1])
        screen.until(lambda: "This is the locker's piece of locker 1." in screen.banner)
        screen.press("Escape", "Return")
        assert len(live(database)) == 1

    def test_nothing_is_done_for_nobody_and_the_number_is_still_there_after(
        self, screen: Screen, database: Database, clerk: Actor
    ) -> None:
        locker = screen.deposit()
        screen.scan(codes(database, locker)[0])
        screen.until_said("Collected")
        screen.client.sign_out()
        screen.window.lock()
        screen.sign_in(clerk.person)
        screen.window.admit(clerk.person.name, screen.window.desks)
        assert screen.number == locker
        screen.press("Return")
        screen.until_said("is given out")

    def test_what_another_station_gave_out_leaves_this_screen(
        self, screen: Screen, database: Database, services: Services
    ) -> None:
        locker = screen.deposit()
        screen.scan(codes(database, locker)[0])
        screen.until_said("Collected")
        services.collect(live(database)[0])
        screen.until(lambda: "is settled at another station" in screen.words())


class TestTags:
    @pytest.mark.both_databases
    def test_a_free_tag_begins_a_deposit_and_comes_back_to_end_it(
        self, screen: Screen, database: Database, services: Services, hire: Hire
    ) -> None:
        services.use(tokens="tags")
        boss = services.as_(hire("5009", Role.SERVICE_MANAGER))
        tags = boss.do(locker_setup.add_tags, ["7", "8"])
        screen.view_again()
        screen.until_said("scan the tag of a free locker")
        screen.press("F5")
        screen.scan(tags[0].code)
        screen.until_said("Put it into locker 7")
        assert "tag to the customer" in screen.words()
        screen.scan(tags[0].code)
        screen.until_said("Collected")
        screen.scan(tags[1].locker_code)
        screen.until(lambda: "Hang it back where it belongs" in screen.banner)
        screen.scan(tags[0].locker_code)
        screen.until_said("Locker 7 is given out")
        assert database.read(lambda s: s.scalars(select(PrintJob.id)).all()) == []

    def test_what_the_store_hands_out_shows_without_a_new_sign_in(self, screen: Screen, services: Services) -> None:
        assert "Deposit: one key" in screen.words()
        services.use(tokens="tags")
        screen.view_again()
        screen.until_said("Deposit: scan the tag of a free locker")
        services.use(tokens="slips")
        screen.view_again()
        screen.until_said("Deposit: one key")


class TestMap:
    def test_arrows_and_enter_open_a_locker_which_shows_nothing_of_what_is_in_it(
        self, screen: Screen, database: Database
    ) -> None:
        screen.deposit()
        screen.press("F4", "Return")
        screen.compose("绿色帆布袋")
        screen.press("Return", "Escape")
        screen.until_said("To deposit, press the key of the size.")
        screen.press("Right", "Right", "Left", "Return")
        screen.until_said("only with the customer's token")
        assert screen.number == "1"
        assert "In use since 14:32, 0 min" in screen.words()
        assert "绿色帆布袋" not in screen.words()

    def test_how_many_are_free_and_in_use_is_counted(self, screen: Screen) -> None:
        assert "Free 96" in screen.words()
        screen.deposit()
        screen.until_said("Free 95")
        assert "In use 1" in screen.words()

    def test_a_supervisor_takes_a_locker_out_of_use_and_back(self, screen: Screen, supervisor: Signer) -> None:
        screen.press("Right", "Return")
        screen.until_said("Locker 1")
        assert "Take out of use" not in screen.words()
        screen.sign_in(supervisor)
        screen.press("Return", "F8")
        screen.until_said("Lock broken")
        screen.press("1", "Return")
        screen.until_said("Locker 1 is out of use")
        screen.until_said("Out of use 1")
        screen.press("Right", "Return")
        screen.until_said("Out of use: Lock broken")
        screen.press("F8")
        screen.until_said("Locker 1 is in use again")
