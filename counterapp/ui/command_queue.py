"""Scans and keys become turns that stand in line, so that fast hands keep their order and lose nothing.

    self._queue = CommandQueue(client, self)
    self._queue.refused.connect(context.messages.tell)
    self._queue.command("bagcheck.give_back", work, self._on_given_back)
    self._queue.then(self._look_at_what_is_there_now)

`take` is for a turn that finds out only when it comes what it has to send (goods for whatever case is open by then).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from counterapp.core.actor import Actor
from counterapp.errors import CounterError, Refused
from counterapp.words import N_
from counterapp.work import StoreClient

Work = Callable[[Any, Actor], Any]
Done = Callable[[Any], None]
Failed = Callable[[BaseException], None]
Send = Callable[[Done, Failed], None]


@dataclass(frozen=True, slots=True)
class _Turn:
    send: Send
    done: Done
    failed: Failed
    opens: bool = False


@dataclass(frozen=True, slots=True)
class _Then:
    do: Callable[[], None]


class CommandQueue(QObject):
    """One turn after the other. What an answer asks for goes before what was scanned meanwhile.

    `refused(error)` when a turn failed that has no answer of its own for that; the next one is taken all the same.
    `settled()` when none is left.
    """

    refused = Signal(object)
    settled = Signal()

    def __init__(self, client: StoreClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._line: deque[_Turn | _Then] = deque()
        self._sent: _Turn | None = None
        self._place: int | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way or in line."""
        return self._sent is None and not self._line

    @property
    def is_opening(self) -> bool:
        """Whether a turn that `opens` something is under way or in line."""
        turns = [turn for turn in (self._sent, *self._line) if isinstance(turn, _Turn)]
        return any(turn.opens for turn in turns)

    def read(self, work: Work, done: Done, failed: Failed | None = None) -> None:
        """Read something when its turn comes."""

        def send(answered: Done, refused: Failed) -> None:
            actor = self._client.actor
            self._client.read(self, lambda session: work(session, actor), answered, refused)

        self.take(send, done, failed)

    def command(self, act: str, work: Work, done: Done, failed: Failed | None = None) -> None:
        """Carry out a command, `act` in the journal, when its turn comes."""
        self.take(lambda answered, refused: self._client.command(self, act, work, answered, refused), done, failed)

    def take(self, send: Send, done: Done, failed: Failed | None = None, *, opens: bool = False) -> None:
        """Call `send` when its turn comes; it calls one of the two that it is given, now or later.

        What stands behind a turn that `opens` something is meant for that: where it fails, all up to the next one that
        opens is dropped, and the refusal says so.
        """
        self._put(_Turn(send, done, failed or self.refused.emit, opens))

    def then(self, do: Callable[[], None]) -> None:
        """Call `do` once everything before it has been answered: at once, where nothing is under way."""
        self._put(_Then(do))

    def clear(self) -> None:
        """Forget what is in line; what is under way is answered still."""
        self._line.clear()

    def _put(self, turn: _Turn | _Then) -> None:
        if self._place is None:
            self._line.append(turn)
        else:
            self._line.insert(self._place, turn)
            self._place += 1
        self._go_on()

    def _go_on(self) -> None:
        while self._sent is None and self._line and self._place is None:
            match self._line.popleft():
                case _Then(do):
                    self._in_turn(do)
                case turn:
                    self._send(turn)
        if self.is_idle and self._place is None:
            self.settled.emit()

    def _in_turn(self, do: Callable[[], None]) -> None:
        """Do what an answer brings; whatever it puts in line goes before the rest."""
        self._place = 0
        try:
            do()
        finally:
            self._place = None

    def _send(self, turn: _Turn) -> None:
        self._sent = turn

        def failed(error: BaseException) -> None:
            if turn.opens and self._drop_followers() and isinstance(error, CounterError):
                error = Refused(N_("{why} What was scanned after it was not taken either."), why=error)
            self._answered(lambda: turn.failed(error))

        try:
            turn.send(lambda answer: self._answered(lambda: turn.done(answer)), failed)
        except CounterError as error:  # nobody is signed in
            failed(error)

    def _drop_followers(self) -> bool:
        dropped = False
        while self._line and not (isinstance(self._line[0], _Turn) and self._line[0].opens):
            dropped = isinstance(self._line.popleft(), _Turn) or dropped
        return dropped

    def _answered(self, do: Callable[[], None]) -> None:
        self._sent = None
        self._in_turn(do)
        self._go_on()
