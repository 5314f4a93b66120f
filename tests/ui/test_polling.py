"""Reading again and again while somebody looks."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from counterapp.errors import Trouble
from counterapp.ui.polling import Poller
from counterapp.words import N_
from tests.ui.played import PlayedStore

WHY = N_("The database does not answer.")


@pytest.fixture
def store() -> PlayedStore:
    return PlayedStore()


@pytest.fixture
def widget(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


class Arrivals:
    def __init__(self, store: PlayedStore, widget: QWidget, every: int = 60_000, tells: bool = True) -> None:
        count = itertools.count(1)
        self.got: list[int] = []
        self.told: list[BaseException] = []
        self.poller = Poller(
            store.client, widget, lambda _session, _actor: next(count), every, tell=self.told.append if tells else None
        )
        self.poller.arrived.connect(self.got.append)


def test_it_reads_while_its_widget_is_shown(store: PlayedStore, widget: QWidget, qtbot: QtBot) -> None:
    arrivals = Arrivals(store, widget, every=5)
    arrivals.poller.follow(widget)
    assert not store.line
    widget.show()
    qtbot.waitUntil(lambda: len(store.line) == 1)
    arrivals.poller.stop()
    widget.hide()
    widget.show()
    arrivals.poller.start()
    store.answer()
    arrivals.poller.read()
    qtbot.wait(1)
    assert len(store.line) == 1  # shown and told to read is one read
    store.answer()
    qtbot.waitUntil(lambda: len(store.line) == 1)
    store.answer()
    assert arrivals.got[:3] == [1, 2, 3]
    widget.hide()
    qtbot.wait(20)
    assert not store.line


def test_one_answer_is_waited_for_at_a_time_and_what_changed_meanwhile_is_read_after_it(
    store: PlayedStore, widget: QWidget, qtbot: QtBot
) -> None:
    arrivals = Arrivals(store, widget, every=5)
    arrivals.poller.start()
    qtbot.wait(30)
    assert len(store.line) == 1  # a tick asks for nothing while an answer is under way
    arrivals.poller.read()
    arrivals.poller.read()
    assert len(store.line) == 1
    assert arrivals.poller.is_reading
    store.answer()
    assert len(store.line) == 1
    store.answer()
    assert arrivals.got == [1, 2]


def test_a_command_is_followed_by_a_read_where_somebody_looks(
    store: PlayedStore, widget: QWidget, qtbot: QtBot
) -> None:
    arrivals = Arrivals(store, widget)
    store.committed.emit()
    qtbot.wait(5)
    assert not store.line
    arrivals.poller.start()
    qtbot.waitUntil(lambda: len(store.line) == 1)
    store.answer()
    store.committed.emit()
    qtbot.waitUntil(lambda: len(store.line) == 1)


def test_a_failure_is_told_once_until_it_is_over(store: PlayedStore, widget: QWidget) -> None:
    arrivals = Arrivals(store, widget)
    for _time in range(2):
        arrivals.poller.read()
        store.fail(Trouble(WHY))
    assert len(arrivals.told) == 1
    arrivals.poller.read()
    store.answer()
    arrivals.poller.read()
    store.fail(Trouble(WHY))
    assert len(arrivals.told) == 2


def test_without_anybody_to_tell_a_failure_is_logged(
    store: PlayedStore, widget: QWidget, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    arrivals = Arrivals(store, widget, tells=False)
    arrivals.poller.read()
    store.fail(Trouble(WHY))
    assert "not read" in caplog.text


def test_nobody_sees_what_was_read_for_somebody_else(store: PlayedStore, widget: QWidget) -> None:
    arrivals = Arrivals(store, widget)
    arrivals.poller.read()
    store.person = None
    store.answer()
    arrivals.poller.read()
    assert not store.line
    assert not arrivals.got
    store.sign_in("6012")
    arrivals.poller.read()
    store.sign_in("5003")
    store.answer()
    assert not arrivals.got
    store.answer()
    assert arrivals.got == [3]
