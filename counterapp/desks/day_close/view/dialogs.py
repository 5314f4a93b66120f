"""The sheets of the closing tab: why something is not done, the register, and the stock files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal

from counterapp.desks.day_close.printouts.register_facts import Register
from counterapp.desks.day_close.services.open_items import LONGEST
from counterapp.desks.day_close.services.stock import FileDetails
from counterapp.desks.day_close.view.texts import sums_words, told_of
from counterapp.ui import theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.dialogs import buttons
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import Choices, KeyButton, Kind, LineTable, Option, Role, Row, SentenceLine, Text, TextField
from counterapp.words import N_, _, _n

TITLES: Final = 42
ROW: Final = 64
SHOWN: Final = 7

#: Why something is not done, mostly.
WHY: Final = (
    N_("Comes tomorrow morning"),
    N_("Has gone home, brings it next shift"),
    N_("The department was called, nobody came"),
    N_("The device is out of order, IT knows"),
)
WHY_AGAIN: Final = (
    N_("A form was forgotten"),
    N_("Closed too early"),
    N_("Figures have to be looked into"),
)


class ReasonDialog(Dialog):
    """Asks for a reason, by one digit of the usual ones or in other words. `given(str)` once, then it closes."""

    given = Signal(str)

    def __init__(self, title: LiveText, about: Sequence[LiveText], usual: Sequence[str], go_on: LiveText) -> None:
        super().__init__(title, "", 760)
        for place, words in enumerate(about):
            self.body.addWidget(Text(words, Role.STRONG if place == 0 else Role.BODY, wrap=True))
        self._choices = Choices([Option(words, _late(words)) for words in usual], columns=2)
        self._choices.chosen.connect(self._on_chosen)
        self.body.addWidget(self._choices)
        self._field = TextField(lambda: _("Other words: F4"), LONGEST)
        self.body.addWidget(self._field)
        self._sentence = SentenceLine("")
        self.body.addWidget(self._sentence)
        self.body.addLayout(buttons(self, KeyButton(go_on, "Enter", Kind.PRIMARY), self._on_entered))

    def opened(self) -> None:
        self.setFocus()

    def press(self, key: str) -> bool:
        if key == "F4":
            self._field.setFocus()
            return True
        if key == "Enter":
            self._on_entered()
            return True
        return super().press(key)

    def keys(self) -> list[tuple[str, str]]:
        return [*super().keys(), ("F4", _("Other words"))]

    def _on_chosen(self, words: object) -> None:
        self._field.setText(_(str(words)))
        self._field.setFocus()

    def _on_entered(self) -> None:
        reason = self._field.text().strip()
        if not reason:
            self._sentence.say(lambda: _("Choose a reason or write one first."), Meaning.MISSING)
            self._field.setFocus()
            return
        self.close_dialog()
        self.given.emit(reason)


class TableDialog(Dialog):
    """A table and the keys beneath it; the arrows move in it."""

    def __init__(self, title: LiveText, turn: LiveText, width: int, table: LineTable) -> None:
        super().__init__(title, turn, width)
        self.table = table
        self._high = SHOWN
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addWidget(self.table)

    def fit(self, room: QSize) -> None:
        """Keep inside a window of this size: a low one sees fewer rows at once."""
        super().fit(room)
        context = self.sizeHint().height() - self.table.height()
        self._high = max(2, min(SHOWN, (room.height() - theme.px(TITLES + 32) - context) // theme.px(ROW)))
        self._fit_table()

    def opened(self) -> None:
        self.setFocus()

    def keys(self) -> list[tuple[str, str]]:
        return [("↑ ↓", _("Another line")), *super().keys()]

    def press(self, key: str) -> bool:
        if key in {"Up", "Down"}:
            self.table.step(1 if key == "Down" else -1)
            return True
        return super().press(key)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows, the first one current where none was."""
        self.table.show_rows(rows)
        if rows and self.table.current_key is None:
            self.table.choose(rows[0].key)
        self.table.setVisible(bool(rows))
        self._fit_table()

    def _fit_table(self) -> None:
        self.table.setFixedHeight(theme.px(TITLES + ROW * max(1, min(len(self.table.rows), self._high))))


