"""The devices desk: everything that stands on this PC, how it is, and what to do about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent

from counterapp.core.actor import Role
from counterapp.desks.devices.services import test_prints
from counterapp.desks.devices.services.device_status import Seen
from counterapp.desks.devices.services.scans import Keys
from counterapp.desks.devices.view import texts
from counterapp.desks.devices.view.device_poller import DevicePoller
from counterapp.desks.devices.view.scan_test import KeyTimes, ScanTest
from counterapp.hardware.printers import DeviceState, StationPrinter
from counterapp.hardware.scanner import Scan
from counterapp.ui.list_detail import Key, ListDetailView, RecordList
from counterapp.ui.live_text import LiveText
from counterapp.ui.print_preview import Paper, PrintPreview
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.ui.widgets import Row
from counterapp.words import DEFAULT, N_, Language, _
from counterapp.work import StoreClient
from printers.document import Document

#: How often the devices are looked at while the desk is, in milliseconds.
EVERY: Final = 4_000
_WIDTH: Final = 440
_KEYBOARD: Final = "keyboard"


class DevicesView(ListDetailView[Row]):
    """The list at the left, the scan test below it; at the right the one that is chosen, in full."""

    title = N_("Devices")
    hint = N_("Printers, scanners, database")
    icon = "plug"
    arrows = N_("Another device")

    def __init__(self, context: ViewContext, client: StoreClient) -> None:
        super().__init__(context, client, RecordList(lambda: _("Device"), [], lambda: _("State")), width=_WIDTH)
        self._client = client
        assert client.database.heads is not None  # who opens a store names the data folder
        self._data = client.database.heads.path.parent
        self._seen: Seen | None = None
        self._devices = DevicePoller(client, self._data)
        self._devices.looked.connect(self._on_looked)
        self._devices.failed.connect(context.messages.tell)
        self._keys = KeyTimes()
        self._keys.paused.connect(self._on_paused)
        self._scans = ScanTest()
        self.left.addWidget(self._scans)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._devices.look)
        self.destroyed.connect(self._devices.stop)
        self.show_details(None)

    def key_of(self, one: Row) -> Hashable:
        return one.key

    def row_of(self, one: Row) -> Row:
        return one

    def show_details(self, one: Row | None) -> None:
        again = Key("F5", lambda: _("Look again"), self._on_again, enabled=not self._devices.is_looking)
        seen, chosen = self._seen, self._printer
        if seen is None or one is None:
            self.details.show_record(lambda: _("Looking at the devices"), (), "", (again,))
            return
        keys = self._keys_for(chosen[0]) if chosen is not None and self._is_it else []
        self.details.show_record(one.name, (), self._words_of(one.key, seen), (*keys, again))

    def activated(self) -> None:
        super().activated()
        self._devices.look()

    def take_scan(self, scan: Scan) -> bool:
        if not self._is_it:
            return False
        keys = self._keys.take() if scan.device == _KEYBOARD else None
        self._scans.show_scan(scan, keys, self._client.store)
        return True

    def show_again(self) -> None:
        """Show the devices once more, those that a paper is under way to as at work."""
        self._scans.setVisible(self._is_it)
        seen = self._seen
        if seen is not None:
            self.found = texts.rows_of(seen, [one.name for one in seen.printers if self._devices.is_trying(one.name)])
            super().show_again()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()
        self._keys.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        self._keys.stop()

    @property
    def _is_it(self) -> bool:
        return self.actor is not None and self.actor.person.role is Role.IT

    @property
    def _printer(self) -> tuple[StationPrinter, DeviceState] | None:
        """The printer that is chosen."""
        if self._seen is None:
            return None
        both = zip(self._seen.printers, self._seen.states, strict=True)
        return next((one for one in both if ("printer", one[0].name) == self.records.table.current_key), None)

    @property
    def _moment(self) -> dt.datetime:
        store = self._client.store
        return self._client.clock().astimezone(store.zone_info if store is not None else None)

    @property
    def _language(self) -> Language:
        store = self._client.store
        return store.language if store is not None else DEFAULT

    def _keys_for(self, printer: StationPrinter) -> list[Key]:
        """Return what may be printed on it to try it out."""
        free = not self._devices.is_trying(printer.name)

        def key(name: str, words: LiveText, press: Callable[[], None], icon: str = "") -> Key:
            return Key(name, words, press, enabled=free, icon=icon)

        keys = [key("F6", lambda: _("Print a test paper"), lambda: self._try_out(test_prints.trial), "printer")]
        if test_prints.is_placed(printer):
            calibrate = partial(self._try_out, test_prints.calibration)
            keys.append(key("F7", lambda: _("Print the calibration sheet"), calibrate))
            if test_prints.offsets(printer) != (0, 0):
                keys.append(key("F8", lambda: _("Calibration sheet without offsets"), partial(calibrate, moved=False)))
        return keys

    def _on_again(self) -> None:
        self._devices.look()
        self.show_details(self.current)

    def _on_looked(self, seen: Seen) -> None:
        self._seen = seen
        self.show_found(self.found)

    def _on_paused(self, keys: Keys) -> None:
        if self._seen is not None and self._is_it:
            self._scans.hear(keys, self._seen.settings.scanner.gap_ms)

    def _words_of(self, key: Hashable, seen: Seen) -> str:
        """Return all that is to be said of what is chosen."""
        if self._printer is not None:
            return texts.printer_words(*self._printer, self._data)
        match key:
            case texts.SETTINGS:
                return str(seen.mistakes)
            case texts.KEYBOARD:
                return texts.keyboard_words()
            case texts.DATABASE:
                return texts.database_words(seen.database)
            case texts.FOLDER:
                return f"{seen.folder.path}\n\n{texts.folder_words(seen.folder)}"
        scanner = next((one for one in seen.scanners if ("scanner", one.name) == key), None)
        return texts.scanner_words(scanner) if scanner is not None else ""

    def _try_out(
        self, paper_of: Callable[[StationPrinter, dt.datetime, Language], Document], *, moved: bool = True
    ) -> None:
        chosen = self._printer
        if chosen is None:
            return
        test_prints.may_try(self._client.actor.person.role)
        printer = chosen[0] if moved else test_prints.unmoved(chosen[0])
        moment, language = self._moment, self._language
        paper = paper_of(printer, moment, language)

        def done(pictures: tuple[Path, ...]) -> None:
            self._on_printed(printer.name, paper.title, pictures)

        self._devices.try_out(printer, lambda: paper, done, self._on_not_printed)
        self.show_again()

    def _on_printed(self, name: str, title: str, pictures: tuple[Path, ...]) -> None:
        self.show_again()
        if not pictures:
            self.context.messages.say(
                lambda: _("{paper} came out of {printer}. Look whether all of it is there.").format(
                    paper=title, printer=name
                ),
                Meaning.ALLOWED,
            )
            return
        pages = [Paper(f"{title}  {place}/{len(pictures)}", one.read_bytes()) for place, one in enumerate(pictures, 1)]
        dialog = PrintPreview(pages)
        dialog.passed.connect(self.context.router.route)
        self.context.dialogs.open(dialog)

    def _on_not_printed(self, error: BaseException) -> None:
        self.show_again()
        self.context.messages.tell(error)
        self._devices.look()
