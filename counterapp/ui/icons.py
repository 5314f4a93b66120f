"""The icons: Lucide outlines (ISC licence, beside them), drawn in a colour of the theme and kept once drawn."""

from __future__ import annotations

import functools
from typing import Final

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from counterapp.ui import theme
from counterapp.ui.theme import Meaning
from resources import resource

OF_MEANING: Final = {
    Meaning.ALLOWED: "circle-check",
    Meaning.MISSING: "circle-question-mark",
    Meaning.OVERRIDABLE: "arrow-left-right",
    Meaning.REFUSED: "ban",
    Meaning.NEUTRAL: "info",
}


def pixmap(name: str, token: str, size: int, ratio: float = 1.0) -> QPixmap:
    """Return the icon `name` in the colour of `token` (see theme.colour), `size` pixels square, sharp at `ratio`."""
    return _drawn(name, theme.colour(token).name(), size, ratio)


def paint(painter: QPainter, name: str, token: str, box: QRectF) -> None:
    """Draw the icon `name` into the square at the centre of `box`, whole pixels only so that lines stay sharp."""
    size = round(min(box.width(), box.height()))
    drawn = pixmap(name, token, size, painter.deviceTransform().m11())
    corner = box.center() - QPointF(size / 2, size / 2)
    painter.drawPixmap(corner.toPoint(), drawn)


@functools.lru_cache(maxsize=512)
def _drawn(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    drawn = QPixmap(round(size * ratio), round(size * ratio))
    drawn.fill(Qt.GlobalColor.transparent)
    with QPainter(drawn) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        renderer = QSvgRenderer(QByteArray(_source(name).replace(b"currentColor", colour.encode())))
        renderer.render(painter, QRectF(0, 0, drawn.width(), drawn.height()))
    drawn.setDevicePixelRatio(ratio)
    return drawn


@functools.cache
def _source(name: str) -> bytes:
    return resource(f"icons/{name}.svg").read_bytes()
