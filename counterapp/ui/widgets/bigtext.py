"""A few characters as large as their place: a locker's number, the value of a form."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from counterapp.ui import theme

_MEASURED: Final = 100


class BigText(QWidget):
    """Fills its place, up to `largest` design pixels; `token` is a colour of the theme.

    What is worth nothing is struck out.
    """

    def __init__(self, largest: int = 150) -> None:
        super().__init__()
        self._largest = largest
        self._text, self._token, self._struck = "", "text", False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.px(96))

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text

    def show_text(self, text: str, token: str = "text", *, struck: bool = False) -> None:
        """Show a number or an amount."""
        self._text, self._token, self._struck = text, token, struck
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(400), theme.px(180))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._text:
            return
        font = QFont(theme.FAMILY)
        font.setWeight(QFont.Weight.Bold)
        font.setStrikeOut(self._struck)
        font.setPixelSize(_MEASURED)
        room = QRectF(self.rect()).adjusted(theme.px(8), theme.px(6), -theme.px(8), -theme.px(6))
        ink = QFontMetricsF(font).tightBoundingRect(self._text)
        scale = min(room.width() / max(ink.width(), 1), room.height() / max(ink.height(), 1)) * _MEASURED
        font.setPixelSize(max(8, int(min(scale, theme.px(self._largest)))))
        ink = QFontMetricsF(font).tightBoundingRect(self._text)
        with QPainter(self) as painter:
            painter.setFont(font)
            painter.setPen(theme.colour(self._token))
            painter.drawText(room.center() - ink.center(), self._text)
