"""The sign-in screen: badge or number, then PIN. It knows nothing of the database."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counterapp import words
from counterapp.hardware.scanner import Scan
from counterapp.ui import shortcuts, theme
from counterapp.ui.live_text import LiveText
from counterapp.ui.signature_fields import SignatureFields
from counterapp.ui.widgets.buttons import KeyButton, Kind
from counterapp.ui.widgets.panels import Card
from counterapp.ui.widgets.progress import ProgressBar
from counterapp.ui.widgets.text import Icon, Role, Text
from counterapp.words import _

#: Each language by its own name, for whoever cannot read the one on the screen.
OTHER_LANGUAGE: Final = {"zh": "English", "en": "中文"}


class SignIn(QWidget):
    """Shown while nobody is signed in. `submitted(who, pin)`; `identified(who)` lets the name be shown early.

    `stop_asked()`: what is shown with `show_work` shall be broken off.
    """

    submitted = Signal(str, str)
    identified = Signal(str)
    language_asked = Signal()
    stop_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("backdrop")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(24), theme.px(24), theme.px(24), theme.px(20))
        column.addStretch(2)
        card = Card(40)
        card.setFixedWidth(theme.px(620))
        card.body.setContentsMargins(theme.px(40), theme.px(36), theme.px(40), theme.px(36))
        card.body.setSpacing(theme.px(10))
        head = QHBoxLayout()
        head.setSpacing(theme.px(14))
        head.addWidget(Icon("store", "accent", 36))
        self._store = Text(lambda: _("Service counter"), Role.SHEET, elide=True)
        head.addWidget(self._store)
        head.addStretch(1)
        self._station = Text("", Role.QUIET)
        head.addWidget(self._station)
        card.body.addLayout(head)
        self._why = Text("", Role.BODY, wrap=True)
        self._why.hide()
        card.body.addWidget(self._why)
        card.body.addSpacing(theme.px(18))
        self.signature = SignatureFields(
            lambda: _("Scan your badge or type your staff number, press Enter, then your PIN."), lambda: _("Sign in")
        )
        self.signature.signed.connect(self.submitted)
        self.signature.identified.connect(self.identified)
        card.body.addWidget(self.signature)
        self._work = _Work()
        self._work.stop.clicked.connect(self.stop_asked)
        self._work.hide()
        card.body.addWidget(self._work)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        foot = QHBoxLayout()
        foot.addStretch(1)
        language = KeyButton(lambda: OTHER_LANGUAGE[words.current()], "F12", Kind.QUIET, icon="languages")
        language.clicked.connect(self.language_asked)
        foot.addWidget(language)
        column.addLayout(foot)
        self.setFocusProxy(self.signature)

    def set_store(self, store: LiveText, station: LiveText) -> None:
        """Show which store and station this is."""
        self._store.say(store)
        self._station.say(station)

    def say_why(self, sentence: LiveText) -> None:
        """Say why it is asked now ("The screen was locked. Everything is as you left it."); "" for no reason."""
        self._why.say(sentence)
        self._why.setVisible(bool(sentence))

    def show_work(self, sentence: LiveText, small: LiveText, share: float | None, *, may_stop: bool) -> None:
        """Show what is done to the store before anybody can sign in, and how far it is (0 to 1, None: not known)."""
        if self.signature.isVisible():
            self.window().setFocus()  # no button gets a key that was meant for the PIN
            self.signature.hide()
        self._work.show_work(sentence, small, share, may_stop)
        self._work.show()

    def end_work(self) -> None:
        """Let people sign in again."""
        self._work.hide()
        self.signature.show()
        self.signature.row.setFocus()

    def take_scan(self, scan: Scan) -> bool:
        """Take a badge."""
        return self.signature.isVisible() and self.signature.take_scan(scan)

    def greet(self, name: str) -> None:
        """Show whose badge or number it is."""
        self.signature.greet(name)

    def wait(self) -> None:
        """Show that number and PIN are being looked at."""
        self.signature.wait()

    def refuse(self, sentence: LiveText) -> None:
        """Say why nobody was let in."""
        self.signature.refuse(sentence)

    def reset(self) -> None:
        """Begin again with nobody."""
        self.signature.reset()
        self.signature.row.setFocus()

    def press(self, key: str) -> bool:
        """Take a key that the focus left over; Esc begins again."""
        if key == "Esc":
            self.reset()
            return True
        return shortcuts.press_in(self, key)


class _Work(QWidget):
    """A sentence, a bar, why it takes its time, and the button that breaks it off."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(14))
        self._sentence = Text("", Role.STRONG, wrap=True)
        self._bar = ProgressBar()
        self._small = Text("", Role.QUIET, wrap=True)
        self.stop = KeyButton(lambda: _("Break off, and leave the store as it is"), "F8")
        for part in (self._sentence, self._bar, self._small, self.stop):
            column.addWidget(part)

    def show_work(self, sentence: LiveText, small: LiveText, share: float | None, may_stop: bool) -> None:
        self._sentence.say(sentence)
        self._small.say(small)
        self._bar.show_share(share)
        self.stop.setVisible(may_stop)
