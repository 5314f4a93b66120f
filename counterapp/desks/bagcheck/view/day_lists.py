"""Lists of what is in lockers: the closing record, the morning, and what stays overnight."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from counterapp.desks.bagcheck.rules import WAITING
from counterapp.desks.bagcheck.services.days import Left, SheetDetails
from counterapp.desks.bagcheck.view.texts import nights_words, pieces_words
from counterapp.ui import theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.dialogs import buttons
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
    SentenceLine,
    Text,
    TextField,
)
from counterapp.words import N_, _, _n

#: The height of a list in design pixels: its titles, a row, and how many rows are seen at once.
TITLES: Final = 42
ROW: Final = 64
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


class LeftDialog(Dialog):
    """A list of what is in lockers. `current` is the deposit under the cursor."""

    def __init__(
        self, title: LiveText, turn: LiveText, left: Sequence[Left], zone: dt.tzinfo, verdict: LiveText
    ) -> None:
        super().__init__(title, turn, 940)
        self._zone = zone
        self._left: Sequence[Left] = left
        self.table = LineTable(lambda: _("Locker"), [lambda: _("Deposited"), lambda: _("Stayed")], verdict)
        self._nothing = Text(lambda: _("Nothing is in any locker."), Role.VERDICT)
        self._seen = SHOWN
        self.sentence_line = SentenceLine("")

    def fill(self) -> None:
        """Put list and sentence into the sheet, in this order."""
        self.body.addWidget(self.table)
        self.body.addWidget(self._nothing)
        self.body.addWidget(self.sentence_line)
        self.show_left(self._left)

    def fit(self, room: QSize) -> None:
        """Keep inside a window of this size: a low one sees fewer rows at once."""
        super().fit(room)
        context = self.sizeHint().height() - self.table.height()
        self._seen = max(2, min(SHOWN, (room.height() - theme.px(TITLES + 32) - context) // theme.px(ROW)))
        self._fit_table()

    def _fit_table(self) -> None:
        self.table.setFixedHeight(theme.px(TITLES + ROW * max(1, min(len(self._left), self._seen))))

    @property
    def current(self) -> Left | None:
        """The deposit under the cursor."""
        return next((one for one in self._left if one.deposit_id == self.table.current_key), None)

    @property
    def left(self) -> Sequence[Left]:
        """The deposits in the list."""
        return self._left

    def show_left(self, left: Sequence[Left]) -> None:
        """Show these deposits; the cursor stays where it is."""
        kept = self.table.current_key
        self._left = left
        self.table.show_rows([_row_of(one, self._zone) for one in left])
        here = kept if any(one.deposit_id == kept for one in left) else (left[0].deposit_id if left else None)
        self.table.choose(here)
        self.table.setVisible(bool(left))
        self._nothing.setVisible(not left)
        self._fit_table()

    def opened(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def press(self, key: str) -> bool:
        if key in {"Up", "Down"}:
            self.table.step(1 if key == "Down" else -1)
            return True
        return super().press(key)

    def refuse(self, sentence: LiveText) -> None:
        """Say why something was not done."""
        self.sentence_line.say(sentence, Meaning.REFUSED)


class ClosingDialog(LeftDialog):
    """What is still there, explained one by one, then signed. `explained(Left, str)`, `signed(missing tags)`."""

    explained = Signal(object, str)
    signed = Signal(object)

    def __init__(self, today: Today, zone: dt.tzinfo) -> None:
        super().__init__(
            lambda: _("Closing record"),
            "",
            today.left,
            zone,
            lambda: _("Why it is still there"),
        )
        self.fill()
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
        if hasattr(self, "_sign"):
            for widget in (self._usual, self._other):
                widget.setVisible(bool(left))
            open_ones = self._unexplained()
            self._sign.setEnabled(not open_ones)
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
        return [("↑ ↓", _("Another locker")), ("F4", _("Other words")), *super().keys()]

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
        self.sentence_line.say("")
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
        super().__init__(
            lambda: _("Morning"),
            "",
            [one for one in today.left if one.overnight],
            zone,
            lambda: _("Why it is still there"),
        )
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
            self.body.addLayout(line)
        self._counts = today.expected is not None
        self.fill()
        sign = KeyButton(lambda: _("Sign and print the list"), "Enter", Kind.PRIMARY)
        self.body.addLayout(buttons(self, sign, self._on_entered))

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
        left = [one for one in today.left if one.overnight]
        super().__init__(lambda: _("Overnight deposits"), "", left, zone, lambda: _("Why it is still there"))
        self.fill()
        prints = KeyButton(lambda: _("Print the list"), "F11", icon="printer")
        prints.clicked.connect(self.print_asked)
        sign = KeyButton(lambda: _("Sign the release"), "Enter", Kind.PRIMARY)
        self.body.addLayout(buttons(self, sign, self._on_entered, prints))
        self.table.picked.connect(lambda _key: self._on_entered())

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
        " • ".join(word for word in known if word),
        (f"{since:%m-%d %H:%M}", f"{stayed} !" if left.warns else stayed),
        verdict,
    )


def _numbers(text: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[\s,，、;；]+", text) if part)
