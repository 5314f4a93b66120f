"""The usual screen of a desk: a list at the left, the one that is chosen at the right, its next steps on keys.

A desk inherits from `ListDetailView` and says four things:

    class GiftsView(ListDetailView[GiftRow]):
        title, hint, icon = N_("Gifts"), N_("Choose a gift"), "gift"

        def __init__(self, context: ViewContext, client: StoreClient) -> None:
            empty = EmptyState("circle-check", lambda: _("No gift is open"))
            records = RecordList(lambda: _("Gift"), [lambda: _("Since")], lambda: _("State"), empty)
            super().__init__(context, client, records, lambda session, _actor: services.open_ones(session))

        def key_of(self, one: GiftRow) -> Hashable: ...
        def row_of(self, one: GiftRow) -> Row: ...
        def is_late(self, one: GiftRow) -> bool: ...
        def show_details(self, one: GiftRow | None) -> None:
            self.details.show_record(title, facts, text, (Key("Enter", words, self._give, primary=True),))

Where the right side is something of the desk's own, inherit from `ListView` and give it as `right`. Where more is read
than the list, or it comes from elsewhere, leave `poll` out and call `show_found`; `column` and `left` take what stands
above and below.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from counterapp.core.actor import Actor
from counterapp.ui import shortcuts as keyboard
from counterapp.ui import theme
from counterapp.ui.live_text import LiveText
from counterapp.ui.polling import Poller
from counterapp.ui.requests import Requests
from counterapp.ui.theme import Meaning
from counterapp.ui.view import View, ViewContext
from counterapp.ui.widgets import (
    Card,
    Chip,
    EmptyState,
    Fact,
    FactsRow,
    KeyButton,
    Kind,
    LineTable,
    Role,
    Row,
    RowVerdict,
    ScrollColumn,
    Text,
    VerdictPanel,
)
from counterapp.words import N_, _, _n
from counterapp.work import StoreClient

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

T = TypeVar("T")
_WIDTH: Final = 412


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the record that is shown: "Enter", its words, and what it does."""

    key: str
    words: LiveText
    press: Callable[[], object]
    primary: bool = False
    enabled: bool = True
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of a record above its keys; `icon` "" is the meaning's own."""

    meaning: Meaning
    sentence: LiveText
    small: LiveText = ""
    icon: str = ""


class RecordList(Card):
    """The list, with a heading where `title` is given, and `empty` where nothing is in it."""

    def __init__(
        self, name: LiveText, numbers: Sequence[LiveText] = (), verdict: LiveText | None = None,
        empty: EmptyState | None = None, title: LiveText = "",
    ) -> None:  # fmt: skip
        super().__init__(1)
        if not title:
            self.body.setContentsMargins(1, 1, 1, theme.px(8))
        self._late = Chip(Meaning.REFUSED, "", "triangle-alert")
        self._late.hide()
        self.head = QHBoxLayout()
        self.head.setContentsMargins(theme.px(19), 0, theme.px(14), 0)
        self.heading = Text(title, Role.HEADING)
        self.head.addWidget(self.heading)
        self.head.addStretch(1)
        self.head.addWidget(self._late)
        self.body.addLayout(self.head)
        self.heading.setVisible(bool(title))
        self.table = LineTable(name, numbers, verdict)
        self.body.addWidget(self.table, 1)
        self._empty = empty
        if empty is not None:
            self.body.addWidget(empty, 1)
            empty.hide()

    def show_rows(self, rows: Sequence[Row], late: int = 0) -> None:
        """Show these rows, and that `late` of them are late; the choice stays, the first one is where it is gone."""
        self.table.show_rows(rows)
        if rows and self.table.current_key is None:
            self.table.choose(rows[0].key)
        said = _n("{count} is late", "{count} are late", late)
        self._late.show_chip(Meaning.REFUSED, said.format(count=late), "triangle-alert")
        self._late.setVisible(bool(late))
        above = theme.px(8) if late and self.heading.isHidden() else 0
        self.head.setContentsMargins(theme.px(19), above, theme.px(14), 0)
        if self._empty is not None:
            self._empty.setVisible(not rows)
            self.table.setVisible(bool(rows))


