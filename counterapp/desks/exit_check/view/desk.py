"""The exit auditor's tab: scan the form, hold the goods against what was taken for it, say what was found."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from counterapp.desks.exit_check import services
from counterapp.desks.exit_check.models import DIFFERS, MATCHES
from counterapp.desks.exit_check.services import ExitCheckDetails
from counterapp.desks.exit_check.view.differences import DifferencesDialog
from counterapp.desks.exit_check.view.status_panel import StatusPanel
from counterapp.desks.exit_check.view.texts import (
    again_words,
    check_words,
    facts_of,
    kept_words,
    row_of,
    shared_words,
    status_of,
)
from counterapp.hardware.scanner import Scan
from counterapp.return_forms.models import FORM_LETTERS
from counterapp.ui import theme
from counterapp.ui.requests import Requests
from counterapp.ui.theme import Meaning
from counterapp.ui.view import View, ViewContext
from counterapp.ui.widgets import (
    Card,
    Chip,
    EmptyState,
    FactsRow,
    KeyButton,
    Kind,
    LineTable,
    Role,
    ScrollColumn,
    Text,
    VerdictPanel,
)
from counterapp.words import N_, _
from counterapp.work import StoreClient

_RIGHT: Final = 400
_CHECKS: Final = 6


class ExitCheckView(View):
    """One form at a time. Nothing here tells who the customer is."""

    title = N_("Exit check")
    hint = N_("Scan the customer's form")
    icon = "shield-check"
    prefixes = (FORM_LETTERS,)

    def __init__(self, context: ViewContext, client: StoreClient) -> None:
        super().__init__(context)
        self._requests = Requests(context, client, self)
        self._form: ExitCheckDetails | None = None
        self._asked = 0
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._nothing = self._make_nothing()
        self._pages.addWidget(self._nothing)
        self._shown = self._make_form()
        self._pages.addWidget(self._shown)

    def take_scan(self, scan: Scan) -> bool:
        if not scan.text.startswith(FORM_LETTERS):
            return False
        self._open(scan.text)
        return True

    def activated(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._form is not None:
            self._open(self._form.code)

    def retranslate(self) -> None:
        if self._form is not None:
            self._show(self._form)

    def press(self, key: str) -> bool:
        if key in {"Up", "Down"} and self._form is not None:
            self._table.step(1 if key == "Down" else -1)
            return True
        return super().press(key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._right.setFixedWidth(min(theme.px(_RIGHT), self.width() * 42 // 100))

    def _make_nothing(self) -> Card:
        card = Card()
        self._result = VerdictPanel()
        self._result.setFixedWidth(theme.px(640))
        self._result.hide()
        card.body.addWidget(self._result, 0, Qt.AlignmentFlag.AlignHCenter)
        card.body.addWidget(
            EmptyState(
                "scan-barcode",
                lambda: _("Scan the customer's form"),
                lambda: _("What was taken for it at the till appears here. Hold the goods against it."),
            ),
            1,
        )
        return card

    def _make_form(self) -> QWidget:
        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(12))
        self._status = StatusPanel()
        column.addWidget(self._status)
        line = QHBoxLayout()
        line.setSpacing(theme.px(16))
        column.addLayout(line, 1)
        left = Card(1)
        self._facts = FactsRow()
        facts = QHBoxLayout()
        facts.setContentsMargins(theme.px(19), 0, theme.px(19), theme.px(4))
        facts.addWidget(self._facts, 1)
        left.body.addLayout(facts)
        self._table = LineTable(
            lambda: _("Taken for it"), [lambda: _("Amount"), lambda: _("Quantity")], lambda: _("To be counted")
        )
        left.body.addWidget(self._table, 1)
        self._without = EmptyState("receipt-text", "", "")
        left.body.addWidget(self._without, 1)
        line.addWidget(left, 1)
        self._right = self._make_keys()
        line.addWidget(self._right)
        return place

    def _make_keys(self) -> Card:
        card = Card()
        column = ScrollColumn()
        column.setMinimumHeight(theme.px(40))  # large type: the keys stay whole, what is above them scrolls
        card.body.addWidget(column, 1)
        self._again = VerdictPanel()
        column.body.addWidget(self._again)
        self._shared = Text("", Role.STRONG, wrap=True)
        column.body.addWidget(self._shared)
        self._before = Text(lambda: _("Checked before"), Role.LABEL)
        column.body.addWidget(self._before)
        self._checks = Text("", Role.BODY, wrap=True)
        self._checks.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.body.addWidget(self._checks)
        column.body.addStretch(1)
        self._count = Chip(Meaning.NEUTRAL, "", "luggage")
        card.body.addWidget(self._count)
        self._matches = KeyButton(lambda: _("Everything matches"), "1", Kind.PRIMARY)
        self._matches.clicked.connect(lambda: self._record(MATCHES))
        self._differs = KeyButton(lambda: _("Something differs"), "2")
        self._differs.clicked.connect(self._ask_difference)
        leave = KeyButton(lambda: _("On to the next form"), "Esc", Kind.QUIET)
        leave.clicked.connect(self._leave)
        for button in (self._matches, self._differs, leave):
            card.body.addWidget(button)
        return card

    def _open(self, code: str) -> None:
        self._asked += 1
        this = self._asked

        def done(form: ExitCheckDetails) -> None:
            if this == self._asked:  # the last scan is the one that counts
                self._show(form)

        def failed(_error: BaseException) -> None:
            if this == self._asked:
                self._leave()

        self._requests.read(lambda session, actor: services.get_form(session, actor, code), done, failed=failed)

    def _show(self, form: ExitCheckDetails) -> None:
        self._form = form
        status = status_of(form)
        self._status.show_status(status, f"No. {form.number:06}")
        self._facts.show_facts(facts_of(form))
        lines = form.receipt.lines if form.receipt is not None else ()
        self._table.show_rows([row_of(line) for line in lines])
        self._table.setVisible(bool(lines))
        self._without.setVisible(not lines)
        self._without.say(lambda: _("No goods to show"), lambda: status.what_to_do)
        again = form.checked_today
        self._again.setVisible(again is not None)
        if again is not None:
            self._again.show_verdict(
                Meaning.OVERRIDABLE,
                lambda: again_words(again),
                lambda: _("Is it shown at the door a second time? Look at the till's stamp, and at the goods."),
                "triangle-alert",
            )
        self._shared.say(lambda: shared_words(form))
        self._shared.setVisible(bool(shared_words(form)))
        self._before.setVisible(bool(form.checks))
        self._checks.say(lambda: "\n".join(check_words(one, form.today) for one in form.checks[:_CHECKS]))
        self._checks.setVisible(bool(form.checks))
        self._count.setVisible(bool(lines))
        self._count.show_chip(
            Meaning.NEUTRAL, lambda: _("{count} lines on the receipt").format(count=len(lines)), "receipt-text"
        )
        self._matches.setVisible(form.may_pass)
        self._differs.say(lambda: _("Something differs") if form.may_pass else _("Note what happened"))
        self._pages.setCurrentWidget(self._shown)
        self.set_hint(lambda: _("Hold the goods against it") if form.may_pass else _("Do not let goods pass"))

    def _leave(self) -> None:
        self._form = None
        self._asked += 1
        self._pages.setCurrentWidget(self._nothing)
        self.set_hint(lambda: _(self.hint))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_difference(self) -> None:
        if self._form is None:
            return
        dialog = DifferencesDialog(self._form)
        dialog.told.connect(lambda counted, note: self._record(DIFFERS, counted, note, dialog))
        self.context.dialogs.open(dialog)

    def _record(
        self,
        finding: str,
        counted: dict[int, int] | None = None,
        note: str = "",
        dialog: DifferencesDialog | None = None,
    ) -> None:
        form = self._form
        if form is None:
            return

        def done(_check: int) -> None:
            matched = finding == MATCHES
            self._result.show_verdict(
                Meaning.ALLOWED if matched else Meaning.OVERRIDABLE,
                lambda: kept_words(form, matched),
                (lambda: _("Scan the next form."))
                if matched
                else (lambda: _("Keep the goods here, call a supervisor.")),
            )
            self._result.show()
            self._leave()

        self._requests.command(
            "door.record",
            lambda session, actor: services.record(session, actor, form.code, finding, counted, note),
            done,
            dialog,
        )
