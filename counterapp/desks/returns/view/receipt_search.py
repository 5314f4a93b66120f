"""The dialog that finds a receipt without its barcode, by what the customer still knows of the purchase."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLineEdit

from counterapp.core.masking import Mask, masked
from counterapp.core.money import format_fen
from counterapp.core.receipt_search import FoundReceipt, Wanted
from counterapp.desks.returns.services.finding import Typed, find, wanted_from
from counterapp.errors import BadInput
from counterapp.hardware.scanner import Scan
from counterapp.return_forms.texts import receipt_number
from counterapp.ui import theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.dialogs import buttons
from counterapp.ui.live_text import LiveText
from counterapp.ui.requests import Requests
from counterapp.ui.texts import day_words
from counterapp.ui.view import ViewContext
from counterapp.ui.widgets import CodeField, KeyButton, Kind, LineTable, Role, Row, Text, TextField, field_row
from counterapp.words import _, _n
from counterapp.work import StoreClient

_MOST: Final = 50
_NAMED: Final = 4
_TABLE: Final = 392


class ReceiptSearchDialog(Dialog):
    """Searches while it is typed; `found(str)` with the number of the receipt that is to be opened."""

    found = Signal(str)

    def __init__(self, context: ViewContext, client: StoreClient, today: dt.date) -> None:
        super().__init__(lambda: _("Find a receipt"), lambda: _("Type what is known of the purchase"), 1080)
        self._context = context
        self._client, self._requests = client, Requests(context, client, self)
        self._today = today
        self._wanted: Wanted | None = None
        self._asked: Wanted | None = None
        self._opens = False
        self._found: Sequence[FoundReceipt] = ()
        self._make_fields()
        self.table = LineTable(
            lambda: _("Sales receipt"),
            [lambda: _("Purchase"), lambda: _("Till"), lambda: _("Member"), lambda: _("Total")],
        )
        self.table.setFixedHeight(theme.px(_TABLE))
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.picked.connect(self._open)
        self.body.addWidget(self.table)
        self._said = Text("", Role.QUIET, elide=True)
        self.body.addWidget(self._said)
        self._open_button = KeyButton(lambda: _("Open the receipt"), "Enter", Kind.PRIMARY)
        self.body.addLayout(buttons(self, self._open_button, self._on_entered, tab=False))
        self._day.setText(f"{today:%m-%d}")

    def take_scan(self, scan: Scan) -> bool:
        if not self._client.is_receipt(scan.text):
            return False
        # What can be scanned after all is scanned, not found.
        self.close_dialog()
        self._context.router.route(scan)
        return True

    def opened(self) -> None:
        self._day.setFocus()
        self._day.selectAll()

    def keys(self) -> list[tuple[str, str]]:
        return [("↑ ↓", _("Another receipt")), *super().keys()]

    def press(self, key: str) -> bool:
        if key in {"Up", "Down"}:
            self.table.step(1 if key == "Down" else -1)
        elif key == "Enter":  # the button rests until something is found, which may be on its way
            self._on_entered()
        else:
            return super().press(key)
        return True

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._show_rows()

    def _make_fields(self) -> None:
        self._day = CodeField(lambda: _("Any day"), 24)
        self._till = CodeField("", 8)
        self._amount = CodeField("", 12)
        self._item = TextField(lambda: _("Name, number or pinyin initials"), 60)
        self._customer = CodeField("", 24)
        fields: list[tuple[QLineEdit, LiveText, int]] = [
            (self._day, lambda: _("Day"), 150),
            (self._till, lambda: _("Till"), 80),
            (self._amount, lambda: _("Total"), 130),
            (self._item, lambda: _("Item"), 0),
            (self._customer, lambda: _("Member card or phone"), 210),
        ]
        for field, _label, _width in fields:
            field.textChanged.connect(self._on_typed)
        self.body.addLayout(field_row(fields))

    def _on_typed(self) -> None:
        typed = Typed(
            self._day.text(), self._till.text(), self._amount.text(), self._item.text(), self._customer.text()
        )
        self._opens = False
        self._wanted = None
        try:
            wanted = wanted_from(typed, self._today)
        except BadInput as error:
            refusal = error
            self._show_found((), lambda: str(refusal))
            return
        if wanted == Wanted():
            self._show_found((), lambda: _("One thing is enough: the day, the total, an item, the card."))
            return
        self._wanted = wanted
        self._ask()

    def _ask(self) -> None:
        # One question at a time: what is typed meanwhile is asked when the answer is there, and only the last of it.
        if self._asked is not None or self._wanted is None:
            return
        wanted = self._asked = self._wanted
        self._requests.read(
            lambda session, _actor: find(session, wanted, _MOST), partial(self._on_found, wanted), None, self._on_failed
        )

    def _on_found(self, asked: Wanted, found: Sequence[FoundReceipt]) -> None:
        self._asked = None
        if asked != self._wanted:
            self._ask()
            return
        self._show_found(found, partial(_found_words, len(found)))
        if self._opens and len(found) == 1:
            self._open(found[0].number)
        self._opens = False

    def _on_failed(self, _error: BaseException) -> None:
        self._asked = None
        self._opens = False

    def _show_found(self, found: Sequence[FoundReceipt], words: LiveText) -> None:
        self._found = found
        self._said.say(words)
        self._show_rows()
        if self.table.current_key is None and found:
            self.table.choose(found[0].number)
        self._open_button.setEnabled(bool(found))

    def _show_rows(self) -> None:
        self.table.show_rows([_row_of(one, self._today) for one in self._found])

    def _on_entered(self) -> None:
        """Open the current row; while the search for the last key is still on its way, what alone it will find."""
        if self._asked is not None:
            self._opens = True
        else:
            self._open(self.table.current_key)

    def _open(self, number: object) -> None:
        if isinstance(number, str):
            self.close_dialog()
            self.found.emit(number)


def _row_of(found: FoundReceipt, today: dt.date) -> Row:
    named = _(", ").join(found.goods[:_NAMED])
    more = len(found.goods) - _NAMED
    if more > 0:
        named = _n("{goods} and {count} more", "{goods} and {count} more", more).format(goods=named, count=more)
    return Row(
        key=found.number,
        name=receipt_number(found.number),
        quiet=named,
        numbers=(
            f"{day_words(found.sold_at.date(), today)} {found.sold_at:%H:%M}",
            found.till,
            masked(found.member_card, Mask.CARD),
            format_fen(found.total),
        ),
    )


def _found_words(count: int) -> str:
    if count == 0:
        return _("No receipt is like this. Leave out what is not certain, or clear the day.")
    if count >= _MOST:
        return _("The newest {count}. Type one thing more to narrow it down.").format(count=count)
    return _n("{count} receipt", "{count} receipts", count).format(count=count)
