"""The left of the returns desk: the receipt's facts, its lines, and what is typed beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from decimal import Decimal
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from counterapp.core.masking import Mask, masked
from counterapp.core.money import format_quantity
from counterapp.desks.returns.services.details import LineDetails
from counterapp.desks.returns.view.earlier_returns import EarlierReturnsRow
from counterapp.desks.returns.view.open_case import Reading
from counterapp.desks.returns.view.texts import facts_of, row_of
from counterapp.ui import theme
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import Card, Entry, Fact, FactsRow, KeyButton, Kind, LineTable, VerdictPanel
from counterapp.words import _

_QUANTITY: Final = r"[0-9]{0,5}(\.[0-9]{0,3})?"
_PHONE: Final = r"\+?[0-9 -]{0,19}"


class ReceiptPane(QWidget):
    """Facts and lines of the receipt on the desk.

    `line_chosen(line id)` follows the current row, `picked(line id)` is Space; `quantity_typed(thousandths)` is for
    the current row, `phone_typed(str)`; `put_aside()`, `dropped()` and `past_asked()` by their buttons.
    """

    line_chosen = Signal(object)
    picked = Signal(object)
    quantity_typed = Signal(int)
    phone_typed = Signal(str)
    put_aside = Signal()
    dropped = Signal()
    past_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(12))
        facts_card = Card()
        self._facts = FactsRow()
        facts_card.body.addWidget(self._facts)
        self._past = EarlierReturnsRow()
        self._past.asked.connect(self.past_asked)
        facts_card.body.addWidget(self._past)
        column.addWidget(facts_card)
        self._refusal = VerdictPanel()
        self._refusal.hide()
        column.addWidget(self._refusal)
        card = Card(1)
        card.body.setContentsMargins(1, 1, 1, theme.px(8))
        self.table = LineTable(
            lambda: _("Goods"),
            [lambda: _("Bought"), lambda: _("May come back"), lambda: _("Paid")],
            lambda: _("Today's rule"),
        )
        self.table.chosen.connect(self.line_chosen)
        self.table.picked.connect(self.picked)
        card.body.addWidget(self.table, 1)
        self._foot = self._make_foot()
        card.body.addLayout(self._foot)
        column.addWidget(card, 1)
        self._facts_shown: list[Fact] = []

    def show_reading(self, reading: Reading, today: dt.date, editable: bool) -> None:
        """Show another reading of the case; the current row stays where it is."""
        desk = reading.desk
        facts = facts_of(desk)
        if facts != self._facts_shown:  # they change with the case and the language only, and cost the most to show
            self._facts.show_facts(facts)
            self._facts_shown = facts
        self._past.show_past(reading.past)
        self._refusal.setVisible(bool(desk.refused_for))
        if desk.refused_for:
            self._refusal.show_verdict(
                Meaning.MISSING,
                _("Sent back: {reason}").format(reason=desk.refused_for),
                _("Put it right and send it again, or drop it."),
                "undo-2",
            )
        self.table.show_rows([row_of(line, today) for line in desk.lines])
        self._phone.show_value(masked(desk.phone, Mask.PHONE), desk.phone)
        for entry in (self._quantity, self._phone):
            entry.setVisible(editable)
        self._drop.setVisible(editable)
        self._drop.say(lambda: _("Drop it"))
        self._arrange_foot()

    def show_line(self, line: LineDetails | None, editable: bool) -> None:
        """Follow the current row with the field of its quantity."""
        open_to_typing = editable and line is not None and line.returnable > 0
        self._quantity.field.setEnabled(open_to_typing)
        chosen = line.chosen if line is not None else None
        self._quantity.show_value(format_quantity(chosen.quantity) if chosen is not None else "")
        weighed = line is not None and line.weighed
        self._quantity.button.say((lambda: _("Weight")) if weighed else (lambda: _("Quantity")))

    def type_quantity(self) -> None:
        """Put the focus where the quantity is typed."""
        if self._quantity.field.isEnabled():
            self._quantity.field.setFocus()

    def ask_to_drop(self) -> bool:
        """Let the button ask once more; True where it has asked already."""
        if self._drop.text() == _("Drop it for good?"):
            return True
        self._drop.say(lambda: _("Drop it for good?"))
        return False

    def work_on(self) -> None:
        """Put the focus on the lines, so that keys are the desk's again."""
        self.table.setFocus()

    def current(self) -> Hashable | None:
        """Return the id of the current line."""
        return self.table.current_key

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange_foot()

    def _make_foot(self) -> QBoxLayout:
        typed, buttons = QHBoxLayout(), QHBoxLayout()
        self._quantity = Entry(lambda: _("Quantity"), "F4", _QUANTITY, 76)
        self._quantity.entered.connect(self._on_quantity_entered)
        self._phone = Entry(lambda: _("Phone"), "F9", _PHONE, 144)
        self._phone.entered.connect(self.phone_typed)
        for entry in (self._quantity, self._phone):
            entry.left.connect(self.work_on)
            typed.addWidget(entry)
        typed.addStretch(1)
        self._drop = KeyButton(lambda: _("Drop it"), "Del", Kind.QUIET)
        self._drop.clicked.connect(self.dropped)
        aside = KeyButton(lambda: _("Put aside"), "Esc", Kind.QUIET)
        aside.clicked.connect(self.put_aside)
        buttons.addStretch(1)
        for button in (self._drop, aside):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            buttons.addWidget(button)
        foot = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        foot.setContentsMargins(theme.px(6), theme.px(8), theme.px(6), 0)
        foot.setSpacing(theme.px(4))
        self._halves = (typed, buttons)
        for half in self._halves:
            half.setSpacing(theme.px(4))
            foot.addLayout(half)
        return foot

    def _arrange_foot(self) -> None:
        """Put fields and buttons beside each other, or where that is too narrow below each other."""
        needed = sum(half.sizeHint().width() for half in self._halves) + theme.px(20)
        direction = QBoxLayout.Direction.LeftToRight if needed <= self.width() else QBoxLayout.Direction.TopToBottom
        self._foot.setDirection(direction)

    def _on_quantity_entered(self, typed: str) -> None:
        # The field lets only figures and one point through; nothing, or the point alone, is no quantity.
        if typed.strip("."):
            self.quantity_typed.emit(int(Decimal(typed) * 1000))
