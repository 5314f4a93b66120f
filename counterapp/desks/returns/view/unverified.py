"""The dialog for goods that came without a receipt: they are scanned or typed, looked up, and put on the desk."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from counterapp.core.goods_codes import looks_like_goods
from counterapp.core.money import format_fen, format_quantity, format_unit_price
from counterapp.desks.returns.services.unverified import KnownGoods, TypedGoods, find_sold, open_unverified
from counterapp.hardware.scanner import Scan
from counterapp.return_forms.terms import Category
from counterapp.ui import theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.dialogs import buttons
from counterapp.ui.live_text import LiveText
from counterapp.ui.requests import Requests
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.ui.widgets import (
    DOT,
    Choices,
    CodeField,
    KeyButton,
    Kind,
    LineTable,
    Option,
    Role,
    Row,
    SentenceLine,
    Text,
    TextField,
    field_row,
)
from counterapp.words import N_, _
from counterapp.work import StoreClient

_TABLE: Final = 42 + 4 * 64
_PRICE: Final = r"[0-9]{0,8}(\.[0-9]{0,4})?"
_QUANTITY: Final = r"[0-9]{0,5}(\.[0-9]{0,3})?"
_CATEGORIES: Final = {
    Category.GENERAL: N_("General goods"),
    Category.PACKAGED: N_("Packaged food"),
    Category.FRESH: N_("Fresh food"),
    Category.FROZEN: N_("Frozen food"),
    Category.APPLIANCE: N_("Appliance"),
    Category.HYGIENE: N_("Hygiene goods"),
    Category.CONSUMABLE: N_("Consumable"),
    Category.ALCOHOL: N_("Alcohol"),
    Category.TOBACCO: N_("Tobacco"),
}


class UnverifiedDialog(Dialog):
    """Collects the goods one by one; `made(int)` with the id of the case that was opened of them."""

    made = Signal(int)

    def __init__(self, context: ViewContext, client: StoreClient) -> None:
        super().__init__(
            lambda: _("Return without a receipt"),
            lambda: _("The customer service manager signs. Never cash."),
            1080,
        )
        self._client, self._requests = client, Requests(context, client, self)
        self._goods: list[TypedGoods] = []
        self._known: KnownGoods | None = None
        self._looked_up = ""
        self._busy = False
        self._scanned: deque[str] = deque()
        self._make_fields()
        self._category = Choices([Option(kind, partial(_category_words, kind)) for kind in _CATEGORIES], columns=5)
        self._category.chosen.connect(lambda _kind: self._go_on())
        self.body.addWidget(self._category)
        self.table = LineTable(
            lambda: _("Goods"), [lambda: _("Quantity"), lambda: _("Unit price"), lambda: _("Amount")]
        )
        self.table.setFixedHeight(theme.px(_TABLE))
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addWidget(self.table)
        self._sentence = SentenceLine(lambda: _("Scan the goods or type their number. Enter once all are there."))
        self.body.addWidget(self._sentence)
        self.body.addLayout(self._make_foot())
        self._begin()

    @property
    def sentence(self) -> str:
        """The sentence over the buttons."""
        return self._sentence.text

    def take_scan(self, scan: Scan) -> bool:
        """Take goods: known ones are added at once, one piece or what the label of the scales says."""
        if self._client.is_receipt(scan.text):
            return False
        self._scanned.append(scan.text)
        self._take_next()
        return True

    def opened(self) -> None:
        self._code.setFocus()

    def keys(self) -> list[tuple[str, str]]:
        return [("↑ ↓", _("Another line")), *super().keys()]

    def press(self, key: str) -> bool:
        if key in {"Up", "Down"}:
            self.table.step(1 if key == "Down" else -1)
        elif key == "Enter":
            self._on_entered()
        else:
            return super().press(key)
        return True

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._show_goods()

    def _make_fields(self) -> None:
        self._code, self._name, self._department = CodeField("", 20), TextField("", 120), TextField("", 40)
        self._price, self._quantity = CodeField("", 13), CodeField("", 9)
        for field, allowed in ((self._price, _PRICE), (self._quantity, _QUANTITY)):
            field.setValidator(QRegularExpressionValidator(QRegularExpression(allowed), field))
        fields: list[tuple[QLineEdit, LiveText, int]] = [
            (self._code, lambda: _("Item number or barcode"), 220),
            (self._name, lambda: _("Item name"), 0),
            (self._department, lambda: _("Department"), 150),
            (self._price, lambda: _("Unit price"), 120),
            (self._quantity, lambda: _("Quantity"), 96),
        ]
        self._fields = tuple(field for field, _words, _width in fields)
        self._code.textEdited.connect(self._on_code_edited)
        self.body.addLayout(field_row(fields))

    def _make_foot(self) -> QHBoxLayout:
        self._sum = Text("", Role.STRONG)
        self._off = KeyButton(lambda: _("Take it off"), "F8")
        self._off.clicked.connect(self._take_off)
        self._primary = KeyButton("", "Enter", Kind.PRIMARY)
        foot = buttons(self, self._primary, self._on_entered, self._off, tab=False)
        foot.insertWidget(0, self._sum, 1)
        return foot

    def _begin(self) -> None:
        """Be ready for the next of the goods."""
        for field in self._fields:
            field.clear()
        self._known, self._looked_up = None, ""
        self._category.choose(None)
        self._show_fields()
        self._show_goods()
        self._code.setFocus()

    def _show_fields(self) -> None:
        unknown = bool(self._looked_up) and self._known is None
        for field in (self._name, self._department):
            field.setEnabled(unknown)
        for field in (self._price, self._quantity):
            field.setEnabled(bool(self._looked_up))
        self._category.setVisible(unknown)
        self._show_primary()

    def _show_goods(self) -> None:
        self.table.show_rows([_row_of(place, goods) for place, goods in enumerate(self._goods)])
        if self._goods and self.table.current_key is None:
            self.table.choose(len(self._goods) - 1)
        together = format_fen(sum(goods.fen for goods in self._goods))
        self._sum.say(lambda: _("Together {amount}").format(amount=together) if self._goods else "")
        self._off.setEnabled(bool(self._goods))
        self._show_primary()

    def _show_primary(self) -> None:
        if self._looked_up or not self._goods:
            self._primary.say(lambda: _("Add it") if self._looked_up else _("Look it up"))
        else:
            self._primary.say(lambda: _("Put them on the desk"))

    def _on_code_edited(self) -> None:
        if self._looked_up:
            code = self._code.text()
            self._begin()
            self._code.setText(code)

    def _on_entered(self) -> None:
        code = self._code.text().strip()
        if self._looked_up:
            self._go_on()
        elif code:
            self._look_up(code, at_once=False)
        elif self._goods:
            self._open()
        else:
            self._sentence.say(lambda: _("Scan or type the goods first."), Meaning.MISSING)

    def _go_on(self) -> None:
        if self._add():
            self._take_next()

    def _take_next(self) -> None:
        """Look up what was scanned next, once the goods before it are on the list."""
        if self._scanned and not self._busy and (not self._looked_up or self._add()):
            self._look_up(self._scanned.popleft(), at_once=True)

    def _look_up(self, code: str, *, at_once: bool) -> None:
        if self._busy:
            return
        self._busy = True
        self._requests.read(
            lambda session, _actor: find_sold(session, code),
            partial(self._on_found, code, at_once),
            self,
            self._on_failed,
        )

    def _on_found(self, code: str, at_once: bool, known: KnownGoods | None) -> None:
        self._busy = False
        self._known, self._looked_up = known, code
        self._code.setText(known.item_no if known is not None else code)
        if known is not None:
            self._name.setText(known.name)
            self._department.setText(known.department)
            self._price.setText(format_unit_price(known.price))
            self._quantity.setText(format_quantity(known.quantity) if known.quantity else "")
        else:
            self._quantity.setText("1")
        self._show_fields()
        if known is None:
            self._sentence.say(lambda: _("Not sold here as far as is known. Type what it is."), Meaning.MISSING)
            self._name.setFocus()
        elif at_once and self._add():
            self._take_next()
        else:
            self._quantity.setFocus()
            self._quantity.selectAll()

    def _on_failed(self, _error: BaseException) -> None:
        self._busy = False

    def refuse(self, sentence: LiveText) -> None:
        """Say why it was not done; the goods stay."""
        self._sentence.say(sentence, Meaning.REFUSED)

    def _add(self) -> bool:
        """Put what is in the fields onto the list; False where something is missing, and the focus is there."""
        empty = next((field for field in self._fields if field.isEnabled() and not field.text().strip(" .")), None)
        if empty is not None:
            self._sentence.say(lambda: _("This is still missing. Type it, then press Enter."), Meaning.MISSING)
            empty.setFocus()
            return False
        category = self._known.category if self._known is not None else self._category.value
        if not isinstance(category, Category):
            self._sentence.say(lambda: _("Which kind of goods is it? Keys 1 to 9."), Meaning.MISSING)
            self.setFocus()
            return False
        goods = self._typed(category)
        refusal = self._refusal(goods)
        if refusal is not None:
            self._sentence.say(refusal, Meaning.REFUSED)
            return False
        same = next((one for one in self._goods if _is_like(one, goods)), None)
        if same is None:
            self._goods.append(goods)
        else:
            goods = replace(same, quantity=same.quantity + goods.quantity)
            self._goods[self._goods.index(same)] = goods
        self._sentence.say_usual()
        self._begin()
        self.table.choose(self._goods.index(goods))
        return True

    def _typed(self, category: Category) -> TypedGoods:
        code = self._code.text().strip()
        return TypedGoods(
            item_no=code,
            name=self._name.text().strip(),
            department=self._department.text().strip(),
            category=category,
            price=int(Decimal(self._price.text()) * 10_000),
            quantity=int(Decimal(self._quantity.text()) * 1_000),
            barcode=code if self._known is None and looks_like_goods(code) else "",
        )

    def _refusal(self, goods: TypedGoods) -> LiveText | None:
        known = self._known
        if known is not None and goods.price > known.price:
            self._price.setFocus()
            said = N_("{item} is sold for {price} at present. Without a receipt no more than that is given back.")
            return lambda: _(said).format(item=known.name, price=format_unit_price(known.price))
        if goods.fen <= 0:
            self._price.setFocus()
            return lambda: _("{item}: type a price and a quantity.").format(item=goods.name)
        if known is not None and goods.quantity % 1000 and not known.weighed:
            self._quantity.setFocus()
            return lambda: _("{item} is sold by the piece. Give a whole number.").format(item=known.name)
        return None

    def _take_off(self) -> None:
        place = self.table.current_key
        if isinstance(place, int) and place < len(self._goods):
            del self._goods[place]
            self._show_goods()

    def _open(self) -> None:
        goods = tuple(self._goods)
        self._requests.command(
            "return.unverified", lambda session, actor: open_unverified(session, actor, goods), self.made.emit, self
        )


def _is_like(one: TypedGoods, other: TypedGoods) -> bool:
    return (one.item_no, one.name, one.price, one.category) == (other.item_no, other.name, other.price, other.category)


def _row_of(place: int, goods: TypedGoods) -> Row:
    return Row(
        key=place,
        name=goods.name,
        quiet=DOT.join((goods.item_no, goods.department, _category_words(goods.category))),
        numbers=(format_quantity(goods.quantity), format_unit_price(goods.price), format_fen(goods.fen)),
    )


def _category_words(category: Category) -> str:
    return _(_CATEGORIES[category])
