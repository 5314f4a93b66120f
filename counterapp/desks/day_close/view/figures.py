"""The day's figures: the first one large, the others in a column beneath."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from counterapp.ui import theme
from counterapp.ui.widgets import Role, Text


class FigureTable(QWidget):
    """Label, count and amount of each figure."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        head = QHBoxLayout()
        self._label, self._count, self._amount = Text("", Role.LABEL), Text("", Role.AMOUNT), Text("", Role.HEADING)
        head.addWidget(self._count, 0, Qt.AlignmentFlag.AlignBaseline)
        head.addWidget(self._label, 0, Qt.AlignmentFlag.AlignBaseline)
        head.addStretch(1)
        head.addWidget(self._amount, 0, Qt.AlignmentFlag.AlignBaseline)
        column.addLayout(head)
        self._grid = QGridLayout()
        self._grid.setColumnStretch(0, 1)
        self._grid.setHorizontalSpacing(theme.px(18))
        self._grid.setVerticalSpacing(theme.px(5))
        column.addLayout(self._grid)
        self._rows: list[tuple[Text, Text, Text]] = []

    @property
    def text(self) -> str:
        """All figures as they read."""
        first = (self._label, self._count, self._amount)
        return "\n".join(" ".join(cell.text() for cell in row) for row in (first, *self._rows))

    def show_figures(self, figures: Sequence[tuple[str, int, str]]) -> None:
        """Show label, count and amount of each, the first one large."""
        (label, count, amount), *rest = figures
        self._label.say(label)
        self._count.say(str(count))
        self._amount.say(amount)
        while len(self._rows) < len(rest):
            row = (Text("", Role.LABEL), Text("", Role.HEADING), Text("", Role.HEADING))
            for place, cell in enumerate(row):
                align = Qt.AlignmentFlag.AlignLeft if place == 0 else Qt.AlignmentFlag.AlignRight
                self._grid.addWidget(cell, len(self._rows), place, align | Qt.AlignmentFlag.AlignVCenter)
            self._rows.append(row)
        for cells, figure in zip(self._rows, rest, strict=True):
            for cell, words in zip(cells, figure, strict=True):
                cell.say(str(words))
