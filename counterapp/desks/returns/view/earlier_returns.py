"""What came back before, beside the case: a line of chips, and the cases behind them on a key."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from counterapp.core.money import format_fen
from counterapp.desks.returns.services.history import DAYS, History, PastCase
from counterapp.desks.returns.view.open_case import Reading
from counterapp.return_forms.texts import form_numbers, receipt_number
from counterapp.ui import theme
from counterapp.ui.dialogs import TableDialog, buttons
from counterapp.ui.live_text import LiveText
from counterapp.ui.texts import day_words
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import DOT, Chip, KeyButton, Kind, LineTable, Row, Text
from counterapp.words import _, _n

KEY: Final = "F10"


class EarlierReturnsRow(QWidget):
    """How often something came back before; hidden where nothing did. `asked()` for the cases behind it."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(8))
        self._history, self._marked = History(), (False, False, False)
        self._chips = [Chip() for _place in range(3)]
        for chip in self._chips:
            line.addWidget(chip)
        button = KeyButton(lambda: _("Show"), KEY, Kind.QUIET)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(self.asked)
        line.addWidget(button)
        line.addStretch(1)
        self.hide()

    def mark(self, *, receipt: bool, member: bool, phone: bool) -> None:
        """Mark those of the three that are far more often than usual in this store."""
        self._marked = (receipt, member, phone)
        self.show_past(self._history)

    def show_past(self, history: History) -> None:
        """Show what came back before."""
        counts = (history.receipt.count, history.member.count, history.phone.count)
        self._history = history
        words = (_of_receipt, _of_member, _of_phone)
        for chip, count, said, marked in zip(self._chips, counts, words, self._marked, strict=True):
            chip.setVisible(count > 0)
            meaning, icon = (Meaning.MISSING, "triangle-alert") if marked else (Meaning.NEUTRAL, None)
            chip.show_chip(meaning, partial(said, count + 1), icon)
        self.setVisible(any(counts))


def earlier_returns_dialog(reading: Reading, *, may_open: bool = False) -> EarlierReturnsDialog:
    """Return the dialog of the cases behind a reading's chips; `may_open` where one may be put on the desk instead."""
    desk = reading.desk
    return EarlierReturnsDialog(reading.past, desk.receipt.sold_on + dt.timedelta(days=desk.day), may_open)


class EarlierReturnsDialog(TableDialog):
    """The cases behind the chips, the newest first. `opens(int)`: the case of this id is to be put on the desk."""

    opens = Signal(int)

    def __init__(self, history: History, today: dt.date, may_open: bool) -> None:
        numbers = [lambda: _("Day"), lambda: _("Return form"), lambda: _("Amount")]
        table = LineTable(lambda: _("Goods"), numbers)
        super().__init__(lambda: _("What came back before"), "", 900, table, shown=6)
        for place, words in enumerate(_sums(history), start=1):
            self.body.insertWidget(place, Text(words))
        put = None
        if may_open:
            table.picked.connect(self._on_picked)
            put = KeyButton(lambda: _("Put it on the desk"), "Enter", Kind.PRIMARY)
        self.body.addLayout(buttons(self, put, lambda: self._on_picked(table.current_key)))
        self.show_rows([_row_of(case, history, today) for case in history.cases])

    def opened(self) -> None:
        self.table.setFocus()

    def _on_picked(self, case_id: object) -> None:
        if isinstance(case_id, int):
            self.close_dialog()
            self.opens.emit(case_id)


def _of_receipt(place: int) -> str:
    return _("Receipt: no. {place}").format(place=place)


def _of_member(place: int) -> str:
    return _("Member: no. {place} in {days} days").format(place=place, days=DAYS)


def _of_phone(place: int) -> str:
    return _("Phone: no. {place} in {days} days").format(place=place, days=DAYS)


def _sums(history: History) -> list[LiveText]:
    def of_receipt() -> str:
        past = history.receipt
        said = _n("{count} return of this receipt: {amount}", "{count} returns of this receipt: {amount}", past.count)
        return said.format(count=past.count, amount=format_fen(past.amount))

    def of_member() -> str:
        past = history.member
        said = _n(
            "{count} return by this member in {days} days: {amount}",
            "{count} returns by this member in {days} days: {amount}",
            past.count,
        )
        return said.format(count=past.count, days=DAYS, amount=format_fen(past.amount))

    def of_phone() -> str:
        past = history.phone
        said = _n(
            "{count} return with this phone in {days} days: {amount}",
            "{count} returns with this phone in {days} days: {amount}",
            past.count,
        )
        return said.format(count=past.count, days=DAYS, amount=format_fen(past.amount))

    pasts = ((history.receipt, of_receipt), (history.member, of_member), (history.phone, of_phone))
    return [words for past, words in pasts if past.count]


def _row_of(case: PastCase, history: History, today: dt.date) -> Row:
    alike = [
        words
        for past, words in (
            (history.receipt, _("this receipt")),
            (history.member, _("this member")),
            (history.phone, _("this phone")),
        )
        if case in past.cases
    ]
    return Row(
        key=case.case_id,
        name=_(", ").join(case.goods),
        quiet=DOT.join((receipt_number(case.receipt), *alike)),
        numbers=(
            day_words(case.day, today),
            form_numbers(case.numbers) if case.numbers else _("waits for approval"),
            format_fen(case.amount),
        ),
    )
