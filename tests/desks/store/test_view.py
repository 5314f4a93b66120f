"""The store desk on the screen: it leads the newcomer, and long work goes on whatever is shown."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select, text

from counterapp import words
from counterapp.core import staff
from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.database import Database
from counterapp.core.journal_verify import ends
from counterapp.core.printqueue import PrintJob
from counterapp.core.receipts import Receipt
from counterapp.core.sales_import import ImportReport
from counterapp.desks.returns.services import preparing
from counterapp.desks.store.view import StoreView
from counterapp.desks.store.view.guide import Guide
from counterapp.desks.store.view.long import ImportSheet, JournalSheet, LongSheet
from counterapp.errors import NotAllowed
from counterapp.ui import theme
from counterapp.ui.widgets import ProgressBar
from counterapp.work import Counter, LongJob
from tests.conftest import KEYS, PIN, Hire, PlayedClock
from tests.core.till import many, receipt, rows_of, text_of, write
from tests.desks.returns.goods import Sold, sell
from tests.desks.store.conftest import StoreScreen
from tests.ui.test_gallery import LOOKS, faults_of


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """1,000 receipts in six batches, and one whose total is wrong."""
    wrong = receipt("0101012611300099", receipt_total="1.00")
    return write(tmp_path / "till export.csv", text_of(rows_of([*many(1_000), wrong])))


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Long work waits behind what it tells first until this is set."""
    gate, tell = threading.Event(), LongJob.tell

    def held(job: LongJob, share: float) -> None:
        tell(job, share)
        assert gate.wait(20)

    monkeypatch.setattr(LongJob, "tell", held)
    yield gate
    gate.set()


def sheet_of(screen: StoreScreen) -> LongSheet:
    sheet = screen.window.sheets.current
    assert isinstance(sheet, LongSheet)
    return sheet


def share_of(screen: StoreScreen) -> float:
    """How far the bar of the sheet is."""
    bar = sheet_of(screen).findChild(ProgressBar)
    assert bar is not None
    return bar.share or 0.0


def guide_of(screen: StoreScreen) -> Guide:
    guide = screen.view.findChild(Guide)
    assert guide is not None
    return guide


def bring_in(screen: StoreScreen, path: Path) -> None:
    screen.press("F4")
    screen.type_in(str(path))
    screen.press("Return")


def receipts(database: Database) -> int:
    return database.read(lambda s: s.scalar(select(func.count(Receipt.id))) or 0)


def test_an_empty_store_leads_the_newcomer_from_the_first_clerk_to_the_first_case(
    screen: StoreScreen, database: Database, hire: Hire, clock: PlayedClock, export: Path
) -> None:
    screen.until_said("Before the counter opens")
    screen.press("F3")
    screen.type_in("6012", "王丽")
    screen.press("Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab")
    screen.type_in(PIN, PIN)
    screen.press("Return")
    screen.until_said("王丽 may sign in with number 6012.")
    screen.until(lambda: "王丽 Clerk • 6012" in screen.rows())
    clerk = staff.sign_in(database, "6012", PIN, "2", clock)
    assert clerk.role is Role.CLERK

    bring_in(screen, export)
    screen.until_said("1,000 receipts are new • 1 is set aside")
    assert any("0101012611300099" in row and "Line 3002" in row for row in screen.rows())
    screen.press("Return")
    assert screen.window.sheets.current is None
    screen.until(lambda: "No receipts yet" not in screen.words())
    assert guide_of(screen).isVisible()

    actor = Actor(clerk, "2", clock)
    number = database.read(lambda s: s.scalars(select(Receipt.number)).first())
    assert number is not None
    database.command(actor, "o", lambda s: preparing.open_return(s, actor, number))
    screen.counter.committed.emit()
    screen.until(lambda: not guide_of(screen).isVisible())


def test_what_is_missing_or_wrong_in_a_new_account_is_said_and_what_was_typed_stays(
    screen: StoreScreen, hire: Hire
) -> None:
    hire("6012", Role.CLERK, "王丽")
    screen.press("F3", "Return")
    screen.until_said("Type the staff number.")
    screen.type_in("6012", "李娜")
    screen.press("Return")
    screen.until_said("Choose a PIN of 6 to 8 digits.")
    screen.type_in("271828", "271829")
    screen.press("Return")
    screen.until_said("The two PINs differ.")
    screen.type_in("271828")
    screen.press("Return")
    screen.until_said("in use already")
    screen.press("Escape")
    assert screen.window.sheets.current is None
    assert "李娜" not in screen.words()


def test_a_pin_that_is_easy_to_guess_is_refused(screen: StoreScreen) -> None:
    screen.press("F6")
    screen.type_in("111111", "111111")
    screen.press("Return")
    screen.until_said("too easy to guess")


