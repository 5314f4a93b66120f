"""The devices desk on the screen: what stands on this PC, how it is, and what a scanner sends."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial
from PySide6.QtWidgets import QApplication
from zxingcpp import read_barcodes

from counterapp.core.actor import Role, Signer
from counterapp.desks.devices.printouts import DIGITS, OWN_CODE
from counterapp.desks.devices.view import desk
from counterapp.hardware.scanner import KeyboardScanner
from counterapp.ui.print_preview import PrintPreview
from printers.emulators import papers
from printers.profile import named
from printers.status import EscPos
from tests.conftest import Hire
from tests.desks.devices.conftest import DevicesScreen, MakeScreen
from tests.hardware.line import Line
from tests.printers.fake import FakePrinter, Mood, over_tcp, over_terminal
from tests.printers.reading import CODE128
from tests.ui.conftest import scanned
from tests.ui.test_gallery import LOOKS, faults_of, keep_picture

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="played by pseudo-terminals")
_PRINTER = (
    '[printers.counter]\nprofile = "epson-tm-t88"\naddress = "{address}"\n[papers.slip]\nprinters = ["counter"]\n'
)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "EVERY", 100)


@pytest.mark.both_databases
def test_a_pc_without_devices_says_where_papers_appear_and_how_a_printer_is_attached(screen: DevicesScreen) -> None:
    rows = screen.devices()
    assert rows["form"] == rows["slip"] == "On the screen"
    assert rows["Database"].startswith("SQLite 3.")
    assert rows["Data folder"].endswith("GB are free")
    screen.choose("slip")
    said = screen.words()
    assert '[printers.slip]\nprofile = "xprinter-xp-80"\naddress = "tcp:192.168.1.50"' in said
    assert str(screen.data / "settings.toml") in said


def test_what_the_settings_file_says_now_is_looked_at_and_a_printer_that_recovers_is_well_again(
    screen: DevicesScreen,
) -> None:
    with over_tcp(FakePrinter(Mood.PAPER_OUT)) as printer:
        screen.settle(_PRINTER.format(address=printer.address))
        screen.until(lambda: "the paper is out" in screen.devices().get("counter", ""))
        printer.mood = Mood.OK
        screen.until(lambda: screen.devices()["counter"] == "Well")
        printer.mood = Mood.NEAR_END
        screen.until(lambda: "nearly out" in screen.devices()["counter"])
        assert printer.paper == b""


def test_mistakes_in_the_settings_are_said_in_full(screen: DevicesScreen) -> None:
    screen.settle('[printers.counter]\nprofile = "epsom"\naddress = "tcp:10.0.0.1"\n')
    screen.until(lambda: "Settings" in screen.devices())
    screen.choose("Settings")
    assert "printers.counter.profile = 'epsom'" in screen.words()
    assert "counter" not in screen.devices()


def test_the_test_paper_comes_out_of_the_printer_that_is_chosen(screen: DevicesScreen) -> None:
    with over_terminal(FakePrinter()) as printer:
        screen.settle(_PRINTER.format(address=printer.address))
        screen.until(lambda: screen.devices().get("counter") == "Well")
        screen.choose("counter")
        assert screen.buttons() == ["F6", "F5"]
        assert screen.window.press("F6")
        screen.until(lambda: any("came out of counter" in said for said in screen.said))
        (paper,) = papers(printer.paper.replace(EscPos.end, b""), named("epson-tm-t88"))
        assert [code.text for code in read_barcodes(paper, CODE128)] == [OWN_CODE, DIGITS]
        screen.until(lambda: screen.devices()["counter"] == "Well")


def test_a_paper_that_does_not_come_out_is_said_with_what_to_do(screen: DevicesScreen) -> None:
    with over_tcp(FakePrinter(Mood.COVER_OPEN)) as printer:
        screen.settle(_PRINTER.format(address=printer.address))
        screen.until(lambda: "cover is open" in screen.devices().get("counter", ""))
        screen.choose("counter")
        screen.window.press("F6")
        screen.until(lambda: "counter: the cover is open. Close it." in screen.said)
        assert printer.paper == b""


def test_the_virtual_printers_papers_appear_on_the_screen_as_all_others_do(screen: DevicesScreen) -> None:
    screen.choose("form")
    assert screen.buttons() == ["F6", "F7", "F5"]
    screen.window.press("F7")
    screen.until(lambda: isinstance(screen.window.dialogs.current, PrintPreview))
    assert " form  1/1" in screen.words()


def test_a_line_that_is_not_there_is_said(screen: DevicesScreen) -> None:
    screen.settle('[scanners.gun]\nport = "/dev/not-there"\n' + _PRINTER.format(address="serial:/dev/neither"))
    screen.until(lambda: "this PC has no /dev/neither" in screen.devices().get("counter", ""))
    assert "unplugged" in screen.devices()["gun"]


def test_a_scanners_line_that_somebody_listens_to_is_in_use(screen: DevicesScreen, tmp_path: Path) -> None:
    line = Line(tmp_path / "gun")
    line.plug_in()
    screen.settle(f'[scanners.gun]\nport = "{line.port}"\n')
    screen.until(lambda: screen.devices().get("gun") == "Its line is there")
    with serial.Serial(str(line.port), exclusive=True):
        screen.until(lambda: screen.devices().get("gun") == "In use: scan to see")
        screen.choose("gun")
        assert f"listens to {line.port}" in screen.words()
    line.pull_out()
    screen.until(lambda: "unplugged" in screen.devices()["gun"])


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("TP731904825511", "test paper"),
        ("RF000000000148", "code of our own papers"),
        ("ST000000000171", "badge"),
        ("RF000000000149", "check digits are wrong"),
        ("0101072611180387", "sales receipt's number"),
        ("6966493300451", "Goods"),
        ("2110001014864", "scales"),
        ("hello", "prefix or suffix"),
    ],
)
def test_a_scan_is_shown_with_what_it_is_and_nothing_else_happens(screen: DevicesScreen, code: str, said: str) -> None:
    badges: list[str] = []
    screen.window.router.badge_met.connect(badges.append)
    screen.window.router.route(scanned(code))
    assert said in screen.scans
    assert f"{code}\n{len(code)} characters, from the scanner that types" in screen.scans
    assert screen.said == badges == []
    assert screen.window.current_view is screen.view


def test_a_managers_scan_goes_where_it_always_goes_and_they_print_nothing(make_screen: MakeScreen, hire: Hire) -> None:
    screen = make_screen(hire("5001", Role.SERVICE_MANAGER))
    screen.show()
    screen.choose("form")
    assert screen.buttons() == ["F5"]
    assert not screen.view.take_scan(scanned("TP731904825511"))
    assert "Scan test" not in screen.words()


@pytest.mark.parametrize("role", [Role.CLERK, Role.SUPERVISOR, Role.CASHIER])
def test_the_desk_is_not_for_others(make_screen: MakeScreen, hire: Hire, role: Role) -> None:
    screen = make_screen(hire("6012", role))
    assert "Devices" not in [desk.name for desk in screen.window.desks]


@pytest.fixture
def screen_with_scanner(make_screen: MakeScreen, it: Signer, qapp: QApplication) -> Iterator[DevicesScreen]:
    """The desk in a program that listens to a scanner which types."""
    scanner = KeyboardScanner(qapp)
    screen = make_screen(it)
    scanner.scanned.connect(screen.window.router.route)
    screen.show()
    yield screen
    qapp.removeEventFilter(scanner)


def test_the_pace_of_a_scanner_that_types_is_told_with_what_it_sends_at_the_end(
    screen_with_scanner: DevicesScreen,
) -> None:
    screen_with_scanner.strike("0101072611180387\r", gap=8)
    assert "sales receipt's number" in screen_with_scanner.scans
    assert "8 to 8 ms between two keys  •  Enter at the end" in screen_with_scanner.scans


def test_a_scanner_that_is_too_slow_is_told_the_gap_that_it_needs(screen_with_scanner: DevicesScreen) -> None:
    screen = screen_with_scanner
    screen.strike("0101072611180387\r", gap=45)
    screen.until(lambda: "taken for typing" in screen.scans)
    assert "0101072611180387\n" in screen.scans
    assert "up to 45 ms between two keys, and gap_ms is 30" in screen.scans
    assert "gap_ms = 60" in screen.scans


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_is_cut_off_and_nothing_covers_another(
    look: dict[str, object], make_screen: MakeScreen, it: Signer, qapp: QApplication, request: pytest.FixtureRequest
) -> None:
    screen = make_screen(it, look["language"], dark=look["dark"], large=look["large"])
    screen.window.resize(*look["size"])  # type: ignore[misc]
    screen.show()
    faults: list[str] = []

    def look_at(name: str) -> None:
        for _ in range(4):
            qapp.sendPostedEvents()
            qapp.processEvents()
        keep_picture(screen.window, f"devices-{request.node.callspec.id}-{name}")
        faults.extend(f"{name}: {fault}" for fault in faults_of(screen.window))

    look_at("empty")
    with over_tcp(FakePrinter(Mood.PAPER_OUT)) as printer:
        offsets = "offset_x = 1.5\n[scanners.gun]\nport = '/dev/not-there'\n"
        form = '[printers.form]\nprofile = "epson-lq"\naddress = "spooler:LQ"\n'
        screen.settle(form + offsets + _PRINTER.format(address=printer.address))
        screen.until(lambda: "counter" in screen.devices() and "gun" in screen.devices())
        screen.choose("form")
        screen.window.router.route(scanned("TP731904825511"))
        look_at("full")
        screen.window.router.route(scanned("RF000000000149"))
        screen.choose("counter")
        look_at("damaged")
    assert not faults, "\n".join(faults)
