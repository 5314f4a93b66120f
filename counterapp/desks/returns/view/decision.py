"""The right of the returns desk: what is asked for the current line, what the rules say, and the one next step."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counterapp import words
from counterapp.core.money import format_fen
from counterapp.desks.returns.rules import favourable
from counterapp.desks.returns.services.details import LineDetails
from counterapp.desks.returns.view.case_texts import said_of, state_words, summary_of
from counterapp.desks.returns.view.empty import PRINT_KEY
from counterapp.desks.returns.view.form_texts import good_ones
from counterapp.desks.returns.view.open_case import Reading
from counterapp.desks.returns.view.reprint import print_words
from counterapp.desks.returns.view.texts import amount_label, missing_in, times_of
from counterapp.return_forms.models import FROM_REST, WAITING
from counterapp.return_forms.terms import Answer, Kind, Reason, name_of
from counterapp.ui import theme
from counterapp.ui.widgets import (
    BigAmount,
    Card,
    Choices,
    EmptyState,
    KeyButton,
    Option,
    Question,
    Questions,
    Role,
    Text,
    VerdictPanel,
)
from counterapp.ui.widgets import Kind as ButtonKind
from counterapp.ui.widgets.scroll import Scrolling
from counterapp.words import _, _n

_WIDTH: Final = {"zh": 412, "en": 442}
#: A row of a question with the space to the next.
_QUESTION: Final = 50
_CHOOSING: Final = 120
#: The reasons in the order of their keys 1 to 6: the commonest first, then as in the house's own list.
_REASONS: Final = (
    Reason.QUALITY_FAULT,
    Reason.MISSING_PARTS,
    Reason.MISLABELLED,
    Reason.WRONG_ITEM,
    Reason.NO_LONGER_WANTED,
    Reason.EXPIRED_OR_SPOILED,
)


class DecisionCard(Card):
    """What the person decides of the current line: `kind_chosen(Kind)`, `reason_chosen(Reason)`,
    `answered(Answer, bool)`, `all_in_order()`; `went_on()` by the primary button, `taken_back()` while it waits,
    `print_asked()` for a refusal or a reprint, `void_asked()` for a form that is to become void.
    """

    kind_chosen = Signal(object)
    reason_chosen = Signal(object)
    answered = Signal(object, bool)
    all_in_order = Signal()
    went_on = Signal()
    taken_back = Signal()
    print_asked = Signal()
    void_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.speak()
        self.body.addLayout(self._title_row())
        self._choosing = self._make_choosing()
        self.body.addWidget(self._choosing, 1)
        self._invitation = EmptyState(
            "scan-barcode", lambda: _("Scan the goods"), lambda: _("or press Space to choose this line")
        )
        self.body.addWidget(self._invitation, 1)
        self._summary = Text("", Role.LABEL, wrap=True)
        self._summary.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self._summary, 1)
        self.verdict = VerdictPanel()
        self.body.addWidget(self.verdict)
        self.amount = BigAmount()
        self.body.addWidget(self.amount)
        self._take_back = KeyButton(lambda: _("Take it back to change it"), "F8")
        self._take_back.clicked.connect(self.taken_back)
        self.body.addWidget(self._take_back)
        self._print = KeyButton("", PRINT_KEY, icon="printer")
        self._print.clicked.connect(self.print_asked)
        self.body.addWidget(self._print)
        self._void = KeyButton(lambda: _("Make a form void"), "Del", icon="ban")
        self._void.clicked.connect(self.void_asked)
        self.body.addWidget(self._void)
        self.primary = KeyButton("", "Enter", ButtonKind.PRIMARY)
        self.primary.clicked.connect(self.went_on)
        self.body.addWidget(self.primary)

    def show_case(self, reading: Reading, line: LineDetails | None, editable: bool, own: bool) -> None:
        """Show a line of the case; `editable` where it is the clerk's to change, `own` where they prepared it."""
        choosing = editable and line is not None and line.chosen is not None
        self._choosing.setVisible(choosing)
        self._invitation.setVisible(editable and not choosing)
        self._summary.setVisible(not editable)
        self._take_back.setVisible(reading.state == WAITING and own)
        if choosing and line is not None:
            self._show_choices(line)
        if editable:
            self._name.say(line.line.name if line is not None else "")
            self._times.say(times_of(line) if line is not None else "")
        else:
            self._name.say(state_words(reading.desk))
            self._times.say("")
            self._summary.say(summary_of(reading.desk))
        said = said_of(reading, line)
        self.verdict.setVisible(said is not None)
        if said is not None:
            self.verdict.show_verdict(said.meaning, said.sentence, said.small, said.icon)
        printed = print_words(reading, line)
        self._print.setVisible(bool(printed))
        self._print.say(printed)
        self._void.setVisible(any(form.origin != FROM_REST for form in good_ones(reading.desk.forms)))
        self.amount.say(amount_label(reading.desk))
        self.amount.show_amount(format_fen(reading.desk.refund))
        self._show_next_step(reading, editable)
        if choosing:
            self._show_open_question()

    def _title_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(6))
        self._name = Text("", Role.HEADING, elide=True)
        self._times = Text("", Role.HEADING)
        row.addWidget(self._name)
        row.addWidget(self._times)
        row.addStretch(1)
        return row

    def _make_choosing(self) -> Scrolling:
        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        self._kind = Choices(
            [Option(kind, partial(name_of, kind), key) for kind, key in zip(Kind, ("F5", "F6"), strict=True)],
            columns=2,
            kind=ButtonKind.SEGMENT,
        )
        self._kind.chosen.connect(self.kind_chosen)
        column.addWidget(self._kind)
        column.addWidget(Text(lambda: _("Reason"), Role.QUIET))
        self._reason = Choices([Option(reason, partial(name_of, reason)) for reason in _REASONS])
        self._reason.chosen.connect(self.reason_chosen)
        column.addWidget(self._reason)
        confirm = QHBoxLayout()
        self._confirm = Text("", Role.QUIET)
        confirm.addWidget(self._confirm)
        confirm.addStretch(1)
        self._in_order = KeyButton(lambda: _("All in order"), "F7", ButtonKind.ANSWER)
        self._in_order.setCheckable(False)
        self._in_order.clicked.connect(self.all_in_order)
        confirm.addWidget(self._in_order)
        column.addLayout(confirm)
        column.addWidget(self._make_questions(), 1)
        choosing = Scrolling(place, _CHOOSING)
        choosing.verticalScrollBar().rangeChanged.connect(self._show_open_question, Qt.ConnectionType.QueuedConnection)
        return choosing

    def _make_questions(self) -> Scrolling:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        self._questions = Questions(lambda: _("Yes"), lambda: _("No"))
        self._questions.answered.connect(lambda answer, said: self.answered.emit(Answer(answer), said))
        column.addWidget(self._questions)
        column.addStretch(1)
        self._scroll = Scrolling(inside, _QUESTION)
        return self._scroll

    def speak(self) -> None:
        """Be as wide as the reasons need: in English they stand two beside each other, and are longer."""
        self.setFixedWidth(theme.px(_WIDTH[words.current()]))

    def _show_choices(self, line: LineDetails) -> None:
        if line.chosen is None:
            return
        self._kind.choose(Kind(line.chosen.kind))
        self._reason.choose(Reason(line.chosen.reason) if line.chosen.reason else None)
        said = line.chosen.answers
        self._questions.ask(
            [
                Question(question.answer, question.text(words.current()), said.get(question.answer))
                for question in line.questions
            ]
        )
        still_open = line.verdict.questions if line.verdict is not None else ()
        self._confirm.setVisible(bool(line.questions))
        self._confirm.say(
            _n("Please confirm ({count} left)", "Please confirm ({count} left)", len(still_open)).format(
                count=len(still_open)
            )
            if still_open
            else _("Confirmed")
        )
        self._in_order.setVisible(bool(favourable(still_open)))

    def _show_open_question(self) -> None:
        """Scroll to the question that Y and N answer."""
        button = next((button for button in self._questions.findChildren(KeyButton) if button.key == "Y"), None)
        if button is None:
            self._scroll.verticalScrollBar().setValue(0)
            return
        # Rows and verdict have just changed: everything must have its place before anything is scrolled to it.
        for place in (self, self._choosing.widget(), self._scroll.widget(), self._questions):
            layout = place.layout()
            if layout is not None:
                layout.activate()
        self._scroll.ensureWidgetVisible(button, 0, theme.px(_QUESTION))
        self._choosing.ensureWidgetVisible(button, 0, theme.px(8))

    def _show_next_step(self, reading: Reading, editable: bool) -> None:
        missing = missing_in(reading.desk) if editable else None
        if editable:
            self.primary.say(missing.short if missing else _("Send for approval"))
        elif reading.state == WAITING:
            self.primary.say(_("Open the approval"))
        self.primary.setVisible(editable or reading.state == WAITING)
        self.primary.setEnabled(missing is None)
