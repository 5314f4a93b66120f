"""The dialog of a lost token: the five steps at the left, the one that is due at the right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from counterapp.core.money import fen_of, format_fen
from counterapp.core.store_settings import BagCheckSettings
from counterapp.desks.bagcheck.models import CUSTOMER_LETTERS
from counterapp.desks.bagcheck.rules import CHARGED, LOST, PAID, STORED, TOLD, Piece
from counterapp.desks.bagcheck.services.collecting import DepositDetails
from counterapp.desks.bagcheck.services.lost_tokens import LosingCustomer
from counterapp.desks.bagcheck.services.privacy import Identity, LossDetails
from counterapp.desks.bagcheck.view.lost_token_steps import Steps, step_words_of
from counterapp.desks.bagcheck.view.photos import show_picture
from counterapp.desks.bagcheck.view.texts import matter_words
from counterapp.hardware.scanner import Scan
from counterapp.ui import theme
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
    dotted,
)
from counterapp.words import _

_WIDTH: Final = 960
_PHOTO: Final = 96


class LostTokenDialog(Dialog):
    """Asks for one step after the other; `show_step` says which is due.

    `reported(Piece, spare)`, `taken_back()`, `told(str)`, `picture_asked()` for a copy of the ID,
    `charged(LosingCustomer)`, `received(receipt, fen)`, `given_out()`; `unmask_asked()` to read who it is.
    """

    reported = Signal(object, str)
    taken_back = Signal()
    told = Signal(str)
    picture_asked = Signal()
    charged = Signal(object)
    received = Signal(str, int)
    given_out = Signal()
    unmask_asked = Signal()

    def __init__(self, settings: BagCheckSettings, zone: dt.tzinfo) -> None:
        super().__init__(lambda: _("Token lost"), "", _WIDTH)
        self._settings, self._zone = settings, zone
        self._deposit: DepositDetails | None = None
        self._loss: LossDetails | None = None
        self._identified = False
        self._picture = b""
        self._spare = ""
        sides = QHBoxLayout()
        sides.setSpacing(theme.px(28))
        self._steps = Steps()
        sides.addWidget(self._steps, 0, Qt.AlignmentFlag.AlignTop)
        self._right = QVBoxLayout()
        self._right.setSpacing(theme.px(12))
        sides.addLayout(self._right, 1)
        self.body.addLayout(sides)
        self._ask = Text("", Role.HEADING, wrap=True)
        self._more = Text("", Role.LABEL, wrap=True)
        self._right.addWidget(self._ask)
        self._right.addWidget(self._more)
        self._pages = {
            STORED: self._make_pieces(),
            LOST: self._make_words(),
            TOLD: self._make_person(),
            CHARGED: self._make_receipt(),
        }
        self._both = self._make_both()
        self._right.addWidget(self._both)
        for page in self._pages.values():
            self._right.addWidget(page)
        self._person_line = self._make_person_line()
        self._right.addWidget(self._person_line)
        self._amount = Text("", Role.AMOUNT)
        self._right.addWidget(self._amount)
        self._right.addStretch(1)
        self._sentence = SentenceLine("")
        self.body.addWidget(self._sentence)
        self._back = KeyButton("", "F8")
        self._back.clicked.connect(self._on_back)
        self._primary = KeyButton("", "Enter", Kind.PRIMARY)
        self.body.addLayout(buttons(self, self._primary, self._on_entered, self._back, close=lambda: _("Later")))

    @property
    def state(self) -> str:
        """The state of the deposit that is shown."""
        return self._deposit.state if self._deposit is not None else ""

    @property
    def sentence(self) -> str:
        """The sentence over the buttons."""
        return self._sentence.text

    def show_step(self, deposit: DepositDetails, loss: LossDetails | None, picture: QImage | None) -> None:
        """Show a deposit and its loss, with the step that is due."""
        moved = self._deposit is None or self._deposit.state != deposit.state
        self._deposit, self._loss = deposit, loss
        if moved:
            self._identified = False
            self._sentence.say("")
        self._show(picture)
        if moved and self.isVisible():
            self.opened()

    def show_identity(self, identity: Identity) -> None:
        """Show who lost the token, unmasked."""
        shown_id = identity.id_number or identity.id_last_four
        self._person_words.say(dotted(identity.name, identity.address, identity.phone, shown_id))

    def take_picture(self, jpeg: bytes) -> None:
        """Take the copy of the ID."""
        self._picture = jpeg
        self._picture_key.say(lambda: _("Copy taken"))

    def refuse(self, sentence: LiveText) -> None:
        """Say why a step was not taken."""
        self._primary.setEnabled(True)
        self._sentence.say(sentence, Meaning.REFUSED)

    def take_scan(self, scan: Scan) -> bool:
        """Take the spare tag that is hung in place of a lost one."""
        if self.state != STORED or self._settings.tokens != "tags" or not scan.text.startswith(CUSTOMER_LETTERS):
            return False
        self._spare = scan.text
        self._sentence.say(lambda: _("Spare tag scanned: it takes the lost one's place."))
        return True

    def opened(self) -> None:
        fields = {LOST: (self._words,), TOLD: self._person_fields, CHARGED: (self._receipt, self._received)}
        wanted = () if self.state == TOLD and self._identified else fields.get(self.state, ())
        empty = next((field for field in wanted if field.isVisible() and not field.text()), None)
        (empty or self).setFocus()

    def press(self, key: str) -> bool:
        if key == "Enter":  # from a field: on to the next that is empty, then the button
            self._on_entered()
            return True
        return super().press(key)

    @property
    def _counters(self) -> bool:
        return self._loss is not None and self._loss.piece == Piece.COUNTER

    @property
    def _due(self) -> int:
        if self.state == TOLD:
            return 5 if self._counters else (3 if self._identified else 2)
        return {STORED: 0, LOST: 1, CHARGED: 4}.get(self.state, 5)

    def _turn_words(self) -> str:
        if self._deposit is None:
            return ""
        locker = _("locker {number}").format(number=self._deposit.locker)
        if self._due == 5:
            return locker
        return _("{locker} • step {step} of 5").format(locker=locker, step=self._due + 1)

    def _show(self, picture: QImage | None) -> None:
        deposit, loss = self._deposit, self._loss
        if deposit is None:
            return
        self.turn.say(self._turn_words)
        self._steps.show_step(self._due, self._counters)
        shown = TOLD if self.state == TOLD and self._due == 2 else (self.state if self.state != TOLD else "")
        for state, page in self._pages.items():
            page.setVisible(state == shown)
        known = self.state in {TOLD, CHARGED, PAID} and loss is not None
        self._both.setVisible(known)
        if known and loss is not None:
            self._said.say(loss.words)
            self._record.say(matter_words(deposit, self._zone))
            show_picture(self._photo, picture, _PHOTO)
        named = loss is not None and bool(loss.name) and self.state in {CHARGED, PAID}
        self._person_line.setVisible(named)
        if named and loss is not None:
            self._person_words.say(dotted(loss.name, loss.address, loss.phone, loss.id_last_four))
        self._amount.setVisible(self.state == CHARGED or (self.state == TOLD and self._due == 3))
        fen = loss.penalty_fen if loss is not None and loss.penalty_fen is not None else self._settings.penalty_fen
        self._amount.say(format_fen(fen))
        self._say_step(deposit, loss)
        self._primary.setEnabled(True)

    def _say_step(self, deposit: DepositDetails, loss: LossDetails | None) -> None:
        ask, more, go_on, back = step_words_of(deposit, loss, self._due, self._settings)
        self._ask.say(ask)
        self._more.say(more)
        self._more.setVisible(bool(more))
        self._primary.say(go_on)
        self._back.setVisible(bool(back))
        self._back.say(back)

    def _on_back(self) -> None:
        if self.state == LOST:
            self.taken_back.emit()
        else:
            self._identified = False
            self._show(None)
            self.opened()

    def _on_entered(self) -> None:
        match self._due:
            case 0:
                self._report()
            case 1:
                if self._filled(self._words):
                    self._send(lambda: self.told.emit(self._words.text().strip()))
            case 2:
                self._identify()
            case 3:
                self._send(lambda: self.charged.emit(self._customer()))
            case 4:
                self._receive()
            case _:
                self._send(self.given_out.emit)

    def _send(self, emit: Callable[[], None]) -> None:
        self._sentence.say("")
        emit()

    def _report(self) -> None:
        piece = self._piece.value
        if not isinstance(piece, Piece):
            self._sentence.say(lambda: _("Say first whose piece is lost: key 1 or 2."), Meaning.MISSING)
            return
        self._send(lambda: self.reported.emit(piece, self._spare))

    def _identify(self) -> None:
        if not self._filled(self._name, self._address, self._shown_id):
            return
        least = 4 if self._settings.id_keeping == "last_four" else 6
        if len("".join(self._shown_id.text().split())) < least:
            self._sentence.say(
                (lambda: _("Type the last four characters of the ID's number."))
                if least == 4
                else (lambda: _("Type the whole number of the ID.")),
                Meaning.MISSING,
            )
            self._shown_id.setFocus()
            return
        if self._settings.id_keeping == "copy" and not self._picture:
            self._sentence.say(lambda: _("Take a picture of the ID first: F3."), Meaning.MISSING)
            return
        self._identified = True
        self._sentence.say("")
        self._show(None)
        self.setFocus()

    def _receive(self) -> None:
        if not self._filled(self._receipt, self._received):
            return
        fen = fen_of(self._received.text())
        if fen is None:
            self._sentence.say(lambda: _("The amount reads like 5.00. Type it again."), Meaning.MISSING)
            self._received.setFocus()
            return
        self._send(lambda: self.received.emit(self._receipt.text().strip(), fen))

    def _customer(self) -> LosingCustomer:
        return LosingCustomer(
            self._name.text(), self._address.text(), self._phone.text(), self._shown_id.text(), self._picture
        )

    def _filled(self, *fields: QLineEdit) -> bool:
        """Tell whether all of them are filled in; otherwise go to the first that is not."""
        empty = next((field for field in fields if not field.text().strip()), None)
        if empty is None:
            return True
        if empty.hasFocus():
            self._sentence.say(lambda: _("This is still missing. Ask the customer, then type it."), Meaning.MISSING)
        empty.setFocus()
        return False

    def _make_pieces(self) -> QWidget:
        self._piece = Choices(
            [
                Option(Piece.CUSTOMER, lambda: _("The customer has lost theirs")),
                Option(Piece.COUNTER, lambda: _("The counter has lost its own")),
            ],
            columns=1,
        )
        return self._piece

    def _make_words(self) -> QWidget:
        self._words = TextField(lambda: _("In the customer's own words"), 400)
        return self._words

    def _make_both(self) -> QWidget:
        place = _Grid(20, Role.SMALL)
        self._said, self._record = Text("", Role.STRONG, wrap=True), Text("", Role.STRONG, wrap=True)
        self._photo = QLabel()
        place.put(lambda: _("The customer says"), self._said, 0, 0)
        place.put(lambda: _("The record"), self._record, 0, 1)
        for column, text in enumerate((self._said, self._record)):
            place.grid.setAlignment(text, Qt.AlignmentFlag.AlignTop)
            place.grid.setColumnStretch(column, 1)
        place.grid.addWidget(self._photo, 2, 1)
        return place

    def _make_person(self) -> QWidget:
        place = _Grid(12, Role.LABEL)
        whole = self._settings.id_keeping != "last_four"
        self._name, self._phone, self._address = TextField("", 40), CodeField("", 20), TextField("", 120)
        self._shown_id = CodeField("", 24 if whole else 4)
        place.put(lambda: _("Name"), self._name, 0, 0)
        place.put(lambda: _("Phone (if given)"), self._phone, 0, 1)
        place.put(lambda: _("Address"), self._address, 2, 0, 2)
        place.put(
            lambda: _("Number of the ID") if whole else _("ID seen: its last four characters"), self._shown_id, 4, 0
        )
        self._person_fields = (self._name, self._address, self._shown_id)
        self._picture_key = KeyButton(lambda: _("Picture of the ID"), "F3")
        self._picture_key.clicked.connect(self.picture_asked)
        if self._settings.id_keeping == "copy":
            place.grid.addWidget(self._picture_key, 5, 1)
        return place

    def _make_receipt(self) -> QWidget:
        place = _Grid(12, Role.LABEL)
        self._receipt, self._received = CodeField("", 32), CodeField("", 12)
        place.put(lambda: _("Number of the official receipt"), self._receipt, 0, 0)
        place.put(lambda: _("Amount on it"), self._received, 0, 1)
        place.grid.setColumnStretch(0, 2)
        place.grid.setColumnStretch(1, 1)
        return place

    def _make_person_line(self) -> QWidget:
        place = QWidget()
        line = QHBoxLayout(place)
        line.setContentsMargins(0, 0, 0, 0)
        self._person_words = Text("", Role.BODY, wrap=True)
        show = KeyButton(lambda: _("Show"), "F10", Kind.QUIET)
        show.clicked.connect(self.unmask_asked)
        line.addWidget(self._person_words, 1)
        line.addWidget(show)
        return place


class _Grid(QWidget):
    """Fields or texts, each below its label; Tab goes through them in the order in which they are put there."""

    def __init__(self, apart: int, role: Role) -> None:
        super().__init__()
        self._role = role
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(theme.px(apart))
        self.grid.setVerticalSpacing(theme.px(4))

    def put(self, label: LiveText, what: QWidget, row: int, column: int, columns: int = 1) -> None:
        self.grid.addWidget(Text(label, self._role), row, column, 1, columns)
        self.grid.addWidget(what, row + 1, column, 1, columns)
