"""Papers on the screen: what the virtual printer would have handed out, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QWidget

from counterapp.hardware.scanner import Scan
from counterapp.ui import theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets.buttons import KeyButton, Kind
from counterapp.ui.widgets.text import Chip, Role, Text
from counterapp.words import _


@dataclass(frozen=True, slots=True)
class Paper:
    """One printed page: what it is ("Part 2, cashier to administration") and its picture as PNG."""

    title: LiveText
    png: bytes


class _Page(QWidget):
    """The picture, as large as the place allows, or as wide as it with `wide`."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = QPixmap()
        self._room = QSize(1, 1)
        self._wide = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_picture(self, picture: QPixmap) -> None:
        self._picture = picture
        self.settle(self._room, self._wide)

    def settle(self, room: QSize, wide: bool) -> None:
        self._room, self._wide = room, wide
        if self._picture.isNull():
            return
        whole = self._picture.size()
        if wide:
            high = round(whole.height() * room.width() / whole.width())
            self.setFixedSize(room.width(), max(1, high))
        else:
            self.setFixedSize(whole.scaled(room, Qt.AspectRatioMode.KeepAspectRatio))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(self.rect(), self._picture)
            painter.setPen(QPen(QColor(theme.current().line), 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))


class PrintPreview(Dialog):
    """Shows `pages`; PgUp and PgDn (or the arrows at the sides) turn them, F4 enlarges, Esc or Enter closes.

    The next customer does not wait for it: a scan closes it, and `passed(Scan)` hands the scan on.
    """

    passed = Signal(object)

    def __init__(self, pages: Sequence[Paper], title: LiveText | None = None) -> None:
        super().__init__(title or (lambda: _("Printed")), width=1040)
        self._pages = pages
        self._place = 0
        self._wide = False
        self._which = Chip(Meaning.NEUTRAL, "", "printer")
        self.head.addWidget(self._which)
        self._name = Text("", Role.STRONG, elide=True)
        self.body.addWidget(self._name)
        self._scroll = QScrollArea()
        self._scroll.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.installEventFilter(self)
        self._page = _Page()
        self._scroll.setWidget(self._page)
        self.body.addWidget(self._scroll, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(12))
        self._before = KeyButton(lambda: _("Page before"), "PgUp")
        self._before.clicked.connect(lambda: self.turn_to(self._place - 1))
        self._after = KeyButton(lambda: _("Next page"), "PgDown")
        self._after.clicked.connect(lambda: self.turn_to(self._place + 1))
        self._larger = KeyButton(lambda: _("Whole page") if self._wide else _("Larger"), "F4")
        self._larger.clicked.connect(self._on_larger)
        close = KeyButton(lambda: _("Close"), "Enter", Kind.PRIMARY)
        close.clicked.connect(self.close_dialog)
        for button, share in ((self._before, 1), (self._after, 1), (self._larger, 1), (close, 2)):
            buttons.addWidget(button, share)
        self.body.addLayout(buttons)
        self.turn_to(0)

    @property
    def place(self) -> int:
        """Which page is shown, from 0."""
        return self._place

    def fit(self, room: QSize) -> None:
        """Take as much of the window as there is."""
        super().fit(room)
        self.setFixedHeight(room.height() - theme.px(48))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the page follow the size of its place."""
        if event.type() == QEvent.Type.Resize:
            self._settle()
        return super().eventFilter(watched, event)

    def take_scan(self, scan: Scan) -> bool:
        """Close, and hand the scan on to where it belongs."""
        self.close_dialog()
        self.passed.emit(scan)
        return True

    def turn_to(self, place: int) -> None:
        """Show the page at `place`; before the first and after the last there is none."""
        if not 0 <= place < len(self._pages):
            return
        self._place = place
        picture = QPixmap()
        picture.loadFromData(self._pages[place].png)
        self._page.show_picture(picture)
        self._name.say(self._pages[place].title)
        count = len(self._pages)
        self._which.show_chip(
            Meaning.NEUTRAL, lambda: _("Page {page} of {pages}").format(page=self._place + 1, pages=count), "printer"
        )
        self._before.setEnabled(place > 0)
        self._after.setEnabled(place < count - 1)
        self._scroll.verticalScrollBar().setValue(0)

    def press(self, key: str) -> bool:
        """Turn pages with the arrows at the sides as well, and move over a large one with the others."""
        if key in {"Left", "Right"}:
            self.turn_to(self._place + (1 if key == "Right" else -1))
            return True
        if key in {"Up", "Down"}:
            bar = self._scroll.verticalScrollBar()
            bar.setValue(bar.value() + theme.px(60) * (1 if key == "Down" else -1))
            return True
        return super().press(key)

    def _on_larger(self) -> None:
        self._wide = not self._wide
        self._larger.say(lambda: _("Whole page") if self._wide else _("Larger"))
        self._settle()

    def _settle(self) -> None:
        room = self._scroll.maximumViewportSize()
        if self._wide:
            room.setWidth(room.width() - self._scroll.verticalScrollBar().sizeHint().width())
        self._page.settle(room, self._wide)
