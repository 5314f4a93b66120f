"""A place that scrolls where the screen is too low for all of it, and is not seen otherwise."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from counterapp.ui import theme


class Scrolling(QScrollArea):
    """Holds `inside`; keeps at least `least` design pixels of height."""

    def __init__(self, inside: QWidget, least: int) -> None:
        super().__init__()
        inside.setObjectName("column")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumHeight(theme.px(least))
        self.setWidget(inside)

    def step(self, by: int) -> None:
        """Go on by so many design pixels, as arrow keys do."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + theme.px(by))
