"""A printer at the end of a line, well and ill, over TCP and pseudo-terminals: no paper, paper, or nobody knows."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from printers.errors import PaperUnsure, PrinterHint, PrinterTrouble
from printers.status import EscPos, Speaks
from printers.transports import Job, stream, tcp
from printers.transports.address import Queue, place
from printers.transports.serial import Serial
from printers.transports.stream import StreamTransport
from printers.transports.tcp import Tcp
from printers.transports.usb import Usb
from tests.printers.fake import BEGINNING, FakePrinter, Mood, over_tcp, over_terminal

PAPER = b"".join(b"%05d," % number for number in range(60))
Line = Callable[[FakePrinter], AbstractContextManager[FakePrinter]]

if sys.platform == "win32":
    LINES = [over_tcp]
else:
    LINES = [over_tcp, over_terminal, lambda printer: over_terminal(printer, "usb")]


@pytest.fixture(params=LINES, ids=["tcp", "serial", "usb"][: len(LINES)])
def line(request: pytest.FixtureRequest) -> Line:
    found: Line = request.param
    return found


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for seconds waits for tenths."""
    for name in ("_STALLS", "_SILENT_FOR", "_UNFINISHED_FOR", "_SETTLES_WITHIN", "_ENDS_WITHIN"):
        monkeypatch.setattr(stream, name, getattr(stream, name) / 5)
    monkeypatch.setattr("printers.status.ANSWERS_WITHIN", 0.2)


