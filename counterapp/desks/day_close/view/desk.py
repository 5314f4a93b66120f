"""The closing tab: at the left what is left of the day, at the right its figures, its papers and the signatures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout

from counterapp.core.money import format_fen
from counterapp.core.open_items import OpenItem, OpenItems
from counterapp.desks.day_close.services import closing, open_items
from counterapp.desks.day_close.services.closing import MANAGERS, DayDetails
from counterapp.desks.day_close.services.open_items import LONGEST, CheckKind
from counterapp.desks.day_close.view.day_documents import DayDocuments
from counterapp.desks.day_close.view.dialogs import WHY, WHY_AGAIN
from counterapp.desks.day_close.view.figures import FigureTable
from counterapp.desks.day_close.view.texts import (
    Check,
    about_words,
    checks_of,
    day_title,
    figures_of,
    item_words,
    row_of,
    seals_words,
    state_of,
    sums_words,
)
from counterapp.ui import theme
from counterapp.ui.dialogs import ReasonDialog
from counterapp.ui.list_detail import ListView, RecordList
from counterapp.ui.polling import Poller
from counterapp.ui.signature_flow import SignatureFlow, SignatureRequest
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.ui.widgets import Card, KeyButton, Kind, Role, Row, ScrollColumn, Text, VerdictPanel
from counterapp.words import N_, _
from counterapp.work import StoreClient

#: How often the day is read again while it is looked at, in milliseconds: other stations work on it too.
EVERY: Final = 20_000
_WIDTH: Final = 412


class DayCloseView(ListView[Check]):
    """What of the day is not done, each with the key that leads there or asks why; the register, the stock files, and
    the two signatures under the day. The arrows at the sides leaf through the days."""

    title = N_("Day close")
    hint = N_("See what is left of the day, then sign it")
    icon = "clipboard-list"

    def __init__(self, context: ViewContext, client: StoreClient, desks: Sequence[OpenItems]) -> None:
        name = lambda: _("What belongs to the day")  # noqa: E731 - said again when the language changes
        records = RecordList(name, [], lambda: _("State"), title=name)
        super().__init__(context, client, records, self._make_sums())
        self._desks = desks
        self._day: DayDetails | None = None
        self._wanted: dt.date | None = None
        self._signing = SignatureFlow(context, client, self)
        self._papers = DayDocuments(context, client, desks, self)
        self._make_list_keys()
        poller = Poller(
            client,
            self,
            lambda session, actor: closing.day_details(session, self._wanted, actor.now(), desks),
            EVERY,
            tell=context.messages.tell,
        )
        poller.arrived.connect(self._on_read)
        self.read_by(poller)

    def key_of(self, one: Check) -> Hashable:
        return one if isinstance(one, CheckKind) else one.key

    def row_of(self, one: Check) -> Row:
        return row_of(one)

    def keys(self) -> list[tuple[str, str]]:
        lines, *others = super().keys()
        return [lines, ("← →", _("The day before or after")), *others]

    def press(self, key: str) -> bool:
        if key in {"Left", "Right"} and self._day is not None:
            day = self._day.earlier if key == "Left" else self._day.later
            if day is not None:
                self._wanted = day
                self.read_again()
            return True
        return super().press(key)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._wanted = None  # whoever comes back finds the day that is to be closed

    @property
    def _item(self) -> OpenItem | None:
        return self.current if isinstance(self.current, OpenItem) else None

    def _make_list_keys(self) -> None:
        self._before = KeyButton(lambda: _("Day before"), "←", Kind.QUIET)
        self._before.clicked.connect(lambda: self.press("Left"))
        self._after = KeyButton(lambda: _("Day after"), "→", Kind.QUIET)
        self._after.clicked.connect(lambda: self.press("Right"))
        for button in (self._before, self._after):
            stays = button.sizePolicy()
            stays.setRetainSizeWhenHidden(True)
            button.setSizePolicy(stays)
            self.records.head.addWidget(button)
        self._how = Text("", Role.QUIET, wrap=True)
        self._how.setContentsMargins(theme.px(18), 0, theme.px(18), 0)
        self.records.body.addWidget(self._how)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(theme.px(18), 0, theme.px(18), 0)
        buttons.setSpacing(theme.px(12))
        self._alike = KeyButton(lambda: _("Explain all of this kind"), "F8")
        self._alike.clicked.connect(lambda: self._ask_why(alike=True))
        self._why = KeyButton(lambda: _("Explain"), "F4")
        self._why.clicked.connect(lambda: self._ask_why(alike=False))
        self._go = KeyButton(lambda: _("See to it"), "Enter")
        self._go.clicked.connect(self._go_on)
        for button in (self._alike, self._why, self._go):
            buttons.addWidget(button, 1)
        self.records.body.addLayout(buttons)

    def _make_sums(self) -> Card:
        card = Card()
        card.setFixedWidth(theme.px(_WIDTH))
        self._figures = FigureTable()
        self._seals = Text("", Role.SMALL, wrap=True)
        column = ScrollColumn()
        column.body.addWidget(self._figures)
        column.body.addWidget(self._seals)
        column.body.addStretch(1)
        card.body.addWidget(column, 1)
        papers = QHBoxLayout()
        papers.setSpacing(theme.px(8))
        register = KeyButton(lambda: _("Register"), "F6")
        register.clicked.connect(lambda: self._with_day(self._papers.open_register))
        self._files = KeyButton(lambda: _("Stock correction"), "F7")
        self._files.clicked.connect(lambda: self._with_day(self._papers.open_files))
        papers.addWidget(register, 1)
        papers.addWidget(self._files, 1)
        card.body.addLayout(papers)
        self._state = VerdictPanel()
        card.body.addWidget(self._state)
        self._again = KeyButton(lambda: _("Open the day again"), "F9")
        self._again.clicked.connect(self._ask_reopening)
        card.body.addWidget(self._again)
        self._close = KeyButton(lambda: _("Sign and close the day"), "F10", Kind.PRIMARY, icon="stamp")
        self._close.clicked.connect(self._sign)
        card.body.addWidget(self._close)
        return card

    def _on_read(self, day: DayDetails) -> None:
        if self._wanted in {None, day.day}:  # another day may have been asked for meanwhile
            self._day = day
            self.show_found(checks_of(day))

    def show_again(self) -> None:
        """Show the day once more: its list, its figures, and how it stands."""
        super().show_again()
        day, actor = self._day, self.actor
        if day is None or actor is None:
            return
        today = actor.today()
        self.records.heading.say(lambda: day_title(day.day, today))
        self._before.setVisible(day.earlier is not None)
        self._after.setVisible(day.later is not None)
        self._figures.show_figures([(label, one.count, format_fen(one.fen)) for label, one in figures_of(day.register)])
        self._seals.say(lambda: seals_words(day.seals))
        meaning, sentence, small = state_of(day, today)
        self._state.show_verdict(meaning, sentence, small, "stamp" if day.closed else "")
        self._again.setVisible(day.last_closed and actor.person.role in MANAGERS)
        self._close.setVisible(day.closable)

    def show_details(self, one: Check | None) -> None:
        item, day = self._item, self._day
        explains = item is not None and not item.must and day is not None and not day.closed
        self._how.say(lambda: _(item.how) if item is not None else "")
        self._why.setEnabled(explains)
        self._alike.setEnabled(explains and len(self._like(item)) > 1)
        leads = item is not None and self._leads(item)
        self._go.say(lambda: _("See to it") if leads or item is None else _("Explain"))
        self._go.setEnabled(leads or explains)

    def _like(self, item: OpenItem | None) -> list[OpenItem]:
        """Return what is not settled of the kind of `item`."""
        items = self._day.items if self._day is not None else ()
        return [one for one in items if item is not None and one.kind == item.kind and not one.is_settled]

    def _leads(self, item: OpenItem) -> bool:
        return item.kind == CheckKind.STOCK or (
            bool(item.code) and self.context.router.desk_name_for(item.code) is not None
        )

    def _go_on(self) -> None:
        item = self._item
        if item is None:
            return
        self.context.messages.clear()
        if item.kind == CheckKind.STOCK:
            self._with_day(self._papers.open_files)
        elif self._leads(item):
            self.context.router.route_text(item.code)
        else:
            self._ask_why(alike=False)

    def _ask_why(self, *, alike: bool) -> None:
        item, day = self._item, self._day
        if item is None or day is None or day.closed or item.must:
            return
        self.context.messages.clear()
        items = self._like(item) if alike else [item]
        about = [item_words(one) for one in items[:6]] + (["…"] if len(items) > 6 else [])
        if not alike:
            about = [about[0], about_words(item)]
        dialog = ReasonDialog(
            lambda: _("Why is it not done?"), [*filter(None, about)], WHY, lambda: _("Explain it"), LONGEST
        )
        keys = [one.key for one in items]
        dialog.given.connect(
            lambda words: self.requests.command(
                "return.explain_day",
                lambda session, actor: open_items.explain(session, actor, day.day, keys, words),
                dialog=dialog,
            )
        )
        self.context.dialogs.open(dialog)

    def _sign(self) -> None:
        day = self._day
        if day is None or not day.closable:
            return
        left = day.open_items
        if left:
            self.choose(left[0])
            self.records.table.setFocus(Qt.FocusReason.OtherFocusReason)
            said = item_words(left[0])
            self.context.messages.say(lambda: _("First: {thing}").format(thing=said), Meaning.MISSING)
            return
        self.context.messages.clear()
        explained = len(day.items)
        self._signing.open(
            SignatureRequest(
                title=lambda: _("Close the day {day}").format(day=f"{day.day:%Y-%m-%d}"),
                facts=(
                    lambda: sums_words(day.register),
                    lambda: _("Explained: {count}. Nothing comes into the day any more.").format(count=explained),
                ),
                sign=lambda: _("Sign: the day is closed"),
                act="return.close_day",
                carry_out=lambda session, actor, signer, _words: closing.close_day(
                    session, actor, signer, day.day, self._desks
                ),
            ),
            self._on_closed,
        )

    def _on_closed(self, seal: int) -> None:
        self._say(lambda: _("Closed with seal {number}. The register is being printed; sign it.").format(number=seal))
        self.read_again()

    def _ask_reopening(self) -> None:
        day = self._day
        if day is None:
            return
        dialog = ReasonDialog(
            lambda: _("Open the day again"),
            [lambda: _("{day} was closed and signed. The journal keeps who opened it, and why.").format(day=day.day)],
            WHY_AGAIN,
            lambda: _("Go on to the signature"),
            LONGEST,
        )
        dialog.given.connect(lambda reason: self._reopen(day, dialog, reason))
        self.context.dialogs.open(dialog)

    def _reopen(self, day: DayDetails, dialog: ReasonDialog, reason: str) -> None:
        dialog.close_dialog()
        self._signing.open(
            SignatureRequest(
                title=lambda: _("Open the day again"),
                facts=(f"{day.day:%Y-%m-%d}", reason),
                turn=lambda: _("Manager's turn"),
                who=lambda: _("The customer service manager or store manager scans the badge, then types the PIN."),
                sign=lambda: _("Sign: the day is open again"),
                act="return.reopen_day",
                carry_out=lambda session, actor, signer, _words: closing.reopen_day(
                    session, actor, signer, day.day, reason
                ),
            ),
            lambda _seal: self._say(lambda: _("{day} is open again. Close it once more before the next day.").format(
                day=day.day
            )),
        )  # fmt: skip

    def _with_day(self, do: Callable[[DayDetails], None]) -> None:
        if self._day is not None:
            do(self._day)

    def _say(self, words: Callable[[], str]) -> None:
        self.context.messages.say(words, Meaning.ALLOWED)
