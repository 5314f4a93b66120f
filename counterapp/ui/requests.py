"""What a view asks of the store: reads and commands of whoever is signed in, and where a refusal is said.

    self.requests = Requests(context, client, self)
    self.requests.command("gift.give", partial(services.give, code=code), self._on_given, dialog)

`work` gets the session and the actor. Where nobody is signed in, nothing is sent and that is said. A refusal is shown
in `dialog` while that is open, otherwise by the messages; `refused` tells of it as well, so that a list is read again
when somebody else was faster (`requests.refused.connect(poller.read)`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

import shiboken6
from PySide6.QtCore import QObject, Signal

from counterapp.core.actor import Actor
from counterapp.errors import CounterError, NotAllowed
from counterapp.ui.dialog import Dialog
from counterapp.ui.live_text import LiveText
from counterapp.ui.view import ViewContext
from counterapp.words import _
from counterapp.work import StoreClient

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

T = TypeVar("T")
Failed = Callable[[BaseException], None]


@runtime_checkable
class Refusable(Protocol):
    """What can say in its place why something was not done: most dialogs."""

    def refuse(self, sentence: LiveText) -> None:
        """Say why it was not done; what was typed stays."""


class Requests(QObject):
    """Reads and commands for `owner`, which gets answers as long as it lives. `refused(CounterError)`."""

    refused = Signal(object)

    def __init__(self, context: ViewContext, client: StoreClient, owner: QObject) -> None:
        super().__init__(owner)
        self._context, self._client = context, client

    @property
    def actor(self) -> Actor | None:
        """Who is signed in; None while the screen is locked."""
        try:
            return self._client.actor
        except NotAllowed:
            return None

    def require_actor(self) -> Actor | None:
        """Return who is signed in; where nobody is, that is said."""
        try:
            return self._client.actor
        except NotAllowed as error:
            self._context.messages.tell(error)
            return None

    def read(
        self, work: Callable[[Session, Actor], T], done: Callable[[T], None], dialog: Dialog | None = None,
        failed: Failed | None = None,
    ) -> None:  # fmt: skip
        """Read with `work`, then call `done`; with a `dialog` only while that is open.

        `failed` is called after a failure was said, for what has to be set right on the screen.
        """

        def answered(answer: T) -> None:
            if dialog is None or self._is_open(dialog):
                done(answer)

        def send(actor: Actor) -> None:
            self._client.read(self, lambda session: work(session, actor), answered, not_done)

        not_done = self._failing(dialog, failed)
        self._send(send, not_done)

    def command(
        self, act: str, work: Callable[[Session, Actor], T], done: Callable[[T], None] | None = None,
        dialog: Dialog | None = None, failed: Failed | None = None, *, keep_open: bool = False,
        second: int | None = None,
    ) -> None:  # fmt: skip
        """Do one command, then close `dialog` (unless `keep_open`) and call `done`.

        `act` is its name in the journal, `second` the id of the person who signs as well. `failed` is called after a
        failure was said.
        """

        def carried_out(answer: T) -> None:
            if dialog is not None and not keep_open and self._is_open(dialog):
                dialog.close_dialog()
            if done is not None:
                done(answer)

        def send(_actor: Actor) -> None:
            self._client.command(self, act, work, carried_out, not_done, second=second)

        not_done = self._failing(dialog, failed)
        self._send(send, not_done)

    def run(
        self, work: Callable[[], T], done: Callable[[T], None], dialog: Dialog | None = None,
        failed: Failed | None = None,
    ) -> None:  # fmt: skip
        """Run `work` in line with the commands: what opens its own transactions, or takes a while (a PIN to hash)."""
        self._client.run_own_transaction(self, work, done, self._failing(dialog, failed))

    def say(self, error: BaseException, dialog: Dialog | None) -> None:
        """Say why something was not done: in `dialog` while that is open, otherwise by the messages."""
        if isinstance(dialog, Refusable) and self._is_open(dialog):
            if isinstance(error, CounterError):
                dialog.refuse(lambda: str(error))
                return
            # A bug: where the dialog shows that it waits, that has to end.
            dialog.refuse(lambda: _("It was not done. Look at it again before you go on."))
        self._context.messages.tell(error)

    def _send(self, send: Callable[[Actor], None], not_done: Failed) -> None:
        try:
            send(self._client.actor)
        except NotAllowed as error:  # nobody is signed in
            not_done(error)

    def _failing(self, dialog: Dialog | None, failed: Failed | None) -> Failed:
        def not_done(error: BaseException) -> None:
            self.say(error, dialog)
            if failed is not None:
                failed(error)
            if isinstance(error, CounterError):
                self.refused.emit(error)

        return not_done

    def _is_open(self, dialog: Dialog) -> bool:
        """Whether it is shown, waits in line, or is put away behind a locked screen."""
        return shiboken6.isValid(dialog) and self._context.dialogs.holds(dialog)
