"""What a view asks of the store, and where it says that it was refused."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject

from counterapp.errors import CounterError, Overtaken, Refused
from counterapp.ui.dialog import Dialog
from counterapp.ui.live_text import LiveText, current_text
from counterapp.ui.requests import Requests
from counterapp.ui.window import Window
from counterapp.words import N_
from tests.ui.played import PlayedStore

WHY = N_("Somebody else was faster. Look at it again.")


class AskingDialog(Dialog):
    def __init__(self) -> None:
        super().__init__("ask")
        self.refused: list[str] = []

    def refuse(self, sentence: LiveText) -> None:
        self.refused.append(current_text(sentence))


@pytest.fixture
def store() -> PlayedStore:
    return PlayedStore()


@pytest.fixture
def requests(window: Window, store: PlayedStore) -> Requests:
    return Requests(window.context, store.client, window)


@pytest.fixture
def dialog(window: Window) -> AskingDialog:
    dialog = AskingDialog()
    window.dialogs.open(dialog)
    return dialog


def test_a_read_and_a_command_get_whoever_is_signed_in(requests: Requests, store: PlayedStore) -> None:
    got: list[object] = []
    requests.read(lambda _session, actor: actor.person.number, got.append)
    requests.command("gift.give", lambda _session, actor: actor.station, got.append)
    store.answer()
    store.answer()
    assert got == ["6012", "2"]
    assert store.acts == ["gift.give"]
    assert requests.actor is store.person


def test_where_nobody_is_signed_in_nothing_is_sent_and_that_is_said(
    window: Window, requests: Requests, store: PlayedStore, dialog: AskingDialog
) -> None:
    store.person = None
    got: list[int] = []
    failed: list[BaseException] = []
    requests.read(lambda _session, _actor: 1, got.append, failed=failed.append)
    assert window.banner.text
    requests.command("gift.give", lambda _session, _actor: 1, None, dialog)
    assert not store.line
    assert not got
    assert len(failed) == 1
    assert len(dialog.refused) == 1
    assert requests.actor is None


def test_a_dialog_is_closed_once_the_command_is_carried_out(
    window: Window, requests: Requests, store: PlayedStore, dialog: AskingDialog
) -> None:
    requests.command("gift.explain", lambda _session, _actor: None, None, dialog, keep_open=True)
    store.answer()
    assert window.dialogs.current is dialog
    requests.command("gift.give", lambda _session, _actor: None, None, dialog)
    assert window.dialogs.current is dialog
    store.answer()
    assert window.dialogs.current is None


def test_a_refusal_stands_in_the_dialog_while_that_is_open_and_otherwise_over_the_view(
    window: Window, requests: Requests, store: PlayedStore, dialog: AskingDialog
) -> None:
    told: list[CounterError] = []
    requests.refused.connect(told.append)
    for _time in range(2):
        requests.command("gift.give", lambda _session, _actor: None, None, dialog)
    store.fail(Overtaken(WHY))
    assert dialog.refused == [str(Overtaken(WHY))]
    assert window.banner.text == ""
    dialog.close_dialog()
    store.fail(Overtaken(WHY))
    assert window.banner.text == str(Overtaken(WHY))
    assert len(dialog.refused) == 1
    assert [type(error) for error in told] == [Overtaken, Overtaken]


def test_a_dialog_behind_a_locked_screen_hears_of_its_refusal(
    window: Window, requests: Requests, store: PlayedStore, dialog: AskingDialog
) -> None:
    requests.command("gift.give", lambda _session, _actor: None, None, dialog)
    window.dialogs.put_away()
    store.fail(Refused(WHY))
    window.dialogs.bring_back()
    assert dialog.refused == [str(Refused(WHY))]


def test_a_bug_is_told_as_one_and_the_dialog_waits_no_longer(
    window: Window, requests: Requests, store: PlayedStore, dialog: AskingDialog
) -> None:
    met: list[str] = []
    told: list[object] = []
    window.messages.bug_met.connect(met.append)
    requests.refused.connect(told.append)
    requests.command("gift.give", lambda _session, _actor: None, None, dialog)
    store.fail(ValueError("broken"))
    assert "broken" in met[0]
    assert len(dialog.refused) == 1
    assert not told


def test_what_was_read_for_a_dialog_that_is_closed_comes_to_nothing(
    requests: Requests, store: PlayedStore, dialog: AskingDialog
) -> None:
    got: list[object] = []
    requests.read(lambda _session, _actor: 1, got.append, dialog)
    requests.read(lambda _session, _actor: 2, got.append, dialog)
    store.answer()
    dialog.close_dialog()
    store.answer()
    assert got == [1]


def test_work_with_transactions_of_its_own_is_refused_in_the_same_place(
    requests: Requests, store: PlayedStore, dialog: AskingDialog
) -> None:
    got: list[object] = []
    requests.run(lambda: "hash", got.append, dialog)
    requests.run(lambda: "hash", got.append, dialog)
    store.answer()
    store.fail(Refused(WHY))
    assert got == ["hash"]
    assert dialog.refused == [str(Refused(WHY))]


def test_it_lives_as_long_as_its_owner(window: Window, store: PlayedStore) -> None:
    owner = QObject()
    requests = Requests(window.context, store.client, owner)
    assert requests.parent() is owner
