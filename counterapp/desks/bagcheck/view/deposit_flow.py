"""A deposit on one key, and what may be added to it while the next customer steps up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QDropEvent

from counterapp.desks.bagcheck.rules import Size
from counterapp.desks.bagcheck.services import collecting, depositing
from counterapp.desks.bagcheck.services.collecting import DepositDetails
from counterapp.desks.bagcheck.services.depositing import DepositResult
from counterapp.desks.bagcheck.view.photos import SUFFIXES, THINGS, Photos, picture_of
from counterapp.ui.command_queue import CommandQueue
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.words import _


@dataclass(frozen=True, slots=True)
class InLocker:
    """A deposit just begun: `prints` where slips or labels come out for it."""

    id: int
    revision: int
    locker: str
    prints: bool
    has_photo: bool = False


class DepositFlow(QObject):
    """Takes things in. `taken(InLocker)` for each; `pictured(QImage)` when the last one has its photo."""

    taken = Signal(object)
    pictured = Signal(object)

    def __init__(self, context: ViewContext, queue: CommandQueue, photos: Photos, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._queue, self._photos = context, queue, photos
        self.last: InLocker | None = None

    def deposit(self, size: Size) -> None:
        """Take the next free locker of a size."""
        self._queue.command(
            "bagcheck.deposit", lambda session, actor: depositing.deposit(session, actor, size), self._on_taken
        )

    def deposit_with_tag(self, code: str) -> None:
        """Take the locker at which a plastic tag hangs."""
        self._queue.command(
            "bagcheck.deposit",
            lambda session, actor: depositing.deposit_with_tag(session, actor, code),
            self._on_taken,
        )

    def describe(self, pieces: int, words: str) -> None:
        """Note how many pieces the last deposit has, and what they look like."""
        begun = self.last
        if begun is None:
            return

        def described(now: DepositDetails) -> None:
            if self.last is not None and self.last.id == now.id:
                self.last = replace(self.last, revision=now.revision)

        def send() -> None:
            now = self.last if self.last is not None and self.last.id == begun.id else begun
            self._queue.command(
                "bagcheck.describe",
                lambda session, actor: depositing.describe(
                    session, actor, now.id, now.revision, pieces=pieces, description=words
                ),
                lambda _nothing: self._queue.read(
                    lambda session, actor: collecting.get_deposit(session, actor, now.id), described
                ),
            )

        self._queue.then(send)

    def ask_photo(self) -> None:
        """Let a picture of the last deposit's things be chosen."""
        begun = self.last
        if begun is not None:
            self._photos.ask(lambda path: self.keep_photo(path, begun))

    def keep_photo(self, path: Path, begun: InLocker | None = None) -> None:
        """Keep the picture in a file with a deposit, the last one where none is named."""
        begun = begun or self.last
        if begun is None:
            return
        deposit_id = begun.id

        def kept(jpeg: bytes) -> None:
            if self.last is not None and self.last.id == deposit_id:
                self.last = replace(self.last, has_photo=True)
                self.pictured.emit(picture_of(jpeg))

        self._photos.shrink(
            path,
            THINGS,
            lambda jpeg: self._queue.command(
                "bagcheck.photo",
                lambda session, actor: depositing.add_photo(session, actor, deposit_id, jpeg),
                lambda _nothing: kept(jpeg),
            ),
            self._context.messages.tell,
        )

    def refuse_valuables(self) -> None:
        """Print for the customer that valuables are not taken in."""
        self._queue.command(
            "bagcheck.refuse_valuables",
            depositing.refuse_valuables,
            lambda _job: self._context.messages.say(
                lambda: _("The slip about valuables is on its way to the printer."), Meaning.ALLOWED
            ),
        )

    def _on_taken(self, taken: DepositResult) -> None:
        self.last = InLocker(taken["deposit"], taken["revision"], taken["locker"], taken["job"] is not None)
        self.taken.emit(self.last)


def dropped_picture(event: QDropEvent) -> Path | None:
    """Return the picture's file that is dropped, None where it is none."""
    urls = event.mimeData().urls()
    path = Path(urls[0].toLocalFile()) if urls else Path()
    return path if path.suffix.lower() in SUFFIXES else None
