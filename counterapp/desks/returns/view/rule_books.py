"""The rule books in words: each rule and grant as a sentence, when it holds, and what is new in it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counterapp import words
from counterapp.core.actor import Actor
from counterapp.desks.returns.services.rule_books import (
    BookStatus,
    OpenBook,
    RuleBookEntry,
    describe_rule_book,
    list_rule_books,
)
from counterapp.desks.returns.services.rule_text import Clause, Mark
from counterapp.desks.returns.view.texts import OF_EFFECT
from counterapp.return_forms.terms import name_of
from counterapp.ui import theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.dialogs import buttons
from counterapp.ui.requests import Requests
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.ui.widgets import Chip, LineTable, Role, Row, RowVerdict, ScrollColumn, Text
from counterapp.words import N_, _

_WIDTH: Final = 1180
_LIST: Final = 380
_STEP: Final = 120
_STATUS_WORDS: Final = {
    BookStatus.HOLDS: (Meaning.ALLOWED, N_("In force")),
    BookStatus.TO_COME: (Meaning.MISSING, N_("To come")),
    BookStatus.PAST: (Meaning.NEUTRAL, N_("Past")),
    BookStatus.REPLACED: (Meaning.NEUTRAL, N_("Replaced")),
}
_MARKS: Final = {
    Mark.NEW: (Meaning.ALLOWED, N_("New")),
    Mark.CHANGED: (Meaning.MISSING, N_("Changed")),
    Mark.GONE: (Meaning.REFUSED, N_("No longer there")),
}


def open_rule_books(context: ViewContext, requests: Requests) -> None:
    """Read the books and lay them over the view; what stands in the way is said."""
    requests.read(
        lambda session, actor: (actor, list_rule_books(session, actor.today())),
        lambda read: context.dialogs.open(RuleBooksDialog(requests, *read)),
    )


class RuleBooksDialog(Dialog):
    """The shelf at the left, the chosen book at the right; digits and arrows turn nothing but pages."""

    def __init__(self, requests: Requests, actor: Actor, books: tuple[RuleBookEntry, ...]) -> None:
        super().__init__(
            lambda: _("Rule books"), lambda: _("They hold for what is bought from their first day on"), _WIDTH
        )
        self._requests, self._actor = requests, actor
        line = QHBoxLayout()
        line.setSpacing(theme.px(20))
        self.table = LineTable(lambda: _("Rule book"), (), lambda: _("Today"))
        self.table.setFixedWidth(theme.px(_LIST))
        self.table.show_rows([_row_of(book) for book in books])
        self.table.chosen.connect(self._read)
        line.addWidget(self.table)
        right = QVBoxLayout()
        right.setSpacing(theme.px(6))
        self._head = Text("", Role.HEADING, wrap=True)
        self._small = Text("", Role.QUIET, wrap=True)
        right.addWidget(self._head)
        right.addWidget(self._small)
        self._pages = ScrollColumn()
        right.addWidget(self._pages, 1)
        line.addLayout(right, 1)
        self.body.addLayout(line, 1)
        self.body.addLayout(buttons(self))
        holds = next((book for book in books if book.status is BookStatus.HOLDS), books[0])
        self.table.choose(holds.id)
        self._read(holds.id)

    def fit(self, room: QSize) -> None:
        super().fit(room)
        self.setFixedHeight(room.height() - theme.px(32))

    def opened(self) -> None:
        # Arrows choose a book and pages are turned wherever the focus is; a table would keep the latter for itself.
        self.setFocus()

    def keys(self) -> list[tuple[str, str]]:
        return [("↑ ↓", _("Another rule book")), ("PgUp PgDn", _("Turn its pages")), *super().keys()]

    def press(self, key: str) -> bool:
        if key in {"Up", "Down"}:
            self.table.step(1 if key == "Down" else -1)
            return True
        if key in {"PgUp", "PgDown"}:
            bar = self._pages.verticalScrollBar()
            bar.setValue(bar.value() + (bar.pageStep() - theme.px(_STEP)) * (1 if key == "PgDown" else -1))
            return True
        return super().press(key)

    def _read(self, book_id: object) -> None:
        if not isinstance(book_id, int):
            return
        today, language = self._actor.today(), words.current()
        self._requests.read(
            lambda session, _actor: describe_rule_book(session, book_id, today, language), self._on_read, self
        )

    def _on_read(self, opened: OpenBook) -> None:
        if opened.book.id != self.table.current_key:
            return
        self._head.say(lambda: _name_of(opened.book))
        self._small.say(lambda: _about(opened))
        page = QWidget()
        page.setObjectName("column")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, theme.px(12), 0)
        column.setSpacing(theme.px(4))
        for chapter in opened.chapters:
            column.addSpacing(theme.px(10))
            column.addWidget(Text(chapter.title, Role.HEADING))
            for clause in chapter.clauses:
                column.addWidget(_clause(clause))
        column.addStretch(1)
        self._pages.setWidget(page)
        page.show()


def _clause(clause: Clause) -> QWidget:
    place = QWidget()
    column = QVBoxLayout(place)
    column.setContentsMargins(0, theme.px(6), 0, theme.px(6))
    column.setSpacing(theme.px(3))
    chips = []
    if clause.mark is not Mark.SAME:
        meaning, said = _MARKS[clause.mark]
        chips.append(Chip(meaning, _(said), None))
    if clause.effect is not None:
        chips.append(Chip(OF_EFFECT[clause.effect], name_of(clause.effect)))
    if chips:
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        for chip in chips:
            line.addWidget(chip)
        line.addStretch(1)
        column.addLayout(line)
    sentence = Text(clause.sentence, Role.STRONG, wrap=True)
    column.addWidget(sentence)
    quiet = [_("When {condition}").format(condition=clause.when) if clause.when else "", clause.remark]
    if clause.before:
        quiet.append(_("Before: {what}").format(what=clause.before))
    for said in filter(None, quiet):
        column.addWidget(Text(said, Role.QUIET, wrap=True))
    return place


def _row_of(book: RuleBookEntry) -> Row:
    meaning, said = _STATUS_WORDS[book.status]
    return Row(key=book.id, name=_name_of(book), quiet=_span(book), verdict=RowVerdict(meaning, _(said)))


def _name_of(book: RuleBookEntry) -> str:
    return book.name.text(words.current()) if book.name is not None else _("Cannot be read by this program")


def _span(book: RuleBookEntry) -> str:
    if book.last is None:
        return _("from {first} on").format(first=book.starts_on)
    return _("{first} to {last}").format(first=book.starts_on, last=book.last)


def _about(opened: OpenBook) -> str:
    book = opened.book
    loaded = (
        _("loaded {day} by {who}") if book.loaded_by else _("loaded {day}, with the program or by its command line")
    )
    said = [_span(book), loaded.format(day=f"{book.loaded_at:%Y-%m-%d}", who=book.loaded_by)]
    if opened.before is not None:
        said.append(_("marked against the one from {first} on").format(first=opened.before.starts_on))
    return " • ".join(said)
