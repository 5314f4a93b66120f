"""The table of lines: name and quiet second line, figures at the right, what the rules say as a chip.

Rows are painted by one delegate, so that hundreds of lines scroll as lightly as five.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from counterapp.ui import icons, theme
from counterapp.ui.live_text import LiveText, current_text
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets.text import chip_size, paint_chip

_Index = QModelIndex | QPersistentModelIndex
_ROW: Final = 64
_EDGE: Final = 5
_UNDER: Final = 40
_TITLES: Final = 42


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What the rules say of a row; `icon` "" is the meaning's own."""

    meaning: Meaning
    words: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `key` tells it from the others, `faded` when nothing can be done with it, `marked` when it is taken."""

    key: Hashable
    name: str
    quiet: str = ""
    numbers: tuple[str, ...] = ()
    verdict: RowVerdict | None = None
    faded: bool = False
    marked: bool = False


class _Model(QAbstractTableModel):
    def __init__(self, titles: Sequence[LiveText], numbers: int) -> None:
        super().__init__()
        self._titles = titles
        self._numbers = numbers
        self.rows: Sequence[Row] = ()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._titles)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give the text of a cell: for screen readers and tests; the delegate paints from `rows`."""
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        row, column = self.rows[index.row()], index.column()
        if column == 0:
            return f"{row.name}\n{row.quiet}" if row.quiet else row.name
        if column <= self._numbers:
            return row.numbers[column - 1] if column <= len(row.numbers) else ""
        return row.verdict.words if row.verdict else ""

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return current_text(self._titles[section])
        return None

    def show(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()


class _Delegate(QStyledItemDelegate):
    def __init__(self, model: _Model, numbers: int, owner: LineTable) -> None:
        super().__init__(owner)
        self._model = model
        self._numbers = numbers
        self._owner = owner

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(theme.px(80), theme.px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = self._model.rows[index.row()]
        # the option's fields are missing from the stubs of QStyleOptionViewItem
        box: QRect = getattr(option, "rect")  # noqa: B009
        current = index.row() == self._owner.currentIndex().row()
        colours = theme.current()
        painter.save()
        if current or row.marked:
            painter.fillRect(box, QColor(colours.chosen.ground))
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        ink = colours.quiet if row.faded else colours.text
        if index.column() == 0:
            self._paint_name(painter, box, row, ink, current)
        elif index.column() <= self._numbers:
            painter.setFont(theme.font(16, bold=current or row.marked))
            painter.setPen(QColor(ink))
            text = row.numbers[index.column() - 1] if index.column() <= len(row.numbers) else ""
            line = QRect(box.left(), box.top(), box.width(), theme.px(_ROW))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
        elif row.verdict is not None:
            self._paint_verdict(painter, box.adjusted(theme.px(10), 0, -theme.px(10), 0), row.verdict)
        if self._owner.stacked and row.verdict is not None and index.column() == self._numbers:
            left = theme.px(14)
            width = self._owner.viewport().width() - 2 * left
            under = QRect(left, box.top() + theme.px(_ROW - 6), width, theme.px(_UNDER))
            self._paint_verdict(painter, under, row.verdict)
        painter.restore()

    def _paint_name(self, painter: QPainter, box: QRect, row: Row, ink: str, current: bool) -> None:
        colours = theme.current()
        if current:
            painter.fillRect(QRect(box.left(), box.top(), theme.px(_EDGE), box.height()), QColor(colours.accent))
        line = QRect(box.left(), box.top(), box.width(), theme.px(_ROW))
        text = line.adjusted(theme.px(14), theme.px(8), -theme.px(4), -theme.px(6))
        if row.marked:
            square = QRectF(text.left(), line.center().y() - theme.px(11), theme.px(22), theme.px(22))
            icons.paint(painter, "square-check-big", colours.accent, square)
            text.setLeft(text.left() + theme.px(32))
        painter.setFont(theme.font(17, bold=True))
        painter.setPen(QColor(ink))
        name = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideRight, text.width())
        if not row.quiet:
            painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, name)
            return
        painter.drawText(text, Qt.AlignmentFlag.AlignTop, name)
        painter.setFont(theme.font(13))
        painter.setPen(QColor(colours.quiet))
        quiet = painter.fontMetrics().elidedText(row.quiet, Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignBottom, quiet)

    def _paint_verdict(self, painter: QPainter, box: QRect, verdict: RowVerdict) -> None:
        room = box.adjusted(0, theme.px(4), 0, -theme.px(4))
        size = chip_size(verdict.words)
        wide = min(size.width(), room.width())
        high = size.height() if wide == size.width() else room.height()
        chip = QRectF(room.left(), room.center().y() - high / 2 + 0.5, wide, high)
        paint_chip(painter, chip, verdict.meaning, verdict.words, verdict.icon)


