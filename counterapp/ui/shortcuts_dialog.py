"""F1: all keys that work now, those of the desk first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from counterapp.ui import theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.live_text import LiveText
from counterapp.ui.widgets.buttons import KeyButton
from counterapp.ui.widgets.text import Role, Text
from counterapp.words import _


class _Cap(QWidget):
    """A key as it looks on the keyboard."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self.setAccessibleName(key)
        words = QFontMetrics(theme.font(14, bold=True)).horizontalAdvance(key)
        self.setFixedSize(QSize(max(theme.px(40), words + theme.px(18)), theme.px(28)))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.setBrush(QColor(colours.backdrop))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.px(5), theme.px(5))
            painter.setPen(QColor(colours.text))
            painter.setFont(theme.font(14, bold=True))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._key)


class ShortcutsDialog(Dialog):
    """Shows (key, words) of this desk at the left, of everywhere at the right."""

    def __init__(self, here: Sequence[tuple[str, str]], everywhere: Sequence[tuple[str, str]]) -> None:
        super().__init__(lambda: _("Keys"), width=880)
        sides = QHBoxLayout()
        sides.setSpacing(theme.px(40))
        sides.addLayout(_column(lambda: _("Here"), [*here, ("Tab", _("Go on to the next place"))]), 1)
        sides.addLayout(_column(lambda: _("Everywhere"), everywhere), 1)
        self.body.addLayout(sides)
        close = KeyButton(lambda: _("Close"), "Esc")
        close.clicked.connect(self.close_dialog)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(close)
        self.body.addSpacing(theme.px(8))
        self.body.addLayout(line)


def _column(title: LiveText, rows: Sequence[tuple[str, str]]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(theme.px(8))
    column.addWidget(Text(title, Role.SMALL))
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.px(14))
    grid.setVerticalSpacing(theme.px(2))
    grid.setColumnStretch(1, 1)
    for place, (key, said) in enumerate(rows):
        grid.addWidget(_Cap(key), place, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(Text(said), place, 1)
    column.addLayout(grid)
    column.addStretch(1)
    return column
