"""The red-letter invoices 红字发票 that are still to be issued, and where their numbers are entered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout

from counterapp.core.money import format_fen
from counterapp.desks.returns.services.invoices import OpenTask, close_task, open_tasks
from counterapp.hardware.scanner import Scan
from counterapp.return_forms.texts import form_numbers, receipt_number
from counterapp.ui import theme
from counterapp.ui.dialogs import TableDialog, buttons
from counterapp.ui.requests import Requests
from counterapp.ui.texts import day_words
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.ui.widgets import CodeField, KeyButton, Kind, LineTable, Role, Row, RowVerdict, Text
from counterapp.words import N_, _
from counterapp.work import StoreClient


class RedLetterDialog(TableDialog):
    """The list, the one that is due first at the top; the field belongs to the current row.

    `passed(Scan)` hands on what was scanned; `changed()` when a task was closed.
    """

    passed = Signal(object)
    changed = Signal()

    def __init__(self, context: ViewContext, client: StoreClient, tasks: Sequence[OpenTask], today: dt.date) -> None:
        table = LineTable(
            lambda: _("Invoice"),
            [lambda: _("Task"), lambda: _("Return form"), lambda: _("Amount")],
            lambda: _("To be issued until"),
        )
        super().__init__(
            lambda: _("Red-letter invoices"), lambda: _("to be issued for invoices that stayed out"), 980, table,
            shown=6, empty=lambda: _("None is open. Every invoice came back or is seen to."),
        )  # fmt: skip
        self._requests, self._today = Requests(context, client, self), today
        self._tasks = tasks
        line = QHBoxLayout()
        line.setSpacing(theme.px(12))
        self._label = Text(lambda: _("Number of the red-letter invoice"), Role.LABEL)
        self._number = CodeField("", 32)
        line.addWidget(self._label)
        line.addWidget(self._number, 1)
        self.body.addLayout(line)
        self.body.addWidget(self.sentence)
        self._issued = KeyButton(lambda: _("It is issued"), "Enter", Kind.PRIMARY)
        self.body.addLayout(buttons(self, self._issued, self._on_entered, tab=False))
        self._show(tasks)

    def take_scan(self, scan: Scan) -> bool:
        """Close, and hand the scan on to where it belongs: the queue goes on."""
        self.close_dialog()
        self.passed.emit(scan)
        return True

    def opened(self) -> None:
        self._number.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._show(self._tasks)

    def _show(self, tasks: Sequence[OpenTask]) -> None:
        self._tasks = tasks
        self.show_rows([_row_of(task, self._today) for task in tasks])
        for part in (self._label, self._number, self._issued):
            part.setVisible(bool(tasks))

    def _on_entered(self) -> None:
        task, typed = self.table.current_key, self._number.text().strip()
        if not isinstance(task, int):
            return
        if not typed:
            self.sentence.say(lambda: _("Type the number that stands on the red-letter invoice."), Meaning.MISSING)
            self._number.setFocus()
            return
        self._requests.command(
            "return.red_letter",
            lambda session, actor: close_task(session, actor, task, typed),
            lambda _nothing: self._on_closed(task, typed),
            self,
            lambda _error: self._read_again(),  # somebody else may have been faster
            keep_open=True,
        )

    def _on_closed(self, task: int, typed: str) -> None:
        said = N_("Task {number} is done with red-letter invoice {red_letter}.")
        self.sentence.say(lambda: _(said).format(number=task, red_letter=typed), Meaning.ALLOWED)
        self._number.clear()
        self._read_again()
        self.changed.emit()

    def _read_again(self) -> None:
        today = self._today
        self._requests.read(lambda session, _actor: open_tasks(session, today), self._show, self)


def _row_of(task: OpenTask, today: dt.date) -> Row:
    due = day_words(task.due_on, today)
    verdict = (
        RowVerdict(Meaning.REFUSED, _("{day}, overdue").format(day=due), "triangle-alert")
        if task.overdue
        else RowVerdict(Meaning.NEUTRAL, due, "")
    )
    return Row(
        key=task.number,
        name=task.invoice_no or _("number not known"),
        quiet=_("Receipt {number}").format(number=receipt_number(task.receipt_no)),
        numbers=(str(task.number), form_numbers(task.forms), format_fen(task.amount)),
        verdict=verdict,
    )
