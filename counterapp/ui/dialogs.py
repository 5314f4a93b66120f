"""Dialogs that every desk has: the buttons at the foot, one that asks for a reason, one that shows a table.

dialog = ReasonDialog(lambda: _("Why is it not done?"), [item.title], USUAL, lambda: _("Explain it"))
dialog.given.connect(lambda reason: self.requests.command("gift.explain", work(reason), self._on_done, dialog))
self.context.dialogs.open(dialog)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from counterapp.ui import theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.live_text import LiveText, current_text
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import Choices, KeyButton, Kind, LineTable, Option, Role, Row, SentenceLine, Text, TextField
from counterapp.ui.widgets.table import height_of
from counterapp.words import N_, _

_LEAST_ROWS: Final = 2


def buttons(
    dialog: Dialog,
    primary: KeyButton | None = None,
    done: Callable[[], object] | None = None,
    *others: KeyButton,
    close: LiveText = lambda: _("Close"),
    tab: bool = True,
) -> QHBoxLayout:
    """Return the buttons at the foot of a dialog: Esc closes, then `others`, and `primary`, twice as broad, does it.

    Without `primary` the one that closes stands alone at the right. `tab` is False where Tab is to go through the
    fields alone.
    """
    line = QHBoxLayout()
    line.setSpacing(theme.px(12))
    leave = KeyButton(close, "Esc")
    leave.clicked.connect(dialog.close_dialog)
    if not tab:
        for button in filter(None, (leave, *others, primary)):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if primary is None and not others:
        line.addStretch(1)
        line.addWidget(leave)
        return line
    for button in (leave, *others):
        line.addWidget(button, 1)
    if primary is not None:
        if done is not None:
            primary.clicked.connect(lambda _on=False: done())
        line.addWidget(primary, 2)
    return line


class AskingDialog(Dialog):
    """Asks for something; what is wrong with the answer is said in `sentence`, above the buttons.

    It stays open until whoever opened it closes it (`Requests.command` does, once it is carried out): what was typed is
    not lost where it is refused.
    """

    def __init__(self, title: LiveText, turn: LiveText = "", width: int = 760) -> None:
        super().__init__(title, turn, width)
        self.sentence = SentenceLine("")

    def end(self, go_on: LiveText, done: Callable[[], object]) -> None:
        """Put the sentence below what was put into `body`, and the buttons: Enter goes on."""
        self.body.addWidget(self.sentence)
        self.body.addLayout(buttons(self, KeyButton(go_on, "Enter", Kind.PRIMARY), done))

    def refuse(self, sentence: LiveText) -> None:
        """Say why it was not taken; what was typed stays."""
        self.sentence.say(sentence, Meaning.REFUSED)


class ReasonDialog(AskingDialog):
    """Asks for a reason, by one digit of the `usual` ones or in other words. `given(str)`.

    `about` says what it is about, the first of several in bold. `longest` is in characters.
    """

    given = Signal(str)

    def __init__(
        self, title: LiveText, about: Sequence[LiveText], usual: Sequence[LiveText], go_on: LiveText, longest: int = 200
    ) -> None:
        super().__init__(title)
        for place, words in enumerate(about):
            role = Role.STRONG if place == 0 and len(about) > 1 else Role.BODY
            self.body.addWidget(Text(words, role, wrap=True))
        self._usual = usual
        choices = Choices([Option(place, words) for place, words in enumerate(usual)], columns=2)
        choices.chosen.connect(self._on_chosen)
        self.body.addWidget(choices)
        choices.setVisible(bool(usual))
        self._field = TextField(lambda: _("Other words: F4") if usual else _("In a few words"), longest)
        self.body.addWidget(self._field)
        self.end(go_on, self._on_entered)

    def opened(self) -> None:
        # Digits choose while the field has no focus.
        (self if self._usual else self._field).setFocus()

    def press(self, key: str) -> bool:
        if key == "F4":
            self._field.setFocus()
            return True
        return super().press(key)

    def keys(self) -> list[tuple[str, str]]:
        return [*super().keys(), ("F4", _("Other words"))]

    def refuse(self, sentence: LiveText) -> None:
        """Say why it was not taken; the words stay."""
        super().refuse(sentence)
        self._field.setFocus()

    def _on_chosen(self, place: object) -> None:
        self._field.setText(current_text(self._usual[int(str(place))]))
        self._field.setFocus()

    def _on_entered(self) -> None:
        reason = self._field.text().strip()
        if reason:
            self.given.emit(reason)
            return
        usual = self._usual
        self.sentence.say(
            lambda: _("Choose a reason or write one first.") if usual else _("Write a reason first."), Meaning.MISSING
        )
        self._field.setFocus()


class TableDialog(AskingDialog):
    """A table, and what is put below it; the arrows move in it, a low window shows fewer rows at once.

    `shown` rows are seen at once at the most; `empty` is said where there is none. Whoever inherits puts what stands
    below into `body`, the buttons last, and `sentence` where something can be refused. `arrows` is what Up and Down
    choose.
    """

    arrows: str = N_("Another line")

    def __init__(
        self, title: LiveText, turn: LiveText, width: int, table: LineTable, *, shown: int = 7, empty: LiveText = ""
    ) -> None:
        super().__init__(title, turn, width)
        self.table = table
        self._most = self._seen = shown
        self._empty = Text(empty, Role.VERDICT, wrap=True)
        self._says_empty = bool(empty)
        self.body.addWidget(table)
        self.body.addWidget(self._empty)
        self._fit_table()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; the one that was chosen stays so, the first is where it is gone."""
        self.table.show_rows(rows)
        if rows and self.table.current_key is None:
            self.table.choose(rows[0].key)
        self._fit_table()

    def fit(self, room: QSize) -> None:
        """Keep inside a window of this size."""
        super().fit(room)
        context = self.sizeHint().height() - self.table.height()
        left = room.height() - height_of(0) - theme.px(32) - context
        self._seen = max(_LEAST_ROWS, min(self._most, left // (height_of(1) - height_of(0))))
        self._fit_table()

    def opened(self) -> None:
        # The table leaves every key but those of movement and Space; Enter goes to the button that bears it.
        (self.table if self.table.rows else self).setFocus()

    def keys(self) -> list[tuple[str, str]]:
        return [("↑ ↓", _(self.arrows)), *super().keys()]

    def press(self, key: str) -> bool:
        if key in {"Up", "Down"}:
            self.table.step(1 if key == "Down" else -1)
            return True
        return super().press(key)

    def _fit_table(self) -> None:
        rows = len(self.table.rows)
        self.table.setVisible(bool(rows))
        self._empty.setVisible(self._says_empty and not rows)
        self.table.show_at_once(min(rows, self._seen))
