"""The second signature, for any dialog: badge or number, PIN, a sentence, and the two buttons."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counterapp.core.codes import BADGE_LETTERS, is_code
from counterapp.hardware.scanner import Scan
from counterapp.ui import theme
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets.badge import BadgeRow
from counterapp.ui.widgets.buttons import KeyButton, Kind
from counterapp.ui.widgets.text import SentenceLine
from counterapp.words import _


class SignatureFields(QWidget):
    """Where a second person signs.

    `identified(who)`: look the badge or number up, then `greet` or `refuse`. `signed(who, pin)` on Enter or the button,
    answered with `refuse` or by closing the dialog. `returned()` when they give it back instead.
    """

    identified = Signal(str)
    signed = Signal(str, str)
    returned = Signal()

    def __init__(self, sentence: LiveText, sign: LiveText, give_back: LiveText = "") -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(14))
        self.row = BadgeRow()
        self.row.identified.connect(self._on_identified)
        self.row.entered.connect(self._on_entered)
        self.row.incomplete.connect(self._on_incomplete)
        column.addWidget(self.row)
        self._sentence = SentenceLine(sentence)
        column.addWidget(self._sentence)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(12))
        if give_back:
            back = KeyButton(give_back, "F8")
            back.clicked.connect(self.returned)
            buttons.addWidget(back, 1)
        self.button = KeyButton(sign, "Enter", Kind.PRIMARY)
        self.button.clicked.connect(self._on_clicked)
        buttons.addWidget(self.button, 2)
        column.addLayout(buttons)
        self.setFocusProxy(self.row)
        self._ready = True
        self._why: LiveText = ""

    @property
    def sentence(self) -> str:
        """The sentence shown."""
        return self._sentence.text

    def take_scan(self, scan: Scan) -> bool:
        """Take a badge; anything else is not for here."""
        if not (is_code(scan.text) and scan.text.startswith(BADGE_LETTERS)):
            return False
        self._sentence.say_usual()
        self.row.take_badge(scan.text)
        self.row.setFocus()
        return True

    def greet(self, name: str, role: str = "") -> None:
        """Show who it is that will sign."""
        self.row.greet(f"{name}  {role}".strip())

    def wait(self) -> None:
        """Show that the signature is being looked at; no key is taken meanwhile."""
        self.row.set_busy(True)
        self.button.setEnabled(False)
        self._sentence.say(lambda: _("One moment …"))

    def refuse(self, sentence: LiveText) -> None:
        """Say why it was not taken; the person stays, the PIN is asked again."""
        self.row.ask_pin_again()
        self.button.setEnabled(True)
        self._sentence.say(sentence, Meaning.REFUSED)
        self.row.setFocus()

    def reset(self) -> None:
        """Begin again with nobody."""
        self.row.reset()
        self.button.setEnabled(True)
        self._sentence.say_usual()

    def set_ready(self, ready: bool, why: LiveText = "") -> None:
        """Let it be signed, or say `why` not yet (a tick that is missing)."""
        self._ready, self._why = ready, why
        self._sentence.say_usual()

    def _on_identified(self, who: str) -> None:
        self._sentence.say_usual()
        self.identified.emit(who)

    def _on_entered(self, who: str, pin: str) -> None:
        if not self._ready:
            self._sentence.say(self._why, Meaning.MISSING)
            return
        self.wait()
        self.signed.emit(who, pin)

    def _on_incomplete(self) -> None:
        self._sentence.say(lambda: _("A PIN has 6 to 8 digits. Type all of it, then press Enter."), Meaning.MISSING)

    def _on_clicked(self) -> None:
        self.row.setFocus()
        if self.row.who:
            self.row.enter()
        else:
            self._sentence.say(lambda: _("Scan a badge or type a staff number first."), Meaning.MISSING)
