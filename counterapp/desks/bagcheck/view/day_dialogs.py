"""The menu of the day's lists, and the lost tokens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from counterapp.desks.bagcheck.services.days import CLOSING, MORNING, SheetDetails
from counterapp.desks.bagcheck.view.day_lists import SHOWN, Today
from counterapp.desks.bagcheck.view.texts import day_words, sheet_title, step_words, sums_words
from counterapp.ui import theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.dialogs import TableDialog, buttons
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import (
    Chip,
    KeyButton,
    Kind,
    LineTable,
    Role,
    Row,
    RowVerdict,
    Text,
    dotted,
)
from counterapp.words import _, _n

#: What the menu of the day offers.
OVERNIGHT: Final = "overnight"
BOOK: Final = "book"
FIGURES: Final = "figures"


class DayDialog(Dialog):
    """What can be done of the day's lists, by one digit. `chosen(str)` one of the constants; `countersign(sheet)`."""

    chosen = Signal(str)
    countersign = Signal(object)

    def __init__(self, today: Today) -> None:
        super().__init__(lambda: _("Today at bag check"), "", 720)
        for place, (what, words, said) in enumerate(_offers(today), start=1):
            line = QHBoxLayout()
            line.setSpacing(theme.px(14))
            button = KeyButton(words, str(place))
            button.setFixedWidth(theme.px(280))
            button.clicked.connect(lambda _on=False, what=what: self._on_chosen(what))
            line.addWidget(button)
            line.addWidget(Text(said, Role.LABEL, wrap=True), 1)
            self.body.addLayout(line)
        for sheet in (*today.sheets, *(one for one in today.short if one not in today.sheets)):
            if not sheet.countersigned_by:
                self.body.addWidget(self._make_unsigned(sheet))
        self.body.addLayout(buttons(self))

    def opened(self) -> None:
        self.setFocus()

    def _make_unsigned(self, sheet: SheetDetails) -> QWidget:
        place = QWidget()
        line = QHBoxLayout(place)
        line.setContentsMargins(0, 0, 0, 0)
        key = "F7" if sheet.kind == MORNING else "F8"
        button = KeyButton(lambda: _("Countersign: {sheet}").format(sheet=sheet_title(sheet)), key, icon="stamp")
        button.clicked.connect(lambda: self.countersign.emit(sheet))
        line.addWidget(button)
        if sheet.missing:
            short = _n("{count} tag missing", "{count} tags missing", sheet.missing).format(count=sheet.missing)
            line.addWidget(Chip(Meaning.REFUSED, short, "triangle-alert"))
        line.addStretch(1)
        return place

    def _on_chosen(self, what: str) -> None:
        self.close_dialog()
        self.chosen.emit(what)


@dataclass(frozen=True, slots=True)
class BookRow:
    """A line of the lost tokens: `deposit_id` where it is still open, `number` 0 before it is in the book."""

    deposit_id: int | None
    number: int
    token: str
    day: dt.date
    said: str
    meaning: Meaning


class BookDialog(TableDialog):
    """The lost tokens, the open ones first. `taken_up(int)`: go on with the deposit of this id; `print_asked()`.

    `missing_asked()`, where the store has plastic tags: one is missing that has no deposit.
    """

    taken_up = Signal(int)
    print_asked = Signal()
    missing_asked = Signal()

    def __init__(self, rows: Sequence[BookRow], tags: bool) -> None:
        table = LineTable(lambda: _("Token"), [lambda: _("Day"), lambda: _("No.")], lambda: _("Where it stands"))
        turn, empty = lambda: _("open ones first, then this month's"), lambda: _("No token was lost this month.")
        super().__init__(lambda: _("Lost tokens"), turn, 860, table, shown=SHOWN, empty=empty)
        self._rows = rows
        self.show_rows(
            [
                Row(
                    place,
                    _("Token {number}").format(number=row.token),
                    numbers=(day_words(row.day), str(row.number) if row.number else ""),
                    verdict=RowVerdict(row.meaning, row.said),
                )
                for place, row in enumerate(rows)
            ]
        )
        table.picked.connect(lambda _key: self._on_entered())
        self.body.addWidget(self.sentence)
        prints = KeyButton(lambda: _("Print this month"), "F11", icon="printer")
        prints.clicked.connect(self.print_asked)
        go_on = KeyButton(lambda: _("Go on with it"), "Enter", Kind.PRIMARY)
        go_on.setEnabled(any(row.deposit_id is not None for row in rows))
        others = [prints]
        if tags:
            others.append(KeyButton(lambda: _("A tag is missing"), "F9"))
            others[-1].clicked.connect(self.missing_asked)
        self.body.addLayout(buttons(self, go_on, self._on_entered, *others))

    def _on_entered(self) -> None:
        place = self.table.current_key
        row = self._rows[place] if isinstance(place, int) else None
        if row is not None and row.deposit_id is not None:
            self.close_dialog()
            self.taken_up.emit(row.deposit_id)


def open_row(deposit_id: int, token: str, day: dt.date, state: str) -> BookRow:
    """Return the line of a loss that is still open."""
    return BookRow(deposit_id, 0, token, day, step_words(state), Meaning.MISSING)


def _offers(today: Today) -> list[tuple[str, LiveText, LiveText]]:
    open_ones = sum(not one.explanation for one in today.left)
    nights = [one for one in today.left if one.overnight]
    warned = sum(one.warns for one in nights)

    def overnight() -> str:
        said = _n("{count} deposit", "{count} deposits", len(nights)).format(count=len(nights))
        return dotted(said, _("{count} too long").format(count=warned)) if warned else said

    def closing() -> str:
        signed = today.sheet(CLOSING)
        if signed is not None:
            return sums_words(signed)
        return _("{left} in lockers, {open} to explain").format(left=len(today.left), open=open_ones)

    def morning() -> str:
        signed = today.sheet(MORNING)
        if signed is not None:
            return _("Signed by {name}").format(name=signed.signed_by)
        return _("Not signed yet")

    return [
        (CLOSING, lambda: _("Closing record"), closing),
        (MORNING, lambda: _("Morning"), morning),
        (OVERNIGHT, lambda: _("Overnight deposits"), overnight),
        (BOOK, lambda: _("Lost tokens"), lambda: _("Open ones, and the book")),
        (FIGURES, lambda: _("Occupancy and busy hours"), lambda: _("Today, and by weekday")),
    ]
