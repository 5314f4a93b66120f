"""A store that is played: what is asked of it stands in line until the test answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import QObject, Signal

from counterapp.core.actor import Actor, Role, Signer
from counterapp.errors import NotAllowed
from counterapp.words import N_
from counterapp.work import StoreClient

NOW = dt.datetime(2026, 11, 21, 6, 32, tzinfo=dt.UTC)


class PlayedStore(QObject):
    """Takes reads and commands as a Counter does; `answer` and `fail` bring the oldest one's end."""

    committed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.person: Actor | None = None
        self.line: list[tuple[str, Callable[[], Any], Any, Any]] = []
        self.acts: list[str] = []
        self.sign_in()

    @property
    def actor(self) -> Actor:
        if self.person is None:
            raise NotAllowed(N_("Nobody is signed in. Scan your badge or type your number first."))
        return self.person

    def sign_in(self, number: str = "6012") -> None:
        self.person = Actor(Signer(int(number), number, "王丽", Role.CLERK), "2", lambda: NOW)

    def read(self, owner: QObject, work: Any, done: Any, failed: Any = None) -> None:
        self.line.append(("", lambda: work(None), done, failed))

    def command(
        self, owner: QObject, act: str, work: Any, done: Any = None, failed: Any = None, *, second: int | None = None
    ) -> None:
        actor = self.actor
        self.acts.append(act)

        def carried_out(answer: Any) -> None:
            self.committed.emit()
            if done is not None:
                done(answer)

        self.line.append((act, lambda: work(None, actor), carried_out, failed))

    def run_own_transaction(self, owner: QObject, work: Any, done: Any = None, failed: Any = None) -> None:
        self.line.append(("", work, done, failed))

    def answer(self) -> None:
        """Do the oldest thing asked for."""
        _act, work, done, _failed = self.line.pop(0)
        done(work())

    def fail(self, error: BaseException) -> None:
        """Let the oldest thing asked for go wrong."""
        self.line.pop(0)[3](error)

    @property
    def client(self) -> StoreClient:
        """Itself, for what takes a Counter."""
        return cast(StoreClient, self)
