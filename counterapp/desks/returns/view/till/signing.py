"""The second signature at the till: one sheet for a rest that is paid, an expired form, and a stack counted over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from counterapp.core.actor import Actor, Signer, role_name
from counterapp.core.staff import identify, prove
from counterapp.errors import CounterError
from counterapp.hardware.scanner import Scan
from counterapp.ui.sheet import Sheet
from counterapp.ui.signature import Signature
from counterapp.ui.spoken import Words
from counterapp.ui.view import Around
from counterapp.ui.widgets import KeyButton, Role, Text, WordsField
from counterapp.words import _
from counterapp.work import Counter

_WIDTH: Final = 740


@dataclass(frozen=True, slots=True)
class Matter:
    """What a second person signs: its facts, the first one in bold, whose turn it is, and the act in the journal.

    `carry_out(session, actor, signer, words)` does it; `asks` is what has to be written first, "" for nothing, and
    `lacks` the sentence while it is not.
    """

    title: Words
    facts: Sequence[Words]
    turn: Words
    who: Words
    sign: Words
    act: str
    carry_out: Callable[[Any, Actor, Signer, str], Any]
    asks: Words = ""
    lacks: Words = ""


class SigningSheet(Sheet):
    """A matter before the second person. `identified(who)`, `signed(who, pin)` as ui.signature has them."""

    identified = Signal(str)
    signed = Signal(str, str)

    def __init__(self, matter: Matter) -> None:
        super().__init__(matter.title, matter.turn, _WIDTH)
        self.matter = matter
        self._deciding = False
        for place, fact in enumerate(matter.facts):
            self.body.addWidget(Text(fact, Role.STRONG if place == 0 else Role.BODY, wrap=True))
        self._words = WordsField(matter.asks, 40)
        self._words.textChanged.connect(self._show_ready)
        self.body.addWidget(self._words)
        self._words.setVisible(bool(matter.asks))
        self._signature = Signature(matter.who, matter.sign)
        self._signature.identified.connect(self.identified)
        self._signature.signed.connect(self._on_signed)
        self.body.addWidget(self._signature)
        leave = KeyButton(lambda: _("Not now"), "Esc")
        leave.clicked.connect(self._on_left)
        self.body.addWidget(leave)
        self._show_ready()

    @property
    def written(self) -> str:
        """What was written into the field."""
        return self._words.text().strip()

    @property
    def sentence(self) -> str:
        """The sentence over the button."""
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
        (self._words if self.matter.asks and not self.written else self._signature).setFocus()

    def may_close(self) -> bool:
        return not self._deciding

    def _show_ready(self) -> None:
        ready = bool(self.written) or not self.matter.asks
        self._signature.set_ready(ready, "" if ready else self.matter.lacks)

    def _on_signed(self, who: str, pin: str) -> None:
        self._deciding = True
        self.signed.emit(who, pin)

    def _on_left(self) -> None:
        if self.may_close():
            self.close_sheet()


class Signing(QObject):
    """One such sheet at a time; the person is proved first, then what they sign is carried out."""

    def __init__(self, around: Around, counter: Counter, parent: QObject) -> None:
        super().__init__(parent)
        self._around, self._counter = around, counter
        self._sheet: SigningSheet | None = None

    def open(self, matter: Matter, done: Callable[[Any], None]) -> None:
        """Put a matter before the second person; `done(answer)` when it was signed and carried out."""
        if self._sheet is not None:
            return
        sheet = self._sheet = SigningSheet(matter)
        sheet.closed.connect(self._on_closed)
        sheet.identified.connect(
            lambda who: self._counter.look(sheet, lambda session: identify(session, who), sheet.greet)
        )
        sheet.signed.connect(lambda who, pin: self._on_signed(sheet, who, pin, done))
        self._around.sheets.open(sheet)

    def _on_closed(self) -> None:
        self._sheet = None

    def _on_signed(self, sheet: SigningSheet, who: str, pin: str, done: Callable[[Any], None]) -> None:
        counter, words = self._counter, sheet.written
        counter.ask(
            self,
            lambda: prove(counter.database, who, pin, counter.station, counter.clock),
            lambda signer: self._carry_out(sheet, signer, words, done),
            lambda error: self._on_failed(sheet, error),
        )

    def _carry_out(self, sheet: SigningSheet, signer: Signer, words: str, done: Callable[[Any], None]) -> None:
        matter = sheet.matter

        def signed(answer: Any) -> None:
            if self._sheet is sheet:
                sheet.close_sheet()
            done(answer)

        try:
            self._counter.command(
                self,
                matter.act,
                lambda session, actor: matter.carry_out(session, actor, signer, words),
                signed,
                lambda error: self._on_failed(sheet, error),
                second=signer.person_id,
            )
        except CounterError as error:  # the screen was locked meanwhile
            self._on_failed(sheet, error)

    def _on_failed(self, sheet: SigningSheet, error: BaseException) -> None:
        if self._sheet is not sheet:
            self._around.messages.tell(error)
        elif isinstance(error, CounterError):
            sheet.refuse(lambda: str(error))
        else:
            sheet.refuse(lambda: _("It was not signed. Look at it again before you sign."))
            self._around.messages.tell(error)
