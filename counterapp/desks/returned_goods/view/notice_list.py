"""The list of notices: a clock that is seen from afar, the department, the goods, and what is to be done.

One delegate paints it, so that a tick of the clocks is one repaint and no layout.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem

from counterapp.desks.returned_goods.services.notices import Notice
from counterapp.desks.returned_goods.view.texts import about_words, clock_of, department_words, goods_words, state_chips
from counterapp.ui import theme
from counterapp.ui.widgets.text import chip_size, paint_chip

_Index = QModelIndex | QPersistentModelIndex
_ROW: Final = 98
_CLOCK: Final = 128
_EDGE: Final = 5


class _Model(QAbstractListModel):
    def __init__(self, zone: dt.tzinfo) -> None:
        super().__init__()
        self.zone = zone
        self.notices: Sequence[Notice] = ()
        self.now = dt.datetime.now(dt.UTC)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return len(self.notices)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give a notice in words: for screen readers and tests; the delegate paints from `notices`."""
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        notice = self.notices[index.row()]
        clock = clock_of(notice, self.now)
        chips = [words for _meaning, words, _icon in state_chips(notice, self.zone)]
        said = [f"{clock.figure} {clock.words}".strip(), department_words(notice.department), goods_words(notice)]
        return "\n".join([*said, about_words(notice, self.zone), *chips])

    def show(self, notices: Sequence[Notice]) -> None:
        self.beginResetModel()
        self.notices = notices
        self.endResetModel()


class _Delegate(QStyledItemDelegate):
    def __init__(self, model: _Model, owner: NoticeList) -> None:
        super().__init__(owner)
        self._model = model
        self._owner = owner

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(theme.px(200), theme.px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        notice = self._model.notices[index.row()]
        # the option's fields are missing from the stubs of QStyleOptionViewItem
        box: QRect = getattr(option, "rect")  # noqa: B009
        current = index.row() == self._owner.currentIndex().row()
        colours = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if current:
            painter.fillRect(box, QColor(colours.chosen.ground))
            painter.fillRect(QRect(box.left(), box.top(), theme.px(_EDGE), box.height()), QColor(colours.accent))
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        self._paint_clock(painter, box, notice)
        self._paint_words(
            painter, box.adjusted(theme.px(_CLOCK + 28), theme.px(9), -theme.px(14), -theme.px(9)), notice
        )
        painter.restore()

    def _paint_clock(self, painter: QPainter, box: QRect, notice: Notice) -> None:
        clock = clock_of(notice, self._model.now)
        pair = theme.current().meanings[clock.meaning]
        square = QRectF(
            box.left() + theme.px(14), box.top() + theme.px(9), theme.px(_CLOCK), box.height() - theme.px(19)
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(pair.ground))
        painter.drawRoundedRect(square, theme.px(7), theme.px(7))
        painter.setPen(QColor(pair.text))
        centre = Qt.AlignmentFlag.AlignHCenter
        if not clock.figure:
            painter.setFont(theme.font(17, bold=True))
            painter.drawText(square, centre | Qt.AlignmentFlag.AlignVCenter, clock.words)
            return
        painter.setFont(theme.font(40, bold=True))
        painter.drawText(square.adjusted(0, -theme.px(2), 0, 0), centre | Qt.AlignmentFlag.AlignTop, clock.figure)
        painter.setFont(theme.font(14, bold=True))
        painter.drawText(square.adjusted(0, 0, 0, -theme.px(6)), centre | Qt.AlignmentFlag.AlignBottom, clock.words)

    def _paint_words(self, painter: QPainter, box: QRect, notice: Notice) -> None:
        colours = theme.current()
        ink = QColor(colours.text if notice.is_open else colours.quiet)
        right = self._paint_chips(painter, box, notice)
        high = box.height() // 3
        lines = (
            (department_words(notice.department), 20, True, ink, right - box.left()),
            (goods_words(notice), 17, True, ink, box.width()),
            (about_words(notice, self._model.zone), 14, False, QColor(colours.quiet), box.width()),
        )
        for place, (text, size, bold, colour, width) in enumerate(lines):
            painter.setFont(theme.font(size, bold))
            painter.setPen(colour)
            line = QRect(box.left(), box.top() + place * high, width, high)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    def _paint_chips(self, painter: QPainter, box: QRect, notice: Notice) -> int:
        """Draw the chips from the right, what is to be done first; return where the words have to end."""
        right = box.right()
        department = QFontMetrics(theme.font(20, bold=True)).horizontalAdvance(department_words(notice.department))
        least = box.left() + min(department + theme.px(12), box.width() // 2)
        for meaning, words, icon in state_chips(notice, self._model.zone):
            wide = min(chip_size(words).width(), right - least)
            if wide < theme.px(60):
                break
            chip = QRectF(right - wide, box.top(), wide, theme.px(28))
            paint_chip(painter, chip, meaning, words, icon)
            right -= wide + theme.px(8)
        return right


class NoticeList(QListView):
    """Notices to choose one of. `chosen()` when another one is current, `picked()` by Space or a double press."""

    chosen = Signal()
    picked = Signal()

    def __init__(self, zone: dt.tzinfo) -> None:
        super().__init__()
        self._model = _Model(zone)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self._model, self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setStyleSheet("QListView { background: transparent; border: none; outline: none; }")
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self.doubleClicked.connect(lambda _index: self.picked.emit())

    @property
    def notices(self) -> Sequence[Notice]:
        """The notices shown."""
        return self._model.notices

    @property
    def current(self) -> Notice | None:
        """The current notice, None where there is none."""
        index = self.currentIndex()
        return self._model.notices[index.row()] if index.isValid() else None

    @property
    def words(self) -> list[str]:
        """What each notice says now."""
        return [str(self._model.data(self._model.index(row))) for row in range(len(self._model.notices))]

    def show_notices(self, notices: Sequence[Notice], now: dt.datetime) -> None:
        """Show these as they stand at `now`; the one that was current stays so, or the next one in its place."""
        kept, row = self.current, self.currentIndex().row()
        place = self.verticalScrollBar().value()
        selection = self.selectionModel()
        selection.blockSignals(True)
        self._model.now = now
        self._model.show(tuple(notices))
        ids = [notice.return_line_id for notice in notices]
        if kept is not None and kept.return_line_id in ids:
            row = ids.index(kept.return_line_id)
        self.setCurrentIndex(self._model.index(max(0, min(row, len(ids) - 1))) if ids else QModelIndex())
        selection.blockSignals(False)
        self.verticalScrollBar().setValue(place)
        self.viewport().update()

    def tick(self, now: dt.datetime) -> None:
        """Let the clocks go on."""
        self._model.now = now
        self.viewport().update()

    def choose(self, return_line_id: int) -> None:
        """Make a notice the current one."""
        ids = [notice.return_line_id for notice in self._model.notices]
        if return_line_id in ids:
            self.setCurrentIndex(self._model.index(ids.index(return_line_id)))

    def step(self, by: int) -> None:
        """Move the current notice by `by` rows."""
        if self._model.notices:
            row = max(0, min(len(self._model.notices) - 1, self.currentIndex().row() + by))
            self.setCurrentIndex(self._model.index(row))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by the keys of movement; leave every other key to the view."""
        match event.key():
            case Qt.Key.Key_Space if self.current is not None:
                self.picked.emit()
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                self.step(1 if event.key() == Qt.Key.Key_Down else -1)
            case _:
                event.ignore()

    def _on_current_changed(self) -> None:
        self.viewport().update()
        self.chosen.emit()
