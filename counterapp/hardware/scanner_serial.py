"""Scanners on serial lines: each on its own thread, found again after it was unplugged."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import Final

import serial
from PySide6.QtCore import QObject, Qt, Signal, Slot

from counterapp.core.actor import Clock, system_clock
from counterapp.errors import BadInput, Trouble
from counterapp.hardware.scanner import Scan, checked
from counterapp.hardware.scanner_line import Splitter, line_failures, open_line, unplugged
from counterapp.settings import SerialScannerSettings
from counterapp.words import N_

_log = logging.getLogger(__name__)

#: Seconds between two looks for a scanner that is not there: at first, and at the most.
_FIRST_WAIT: Final = 0.25
_LONGEST_WAIT: Final = 2.0


@dataclass(frozen=True, slots=True)
class Attachment:
    """How a scanner is: `trouble` says what is wrong and what to do, None where it listens."""

    name: str
    trouble: Trouble | None


class SerialScanner(QObject):
    """Listens to one line, on a thread of its own.

    `scanned(Scan)`; `refused(BadInput)` for a scan that is cut or no code; `changed(Attachment)` when the scanner is
    there, gone, or kept from us in another way. All come on the thread that made it.
    """

    scanned = Signal(object)
    refused = Signal(object)
    changed = Signal(object)
    _met = Signal(object)

    def __init__(self, name: str, settings: SerialScannerSettings, clock: Clock = system_clock) -> None:
        super().__init__()
        self.name, self._settings, self._clock = name, settings, clock
        self._stopping = threading.Event()
        self._told: str | None = None
        self._met.connect(self._on_met, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name=f"scanner-{name}", daemon=True)

    def start(self) -> None:
        """Begin to look for the scanner."""
        self._thread.start()

    def stop(self) -> None:
        """Let the line go; what was scanned before is still given out."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(_LONGEST_WAIT)  # a line by Bluetooth may take long to open; nobody waits for it

    def _run(self) -> None:
        wait = _FIRST_WAIT
        while not self._stopping.is_set():
            try:
                with open_line(self.name, self._settings) as line:
                    self._tell(None)
                    wait = _FIRST_WAIT
                    self._listen(line)
            except Trouble as trouble:
                self._tell(trouble)
            except line_failures() as error:
                _log.info("scanner %s: %s", self.name, error)
                self._tell(unplugged(self.name, self._settings))
            self._stopping.wait(wait)
            wait = min(wait * 2, _LONGEST_WAIT)

    def _listen(self, line: serial.Serial) -> None:
        splitter = Splitter(self._settings.prefix, self._settings.suffix)
        try:
            while not self._stopping.is_set():
                data = line.read(line.in_waiting or 1)
                for text in splitter.feed(data) if data else splitter.pause():
                    self._met.emit(self._made(text))
        except line_failures():
            if splitter.in_code:
                self._met.emit(self._made(None))
            raise

    def _made(self, text: str | None) -> Scan | BadInput:
        if text is None:
            return BadInput(N_("The scan was cut off. Scan again."))
        try:
            return Scan(checked(text), self._clock(), self.name)
        except BadInput as error:
            return error

    def _tell(self, trouble: Trouble | None) -> None:
        """Tell of a change; the same trouble, met again at every look, is told once."""
        said = "" if trouble is None else trouble.message
        if said != self._told:
            self._told = said
            self._met.emit(Attachment(self.name, trouble))

    @Slot(object)
    def _on_met(self, met: Scan | BadInput | Attachment) -> None:
        match met:
            case Scan():
                self.scanned.emit(met)
            case BadInput():
                self.refused.emit(met)
            case Attachment():
                self.changed.emit(met)
