"""The program notices that nobody touches it, and that somebody does."""

from __future__ import annotations

import os
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from counterapp.hardware.idle import Idle


class Watch:
    """A watch that stands until it is moved on."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def field(qtbot: QtBot) -> QLineEdit:
    field = QLineEdit()
    qtbot.addWidget(field)
    with qtbot.waitActive(field):
        field.show()
        field.activateWindow()
    return field


@pytest.fixture
def rung(qapp: QApplication, qtbot: QtBot, field: QLineEdit, watch: Watch) -> Callable[[float], bool]:
    """Let so many seconds pass and the timer ring: was it idle?"""
    idle = Idle(qapp, 300, watch)
    heard: list[None] = []
    idle.idle.connect(lambda: heard.append(None))

    def ring(seconds: float) -> bool:
        heard.clear()
        watch.seconds += seconds
        assert idle.timer.isActive()
        idle.timer.timeout.emit()
        return bool(heard)

    return ring


def test_nobody_for_five_minutes_is_idle_once_every_five_minutes(rung: Callable[[float], bool]) -> None:
    assert not rung(299)
    assert rung(1)
    assert not rung(299)
    assert rung(1)


@pytest.mark.parametrize("touch", ["key", "mouse", "moved", "wheel", "chinese"])
def test_any_input_begins_the_time_anew(
    rung: Callable[[float], bool], field: QLineEdit, watch: Watch, touch: str
) -> None:
    watch.seconds += 200
    match touch:
        case "key":
            QTest.keyClick(field, Qt.Key.Key_A)
        case "mouse":
            QTest.mouseClick(field, Qt.MouseButton.LeftButton)
        case "moved":
            QTest.mouseMove(field.windowHandle(), QPoint(3, 3))
        case "wheel":
            QTest.wheelEvent(field.windowHandle(), QPoint(3, 3), QPoint(0, 120))
        case "chinese":
            composed = QInputMethodEvent()
            composed.setCommitString("毛巾")
            QApplication.sendEvent(field, composed)
    assert not rung(200)
    assert rung(100)


def test_input_goes_where_it_was_meant_to(rung: Callable[[float], bool], field: QLineEdit) -> None:
    QTest.keyClicks(field, "6012")
    assert field.text() == "6012"


def test_nought_never_locks(qapp: QApplication) -> None:
    assert not Idle(qapp, 0).timer.isActive()


def test_after_the_end_nothing_is_noticed(qapp: QApplication) -> None:
    idle = Idle(qapp, 300)
    idle.stop()
    assert not idle.timer.isActive()
