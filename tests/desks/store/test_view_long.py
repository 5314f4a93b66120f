"""Long work at the store desk: imports and looks through the journal go on whatever is shown, and can be broken off."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from sqlalchemy import func, select, text

from counterapp.core import staff
from counterapp.core.actor import Role, Signer
from counterapp.core.database import Database
from counterapp.core.journal_verify import ends
from counterapp.core.receipts import Receipt
from counterapp.core.sales_import import ImportReport
from counterapp.desks.store.view import StoreView
from counterapp.desks.store.view.job_dialogs import ImportDialog, JobDialog, JournalDialog
from counterapp.ui.widgets import ProgressBar
from counterapp.work import LongJob
from tests.conftest import PIN, Hire, PlayedClock
from tests.core.till import write
from tests.desks.store.conftest import StoreScreen


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


def dialog_of(screen: StoreScreen) -> JobDialog:
    dialog = screen.window.dialogs.current
    assert isinstance(dialog, JobDialog)
    return dialog


def share_of(screen: StoreScreen) -> float:
    """How far the bar of the dialog is."""
    bar = dialog_of(screen).findChild(ProgressBar)
    assert bar is not None
    return bar.share or 0.0


def receipts(database: Database) -> int:
    return database.read(lambda s: s.scalar(select(func.count(Receipt.id))) or 0)


def test_an_import_goes_on_with_its_sheet_closed_and_is_told_of_when_it_is_over(
    screen: StoreScreen, database: Database, export: Path, gate: threading.Event
) -> None:
    screen.bring_in(export)
    screen.until(lambda: 0 < share_of(screen) < 1)
    assert "lines read" in screen.words()
    screen.press("Escape")
    assert screen.window.dialogs.current is None
    screen.until_said("Receipts are brought in")
    assert receipts(database) > 0
    screen.press("F4")
    assert isinstance(screen.window.dialogs.current, ImportDialog)
    screen.press("Escape")
    gate.set()
    screen.until_said("1,000 receipts are new • 1 is set aside")
    assert "Receipts are brought in" not in screen.words()


def test_an_import_that_is_broken_off_keeps_whole_receipts_and_goes_on_the_next_time(
    screen: StoreScreen, database: Database, export: Path, gate: threading.Event
) -> None:
    screen.bring_in(export)
    screen.until(lambda: 0 < share_of(screen) < 1)
    screen.press("F8")
    screen.until_said("it ends with the receipt that is being read")
    gate.set()
    screen.until_said("broken off")
    kept = receipts(database)
    assert 0 < kept < 1_000
    screen.fill(" ")
    screen.press("Return")
    screen.until_said("1 is set aside")
    screen.until_said(f"{kept} were there already")
    assert receipts(database) == 1_000


def test_closing_the_program_breaks_an_import_off(
    screen: StoreScreen, database: Database, export: Path, gate: threading.Event
) -> None:
    screen.bring_in(export)
    screen.until(lambda: 0 < share_of(screen) < 1)
    job = screen.client.long_jobs[0]
    threading.Timer(0.2, gate.set).start()
    screen.client.stop()
    assert job.is_cancelled
    assert 0 < receipts(database) < 1_000


def test_a_file_that_is_not_there_or_no_export_is_named(screen: StoreScreen, tmp_path: Path) -> None:
    screen.press("F4", "Return")
    screen.until_said("Say first where the file lies.")
    screen.fill(str(tmp_path / "nowhere.csv"))
    screen.press("Return")
    screen.until_said("nowhere.csv cannot be read")
    letter = write(tmp_path / "letter.txt", "Dear Sir,\r\n")
    dialog = dialog_of(screen)
    assert isinstance(dialog, ImportDialog)
    dropped(dialog, letter)
    screen.press("Return")
    screen.until(lambda: "nowhere" not in dialog._result.text and bool(dialog._result.text))


def test_a_file_that_is_dropped_on_the_desk_is_asked_for(screen: StoreScreen, export: Path) -> None:
    dropped(screen.view, export)
    screen.until(lambda: isinstance(screen.window.dialogs.current, ImportDialog))
    screen.press("Return")
    screen.until_said("1,000 receipts are new")


def test_whoever_takes_over_does_not_find_the_sheet_of_the_desk(
    screen: StoreScreen, hire: Hire, it: Signer, export: Path, gate: threading.Event
) -> None:
    screen.bring_in(export)
    screen.until(lambda: 0 < share_of(screen) < 1)
    screen.window.lock()
    screen.client.sign_out()
    screen.admit(hire("6012", Role.CLERK, "王丽"))
    assert screen.window.dialogs.current is None
    screen.until_said("Receipts are brought in")
    gate.set()
    screen.until(lambda: not screen.client.long_jobs)


def test_a_whole_journal_is_said_to_be_whole(screen: StoreScreen, database: Database, clock: PlayedClock) -> None:
    staff.sign_in(database, "9002", PIN, "2", clock)
    keep_ends(database)
    screen.press("F9")
    screen.until_said("The journal is whole")
    assert any("Station 2: 1 entry, in order." in row and "Whole" in row for row in screen.lines())
    screen.press("Return")
    assert screen.window.dialogs.current is None


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
    assert isinstance(screen.window.dialogs.current, JournalDialog)
    screen.press("F8")
    gate.set()
    screen.until_said("because it was broken off")


def test_a_bug_in_long_work_is_told_as_one(
    screen: StoreScreen, export: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_asked: object) -> ImportReport:
        raise ZeroDivisionError

    monkeypatch.setattr("counterapp.desks.store.view.jobs.bring_in", broken)
    bugs: list[str] = []
    screen.window.messages.bug_met.connect(bugs.append)
    screen.bring_in(export)
    screen.until(lambda: len(bugs) > 0)
    assert "ZeroDivisionError" in bugs[0]


def keep_ends(database: Database) -> None:
    """Note the journal's ends outside of the database; the store was made elsewhere."""
    if database.heads is not None:
        database.heads.replace(ends(database))


def dropped(widget: ImportDialog | StoreView, path: Path) -> None:
    """Drop a file on a widget, as the desktop does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPoint(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    widget.dropEvent(event)