class DetailCard(Card):
    """One record: its name, facts, text, what is to be said of it, and its keys. `extra` is for what a desk adds."""

    def __init__(self, width: int = _WIDTH) -> None:
        super().__init__()
        self.setFixedWidth(theme.px(width))
        self._title = Text("", Role.HEADING, elide=True)
        self._chips = QHBoxLayout()
        self._facts = FactsRow()
        self._text = Text("", Role.BODY, wrap=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        upper = ScrollColumn()
        for widget in (self._title, self._facts):
            upper.body.addWidget(widget)
        upper.body.addLayout(self._chips)
        upper.body.addWidget(self._text, 1)
        self.body.addWidget(upper, 1)
        self.extra = QVBoxLayout()
        self.body.addLayout(self.extra)
        self._verdict = VerdictPanel()
        self._verdict.hide()
        self.body.addWidget(self._verdict)
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.px(8))
        self.body.addLayout(self._grid)
        self._keys: Sequence[Key] = ()
        self._buttons: list[KeyButton] = []
        self._laid: object = None

    def show_record(
        self, title: LiveText, facts: Sequence[Fact], text: LiveText, keys: Sequence[Key],
        chips: Sequence[RowVerdict] = (), verdict: Verdict | None = None,
    ) -> None:  # fmt: skip
        """Show a record instead of the former one. Keys keep their buttons, so that polling takes no focus away."""
        self._title.say(title)
        self._facts.show_facts(facts)
        self._facts.setVisible(bool(facts))
        self._text.say(text)
        self._show_chips(chips)
        self._verdict.setVisible(verdict is not None)
        if verdict is not None:
            self._verdict.show_verdict(verdict.meaning, verdict.sentence, verdict.small, verdict.icon)
        self._show_keys(keys)

    def _show_chips(self, chips: Sequence[RowVerdict]) -> None:
        while (item := self._chips.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for one in chips:
            self._chips.addWidget(Chip(one.meaning, one.words, one.icon))
        if chips:
            self._chips.addStretch(1)

    def _show_keys(self, keys: Sequence[Key]) -> None:
        self._keys = keys
        while len(self._buttons) < len(keys):
            place = len(self._buttons)
            button = KeyButton("")
            button.setParent(self)  # shown before it is laid, it would be a window
            button.clicked.connect(lambda _on=False, place=place: self._keys[place].press())
            self._buttons.append(button)
        for button, one in zip(self._buttons, keys, strict=False):
            button.kind = Kind.PRIMARY if one.primary else Kind.SECONDARY
            button.set_icon(one.icon)
            button.set_key(one.key)
            button.say(one.words)
            button.setEnabled(one.enabled)
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(keys))
        self._lay_keys()

    def _lay_keys(self) -> None:
        """Put two keys side by side where both fit, and the primary ones over the whole width."""
        shown = self._buttons[: len(self._keys)]
        half = (self.width() - 2 * theme.px(20) - self._grid.spacing()) // 2
        narrow = [
            not one.primary and button.sizeHint().width() <= half for button, one in zip(shown, self._keys, strict=True)
        ]
        places: list[tuple[int, int, int]] = []
        row = 0
        while len(places) < len(shown):
            pairs = narrow[len(places) :][:2] == [True, True]
            places += [(row, 0, 1), (row, 1, 1)] if pairs else [(row, 0, 2)]
            row += 1
        if places == self._laid:
            return
        self._laid = places
        for button, (at, column, span) in zip(shown, places, strict=True):
            self._grid.addWidget(button, at, column, 1, span)


