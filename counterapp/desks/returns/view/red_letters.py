"""The red-letter invoices 红字发票 that are still to be issued, and where their numbers are entered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from counterapp.core.actor import Actor
from counterapp.core.money import format_fen
from counterapp.desks.returns.services.invoices import OpenTask, close_task, open_tasks
from counterapp.errors import CounterError
from counterapp.hardware.scanner import Scan
from counterapp.return_forms.texts import form_numbers, receipt_number
from counterapp.ui import theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.texts import day_words
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.ui.widgets import CodeField, KeyButton, Kind, LineTable, Role, Row, RowVerdict, SentenceLine, Text
from counterapp.words import N_, _
from counterapp.work import StoreClient

_TITLES: Final = 42
_ROW: Final = 64
_SHOWN: Final = 6


class RedLetterDialog(Dialog):
    """The list, the one that is due first at the top; the field belongs to the current row.

    `passed(Scan)` hands on what was scanned; `changed()` when a task was closed.
    """

    passed = Signal(object)
    changed = Signal()

    def __init__(self, context: ViewContext, client: StoreClient, tasks: Sequence[OpenTask], today: dt.date) -> None:
        super().__init__(lambda: _("Red-letter invoices"), lambda: _("to be issued for invoices that stayed out"), 980)
        self._context, self._client, self._today = context, client, today
        self._tasks = tasks
        self.table = LineTable(
            lambda: _("Invoice"),
            [lambda: _("Task"), lambda: _("Return form"), lambda: _("Amount")],
            lambda: _("To be issued until"),
        )
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addWidget(self.table)
        self._none = Text(lambda: _("None is open. Every invoice came back or is seen to."), Role.VERDICT)
        self.body.addWidget(self._none)
        line = QHBoxLayout()
        line.setSpacing(theme.px(12))
        self._label = Text(lambda: _("Number of the red-letter invoice"), Role.LABEL)
        self._number = CodeField("", 32)
        line.addWidget(self._label)
        line.addWidget(self._number, 1)
        self.body.addLayout(line)
        self._sentence = SentenceLine("")
        self.body.addWidget(self._sentence)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        close = KeyButton(lambda: _("Close"), "Esc", Kind.QUIET)
        close.clicked.connect(self.close_dialog)
        self._issued = KeyButton(lambda: _("It is issued"), "Enter", Kind.PRIMARY)
        self._issued.clicked.connect(self._on_entered)
        for button in (close, self._issued):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            buttons.addWidget(button)
        self.body.addLayout(buttons)
        self._show(tasks)

    @property
    def sentence(self) -> str:
        """The sentence over the buttons."""
        return self._sentence.text

    def take_scan(self, scan: Scan) -> bool:
        """Close, and hand the scan on to where it belongs: the queue goes on."""
        self.close_dialog()
        self.passed.emit(scan)
        return True

    def opened(self) -> None:
        self._number.setFocus()

    def keys(self) -> list[tuple[str, str]]:
        return [("↑ ↓", _("Another line")), *super().keys()]

    def press(self, key: str) -> bool:
        if key in {"Up", "Down"}:
            self.table.step(1 if key == "Down" else -1)
            return True
        return super().press(key)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._show(self._tasks)

    def _show(self, tasks: Sequence[OpenTask]) -> None:
        self._tasks = tasks
        self.table.show_rows([_row_of(task, self._today) for task in tasks])
        self.table.setFixedHeight(theme.px(_TITLES + _ROW * max(1, min(len(tasks), _SHOWN))))
        if tasks and self.table.current_key is None:
            self.table.choose(tasks[0].number)
        for part in (self.table, self._label, self._number, self._issued):
            part.setVisible(bool(tasks))
        self._none.setVisible(not tasks)

    def _on_entered(self) -> None:
        number, typed = self.table.current_key, self._number.text().strip()
        if not isinstance(number, int):
            return
        if not typed:
            self._sentence.say(lambda: _("Type the number that stands on the red-letter invoice."), Meaning.MISSING)
            self._number.setFocus()
            return
        task = number

        def work(session: Any, actor: Actor) -> None:
            close_task(session, actor, task, typed)

        try:
            self._client.command(
                self, "return.red_letter", work, lambda _nothing: self._on_closed(task, typed), self._on_failed
            )
        except CounterError as error:  # nobody is signed in any more
            self._on_failed(error)

    def _on_closed(self, task: int, typed: str) -> None:
        said = N_("Task {number} is done with red-letter invoice {red_letter}.")
        self._sentence.say(lambda: _(said).format(number=task, red_letter=typed), Meaning.ALLOWED)
        self._number.clear()
        self._read_again()
        self.changed.emit()

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, CounterError):
            refusal = error
            self._sentence.say(lambda: str(refusal), Meaning.REFUSED)
            self._read_again()  # somebody else may have been faster
        else:
            self._context.messages.tell(error)

    def _read_again(self) -> None:
        today = self._today
        self._client.read(self, lambda session: open_tasks(session, today), self._show, self._context.messages.tell)


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
