"""Reading the same thing again and again while it is looked at: what other stations do shows by itself.

    self._poller = Poller(client, self, services.open_ones)
    self._poller.arrived.connect(self._show)
    self._poller.follow(self)

reads when the view is shown, every five seconds while it is, and after every command of this station. A list that does
not depend on what is shown (cases that somebody waits for) calls `start` and `stop` itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from counterapp.core.actor import Actor
from counterapp.errors import NotAllowed
from counterapp.work import StoreClient

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Poller(QObject, Generic[T]):
    """Reads `work` every `every` milliseconds: `arrived(T)`.

    `after` is how long it waits after a command, in milliseconds, where papers and the next scan go first. `tell` is
    told of a failure once, until a read succeeds again; without it, it is logged. Nothing is read while nobody is
    signed in, and what was read for one person is not shown to the next.
    """

    arrived = Signal(object)

    def __init__(
        self, client: StoreClient, parent: QObject, work: Callable[[Session, Actor], T], every: int = 5_000, *,
        after: int = 0, tell: Callable[[BaseException], None] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._client, self._work, self._tell, self._after_ms = client, work, tell, after
        self._reading = self._again = self._failed = False
        self._timer = QTimer(self)
        self._timer.setInterval(every)
        self._timer.timeout.connect(self._on_tick)
        self._after = QTimer(self)
        self._after.setSingleShot(True)
        self._after.timeout.connect(self.read)
        client.committed.connect(self._on_committed)

    @property
    def is_reading(self) -> bool:
        """Whether an answer is under way."""
        return self._reading

    def follow(self, widget: QWidget) -> None:
        """Read while `widget` is shown, and only then."""
        widget.installEventFilter(self)
        if widget.isVisible():
            self.start()

    def start(self) -> None:
        """Read at once, and from here on again and again."""
        self._timer.start()
        # Not now: whoever is shown may be told to read a moment later, and then this is the same.
        self._after.start(0)

    def stop(self) -> None:
        """Read no more until the next `start`."""
        self._timer.stop()
        self._after.stop()

    def read(self) -> None:
        """Read now; where that is being done, once more afterwards, because things may have changed since it began."""
        self._after.stop()
        if self._reading:
            self._again = True
            return
        try:
            actor = self._client.actor
        except NotAllowed:
            return
        self._reading = True
        work = self._work
        self._client.read(
            self, lambda session: work(session, actor), lambda answer: self._on_read(actor, answer), self._on_not_read
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the widget come and go."""
        if event.type() == QEvent.Type.Show:
            self.start()
        elif event.type() == QEvent.Type.Hide:
            self.stop()
        return super().eventFilter(watched, event)

    def _on_tick(self) -> None:
        if not self._reading:
            self.read()

    def _on_committed(self) -> None:
        if self._timer.isActive():
            self._after.start(self._after_ms)

    def _on_read(self, actor: Actor, answer: T) -> None:
        self._reading = self._failed = False
        try:
            now = self._client.actor
        except NotAllowed:
            self._again = False
            return
        if now is actor:
            self.arrived.emit(answer)
        if self._again or now is not actor:
            self._again = False
            self.read()

    def _on_not_read(self, error: BaseException) -> None:
        self._reading = self._again = False
        if self._tell is None:
            # What stands in the way is said where somebody waits for an answer, not every few seconds.
            _log.info("not read: %s", error)
        elif not self._failed:
            self._tell(error)
        self._failed = True
