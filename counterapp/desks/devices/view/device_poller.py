"""Looking at devices and trying them out, off the window's thread: one that does not answer keeps nobody waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from counterapp.desks.devices.services.device_status import Seen, look_around
from counterapp.desks.devices.services.test_prints import print_now
from counterapp.hardware.printers import StationPrinter
from counterapp.work import StoreClient, Worker
from printers.document import Document


class DevicePoller(QObject):
    """Two threads, one that looks and one that prints. `looked(Seen)`; `failed(BaseException)` where a look did."""

    looked = Signal(object)
    failed = Signal(object)

    def __init__(self, client: StoreClient, data: Path) -> None:
        super().__init__()
        self._client, self._data = client, data
        self._looks, self._prints = Worker("devices-looks"), Worker("devices-prints")
        self._ended = threading.Event()
        self._trying: list[str] = []
        self._is_looking = False
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.stop)

    @property
    def is_looking(self) -> bool:
        """Whether devices are being asked at this moment."""
        return self._is_looking

    def is_trying(self, name: str) -> bool:
        """Whether a paper is under way to the printer."""
        return name in self._trying

    def look(self) -> None:
        """Look at everything, unless that is being done."""
        if self._is_looking or self._ended.is_set():
            return
        self._is_looking = True
        store, database, spared = self._client.store, self._client.database, tuple(self._trying)
        paper = store.form_paper if store is not None else "a4"
        self._looks.do(
            self, lambda: look_around(self._data, database, paper, spared), self._on_looked, self._on_not_looked
        )

    def try_out(
        self,
        printer: StationPrinter,
        paper: Callable[[], Document],
        done: Callable[[tuple[Path, ...]], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Print `paper`, one after the other; `done` with the pictures of it where the printer is virtual."""
        self._trying.append(printer.name)

        def printed(pictures: tuple[Path, ...]) -> None:
            self._trying.remove(printer.name)
            done(pictures)

        def not_printed(error: BaseException) -> None:
            self._trying.remove(printer.name)
            failed(error)

        self._prints.do(self, lambda: print_now(printer, paper(), self._ended), printed, not_printed)

    def stop(self) -> None:
        """Begin nothing more, and end the threads; what is under way has a few seconds."""
        if self._ended.is_set():
            return
        self._ended.set()
        for worker in (self._looks, self._prints):
            worker.stop()

    def _on_looked(self, seen: Seen) -> None:
        self._is_looking = False
        self.looked.emit(seen)

    def _on_not_looked(self, error: BaseException) -> None:
        self._is_looking = False
        self.failed.emit(error)
