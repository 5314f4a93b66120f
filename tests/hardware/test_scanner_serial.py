"""A scanner on a serial line: every scan whole and in order, gone and back again without anybody's help."""

from __future__ import annotations

import datetime as dt
import errno
import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from counterapp.errors import BadInput, Trouble
from counterapp.hardware import scanner_serial
from counterapp.hardware.scanner import Scan
from counterapp.hardware.scanner_line import Splitter, check_line, open_line
from counterapp.hardware.scanner_serial import Attachment, SerialScanner
from counterapp.settings import SerialScannerSettings, Settings, load
from tests.hardware.line import Line

NOW = dt.datetime(2026, 11, 21, 6, 32, tzinfo=dt.UTC)
RECEIPT = "0101072611180387"
CODES = ["6924781363335", RECEIPT, "RF731904825577", "A 1"]


class Hand:
    """A scanner on a line, and what came of it."""

    def __init__(self, qtbot: QtBot, port: Path, name: str = "hand", **settings: str) -> None:
        self._qtbot, self.line = qtbot, Line(port)
        self.settings = SerialScannerSettings(str(port), **settings)  # type: ignore[arg-type]  # prefix and suffix
        self.scanner = SerialScanner(name, self.settings, lambda: NOW)
        self.scans: list[Scan] = []
        self.refusals: list[BadInput] = []
        self.states: list[Trouble | None] = []
        self.scanner.scanned.connect(self.scans.append)
        self.scanner.refused.connect(self.refusals.append)
        self.scanner.changed.connect(self._on_changed)

    def attach(self) -> None:
        self.line.plug_in()
        self.scanner.start()
        self.until_attached()

    def until_attached(self) -> None:
        self._qtbot.waitUntil(lambda: self.states[-1:] == [None])

    def until_missing(self) -> None:
        self._qtbot.waitUntil(lambda: bool(self.states) and self.states[-1] is not None)

    def until_scanned(self, *codes: str) -> None:
        self._qtbot.waitUntil(lambda: len(self.scans) >= len(codes))
        assert [scan.text for scan in self.scans] == list(codes)

    def _on_changed(self, attachment: Attachment) -> None:
        assert attachment.name == self.scanner.name
        self.states.append(attachment.trouble)


@pytest.fixture
def make_hand(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Hand]]:
    made: list[Hand] = []

    def make(name: str = "hand", **settings: str) -> Hand:
        made.append(Hand(qtbot, tmp_path / f"ttyACM{len(made)}", name, **settings))
        return made[-1]

    yield make
    for hand in made:
        hand.scanner.stop()
        hand.line.pull_out()


@pytest.fixture
def hand(make_hand: Callable[..., Hand]) -> Hand:
    return make_hand()


class TestSplitter:
    @pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
    def test_codes_end_by_whatever_the_scanner_is_set_to(self, end: str) -> None:
        assert list(Splitter().feed("".join(f"{code}{end}" for code in CODES).encode())) == CODES

    def test_a_code_without_an_end_ends_by_the_pause_and_the_next_one_begins_anew(self) -> None:
        splitter = Splitter()
        found = [*splitter.feed(b"692478136"), *splitter.feed(b"3335"), *splitter.pause(), *splitter.pause()]
        found += [*splitter.feed(b"77"), *splitter.pause()]
        assert found == ["6924781363335", "77"]

    def test_an_end_that_is_set_is_the_only_one(self) -> None:
        splitter = Splitter("\x02", "\x03")
        assert [*splitter.feed(b"\x0212\x03\x0234\x03"), *splitter.pause()] == ["12", "34"]

    def test_a_code_that_lacks_its_head_or_its_end_is_cut(self) -> None:
        splitter = Splitter("\x02", "\x03")
        assert [*splitter.feed(b"12\x03\x0234"), *splitter.pause(), *splitter.feed(b"\x0256\x03")] == [None, None, "56"]

    @given(
        codes=st.lists(st.text("0123456789ABCXYZ -", min_size=1, max_size=40), max_size=8),
        affixes=st.sampled_from([("", ""), ("~", "\r"), ("", "\r\n"), ("\x02", "\x03"), ("", "\t")]),
        cuts=st.lists(st.integers(0, 200), max_size=12),
    )
    def test_however_the_bytes_arrive_the_codes_are_the_same(
        self, codes: list[str], affixes: tuple[str, str], cuts: list[int]
    ) -> None:
        prefix, suffix = affixes
        data = "".join(f"{prefix}{code}{suffix or chr(13)}" for code in codes).encode()
        splitter = Splitter(prefix, suffix)
        places = sorted({0, len(data), *(min(cut, len(data)) for cut in cuts)})
        found = [code for one, two in itertools.pairwise(places) for code in splitter.feed(data[one:two])]
        assert found + list(splitter.pause()) == codes

    @pytest.mark.parametrize("suffix", ["", "\r\n"])
    @pytest.mark.parametrize("length", range(250, 262))
    def test_an_endless_code_is_given_as_one_that_is_too_long_and_the_next_is_whole(
        self, suffix: str, length: int
    ) -> None:
        splitter = Splitter("", suffix)
        (endless, whole) = splitter.feed(b"9" * (10_000 + length) + b"\r\n77\r\n")
        assert endless is not None
        assert 64 < len(endless) < 1000
        assert whole == "77"


