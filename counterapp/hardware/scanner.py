"""Scanners: whatever was scanned becomes one `Scan`, and never lands in a text field.

A scanner that types sends a key every 5 to 20 ms, a person one every 80 or more. `KeyboardScanner` holds each key back
for one such gap: what follows fast enough is a scan and is swallowed whole, what does not is given back as typed. The
same goes for what an input method makes of keys.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QInputMethodQueryEvent, QKeyEvent, QWindow

from counterapp.core.actor import Clock, system_clock
from counterapp.errors import BadInput
from counterapp.hardware.composing import EATEN, Composition
from counterapp.words import N_

#: No code of a store is longer; whatever is, is not looked at.
LONGEST: Final = 64
#: So many keys within the gaps of a scanner are no person's; with what ends a scan behind them, fewer are enough.
_SHORTEST: Final = 4
_SHORTEST_ENDED: Final = 2
#: Nobody types four keys this fast, so a scanner that pauses in the middle is waited for twice as long.
_SURE_AFTER: Final = 4
#: What comes so soon after a scan that was cut is the rest of it: no hand scans again as fast.
_REST_MS: Final = 500
#: How long input methods stay off after one took part of a scan, so that the same scan, made again, comes whole.
_HUSH_MS: Final = 5_000
# Keys and modifiers as numbers: an enumeration costs more than all the rest of a key.
_MODIFIERS: Final = frozenset(
    map(
        int,
        (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_CapsLock),
    )
)
_CTRL: Final[int] = Qt.KeyboardModifier.ControlModifier.value
_ALT: Final[int] = Qt.KeyboardModifier.AltModifier.value
_META: Final[int] = Qt.KeyboardModifier.MetaModifier.value
_FIRST_OF_F: Final = int(Qt.Key.Key_F1)
_LAST_OF_F: Final = int(Qt.Key.Key_F35)
_KEYS: Final = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride})
_LOOKED_AT: Final = _KEYS | {QEvent.Type.InputMethod, QEvent.Type.InputMethodQuery}
_ENDS: Final = {int(Qt.Key.Key_Return): "\r", int(Qt.Key.Key_Enter): "\r", int(Qt.Key.Key_Tab): "\t"}
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


def _character(event: QKeyEvent, held: bool) -> str:
    """Return the character of a key; of one that is `held` with another never a printable one."""
    char = _ENDS.get(event.key()) or event.text() or _NO_CHARACTER
    if held and char.isprintable():
        return chr(ord(char.upper()[0]) & 0x1F) if event.modifiers().value & _CTRL else _NO_CHARACTER
    return char


def _is_held(event: QKeyEvent) -> bool:
    """Whether a key is held with Ctrl, Alt (but not both: AltGr) or Meta, which makes a shortcut of it."""
    held = event.modifiers().value
    return bool(held) and (bool(held & _CTRL) is not bool(held & _ALT) or bool(held & _META))


class KeyboardScanner(QObject):
    """Listens to all keys of the program. `scanned(Scan)`; `refused(BadInput)` for a scan that is cut or no code.

    `gap_ms` is the longest time between two keys of a scanner, by the events' own time stamps; `prefix` and `suffix`
    are what it is set to send around a code ("" for none; "\\r" is Enter, "\\t" Tab). With a prefix, typing is not held
    back at all, and input methods are off from the first key of a scan on. Without one, no QShortcut of the program
    ever fires, because it would before the next key tells a scan: keys come to the window as presses.

    A code of one single character without a prefix is taken for typing.
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
        self._held: list[tuple[QObject, QEvent]] = []
        self._text = ""
        self._acts = self._follows = self._rest = self._eaten = False
        self._last: int | None = None
        self._ended_at: int | None = None
        self._cut_at: int | None = None
        self._swallowed: set[int] = set()
        self._composition = Composition()
        self._field: QObject | None = None
        self._half_typed = ""
        self._hushed = False
        self._giving_back = False
        self._timer = _timer(self, self._on_silence)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._last_look = _timer(self, self._end)
        self._hush_over = _timer(self, lambda: self._hush(False))
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See every key where it first comes into the program: at the window, before any field or shortcut."""
        kind = event.type()
        if kind not in _LOOKED_AT or self._giving_back:
            return False
        if isinstance(event, QInputMethodQueryEvent):
            asked = self._hushed and bool(event.queries() & Qt.InputMethodQuery.ImEnabled)
            if asked:
                event.setValue(Qt.InputMethodQuery.ImEnabled, False)
                event.accept()
            return asked
        if isinstance(event, QInputMethodEvent):
            return self._take_composed(watched, event)
        if not isinstance(event, QKeyEvent):
            return False
        if kind == QEvent.Type.ShortcutOverride:
            mine = bool(self._held) or not self._prefix
            if mine:
                event.accept()
            return mine
        # A key without a time stamp was made by a program, and a key at a widget was seen at its window before.
        if not isinstance(watched, QWindow) or not event.timestamp() or event.key() in _MODIFIERS:
            return False
        if kind == QEvent.Type.KeyRelease:
            return self._take_release(watched, event)
        return self._take_press(watched, event)

    def _take_release(self, window: QWindow, event: QKeyEvent) -> bool:
        if event.key() in self._swallowed and not event.isAutoRepeat():
            self._swallowed.discard(event.key())
            return True
        if self._held:
            self._held.append((window, QKeyEvent(event)))
        return bool(self._held)

    def _take_press(self, window: QWindow, event: QKeyEvent) -> bool:
        stamp = event.timestamp()
        late = self._last is not None and stamp - self._last > self._patience()
        self._last = stamp
        if event.isAutoRepeat():
            self._give_back()
            return False
        if self._held and late:
            self._end()
        held = _is_held(event)
        char = _character(event, held)
        if not self._held:
            self._rest = _within(_REST_MS, self._cut_at, stamp)
            self._follows = self._rest or _within(self._gap, self._ended_at, stamp)
            if self._follows and char in "\r\n":
                self._swallowed.add(event.key())  # the second half of a scanner's CR LF
                self._ended_at = stamp
                return True
        if self._prefix and not self._rest and not self._fits_prefix(self._text + char):
            self._give_back()
            return False
        self._acts = self._acts or held or _FIRST_OF_F <= event.key() <= _LAST_OF_F
        if self._hold(window, event, char):
            self._ended_at = stamp
        return True

    def _take_composed(self, field: QObject, event: QInputMethodEvent) -> bool:
        half_typed = self._composition.shown
        char = self._composition.read(event)
        if self._prefix and char and not self._fits_prefix(self._text + char):
            self._give_back()
            return False
        if not self._held:
            if not char or (char == EATEN and not self._hushed):
                return False
            self._follows = self._hushed
        # There is no time stamp to go by: what comes before the silence is noticed belongs together.
        self._last = None
        if self._field is None:
            self._field, self._half_typed = field, half_typed
        self._eaten = self._eaten or char == EATEN
        self._hold(field, event, char)
        return True

    def _hold(self, target: QObject, event: QKeyEvent | QInputMethodEvent, char: str) -> bool:
        """Hold back one more event of what may be a scan; return whether it is the one that ends it."""
        # Not `clone`: nobody would own what it makes.
        self._held.append((target, QKeyEvent(event) if isinstance(event, QKeyEvent) else QInputMethodEvent(event)))
        self._text += char
        if len(self._text) >= _SURE_AFTER or (self._prefix and self._text.startswith(self._prefix)):
            self._hush(True)
        code = self._text.removesuffix(self._suffix)
        if len(code) < len(self._text) and self._is_scan(code, _SHORTEST_ENDED):
            self._finish(code)
            return True
        self._last_look.stop()
        self._timer.start(self._patience())
        return False

    def _patience(self) -> int:
        return self._gap * (2 if len(self._text) >= _SURE_AFTER else 1)

    def _fits_prefix(self, text: str) -> bool:
        return text.startswith(self._prefix) or self._prefix.startswith(text)

    def _is_scan(self, code: str, shortest: int) -> bool:
        """Tell a scan from fingers by its length: nobody types so many keys within the gaps of a scanner."""
        if self._prefix and not self._rest:
            return code.startswith(self._prefix)
        if self._follows:
            return bool(code)
        return len(code) >= shortest or (self._acts and len(self._text) >= 2)

    def _end(self) -> None:
        """No key followed in time: a scan without suffix, a scan that was cut, or typing."""
        if not self._is_scan(self._text, _SHORTEST):
            self._give_back()
        elif self._suffix:
            self._cut_at = self._last
            self._rest = True
            self._finish(self._text)
        else:
            self._finish(self._text)

    def _finish(self, text: str) -> None:
        if self._eaten:
            self._refuse(BadInput(N_("The input method took part of the scan. Nothing was done with it. Scan again.")))
            return
        if self._rest:
            self._refuse(BadInput(N_("The scan was cut off. Scan again.")))
            return
        try:
            code = checked(text.removeprefix(self._prefix))
        except BadInput as error:
            self._refuse(error)
        else:
            self._drop()
            self.scanned.emit(Scan(code, self._clock(), self._device))

    def _refuse(self, why: BadInput) -> None:
        self._drop()
        self.refused.emit(why)

    def _drop(self) -> None:
        """Forget the keys of a scan, those that are still down with their release to come."""
        for _target, event in self._held:
            if not isinstance(event, QKeyEvent):
                continue
            if event.type() == QEvent.Type.KeyPress:
                self._swallowed.add(event.key())
            else:
                self._swallowed.discard(event.key())
        field, half_typed, eaten = self._field, self._half_typed, self._eaten
        self._forget()
        if field is not None:
            self._let_go(field, half_typed)
        if eaten:
            self._hush_over.start(_HUSH_MS)
        elif not self._hush_over.isActive():
            self._hush(False)

    def _let_go(self, field: QObject, half_typed: str) -> None:
        """Empty the input method of the scan; what the person had typed into it before stands as they saw it."""
        self._giving_back = True
        try:
            QGuiApplication.inputMethod().reset()
            if shiboken6.isValid(field):
                kept = QInputMethodEvent()
                kept.setCommitString(half_typed)
                QCoreApplication.sendEvent(field, kept)
        finally:
            self._giving_back = False
        self._composition.shown = ""

    def _give_back(self) -> None:
        """Let the keys go where they were meant to, in their order, releases between presses as they came."""
        held = self._held
        self._forget()
        if not self._hush_over.isActive():
            self._hush(False)
        self._giving_back = True
        try:
            for target, event in held:
                if shiboken6.isValid(target):
                    QCoreApplication.sendEvent(target, event)
        finally:
            self._giving_back = False

    def _forget(self) -> None:
        self._held, self._text, self._half_typed = [], "", ""
        self._acts = self._follows = self._rest = self._eaten = False
        self._field = None
        self._timer.stop()
        self._last_look.stop()

    def _hush(self, quiet: bool) -> None:
        """Turn input methods off, or on again: while they are off, whatever has the focus says that it takes none."""
        if quiet is not self._hushed:
            self._hushed = quiet
            QGuiApplication.inputMethod().update(Qt.InputMethodQuery.ImEnabled)

    def _on_silence(self) -> None:
        # Where the program itself was busy, the next keys wait behind this very timer: they go first.
        self._last_look.start(1)


def _within(milliseconds: int, before: int | None, stamp: int) -> bool:
    return before is not None and 0 <= stamp - before <= milliseconds


def _timer(scanner: QObject, ring: Callable[[], object]) -> QTimer:
    timer = QTimer(scanner)
    timer.setSingleShot(True)
    timer.timeout.connect(ring)
    return timer
