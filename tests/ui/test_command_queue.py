"""Turns in line: none is lost, and they keep their order."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject

from counterapp.errors import Refused
from counterapp.ui.command_queue import CommandQueue
from counterapp.words import N_
from tests.ui.played import PlayedStore

WHY = N_("No such receipt.")


@pytest.fixture
def store() -> PlayedStore:
    return PlayedStore()


@pytest.fixture
def queue(store: PlayedStore) -> CommandQueue:
    return CommandQueue(store.client, store)


def test_one_turn_is_sent_after_the_other(store: PlayedStore, queue: CommandQueue) -> None:
    got: list[object] = []
    settled: list[bool] = []
    queue.settled.connect(lambda: settled.append(True))
    queue.command("a", lambda _session, _actor: "a", got.append)
    queue.read(lambda _session, actor: actor.station, got.append)
    queue.then(lambda: got.append("then"))
    assert len(store.line) == 1
    assert not queue.is_idle
    store.answer()
    assert got == ["a"]
    store.answer()
    assert got == ["a", "2", "then"]
    assert queue.is_idle
    assert settled == [True]


def test_what_an_answer_asks_for_goes_before_what_was_scanned_meanwhile(
    store: PlayedStore, queue: CommandQueue
) -> None:
    queue.read(lambda _s, _a: 1, lambda _one: queue.command("first", lambda _s, _a: 1, lambda _two: None))
    queue.command("second", lambda _s, _a: 1, lambda _one: None)
    store.answer()
    store.answer()
    store.answer()
    assert store.acts == ["first", "second"]


def test_a_turn_that_fails_keeps_nobody_waiting(store: PlayedStore, queue: CommandQueue) -> None:
    refused: list[BaseException] = []
    own: list[BaseException] = []
    got: list[object] = []
    queue.refused.connect(refused.append)
    queue.read(lambda _s, _a: 1, got.append)
    queue.read(lambda _s, _a: 2, got.append, own.append)
    queue.read(lambda _s, _a: 3, got.append)
    store.fail(Refused(WHY))
    store.fail(Refused(WHY))
    store.answer()
    assert (len(refused), len(own), got) == (1, 1, [3])


def test_nobody_signed_in_is_a_refusal_too(store: PlayedStore, queue: CommandQueue) -> None:
    refused: list[BaseException] = []
    queue.refused.connect(refused.append)
    store.person = None
    queue.read(lambda _s, _a: 1, lambda _one: None)
    queue.command("a", lambda _s, _a: 1, lambda _one: None)
    assert len(refused) == 2
    assert queue.is_idle


def test_what_is_meant_for_something_that_does_not_open_is_dropped_and_said(
    store: PlayedStore, queue: CommandQueue
) -> None:
    refused: list[BaseException] = []
    got: list[object] = []
    queue.refused.connect(refused.append)

    def opening(number: int, opens: bool = True) -> None:
        queue.take(
            lambda done, failed: store.read(store, lambda _session: number, done, failed), got.append, opens=opens
        )

    opening(1)
    opening(2, opens=False)
    opening(3)
    assert queue.is_opening
    store.fail(Refused(WHY))
    store.answer()
    assert got == [3]
    assert str(refused[0]).startswith(str(Refused(WHY)))
    assert str(refused[0]) != str(Refused(WHY))
    assert not queue.is_opening


def test_what_is_in_line_may_be_forgotten(store: PlayedStore, queue: CommandQueue) -> None:
    got: list[object] = []
    queue.read(lambda _s, _a: 1, got.append)
    queue.read(lambda _s, _a: 2, got.append)
    queue.clear()
    store.answer()
    assert got == [1]
    assert isinstance(queue, QObject)
    assert queue.is_idle
