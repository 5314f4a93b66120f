"""One of several in the room of one line: digits choose, the arrows step, Space or a press opens the list."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from counterapp.ui import theme
from counterapp.ui.live_text import LiveText, current_text

_HEIGHT: Final = 40


class ChoiceField(QWidget):
    """One of `options` (code and words); a number stands before each, and its digits choose it.

    As a line to type into its text is the code; `textChanged(str)` tells the one that the person chose, "" where they
    took it away with Backspace.
    """

    textChanged = Signal(str)  # noqa: N815 - as Qt's fields have it

    def __init__(self, options: Sequence[tuple[str, LiveText]], placeholder: LiveText = "") -> None:
        super().__init__()
        self._options, self._placeholder = options, placeholder
        self._place: int | None = None
        self._digits = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def text(self) -> str:
        """Return the code that is chosen, "" for none."""
        return "" if self._place is None else self._options[self._place][0]

    def setText(self, code: str) -> None:
        """Show `code` as chosen without telling anybody; an unknown one leaves none."""
        self._place = next((place for place, (known, _words) in enumerate(self._options) if known == code), None)
        self.update()

    def words(self) -> str:
        """Return what it shows, with the number."""
        return "" if self._place is None else self._line(self._place)

    def open_list(self) -> QMenu:
        """Open the list of all options below the field, and return it."""
        menu = QMenu(self)
        menu.setMinimumWidth(self.width())
        for place in range(len(self._options)):
            words = self._line(place).replace("&", "&&")
            menu.addAction(f"&{words}" if place < 9 else words, partial(self._take, place))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        return menu

    def sizeHint(self) -> QSize:
        return QSize(theme.px(160), theme.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(60), theme.px(_HEIGHT))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.LanguageChange, QEvent.Type.EnabledChange}:
            self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._digits = ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.open_list()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits, arrows, Space and Backspace are the field's; every other key belongs to the view."""
        last = len(self._options) - 1
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_Down if last >= 0 and not event.modifiers():
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                self._take(max(0, min(last, (-1 if self._place is None else self._place) + step)))
            case Qt.Key.Key_Space:
                self.open_list()
            case Qt.Key.Key_Backspace | Qt.Key.Key_Delete:
                self._take(None)
            case _ if event.text().isascii() and event.text().isdecimal():
                self._take_digit(event.text())
            case _:
                event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            edge = theme.px(2.0) if self.hasFocus() else 1
            painter.setPen(QPen(QColor(colours.accent if self.hasFocus() else colours.line), edge))
            painter.setBrush(QColor(colours.surface if self.isEnabled() else colours.backdrop))
            inset = edge / 2
            box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(box, theme.px(6), theme.px(6))
            is_set = self._place is not None and self.isEnabled()
            painter.setPen(QColor(colours.text if is_set else colours.quiet))
            painter.setFont(theme.font(16))
            room = box.adjusted(theme.px(12), 0, -theme.px(32), 0)
            said = self.words() or current_text(self._placeholder)
            said = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, said)
            painter.setPen(QColor(colours.quiet))
            painter.drawText(
                box.adjusted(0, 0, -theme.px(12), 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, "▾"
            )

    def _line(self, place: int) -> str:
        return f"{place + 1}  {current_text(self._options[place][1])}"

    def _take(self, place: int | None) -> None:
        if place != self._place:
            self._place = place
            self.update()
            self.textChanged.emit(self.text())

    def _take_digit(self, digit: str) -> None:
        """Choose by number; of more than nine options a second digit goes on from the first."""
        for number in (self._digits + digit, digit):
            if 1 <= int(number) <= len(self._options):
                self._digits = number
                self._take(int(number) - 1)
                return
        self._digits = ""
