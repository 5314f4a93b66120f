"""What a scanner sends: the code, what it is, and how its keys came; nothing else happens with it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QHBoxLayout

from counterapp.core.store_settings import StoreSettings
from counterapp.desks.devices.services.scans import PAUSE, Keys, Kind, recognised, too_slow
from counterapp.hardware.scanner import Scan
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import Card, Role, Text, VerdictPanel
from counterapp.words import _, _n

_MODIFIERS: Final = frozenset(
    {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_CapsLock}
)
_ENDS: Final = {Qt.Key.Key_Return: "\r", Qt.Key.Key_Enter: "\r", Qt.Key.Key_Tab: "\t"}
_GOOD: Final = {Kind.UNKNOWN: Meaning.MISSING, Kind.DAMAGED: Meaning.REFUSED}


class KeyTimes(QObject):
    """Sees when keys come, before the scanner keeps them. `paused(Keys)` when no more follow.

    Nothing of what is seen is kept: it is there for the one who looks at the scan test.
    """

    paused = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._seen: list[tuple[int, int, str]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(2 * PAUSE)
        self._timer.timeout.connect(self._on_silence)

    def start(self) -> None:
        """Begin to look, before whoever looks already."""
        app = QCoreApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def stop(self) -> None:
        """Look no more."""
        app = QCoreApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self._timer.stop()
        self._seen = []

    def take(self) -> Keys:
        """Return the keys that came last, which were a scan, and forget them."""
        self._timer.stop()
        keys, self._seen = self._keys(), []
        return keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See keys where they come into the program; stop none."""
        if event.type() == QEvent.Type.KeyPress and isinstance(watched, QWindow) and isinstance(event, QKeyEvent):
            self._see(event)
        return False

    def _see(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        seen = (event.timestamp(), event.key(), _ENDS.get(key) or event.text())
        # What was no scan is given back, and comes a second time.
        if not event.timestamp() or event.isAutoRepeat() or key in _MODIFIERS or seen in self._seen:
            return
        if self._seen and seen[0] - self._seen[-1][0] > PAUSE:
            self._seen = []
        self._seen.append(seen)
        self._timer.start()

    def _keys(self) -> Keys:
        return Keys(tuple(char for _stamp, _key, char in self._seen), tuple(stamp for stamp, _key, _char in self._seen))

    def _on_silence(self) -> None:
        self.paused.emit(self.take())


class ScanTest(Card):
    """Shows the last scan, and a scanner that was too slow to be taken for one."""

    def __init__(self) -> None:
        super().__init__()
        head = QHBoxLayout()
        head.addWidget(Text(lambda: _("Scan test"), Role.HEADING))
        head.addStretch(1)
        self._origin = Text("", Role.QUIET)
        head.addWidget(self._origin)
        self.body.addLayout(head)
        self._code = Text("", Role.STRONG, elide=True)
        self.body.addWidget(self._code)
        self._verdict = VerdictPanel()
        # From the beginning, so that the list above never moves.
        self._verdict.show_verdict(
            Meaning.NEUTRAL,
            lambda: _("Scan any code, as on a test paper: what came is shown here, and nothing else happens."),
            icon="scan-barcode",
        )
        self.body.addWidget(self._verdict)

    @property
    def text(self) -> str:
        """What is shown of the last scan."""
        return f"{self._code.text()}\n{self._origin.text()}\n{self._verdict.text}"

    def show_scan(self, scan: Scan, keys: Keys | None, store: StoreSettings | None) -> None:
        """Show a scan; `keys` are those it came by, None where it came down a line."""
        kind = recognised(scan.text, store)
        self._code.say(scan.text)
        self._origin.say(lambda: _came(scan))
        self._verdict.show_verdict(
            _GOOD.get(kind, Meaning.ALLOWED), lambda: _(kind.value), (lambda: _paced(keys)) if keys is not None else ""
        )

    def show_slow(self, keys: Keys, wanted: int, gap_ms: int) -> None:
        """Show keys that were taken for typing: with `wanted` as gap_ms they would be a scan."""
        self._code.say(keys.text)
        self._origin.say("")
        self._verdict.show_verdict(
            Meaning.MISSING,
            lambda: _("This was taken for typing: up to {longest} ms between two keys, and gap_ms is {gap}.").format(
                longest=max(keys.gaps), gap=gap_ms
            ),
            lambda: _("Set the scanner to send faster, or gap_ms = {wanted} under [scanner].").format(wanted=wanted),
        )

    def hear(self, keys: Keys, gap_ms: int) -> None:
        """Look at keys that were no scan."""
        wanted = too_slow(keys, gap_ms)
        if wanted is not None:
            self.show_slow(keys, wanted, gap_ms)


def _came(scan: Scan) -> str:
    count = len(scan.text)
    said = _n("{count} character, from {device}", "{count} characters, from {device}", count)
    device = _("the scanner that types") if scan.device == "keyboard" else scan.device
    return said.format(count=count, device=device)


def _paced(keys: Keys) -> str:
    if not keys.gaps:
        return ""
    pace = _("{shortest} to {longest} ms between two keys").format(shortest=min(keys.gaps), longest=max(keys.gaps))
    ends = _("{key} at the end").format(key=keys.ends_with) if keys.ends_with else _("no Enter or Tab at the end")
    return f"{pace}  •  {ends}"
