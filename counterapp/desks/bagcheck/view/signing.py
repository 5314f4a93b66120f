"""The second signature at bag check: one sheet for a release, a void, and the day's records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from counterapp.core.actor import Actor, Signer, role_name
from counterapp.core.staff import identify, prove
from counterapp.errors import CounterError, Overtaken
from counterapp.hardware.scanner import Scan
from counterapp.ui.sheet import Sheet
from counterapp.ui.signature import Signature
from counterapp.ui.spoken import Words
from counterapp.ui.view import Around
from counterapp.ui.widgets import Role, Text, WordsField
from counterapp.words import _
from counterapp.work import Counter

_WIDTH: Final = 740

#: (session, actor, signer, reason)
Act = Callable[[Any, Actor, Signer, str], None]


@dataclass(frozen=True, slots=True)
class Matter:
    """What a second person is to sign. `act` names it in the journal.

    `why` asks for a written reason. `back` sends it back instead, always with a reason (`why_back`).
    """

    title: Words
    facts: Sequence[Words]
    sign: Words
    act: str
    carry_out: Act
    why: Words = ""
    give_back: Words = ""
    why_back: Words = ""
    back_act: str = ""
    back: Act | None = None


class SigningSheet(Sheet):
    """A matter before the second person; `signer` is signed in here and needs only the PIN.

    `identified(who)`, `signed(who, pin)` as ui.signature has them.
    """

    identified = Signal(str)
    signed = Signal(str, str)

    def __init__(self, matter: Matter, signer: Signer | None = None) -> None:
        super().__init__(matter.title, lambda: _("Supervisor's turn"), _WIDTH)
        self.matter = matter
        self.gives_back = False
        self._deciding = False
        for place, fact in enumerate(matter.facts):
            self.body.addWidget(Text(fact, Role.STRONG if place == 0 else Role.BODY, wrap=True))
        self._reason = WordsField(lambda: _said(matter.why_back if self.gives_back else matter.why))
        self._reason.textChanged.connect(self._show_ready)
        self.body.addWidget(self._reason)
        self._reason.setVisible(bool(matter.why))
        self._signature = Signature(
            lambda: (
                _("Type your PIN to sign. Somebody else scans their badge first.")
                if signer is not None
                else _("Scan the badge of a supervisor or manager, then type the PIN.")
            ),
            lambda: _("Send back") if self.gives_back else _said(matter.sign),
            matter.give_back,
        )
        if signer is not None:
            self._signature.row.take_badge(signer.number)
            self.greet(signer)
        self._signature.identified.connect(self.identified)
        self._signature.signed.connect(self._on_signed)
        self._signature.returned.connect(self._on_returned)
        self._signature.row.entered.connect(self._on_entered)
        self.body.addWidget(self._signature)
        self._show_ready()

    @property
    def reason(self) -> str:
        """The reason as it was written."""
        return self._reason.text().strip()

    @property
    def sentence(self) -> str:
        """The sentence over the buttons."""
        return self._signature.sentence

    def greet(self, person: Signer | None) -> None:
        """Show who will sign; nobody is named where nobody was found."""
        if person is not None:
            self._signature.greet(person.name, role_name(person.role))

    def refuse(self, sentence: Words) -> None:
        """Say why the signature was not taken; everything stays as it is."""
        self._deciding = False
        self._signature.refuse(sentence)

    def take_scan(self, scan: Scan) -> bool:
        return self._signature.take_scan(scan)

    def opened(self) -> None:
        (self._reason if self._asks_reason and not self.reason else self._signature).setFocus()

    def may_close(self) -> bool:
        return not self._deciding

    def press(self, key: str) -> bool:
        if key == "Esc" and self.gives_back and not self._deciding:
            self._on_returned()
            return True
        return super().press(key)

    @property
    def _asks_reason(self) -> bool:
        return self.gives_back or bool(self.matter.why)

    def _show_ready(self) -> None:
        ready = bool(self.reason) or not self._asks_reason
        self._signature.set_ready(ready, "" if ready else (lambda: _("Write the reason first.")))

    def _on_entered(self) -> None:
        if self._asks_reason and not self.reason:
            self._reason.setFocus()

    def _on_signed(self, who: str, pin: str) -> None:
        self._deciding = True
        self.signed.emit(who, pin)

    def _on_returned(self) -> None:
        self.gives_back = not self.gives_back
        self._reason.setVisible(self._asks_reason)
        self._reason.setPlaceholderText(_said(self.matter.why_back if self.gives_back else self.matter.why))
        self._signature.button.say(lambda: _("Send back") if self.gives_back else _said(self.matter.sign))
        self._show_ready()
        (self._reason if self.gives_back else self._signature).setFocus()


class Signing(QObject):
    """One such sheet at a time. `moved_on()` when what was to be signed has to be read again."""

    moved_on = Signal()

    def __init__(self, around: Around, counter: Counter, parent: QObject) -> None:
        super().__init__(parent)
        self._around = around
        self._counter = counter
        self._sheet: SigningSheet | None = None

    def open(self, matter: Matter, done: Callable[[bool], None], signer: Signer | None = None) -> None:
        """Put a matter before the second person; `done(True)` when it was signed, `done(False)` when sent back."""
        if self._sheet is not None:
            return
        sheet = self._sheet = SigningSheet(matter, signer)
        sheet.closed.connect(self._on_closed)
        sheet.identified.connect(
            lambda who: self._counter.look(sheet, lambda session: identify(session, who), sheet.greet)
        )
        sheet.signed.connect(lambda who, pin: self._on_signed(sheet, who, pin, done))
        # A sheet that is open already (the lost token, the day) stays beneath and comes back.
        self._around.sheets.open(sheet, urgent=True)

    def _on_closed(self) -> None:
        self._sheet = None

    def _on_signed(self, sheet: SigningSheet, who: str, pin: str, done: Callable[[bool], None]) -> None:
        counter = self._counter
        gives_back, reason = sheet.gives_back, sheet.reason
        counter.ask(
            self,
            lambda: prove(counter.database, who, pin, counter.station, counter.clock),
            lambda signer: self._decide(sheet, signer, gives_back, reason, done),
            lambda error: self._on_failed(sheet, error),
        )

    def _decide(
        self, sheet: SigningSheet, signer: Signer, gives_back: bool, reason: str, done: Callable[[bool], None]
    ) -> None:
        matter = sheet.matter
        act, carry_out = (matter.back_act, matter.back) if gives_back else (matter.act, matter.carry_out)
        if carry_out is None:
            return
        work = carry_out

        def signed(_nothing: object) -> None:
            if self._sheet is sheet:
                sheet.close_sheet()
            done(not gives_back)

        try:
            self._counter.command(
                self,
                act,
                lambda session, actor: work(session, actor, signer, reason),
                signed,
                lambda error: self._on_failed(sheet, error),
                second=signer.person_id,
            )
        except CounterError as error:  # the screen was locked meanwhile
            self._on_failed(sheet, error)

    def _on_failed(self, sheet: SigningSheet, error: BaseException) -> None:
        if self._sheet is not sheet:
            self._around.messages.tell(error)
        elif isinstance(error, Overtaken):
            sheet.close_sheet()
            self._around.messages.tell(error)
            self.moved_on.emit()
        elif isinstance(error, CounterError):
            sheet.refuse(lambda: str(error))
        else:
            sheet.refuse(lambda: _("It was not signed. Look at it again before you sign."))
            self._around.messages.tell(error)


def _said(words: Words) -> str:
    return words if isinstance(words, str) else words()
