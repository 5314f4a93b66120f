"""The case on the desk: what is done to it stands in line, and it is read again once everything was answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec

from PySide6.QtCore import QObject, Signal

from counterapp.core.actor import Actor, Role
from counterapp.desks.returns.services.approval import who_may_sign
from counterapp.desks.returns.services.details import ReturnDetails, find_return, get_return
from counterapp.desks.returns.services.drafting import open_return, scan_goods
from counterapp.desks.returns.services.history import History, history
from counterapp.errors import CounterError, Refused
from counterapp.return_forms.models import WAITING
from counterapp.ui.command_queue import CommandQueue, Done, Failed, Send
from counterapp.words import N_
from counterapp.work import StoreClient

_P = ParamSpec("_P")


@dataclass(frozen=True, slots=True)
class Reading:
    """The case as it was read: all of the screen, while it waits the least role that may sign it, and what came back
    before of the same receipt, member and phone."""

    desk: ReturnDetails
    signer: Role | None
    past: History

    @property
    def state(self) -> str:
        """The state of the case."""
        return self.desk.case.state


class OpenCase(QObject):
    """What the person does to the case on the desk, one thing after the other (`CommandQueue`).

    Only when nothing is left in line is the case read: `shown(Reading)`. What was read for an earlier turn is passed
    over. `refused(error)` when a turn failed; the case is read again then, too.
    """

    shown = Signal(object)
    refused = Signal(object)

    def __init__(self, client: StoreClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._queue = CommandQueue(client, self)
        self._queue.settled.connect(self._read)
        self._case_id: int | None = None
        self._readings = 0
        self._is_read, self._is_reading = True, False
        self._waiting: Done | None = None

    @property
    def expects_case(self) -> bool:
        """Whether a case is on the desk, or about to be."""
        return self._case_id is not None or self._queue.is_opening

    def open_receipt(self, number: str, entered: str) -> None:
        """Put the return of a receipt on the desk; an empty one that lies there is dropped.

        `entered` tells whether the number was scanned, keyed or found.
        """

        def send(done: Done, failed: Failed) -> None:
            leaving = self._case_id
            self._client.command(
                self,
                "return.open",
                lambda session, actor: open_return(session, actor, number, leaving, entered),
                done,
                failed,
            )

        self._take(send, self._on_opened, opens=True)

    def open_code(self, code: str) -> None:
        """Put the case on the desk that bears `code`, or whose form does."""

        def send(done: Done, failed: Failed) -> None:
            self._client.read(self, lambda session: find_return(session, code), done, failed)

        self._take(send, self._on_opened, opens=True)

    def open_case(self, case_id: int) -> None:
        """Put the case of this id on the desk."""
        self._take(lambda done, _failed: done(case_id), self._on_opened, opens=True)

    def scan_goods(self, code: str, done: Callable[[int], None]) -> None:
        """Add one of the goods to whatever case is on the desk when the turn comes; `done` gets the line's id."""

        def send(answered: Done, failed: Failed) -> None:
            case_id = self._case_id
            if case_id is None:
                failed(Refused(N_("Scan the receipt first, then the goods.")))
                return
            self._client.command(
                self, "return.scan", lambda session, actor: scan_goods(session, actor, case_id, code), answered, failed
            )

        self._take(send, done)

    def act(
        self, act: str, service: Callable[Concatenate[Any, Actor, int, _P], None], *args: _P.args, **named: _P.kwargs
    ) -> None:
        """Let a service act on the case that is shown now."""
        case_id = self._case_id
        if case_id is None:
            return

        def send(done: Done, failed: Failed) -> None:
            self._client.command(
                self, act, lambda session, actor: service(session, actor, case_id, *args, **named), done, failed
            )

        self._take(send, lambda _nothing: None)

    def settle(self, then: Callable[[], None]) -> None:
        """Call `then` once everything before it has been answered and is shown: at once, where nothing is."""

        def wait(done: Done, _failed: Failed) -> None:
            self._waiting = done
            self._read()

        def settled() -> None:
            if self._is_read:
                then()
            else:  # goes before whatever was scanned meanwhile
                self._queue.take(wait, lambda is_shown: then() if is_shown else None)

        self._queue.then(settled)

    def read_again(self) -> None:
        """Read the case again."""
        self._is_read = False
        if self._queue.is_idle or self._waiting is not None:
            self._read()

    def leave(self) -> None:
        """Take the case off the desk, and forget what was still in line for it."""
        self._case_id = None
        self._queue.clear()
        self._readings += 1
        self._is_read, self._is_reading = True, False
        self._end_waiting(is_shown=False)

    def _take(self, send: Send, done: Done, *, opens: bool = False) -> None:
        def answered(answer: Any) -> None:
            self._is_read = self._is_reading = False
            done(answer)

        def failed(error: BaseException) -> None:
            self._is_read = self._is_reading = False
            self.refused.emit(error)

        self._queue.take(send, answered, failed, opens=opens)

    def _on_opened(self, case_id: int) -> None:
        self._case_id = case_id

    def _read(self) -> None:
        if self._is_read or self._is_reading:
            return
        case_id = self._case_id
        if case_id is None:
            self._is_read = True
            self._end_waiting(is_shown=True)
            return
        try:
            today = self._client.actor.today()
        except CounterError:
            return  # signed out; `activated` reads again when somebody is back
        self._readings += 1
        self._is_reading = True
        this = self._readings

        def read(session: Any) -> Reading:
            desk = get_return(session, case_id, today)
            signer = who_may_sign(session, case_id, today) if desk.case.state == WAITING else None
            return Reading(desk, signer, history(session, case_id, today))

        self._client.read(
            self, read, lambda reading: self._on_read(this, reading), lambda error: self._on_not_read(this, error)
        )

    def _on_read(self, this: int, reading: Reading) -> None:
        # The worker answers in order and each reading has its number: only the newest can be the case and the revision
        # that stand on the desk now.
        if this == self._readings and self._is_reading:
            self._is_read, self._is_reading = True, False
            self.shown.emit(reading)
            self._end_waiting(is_shown=True)

    def _on_not_read(self, this: int, error: BaseException) -> None:
        if this == self._readings and self._is_reading:
            self._is_read, self._is_reading = True, False
            self._queue.clear()
            self.refused.emit(error)
            self._end_waiting(is_shown=False)

    def _end_waiting(self, *, is_shown: bool) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting(is_shown)
