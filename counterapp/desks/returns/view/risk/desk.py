"""The risk tab: what stands out in the store, the strongest first, and the cases behind each. Nothing is decided."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from counterapp.desks.returns.services.risk import Report, SignalText
from counterapp.desks.returns.view.risk.pane import SignalPane
from counterapp.desks.returns.view.risk.recent import recent
from counterapp.desks.returns.view.risk.texts import row_of
from counterapp.desks.returns.view.rule_books import open_rule_books
from counterapp.errors import NotAllowed
from counterapp.ui import theme
from counterapp.ui.view import View, ViewContext
from counterapp.ui.widgets import Card, EmptyState, KeyButton, Kind, LineTable, Role, Text
from counterapp.words import N_, _, _n
from counterapp.work import StoreClient

_WIDTH: Final = 520


class RiskView(View):
    """Signals at the left, the chosen one and its cases at the right; Enter goes into the cases, then opens one."""

    title = N_("Risk")
    hint = N_("Choose what stands out, then look at the cases behind it")
    icon = "shield-alert"

    def __init__(self, context: ViewContext, client: StoreClient) -> None:
        super().__init__(context)
        self._client = client
        self._report: Report | None = None
        self._reading = False
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self._make_empty())
        self._pages.addWidget(self._make_signals())

    def activated(self) -> None:
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._read()

    def retranslate(self) -> None:
        self._show()
        self._pane.speak()

    def keys(self) -> list[tuple[str, str]]:
        return [("↑ ↓", _("Another signal, another case")), *super().keys()]

    def press(self, key: str) -> bool:
        if key in {"Up", "Down"}:
            table = self._pane.table if self._in_cases else self._table
            table.step(1 if key == "Down" else -1)
            return True
        if key == "Esc" and self._in_cases:
            self._table.setFocus()
            self._show_keys()
            return True
        return super().press(key)

    @property
    def _in_cases(self) -> bool:
        return self._pane.table.hasFocus()

    @property
    def _current(self) -> SignalText | None:
        key = self._table.current_key
        told = self._report.told if self._report is not None else ()
        return next((one for one in told if (one.signal.pattern, one.signal.subject) == key), None)

    def _make_empty(self) -> QWidget:
        card = Card()
        self._empty = EmptyState("circle-check", "")
        card.body.addWidget(self._empty, 1)
        card.body.addLayout(self._make_buttons())
        return card

    def _make_signals(self) -> QWidget:
        page = QWidget()
        line = QHBoxLayout(page)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(16))
        left = Card(1)
        left.body.setContentsMargins(1, 1, 1, theme.px(12))
        self._table = LineTable(
            lambda: _("What stands out"), [lambda: _("Here"), lambda: _("Usual")], lambda: _("How unusual")
        )
        self._table.chosen.connect(self._show_current)
        self._table.picked.connect(self._go_on)
        left.body.addWidget(self._table, 1)
        under = QVBoxLayout()
        under.setContentsMargins(theme.px(14), theme.px(6), theme.px(14), 0)
        under.setSpacing(theme.px(8))
        self._basis = Text("", Role.SMALL, wrap=True)
        under.addWidget(self._basis)
        under.addLayout(self._make_buttons())
        left.body.addLayout(under)
        line.addWidget(left, 1)
        right = Card()
        right.setFixedWidth(theme.px(_WIDTH))
        self._pane = SignalPane(self.context, self._client)
        self._pane.opens.connect(self.context.router.route_text)
        right.body.addWidget(self._pane, 1)
        self._primary = KeyButton("", "Enter", Kind.PRIMARY)
        self._primary.clicked.connect(self._go_on)
        right.body.addWidget(self._primary)
        line.addWidget(right)
        return page

    def _make_buttons(self) -> QHBoxLayout:
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(8))
        again = KeyButton(lambda: _("Read again"), "F5")
        again.clicked.connect(self._on_again)
        books = KeyButton(lambda: _("Rule books"), "F6")
        books.clicked.connect(lambda: open_rule_books(self.context, self._client))
        buttons.addWidget(again)
        buttons.addWidget(books)
        buttons.addStretch(1)
        return buttons

    def _read(self) -> None:
        if self._reading:
            return
        try:
            actor = self._client.actor
        except NotAllowed:
            return  # signed out; `activated` reads again when somebody is back
        self._reading = True
        self._show()
        kept = recent(self._client)
        self._client.read(self, lambda session: kept.read(session, actor), self._on_read, self._on_not_read)

    def _on_again(self) -> None:
        recent(self._client).forget()
        self._read()

    def _on_read(self, report: Report) -> None:
        self._reading, self._report = False, report
        self._show()

    def _on_not_read(self, error: BaseException) -> None:
        self._reading = False
        self.context.messages.tell(error)

    def _show(self) -> None:
        report = self._report
        if report is None:
            self._empty.say(lambda: _("Looking through the returns of the last months"), "")
            return
        self._pages.setCurrentIndex(1 if report.told else 0)
        said = _n(
            "Among {count} return since {day}. What chance and honest differences explain is left out.",
            "Among {count} returns since {day}. What chance and honest differences explain is left out.",
            report.count,
        ).format(count=report.count, day=report.since)
        decides = _("It is shown to be looked at, and decides nothing.")
        self._empty.say(_("Nothing stands out"), said)
        self._basis.say(f"{said} {decides}")
        self._table.show_rows([row_of(one) for one in report.told])
        if report.told and self._current is None:
            first = report.told[0].signal
            self._table.choose((first.pattern, first.subject))
        self._show_current()

    def _show_current(self) -> None:
        told = self._current
        if told is not None:
            self._pane.show_signal(told, self._client.actor.today())
        self._show_keys()

    def _show_keys(self) -> None:
        self._primary.say(lambda: _("Open the case") if self._in_cases else _("Look at the cases"))

    def _go_on(self) -> None:
        if self._in_cases:
            self._pane.open_current()
        elif self._pane.has_cases:
            self._pane.work_on()
            self._show_keys()
