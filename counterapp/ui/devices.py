"""The devices of this PC at the window: what they bring is routed, how they are is said at its foot, and heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from counterapp.core.actor import Clock
from counterapp.errors import CounterError
from counterapp.hardware.scanner import KeyboardScanner, Scan
from counterapp.hardware.sound import Sound, Speaker
from counterapp.settings import Settings
from counterapp.ui.bars import Device
from counterapp.ui.messages import Message
from counterapp.ui.print_preview import Paper, PrintPreview
from counterapp.ui.theme import Meaning
from counterapp.ui.window import Window
from counterapp.words import _

if TYPE_CHECKING:
    # The database loads after the first paint.
    from counterapp.core.store_settings import StoreSettings
    from counterapp.hardware.printers import DeviceState
    from counterapp.hardware.printing import NotPrinted, Printed, Printing
    from counterapp.hardware.scanner_serial import Attachment, SerialScanner
    from counterapp.ui.print_problems import PrintProblems
    from counterapp.work import StoreClient


class Devices(QObject):
    """Scanners, printers and loudspeaker. `touched()` when a scan came by another way than the keys."""

    touched = Signal()

    def __init__(self, app: QApplication, settings: Settings, window: Window, clock: Clock) -> None:
        super().__init__()
        self._app, self._settings, self._window, self._clock = app, settings, window, clock
        self._printing: Printing | None = None
        self._paperwork: PrintProblems | None = None
        self._speaker = Speaker()
        self._scanned = False
        self._papers = 0
        self._waiting = 0
        self._printers: dict[str, DeviceState] = {}
        self._lines: list[SerialScanner] = []
        self._attached: dict[str, CounterError | None] = {}
        self._on_this_pc = True
        scanner = settings.scanner
        self._keyboard = KeyboardScanner(
            app, gap_ms=scanner.gap_ms, prefix=scanner.prefix, suffix=scanner.suffix, clock=clock
        )
        self._keyboard.scanned.connect(self._on_scanned)
        self._keyboard.refused.connect(window.messages.tell)
        window.messages.said.connect(self._on_said)
        window.papers_asked.connect(self._on_papers_asked)

    def serve(self, client: StoreClient, store: StoreSettings) -> None:
        """Send what the store prints at this station, and listen to its serial lines."""
        from counterapp.hardware.printers import printers_of
        from counterapp.hardware.printing import Printing
        from counterapp.ui.print_problems import PrintProblems

        served = printers_of(self._settings, store.form_paper)
        printing = Printing(client.database, self._settings.station.name, self._clock, served)
        self._printing = printing
        self._printers = {state.name: state for state in printing.state}
        self._on_this_pc = client.database.is_sqlite
        printing.printed.connect(self._on_printed)
        printing.failed.connect(self._on_failed)
        printing.hindered.connect(self._on_hindered)
        self._paperwork = PrintProblems(self._window.context, client)
        self._paperwork.counted.connect(self._on_counted)
        client.committed.connect(printing.wake)
        client.committed.connect(self._on_committed)
        printing.start()
        self._show()
        self._listen()

    def look(self) -> None:
        """Print what another station has approved: it comes out here, where the customer stands."""
        if self._printing is not None:
            self._printing.wake()

    def settle(self) -> None:
        """Ask whoever has come about the papers of which nobody knows."""
        if self._paperwork is not None:
            self._paperwork.ask_if_unsure()

    def hear_waiting(self, count: int) -> None:
        """Let somebody who may sign hear that there is more to be signed."""
        if count > self._waiting and any(desk.approves for desk in self._window.desks):
            self._play(Sound.QUESTION)
        self._waiting = count

    def stop(self) -> None:
        """Finish what is under way and let everything go."""
        self._app.removeEventFilter(self._keyboard)
        for line in self._lines:
            line.stop()
        if self._printing is not None:
            self._printing.stop()
        self._speaker.stop()

    def _listen(self) -> None:
        """Attach the scanners on serial lines; the one that types has been heard from the beginning."""
        if not self._settings.scanners:
            return
        from counterapp.hardware.scanner_serial import SerialScanner

        self._lines = [SerialScanner(name, scanner, self._clock) for name, scanner in self._settings.scanners.items()]
        for line in self._lines:
            line.scanned.connect(self._on_scanned_on_line)
            line.refused.connect(self._window.messages.tell)
            line.changed.connect(self._on_scanner_changed)
            line.start()

    def _show(self) -> None:
        on_this_pc = self._on_this_pc
        data = Device("database", lambda: _("Data on this PC: well") if on_this_pc else _("Store's database: well"))
        self._window.set_devices([self._printer(), *self._scanners(), data])

    def _printer(self) -> Device:
        states = self._printers.values()
        trouble = next((one.trouble for one in states if one.trouble is not None), None)
        hint = next((one.hint for one in states if one.hint is not None), None)
        if trouble is not None:
            return Device("printer", lambda: str(trouble), Meaning.MISSING)
        if self._papers:
            from counterapp.ui.print_problems import papers_words

            count = self._papers
            return Device("printer", lambda: papers_words(count), Meaning.MISSING)
        if hint is not None:
            return Device("printer", lambda: str(hint), Meaning.OVERRIDABLE)
        if any(one.address for one in states):
            return Device("printer", lambda: _("Printers: well"))
        return Device("printer", lambda: _("Papers appear on the screen"))

    def _scanners(self) -> list[Device]:
        if not self._settings.scanners:
            return [Device("scan-barcode", lambda: _("Scanner as keyboard"))]
        return [_scanner(name, trouble) for name, trouble in self._attached.items()]

    def _play(self, sound: Sound) -> None:
        if self._settings.screen.sound:
            self._speaker.play(sound)

    def _on_scanned(self, scan: Scan) -> None:
        self._scanned = True
        self._window.router.route(scan)

    def _on_scanned_on_line(self, scan: Scan) -> None:
        self.touched.emit()  # no key tells that somebody is there
        self._on_scanned(scan)

    def _on_committed(self) -> None:
        # What a scan led to was done: whoever scans looks at the goods, not at the screen.
        if self._scanned:
            self._scanned = False
            self._play(Sound.TAKEN)

    def _on_said(self, message: Message) -> None:
        if message.meaning in (Meaning.REFUSED, Meaning.MISSING):
            self._scanned = False
            self._play(Sound.REFUSED)

    def _on_scanner_changed(self, attachment: Attachment) -> None:
        self._attached[attachment.name] = attachment.trouble
        self._show()

    def _on_hindered(self, state: DeviceState) -> None:
        self._printers[state.name] = state
        self._show()

    def _on_failed(self, error: NotPrinted | BaseException) -> None:
        self._window.messages.tell(error)
        if self._paperwork is not None and isinstance(error, CounterError):
            self._paperwork.ask_if_unsure() if self._window.sign_in is None else self._paperwork.look()

    def _on_counted(self, papers: int) -> None:
        if papers > self._papers:
            self._play(Sound.QUESTION)
        self._papers = papers
        self._show()

    def _on_papers_asked(self) -> None:
        if self._paperwork is not None:
            self._paperwork.ask()

    def _on_printed(self, paper: Printed) -> None:
        if paper.printer != paper.usual:
            self._window.messages.say(
                lambda: _("{paper} came out of the printer {printer}: {usual} cannot print now.").format(
                    paper=paper.title, printer=paper.printer, usual=paper.usual
                ),
                Meaning.OVERRIDABLE,
            )
        if not paper.pictures:
            return
        pages = [
            Paper(f"{paper.title}  {place}/{len(paper.pictures)}", picture.read_bytes())
            for place, picture in enumerate(paper.pictures, start=1)
        ]
        dialog = PrintPreview(pages)
        dialog.passed.connect(self._window.router.route)
        self._window.dialogs.open(dialog)


def _scanner(name: str, trouble: CounterError | None) -> Device:
    if trouble is not None:
        return Device("scan-barcode", lambda: str(trouble), Meaning.MISSING)
    return Device("scan-barcode", lambda: _("Scanner {name}: well").format(name=name))
