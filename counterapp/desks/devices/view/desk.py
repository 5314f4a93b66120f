"""The devices desk: everything that stands on this PC, how it is, and what to do about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from counterapp.core.actor import Role
from counterapp.desks.devices.printouts import Language
from counterapp.desks.devices.services import test_prints
from counterapp.desks.devices.services.device_status import Seen
from counterapp.desks.devices.services.scans import Keys
from counterapp.desks.devices.view import texts
from counterapp.desks.devices.view.device_poller import DevicePoller
from counterapp.desks.devices.view.scan_test import KeyTimes, ScanTest
from counterapp.errors import NotAllowed
from counterapp.hardware.printers import DeviceState, StationPrinter
from counterapp.hardware.scanner import Scan
from counterapp.ui import theme
from counterapp.ui.print_preview import Paper, PrintPreview
from counterapp.ui.theme import Meaning
from counterapp.ui.view import View, ViewContext
from counterapp.ui.widgets import Card, KeyButton, LineTable, ScrollColumn, Text
from counterapp.ui.widgets import Role as TextRole
from counterapp.words import N_, _
from counterapp.work import StoreClient
from printers.document import Document

#: How often the devices are looked at while the desk is, in milliseconds.
EVERY: Final = 4_000
_WIDTH: Final = 440
_KEYBOARD: Final = "keyboard"


class DevicesView(View):
    """The list at the left, the scan test below it; at the right the one that is chosen, in full."""

    title = N_("Devices")
    hint = N_("Printers, scanners, database")
    icon = "plug"

    def __init__(self, context: ViewContext, client: StoreClient) -> None:
        super().__init__(context)
        self._client = client
        assert client.database.heads is not None  # who opens a store names the data folder
        self._data = client.database.heads.path.parent
        self._seen: Seen | None = None
        self._asking = DevicePoller(client, self._data)
        self._asking.looked.connect(self._on_looked)
        self._asking.failed.connect(context.messages.tell)
        self._keys = KeyTimes()
        self._keys.paused.connect(self._on_paused)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(16))
        left = QVBoxLayout()
        left.setSpacing(theme.px(12))
        left.addWidget(self._make_list(), 1)
        self._scans = ScanTest()
        left.addWidget(self._scans)
        line.addLayout(left, 1)
        line.addWidget(self._make_chosen())
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._asking.look)
        self.destroyed.connect(self._asking.stop)

    def activated(self) -> None:
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show()
        self._asking.look()

    def retranslate(self) -> None:
        self._show()

    def keys(self) -> list[tuple[str, str]]:
        return [("↑ ↓", _("Another device")), *super().keys()]

    def press(self, key: str) -> bool:
        if key in {"Up", "Down"}:
            self._table.step(1 if key == "Down" else -1)
            return True
        return super().press(key)

    def take_scan(self, scan: Scan) -> bool:
        if not self._is_it:
            return False
        keys = self._keys.take() if scan.device == _KEYBOARD else None
        self._scans.show_scan(scan, keys, self._client.store)
        return True

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
        try:
            return self._client.actor.person.role is Role.IT
        except NotAllowed:  # behind the door
            return False

    @property
    def _printer(self) -> tuple[StationPrinter, DeviceState] | None:
        """The printer that is chosen."""
        if self._seen is None:
            return None
        both = zip(self._seen.printers, self._seen.states, strict=True)
        return next((one for one in both if ("printer", one[0].name) == self._table.current_key), None)

    @property
    def _moment(self) -> dt.datetime:
        store = self._client.store
        return self._client.clock().astimezone(store.zone_info if store is not None else None)

    @property
    def _language(self) -> Language:
        store = self._client.store
        return "en" if store is not None and store.language == "en" else "zh"

    def _make_list(self) -> Card:
        card = Card(1)
        card.body.setContentsMargins(1, 1, 1, theme.px(8))
        self._table = LineTable(lambda: _("Device"), [], lambda: _("State"))
        self._table.chosen.connect(self._show_chosen)
        card.body.addWidget(self._table)
        return card

    def _make_chosen(self) -> Card:
        card = Card()
        card.setFixedWidth(theme.px(_WIDTH))
        self._name = Text("", TextRole.HEADING, elide=True)
        self._about = Text("", TextRole.BODY, wrap=True)
        self._about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = ScrollColumn()
        column.body.addWidget(self._about, 1)
        card.body.addWidget(self._name)
        card.body.addWidget(column, 1)
        self._trial = KeyButton(lambda: _("Print a test paper"), "F6", icon="printer")
        self._trial.clicked.connect(lambda: self._try_out(test_prints.trial))
        self._calibrate = KeyButton(lambda: _("Print the calibration sheet"), "F7")
        self._calibrate.clicked.connect(lambda: self._try_out(test_prints.calibration))
        self._unmoved = KeyButton(lambda: _("Calibration sheet without offsets"), "F8")
        self._unmoved.clicked.connect(lambda: self._try_out(test_prints.calibration, moved=False))
        self._again = KeyButton(lambda: _("Look again"), "F5")
        self._again.clicked.connect(self._on_again)
        for button in (self._trial, self._calibrate, self._unmoved, self._again):
            card.body.addWidget(button)
        return card

    def _on_again(self) -> None:
        self._asking.look()
        self._show_chosen()

    def _on_looked(self, seen: Seen) -> None:
        self._seen = seen
        self._show()

    def _on_paused(self, keys: Keys) -> None:
        if self._seen is not None and self._is_it:
            self._scans.hear(keys, self._seen.settings.scanner.gap_ms)

    def _show(self) -> None:
        seen = self._seen
        if seen is not None:
            trying_out = [one.name for one in seen.printers if self._asking.is_trying(one.name)]
            rows = texts.rows_of(seen, trying_out)
            self._table.show_rows(rows)
            if self._table.current_key is None:
                self._table.choose(rows[0].key)
        self._scans.setVisible(self._is_it)
        self._show_chosen()

    def _show_chosen(self) -> None:
        seen, chosen = self._seen, self._printer
        self._again.setEnabled(not self._asking.is_looking)
        may_print = chosen is not None and self._is_it and not self._asking.is_trying(chosen[0].name)
        for button in (self._trial, self._calibrate, self._unmoved):
            button.setVisible(chosen is not None and self._is_it)
            button.setEnabled(may_print)
        if chosen is not None:
            self._calibrate.setVisible(self._is_it and test_prints.is_placed(chosen[0]))
            self._unmoved.setVisible(self._calibrate.isVisibleTo(self) and test_prints.offsets(chosen[0]) != (0, 0))
        if seen is None:
            self._name.say(lambda: _("Looking at the devices"))
            self._about.say("")
            return
        name, about = self._words_of(seen)
        self._name.say(name)
        self._about.say(about)

    def _words_of(self, seen: Seen) -> tuple[str, str]:
        """Return name and all that is to be said of what is chosen."""
        key, chosen = self._table.current_key, self._printer
        row = next((row for row in self._table.rows if row.key == key), None)
        name = row.name if row is not None else ""
        if chosen is not None:
            return name, texts.printer_words(*chosen, self._data)
        match key:
            case texts.SETTINGS:
                return name, str(seen.mistakes)
            case texts.KEYBOARD:
                return name, texts.keyboard_words()
            case texts.DATABASE:
                return name, texts.database_words(seen.database)
            case texts.FOLDER:
                return name, f"{seen.folder.path}\n\n{texts.folder_words(seen.folder)}"
        scanner = next((one for one in seen.scanners if ("scanner", one.name) == key), None)
        return name, texts.scanner_words(scanner) if scanner is not None else ""

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

        self._asking.try_out(printer, lambda: paper, done, self._on_not_printed)
        self._show()

    def _on_printed(self, name: str, title: str, pictures: tuple[Path, ...]) -> None:
        self._show()
        if not pictures:
            self.context.messages.say(
                lambda: _("{paper} came out of {printer}. Look whether all of it is there.").format(
                    paper=title, printer=name
                ),
                Meaning.ALLOWED,
            )
            return
        pages = [Paper(f"{title}  {place}/{len(pictures)}", one.read_bytes()) for place, one in enumerate(pictures, 1)]
        sheet = PrintPreview(pages)
        sheet.passed.connect(self.context.router.route)
        self.context.dialogs.open(sheet)

    def _on_not_printed(self, error: BaseException) -> None:
        self._show()
        self.context.messages.tell(error)
        self._asking.look()
