"""A window with a field and a button under a scanner, and what came of the keys."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from counterapp.errors import BadInput
from counterapp.hardware.scanner import KeyboardScanner, Scan
from tests.ui.conftest import key_events

NOW = dt.datetime(2026, 11, 21, 6, 32, tzinfo=dt.UTC)


class Field(QLineEdit):
    """A field that tells what an input method shows in it."""

    shown = ""

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:  # noqa: N802 - Qt's name
        self.shown = event.preeditString()
        super().inputMethodEvent(event)


class Counter:
    """A window with a field and a button, a scanner, and what came of them."""

    def __init__(self, qtbot: QtBot, app: QApplication, **settings: object) -> None:
        self.window = QWidget()
        self.field, self.button = Field(), QPushButton("take")
        layout = QVBoxLayout(self.window)
        layout.addWidget(self.field)
        layout.addWidget(self.button)
        self.presses: list[bool] = []
        self.button.clicked.connect(lambda: self.presses.append(True))
        self.entered: list[str] = []
        self.field.returnPressed.connect(lambda: self.entered.append(self.field.text()))
        qtbot.addWidget(self.window)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.field.setFocus()
        self.scans: list[Scan] = []
        self.refusals: list[BadInput] = []
        self.scanner = KeyboardScanner(app, clock=lambda: NOW, **settings)  # type: ignore[arg-type]  # settings by name
        self.scanner.scanned.connect(self.scans.append)
        self.scanner.refused.connect(self.refusals.append)
        self.stamp = 1000

    def keys(self, text: str, gap: int) -> None:
        for event in key_events(text, self.stamp, gap):
            self.send(event)
        self.stamp += len(text) * gap

    def send(self, event: QKeyEvent) -> None:
        QCoreApplication.sendEvent(self.window.windowHandle(), event)

    def key(
        self, key: Qt.Key, text: str = "", held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, after: int = 8
    ) -> None:
        self.stamp += after
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, int(key), held, text)
            event.setTimestamp(self.stamp)
            self.send(event)

    @property
    def codes(self) -> list[str]:
        return [scan.text for scan in self.scans]


class MakeCounter:
    def __init__(self, qtbot: QtBot, app: QApplication) -> None:
        self.qtbot, self.app = qtbot, app
        self.made: list[Counter] = []

    def __call__(self, **settings: object) -> Counter:
        self.made.append(Counter(self.qtbot, self.app, **settings))
        return self.made[-1]
