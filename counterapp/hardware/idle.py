"""Noticing that nobody touches keys, mouse or scanner any more."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

_INPUT: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.InputMethod,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)


class Idle(QObject):
    """`idle()` after `seconds` (0: never) in which the program was given no input; then again after the next ones.

    Input only notes the time; the timer looks at the note when it rings, so that a moving mouse costs next to nothing.
    """

    idle = Signal()

    def __init__(self, app: QCoreApplication, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(app)
        self._app, self._seconds, self._now = app, seconds, now
        self._touched = now()
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.timeout.connect(self._on_timeout)
        if seconds:
            app.installEventFilter(self)
            self._wait(seconds)

    def touch(self) -> None:
        """Count as input what comes by another way than keys and mouse."""
        self._touched = self._now()

    def stop(self) -> None:
        """Notice nothing any more."""
        self._app.removeEventFilter(self)
        self.timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note the time of input, and let it pass."""
        if event.type() in _INPUT:
            self._touched = self._now()
        return False

    def _on_timeout(self) -> None:
        left = self._touched + self._seconds - self._now()
        if left > 0:
            self._wait(left)
            return
        self.touch()
        self._wait(self._seconds)
        self.idle.emit()

    def _wait(self, seconds: float) -> None:
        self.timer.start(max(1, round(seconds * 1000)))
