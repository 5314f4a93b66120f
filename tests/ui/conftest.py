"""A dressed window to press keys in and scan at."""

from __future__ import annotations

import datetime as dt
import itertools
import os
from collections.abc import Callable, Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from counterapp import words
from counterapp.hardware.scanner import Scan
from counterapp.ui import theme
from counterapp.ui.bars import Device
from counterapp.ui.theme import Meaning
from counterapp.ui.window import Window
from tests.ui.sample import SampleView, desks, said

NOW = dt.datetime(2026, 11, 21, 6, 32, tzinfo=dt.UTC)
BADGE = "ST000000000171"
FORM = "RF000000000148"
_KEYS = {"\r": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab}
_stamps = itertools.count(10_000, 1_000)

MakeWindow = Callable[..., Window]


def key_events(text: str, start: int, gap: int) -> Iterator[QKeyEvent]:
    """The key events of `text`, pressed and released, one key every `gap` milliseconds from the stamp `start`."""
    for place, char in enumerate(text):
        key = int(_KEYS.get(char, ord(char.upper())))
        for kind, late in ((QEvent.Type.KeyPress, 0), (QEvent.Type.KeyRelease, gap // 2)):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, char)
            event.setTimestamp(start + place * gap + late)
            yield event


def strike(widget: QWidget, text: str, gap: int = 8) -> None:
    """Send `text` as keys of the machine: to the window that has the focus, as the system does."""
    handle = widget.window().windowHandle()
    for event in key_events(text, next(_stamps), gap):
        QCoreApplication.sendEvent(handle, event)


def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the focus is."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, held)


def sample(window: Window) -> SampleView:
    """The view that is shown, which is one of the samples."""
    assert isinstance(window.current_view, SampleView)
    return window.current_view


def scanned(text: str) -> Scan:
    """A scan as a scanner's signal carries it."""
    return Scan(text, NOW, "keyboard")


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    """The program's looks and the Chinese screen, whatever the test before did."""
    words.use("zh")
    theme.apply(qapp)
    yield
    words.use("zh")


@pytest.fixture
def make_window(qtbot: QtBot, qapp: QApplication) -> MakeWindow:
    """Make a window with the sample's desks: `make_window(language="en", dark=True, large=True, size=(1920, 1080))`."""

    def make(
        *,
        language: words.Language = "zh",
        dark: bool = False,
        large: bool = False,
        size: tuple[int, int] = (1366, 768),
        admit: bool = True,
    ) -> Window:
        words.use(language)
        theme.apply(qapp, dark, large, language)
        window = Window(lambda: NOW)
        qtbot.addWidget(window)
        window.set_store(said("一号店 • 总服务台", "Store 1 • Service counter"), said("总服务台 2 号机", "Counter 2"))
        window.set_devices(
            [
                Device("printer", said("小票机 就绪", "Receipt printer ready")),
                Device(
                    "printer", said("三联单 缺纸，请装 241-3 纸", "Forms: out of paper, put in 241-3"), Meaning.REFUSED
                ),
                Device("scan-barcode", said("扫描枪 已连接", "Scanner connected")),
                Device("database", said("本机数据 正常", "Data on this PC fine")),
            ]
        )
        window.resize(*size)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        if admit:
            window.admit(said("王丽  客服员 6012", "王丽  Clerk 6012"), desks())
            window.set_waiting(2)
        settle(qapp)
        return window

    return make


@pytest.fixture
def window(make_window: MakeWindow) -> Window:
    """A window with a clerk signed in at the sample desk."""
    return make_window()


def settle(app: QApplication) -> None:
    """Let layouts that ask for one another come to rest."""
    for _ in range(4):
        app.sendPostedEvents()
        app.processEvents()
