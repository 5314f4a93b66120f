"""Garbage is collected on the GUI thread alone."""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

_EVERY_MS: Final = 1000


class Garbage(QObject):
    """Collects what nobody refers to any more, every second as far as there is any, until `stop`.

    Left to itself Python collects on whichever thread happens to allocate. Where that is a worker and a widget is
    among what it finds, Qt is called from the wrong thread, and sooner or later the program crashes.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._frozen = False
        self.timer = QTimer(self)
        self.timer.setInterval(_EVERY_MS)
        self.timer.timeout.connect(self._on_timeout)
        self.timer.start()

    def stop(self) -> None:
        """Leave it to Python again."""
        self.timer.stop()
        gc.unfreeze()
        gc.enable()

    def _on_timeout(self) -> None:
        if not self._frozen:
            # What stands after the start stays: it need not be looked through every time.
            gc.freeze()
            self._frozen = True
        counts, limits = gc.get_count(), gc.get_threshold()
        ripe = [generation for generation in range(3) if counts[generation] > limits[generation]]
        if ripe:
            gc.collect(ripe[-1])
