"""The running program: one store, one window, whoever is signed in."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from counterapp.core.actor import APPROVERS, AT_THE_COUNTER, Clock, Role, Signer, role_name, system_clock
from counterapp.errors import CounterError
from counterapp.hardware.idle import Idle
from counterapp.hardware.scanner import KeyboardScanner
from counterapp.settings import Settings
from counterapp.ui.bars import Device
from counterapp.ui.firststart import FirstAnswers, FirstStart
from counterapp.ui.paper import Paper, PaperSheet
from counterapp.ui.theme import Meaning
from counterapp.ui.view import Desk
from counterapp.ui.window import Window
from counterapp.words import _

if TYPE_CHECKING:
    # The database loads after the first paint.
    from filelock import FileLock

    from counterapp.core.database import Database
    from counterapp.core.printqueue import Paper as PaperRole
    from counterapp.core.store import Install
    from counterapp.core.storewide import StoreSettings
    from counterapp.hardware.printing import Hindrance, Printed, Printing
    from counterapp.work import Counter, Worker

_log = logging.getLogger(__name__)

#: How often the waiting approvals are counted: those of other stations are not told of.
_COUNT_MS: Final = 20_000


@dataclass(frozen=True, slots=True)
class _Opened:
    """What opening a store brings; `database` is None where none was made yet."""

    database: Database | None
    store: StoreSettings | None


class Program(QObject):
    """Brings database, devices and window together, and answers what the window asks."""

    def __init__(
        self,
        app: QApplication,
        settings: Settings,
        desks: Callable[[Counter], tuple[Desk, ...]],
        install: Callable[[], tuple[Install, ...]],
        clock: Clock = system_clock,
    ) -> None:
        super().__init__()
        self.settings, self.clock = settings, clock
        self.window = Window(clock)
        self.counter: Counter | None = None
        self._app, self._desks_of, self._install = app, desks, install
        self._desks: tuple[Desk, ...] = ()
        self._printing: Printing | None = None
        self._opening: Worker | None = None
        self._not_opened = False
        self._held: FileLock | None = None
        self._well: list[Device] = []
        self._hindered: dict[PaperRole, CounterError | None] = {}
        scanner = settings.scanner
        self._scanner = KeyboardScanner(
            app, gap_ms=scanner.gap_ms, prefix=scanner.prefix, suffix=scanner.suffix, clock=clock
        )
        self._scanner.scanned.connect(self.window.router.route)
        self._scanner.refused.connect(self.window.messages.tell)
        self.window.sign_in_asked.connect(self._on_sign_in_asked)
        self.window.identified.connect(self._on_identified)
        self.window.locked.connect(self._on_locked)
        self.window.approvals_asked.connect(self._on_approvals_asked)
        # After the scanner, so that it sees a scan's keys before the scanner keeps them.
        self._idle = Idle(app, settings.screen.lock_minutes * 60)
        self._idle.idle.connect(self._on_idle)
        self._counting = QTimer(self)
        self._counting.setInterval(_COUNT_MS)
        self._counting.timeout.connect(self._count_waiting)

    def start(self) -> None:
        """Show the door, and open the store behind it."""
        self.window.show()
        QTimer.singleShot(0, self._open)

    def stop(self) -> None:
        """Finish what is under way and let everything go."""
        self._app.removeEventFilter(self._scanner)
        self._idle.stop()
        self._counting.stop()
        if self._printing is not None:
            self._printing.stop()
        if self.counter is not None:
            self.counter.stop()
        if self._opening is not None:
            self._opening.stop()
        if self._held is not None:
            self._held.release()

    def _open(self) -> None:
        from counterapp.work import Worker

        if self._opening is None:
            self._opening = Worker("opening")
        self._not_opened = False
        self._opening.do(self, self._look_for_store, self._on_opened, self._on_not_opened)

    def _look_for_store(self) -> _Opened:
        import sqlite3

        from counterapp.core.storewide import store_settings
        from counterapp.opening import hold_window, is_there, open_store, sqlite_may_damage

        if self._held is None:
            self._held = hold_window(self.settings)
        if not is_there(self.settings):
            return _Opened(None, None)
        database = open_store(self.settings)
        if database.is_sqlite and sqlite_may_damage(sqlite3.sqlite_version_info):
            _log.warning("SQLite %s has the WAL-reset bug: let no other program write to it", sqlite3.sqlite_version)
        if database.heads is not None:
            database.heads.tidy()
        return _Opened(database, database.read(store_settings))

    def _on_opened(self, opened: _Opened) -> None:
        if opened.database is None or opened.store is None:
            self._begin()
            return
        self._serve(opened.database, opened.store)

    def _on_not_opened(self, error: BaseException) -> None:
        self._not_opened = True
        if not isinstance(error, CounterError):
            self.window.messages.tell(error)
            return
        _log.error("the store was not opened: %s", error.in_language("en"))
        self.window.refuse(lambda: str(error))

    def _serve(self, database: Database, store: StoreSettings) -> None:
        from counterapp.hardware.printers import printers_of
        from counterapp.hardware.printing import Printing
        from counterapp.work import Counter

        counter = Counter(database, self.settings.station.name, self.clock)
        counter.store = store
        self.counter = counter
        self._desks = self._desks_of(counter)
        served = printers_of(self.settings, store.form_paper)
        printing = Printing(database, self.settings.station.name, self.clock, served)
        self._printing = printing
        printing.printed.connect(self._on_printed)
        printing.failed.connect(self.window.messages.tell)
        printing.hindered.connect(self._on_hindered)
        counter.committed.connect(printing.wake)
        counter.committed.connect(self._count_waiting)
        printing.start()
        # What another station approves is printed here, where the customer stands.
        self._counting.timeout.connect(printing.wake)
        self.window.set_store(store.name, lambda: _("Station {station}").format(station=self.settings.station.name))
        on_screen = all(each.printer.knows_keys for each in served.values())
        self._well = [
            Device(
                "printer", (lambda: _("Papers appear on the screen")) if on_screen else (lambda: _("Printers: well"))
            ),
            Device("scan-barcode", lambda: _("Scanner as keyboard")),
            Device(
                "database",
                (lambda: _("Data on this PC: well")) if database.is_sqlite else (lambda: _("Store's database: well")),
            ),
        ]
        self.window.set_devices(self._well)

    def _on_hindered(self, hindrance: Hindrance) -> None:
        self._hindered[hindrance.paper] = hindrance.trouble
        troubles = [trouble for trouble in self._hindered.values() if trouble is not None]
        said = [Device("printer", lambda: str(troubles[0]), Meaning.MISSING)] if troubles else self._well[:1]
        self.window.set_devices(said + self._well[1:])

    def _begin(self) -> None:
        """Ask for store and administrator: there is no store here yet."""
        sheet = FirstStart()
        sheet.answered.connect(lambda answers: self._make_store(sheet, answers))
        self.window.sheets.open(sheet)

    def _make_store(self, sheet: FirstStart, answers: FirstAnswers) -> None:
        def make() -> _Opened:
            from counterapp.core.staff import NewPerson
            from counterapp.core.storewide import StoreSettings
            from counterapp.opening import found_store

            store = StoreSettings(answers.store, answers.code, language=self.settings.screen.language)
            admin = NewPerson(answers.number, answers.name, Role.IT, answers.pin)
            return _Opened(found_store(self.settings, store, admin, self._install(), self.clock), store)

        def made(opened: _Opened) -> None:
            sheet.close_sheet()
            self._on_opened(opened)

        def not_made(error: BaseException) -> None:
            if isinstance(error, CounterError):
                sheet.refuse(lambda: str(error))
            else:
                self.window.messages.tell(error)

        if self._opening is not None:
            self._opening.do(self, make, made, not_made)

    def _on_identified(self, who: str) -> None:
        if self.counter is None:
            return
        from counterapp.core import staff

        self.counter.look(self, lambda session: staff.identify(session, who), self._greet)

    def _greet(self, person: Signer | None) -> None:
        if person is not None:
            self.window.greet(person.name)

    def _on_sign_in_asked(self, who: str, pin: str) -> None:
        counter = self.counter
        if counter is None:
            self.window.refuse(lambda: _("The store is still being opened. Try again in a moment."))
            if self._not_opened:
                self._open()
            return
        from counterapp.core import staff

        counter.ask(
            self,
            lambda: staff.sign_in(counter.database, who, pin, self.settings.station.name, self.clock),
            self._admit,
            self._on_refused,
        )

    def _on_refused(self, error: BaseException) -> None:
        if isinstance(error, CounterError):
            self.window.refuse(lambda: str(error))
        else:
            self.window.messages.tell(error)

    def _admit(self, person: Signer) -> None:
        if self.counter is None or self.counter.store is None:
            return
        self.counter.sign_in(person, self.counter.store)
        self.window.admit(
            lambda: f"{person.name}  {role_name(person.role)} {person.number}",
            [desk for desk in self._desks if person.role in (APPROVERS if desk.approves else AT_THE_COUNTER)],
        )
        self._count_waiting()
        self._counting.start()

    def _on_approvals_asked(self) -> None:
        desk = next((desk for desk in self.window.desks if desk.approves), None)
        if desk is not None:
            self.window.show_desk(desk)

    def _on_locked(self) -> None:
        self._counting.stop()
        if self.counter is not None:
            self.counter.sign_out()

    def _on_idle(self) -> None:
        self.window.lock(
            lambda: _("Nobody was here for a while, so the screen is locked. Everything is as it was left.")
        )

    def _count_waiting(self) -> None:
        if self.counter is None:
            return
        from counterapp.core.cases import waiting_count

        # What stands in the way is said where somebody waits for an answer, not every few seconds.
        self.counter.look(
            self, waiting_count, self.window.set_waiting, lambda error: _log.info("not counted: %s", error)
        )

    def _on_printed(self, paper: Printed) -> None:
        if not paper.pictures:
            return
        pages = [
            Paper(f"{paper.title}  {place}/{len(paper.pictures)}", picture.read_bytes())
            for place, picture in enumerate(paper.pictures, start=1)
        ]
        sheet = PaperSheet(pages)
        sheet.passed.connect(self.window.router.route)
        self.window.sheets.open(sheet)
