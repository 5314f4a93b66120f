"""Small dialogs of this desk: why a locker is closed, a tag that is missing, a lost token that has turned up."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Signal

from counterapp.desks.bagcheck.models import CUSTOMER_LETTERS
from counterapp.desks.bagcheck.services.collecting import Alarm
from counterapp.hardware.scanner import Scan
from counterapp.ui.dialog import Dialog
from counterapp.ui.dialogs import ReasonDialog, buttons
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import CodeField, KeyButton, Kind, Role, SentenceLine, Text, VerdictPanel
from counterapp.words import _


class MissingTagDialog(Dialog):
    """Asks for the number of a tag that is missing without a deposit. `given(number, spare)`: the spare's code, "" for
    whichever there is; it stays open until whoever opened it closes it.
    """

    given = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(lambda: _("A tag is missing"), "", 640)
        self._spare = ""
        self.body.addWidget(
            Text(
                lambda: _(
                    "Its number goes out of use, a spare takes its place, and the lost-token book says so. A tag with"
                    " a deposit is reported at its locker instead: F9."
                ),
                Role.BODY,
                wrap=True,
            )
        )
        self.body.addWidget(Text(lambda: _("Number of the missing tag"), Role.LABEL))
        self._field = CodeField("", 8)
        self.body.addWidget(self._field)
        self._sentence = SentenceLine(lambda: _("Scan the spare that is hung there, or leave it to the program."))
        self.body.addWidget(self._sentence)
        write_off = KeyButton(lambda: _("Out of use, into the book"), "Enter", Kind.PRIMARY)
        self.body.addLayout(buttons(self, write_off, self._on_entered))

    def opened(self) -> None:
        self._field.setFocus()

    def take_scan(self, scan: Scan) -> bool:
        if not scan.text.startswith(CUSTOMER_LETTERS):
            return False
        self._spare = scan.text
        self._sentence.say(lambda: _("The spare is scanned."), Meaning.ALLOWED)
        return True

    def refuse(self, sentence: LiveText) -> None:
        """Say why it was not done."""
        self._spare = ""
        self._sentence.say(sentence, Meaning.REFUSED)
        self._field.setFocus()

    def _on_entered(self) -> None:
        number = self._field.text().strip()
        if number:
            self.given.emit(number, self._spare)
        else:
            self._sentence.say(lambda: _("Type the number of the missing tag first."), Meaning.MISSING)
            self._field.setFocus()


class AlarmDialog(Dialog):
    """A token that was reported lost has turned up. `recorded()`: note it in the book."""

    recorded = Signal()

    def __init__(self, alarm: Alarm, zone: dt.tzinfo) -> None:
        super().__init__(lambda: _("A lost token has turned up"), "", 640)
        at = alarm.reported_at.astimezone(zone)
        panel = VerdictPanel()
        panel.show_verdict(
            Meaning.REFUSED,
            lambda: _("Token {number} was reported lost on {month:02}-{day:02} at {time}").format(
                number=alarm.token, month=at.month, day=at.day, time=f"{at:%H:%M}"
            ),
            lambda: _("It opens nothing. Keep it here, and ask whoever brought it where it was found."),
            "triangle-alert",
        )
        self.body.addWidget(panel)
        self.body.addWidget(
            Text(lambda: _("A penalty that was paid is not given back by the program."), Role.QUIET, wrap=True)
        )
        note = KeyButton(lambda: _("Kept: note it in the book"), "Enter", Kind.PRIMARY)
        self.body.addLayout(buttons(self, note, self._on_recorded))

    def opened(self) -> None:
        self.setFocus()

    def _on_recorded(self) -> None:
        self.close_dialog()
        self.recorded.emit()


def closing_dialog(number: str) -> ReasonDialog:
    """Return the dialog that asks why a locker goes out of use."""
    return ReasonDialog(
        lambda: _("Locker {number} out of use").format(number=number),
        (lambda: _("No deposit goes into it until it is put back in use."),),
        (lambda: _("Lock broken"), lambda: _("Key missing"), lambda: _("Dirty"), lambda: _("Kept for the store")),
        lambda: _("Take out of use"),
    )
