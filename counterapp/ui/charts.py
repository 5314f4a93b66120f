"""Figures as pictures: a line or steps over time, bars, and a map of how busy each hour of the week is.

All are painted at once and hold no more than a few hundred figures: a year by day, not a list of receipts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from counterapp.ui import theme
from counterapp.ui.live_text import LiveText, current_text

_MIDDLE: Final = Qt.AlignmentFlag.AlignCenter
_ROW: Final = 28
_LEAST_ROW: Final = 22


class _Chart(QWidget):
    """A plot with lines across at round figures, and room for what is written below."""

    def __init__(self, values: Sequence[float], write: Callable[[float], str] | None) -> None:
        super().__init__()
        self._write = write or (lambda value: f"{value:g}")
        self._step, self._top = scale_of(max(values, default=0))
        self.setMinimumHeight(theme.px(120))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(800), theme.px(170))

    def _plot(self) -> QRectF:
        written = max(len(self._write(self._top)), 3)
        return QRectF(self.rect()).adjusted(theme.px(16 + 8 * written), theme.px(8), -theme.px(26), -theme.px(24))

    def _height_of(self, plot: QRectF, value: float) -> float:
        return plot.bottom() - value / self._top * plot.height()

    def _paint_scale(self, painter: QPainter, plot: QRectF) -> None:
        colours = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(13))
        for count in range(round(self._top / self._step) + 1):
            value = count * self._step
            height = self._height_of(plot, value)
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawLine(QPointF(plot.left(), height), QPointF(plot.right(), height))
            painter.setPen(QColor(colours.quiet))
            box = QRectF(0, height - theme.px(10), plot.left() - theme.px(8), theme.px(20))
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._write(value))

    def _paint_mark(self, painter: QPainter, plot: QRectF, middle: float, words: str, wide: float) -> None:
        painter.setPen(QColor(theme.current().quiet))
        box = QRectF(middle - wide / 2, plot.bottom() + theme.px(4), wide, theme.px(20))
        painter.drawText(box, _MIDDLE, words)


class LineChart(_Chart):
    """Values over something that goes on, from `span[0]` to `span[1]`; `points` are (where, value) in order.

    `steps`: a value holds until the next one, and nothing was before the first. `marks` are written below.
    """

    def __init__(
        self,
        points: Sequence[tuple[float, float]],
        span: tuple[float, float],
        marks: Sequence[tuple[float, str]] = (),
        *,
        steps: bool = False,
        write: Callable[[float], str] | None = None,
    ) -> None:
        super().__init__([value for _at, value in points], write)
        self._points, self._span, self._marks, self._steps = points, span, marks, steps

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, plot = theme.current(), self._plot()
        first, last = self._span

        def place(at: float, value: float) -> QPointF:
            share = (max(at, first) - first) / (last - first)
            return QPointF(plot.left() + share * plot.width(), self._height_of(plot, value))

        with QPainter(self) as painter:
            self._paint_scale(painter, plot)
            for at, words in self._marks:
                self._paint_mark(painter, plot, place(at, 0).x(), words, theme.px(48))
            line: list[QPointF] = []
            before = 0.0
            for at, value in self._points:
                if self._steps:
                    line.append(place(at, before))
                line.append(place(at, value))
                before = value
            if not line:
                return
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.chosen.ground))
            ends = [QPointF(line[-1].x(), plot.bottom()), QPointF(line[0].x(), plot.bottom())]
            painter.drawPolygon(QPolygonF([*line, *ends]))
            painter.setPen(QPen(QColor(colours.accent), theme.px(2)))
            painter.drawPolyline(QPolygonF(line))


class BarChart(_Chart):
    """A bar for each of `bars`: what it stands for, and its value; every so many are named, as there is room."""

    def __init__(self, bars: Sequence[tuple[str, float]], write: Callable[[float], str] | None = None) -> None:
        super().__init__([value for _name, value in bars], write)
        self._bars = bars

    def paintEvent(self, event: QPaintEvent) -> None:
        plot = self._plot()
        with QPainter(self) as painter:
            self._paint_scale(painter, plot)
            if not self._bars:
                return
            wide = plot.width() / len(self._bars)
            longest = max(painter.fontMetrics().horizontalAdvance(name) for name, _value in self._bars) + theme.px(10)
            every = max(1, math.ceil(longest / wide))
            for place, (name, value) in enumerate(self._bars):
                left = plot.left() + place * wide
                if place % every == 0:
                    self._paint_mark(painter, plot, left + wide / 2, name, max(longest, wide))
                top = self._height_of(plot, value)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.current().accent))
                painter.drawRect(QRectF(left + wide * 0.15, top, wide * 0.7, plot.bottom() - top))


class HeatMap(QWidget):
    """Values by row and column, as weekdays and hours; the deeper the colour the more. `values` are by both places."""

    def __init__(self, rows: Sequence[LiveText], columns: range, values: Mapping[tuple[int, int], float]) -> None:
        super().__init__()
        self._rows, self._columns, self._values = rows, columns, values
        self._most = max(values.values(), default=0.0)
        self.setMinimumHeight(theme.px(_LEAST_ROW * (1 + len(rows))))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(800), theme.px(_LEAST_ROW + len(self._rows) * _ROW))

    def paintEvent(self, event: QPaintEvent) -> None:
        quiet = QColor(theme.current().quiet)
        left, top = theme.px(56), theme.px(_LEAST_ROW)
        wide = (self.width() - left) / max(1, len(self._columns))
        high = (self.height() - top) / max(1, len(self._rows))
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(theme.font(13))
            painter.setPen(quiet)
            for place, column in enumerate(self._columns):
                painter.drawText(QRectF(left + place * wide, 0, wide, top), _MIDDLE, f"{column}")
            for row, name in enumerate(self._rows):
                painter.setPen(quiet)
                box = QRectF(0, top + row * high, left - theme.px(8), high)
                painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, current_text(name))
                for place, column in enumerate(self._columns):
                    cell = QRectF(left + place * wide, top + row * high, wide, high).adjusted(1.5, 1.5, -1.5, -1.5)
                    self._paint_cell(painter, cell, self._values.get((row, column), 0.0))

    def _paint_cell(self, painter: QPainter, cell: QRectF, value: float) -> None:
        colours = theme.current()
        share = value / self._most if self._most else 0.0
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
        if value:
            painter.setPen(QColor(ink))
            painter.drawText(cell, _MIDDLE, f"{value:.0f}" if value >= 10 else f"{value:.1f}")


def scale_of(most: float) -> tuple[float, float]:
    """Return the step between the lines of a chart, 1, 2 or 5 of some power of ten, and the topmost of five at most."""
    step, turn = 1, 0
    while most > step * 4:
        step = step * 5 // 2 if turn % 3 == 1 else step * 2
        turn += 1
    return step, max(step, math.ceil(most / step) * step)
