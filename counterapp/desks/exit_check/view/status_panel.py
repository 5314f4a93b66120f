"""How a form stands, in the largest letters of the program: the auditor reads it while looking at a trolley."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counterapp.desks.exit_check.view.texts import FormStatus
from counterapp.ui import theme
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import Icon, Role, Text, set_look


class StatusPanel(QWidget):
    """Icon and state at the left, the form's number at the right, what to do beneath, on the meaning's ground."""

    def __init__(self) -> None:
        super().__init__()
        self._meaning = Meaning.NEUTRAL
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.px(22), theme.px(14), theme.px(22), theme.px(14))
        line.setSpacing(theme.px(18))
        self._icon = Icon("info", size=56)
        line.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout()
        column.setSpacing(theme.px(2))
        self._words = Text("", Role.AMOUNT)
        self._number = Text("", Role.AMOUNT)
        self._what_to_do = Text("", Role.HEADING, wrap=True)
        head = QHBoxLayout()
        head.addWidget(self._words)
        head.addStretch(1)
        head.addWidget(self._number)
        column.addLayout(head)
        column.addWidget(self._what_to_do)
        line.addLayout(column, 1)

    @property
    def meaning(self) -> Meaning:
        """The meaning it has now."""
        return self._meaning

    def show_status(self, status: FormStatus, number: LiveText) -> None:
        """Show how the form `number` stands."""
        self._meaning = status.meaning
        self._icon.show_icon(status.icon, status.meaning)
        self._words.say(status.words)
        self._number.say(number)
        self._what_to_do.say(status.what_to_do)
        for text in (self._words, self._number, self._what_to_do):
            set_look(text, "meaning", status.meaning.value)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.current().meanings[self._meaning].ground))
            painter.drawRoundedRect(QRectF(self.rect()), theme.px(7), theme.px(7))
