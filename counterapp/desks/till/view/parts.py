"""The till's second page: the evening's part 2s are scanned, what is missing is named, the stack is counted over."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from counterapp import words
from counterapp.core.actor import Actor
from counterapp.core.business_day import open_day
from counterapp.core.money import format_fen
from counterapp.desks.till.services.parts import Collected, Stack, collect_part_two, hand_over, stacks
from counterapp.desks.till.view.texts import missing_words, stack_status, stack_words
from counterapp.return_forms.texts import form_numbers
from counterapp.ui import theme
from counterapp.ui.command_queue import CommandQueue
from counterapp.ui.requests import Requests
from counterapp.ui.signature_flow import SignatureFlow, SignatureRequest
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.ui.widgets import Card, EmptyState, KeyButton, Kind, LineTable, Role, Row, RowVerdict, Text, set_look
from counterapp.ui.widgets.bigtext import BigText
from counterapp.words import _, _n
from counterapp.work import StoreClient

_WIDTH: Final = {"zh": 464, "en": 484}


class PartsPage(QWidget):
    """The scanned part 2s at the left, the stacks by till and cashier at the right. `left()` for the first page."""

    left = Signal()

    def __init__(self, context: ViewContext, client: StoreClient, signing: SignatureFlow) -> None:
        super().__init__()
        self._context, self._client, self._signing = context, client, signing
        self._requests = Requests(context, client, self)
        self._queue = CommandQueue(client, self)
        self._queue.refused.connect(context.messages.tell)
        self._queue.settled.connect(self.look_again)
        self._scanned: list[Collected] = []
        self._stacks: tuple[Stack, ...] = ()
        self._day: dt.date | None = None
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(16))
        line.addWidget(self._make_scanned(), 1)
        line.addWidget(self._make_stacks())
        self.retranslate()

    def take(self, code: str) -> None:
        """Take in one part 2."""
        self._queue.command(
            "till.collect", lambda session, actor: collect_part_two(session, actor, code), self._on_collected
        )

    def look_again(self) -> None:
        """Read the stacks of the day."""

        def read(session: Any, actor: Actor) -> tuple[dt.date, tuple[Stack, ...]]:
            day = open_day(session, actor.today())
            return day, stacks(session, day)

        if self._requests.actor is not None:  # or else the page is looked at again when somebody is back
            self._requests.read(read, self._on_read)

    def work_on(self) -> None:
        """Let the arrows choose a stack."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        """Say again what was made of data, as wide as the words need."""
        self._right.setFixedWidth(theme.px(_WIDTH[words.current()]))
        self._show()

    def _make_scanned(self) -> Card:
        card = Card()
        card.body.addWidget(Text(lambda: _("Part 2: scan the stack"), Role.TITLE))
        card.body.addWidget(
            Text(
                lambda: _("One after the other: the papers marked 第二联, each signed by the cashier."),
                Role.LABEL,
                wrap=True,
            )
        )
        self.value = BigText()
        card.body.addWidget(self.value, 1)
        self._sum = Text("", Role.HEADING)
        self._sum.setAlignment(Qt.AlignmentFlag.AlignCenter)
        card.body.addWidget(self._sum)
        self.scanned = LineTable(lambda: _("Scanned now"), [lambda: _("Amount")])
        self.scanned.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        card.body.addWidget(self.scanned, 2)
        return card

    def _make_stacks(self) -> Card:
        card = self._right = Card()
        self._title = Text("", Role.HEADING)
        card.body.addWidget(self._title)
        self._empty = EmptyState(
            "receipt-text",
            lambda: _("No form was taken at a till"),
            lambda: _("What the tills take on this day stands here, by till and cashier."),
        )
        card.body.addWidget(self._empty, 1)
        self.table = LineTable(
            lambda: _("Till and cashier"), [lambda: _("Lying here"), lambda: _("Amount")], lambda: _("Where it stands")
        )
        self.table.chosen.connect(lambda _key: self._show_stack())
        card.body.addWidget(self.table, 1)
        self._missing = Text("", Role.STRONG, wrap=True)
        card.body.addWidget(self._missing)
        self.primary = KeyButton(lambda: _("Count this stack over"), "Enter", Kind.PRIMARY)
        self.primary.clicked.connect(self._hand_over)
        card.body.addWidget(self.primary)
        back = KeyButton(lambda: _("Back to the forms"), "Esc")
        back.clicked.connect(self.left)
        card.body.addWidget(back)
        return card

    def _on_collected(self, one: Collected) -> None:
        self._scanned.insert(0, one)
        self._show()

    def _on_read(self, read: tuple[dt.date, tuple[Stack, ...]]) -> None:
        self._day, self._stacks = read
        self._show()

    @property
    def _stack(self) -> Stack | None:
        return next((one for one in self._stacks if _key(one) == self.table.current_key), None)

    def _show(self) -> None:
        count = len(self._scanned)
        self.value.show_text(str(count), "accent" if count else "quiet")
        amount = format_fen(sum(one["amount"] for one in self._scanned))
        self._sum.say(
            lambda: _n("{count} part 2, {amount}", "{count} part 2s, {amount}", count).format(
                count=count, amount=amount
            )
        )
        self.scanned.show_rows(
            [
                Row(
                    one["number"],
                    _("Return form {number}").format(number=form_numbers([one["number"]])),
                    _("Till {till} • {cashier}").format(till=one["till"], cashier=one["cashier"]),
                    (format_fen(one["amount"]),),
                )
                for one in self._scanned
            ]
        )
        if self._day is not None:
            day = self._day
            self._title.say(lambda: _("Stacks of {day}").format(day=f"{day:%Y-%m-%d}"))
        self.table.show_rows([_row(one) for one in self._stacks])
        if self._stacks and self.table.current_key is None:
            self.table.choose(_key(self._stacks[0]))
        self.table.setVisible(bool(self._stacks))
        self._empty.setVisible(not self._stacks)
        self._show_stack()

    def _show_stack(self) -> None:
        stack = self._stack
        self._missing.setVisible(stack is not None)
        self.primary.setEnabled(stack is not None and stack.count > 0)
        self.primary.setVisible(bool(self._stacks))
        if stack is not None:
            numbers = [one.number for one in stack.missing]
            self._missing.say(lambda: missing_words(numbers))
            set_look(self._missing, "meaning", (Meaning.REFUSED if numbers else Meaning.ALLOWED).value)

    def _hand_over(self) -> None:
        stack, day = self._stack, self._day
        if stack is None or day is None:
            return
        numbers = [one.number for one in stack.missing]
        self._signing.open(
            SignatureRequest(
                title=lambda: _("Count over to administration"),
                facts=(
                    lambda: stack_words(stack),
                    lambda: _n("{count} part 2, {amount}", "{count} part 2s, {amount}", stack.count).format(
                        count=stack.count, amount=format_fen(stack.amount)
                    ),
                    lambda: missing_words(numbers),
                ),
                turn=lambda: _("two people: who gives it, and who counts it"),
                who=(
                    (lambda: _("Whoever counts the stack scans their badge, then types the PIN."))
                    if stack.cashier_id == self._client.actor.person.person_id
                    else (lambda: _("The cashier scans their badge, then types the PIN; an approver if absent."))
                ),
                sign=lambda: _("Sign: counted over"),
                act="till.hand_over",
                carry_out=lambda session, actor, signer, written: hand_over(
                    session, actor, signer, day, stack.till, written, stack.cashier_id
                ),
                asks=lambda: _("Who receives the stack in administration"),
                lacks=lambda: _("Write who receives the stack in administration."),
                longest=40,
            ),
            lambda _id: self._on_handed_over(stack),
        )

    def _on_handed_over(self, stack: Stack) -> None:
        self._scanned.clear()
        self._context.messages.say(
            lambda: _("{stack}: counted over and signed by both.").format(stack=stack_words(stack)), Meaning.ALLOWED
        )
        self.look_again()


def _key(stack: Stack) -> tuple[str, int]:
    return stack.till, stack.cashier_id


def _row(stack: Stack) -> Row:
    meaning, said = stack_status(stack)
    return Row(
        _key(stack),
        stack_words(stack),
        _n("{count} counted over", "{count} counted over", stack.over).format(count=stack.over) if stack.over else "",
        (str(stack.count), format_fen(stack.amount)),
        RowVerdict(meaning, said),
    )
