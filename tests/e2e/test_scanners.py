"""The whole program under two scanners, one that types and one on a serial line, side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from counterapp import app as composition
from counterapp import words
from counterapp.core import staff
from counterapp.core.actor import Role
from counterapp.core.database import Database
from counterapp.desks.returns.services.details import LineDetails
from counterapp.desks.returns.view import ReturnsView
from counterapp.desks.returns.view.receipt_search import ReceiptSearchDialog
from counterapp.hardware.sound import Sound, Speaker
from counterapp.program import Program
from counterapp.settings import ScreenSettings, SerialScannerSettings, Settings
from counterapp.ui import theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.live_text import current_text
from counterapp.ui.messages import BugDialog
from counterapp.ui.widgets import CodeField, TextField
from tests.conftest import KEYS, PIN, PlayedClock, hiring, put_away
from tests.hardware.line import Line
from tests.return_forms.goods import Sold, sell
from tests.ui.conftest import strike

RECEIPT = "0101072611180387"
TOWEL = Sold(quantity=20_000, paid=39_800)
SOAP = Sold("肥皂", 20_000, 10_000, "hygiene", "", "11032", "6910291098621", "针织部")


class Store:
    """The program of a store with both scanners, and the clerk 6012."""

    def __init__(self, qtbot: QtBot, program: Program, line: Line, badge: str) -> None:
        self._qtbot, self.program, self.line, self._badge = qtbot, program, line, badge
        self.heard: list[Sound] = []

    def type(self, *codes: str) -> None:
        """Scan with the scanner that types, without a pause."""
        strike(self.program.window, "".join(f"{code}\r" for code in codes))

    def send(self, *codes: str) -> None:
        """Scan with the one on the line, without a pause."""
        self.line.send("".join(f"{code}\r\n" for code in codes).encode())

    def sign_in(self) -> None:
        self._qtbot.waitUntil(lambda: self.program.client is not None, timeout=20_000)
        self.until_said("Scanner hand: well")
        self.send(self._badge)
        self._qtbot.waitUntil(lambda: self._badge in self._who(), timeout=20_000)
        strike(self.program.window, f"{PIN}\r", 150)
        self._qtbot.waitUntil(lambda: self.program.window.sign_in is None, timeout=20_000)

    def until_said(self, words: str) -> None:
        self._qtbot.waitUntil(lambda: words in self.said(), timeout=20_000)

    def said(self) -> str:
        labels = self.program.window.findChildren(QLabel)
        devices = [current_text(device.words) for device in self.program.window._devices]  # behind the door as well
        return "\n".join([*(label.text() for label in labels if label.isVisible()), *devices])

    @property
    def chosen(self) -> dict[str, int]:
        """What comes back of the receipt on the desk: item number and thousandths."""
        view = self.program.window.current_view
        assert isinstance(view, ReturnsView)
        lines: tuple[LineDetails, ...] = tuple(view.desk.chosen) if view.desk is not None else ()
        return {line.line.item_no: line.chosen.quantity for line in lines if line.chosen is not None}

    def _who(self) -> str:
        door = self.program.window.sign_in
        return door.signature.row.who if door is not None else ""


@pytest.fixture
def store(
    qtbot: QtBot,
    qapp: QApplication,
    sqlite_url: str,
    clock: PlayedClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Store]:
    data = tmp_path / "data"
    (data / "keys.json").write_text(json.dumps({"pepper": KEYS.pepper.hex(), "journal": KEYS.journal.hex()}))
    with Database(sqlite_url, KEYS) as database:
        hiring(database)("6012", Role.CLERK, "王丽")
        sell(database, TOWEL, SOAP)
        badge = next(one.badge for one in database.read(staff.list_staff) if one.number == "6012")
    line = Line(tmp_path / "ttyACM0")
    line.plug_in()
    scanners = {"hand": SerialScannerSettings(str(line.port))}
    settings = replace(Settings(data), screen=ScreenSettings("en"), scanners=scanners)
    words.use("en")
    theme.apply(qapp, language="en")
    program = Program(qapp, settings, composition.desks, composition.install, composition.erasures, clock)
    store = Store(qtbot, program, line, badge)
    monkeypatch.setattr(Speaker, "play", lambda _speaker, sound: store.heard.append(sound))
    program.start()
    with qtbot.waitActive(program.window):
        program.window.activateWindow()
    yield store
    program.stop()
    line.pull_out()
    put_away(program.window)
    words.use("zh")


def test_both_scanners_work_side_by_side_and_no_scan_is_lost(store: Store, qtbot: QtBot) -> None:
    store.sign_in()
    store.send(RECEIPT)
    qtbot.waitUntil(lambda: "Scan the goods" in store.said(), timeout=20_000)
    for _ in range(5):
        store.type(TOWEL.barcode)
        store.send(SOAP.barcode, SOAP.barcode)
    qtbot.waitUntil(lambda: store.chosen == {TOWEL.item_no: 5000, SOAP.item_no: 10_000}, timeout=20_000)


def test_scans_while_the_receipt_is_being_opened_wait_in_line(store: Store, qtbot: QtBot) -> None:
    """One hand is faster than the database: receipt and goods come in one breath."""
    store.sign_in()
    store.type(RECEIPT, TOWEL.barcode, SOAP.barcode, TOWEL.barcode)
    qtbot.waitUntil(lambda: store.chosen == {TOWEL.item_no: 2000, SOAP.item_no: 1000}, timeout=20_000)


def test_an_unplugged_scanner_is_said_on_the_status_bar_and_works_on_when_it_is_back(
    store: Store, qtbot: QtBot
) -> None:
    store.sign_in()
    store.line.pull_out()
    store.until_said("Scanner hand: unplugged")
    store.type(RECEIPT)
    qtbot.waitUntil(lambda: "Scan the goods" in store.said(), timeout=20_000)

    store.line.plug_in()
    store.until_said("Scanner hand: well")
    store.send(TOWEL.barcode)
    qtbot.waitUntil(lambda: store.chosen == {TOWEL.item_no: 1000}, timeout=20_000)


def test_a_scan_that_the_open_sheet_does_not_take_is_refused_aloud(store: Store, qtbot: QtBot) -> None:
    store.sign_in()
    store.program.window.dialogs.open(Dialog("One question"))
    store.send(RECEIPT)
    store.until_said("does not belong here")
    assert store.heard[-1] is Sound.REFUSED


def test_a_scan_that_an_input_method_makes_full_width_goes_where_it_belongs_and_not_into_the_field(
    store: Store, qtbot: QtBot
) -> None:
    """The sheet that finds receipts has a field for Chinese names; the receipt turns up and is scanned after all."""
    store.sign_in()
    store.program.window.press("F3")
    sheet = store.program.window.dialogs.current
    assert isinstance(sheet, ReceiptSearchDialog)
    field = next(field for field in sheet.findChildren(TextField) if not isinstance(field, CodeField))
    field.setFocus()
    for char in RECEIPT:
        composed = QInputMethodEvent()
        composed.setCommitString(chr(ord(char) - 0x20 + 0xFF00))
        QApplication.sendEvent(field, composed)
    strike(store.program.window, "\r")
    assert field.text() == ""
    qtbot.waitUntil(lambda: "Scan the goods" in store.said(), timeout=20_000)
    assert store.program.window.dialogs.current is None


def test_sound_may_be_turned_off(store: Store, qtbot: QtBot) -> None:
    devices = store.program._devices
    devices._settings = replace(devices._settings, screen=ScreenSettings("en", sound=False))
    store.sign_in()
    store.send("6901234567892")
    store.until_said("6901234567892")
    assert store.heard == []


def test_noise_on_the_line_is_refused_and_never_a_bug(store: Store, qtbot: QtBot) -> None:
    store.sign_in()
    store.line.send(bytes(range(256)) * 20 + b"\r\n" + bytes(range(128, 160)) + b"\r\n")
    store.until_said("characters that no code of the store has")
    assert not isinstance(store.program.window.dialogs.current, BugDialog)
    store.send(RECEIPT)
    qtbot.waitUntil(lambda: "Scan the goods" in store.said(), timeout=20_000)


def test_somebody_who_scans_on_the_line_alone_is_there(store: Store, qtbot: QtBot) -> None:
    """The screen must not lock under a hand that never touches a key."""
    store.sign_in()
    before = store.program._idle._touched
    store.send(RECEIPT)
    qtbot.waitUntil(lambda: store.program._idle._touched > before)
