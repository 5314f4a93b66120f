"""A key of a size, with what is free of it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent

from counterapp.desks.bagcheck.rules import Size
from counterapp.desks.bagcheck.view.texts import size_words
from counterapp.ui import theme
from counterapp.ui.widgets import KeyButton
from counterapp.words import _


class SizeKey(KeyButton):
    """The key of a size, with how many lockers of it are free."""

    def __init__(self, size: Size, key: str) -> None:
        super().__init__(partial(size_words, size), key)
        self._free = 0

    def show_free(self, free: int) -> None:
        """Say how many are free."""
        if free != self._free:
            self._free = free
            self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(118), theme.px(64))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ink = self._paint_ground(painter)
            box = QRectF(self.rect()).adjusted(theme.px(14), theme.px(8), -theme.px(12), -theme.px(8))
            left = Qt.AlignmentFlag.AlignLeft
            painter.setPen(QColor(ink))
            painter.setFont(theme.font(17, bold=True))
            painter.drawText(box, left | Qt.AlignmentFlag.AlignTop, self.text())
            quiet = theme.current().quiet
            painter.setPen(theme.colour("refused") if not self._free else QColor(quiet))
            painter.setFont(theme.font(14))
            said = _("{count} free").format(count=self._free) if self._free else _("None free")
            painter.drawText(box, left | Qt.AlignmentFlag.AlignBottom, said)
            painter.setPen(QColor(quiet))
            painter.setFont(theme.font(13, bold=True))
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.key)
