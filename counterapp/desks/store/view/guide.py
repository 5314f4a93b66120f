"""What an empty store says: what to do before the counter opens, in its order."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from counterapp.ui import theme
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import Card, Icon, Role, Text, set_look
from counterapp.words import _

_STEPS: Final[tuple[LiveText, ...]] = (
    lambda: _("Add the clerks, and one who approves (F3)"),
    lambda: _("Bring in the till's receipts (F4)"),
    lambda: _("Lock (Ctrl+L), sign in as a clerk and scan a receipt"),
)


class Guide(Card):
    """The steps side by side; those that are done are ticked, the next one stands out."""

    def __init__(self) -> None:
        super().__init__()
        self.body.addWidget(Text(lambda: _("Before the counter opens"), Role.HEADING))
        line = QHBoxLayout()
        line.setSpacing(theme.px(24))
        self._shown: list[tuple[Icon, Text]] = []
        for place, step in enumerate(_STEPS):
            icon, words = Icon("square", "quiet", 26), Text(_numbered(place, step), Role.BODY, wrap=True)
            words.setAlignment(Qt.AlignmentFlag.AlignTop)
            line.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(words, 1)
            self._shown.append((icon, words))
        self.body.addLayout(line)

    def show_done(self, done: tuple[bool, ...]) -> None:
        """Tick what is done; the first that is not is the next one."""
        following = done.index(False) if False in done else len(done)
        for place, (icon, words) in enumerate(self._shown):
            ticked = place < len(done) and done[place]
            icon.show_icon(
                "square-check-big" if ticked else "square", Meaning.ALLOWED if ticked else
                "accent" if place == following else "quiet"
            )  # fmt: skip
            set_look(words, "role", (Role.STRONG if place == following else Role.LABEL).value)


def _numbered(place: int, step: LiveText) -> LiveText:
    return lambda: f"{place + 1}  {step if isinstance(step, str) else step()}"
