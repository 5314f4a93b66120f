"""Several lines for what a customer says and what was found."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from counterapp.ui import theme
from counterapp.ui.live_text import LiveText, current_text

_AROUND: Final = 20


class NotesField(QPlainTextEdit):
    """Words with line breaks, `lines` of them in sight. Enter breaks the line and Tab goes on to the next field;
    Ctrl+Enter is left to the view."""

    def __init__(self, placeholder: LiveText = "", lines: int = 3) -> None:
        super().__init__()
        self._placeholder = placeholder
        self.setTabChangesFocus(True)
        self.setPlaceholderText(current_text(placeholder))
        self.ensurePolished()
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + theme.px(_AROUND))

    def text(self) -> str:
        """Return what was typed."""
        return self.toPlainText()

    def setText(self, text: str) -> None:
        """Show these words; who types them again undoes it."""
        self.setPlainText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.setPlaceholderText(current_text(self._placeholder))
