"""The map of the lockers, painted by one widget: all of them at once, however many there are."""

from __future__ import annotations

import datetime as dt
import functools
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from counterapp.desks.bagcheck.rules import Size
from counterapp.desks.bagcheck.services.figures import LockerOnMap, LockerStatus
from counterapp.desks.bagcheck.view.texts import MEANINGS, how_long, minutes
from counterapp.ui import theme
from counterapp.ui.theme import Pair
from counterapp.words import _

#: A locker's picture in design pixels: as wide and high as wanted, and the least height that has room for two lines.
_WIDEST: Final = 130
_HIGHEST: Final = 104
_TWO_LINES: Final = 32
#: Between banks of lockers that stand side by side only on the screen.
_AISLE: Final = 14
#: How long one paint may take to draw what has changed.
_MOST_SECONDS: Final = 0.006
#: The dots that a locker of each size bears.
DOTS: Final = {Size.SMALL: 1, Size.MEDIUM: 2, Size.LARGE: 3}
_DRAWN_AGAIN: Final = (QEvent.Type.LanguageChange, QEvent.Type.StyleChange, QEvent.Type.PaletteChange)


@dataclass(frozen=True, slots=True)
class _Look:
    """All that a locker's picture depends on; `eighths` of a bar say how long where there is no room for words."""

    number: str
    words: str
    status: LockerStatus
    size: Size
    shown: bool
    eighths: int


