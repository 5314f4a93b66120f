"""The cash office's screen: penalties for lost tokens, and the number of the official receipt that closes each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from counterapp.core.money import format_fen
from counterapp.desks.bagcheck.models import CUSTOMER_LETTERS
from counterapp.desks.bagcheck.services import lost_tokens, penalties
from counterapp.desks.bagcheck.services.penalties import OpenPenalty
from counterapp.desks.bagcheck.view.texts import day_words, fee_words
from counterapp.hardware.scanner import Scan
from counterapp.ui import theme
from counterapp.ui.command_queue import CommandQueue
from counterapp.ui.list_detail import ListView, RecordList
from counterapp.ui.theme import Meaning
from counterapp.ui.view import View, ViewContext
from counterapp.ui.widgets import (
    BigAmount,
    Card,
    CodeField,
    EmptyState,
    KeyButton,
    Kind,
    Role,
    Row,
    RowVerdict,
    Text,
    VerdictPanel,
)
from counterapp.words import N_, _, _n
from counterapp.work import StoreClient

#: How often the open penalties are read, in milliseconds: other stations take them in.
_EVERY: Final = 10_000
_WIDTH: Final = 464
_LONGEST: Final = 32


class PenaltyCard(Card):
    """One penalty, or what came of the last one. `received(str)`: the number of its official receipt."""

    received = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(theme.px(_WIDTH))
        self._title = Text("", Role.HEADING)
        self.result = VerdictPanel()
        self.body.addWidget(self._title)
        self.body.addWidget(self.result)
        self._places = QStackedLayout()
        self.body.addLayout(self._places, 1)
        self._places.addWidget(
            EmptyState(
                "receipt-text",
                lambda: _("Scan the penalty form"),
                lambda: _("Or choose one with the arrows and press Enter."),
            )
        )
        self._form = self._make_form()
        self._places.addWidget(self._form)
        self.clear()

    def show_penalty(self, penalty: OpenPenalty, zone: dt.tzinfo) -> None:
        """Show a penalty, and let its receipt's number be entered."""
        at = penalty.charged_at.astimezone(zone)
        self._title.say(lambda: _("Form No. {number}").format(number=f"{penalty.number:06}"))
        self.result.hide()
        self._amount.say(lambda: fee_words(penalty.fee))
        self._amount.show_amount(format_fen(penalty.amount_fen))
        self._matter.say(
            lambda: "\n".join(
                (
                    _("Token {number} • locker {place}").format(number=penalty.token, place=penalty.place),
                    _("Customer {name}").format(name=penalty.name),
                    _("Taken by {clerk}, {day} {time}").format(
                        clerk=penalty.clerk, day=day_words(at.date()), time=f"{at:%H:%M}"
                    ),
                )
            )
        )
        self._places.setCurrentWidget(self._form)
        self.field.clear()
        self.field.setFocus()

    def clear(self) -> None:
        """Show that none is chosen."""
        self._title.say(lambda: _("Official receipt"))
        self.result.hide()
        self._places.setCurrentIndex(0)

    def say_settled(self, penalty: OpenPenalty, receipt: str) -> None:
        """Say that a penalty has its receipt, and what to do with it."""
        self.clear()
        self.result.show_verdict(
            Meaning.ALLOWED,
            lambda: _("Form No. {number}: receipt {receipt}").format(number=f"{penalty.number:06}", receipt=receipt),
            lambda: _("The locker may be opened. Receipt and ID go back to the customer."),
        )
        self.result.show()

    def _make_form(self) -> QWidget:
        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        self._amount, self._matter = BigAmount(), Text("", Role.BODY, wrap=True)
        self.field = CodeField("", _LONGEST)
        enter = KeyButton(lambda: _("Money received, enter the receipt"), "Enter", Kind.PRIMARY)
        enter.clicked.connect(lambda: self.received.emit(self.field.text().strip()))
        leave = KeyButton(lambda: _("Not this form"), "Esc")
        leave.clicked.connect(self.left)
        column.addWidget(self._amount)
        column.addWidget(self._matter)
        column.addStretch(1)
        column.addWidget(Text(lambda: _("Number of the official receipt"), Role.LABEL))
        for widget in (self.field, enter, leave):
            column.addWidget(widget)
        return place


