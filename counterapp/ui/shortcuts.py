"""Keys by name, and the one rule for them: a key presses the button that bears it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from counterapp.ui.widgets.badge import BadgeRow
from counterapp.ui.widgets.buttons import KeyButton

_NAMES: Final = {"Return": "Enter"}


def key_name(event: QKeyEvent) -> str:
    """Return the key as buttons bear it: "F5", "Enter", "Esc", "1", "Y", "Down", "Ctrl+L"; "" for a modifier alone.

    The number pad's keys are the keys they stand for.
    """
    if event.key() in {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta}:
        return ""
    held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
    name = QKeySequence(int(held.value) | int(event.key())).toString(QKeySequence.SequenceFormat.PortableText)
    return _NAMES.get(name, name)


def press_in(place: QWidget, key: str) -> bool:
    """Press the visible, enabled button in `place` that bears `key`; digits without one go to a badge row."""
    for button in place.findChildren(KeyButton):
        if button.key == key and button.isVisible() and button.isEnabled():
            button.click()
            return True
    row = next((row for row in place.findChildren(BadgeRow) if row.isVisible() and row.isEnabled()), None)
    if row is not None and not row.hasFocus() and len(key) == 1 and key.isdigit():
        row.setFocus()
        digit = QKeyEvent(QKeyEvent.Type.KeyPress, int(Qt.Key.Key_0) + int(key), Qt.KeyboardModifier.NoModifier, key)
        QApplication.sendEvent(row, digit)
        return True
    return False


def keys_in(place: QWidget) -> list[tuple[str, str]]:
    """Return (key, words) of every visible button in `place` that bears a key, in the order they were made."""
    buttons = [button for button in place.findChildren(KeyButton) if button.key and button.isVisible()]
    return [(button.key, button.text()) for button in buttons]
