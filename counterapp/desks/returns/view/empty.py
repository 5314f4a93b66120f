"""The returns desk with nothing on it: what to do, and what came of the last case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from counterapp.core.money import format_fen
from counterapp.return_forms.texts import form_numbers
from counterapp.ui import theme
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import Card, EmptyState, KeyButton, Kind, VerdictPanel
from counterapp.words import _, _n

PRINT_KEY: Final = "F11"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a case: its forms, the fen on them, who approved it, and the station that prints, if another."""

    case_id: int
    numbers: tuple[int, ...]
    amount: int
    signer: str
    elsewhere: str = ""

    @property
    def sentence(self) -> str:
        """What happened."""
        return _("Return form No. {numbers} is approved and on its way to the printer").format(
            numbers=form_numbers(self.numbers)
        )

    @property
    def small(self) -> str:
        """How much, by whom, and what to do next."""
        said = _("{amount} • approved by {name} • scan the next receipt")
        if self.elsewhere:
            said = _("{amount} • approved by {name} • comes out at station {station}")
        return said.format(amount=format_fen(self.amount), name=self.signer, station=self.elsewhere)


class EmptyDesk(Card):
    """Says to scan the receipt, and keeps what came of the last case in sight.

    `find_asked()` for a receipt that cannot be scanned and whose number cannot be read, `no_receipt()` where there is
    none, `invoices_asked()` for the red-letter invoices, `rules_asked()` for the rules of the house;
    `reprint_asked(int)` for the forms of the last case, by id.
    """

    find_asked = Signal()
    no_receipt = Signal()
    invoices_asked = Signal()
    rules_asked = Signal()
    reprint_asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.body.addSpacing(theme.px(6))
        self.result = VerdictPanel()
        self.result.setFixedWidth(theme.px(640))
        self.result.hide()
        self.body.addWidget(self.result, 0, Qt.AlignmentFlag.AlignHCenter)
        self._case_id = 0
        self._reprint = KeyButton(lambda: _("Print this form once more"), PRINT_KEY, Kind.QUIET)
        self._reprint.clicked.connect(lambda: self.reprint_asked.emit(self._case_id))
        self._reprint.hide()
        self.body.addWidget(self._reprint, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addWidget(
            EmptyState(
                "scan-barcode",
                lambda: _("Scan the customer's receipt"),
                lambda: _("Then the goods. If it cannot be scanned, press F2 and type its number."),
            ),
            1,
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(12))
        self._invoices = KeyButton(lambda: _("Red-letter invoices"), "F6")
        buttons.addStretch(1)
        for button, asked in (
            (KeyButton(lambda: _("Find a receipt without its number"), "F3"), self.find_asked),
            (KeyButton(lambda: _("There is no receipt"), "F4"), self.no_receipt),
            (self._invoices, self.invoices_asked),
            (KeyButton(lambda: _("Rules of the house"), "F7"), self.rules_asked),
        ):
            button.clicked.connect(asked)
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.body.addLayout(buttons)

    def show_invoices(self, count: int, overdue: int) -> None:
        """Show how many red-letter invoices are still to be issued, and how many of them should have been."""

        def said() -> str:
            if overdue:
                words = _n(
                    "Red-letter invoices ({count} open, {overdue} overdue)",
                    "Red-letter invoices ({count} open, {overdue} overdue)",
                    count,
                )
            else:
                words = _n("Red-letter invoices ({count} open)", "Red-letter invoices ({count} open)", count)
            return words.format(count=count, overdue=overdue) if count else _("Red-letter invoices")

        self._invoices.say(said)

    def forget(self, case_id: int) -> None:
        """Show no longer what came of a case: it is not true any more."""
        if case_id == self._case_id:
            self.result.hide()
            self._reprint.hide()

    def show_result(self, result: Result) -> None:
        """Show what came of the case that has just left the desk."""
        self.result.show_verdict(Meaning.ALLOWED, lambda: result.sentence, lambda: result.small)
        self.result.show()
        self._case_id = result.case_id
        # What comes out at another station is repeated there.
        self._reprint.setVisible(not result.elsewhere)