def test_scans_arrive_whole_and_in_order_with_the_name_of_their_scanner(hand: Hand) -> None:
    hand.attach()
    for code in CODES:
        hand.line.send(f"{code}\r\n".encode())
    hand.until_scanned(*CODES)
    assert hand.scans[0] == Scan(CODES[0], NOW, "hand")


def test_two_quick_scans_stay_two(hand: Hand) -> None:
    hand.attach()
    hand.line.send(b"6924781363335\r6924781363335\r")
    hand.until_scanned("6924781363335", "6924781363335")


def test_what_is_no_code_is_refused_aloud_and_the_next_one_comes_whole(hand: Hand, qtbot: QtBot) -> None:
    hand.attach()
    hand.line.send(b"\xff\xfe\x80garbage\r" + b"01\x0002\r" + b"9" * 65 + b"\r" + "退货\r".encode() + b"77\r")
    hand.until_scanned("77")
    assert len(hand.refusals) == 4


def test_a_scanner_that_is_pulled_out_is_said_to_be_gone_and_found_again_by_itself(
    hand: Hand,
) -> None:
    hand.attach()
    hand.line.send(b"12\r")
    hand.until_scanned("12")
    hand.line.pull_out()
    hand.until_missing()
    assert "Plug it in" in str(hand.states[-1].message if hand.states[-1] else "")

    hand.line.plug_in()
    hand.until_attached()
    hand.line.send(b"678\r")
    hand.until_scanned("12", "678")


