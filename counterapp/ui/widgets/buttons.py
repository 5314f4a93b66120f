"""Buttons that show the key that presses them, and boxes to tick."""

from __future__ import annotations

import enum
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from counterapp.ui import icons, theme
from counterapp.ui.live_text import LiveText, current_text


class Kind(enum.Enum):
    """How a button looks and behaves."""

    PRIMARY = enum.auto()
    SECONDARY = enum.auto()
    SEGMENT = enum.auto()
    CHOICE = enum.auto()
    ANSWER = enum.auto()
    QUIET = enum.auto()


_HEIGHT: Final = {
    Kind.PRIMARY: 60,
    Kind.SECONDARY: 56,
    Kind.SEGMENT: 48,
    Kind.CHOICE: 42,
    Kind.ANSWER: 40,
    Kind.QUIET: 40,
}
_TYPE: Final = {Kind.PRIMARY: (18, True), Kind.SEGMENT: (17, True), Kind.CHOICE: (16, False), Kind.QUIET: (15, True)}
_CHECKABLE: Final = {Kind.SEGMENT, Kind.CHOICE, Kind.ANSWER}


class KeyButton(QAbstractButton):
    """A button whose `key` ("F5", "Enter", "1") stands on it; View and Sheet press it when the key comes."""

    def __init__(self, words: LiveText, key: str = "", kind: Kind = Kind.SECONDARY, *, icon: str = "") -> None:
        super().__init__()
        self.kind = kind
        self._words = words
        self._key = key
        self._icon = icon
        self.setCheckable(kind in _CHECKABLE)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._speak()

    @property
    def key(self) -> str:
        """The key that presses it, "" for none."""
        return self._key

    def set_key(self, key: str) -> None:
        """Give it another key."""
        self._key = key
        self.updateGeometry()
        self.update()

    def set_icon(self, icon: str) -> None:
        """Give it another icon, "" for none."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    def say(self, words: LiveText) -> None:
        """Show other words."""
        self._words = words
        self._speak()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._speak()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter press the button that has the focus; arrows and all other keys belong to the view."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        elif event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def sizeHint(self) -> QSize:
        size, bold = _TYPE.get(self.kind, (16, True))
        wide = QFontMetrics(theme.font(size, bold or self.isCheckable())).horizontalAdvance(self.text())
        if self._icon:
            wide += theme.px(28)
        if self.kind is Kind.CHOICE:
            wide += theme.px(10 + (36 if self._key else 12))
        elif self._key:
            # the words stay in the middle, so the key's room is kept on both sides where there is space for it
            wide += self._key_width() + theme.px(44)
        else:
            wide += theme.px(32)
        return QSize(wide, theme.px(_HEIGHT[self.kind]))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ink = self._paint_ground(painter)
            box = QRectF(self.rect())
            if self.kind is Kind.CHOICE:
                self._paint_choice(painter, box, ink)
                return
            size, bold = _TYPE.get(self.kind, (16, True))
            painter.setFont(theme.font(size, bold))
            painter.setPen(QColor(ink))
            words = painter.fontMetrics().horizontalAdvance(self.text())
            icon = theme.px(28) if self._icon else 0
            right = box.width() - theme.px(14) - (self._key_width() + theme.px(10) if self._key else 0)
            left = max(theme.px(12.0), min((box.width() - words - icon) / 2, right - words - icon))
            if self._icon:
                square = QRectF(left, box.center().y() - theme.px(10), theme.px(20), theme.px(20))
                icons.paint(painter, self._icon, ink, square)
            place = QRectF(left + icon, 0, box.width() - left - icon, box.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
            if self._key:
                painter.setFont(theme.font(13, bold=True))
                quiet = ink if self._filled() else theme.current().quiet
                painter.setPen(QColor(quiet))
                place = box.adjusted(0, 0, -theme.px(14), 0)
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._key)

    def _filled(self) -> bool:
        if not self.isEnabled():
            return False
        return self.kind is Kind.PRIMARY or (self.kind in {Kind.SEGMENT, Kind.ANSWER} and self.isChecked())

    def _paint_ground(self, painter: QPainter) -> str:
        """Draw ground, edge and the ring of the focus; return the ink for the words."""
        colours = theme.current()
        ground, edge, ink, width = colours.surface, colours.line, colours.text, 1.0
        if not self.isEnabled():
            ground, ink = colours.backdrop, colours.quiet
        elif self._filled():
            pair = colours.pressed if self.isDown() else colours.action
            ground, edge, ink = pair.ground, pair.ground, pair.text
        elif self.kind is Kind.CHOICE and self.isChecked():
            ground, edge, ink, width = colours.chosen.ground, colours.accent, colours.chosen.text, theme.px(2.0)
        elif self.isDown():
            ground, ink = colours.chosen.ground, colours.chosen.text
        elif self.kind is Kind.QUIET:
            edge = ground
        painter.setBrush(QColor(ground))
        painter.setPen(QPen(QColor(edge), width))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), theme.px(7), theme.px(7))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(ink if self._filled() else colours.accent), 2))
            gap = 4.0 if self._filled() else 1.0
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(gap, gap, -gap, -gap), theme.px(5), theme.px(5))
        return ink

    def _paint_choice(self, painter: QPainter, box: QRectF, ink: str) -> None:
        painter.setFont(theme.font(16, bold=self.isChecked()))
        painter.setPen(QColor(ink))
        room = box.adjusted(theme.px(10), 0, -theme.px(34 if self._key else 8), 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if not self._key:
            return
        cap = QRectF(box.right() - theme.px(32), box.center().y() - theme.px(12), theme.px(24), theme.px(24))
        colours = theme.current()
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.setBrush(QColor(colours.backdrop))
        painter.drawRoundedRect(cap, theme.px(4), theme.px(4))
        painter.setPen(QColor(colours.quiet))
        painter.setFont(theme.font(13, bold=True))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._key)

    def _key_width(self) -> int:
        return QFontMetrics(theme.font(13, bold=True)).horizontalAdvance(self._key)

    def _speak(self) -> None:
        self.setText(current_text(self._words))
        self.updateGeometry()
        self.update()


class Tick(KeyButton):
    """A box to tick with its sentence; Space or its key turns it over, `toggled(bool)` tells."""

    def __init__(self, words: LiveText, key: str = "") -> None:
        super().__init__(words, key, Kind.QUIET)
        self.setCheckable(True)

    def sizeHint(self) -> QSize:
        wide = QFontMetrics(theme.font(17)).horizontalAdvance(self.text())
        return QSize(wide + theme.px(50 + (40 if self._key else 0)), theme.px(42))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colours = theme.current()
            box = QRectF(self.rect())
            if self.hasFocus():
                painter.setPen(QPen(QColor(colours.accent), 2))
                painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.px(6), theme.px(6))
            square = QRectF(0, box.center().y() - theme.px(14), theme.px(28), theme.px(28))
            name, ink = ("square-check-big", colours.accent) if self.isChecked() else ("square", colours.quiet)
            icons.paint(painter, name, ink, square)
            painter.setFont(theme.font(17))
            painter.setPen(QColor(colours.text if self.isEnabled() else colours.quiet))
            words = box.adjusted(theme.px(42), 0, 0, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
            if self._key:
                painter.setFont(theme.font(13, bold=True))
                painter.setPen(QColor(colours.quiet))
                right = box.adjusted(0, 0, -theme.px(14), 0)
                painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._key)
