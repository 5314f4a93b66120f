"""The row that says who somebody is: a badge or a staff number, then a PIN of 6 to 8 digits as dots."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from counterapp.ui import icons, theme
from counterapp.words import _

SHORTEST_PIN: Final = 6
LONGEST_PIN: Final = 8
_LONGEST_NUMBER: Final = 12


class BadgeRow(QWidget):
    """Takes keys by itself, so that no input method, clipboard or undo ever sees a PIN.

    `identified(who)` when a badge was scanned or a number ended with Enter; then the PIN is asked.
    `entered(who, pin)` on Enter; `incomplete()` where the PIN is too short for that.
    """

    identified = Signal(str)
    entered = Signal(str, str)
    incomplete = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._who = ""
        self._shown = ""
        self._pin = ""
        self._asks_pin = False
        self._busy = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    @property
    def who(self) -> str:
        """The badge or number so far."""
        return self._who

    @property
    def asks_pin(self) -> bool:
        """Whether it is the PIN's turn."""
        return self._asks_pin

    @property
    def dots(self) -> int:
        """How many digits of the PIN are in."""
        return len(self._pin)

    def take_badge(self, code: str) -> None:
        """Take a scanned badge; whatever was typed before is gone."""
        self._who, self._shown, self._pin, self._asks_pin = code, "", "", True
        self._tell_who()

    def greet(self, name: str) -> None:
        """Show whose badge or number it is."""
        self._shown = name
        self.update()

    def set_busy(self, busy: bool) -> None:
        """Take no keys while somebody looks up what was given."""
        self._busy = busy
        self.update()

    def ask_pin_again(self) -> None:
        """Forget the PIN, keep the person."""
        self._pin, self._busy = "", False
        self.update()

    def reset(self) -> None:
        """Forget everything."""
        self._who = self._shown = self._pin = ""
        self._asks_pin = self._busy = False
        self.update()

    def enter(self) -> None:
        """Do what Enter does."""
        if self._busy or not self._who:
            return
        if not self._asks_pin:
            self._asks_pin = True
            self._tell_who()
        elif len(self._pin) >= SHORTEST_PIN:
            self.entered.emit(self._who, self._pin)
        else:
            self.incomplete.emit()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(420), theme.px(64))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take digits, letters of a number, Backspace and Enter; leave the rest to the view."""
        shortcut = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        text = "" if shortcut else event.text()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._who:
            self.enter()
        elif event.key() == Qt.Key.Key_Backspace:
            self._take_back()
        elif text.isascii() and text.isalnum():
            if not self._busy:
                self._type(text)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.setBrush(QColor(colours.backdrop))
            painter.setPen(QPen(QColor(colours.accent if self.hasFocus() else colours.line), 2))
            painter.drawRoundedRect(box, theme.px(7), theme.px(7))
            middle = box.center().y()
            icons.paint(
                painter,
                "id-card",
                colours.accent,
                QRectF(theme.px(20), middle - theme.px(14), theme.px(28), theme.px(28)),
            )
            words = box.adjusted(theme.px(60), 0, -theme.px(20), 0)
            self._paint_who(painter, words)
            if self._asks_pin:
                self._paint_pin(painter, words)

    def _paint_who(self, painter: QPainter, words: QRectF) -> None:
        colours = theme.current()
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        shown = self._shown or (_("Badge read") if self._asks_pin and len(self._who) > _LONGEST_NUMBER else self._who)
        painter.setFont(theme.font(18, bold=bool(shown)))
        painter.setPen(QColor(colours.text if shown else colours.quiet))
        if not shown:
            painter.setFont(theme.font(16))
            painter.drawText(words, left, _("Scan the badge, or type the staff number"))
        else:
            room = words.width() - (theme.px(27 * LONGEST_PIN) if self._asks_pin else 0)
            painter.drawText(
                words, left, painter.fontMetrics().elidedText(shown, Qt.TextElideMode.ElideRight, int(room))
            )
        if self.hasFocus() and not self._asks_pin:
            wide = painter.fontMetrics().horizontalAdvance(shown) + 2 if shown else -6
            self._paint_caret(painter, words.left() + wide, words.center().y())

    def _paint_pin(self, painter: QPainter, words: QRectF) -> None:
        colours = theme.current()
        size, step = theme.px(20.0), theme.px(27.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.quiet if self._busy else colours.accent))
        places = max(SHORTEST_PIN, len(self._pin))
        right = words.right() - (places - 1) * step - size
        for place in range(places):
            dot = QRectF(right + place * step, words.center().y() - size / 2, size, size)
            if place >= len(self._pin):
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(colours.quiet), 1.5))
                dot = dot.adjusted(1, 1, -1, -1)
            painter.drawEllipse(dot)

    def _paint_caret(self, painter: QPainter, at: float, middle: float) -> None:
        painter.fillRect(QRectF(at, middle - theme.px(12), 2, theme.px(24)), QColor(theme.current().accent))

    def _type(self, text: str) -> None:
        if not self._asks_pin and len(self._who) < _LONGEST_NUMBER:
            self._who += text
        elif self._asks_pin and text.isdigit() and len(self._pin) < LONGEST_PIN:
            self._pin += text
        self.update()

    def _take_back(self) -> None:
        if self._busy:
            return
        if self._pin:
            self._pin = self._pin[:-1]
        elif self._asks_pin:
            self.reset()
        else:
            self._who = self._who[:-1]
        self.update()

    def _tell_who(self) -> None:
        self.update()
        self.identified.emit(self._who)
