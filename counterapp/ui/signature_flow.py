"""The second signature on a dialog of its own: what is signed, badge and PIN, and what was signed is carried out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from counterapp.core.actor import Actor, Signer, role_name
from counterapp.errors import CounterError, Overtaken
from counterapp.hardware.scanner import Scan
from counterapp.ui.dialog import Dialog
from counterapp.ui.live_text import LiveText
from counterapp.ui.signature_fields import SignatureFields
from counterapp.ui.view import ViewContext
from counterapp.ui.widgets import Role, Text, TextField
from counterapp.words import _

if TYPE_CHECKING:
    from counterapp.work import StoreClient

_WIDTH: Final = 740

#: (session, actor, signer, words) -> the command's answer
Act = Callable[[Any, Actor, Signer, str], Any]


def supervisors_turn() -> str:
    """Say whose turn it is, where a duty supervisor or a manager signs."""
    return _("Supervisor's turn")


def scan_badge() -> str:
    """Say what a duty supervisor or a manager does first."""
    return _("Scan the badge of a supervisor or manager, then type the PIN.")


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


class SignatureDialog(Dialog):
    """A matter before the second person; `signer` is signed in here and needs only the PIN.

    `identified(who)`, `signed(who, pin)` as ui.signature has them.
    """

    identified = Signal(str)
    signed = Signal(str, str)

    def __init__(self, matter: SignatureRequest, signer: Signer | None = None) -> None:
        super().__init__(matter.title, matter.turn, _WIDTH)
        self.matter = matter
        self.gives_back = False
        self._deciding = False
        for place, fact in enumerate(matter.facts):
            self.body.addWidget(Text(fact, Role.STRONG if place == 0 else Role.BODY, wrap=True))
        self._words = TextField(lambda: _said(matter.why_back if self.gives_back else matter.asks), matter.longest)
        self._words.textChanged.connect(self._show_ready)
        self.body.addWidget(self._words)
        self._words.setVisible(bool(matter.asks))
        self._signature = SignatureFields(
            matter.who
            if signer is None
            else (lambda: _("Type your PIN to sign. Somebody else scans their badge first.")),
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
    def written(self) -> str:
        """What was written into the field."""
        return self._words.text().strip()

    @property
    def sentence(self) -> str:
        """The sentence over the buttons."""
        return self._signature.sentence

    def greet(self, person: Signer | None) -> None:
        """Show who will sign; nobody is named where nobody was found."""
        if person is not None:
            self._signature.greet(person.name, role_name(person.role))

    def refuse(self, sentence: LiveText) -> None:
        """Say why the signature was not taken; everything stays as it is."""
        self._deciding = False
        self._signature.refuse(sentence)

    def take_scan(self, scan: Scan) -> bool:
        return self._signature.take_scan(scan)

    def opened(self) -> None:
        (self._words if self._asks and not self.written else self._signature).setFocus()

    def may_close(self) -> bool:
        return not self._deciding

    def press(self, key: str) -> bool:
        if key == "Esc" and self.gives_back and not self._deciding:
            self._on_returned()
            return True
        return super().press(key)

    @property
    def _asks(self) -> bool:
        return self.gives_back or bool(self.matter.asks)

    def _show_ready(self) -> None:
        ready = bool(self.written) or not self._asks
        self._signature.set_ready(ready, "" if ready else (write_reason if self.gives_back else self.matter.lacks))

    def _on_entered(self) -> None:
        if self._asks and not self.written:
            self._words.setFocus()

    def _on_signed(self, who: str, pin: str) -> None:
        self._deciding = True
        self.signed.emit(who, pin)

    def _on_returned(self) -> None:
        self.gives_back = not self.gives_back
        self._words.setVisible(self._asks)
        self._words.setPlaceholderText(_said(self.matter.why_back if self.gives_back else self.matter.asks))
        self._signature.button.say(lambda: _("Send back") if self.gives_back else _said(self.matter.sign))
        self._show_ready()
        (self._words if self.gives_back else self._signature).setFocus()


class SignatureFlow(QObject):
    """One such sheet at a time; the person is proved first, then what they sign is carried out.

    `moved_on()` when somebody was faster, and what was to be signed has to be read again.
    """

    moved_on = Signal()

    def __init__(self, context: ViewContext, client: StoreClient, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._client = client
        self._dialog: SignatureDialog | None = None

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
        if self._dialog is not None:
            return
        from counterapp.core.staff import identify  # the database loads after the first paint

        dialog = self._dialog = SignatureDialog(matter, signer)
        dialog.closed.connect(self._on_closed)
        dialog.identified.connect(
            lambda who: self._client.read(dialog, lambda session: identify(session, who), dialog.greet)
        )
        dialog.signed.connect(lambda who, pin: self._on_signed(dialog, who, pin, done, returned))
        # A dialog that is open already (the lost token, the day) stays beneath and comes back.
        self._context.dialogs.open(dialog, urgent=True)

    def _on_closed(self) -> None:
        self._dialog = None

    def _on_signed(
        self,
        dialog: SignatureDialog,
        who: str,
        pin: str,
        done: Callable[[Any], None],
        returned: Callable[[], None] | None,
    ) -> None:
        from counterapp.core.staff import prove

        client, matter, words = self._client, dialog.matter, dialog.written
        act, work = (matter.back_act, matter.back) if dialog.gives_back else (matter.act, matter.carry_out)
        if work is None:
            return
        then = (lambda _answer: returned() if returned is not None else None) if dialog.gives_back else done
        client.run_own_transaction(
            self,
            lambda: prove(client.database, who, pin, client.station, client.clock),
            lambda signer: self._carry_out(
                dialog, signer, act, lambda session, actor: work(session, actor, signer, words), then
            ),
            lambda error: self._on_failed(dialog, error),
        )

    def _carry_out(
        self,
        dialog: SignatureDialog,
        signer: Signer,
        act: str,
        work: Callable[[Any, Actor], Any],
        then: Callable[[Any], None],
    ) -> None:
        def signed(answer: Any) -> None:
            if self._dialog is dialog:
                dialog.close_dialog()
            then(answer)

        try:
            self._client.command(
                self, act, work, signed, lambda error: self._on_failed(dialog, error), second=signer.person_id
            )
        except CounterError as error:  # the screen was locked meanwhile
            self._on_failed(dialog, error)

    def _on_failed(self, dialog: SignatureDialog, error: BaseException) -> None:
        if self._dialog is not dialog:
            self._context.messages.tell(error)
        elif isinstance(error, Overtaken):
            dialog.close_dialog()
            self._context.messages.tell(error)
            self.moved_on.emit()
        elif isinstance(error, CounterError):
            dialog.refuse(lambda: str(error))
        else:
            dialog.refuse(lambda: _("It was not signed. Look at it again before you sign."))
            self._context.messages.tell(error)


def _said(words: LiveText) -> str:
    return words if isinstance(words, str) else words()
