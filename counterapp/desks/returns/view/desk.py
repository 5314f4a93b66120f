"""The returns desk: a receipt is scanned, goods are chosen and described, a second person signs, the form prints."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QWidget

from counterapp.core.actor import APPROVERS, Signer
from counterapp.core.codes import is_code, looks_like_code
from counterapp.desks.returns.services.details import LineDetails, ReturnDetails
from counterapp.desks.returns.services.drafting import (
    all_in_order,
    choose_line,
    describe,
    drop,
    set_phone,
    submit,
    take_back,
)
from counterapp.desks.returns.services.waiting_cases import Decided
from counterapp.desks.returns.view.approval_flow import ApprovalFlow
from counterapp.desks.returns.view.case_texts import hint_of
from counterapp.desks.returns.view.decision import DecisionCard
from counterapp.desks.returns.view.earlier_returns import earlier_returns_dialog
from counterapp.desks.returns.view.empty import EmptyDesk, Result
from counterapp.desks.returns.view.open_case import OpenCase, Reading
from counterapp.desks.returns.view.receipt import ReceiptPane
from counterapp.desks.returns.view.reprint import ReprintDialogs
from counterapp.desks.returns.view.texts import first_line, missing_in
from counterapp.desks.returns.view.tool_dialogs import ToolDialogs
from counterapp.desks.returns.view.voiding import Voiding
from counterapp.desks.returns.view.watching import Watch, told_aside, told_overtaken
from counterapp.errors import NotAllowed
from counterapp.hardware.scanner import Scan
from counterapp.return_forms.models import (
    APPROVED,
    CASE_LETTERS,
    DRAFT,
    FORM_LETTERS,
    FOUND,
    KEYED,
    REFUSED,
    SCANNED,
    WAITING,
)
from counterapp.ui import theme
from counterapp.ui.router import TYPED
from counterapp.ui.theme import Meaning
from counterapp.ui.view import Outcome, View, ViewContext
from counterapp.words import N_, _
from counterapp.work import StoreClient

_PIECE: Final = 1000


class ReturnsView(View):
    """The screen of the returns desk."""

    title = N_("Returns")
    hint = N_("Scan the receipt, then the goods")
    icon = "undo-2"
    prefixes = (CASE_LETTERS, FORM_LETTERS)

    def __init__(self, context: ViewContext, client: StoreClient) -> None:
        super().__init__(context)
        self._client = client
        self._reading: Reading | None = None
        self._line_id: int | None = None
        self._opens_approval = False
        self._scanned = ""
        self._left_behind = ""  # the code of one's own case that lay here when another one was opened
        self._signing = ApprovalFlow(context, client, self)
        self._signing.approved.connect(self._clear)
        self._signing.given_back.connect(self._on_given_back)
        self._papers = ReprintDialogs(context, client, self)
        self._tools = ToolDialogs(context, client, self)
        self._voiding = Voiding(context, client, self)
        self._watch = Watch(client, self)
        self._watch.decided.connect(self._on_decided)
        self._case = OpenCase(client, self)
        self._case.shown.connect(self._on_shown)
        self._case.refused.connect(self._on_refused)
        self._signing.moved_on.connect(self._case.read_again)
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._empty = EmptyDesk()
        self._pages.addWidget(self._empty)
        work = QWidget()
        line = QHBoxLayout(work)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(16))
        self._receipt = ReceiptPane()
        self._decision = DecisionCard()
        line.addWidget(self._receipt, 1)
        line.addWidget(self._decision)
        self._pages.addWidget(work)
        self._work = work
        self._connect()

    @property
    def desk(self) -> ReturnDetails | None:
        """The return that is shown, None while the desk is empty."""
        return self._reading.desk if self._reading is not None else None

    def claims(self, text: str) -> bool:
        """Tell whether `text` is the number of a sales receipt of this store."""
        return self._client.is_receipt(text)

    def take_scan(self, scan: Scan) -> bool:
        text = scan.text
        if self.claims(text):
            self._case.open_receipt(text, KEYED if scan.device == TYPED else SCANNED)
        elif looks_like_code(text):
            if not is_code(text) or text[:2] not in self.prefixes:
                return False
            self.open_case(text)
        elif self._case.expects_case:
            self._case.scan_goods(text, self._on_goods_scanned)
        else:
            sentence = N_("{code} is no receipt of this store. Scan the receipt first, then the goods.")
            self.context.messages.say(lambda: _(sentence).format(code=text), Meaning.MISSING)
        return True

    def open_case(self, code: str) -> None:
        """Put the case of this code on the desk, or the one of its form; if it waits for whoever is signed in, with
        its approval open.
        """
        if self.desk is not None and self._editable:
            self._left_behind = self.desk.case.code
        self._scanned = code
        self._case.open_code(code)

    def activated(self) -> None:
        self._receipt.work_on() if self._reading is not None else self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._case.read_again()
        self._tools.count()

    def retranslate(self) -> None:
        self._decision.speak()
        self._show()

    def keys(self) -> list[tuple[str, str]]:
        if self._reading is None:
            return super().keys()
        moves = [
            ("↑ ↓", _("Another line")),
            (_("Space"), _("Choose the line, or leave it")),
            ("+ -", _("One more, one less")),
            ("F3", _("Find a receipt without its number")),
        ]
        return [*moves, *super().keys()]

    def press(self, key: str) -> bool:
        reading = self._reading
        if reading is None:
            return super().press(key)
        if key in {"Up", "Down"}:
            self._receipt.table.step(1 if key == "Down" else -1)
        elif key == "Space":
            self._on_picked(self._receipt.current())
        elif key in {"+", "=", "-"}:
            self._add(-1 if key == "-" else 1)
        elif key == "F3":
            self._tools.find()
        elif key == "Enter":
            self._case.settle(self._go_on)
        else:
            return super().press(key)
        return True

    def _connect(self) -> None:
        self._receipt.line_chosen.connect(self._on_line_chosen)
        self._receipt.picked.connect(self._on_picked)
        self._receipt.quantity_typed.connect(self._set_quantity)
        self._receipt.phone_typed.connect(self._on_phone_typed)
        self._receipt.put_aside.connect(lambda: self._case.settle(self._put_aside))
        self._receipt.dropped.connect(self._on_dropped)
        self._receipt.past_asked.connect(self._on_past_asked)
        self._empty.find_asked.connect(self._tools.find)
        self._empty.no_receipt.connect(self._tools.type_goods)
        self._empty.invoices_asked.connect(self._tools.see_invoices)
        self._empty.rules_asked.connect(self._tools.read_rules)
        self._tools.found.connect(lambda number: self._case.open_receipt(number, FOUND))
        self._tools.typed.connect(self._case.open_case)
        self._tools.counted.connect(self._empty.show_invoices)
        self._empty.reprint_asked.connect(self._papers.ask_to_reprint)
        self._decision.kind_chosen.connect(lambda kind: self._describe(kind=kind))
        self._decision.reason_chosen.connect(lambda reason: self._describe(reason=reason))
        self._decision.answered.connect(lambda answer, said: self._describe(answers={answer: said}))
        self._decision.all_in_order.connect(self._on_all_in_order)
        self._decision.went_on.connect(lambda: self._case.settle(self._go_on))
        self._decision.taken_back.connect(self._on_taken_back)
        self._decision.print_asked.connect(self._on_print_asked)
        self._decision.void_asked.connect(self._on_void_asked)
        self._voiding.done.connect(self._on_voided)
        self._voiding.moved_on.connect(self._case.read_again)

    @property
    def _line(self) -> LineDetails | None:
        if self._reading is None:
            return None
        return next((line for line in self._reading.desk.lines if line.line.id == self._line_id), None)

    @property
    def _person(self) -> Signer | None:
        try:
            return self._client.actor.person
        except NotAllowed:
            return None

    @property
    def _own(self) -> bool:
        person, reading = self._person, self._reading
        return person is not None and reading is not None and reading.desk.case.prepared_by == person.person_id

    @property
    def _approver(self) -> Signer | None:
        """Whoever is signed in, where they may sign what lies here: then their PIN is enough."""
        person = self._person
        return person if person is not None and person.role in APPROVERS and not self._own else None

    @property
    def _editable(self) -> bool:
        return self._own and self._reading is not None and self._reading.state in {DRAFT, REFUSED}

    def _show(self) -> None:
        reading = self._reading
        self._pages.setCurrentWidget(self._empty if reading is None else self._work)
        if reading is None:
            self.set_hint(lambda: _(self.hint))
            return
        today = reading.desk.receipt.sold_on + dt.timedelta(days=reading.desk.day)
        self._receipt.show_reading(reading, today, self._editable)
        self._receipt.table.choose(self._line_id)
        self._show_line()

    def _show_line(self) -> None:
        if self._reading is not None:
            self._receipt.show_line(self._line, self._editable)
            hint = hint_of(self._reading, signs=self._approver is not None, editable=self._editable)
            self.set_hint(hint or (lambda: _(self.hint)))
            self._decision.show_case(self._reading, self._line, self._editable, self._own)

    def _on_shown(self, reading: Reading) -> None:
        before = self._reading
        self._reading = reading
        case = reading.desk.case
        if before is None or before.desk.case.id != case.id:
            if before is not None and before.desk.case.prepared_by != case.prepared_by:
                self._watch.leave(before.desk.case.id)
            self._line_id = first_line(reading.desk, self._line_id)
        self._watch.follow(case.id) if reading.state == WAITING else self._watch.leave(case.id)
        self._show()
        if before is None:
            self._receipt.work_on()
        opens = self._opens_approval or (self._scanned == case.code and self._approver is not None)
        self._opens_approval = False
        if self._scanned == case.code:
            self._scanned = ""
        if opens and reading.state == WAITING:
            self._signing.decide(reading, self._approver)

    def _on_refused(self, error: BaseException) -> None:
        self._opens_approval, self._scanned = False, ""
        self.context.messages.tell(error)

    def _on_goods_scanned(self, line_id: int) -> None:
        self._line_id = line_id

    def _on_past_asked(self) -> None:
        if self._reading is not None:
            dialog = earlier_returns_dialog(self._reading, may_open=True)
            dialog.opens.connect(self._case.open_case)
            self.context.dialogs.open(dialog)

    def _on_line_chosen(self, line_id: int) -> None:
        self._line_id = line_id
        self._show_line()

    def _on_picked(self, line_id: object) -> None:
        line = self._line
        if line is None or line.line.id != line_id or not self._editable:
            return
        if line.chosen is not None:
            self._set_quantity(0)
        else:
            self._set_quantity(line.returnable if line.weighed and line.returnable > 0 else _PIECE)

    def _add(self, pieces: int) -> None:
        line = self._line
        if line is None or not self._editable:
            return
        if line.weighed:
            self._receipt.type_quantity()
            return
        chosen = line.chosen.quantity if line.chosen is not None else 0
        if chosen or pieces > 0:
            self._set_quantity(chosen + pieces * _PIECE)

    def _set_quantity(self, quantity: int) -> None:
        if self._line_id is not None:
            self._case.act("return.choose", choose_line, self._line_id, quantity)

    def _on_phone_typed(self, phone: str) -> None:
        self._case.act("return.phone", set_phone, phone)

    def _describe(self, **said: Any) -> None:
        if self._line_id is not None:
            self._case.act("return.describe", describe, self._line_id, **said)

    def _on_all_in_order(self) -> None:
        if self._line_id is not None:
            self._case.act("return.in_order", all_in_order, self._line_id)

    def _on_taken_back(self) -> None:
        self._case.act("return.take_back", take_back)

    def _on_print_asked(self) -> None:
        if self._reading is not None:
            self._papers.press(self._reading, self._line)

    def _on_void_asked(self) -> None:
        if self._reading is not None:
            self._voiding.open(self._reading.desk, self._scanned)

    def _on_voided(self, case_id: int) -> None:
        self._empty.forget(case_id)
        self._case.read_again()

    def _on_dropped(self) -> None:
        if self._receipt.ask_to_drop():
            self._case.act("return.drop", drop)
            self._case.settle(self._put_aside)

    def _put_aside(self) -> None:
        """Clear the desk; what was chosen stays with the receipt and is there again when it is scanned."""
        self._clear(None)

    def _clear(self, result: Result | None) -> None:
        reading = self._reading
        if reading is not None and (not self._own or result is not None):
            self._watch.leave(reading.desk.case.id)
        self._case.leave()
        self._reading = self._line_id = None
        self._show()
        if result is not None:
            self._empty.show_result(result)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        left_behind, self._left_behind = self._left_behind, ""
        self.finished.emit(Outcome(lambda: result.sentence, lambda: result.small) if result is not None else None)
        if left_behind and not self.isVisible():  # the queue is back: what lay here before it waits again
            self._case.open_code(left_behind)

    def _go_on(self) -> None:
        """Take the one next step: send the case, or say what it lacks and go there; open the approval."""
        reading = self._reading
        if reading is None:
            return
        if reading.state == WAITING:
            self._signing.decide(reading, self._approver)
        elif self._editable:
            missing = missing_in(reading.desk)
            if missing is None:
                self._opens_approval = True
                self._case.act("return.submit", submit, reading.desk.case.revision)
                return
            self.context.messages.say(missing.sentence, Meaning.MISSING)
            if missing.line_id is not None:
                self._line_id = missing.line_id
                self._receipt.table.choose(missing.line_id)
                self._show_line()
            self._receipt.work_on()

    def _on_given_back(self) -> None:
        reading = self._reading
        if reading is None or self._own:
            self._case.read_again()
            return
        clerk = reading.desk.prepared_by.name
        self._clear(None)
        self.context.messages.say(lambda: _("Sent back to {name}, with your reason.").format(name=clerk))

    def _on_decided(self, decided: Decided) -> None:
        """Go on where somebody at another station has decided what waited here."""
        reading = self._reading
        if reading is None or reading.desk.case.id != decided.case_id:
            told = told_aside(decided)
            if told is not None:
                self.context.messages.say(*told)
        elif self._signing.withdraw(decided.case_id):
            if self._own and decided.state == APPROVED:
                self._clear(Result(decided.case_id, decided.numbers, reading.desk.refund, decided.signer))
                return
            if not self._own:
                self.context.messages.say(told_overtaken(decided))
            self._case.read_again()
