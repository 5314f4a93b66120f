"""The bar above the view (desk, scan line, waiting approvals, who, time) and the one below (devices, station, keys)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from counterapp.ui import icons, theme
from counterapp.ui.live_text import LiveText, current_text
from counterapp.ui.shortcuts import key_name
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets.fields import CodeField
from counterapp.ui.widgets.text import Icon, Role, Text, chip_size, paint_chip
from counterapp.words import _, _n


class _Readiness(QAbstractButton):
    """The chip that says whether a scan is welcome; a press, or F2, opens the line to type one."""

    def __init__(self) -> None:
        super().__init__()
        self._meaning = Meaning.ALLOWED
        self._words: LiveText = lambda: _("Ready to scan")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._speak()

    def show_state(self, meaning: Meaning, words: LiveText) -> None:
        self._meaning, self._words = meaning, words
        self._speak()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._speak()

    def sizeHint(self) -> QSize:
        words = QFontMetrics(theme.font(16, bold=True)).horizontalAdvance(self.text())
        return QSize(words + theme.px(92), theme.px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        pair = theme.current().meanings[self._meaning]
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            wide = min(self.sizeHint().width(), self.width())
            box = QRectF((self.width() - wide) / 2, 0, wide, self.height())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(pair.ground))
            painter.drawRoundedRect(box, theme.px(7), theme.px(7))
            icons.paint(
                painter,
                "scan-barcode",
                pair.text,
                QRectF(box.left() + theme.px(12), theme.px(9), theme.px(22), theme.px(22)),
            )
            painter.setPen(QColor(pair.text))
            painter.setFont(theme.font(16, bold=True))
            middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(box.adjusted(theme.px(42), 0, 0, 0), middle, self.text())
            painter.setFont(theme.font(13, bold=True))
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(box.adjusted(0, 0, -theme.px(14), 0), right, "F2")

    def _speak(self) -> None:
        self.setText(current_text(self._words))
        self.updateGeometry()
        self.update()


class _Line(CodeField):
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if key_name(event) == "Esc":
            self.left.emit()
            return
        super().keyPressEvent(event)
        if key_name(event) == "Enter":
            event.accept()  # it was for this line, not for the view's primary button

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class ScanLine(QStackedWidget):
    """Says whether scans are welcome, and takes one by keyboard. `typed(str)` on Enter, `left()` when done with."""

    typed = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedWidth(theme.px(320))
        self._state = _Readiness()
        self._line = _Line(lambda: _("Type the number, then Enter"), longest=64)
        self._line.setObjectName("scanline")
        self.addWidget(self._state)
        self.addWidget(self._line)
        self._state.clicked.connect(self.open)
        self._line.left.connect(self._on_left)
        self._line.returnPressed.connect(self._on_return_pressed)

    @property
    def text(self) -> str:
        """The words of the chip."""
        return self._state.text()

    def show_state(self, meaning: Meaning, words: LiveText) -> None:
        """Say whether a scan is welcome."""
        self._state.show_state(meaning, words)

    def open(self) -> None:
        """Let a number be typed."""
        self.setCurrentWidget(self._line)
        self._line.clear()
        self._line.setFocus()

    def _on_return_pressed(self) -> None:
        text = self._line.text().strip()
        self._on_left()
        if text:
            self.typed.emit(text)

    def _on_left(self) -> None:
        if self.currentWidget() is self._line:
            self.setCurrentWidget(self._state)
            self.left.emit()


class _Waiting(QAbstractButton):
    """How many approvals wait; a press opens them."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_count(self, count: int) -> None:
        self._count = count
        self.setVisible(bool(count))
        self._speak()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._speak()

    def sizeHint(self) -> QSize:
        return QSize(chip_size(self.text()).width() + theme.px(2), theme.px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        box = QRectF(self.rect()).adjusted(0, theme.px(6), 0, -theme.px(6))
        with QPainter(self) as painter:
            paint_chip(painter, box, Meaning.MISSING, self.text(), "bell")

    def _speak(self) -> None:
        self.setText(_n("{count} approval waits", "{count} approvals wait", self._count).format(count=self._count))
        self.updateGeometry()
        self.update()


class _Person(QWidget):
    """Who is signed in; a press locks."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        self.words = Text("", Role.STRONG)
        line.addWidget(self.words)
        self.setMinimumHeight(theme.px(40))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()


class TopBar(QWidget):
    """Desk and hint, scan line, approvals, who, time. `approvals_asked()`, `lock_asked()`."""

    approvals_asked = Signal()
    lock_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("top")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(theme.px(61))
        grid = QGridLayout(self)
        grid.setContentsMargins(theme.px(24), 0, theme.px(24), 0)
        grid.setHorizontalSpacing(theme.px(12))
        left, right = QHBoxLayout(), QHBoxLayout()
        left.setSpacing(theme.px(12))
        right.setSpacing(theme.px(12))
        self._title = Text("", Role.TITLE)
        self._hint = Text("", Role.QUIET, elide=True)
        left.addWidget(self._title)
        left.addWidget(self._hint)
        left.addStretch(1)
        self.scan_line = ScanLine()
        self._waiting = _Waiting()
        self._waiting.clicked.connect(self.approvals_asked)
        self._person = _Person()
        self._person.pressed.connect(self.lock_asked)
        self._time = Text("", Role.LABEL)
        right.addStretch(1)
        right.addWidget(self._waiting)
        right.addWidget(self._person)
        right.addWidget(self._time)
        grid.addLayout(left, 0, 0)
        grid.addWidget(self.scan_line, 0, 1)
        grid.addLayout(right, 0, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(2, 1)

    def show_desk(self, title: LiveText, hint: LiveText) -> None:
        """Name the desk."""
        self._title.say(title)
        self._hint.say(hint)

    def show_hint(self, hint: LiveText) -> None:
        """Say what to do next."""
        self._hint.say(hint)

    def show_person(self, words: LiveText) -> None:
        """Say who is signed in: name, role, number."""
        self._person.words.say(words)

    def show_time(self, time: str) -> None:
        """Show the time of the store."""
        self._time.say(time)

    def show_waiting(self, count: int) -> None:
        """Show how many approvals wait; none shows nothing."""
        self._waiting.show_count(count)


@dataclass(frozen=True, slots=True)
class Device:
    """A device or the database, in words. Whatever is not allowed or neutral stands out."""

    icon: str
    words: LiveText
    meaning: Meaning = Meaning.ALLOWED


class BottomBar(QWidget):
    """Devices and database in words, what goes on in the background, the station, and the key that shows all keys."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bottom")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(theme.px(34))
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.px(24), 0, theme.px(24), 0)
        line.setSpacing(theme.px(12))
        self._devices = QHBoxLayout()
        self._devices.setSpacing(theme.px(8))
        self._shown: list[QWidget] = []
        line.addLayout(self._devices)
        line.addStretch(1)
        self._work = Text("", Role.SMALL)
        self._work.hide()
        line.addWidget(self._work)
        self._station = Text("", Role.SMALL)
        line.addWidget(self._station)
        line.addWidget(Text(lambda: _("F1 Keys"), Role.SMALL))

    def show_devices(self, devices: Sequence[Device]) -> None:
        """Show these instead of the former ones."""
        while self._devices.takeAt(0) is not None:
            pass
        for old in self._shown:
            old.hide()
            old.deleteLater()
        self._shown = []
        for device in devices:
            wrong = device.meaning not in {Meaning.ALLOWED, Meaning.NEUTRAL}
            icon = Icon(device.icon, device.meaning, 18)
            words = Text(device.words, Role.SMALL, elide=True)
            if wrong:
                words.setProperty("meaning", device.meaning.value)
                words.setProperty("wrong", True)
            for widget in (icon, words):
                self._devices.addWidget(widget)
                self._shown.append(widget)
            self._devices.addSpacing(theme.px(12))

    def show_work(self, words: LiveText) -> None:
        """Say what goes on in the background, and how far it is; "" for nothing."""
        self._work.say(words)
        self._work.setVisible(bool(words))

    def show_station(self, words: LiveText) -> None:
        """Say which station this is."""
        self._station.say(words)