class ListView(View, Generic[T]):
    """A list that reads itself again, at the left of `right`. `arrows` is what Up and Down choose."""

    arrows: str = N_("Another line")

    def __init__(
        self, context: ViewContext, client: StoreClient, records: RecordList, right: QWidget,
        poll: Callable[[Session, Actor], Sequence[T]] | None = None, every: int = 5_000,
    ) -> None:  # fmt: skip
        super().__init__(context)
        self.store, self.records = client, records
        self.requests = Requests(context, client, self)
        self.found: Sequence[T] = ()
        self._is_read = False
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.px(12))
        line = QHBoxLayout()
        line.setSpacing(theme.px(16))
        self.left = QVBoxLayout()
        self.left.setSpacing(theme.px(12))
        self.left.addWidget(records, 1)
        line.addLayout(self.left, 1)
        line.addWidget(right)
        self.column.addLayout(line, 1)
        records.table.chosen.connect(lambda _key: self.show_details(self.current))
        records.table.picked.connect(lambda _key: self.pick())
        self._poller: Poller[Any] | None = None
        if poll is not None:
            poller = Poller(client, self, poll, every, tell=context.messages.tell)
            poller.arrived.connect(self.show_found)
            self.read_by(poller)

    def key_of(self, one: T) -> Hashable:
        """Return what tells a record from the others."""
        raise NotImplementedError

    def row_of(self, one: T) -> Row:
        """Return a record as a row of the list, whose key is `key_of`'s."""
        raise NotImplementedError

    def show_details(self, one: T | None) -> None:
        """Show the record that is chosen; None where there is none."""

    def is_late(self, one: T) -> bool:
        """Tell whether a record should have been seen to by now; by default none is."""
        return False

    def pick(self) -> None:
        """Take up the record that is chosen, on Space or a double press; by default what Enter does."""
        keyboard.press_in(self, "Enter")

    @property
    def actor(self) -> Actor | None:
        """Who is signed in; None while the screen is locked."""
        return self.requests.actor

    @property
    def current(self) -> T | None:
        """The record that is chosen."""
        key = self.records.table.current_key
        return next((one for one in self.found if self.key_of(one) == key), None)

    def read_by(self, poller: Poller[Any]) -> None:
        """Let `poller` read while this is shown; whoever reads more than the list takes what arrives from there."""
        self._poller = poller
        poller.follow(self)
        self.requests.refused.connect(poller.read)

    def read_again(self) -> None:
        """Read the list now."""
        if self._poller is not None:
            self._poller.read()

    def show_found(self, found: Sequence[T]) -> None:
        """Show these records; the one that was chosen stays so."""
        self.found, self._is_read = found, True
        self.show_again()

    def show_again(self) -> None:
        """Show what was read once more: in another language, or after something beside it has changed."""
        if self.actor is None or not self._is_read:
            return
        late = sum(self.is_late(one) for one in self.found)
        self.records.show_rows([self.row_of(one) for one in self.found], late)
        table = self.records.table
        if self.hasFocus() and table.isVisible():  # the list was empty when this was turned to
            table.setFocus(Qt.FocusReason.OtherFocusReason)
        elif table.hasFocus() and not table.isVisible():  # its last row went, or there never was one
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.show_details(self.current)

    def choose(self, one: T) -> None:
        """Choose a record, as a scan does, and show it."""
        self.records.table.choose(self.key_of(one))
        self.show_details(self.current)

    def activated(self) -> None:
        table = self.records.table
        (table if table.isVisible() else self).setFocus(Qt.FocusReason.OtherFocusReason)
        self.show_again()
        self.read_again()

    def retranslate(self) -> None:
        self.show_again()

    def keys(self) -> list[tuple[str, str]]:
        return [("↑ ↓", _(self.arrows)), *super().keys()]

    def press(self, key: str) -> bool:
        if key in {"Up", "Down"}:
            self.records.table.step(1 if key == "Down" else -1)
            return True
        return super().press(key)


class ListDetailView(ListView[T]):
    """A list and, at the right, `details` of the record that is chosen."""

    def __init__(
        self, context: ViewContext, client: StoreClient, records: RecordList,
        poll: Callable[[Session, Actor], Sequence[T]] | None = None, every: int = 5_000, width: int = _WIDTH,
    ) -> None:  # fmt: skip
        self.details = DetailCard(width)
        super().__init__(context, client, records, self.details, poll, every)
