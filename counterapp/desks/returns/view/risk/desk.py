"""The risk tab: what stands out in the store, the strongest first, and the cases behind each. Nothing is decided."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from counterapp.desks.returns.services.risk import Report, SignalText
from counterapp.desks.returns.view.risk.pane import SignalPane
from counterapp.desks.returns.view.risk.recent import recent
from counterapp.desks.returns.view.risk.texts import row_of
from counterapp.desks.returns.view.rule_books import open_rule_books
from counterapp.ui import theme
from counterapp.ui.list_detail import ListView, RecordList
from counterapp.ui.view import ViewContext
from counterapp.ui.widgets import Card, EmptyState, KeyButton, Kind, Role, Row, Text
from counterapp.words import N_, _, _n
from counterapp.work import StoreClient

_WIDTH: Final = 520


class RiskView(ListView[SignalText]):
    """Signals at the left, the chosen one and its cases at the right; Enter goes into the cases, then opens one."""

    title = N_("Risk")
    hint = N_("Choose what stands out, then look at the cases behind it")
    icon = "shield-alert"
    arrows = N_("Another signal, another case")

    def __init__(self, context: ViewContext, client: StoreClient) -> None:
        self._report: Report | None = None
        self._empty = EmptyState("circle-check", lambda: _("Looking through the returns of the last months"))
        records = RecordList(
            lambda: _("What stands out"),
            [lambda: _("Here"), lambda: _("Usual")],
            lambda: _("How unusual"),
            self._empty,
        )
        records.show_rows(())
        self._pane = SignalPane(context, client)
        self._pane.opens.connect(context.router.route_text)
        self._primary = KeyButton("", "Enter", Kind.PRIMARY)
        self._primary.clicked.connect(self.pick)
        self._right = Card()
        self._right.setFixedWidth(theme.px(_WIDTH))
        self._right.body.addWidget(self._pane, 1)
        self._right.body.addWidget(self._primary)
        self._right.hide()
        super().__init__(context, client, records, self._right)
        under = QVBoxLayout()
        under.setContentsMargins(theme.px(14), theme.px(6), theme.px(14), theme.px(4))
        under.setSpacing(theme.px(8))
        self._basis = Text("", Role.SMALL, wrap=True)
        under.addWidget(self._basis)
        under.addLayout(self._make_buttons())
        records.body.addLayout(under)

    def key_of(self, one: SignalText) -> Hashable:
        return one.signal.pattern, one.signal.subject

    def row_of(self, one: SignalText) -> Row:
        return row_of(one)

    def show_again(self) -> None:
        """Show the report once more."""
        report = self._report
        if report is not None:
            said = _n(
                "Among {count} return since {day}. What chance and honest differences explain is left out.",
                "Among {count} returns since {day}. What chance and honest differences explain is left out.",
                report.count,
            ).format(count=report.count, day=report.since)
            decides = _("It is shown to be looked at, and decides nothing.")
            self._empty.say(_("Nothing stands out"), said)
            self._basis.say(f"{said} {decides}")
            self._basis.setVisible(bool(report.told))
        super().show_again()

    def show_details(self, one: SignalText | None) -> None:
        self._right.setVisible(one is not None)
        if one is not None:
            self._pane.show_signal(one, self.store.actor.today())
        self._show_keys()

    def pick(self) -> None:
        """Go into the cases, or open the one that is chosen there."""
        if self._in_cases:
            self._pane.open_current()
        elif self._pane.has_cases:
            self._pane.work_on()
            self._show_keys()

    def read_again(self) -> None:
        """Read the report: it is about months, so never by the clock, but when it is looked at or that is asked for."""
        kept = recent(self.store)
        if self.actor is not None:  # `activated` reads again when somebody is back
            self.requests.read(kept.read, self._on_read)

    def retranslate(self) -> None:
        super().retranslate()
        self._pane.speak()

    def press(self, key: str) -> bool:
        if not self._in_cases or key not in {"Up", "Down", "Esc"}:
            return super().press(key)
        if key == "Esc":
            self.records.table.setFocus()
            self._show_keys()
        else:
            self._pane.table.step(1 if key == "Down" else -1)
        return True

    @property
    def _in_cases(self) -> bool:
        return self._pane.table.hasFocus()

    def _make_buttons(self) -> QHBoxLayout:
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(8))
        again = KeyButton(lambda: _("Read again"), "F5")
        again.clicked.connect(self._on_again)
        books = KeyButton(lambda: _("Rule books"), "F6")
        books.clicked.connect(lambda: open_rule_books(self.context, self.requests))
        buttons.addWidget(again)
        buttons.addWidget(books)
        buttons.addStretch(1)
        return buttons

    def _on_again(self) -> None:
        recent(self.store).forget()
        self.read_again()

    def _on_read(self, report: Report) -> None:
        self._report = report
        self.show_found(report.told)

    def _show_keys(self) -> None:
        self._primary.say(lambda: _("Open the case") if self._in_cases else _("Look at the cases"))