class PenaltiesView(ListView[OpenPenalty]):
    """The tab of the cash office: the forms that wait at the left, the one in hand at the right."""

    title = N_("Penalties")
    hint = N_("Scan the form, then the receipt")
    icon = "receipt-text"
    arrows = N_("Another form")
    prefixes = (CUSTOMER_LETTERS,)

    def __init__(self, context: ViewContext, client: StoreClient) -> None:
        self._penalty: OpenPenalty | None = None
        self.card = PenaltyCard()
        self.card.received.connect(self._receive)
        self.card.left.connect(self._leave)
        records = RecordList(
            lambda: _("Penalty form"),
            [lambda: _("Day"), lambda: _("Amount")],
            lambda: _("Where it stands"),
            title=lambda: _("Penalties"),
        )
        super().__init__(context, client, records, self.card, penalties.open_penalties, _EVERY)
        records.heading.say(self._how_many)
        self._queue = CommandQueue(client, self)
        self._queue.refused.connect(context.messages.tell)

    def key_of(self, one: OpenPenalty) -> Hashable:
        return one.number

    def row_of(self, one: OpenPenalty) -> Row:
        return Row(
            one.number,
            _("Form No. {number}").format(number=f"{one.number:06}"),
            _("Token {number} • locker {place}").format(number=one.token, place=one.place),
            (day_words(one.charged_at.astimezone(self.store.zone).date()), format_fen(one.amount_fen)),
            RowVerdict(Meaning.MISSING, _("no receipt yet")),
        )

    def pick(self) -> None:
        """Take the form in hand that is chosen."""
        if self.current is not None:
            self._put(self.current)

    def show_again(self) -> None:
        """Show the forms once more, and how many they are."""
        super().show_again()
        self.records.heading.say(self._how_many)

    def take_scan(self, scan: Scan) -> bool:
        text = scan.text
        if text.startswith(CUSTOMER_LETTERS):
            self._queue.read(lambda session, actor: penalties.penalty_by_code(session, actor, text), self._put)
            return True
        if self._penalty is None:
            return False
        self.card.field.setText(text[:_LONGEST])  # the official receipt bears its number as bars
        self.card.field.setFocus()
        return True

    def activated(self) -> None:
        super().activated()
        if self._penalty is not None:
            self.card.field.setFocus()

    def press(self, key: str) -> bool:
        if self._penalty is None:
            if key != "Enter":
                return super().press(key)
            self.pick()
            return True
        return View.press(self, key)

    def _how_many(self) -> str:
        said = _n("{count} form waits for its receipt", "{count} forms wait for their receipts", len(self.found))
        return said.format(count=len(self.found))

    def _put(self, penalty: OpenPenalty) -> None:
        self._penalty = penalty
        self.card.show_penalty(penalty, self.store.zone)
        self.choose(penalty)

    def _leave(self) -> None:
        self._penalty = None
        self.card.clear()
        self.records.table.setFocus()

    def _receive(self, receipt: str) -> None:
        penalty = self._penalty
        if penalty is None:
            return
        if not receipt:
            sentence = N_("Enter the number of the official receipt as it stands on it.")
            self.context.messages.say(lambda: _(sentence), Meaning.MISSING)
            self.card.field.setFocus()
            return

        def settled(_nothing: object) -> None:
            self._leave()
            self.card.say_settled(penalty, receipt)

        def failed(error: BaseException) -> None:
            self.context.messages.tell(error)
            self.read_again()

        self._queue.command(
            "bagcheck.receive_penalty",
            lambda session, actor: lost_tokens.receive_penalty(
                session, actor, penalty.deposit_id, penalty.revision, receipt, penalty.amount_fen
            ),
            settled,
            failed,
        )
