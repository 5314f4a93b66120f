"""The locker's number, as large as the place it is given; and a key of a size with what is free of it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from counterapp.desks.bagcheck.rules import Size
from counterapp.desks.bagcheck.view.sentences import size_words
from counterapp.ui import theme
from counterapp.ui.widgets import KeyButton
from counterapp.words import _


class BigNumber(QWidget):
    """A number that fills its place; `token` is a colour of the theme."""

    def __init__(self) -> None:
        super().__init__()
        self._number, self._token = "", "accent"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.px(96))

    @property
    def number(self) -> str:
        """The number shown."""
        return self._number

    def show_number(self, number: str, token: str = "accent") -> None:
        """Show a number."""
        self._number, self._token = number, token
        self.setAccessibleName(number)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(300), theme.px(240))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._number:
            return
        font = QFont(theme.FAMILY)
        font.setWeight(QFont.Weight.Bold)
        font.setPixelSize(100)
        ink = QFontMetricsF(font).tightBoundingRect(self._number)
        room = QRectF(self.rect()).adjusted(theme.px(8), theme.px(10), -theme.px(8), -theme.px(10))
        scale = min(room.width() / max(ink.width(), 1), room.height() / max(ink.height(), 1), theme.px(300) / 100)
        font.setPixelSize(max(8, int(100 * scale)))
        ink = QFontMetricsF(font).tightBoundingRect(self._number)
        with QPainter(self) as painter:
            painter.setFont(font)
            painter.setPen(theme.colour(self._token))
            painter.drawText(room.center() - ink.center(), self._number)


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
