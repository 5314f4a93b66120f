"""The running program: one store, one window, whoever is signed in."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from counterapp.core.actor import Clock, Signer, role_name, system_clock
from counterapp.errors import CounterError
from counterapp.hardware.idle import Idle
from counterapp.settings import Settings
from counterapp.ui.devices import Devices
from counterapp.ui.store_opening import Opened, StoreOpening
from counterapp.ui.view import DeskTab
from counterapp.ui.window import Window
from counterapp.words import _

if TYPE_CHECKING:
    # The database loads after the first paint.
    from sqlalchemy.orm import Session

    from counterapp.core.database import Database
    from counterapp.core.personal import EraseDue
    from counterapp.core.store import Install
    from counterapp.core.store_settings import StoreSettings
    from counterapp.work import LongJob, StoreClient

_log = logging.getLogger(__name__)

#: How often the waiting approvals are counted: those of other stations are not told of.
_COUNT_MS: Final = 20_000
#: After a command its desk reads first; what waits and what is late is counted behind that.
_COUNT_AFTER_MS: Final = 150
#: How often it is looked whether a new day has begun.
_CHORES_MS: Final = 600_000


class Program(QObject):
    """Brings database, devices and window together, and answers what the window asks."""

    def __init__(
        self,
        app: QApplication,
        settings: Settings,
        desks: Callable[[StoreClient], tuple[DeskTab, ...]],
        install: Callable[[], tuple[Install, ...]],
        erasures: Callable[[], tuple[tuple[str, EraseDue], ...]],
        clock: Clock = system_clock,
    ) -> None:
        super().__init__()
        self.settings, self.clock = settings, clock
        self.window = Window(clock)
        self.client: StoreClient | None = None
        self._desks_of, self._erasures = desks, erasures
        self._desks: tuple[DeskTab, ...] = ()
        self._devices = Devices(app, settings, self.window, clock)
        self.window.sign_in_asked.connect(self._on_sign_in_asked)
        self.window.identified.connect(self._on_identified)
        self.window.locked.connect(self._on_locked)
        self._entrance = StoreOpening(self.window, settings, install, clock)
        self._entrance.opened.connect(self._on_opened)
        self.window.approvals_asked.connect(self._on_approvals_asked)
        # After the scanner, so that it sees a scan's keys before the scanner keeps them.
        self._idle = Idle(app, settings.screen.lock_minutes * 60)
        self._idle.idle.connect(self._on_idle)
        self._devices.touched.connect(self._idle.touch)
        self._chores = QTimer(self)
        self._chores.setInterval(_CHORES_MS)
        self._chores.timeout.connect(self._do_chores)
        self._done_on: dt.date | None = None
        self._counting = QTimer(self)
        self._counting.setInterval(_COUNT_MS)
        self._counting.timeout.connect(self._count_waiting)
        self._counting_soon = QTimer(self)
        self._counting_soon.setSingleShot(True)
        self._counting_soon.setInterval(_COUNT_AFTER_MS)
        self._counting_soon.timeout.connect(self._count_waiting)

    def start(self) -> None:
        """Show the door, and open the store behind it."""
        self.window.show()
        QTimer.singleShot(0, self._entrance.try_to_open)

    def stop(self) -> None:
        """Finish what is under way and let everything go."""
        self._idle.stop()
        self._counting.stop()
        self._counting_soon.stop()
        self._chores.stop()
        self._devices.stop()
        if self.client is not None:
            self.client.stop()
        self._entrance.stop()

    def _on_opened(self, opened: Opened) -> None:
        if opened.database is not None and opened.store is not None:
            self._serve(opened.database, opened.store)

    def _serve(self, database: Database, store: StoreSettings) -> None:
        from counterapp.work import StoreClient

        client = StoreClient(database, self.settings.station.name, self.clock)
        client.store = store
        self.client = client
        self._desks = self._desks_of(client)
        self._devices.serve(client, store)
        client.committed.connect(self._counting_soon.start)
        client.long_changed.connect(self._on_long_changed)
        self._counting.timeout.connect(self._devices.look)
        self._do_chores()
        self._chores.start()
        self.window.set_store(store.name, lambda: _("Station {station}").format(station=self.settings.station.name))

    def _do_chores(self) -> None:
        """Once a day, erase what is old enough."""
        client, today = self.client, self.clock().date()
        if client is None or self._done_on == today:
            return
        self._done_on = today
        from counterapp.maintenance import delete_kept_papers, erase_personal_data

        def erase(_job: LongJob) -> None:
            for erased in erase_personal_data(client.database, self.settings, self.clock, self._erasures()):
                _log.info("erased: %s", erased)
            _log.info("kept papers deleted: %s", delete_kept_papers(client.database, self.settings))

        client.start_job(self, lambda: _("Erasing old personal data"), erase, failed=self.window.messages.tell)

    def _on_identified(self, who: str) -> None:
        if self.client is None:
            return
        from counterapp.core import staff

        self.client.read(self, lambda session: staff.identify(session, who), self._greet)

    def _greet(self, person: Signer | None) -> None:
        if person is not None:
            self.window.greet(person.name)

    def _on_sign_in_asked(self, who: str, pin: str) -> None:
        client = self.client
        if client is None:
            self.window.refuse(lambda: _("The store is still being opened. Try again in a moment."))
            self._entrance.try_to_open()
            return
        from counterapp.core import staff

        client.run_own_transaction(
            self,
            lambda: staff.sign_in(client.database, who, pin, self.settings.station.name, self.clock),
            self._admit,
            self._on_refused,
        )

    def _on_refused(self, error: BaseException) -> None:
        if isinstance(error, CounterError):
            self.window.refuse(lambda: str(error))
        else:
            self.window.messages.tell(error)

    def _admit(self, person: Signer) -> None:
        if self.client is None or self.client.store is None:
            return
        self.client.sign_in(person, self.client.store)
        self.window.admit(
            lambda: f"{person.name}  {role_name(person.role)} {person.number}",
            [desk for desk in self._desks if person.role in desk.roles],
        )
        for desk in self.window.desks:
            if desk.troubles is not None:
                self.client.read(self, desk.troubles, self._on_troubles, self.window.messages.tell)
        self._devices.settle()
        self._count_waiting()
        self._counting.start()

    def _on_troubles(self, troubles: Sequence[CounterError]) -> None:
        for trouble in troubles:
            self.window.messages.tell(trouble)

    def _on_long_changed(self) -> None:
        """Say in the bar below what goes on, wherever in the program one is."""
        jobs = self.client.long_jobs if self.client is not None else []
        self.window.set_work(
            (lambda: "  ".join(f"{job.title()} {round(job.share * 100)} %" for job in jobs)) if jobs else ""
        )

    def _on_approvals_asked(self) -> None:
        desk = next((desk for desk in self.window.desks if desk.approves), None)
        if desk is not None:
            self.window.show_desk(desk)
            return
        self.window.messages.say(
            lambda: _("These cases wait for a second signature. Call a supervisor, or scan the receipt of one.")
        )

    def _on_locked(self) -> None:
        self._counting.stop()
        if self.client is not None:
            self.client.sign_out()

    def _on_idle(self) -> None:
        self.window.lock(
            lambda: _("Nobody was here for a while, so the screen is locked. Everything is as it was left.")
        )

    def _count_waiting(self) -> None:
        if self.client is None or self.client.store is None:
            return
        from counterapp.core.cases import waiting_count

        now, desks = self.clock().astimezone(self.client.store.zone_info), self.window.desks

        def count(session: Session) -> tuple[int, dict[str, int]]:
            late = {desk.name: sum(one.is_late for one in desk.late(session, now)) for desk in desks if desk.late}
            return waiting_count(session), late

        # What stands in the way is said where somebody waits for an answer, not every few seconds.
        self.client.read(self, count, self._on_counted, lambda error: _log.info("not counted: %s", error))

    def _on_counted(self, counted: tuple[int, dict[str, int]]) -> None:
        waiting, late = counted
        self.window.set_waiting(waiting)
        self.window.set_late(late)
        self._devices.hear_waiting(waiting)
