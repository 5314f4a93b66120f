"""A small field with its key: the quantity, the customer's phone. Enter takes the value, Esc leaves it as it was."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRegularExpression, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QWidget

from counterapp.ui import theme
from counterapp.ui.live_text import LiveText, current_text
from counterapp.ui.widgets.buttons import KeyButton, Kind
from counterapp.ui.widgets.fields import CodeField


class _Field(CodeField):
    entered = Signal(str)
    left = Signal()

    def __init__(self, allowed: str) -> None:
        super().__init__()
        self.setValidator(QRegularExpressionValidator(QRegularExpression(allowed), self))
        self._usual = ""
        self._full = ""

    def show_value(self, usual: str, full: str) -> None:
        self._usual, self._full = usual, full
        self.setText(full if self.hasFocus() else usual)
        if self.hasFocus():
            self.selectAll()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.setText(self._full)
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        typed = self.text()
        # A field that is left for another window, or for its own menu, keeps what was typed.
        stays = {Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason}
        if event.reason() not in stays:
            if typed != self._full:
                self.entered.emit(typed)
            self.setText(self._usual)
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Enter and Esc: in a field they end the typing, and do not send the case."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.setText(self._full)
            self.left.emit()
        else:
            super().keyPressEvent(event)


class Entry(QWidget):
    """A field behind its key. `entered(str)` when another value was typed, `left()` when the focus may go on.

    `allowed` is a regular expression for what may be typed; `width` in design pixels.
    """

    entered = Signal(str)
    left = Signal()

    def __init__(self, words: LiveText, key: str, allowed: str, width: int) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(4))
        self._words = words
        self.button = KeyButton(words, key, Kind.QUIET)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line.addWidget(self.button)
        self.field = _Field(allowed)
        self.field.setFixedWidth(theme.px(width))
        line.addWidget(self.field)
        self.button.clicked.connect(self.field.setFocus)
        self.field.entered.connect(self.entered)
        self.field.left.connect(self.left)
        self.field.setAccessibleName(current_text(words))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.field.setAccessibleName(current_text(self._words))

    def show_value(self, usual: str, full: str | None = None) -> None:
        """Show a value; `full` is what stands there while it is edited, where that is more than is shown usually."""
        self.field.show_value(usual, usual if full is None else full)