@pytest.mark.parametrize("suffix", ["", "\r"])
def test_a_scan_that_the_unplugging_cut_is_said_to_be_cut_off(
    make_hand: Callable[..., Hand], suffix: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Torn:
        """A line that is torn out behind its first bytes."""

        in_waiting = 0

        def __init__(self) -> None:
            self._sent = iter([b"1234", b"567"])

        def __enter__(self) -> Torn:
            return self

        def __exit__(self, *_error: object) -> None:
            return

        def read(self, _size: int) -> bytes:
            try:
                return next(self._sent)
            except StopIteration:
                raise OSError(errno.EIO, "gone") from None

    lines = iter([Torn()])
    monkeypatch.setattr(
        scanner_serial, "open_line", lambda name, settings: next(lines, None) or open_line(name, settings)
    )
    hand = make_hand(suffix=suffix)
    hand.scanner.start()
    hand.until_missing()
    assert ["cut off" in refusal.message for refusal in hand.refusals] == [True]
    assert hand.scans == []


def test_bytes_without_an_end_are_cut_off_where_the_end_is_set(make_hand: Callable[..., Hand], qtbot: QtBot) -> None:
    hand = make_hand(suffix="\r")
    hand.attach()
    hand.line.send(b"345")
    qtbot.waitUntil(lambda: len(hand.refusals) == 1)
    hand.line.send(b"678\r")
    hand.until_scanned("678")


def test_a_scanner_that_was_never_there_is_said_once_and_waited_for(hand: Hand) -> None:
    hand.scanner.start()
    hand.until_missing()
    hand.line.plug_in()
    hand.until_attached()
    assert [state is None for state in hand.states] == [False, True]


def test_several_scanners_are_heard_at_once(make_hand: Callable[..., Hand]) -> None:
    hand, other = make_hand(), make_hand("counter", prefix="~")
    hand.attach()
    other.attach()
    for place in range(20):
        hand.line.send(f"A{place:02}\r".encode())
        other.line.send(f"~B{place:02}\r".encode())
    hand.until_scanned(*(f"A{place:02}" for place in range(20)))
    other.until_scanned(*(f"B{place:02}" for place in range(20)))


class TestCheck:
    def test_a_line_that_can_be_opened_is_well(self, hand: Hand) -> None:
        hand.line.plug_in()
        assert check_line("hand", hand.settings) is None

    def test_a_line_that_is_not_there_is_unplugged(self, hand: Hand) -> None:
        trouble = check_line("hand", hand.settings)
        assert trouble is not None
        assert "Plug it in" in trouble.message

    def test_a_line_that_somebody_holds_is_said_to_be_in_use(self, hand: Hand) -> None:
        hand.attach()
        trouble = check_line("hand", hand.settings)
        assert trouble is not None
        assert "another program" in trouble.message

    def test_what_is_no_serial_line_is_named_with_its_reason(self, hand: Hand) -> None:
        hand.line.port.write_text("no line")
        trouble = check_line("hand", hand.settings)
        assert trouble is not None
        assert "cannot be used as a serial line" in trouble.message

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may open everything")
    def test_a_line_that_is_forbidden_is_a_matter_for_it(self, hand: Hand) -> None:
        hand.line.plug_in()
        hand.line.port.chmod(0)
        trouble = check_line("hand", hand.settings)
        assert trouble is not None
        assert "may not use" in trouble.message


class TestSettings:
    @staticmethod
    def settings_of(folder: Path, text: str) -> Settings:
        (folder / "settings.toml").write_text(text, encoding="utf-8")
        return load(folder)

    def test_scanners_on_lines_have_names(self, tmp_path: Path) -> None:
        found = self.settings_of(
            tmp_path,
            '[scanner]\ngap_ms = 60\n[scanners.hand]\nport = "/dev/ttyACM0"\n'
            '[scanners.counter]\nport = "COM3"\nbaud = 115200\nprefix = "~"\nsuffix = "\\r"\n',
        )
        assert found.scanner.gap_ms == 60
        assert found.scanners == {
            "hand": SerialScannerSettings("/dev/ttyACM0"),
            "counter": SerialScannerSettings("COM3", 115_200, "~", "\r"),
        }

    def test_without_any_there_is_the_one_that_types(self, tmp_path: Path) -> None:
        assert load(tmp_path).scanners == {}

    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("[scanners.hand]\nbaud = 9600", "scanners.hand.port"),
            ('[scanners.hand]\nport = "COM3"\nbaud = 1', "scanners.hand.baud"),
            ("[scanners.hand]\nport = 3", "scanners.hand.port = 3"),
            ('[scanners.hand]\nport = "COM3"\nspeed = 9600', "scanners.hand.speed"),
            ('[scanners.a]\nport = "COM3"\n[scanners.b]\nport = "COM3"', "scanners.b.port"),
            ('[scanners]\nport = "COM3"', "[scanners.…]"),
            ('scanners = "COM3"', "[scanners.…]"),
            ('[scanner]\nport = "COM3"', "scanner.port"),
        ],
    )
    def test_a_mistake_is_named_with_its_place(self, tmp_path: Path, text: str, named: str) -> None:
        with pytest.raises(BadInput) as refused:
            self.settings_of(tmp_path, text)
        assert named in str(refused.value)


def test_the_check_brings_no_qt_so_that_it_runs_where_no_window_can() -> None:
    look = "import sys, counterapp.hardware.scanner_line; sys.exit(any('PySide6' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0