class RegisterDialog(TableDialog):
    """The register of a day; the whole of the current form stands beneath. `print_asked()`, `save_asked(kind)`."""

    print_asked = Signal()
    save_asked = Signal(str)

    def __init__(self, found: Register, rows: Sequence[Row], title: LiveText) -> None:
        numbers: list[LiveText] = [lambda: _("Time"), lambda: _("Lines"), lambda: _("Amount")]
        table = LineTable(lambda: _("Form"), numbers, lambda: _("What became of it"))
        super().__init__(title, lambda: sums_words(found), 1180, table)
        self._found = found
        self._none = Text(lambda: _("Nothing happened on this day."), Role.VERDICT)
        self.body.addWidget(self._none)
        self._told = Text("", Role.BODY, wrap=True)
        self._told.setMinimumHeight(theme.px(52))
        self._told.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self._told)
        saves = []
        for kind, key in (("pdf", "F5"), ("xlsx", "F6"), ("csv", "F7")):
            save = KeyButton(_saves(kind), key)
            save.clicked.connect(lambda _on=False, kind=kind: self.save_asked.emit(kind))
            saves.append(save)
        prints = KeyButton(lambda: _("Print the register"), "F11", Kind.PRIMARY, icon="printer")
        self.body.addLayout(buttons(self, prints, self.print_asked.emit, *saves))
        self.table.chosen.connect(self._tell)
        self.show_rows(rows)
        self._none.setVisible(not rows)
        self._tell(self.table.current_key)

    def _tell(self, key: object) -> None:
        self._told.say(lambda: told_of(self._found, key))


class StockDialog(TableDialog):
    """The stock files of a day. `save_asked(number)`: write this one out, 0 for what is in no file yet."""

    save_asked = Signal(int)

    def __init__(self, files: Sequence[FileDetails], missing: int, rows: Sequence[Row], title: LiveText) -> None:
        numbers: list[LiveText] = [lambda: _("Lines"), lambda: _("Amount")]
        table = LineTable(lambda: _("Stock file"), numbers, lambda: _("State"))
        super().__init__(title, lambda: _("each returned line once, for the stock system"), 940, table)
        self._files, self._missing = files, missing
        self._said = Text(self._missing_words, Role.STRONG, wrap=True)
        self.body.addWidget(self._said)
        first = not files
        self._make = KeyButton(
            lambda: _("Make a file of them and save it"), "Enter" if first else "F9",
            Kind.PRIMARY if first else Kind.SECONDARY,
        )  # fmt: skip
        self._make.clicked.connect(lambda: self.save_asked.emit(0))
        self._make.setVisible(missing > 0)
        self._save = KeyButton("", "Enter", Kind.PRIMARY)
        self.body.addLayout(buttons(self, self._save, self._on_entered, self._make))
        self.table.chosen.connect(lambda _key: self._save.say(self._save_words))
        self.table.picked.connect(lambda _key: self._on_entered())
        self.show_rows(rows)
        self._save.say(self._save_words)
        self._save.setVisible(bool(files))

    @property
    def _current(self) -> FileDetails | None:
        return next((file for file in self._files if file.number == self.table.current_key), None)

    def _missing_words(self) -> str:
        if self._missing:
            return _n("{count} line is in no file yet", "{count} lines are in no file yet", self._missing).format(
                count=self._missing
            )
        return _("Every returned line is in a file.") if self._files else _("Nothing came back on this day.")

    def _save_words(self) -> str:
        file = self._current
        return _("Save a copy") if file is not None and file.fetched_at is not None else _("Save the file")

    def _on_entered(self) -> None:
        file = self._current
        if file is not None:
            self.save_asked.emit(file.number)


def _late(words: str) -> Callable[[], str]:
    return lambda: _(words)


def _saves(kind: str) -> Callable[[], str]:
    return lambda: _("Save as {kind}").format(kind=kind.upper())
