"""The screen's talk with the services: scans and keys become turns that stand in line, so that none is lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from counterapp.core.actor import Actor
from counterapp.errors import CounterError
from counterapp.work import StoreClient

Work = Callable[[Any, Actor], Any]
Done = Callable[[Any], None]
Failed = Callable[[BaseException], None]


@dataclass(frozen=True, slots=True)
class _Turn:
    """One thing to do; `act` is its name in the journal, "" for what only reads."""

    act: str
    work: Work
    done: Done
    failed: Failed


@dataclass(frozen=True, slots=True)
class _Then:
    do: Callable[[], None]


class Talk(QObject):
    """One turn after the other. What an answer asks for in its turn goes before what was scanned meanwhile.

    `refused(error)` when a turn failed that has no answer of its own for that; the next one is taken all the same.
    `settled()` when none is left.
    """

    refused = Signal(object)
    settled = Signal()

    def __init__(self, client: StoreClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._line: deque[_Turn | _Then] = deque()
        self._busy = False
        self._place: int | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way or in line."""
        return not self._busy and not self._line

    def look(self, work: Work, done: Done, failed: Failed | None = None) -> None:
        """Read something when its turn comes."""
        self._take(_Turn("", work, done, failed or self.refused.emit))

    def command(self, act: str, work: Work, done: Done, failed: Failed | None = None) -> None:
        """Carry out a command when its turn comes."""
        self._take(_Turn(act, work, done, failed or self.refused.emit))

    def then(self, do: Callable[[], None]) -> None:
        """Call `do` once everything before it has been answered: at once, where nothing is under way."""
        self._take(_Then(do))

    def _take(self, turn: _Turn | _Then) -> None:
        if self._place is None:
            self._line.append(turn)
        else:
            self._line.insert(self._place, turn)
            self._place += 1
        self._go_on()

    def _go_on(self) -> None:
        while not self._busy and self._line and self._place is None:
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
        self._busy = True

        def done(answer: Any) -> None:
            self._answered(lambda: turn.done(answer))

        def failed(error: BaseException) -> None:
            self._answered(lambda: turn.failed(error))

        try:
            actor = self._client.actor
            if turn.act:
                self._client.command(self, turn.act, turn.work, done, failed)
            else:
                self._client.read(self, lambda session: turn.work(session, actor), done, failed)
        except CounterError as error:  # nobody is signed in
            failed(error)

    def _answered(self, do: Callable[[], None]) -> None:
        self._busy = False
        self._in_turn(do)
        self._go_on()