class Heard:
    """What was told of a job."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.hints: list[str] = []
        self.any = threading.Event()

    def tell(self, trouble: PrinterTrouble | None) -> None:
        self.told.append("" if trouble is None else str(trouble))
        self.any.set()

    def hint(self, hint: PrinterHint | None) -> None:
        self.hints.append("" if hint is None else str(hint))

    def job(self, seconds: float = 30) -> Job:
        return Job("a", seconds=seconds, tell=self.tell, hint=self.hint)


def to(printer: FakePrinter, speaks: Speaks = "escpos") -> StreamTransport:
    at = place(printer.address)
    assert at is not None
    assert not isinstance(at, Queue)
    return StreamTransport("counter", at, speaks)


@contextlib.contextmanager
def sending(transport: StreamTransport, job: Job) -> Iterator[list[PrinterTrouble]]:
    """Send PAPER on another thread; what it raised is known at the end of the block."""
    raised: list[PrinterTrouble] = []

    def send() -> None:
        try:
            transport.send(PAPER, job)
        except PrinterTrouble as error:
            raised.append(error)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield raised
    finally:
        thread.join(30)
        assert not thread.is_alive()


def until(seen: Callable[[], bool]) -> None:
    late = time.monotonic() + 10
    while not seen():
        assert time.monotonic() < late
        time.sleep(0.005)


@pytest.mark.parametrize("speaks", ["escpos", "none"])
@pytest.mark.parametrize("mood", [Mood.OK, Mood.SLOW])
def test_a_paper_arrives_whole_and_nothing_else_is_printed(line: Line, mood: Mood, speaks: Speaks) -> None:
    with line(FakePrinter(mood)) as printer:
        transport = to(printer, speaks)
        transport.send(PAPER, Job("a"))
        transport.send(PAPER, Job("b"))
        until(lambda: len(printer.paper) == 2 * len(PAPER))
    assert printer.paper == PAPER + PAPER


@pytest.mark.parametrize(
    ("mood", "said"),
    [
        (Mood.PAPER_OUT, "counter: the paper is out. Put paper in"),
        (Mood.COVER_OPEN, "counter: the cover is open. Close it."),
        (Mood.MUTE, "counter says nothing. Look at its paper and cover"),
        (Mood.GARBLES, "counter answers nonsense. Call IT"),
    ],
)
def test_a_printer_that_could_not_print_gets_nothing_and_it_is_said(line: Line, mood: Mood, said: str) -> None:
    with line(FakePrinter(mood)) as printer:
        with pytest.raises(PrinterTrouble) as caught:
            to(printer).send(PAPER, Job("a"))
        with pytest.raises(PrinterTrouble) as looked:
            to(printer).look()
    assert not isinstance(caught.value, PaperUnsure)
    assert str(caught.value).startswith(said)
    assert str(looked.value) == str(caught.value)
    assert printer.paper == b""


def test_a_printer_that_cannot_be_asked_prints_all_the_same(line: Line) -> None:
    with line(FakePrinter(Mood.MUTE)) as printer:
        assert to(printer, "none").look() is None
        to(printer, "none").send(PAPER, Job("a"))
        until(lambda: printer.paper == PAPER)


def test_paper_that_is_nearly_out_hinders_nothing_and_is_hinted(line: Line) -> None:
    heard = Heard()
    with line(FakePrinter(Mood.NEAR_END)) as printer:
        to(printer).send(PAPER, heard.job())
        assert printer.paper == PAPER
        hint = to(printer).look()
    assert str(hint) == heard.hints[-1] == "counter: the paper is nearly out. Have a new roll ready."
    assert heard.told == [""]


def test_a_printer_that_runs_out_in_the_middle_is_said_and_goes_on_once_there_is_paper(line: Line) -> None:
    heard = Heard()
    with line(FakePrinter(Mood.RUNS_OUT)) as printer:
        with sending(to(printer), heard.job()) as raised:
            assert heard.any.wait(2)
            assert heard.told[0].startswith("counter: the paper is out")
            printer.mood = Mood.OK
        assert raised == []
        assert heard.told[-1] == ""
        assert printer.paper == PAPER


def test_a_paper_that_nobody_waits_for_any_more_is_dropped_and_nobody_claims_to_know(line: Line) -> None:
    with line(FakePrinter(Mood.RUNS_OUT)) as printer:
        transport = to(printer)
        with pytest.raises(PaperUnsure, match="the paper is out"):
            transport.send(PAPER, Job("a", seconds=0.5))
        until(lambda: printer.withdrawn)
        printer.mood = Mood.OK
        transport.send(b"next", Job("b"))
    assert printer.paper == PAPER[:BEGINNING] + b"next"


@pytest.mark.parametrize("speaks", ["escpos", "none"])
@pytest.mark.parametrize("mood", [Mood.RESETS, Mood.CLOSES])
def test_a_printer_that_goes_away_in_the_middle_leaves_it_open_whether_there_is_paper(
    line: Line, mood: Mood, speaks: Speaks
) -> None:
    with line(FakePrinter(mood)) as printer, pytest.raises(PaperUnsure, match="counter broke off in the middle"):
        to(printer, speaks).send(PAPER, Job("a"))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("size", [len(PAPER), 400_000])
def test_a_printer_that_stops_in_the_middle_is_said_and_leaves_it_open(line: Line, size: int) -> None:
    heard = Heard()
    with line(FakePrinter(Mood.STALLS)) as printer, pytest.raises(PaperUnsure):
        to(printer).send(PAPER * (size // len(PAPER)), heard.job(2))
    assert heard.told[0]
    assert heard.told[-1] == ""


@pytest.mark.usefixtures("impatient")
def test_a_printer_that_never_says_that_it_is_through_is_not_given_a_paper_at_all(line: Line) -> None:
    """So a profile that promises too much is found out before the first paper, not by asking about each."""
    with line(FakePrinter()) as printer:
        printer.fences = False
        with pytest.raises(PrinterTrouble, match="still at a former paper") as caught:
            to(printer).send(PAPER, Job("a"))
    assert not isinstance(caught.value, PaperUnsure)
    assert printer.paper == b""


@pytest.mark.usefixtures("impatient")
def test_a_printer_that_was_looked_at_lets_no_paper_wait_for_its_settling(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled: list[float] = []
    really = EscPos.settle

    def settle(asked: EscPos, seconds: float) -> bool:
        settled.append(seconds)
        return really(asked, seconds)

    monkeypatch.setattr(EscPos, "settle", settle)
    with line(FakePrinter()) as printer:
        transport = to(printer)
        transport.look()
        assert len(settled) == 1
        transport.look()
        transport.send(PAPER, Job("a"))
        until(lambda: printer.paper == PAPER)
        assert len(settled) == 1


def test_a_late_answer_to_a_former_paper_is_not_taken_for_this_ones(line: Line) -> None:
    with line(FakePrinter(Mood.RUNS_OUT)) as printer:
        printer.drops = False
        transport = to(printer)
        with pytest.raises(PaperUnsure):
            transport.send(PAPER, Job("a", seconds=0.3))
        with pytest.raises(PrinterTrouble, match="the paper is out"):
            transport.send(PAPER, Job("b"))
        printer.mood = Mood.OK
        transport.send(b"second", Job("b"))
        assert printer.paper == PAPER + b"second"


def test_a_program_that_ends_begins_no_paper(line: Line) -> None:
    ended = threading.Event()
    ended.set()
    with line(FakePrinter()) as printer, pytest.raises(PrinterTrouble) as caught:
        to(printer).send(PAPER, Job("a", ended=ended))
    assert not isinstance(caught.value, PaperUnsure)
    assert printer.paper == b""


@pytest.mark.usefixtures("impatient")
def test_a_program_that_ends_does_not_wait_for_paper(line: Line) -> None:
    heard, ended = Heard(), threading.Event()
    with line(FakePrinter(Mood.RUNS_OUT)) as printer:
        with sending(to(printer), Job("a", seconds=60, tell=heard.tell, ended=ended)) as raised:
            assert heard.any.wait(2)
            ended.set()
        assert [type(error) for error in raised] == [PaperUnsure]


@pytest.mark.parametrize("cut", range(0, len(PAPER) + 1, 37))
def test_being_unplugged_at_any_byte_is_survived(line: Line, cut: int) -> None:
    """And no paper is called printed of which a byte is missing."""
    with line(FakePrinter()) as printer:
        printer.goes_after = cut
        transport = to(printer)
        try:
            transport.send(PAPER, Job("a", seconds=10))
        except PrinterTrouble as error:
            assert isinstance(error, PaperUnsure) or not printer.paper
        else:
            assert printer.paper == PAPER
        if cut < len(PAPER):
            with pytest.raises(PrinterTrouble):
                transport.send(PAPER, Job("b", seconds=1))


def test_a_wrong_port_an_unknown_name_and_a_silent_host_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        with pytest.raises(PrinterTrouble, match=f"the device at 127.0.0.1:{port} takes no papers"):
            StreamTransport("counter", Tcp("127.0.0.1", port)).look()
    with pytest.raises(PrinterTrouble, match="the network knows no printer"):
        StreamTransport("counter", Tcp("printer.invalid")).look()
    monkeypatch.setattr(tcp, "_CONNECTS_WITHIN", 0.2)
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        with contextlib.ExitStack() as queue:
            for _place in range(3):
                waiting = queue.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex(full.getsockname())
            with pytest.raises(PrinterTrouble, match="counter does not answer"):
                StreamTransport("counter", Tcp("127.0.0.1", full.getsockname()[1])).look()


def test_a_name_that_the_network_is_long_in_looking_up_keeps_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()
    monkeypatch.setattr(tcp, "_CONNECTS_WITHIN", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_place, **_more: free.wait(60) and [])
    with pytest.raises(PrinterTrouble, match="the network knows no counter-2"):
        StreamTransport("counter", Tcp("counter-2")).look()
    free.set()


def test_a_number_is_looked_up_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", None)
    with over_tcp(FakePrinter()) as printer:
        to(printer).look()


@pytest.mark.skipif(sys.platform == "win32", reason="there are other devices there")
@pytest.mark.parametrize("way", [Serial, Usb])
def test_a_line_that_is_not_there_or_not_ours_is_said(way: type[Serial] | type[Usb], tmp_path: Path) -> None:
    with pytest.raises(PrinterTrouble, match="this PC has no /dev/ttyUSB77"):
        StreamTransport("counter", way("/dev/ttyUSB77")).look()
    with pytest.raises(PrinterTrouble, match="taken by another program or closed"):
        StreamTransport("counter", Serial(str(tmp_path))).look()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals there")
def test_two_programs_do_not_write_to_one_serial_line() -> None:
    with over_terminal(FakePrinter()) as printer:
        at = place(printer.address)
        assert isinstance(at, Serial)
        held = at.open("counter")
        with pytest.raises(PrinterTrouble, match="taken by another program"):
            at.open("counter")
        held.close()
        at.open("counter").close()


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("tcp:192.168.1.50", Tcp("192.168.1.50", 9100)),
        ("tcp:printer-2.store:9101", Tcp("printer-2.store", 9101)),
        ("tcp:[fe80::1]:9100", Tcp("fe80::1", 9100)),
        ("serial:COM3", Serial("COM3", 9600)),
        ("serial:/dev/ttyUSB0@115200", Serial("/dev/ttyUSB0", 115200)),
        ("usb:/dev/usb/lp0", None if sys.platform == "win32" else Usb("/dev/usb/lp0")),
        ("spooler:LQ 630K", Queue("LQ 630K")),
        ("tcp:", None),
        ("tcp:host:0", None),
        ("tcp:host:70000", None),
        ("serial:COM3@fast", None),
        ("serial:COM3@300", None),
        ("usb:lp0", None),
        ("spooler: ", None),
        ("LQ-630K", None),
    ],
)
def test_addresses_are_read_as_it_writes_them(address: str, found: object) -> None:
    assert place(address) == found
