"""The left part of the desk: the map with its legend, and the line that tells of one locker."""

from __future__ import annotations

import functools
from collections import Counter as Tally

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from counterapp.desks.bagcheck.rules import Size
from counterapp.desks.bagcheck.services.figures import LockerOnMap, LockerStatus
from counterapp.desks.bagcheck.view.locker_map import DOTS, LockerMap
from counterapp.desks.bagcheck.view.texts import MEANINGS, locker_words, size_words, status_words
from counterapp.ui import theme
from counterapp.ui.widgets import Card, Chip, KeyButton, Kind, Role, Text
from counterapp.words import _, _n
from counterapp.work import StoreClient


class SizeMark(QWidget):
    """One, two or three dots, as the lockers bear them."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self._size = size
        self.setFixedSize(theme.px(8), theme.px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        dot, count = theme.px(4), DOTS[self._size]
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.current().quiet))
            top = self.height() / 2 - (count - 1) * dot * 0.85
            for place in range(count):
                painter.drawEllipse(QPointF(self.width() / 2, top + place * dot * 1.7), dot / 2, dot / 2)


class MapCard(Card):
    """The map with its legend, the line that tells of the locker under the cursor, and the key of the day's lists.

    `picked(number)`, `day_asked()`.
    """

    picked = Signal(str)
    day_asked = Signal()

    def __init__(self, client: StoreClient) -> None:
        super().__init__()
        self._client = client
        head = QHBoxLayout()
        head.setSpacing(theme.px(10))
        head.addWidget(Text(lambda: _("Locker map"), Role.HEADING))
        head.addStretch(1)
        self._chips = {status: Chip(MEANINGS[status], "", None) for status in LockerStatus}
        for chip in self._chips.values():
            head.addWidget(chip)
        self.body.addLayout(head)
        self.map = LockerMap(client.clock)
        self.map.picked.connect(self.picked)
        self.map.pointed.connect(lambda _number: self._tell())
        self.body.addWidget(self.map, 1)
        self._told = Text("", Role.QUIET, elide=True)
        self.body.addWidget(self._told)
        foot = QHBoxLayout()
        foot.setSpacing(theme.px(6))
        self._sizes = QWidget()
        sizes = QHBoxLayout(self._sizes)
        sizes.setContentsMargins(0, 0, 0, 0)
        sizes.setSpacing(theme.px(4))
        for size in Size:
            sizes.addWidget(SizeMark(size))
            sizes.addWidget(Text(functools.partial(size_words, size), Role.SMALL))
            sizes.addSpacing(theme.px(6))
        foot.addWidget(self._sizes)
        foot.addStretch(1)
        self._day = KeyButton(lambda: _("Today and closing"), "F10", Kind.QUIET)
        self._day.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._day.clicked.connect(self.day_asked)
        foot.addWidget(self._day)
        self.body.addLayout(foot)
        self.show_lockers(())

    def show_lockers(self, lockers: tuple[LockerOnMap, ...]) -> None:
        """Show how the lockers stand now."""
        self.map.show_lockers(lockers)
        counts = Tally(one.status for one in lockers)
        for status, chip in self._chips.items():
            chip.show_chip(MEANINGS[status], functools.partial(_count_words, status, counts[status]), None)
        self._tell()

    def speak(self) -> None:
        """Say the line below the map again, in another language."""
        self._tell()

    def _tell(self) -> None:
        locker = self.map.locker(self.map.cursor_number)
        if locker is not None:
            self._told.say(locker_words(locker, self._client.clock(), self._client.zone))
        else:
            self._told.say(
                lambda: _n(
                    "{count} locker. Arrows and Enter choose one.",
                    "{count} lockers. Arrows and Enter choose one.",
                    len(self.map.lockers),
                ).format(count=len(self.map.lockers))
            )


def _count_words(status: LockerStatus, count: int) -> str:
    return f"{status_words(status)} {count}"