class LockerMap(QWidget):
    """Lockers at their places. `picked(number)` by Enter or a press; `pointed(number)` when the cursor moves.

    The picture is kept, and only lockers that have changed are painted again: a refresh costs next to nothing.
    """

    picked = Signal(str)
    pointed = Signal(str)

    def __init__(self, clock: Callable[[], dt.datetime]) -> None:
        super().__init__()
        self._clock = clock
        self._lockers: tuple[LockerOnMap, ...] = ()
        self._boxes: dict[str, QRectF] = {}
        self._drawn: dict[str, _Look] = {}
        self._picture: QPixmap | None = None
        self._cursor = ""
        self._shown = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def lockers(self) -> Sequence[LockerOnMap]:
        """The lockers, in their order."""
        return self._lockers

    @property
    def cursor_number(self) -> str:
        """The number of the locker that the arrows point at, "" for none."""
        return self._cursor

    def locker(self, number: str) -> LockerOnMap | None:
        """Return the locker of this number."""
        return next((one for one in self._lockers if one.number == number), None)

    def show_lockers(self, lockers: tuple[LockerOnMap, ...]) -> None:
        """Show how the lockers stand now; cursor and focus stay where they are."""
        moved = [(one.number, one.row, one.column) for one in lockers] != [
            (one.number, one.row, one.column) for one in self._lockers
        ]
        self._lockers = lockers
        if moved:
            self._arrange()
        if self._cursor and self._cursor not in self._boxes:
            self._cursor = ""
        self.update()

    def show_number(self, number: str) -> None:
        """Light the locker that the work is about, "" for none."""
        self._shown = number
        self.update()

    def point_at(self, number: str) -> None:
        """Put the cursor on a locker, "" takes it away."""
        if number != self._cursor:
            self._cursor = number
            self.update()
            self.pointed.emit(number)

    def step(self, key: str) -> None:
        """Move the cursor as the arrows do: to the nearest locker that way."""
        if not self._boxes:
            return
        here = self._boxes.get(self._cursor)
        if here is None:
            self.point_at(self._shown or next(iter(self._boxes)))
            return
        across, down = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, -1), "Down": (0, 1)}[key]

        def far(box: QRectF) -> tuple[float, float]:
            way = box.center() - here.center()
            ahead, aside = way.x() * across + way.y() * down, abs(way.x() * down) + abs(way.y() * across)
            return (aside * 4 + ahead, ahead) if ahead > 1 else (math.inf, math.inf)

        number, box = min(self._boxes.items(), key=lambda item: far(item[1]))
        if far(box)[0] < math.inf:
            self.point_at(number)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(720), theme.px(560))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(320), theme.px(200))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _DRAWN_AGAIN:
            self._picture = None
            self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        number = next((number for number, box in self._boxes.items() if box.contains(event.position())), "")
        if number:
            self.point_at(number)
            self.picked.emit(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Space; arrows and all other keys belong to the view, which knows what Enter means now."""
        if event.key() == Qt.Key.Key_Space and self._cursor and not event.isAutoRepeat():
            self.picked.emit(self._cursor)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        picture = self._picture
        if picture is None:
            ratio = self.devicePixelRatioF()
            picture = self._picture = QPixmap(self.size() * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            self._drawn = {}
        self._draw_changed(picture)
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, picture)
            cursor = self._boxes.get(self._cursor)
            if cursor is not None:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(QColor(theme.current().accent if self.hasFocus() else theme.current().quiet), 3))
                painter.drawRoundedRect(cursor.adjusted(-1, -1, 1, 1), theme.px(6), theme.px(6))

    def _draw_changed(self, picture: QPixmap) -> None:
        """Draw the lockers that look different now; where these are too many for one look, the rest a moment later."""
        now, until = self._clock(), time.perf_counter() + _MOST_SECONDS
        with QPainter(picture) as painter:
            for locker in self._lockers:
                look = _Look(
                    locker.number,
                    how_long(locker, now),
                    locker.status,
                    locker.size,
                    locker.number == self._shown,
                    0 if locker.since is None else 1 + min(7, minutes(locker.since, now) // 60),
                )
                if self._drawn.get(locker.number) == look:
                    continue
                if time.perf_counter() > until:
                    QTimer.singleShot(0, self, self.update)
                    return
                self._drawn[locker.number] = look
                _paint(painter, self._boxes[locker.number], look)

    def _arrange(self) -> None:
        """Give every locker its box. Rows that are too many for the height stand as banks beside each other."""
        self._picture, self._boxes = None, {}
        if not self._lockers:
            return
        rows = sorted({one.row for one in self._lockers})
        columns = max(one.column for one in self._lockers) - min(one.column for one in self._lockers) + 1
        first = min(one.column for one in self._lockers)
        place = {row: at for at, row in enumerate(rows)}

        def cell(banks: int) -> tuple[float, float]:
            aisles = theme.px(_AISLE) * (banks - 1)
            return (self.width() - aisles) / (columns * banks), self.height() / math.ceil(len(rows) / banks)

        def readable(banks: int) -> float:
            wide, high = cell(banks)
            return min(wide / 54, high / 44, 1.0)

        banks = max(range(1, min(len(rows), 8) + 1), key=lambda count: (round(readable(count), 3), -count))
        wide, high = cell(banks)
        wide, high = min(wide, theme.px(_WIDEST)), min(high, theme.px(_HIGHEST))
        each = math.ceil(len(rows) / banks)
        gap = max(2.0, min(theme.px(6), wide * 0.1, high * 0.1))
        for one in self._lockers:
            bank, row = divmod(place[one.row], each)
            left = bank * (columns * wide + theme.px(_AISLE)) + (one.column - first) * wide
            self._boxes[one.number] = QRectF(
                round(left) + 2, round(row * high) + 2, round(wide - gap) - 1, round(high - gap) - 1
            )


def _pair(look: _Look) -> tuple[Pair, str]:
    """Return the colours of a locker's picture, and of its edge."""
    colours = theme.current()
    if look.shown:
        return colours.action, colours.action.ground
    if look.status is LockerStatus.FREE:
        return Pair(colours.quiet, colours.surface), colours.line
    if look.status is LockerStatus.TAKEN:
        return Pair(colours.text, colours.line), colours.line
    pair = colours.meanings[MEANINGS[look.status]]
    return pair, pair.text


def _paint(painter: QPainter, box: QRectF, look: _Look) -> None:
    pair, edge = _pair(look)
    wide, high = round(box.width()), round(box.height())
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    plate = _plate(pair, edge, DOTS[look.size], (wide, high), painter.deviceTransform().m11(), theme.px(5))
    painter.drawPixmap(box.topLeft(), plate)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    painter.setPen(QColor(pair.text))
    two_lines = high >= _TWO_LINES
    big = round(min(theme.px(26), high * (0.4 if two_lines else 0.66), wide * 0.38))
    _write(painter, box, look.number, big, 0.33 if two_lines else 0.5, bold=True)
    if two_lines and look.words:
        # Minutes are all of one size, whether they have one digit or three.
        wanted = round(min(theme.px(14), high * 0.27))
        small = min(_fitting(words, wide - 4, wanted) for words in (look.words, _("{count}m").format(count=888)))
        _write(painter, box, look.words, small, 0.77)
    elif look.eighths:
        line = theme.px(3)
        painter.fillRect(
            QRectF(box.left() + 2, box.bottom() - line, (wide - 4) * look.eighths / 8, line), painter.pen().color()
        )


def _write(painter: QPainter, box: QRectF, words: str, pixels: int, middle: float, *, bold: bool = False) -> None:
    """Write words in the middle of a box's width, at `middle` of its height."""
    advance, up = _measured(words, pixels, bold)
    painter.setFont(_font(pixels, bold))
    painter.drawText(QPointF(box.center().x() - advance / 2, box.top() + box.height() * middle + up), words)


@functools.lru_cache(maxsize=128)
def _plate(pair: Pair, edge: str, dots: int, size: tuple[int, int], ratio: float, radius: int) -> QPixmap:
    """Return the ground of a locker's picture, with the dots of its size at the left edge."""
    drawn = QPixmap(round(size[0] * ratio), round(size[1] * ratio))
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    box = QRectF(0, 0, *size)
    with QPainter(drawn) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(edge), 1))
        painter.setBrush(QColor(pair.ground))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(pair.text))
        dot = max(2.0, min(theme.px(4), size[1] * 0.07))
        for count in range(dots):
            painter.drawEllipse(QPointF(2 + dot, 2 + dot + count * dot * 1.7), dot / 2, dot / 2)
    return drawn


@functools.lru_cache(maxsize=8192)
def _measured(words: str, pixels: int, bold: bool = False) -> tuple[float, float]:
    """Return how wide words are, and how far below their middle they stand, in pixels."""
    metrics = QFontMetricsF(_font(pixels, bold))
    return metrics.horizontalAdvance(words), metrics.capHeight() / 2


@functools.lru_cache(maxsize=8192)
def _fitting(words: str, room: int, wanted: int) -> int:
    """Return a size of type, in pixels, at which `words` have room."""
    wide = _measured(words, wanted)[0]
    return wanted if wide <= room else max(8, int(wanted * room / wide))


def _font(pixels: int, bold: bool = False) -> QFont:
    return theme.font(pixels / theme.current().scale, bold)
