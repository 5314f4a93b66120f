"""The map of the lockers, read again for what other stations did, without taking anything from anybody."""

from __future__ import annotations

import logging
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from counterapp.core.store_settings import BagCheckSettings
from counterapp.desks.bagcheck.services.figures import LockerOnMap, in_force, locker_map
from counterapp.errors import NotAllowed
from counterapp.work import StoreClient

#: How often it is read, in milliseconds.
EVERY: Final = 3_000
#: How long after a command: its slips go to the printer first, and the number fills the panel without the map.
_AFTER: Final = 80

_log = logging.getLogger(__name__)


class MapWatch(QObject):
    """Reads the map every few seconds while it watches, and soon after every command: `read(lockers, settings)`.

    The store's settings of this desk are read with it, so that a change of them shows without a new sign-in.
    """

    read = Signal(object, object)

    def __init__(self, client: StoreClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._watches = self._asking = self._asks_again = False
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.look)
        self._after = QTimer(self)
        self._after.setSingleShot(True)
        self._after.setInterval(_AFTER)
        self._after.timeout.connect(self.look)
        client.committed.connect(self._after.start)

    def watch(self, watches: bool) -> None:
        """Begin to watch, or leave it: nobody looks at a map that is not shown."""
        self._watches = watches
        self._timer.start() if watches else self._timer.stop()

    def look(self) -> None:
        """Read the map now, or once more where it is just being read."""
        if not self._watches:
            return
        if self._asking:
            self._asks_again = True
            return
        try:
            actor = self._client.actor
        except NotAllowed:
            return
        self._asking = True

        def work(session: Any) -> tuple[tuple[LockerOnMap, ...], BagCheckSettings]:
            return locker_map(session, actor), in_force(session)

        self._client.read(self, work, self._on_read, self._on_not_read)

    def _on_read(self, read: tuple[tuple[LockerOnMap, ...], BagCheckSettings]) -> None:
        self._asking = False
        self.read.emit(*read)
        if self._asks_again:
            self._asks_again = False
            self.look()

    def _on_not_read(self, error: BaseException) -> None:
        # What stands in the way is said where somebody waits for an answer, not every few seconds.
        self._asking = self._asks_again = False
        _log.info("the lockers were not read: %s", error)
