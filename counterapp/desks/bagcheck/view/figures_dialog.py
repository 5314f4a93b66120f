"""Today's occupancy as a curve, and the busiest hours by weekday, painted."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QWidget

from counterapp.desks.bagcheck.rules import Point
from counterapp.desks.bagcheck.services.figures import BusyHour
from counterapp.ui import theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.widgets import KeyButton, Role, Text
from counterapp.words import N_, _

_WIDTH: Final = 1080
_DAYS: Final = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
#: The curve begins at this hour, or earlier where somebody was earlier.
_FIRST: Final = 7


@dataclass(frozen=True, slots=True)
class Figures:
    """What is drawn: today's steps, the busiest hours, how many lockers there are."""

    curve: tuple[Point, ...]
    busy: tuple[BusyHour, ...]
    lockers: int


class _Curve(QWidget):
    """How many lockers were taken in the course of today."""

    def __init__(self, figures: Figures, zone: dt.tzinfo) -> None:
        super().__init__()
        self._points = [(_hour(point.at.astimezone(zone)), point.taken) for point in figures.curve]
        most = max((taken for _at, taken in self._points), default=0)
        step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500) if most <= step * 4)
        self._step, self._top = step, max(step, math.ceil(most / step) * step)
        self.setMinimumHeight(theme.px(120))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(800), theme.px(170))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        plot = QRectF(self.rect()).adjusted(theme.px(40), theme.px(8), -theme.px(26), -theme.px(24))
        first = min([_FIRST, *(int(at) for at, _taken in self._points if at > 0)])

        def place(at: float, taken: float) -> QPointF:
            share = (max(at, first) - first) / (24 - first)
            return QPointF(plot.left() + share * plot.width(), plot.bottom() - taken / self._top * plot.height())

        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(theme.font(13))
            for taken in range(0, self._top + 1, self._step):
                line = place(first, taken)
                painter.setPen(QPen(QColor(colours.line), 1))
                painter.drawLine(line, QPointF(plot.right(), line.y()))
                painter.setPen(QColor(colours.quiet))
                box = QRectF(0, line.y() - theme.px(10), plot.left() - theme.px(8), theme.px(20))
                painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(taken))
            for hour in range(first + first % 2, 25, 2):
                middle = place(hour, 0)
                box = QRectF(middle.x() - theme.px(24), plot.bottom() + theme.px(4), theme.px(48), theme.px(20))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{hour}:00")
            steps: list[QPointF] = []
            before = 0
            for at, taken in self._points:
                steps.append(place(at, before))
                steps.append(place(at, taken))
                before = taken
            if not steps:
                return
            ground = QPolygonF([*steps, QPointF(steps[-1].x(), plot.bottom()), place(first, 0)])
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.chosen.ground))
            painter.drawPolygon(ground)
            painter.setPen(QPen(QColor(colours.accent), theme.px(2)))
            painter.drawPolyline(QPolygonF(steps))


class _Hours(QWidget):
    """Deposits an hour on the average, a weekday a row; the deeper the colour the busier."""

    def __init__(self, busy: Sequence[BusyHour]) -> None:
        super().__init__()
        self._busy = {(one.weekday, one.hour): one.deposits for one in busy}
        hours = [hour for _day, hour in self._busy]
        self._first, self._last = min([9, *hours]), max([21, *hours])
        self._most = max(self._busy.values(), default=0.0)
        self.setMinimumHeight(theme.px(22 + 7 * 22))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(800), theme.px(22 + 7 * 28))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        left, top = theme.px(56), theme.px(22)
        wide = (self.width() - left) / (self._last - self._first + 1)
        high = (self.height() - top) / 7
        middle = Qt.AlignmentFlag.AlignCenter
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(theme.font(13))
            painter.setPen(QColor(colours.quiet))
            for hour in range(self._first, self._last + 1):
                painter.drawText(QRectF(left + (hour - self._first) * wide, 0, wide, top), middle, f"{hour}")
            for day, name in enumerate(_DAYS):
                painter.setPen(QColor(colours.quiet))
                box = QRectF(0, top + day * high, left - theme.px(8), high)
                painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, _(name))
                for hour in range(self._first, self._last + 1):
                    cell = QRectF(left + (hour - self._first) * wide, top + day * high, wide, high)
                    self._paint_hour(painter, cell.adjusted(1.5, 1.5, -1.5, -1.5), self._busy.get((day, hour), 0.0))

    def _paint_hour(self, painter: QPainter, cell: QRectF, deposits: float) -> None:
        colours = theme.current()
        share = deposits / self._most if self._most else 0.0
        ground, ink = QColor(colours.backdrop), colours.quiet
        if share > 0.66:
            ground, ink = QColor(colours.action.ground), colours.action.text
        elif share > 0.33:
            ground, ink = QColor(colours.line), colours.text
        elif share > 0:
            ground, ink = QColor(colours.chosen.ground), colours.chosen.text
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(cell, theme.px(4), theme.px(4))
        if deposits:
            painter.setPen(QColor(ink))
            said = f"{deposits:.0f}" if deposits >= 10 else f"{deposits:.1f}"
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, said)


class FiguresDialog(Dialog):
    """The figures, to be looked at; Esc closes."""

    def __init__(self, figures: Figures, zone: dt.tzinfo) -> None:
        super().__init__(lambda: _("Occupancy and busy hours"), "", _WIDTH)
        most = max((point.taken for point in figures.curve), default=0)
        now = figures.curve[-1].taken if figures.curve else 0
        self.body.addWidget(
            Text(
                lambda: _("Lockers in use today: {now} now, {most} at the most, of {all}").format(
                    now=now, most=most, all=figures.lockers
                ),
                Role.STRONG,
            )
        )
        self.body.setSpacing(theme.px(8))
        self.body.addWidget(_Curve(figures, zone), 1)
        self.body.addWidget(Text(lambda: _("Deposits an hour, on the average of the last 12 weeks"), Role.STRONG))
        self.body.addWidget(_Hours(figures.busy))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        close = KeyButton(lambda: _("Close"), "Esc")
        close.clicked.connect(self.close_dialog)
        buttons.addWidget(close)
        self.body.addLayout(buttons)

    def opened(self) -> None:
        self.setFocus()


def _hour(at: dt.datetime) -> float:
    return at.hour + at.minute / 60 + at.second / 3600
