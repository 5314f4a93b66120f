"""The tab of returned goods: at the left what waits at the counter, each with its clock; at the right the day's floor
sheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout

from counterapp.core.actor import Actor
from counterapp.desks.returned_goods.models import SHEET_LETTERS
from counterapp.desks.returned_goods.services import notices, sheets
from counterapp.desks.returned_goods.services.notices import LONGEST_FOUND, Notice
from counterapp.desks.returned_goods.services.overview import Overview, overview
from counterapp.desks.returned_goods.services.sheets import LONGEST_REMARK, SheetDetails
from counterapp.desks.returned_goods.view.notice_list import NoticeList
from counterapp.desks.returned_goods.view.person_dialog import PersonDialog, RemarkSpec
from counterapp.desks.returned_goods.view.texts import (
    about_words,
    department_words,
    goods_words,
    sheet_row,
    sheet_words,
    unlisted_row,
)
from counterapp.hardware.scanner import Scan
from counterapp.return_forms.models import CASE_LETTERS
from counterapp.ui import theme
from counterapp.ui.live_text import LiveText
from counterapp.ui.polling import Poller
from counterapp.ui.requests import Requests
from counterapp.ui.theme import Meaning
from counterapp.ui.view import View, ViewContext
from counterapp.ui.widgets import Card, Chip, EmptyState, KeyButton, Kind, LineTable, Role, Text
from counterapp.words import N_, _, _n
from counterapp.work import StoreClient

#: How often the tab is read again while it is looked at, and how often the clocks are painted, in milliseconds.
EVERY: Final = 3_000
TICK: Final = 1_000
_RIGHT: Final = 492

T = TypeVar("T")


class ReturnedGoodsView(View):
    """Notices are collected and answered, sheets made, printed and signed. A scan of a notice's slip, of the goods or
    of a floor sheet opens it at once."""

    title = N_("Goods back")
    hint = N_("Scan the slip, the goods or the floor sheet")
    icon = "megaphone"
    prefixes = (SHEET_LETTERS,)

    def __init__(self, context: ViewContext, client: StoreClient) -> None:
        super().__init__(context)
        self._client = client
        self._requests = Requests(context, client, self)
        self._read: Overview | None = None
        self._chose_sheets = False
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(16))
        self._list = NoticeList(self._zone)
        line.addWidget(self._make_notices(), 1)
        self._right = self._make_sheets()
        line.addWidget(self._right)
        for table in (self._list, self._table):
            table.installEventFilter(self)
        self._poller = Poller(client, self, overview, EVERY)
        self._poller.arrived.connect(self._on_read)
        self._poller.follow(self)
        self._requests.refused.connect(self._poller.read)
        self._clock = QTimer(self)
        self._clock.setInterval(TICK)
        self._clock.timeout.connect(self._tick)
        self._give_keys()

    def take_scan(self, scan: Scan) -> bool:
        text = scan.text
        if text.startswith(SHEET_LETTERS):
            self._requests.read(lambda session, _actor: sheets.find_sheet(session, text), self._ask_signature)
            return True
        named = [one for one in self._open if text in {one.case_code, one.barcode, one.item_no}]
        notice = next((one for one in named if one.to_collect), named[0] if named else None)
        if notice is None:
            if not text.startswith(CASE_LETTERS) and any(text == one.barcode for one in self._done):
                self._say(lambda: _("These goods have been collected already."), Meaning.MISSING)
                return True
            return False
        self._list.choose(notice.return_line_id)
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._go_on_with_notice()
        return True

    def activated(self) -> None:
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._poller.read()

    def retranslate(self) -> None:
        self._show()

    def keys(self) -> list[tuple[str, str]]:
        return [("↑ ↓", _("Another line")), ("← →", _("Notices or sheets")), *super().keys()]

    def press(self, key: str) -> bool:
        if key in {"Up", "Down"}:
            (self._table if self._at_sheets else self._list).step(1 if key == "Down" else -1)
            return True
        if key in {"Left", "Right"}:
            (self._table if key == "Right" else self._list).setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super().press(key)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow which side is worked on: the list that had the focus last."""
        if event.type() == QEvent.Type.FocusIn:
            self._chose_sheets = watched is self._table
            self._give_keys()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._right.setFixedWidth(min(theme.px(_RIGHT), self.width() * 45 // 100))

    @property
    def _zone(self) -> dt.tzinfo:
        store = self._client.store
        return store.zone_info if store is not None else dt.UTC

    @property
    def _open(self) -> Sequence[Notice]:
        return [one for one in self._read.open if one.is_open] if self._read is not None else ()

    @property
    def _done(self) -> Sequence[Notice]:
        return self._read.done if self._read is not None else ()

    @property
    def _at_sheets(self) -> bool:
        return self._chose_sheets or not self._list.notices

    @property
    def _sheet(self) -> SheetDetails | None:
        key = self._table.current_key
        return next((one for one in self._read.sheets if one.id == key), None) if self._read is not None else None

    def _make_notices(self) -> Card:
        card = Card(1)
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(19), 0, theme.px(14), 0)
        head.addWidget(Text(lambda: _("Waits at the counter"), Role.HEADING))
        head.addStretch(1)
        self._late = Chip(Meaning.REFUSED, "", "triangle-alert")
        self._late.hide()
        head.addWidget(self._late)
        card.body.addLayout(head)
        card.body.addWidget(self._list, 1)
        self._empty = EmptyState(
            "circle-check",
            lambda: _("Nothing waits for the floor"),
            lambda: _("Fresh, frozen and spoiled goods that come back at any station appear here by themselves."),
        )
        card.body.addWidget(self._empty, 1)
        self._list.hide()
        self._list.chosen.connect(self._give_keys)
        self._list.picked.connect(self._go_on_with_notice)
        return card

    def _make_sheets(self) -> Card:
        card = Card(1)
        self._day = Text("", Role.HEADING)
        self._day.setContentsMargins(theme.px(18), 0, theme.px(18), 0)
        card.body.addWidget(self._day)
        self._table = LineTable(lambda: _("Department"), [lambda: _("Lines")], lambda: _("Floor sheet"))
        self._table.chosen.connect(self._give_keys)
        self._table.picked.connect(lambda _key: self._go_on_with_sheet())
        card.body.addWidget(self._table, 1)
        # All keys stand at the right: at the lower left the banner speaks.
        self._make = KeyButton(lambda: _("Print new ones"), "F9")
        self._make.clicked.connect(self._make_new)
        self._again = KeyButton(lambda: _("Reprint"), "F11")
        self._again.clicked.connect(self._print_again)
        self._shelf = KeyButton(lambda: _("Answer from the shelf"), "F6")
        self._shelf.clicked.connect(self._ask_answer)
        self._primary = KeyButton("", "Enter", Kind.PRIMARY)
        self._primary.clicked.connect(self._go_on)
        for buttons in ((self._make, self._again), (self._shelf,), (self._primary,)):
            row = QHBoxLayout()
            row.setContentsMargins(theme.px(18), 0, theme.px(18), 0)
            row.setSpacing(theme.px(12))
            for button in buttons:
                row.addWidget(button, 1)
            card.body.addLayout(row)
        return card

    def _on_read(self, read: Overview) -> None:
        self._read = read
        self._show()

    def _show(self) -> None:
        read = self._read
        if read is None:
            return
        self._list.show_notices((*read.open, *read.done), self._client.clock())
        self._list.setVisible(bool(self._list.notices))
        self._empty.setVisible(not self._list.notices)
        if self._empty.isVisible() and self._list.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._day.say(lambda: _("Floor sheets {month:02}-{day:02}").format(month=read.day.month, day=read.day.day))
        rows = [unlisted_row(department, count) for department, count in read.unlisted.items()]
        rows += [sheet_row(sheet, read.day, self._zone) for sheet in read.sheets]
        self._table.show_rows(rows)
        if rows and self._table.current_key not in {row.key for row in rows}:
            unsigned = (sheet.id for sheet in read.sheets if sheet.signed_at is None)
            self._table.choose(next(unsigned, rows[0].key))
        self._make.setEnabled(bool(read.unlisted))
        self._tick()
        self._give_keys()

    def _tick(self) -> None:
        now = self._client.clock()
        self._list.tick(now)
        late = sum(one.is_overdue(now) for one in self._open)
        self._late.show_chip(
            Meaning.REFUSED,
            lambda: _n("{count} is late", "{count} are late", late).format(count=late),
            "triangle-alert",
        )
        self._late.setVisible(bool(late))

    def _give_keys(self) -> None:
        """Let Enter do what comes next on the side that is worked on."""
        notice, sheet = self._list.current, self._sheet
        self._shelf.setVisible(notice is not None and notice.to_answer and notice.to_collect)
        self._again.setEnabled(sheet is not None)
        if self._at_sheets:
            self._primary.say(lambda: _("Sign the sheet"))
            self._primary.setEnabled(sheet is not None and sheet.signed_at is None)
            return
        answers = notice is not None and notice.to_answer and not notice.to_collect
        self._primary.say((lambda: _("Answer from the shelf")) if answers else (lambda: _("Goods collected")))
        self._primary.setEnabled(notice is not None and notice.is_open)

    def _go_on(self) -> None:
        self._go_on_with_sheet() if self._at_sheets else self._go_on_with_notice()

    def _go_on_with_notice(self) -> None:
        notice = self._list.current
        if notice is None or not notice.is_open:
            return
        self._ask_collected(notice) if notice.to_collect else self._ask_answer()

    def _ask_collected(self, notice: Notice) -> None:
        names = self._read.names.collected.get(notice.department, ()) if self._read is not None else ()
        who: LiveText = lambda: _("Who takes the goods")  # noqa: E731 - said again when the language changes
        if notice.supplier:
            who = lambda: _("Who of supplier {supplier} takes the goods").format(supplier=notice.supplier)  # noqa: E731
        dialog = PersonDialog(
            lambda: _("Collected: {department}").format(department=department_words(notice.department)),
            (goods_words(notice), about_words(notice, self._zone)),
            who,
            names,
            lambda: _("Goods collected"),
        )
        dialog.given.connect(
            lambda name, _words: self._do(
                dialog,
                "floor.collect",
                lambda session, actor: notices.collect(session, actor, notice.return_line_id, name),
                lambda _done: _("{name} has taken {goods}.").format(name=name, goods=goods_words(notice)),
            )
        )
        self.context.dialogs.open(dialog)

    def _ask_answer(self) -> None:
        notice = self._list.current
        if notice is None or not notice.to_answer:
            return
        usual: tuple[LiveText, ...] = (
            lambda: _("All others on the shelf are good"),
            lambda: _("More found, taken off the shelf"),
            lambda: _("None left on the shelf"),
        )
        dialog = PersonDialog(
            lambda: _("What the shelf shows"),
            (goods_words(notice), about_words(notice, self._zone)),
            lambda: _("Floor supervisor"),
            self._read.names.answered if self._read is not None else (),
            lambda: _("Keep the answer"),
            RemarkSpec(lambda: _("What was found"), usual, True, LONGEST_FOUND),
        )
        dialog.given.connect(
            lambda name, found: self._do(
                dialog,
                "floor.answer",
                lambda session, actor: notices.answer(session, actor, notice.return_line_id, name, found),
                lambda _done: _("Kept: {found}").format(found=found),
            )
        )
        self.context.dialogs.open(dialog)

    def _go_on_with_sheet(self) -> None:
        if self._sheet is not None:
            self._ask_signature(self._sheet)

    def _ask_signature(self, signed: SheetDetails) -> None:
        if signed.signed_at is not None:
            self._say(
                lambda: _("{name} has signed this sheet already.").format(name=signed.checked_by), Meaning.MISSING
            )
            return
        names = self._read.names.signed.get(signed.department, ()) if self._read is not None else ()
        dialog = PersonDialog(
            lambda: _("Sign: {department}").format(department=department_words(signed.department)),
            sheet_words(signed),
            lambda: _("Duty supervisor of the department"),
            names,
            lambda: _("Checked and signed"),
            RemarkSpec(lambda: _("Remark, if anything is different"), (), False, LONGEST_REMARK),
        )
        dialog.given.connect(
            lambda name, remark: self._do(
                dialog,
                "floor.sign_sheet",
                lambda session, actor: sheets.sign_sheet(session, actor, signed.id, name, remark),
                lambda _done: _("{name} has signed for {department}.").format(
                    name=name, department=department_words(signed.department)
                ),
            )
        )
        self.context.dialogs.open(dialog)

    def _make_new(self) -> None:
        read = self._read
        if read is not None:
            self._do(
                None,
                "floor.make_sheets",
                lambda session, actor: sheets.make_sheets(session, actor, read.day),
                _made_words,
            )

    def _print_again(self) -> None:
        sheet = self._sheet
        if sheet is not None:
            self._do(
                None,
                "floor.print_sheet",
                lambda session, actor: sheets.print_sheet(session, actor, sheet.id),
                lambda _copy: _("The floor sheet is on its way to the printer once more."),
            )

    def _say(self, sentence: LiveText, meaning: Meaning) -> None:
        self.context.messages.say(sentence, meaning)

    def _do(
        self,
        dialog: PersonDialog | None,
        act: str,
        work: Callable[[Any, Actor], T],
        said: Callable[[T], str],
    ) -> None:
        """Do one command, and say that it was done."""
        self._requests.command(act, work, lambda answer: self._say(lambda: said(answer), Meaning.ALLOWED), dialog)


def _made_words(sheets: Sequence[int]) -> str:
    if not sheets:
        return _("Everything that came back stands on a floor sheet already.")
    said = _n("{count} floor sheet is on its way to the printer.", "{count} floor sheets are printing.", len(sheets))
    return said.format(count=len(sheets))