class LineTable(QTableView):
    """Lines to choose one of. `chosen(key)` follows the current row, `picked(key)` is Space or a double press."""

    chosen = Signal(object)
    picked = Signal(object)

    def __init__(self, name: LiveText, numbers: Sequence[LiveText] = (), verdict: LiveText | None = None) -> None:
        super().__init__()
        self._numbers = len(numbers)
        self._has_verdict = verdict is not None
        self.stacked = False
        titles = [name, *numbers, *([verdict] if verdict is not None else [])]
        self._model = _Model(titles, self._numbers)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self._model, self._numbers, self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(_ROW))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self._dress_header()
        self.selectionModel().currentRowChanged.connect(self._on_current_row_changed)
        self.doubleClicked.connect(lambda index: self.picked.emit(self._model.rows[index.row()].key))

    @property
    def rows(self) -> Sequence[Row]:
        """The rows shown."""
        return self._model.rows

    @property
    def current_key(self) -> Hashable | None:
        """The key of the current row, None where there is none."""
        index = self.currentIndex()
        return self._model.rows[index.row()].key if index.isValid() else None

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows. The row that was current stays so where it is still there; nobody is told."""
        kept = self.current_key
        place = self.verticalScrollBar().value()
        self.selectionModel().blockSignals(True)
        self._model.show(tuple(rows))
        self.selectionModel().blockSignals(False)
        self._fit_columns()
        self.choose(kept)
        self.verticalScrollBar().setValue(place)

    def show_at_once(self, rows: int) -> None:
        """Be as high as the titles and so many rows, one at least, however many there are to scroll through."""
        self.setFixedHeight(height_of(max(1, rows)))

    def choose(self, key: Hashable | None) -> None:
        """Make the row of `key` the current one without telling anybody; None or an unknown key leaves none."""
        row = next((place for place, row in enumerate(self._model.rows) if row.key == key), None)
        selection = self.selectionModel()
        selection.blockSignals(True)
        self.setCurrentIndex(self._model.index(row, 0) if row is not None else QModelIndex())
        selection.blockSignals(False)
        if row is not None:
            self.scrollTo(self._model.index(row, 0))
        self.viewport().update()

    def step(self, by: int) -> None:
        """Move the current row by `by` rows, as the arrows do: from none to the first or last."""
        count = len(self._model.rows)
        if not count:
            return
        here = self.currentIndex().row() if self.currentIndex().isValid() else (-1 if by > 0 else count)
        self.setCurrentIndex(self._model.index(max(0, min(count - 1, here + by)), 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by the keys of movement; leave every other key, digits above all, to the view."""
        match event.key():
            case Qt.Key.Key_Space if self.current_key is not None:
                self.picked.emit(self.current_key)
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                self.step(1 if event.key() == Qt.Key.Key_Down else -1)
            case Qt.Key.Key_Home | Qt.Key.Key_End | Qt.Key.Key_PageUp | Qt.Key.Key_PageDown:
                super().keyPressEvent(event)
            case _:
                event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self._model.columnCount() - 1)
            self._fit_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _dress_header(self) -> None:
        header = _Header(self._numbers, self)
        self.setHorizontalHeader(header)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        # The style's own least width would push the last figures over the edge.
        header.setMinimumSectionSize(0)

    def _fit_columns(self) -> None:
        """Give figures and chips the room they need and the name all the rest, at least a third of the table.

        Chips may take two lines; where that is not enough they go below their row (`stacked`).
        """
        room = self.viewport().width()
        figures = [self._figure_width(column) for column in range(1, self._numbers + 1)]
        left = room - sum(figures)
        chip = 0
        if self._has_verdict:
            needed = max((chip_size(row.verdict.words).width() for row in self._model.rows if row.verdict), default=0)
            chip = min(max(needed, self._title_width(self._numbers + 1)) + theme.px(30), left - room // 3)
            self.stacked = self._numbers > 0 and chip < needed * 0.6 + theme.px(60)
            self.setColumnHidden(self._numbers + 1, self.stacked)
            self.verticalHeader().setDefaultSectionSize(theme.px(_ROW + (_UNDER if self.stacked else 0)))
            if self.stacked:
                chip = theme.px(14)
        for column, width in enumerate([left - chip, *figures, *([chip] if self._has_verdict else [])]):
            self.setColumnWidth(column, width)

    def _title_width(self, column: int) -> int:
        title = self._model.headerData(column, Qt.Orientation.Horizontal)
        return QFontMetrics(theme.font(14)).horizontalAdvance(title)

    def _figure_width(self, column: int) -> int:
        title = self._title_width(column)
        metrics = QFontMetrics(theme.font(16, bold=True))
        longest = max(
            (row.numbers[column - 1] for row in self._model.rows if len(row.numbers) >= column), key=len, default=""
        )
        return max(title, metrics.horizontalAdvance(longest)) + theme.px(28)

    def _on_current_row_changed(self, current: QModelIndex) -> None:
        self.viewport().update()
        if current.isValid():
            self.chosen.emit(self._model.rows[current.row()].key)


def height_of(rows: int) -> int:
    """Return the height of a table with its titles and so many rows, in pixels of the screen."""
    return theme.px(_TITLES + _ROW * rows)


class _Header(QHeaderView):
    """Quiet titles over a hairline, aligned as their columns."""

    def __init__(self, numbers: int, owner: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, owner)
        self._numbers = numbers
        self.setFixedHeight(theme.px(40))
        self.setSectionsClickable(False)

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        colours = theme.current()
        painter.save()
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setPen(QColor(colours.quiet))
        painter.setFont(theme.font(14))
        figure = 0 < logical <= self._numbers
        box = rect if figure else rect.adjusted(theme.px(14 if logical == 0 else 10), 0, 0, 0)
        side = Qt.AlignmentFlag.AlignRight if figure else Qt.AlignmentFlag.AlignLeft
        title = self.model().headerData(logical, Qt.Orientation.Horizontal)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | side, title)
        painter.restore()
