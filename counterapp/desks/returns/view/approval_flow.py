"""The second signature on a return: the dialog is opened, and what was decided in it is carried out."""

from __future__ import annotations

from PySide6.QtCore import Signal

from counterapp.core.actor import Signer
from counterapp.desks.returns.services.approval import approve, refuse
from counterapp.desks.returns.view.approval_dialog import ApprovalDialog, tell_risk
from counterapp.desks.returns.view.earlier_returns import earlier_returns_dialog
from counterapp.desks.returns.view.empty import Result
from counterapp.desks.returns.view.open_case import Reading
from counterapp.ui.signature_flow import SignatureFlow, Signed


class ApprovalFlow(SignatureFlow):
    """Approvals, one at a time. `approved(Result)` when forms came of it, `given_back()` when it was sent back."""

    approved = Signal(object)
    given_back = Signal()

    def decide(self, reading: Reading, signer: Signer | None = None) -> None:
        """Put the waiting case before the second person; `signer` where they are signed in here."""
        if self.dialog is not None:
            return
        dialog = ApprovalDialog(reading, signer)
        dialog.past_asked.connect(lambda: self._context.dialogs.open(earlier_returns_dialog(reading), urgent=True))
        self.sign(dialog, lambda: self._given_back(dialog) if dialog.gives_back else self._approved(dialog))
        tell_risk(self._context, self._client, dialog)

    def withdraw(self, case_id: int) -> bool:
        """Close the dialog of a case that was decided elsewhere; False where it is being signed here this moment."""
        dialog = self.dialog
        if isinstance(dialog, ApprovalDialog) and dialog.reading.desk.case.id == case_id:
            if not dialog.may_close():
                return False
            dialog.close_dialog()
        return True

    def _approved(self, dialog: ApprovalDialog) -> Signed:
        desk, ticks, reason = dialog.reading.desk, dialog.ticks, dialog.reason
        case = desk.case
        elsewhere = case.station if case.station != self._client.station else ""
        return Signed(
            "return.approve",
            lambda session, actor, signer: approve(session, actor, signer, case.id, case.revision, ticks, reason),
            lambda numbers, signer: self.approved.emit(
                Result(case.id, tuple(numbers), desk.refund, signer.name, elsewhere)
            ),
        )

    def _given_back(self, dialog: ApprovalDialog) -> Signed:
        case, reason = dialog.reading.desk.case, dialog.reason
        return Signed(
            "return.refuse",
            lambda session, actor, signer: refuse(session, actor, signer, case.id, case.revision, reason),
            lambda _nothing, _signer: self.given_back.emit(),
        )
