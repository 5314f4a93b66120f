"""Small sheets of this desk: one line to write, and the alarm of a lost token that has turned up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import Signal

from counterapp.desks.bagcheck.models import CUSTOMER_LETTERS
from counterapp.desks.bagcheck.services.collecting import Alarm
from counterapp.hardware.scanner import Scan
from counterapp.ui.dialog import Dialog
from counterapp.ui.dialogs import buttons
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import (
    Choices,
    CodeField,
    KeyButton,
    Kind,
    Option,
    Role,
    SentenceLine,
    Text,
    TextField,
    VerdictPanel,
)
from counterapp.words import _


class ReasonDialog(Dialog):
    """Asks for a reason, by one key of the usual ones or in other words. `given(str)` once, then it closes."""

    given = Signal(str)

    def __init__(
        self, title: LiveText, sentence: LiveText, usual: Sequence[LiveText], go_on: LiveText, longest: int = 200
    ) -> None:
        super().__init__(title, "", 640)
        self.body.addWidget(Text(sentence, Role.BODY, wrap=True))
        self._choices = Choices([Option(place, words) for place, words in enumerate(usual)], columns=2)
        self._usual = usual
        self._choices.chosen.connect(self._on_chosen)
        self.body.addWidget(self._choices)
        self._field = TextField(lambda: _("Other words"), longest)
        self.body.addWidget(self._field)
        self._sentence = SentenceLine("")
        self.body.addWidget(self._sentence)
        self.body.addLayout(buttons(self, KeyButton(go_on, "Enter", Kind.PRIMARY), self._on_entered))

    def opened(self) -> None:
        self.setFocus()

    def press(self, key: str) -> bool:
        if key == "F4":
            self._field.setFocus()
            return True
        return super().press(key)

    def keys(self) -> list[tuple[str, str]]:
        return [*super().keys(), ("F4", _("Other words"))]

    def _on_chosen(self, place: object) -> None:
        words = self._usual[int(str(place))]
        self._field.setText(words if isinstance(words, str) else words())
        self._field.setFocus()

    def _on_entered(self) -> None:
        reason = self._field.text().strip()
        if not reason:
            self._sentence.say(lambda: _("Choose a reason or write one first."), Meaning.MISSING)
            self._field.setFocus()
            return
        self.close_dialog()
        self.given.emit(reason)


class MissingTagDialog(Dialog):
    """Asks for the number of a tag that is missing without a deposit. `given(number, spare)`: the spare's code, "" for
    whichever there is; it stays open until it is done."""

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
    """Return the sheet that asks why a locker goes out of use."""
    return ReasonDialog(
        lambda: _("Locker {number} out of use").format(number=number),
        lambda: _("No deposit goes into it until it is put back in use."),
        (lambda: _("Lock broken"), lambda: _("Key missing"), lambda: _("Dirty"), lambda: _("Kept for the store")),
        lambda: _("Take out of use"),
    )
