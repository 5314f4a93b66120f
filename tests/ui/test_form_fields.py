"""Forms on the screen: typed by keys alone, every mistake at its field, personal values masked, in a low window too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from counterapp import words
from counterapp.core import customers
from counterapp.core.customers import CustomerFound, CustomerKnown
from counterapp.core.masking import Mask
from counterapp.core.record_form import Field, FieldKind, Form, Value, read
from counterapp.ui.count_dialog import CountDialog, CountLine
from counterapp.ui.customer_field import CustomerField
from counterapp.ui.dialog import Dialog
from counterapp.ui.form_fields import FormDialog, FormFields
from counterapp.ui.requests import Requests
from counterapp.ui.widgets import ChoiceField, LineTable, NotesField, TextField
from counterapp.ui.window import Window
from tests.ui.conftest import MakeWindow, settle

WAYS = {"counter": "At the counter", "phone": "By phone", "letter": "By letter"}
FORM = Form(
    "Complaint",
    (
        (Field("number", "Number", FieldKind.NUMBER, 4, typed=False),
         Field("way", "Way", FieldKind.CHOICE, 4, required=True, choices=WAYS),
         Field("day", "Day", FieldKind.DAY, 4, required=True)),
        (Field("name", "Name", width=6, required=True, most=40, mask=Mask.NAME),
         Field("phone", "Phone", FieldKind.PHONE, 6, most=20, mask=Mask.PHONE)),
        (Field("content", "Content", FieldKind.NOTE, required=True, most=1000),),
        (Field("clerk", "Clerk", FieldKind.SIGNATURE, 12),),
    ),
)  # fmt: skip


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def put(text: str) -> None:
    """Type, or let an input method put in what no key bears."""
    if text.isascii():
        QTest.keyClicks(focus(), text)
        return
    put_in = QInputMethodEvent()
    put_in.setCommitString(text)
    QApplication.sendEvent(focus(), put_in)


def type_keys(text: str, then: Qt.Key = Qt.Key.Key_Tab) -> None:
    put(text)
    QTest.keyClick(focus(), then)


def said(place: QWidget) -> list[str]:
    return [label.text() for label in place.findChildren(QLabel) if label.isVisible() and label.text()]


@pytest.fixture
def dialog(window: Window) -> FormDialog:
    dialog = FormDialog(FORM, "A complaint is taken in", "Take it in")
    window.dialogs.open(dialog)
    settle(QApplication.instance())  # type: ignore[arg-type]  # an application
    return dialog


def answers(dialog: FormDialog) -> list[dict[str, str]]:
    heard: list[dict[str, str]] = []
    dialog.answered.connect(heard.append)
    return heard


def test_a_form_is_filled_in_with_the_keys_alone(window: Window, dialog: FormDialog) -> None:
    heard = answers(dialog)
    for keys in ("2", "2026-11-20", "张三", "139 1234 5678"):
        type_keys(keys)
    type_keys("鸡蛋碎了", Qt.Key.Key_Return)
    put("想退货")
    assert isinstance(focus(), NotesField)
    QTest.keyClick(focus(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert heard == [
        {"way": "phone", "day": "2026-11-20", "name": "张三", "phone": "139 1234 5678", "content": "鸡蛋碎了\n想退货"}
    ]
    assert read(FORM, heard[0])["day"] == dt.date(2026, 11, 20)
    assert window.dialogs.current is dialog, "whoever opened it closes it"


def test_every_mistake_stands_at_its_field_and_goes_when_it_is_put_right(window: Window, dialog: FormDialog) -> None:
    heard = answers(dialog)
    words.use("en")
    type_keys("1")
    type_keys("yesterday")
    window.press("Enter")
    assert heard == []
    assert said(dialog).count("Fill this in.") == 2
    assert "Type a day, such as 2026-11-21." in said(dialog)
    assert "Look at these fields again: Day, Name, Content." in said(dialog)
    assert isinstance(focus(), TextField)
    focus().clear()  # type: ignore[attr-defined]
    assert "Type a day, such as 2026-11-21." not in said(dialog)
    for keys in ("11-20", "李四", "", "想退货"):
        type_keys(keys)
    window.press("Enter")
    assert "Type a day, such as 2026-11-21." in said(dialog)
    dialog.refuse("The store is closed.")
    assert "The store is closed." in said(dialog)


def test_a_record_s_personal_values_stay_masked_and_are_left_out_unless_typed_anew(window: Window) -> None:
    values: dict[str, Value] = {
        "way": "letter",
        "day": dt.date(2026, 11, 20),
        "name": "欧阳修文",
        "phone": "13912345678",
        "content": "a\nb",
    }
    fields = FormFields(FORM, values)
    assert fields.typed() == {"way": "letter", "day": "2026-11-20", "content": "a\nb"}
    shown = [field.placeholderText() for field in fields.findChildren(TextField)]
    assert shown == ["", "欧***", "139****5678"]
    phone = fields.findChildren(TextField)[2]
    phone.setText("13700001111")
    assert fields.typed()["phone"] == "13700001111"
    phone.setText("")
    assert fields.typed()["phone"] == "", "who takes it away means it"


@pytest.mark.parametrize(("language", "large"), [("zh", False), ("en", True)])
def test_a_form_fits_a_low_window_and_shows_the_field_in_hand(
    make_window: MakeWindow, language: str, large: bool
) -> None:
    window = make_window(language=language, large=large, size=(1366, 688))
    rows = tuple((Field(f"note{place}", f"Note {place}", FieldKind.NOTE),) for place in range(9))
    dialog = FormDialog(Form("Long", rows), "A long one", "Go on")
    window.dialogs.open(dialog)
    settle(QApplication.instance())  # type: ignore[arg-type]
    assert dialog.height() <= window.height()
    for _ in range(8):
        QTest.keyClick(focus(), Qt.Key.Key_Tab)
    last = focus()
    assert isinstance(last, NotesField)
    place = last.mapTo(dialog, last.rect().bottomLeft()).y()
    assert 0 < place <= dialog.height()


class TestChoiceField:
    @pytest.fixture
    def field(self, window: Window) -> ChoiceField:
        dialog = Dialog("Choice")
        field = ChoiceField([(f"c{number}", f"Choice {number}") for number in range(1, 14)], "Choose")
        dialog.body.addWidget(field)
        window.dialogs.open(dialog)
        field.setFocus()
        self.heard: list[str] = []
        field.textChanged.connect(self.heard.append)
        return field

    def test_digits_choose_and_a_second_one_goes_on(self, field: ChoiceField) -> None:
        for digit, value in (("1", "c1"), ("2", "c12"), ("3", "c3"), ("1", "c1"), ("9", "c9"), ("0", "c9")):
            QTest.keyClicks(field, digit)
            assert field.text() == value
        assert self.heard == ["c1", "c12", "c3", "c1", "c9"]
        assert field.words() == "9  Choice 9"

    def test_arrows_step_and_backspace_takes_it_away(self, field: ChoiceField) -> None:
        for key, value in (
            (Qt.Key.Key_Down, "c1"), (Qt.Key.Key_Down, "c2"), (Qt.Key.Key_Up, "c1"), (Qt.Key.Key_Up, "c1"),
            (Qt.Key.Key_Backspace, ""),
        ):  # fmt: skip
            QTest.keyClick(field, key)
            assert field.text() == value
        field.setText("c13")
        QTest.keyClick(field, Qt.Key.Key_Down)
        assert field.text() == "c13"
        field.setText("unknown")
        assert field.text() == ""

    def test_space_opens_the_list(self, field: ChoiceField) -> None:
        menu = field.open_list()
        assert [action.text() for action in menu.actions()][:2] == ["&1  Choice 1", "&2  Choice 2"]
        menu.actions()[4].trigger()
        menu.close()
        assert field.text() == "c5"
        assert field.minimumSizeHint().width() < field.sizeHint().width()
        field.grab()


COINS = [CountLine("100", "1 yuan", 100), CountLine("50", "5 jiao", 50), CountLine("10", "1 jiao", 10)]


def test_a_count_is_blind_and_whole(window: Window) -> None:
    dialog = CountDialog("Count the float", COINS, "Hand the count in")
    heard: list[dict[str, int]] = []
    dialog.counted.connect(heard.append)
    window.dialogs.open(dialog)
    words.use("en")
    QTest.keyClicks(focus(), "12x")
    window.press("Enter")
    assert heard == []
    QTest.keyClicks(focus(), "3")
    window.press("Down")
    window.press("Enter")
    assert "Count this one too; where there is nothing type 0." in said(dialog)
    QTest.keyClicks(focus(), "0")
    assert "¥13.50" in said(dialog)
    window.press("Enter")
    assert heard == [{"100": 12, "50": 3, "10": 0}]
    dialog.refuse("A second person counts now.")
    assert "A second person counts now." in said(dialog)


def test_a_count_of_money_opens_no_window_beside_it_and_keeps_the_focus(window: Window, qapp: QApplication) -> None:
    before = {widget for widget in qapp.topLevelWidgets() if widget.isVisible()}
    dialog = CountDialog("Count the float", COINS, "Hand the count in")
    assert {widget for widget in qapp.topLevelWidgets() if widget.isVisible()} == before
    window.dialogs.open(dialog)
    settle(qapp)
    assert dialog.isAncestorOf(focus())


def test_a_count_of_places_has_no_sum(window: Window) -> None:
    dialog = CountDialog("Count the carts", [CountLine(f"p{place}", f"Entrance {place}") for place in range(9)], "Done")
    window.dialogs.open(dialog)
    assert not [text for text in said(dialog) if text.startswith("¥")]


class TestCustomerField:
    PEOPLE = (CustomerFound(3, "欧***", "139****5678", "8800 ****0336"), CustomerFound(7, "欧*", "186****1111", ""))

    @pytest.fixture
    def field(self, window: Window, monkeypatch: pytest.MonkeyPatch) -> CustomerField:
        self.asked: list[str] = []
        self.acts: list[str] = []
        self.found: list[CustomerFound | None] = []
        self.revealed: list[CustomerKnown] = []
        monkeypatch.setattr(customers, "find", self._find)
        monkeypatch.setattr(
            customers, "reveal", lambda _session, _actor, at: CustomerKnown(at, "欧阳修文", "13912345678", "")
        )
        dialog = Dialog("A call")
        played = SimpleNamespace(read=lambda work, done: done(work(None, None)), command=self._command)
        field = CustomerField(cast(Requests, played))
        field.found.connect(self.found.append)
        field.revealed.connect(self.revealed.append)
        dialog.body.addWidget(field)
        window.dialogs.open(dialog)
        field.setFocus()
        return field

    def _find(self, _session: object, typed: str) -> tuple[CustomerFound, ...]:
        self.asked.append(typed)
        return tuple(one for one in self.PEOPLE if typed.startswith("oy"))

    def _command(self, act: str, work: Callable[..., Any], done: Callable[[Any], None]) -> None:
        self.acts.append(act)
        done(work(None, None))

    def test_it_searches_once_the_fingers_rest_and_the_arrows_choose(
        self, window: Window, field: CustomerField, qtbot: Any
    ) -> None:
        QTest.keyClicks(focus(), "oyx")
        qtbot.waitUntil(lambda: self.found[-1:] == [self.PEOPLE[0]])
        assert self.asked == ["oyx"]
        QTest.keyClick(focus(), Qt.Key.Key_Down)
        assert (field.customer, self.found[-1]) == (self.PEOPLE[1], self.PEOPLE[1])
        window.press("F8")
        assert (self.acts, self.revealed[0].id) == (["customer.reveal"], 7)
        table = field.findChildren(LineTable)[0]
        assert [(row.name, row.numbers) for row in table.rows] == [
            ("欧***", ("139****5678",)),
            ("欧*", ("186****1111",)),
        ]

    def test_nobody_who_fits_is_told_as_nobody(self, window: Window, field: CustomerField) -> None:
        field.field.setText("nobody")
        field.search()
        assert (field.customer, self.found[-1]) == (None, None)
        window.press("F8")
        assert self.acts == []
