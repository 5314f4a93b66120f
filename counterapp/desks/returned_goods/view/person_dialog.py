"""The one dialog of the tab: who signs, by one key of the last names, and what they found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from counterapp.desks.returned_goods.services.notices import LONGEST_NAME
from counterapp.ui import theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.dialogs import buttons
from counterapp.ui.live_text import LiveText, current_text
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import Choices, KeyButton, Kind, Option, Role, SentenceLine, Text, TextField
from counterapp.words import _

#: How many of the last names have a key.
_NAMES: Final = 4


@dataclass(frozen=True, slots=True)
class RemarkSpec:
    """What is told besides the name: its label, the usual words, whether something has to be said, and how much may."""

    label: LiveText
    usual: Sequence[LiveText]
    needed: bool
    longest: int


class PersonDialog(Dialog):
    """Asks who signs, with the last names by one key each. `given(name, words)`; whoever opened it closes it."""

    given = Signal(str, str)

    def __init__(
        self,
        title: LiveText,
        facts: Sequence[str],
        who: LiveText,
        names: Sequence[str],
        go_on: LiveText,
        told: RemarkSpec | None = None,
    ) -> None:
        super().__init__(title, "", 720)
        self.body.addWidget(Text(facts[0], Role.HEADING, wrap=True))
        if len(facts) > 1:
            self.body.addWidget(Text("\n".join(facts[1:]), Role.LABEL, wrap=True))
        self._told, self._names = told, tuple(names[:_NAMES])
        self._field = TextField(lambda: _("Name: F3"), LONGEST_NAME)
        self._words = TextField(lambda: _("Something else: F4"), told.longest if told else 1)
        first = 1
        if told is not None:
            usual = Choices([Option(place, words) for place, words in enumerate(told.usual)], columns=2)
            usual.chosen.connect(self._on_usual)
            if told.usual:
                self.body.addWidget(usual)
            self.body.addLayout(_labelled(told.label, self._words))
            first += len(told.usual)
        self._who = Choices(
            [Option(name, name, str(first + place)) for place, name in enumerate(self._names)], columns=4
        )
        self._who.chosen.connect(lambda name: self._field.setText(str(name)))
        if self._names:
            self.body.addWidget(self._who)
        self._field.setText(self._names[0] if self._names else "")
        self._who.choose(self._field.text() or None)
        self._field.textEdited.connect(lambda text: self._who.choose(text.strip()))
        self.body.addLayout(_labelled(who, self._field))
        self._sentence = SentenceLine("")
        self.body.addWidget(self._sentence)
        self.body.addLayout(buttons(self, KeyButton(go_on, "Enter", Kind.PRIMARY), self._on_entered))

    def opened(self) -> None:
        # Digits choose while no field has the focus; where there is nothing to choose, the name is typed at once.
        chooses = self._names or (self._told is not None and self._told.usual)
        self.setFocus() if chooses else self._field.setFocus()

    def press(self, key: str) -> bool:
        if key == "F3":
            self._field.setFocus()
            self._field.selectAll()
            return True
        if key == "F4" and self._told is not None:
            self._words.setFocus()
            return True
        return super().press(key)

    def keys(self) -> list[tuple[str, str]]:
        words = [("F4", _("Other words"))] if self._told is not None else []
        return [*super().keys(), ("F3", _("Another name")), *words]

    def refuse(self, sentence: LiveText) -> None:
        """Say why it was not taken."""
        self._sentence.say(sentence, Meaning.REFUSED)

    def _on_usual(self, place: object) -> None:
        if self._told is not None:
            self._words.setText(current_text(self._told.usual[int(str(place))]))
        if not self._field.text().strip():
            self._field.setFocus()

    def _on_entered(self) -> None:
        name, words = self._field.text().strip(), self._words.text().strip()
        if self._told is not None and self._told.needed and not words:
            self._sentence.say(lambda: _("Say in a few words what was found on the shelf."), Meaning.MISSING)
            self._words.setFocus()
            return
        if not name:
            self._sentence.say(lambda: _("Write the name of whoever signs."), Meaning.MISSING)
            self._field.setFocus()
            return
        self.given.emit(name, words)


def _labelled(label: LiveText, field: TextField) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(theme.px(12))
    line.addWidget(Text(label, Role.LABEL))
    line.addWidget(field, 1)
    return line