def test_a_forgotten_pin_is_replaced(screen: StoreScreen, hire: Hire, database: Database, clock: PlayedClock) -> None:
    person = hire("6012", Role.CLERK, "王丽")
    screen.view.activated()
    screen.until_said("王丽")
    screen.choose("王丽")
    screen.press("F6")
    screen.type_in("161803", "161803")
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
    screen.until(lambda: "王丽 Clerk • 6012 2 failed tries, 14:32" in screen.rows())
    assert "Numbers that nobody has Station 3 1 failed try, 14:32" in screen.rows()
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


def test_an_import_goes_on_with_its_sheet_closed_and_is_told_of_when_it_is_over(
    screen: StoreScreen, database: Database, export: Path, gate: threading.Event
) -> None:
    bring_in(screen, export)
    screen.until(lambda: 0 < share_of(screen) < 1)
    assert "lines read" in screen.words()
    screen.press("Escape")
    assert screen.window.sheets.current is None
    screen.until_said("Receipts are brought in")
    assert receipts(database) > 0
    screen.press("F4")
    assert isinstance(screen.window.sheets.current, ImportSheet)
    screen.press("Escape")
    gate.set()
    screen.until_said("1,000 receipts are new • 1 is set aside")
    assert "Receipts are brought in" not in screen.words()


def test_an_import_that_is_broken_off_keeps_whole_receipts_and_goes_on_the_next_time(
    screen: StoreScreen, database: Database, export: Path, gate: threading.Event
) -> None:
    bring_in(screen, export)
    screen.until(lambda: 0 < share_of(screen) < 1)
    screen.press("F8")
    screen.until_said("it ends with the receipt that is being read")
    gate.set()
    screen.until_said("broken off")
    kept = receipts(database)
    assert 0 < kept < 1_000
    screen.type_in(" ")
    screen.press("Return")
    screen.until_said("1 is set aside")
    screen.until_said(f"{kept} were there already")
    assert receipts(database) == 1_000


def test_closing_the_program_breaks_an_import_off(
    screen: StoreScreen, database: Database, export: Path, gate: threading.Event
) -> None:
    bring_in(screen, export)
    screen.until(lambda: 0 < share_of(screen) < 1)
    job = screen.counter.long_jobs[0]
    threading.Timer(0.2, gate.set).start()
    screen.counter.stop()
    assert job.is_cancelled
    assert 0 < receipts(database) < 1_000


def test_a_file_that_is_not_there_or_no_export_is_named(screen: StoreScreen, tmp_path: Path) -> None:
    screen.press("F4", "Return")
    screen.until_said("Say first where the file lies.")
    screen.type_in(str(tmp_path / "nowhere.csv"))
    screen.press("Return")
    screen.until_said("nowhere.csv cannot be read")
    letter = write(tmp_path / "letter.txt", "Dear Sir,\r\n")
    sheet = sheet_of(screen)
    assert isinstance(sheet, ImportSheet)
    dropped(sheet, letter)
    screen.press("Return")
    screen.until(lambda: "nowhere" not in sheet._result.text and bool(sheet._result.text))


def test_a_file_that_is_dropped_on_the_desk_is_asked_for(screen: StoreScreen, export: Path) -> None:
    dropped(screen.view, export)
    screen.until(lambda: isinstance(screen.window.sheets.current, ImportSheet))
    screen.press("Return")
    screen.until_said("1,000 receipts are new")


def test_whoever_takes_over_does_not_find_the_sheet_of_the_desk(
    screen: StoreScreen, hire: Hire, it: Signer, export: Path, gate: threading.Event
) -> None:
    bring_in(screen, export)
    screen.until(lambda: 0 < share_of(screen) < 1)
    screen.window.lock()
    screen.counter.sign_out()
    screen.admit(hire("6012", Role.CLERK, "王丽"))
    assert screen.window.sheets.current is None
    screen.until_said("Receipts are brought in")
    gate.set()
    screen.until(lambda: not screen.counter.long_jobs)


def test_the_same_person_finds_the_sheet_as_it_was_left(screen: StoreScreen, it: Signer) -> None:
    screen.press("F3")
    screen.type_in("6012")
    screen.window.lock()
    screen.counter.sign_out()
    screen.admit(it)
    assert screen.window.sheets.current is not None
    assert QApplication.focusWidget() is not None


def test_a_whole_journal_is_said_to_be_whole(screen: StoreScreen, database: Database, clock: PlayedClock) -> None:
    staff.sign_in(database, "9002", PIN, "2", clock)
    keep_ends(database)
    screen.press("F9")
    screen.until_said("The journal is whole")
    assert any("Station 2: 1 entry, in order." in row and "Whole" in row for row in screen.rows())
    screen.press("Return")
    assert screen.window.sheets.current is None


