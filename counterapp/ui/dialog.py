"""The one dialog over the view: dims what is beneath, says whose turn it is, takes scans and keys first."""

from __future__ import annotations

from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from counterapp.hardware.scanner import Scan
from counterapp.ui import shortcuts, theme
from counterapp.ui.live_text import LiveText
from counterapp.ui.widgets.text import Role, Text

_DIM: Final = QColor(16, 32, 43, 140)


class Dialog(QWidget):
    """A question, or a paper, over the view. `turn` says whose turn it is.

    Content goes into `body`, chips into `head`. `closed()` when it was answered or left.
    """

    closed = Signal()

    def __init__(self, title: LiveText, turn: LiveText = "", width: int = 740) -> None:
        super().__init__()
        self._width = theme.px(width)
        self.setFixedWidth(self._width)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(theme.px(32), theme.px(26), theme.px(32), theme.px(26))
        self.body.setSpacing(theme.px(14))
        self.head = QHBoxLayout()
        self.head.setSpacing(theme.px(12))
        self.head.addWidget(Text(title, Role.SHEET), 0, Qt.AlignmentFlag.AlignVCenter)
        self.turn = Text(turn, Role.QUIET)
        self.head.addWidget(self.turn, 0, Qt.AlignmentFlag.AlignVCenter)
        self.head.addStretch(1)
        self.body.addLayout(self.head)

    def fit(self, room: QSize) -> None:
        """Keep inside a window of this size."""
        self.setFixedWidth(min(self._width, room.width() - theme.px(32)))

    def take_scan(self, scan: Scan) -> bool:
        """Take a scan; what the dialog leaves is refused aloud, never passed beneath it."""
        return False

    def opened(self) -> None:
        """Be shown: put the focus where the answer begins."""

    def may_close(self) -> bool:
        """Tell whether Esc closes the dialog now."""
        return True

    def close_dialog(self) -> None:
        """Close; the next one that waits in line comes up."""
        self.closed.emit()

    def keys(self) -> list[tuple[str, str]]:
        """Return (key, words) for the dialog of keys."""
        return shortcuts.keys_in(self)

    def press(self, key: str) -> bool:
        """Take a key that the focus left over; by default the button that bears it, and Esc closes."""
        if shortcuts.press_in(self, key):
            return True
        if key == "Esc" and self.may_close():
            self.close_dialog()
            return True
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(theme.current().line))
            painter.setBrush(QColor(theme.current().surface))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.px(10), theme.px(10))


class DialogStack(QWidget):
    """The layer over `window` that shows one dialog at a time; others wait in line."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._line: list[Dialog] = []
        self._away: list[Dialog] = []
        self._focus_before: QWidget | None = None
        self._place = QVBoxLayout(self)
        self._place.setContentsMargins(0, theme.px(8), 0, theme.px(8))
        self.hide()
        window.installEventFilter(self)

    @property
    def current(self) -> Dialog | None:
        """The dialog that is open, None where there is none."""
        return self._line[0] if self._line else None

    def holds(self, dialog: Dialog) -> bool:
        """Whether `dialog` is open, waits in line, or is put away while the screen is locked."""
        return any(one is dialog for one in (*self._line, *self._away))

    def open(self, dialog: Dialog, *, urgent: bool = False) -> None:
        """Open `dialog`: at once, or after the one that is open; an `urgent` one goes before it, and it comes back."""
        if not self._line:
            self._focus_before = QApplication.focusWidget()
        dialog.closed.connect(lambda: self._on_closed(dialog))
        before = self.current
        self._line.insert(0 if urgent else len(self._line), dialog)
        if self.current is not before:
            if before is not None:
                before.hide()
            self._show_current()

    def close_all(self) -> None:
        """Close every dialog, the waiting ones too."""
        for dialog in reversed([*self._line, *self._away]):
            dialog.close_dialog()

    def put_away(self) -> None:
        """Hide the open dialog and the waiting ones while the screen is locked."""
        if self.current is not None:
            self.current.hide()
        self._away, self._line = [*self._line, *self._away], []
        self.hide()

    def bring_back(self) -> None:
        """Show what was put away, as it was."""
        self._away, self._line = [], [*self._line, *self._away]
        if self._line:
            self._show_current()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep Tab inside the dialog."""
        dialog, focus = self.current, self.focusWidget()
        if dialog is None:
            return False
        chain = focus if focus is not None and dialog.isAncestorOf(focus) else dialog
        candidate = chain
        while (near := candidate.nextInFocusChain() if forward else candidate.previousInFocusChain()) is not None:
            candidate = near
            takes_tab = candidate.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
            if dialog.isAncestorOf(candidate) and takes_tab and candidate.isVisible() and candidate.isEnabled():
                reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
                candidate.setFocus(reason)
                return True
            if candidate is chain:
                break
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the window whatever its size."""
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self._settle()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), _DIM)

    def _show_current(self) -> None:
        dialog = self.current
        if dialog is not None:
            self._place.addWidget(dialog, 0, Qt.AlignmentFlag.AlignCenter)
            self._settle()
            dialog.show()
            self.show()
            self.raise_()
            self.setFocus()
            dialog.opened()

    def _settle(self) -> None:
        self.setGeometry(self._window.rect())
        if self.current is not None:
            self.current.fit(self.size())

    def _on_closed(self, dialog: Dialog) -> None:
        line = self._line if dialog in self._line else self._away
        if dialog not in line:
            return
        was_open = dialog is self.current
        line.remove(dialog)
        self._place.removeWidget(dialog)
        dialog.hide()
        dialog.deleteLater()
        if self._line:
            if was_open:
                self._show_current()
            return
        self.hide()
        before = self._focus_before
        if before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus()
        self._focus_before = None
