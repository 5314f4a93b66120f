"""The dialogs of the closing tab: the register and the stock files, and what is mostly the reason for something."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal

from counterapp.desks.day_close.printouts.register_facts import Register
from counterapp.desks.day_close.services.stock import FileDetails
from counterapp.desks.day_close.view.texts import sums_words, told_of
from counterapp.ui import theme
from counterapp.ui.dialogs import TableDialog, buttons
from counterapp.ui.live_text import LiveText
from counterapp.ui.widgets import KeyButton, Kind, LineTable, Role, Row, Text
from counterapp.words import _, _n

#: Why something is not done, mostly.
WHY: Final[tuple[LiveText, ...]] = (
    lambda: _("Comes tomorrow morning"),
    lambda: _("Has gone home, brings it next shift"),
    lambda: _("The department was called, nobody came"),
    lambda: _("The device is out of order, IT knows"),
)
WHY_AGAIN: Final[tuple[LiveText, ...]] = (
    lambda: _("A form was forgotten"),
    lambda: _("Closed too early"),
    lambda: _("Figures have to be looked into"),
)


class RegisterDialog(TableDialog):
    """The register of a day; the whole of the current form stands beneath. `print_asked()`, `save_asked(kind)`."""

    print_asked = Signal()
    save_asked = Signal(str)

    def __init__(self, found: Register, rows: Sequence[Row], title: LiveText) -> None:
        numbers: list[LiveText] = [lambda: _("Time"), lambda: _("Lines"), lambda: _("Amount")]
        table = LineTable(lambda: _("Form"), numbers, lambda: _("What became of it"))
        empty = lambda: _("Nothing happened on this day.")  # noqa: E731 - said again when the language changes
        super().__init__(title, lambda: sums_words(found), 1180, table, empty=empty)
        self._found = found
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


def _saves(kind: str) -> Callable[[], str]:
    return lambda: _("Save as {kind}").format(kind=kind.upper())
