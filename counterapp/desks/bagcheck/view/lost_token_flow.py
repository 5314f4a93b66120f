"""A lost token, step by step: what the dialog asks becomes commands, and any step can be taken up again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from counterapp.core.actor import Actor
from counterapp.core.store_settings import BagCheckSettings
from counterapp.desks.bagcheck.rules import LOST, Piece
from counterapp.desks.bagcheck.services import collecting, figures, lost_tokens, privacy
from counterapp.desks.bagcheck.services.collecting import Alarm, DepositDetails
from counterapp.desks.bagcheck.services.lost_tokens import LosingCustomer
from counterapp.desks.bagcheck.services.privacy import Identity, LossDetails
from counterapp.desks.bagcheck.view.asking import AlarmDialog
from counterapp.desks.bagcheck.view.lost_token_dialog import LostTokenDialog
from counterapp.desks.bagcheck.view.photos import IDENTITY, Photos, picture_of
from counterapp.desks.bagcheck.view.release_flow import release_request
from counterapp.ui.requests import Requests
from counterapp.ui.signature_flow import SignatureFlow
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.words import N_, _
from counterapp.work import StoreClient

#: (session, actor, the deposit as it was read) -> the command's answer
Work = Callable[[Any, Actor, DepositDetails], Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """A deposit, the loss of its token, the picture of the things once the record may be read, and what holds here."""

    deposit: DepositDetails
    loss: LossDetails | None
    picture: QImage | None
    settings: BagCheckSettings


class LostTokenFlow(QObject):
    """One dialog at a time. `changed()` when a step was taken; `collected(str)` when the locker was given out."""

    changed = Signal()
    collected = Signal(str)

    def __init__(
        self, context: ViewContext, client: StoreClient, signing: SignatureFlow, photos: Photos, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context, self._client, self._signing, self._photos = context, client, signing, photos
        self._requests = Requests(context, client, self)
        self._dialog: LostTokenDialog | None = None
        self._reading: Reading | None = None

    def open(self, deposit_id: int) -> None:
        """Take up the loss of a deposit's token where it stands, or begin it."""
        if self._dialog is None:
            self._context.messages.clear()
            self._read(deposit_id)

    def sound(self, alarm: Alarm) -> None:
        """Say aloud that a lost token has turned up, and let it be noted in the book."""
        dialog = AlarmDialog(alarm, self._client.zone)
        dialog.recorded.connect(lambda: self._note_found(alarm))
        said = N_("Alarm: token {number} was reported lost. It opens nothing. Keep it here.")
        self._context.messages.say(lambda: _(said).format(number=alarm.token), Meaning.REFUSED)
        self._context.dialogs.open(dialog)

    def _note_found(self, alarm: Alarm) -> None:
        said = N_("Noted in the lost-token book: token {number} is here again.")
        self._requests.command(
            "bagcheck.found_again",
            lambda session, actor: lost_tokens.found_again(session, actor, alarm.lost_id),
            lambda _nothing: self._context.messages.say(lambda: _(said).format(number=alarm.token), Meaning.ALLOWED),
        )

    def _read(self, deposit_id: int) -> None:
        def work(session: Any, actor: Actor) -> Reading:
            deposit = collecting.get_deposit(session, actor, deposit_id)
            loss = privacy.loss(session, actor, deposit.lost_id) if deposit.lost_id is not None else None
            shown = deposit.has_photo and loss is not None and deposit.state != LOST
            picture = picture_of(collecting.photo_of(session, actor, deposit_id)) if shown else None
            return Reading(deposit, loss, picture, figures.in_force(session))

        self._requests.read(work, self._on_read)

    def _on_read(self, reading: Reading) -> None:
        self._reading = reading
        if self._dialog is None:
            dialog = self._dialog = LostTokenDialog(reading.settings, self._client.zone)
            dialog.closed.connect(self._on_closed)
            dialog.reported.connect(self._on_reported)
            dialog.taken_back.connect(self._on_taken_back)
            dialog.told.connect(self._on_told)
            dialog.picture_asked.connect(lambda: self._photos.ask(self._on_picture_chosen))
            dialog.charged.connect(self._on_charged)
            dialog.received.connect(self._on_received)
            dialog.given_out.connect(self._on_given_out)
            dialog.unmask_asked.connect(self._on_unmask_asked)
            dialog.show_step(reading.deposit, reading.loss, reading.picture)
            self._context.dialogs.open(dialog)
        else:
            self._dialog.show_step(reading.deposit, reading.loss, reading.picture)

    def _command(self, act: str, work: Work, done: Callable[[Any], None], *, keep_open: bool = True) -> None:
        reading = self._reading
        if reading is not None:
            self._requests.command(
                act,
                lambda session, actor: work(session, actor, reading.deposit),
                done,
                self._dialog,
                lambda _error: self._on_stepped(),  # somebody else may have been faster
                keep_open=keep_open,
            )

    def _step(self, act: str, work: Work) -> None:
        self._command(act, work, lambda _answer: self._on_stepped())

    def _on_stepped(self) -> None:
        if self._reading is not None and self._dialog is not None:
            self._read(self._reading.deposit.id)
        self.changed.emit()

    def _on_reported(self, piece: Piece, spare: str) -> None:
        self._step(
            "bagcheck.report_lost",
            lambda session, actor, now: lost_tokens.report_lost(session, actor, now.id, now.revision, piece, spare),
        )

    def _on_taken_back(self) -> None:
        self._command(
            "bagcheck.take_back_report",
            lambda session, actor, now: lost_tokens.take_back_report(session, actor, now.id, now.revision),
            lambda _nothing: self.changed.emit(),
            keep_open=False,
        )

    def _on_told(self, words: str) -> None:
        self._step(
            "bagcheck.tell",
            lambda session, actor, now: lost_tokens.tell(session, actor, now.id, now.revision, words),
        )

    def _on_picture_chosen(self, path: Path) -> None:
        dialog = self._dialog
        if dialog is not None:
            self._photos.shrink(path, IDENTITY, dialog.take_picture, lambda error: self._requests.say(error, dialog))

    def _on_charged(self, customer: LosingCustomer) -> None:
        keys = self._client.database.keys
        self._step(
            "bagcheck.charge",
            lambda session, actor, now: lost_tokens.charge(session, actor, keys, now.id, now.revision, customer),
        )

    def _on_received(self, receipt: str, fen: int) -> None:
        self._step(
            "bagcheck.receive_penalty",
            lambda session, actor, now: lost_tokens.receive_penalty(session, actor, now.id, now.revision, receipt, fen),
        )

    def _on_given_out(self) -> None:
        reading = self._reading
        if reading is None:
            return
        deposit = reading.deposit
        if deposit.overnight and not deposit.released:
            self._signing.open(
                release_request(deposit, self._client.zone),
                lambda _answer: self._on_stepped(),
                returned=self._on_stepped,
            )
            return

        def collected(_nothing: object) -> None:
            self.changed.emit()
            self.collected.emit(deposit.locker)

        self._command(
            "bagcheck.collect",
            lambda session, actor, now: collecting.collect(session, actor, now.id, now.revision),
            collected,
            keep_open=False,
        )

    def _on_unmask_asked(self) -> None:
        """Show who lost the token; the journal keeps who asked for it."""
        reading, dialog = self._reading, self._dialog
        if reading is None or reading.loss is None or dialog is None:
            return
        lost_id, keys = reading.loss.id, self._client.database.keys

        def work(session: Any, actor: Actor, _now: DepositDetails) -> Identity:
            return privacy.unmask(session, actor, keys, lost_id)

        def shown(known: Identity) -> None:
            if self._dialog is dialog:
                dialog.show_identity(known)

        self._command("bagcheck.unmask", work, shown)

    def _on_closed(self) -> None:
        self._dialog = self._reading = None
