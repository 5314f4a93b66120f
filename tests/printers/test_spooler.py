"""Printing through a real CUPS server on loopback, whose printer has moods."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from printers.document import Cell, Code, Row, Slip
from printers.errors import JobRefused, PaperUnsure, PrinterTrouble
from printers.profile import named
from printers.protocols import encode
from printers.transports import Job
from printers.transports import spooler as spooler_module
from printers.transports.spooler import CupsTransport, media_for, trouble_of
from printers.transports.windows import WindowsTransport
from tests.printers.cups import SOCKET, Cups, server
from tests.printers.fake import FakePrinter, over_tcp

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="CUPS is not for Windows")
TITLE = "退/换货单 No. 004118"


@pytest.fixture(scope="module")
def running() -> Iterator[Cups]:
    with server() as cups:
        for queue in ("form", "stopping", "abandoning"):
            cups.add(queue, {"stopping": "stop-printer", "abandoning": "abort-job"}.get(queue, "retry-job"))
        yield cups


@pytest.fixture
def cups(running: Cups) -> Iterator[Cups]:
    running.mood = "ok"
    before = len(running.papers)
    yield running
    assert running.unfinished() == "", "a job was left in the spooler"
    assert len(running.papers) >= before


class Heard:
    """What was told of a job, and when."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.any = threading.Event()

    def __call__(self, trouble: PrinterTrouble | None) -> None:
        self.told.append("" if trouble is None else str(trouble))
        self.any.set()


def test_a_job_is_printed_when_the_spooler_says_so_and_its_bytes_are_ours(cups: Cups) -> None:
    CupsTransport("form", "Custom.241x140mm").send(b"%PDF-1.4 " + TITLE.encode(), Job("a", TITLE))
    assert cups.papers[-1] == b"%PDF-1.4 " + TITLE.encode()


