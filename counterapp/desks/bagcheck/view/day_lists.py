"""Lists of what is in lockers: the closing record, the morning, and what stays overnight."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from counterapp.desks.bagcheck.rules import WAITING
from counterapp.desks.bagcheck.services.days import Left, SheetDetails
from counterapp.desks.bagcheck.view.texts import nights_words, pieces_words
from counterapp.ui import theme
from counterapp.ui.dialogs import TableDialog, buttons
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import (
    Choices,
    CodeField,
    KeyButton,
    Kind,
    LineTable,
    Option,
    Role,
    Row,
    RowVerdict,
    Text,
    TextField,
    dotted,
)
from counterapp.words import N_, _, _n

#: How many rows of a list are seen at once.
SHOWN: Final = 6
USUAL: Final = (
    N_("Customer called, comes tomorrow"),
    N_("Customer did not come back"),
    N_("Customer cannot be reached"),
    N_("Store staff's own things"),
)


@dataclass(frozen=True, slots=True)
class Today:
    """The day as it was read: what is in lockers, the sheets signed today, tags that have to be in hand (None where
    tokens are printed), and earlier sheets with tags too few that no manager has signed yet."""

    left: tuple[Left, ...]
    sheets: tuple[SheetDetails, ...]
    expected: int | None
    short: tuple[SheetDetails, ...]

    def sheet(self, kind: str) -> SheetDetails | None:
        """Return today's sheet of a kind, None while it is not signed."""
        return next((sheet for sheet in self.sheets if sheet.kind == kind), None)


class LeftDialog(TableDialog):
    """A list of what is in lockers, `overnight` of what is there since an earlier day; `current` is the chosen one."""

    arrows = N_("Another locker")
    overnight = True

    def __init__(self, title: LiveText, zone: dt.tzinfo) -> None:
        numbers = [lambda: _("Deposited"), lambda: _("Stayed")]
        table = LineTable(lambda: _("Locker"), numbers, lambda: _("Why it is still there"))
        super().__init__(title, "", 940, table, shown=SHOWN, empty=lambda: _("Nothing is in any locker."))
        self._zone = zone
        self.left: Sequence[Left] = ()
        self.body.addWidget(self.sentence)

    @property
    def current(self) -> Left | None:
        """The deposit under the cursor."""
        return next((one for one in self.left if one.deposit_id == self.table.current_key), None)

    def show_left(self, left: Sequence[Left]) -> None:
        """Show what is in lockers; the cursor stays where it is."""
        self.left = [one for one in left if one.overnight or not self.overnight]
        self.show_rows([_row_of(one, self._zone) for one in self.left])


class ClosingDialog(LeftDialog):
    """What is still there, explained one by one, then signed. `explained(Left, str)`, `signed(missing tags)`."""

    explained = Signal(object, str)
    signed = Signal(object)
    overnight = False

    def __init__(self, today: Today, zone: dt.tzinfo) -> None:
        super().__init__(lambda: _("Closing record"), zone)
        self._usual = Choices([Option(words, partial(_, words)) for words in USUAL], columns=2)
        self._usual.chosen.connect(self._on_usual)
        self._other = TextField(lambda: _("Other words: F4, then Enter"), 200)
        self._missing = CodeField(lambda: _("Tags that did not come back, by their numbers"), 200)
        for widget in (self._usual, self._other, self._missing):
            self.body.addWidget(widget)
        self._missing.setVisible(today.expected is not None)
        self._sign = KeyButton(lambda: _("Sign and print the record"), "Enter", Kind.PRIMARY)
        self.body.addLayout(buttons(self, self._sign, self._on_entered))
        self.show_left(today.left)

    def show_left(self, left: Sequence[Left]) -> None:
        super().show_left(left)
        for widget in (self._usual, self._other):
            widget.setVisible(bool(left))
        self._sign.setEnabled(not self._unexplained())
        self.turn.say(self._turn_words)

    def press(self, key: str) -> bool:
        if key == "F4" and self._other.isVisible():
            self._other.setFocus()
            return True
        if key == "Enter":
            self._on_entered()
            return True
        if key == "Esc" and self._other.hasFocus():
            self._other.clear()
            self.table.setFocus()
            return True
        return super().press(key)

    def keys(self) -> list[tuple[str, str]]:
        return [*super().keys(), ("F4", _("Other words"))]

    def _unexplained(self) -> list[Left]:
        return [one for one in self.left if not one.explanation]

    def _turn_words(self) -> str:
        count = len(self._unexplained())
        if count:
            return _n("{count} locker to explain", "{count} lockers to explain", count).format(count=count)
        return _("Everything is explained")

    def _on_usual(self, words: object) -> None:
        self._usual.choose(None)
        self._explain(_(str(words)))

    def _on_entered(self) -> None:
        written = self._other.text().strip()
        if written and self._other.hasFocus():
            self._other.clear()
            self._explain(written)
            self.table.setFocus()
            return
        silent = self._unexplained()
        if silent:
            self.table.choose(silent[0].deposit_id)
            number = silent[0].locker
            self.refuse(lambda: _("Say first why locker {number} is still in use.").format(number=number))
            self.table.setFocus()
            return
        self.signed.emit(_numbers(self._missing.text()))

    def _explain(self, words: str) -> None:
        now = self.current
        if now is None:
            return
        self.sentence.say("")
        after = [one for one in self._unexplained() if one.deposit_id != now.deposit_id]
        self.explained.emit(now, words)
        if after:
            place = [one.deposit_id for one in self.left]
            here = place.index(now.deposit_id)
            self.table.choose(min(after, key=lambda one: (place.index(one.deposit_id) - here) % len(place)).deposit_id)


