"""The second signature on a dialog of its own: what is signed, badge and PIN, and what was signed is carried out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from counterapp.core.actor import Actor, Signer, role_name
from counterapp.errors import CounterError, Overtaken
from counterapp.hardware.scanner import Scan
from counterapp.ui.dialog import Dialog
from counterapp.ui.live_text import LiveText, current_text
from counterapp.ui.signature_fields import SignatureFields
from counterapp.ui.view import ViewContext
from counterapp.ui.widgets import Role, Text, TextField
from counterapp.words import N_, _

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from counterapp.work import StoreClient

SIGNING_WIDTH: Final = 740

#: (session, actor, signer, words) -> the command's answer
Act = Callable[[Any, Actor, Signer, str], Any]


def supervisors_turn() -> str:
    """Say whose turn it is, where a duty supervisor or a manager signs."""
    return _("Supervisor's turn")


def scan_badge() -> str:
    """Say what a duty supervisor or a manager does first."""
    return _("Scan the badge of a supervisor or manager, then type the PIN.")


def type_pin() -> str:
    """Say what whoever is signed in already does, where they may sign it themselves."""
    return _("Type your PIN to sign. Somebody else scans their badge first.")


def write_reason() -> str:
    """Say that a reason is missing."""
    return _("Write the reason first.")


@dataclass(frozen=True, slots=True)
class SignatureRequest:
    """What a second person is to sign: its facts, the first one in bold. `act` names it in the journal.

    `asks` is what has to be written first, in at most `longest` characters ("" for nothing), and `lacks` the sentence
    while it is not. `turn` says whose turn it is, and `who` what they do. `give_back` sends it back instead, always
    with a reason (`why_back`).
    """

    title: LiveText
    facts: Sequence[LiveText]
    sign: LiveText
    act: str
    carry_out: Act
    turn: LiveText = supervisors_turn
    who: LiveText = scan_badge
    asks: LiveText = ""
    lacks: LiveText = write_reason
    longest: int = 200
    give_back: LiveText = ""
    why_back: LiveText = ""
    back_act: str = ""
    back: Act | None = None


class SigningDialog(Dialog):
    """What a second person signs: badge or number and PIN, once nothing is lacking. `SignatureFlow.sign` opens it.

    Whoever inherits lays what is signed into `body` and calls `sign_with` at the end. Where it may be sent back, F8
    turns `gives_back` on, and Esc off again. `identified(who)` and `signed(who, pin)` are those of `SignatureFields`;
    `not_signed` is said where it failed for no reason of its own.
    """

    identified = Signal(str)
    signed = Signal(str, str)
    not_signed: str = N_("It was not signed. Look at it again before you sign.")

    def __init__(self, title: LiveText, turn: LiveText) -> None:
        super().__init__(title, turn, SIGNING_WIDTH)
        self.gives_back = self.is_deciding = False

    def sign_with(self, fields: SignatureFields, signer: Signer | None = None) -> None:
        """Let it be signed in `fields`, below everything else; `signer` is signed in here and needs only the PIN."""
        self.signature = fields
        if signer is not None:
            fields.row.take_badge(signer.number)
            self.greet(signer)
        fields.identified.connect(self.identified)
        fields.signed.connect(self._on_signed)
        fields.returned.connect(self._on_returned)
        fields.row.entered.connect(self.go_to_lacking)
        self.body.addWidget(fields)
        self.show_ready()

    def lacking(self) -> tuple[LiveText, QWidget] | None:
        """Return what is still missing before the signature, in words and as the place to go to."""
        return None

    def show_gives_back(self) -> None:
        """Show that it is sent back, or signed after all: the button says so, and what comes first has the focus."""

    def show_ready(self) -> None:
        """Let it be signed, or say what is lacking."""
        lacking = self.lacking()
        self.signature.set_ready(lacking is None, lacking[0] if lacking else "")

    def go_to_lacking(self) -> None:
        """Go to what is missing, on Enter before everything is there."""
        lacking = self.lacking()
        if lacking is not None:
            lacking[1].setFocus()

    @property
    def sentence(self) -> str:
        """The sentence over the buttons."""
        return self.signature.sentence

    def greet(self, person: Signer | None) -> None:
        """Show who will sign; nobody is named where nobody was found."""
        if person is not None:
            self.signature.greet(person.name, role_name(person.role))

    def refuse(self, sentence: LiveText) -> None:
        """Say why the signature was not taken; everything stays as it is."""
        self.is_deciding = False
        self.signature.refuse(sentence)

    def take_scan(self, scan: Scan) -> bool:
        return self.signature.take_scan(scan)

    def may_close(self) -> bool:
        return not self.is_deciding

    def press(self, key: str) -> bool:
        if key == "Esc" and self.gives_back and not self.is_deciding:
            self._on_returned()
            return True
        return super().press(key)

    def _on_returned(self) -> None:
        self.gives_back = not self.gives_back
        self.show_gives_back()

    def _on_signed(self, who: str, pin: str) -> None:
        self.is_deciding = True
        self.signed.emit(who, pin)


class SignatureDialog(SigningDialog):
    """A matter before the second person; `signer` is signed in here and needs only the PIN."""

    def __init__(self, matter: SignatureRequest, signer: Signer | None = None) -> None:
        super().__init__(matter.title, matter.turn)
        self.matter = matter
        for place, fact in enumerate(matter.facts):
            self.body.addWidget(Text(fact, Role.STRONG if place == 0 else Role.BODY, wrap=True))
        self._words = TextField(
            lambda: current_text(matter.why_back if self.gives_back else matter.asks), matter.longest
        )
        self._words.textChanged.connect(self.show_ready)
        self.body.addWidget(self._words)
        self._words.setVisible(bool(matter.asks))
        fields = SignatureFields(matter.who if signer is None else type_pin, self._sign_words, matter.give_back)
        self.sign_with(fields, signer)

    @property
    def written(self) -> str:
        """What was written into the field."""
        return self._words.text().strip()

    def opened(self) -> None:
        (self._words if self._asks and not self.written else self.signature).setFocus()

    def lacking(self) -> tuple[LiveText, QWidget] | None:
        if self.written or not self._asks:
            return None
        return (write_reason if self.gives_back else self.matter.lacks), self._words

    def show_gives_back(self) -> None:
        self._words.setVisible(self._asks)
        self._words.setPlaceholderText(current_text(self.matter.why_back if self.gives_back else self.matter.asks))
        self.signature.button.say(self._sign_words)
        self.show_ready()
        (self._words if self.gives_back else self.signature).setFocus()

    @property
    def _asks(self) -> bool:
        return self.gives_back or bool(self.matter.asks)

    def _sign_words(self) -> str:
        return _("Send back") if self.gives_back else current_text(self.matter.sign)


@dataclass(frozen=True, slots=True)
class Signed:
    """What is carried out once a dialog is signed, as it stood then: a command of the store, and what comes of it.

    `act` names it in the journal; `done` gets the command's answer and who signed.
    """

    act: str
    carry_out: Callable[[Session, Actor, Signer], Any]
    done: Callable[[Any, Signer], None]


class SignatureFlow(QObject):
    """One dialog at a time; the person is proved first, then what they sign is carried out.

    `moved_on()` when somebody was faster, and what was to be signed has to be read again.
    """

    moved_on = Signal()

    def __init__(self, context: ViewContext, client: StoreClient, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._client = client
        self.dialog: SigningDialog | None = None

    def open(
        self,
        matter: SignatureRequest,
        done: Callable[[Any], None],
        signer: Signer | None = None,
        returned: Callable[[], None] | None = None,
    ) -> None:
        """Put a matter before the second person; `done(answer)` when it was signed and carried out, `returned()` when
        it was sent back.
        """
        if self.dialog is not None:
            return
        dialog = SignatureDialog(matter, signer)

        def what() -> Signed:
            words, back = dialog.written, matter.back
            if dialog.gives_back and back is not None:
                return Signed(
                    matter.back_act,
                    lambda session, actor, signer: back(session, actor, signer, words),
                    lambda _answer, _signer: returned() if returned is not None else None,
                )
            return Signed(
                matter.act,
                lambda session, actor, signer: matter.carry_out(session, actor, signer, words),
                lambda answer, _signer: done(answer),
            )

        # A dialog that is open already (the lost token, the day) stays beneath and comes back.
        self.sign(dialog, what, urgent=True)

    def sign(self, dialog: SigningDialog, what: Callable[[], Signed], *, urgent: bool = False) -> None:
        """Open a dialog, unless one is open still, and when it is signed carry out `what` it was signed for."""
        if self.dialog is not None:
            return
        from counterapp.core.staff import identify  # the database loads after the first paint

        self.dialog = dialog
        dialog.closed.connect(self._on_closed)
        dialog.identified.connect(
            lambda who: self._client.read(dialog, lambda session: identify(session, who), dialog.greet)
        )
        dialog.signed.connect(lambda who, pin: self._on_signed(dialog, who, pin, what()))
        self._context.dialogs.open(dialog, urgent=urgent)

    def _on_closed(self) -> None:
        self.dialog = None

    def _on_signed(self, dialog: SigningDialog, who: str, pin: str, what: Signed) -> None:
        from counterapp.core.staff import prove

        client = self._client
        client.run_own_transaction(
            self,
            lambda: prove(client.database, who, pin, client.station, client.clock),
            lambda signer: self._carry_out(dialog, signer, what),
            lambda error: self._on_failed(dialog, error),
        )

    def _carry_out(self, dialog: SigningDialog, signer: Signer, what: Signed) -> None:
        def signed(answer: Any) -> None:
            if self.dialog is dialog:
                dialog.close_dialog()
            what.done(answer, signer)

        try:
            self._client.command(
                self,
                what.act,
                lambda session, actor: what.carry_out(session, actor, signer),
                signed,
                lambda error: self._on_failed(dialog, error),
                second=signer.person_id,
            )
        except CounterError as error:  # the screen was locked meanwhile
            self._on_failed(dialog, error)

    def _on_failed(self, dialog: SigningDialog, error: BaseException) -> None:
        if self.dialog is not dialog:
            self._context.messages.tell(error)
        elif isinstance(error, Overtaken):
            dialog.close_dialog()
            self._context.messages.tell(error)
            self.moved_on.emit()
        elif isinstance(error, CounterError):
            dialog.refuse(lambda: str(error))
        else:
            dialog.refuse(lambda: _(dialog.not_signed))
            self._context.messages.tell(error)
