"""The till's first page: a form is scanned, then the receipt of the new goods, and Enter signs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from counterapp.core.codes import is_code
from counterapp.core.money import format_fen
from counterapp.desks.till.services.form_acceptance import FormAtTill, get_form, turn_away
from counterapp.desks.till.services.paying import PaidOut, pay_out
from counterapp.desks.till.services.redeeming import NewReceipt, Redeemed, look_at_receipt, redeem
from counterapp.desks.till.services.renewing import renew
from counterapp.desks.till.view.action import ActionCard
from counterapp.desks.till.view.card import FormCard
from counterapp.desks.till.view.texts import left_words, paid_words, redeemed_words
from counterapp.errors import Refused
from counterapp.return_forms.models import FORM_LETTERS, IN_CASH, IN_GOODS, IN_TENDER, PAID
from counterapp.return_forms.texts import form_numbers
from counterapp.ui import theme
from counterapp.ui.command_queue import CommandQueue
from counterapp.ui.live_text import LiveText
from counterapp.ui.requests import Requests
from counterapp.ui.signature_flow import SignatureFlow, SignatureRequest
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.words import N_, _
from counterapp.work import StoreClient


class RedemptionPage(QWidget):
    """One form at a time; whatever is scanned while the last answer is awaited is taken after it, in order.

    `parts_asked()` for the other page.
    """

    parts_asked = Signal()

    def __init__(self, context: ViewContext, client: StoreClient, signing: SignatureFlow) -> None:
        super().__init__()
        self._context, self._signing = context, signing
        self._requests = Requests(context, client, self)
        self._queue = CommandQueue(client, self)
        self._queue.refused.connect(context.messages.tell)
        self._form: FormAtTill | None = None
        self._new: NewReceipt | None = None
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(16))
        self.card, self.action = FormCard(), ActionCard()
        line.addWidget(self.card, 1)
        line.addWidget(self.action)
        self.action.went_on.connect(self._go_on)
        self.action.left.connect(self._leave)
        self.action.cash_asked.connect(self._ask_to_pay)
        self.action.anew_asked.connect(self._ask_to_renew)
        self.action.receipt_changed.connect(self._on_receipt_changed)
        self.action.parts_asked.connect(self.parts_asked)

    def take(self, code: str) -> None:
        """Take what was scanned: a form, or the receipt of the goods for the form that lies here."""
        self._queue.then(lambda: self._take(code))

    def work_on(self) -> None:
        """Put the focus where work goes on."""
        self.action.work_on() if self._form is not None else self.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        """Say again what was made of data."""
        self.card.retranslate()
        self.action.speak()

    def _take(self, code: str) -> None:
        if is_code(code) and code.startswith(FORM_LETTERS):
            self._queue.read(
                lambda session, actor: get_form(session, actor, code),
                self._on_form,
                lambda error: self._on_no_form(code, error),
            )
        elif self._form is None or self._form.why is not None or self._form.settlement != IN_GOODS:
            self._say(N_("Scan the form first, then the receipt of the new goods."))
        else:
            self._ask_receipt(code)

    def _on_form(self, form: FormAtTill) -> None:
        self._form, self._new = form, None
        self.card.show_form(form)
        self.action.show_form(form)
        if form.why is not None and not form.may_be_renewed:
            self._turn_away(form.code)

    def _on_no_form(self, code: str, error: BaseException) -> None:
        self._leave()
        self._context.messages.tell(error)
        if isinstance(error, Refused):
            self._turn_away(code)

    def _turn_away(self, code: str) -> None:
        """Have it journalled that the form was presented; what is wrong with it is on the screen already."""

        def failed(error: BaseException) -> None:
            if not isinstance(error, Refused):
                self._context.messages.tell(error)

        self._queue.command(
            "till.turn_away", lambda session, actor: turn_away(session, actor, code), lambda _none: None, failed
        )

    def _ask_receipt(self, number: str) -> None:
        form = self._form
        if form is not None:
            self._queue.read(
                lambda session, actor: look_at_receipt(session, actor, form.code, number), self._on_receipt
            )

    def _on_receipt(self, new: NewReceipt) -> None:
        self._new = new
        self.action.show_receipt(new)

    def _on_receipt_changed(self) -> None:
        self._new = None
        self.action.forget_receipt()

    def _go_on(self) -> None:
        """Take the one next step of the form that lies here."""
        form = self._form
        if form is None or not self._queue.is_idle:
            return
        if form.settlement == IN_GOODS:
            self._redeem(form)
        elif form.settlement == IN_CASH:
            self._pay(form, IN_CASH)
        elif self.action.reference.text().strip():
            self._pay(form, IN_TENDER, self.action.reference.text())
        else:
            self._say(N_("Type the reference that the payment back bears, then press Enter."))
            self.action.work_on()

    def _redeem(self, form: FormAtTill) -> None:
        new, total = self._new, self.action.total
        if new is None:
            number = self.action.receipt.text().strip()
            self._ask_receipt(number) if number else self._say(N_("Scan the receipt of the new goods, or type it."))
            return
        if total is None:
            self._say(N_("Type what the receipt comes to, as 229.00."))
            self.action.work_on()
            return
        typed = total if new.total is None else None
        rest = self.action.left_over
        if rest and form.rest_goes(rest) == PAID:
            self._signing.open(
                SignatureRequest(
                    title=lambda: _("Pay out what is left: {rest}").format(rest=format_fen(rest)),
                    facts=(
                        lambda: _("Form {number} of {amount}, for goods of {total}").format(
                            number=form_numbers([form.number]), amount=format_fen(form.amount), total=format_fen(total)
                        ),
                    ),
                    sign=lambda: _("Sign: the rest is paid"),
                    act="till.redeem",
                    carry_out=lambda session, actor, signer, _words: redeem(
                        session, actor, form.code, new.number, typed, signer=signer
                    ),
                ),
                lambda done: self._on_redeemed(form, done),
            )
            return
        self._queue.command(
            "till.redeem",
            lambda session, actor: redeem(session, actor, form.code, new.number, typed),
            lambda done: self._on_redeemed(form, done),
            lambda error: self._on_not_taken(form, error),
        )

    def _on_redeemed(self, form: FormAtTill, done: Redeemed) -> None:
        self._done(
            form,
            lambda: left_words(done)[0],
            left_words(done)[1],
            lambda: redeemed_words(done)[0],
            lambda: redeemed_words(done)[1],
        )

    def _pay(self, form: FormAtTill, method: str, reference: str = "") -> None:
        self._queue.command(
            "till.pay",
            lambda session, actor: pay_out(session, actor, form.code, method, reference),
            lambda done: self._on_paid(form, done),
            lambda error: self._on_not_taken(form, error),
        )

    def _on_not_taken(self, form: FormAtTill, error: BaseException) -> None:
        """Say why, and show the form as it stands if somebody else was faster."""
        self._context.messages.tell(error)

        def seen(now: FormAtTill) -> None:
            if now.state != form.state and self._form is form:
                self._form = now
                self.card.show_form(now)
                self.action.show_form(now)

        if self._requests.actor is not None:  # or else the form is scanned again by whoever comes next
            self._requests.read(lambda session, actor: get_form(session, actor, form.code), seen)

    def _ask_to_pay(self) -> None:
        form = self._form
        if form is None:
            return
        self._signing.open(
            SignatureRequest(
                title=lambda: _("Pay in cash: {amount}").format(amount=format_fen(form.amount)),
                facts=(
                    lambda: _("Return form {number}").format(number=form_numbers([form.number])),
                    lambda: (
                        _("It has expired; the law gives the refund all the same.")
                        if form.may_be_renewed
                        else _("It was to go back to {tender}.").format(tender=form.tender)
                    ),
                ),
                sign=lambda: _("Sign: paid in cash"),
                act="till.pay",
                carry_out=lambda session, actor, signer, _words: pay_out(
                    session, actor, form.code, IN_CASH, signer=signer
                ),
            ),
            lambda done: self._on_paid(form, done),
        )

    def _on_paid(self, form: FormAtTill, done: PaidOut) -> None:
        self._done(
            form,
            lambda: _("Paid out"),
            done["amount"],
            lambda: paid_words(done, form.tender)[0],
            lambda: paid_words(done, form.tender)[1],
        )

    def _ask_to_renew(self) -> None:
        form = self._form
        if form is None:
            return
        self._signing.open(
            SignatureRequest(
                title=lambda: _("Issue anew: {amount}").format(amount=format_fen(form.amount)),
                facts=(
                    lambda: _("Form {number} has expired. The new one has its own number, and prints here.").format(
                        number=form_numbers([form.number])
                    ),
                ),
                sign=lambda: _("Sign: issued anew"),
                act="till.renew",
                carry_out=lambda session, actor, signer, _words: renew(session, actor, signer, form.code),
            ),
            lambda number: self._done(
                form,
                lambda: _("Issued anew"),
                form.amount,
                lambda: _("Form {number} takes the place of form {old}.").format(
                    number=form_numbers([number]), old=form_numbers([form.number])
                ),
                lambda: _("It prints here: give it to the customer, and keep the old one."),
            ),
        )

    def _done(self, form: FormAtTill, label: LiveText, value: int, said: LiveText, small: LiveText) -> None:
        self._form = self._new = None
        self.card.show_done(form, label, value, said, small)
        self.action.show_empty()
        self.work_on()

    def _leave(self) -> None:
        self._form = self._new = None
        self.card.show_empty()
        self.action.show_empty()
        self.work_on()

    def _say(self, sentence: str) -> None:
        self._context.messages.say(lambda: _(sentence), Meaning.MISSING)
