"""The right part of the till: what is done with the form that lies there, and the one key that does it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from counterapp import words
from counterapp.core.money import fen_of, format_fen
from counterapp.desks.till.services.form_acceptance import FormAtTill
from counterapp.desks.till.services.redeeming import NewReceipt, shared
from counterapp.desks.till.view.texts import rest_words
from counterapp.return_forms.models import FORFEITED, IN_CASH, IN_GOODS
from counterapp.ui import theme
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import Card, CodeField, EmptyState, KeyButton, Kind, Role, Text, VerdictPanel
from counterapp.words import N_, _

_WIDTH: Final = {"zh": 464, "en": 484}
PARTS_KEY: Final = "F5"
#: The largest receipt that is typed, in fen: what is longer is some other number.
_MOST: Final = 99_999_999_99


class _Sums(QWidget):
    """Amounts under one another, their labels at the left; the last one is what counts."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(theme.px(6))
        self._rows = [(Text("", Role.LABEL), Text("", Role.HEADING)) for _row in range(4)]
        for place, (label, amount) in enumerate(self._rows):
            self._grid.addWidget(label, place, 0)
            self._grid.addWidget(amount, place, 1, Qt.AlignmentFlag.AlignRight)
        self._grid.setColumnStretch(0, 1)

    def show_sums(self, sums: Sequence[tuple[LiveText, int]]) -> None:
        for place, (label, amount) in enumerate(self._rows):
            there = place < len(sums)
            label.setVisible(there)
            amount.setVisible(there)
            if there:
                label.say(sums[place][0])
                amount.say(format_fen(sums[place][1]))


