"""Fields to type into. None of them ever gets a scan: the scanner's filter swallows it before any field, also what an
input method has made of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit

from counterapp.ui import theme
from counterapp.ui.live_text import LiveText, current_text
from counterapp.ui.widgets.text import Role, Text


class TextField(QLineEdit):
    """One line for names and reasons, in whatever script. Enter is left to the view's primary button."""

    def __init__(self, placeholder: LiveText = "", longest: int = 200) -> None:
        super().__init__()
        self._placeholder = placeholder
        self.setMaxLength(longest)
        self.setPlaceholderText(current_text(placeholder))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.setPlaceholderText(current_text(self._placeholder))


class CodeField(TextField):
    """One line for numbers and codes.

    It answers ImEnabled with no, because a Chinese input method would otherwise take digits and scans for pinyin
    before any key event is made; the hint ImhLatinOnly does not stop it.
    """

    def inputMethodQuery(self, query: Qt.InputMethodQuery, argument: Any = None) -> Any:
        if query == Qt.InputMethodQuery.ImEnabled:
            return False
        return super().inputMethodQuery(query)


def field_row(fields: Sequence[tuple[QLineEdit, LiveText, int]]) -> QGridLayout:
    """Return fields beside each other, each below its label; one of width 0 has the room that the others leave."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.px(12))
    grid.setVerticalSpacing(theme.px(4))
    for column, (field, label, width) in enumerate(fields):
        grid.addWidget(Text(label, Role.LABEL), 0, column)
        grid.addWidget(field, 1, column)
        if width:
            field.setFixedWidth(theme.px(width))
        else:
            grid.setColumnStretch(column, 1)
    return grid
