"""What a second person signs at this desk: the release of an overnight deposit, and a void."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QObject, Signal

from counterapp.core.actor import APPROVERS, Signer
from counterapp.desks.bagcheck.rules import WAITING
from counterapp.desks.bagcheck.services import collecting
from counterapp.desks.bagcheck.services.collecting import DepositDetails, refuse_release, sign_release
from counterapp.desks.bagcheck.services.depositing import void
from counterapp.desks.bagcheck.view.texts import matter_words, nights_words
from counterapp.ui.command_queue import CommandQueue
from counterapp.ui.requests import Requests
from counterapp.ui.signature_flow import SignatureFlow, SignatureRequest
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.words import N_, _
from counterapp.work import StoreClient


def release_request(deposit: DepositDetails, zone: dt.tzinfo) -> SignatureRequest:
    """Return the release of an overnight deposit; only one that waits can be sent back."""
    waits = deposit.state == WAITING
    return SignatureRequest(
        title=lambda: _("Overnight: locker {number}").format(number=deposit.locker),
        facts=(
            lambda: matter_words(deposit, zone),
            lambda: _(
                "It has stayed {nights}. Whoever holds the token, it is given out only with this signature."
            ).format(nights=nights_words(deposit.nights)),
        ),
        sign=lambda: _("Sign the release"),
        act="bagcheck.sign_release",
        carry_out=lambda session, actor, signer, _reason: sign_release(
            session, actor, signer, deposit.id, deposit.revision
        ),
        give_back=(lambda: _("Refuse (say why)")) if waits else "",
        why_back=lambda: _("Why it is not released"),
        back_act="bagcheck.refuse_release",
        back=lambda session, actor, signer, reason: refuse_release(
            session, actor, signer, deposit.id, deposit.revision, reason
        ),
    )  # fmt: skip


def void_request(deposit: DepositDetails, zone: dt.tzinfo) -> SignatureRequest:
    """Return the void of a deposit that was begun by mistake."""
    return SignatureRequest(
        title=lambda: _("Void: locker {number}").format(number=deposit.locker),
        facts=(
            lambda: matter_words(deposit, zone),
            lambda: _("Its token opens nothing any more, and the locker is free again. Take both pieces back."),
        ),
        sign=lambda: _("Sign the void"),
        act="bagcheck.void",
        carry_out=lambda session, actor, signer, reason: void(
            session, actor, signer, deposit.id, deposit.revision, reason
        ),
        asks=lambda: _("Why the deposit is void"),
    )


class ReleaseFlow(QObject):
    """Lets a second person sign. `read(DepositDetails)` before a release is signed, `decided()` after;
    `voided(DepositDetails)`.
    """

    read = Signal(object)
    decided = Signal()
    voided = Signal(object)

    def __init__(
        self, context: ViewContext, client: StoreClient, queue: CommandQueue, signing: SignatureFlow, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context, self._client, self._queue, self._signing = context, client, queue, signing
        self._requests = Requests(context, client, self)

    def ask(self, deposit: DepositDetails) -> None:
        """Let an overnight deposit wait for a supervisor, who signs here or at their own station."""
        if deposit.state == WAITING:
            self._open(deposit, self._approver)
            return
        self._queue.command(
            "bagcheck.ask_release",
            lambda session, actor: collecting.ask_release(session, actor, deposit.id, deposit.revision),
            lambda _nothing: self._read(deposit.id, None),
        )

    def sign(self, deposit_id: int) -> None:
        """Put a release that waits before the supervisor; one who is signed in here needs only the PIN."""
        self._read(deposit_id, self._approver)

    def void(self, deposit_id: int) -> None:
        """Let a second person sign that a deposit was a mistake."""

        def found(deposit: DepositDetails) -> None:
            self._signing.open(void_request(deposit, self._client.zone), lambda _signed: self.voided.emit(deposit))

        self._queue.read(lambda session, actor: collecting.get_deposit(session, actor, deposit_id), found)

    @property
    def _approver(self) -> Signer | None:
        actor = self._requests.actor
        return actor.person if actor is not None and actor.person.role in APPROVERS else None

    def _read(self, deposit_id: int, signer: Signer | None) -> None:
        def found(deposit: DepositDetails) -> None:
            self.read.emit(deposit)
            self._open(deposit, signer)

        self._queue.read(lambda session, actor: collecting.get_deposit(session, actor, deposit_id), found)

    def _open(self, deposit: DepositDetails, signer: Signer | None) -> None:
        released = N_("Locker {number} is released. It is collected like any other.")
        refused = N_("Locker {number} is not released. Tell the customer why.")

        def decided(said: str, meaning: Meaning) -> None:
            self._context.messages.say(lambda: _(said).format(number=deposit.locker), meaning)
            self.decided.emit()

        self._signing.open(
            release_request(deposit, self._client.zone),
            lambda _answer: decided(released, Meaning.ALLOWED),
            signer,
            lambda: decided(refused, Meaning.MISSING),
        )
