"""How far something has got: a bar, and what it stands at in words beside it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from counterapp.ui import theme


class ProgressBar(QWidget):
    """A bar that fills from the left; without a share (how long it takes is not known) it is striped, and stands."""

    def __init__(self) -> None:
        super().__init__()
        self._share: float | None = 0.0
        self.setFixedHeight(theme.px(14))

    @property
    def share(self) -> float | None:
        """The share shown, 0 to 1."""
        return self._share

    def show_share(self, share: float | None) -> None:
        """Show how much is done, 0 to 1; None where that cannot be known."""
        self._share = share
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        round_by = box.height() / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(colours.line))
            painter.setBrush(QColor(colours.backdrop))
            painter.drawRoundedRect(box, round_by, round_by)
            painter.setPen(Qt.PenStyle.NoPen)
            if self._share is None:
                painter.setBrush(QColor(colours.accent))
                wide = box.width() / 9
                for place in range(5):
                    stripe = QRectF(box.left() + 2 * place * wide, box.top() + theme.px(4), wide, theme.px(5))
                    painter.drawRoundedRect(stripe, stripe.height() / 2, stripe.height() / 2)
            elif self._share > 0:
                painter.setBrush(QColor(colours.accent))
                filled = QRectF(box)
                filled.setWidth(max(box.height(), box.width() * min(self._share, 1.0)))
                painter.drawRoundedRect(filled, round_by, round_by)
