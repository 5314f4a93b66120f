"""Scanners: whatever was scanned becomes one `Scan`, and never lands in a text field.

A scanner that types sends a key every 5 to 20 ms, a person one every 80 or more. `KeyboardScanner` holds each key back
for one such gap: what follows fast enough is a scan and is swallowed whole, what does not is given back as typed.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from typing import Final

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWindow

from counterapp.core.actor import Clock, system_clock
from counterapp.errors import BadInput
from counterapp.words import N_

#: No code of a store is longer; whatever is, is not looked at.
LONGEST: Final = 64
_SHORTEST: Final = 4
#: Nobody types four keys this fast, so a scanner that pauses in the middle is waited for twice as long.
_SURE_AFTER: Final = 4
_STALL_MS: Final = 50
_MODIFIERS: Final = frozenset(
    {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_CapsLock}
)
_KEYS: Final = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride})
_ENDS: Final = {Qt.Key.Key_Return: "\r", Qt.Key.Key_Enter: "\r", Qt.Key.Key_Tab: "\t"}
#: Stands for a key without a character, so that a scan that holds one is refused.
_NO_CHARACTER: Final = "\0"


@dataclass(frozen=True, slots=True)
class Scan:
    """What was scanned: `text` in printable ASCII, 1 to 64 characters; `at` in UTC; `device` names the scanner."""

    text: str
    at: dt.datetime
    device: str


def checked(text: str) -> str:
    """Return `text` where it can be a code: 1 to 64 printable ASCII characters. Raises BadInput for anything else."""
    if not text:
        raise BadInput(N_("The scan came empty. Scan again, or press F2 and type the number."))
    if len(text) > LONGEST:
        raise BadInput(N_("That code is longer than any code of the store. Scan another one on the paper."))
    if not all(" " <= char <= "~" for char in text):
        raise BadInput(N_("That code holds characters that no code of the store has. Nothing was done with it."))
    return text


def _character(event: QKeyEvent) -> str:
    """Return the character of a key; with Ctrl or Alt (but not both: AltGr) never a printable one."""
    char = _ENDS.get(Qt.Key(event.key()), event.text()) or _NO_CHARACTER
    ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
    if ctrl is not alt and char.isprintable():
        return chr(ord(char.upper()[0]) & 0x1F) if ctrl else _NO_CHARACTER
    return char


class KeyboardScanner(QObject):
    """Listens to all keys of the program. `scanned(Scan)`; `refused(BadInput)` for a scan that is cut or no code.

    `gap_ms` is the longest time between two keys of a scanner, by the events' own time stamps; `prefix` and `suffix`
    are what it is set to send around a code ("" for none; "\\r" is Enter, "\\t" Tab). With a prefix, typing is not held
    back at all. Shortcuts inside a scan do nothing.
    """

    scanned = Signal(object)
    refused = Signal(object)

    def __init__(
        self,
        app: QCoreApplication,
        *,
        gap_ms: int = 30,
        prefix: str = "",
        suffix: str = "\r",
        device: str = "keyboard",
        clock: Clock = system_clock,
    ) -> None:
        super().__init__(app)
        self._gap, self._prefix, self._suffix = gap_ms, prefix, suffix
        self._device, self._clock = device, clock
        self._held: list[QKeyEvent] = []
        self._text = ""
        self._window: QWindow | None = None
        self._last = 0
        self._arrived = 0.0
        self._ended_at: int | None = None
        self._swallowed: set[int] = set()
        self._giving_back = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See every key where it first comes into the program: at the window, before any field or shortcut."""
        kind = event.type()
        if kind not in _KEYS or self._giving_back or not isinstance(event, QKeyEvent):
            return False
        if kind == QEvent.Type.ShortcutOverride:
            if self._held:
                event.accept()
            return bool(self._held)
        # A key without a time stamp was made by a program, and a key at a widget was seen at its window before.
        if not isinstance(watched, QWindow) or not event.timestamp() or event.key() in _MODIFIERS:
            return False
        if kind == QEvent.Type.KeyRelease:
            return self._take_release(event)
        return self._take_press(watched, event)

    def _take_release(self, event: QKeyEvent) -> bool:
        if event.key() in self._swallowed and not event.isAutoRepeat():
            self._swallowed.discard(event.key())
            return True
        if self._held:
            self._held.append(event.clone())
        return bool(self._held)

    def _take_press(self, window: QWindow, event: QKeyEvent) -> bool:
        gap = event.timestamp() - self._last
        self._last = event.timestamp()
        if event.isAutoRepeat():
            self._give_back()
            return False
        if self._held and gap > self._patience():
            self._end()
        char = _character(event)
        if (
            self._ended_at is not None
            and not self._held
            and char in "\r\n"
            and event.timestamp() - self._ended_at <= self._gap
        ):
            self._swallowed.add(event.key())  # the second half of a scanner's CR LF
            return True
        self._ended_at = None
        if self._prefix and not self._fits_prefix(self._text + char):
            self._give_back()
            return False
        self._window = window
        self._held.append(event.clone())
        self._text += char
        self._arrived = time.monotonic()
        if self._suffix and self._text.endswith(self._suffix) and self._is_scan(self._text[: -len(self._suffix)]):
            self._finish(self._text[: -len(self._suffix)])
            self._ended_at = event.timestamp()
        else:
            self._timer.start(self._patience())
        return True

    def _patience(self) -> int:
        return self._gap * (2 if len(self._text) >= _SURE_AFTER else 1)

    def _fits_prefix(self, text: str) -> bool:
        return text.startswith(self._prefix) or self._prefix.startswith(text)

    def _is_scan(self, text: str) -> bool:
        """Tell a scan from fingers by its length: nobody types so many keys within the gaps of a scanner."""
        return text.startswith(self._prefix) if self._prefix else len(text) >= _SHORTEST

    def _end(self) -> None:
        """No key followed in time: a scan without suffix, a scan that was cut, or typing."""
        if not self._is_scan(self._text):
            self._give_back()
        elif self._suffix:
            self._drop()
            self.refused.emit(BadInput(N_("The scan was cut off. Scan again.")))
        else:
            self._finish(self._text)

    def _finish(self, text: str) -> None:
        self._drop()
        try:
            code = checked(text.removeprefix(self._prefix))
        except BadInput as error:
            self.refused.emit(error)
        else:
            self.scanned.emit(Scan(code, self._clock(), self._device))

    def _drop(self) -> None:
        """Forget the keys of a scan, those that are still down with their release to come."""
        for event in self._held:
            if event.type() == QEvent.Type.KeyPress:
                self._swallowed.add(event.key())
            else:
                self._swallowed.discard(event.key())
        self._held, self._text = [], ""
        self._timer.stop()

    def _give_back(self) -> None:
        """Let the keys go where they were meant to, in their order, releases between presses as they came."""
        held, window = self._held, self._window
        self._held, self._text = [], ""
        self._timer.stop()
        if window is None or not shiboken6.isValid(window):
            return
        self._giving_back = True
        try:
            for event in held:
                QCoreApplication.sendEvent(window, event)
        finally:
            self._giving_back = False

    def _on_timeout(self) -> None:
        # Where the program itself was busy, the next keys may be waiting behind this very timer: they go first.
        if (time.monotonic() - self._arrived) * 1000 > self._patience() + _STALL_MS:
            self._arrived = time.monotonic()
            self._timer.start(self._patience())
            return
        self._end()
