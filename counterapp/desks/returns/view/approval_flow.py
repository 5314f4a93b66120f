"""The second signature on a return: the sheet is opened, the person proved, and their decision carried out."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from counterapp.core.actor import Signer
from counterapp.core.staff import identify, prove
from counterapp.desks.returns.services.approval import approve, refuse
from counterapp.desks.returns.view.approval_dialog import ApprovalDialog, tell_risk
from counterapp.desks.returns.view.earlier_returns import earlier_returns_dialog
from counterapp.desks.returns.view.empty import Result
from counterapp.desks.returns.view.talk import Reading
from counterapp.errors import CounterError, Overtaken
from counterapp.ui.view import ViewContext
from counterapp.words import _
from counterapp.work import StoreClient


@dataclass(frozen=True, slots=True)
class _Decision:
    """What was on the sheet when it was signed."""

    sheet: ApprovalDialog
    gives_back: bool
    ticks: tuple[str, ...]
    reason: str


class ApprovalFlow(QObject):
    """One approval sheet at a time. `approved(Result)` when forms came of it, `given_back()` when it was sent back;
    `moved_on()` when the case has to be read again: somebody else was faster.
    """

    approved = Signal(object)
    given_back = Signal()
    moved_on = Signal()

    def __init__(self, context: ViewContext, client: StoreClient, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._client = client
        self._sheet: ApprovalDialog | None = None

    def open(self, reading: Reading, signer: Signer | None = None) -> None:
        """Put the waiting case before the second person; `signer` where they are signed in here."""
        if self._sheet is not None:
            return
        sheet = self._sheet = ApprovalDialog(reading, signer)
        sheet.closed.connect(self._on_closed)
        sheet.identified.connect(lambda who: self._on_identified(sheet, who))
        sheet.signed.connect(lambda who, pin: self._on_signed(sheet, who, pin))
        sheet.past_asked.connect(lambda: self._context.dialogs.open(earlier_returns_dialog(reading), urgent=True))
        self._context.dialogs.open(sheet)
        tell_risk(self._context, self._client, sheet)

    def withdraw(self, case_id: int) -> bool:
        """Close the sheet of a case that was decided elsewhere; False where it is being signed here this moment."""
        sheet = self._sheet
        if sheet is not None and sheet.reading.desk.case.id == case_id:
            if not sheet.may_close():
                return False
            sheet.close_dialog()
        return True

    def _on_closed(self) -> None:
        self._sheet = None

    def _on_identified(self, sheet: ApprovalDialog, who: str) -> None:
        self._client.read(sheet, lambda session: identify(session, who), sheet.greet)

    def _on_signed(self, sheet: ApprovalDialog, who: str, pin: str) -> None:
        client = self._client
        decision = _Decision(sheet, sheet.gives_back, sheet.ticks, sheet.reason)
        client.run_own_transaction(
            self,
            lambda: prove(client.database, who, pin, client.station, client.clock),
            lambda signer: self._decide(decision, signer),
            lambda error: self._on_failed(decision, error),
        )

    def _decide(self, decision: _Decision, signer: Signer) -> None:
        try:
            self._give_back(decision, signer) if decision.gives_back else self._approve(decision, signer)
        except CounterError as error:  # the screen was locked meanwhile
            self._on_failed(decision, error)

    def _approve(self, decision: _Decision, signer: Signer) -> None:
        desk = decision.sheet.reading.desk
        elsewhere = desk.case.station if desk.case.station != self._client.station else ""
        self._client.command(
            self,
            "return.approve",
            lambda session, actor: approve(
                session, actor, signer, desk.case.id, desk.case.revision, decision.ticks, decision.reason
            ),
            lambda numbers: self._on_approved(
                decision, Result(desk.case.id, tuple(numbers), desk.refund, signer.name, elsewhere)
            ),
            lambda error: self._on_failed(decision, error),
            second=signer.person_id,
        )

    def _give_back(self, decision: _Decision, signer: Signer) -> None:
        case = decision.sheet.reading.desk.case
        self._client.command(
            self,
            "return.refuse",
            lambda session, actor: refuse(session, actor, signer, case.id, case.revision, decision.reason),
            lambda _nothing: self._on_given_back(decision),
            lambda error: self._on_failed(decision, error),
            second=signer.person_id,
        )

    def _on_approved(self, decision: _Decision, result: Result) -> None:
        self._close(decision)
        self.approved.emit(result)

    def _on_given_back(self, decision: _Decision) -> None:
        self._close(decision)
        self.given_back.emit()

    def _on_failed(self, decision: _Decision, error: BaseException) -> None:
        if self._sheet is not decision.sheet:
            self._context.messages.tell(error)
        elif isinstance(error, Overtaken):
            self._close(decision)
            self._context.messages.tell(error)
            self.moved_on.emit()
        elif isinstance(error, CounterError):
            decision.sheet.refuse(lambda: str(error))
        else:
            decision.sheet.refuse(lambda: _("It was not signed. Look at the case again before you sign."))
            self._context.messages.tell(error)

    def _close(self, decision: _Decision) -> None:
        if self._sheet is decision.sheet:
            decision.sheet.close_dialog()
