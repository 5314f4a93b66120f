"""The rail of desks at the left: icon and name, the chosen one lit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from counterapp.ui import icons, theme
from counterapp.ui.theme import Meaning
from counterapp.ui.view import DeskTab
from counterapp.words import _

WIDTH = 88


class _Tab(QAbstractButton):
    def __init__(self, desk: DeskTab) -> None:
        super().__init__()
        self._desk = desk
        self._late = 0
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        self._speak()

    def show_late(self, count: int) -> None:
        """Bear the number of what is late there; none for 0."""
        if count != self._late:
            self._late = count
            self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._speak()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(WIDTH), theme.px(64))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(WIDTH), theme.px(50))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        pair = colours.rail_chosen if self.isChecked() else colours.rail
        with QPainter(self) as painter:
            box = QRectF(self.rect())
            if self.isChecked():
                painter.fillRect(self.rect(), QColor(pair.ground))
                painter.fillRect(QRectF(0, 0, theme.px(4), box.height()), QColor(colours.rail_edge))
            middle = box.center().x()
            top = (box.height() - theme.px(46)) / 2
            icons.paint(
                painter, self._desk.icon, pair.text, QRectF(middle - theme.px(12), top, theme.px(24), theme.px(24))
            )
            painter.setPen(QColor(pair.text))
            painter.setFont(theme.font(13, bold=self.isChecked()))
            words = QRectF(theme.px(5), top + theme.px(26), box.width() - theme.px(6), theme.px(20))
            shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(words.width()))
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, shown)
            if self._late:
                self._paint_late(painter, QRectF(middle + theme.px(6), top - theme.px(5), theme.px(20), theme.px(20)))

    def _paint_late(self, painter: QPainter, place: QRectF) -> None:
        pair = theme.current().meanings[Meaning.REFUSED]
        number = str(min(self._late, 99))
        painter.setFont(theme.font(12, bold=True))
        place.setWidth(max(place.width(), painter.fontMetrics().horizontalAdvance(number) + theme.px(10)))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(pair.ground))
        painter.drawRoundedRect(place, place.height() / 2, place.height() / 2)
        painter.setPen(QColor(pair.text))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, number)

    def _speak(self) -> None:
        self.setText(_(self._desk.name))
        self.update()


class Rail(QWidget):
    """The desks of the person who is signed in. `chosen(Desk)` by a press; Ctrl and a digit is the window's."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(theme.px(WIDTH))
        self._tabs: dict[str, _Tab] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, theme.px(9), 0, theme.px(9))
        self._column.setSpacing(0)
        self._column.addStretch(1)

    def show_desks(self, desks: Sequence[DeskTab]) -> None:
        """Show these desks, in this order."""
        for tab in self._tabs.values():
            tab.hide()
            tab.deleteLater()
        self._tabs = {}
        for place, desk in enumerate(desks):
            tab = _Tab(desk)
            tab.clicked.connect(lambda _on=False, desk=desk: self.chosen.emit(desk))
            self._column.insertWidget(place, tab)
            self._tabs[desk.name] = tab

    def show_late(self, late: Mapping[str, int]) -> None:
        """Let each desk bear the number of what is late there, by the desk's name."""
        for name, tab in self._tabs.items():
            tab.show_late(late.get(name, 0))

    def light(self, desk: DeskTab) -> None:
        """Show `desk` as the chosen one."""
        self._tabs[desk.name].setChecked(True)
