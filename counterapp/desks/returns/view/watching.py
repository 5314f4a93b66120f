"""Following the cases that wait, so that the desk moves on when somebody signs at another station."""

from __future__ import annotations

import logging
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from counterapp.desks.returns.services.waiting_cases import Decided, decided_among
from counterapp.return_forms.models import APPROVED, REFUSED
from counterapp.return_forms.texts import form_numbers, receipt_number
from counterapp.ui.theme import Meaning
from counterapp.words import _
from counterapp.work import StoreClient

#: How often it is asked what became of them, in milliseconds: short beside the walk to the customer and back.
EVERY: Final = 3_000

_log = logging.getLogger(__name__)


class Watch(QObject):
    """Asks every few seconds, while a case waits, whether it still does: `decided(Decided)` once it does not."""

    decided = Signal(object)

    def __init__(self, client: StoreClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._waiting: set[int] = set()
        self._asking = False
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._ask)

    def follow(self, case_id: int) -> None:
        """Ask after a case that waits."""
        self._waiting.add(case_id)
        self._timer.start()

    def leave(self, case_id: int) -> None:
        """Ask after it no longer."""
        self._waiting.discard(case_id)
        if not self._waiting:
            self._timer.stop()

    def _ask(self) -> None:
        if self._asking:
            return
        self._asking = True
        asked = frozenset(self._waiting)
        self._client.read(self, lambda session: decided_among(session, asked), self._on_answered, self._on_failed)

    def _on_answered(self, gone: tuple[Decided, ...]) -> None:
        self._asking = False
        for one in gone:
            if one.case_id not in self._waiting:
                continue
            self.leave(one.case_id)
            if one.state == APPROVED:
                # Another station's commit: its form lies in the queue of this one's printers.
                self._client.committed.emit()
            self.decided.emit(one)

    def _on_failed(self, error: BaseException) -> None:
        self._asking = False
        # What stands in the way is said where somebody waits for an answer, not every few seconds.
        _log.info("waiting cases were not asked after: %s", error)


def told_aside(decided: Decided) -> tuple[str, Meaning] | None:
    """Return what the clerk reads of a case that is no longer on the desk; None where nobody decided it."""
    receipt = receipt_number(decided.receipt)
    if decided.state == APPROVED:
        said = _("Receipt {receipt} was approved by {name}: form No. {numbers} is on its way to the printer.")
        numbers = form_numbers(decided.numbers)
        return said.format(receipt=receipt, name=decided.signer, numbers=numbers), Meaning.ALLOWED
    if decided.state == REFUSED:
        said = _("{name} sent receipt {receipt} back: “{reason}”. Scan it again to put it right.")
        return said.format(name=decided.signer, reason=decided.reason, receipt=receipt), Meaning.MISSING
    return None


def told_overtaken(decided: Decided) -> str:
    """Return what an approver reads when somebody else was faster."""
    if decided.state == APPROVED:
        return _("{name} has just approved this case. There is nothing left to sign.").format(name=decided.signer)
    if decided.state == REFUSED:
        return _("{name} has just sent this case back. There is nothing left to sign.").format(name=decided.signer)
    return _("The clerk has taken this case back. There is nothing left to sign.")