class MorningDialog(LeftDialog):
    """The opening list: tags are counted, or what is in lockers overnight is signed. `signed(count, missing)`."""

    signed = Signal(object, object)

    def __init__(self, today: Today, zone: dt.tzinfo) -> None:
        super().__init__(lambda: _("Morning"), zone)
        self._count, self._missing = CodeField("", 5), CodeField("", 200)
        if today.expected is not None:
            expected = today.expected
            line = QHBoxLayout()
            line.setSpacing(theme.px(12))
            line.addWidget(Text(lambda: _("Tags in hand"), Role.LABEL))
            self._count.setFixedWidth(theme.px(110))
            line.addWidget(self._count)
            line.addWidget(Text(lambda: _("there should be {count}").format(count=expected), Role.LABEL))
            line.addWidget(Text(lambda: _("missing numbers"), Role.LABEL))
            line.addWidget(self._missing, 1)
            self.body.insertLayout(1, line)  # between the title and the list
        self._counts = today.expected is not None
        sign = KeyButton(lambda: _("Sign and print the list"), "Enter", Kind.PRIMARY)
        self.body.addLayout(buttons(self, sign, self._on_entered))
        self.show_left(today.left)

    def opened(self) -> None:
        (self._count if self._counts else self).setFocus()

    def _on_entered(self) -> None:
        if not self._counts:
            self.signed.emit(None, ())
            return
        text = self._count.text().strip()
        if not text.isdecimal():
            self.refuse(lambda: _("Count the tags in hand and type the number."))
            self._count.setFocus()
            return
        self.signed.emit(int(text), _numbers(self._missing.text()))


class OvernightDialog(LeftDialog):
    """What has stayed overnight. `release_asked(int)` for the deposit that waits for a signature; `print_asked()`."""

    release_asked = Signal(int)
    print_asked = Signal()

    def __init__(self, today: Today, zone: dt.tzinfo) -> None:
        super().__init__(lambda: _("Overnight deposits"), zone)
        prints = KeyButton(lambda: _("Print the list"), "F11", icon="printer")
        prints.clicked.connect(self.print_asked)
        sign = KeyButton(lambda: _("Sign the release"), "Enter", Kind.PRIMARY)
        self.body.addLayout(buttons(self, sign, self._on_entered, prints))
        self.table.picked.connect(lambda _key: self._on_entered())
        self.show_left(today.left)

    def _on_entered(self) -> None:
        now = self.current
        if now is None:
            return
        if now.state != WAITING:
            self.refuse(lambda: _("Nobody has asked for this one. The clerk scans its token first, then you sign."))
            return
        self.close_dialog()
        self.release_asked.emit(now.deposit_id)


def _row_of(left: Left, zone: dt.tzinfo) -> Row:
    since = left.since.astimezone(zone)
    known = [pieces_words(left.pieces) if left.pieces else "", left.description, left.place]
    if left.explanation:
        verdict = RowVerdict(Meaning.ALLOWED, left.explanation)
    else:
        verdict = RowVerdict(Meaning.MISSING, _("to explain"))
    stayed = nights_words(left.nights) if left.nights else _("today")
    return Row(
        left.deposit_id,
        _("Locker {number}").format(number=left.locker),
        dotted(*known),
        (f"{since:%m-%d %H:%M}", f"{stayed} !" if left.warns else stayed),
        verdict,
    )


def _numbers(text: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[\s,，、;；]+", text) if part)
