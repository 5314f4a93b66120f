"""How the store is opened behind the door: looked for, brought to this version, or made on the first start."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal, Slot

from counterapp.core.actor import Clock, Role
from counterapp.errors import CounterError
from counterapp.settings import Settings
from counterapp.ui.first_start import FirstAnswers, FirstStart
from counterapp.ui.window import Window
from counterapp.words import N_, _

if TYPE_CHECKING:
    # The database loads after the first paint.
    from filelock import FileLock

    from counterapp.core.database import Database
    from counterapp.core.migrate import Stage
    from counterapp.core.store import Install
    from counterapp.core.store_settings import StoreSettings
    from counterapp.work import Worker

_log = logging.getLogger(__name__)

#: What the door says while the store is brought to this version, by the stage: what is done, and why one waits.
_SAID: Final = {
    "copying": (
        N_("A copy of the store's data is made"),
        N_("This version of the program will change the data. The copy stays in the data folder."),
    ),
    "checking": (N_("The copy is checked"), N_("It is read whole, so that it can be relied on.")),
    "changing": (
        N_("The store's data is brought to this version"),
        N_("This cannot be broken off any more. Leave the PC on; if it stops all the same, nothing is half done."),
    ),
}


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening a store brings; `database` is None where none was made yet."""

    database: Database | None
    store: StoreSettings | None


class StoreOpening(QObject):
    """Opens the store once. `opened(Opened)` with a store that is there; until then the door says what is done."""

    opened = Signal(object)
    _told = Signal(object, object)

    def __init__(
        self, window: Window, settings: Settings, install: Callable[[], tuple[Install, ...]], clock: Clock
    ) -> None:
        super().__init__()
        self._window, self._settings, self._install, self._clock = window, settings, install, clock
        self._worker: Worker | None = None
        self._held: FileLock | None = None
        self._is_trying = self._is_open = False
        self._cancelled = threading.Event()
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)
        if window.sign_in is not None:
            window.sign_in.stop_asked.connect(self._cancelled.set)

    def try_to_open(self) -> None:
        """Open the store, or try once more where that failed."""
        from counterapp.work import Worker

        if self._is_trying or self._is_open:
            return
        if self._worker is None:
            self._worker = Worker("opening")
        self._is_trying = True
        self._cancelled.clear()
        self._worker.do(self, self._look_for_store, self._on_opened, self._on_not_opened)

    def stop(self) -> None:
        """Break off what may be broken off, and let the data folder go."""
        if self._worker is not None:
            self._cancelled.set()
            self._worker.stop()
        if self._held is not None:
            self._held.release()

    def _look_for_store(self) -> Opened:
        import sqlite3

        from counterapp.core.store_settings import store_settings
        from counterapp.store_access import hold_window, is_there, open_store, sqlite_may_damage

        if self._held is None:
            self._held = hold_window(self._settings)
        if not is_there(self._settings):
            return Opened(None, None)
        database = open_store(self._settings, self._told.emit, self._cancelled.is_set)
        if database.is_sqlite and sqlite_may_damage(sqlite3.sqlite_version_info):
            _log.warning("SQLite %s has the WAL-reset bug: let no other program write to it", sqlite3.sqlite_version)
        if database.heads is not None:
            database.heads.tidy()
        return Opened(database, database.read(store_settings))

    @Slot(object, object)
    def _on_told(self, stage: Stage, share: float | None) -> None:
        # What was told last may arrive when the store is open already.
        if self._window.sign_in is not None and self._is_trying:
            sentence, small = _SAID[stage.value]
            may_stop = stage.value != "changing" and not self._cancelled.is_set()
            self._window.sign_in.show_work(lambda: _(sentence), lambda: _(small), share, may_stop=may_stop)

    def _on_opened(self, opened: Opened) -> None:
        self._end()
        if opened.database is None:
            self._ask()
            return
        self._is_open = True
        self.opened.emit(opened)

    def _on_not_opened(self, error: BaseException) -> None:
        self._end()
        if not isinstance(error, CounterError):
            self._window.messages.tell(error)
            return
        _log.error("the store was not opened: %s", error.in_language("en"))
        self._window.refuse(lambda: str(error))

    def _end(self) -> None:
        self._is_trying = False
        if self._window.sign_in is not None:
            self._window.sign_in.end_work()

    def _ask(self) -> None:
        """Ask for store and administrator: there is no store here yet."""
        self._is_trying = True
        dialog = FirstStart()
        dialog.answered.connect(lambda answers: self._make_store(dialog, answers))
        self._window.dialogs.open(dialog)

    def _make_store(self, dialog: FirstStart, answers: FirstAnswers) -> None:
        def make() -> Opened:
            from counterapp.core.staff import NewPerson
            from counterapp.core.store_settings import StoreSettings
            from counterapp.store_access import found_store

            store = StoreSettings(answers.store, answers.code, language=self._settings.screen.language)
            admin = NewPerson(answers.number, answers.name, Role.IT, answers.pin)
            return Opened(found_store(self._settings, store, admin, self._install(), self._clock), store)

        def made(opened: Opened) -> None:
            dialog.close_dialog()
            self._on_opened(opened)
            if self._window.sign_in is not None:
                self._window.sign_in.say_why(
                    lambda: _("The store is made. Sign in with your number {number}: it says what comes next.").format(
                        number=answers.number
                    )
                )

        def not_made(error: BaseException) -> None:
            if isinstance(error, CounterError):
                dialog.refuse(lambda: str(error))
            else:
                self._window.messages.tell(error)

        if self._worker is not None:
            self._worker.do(self, make, made, not_made)
