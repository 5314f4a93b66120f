"""The screen's talk with the services about the case on the desk: one thing after the other, none of them lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, Final, ParamSpec

from PySide6.QtCore import QObject, Signal

from counterapp.core.actor import Actor, Role
from counterapp.desks.returns.services.approval import who_may_sign
from counterapp.desks.returns.services.details import ReturnDetails, find_return, get_return
from counterapp.desks.returns.services.drafting import open_return, scan_goods
from counterapp.desks.returns.services.history import History, history
from counterapp.errors import CounterError, Refused
from counterapp.return_forms.models import WAITING
from counterapp.words import N_
from counterapp.work import StoreClient

_P = ParamSpec("_P")
_Done = Callable[[Any], None]
_Failed = Callable[[BaseException], None]

_ALSO_NOT_TAKEN: Final = N_("{why} What was scanned after it was not taken either.")


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


@dataclass(frozen=True, slots=True)
class _Turn:
    send: Callable[[_Done, _Failed], None]
    done: _Done
    opens: bool = False


@dataclass(frozen=True, slots=True)
class _Then:
    do: Callable[[], None]


class Talk(QObject):
    """What the person does becomes turns that stand in line, so that fast scans keep their order and lose nothing.

    Only when no turn is left is the case read again: `shown(Reading)`. What was read for an earlier turn is passed
    over. `refused(error)` when a turn failed; the case is read again then, too.
    """

    shown = Signal(object)
    refused = Signal(object)

    def __init__(self, client: StoreClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._line: deque[_Turn | _Then] = deque()
        self._sent: _Turn | None = None
        self._case_id: int | None = None
        self._looks = 0
        self._read = True
        self._looking = False

    @property
    def expects_case(self) -> bool:
        """Whether a case is on the desk, or about to be."""
        return self._case_id is not None or self._opens()

    def open_receipt(self, number: str, entered: str) -> None:
        """Put the return of a receipt on the desk; an empty one that lies there is dropped.

        `entered` tells whether the number was scanned, keyed or found.
        """

        def send(done: _Done, failed: _Failed) -> None:
            leaving = self._case_id
            self._client.command(
                self,
                "return.open",
                lambda session, actor: open_return(session, actor, number, leaving, entered),
                done,
                failed,
            )

        self._take(_Turn(send, self._on_opened, opens=True))

    def open_code(self, code: str) -> None:
        """Put the case on the desk that bears `code`, or whose form does."""
        self._take(
            _Turn(
                lambda done, failed: self._client.read(self, lambda session: find_return(session, code), done, failed),
                self._on_opened,
                opens=True,
            )
        )

    def open_case(self, case_id: int) -> None:
        """Put the case of this id on the desk."""
        self._take(_Turn(lambda done, _failed: done(case_id), self._on_opened, opens=True))

    def scan_goods(self, code: str, done: Callable[[int], None]) -> None:
        """Add one of the goods to whatever case is on the desk when the turn comes; `done` gets the line's id."""

        def send(answered: _Done, failed: _Failed) -> None:
            case_id = self._case_id
            if case_id is None:
                failed(Refused(N_("Scan the receipt first, then the goods.")))
                return
            self._client.command(
                self, "return.scan", lambda session, actor: scan_goods(session, actor, case_id, code), answered, failed
            )

        self._take(_Turn(send, done))

    def act(
        self, act: str, service: Callable[Concatenate[Any, Actor, int, _P], None], *args: _P.args, **named: _P.kwargs
    ) -> None:
        """Let a service act on the case that is shown now."""
        case_id = self._case_id
        if case_id is None:
            return
        self._take(
            _Turn(
                lambda done, failed: self._client.command(
                    self, act, lambda session, actor: service(session, actor, case_id, *args, **named), done, failed
                ),
                lambda _nothing: None,
            )
        )

    def settle(self, then: Callable[[], None]) -> None:
        """Call `then` once everything before it has been answered and is shown: at once, where nothing is."""
        self._line.append(_Then(then))
        self._go_on()

    def look_again(self) -> None:
        """Read the case again."""
        self._read = False
        self._go_on()

    def leave(self) -> None:
        """Take the case off the desk, and forget what was still in line for it."""
        self._case_id = None
        self._line.clear()
        self._looks += 1
        self._looking, self._read = False, True

    def _take(self, turn: _Turn) -> None:
        self._line.append(turn)
        self._go_on()

    def _opens(self) -> bool:
        waiting = any(isinstance(turn, _Turn) and turn.opens for turn in self._line)
        return waiting or (self._sent is not None and self._sent.opens)

    def _go_on(self) -> None:
        while self._sent is None and self._line:
            match self._line[0]:
                case _Turn() as turn:
                    self._line.popleft()
                    self._send(turn)
                case _Then(do) if self._read:
                    self._line.popleft()
                    do()
                case _:
                    break
        if self._sent is None and not self._read and not self._looking:
            self._look()

    def _send(self, turn: _Turn) -> None:
        self._sent = turn
        try:
            turn.send(lambda answer: self._on_done(turn, answer), lambda error: self._on_failed(turn, error))
        except CounterError as error:  # nobody is signed in
            self._on_failed(turn, error)

    def _on_done(self, turn: _Turn, answer: Any) -> None:
        self._answered()
        turn.done(answer)
        self._go_on()

    def _on_failed(self, turn: _Turn, error: BaseException) -> None:
        self._answered()
        if turn.opens and self._drop_followers() and isinstance(error, CounterError):
            error = Refused(_ALSO_NOT_TAKEN, why=error)
        self.refused.emit(error)
        self._go_on()

    def _answered(self) -> None:
        self._sent = None
        self._read = self._looking = False

    def _drop_followers(self) -> bool:
        """Goods scanned for a receipt that could not be opened must not land on the one before."""
        dropped = False
        while self._line and not (isinstance(self._line[0], _Turn) and self._line[0].opens):
            dropped = isinstance(self._line.popleft(), _Turn) or dropped
        return dropped

    def _on_opened(self, case_id: int) -> None:
        self._case_id = case_id

    def _look(self) -> None:
        case_id = self._case_id
        if case_id is None:
            self._read = True
            return
        try:
            today = self._client.actor.today()
        except CounterError:
            return  # signed out; `activated` looks again when somebody is back
        self._looks += 1
        self._looking = True
        this = self._looks

        def read(session: Any) -> Reading:
            desk = get_return(session, case_id, today)
            signer = who_may_sign(session, case_id, today) if desk.case.state == WAITING else None
            return Reading(desk, signer, history(session, case_id, today))

        self._client.read(
            self, read, lambda reading: self._on_looked(this, reading), lambda error: self._on_not_looked(this, error)
        )

    def _on_looked(self, this: int, reading: Reading) -> None:
        # The worker answers in order and each look has its number: only the newest can be the case and the revision
        # that stand on the desk now.
        if this != self._looks or not self._looking:
            return
        self._looking, self._read = False, True
        self.shown.emit(reading)
        self._go_on()

    def _on_not_looked(self, this: int, error: BaseException) -> None:
        if this != self._looks or not self._looking:
            return
        self._looking, self._read = False, True
        self._line.clear()
        self.refused.emit(error)