def test_a_journal_that_was_changed_is_named_with_its_first_bad_entry(
    screen: StoreScreen, database: Database, clock: PlayedClock
) -> None:
    for _ in range(3):
        staff.sign_in(database, "9002", PIN, "2", clock)
    keep_ends(database)
    with database.engine.begin() as connection:
        trigger = "keep_journal_update"
        connection.execute(
            text(f"DROP TRIGGER {trigger}" if database.is_sqlite else f"DROP TRIGGER {trigger} ON journal")
        )
        connection.execute(text("UPDATE journal SET act = 'nothing' WHERE chain = '2' AND seq = 2"))
    screen.press("F9")
    screen.until_said("1 station's journal is not whole")
    assert "Station 2: entry 2" in screen.words()


def test_a_check_that_is_broken_off_says_so(
    screen: StoreScreen, database: Database, clock: PlayedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("counterapp.core.journal_verify._BATCH", 1)
    for _ in range(2):
        staff.sign_in(database, "9002", PIN, "2", clock)
    reached, gate = threading.Event(), threading.Event()

    def held(_job: LongJob, _share: float) -> None:
        reached.set()
        assert gate.wait(20)

    monkeypatch.setattr(LongJob, "tell", held)
    screen.press("F9")
    screen.until(reached.is_set)
    assert isinstance(screen.window.sheets.current, JournalSheet)
    screen.press("F8")
    gate.set()
    screen.until_said("because it was broken off")


def test_a_bug_in_long_work_is_told_as_one(
    screen: StoreScreen, export: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_asked: object) -> ImportReport:
        raise ZeroDivisionError

    monkeypatch.setattr("counterapp.desks.store.view.tasks.bring_in", broken)
    bugs: list[str] = []
    screen.window.messages.bug_met.connect(bugs.append)
    bring_in(screen, export)
    screen.until(lambda: len(bugs) > 0)
    assert "ZeroDivisionError" in bugs[0]


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_is_cut_off_and_nothing_covers_another(
    look: dict[str, object], sqlite_url: str, qtbot: QtBot, qapp: QApplication, clock: PlayedClock, tmp_path: Path
) -> None:
    words.use(str(look["language"]))
    theme.apply(qapp, bool(look["dark"]), bool(look["large"]), str(look["language"]))
    wrong = write(tmp_path / "e.csv", text_of(rows_of([*many(3), receipt("0101012611300099", receipt_total="1.00")])))
    with Database(sqlite_url, KEYS) as database:
        pin_hash = staff.hash_pin(PIN, KEYS.pepper)
        new = [staff.NewPerson(str(6012 + place), "欧阳娜娜", role, PIN) for place, role in enumerate(Role)]
        people = [database.run(lambda s, one=one: staff.add_person(s, one, pin_hash)).signer() for one in new]  # type: ignore[misc]
        sell(database, Sold())
        for number in ("6012", "7777"):
            with pytest.raises(NotAllowed):
                staff.prove(database, number, "000001", "2", clock)
        counter = Counter(database, "2", clock)
        screen = StoreScreen(qtbot, counter, clock)
        screen.window.resize(*look["size"])  # type: ignore[misc]
        screen.admit(next(person for person in people if person.role is Role.IT))
        screen.window.show_desk(screen.window.desks[0])
        screen.until(lambda: bool(screen.rows()))
        faults: list[str] = []

        def look_at(name: str) -> None:
            for _ in range(4):
                qapp.sendPostedEvents()
                qapp.processEvents()
            faults.extend(f"{name}: {fault}" for fault in faults_of(screen.window.sheets.current or screen.window))

        look_at("desk")
        for key, name in (("F3", "account"), ("F6", "pin"), ("F4", "import")):
            screen.press(key)
            look_at(name)
            screen.press("Escape")
        bring_in(screen, wrong)
        screen.until(lambda: any("0101012611300099" in row for row in screen.rows()))
        look_at("imported")
        screen.press("Return", "F9")
        screen.until(lambda: len(screen.rows()) > 0 and not counter.long_jobs)
        look_at("journal")
        counter.stop()
    words.use("zh")
    assert not faults, "\n".join(faults)


def keep_ends(database: Database) -> None:
    """Note the journal's ends outside of the database; the store was made elsewhere."""
    if database.heads is not None:
        database.heads.replace(ends(database))


def dropped(widget: ImportSheet | StoreView, path: Path) -> None:
    """Drop a file on a widget, as the desktop does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPoint(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    widget.dropEvent(event)
