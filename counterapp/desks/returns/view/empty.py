"""The returns desk with nothing on it: what to do, and what came of the last case."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt

from counterapp.core.money import format_fen
from counterapp.desks.returns.view.sentences import form_numbers
from counterapp.ui import theme
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import Card, EmptyState, VerdictPanel
from counterapp.words import _


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a case: its forms, the fen on them, and who approved it."""

    numbers: tuple[int, ...]
    amount: int
    signer: str

    @property
    def sentence(self) -> str:
        """What happened."""
        return _("Return form No. {numbers} is approved and on its way to the printer").format(
            numbers=form_numbers(self.numbers)
        )

    @property
    def small(self) -> str:
        """How much, by whom, and what to do next."""
        return _("{amount} • approved by {name} • scan the next receipt").format(
            amount=format_fen(self.amount), name=self.signer
        )


class EmptyDesk(Card):
    """Says to scan the receipt, and keeps what came of the last case in sight."""

    def __init__(self) -> None:
        super().__init__()
        self.body.addSpacing(theme.px(6))
        self.result = VerdictPanel()
        self.result.setFixedWidth(theme.px(640))
        self.result.hide()
        self.body.addWidget(self.result, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addWidget(
            EmptyState(
                "scan-barcode",
                lambda: _("Scan the customer's receipt"),
                lambda: _("Then the goods. If it cannot be scanned, press F2 and type its number."),
            ),
            1,
        )

    def show_result(self, result: Result) -> None:
        """Show what came of the case that has just left the desk."""
        self.result.show_verdict(Meaning.ALLOWED, lambda: result.sentence, lambda: result.small)
        self.result.show()