def test_the_spooler_is_told_title_paper_and_to_leave_the_size_alone(
    cups: Cups, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[list[str]] = []
    run = subprocess.run

    def watched(command: list[str], **more: object) -> object:
        calls.append(command)
        return run(command, **more)  # type: ignore[call-overload]  # handed through as it came

    monkeypatch.setattr(subprocess, "run", watched)
    profile = named("epson-lq")
    CupsTransport("form", media_for(profile), profile.options).send(b"%PDF-1.4", Job("a", TITLE))
    (lp,) = (call for call in calls if call[0] == "lp")
    assert lp[lp.index("-t") + 1] == TITLE
    options = [lp[place + 1] for place, part in enumerate(lp) if part == "-o"]
    assert {"media=Custom.241x140mm", "print-scaling=none", "fit-to-page=false", "Resolution=180dpi"} <= set(options)


@pytest.mark.skipif(not SOCKET.exists(), reason="this machine's CUPS has no backend for sockets")
def test_a_printers_own_commands_pass_the_spooler_byte_for_byte(cups: Cups) -> None:
    profile = named("epson-tm-t88")
    data = encode(Slip("存包小票", (Row((Cell("17 号 王小明 ￥12.50"),)), Code("TK4711000042"))), profile) + bytes(
        range(256)
    )
    with over_tcp(FakePrinter()) as printer:
        port = int(printer.address.rpartition(":")[2])
        CupsTransport(cups.add_raw("receipts", port)).send(data, Job("a", TITLE))
        assert printer.paper == data


def test_commands_are_handed_over_raw_and_without_a_page(cups: Cups, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []
    run = subprocess.run

    def watched(command: list[str], **more: object) -> object:
        calls.append(command)
        return run(command, **more)  # type: ignore[call-overload]  # handed through as it came

    monkeypatch.setattr(subprocess, "run", watched)
    CupsTransport("form", "A4", ("Resolution=180dpi",)).send(b"\x1b@", Job("a", TITLE))
    (lp,) = (call for call in calls if call[0] == "lp")
    assert [lp[place + 1] for place, part in enumerate(lp) if part == "-o"] == ["raw"]


def test_a_queue_is_asked_without_printing(cups: Cups) -> None:
    assert CupsTransport("form").look() is None  # type: ignore[func-returns-value]  # as Asked has it
    papers = len(cups.papers)
    cups.run("cupsdisable", "form")
    try:
        with pytest.raises(PrinterTrouble, match="form is stopped in the print system"):
            CupsTransport("form").look()
    finally:
        cups.run("cupsenable", "form")
    assert len(cups.papers) == papers


def test_known_papers_go_by_their_names_and_rolls_are_left_to_the_queue() -> None:
    assert [media_for(named(name)) for name in ("laser-a4", "epson-lq", "virtual-80mm")] == [
        "A4",
        "Custom.241x140mm",
        "",
    ]


@pytest.mark.parametrize(
    ("mood", "said"),
    [
        ("empty", "form: the paper is out"),
        ("open", "form: the cover is open"),
        ("off", "form does not answer"),
        ("odd", "form says: mystery"),
    ],
)
def test_what_the_printer_lacks_is_said_within_two_seconds_and_the_job_goes_on_by_itself(
    cups: Cups, mood: str, said: str
) -> None:
    heard, done = Heard(), threading.Event()
    cups.mood = mood

    def send() -> None:
        CupsTransport("form").send(b"x", Job("a", tell=heard))
        done.set()

    threading.Thread(target=send, daemon=True).start()
    assert heard.any.wait(2)
    assert heard.told[0].startswith(said)
    assert not done.is_set()
    cups.mood = "ok"
    assert done.wait(10)
    assert heard.told[-1] == ""


def test_a_job_that_waited_in_vain_is_taken_back_and_nobody_claims_to_know_of_paper(cups: Cups) -> None:
    cups.mood = "off"
    papers = len(cups.papers)
    with pytest.raises(PaperUnsure, match="was not ready in time"):
        CupsTransport("form").send(b"stale", Job("a", seconds=0.6))
    assert cups.unfinished() == ""
    cups.mood = "ok"
    CupsTransport("form").send(b"fresh", Job("b"))
    assert cups.papers[papers:] == [b"fresh"]


def test_a_job_that_never_reached_the_printer_certainly_is_no_paper(cups: Cups) -> None:
    cups.mood = "off"
    ended = threading.Event()
    first = threading.Thread(target=lambda: _tried(lambda: CupsTransport("form").send(b"1", Job("a", ended=ended))))
    first.start()
    _until(lambda: "form-" in cups.unfinished())
    with pytest.raises(JobRefused, match="was not ready in time"):
        CupsTransport("form").send(b"2", Job("b", seconds=0.3))
    ended.set()
    first.join(10)


def test_a_program_that_ends_takes_its_job_back(cups: Cups) -> None:
    cups.mood = "off"
    ended, raised = threading.Event(), []
    sending = threading.Thread(
        target=lambda: raised.append(
            _tried(lambda: CupsTransport("form").send(b"x", Job("a", seconds=60, ended=ended)))
        )
    )
    sending.start()
    _until(lambda: "form-" in cups.unfinished())
    ended.set()
    sending.join(10)
    assert [type(error) for error in raised] == [PaperUnsure]


def test_a_job_that_the_spooler_gives_up_is_not_called_printed(cups: Cups) -> None:
    """CUPS's own `lpstat` does not tell the two apart."""
    cups.mood = "fail"
    with pytest.raises(PaperUnsure, match="gave the job up"):
        CupsTransport("abandoning").send(b"x", Job("a"))


def test_a_job_that_somebody_takes_out_of_the_queue_is_said_so(cups: Cups) -> None:
    cups.mood = "off"
    raised: list[BaseException | None] = []
    sending = threading.Thread(
        target=lambda: raised.append(_tried(lambda: CupsTransport("form").send(b"x", Job("a", seconds=60))))
    )
    sending.start()
    _until(lambda: "form-" in cups.unfinished())
    cups.run("cancel", "-a", "form")
    sending.join(10)
    assert [str(error) for error in raised] == ["form: somebody took the job out of the print system."]


def test_a_stopped_queue_takes_nothing_and_is_said_at_once(cups: Cups) -> None:
    cups.run("cupsdisable", "form")
    try:
        with pytest.raises(PrinterTrouble, match="form is stopped in the print system") as caught:
            CupsTransport("form").send(b"x", Job("a"))
    finally:
        cups.run("cupsenable", "form")
    assert not isinstance(caught.value, PaperUnsure)


def test_a_queue_that_stops_under_way_is_said_and_its_job_does_not_come_out_later(cups: Cups) -> None:
    cups.mood, heard = "fail", Heard()
    papers = len(cups.papers)
    with pytest.raises(PaperUnsure):
        CupsTransport("stopping").send(b"x", Job("a", seconds=1, tell=heard))
    assert "stopping is stopped in the print system" in heard.told[0]
    cups.mood = "ok"
    cups.run("cupsenable", "stopping")
    CupsTransport("stopping").send(b"y", Job("b"))
    assert cups.papers[papers:] == [b"y"]


def test_a_queue_that_takes_no_jobs_is_said(cups: Cups) -> None:
    cups.run("cupsreject", "form")
    try:
        with pytest.raises(PrinterTrouble, match="form takes no jobs"):
            CupsTransport("form").send(b"x", Job("a"))
    finally:
        cups.run("cupsaccept", "form")


def test_a_printer_that_is_not_there_is_named(cups: Cups) -> None:
    with pytest.raises(PrinterTrouble, match="has no printer epsom-lq"):
        CupsTransport("epsom-lq").send(b"x", Job("a"))


def test_a_spooler_that_is_not_running_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("CUPS_SERVER", f"127.0.0.1:{free.getsockname()[1]}")
        with pytest.raises(PrinterTrouble, match="does not answer") as caught:
            CupsTransport("form").send(b"x", Job("a"))
    assert not isinstance(caught.value, PaperUnsure)


def test_a_spooler_that_accepts_and_never_answers_is_said_within_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooler_module, "_ANSWERS_WITHIN", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        monkeypatch.setenv("CUPS_SERVER", f"127.0.0.1:{mute.getsockname()[1]}")
        with pytest.raises(PrinterTrouble, match="does not answer"):
            CupsTransport("form").send(b"x", Job("a"))


@pytest.mark.parametrize("answer", [b"", b"\1\1\0\0", b"\1\1\0\0\0\0\0\1\4\x23\0\x0dprinter-state\0\4\0\0"])
def test_a_garbled_answer_of_the_spooler_is_no_answer(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    def once(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)

    with socket.create_server(("127.0.0.1", 0)) as garbling:
        monkeypatch.setenv("CUPS_SERVER", f"127.0.0.1:{garbling.getsockname()[1]}")
        threading.Thread(target=once, args=(garbling,), daemon=True).start()
        with pytest.raises(PrinterTrouble, match="does not answer"):
            CupsTransport("form").send(b"x", Job("a"))


def test_a_pc_without_cups_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PrinterTrouble, match="cups and cups-client"):
        CupsTransport("form").send(b"x", Job("a"))


def test_an_lp_that_does_not_come_back_leaves_it_open_whether_there_is_paper(
    cups: Cups, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lp = tmp_path / "lp"
    lp.write_text("#!/bin/sh\nexec sleep 60\n")
    lp.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(spooler_module, "_TAKES_WITHIN", 0.3)
    with pytest.raises(PaperUnsure, match="does not answer"):
        CupsTransport("form").send(b"x", Job("a"))


def test_warnings_of_a_printer_that_hinder_nothing_are_not_said() -> None:
    assert trouble_of(["none"], "form") is None
    assert trouble_of(["marker-supply-low-warning", "cups-waiting-for-job-completed"], "form") is None


@pytest.mark.skipif(sys.platform == "win32", reason="there it may be installed")
def test_windows_printing_without_its_library_says_what_is_missing() -> None:
    with pytest.raises(PrinterTrouble, match="needs pywin32"):
        WindowsTransport("EPSON LQ-630K").send(b"x", Job("a"))


def _tried(work: Callable[[], None]) -> BaseException | None:
    try:
        work()
    except PrinterTrouble as error:
        return error
    return None


def _until(seen: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not seen():
        assert time.monotonic() < until
        time.sleep(0.01)
