"""Papers on a key: a form once more, marked 补打, and the refusal slip for the customer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal

from counterapp.core.money import format_fen
from counterapp.core.print_queue import JobState
from counterapp.desks.returns.services.details import LineDetails
from counterapp.desks.returns.services.reprints import FormPrints, forms_of, print_refusal, refusal_of, reprint_form
from counterapp.desks.returns.view.open_case import Reading
from counterapp.errors import Refused
from counterapp.hardware.scanner import Scan
from counterapp.return_forms.models import APPROVED
from counterapp.return_forms.texts import form_numbers
from counterapp.ui.dialogs import TableDialog, buttons
from counterapp.ui.live_text import LiveText
from counterapp.ui.requests import Requests
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.ui.widgets import KeyButton, Kind, LineTable, Role, Row, RowVerdict, Text
from counterapp.words import _, _n
from counterapp.work import StoreClient


class ReprintDialogs(QObject):
    """What the desk prints besides the first form."""

    def __init__(self, context: ViewContext, client: StoreClient, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._requests = Requests(context, client, self)

    def press(self, reading: Reading, line: LineDetails | None) -> None:
        """Do what `print_words` says of the print key."""
        case_id = reading.desk.case.id
        if line is not None and _is_refused(reading, line):
            line_id = line.line.id
            self._requests.command(
                "return.print_refusal",
                lambda session, actor: print_refusal(session, actor, case_id, line_id),
                lambda _job: self._say(lambda: _("The refusal slip is on its way to the printer.")),
            )
        elif reading.state == APPROVED:
            self.ask_to_reprint(case_id)

    def ask_to_reprint(self, case_id: int) -> None:
        """Show the forms of a case, to print one of them once more."""
        self._requests.read(lambda session, _actor: forms_of(session, case_id), self._open)

    def _open(self, forms: tuple[FormPrints, ...]) -> None:
        if forms:
            dialog = ReprintDialog(forms)
            dialog.wanted.connect(self._reprint)
            dialog.passed.connect(self._context.router.route)
            self._context.dialogs.open(dialog)

    def _reprint(self, number: int) -> None:
        self._requests.command(
            "return.reprint",
            lambda session, actor: reprint_form(session, actor, number),
            lambda copy: self._say(lambda: _sent(number, copy)),
        )

    def _say(self, sentence: LiveText) -> None:
        self._context.messages.say(sentence, Meaning.ALLOWED)


def print_words(reading: Reading, line: LineDetails | None) -> str:
    """Return what the print key does for the case and line that are shown; "" where there is nothing to print."""
    if line is not None and _is_refused(reading, line):
        return _("Print the refusal for the customer")
    return _("Print the form once more") if reading.state == APPROVED else ""


def _is_refused(reading: Reading, line: LineDetails) -> bool:
    try:
        refusal_of(reading.state, line)
    except Refused:
        return False
    return True


def _sent(number: int, copy: int) -> str:
    form = form_numbers((number,))
    if not copy:
        return _("Form No. {number} is on its way to the printer.").format(number=form)
    return _("Form No. {number} is on its way to the printer, marked as reprint {count}.").format(
        number=form, count=copy
    )


class FormsDialog(TableDialog):
    """The forms of a case, of which one is to be chosen: `wanted(int)` its number, `passed(Scan)` what was scanned."""

    wanted = Signal(int)
    passed = Signal(object)

    def __init__(
        self, rows: Sequence[Row], title: LiveText, said: LiveText, go_on: LiveText, verdict: LiveText | None = None
    ) -> None:
        table = LineTable(lambda: _("Return form"), [lambda: _("Amount")], verdict)
        super().__init__(title, "", 800, table, shown=5)
        self.body.insertWidget(1, Text(said, Role.QUIET, wrap=True))
        table.picked.connect(self._on_picked)
        primary = KeyButton(go_on, "Enter", Kind.PRIMARY)
        self.body.addLayout(buttons(self, primary, lambda: self._on_picked(table.current_key)))
        self.show_rows(rows)

    def opened(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_scan(self, scan: Scan) -> bool:
        """Close, and hand the scan on to where it belongs: the queue goes on."""
        self.close_dialog()
        self.passed.emit(scan)
        return True

    def _on_picked(self, number: object) -> None:
        if isinstance(number, int):
            self.close_dialog()
            self.wanted.emit(number)


class ReprintDialog(FormsDialog):
    """The forms of a case and how their prints went; the one that is chosen prints once more."""

    def __init__(self, forms: tuple[FormPrints, ...]) -> None:
        super().__init__(
            [_row_of(form) for form in forms],
            lambda: _("Print the form once more"),
            lambda: _("What was printed before stays counted; the new paper bears 补打 and its number."),
            lambda: _("Print once more"),
            lambda: _("Print"),
        )


def _row_of(form: FormPrints) -> Row:
    said = {
        JobState.QUEUED: (Meaning.NEUTRAL, _("waits for the printer"), "printer"),
        JobState.SENDING: (Meaning.NEUTRAL, _("is being printed"), "printer"),
        JobState.PRINTED: (Meaning.ALLOWED, _("came out"), ""),
        JobState.FAILED: (Meaning.MISSING, _("did not come out"), ""),
        JobState.UNKNOWN: (Meaning.MISSING, _("look whether it came out"), ""),
    }
    meaning, words, icon = said[form.last]
    count = _n("{count} reprint so far", "{count} reprints so far", form.copies).format(count=form.copies)
    return Row(
        key=form.number,
        name=form_numbers((form.number,)),
        quiet=count if form.copies else _("Not reprinted yet"),
        numbers=(format_fen(form.amount),),
        verdict=RowVerdict(meaning, words, icon),
    )
