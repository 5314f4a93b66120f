"""The usual screen of a desk: what every one of them does without saying so."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from counterapp import words
from counterapp.ui import theme
from counterapp.ui.list_detail import Key, ListDetailView, RecordList, Verdict
from counterapp.ui.theme import Meaning
from counterapp.ui.view import DeskTab, ViewContext
from counterapp.ui.widgets import Chip, EmptyState, Fact, KeyButton, Row, RowVerdict, Text, VerdictPanel
from counterapp.ui.window import Window
from counterapp.words import _
from tests.ui.conftest import MakeWindow, settle
from tests.ui.played import PlayedStore
from tests.ui.test_gallery import faults_of


@dataclass(frozen=True)
class Gift:
    number: int
    name: str
    late: bool = False


GIFTS = [Gift(1, "cup"), Gift(2, "bowl", late=True), Gift(3, "umbrella", late=True)]


class GiftsView(ListDetailView[Gift]):
    title = "Gifts"

    def __init__(self, context: ViewContext, store: PlayedStore) -> None:
        self.gifts: Sequence[Gift] = GIFTS
        self.given: list[int] = []
        empty = EmptyState("circle-check", lambda: _("Close"))
        records = RecordList("Gift", ["Number"], "State", empty, "All gifts")
        super().__init__(context, store.client, records, lambda _session, _actor: self.gifts)

    def key_of(self, one: Gift) -> Hashable:
        return one.number

    def row_of(self, one: Gift) -> Row:
        return Row(one.number, one.name, "", (str(one.number),), RowVerdict(Meaning.NEUTRAL, _("Close")))

    def is_late(self, one: Gift) -> bool:
        return one.late

    def show_details(self, one: Gift | None) -> None:
        if one is None:
            self.details.show_record("nothing", (), "", (Key("F4", "Take in", self._take),))
            return
        keys = (
            Key("Enter", "Give", self._give, primary=True),
            Key("F6", "Look", self._take, enabled=one.number != 2),
            Key("F7", "Keep", self._take),
            Key("F8", "A step with rather many words", self._take),
        )
        verdict = Verdict(Meaning.REFUSED, "late") if one.late else None
        chips = (RowVerdict(Meaning.NEUTRAL, "chip"),) if one.late else ()
        self.details.show_record(one.name, (Fact("Number", str(one.number)),), "about it", keys, chips, verdict)

    def _give(self) -> None:
        if self.current is not None:
            self.given.append(self.current.number)

    def _take(self) -> None:
        self.given.append(0)


@pytest.fixture
def store() -> PlayedStore:
    return PlayedStore()


@pytest.fixture
def window(make_window: MakeWindow, store: PlayedStore, qapp: QApplication) -> Window:
    words.use("en")
    window = make_window(language="en")
    window.admit("王丽", [DeskTab("Gifts", "store", lambda context: GiftsView(context, store))])
    while store.line:
        store.answer()
    settle(qapp)
    return window


@pytest.fixture
def view(window: Window) -> GiftsView:
    assert isinstance(window.current_view, GiftsView)
    return window.current_view


def said(view: GiftsView) -> list[str]:
    found = [text.text() for text in view.findChildren(Text) if text.isVisible()]
    found += [button.text() for button in view.findChildren(KeyButton) if button.isVisible()]
    return found + [chip.text for chip in view.findChildren(Chip) if chip.isVisible()]


def again(view: GiftsView, store: PlayedStore) -> None:
    view.read_again()
    while store.line:
        store.answer()


def test_the_first_is_chosen_and_the_arrows_choose_another(window: Window, view: GiftsView) -> None:
    assert view.current == GIFTS[0]
    assert {"cup", "about it", "Give", "All gifts", "2 are late"} <= set(said(view))
    window.press("Down")
    assert view.current == GIFTS[1]
    assert "bowl" in said(view)
    window.press("Up")
    window.press("Up")
    assert view.current == GIFTS[0]


def test_keys_belong_to_the_record_that_is_shown(window: Window, view: GiftsView) -> None:
    window.press("Enter")
    window.press("Down")
    window.press("F6")  # not for this one
    view.pick()
    assert view.given == [1, 2]
    button = next(one for one in view.findChildren(KeyButton) if one.key == "Enter")
    window.press("Down")
    assert button.isVisible()
    assert button.text() == "Give"  # the same button, so that the focus stays where it is


def test_the_choice_stays_through_a_read_and_goes_to_the_first_when_it_is_gone(
    view: GiftsView, store: PlayedStore
) -> None:
    view.choose(GIFTS[2])
    view.gifts = [Gift(9, "new"), *GIFTS]
    again(view, store)
    assert view.current == GIFTS[2]
    view.gifts = GIFTS[:2]
    again(view, store)
    assert view.current == GIFTS[0]
    assert "1 is late" in said(view)


def test_where_nothing_is_the_empty_state_says_so(window: Window, view: GiftsView, store: PlayedStore) -> None:
    view.gifts = []
    again(view, store)
    assert view.current is None
    assert not view.records.table.isVisible()
    assert not view.records.table.hasFocus(), "keys go to what can be seen"
    assert "nothing" in said(view)
    assert "Give" not in said(view)
    view.activated()
    window.press("F4")
    assert view.given == [0]
    view.gifts = GIFTS
    again(view, store)
    assert view.records.table.isVisible()


def test_it_reads_again_after_a_refusal_and_not_while_nobody_is_signed_in(
    view: GiftsView, store: PlayedStore, qtbot: QtBot
) -> None:
    store.line.clear()
    person, store.person = store.person, None
    view.activated()
    view.show_again()
    assert not store.line
    store.person = person
    assert view.actor is person
    view.requests.command("gift.give", lambda _session, _actor: None)
    store.line.clear()
    view.requests.refused.emit(None)
    assert len(store.line) == 1


def test_it_speaks_the_other_language_at_once(view: GiftsView, qapp: QApplication) -> None:
    words.use("zh")
    theme.speak(qapp, "zh")
    settle(qapp)
    assert [row.verdict.words for row in view.records.table.rows if row.verdict] == ["关闭"] * 3


@pytest.mark.parametrize("large", [False, True])
def test_everything_has_its_room(make_window: MakeWindow, store: PlayedStore, qapp: QApplication, large: bool) -> None:
    window = make_window(language="en", large=large)
    window.admit("王丽", [DeskTab("Gifts", "store", lambda context: GiftsView(context, store))])
    while store.line:
        store.answer()
    for key in ("Down", "Down", "Up"):
        settle(qapp)
        assert faults_of(window) == []
        window.press(key)
    view = window.current_view
    assert isinstance(view, GiftsView)
    assert any(panel.isVisible() for panel in view.findChildren(VerdictPanel))
    if not large:
        look, keep, give = (
            next(one for one in view.findChildren(KeyButton) if one.key == key) for key in ("F6", "F7", "Enter")
        )
        assert look.y() == keep.y()
        assert give.width() > look.width() * 1.9
