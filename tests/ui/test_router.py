"""Where scans go: to the view that is open, to the desk whose they are, or to a sentence that says why nowhere."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from counterapp.hardware.scanner import KeyboardScanner
from counterapp.ui.window import Window
from tests.ui.conftest import FORM, press, sample, scanned, strike
from tests.ui.sample import RECEIPT, desks


def test_the_view_that_is_open_takes_what_it_knows(window: Window) -> None:
    window.router.route(scanned(RECEIPT))

    assert sample(window).taken == [RECEIPT]


def test_a_receipt_opens_its_desk_from_any_other(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    returns = sample(window)
    monkeypatch.setattr(window.show_desk(desks()[3]), "take_scan", lambda scan: False)
    window.router.route(scanned(RECEIPT))

    assert window.current_view is returns
    assert returns.taken == [RECEIPT]


def test_one_of_our_codes_opens_the_desk_of_its_letters(window: Window) -> None:
    window.show_desk(desks()[3])
    window.router.route(scanned(FORM))

    assert window.current_desk is not None
    assert window.current_desk.name == desks()[0].name


@pytest.mark.parametrize("typed", [FORM.lower(), "RF 0000 0000 01 48", f" {FORM} "])
def test_one_of_our_codes_may_be_typed_as_it_stands_on_paper(window: Window, typed: str) -> None:
    window.show_desk(desks()[3])
    window.router.route_text(typed)

    assert window.current_desk is not None
    assert window.current_desk.name == desks()[0].name


def test_a_damaged_code_of_ours_is_said_to_be_damaged(window: Window) -> None:
    window.router.route(scanned("RF000000000149"))
    damaged = window.banner.text
    window.router.route(scanned("4006381333931"))

    assert "RF 0000 0000 01 49" in damaged
    assert damaged.replace("RF 0000 0000 01 49", "4006381333931") != window.banner.text


@pytest.mark.parametrize("code", ["4006381333930", "036000291453", "73513530"])
def test_goods_whose_check_digit_is_wrong_are_said_to_be_read_wrong(window: Window, code: str) -> None:
    window.router.route(scanned(code))
    damaged = window.banner.text
    window.router.route(scanned("4006381333931"))

    assert code in damaged
    assert damaged.replace(code, "4006381333931") != window.banner.text


def test_two_scans_in_one_breath_are_two(window: Window) -> None:
    for code in (RECEIPT, RECEIPT):
        window.router.route(scanned(code))

    assert sample(window).taken == [RECEIPT, RECEIPT]


def test_what_nobody_knows_is_named_as_such(window: Window) -> None:
    window.router.route(scanned("4006381333931"))

    assert "4006381333931" in window.banner.text


def test_a_long_unknown_code_is_cut_short_in_the_sentence(window: Window) -> None:
    window.router.route(scanned("x" * 60))

    assert "x" * 24 + "…" in window.banner.text


def test_words_that_cannot_be_a_code_are_refused_kindly(window: Window) -> None:
    window.router.route_text("退货")

    assert window.banner.text != ""


def test_the_next_scan_takes_the_last_message_away(window: Window) -> None:
    window.router.route(scanned("4006381333931"))
    window.router.route(scanned(RECEIPT))

    assert window.banner.text == ""


def test_a_scan_by_keyboard_reaches_the_desk_whatever_field_has_the_focus(window: Window, qapp: QApplication) -> None:
    scanner = KeyboardScanner(qapp)
    scanner.scanned.connect(window.router.route)
    press(Qt.Key.Key_F2)
    strike(window, f"{RECEIPT}\r")
    qapp.removeEventFilter(scanner)

    assert sample(window).taken == [RECEIPT]
    assert window.dialogs.current is None