class ActionCard(Card):
    """What the till does next.

    `went_on()` by Enter; `left()` by Esc; `cash_asked()` for an expired form, or a tender that takes nothing back;
    `anew_asked()`; `receipt_changed()` when another number is typed; `parts_asked()` for the stack of part 2s.
    """

    went_on = Signal()
    left = Signal()
    cash_asked = Signal()
    anew_asked = Signal()
    receipt_changed = Signal()
    parts_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = Text("", Role.HEADING)
        self.body.addWidget(self._title)
        self._empty = EmptyState("receipt-text", "", "")
        self.body.addWidget(self._empty, 1)
        self._hint = Text("", Role.LABEL, wrap=True)
        self.body.addWidget(self._hint)
        self.receipt = CodeField(lambda: _("Receipt of the new goods"), 32)
        self.receipt.textEdited.connect(self.receipt_changed)
        self.amount = CodeField(lambda: _("What it comes to, as 229.00"), 12)
        self.amount.textEdited.connect(self._show_sums)
        self.reference = CodeField(lambda: _("Reference of the payment back"), 40)
        for field in (self.receipt, self.amount, self.reference):
            self.body.addWidget(field)
        self._sums = _Sums()
        self.body.addWidget(self._sums)
        self.rest = VerdictPanel()
        self.body.addWidget(self.rest)
        self.body.addStretch(1)
        self.primary = KeyButton("", "Enter", Kind.PRIMARY)
        self.primary.clicked.connect(self.went_on)
        self.body.addWidget(self.primary)
        self.body.addLayout(self._make_rows())
        self._form: FormAtTill | None = None
        self._new: NewReceipt | None = None
        self.speak()
        self.show_empty()

    def speak(self) -> None:
        """Be as wide as the words need."""
        self.setFixedWidth(theme.px(_WIDTH[words.current()]))

    @property
    def total(self) -> int | None:
        """What the new receipt comes to in fen: known, or typed; None while neither is."""
        if self._new is None:
            return None
        return self._new.total if self._new.total is not None else fen_of(self.amount.text(), most=_MOST)

    @property
    def left_over(self) -> int:
        """The fen that would be left of the form."""
        if self._form is None or self._new is None or self.total is None:
            return 0
        return shared(self._form.amount, max(0, self.total - self._new.paid))[1]

    def show_empty(self) -> None:
        """Show that no form lies here."""
        self._begin(None)
        self._empty.say(lambda: _("No form lies here"), lambda: _("Part 2 comes back in the evening: see below."))
        self._empty.show()

    def show_form(self, form: FormAtTill) -> None:
        """Show what can be done with a form."""
        self._begin(form)
        if form.may_be_renewed:
            self._title.say(lambda: _("Expired, but given by the law"))
            self._hint.say(lambda: _("A supervisor or manager signs here, then it is paid, or issued anew."))
            self._offer(cash=form.payable, anew=True)
        elif form.why is not None:
            self._title.say(lambda: _("Do not take it"))
            self._hint.say(
                lambda: _("Tell the customer why. What they say about it is heard at the customer service counter.")
            )
        elif form.settlement == IN_GOODS:
            self._say_title(N_("Scan the receipt of the new goods"))
            self._hint.say(lambda: _("No change is given. The receipt's number may also be typed."))
            self.receipt.show()
            self._offer(primary=lambda: _("Sign: used for these goods"))
        elif form.settlement == IN_CASH:
            self._title.say(lambda: _("Refund in cash"))
            self._hint.say(lambda: _("Pay the whole amount in cash, then press Enter."))
            self._offer(primary=lambda: _("Sign: paid in cash"))
        else:
            self._title.say(lambda: _("Refund to the original tender"))
            self._hint.say(
                lambda: _("Pay it back to {tender} first. Then type that payment's reference.").format(
                    tender=form.tender
                )
            )
            self.reference.show()
            self._offer(primary=lambda: _("Sign: paid back"), cash=form.payable)
        self.work_on()

    def show_receipt(self, new: NewReceipt) -> None:
        """Show what is known of the new receipt; its total is asked for where it is not imported yet."""
        self._new = new
        known = new.total is not None
        self._say_title(N_("Look at the sums, then sign") if known else N_("Type what the receipt comes to"))
        self.receipt.setText(new.number)
        self.amount.setVisible(not known)
        self._show_sums()
        self.work_on()

    def forget_receipt(self) -> None:
        """Another number is being typed: what was known of the last one does not hold."""
        self._new = None
        self._say_title(N_("Scan the receipt of the new goods"))
        self.amount.clear()
        self.amount.hide()
        self._show_sums()

    def work_on(self) -> None:
        """Put the focus where the next thing is typed."""
        field = next(
            (field for field in (self.reference, self.amount, self.receipt) if not field.isHidden()), self.primary
        )
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _begin(self, form: FormAtTill | None) -> None:
        self._form, self._new = form, None
        for field in (self.receipt, self.amount, self.reference):
            field.clear()
            field.hide()
        self._empty.setVisible(form is None)
        self._title.setVisible(form is not None)
        self._hint.setVisible(form is not None)
        self._offer()
        self._show_sums()

    def _say_title(self, message: str) -> None:
        self._title.say(lambda: _(message))

    def _offer(self, primary: LiveText = "", cash: bool = False, anew: bool = False) -> None:
        self.primary.setVisible(bool(primary))
        if primary:
            self.primary.say(primary)
        self._cash.setVisible(cash)
        self._anew.setVisible(anew)
        self._leave.setVisible(self._form is not None)
        self._parts.setVisible(self._form is None)

    def _show_sums(self) -> None:
        form, new, total = self._form, self._new, self.total
        if form is None or new is None or total is None:
            self._sums.show_sums(())
            self.rest.hide()
            return
        to_pay = max(0, total - new.paid)
        used, rest = shared(form.amount, to_pay)
        sums: list[tuple[LiveText, int]] = [(lambda: _("New goods"), total)]
        if new.paid:
            sums.append((lambda: _("Paid with other forms"), new.paid))
        sums.append((lambda: _("This form pays"), used))
        if to_pay > used:
            sums.append((lambda: _("The customer adds"), to_pay - used))
        self._sums.show_sums(sums)
        self.rest.setVisible(rest > 0)
        if rest:
            lapses = form.rest_goes(rest) == FORFEITED
            self.rest.show_verdict(Meaning.MISSING if lapses else Meaning.NEUTRAL, lambda: rest_words(form, rest))

    def _make_rows(self) -> QVBoxLayout:
        self._cash = KeyButton(lambda: _("Pay in cash"), "F6")
        self._cash.clicked.connect(self.cash_asked)
        self._anew = KeyButton(lambda: _("Issue it anew"), "F7")
        self._anew.clicked.connect(self.anew_asked)
        self._leave = KeyButton(lambda: _("Not this form"), "Esc")
        self._leave.clicked.connect(self.left)
        self._parts = KeyButton(lambda: _("Part 2: collect and count over"), PARTS_KEY)
        self._parts.clicked.connect(self.parts_asked)
        rows = QVBoxLayout()
        rows.setSpacing(theme.px(8))
        for buttons in ((self._cash, self._anew), (self._leave, self._parts)):
            row = QHBoxLayout()
            row.setSpacing(theme.px(8))
            for button in buttons:
                row.addWidget(button, 1)
            rows.addLayout(row)
        return rows
