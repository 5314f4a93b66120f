"""Codes made to harm: whatever a barcode can make a scanner type, at a window that has something to lose."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPushButton, QWidget

from counterapp.hardware.scanner import LONGEST, KeyboardScanner, Scan
from counterapp.ui.shortcuts import key_name

_NONE: Final = Qt.KeyboardModifier.NoModifier
_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_META, _SHIFT = Qt.KeyboardModifier.MetaModifier, Qt.KeyboardModifier.ShiftModifier
_WITH: Final = (_CTRL, _ALT, _META, _CTRL | _SHIFT, _ALT | _SHIFT)
_PLAIN: Final = string.digits + string.ascii_uppercase
#: Without the one that ends a scan, nor Ctrl+M, which is the same: a code that holds it is two.
_LETTERS: Final = string.ascii_uppercase.replace("M", "")
_BYTES: Final = "".join(chr(byte) for byte in range(256) if byte != 0x0D)
_ACTING: Final = (
    *(Qt.Key(Qt.Key.Key_F1 + place) for place in range(12)),
    Qt.Key.Key_Escape, Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Home, Qt.Key.Key_Up, Qt.Key.Key_Tab,
)  # fmt: skip
_SHORTCUTS: Final = (
    "Ctrl+Q", "Ctrl+W", "Ctrl+L", "Ctrl+V", "Ctrl+1", "Alt+F4", "Alt+A", "Meta+R", "F1", "F2", "F7", "F12", "Escape",
    "Ctrl+Shift+A", "Delete", "A", "7",
)  # fmt: skip


@dataclass(frozen=True)
class Key:
    """A key as the system sends it; without `text` it is struck through the platform, so that shortcuts are tried."""

    key: Qt.Key
    held: Qt.KeyboardModifier = _NONE
    text: str | None = None


@dataclass(frozen=True)
class Hostile:
    """The keys of a scan before its Enter; `code` where they are a code after all, "" where they are none."""

    keys: tuple[Key, ...]
    code: str = ""


def hostile_scans(count: int, chance: random.Random) -> Iterator[Hostile]:
    """Give `count` scans of every kind, mixed. None is a single printable character, which is typing."""
    kinds = (_sound, _bytes, _shortcuts, _controls, _unicode)
    for place in range(count):
        length = chance.randint(600, 3000) if place % 500 == 499 else chance.randint(2, 24)
        yield kinds[place % len(kinds)](chance, length)


def _sound(chance: random.Random, length: int) -> Hostile:
    code = "".join(chance.choices(_PLAIN, k=length))
    return Hostile(tuple(_typed(char) for char in code), code if length <= LONGEST else "")


def _bytes(chance: random.Random, length: int) -> Hostile:
    text = "".join(chance.choices(_BYTES, k=length)) + "\x00"
    return Hostile(tuple(_typed(char) for char in text))


def _shortcuts(chance: random.Random, length: int) -> Hostile:
    """A shortcut or more in a code: at its head, its end, or anywhere."""
    keys = [Key(Qt.Key(ord(char))) for char in chance.choices(_PLAIN, k=length)]
    for _ in range(chance.randint(1, 3)):
        place = chance.choice((0, len(keys), chance.randrange(len(keys))))
        letter = Key(Qt.Key(ord(chance.choice(string.digits + _LETTERS))), chance.choice(_WITH))
        keys.insert(place, chance.choice((letter, Key(chance.choice(_ACTING)), Key(Qt.Key.Key_F4, _ALT))))
    return Hostile(tuple(keys))


def _controls(chance: random.Random, length: int) -> Hostile:
    """Control characters as scanners send them: Ctrl with a letter."""
    letters = chance.choices(_LETTERS, k=length)
    return Hostile(tuple(Key(Qt.Key(ord(char)), _CTRL, chr(ord(char) & 0x1F)) for char in letters))


def _unicode(chance: random.Random, length: int) -> Hostile:
    text = "".join(chance.choices("退货é￥\u202e\u0000\U0001f600\ud7ffA1", k=length)) + "退"
    return Hostile(tuple(_typed(char) for char in text))


def _typed(char: str) -> Key:
    key = {"\r": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab, "\x1b": Qt.Key.Key_Escape, "\x08": Qt.Key.Key_Backspace}
    known = char.isascii() and char.isprintable()
    return Key(key.get(char) or Qt.Key(ord(char.upper()) if known else Qt.Key.Key_unknown), _NONE, char)


class Target:
    """A window with a field that has the focus, a button, keys of its own and shortcuts; and what came of the scans."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self.fired: list[str] = []
        self.pressed: list[str] = []
        self.codes: list[str] = []
        self.refused = 0
        self.window = _Window(self.pressed)
        self.field, self.button = QLineEdit("as it was"), QPushButton("go on")
        self.button.setDefault(True)
        self.button.clicked.connect(lambda: self.fired.append("the button"))
        self.field.returnPressed.connect(lambda: self.fired.append("Enter"))
        line = QHBoxLayout(self.window)
        line.addWidget(self.field)
        line.addWidget(self.button)
        for keys in _SHORTCUTS:
            shortcut = QShortcut(QKeySequence(keys), self.window)
            shortcut.activated.connect(lambda keys=keys: self.fired.append(keys))
        self.window.show()
        self.window.activateWindow()
        app.processEvents()
        self.field.setFocus()
        # Keys through the platform bear its own time: whatever else the machine does must not look like a pause.
        self._scanner = KeyboardScanner(app, gap_ms=2000)
        self._scanner.scanned.connect(self._on_scanned)
        self._scanner.refused.connect(self._on_refused)
        self._stamp = 10**9

    def scan(self, hostile: Hostile) -> None:
        """Type the keys and Enter as fast as they go."""
        # The platform has a clock of its own, so that all keys of a scan take the same way.
        end = Key(Qt.Key.Key_Return, text=None if hostile.keys[-1].text is None else "\r")
        for one in (*hostile.keys, end):
            if one.text is None:
                QTest.keyClick(self.window.windowHandle(), one.key, one.held)
                continue
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, int(one.key), one.held, one.text)
                event.setTimestamp(self._stamp)
                QCoreApplication.sendEvent(self.window.windowHandle(), event)
            self._stamp += 8

    def settle(self) -> None:
        """Let whatever is under way end."""
        self._app.processEvents()

    def require_unharmed(self) -> None:
        """Raise AssertionError where anything was pressed, typed, fired or closed."""
        assert (self.fired, self.pressed) == ([], [])
        assert self.field.text() == "as it was"
        assert not self.field.hasSelectedText()
        assert self.field.hasFocus()
        assert self.window.isVisible()

    def close(self) -> None:
        """Hear no more keys."""
        self._app.removeEventFilter(self._scanner)
        self.window.close()

    def _on_scanned(self, scan: Scan) -> None:
        self.codes.append(scan.text)

    def _on_refused(self, _why: object) -> None:
        self.refused += 1


class _Window(QWidget):
    def __init__(self, pressed: list[str]) -> None:
        super().__init__()
        self._pressed = pressed

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        name = key_name(event)
        if name:
            self._pressed.append(name)
