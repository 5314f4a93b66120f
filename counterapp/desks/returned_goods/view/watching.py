"""The floor as it stands at all stations, read again every few seconds without taking anything from anybody."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from counterapp.core.actor import Actor
from counterapp.core.business_day import open_day
from counterapp.desks.returned_goods.services import notices, sheets
from counterapp.desks.returned_goods.services.notices import Names, Notice
from counterapp.desks.returned_goods.services.sheets import SheetDetails
from counterapp.errors import NotAllowed
from counterapp.work import StoreClient

#: How often it is read, in milliseconds.
EVERY: Final = 3_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OnFloor:
    """What was read: notices that are open and those done today, sheets, lines on no sheet by department, names.

    `day` is the business day that stands open.
    """

    day: dt.date
    open: tuple[Notice, ...]
    done: tuple[Notice, ...]
    sheets: tuple[SheetDetails, ...]
    unlisted: dict[str, int]
    names: Names


class FloorWatch(QObject):
    """Reads the floor every few seconds while it watches, and after every command: `read(OnFloor)`."""

    read = Signal(object)

    def __init__(self, client: StoreClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._watches = self._asking = self._asks_again = False
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.look)
        client.committed.connect(self.look)

    def watch(self, watches: bool) -> None:
        """Begin to watch, or leave it: nobody looks at a floor that is not shown."""
        self._watches = watches
        self._timer.start() if watches else self._timer.stop()

    def look(self) -> None:
        """Read now, or once more where it is just being read."""
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
        self._client.read(self, lambda session: _read(session, actor), self._on_read, self._on_not_read)

    def _on_read(self, read: OnFloor) -> None:
        self._asking = False
        self.read.emit(read)
        if self._asks_again:
            self._asks_again = False
            self.look()

    def _on_not_read(self, error: BaseException) -> None:
        # What stands in the way is said where somebody waits for an answer, not every few seconds.
        self._asking = self._asks_again = False
        _log.info("the floor was not read: %s", error)


def _read(session: Any, actor: Actor) -> OnFloor:
    day = open_day(session, actor.today())
    return OnFloor(
        day=day,
        open=notices.open_notices(session, actor.now()),
        done=notices.done_notices(session, day),
        sheets=sheets.sheets_to_see(session, day),
        unlisted=sheets.unlisted(session, day),
        names=notices.last_names(session, day),
    )
